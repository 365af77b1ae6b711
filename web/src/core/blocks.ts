/**
 * Keep a picture as the means of a few hundred blocks a side, which one walk over it leaves behind.
 *
 * Within a block the picture is taken for the parabola that has the means of this block and of its two neighbours, so that
 * rows of weights on pixels can be applied to blocks at their exact places.
 *
 * Source: `hashclient/hashing/reposts/block_means.py`.
 */
import { turnOf } from "./pixels";

/** Which pixels the samples of one direction stand for: `size` each; the first lacks `lead`, then the last is full. */
export interface Axis {
  readonly length: number;
  readonly size: number;
  readonly lead: number;
}

/** The block means of an upright picture, luma, row after row. */
export interface BlockMeans {
  readonly luma: Float64Array;
  readonly down: Axis;
  readonly across: Axis;
}

/** Rows of weights on samples: row k weighs `weights[k]` from sample `first[k]` on; `sums[k]` of it lie inside the picture. */
export interface Rows {
  readonly first: number[];
  readonly weights: Float64Array[];
  readonly sums: number[];
}

/** How the pixels of a row are weighed: sums, before each place, of the weights, times the place, and times it again. */
export interface Window {
  readonly length: number;
  readonly moments: readonly [Float64Array, Float64Array, Float64Array];
}

const SAMPLES = 256;
const MEAN_SQUARE = 1 / 12;
const THOUSANDTHS = 1000;
const TENTS = new Map<number, Window>();

/** How many samples an axis has. */
export function samplesOf({ length, size, lead }: Axis): number {
  return Math.ceil((length + lead) / size);
}

/** Block sums, which stored rows are added to as they are walked over. */
export class BlockSums {
  readonly #down: Axis;
  readonly #across: Axis;
  readonly #sums: Float64Array;

  constructor(width: number, height: number) {
    [this.#down, this.#across] = [height, width].map((length) => ({ length, size: Math.max(1, Math.floor(length / SAMPLES)), lead: 0 })) as [Axis, Axis];
    this.#sums = new Float64Array(samplesOf(this.#down) * samplesOf(this.#across));
  }

  /** Add the stored row `y`, by the sums of its luma, in thousandths, before each pixel. */
  add(y: number, before: Float64Array): void {
    const { length, size } = this.#across;
    let place = Math.floor(y / this.#down.size) * samplesOf(this.#across);
    for (let start = 0; start < length; start += size) this.#sums[place++]! += before[Math.min(start + size, length)]! - before[start]!;
  }

  /** The block means of the picture, turned upright. */
  means(orientation: number): BlockMeans {
    const { rowsReversed, columnsReversed, transposed } = turnOf(orientation);
    const [rows, columns] = [samplesOf(this.#down), samplesOf(this.#across)];
    const pixelsIn = ({ length, size }: Axis, sample: number): number => Math.min(size, length - sample * size);
    const luma = new Float64Array(rows * columns);
    this.#sums.forEach((sum, place) => {
      const [y, x] = [Math.floor(place / columns), place % columns];
      const [down, across] = [rowsReversed ? rows - 1 - y : y, columnsReversed ? columns - 1 - x : x];
      luma[transposed ? across * rows + down : down * columns + across] = sum / (THOUSANDTHS * pixelsIn(this.#down, y) * pixelsIn(this.#across, x));
    });
    const reversed = (axis: Axis): Axis => ({ ...axis, lead: samplesOf(axis) * axis.size - axis.length });
    const down = rowsReversed ? reversed(this.#down) : this.#down;
    const across = columnsReversed ? reversed(this.#across) : this.#across;
    return transposed ? { luma, down: across, across: down } : { luma, down, across };
  }
}

/** Add up how the pixels of a window are weighed. */
export function windowOf(weights: Float64Array): Window {
  const moments = [0, 1, 2].map((power) => {
    let sum = 0;
    return Float64Array.from({ length: weights.length + 1 }, (_, place) => {
      const before = sum;
      if (place < weights.length) sum += weights[place]! * place ** power;
      return before;
    });
  });
  return { length: weights.length, moments: moments as [Float64Array, Float64Array, Float64Array] };
}

/** The weights under two boxes of a width, one after the other, where no edge cuts them. */
export function tent(window: number): Float64Array {
  return Float64Array.from({ length: 2 * window - 1 }, (_, place) => (window - Math.abs(place - (window - 1))) / window ** 2);
}

/** The same as a window, which is made once. */
export function tentWindow(window: number): Window {
  if (!TENTS.has(window)) TENTS.set(window, windowOf(tent(window)));
  return TENTS.get(window)!;
}

/** Rows that are filled one by one. */
export function noRows(): Rows {
  return { first: [], weights: [], sums: [] };
}

/**
 * Add a row, given by its weights on the pixels of an axis, as one on its samples.
 *
 * @param place - The first pixel that the row weighs; it may lie beyond the picture.
 * @param visible - Pixels that count, from the first to before the second; all others count as 0.
 */
export function addRow(rows: Rows, axis: Axis, place: number, { length, moments }: Window, visible: readonly [number, number]): void {
  const { size, lead } = axis;
  const [level, once, twice] = moments;
  const low = Math.min(Math.max(Math.max(visible[0], 0) - place, 0), length);
  const high = Math.max(low, Math.min(Math.max(Math.min(visible[1], axis.length) - place, 0), length));
  const last = samplesOf(axis) - 1;
  const first = Math.min(Math.max(Math.floor((place + low + lead) / size), 0), last);
  const count = high > low ? Math.floor((place + high - 1 + lead) / size) - first + 1 : 0;
  const start = Math.max(0, first - 1);
  const weights = new Float64Array(Math.min(last, first + count) - start + 1);
  let sum = 0;
  for (let sample = first; sample < first + count; sample++) {
    const begin = sample * size - lead - place;
    const from = Math.min(Math.max(begin, low), high);
    const to = Math.min(Math.max(begin + size, low), high);
    const [part, moment, second] = [level[to]! - level[from]!, once[to]! - once[from]!, twice[to]! - twice[from]!];
    const middle = begin + (size - 1) / 2;
    const slope = (moment - middle * part) / size;
    const square = (second - 2 * middle * moment + middle * middle * part) / size ** 2;
    const bend = (square - MEAN_SQUARE * (1 - 1 / size ** 2) * part) / 2;
    weights[Math.max(sample - 1, 0) - start]! += bend - slope / 2; // beyond the edges samples are like their neighbours
    weights[sample - start]! += part - 2 * bend;
    weights[Math.min(sample + 1, last) - start]! += bend + slope / 2;
    sum += part;
  }
  rows.first.push(start);
  rows.weights.push(weights);
  rows.sums.push(sum);
}

/** Apply rows to samples, `columns` side by side: as many lines as there are rows. */
export function applyDown(rows: Rows, samples: Float64Array, columns: number): Float64Array {
  const applied = new Float64Array(rows.first.length * columns);
  for (const [row, weights] of rows.weights.entries()) {
    for (let near = 0; near < weights.length; near++) {
      const [weight, from, to] = [weights[near]!, (rows.first[row]! + near) * columns, row * columns];
      for (let x = 0; x < columns; x++) applied[to + x]! += weight * samples[from + x]!;
    }
  }
  return applied;
}

/** Apply rows along lines of `columns` samples: line after line, as many places as there are rows. */
export function applyAcross(rows: Rows, lines: Float64Array, columns: number): Float64Array {
  const many = rows.first.length;
  const [height, applied] = [lines.length / columns, new Float64Array((lines.length / columns) * many)];
  for (const [row, weights] of rows.weights.entries()) {
    for (let line = 0; line < height; line++) {
      const from = line * columns + rows.first[row]!;
      let total = 0;
      for (let near = 0; near < weights.length; near++) total += weights[near]! * lines[from + near]!;
      applied[line * many + row] = total;
    }
  }
  return applied;
}
