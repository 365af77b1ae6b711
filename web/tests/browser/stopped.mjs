// Stop a file in the middle, hash the others, show one blurred; write what was said: what `tests/page/test_speed.py` looks at.
// Arguments: the engine; a JSON file that lists three files; the file that is written.
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import { opened } from "./opened.mjs";

const [engine, listed, written] = process.argv.slice(2);
const rules = { recipes: [], qualityFloor: 50, repostFloor: 0, framedFloor: 0, turnedFloor: 0, edgesFloor: 0, sameWithin: 4, grounds: {} };
const work = { types: ["pdq", "md5"], rules, frameRules: rules, mostFrames: 100 };

await opened(engine, {}, async (page, frame) => {
  await (await frame.$("#chooser")).uploadFile(...JSON.parse(readFileSync(listed, "utf8")).files);
  const tell = (message) => page.evaluate((one) => { window.frames[0].postMessage(one, "*"); }, message);
  const until = (said, polling = 20) => page.waitForFunction((field, file) => window.said.some((one) => field in one && one.file === file), { polling, timeout: 120_000 }, ...said);
  const files = (field) => page.evaluate((name) => window.said.filter((one) => name in one).map(({ file }) => file), field);
  await until(["content", 3]);
  await page.evaluate((make) => {
    const ask = (file) => window.frames[0].postMessage({ file, make }, "*");
    addEventListener("message", function stop({ data }) {
      if (!(data.done > 0)) return;
      removeEventListener("message", stop);
      window.frames[0].postMessage({ end: true }, "*");
      for (const file of [2, 3]) ask(file);
    });
    ask(1);
  }, work);
  await until(["found", 3]);
  const found = await files("found");
  const progress = await page.evaluate(() => {
    const all = { 2: [], 3: [] };
    for (const one of window.said) if ("done" in one && one.file > 1) all[one.file].push(one.done);
    return all;
  });
  const readyTimes = await page.evaluate(() => window.said.filter((one) => "ready" in one).length);
  await tell({ file: 1, make: work });
  await until(["found", 1]);
  await tell({ file: 2, blur: true });
  await until(["blurred", 2]);
  const size = await frame.waitForFunction(() => { const board = document.querySelector("li:nth-child(2) canvas"); return board.width > 150 && [board.width, board.height]; }, { polling: 20 });
  await tell({ hide: 2 });
  await frame.waitForFunction(() => document.querySelector("canvas") === null, { polling: 20 });
  const preview = { size: await size.jsonValue(), afterHiding: await frame.$$eval("canvas", (all) => all.length) };
  writeFileSync(written, JSON.stringify({ found, foundAgain: (await files("found")).slice(found.length), progress, readyTimes, preview }));
});
