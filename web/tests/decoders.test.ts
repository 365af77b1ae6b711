/** The decoders of the second page, in node: the pixels that the program has. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { decodeHeif } from "../src/heic/libheif";
import { decodeJpeg } from "../src/heic/mozjpeg";
import type { OwnPixels } from "../src/room/decode";
import { RefusedError } from "../src/room/files";
import { TEST_JPEG } from "../src/room/self_test";

/** Waves and noise of 80 x 64 pixels at quality 30, at which the filters of HEVC change many samples. */
const HEIC =
  "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEA" +
  "AQAAAAABegABAAAAAAAAAJ4AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmND" +
  "AQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCiBBZbqSSmubgIaDAgA" +
  "AAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABQAAAAQAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAA" +
  "AAABAAEEgQIDBAAAAKZtZGF0AAAAmigBrxmA93wOAUmjSR0f5ewuBufBoqgdVc+P/NRoS0Cqo2uQirNJ1a9qggOviwxX1CyHdSejlkTAPpYZFjrjP6GNqGYR" +
  "DoVxW7q4/qmeG4riUJXqt+y8Hbmc2ossQnOvY7FBK/3EydZlkY94bfVKWd1LdOw5L+3VsajqdzCEcFrv/deA3FDsUr1DKrH760sAngVxIOoYRTMZ64A=";
/** SHA-256 of the pixels as the program has them: red, green, blue. */
const [OF_HEIC, OF_JPEG] = ["8d52e6c4c4b66b0d18840237c49d6638d6a490309cb3793e8ac03467576fb6d1", "b955d9f61a36abc73380a379a974943c6048de0b52713d8b23afc689eee4926f"];

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));
const sumOf = ({ data, channels }: OwnPixels): string =>
  createHash("sha256").update(data.filter((_, place) => channels < 4 || place % 4 < 3)).digest("hex");

test("a HEIC has the pixels of the program, filters of edges included", async () => {
  const found = await decodeHeif(bytesOf(HEIC));
  assert.deepEqual([found.width, found.height, found.channels], [80, 64, 3]);
  assert.equal(sumOf(found), OF_HEIC);
});

test("a JPEG has the pixels of the program, as stored, without its profile", async () => {
  const found = await decodeJpeg(bytesOf(TEST_JPEG));
  assert.deepEqual([found.width, found.height, found.channels], [48, 40, 4]);
  assert.equal(sumOf(found), OF_JPEG);
});

test("what is damaged is refused, and the next file is read as ever", async () => {
  const whole = bytesOf(HEIC);
  for (const some of [whole.slice(0, 300), whole.slice(0, 12), new Uint8Array(0), bytesOf(TEST_JPEG)]) await assert.rejects(decodeHeif(some), RefusedError);
  for (const some of [new Uint8Array(0), Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), whole]) await assert.rejects(decodeJpeg(some), RefusedError);
  assert.equal(sumOf(await decodeHeif(whole)), OF_HEIC);
  assert.equal(sumOf(await decodeJpeg(bytesOf(TEST_JPEG))), OF_JPEG);
});

test("bytes that chance changed end in pixels or in a refusal, and in nothing else", async () => {
  let state = 7;
  const chance = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below;
  for (const [whole, decode] of [[bytesOf(HEIC), decodeHeif], [bytesOf(TEST_JPEG), decodeJpeg]] as const) {
    for (let round = 0; round < 40; round++) {
      const some = whole.slice();
      for (let change = 0; change < 6; change++) some[chance(some.length)] = chance(256);
      try {
        const { data, width, height, channels } = await decode(some);
        assert.equal(data.length, width * height * channels);
      } catch (error) {
        assert.ok(error instanceof RefusedError, String(error));
      }
    }
  }
});
