/**
 * Hash functions in WebAssembly: the modules of hash-wasm, and what drives them. All else of that package stays out of the page.
 *
 * Source: hash-wasm 4.13, `lib/WASMInterface.ts` and `lib/argon2.ts`; Argon2id as in RFC 9106. `build/bundle.mjs` puts the modules in.
 */
import { blake2b } from "@noble/hashes/blake2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";

/** By name a module of hash-wasm: its bytes as letters, each the byte or 256 more (`build/decoders.mjs`). */
declare const WASM_MODULES: Readonly<Record<"argon2" | "md5", string>>;

interface Exports {
  readonly memory: WebAssembly.Memory;
  Hash_GetBuffer(): number;
  Hash_SetMemorySize(bytes: number): void;
  Hash_Init(bits: number): void;
  Hash_Update(bytes: number): void;
  Hash_Final(padding: number): void;
  Hash_Calculate(bytes: number, kibibytes: number, parameter: number): void;
}

/** How much a module takes at once. */
const MOST_AT_ONCE = 16 * 1024;
const MD5_BYTES = 16;

/** A digest that is fed piece by piece. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Lower-case hex. */
  hex(): string;
}

/** How large Argon2id works, and how long its result is. */
export interface Argon2Sizes {
  readonly lanes: number;
  readonly passes: number;
  readonly kibibytes: number;
  readonly bytes: number;
}

/** Rejects where a browser has no WebAssembly, or refuses it. */
async function moduleOf(data: string): Promise<Exports> {
  const bytes = Uint8Array.from(data, (letter) => letter.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports as unknown as Exports;
}

/** Begin an MD5. */
export async function newMd5(): Promise<Digest> {
  const code = await moduleOf(WASM_MODULES.md5);
  const buffer = new Uint8Array(code.memory.buffer, code.Hash_GetBuffer(), MOST_AT_ONCE);
  code.Hash_Init(0);
  return {
    update: (bytes) => {
      for (let read = 0; read < bytes.length; read += MOST_AT_ONCE) {
        const piece = bytes.subarray(read, read + MOST_AT_ONCE);
        buffer.set(piece);
        code.Hash_Update(piece.length);
      }
    },
    hex: () => {
      code.Hash_Final(0);
      return bytesToHex(buffer.slice(0, MD5_BYTES));
    },
  };
}

/** Argon2id, version 1.3, without secret and associated data: the module fills the memory, the rest is RFC 9106, section 3.2. */
export async function argon2id(password: Uint8Array, salt: Uint8Array, { lanes, passes, kibibytes, bytes }: Argon2Sizes): Promise<Uint8Array> {
  const code = await moduleOf(WASM_MODULES.argon2);
  const start = code.Hash_GetBuffer(); // asked first: that is when the module notes where its memory begins
  code.Hash_SetMemorySize((kibibytes + 1) * BLOCK_BYTES); // what follows the blocks tells the module the sizes
  const memory = new Uint8Array(code.memory.buffer, start, (kibibytes + 1) * BLOCK_BYTES);
  const sizes = concatBytes(...[lanes, bytes, kibibytes, passes, VERSION, ARGON2ID].map(inLittle));
  memory.set(sizes, kibibytes * BLOCK_BYTES);
  const before = blake2b(concatBytes(sizes, inLittle(password.length), password, inLittle(salt.length), salt, inLittle(0), inLittle(0)));
  const perLane = 4 * Math.floor(kibibytes / (4 * lanes));
  for (let lane = 0; lane < lanes; lane++) {
    for (const block of [0, 1]) memory.set(longHash(concatBytes(before, inLittle(block), inLittle(lane)), BLOCK_BYTES), (lane * perLane + block) * BLOCK_BYTES);
  }
  code.Hash_Calculate(0, kibibytes, 0);
  return longHash(memory.slice(0, BLOCK_BYTES), bytes);
}

const [BLOCK_BYTES, VERSION, ARGON2ID] = [1024, 0x13, 2];

function inLittle(number: number): Uint8Array {
  return Uint8Array.of(number, number >>> 8, number >>> 16, number >>> 24);
}

/** The hash of any length of RFC 9106, section 3.3: halves of a chain of BLAKE2b, the last one whole. */
function longHash(input: Uint8Array, length: number): Uint8Array {
  const first = concatBytes(inLittle(length), input);
  if (length <= 64) return blake2b(first, { dkLen: length });
  const pieces: Uint8Array[] = [];
  let chain = blake2b(first);
  let left = length;
  for (; left > 64; left -= 32) {
    pieces.push(chain.subarray(0, 32));
    chain = blake2b(chain, { dkLen: Math.min(64, left - 32) });
  }
  return concatBytes(...pieces, chain);
}
