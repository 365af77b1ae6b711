/**
 * Check files as the room does before it decodes them; no browser takes part.
 *
 * Arguments: a file of many files, one after the other; JSON with the bytes of each; and the file that is written: for each
 * file its reason code, or the SHA-256 of what a decoder gets and whether part of it may have been lost.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import { checked } from "../src/room/decode";
import { HEAD_BYTES, RefusedError, told } from "../src/room/files";

async function outcome(file: Uint8Array<ArrayBuffer>): Promise<{ refused: string } | { copy: string; isDoubtful: boolean }> {
  try {
    if (file.length === 0) return { refused: "empty-media" };
    const { kind, isRead, content } = told(file.subarray(0, HEAD_BYTES));
    if (!isRead || kind === undefined) return { refused: content === "video" && isRead ? "film" : "unsupported-media" };
    const found = { isDoubtful: false, ...(await checked(file, kind)) };
    const copy = createHash("sha256");
    for (const part of found.parts) copy.update(part);
    return { copy: `${copy.digest("hex")}-${found.orientation}`, isDoubtful: found.isDoubtful };
  } catch (error) {
    if (error instanceof RefusedError) return { refused: error.reason };
    throw error;
  }
}

const [all, sizes, written] = process.argv.slice(2) as [string, string, string];
const bytes = new Uint8Array(readFileSync(all));
const results = [];
let start = 0;
for (const size of JSON.parse(readFileSync(sizes, "utf8")) as number[]) {
  results.push(await outcome(bytes.slice(start, start + size)));
  start += size;
}
writeFileSync(written, JSON.stringify(results));
