/** What a player does not say of a film: `src/room/films.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { arrayPixels } from "../src/core/pixels";
import { FilmLuma, lacksEnd } from "../src/room/films";

const [WIDE, HIGH] = [64, 40];

/** Luma and colours by formula, and what a player makes of them: of what it multiplies the two colours by, for red, green twice, and blue. */
function played([red, greenOfBlue, greenOfRed, blue]: readonly number[], [black, white]: readonly number[]): { luma: Uint8Array; rgba: Uint8ClampedArray } {
  const luma = Uint8Array.from({ length: WIDE * HIGH }, (_, at) => 90 + ((at * 7 + Math.floor(at / WIDE) * 13) % 80));
  const rgba = new Uint8ClampedArray(4 * luma.length);
  luma.forEach((level, at) => {
    const [lit, u, v] = [((level - black!) * 255) / (white! - black!), ((at * 5) % 41) - 30, ((at * 3) % 37) - 9];
    rgba.set([lit + red! * v, lit - greenOfBlue! * u - greenOfRed! * v, lit + blue! * u, 255], 4 * at);
  });
  return { luma, rgba };
}

test("the luma of a film is found again, whichever way it was coded and is played", () => {
  const ways = {
    "BT.601": [[1.596, 0.3918, 0.813, 2.0172], [16, 235]], "BT.601, all levels": [[1.402, 0.3441, 0.7141, 1.772], [0, 255]],
    "BT.709": [[1.7927, 0.2132, 0.5329, 2.1124], [16, 235]], "BT.709 with less blue": [[1.797, 0.2188, 0.5313, 2], [16, 235]],
  } as const;
  for (const [name, [colours, levels]] of Object.entries(ways)) {
    const { luma, rgba } = played(colours, levels);
    const [found, [black, white]] = new FilmLuma().of(arrayPixels(rgba, WIDE, HIGH, 4));
    const read = found.rows(0, HIGH);
    assert.deepEqual([found.channels, black, white], [1, ...levels], name);
    const wrong = luma.filter((level, at) => level !== read[at]).length;
    assert.ok(wrong <= 0.02 * luma.length, `${name}: ${wrong} of ${luma.length}`);
  }
});

test("colours that come from no luma stay what they are", () => {
  let state = 1;
  const noise = Uint8Array.from({ length: 4 * WIDE * HIGH }, () => (state = (state * 48271) % 2147483647) >> 8 & 255);
  const frame = arrayPixels(noise, WIDE, HIGH, 4);
  assert.equal(new FilmLuma().of(frame)[0], frame);
});

test("a film of many small boxes is read in pieces, not box by box", async () => {
  const box = [0, 0, 0, 16, ...new TextEncoder().encode("free"), ...new Array<number>(8).fill(0)];
  const film = new Blob(Array.from({ length: 10_000 }, () => Uint8Array.from(box)));
  let reads = 0;
  const counted = { size: film.size, slice: (start: number, stop: number) => (reads++, film.slice(start, stop)) } as Blob;
  assert.equal(await lacksEnd(counted), false);
  assert.ok(reads < 100, `${reads} reads`);
  const cut = new Blob([film, Uint8Array.from([0, 0, 1, ...box.slice(3)])]);
  assert.equal(await lacksEnd(cut), true);
});
