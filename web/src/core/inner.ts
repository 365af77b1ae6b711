/**
 * Find the picture inside a framed picture, a Polaroid or a screenshot.
 *
 * What surrounds a picture on a screen was drawn by a program: a few even colours, and edges that run straight, from one
 * pixel to the next. So the even colours are found on a small reduction, then the largest rectangle that is none of them,
 * and its edges are looked for at full size. What has no such edges is no frame.
 *
 * Source: `hashclient/inner.py`, which says what each number is for.
 */
import { type Pixels, type Rectangle, lumaOf, roundHalfEven } from "./pixels";

/** Blocks of a picture, row after row: their luma, or 1 for each that differs from the even colours. */
interface Blocks<T> {
  readonly values: T;
  readonly height: number;
  readonly width: number;
}

interface Edge {
  /** The first line of the picture, or the line after its last. */
  readonly place: number;
  /** Share of the line along which the even colour ends there; undefined where the picture reaches the edge of the whole. */
  readonly step: number | undefined;
  /** Luma of the even colour, 0 to 255. */
  readonly colour: number;
}

/** Which pixels of a line are looked at: from the first to before the second, one of so many. */
type Along = readonly [number, number, number];

const LEAST_INNER_SIDE = 64;
const [LEAST_SHARE, MOST_SHARE, LEAST_OF_A_SIDE] = [0.08, 0.97, 0.3];
const [BLOCKS, LINES_OF_A_BLOCK] = [240, 3];
const [SAMPLES_OF_A_LINE, SAMPLES_OF_AN_EDGE] = [4, 400];
const [EVEN, EVEN_PIXEL] = [7, 16];
const [MOST_COLOURS, LEAST_OF_A_COLOUR] = [5, 0.03];
const [DENSE, CLEAR, GAPS] = [0.5, 0.93, [0.004, 0.012, 0.03]];
const [STEP, STEP_OF_FEW] = [0.35, 0.6];
const SIDES_OF_A_FRAME = 3;
const [EVEN_OUTSIDE, EVEN_OUTSIDE_FEW] = [0.5, 0.8];
const [DARK, BRIGHT] = [24, 232];
const ENDS = 0.08;
const [LEAST_SPREAD, LINES_OF_SPREAD] = [10, 48];
const f = Math.fround;

/** Find it: its rectangle, as stored, to the pixel or one off; undefined where there is none, or it is too small, or in a strip. */
export function findInner(pixels: Pixels): Rectangle | undefined {
  const size = Math.max(1, Math.floor(Math.max(pixels.width, pixels.height) / BLOCKS));
  if (Math.min(pixels.width, pixels.height) < Math.max(LEAST_INNER_SIDE, size)) return undefined;
  const tried = new Set<string>();
  let best: { tenths: number; area: number; rectangle: Rectangle } | undefined;
  for (const differs of withoutEvenColours(reduced(pixels, size))) {
    for (const gap of GAPS) {
      const rough = denseRectangle(differs, gap);
      if (rough === undefined || tried.has(keyOf(rough))) continue;
      tried.add(keyOf(rough));
      const exact = refined(pixels, rough, size, differs);
      if (exact === undefined) continue;
      const { rectangle } = exact;
      const area = (rectangle.bottom - rectangle.top) * (rectangle.right - rectangle.left);
      // The share to one decimal: of its two ties that a binary fraction can hold, only one goes the other way in Python.
      const tenths = exact.step === 0.25 ? 0.2 : Number(exact.step.toFixed(1));
      if (best === undefined || tenths > best.tenths || (tenths === best.tenths && area > best.area)) best = { tenths, area, rectangle };
    }
  }
  return best?.rectangle;
}

function keyOf({ top, bottom, left, right }: Rectangle): string {
  return [top, bottom, left, right].join();
}

/** The luma of stored rows, or of columns one a row. */
function linesOf(pixels: Pixels, start: number, stop: number, isRow: boolean, [from, to, every]: Along): Float32Array[] {
  const { channels, width } = pixels;
  const block = isRow ? pixels.rows(start, stop) : pixels.columns(start, stop);
  const [line, step] = isRow ? [width * channels, channels] : [channels, (stop - start) * channels];
  return Array.from({ length: stop - start }, (_, at) => lumaOf(block, at * line + from * step, step * every, channels, Math.ceil((to - from) / every)));
}

/** The mean luma of some pixels of some lines of each block of `size` pixels. */
function reduced(pixels: Pixels, size: number): Blocks<Float32Array> {
  const [height, width] = [Math.floor(pixels.height / size), Math.floor(pixels.width / size)];
  const values = new Float32Array(height * width);
  const step = Math.max(1, Math.floor(size / SAMPLES_OF_A_LINE));
  const many = Math.min(size, LINES_OF_A_BLOCK);
  for (let row = 0; row < height; row++) {
    const middle = row * size + Math.floor((size - many) / 2);
    const lines = linesOf(pixels, middle, middle + many, true, [0, width * size, 1]);
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (const line of lines) for (let x = column * size; x < (column + 1) * size; x += step) sum += line[x]!;
      values[row * width + column] = sum / (many * Math.ceil(size / step));
    }
  }
  return { values, height, width };
}

/** Tell which blocks differ from even colours that may surround a picture: one by one, the most frequent first, then two by two. */
function* withoutEvenColours({ values, height, width }: Blocks<Float32Array>): Generator<Blocks<Uint8Array>> {
  const counts = new Array<number>(256).fill(0);
  for (const each of values) counts[Math.min(Math.max(roundHalfEven(each), 0), 255)]!++;
  const reach = Math.floor(Math.floor((2 * EVEN) / 3) / 2);
  const near = counts.map((_, colour) => counts.slice(Math.max(0, colour - reach), colour + reach + 1).reduce((a, b) => a + b));
  const colours: number[] = [];
  for (const colour of [...near.keys()].sort((a, b) => near[b]! - near[a]!)) {
    if (near[colour]! < LEAST_OF_A_COLOUR * values.length || colours.length === MOST_COLOURS) break;
    if (colours.every((other) => Math.abs(colour - other) > EVEN)) colours.push(colour);
  }
  const differing = colours.map((colour) => Uint8Array.from(values, (luma) => (Math.abs(luma - colour) > EVEN ? 1 : 0)));
  for (const one of differing) yield { values: one, height, width };
  for (const [at, one] of differing.entries()) {
    for (const other of differing.slice(at + 1)) yield { values: one.map((differs, place) => differs & other[place]!), height, width };
  }
}

/** How much of each row, or column, of a part differs. */
function sharesOf({ values, width }: Blocks<Uint8Array>, { top, bottom, left, right }: Rectangle, isRow: boolean): number[] {
  const sums = new Uint32Array(isRow ? bottom - top : right - left);
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sums[isRow ? y - top : x - left]! += values[y * width + x]!;
  return Array.from(sums, (sum) => sum / (isRow ? right - left : bottom - top));
}

/** The largest rectangle whose rows and columns mostly differ from the even colours, in blocks. */
function denseRectangle(differs: Blocks<Uint8Array>, gap: number): Rectangle | undefined {
  const { height, width } = differs;
  let box: Rectangle = { top: 0, bottom: height, left: 0, right: width };
  for (let [round, before] = [0, ""]; round < 4 && before !== keyOf(box); round++) {
    before = keyOf(box);
    const [top, bottom] = longest(sharesOf(differs, { ...box, top: 0, bottom: height }, true), gap);
    if (top === bottom) return undefined;
    const [left, right] = longest(sharesOf(differs, { top, bottom, left: 0, right: width }, false), gap);
    if (left === right) return undefined;
    box = { top, bottom, left, right };
  }
  const [down, across] = [box.bottom - box.top, box.right - box.left];
  const isLarge = down >= LEAST_OF_A_SIDE * height || across >= LEAST_OF_A_SIDE * width;
  const part = (down * across) / (height * width);
  if (!isLarge || part < LEAST_SHARE || part > (1 + MOST_SHARE) / 2) return undefined;
  return Math.min(...[true, false].map((isRow) => leastDense(sharesOf(differs, box, isRow)))) >= 1 - CLEAR ? box : undefined;
}

/** How much of the evenest line near the first or the last differs: a gap there would part words from a picture. */
function leastDense(shares: number[]): number {
  const near = Math.max(1, Math.floor(shares.length / 4));
  return Math.min(...shares.slice(0, near), ...shares.slice(-near));
}

/** The longest run of dense lines, over gaps that are short: the first, and the one after the last. */
function longest(shares: number[], gap: number): [number, number] {
  let best: [number, number] = [0, 0];
  let [first, last] = [-1, -1];
  const end = (): void => {
    if (first >= 0 && last + 1 - first > best[1] - best[0]) best = [first, last + 1];
  };
  shares.forEach((share, line) => {
    if (share <= DENSE) return;
    if (first < 0 || line - last > 1 + gap * shares.length) {
      end();
      first = line;
    }
    last = line;
  });
  end();
  return best;
}

/** Look for the edges of a rectangle, in blocks, at full size; undefined where it is no picture in a frame. */
function refined(pixels: Pixels, rough: Rectangle, size: number, differs: Blocks<Uint8Array>): { rectangle: Rectangle; step: number } | undefined {
  const { top, bottom, left, right } = rough;
  const sum = (shares: number[]): number => shares.reduce((a, b) => a + b);
  const within = sum(sharesOf(differs, rough, true)) * (right - left);
  const outside = differs.values.length - (bottom - top) * (right - left);
  const even = 1 - Math.round(differs.values.reduce((a, b) => a + b) - within) / outside;
  const [alongRows, alongColumns] = [middleOf(left * size, right * size), middleOf(top * size, bottom * size)];
  const found = [
    edgeAt(pixels, top * size, alongRows, true, true, size),
    edgeAt(pixels, Math.min(bottom * size, pixels.height), alongRows, true, false, size),
    edgeAt(pixels, left * size, alongColumns, false, true, size),
    edgeAt(pixels, Math.min(right * size, pixels.width), alongColumns, false, false, size),
  ].filter((edge) => edge !== undefined);
  if (found.length < 4) return undefined;
  const steps = found.map(({ step }) => step).filter((step) => step !== undefined);
  const isFrame = steps.length >= SIDES_OF_A_FRAME || (steps.length > 1 && even >= EVEN_OUTSIDE_FEW);
  const least = Math.min(...steps);
  if (steps.length === 0 || least < (isFrame ? STEP : STEP_OF_FEW) || sum(steps) < STEP_OF_FEW * steps.length) return undefined;
  if (even < (isFrame ? EVEN_OUTSIDE : EVEN_OUTSIDE_FEW)) return undefined;
  const isAtAnEnd = ({ step, colour }: Edge): boolean => step === undefined || step === 0 || colour <= DARK || colour >= BRIGHT;
  if (steps.length === 1 && !found.every(isAtAnEnd)) return undefined;
  const [first, last, start, stop] = found.map(({ place }) => place) as [number, number, number, number];
  const rectangle = { top: first, bottom: last, left: start, right: stop };
  const share = ((last - first) * (stop - start)) / (pixels.width * pixels.height);
  if (Math.min(last - first, stop - start) < LEAST_INNER_SIDE || share < LEAST_SHARE || share > MOST_SHARE) return undefined;
  return spreadOf(pixels, rectangle) >= LEAST_SPREAD ? { rectangle, step: least } : undefined;
}

/** Which pixels of an edge are looked at, none of them at its ends: corners may be round. */
function middleOf(start: number, stop: number): Along {
  const off = roundHalfEven(ENDS * (stop - start));
  return [start + off, Math.max(start + off + 1, stop - off), Math.max(1, Math.floor((stop - start) / SAMPLES_OF_AN_EDGE))];
}

/** Look for the line at which an even colour ends, near a place; undefined where there is none. */
function edgeAt(pixels: Pixels, place: number, along: Along, isRow: boolean, isFirst: boolean, reach: number): Edge | undefined {
  const length = isRow ? pixels.height : pixels.width;
  const margin = 2 * reach + 4;
  if (isFirst ? place < reach + 2 : place > length - reach - 2) return { place: isFirst ? 0 : length, step: undefined, colour: 0 };
  const [start, stop] = [Math.max(0, place - margin), Math.min(length, place + margin)];
  const lines = linesOf(pixels, start, stop, isRow, along);
  if (!isFirst) lines.reverse(); // from outside in
  const outside = Float32Array.from(lines.slice(0, Math.max(1, Math.min(3, Math.floor(lines.length / 4)))).flatMap((line) => [...line])).sort();
  const colour = outside[outside.length >> 1]!;
  const even = lines.map((line) => {
    let sum = 0;
    for (let at = 0; at < line.length; at++) if (Math.abs(f(line[at]! - colour)) <= EVEN_PIXEL) sum++;
    return sum / line.length;
  });
  let going = Infinity;
  const before = even.map((share) => (going = Math.min(going, share))); // the even colour goes on up to the edge
  const after = (line: number): number => (even[line + 1]! + even[line + 2]! + even[line + 3]!) / 3;
  let [best, step] = [0, -Infinity];
  for (let line = 1; line < lines.length - 3; line++) {
    const here = before[line - 1]! - after(line);
    if (here > step) [best, step] = [line, here];
  }
  if (best === 0) return undefined;
  const first = even[best]! < (before[best - 1]! + after(best)) / 2 ? best : best + 1;
  return { place: isFirst ? start + first : stop - first, step, colour };
}

/** The standard deviation of the luma inside. */
function spreadOf(pixels: Pixels, { top, bottom, left, right }: Rectangle): number {
  const step = (bottom - 1 - top) / (LINES_OF_SPREAD - 1);
  const along = [left, right, Math.max(1, Math.floor((right - left) / SAMPLES_OF_AN_EDGE))] as const;
  let [sum, squares, many] = [0, 0, 0];
  for (let at = 0; at < LINES_OF_SPREAD; at++) {
    const line = at === LINES_OF_SPREAD - 1 ? bottom - 1 : Math.floor(at * step + top);
    for (const luma of linesOf(pixels, line, line + 1, true, along)[0]!) {
      sum += luma;
      squares += luma * luma;
      many++;
    }
  }
  return Math.sqrt(Math.max(0, squares / many - (sum / many) ** 2));
}
