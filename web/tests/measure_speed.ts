/** Measure the core on one picture of raw pixels: FILE WIDTH HEIGHT RULES ROUNDS; seconds of each round, single and wide. */
import { readFileSync } from "node:fs";
import process from "node:process";

import { findInner } from "../src/core/inner";
import { hashOwn } from "../src/core/pdq";
import { arrayPixels } from "../src/core/pixels";
import { type Rules, hashPicture } from "../src/core/reposts";

const [file, width, height, listed, rounds] = process.argv.slice(2) as [string, string, string, string, string];
const data = readFileSync(file);
const pixels = arrayPixels(data, Number(width), Number(height), (data.length / Number(width) / Number(height)) as 3 | 4);
const rules = JSON.parse(readFileSync(listed, "utf8")) as Rules;
const timed = (work: () => unknown): number => {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
};
for (let round = 0; round < Number(rounds); round++) {
  const single = timed(() => hashOwn(pixels));
  const wide = timed(() => hashPicture(pixels, rules));
  const inner = timed(() => findInner(pixels));
  process.stdout.write(`${JSON.stringify({ single, wide, inner })}\n`);
}
