// Hash files in a browser, and write what comes out: what `tests/page/test_room.py` compares.
// Arguments: the engine; a JSON file that lists files, what is asked of all, of some by their place something else, and options of
// the page (`harness`); the file that is written. With `isUnfit` the self-test has to fail; files are given all the same, as by a
// page that does not heed it. With `looks`, lists of types that would be asked for, what is said when files are chosen is written for each, and none is hashed.
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import { ended, make, openedRoom } from "./opened.mjs";

const AT_ONCE = 50;
const [engine, listed, written] = process.argv.slice(2);
const { files, work, others = {}, options = {}, isUnfit = false, looks = [] } = JSON.parse(readFileSync(listed, "utf8"));

await openedRoom(engine, options, async (room) => {
  const isFit = await room.run(() => window.said.find((one) => "ready" in one).ready);
  if (isFit === isUnfit) throw new Error(isFit ? "the self-test passed" : "the self-test failed");
  const results = [];
  for (const [round, types] of Object.entries(looks)) {
    await room.run((wanted) => { window.wanted = wanted; }, types);
    await room.choose(files);
    const said = (count) => {
      const all = window.said.filter((one) => "content" in one || "refused" in one);
      return all.length === count && JSON.stringify(all);
    };
    results.push(JSON.parse(await room.until(said, 60_000, files.length * (Number(round) + 1))).slice(-files.length));
  }
  await room.run(() => { window.wanted = ["md5"]; });
  for (let first = 0; first < files.length && looks.length === 0; first += AT_ONCE) {
    const some = files.slice(first, first + AT_ONCE);
    const range = [first + 1, first + some.length];
    await room.choose(some);
    await room.until((count) => new Set(window.said.map(({ file }) => file)).size > count, 60_000, range[1]); // `ready` has none
    for (const [place] of some.entries()) await make(room, others[first + place] ?? work, first + place + 1);
    results.push(...(await ended(room, ...range)));
  }
  writeFileSync(written, JSON.stringify(results));
});
