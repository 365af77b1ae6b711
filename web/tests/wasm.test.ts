/** The modules in WebAssembly are there: where they fail the page does without, in silence, and takes five times as long. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { argon2idAsync } from "@noble/hashes/argon2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

import { argon2id, newMd5 } from "../src/core/wasm";

test("MD5 is made in WebAssembly", async () => {
  const digest = await newMd5();
  const bytes = new Uint8Array(100_001).fill(7);
  digest.update(bytes);
  assert.equal(digest.hex(), createHash("md5").update(bytes).digest("hex"));
});

test("Argon2id is made in WebAssembly", async () => {
  const [pin, salt] = [utf8ToBytes("12345678"), new Uint8Array(32).fill(5)];
  const made = await argon2id(pin, salt, { lanes: 4, passes: 3, kibibytes: 64 * 1024, bytes: 32 });
  assert.equal(bytesToHex(made), bytesToHex(await argon2idAsync(pin, salt, { t: 3, m: 64 * 1024, p: 4, dkLen: 32 })));
});
