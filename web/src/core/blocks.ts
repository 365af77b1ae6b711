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

  /** Add the stored row `y`, in thousandths of luma. */
  add(line: Int32Array, y: number): void {
    const { size } = this.#across;
    let place = Math.floor(y / this.#down.size) * samplesOf(this.#across);
    for (let start = 0; start < line.length; start += size) {
      let sum = 0;
      const stop = Math.min(start + size, line.length);
      for (let x = start; x < stop; x++) sum += line[x]!;
      this.#sums[place] = this.#sums[place++]! + sum;
    }
  }

  /** The block means of the picture, turned upright. */
  means(orientation: number): BlockMeans {
    const { rowsReversed, columnsReversed, transposed } = turnOf(orientation);
    const [rows, columns] = [samplesOf(this.#down), samplesOf(this.#across)];
    const luma = new Float64Array(rows * columns);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const mean = this.#sums[y * columns + x]! / (THOUSANDTHS * pixelsIn(this.#down, y) * pixelsIn(this.#across, x));
        const [down, across] = [rowsReversed ? rows - 1 - y : y, columnsReversed ? columns - 1 - x : x];
        luma[transposed ? across * rows + down : down * columns + across] = mean;
      }
    }
    const down = rowsReversed ? reversed(this.#down) : this.#down;
    const across = columnsReversed ? reversed(this.#across) : this.#across;
    return transposed ? { luma, down: across, across: down } : { luma, down, across };
  }
}

function pixelsIn({ length, size }: Axis, sample: number): number {
  return Math.min(size, length - sample * size);
}

function reversed(axis: Axis): Axis {
  return { ...axis, lead: samplesOf(axis) * axis.size - axis.length - axis.lead };
}

/** Add up how the pixels of a window are weighed. */
export function windowOf(weights: Float64Array): Window {
  const moments = [0, 1, 2].map(() => new Float64Array(weights.length + 1)) as [Float64Array, Float64Array, Float64Array];
  weights.forEach((weight, place) => {
    for (const sums of moments) {
      sums[place + 1] = sums[place]! + weight;
      weight *= place;
    }
  });
  return { length: weights.length, moments };
}

/** The weights under two boxes of a width, one after the other, where no edge cuts them. */
export function tent(window: number): Float64Array {
  return Float64Array.from({ length: 2 * window - 1 }, (_, place) => (window - Math.abs(place - (window - 1))) / window ** 2);
}

/** The same as a window, which is made once. */
export function tentWindow(window: number): Window {
  let made = TENTS.get(window);
  if (made === undefined) TENTS.set(window, (made = windowOf(tent(window))));
  return made;
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
  const low = Math.min(Math.max(Math.max(visible[0], 0) - place, 0), length);
  const high = Math.max(low, Math.min(Math.max(Math.min(visible[1], axis.length) - place, 0), length));
  const last = samplesOf(axis) - 1;
  const first = Math.min(Math.max(Math.floor((place + low + axis.lead) / axis.size), 0), last);
  const count = high > low ? Math.floor((place + high - 1 + axis.lead) / axis.size) - first + 1 : 0;
  const start = Math.max(0, first - 1);
  const weights = new Float64Array(Math.min(last, first + count) - start + 1);
  const give = (sample: number, weight: number): void => {
    const at = Math.min(Math.max(sample, 0), last) - start; // beyond the edges samples are like their neighbours
    weights[at] = weights[at]! + weight;
  };
  let sum = 0;
  for (let sample = first; sample < first + count; sample++) {
    const begin = sample * axis.size - axis.lead - place;
    const from = Math.min(Math.max(begin, low), high);
    const to = Math.min(Math.max(begin + axis.size, low), high);
    const [level, once, twice] = moments.map((sums) => sums[to]! - sums[from]!) as [number, number, number];
    const middle = begin + (axis.size - 1) / 2;
    const slope = (once - middle * level) / axis.size;
    const square = (twice - 2 * middle * once + middle * middle * level) / axis.size ** 2;
    const bend = (square - MEAN_SQUARE * (1 - 1 / axis.size ** 2) * level) / 2;
    give(sample - 1, bend - slope / 2);
    give(sample, level - 2 * bend);
    give(sample + 1, bend + slope / 2);
    sum += level;
  }
  rows.first.push(start);
  rows.weights.push(weights);
  rows.sums.push(sum);
}

/** Apply rows to samples, `columns` side by side: as many lines as there are rows. */
export function applyDown(rows: Rows, samples: Float64Array, columns: number): Float64Array {
  const applied = new Float64Array(rows.first.length * columns);
  rows.weights.forEach((weights, row) => {
    const line = applied.subarray(row * columns, (row + 1) * columns);
    weights.forEach((weight, near) => {
      const from = (rows.first[row]! + near) * columns;
      for (let x = 0; x < columns; x++) line[x] = line[x]! + weight * samples[from + x]!;
    });
  });
  return applied;
}

/** Apply rows along lines of `columns` samples: line after line, as many places as there are rows. */
export function applyAcross(rows: Rows, lines: Float64Array, columns: number): Float64Array {
  const many = rows.first.length;
  const applied = new Float64Array((lines.length / columns) * many);
  for (let line = 0; line * columns < lines.length; line++) {
    for (let row = 0; row < many; row++) {
      const weights = rows.weights[row]!;
      const from = line * columns + rows.first[row]!;
      let total = 0;
      for (let near = 0; near < weights.length; near++) total += weights[near]! * lines[from + near]!;
      applied[line * many + row] = total;
    }
  }
  return applied;
}
