// Time files in the room of one browser that stays open: what `benchmarks/page.py` drives. Argument: the engine.
// Each line that is read is {file, work}; each that is written {seconds, blocked, end}: from asking to the answer, the longest
// task of the page and of the frame in milliseconds (Chromium tells it), and what was said of the file last.
import process from "node:process";
import { createInterface } from "node:readline";

import { opened } from "./opened.mjs";

const watch = () => {
  window.longest = 0;
  if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ entryTypes: ["longtask"] });
};

await opened(process.argv[2], {}, async (page, frame) => {
  const chooser = await frame.$("#chooser");
  for (const place of [page, frame]) await place.evaluate(watch);
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const { file, work } = JSON.parse(line);
    await chooser.uploadFile(file);
    number++;
    await page.waitForFunction((one) => window.said.some((some) => some.file === one), { polling: 20 }, number);
    for (const place of [page, frame]) await place.evaluate(() => { window.longest = 0; });
    const { seconds, end } = await page.evaluate(
      (make, file) =>
        new Promise((resolve) => {
          const start = performance.now();
          const hear = ({ data }) => {
            if (data.file !== file || !("found" in data || "refused" in data)) return;
            removeEventListener("message", hear);
            resolve({ seconds: (performance.now() - start) / 1000, end: data });
          };
          addEventListener("message", hear);
          window.frames[0].postMessage({ file, make }, "*");
        }),
      work,
      number,
    );
    await new Promise((resolve) => setTimeout(resolve, 100)); // long tasks are told late
    const blocked = Math.max(...(await Promise.all([page, frame].map((place) => place.evaluate(() => window.longest)))));
    await page.evaluate((message) => { window.frames[0].postMessage(message, "*"); }, { leave: number });
    process.stdout.write(`${JSON.stringify({ seconds, blocked, end })}\n`);
  }
});
