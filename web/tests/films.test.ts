/** Whether the end of a film is missing, by what its file says. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { lacksEnd } from "../src/room/films";

const bytes = (...parts: (string | number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, "latin1"))));
const box = (name: string, length: number): Uint8Array => bytes([0, 0, length >> 8, length & 255], name, new Uint8Array(length - 8));
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
