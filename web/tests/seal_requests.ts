/** Seal a body to a key of each suite, for `tests/page/test_core.py` to open: a JSON file of profiles; the file written. */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

import { chooseKey, openReply, readProfile, seal } from "../src/core/sealing";

const [listed, written] = process.argv.slice(2) as [string, string];
const { profiles, body, replies } = JSON.parse(readFileSync(listed, "utf8")) as {
  readonly profiles: readonly Record<string, unknown>[];
  readonly body: string;
  readonly replies?: readonly { readonly bytes: string; readonly replyKey: string; readonly reply: string }[];
};
const inBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const requests = profiles.map((plain) => {
  const profile = readProfile(utf8ToBytes(JSON.stringify(plain)), plain["origin"] as string);
  const key = chooseKey(profile, profile, "2026-01-01");
  const { bytes, replyKey } = seal("submission", utf8ToBytes(body), key, profile);
  return { bytes: bytesToHex(bytes), replyKey: bytesToHex(replyKey) };
});
const opened = (replies ?? []).map(({ bytes, replyKey, reply }) =>
  new TextDecoder().decode(openReply(inBytes(reply), { bytes: inBytes(bytes), replyKey: inBytes(replyKey) })),
);
writeFileSync(written, JSON.stringify({ requests, opened }));
