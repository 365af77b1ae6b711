/** What the parts of a picture's file say: `src/room/pictures.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { checkedBoxes } from "../src/room/pictures";

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
