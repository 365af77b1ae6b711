/** What the parts of a picture's file say: `src/room/pictures.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { checkedBoxes, checkedWebp } from "../src/room/pictures";

function box(name: string, ...inside: readonly number[]): number[] {
  return [0, 0, 0, 8 + inside.length, ...name.split("").map((letter) => letter.charCodeAt(0)), ...inside];
}

/** An AVIF of references alone, to tiles with these numbers, of which it says that there are `count`. */
function tiled(count: number, ...numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const tiles = box("dimg", 0, 1, 0, count, ...numbers.flatMap((number) => [0, number]));
  const references = box("iref", 0, 0, 0, 0, ...tiles, ...box("thmb", 0, 2, 0, 1, 0, 1));
  return Uint8Array.from([...box("ftyp", ..."avif".split("").map((letter) => letter.charCodeAt(0))), ...box("meta", 0, 0, 0, 0, ...references)]);
}

test("tiles are looked at within their box, whatever it says of their number", () => {
  assert.equal(checkedBoxes(tiled(2, 5, 6), "AVIF").orientation, 1);
  assert.equal(checkedBoxes(tiled(200, 5, 6), "AVIF").orientation, 1);
  assert.throws(() => checkedBoxes(tiled(2, 6, 5), "AVIF"), { reason: "unsupported-media" });
});

test("the size of a WebP is that of what its decoder gets, whatever stands before", () => {
  const chunk = (name: string, ...inside: readonly number[]): number[] => [...new TextEncoder().encode(name), inside.length, 0, 0, 0, ...inside, ...(inside.length % 2 ? [0] : [])];
  const file = (...chunks: readonly number[][]): Uint8Array<ArrayBuffer> => {
    const inside = [...new TextEncoder().encode("WEBP"), ...chunks.flat()];
    return Uint8Array.from([...new TextEncoder().encode("RIFF"), inside.length, 0, 0, 0, ...inside]);
  };
  const [large, about] = [chunk("VP8L", 0x2f, 0xfe, 0xff, 0xff, 0x0f, 7, 0x10, 0xfd, 0x8b, 0xfe, 0x07), chunk("EXIF", ...new Array<number>(30).fill(1))];
  assert.throws(() => checkedWebp(file(large, about)), { reason: "media-too-large" }); // 16383 x 16384
  assert.throws(() => checkedWebp(file(about, large)), { reason: "media-too-large" });
  const { width, height } = checkedWebp(file(about, chunk("VP8L", 0x2f, 0x63, 0x40, 0x0c, 0, 7, 0x10, 0xfd, 0x8b, 0xfe, 0x07)));
  assert.deepEqual([width, height], [100, 50]);
});
