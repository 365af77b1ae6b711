/**
 * PDQ, bit for bit that of the reference.
 *
 * A picture is reduced to 64 x 64 by two banded matrices, exactly, in one walk over its stored rows: a turn is in the
 * matrices, not in the pixels. Its 16 x 16 lowest frequencies give a bit each. Only where rounding would decide a bit or
 * the quality, the reference's own running sums in float32 are repeated.
 *
 * Source: ThreatExchange `pdq/cpp`; `hashclient/hashing/pdq.py`, `reduction.py`, `reference_rounding.py`.
 */
import { type Pixels, UPRIGHT, bands, inFloat32, turnOf, weigh } from "./pixels";

/** Rows and columns of a reduction. */
export const SIDE = 64;
/** Rows or columns, pixels, below which there is no hash: all bits 0, quality 0. */
export const LEAST_SIDE = 5;
/** Sum of gradients, in hundredths of full luma, for one point of quality. */
export const GRADIENTS_A_POINT = 90;

const FREQUENCIES = 16;
const COEFFICIENTS = FREQUENCIES * FREQUENCIES;
const MEDIAN = COEFFICIENTS / 2 - 1;
const NO_HASH = "0".repeat(COEFFICIENTS / 4);
const COEFFICIENT_ROUNDING = 3e-5;
const LEAST_ROUNDING = 1e-3;
const GRADIENT_ROUNDING = 1e-3;
const THOUSANDTHS = 1000;
const LINES_AT_ONCE = 32;
const f = Math.fround;

/** Frequencies 1 to 16 at each of 64 samples, as the reference rounds them: place `16 * sample + frequency`. */
export const COSINES = Float32Array.from(
  { length: SIDE * FREQUENCIES },
  (_, place) =>
    f(Math.sqrt(2 / SIDE)) *
    Math.cos((Math.PI / 2 / SIDE) * ((place % FREQUENCIES) + 1) * (2 * Math.floor(place / FREQUENCIES) + 1)),
);

/** A hash of 64 lower-case hex characters, and its quality, 0 to 100. */
export interface Hash {
  readonly value: string;
  readonly quality: number;
}

/** PDQ's blur and sampling in one direction: row k weighs `neighbours` pixels from `first[k]` on, then divides by `scale`. */
export interface Band {
  readonly length: number;
  readonly first: Int32Array;
  readonly neighbours: number;
  /** Row after row. */
  readonly weights: Float64Array;
  readonly scale: number;
}

/** The width of PDQ's box filter, pixels. */
export function windowSize(length: number): number {
  return Math.ceil(length / (2 * SIDE));
}

/** How many pixels of the window lie at its place or after it. */
export function pixelsAhead(length: number): number {
  return (windowSize(length) + 2) >> 1;
}

/** The 64 positions, of `length`, that PDQ keeps after the blur. */
export function sampled(length: number): Int32Array {
  return Int32Array.from({ length: SIDE }, (_, row) => Math.floor(((row + 0.5) * length) / SIDE));
}

function inWindow(length: number, place: number): number {
  const ahead = pixelsAhead(length);
  return Math.min(length, place + ahead) - Math.max(0, place - (windowSize(length) - ahead));
}

function clip(number: number, least: number, most: number): number {
  return Math.min(Math.max(number, least), most);
}

/** Make the band of one direction, of at least 5 pixels; `isReversed`: the one that does the same to pixels in reverse. */
export function bandOf(length: number, isReversed = false): Band {
  const window = windowSize(length);
  const ahead = pixelsAhead(length);
  const behind = window - ahead;
  const once = new Float64Array(length + 1);
  for (let place = 0; place < length; place++) once[place + 1] = once[place]! + window / inWindow(length, place);
  const neighbours = 2 * window - 1;
  const first = new Int32Array(SIDE);
  const weights = new Float64Array(SIDE * neighbours);
  sampled(length).forEach((kept, row) => {
    const low = Math.max(0, kept - behind);
    const high = Math.min(length, kept + ahead);
    const start = Math.min(Math.max(low - behind, 0), length - neighbours);
    first[row] = isReversed ? length - start - neighbours : start;
    for (let j = 0; j < neighbours; j++) {
      const place = start + j;
      const last = once[clip(place + behind + 1, low, high)]!;
      const weight = (last - once[clip(place - ahead + 1, low, high)]!) * (window / (high - low));
      weights[row * neighbours + (isReversed ? neighbours - 1 - j : j)] = weight;
    }
  });
  return { length, first, neighbours, weights, scale: window * window };
}

/**
 * Reduce a picture as it stands after each of several turns, in one walk over its stored rows.
 *
 * @param pixels - Both sides at least 5 pixels.
 * @param orientations - EXIF orientations, 1 to 8.
 * @param seen - Is shown each stored row, in thousandths of luma.
 * @returns By orientation the reduction, luma 0 to 255, 64 x 64.
 */
export function reduceTurned(
  pixels: Pixels,
  orientations: Iterable<number>,
  seen: (line: Int32Array, y: number) => void = () => undefined,
): Map<number, Float32Array> {
  const { width, height } = pixels;
  const turns = new Map([...orientations].map((orientation) => [orientation, turnOf(orientation)]));
  const orders = [...new Set([...turns.values()].map((turn) => turn.rowsReversed))];
  const byOrder = orders.map((isReversed) => ({ isReversed, band: bandOf(height, isReversed), sums: new Float64Array(SIDE * width) }));
  walk(pixels, (line, y) => {
    for (const { band, sums } of byOrder) addLine(band, sums, line, y);
    seen(line, y);
  });
  const reductions = new Map<number, Float32Array>();
  for (const [orientation, { rowsReversed, columnsReversed, transposed }] of turns) {
    const rows = byOrder.find((each) => each.isReversed === rowsReversed)!;
    const columns = bandOf(width, columnsReversed);
    const reduced = new Float32Array(SIDE * SIDE);
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        let total = 0;
        let place = row * width + columns.first[column]!;
        const end = (column + 1) * columns.neighbours;
        for (let weight = column * columns.neighbours; weight < end; weight++) {
          total += columns.weights[weight]! * rows.sums[place++]!;
        }
        reduced[transposed ? column * SIDE + row : row * SIDE + column] =
          total / (THOUSANDTHS * columns.scale * rows.band.scale);
      }
    }
    reductions.set(orientation, reduced);
  }
  return reductions;
}

/** Show each stored row of a picture, in thousandths of luma; the array is the same each time. */
export function walk(pixels: Pixels, seen: (line: Int32Array, y: number) => void): void {
  const { width, channels } = pixels;
  const line = new Int32Array(width);
  for (const [start, stop] of bands(pixels)) {
    const block = pixels.rows(start, stop);
    for (let y = start; y < stop; y++) {
      weigh(block, (y - start) * width * channels, channels, channels, line);
      seen(line, y);
    }
  }
}

function addLine(band: Band, sums: Float64Array, line: Int32Array, y: number): void {
  const { first, neighbours, weights } = band;
  const width = line.length;
  for (let row = 0; row < SIDE; row++) {
    const near = y - first[row]!;
    if (near < 0 || near >= neighbours) continue;
    const weight = weights[row * neighbours + near]!;
    const total = sums.subarray(row * width, (row + 1) * width);
    for (let x = 0; x < width; x++) total[x] = total[x]! + weight * line[x]!;
  }
}

/** Take the cosine transform of a reduction, frequencies 1 to 16 of each direction: 256 numbers, in units of luma. */
export function coefficientsOf(reduced: Float32Array): Float32Array {
  const half = new Float64Array(FREQUENCIES);
  const totals = new Float64Array(COEFFICIENTS);
  for (let x = 0; x < SIDE; x++) {
    half.fill(0);
    for (let row = 0; row < SIDE; row++) {
      const luma = reduced[row * SIDE + x]!;
      for (let down = 0; down < FREQUENCIES; down++) half[down] = half[down]! + luma * COSINES[row * FREQUENCIES + down]!;
    }
    for (let down = 0; down < FREQUENCIES; down++) {
      for (let across = 0; across < FREQUENCIES; across++) {
        const place = down * FREQUENCIES + across;
        totals[place] = totals[place]! + half[down]! * COSINES[x * FREQUENCIES + across]!;
      }
    }
  }
  return new Float32Array(totals);
}

/** Turn each coefficient into a bit, 1 where it exceeds the lower median; the first coefficient is the last bit. */
export function valueOf(coefficients: Float32Array): string {
  const median = coefficients.slice().sort()[MEDIAN]!;
  let value = "";
  for (let last = COEFFICIENTS - 1; last > 0; last -= 4) {
    let digit = 0;
    for (let bit = last; bit > last - 4; bit--) digit = 2 * digit + (coefficients[bit]! > median ? 1 : 0);
    value += digit.toString(16);
  }
  return value;
}

/** The gap between the lower median and the next coefficient above it, in units of luma: their bits differ. */
export function medianGap(coefficients: Float32Array): number {
  const ordered = coefficients.slice().sort();
  return ordered[MEDIAN + 1]! - ordered[MEDIAN]!;
}

/** Show the differences between neighbours of a reduction, in hundredths of full luma, with their fractions. */
function forEachGradient(reduced: Float32Array, seen: (size: number) => void): void {
  const gradient = (from: number, to: number): void => {
    seen(Math.abs(f(f(f(reduced[from]! - reduced[to]!) * 100) / 255)));
  };
  for (let place = 0; place < SIDE * (SIDE - 1); place++) gradient(place, place + SIDE);
  for (let place = 0; place < SIDE * SIDE; place++) if (place % SIDE !== SIDE - 1) gradient(place, place + 1);
}

/** How much detail a reduction has, 0 to 100. */
function qualityOf(reduced: Float32Array): number {
  let whole = 0;
  forEachGradient(reduced, (size) => (whole += Math.trunc(size)));
  return Math.min(100, Math.floor(whole / GRADIENTS_A_POINT));
}

/** Hash a reduction as it is; ties with the median are not settled. */
export function hashReduced(reduced: Float32Array): Hash {
  return { value: valueOf(coefficientsOf(reduced)), quality: qualityOf(reduced) };
}

/** Whether the reference's rounding may have decided a bit, or the quality. */
function isTied(reduced: Float32Array, coefficients: Float32Array): boolean {
  const mean = reduced.reduce((sum, luma) => sum + luma, 0) / reduced.length;
  if (medianGap(coefficients) < Math.max(LEAST_ROUNDING, COEFFICIENT_ROUNDING * mean)) return true;
  let whole = 0;
  let unsure = 0;
  forEachGradient(reduced, (size) => {
    whole += Math.trunc(size);
    if (size > 0.5 && Math.abs(size - Math.round(size)) < GRADIENT_ROUNDING) unsure++;
  });
  const points = (sum: number): number => Math.min(100, Math.floor(sum / GRADIENTS_A_POINT));
  return points(whole - unsure) !== points(whole + unsure);
}

/**
 * Hash a picture as it stands after each of some turns.
 *
 * @param seen - As for `reduceTurned`; a picture under 5 pixels on a side is not walked over.
 */
export function hashTurned(
  pixels: Pixels,
  orientations: Iterable<number>,
  seen?: (line: Int32Array, y: number) => void,
): Map<number, Hash> {
  const asked = [...orientations];
  if (Math.min(pixels.width, pixels.height) < LEAST_SIDE) {
    return new Map(asked.map((orientation) => [orientation, { value: NO_HASH, quality: 0 }]));
  }
  const hashes = new Map<number, Hash>();
  for (const [orientation, exact] of reduceTurned(pixels, asked, seen)) {
    const coefficients = coefficientsOf(exact);
    if (isTied(exact, coefficients)) {
      const rounded = roundedReduction(pixels, orientation);
      hashes.set(orientation, { value: valueOf(roundedCoefficients(rounded)), quality: qualityOf(rounded) });
    } else {
      hashes.set(orientation, { value: valueOf(coefficients), quality: qualityOf(exact) });
    }
  }
  return hashes;
}

/** The hash of a picture as a person sees it, and as stored too where EXIF turns it and that makes a difference. */
export function hashOwn(
  pixels: Pixels,
  seen?: (line: Int32Array, y: number) => void,
): { original: Hash; stored: Hash | undefined } {
  const hashes = hashTurned(pixels, new Set([UPRIGHT, pixels.orientation]), seen);
  const original = hashes.get(pixels.orientation)!;
  const stored = hashes.get(UPRIGHT)!;
  return { original, stored: stored.value === original.value ? undefined : stored };
}

/** Give the rows of the upright picture as luma in float32, as the reference rounds it. */
function* uprightLuma(pixels: Pixels, orientation: number): Generator<Float32Array> {
  const { rowsReversed, columnsReversed, transposed } = turnOf(orientation);
  const { width, height, channels } = pixels;
  const [lines, length] = transposed ? [width, height] : [height, width];
  const [isBackwards, isMirrored] = transposed ? [columnsReversed, rowsReversed] : [rowsReversed, columnsReversed];
  const whole = new Int32Array(length);
  for (let start = 0; start < lines; start += LINES_AT_ONCE) {
    const stop = Math.min(start + LINES_AT_ONCE, lines);
    const [low, high] = isBackwards ? [lines - stop, lines - start] : [start, stop];
    const block = transposed ? pixels.columns(low, high) : pixels.rows(low, high);
    const [line, step] = transposed ? [channels, (high - low) * channels] : [width * channels, channels];
    for (let y = 0; y < high - low; y++) {
      const from = line * (isBackwards ? high - low - 1 - y : y);
      weigh(block, isMirrored ? from + step * (length - 1) : from, isMirrored ? -step : step, channels, whole);
      yield inFloat32(whole);
    }
  }
}

/** Reduce a picture, turned upright, exactly as the reference does, rounding included. */
export function roundedReduction(pixels: Pixels, orientation: number): Float32Array {
  const { transposed } = turnOf(orientation);
  const [width, height] = transposed ? [pixels.height, pixels.width] : [pixels.width, pixels.height];
  const rows = uprightLuma(pixels, orientation);
  const reduced = new Float32Array(SIDE * SIDE);
  if (width === SIDE && height === SIDE) {
    let place = 0;
    for (const row of rows) reduced.set(row, SIDE * place++);
    return reduced;
  }
  const once = runningMean(map(rows, (row) => blurredAlong(row)), height);
  const columns = sampled(width);
  const narrow = map(once, (row) => {
    const blurred = blurredAlong(row);
    return Float32Array.from(columns, (column) => blurred[column]!);
  });
  const kept = sampled(height);
  let y = 0;
  for (const row of runningMean(narrow, height)) {
    for (let place = kept.indexOf(y); place >= 0; place = kept.indexOf(y, place + 1)) reduced.set(row, SIDE * place);
    y++;
  }
  return reduced;
}

function* map<T, U>(values: Iterable<T>, change: (value: T) => U): Generator<U> {
  for (const value of values) yield change(value);
}

/** Slide a window along a row: add the pixel that enters, subtract the one that leaves, divide by those inside. */
function blurredAlong(row: Float32Array): Float32Array {
  const length = row.length;
  const window = windowSize(length);
  const ahead = pixelsAhead(length);
  const blurred = new Float32Array(length);
  let total = 0;
  for (let entering = 0; entering < length + ahead - 1; entering++) {
    if (entering < length) total = f(total + row[entering]!);
    if (entering >= window) total = f(total - row[entering - window]!);
    const place = entering - ahead + 1;
    if (place >= 0) blurred[place] = total / inWindow(length, place);
  }
  return blurred;
}

/** The same over rows, of which there are `length`. */
function* runningMean(lines: Iterable<Float32Array>, length: number): Generator<Float32Array> {
  const window = windowSize(length);
  const ahead = pixelsAhead(length);
  const inside: Float32Array[] = [];
  const source = lines[Symbol.iterator]();
  let total = new Float32Array(0);
  for (let entering = 0; entering < length + ahead - 1; entering++) {
    if (entering < length) {
      const next = source.next();
      if (next.done === true) throw new RangeError("fewer rows than were said");
      if (entering === 0) total = new Float32Array(next.value.length);
      inside.push(next.value);
      total.forEach((sum, x) => (total[x] = sum + next.value[x]!));
    }
    if (entering >= window) {
      const leaving = inside.shift()!;
      total.forEach((sum, x) => (total[x] = sum - leaving[x]!));
    }
    if (entering >= ahead - 1) yield total.map((sum) => sum / inside.length);
  }
}

/** Take the cosine transform exactly as the reference does, product after product in float32. */
export function roundedCoefficients(reduced: Float32Array): Float32Array {
  const half = new Float32Array(FREQUENCIES * SIDE);
  const totals = new Float32Array(COEFFICIENTS);
  for (let down = 0; down < FREQUENCIES; down++) {
    for (let x = 0; x < SIDE; x++) {
      let total = 0;
      for (let row = 0; row < SIDE; row++) total = f(total + f(COSINES[row * FREQUENCIES + down]! * reduced[row * SIDE + x]!));
      half[down * SIDE + x] = total;
    }
    for (let across = 0; across < FREQUENCIES; across++) {
      let total = 0;
      for (let x = 0; x < SIDE; x++) total = f(total + f(half[down * SIDE + x]! * COSINES[x * FREQUENCIES + across]!));
      totals[down * FREQUENCIES + across] = total;
    }
  }
  return totals;
}
