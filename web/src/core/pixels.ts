/**
 * Decoded pixels: what the room gives and the core takes.
 *
 * Pixels are walked over in bands of stored rows, however they are turned, so that no second copy of a picture is made.
 */

/** Decoded pixels, as stored; values 0 to 255, alpha not premultiplied. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 grey; 3 red, green, blue; 4 the same and alpha, which is dropped as the matchers in use drop it. */
  readonly channels: 1 | 3 | 4;
  /** EXIF orientation, 1 to 8: how the stored pixels are turned to stand upright. */
  readonly orientation: number;
  /** The rows from `start` to before `stop`, one after the other; good until the next call. */
  rows(start: number, stop: number): Uint8Array | Uint8ClampedArray;
  /** The columns from `start` to before `stop`, as rows of so many pixels; good until the next call. */
  columns(start: number, stop: number): Uint8Array | Uint8ClampedArray;
}

/** Rows `top` to before `bottom` and columns `left` to before `right`, pixels. */
export interface Rectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** How stored pixels become upright: rows, columns or both are reversed, then they are transposed. */
export interface Turn {
  readonly rowsReversed: boolean;
  readonly columnsReversed: boolean;
  readonly transposed: boolean;
}

/** EXIF orientation of a picture that stands upright as stored. */
export const UPRIGHT = 1;

const OPAQUE = 255;
const BAND_PIXELS = 1 << 18;

/** The turn of an EXIF orientation, 1 to 8. Source: Exif 2.32 (CIPA DC-008), tag 274. */
export function turnOf(orientation: number): Turn {
  if (!Number.isInteger(orientation) || orientation < 1 || orientation > 8) throw new RangeError("no such orientation");
  return {
    rowsReversed: [3, 4, 6, 7].includes(orientation),
    columnsReversed: [2, 3, 7, 8].includes(orientation),
    transposed: orientation > 4,
  };
}

/** Pixels that lie in one array: rows from top to bottom, the channels of a pixel side by side. */
export function arrayPixels(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  orientation = UPRIGHT,
): Pixels {
  if (data.length !== width * height * channels || data.length === 0) throw new RangeError("no picture of this size");
  const line = width * channels;
  return {
    width,
    height,
    channels,
    orientation,
    rows: (start, stop) => data.subarray(start * line, stop * line),
    columns: (start, stop) => strip(data, height, line, start * channels, stop * channels),
  };
}

/** A rectangle of other pixels, as stored. */
export function cutOut(whole: Pixels, { top, bottom, left, right }: Rectangle): Pixels {
  const { channels, orientation } = whole;
  return {
    width: right - left,
    height: bottom - top,
    channels,
    orientation,
    rows: (start, stop) =>
      strip(whole.rows(top + start, top + stop), stop - start, whole.width * channels, left * channels, right * channels),
    columns: (start, stop) => {
      const line = (stop - start) * channels;
      return whole.columns(left + start, left + stop).subarray(top * line, bottom * line);
    },
  };
}

/** Whether some part of the pixels is transparent. */
export function isTransparent(pixels: Pixels): boolean {
  if (pixels.channels !== 4) return false;
  for (const [start, stop] of bands(pixels)) {
    const block = pixels.rows(start, stop);
    for (let alpha = 3; alpha < block.length; alpha += 4) if (block[alpha] !== OPAQUE) return true;
  }
  return false;
}

/** Pixels as they look on a grey page, 0 to 255. Source: Pillow's `alpha_composite` over an opaque ground. */
export function overGround(pixels: Pixels, ground: number): Pixels {
  const laid = (block: Uint8Array | Uint8ClampedArray): Uint8Array => {
    const laid = new Uint8Array(block.length);
    for (let place = 0; place < block.length; place += 4) {
      const alpha = block[place + 3]!;
      for (let channel = place; channel < place + 3; channel++) {
        const mixed = block[channel]! * alpha + ground * (OPAQUE - alpha) + 128;
        laid[channel] = ((mixed >> 8) + mixed) >> 8;
      }
      laid[place + 3] = OPAQUE;
    }
    return laid;
  };
  return {
    ...pixels,
    rows: (start, stop) => laid(pixels.rows(start, stop)),
    columns: (start, stop) => laid(pixels.columns(start, stop)),
  };
}

/** The bands in which pixels are walked over: first row, and the row after the last. */
export function* bands(pixels: Pixels): Generator<[number, number]> {
  const step = Math.max(1, Math.floor(BAND_PIXELS / pixels.width));
  for (let start = 0; start < pixels.height; start += step) yield [start, Math.min(start + step, pixels.height)];
}

/**
 * Weigh red, green and blue in thousandths of luma, which whole numbers hold exactly.
 *
 * @param bytes - Samples.
 * @param from - The first of them, and `step` the samples from one pixel to the next; may be negative.
 * @param line - Where the luma goes; as many pixels are weighed as it has places.
 */
export function weigh(
  bytes: Uint8Array | Uint8ClampedArray,
  from: number,
  step: number,
  channels: number,
  line: Int32Array,
): void {
  if (channels === 1) {
    for (let x = 0, place = from; x < line.length; x++, place += step) line[x] = 1000 * bytes[place]!;
    return;
  }
  for (let x = 0, place = from; x < line.length; x++, place += step) {
    line[x] = 299 * bytes[place]! + 587 * bytes[place + 1]! + 114 * bytes[place + 2]!;
  }
}

/** Luma, 0 to 255, as the reference rounds it to float32. */
export function inFloat32(thousandths: Int32Array): Float32Array {
  const luma = new Float32Array(thousandths.length);
  for (let x = 0; x < luma.length; x++) luma[x] = thousandths[x]! / 1000;
  return luma;
}

/** The nearest whole number; of two, the even one, as Python has it. */
export function roundHalfEven(number: number): number {
  const below = Math.floor(number);
  const rest = number - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

function strip(
  block: Uint8Array | Uint8ClampedArray,
  lines: number,
  line: number,
  first: number,
  last: number,
): Uint8Array {
  const taken = new Uint8Array(lines * (last - first));
  for (let y = 0; y < lines; y++) taken.set(block.subarray(y * line + first, y * line + last), y * (last - first));
  return taken;
}
