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

const bytes = (...parts: (string | number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, "latin1"))));
const box = (name: string, length: number): Uint8Array<ArrayBuffer> => bytes([0, 0, length >> 8, length & 255], name, new Uint8Array(length - 8));
const large = bytes([0, 0, 0, 1], "mdat", [0, 0, 0, 0, 0, 0, 4, 0], new Uint8Array(1008));
const riff = bytes("RIFF", [0xf8, 3, 0, 0], "AVI ", new Uint8Array(1012));
const segment = bytes([0x1a, 0x45, 0xdf, 0xa3, 0x83, 1, 2, 3, 0xec, 0x81, 0, 0x18, 0x53, 0x80, 0x67, 0x44, 0], new Uint8Array(1024));
const unknown = bytes([0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255], new Uint8Array(1024));
const whole = {
  mp4: bytes(box("ftyp", 24), box("free", 8), box("mdat", 1000)),
  "MP4 of more than 4 GiB": bytes(box("ftyp", 24), large),
  AVI: riff,
  "AVI of two parts": bytes(riff, riff),
  Matroska: segment,
};

for (const [name, film] of Object.entries(whole)) {
  test(`${name}: whole, and cut`, async () => {
    assert.equal(await lacksEnd(new Blob([film])), false);
    assert.equal(await lacksEnd(new Blob([film.subarray(0, film.length - 60)])), false); // some writers count too much
    assert.equal(await lacksEnd(new Blob([film.subarray(0, film.length - 70)])), true);
    assert.equal(await lacksEnd(new Blob([film, new Uint8Array(40)])), false);
  });
}

test("what does not say where it ends is not said to be cut", async () => {
  for (const film of [unknown, bytes(box("ftyp", 24), [0, 0, 0, 0], "mdat", new Uint8Array(99)), new Uint8Array(0), new Uint8Array(20), bytes("G", new Uint8Array(187))]) {
    assert.equal(await lacksEnd(new Blob([film])), false);
  }
});

test("a film of many small boxes is read in pieces, not box by box", async () => {
  const free = box("free", 16);
  const film = new Blob(new Array<Uint8Array<ArrayBuffer>>(10_000).fill(free));
  let reads = 0;
  const counted = { size: film.size, slice: (start: number, stop: number) => (reads++, film.slice(start, stop)) } as Blob;
  assert.equal(await lacksEnd(counted), false);
  assert.ok(reads < 100, `${reads} reads`);
  const cut = new Blob([film, bytes([0, 0, 1], free.subarray(3))]);
  assert.equal(await lacksEnd(cut), true);
});
