/**
 * Reduce a picture as it would be after a slight turn, without turning it.
 *
 * PDQ's blur looks the same from every side for a turn of a few degrees, so it is applied first, on a fine grid; the 64 x 64
 * samples of the turned picture are then read off that grid at their turned places, in straight lines from point to point.
 *
 * Source: `hashclient/hashing/reposts/rotation.py`; cubic convolution, a = -1/2: R. Keys, IEEE Trans. ASSP 29 (1981).
 */
import { type Axis, type BlockMeans, type Rows, addRow, applyAcross, applyDown, noRows, samplesOf, tent, tentWindow } from "./blocks";
import { type Band, SIDE, bandOf, sampled, windowSize } from "./pdq";
import { roundHalfEven, turnOf } from "./pixels";
import type { Canvas } from "./recipe";

/** What makes one direction of a grid from block means: its rows, the pixel of its first point, and points a pixel. */
interface Blur {
  readonly rows: Rows;
  readonly start: number;
  readonly density: number;
}

/** A picture blurred as PDQ blurs it, on a fine grid that reaches beyond its edges; luma less that of its ground. */
export interface Blurred {
  readonly grid: Float64Array;
  readonly down: Blur;
  readonly across: Blur;
}

/** PDQ's 64 samples of one direction of a canvas, in pixels of the picture. */
interface Line {
  readonly start: number;
  readonly window: number;
  readonly band: Band;
  /** The middle of each tent. */
  readonly middles: Float64Array;
}

const [GRID, MOST_A_PIXEL, WIDEST_CUT, RUNG, EXACT] = [384, 8, 8, 0.8, 1e-9];

/** Blur a picture that lies on `fill` by windows of that many pixels down and across. */
function blurredBy(means: BlockMeans, windows: readonly [number, number], fill: number): Blurred {
  const [down, across] = [blurOf(means.down, windows[0]), blurOf(means.across, windows[1])];
  const lines = applyDown(down.rows, means.luma.map((luma) => luma - fill), samplesOf(means.across));
  return { grid: applyAcross(across.rows, lines, samplesOf(means.across)), down, across };
}

function blurOf(axis: Axis, window: number): Blur {
  const step = Math.max(1, Math.floor(axis.length / GRID));
  const beyond = windowSize(axis.length) + 2 * step; // windows of parts of the picture are no wider
  const rows = noRows();
  for (let point = -beyond; point < axis.length + beyond + step; point += step) {
    addRow(rows, axis, point - (window - 1), tentWindow(window), [0, axis.length]);
  }
  const finer = Math.min(MOST_A_PIXEL, Math.ceil(GRID / axis.length));
  if (finer === 1) return { rows, start: -beyond, density: 1 / step };
  return { rows: finerRows(rows, finer), start: step - beyond, density: finer / step };
}

/** Rows for `finer` times as many points, those between by cubic convolution; one point at either end is lost. */
function finerRows(rows: Rows, finer: number): Rows {
  const made = noRows();
  for (let point = 0; point < rows.first.length - 3; point++) {
    const four = [0, 1, 2, 3].map((tap) => point + tap);
    const first = Math.min(...four.map((tap) => rows.first[tap]!));
    const length = Math.max(...four.map((tap) => rows.first[tap]! + rows.weights[tap]!.length)) - first;
    for (let part = 0; part < finer; part++) {
      const weights = new Float64Array(length);
      cubic(part / finer).forEach((share, tap) => {
        const at = rows.first[point + tap]! - first;
        rows.weights[point + tap]!.forEach((weight, near) => (weights[at + near]! += share * weight));
      });
      made.first.push(first);
      made.weights.push(weights);
      made.sums.push(0); // a grid is never filled
    }
  }
  return made;
}

/**
 * Choose the windows of the grids off which a canvas is read, and how much each grid counts.
 *
 * Narrow windows are taken as they are. Wider ones lie between two of a few that all angles share: what is read off both
 * is mixed so that the variance of the blur is right.
 */
function gridsOf(windows: readonly [number, number], widest: readonly [number, number]): { windows: [number, number]; part: number }[] {
  if (Math.max(...widest) <= WIDEST_CUT) return [{ windows: [...windows], part: 1 }];
  const size = Math.max(windows[0] / widest[0], windows[1] / widest[1]);
  const rung = Math.max(0, Math.floor(Math.log(size) / Math.log(RUNG) + EXACT));
  const [wide, narrow] = [rung, rung + 1].map((step) => widest.map((most) => Math.max(1, roundHalfEven(most * RUNG ** step)))) as [[number, number], [number, number]];
  const near = [0, 1].flatMap((way) => {
    const [one, low, high] = [windows[way]!, narrow[way]!, wide[way]!];
    return high > low ? [(one ** 2 - low ** 2) / (high ** 2 - low ** 2)] : [];
  });
  const part = near.reduce((sum, each) => sum + each, 0) / Math.max(1, near.length);
  if (near.length === 0 || part > 1 - EXACT) return [{ windows: wide, part: 1 }];
  return [{ windows: wide, part }, { windows: narrow, part: 1 - part }];
}

/**
 * Reduce the picture after `degrees`, the cut of the canvas and its turn, but not transposed: luma, 64 x 64.
 *
 * @param shared - Gives the grid of some windows and ground, made once for a picture.
 */
export function reduceTurnedByDegrees(means: BlockMeans, canvas: Canvas, shared: (key: string, make: () => Blurred) => Blurred): Float64Array {
  const { whole, degrees, orientation, fill } = canvas;
  const { rowsReversed, columnsReversed } = turnOf(orientation);
  const [rows, columns] = [lineOf(whole.top, whole.bottom, rowsReversed), lineOf(whole.left, whole.right, columnsReversed)];
  const turned = turner(means, degrees);
  const reduced = new Float64Array(SIDE * SIDE).fill(fill);
  for (const { windows, part } of gridsOf([rows.window, columns.window], [windowSize(means.down.length), windowSize(means.across.length)])) {
    const blurred = shared([...windows, fill].join(), () => blurredBy(means, windows, fill));
    for (let place = 0; place < SIDE * SIDE; place++) {
      reduced[place]! += part * readGrid(blurred, ...turned(rows.middles[Math.floor(place / SIDE)]!, columns.middles[place % SIDE]!));
    }
  }
  if (Math.max(rows.window, columns.window) <= WIDEST_CUT && whole.bottom - whole.top >= means.down.length) {
    mend(reduced, rows, columns, SIDE, 1, (y, x) => readPixel(means, fill, ...turned(y, x)));
    mend(reduced, columns, rows, 1, SIDE, (x, y) => readPixel(means, fill, ...turned(y, x)));
  }
  return reduced;
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
function mend(reduced: Float64Array, line: Line, other: Line, stride: number, otherStride: number, read: (at: number, otherAt: number) => number): void {
  const { band, start, window, middles } = line;
  const reach = window - 1;
  const [under, otherUnder] = [tent(window), tent(other.window)];
  for (const end of [0, SIDE - 1]) {
    if (!band.isCut[end]) continue;
    const middle = middles[end]!;
    const weighed = start + band.first[end]!;
    const first = Math.min(weighed, middle - reach);
    const change = new Float64Array(3 * window);
    under.forEach((weight, at) => (change[middle - reach - first + at]! -= weight));
    for (let at = 0; at < band.neighbours; at++) change[weighed - first + at]! += band.weights[end * band.neighbours + at]! / band.scale;
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
  const place = (at: number, axis: Axis, samples: number): number => Math.min(Math.max((at + axis.lead + 0.5) / axis.size + 0.5, 0), samples + 1);
  const [y, x] = [place(atDown, down, height), place(atAcross, across, width)];
  const [top, left] = [Math.min(Math.floor(y), height), Math.min(Math.floor(x), width)];
  const sample = (row: number, column: number): number => (row < 1 || row > height || column < 1 || column > width ? 0 : luma[(row - 1) * width + column - 1]! - fill);
  const along = (row: number): number => sample(row, left) * (1 - x + left) + sample(row, left + 1) * (x - left);
  return along(top) * (1 - y + top) + along(top + 1) * (y - top);
}

/** Read a grid at a pixel of the picture, in straight lines from point to point; beyond the grid as at its end. */
function readGrid({ grid, down, across }: Blurred, atDown: number, atAcross: number): number {
  const [height, width] = [down.rows.first.length, across.rows.first.length];
  const y = Math.min(Math.max((atDown - down.start) * down.density, 0), height - 1);
  const x = Math.min(Math.max((atAcross - across.start) * across.density, 0), width - 1);
  const [top, left] = [Math.min(Math.floor(y), height - 2), Math.min(Math.floor(x), width - 2)];
  const corner = top * width + left;
  const upper = grid[corner]! + (grid[corner + 1]! - grid[corner]!) * (x - left);
  const lower = grid[corner + width]! + (grid[corner + width + 1]! - grid[corner + width]!) * (x - left);
  return upper + (lower - upper) * (y - top);
}

/** Weigh the four points about a place that lies `way`, 0 to 1, beyond the second of them. */
function cubic(way: number): [number, number, number, number] {
  const rest = 1 - way;
  const before = -0.5 * way * rest * rest;
  const after = -0.5 * way * way * rest;
  const second = (1.5 * way - 2.5) * way * way + 1;
  return [before, second, 1 - before - second - after, after];
}
