/**
 * Spoil good files at random and check them as the room does: nothing but a refusal may come of it, in bounded time and memory.
 *
 * Arguments: the file that is written; a seed; how many copies of each file; most milliseconds that one may take; the files.
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import { checked } from "../src/room/decode";
import { HEAD_BYTES, RefusedError, orientationOf, told } from "../src/room/files";

const [written, seed, copies, milliseconds, ...paths] = process.argv.slice(2) as [string, string, string, string, ...string[]];
const EXTREMES = [0, 1, 7, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];
let state = Number(seed) >>> 0;

/** A number from 0 up to, and not, `below` (xorshift32, Marsaglia 2003). */
function chance(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % Math.max(1, below);
}

/** Where something is spoilt: half of the time in the head, where lengths and sizes lie. */
const somewhere = (length: number): number => chance(chance(2) === 0 ? length : Math.min(length, 700));

const SPOILERS: readonly ((file: Buffer, other: Buffer) => Buffer)[] = [
  (file) => { file[somewhere(file.length)]! ^= 1 << chance(8); return file; },
  (file) => { for (let many = chance(40); many >= 0; many--) file[somewhere(file.length)] = chance(256); return file; },
  (file) => {
    const view = new DataView(file.buffer, file.byteOffset, file.length);
    const [place, number] = [somewhere(Math.max(1, file.length - 4)), EXTREMES[chance(EXTREMES.length)]!];
    if (place + 4 <= file.length) view.setUint32(place, number, chance(2) === 0);
    return file;
  },
  (file) => { file.writeUInt16BE(EXTREMES[chance(8)]!, somewhere(file.length - 2)); return file; },
  (file) => file.subarray(0, somewhere(file.length)),
  (file) => { const place = somewhere(file.length); return Buffer.concat([file.subarray(0, place), file.subarray(place + chance(600))]); },
  (file) => { const [from, to] = [somewhere(file.length), somewhere(file.length)]; return Buffer.concat([file.subarray(0, to), file.subarray(from, from + chance(3000)), file.subarray(to)]); },
  (file) => { const place = somewhere(file.length); return file.fill(chance(2) * 255, place, Math.min(file.length, place + chance(4000))); },
  (file, other) => Buffer.concat([file.subarray(0, somewhere(file.length)), other.subarray(somewhere(other.length))]),
];

const files = paths.map((path) => readFileSync(path));
const wrong: string[] = [];
const ends = new Map<string, number>();
let [slowest, slowestOf] = [0, ""];
for (const [index, good] of files.entries()) {
  for (let copy = 0; copy < Number(copies); copy++) {
    const begun = state;
    let spoilt: Buffer = Buffer.from(good);
    for (let many = 1 + chance(3); many > 0 && spoilt.length > 4; many--) spoilt = Buffer.from(SPOILERS[chance(SPOILERS.length)]!(spoilt, files[chance(files.length)]!));
    const file = new Uint8Array(spoilt);
    const started = performance.now();
    let end = "taken";
    try {
      orientationOf(file.subarray(chance(64)));
      const { kind } = told(file.subarray(0, HEAD_BYTES));
      if (kind) await checked(file, kind);
    } catch (error) {
      end = error instanceof RefusedError ? error.reason : "wrong";
      if (end === "wrong") wrong.push(`${paths[index]!} from ${begun}: ${String(error)}`);
    }
    const took = performance.now() - started;
    if (took > Number(milliseconds)) wrong.push(`${paths[index]!} from ${begun}: ${took.toFixed(0)} ms`);
    if (took > slowest) [slowest, slowestOf] = [took, `${paths[index]!} from ${begun}`];
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
}
writeFileSync(written, JSON.stringify({ wrong, ends: Object.fromEntries(ends), slowest, slowestOf, memoryBytes: process.resourceUsage().maxRSS * 1024 }));
