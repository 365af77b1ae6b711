/** Decoded pixels: what the room gives and the core takes; walked over in bands of stored rows, so that no copy is made. */

export type Samples = Uint8Array | Uint8ClampedArray;

/** Decoded pixels, as stored; values 0 to 255, alpha not premultiplied. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 grey; 3 red, green, blue; 4 the same and alpha, which is dropped as the matchers in use drop it. */
  readonly channels: 1 | 3 | 4;
  /** Whether it is known that no alpha is below 255. */
  readonly isOpaque: boolean;
  /** EXIF orientation, 1 to 8: how the stored pixels are turned to stand upright. */
  readonly orientation: number;
  /** The rows from `start` to before `stop`, one after the other; good until the next call. */
  rows(start: number, stop: number): Samples;
  /** The columns from `start` to before `stop`, as rows of so many pixels; good until the next call. */
  columns(start: number, stop: number): Samples;
}

/** Rows `top` to before `bottom` and columns `left` to before `right`, pixels. */
export interface Rectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** EXIF orientation of a picture that stands upright as stored. */
export const UPRIGHT = 1;

const OPAQUE = 255;
const BAND_PIXELS = 1 << 16;

/** How stored pixels become upright: lines are reversed, then transposed. Source: Exif 2.32 (CIPA DC-008), tag 274. */
export function turnOf(orientation: number): { rowsReversed: boolean; columnsReversed: boolean; transposed: boolean } {
  if (!Number.isInteger(orientation) || orientation < 1 || orientation > 8) throw new RangeError("no such orientation");
  return { rowsReversed: [3, 4, 6, 7].includes(orientation), columnsReversed: [2, 3, 7, 8].includes(orientation), transposed: orientation > 4 };
}

/** Pixels that lie in one array: rows from top to bottom, the channels of a pixel side by side. */
export function arrayPixels(data: Samples, width: number, height: number, channels: 1 | 3 | 4, orientation = UPRIGHT): Pixels {
  if (data.length !== width * height * channels || data.length === 0) throw new RangeError("no picture of this size");
  const line = width * channels;
  return {
    width, height, channels, orientation,
    isOpaque: channels < 4,
    rows: (start, stop) => data.subarray(start * line, stop * line),
    columns: (start, stop) => strip(data, height, line, start * channels, stop * channels),
  };
}

/** A rectangle of other pixels, as stored. */
export function cutOut(whole: Pixels, { top, bottom, left, right }: Rectangle): Pixels {
  const { channels, width } = whole;
  return {
    ...whole,
    width: right - left,
    height: bottom - top,
    rows: (start, stop) => strip(whole.rows(top + start, top + stop), stop - start, width * channels, left * channels, right * channels),
    columns: (start, stop) => {
      const line = (stop - start) * channels;
      return whole.columns(left + start, left + stop).subarray(top * line, bottom * line);
    },
  };
}

function strip(block: Samples, lines: number, line: number, first: number, last: number): Uint8Array {
  const taken = new Uint8Array(lines * (last - first));
  for (let y = 0; y < lines; y++) taken.set(block.subarray(y * line + first, y * line + last), y * (last - first));
  return taken;
}

/** Whether some part of the pixels is transparent. */
export function isTransparent(pixels: Pixels): boolean {
  if (pixels.isOpaque) return false;
  for (const [start, stop] of bands(pixels)) {
    const block = pixels.rows(start, stop);
    for (let alpha = 3; alpha < block.length; alpha += 4) if (block[alpha] !== OPAQUE) return true;
  }
  return false;
}

/** Pixels as they look on a grey page, 0 to 255. Source: Pillow's `alpha_composite` over an opaque ground. */
export function overGround(pixels: Pixels, ground: number): Pixels {
  const laid = (block: Samples): Uint8Array =>
    Uint8Array.from(block, (sample, place) => {
      if (place % 4 === 3) return OPAQUE;
      const alpha = block[place | 3]!;
      const mixed = sample * alpha + ground * (OPAQUE - alpha) + 128;
      return ((mixed >> 8) + mixed) >> 8;
    });
  return { ...pixels, isOpaque: true, rows: (start, stop) => laid(pixels.rows(start, stop)), columns: (start, stop) => laid(pixels.columns(start, stop)) };
}

/** The bands in which pixels are walked over: first row, and the row after the last. */
export function* bands(pixels: Pixels): Generator<[number, number]> {
  const step = Math.max(1, Math.floor(BAND_PIXELS / pixels.width));
  for (let start = 0; start < pixels.height; start += step) yield [start, Math.min(start + step, pixels.height)];
}

/**
 * The luma of a line of pixels, 0 to 255, as the reference rounds it to float32.
 *
 * @param from - Its first sample; `step`, which may be negative, is the samples from one pixel to the next.
 */
export function lumaOf(bytes: Samples, from: number, step: number, channels: number, length: number): Float32Array {
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2];
  const luma = new Float32Array(length);
  for (let x = 0, place = from; x < length; x++, place += step) {
    luma[x] = (299 * bytes[place]! + 587 * bytes[place + green]! + 114 * bytes[place + blue]!) / 1000;
  }
  return luma;
}

/** The nearest whole number; of two, the even one, as Python has it. */
export function roundHalfEven(number: number): number {
  const below = Math.floor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
