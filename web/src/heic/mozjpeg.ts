/**
 * JPEG by mozjpeg's decoder, which is libjpeg-turbo's: the pixels that the program has.
 *
 * Source: Emscripten's `embind`, by which a function of this build takes text and gives an `ImageData`; the letters are what
 * `@jsquash/jpeg` 1.6.0 calls things in its build. Here `ImageData` and what it is made of are numbers and bytes of ours.
 */
import type { OwnPixels } from "../room/decode";
import { RefusedError } from "../room/files";
import { Decoder, type Given, type Machine, type Memory } from "./webassembly";

declare const MOZJPEG: string;

type Value = string | number | Uint8Array | OwnPixels;

/** Numbers below stand for `undefined`, `null`, true and false. */
const FIRST_HANDLE = 10;
/** Nothing, registered for scripts. */
const REGISTERED = ["q", "m", "l", "j", "b", "e", "c", "n"];
const BYTES_OF_AN_ARGUMENT = 8;
/** Markers of frames that are decoded: sequential and progressive. */
const FRAMES = [0xc0, 0xc1, 0xc2];

/** What the code of one run handed over. */
class Handed {
  readonly #memory: Memory;
  readonly #values: Value[] = [];
  /** Kinds of views of memory, by number. */
  readonly #views = new Set<number>();
  /** Ways to call, each with the kinds of what is handed over. */
  readonly #ways: number[][] = [];
  /** The functions that take a file: how it is called, and what is called. */
  decode: readonly [number, number] | undefined;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get calls(): Given {
    const memory = this.#memory;
    return {
      ...Object.fromEntries(REGISTERED.map((name) => [name, () => 0])),
      a: (kind) => { this.#views.add(kind); },
      f: (name, _count, _kinds, _signature, how, what) => { if (this.#text(name) === "decode") this.decode = [how, what]; },
      v: (to, from, count) => { memory.bytes.copyWithin(to, from, from + count); },
      k: (name) => this.#hand(this.#text(name)),
      h: (count, kinds) => this.#ways.push(Array.from({ length: count - 1 }, (_, at) => memory.word(kinds + 4 * (at + 1)))) - 1,
      i: (way, made, _, handed) => this.#hand(this.#made(this.value(made), this.#arguments(way, handed))),
      d: () => 0, // dropped with all else, at the end
      g: () => 0,
      y: () => 0,
      s: (wanted) => memory.grow(wanted),
      t: () => 0, // no environment
      u: (count, bytes) => memory.setWord(count, 0) + memory.setWord(bytes, 0),
      x: (_, parts, count, written) => memory.unsaid(parts, count, written),
    };
  }

  value(handle: number): Value {
    const value = this.#values[handle - FIRST_HANDLE];
    if (value === undefined) throw new RefusedError("broken-media");
    return value;
  }

  #hand(value: Value): number {
    return FIRST_HANDLE + this.#values.push(value) - 1;
  }

  #text(place: number): string {
    const { bytes } = this.#memory;
    return String.fromCharCode(...bytes.subarray(place, bytes.indexOf(0, place)));
  }

  /** What is handed over: bytes of memory, a handle, or a number; both are numbers. */
  #arguments(way: number, handed: number): Value[] {
    return (this.#ways[way] ?? []).map((kind, at) => {
      const place = handed + BYTES_OF_AN_ARGUMENT * at;
      if (!this.#views.has(kind)) return this.#memory.word(place);
      const [count, start] = [this.#memory.word(place), this.#memory.word(place + 4)];
      return this.#memory.bytes.slice(start, start + count);
    });
  }

  #made(what: Value, handed: Value[]): Value {
    const [first, width, height] = handed;
    if (what === "Uint8ClampedArray" && first instanceof Uint8Array) return first;
    const data = typeof first === "number" ? this.value(first) : first;
    if (what !== "ImageData" || !(data instanceof Uint8Array) || typeof width !== "number" || typeof height !== "number") throw new RefusedError("broken-media");
    return { data, width, height, channels: 4 };
  }
}

const decoder = new Decoder(MOZJPEG);

function read({ calls, memory, table }: Machine, own: Handed, file: Uint8Array): OwnPixels {
  calls["B"]!(); // begin
  const place = calls["D"]!(4 + file.length) >>> 0; // malloc: a length, and so many bytes
  if (place === 0 || own.decode === undefined) throw new RefusedError("media-too-large");
  memory.setWord(place, file.length);
  memory.bytes.set(file, place + 4);
  const [how, what] = own.decode;
  const decode = table.get(how) as (what: number, text: number, keepsTurn: number) => number;
  const picture = own.value(decode(what, place, 0));
  if (typeof picture !== "object" || picture instanceof Uint8Array) throw new RefusedError("broken-media");
  return picture;
}

/** Refuse what this decoder reads otherwise than the program: four channels, and colours stored for each two rows alone. */
function checkChannels(file: Uint8Array): void {
  for (let place = 2; file[place] === 0xff; place += 2 + file[place + 2]! * 256 + file[place + 3]!) {
    if (!FRAMES.includes(file[place + 1]!)) continue;
    const [count, sampling, second] = [file[place + 9]!, file[place + 11]!, file[place + 14]];
    const [across, down] = second === undefined || count === 1 ? [1, 1] : [(sampling >> 4) / (second >> 4), (sampling & 15) / (second & 15)];
    if (count > 3 || (across === 1 && down > 1)) throw new RefusedError("unsupported-media");
    return;
  }
}

/** Decode a JPEG as stored; throws `RefusedError`. */
export async function decodeJpeg(file: Uint8Array): Promise<OwnPixels> {
  checkChannels(file);
  return decoder.run((memory) => {
    const handed = new Handed(memory);
    return [handed.calls, (machine) => read(machine, handed, file)];
  });
}
