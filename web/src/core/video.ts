/**
 * vPDQ: the PDQ hashes of a video's frames, and which of them are kept; digests of files.
 *
 * Ties are not settled: the colour conversion already moves more bits. The time of a frame stays on this device.
 *
 * Source: `hashclient/hashing/vpdq.py`, `hashclient/model/fit.py`.
 */
import { md5 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import { BlockSums } from "./blocks";
import { type Hash, LEAST_SIDE, hashReduced, reduceTurned } from "./pdq";
import { type Pixels, UPRIGHT } from "./pixels";
import { type Rules, distance, hashRecipes, isFit } from "./reposts";
import { newMd5 } from "./wasm";

/** The hash of one frame; `variant` names the re-post of it that this is. */
export interface FrameHash extends Hash {
  /** From the start of the video. */
  readonly seconds: number;
  readonly variant?: string;
}

/** The luma of black and of white. */
export type Levels = readonly [black: number, white: number];

const REPEAT_DISTANCE = 2;
const FULL = 255;

/**
 * Hashes frames in the order in which they are shown, and keeps the most telling ones.
 *
 * Frames below the quality floor are dropped, then those that repeat the frame kept before them, then those that equal any.
 */
export class VideoHasher {
  readonly #rules: Rules;
  readonly #most: number;
  readonly #values = new Set<string>();
  #last: readonly Hash[] = [];
  /** By variant, the likeliest first; frames themselves before all. */
  #series: Map<string | undefined, FrameHash[]>;

  /** `rules`: those of frames. `most`: how many hashes are kept at most. */
  constructor(rules: Rules, most: number) {
    this.#rules = rules;
    this.#most = most;
    this.#series = new Map([undefined, ...rules.recipes.map(({ variant }) => variant)].map((variant) => [variant, []]));
  }

  /** Hash a frame; whether it shows enough to be recognised: else the next one may be tried in its place. */
  add(pixels: Pixels, seconds: number, [black, white]: Levels = [0, FULL]): boolean {
    const { qualityFloor, recipes } = this.#rules;
    if (Math.min(pixels.width, pixels.height) < LEAST_SIDE) return false;
    const sums = new BlockSums(pixels.width, pixels.height);
    const orientations = new Set([pixels.orientation, UPRIGHT]);
    const reductions = reduceTurned(pixels, orientations, (y, before) => {
      if (recipes.length > 0) sums.add(y, before);
    });
    const spread = Math.fround(FULL / (white - black));
    const stretched = (luma: number): number => Math.min(Math.max((luma - black) * spread, 0), FULL);
    const every = [...orientations].map((orientation) => hashReduced(reductions.get(orientation)!.map(stretched)));
    const forms = every.filter(({ quality }) => quality >= qualityFloor);
    if (forms.length === 0) return false;
    if (this.#repeats(forms)) return true;
    this.#last = forms;
    for (const form of forms) this.#keep({ ...form, seconds });
    const means = sums.means(pixels.orientation);
    for (const repost of hashRecipes({ ...means, luma: means.luma.map(stretched) }, recipes)) {
      const { value, quality, recipe: { variant } } = repost;
      if (isFit(repost, every[0]!.quality, this.#rules)) this.#keep({ value, quality, seconds, variant });
    }
    if (this.#values.size > 2 * this.#most) this.#thin();
    return true;
  }

  /** The hashes that are kept: frames in the order of time, then each series of re-posts. */
  hashes(): FrameHash[] {
    this.#thin();
    return [...this.#series.values()].flat();
  }

  #repeats(forms: readonly Hash[]): boolean {
    const last = this.#last;
    return forms.length === last.length && forms.every(({ value }, form) => distance(value, last[form]!.value) <= REPEAT_DISTANCE);
  }

  #keep(hash: FrameHash): void {
    if (this.#values.has(hash.value)) return;
    this.#values.add(hash.value);
    this.#series.get(hash.variant)!.push(hash);
  }

  /** Keep no more than asked for: each series whole, one after the other, the last for which there is room spread evenly. */
  #thin(): void {
    let room = this.#most;
    this.#values.clear();
    for (const [variant, some] of this.#series) {
      const kept = thinned(some, room);
      room -= kept.length;
      this.#series.set(variant, kept);
      for (const { value } of kept) this.#values.add(value);
    }
  }
}

function thinned(hashes: readonly FrameHash[], most: number): FrameHash[] {
  const ordered = [...hashes].sort((a, b) => a.seconds - b.seconds);
  return evenly(ordered.map(({ seconds }) => seconds), most).map((place) => ordered[place]!);
}

/** Choose at most `most` times, spread as evenly as possible; the first and the last are always among them. */
export function evenly(times: readonly number[], most: number): number[] {
  if (times.length <= most) return [...times.keys()];
  const chosen: number[] = [];
  const start = times[0]!;
  const step = (times.at(-1)! - start) / Math.max(1, most - 1);
  for (let place = 0; place < most; place++) {
    const earliest = chosen.length > 0 ? chosen.at(-1)! + 1 : 0;
    const latest = times.length - (most - place);
    chosen.push(Math.min(Math.max(nearest(times, start + place * step), earliest), latest));
  }
  return chosen;
}

function nearest(times: readonly number[], wanted: number): number {
  const found = times.findIndex((time) => time >= wanted);
  const after = found < 0 ? times.length - 1 : found;
  return after > 0 && wanted - times[after - 1]! <= times[after]! - wanted ? after - 1 : after;
}

/** The MD5 of a file, read piece by piece: lower-case hex. */
export async function md5Of(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const digest = await newMd5().catch(() => undefined);
  const slow = md5.create(); // a browser may refuse WebAssembly, and only trying tells
  for await (const piece of pieces) (digest ?? slow).update(piece);
  return digest?.hex() ?? bytesToHex(slow.digest());
}
