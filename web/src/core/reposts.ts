/**
 * Hash a picture and its likely re-posts, which are computed from its block means and never made.
 *
 * Source: `hashclient/hashing/reposts`: `spans.py`, `coverage.py`.
 */
import { type Axis, type BlockMeans, BlockSums, type Rows, addRow, applyAcross, applyDown, noRows, samplesOf, tentWindow, windowOf } from "./blocks";
import { type Hash, GRADIENTS_A_POINT, LEAST_SIDE, SIDE, bandOf, coefficientsOf, hashOwn, transposed, valueOf } from "./pdq";
import { type Pixels, isTransparent, overGround, turnOf } from "./pixels";
import { type Canvas, type Recipe, bringsEdges, canvasOf } from "./recipe";
import { type Blurred, reduceTurnedByDegrees } from "./rotation";

/** What of a picture may be shared: its hash, and of which recipe. */
export interface PictureHash extends Hash {
  readonly variant: string;
}

/** The rules by which re-posts are hashed and kept; all of it is data. */
export interface Rules {
  /** The re-posts of the chosen level, the most useful first. */
  readonly recipes: readonly Recipe[];
  /** Least quality of any hash, and of a picture that has re-posts. */
  readonly qualityFloor: number;
  /** Least detail, in points of quality, of a re-post that only leaves something out. */
  readonly repostFloor: number;
  /** Least detail inside the frame of a re-post. */
  readonly framedFloor: number;
  /** Least detail of a re-post that is turned by degrees. */
  readonly turnedFloor: number;
  /** Least quality of a picture whose re-posts may bring edges of their own. */
  readonly edgesFloor: number;
  /** Bits within which a hash adds nothing to one that is there already. */
  readonly sameWithin: number;
  /** Pages, as grey levels, on which a picture that is transparent in parts is also hashed, by variant. */
  readonly grounds: Readonly<Record<string, number>>;
}

/** The hash of one re-post, and the detail inside its frame: steep edges take from it, and it may be below 0 or above 100. */
export interface Repost extends Hash {
  readonly recipe: Recipe;
  readonly canvas: Canvas;
  readonly detail: number;
}

/** One direction of a re-post, pixels: the canvas from `start` to before `stop`; from `first` to before `last` it shows the picture. */
interface Span {
  readonly start: number;
  readonly stop: number;
  readonly first: number;
  readonly last: number;
  readonly isReversed: boolean;
}

/** Which rows and columns of a reduction show nothing but the picture: from the first to before the second of each pair. */
type Shown = readonly [number, number, number, number];

const EVERY: Shown = [0, SIDE, 0, SIDE];
/** Fewest samples of several pixels that a re-post shows of each side. */
const LEAST_SAMPLES = 32;
/** Times the shorter side that the longer may have in a picture that is turned by degrees. */
const MOST_STRETCHED_TURN = 4;
/** Most, of 100, by which neighbours differ where no edge is; points that each steeper one takes from the detail, and how many at most. */
const [GENTLE, STEEP, MOST_STEEP] = [8, 0.4, 100];
const ROUNDING = 1e-4;
const f = Math.fround;
const SCALE = f(100 / 255);

/** Make the 64 rows of a span: what PDQ's band is on pixels, on samples. */
function rowsOf(axis: Axis, { start, stop, first, last, isReversed }: Span): Rows {
  const band = bandOf(stop - start, isReversed);
  const rows = noRows();
  for (let row = 0; row < SIDE; row++) {
    const own = (): Float64Array => band.weights.slice(row * band.neighbours, (row + 1) * band.neighbours).map((weight) => weight / band.scale);
    addRow(rows, axis, start + band.first[row]!, band.isCut[row] ? windowOf(own()) : tentWindow((band.neighbours + 1) / 2), [first, last]);
  }
  return rows;
}

/** Whether pictures of these axes have such a re-post: not turned if a strip, nowhere under 5 pixels, and not of too few samples. */
function hasCanvas({ whole, inside, degrees }: Canvas, down: Axis, across: Axis): boolean {
  const [short, long] = [Math.min(down.length, across.length), Math.max(down.length, across.length)];
  const shows = (side: number, { size }: Axis): boolean => side >= LEAST_SIDE && (size === 1 || side >= LEAST_SAMPLES * size);
  const isLarge = Math.min(whole.bottom - whole.top, whole.right - whole.left) >= LEAST_SIDE;
  return isLarge && shows(inside.bottom - inside.top, down) && shows(inside.right - inside.left, across) && (degrees === 0 || long <= MOST_STRETCHED_TURN * short);
}

/** Give the hashes of re-posts, in the order of the recipes, but for those that `hasCanvas` leaves out. */
export function* hashRecipes(means: BlockMeans, recipes: readonly Recipe[]): Generator<Repost> {
  const { luma, down, across } = means;
  const [rowsMade, linesMade, blursMade] = [new Map<string, Rows>(), new Map<string, Float64Array>(), new Map<string, Blurred>()];
  const shared = <T>(made: Map<string, T>, key: string, make: () => T): T => {
    if (!made.has(key)) made.set(key, make());
    return made.get(key)!;
  };
  const columns = samplesOf(across);
  for (const recipe of recipes) {
    const canvas = canvasOf(recipe, across.length, down.length);
    if (!hasCanvas(canvas, down, across)) continue;
    const { whole, inside, fill, degrees, orientation } = canvas;
    const turn = turnOf(orientation);
    let [reduced, shown]: [Float64Array, Shown] = [new Float64Array(0), EVERY];
    if (degrees !== 0) {
      reduced = reduceTurnedByDegrees(means, canvas, (key, make) => shared(blursMade, key, make));
    } else {
      const row = { start: whole.top, stop: whole.bottom, first: inside.top, last: inside.bottom, isReversed: turn.rowsReversed };
      const column = { start: whole.left, stop: whole.right, first: inside.left, last: inside.right, isReversed: turn.columnsReversed };
      const [rowKey, columnKey] = [`row ${Object.values(row).join()}`, `column ${Object.values(column).join()}`];
      const rows = shared(rowsMade, rowKey, () => rowsOf(down, row));
      const weighed = shared(rowsMade, columnKey, () => rowsOf(across, column));
      reduced = applyAcross(weighed, shared(linesMade, rowKey, () => applyDown(rows, luma, columns)), columns);
      if (fill !== 0) reduced.forEach((_, at) => (reduced[at]! += fill * (1 - rows.sums[Math.floor(at / SIDE)]! * weighed.sums[at % SIDE]!)));
      const [high, wide] = [insideOf(rows.sums), insideOf(weighed.sums)];
      shown = turn.transposed ? [...wide, ...high] : [...high, ...wide];
    }
    const upright = Float32Array.from(turn.transposed ? transposed(reduced) : reduced);
    const [quality, detail] = details(upright, shown);
    yield { recipe, canvas, value: valueOf(coefficientsOf(upright)), quality: Math.min(100, quality), detail };
  }
}

/** Which of 64 rows lie wholly inside the picture: the first, and the one after the last. */
function insideOf(sums: readonly number[]): [number, number] {
  const isInside = (sum: number): boolean => sum > 1 - ROUNDING;
  const first = sums.findIndex(isInside);
  return first < 0 ? [0, 1] : [first, sums.findLastIndex(isInside) + 1];
}

/** The quality of a reduction, which may be above 100, and the detail of the rows and columns that are `shown`. */
function details(reduced: Float32Array, [top, bottom, left, right]: Shown): [number, number] {
  let [whole, within, gentle] = [0, 0, 0];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const luma = reduced[y * SIDE + x]!; // scaled by one product, unlike PDQ's own quality
      const down = y < SIDE - 1 ? Math.abs(Math.trunc(f(f(reduced[(y + 1) * SIDE + x]! - luma) * SCALE))) : 0;
      const across = x < SIDE - 1 ? Math.abs(Math.trunc(f(f(reduced[y * SIDE + x + 1]! - luma) * SCALE))) : 0;
      whole += down + across;
      if (y < top || y >= bottom || x < left || x >= right) continue;
      if (y < bottom - 1) [within, gentle] = [within + down, gentle + Math.min(down, GENTLE)];
      if (x < right - 1) [within, gentle] = [within + across, gentle + Math.min(across, GENTLE)];
    }
  }
  const [every, even] = [Math.floor(within / GRADIENTS_A_POINT), Math.floor(gentle / GRADIENTS_A_POINT)];
  return [Math.floor(whole / GRADIENTS_A_POINT), even - Math.min(Math.trunc(STEEP * (every - even)), MOST_STEEP)];
}

/** Whether a re-post shows enough of the picture, and not mostly a frame. */
export function isFit(repost: Repost, ownQuality: number, rules: Rules): boolean {
  if (repost.quality < rules.qualityFloor) return false;
  if (!bringsEdges(repost.canvas)) return repost.detail >= rules.repostFloor;
  return ownQuality >= rules.edgesFloor && repost.detail >= (repost.recipe.tenths ? rules.turnedFloor : rules.framedFloor);
}

/** The words, 32 bits each, of a hash in hexadecimal. */
function wordsOf(value: string): Uint32Array {
  return Uint32Array.from({ length: value.length / 8 }, (_, word) => parseInt(value.slice(8 * word, 8 * word + 8), 16));
}

function bitsBetween(a: Uint32Array, b: Uint32Array): number {
  let bits = 0;
  for (let word = 0; word < a.length; word++) for (let differ = a[word]! ^ b[word]!; differ !== 0; differ &= differ - 1) bits++;
  return bits;
}

/** Bits in which two hashes of the same length differ. */
export function distance(a: string, b: string): number {
  if (a.length !== b.length) throw new RangeError("hashes of different lengths");
  return bitsBetween(wordsOf(a), wordsOf(b));
}

/**
 * Hash a picture and its likely re-posts.
 *
 * The picture's own hashes come first, whatever their quality. A re-post that shows too little is dropped, and so is one
 * whose hash is nearly there already. A picture below `qualityFloor` has none.
 */
export function hashPicture(pixels: Pixels, rules: Rules): PictureHash[] {
  const sums = rules.recipes.length > 0 ? new BlockSums(pixels.width, pixels.height) : undefined;
  const { original, stored } = hashOwn(pixels, sums && ((y, before) => { sums.add(y, before); }));
  const hashes: PictureHash[] = [{ ...original, variant: "original" }];
  if (stored) hashes.push({ ...stored, variant: "stored" });
  if (!sums || original.quality < rules.qualityFloor) return hashes;
  const grounded = original.quality >= rules.edgesFloor ? hashOverGrounds(pixels, rules) : [];
  const there = hashes.map((hash) => wordsOf(hash.value));
  const add = (hash: PictureHash): void => {
    const words = wordsOf(hash.value);
    if (hash.quality < rules.qualityFloor || there.some((other) => bitsBetween(words, other) <= rules.sameWithin)) return;
    there.push(words);
    hashes.push(hash);
  };
  grounded.forEach(add);
  const wanted = rules.recipes.slice(0, Math.max(0, rules.recipes.length - grounded.length));
  for (const repost of hashRecipes(sums.means(pixels.orientation), wanted)) {
    const { value, quality, recipe: { variant } } = repost;
    if (isFit(repost, original.quality, rules)) add({ value, quality, variant });
  }
  return hashes;
}

function hashOverGrounds(pixels: Pixels, rules: Rules): PictureHash[] {
  if (!isTransparent(pixels)) return [];
  return Object.entries(rules.grounds).map(([variant, ground]) => ({ ...hashOwn(overGround(pixels, ground)).original, variant }));
}
