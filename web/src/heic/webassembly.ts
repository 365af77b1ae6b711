/**
 * A decoder in WebAssembly, started anew for each picture: nothing of one file is left for the next, and its memory is given back.
 *
 * It gets no function of the browser: no network, no clock, no files, and no way to call what is here by its name.
 */
import type { OwnPixels } from "../room/decode";
import { RefusedError } from "../room/files";

/** Functions of numbers alone; a place in memory is a number. */
export type Calls = Readonly<Record<string, (...numbers: number[]) => number>>;
/** What a decoder may call; whatever else it calls ends it. */
export type Given = Readonly<Record<string, (a: number, b: number, c: number, d: number, e: number, f: number) => unknown>>;

/** A decoder that runs. */
export interface Machine {
  readonly calls: Calls;
  readonly memory: Memory;
  /** Its functions that have no name, by number. */
  readonly table: WebAssembly.Table;
}

const PAGE_BYTES = 65_536;

/** The memory of a decoder, seen anew each time: it moves when it grows. */
export class Memory {
  #memory: WebAssembly.Memory | undefined;
  isFull = false;

  set(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory!.buffer);
  }

  get view(): DataView {
    return new DataView(this.#memory!.buffer);
  }

  /** The number of 32 bits at a place. */
  word(place: number): number {
    return this.view.getUint32(place, true);
  }

  setWord(place: number, value: number): number {
    this.view.setUint32(place, value, true);
    return 0;
  }

  /** Give a decoder the bytes that it asks for in all: 1, or 0 where there are not so many. */
  grow(wanted: number): number {
    const memory = this.#memory!;
    try {
      memory.grow(Math.ceil(((wanted >>> 0) - memory.buffer.byteLength) / PAGE_BYTES));
      return 1;
    } catch {
      this.isFull = true;
      return 0;
    }
  }

  /** Throw away what a decoder says in words: `count` parts, each a place and a length. */
  unsaid(parts: number, count: number, written: number): number {
    let length = 0;
    for (let part = 0; part < count; part++) length += this.word(parts + 8 * part + 4);
    return this.setWord(written, length);
  }
}

/** A decoder of one kind. */
export class Decoder {
  readonly #code: string;
  #module: Promise<WebAssembly.Module> | undefined;

  /** `code`: its bytes as letters, each the byte or 256 more (`web/build/decoders.mjs`). */
  constructor(code: string) {
    this.#code = code;
  }

  /** Start it with what it may call, let it work, and forget it; throws `RefusedError`. */
  async run(begin: (memory: Memory) => readonly [Given, (machine: Machine) => OwnPixels]): Promise<OwnPixels> {
    this.#module ??= WebAssembly.compile(Uint8Array.from(this.#code, (letter) => letter.charCodeAt(0)));
    const module = await this.#module;
    const memory = new Memory();
    const [given, work] = begin(memory);
    const end = (): never => { throw new RefusedError("broken-media"); };
    const calls = Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, given[name] ?? end]));
    const { exports } = await WebAssembly.instantiate(module, { a: calls });
    const found = Object.values(exports);
    memory.set(found.find((one) => one instanceof WebAssembly.Memory)!);
    try {
      return work({ calls: exports as Calls, memory, table: found.find((one) => one instanceof WebAssembly.Table)! });
    } catch (error) {
      if (memory.isFull) throw new RefusedError("media-too-large");
      throw error instanceof RefusedError ? error : new RefusedError("broken-media"); // it came to a stop
    }
  }
}
