// Choose files that are gone, changed, empty or a folder by the time they are read, and write what is said of each.
// Arguments: the engine; a folder with the files; the file that is written.
import { appendFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { ended, make, openedRoom } from "./opened.mjs";

const CHANGES = {
  good: () => undefined,
  empty: () => undefined,
  gone: (path) => { rmSync(path); },
  grown: (path) => { appendFileSync(path, Buffer.alloc(5000, 7)); },
  shorter: (path) => { truncateSync(path, 2000); },
  folder: () => undefined,
};
const WORK = {
  types: ["pdq", "md5"],
  rules: { recipes: [], qualityFloor: 50, repostFloor: 0, framedFloor: 0, turnedFloor: 0, edgesFloor: 0, sameWithin: 4, grounds: {} },
};
const [engine, folder, written] = process.argv.slice(2);

await openedRoom(engine, {}, async (room) => {
  const found = {};
  let file = 0;
  for (const [name, change] of Object.entries(CHANGES)) {
    try {
      await room.choose([join(folder, name)]);
    } catch (error) {
      if (name !== "folder") throw error;
      continue; // the driver hands none over
    }
    file++;
    if (name === "folder" && !(await room.run((number) => new Promise((done) => { setTimeout(() => { done(window.said.some((one) => one.file === number)); }, 1000); }), file))) continue;
    await room.until((number) => window.said.some((one) => one.file === number), 20_000, file);
    change(join(folder, name));
    await make(room, { ...WORK, frameRules: WORK.rules, mostFrames: 9 }, file);
    [found[name]] = await ended(room, file, file);
  }
  writeFileSync(written, JSON.stringify(found));
});
