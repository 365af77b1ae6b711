// Hash files in a browser, and write what comes out: what `tests/page/test_room.py` compares.
// Arguments: the engine; a JSON file that lists files, what is asked of each, and options of the page (`harness`); the file that is
// written. With `isUnfit` the self-test has to fail; files are given all the same, as by a page that does not heed it.
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import { opened, said } from "./opened.mjs";

const AT_ONCE = 20;
const [engine, listed, written] = process.argv.slice(2);
const { files, work, options = {}, isUnfit = false } = JSON.parse(readFileSync(listed, "utf8"));

await opened(engine, options, async (page, frame) => {
  if ((await said(page, "ready")).ready === isUnfit) throw new Error(isUnfit ? "the self-test passed" : "the self-test failed");
  const chooser = await frame.$("#chooser");
  const results = [];
  for (let first = 0; first < files.length; first += AT_ONCE) {
    const some = files.slice(first, first + AT_ONCE);
    await chooser.uploadFile(...some);
    for (const place of some.keys()) {
      await page.evaluate((message) => window.frames[0].postMessage(message, "*"), { make: { ...work, file: first + place + 1 } });
    }
    const last = first + some.length;
    await page.waitForFunction(
      (from, to) => {
        const ended = new Set(window.said.filter((one) => "found" in one || "refused" in one).map(({ file }) => file));
        for (let file = from; file <= to; file++) if (!ended.has(file)) return false;
        return true;
      },
      { timeout: 200_000, polling: 50 },
      first + 1,
      last,
    );
    for (let file = first + 1; file <= last; file++) {
      results.push(await page.evaluate((number) => window.said.filter((one) => one.file === number && ("found" in one || "refused" in one)).at(-1), file));
    }
  }
  writeFileSync(written, JSON.stringify(results));
});
