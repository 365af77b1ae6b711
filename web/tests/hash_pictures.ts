/**
 * Hash pictures that another program wrote, and write what comes out: what `tests/page/test_core.py` compares.
 *
 * Arguments: a JSON file that lists pictures, each with the file of its pixels; and the file that is written.
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import { BlockSums } from "../src/core/blocks";
import { findInner } from "../src/core/inner";
import { hashOwn } from "../src/core/pdq";
import { type Pixels, arrayPixels } from "../src/core/pixels";
import { type Rules, hashPicture, hashRecipes } from "../src/core/reposts";

interface Job {
  readonly rules: Rules;
  readonly pictures: readonly {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly channels: 1 | 3 | 4;
    readonly orientation: number;
  }[];
}

/** Every re-post that the recipes give, whether it may be used or not. */
function everyRepost(pixels: Pixels, rules: Rules): unknown[] {
  const sums = new BlockSums(pixels.width, pixels.height);
  hashOwn(pixels, (y, before) => {
    sums.add(y, before);
  });
  return [...hashRecipes(sums.means(pixels.orientation), rules.recipes)].map(({ recipe, value, quality, detail }) => [
    recipe.variant,
    value,
    quality,
    detail,
  ]);
}

const [listed, written] = process.argv.slice(2) as [string, string];
const job = JSON.parse(readFileSync(listed, "utf8")) as Job;
const results = job.pictures.map(({ file, width, height, channels, orientation }) => {
  const pixels = arrayPixels(readFileSync(file), width, height, channels, orientation);
  const started = performance.now();
  const own = hashOwn(pixels);
  const single = performance.now();
  const hashes = hashPicture(pixels, job.rules);
  const wide = performance.now();
  const reposts = Math.min(width, height) < 5 ? [] : everyRepost(pixels, job.rules);
  return { own, hashes, reposts, inner: findInner(pixels) ?? null, seconds: [(single - started) / 1000, (wide - single) / 1000] };
});
writeFileSync(written, JSON.stringify(results));
