/**
 * Reduce a picture as it would be after a slight turn, without turning it.
 *
 * PDQ's blur looks the same from every side for a turn of a few degrees, so it is applied first, on a fine grid; the 64 x 64
 * samples of the turned picture are then read off that grid at their turned places.
 *
 * Source: `hashclient/hashing/reposts/rotation.py`; cubic convolution, a = -1/2: R. Keys, IEEE Trans. ASSP 29 (1981).
 */
import { type Axis, type BlockMeans, addRow, applyAcross, applyDown, noRows, samplesOf, tent, tentWindow } from "./blocks";
import { type Band, SIDE, bandOf, sampled, windowSize } from "./pdq";
import { turnOf } from "./pixels";
import type { Canvas } from "./recipe";

/** A picture blurred as PDQ blurs it, on a fine grid that reaches beyond its edges; luma less that of its ground. */
export interface Blurred {
  readonly means: BlockMeans;
  readonly grid: Float64Array;
  readonly height: number;
  readonly width: number;
  /** Luma of the ground on which the picture lies. */
  readonly fill: number;
  /** Pixels from one point of the grid to the next, down and across. */
  readonly steps: readonly [number, number];
}

/** PDQ's 64 samples of one direction of a canvas, in pixels of the picture. */
interface Line {
  readonly start: number;
  readonly window: number;
  readonly band: Band;
  /** The middle of each tent. */
  readonly middles: Float64Array;
}

const GRID = 256;
const MARGIN = 8;
const WIDEST_CUT = 8;

/** Blur a picture that lies on `fill` by windows of that many pixels down and across. */
export function blurredBy(means: BlockMeans, windows: readonly [number, number], fill: number): Blurred {
  const [rows, down] = blurRows(means.down, windows[0]);
  const [columns, across] = blurRows(means.across, windows[1]);
  const [height, width] = [rows.first.length, columns.first.length];
  const lines = applyDown(rows, means.luma.map((luma) => luma - fill), samplesOf(means.across));
  return { means, grid: applyAcross(columns, lines, samplesOf(means.across)), height, width, fill, steps: [down, across] };
}

function blurRows(axis: Axis, window: number): [ReturnType<typeof noRows>, number] {
  const step = Math.max(1, Math.floor(axis.length / GRID));
  const rows = noRows();
  for (let point = -MARGIN * step; point < axis.length + MARGIN * step; point += step) {
    addRow(rows, axis, point - (window - 1), tentWindow(window), [0, axis.length]);
  }
  return [rows, step];
}

/** Reduce the picture after `degrees`, the cut of the canvas and its turn, but not transposed: luma, 64 x 64. */
export function reduceTurnedByDegrees(blurred: Blurred, { whole, degrees, orientation }: Canvas): Float64Array {
  const { rowsReversed, columnsReversed } = turnOf(orientation);
  const rows = lineOf(whole.top, whole.bottom, rowsReversed);
  const columns = lineOf(whole.left, whole.right, columnsReversed);
  const { means, fill, steps } = blurred;
  const turned = turner(means, degrees);
  const reduced = new Float64Array(SIDE * SIDE);
  for (let place = 0; place < SIDE * SIDE; place++) {
    const [down, across] = turned(rows.middles[Math.floor(place / SIDE)]!, columns.middles[place % SIDE]!);
    reduced[place] = readGrid(blurred, down / steps[0] + MARGIN, across / steps[1] + MARGIN);
  }
  if (Math.max(rows.window, columns.window) <= WIDEST_CUT && whole.bottom - whole.top >= means.down.length) {
    mend(reduced, rows, columns, SIDE, 1, (y, x) => readPixel(means, fill, ...turned(y, x)));
    mend(reduced, columns, rows, 1, SIDE, (x, y) => readPixel(means, fill, ...turned(y, x)));
  }
  return reduced.map((luma) => luma + fill);
}

/** Give where on the picture the pixels of the turned picture come from. */
function turner({ down, across }: BlockMeans, degrees: number): (y: number, x: number) => [number, number] {
  const [middleDown, middleAcross] = [(down.length - 1) / 2, (across.length - 1) / 2];
  const angle = degrees * (Math.PI / 180);
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  return (y, x) => {
    const [dy, dx] = [y - middleDown, x - middleAcross];
    return [sine * dx + cosine * dy + middleDown, cosine * dx - sine * dy + middleAcross];
  };
}

function lineOf(start: number, stop: number, isReversed: boolean): Line {
  const length = stop - start;
  const window = windowSize(length);
  const middles = Float64Array.from(sampled(length), (kept) => {
    const middle = kept + 1 - (window % 2);
    return start + (isReversed ? length - 1 - middle : middle);
  });
  return { start, window, band: bandOf(length, isReversed), middles };
}

/**
 * Take out of the outermost samples what lies beyond the canvas: there the corners of the picture would show.
 *
 * @param line - The direction whose ends are mended; a sample of it and one of `other` lie at `stride` and `otherStride`.
 * @param read - Reads the turned picture at a pixel of `line` and one of `other`.
 */
function mend(
  reduced: Float64Array,
  line: Line,
  other: Line,
  stride: number,
  otherStride: number,
  read: (at: number, otherAt: number) => number,
): void {
  const { band, start, window, middles } = line;
  const reach = window - 1;
  const under = tent(window);
  const otherUnder = tent(other.window);
  for (const end of [0, SIDE - 1]) {
    const middle = middles[end]!;
    if (middle - reach >= start && middle + reach < start + band.length) continue;
    const weighed = start + band.first[end]!;
    const first = Math.min(weighed, middle - reach);
    const change = new Float64Array(3 * window);
    under.forEach((weight, at) => (change[middle - reach - first + at]! -= weight));
    for (let at = 0; at < band.neighbours; at++) {
      change[weighed - first + at]! += band.weights[end * band.neighbours + at]! / band.scale;
    }
    other.middles.forEach((otherMiddle, sample) => {
      let total = 0;
      change.forEach((more, at) => {
        if (more === 0) return;
        otherUnder.forEach((weight, near) => (total += more * weight * read(first + at, otherMiddle + near - (other.window - 1))));
      });
      reduced[end * stride + sample * otherStride]! += total;
    });
  }
}

/** Read the picture, less its ground, at a pixel, in straight lines from mean to mean; beyond it is its ground. */
function readPixel({ luma, down, across }: BlockMeans, fill: number, atDown: number, atAcross: number): number {
  const [height, width] = [samplesOf(down), samplesOf(across)];
  const place = (at: number, axis: Axis, samples: number): number =>
    Math.min(Math.max((at + axis.lead + 0.5) / axis.size + 0.5, 0), samples + 1);
  const [y, x] = [place(atDown, down, height), place(atAcross, across, width)];
  const [top, left] = [Math.min(Math.floor(y), height), Math.min(Math.floor(x), width)];
  const sample = (row: number, column: number): number =>
    row < 1 || row > height || column < 1 || column > width ? 0 : luma[(row - 1) * width + column - 1]! - fill;
  const along = (row: number): number => sample(row, left) * (1 - x + left) + sample(row, left + 1) * (x - left);
  return along(top) * (1 - y + top) + along(top + 1) * (y - top);
}

/** Read a grid between its points, by cubic convolution; beyond the grid it is 0. */
function readGrid({ grid, height, width }: Blurred, down: number, across: number): number {
  const [top, left] = [Math.floor(down), Math.floor(across)];
  const [rows, columns] = [cubic(down - top), cubic(across - left)];
  const [firstRow, firstColumn] = [Math.min(Math.max(top, -1), height - 1) - 1, Math.min(Math.max(left, -1), width - 1) - 1];
  let total = 0;
  for (let tap = 0; tap < 4; tap++) {
    const row = firstRow + tap;
    if (row < 0 || row >= height) continue;
    let line = 0;
    for (let near = 0; near < 4; near++) {
      const column = firstColumn + near;
      if (column >= 0 && column < width) line += columns[near]! * grid[row * width + column]!;
    }
    total += rows[tap]! * line;
  }
  return total;
}

/** Weigh the four points about a place that lies `way`, 0 to 1, beyond the second of them. */
function cubic(way: number): [number, number, number, number] {
  const rest = 1 - way;
  const before = -0.5 * way * rest * rest;
  const after = -0.5 * way * way * rest;
  const second = (1.5 * way - 2.5) * way * way + 1;
  return [before, second, 1 - before - second - after, after];
}
