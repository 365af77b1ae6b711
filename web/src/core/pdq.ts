/**
 * PDQ, bit for bit that of the reference.
 *
 * A picture is reduced to 64 x 64 by two banded matrices, exactly, in one walk over its stored rows: a turn is in the
 * matrices, not in the pixels. Its 16 x 16 lowest frequencies give a bit each. Only where rounding would decide a bit or
 * the quality, the reference's own running sums in float32 are repeated.
 *
 * Source: ThreatExchange `pdq/cpp`; `hashclient/hashing/pdq.py`, `reduction.py`, `reference_rounding.py`.
 */
import { type Pixels, type Samples, UPRIGHT, bands, lumaOf, turnOf } from "./pixels";

/** Rows and columns of a reduction. */
export const SIDE = 64;
/** Rows or columns, pixels, below which there is no hash: all bits 0, quality 0. */
export const LEAST_SIDE = 5;
/** Sum of gradients, in hundredths of full luma, for one point of quality. */
export const GRADIENTS_A_POINT = 90;

const FREQUENCIES = 16;
const COEFFICIENTS = FREQUENCIES * FREQUENCIES;
const MEDIAN = COEFFICIENTS / 2 - 1;
const [COEFFICIENT_ROUNDING, LEAST_ROUNDING, GRADIENT_ROUNDING] = [3e-5, 1e-3, 1e-3];
const THOUSANDTHS = 1000;
const LINES_AT_ONCE = 32;
const f = Math.fround;

/** Frequencies 1 to 16 at each of 64 samples, as the reference rounds them: place `16 * sample + frequency`. */
const COSINES = Float32Array.from(
  { length: SIDE * FREQUENCIES },
  (_, place) => f(Math.sqrt(2 / SIDE)) * Math.cos((Math.PI / 2 / SIDE) * ((place % FREQUENCIES) + 1) * (2 * Math.floor(place / FREQUENCIES) + 1)),
);

/** A hash of 64 lower-case hex characters, and its quality, 0 to 100. */
export interface Hash {
  readonly value: string;
  readonly quality: number;
}

/** PDQ's blur and sampling in one direction: row k weighs `neighbours` pixels from `first[k]` on, then divides by `scale`. */
export interface Band {
  readonly first: Int32Array;
  readonly neighbours: number;
  /** Row after row. */
  readonly weights: Float64Array;
  /** Of each row whether the edge cuts it; if not, its weights are 1, 2, 3 and so on, and down again. */
  readonly isCut: readonly boolean[];
  readonly scale: number;
}

/** What is told of each stored row of a picture: sums of its luma, in thousandths, before each pixel. */
export type Seen = (y: number, sums: Float64Array) => void;

/** The width of PDQ's box filter, pixels. */
export function windowSize(length: number): number {
  return Math.ceil(length / (2 * SIDE));
}

/** How many pixels of the window lie at its place or after it. */
function pixelsAhead(length: number): number {
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

/** Make the band of one direction, of at least 5 pixels; `isReversed`: the one that does the same to pixels in reverse. */
export function bandOf(length: number, isReversed = false): Band {
  const window = windowSize(length);
  const ahead = pixelsAhead(length);
  const behind = window - ahead;
  const neighbours = 2 * window - 1;
  const once = new Float64Array(length + 1);
  for (let place = 0; place < length; place++) once[place + 1] = once[place]! + window / inWindow(length, place);
  const first = new Int32Array(SIDE);
  const weights = new Float64Array(SIDE * neighbours);
  const isCut: boolean[] = [];
  sampled(length).forEach((kept, row) => {
    const [low, high] = [Math.max(0, kept - behind), Math.min(length, kept + ahead)];
    const start = Math.min(Math.max(low - behind, 0), length - neighbours);
    isCut.push(kept - 2 * behind !== start);
    first[row] = isReversed ? length - start - neighbours : start;
    const upTo = (place: number): number => once[Math.min(Math.max(place, low), high)]!;
    for (let at = 0; at < neighbours; at++) {
      const weight = (upTo(start + at + behind + 1) - upTo(start + at - ahead + 1)) * (window / (high - low));
      weights[row * neighbours + (isReversed ? neighbours - 1 - at : at)] = weight;
    }
  });
  return { first, neighbours, weights, isCut, scale: window * window };
}

/**
 * Reduce a picture as it stands after each of several turns, in one walk over its stored rows.
 *
 * Where no edge cuts it a row of a band is a tent, and the sum under a tent is a second difference of sums of sums: those are
 * whole thousandths, exact in float64.
 *
 * @param pixels - Both sides at least 5 pixels.
 * @returns By orientation the reduction, luma 0 to 255, 64 x 64.
 */
export function reduceTurned(pixels: Pixels, orientations: Iterable<number>, seen?: Seen): Map<number, Float32Array> {
  const ways = [...new Set(orientations)].map((orientation) => {
    const turn = turnOf(orientation);
    const [rows, columns] = [bandOf(pixels.height, turn.rowsReversed), bandOf(pixels.width, turn.columnsReversed)];
    return { orientation, turn, rows, columns, reduced: new Float64Array(SIDE * SIDE) };
  });
  const along = new Float64Array(SIDE);
  walk(pixels, (y, once, twice) => {
    for (const { rows, columns, reduced } of ways) {
      weighAlong(columns, once, twice, along);
      for (let row = 0; row < SIDE; row++) {
        const near = y - rows.first[row]!;
        if (near < 0 || near >= rows.neighbours) continue;
        const weight = rows.weights[row * rows.neighbours + near]!;
        for (let column = 0; column < SIDE; column++) reduced[row * SIDE + column]! += weight * along[column]!;
      }
    }
    seen?.(y, once);
  });
  return new Map(ways.map(({ orientation, turn, rows, columns, reduced }) => {
    const scale = THOUSANDTHS * rows.scale * columns.scale;
    return [orientation, Float32Array.from(turn.transposed ? transposed(reduced) : reduced, (sum) => sum / scale)];
  }));
}

/** A reduction with its rows as columns. */
export function transposed(reduced: Float64Array): Float64Array {
  return reduced.map((_, place) => reduced[(place % SIDE) * SIDE + Math.floor(place / SIDE)]!);
}

function weighAlong({ first, neighbours, weights, isCut }: Band, once: Float64Array, twice: Float64Array, along: Float64Array): void {
  const window = (neighbours + 1) / 2;
  for (let row = 0; row < SIDE; row++) {
    const start = first[row]!;
    along[row] = twice[start]! - 2 * twice[start + window]! + twice[start + 2 * window]!;
    if (!isCut[row]) continue;
    along[row] = 0;
    for (let at = 0; at < neighbours; at++) along[row]! += weights[row * neighbours + at]! * (once[start + at + 1]! - once[start + at]!);
  }
}

/** Show the sums of each stored row of a picture, as `Seen` has them, and the sums of these; the arrays are the same each time. */
export function walk(pixels: Pixels, seen: (y: number, once: Float64Array, twice: Float64Array) => void): void {
  const { width, channels } = pixels;
  const [once, twice] = [new Float64Array(width + 1), new Float64Array(width + 2)];
  for (const [start, stop] of bands(pixels)) {
    const block = pixels.rows(start, stop);
    for (let y = start; y < stop; y++) {
      addUp(block, (y - start) * width * channels, channels, once, twice);
      seen(y, once, twice);
    }
  }
}

/** The loop in which the time of a walk goes. */
function addUp(bytes: Samples, place: number, channels: number, once: Float64Array, twice: Float64Array): void {
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2];
  let [sum, total] = [0, 0];
  for (let x = 1; x < once.length; x++, place += channels) {
    twice[x] = total += sum;
    once[x] = sum += 299 * bytes[place]! + 587 * bytes[place + green]! + 114 * bytes[place + blue]!;
  }
  twice[once.length] = total + sum;
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

/** Show the differences between neighbours of a reduction, in hundredths of full luma, with their fractions. */
function forEachGradient(reduced: Float32Array, seen: (size: number) => void): void {
  for (let place = 0; place < SIDE * SIDE; place++) {
    const luma = reduced[place]!;
    if (place < SIDE * (SIDE - 1)) seen(Math.abs(f(f(f(luma - reduced[place + SIDE]!) * 100) / 255)));
    if (place % SIDE < SIDE - 1) seen(Math.abs(f(f(f(luma - reduced[place + 1]!) * 100) / 255)));
  }
}

function pointsOf(gradients: number): number {
  return Math.min(100, Math.floor(gradients / GRADIENTS_A_POINT));
}

/** How much detail a reduction has, 0 to 100. */
function qualityOf(reduced: Float32Array): number {
  let whole = 0;
  forEachGradient(reduced, (size) => (whole += Math.trunc(size)));
  return pointsOf(whole);
}

/** Hash a reduction as it is; ties with the median are not settled. */
export function hashReduced(reduced: Float32Array): Hash {
  return { value: valueOf(coefficientsOf(reduced)), quality: qualityOf(reduced) };
}

/** Whether the reference's rounding may have decided a bit, or the quality. */
function isTied(reduced: Float32Array, coefficients: Float32Array): boolean {
  const mean = reduced.reduce((sum, luma) => sum + luma, 0) / reduced.length;
  const ordered = coefficients.slice().sort();
  if (ordered[MEDIAN + 1]! - ordered[MEDIAN]! < Math.max(LEAST_ROUNDING, COEFFICIENT_ROUNDING * mean)) return true;
  let [whole, unsure] = [0, 0];
  forEachGradient(reduced, (size) => {
    whole += Math.trunc(size);
    if (size > 0.5 && Math.abs(size - Math.round(size)) < GRADIENT_ROUNDING) unsure++;
  });
  return pointsOf(whole - unsure) !== pointsOf(whole + unsure);
}

/** Hash a picture as it stands after each of some turns; one under 5 pixels on a side is not walked over. */
export function hashTurned(pixels: Pixels, orientations: Iterable<number>, seen?: Seen): Map<number, Hash> {
  if (Math.min(pixels.width, pixels.height) < LEAST_SIDE) {
    return new Map([...orientations].map((orientation) => [orientation, { value: "0".repeat(COEFFICIENTS / 4), quality: 0 }]));
  }
  const hashes = new Map<number, Hash>();
  for (const [orientation, exact] of reduceTurned(pixels, orientations, seen)) {
    const coefficients = coefficientsOf(exact);
    const isExact = !isTied(exact, coefficients);
    const reduced = isExact ? exact : roundedReduction(pixels, orientation);
    hashes.set(orientation, { value: valueOf(isExact ? coefficients : roundedCoefficients(reduced)), quality: qualityOf(reduced) });
  }
  return hashes;
}

/** The hash of a picture as a person sees it, and as stored too where EXIF turns it and that makes a difference. */
export function hashOwn(pixels: Pixels, seen?: Seen): { original: Hash; stored: Hash | undefined } {
  const hashes = hashTurned(pixels, [UPRIGHT, pixels.orientation], seen);
  const [original, stored] = [hashes.get(pixels.orientation)!, hashes.get(UPRIGHT)!];
  return { original, stored: stored.value === original.value ? undefined : stored };
}

/** Give the rows of the upright picture as luma in float32, as the reference rounds it. */
function* uprightLuma(pixels: Pixels, orientation: number): Generator<Float32Array> {
  const { rowsReversed, columnsReversed, transposed } = turnOf(orientation);
  const { width, height, channels } = pixels;
  const [lines, length] = transposed ? [width, height] : [height, width];
  const [isBackwards, isMirrored] = transposed ? [columnsReversed, rowsReversed] : [rowsReversed, columnsReversed];
  for (let start = 0; start < lines; start += LINES_AT_ONCE) {
    const stop = Math.min(start + LINES_AT_ONCE, lines);
    const [low, high] = isBackwards ? [lines - stop, lines - start] : [start, stop];
    const block = transposed ? pixels.columns(low, high) : pixels.rows(low, high);
    const [line, step] = transposed ? [channels, (high - low) * channels] : [width * channels, channels];
    for (let y = 0; y < high - low; y++) {
      const from = line * (isBackwards ? high - low - 1 - y : y);
      yield lumaOf(block, isMirrored ? from + step * (length - 1) : from, isMirrored ? -step : step, channels, length);
    }
  }
}

/** Reduce a picture, turned upright, exactly as the reference does, rounding included. */
function roundedReduction(pixels: Pixels, orientation: number): Float32Array {
  const { transposed } = turnOf(orientation);
  const [width, height] = transposed ? [pixels.height, pixels.width] : [pixels.width, pixels.height];
  const rows = uprightLuma(pixels, orientation);
  const reduced = new Float32Array(SIDE * SIDE);
  let y = 0;
  if (width === SIDE && height === SIDE) {
    for (const row of rows) reduced.set(row, SIDE * y++);
    return reduced;
  }
  const [columns, kept] = [sampled(width), sampled(height)];
  const narrowed = (row: Float32Array): Float32Array => {
    const blurred = blurredAlong(row);
    return Float32Array.from(columns, (column) => blurred[column]!);
  };
  for (const row of runningMean(runningMean(rows, height, blurredAlong), height, narrowed)) {
    for (const [place, one] of kept.entries()) if (one === y) reduced.set(row, SIDE * place);
    y++;
  }
  return reduced;
}

/** Slide a window along a row: add the pixel that enters, subtract the one that leaves, divide by those inside. */
function blurredAlong(row: Float32Array): Float32Array {
  const { length } = row;
  const [window, ahead] = [windowSize(length), pixelsAhead(length)];
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

/** The same over rows, of which there are `length`, after a change of each. */
function* runningMean(rows: Iterator<Float32Array>, length: number, changed: (row: Float32Array) => Float32Array): Generator<Float32Array> {
  const [window, ahead] = [windowSize(length), pixelsAhead(length)];
  const inside: Float32Array[] = [];
  let total = new Float32Array(0);
  for (let entering = 0; entering < length + ahead - 1; entering++) {
    if (entering < length) {
      const row = changed(rows.next().value as Float32Array);
      if (entering === 0) total = new Float32Array(row.length);
      inside.push(row);
      total.forEach((sum, x) => (total[x] = sum + row[x]!));
    }
    if (entering >= window) {
      const leaving = inside.shift()!;
      total.forEach((sum, x) => (total[x] = sum - leaving[x]!));
    }
    if (entering >= ahead - 1) yield total.map((sum) => sum / inside.length);
  }
}

/** Take the cosine transform exactly as the reference does, product after product in float32. */
function roundedCoefficients(reduced: Float32Array): Float32Array {
  const summed = (frequency: number, samples: Float32Array, from: number, step: number): number => {
    let total = 0;
    for (let at = 0; at < SIDE; at++) total = f(total + f(COSINES[at * FREQUENCIES + frequency]! * samples[from + at * step]!));
    return total;
  };
  const half = Float32Array.from({ length: FREQUENCIES * SIDE }, (_, place) => summed(Math.floor(place / SIDE), reduced, place % SIDE, SIDE));
  return Float32Array.from({ length: COEFFICIENTS }, (_, place) => summed(place % FREQUENCIES, half, SIDE * Math.floor(place / FREQUENCIES), 1));
}
