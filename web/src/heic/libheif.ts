/**
 * HEIC by libheif and libde265, decoded as the program does it: turned as the file says, 8 bits a channel, no profile applied.
 *
 * Source: libheif's `heif_decoding.h`, `heif_image_handle.h`; the letters are what `libheif-js` 1.23.2 calls them in its build.
 */
import type { OwnPixels } from "../room/decode";
import { RefusedError } from "../room/files";
import { type Calls, Decoder, type Given, type Machine, type Memory } from "./webassembly";

declare const LIBHEIF: string;

/** What it registers for scripts, which is not used. */
const REGISTERED = ["w", "z", "K", "o", "J", "j", "a", "v", "d", "i", "f", "u", "q", "x", "n", "L", "c"];
/** Colours, samples and planes: `heif_colorspace`, `heif_chroma`, `heif_channel`. */
const [MONOCHROME, RGB] = [2, 1];
const [GREY_SAMPLES, RGB_SAMPLES, RGBA_SAMPLES] = [0, 10, 11];
const [GREY_PLANE, INTERLEAVED] = [0, 10];
/** Place of `convert_hdr_to_8bit` in `heif_decoding_options`. */
const TO_8_BITS = 20;
/** `heif_error_code`, where it is no damage. */
const REFUSALS: Readonly<Record<number, "unsupported-media" | "media-too-large">> = { 3: "unsupported-media", 4: "unsupported-media", 6: "media-too-large" };
const OPAQUE = 255;

const decoder = new Decoder(LIBHEIF);

function callsOf(memory: Memory): Given {
  return {
    ...Object.fromEntries(REGISTERED.map((name) => [name, () => 0])),
    D: (wanted) => memory.grow(wanted),
    G: () => 0, // no environment
    H: (count, bytes) => memory.setWord(count, 0) + memory.setWord(bytes, 0),
    I: (to, from, count) => { memory.bytes.copyWithin(to, from, from + count); },
    p: (_, parts, count, written) => memory.unsaid(parts, count, written),
  };
}

class Heif {
  readonly #calls: Calls;
  readonly #memory: Memory;
  /** Room for an error, and for a pointer. */
  readonly #error: number;
  readonly #pointer: number;

  constructor({ calls, memory }: Machine) {
    this.#calls = calls;
    this.#memory = memory;
    calls["R"]!(); // begin
    this.#error = this.#new(16);
    this.#pointer = this.#error + 12;
  }

  read(file: Uint8Array): OwnPixels {
    const calls = this.#calls;
    const place = this.#new(file.length);
    this.#memory.bytes.set(file, place);
    const context = calls["la"]!();
    this.#try("ya", context, place, file.length, 0); // read from memory
    this.#try("Ca", context, this.#pointer); // the primary picture
    const picture = this.#memory.word(this.#pointer);
    const hasAlpha = calls["ta"]!(picture) !== 0;
    this.#try("_g", picture, this.#pointer, this.#error); // in what it is stored; the error is read before its place is used
    const isGrey = this.#memory.word(this.#pointer) === MONOCHROME && !hasAlpha;
    const bits = calls["Yg"]!(picture);
    const options = calls["ae"]!();
    this.#memory.bytes[options + TO_8_BITS] = isGrey ? 0 : 1;
    this.#try("Da", picture, this.#pointer, isGrey ? MONOCHROME : RGB, isGrey ? GREY_SAMPLES : hasAlpha ? RGBA_SAMPLES : RGB_SAMPLES, options);
    const image = this.#memory.word(this.#pointer);
    const plane = calls["cb"]!(image, isGrey ? GREY_PLANE : INTERLEAVED, this.#pointer);
    if (plane === 0) throw new RefusedError("broken-media");
    const [width, height, stride] = [calls["Za"]!(image), calls["_a"]!(image), this.#memory.word(this.#pointer)];
    const channels = isGrey ? 1 : hasAlpha ? 4 : 3;
    const wide = isGrey && bits > 8;
    const data = this.#rows(plane, stride, width * channels, height, wide ? bits : 8);
    if (hasAlpha && calls["ua"]!(picture) !== 0) straighten(data);
    return { data, width, height, channels };
  }

  #new(bytes: number): number {
    const place = this.#calls["Na"]!(bytes) >>> 0; // malloc
    if (place === 0) throw new RefusedError("media-too-large");
    return place;
  }

  /** Call what gives back an error; throws `RefusedError` where it is one. */
  #try(name: string, ...numbers: number[]): void {
    this.#calls[name]!(this.#error, ...numbers);
    const code = this.#memory.word(this.#error);
    if (code !== 0) throw new RefusedError(REFUSALS[code] ?? "broken-media");
  }

  /** Rows without what lies between them; of more than 8 bits the upper 8. */
  #rows(plane: number, stride: number, samples: number, height: number, bits: number): Uint8Array {
    const rows = new Uint8Array(samples * height);
    const { bytes, view } = this.#memory;
    for (let y = 0; y < height; y++) {
      const start = plane + y * stride;
      if (bits === 8) rows.set(bytes.subarray(start, start + samples), y * samples);
      else for (let x = 0; x < samples; x++) rows[y * samples + x] = view.getUint16(start + 2 * x, true) >> (bits - 8);
    }
    return rows;
  }
}

/** Colours that were multiplied by alpha are divided by it, and taken as opaque: as the program does it. */
function straighten(data: Uint8Array): void {
  for (let place = 0; place < data.length; place += 4) {
    const alpha = data[place + 3]!;
    if (alpha !== 0 && alpha !== OPAQUE) for (let at = place; at < place + 3; at++) data[at] = Math.min(OPAQUE, Math.trunc((OPAQUE * data[at]!) / alpha));
    data[place + 3] = OPAQUE;
  }
}

/** Decode a HEIC; throws `RefusedError`. */
export function decodeHeif(file: Uint8Array): Promise<OwnPixels> {
  return decoder.run((memory) => [callsOf(memory), (machine) => new Heif(machine).read(file)]);
}
