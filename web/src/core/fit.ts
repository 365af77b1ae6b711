/**
 * Fit what a person wants to send to what a service accepts, the least useful hashes left out first.
 *
 * Source: `hashclient/model/fit.py`, `policy.py`.
 */
import { type Item, QUALITY_FLOOR, type Signal, isExact } from "./checks";
import { distance } from "./reposts";
import { evenly } from "./video";
import type { EndpointProfile, Limits } from "./wire";

/** Why a hash, or an item, is not sent. */
export type LeftOut = "type-not-accepted" | "low-quality" | "flat" | "too-many-signals";

/** What may go to a service, and why the rest may not: each reason with the place, from 0, of an item as it was given. */
export interface Fitted {
  readonly items: readonly Item[];
  /** The places, from 0, that these items had among those that were given. */
  readonly going: readonly number[];
  readonly leftOut: readonly { readonly reason: LeftOut; readonly item: number }[];
}

const BYTES_PER_SIGNAL = 168;
const BYTES_BESIDE_SIGNALS = 8192;
/** A PDQ hash with fewer ones, or fewer zeros, than this is almost constant. */
const FLAT_BITS = 8;

/** Leave out what this endpoint does not accept. */
export function fit(items: readonly Item[], { signal_types: types, limits }: EndpointProfile): Fitted {
  const leftOut: { reason: LeftOut; item: number }[] = [];
  const kept = items.map(({ signals }, item) => {
    const accepted = signals.filter(({ type }) => types.includes(type));
    if (accepted.length < signals.length) leftOut.push({ reason: "type-not-accepted", item });
    const reasons = accepted.map(unfit);
    for (const reason of new Set(reasons)) if (reason !== undefined) leftOut.push({ reason, item });
    return accepted.filter((_, place) => reasons[place] === undefined);
  });
  const most = items.map(({ content }, item) => narrowed(content, kept[item]!, kept[item]!.length, limits).length);
  const rooms = shared(roomOf(limits), most);
  const narrow = items.map(({ content }, item) => {
    const signals = narrowed(content, kept[item]!, rooms[item]!, limits);
    if (signals.length < kept[item]!.length) leftOut.push({ reason: "too-many-signals", item });
    return signals;
  });
  const places = new Map<number | undefined, number>();
  narrow.forEach((signals, item) => {
    if (signals.length > 0) places.set(item, places.size);
  });
  const fitted = items.map((item, place) => ({ ...item, signals: narrow[place]!, altered_from: places.get(item.altered_from) }));
  return { items: fitted.filter(({ signals }) => signals.length > 0), going: [...fitted.keys()].filter((place) => fitted[place]!.signals.length > 0), leftOut };
}

/** Why a hash may not leave the device; undefined if it may. */
export function unfit({ type, value, quality = 0 }: Signal): LeftOut | undefined {
  if (type !== "pdq" && type !== "vpdq") return undefined;
  if (quality < QUALITY_FLOOR) return "low-quality";
  const ones = distance(value, "0".repeat(value.length));
  return Math.min(ones, 256 - ones) < FLAT_BITS ? "flat" : undefined;
}

/** How many hashes one submission may have; a sealed body is a power of two long. */
function roomOf(limits: Limits): number {
  const largest = 2 ** Math.floor(Math.log2(limits.body_bytes));
  return Math.min(limits.signals, Math.floor(Math.max(0, largest - BYTES_BESIDE_SIGNALS) / BYTES_PER_SIGNAL));
}

/** Share room equally; what one does not need goes to the others. */
function shared(room: number, wanted: readonly number[]): number[] {
  const given = wanted.map(() => 0);
  const waiting = [...wanted.keys()].sort((a, b) => wanted[a]! - wanted[b]!);
  waiting.forEach((place, done) => {
    given[place] = Math.min(wanted[place]!, Math.floor(room / (waiting.length - done)));
    room -= given[place];
  });
  return given;
}

/** Keep at most `room` hashes, in their order, and no more than the endpoint accepts of this content. */
function narrowed(content: "image" | "video", signals: readonly Signal[], room: number, limits: Limits): Signal[] {
  if (content === "image") {
    const isOwn = ({ type, variant }: Signal): boolean => isExact(type) || variant === "original" || variant === "stored";
    const ordered = [...signals.filter(isOwn), ...signals.filter((signal) => !isOwn(signal))];
    const kept = new Set(ordered.slice(0, Math.min(room, limits.signals_per_image)));
    return signals.filter((signal) => kept.has(signal));
  }
  const kept = new Set(signals.filter(({ type }) => isExact(type)).slice(0, room));
  let left = Math.min(limits.frames_per_video, room - kept.size);
  const [own, reposts] = [new Map<string, Signal[]>(), new Map<string, Signal[]>()];
  for (const signal of signals.filter(({ type }) => !isExact(type))) {
    const { type, variant } = signal;
    const [series, name] = variant === undefined || variant === "frame" ? [own, type] : [reposts, variant];
    if (!series.get(name)?.push(signal)) series.set(name, [signal]);
  }
  const shares = [...shared(left, [...own.values()].map(({ length }) => length)), ...[...reposts.values()].map(({ length }) => length)];
  for (const frames of [...own.values(), ...reposts.values()]) {
    const chosen = evenly([...frames.keys()], Math.min(shares.shift()!, left));
    for (const place of chosen) kept.add(frames[place]!);
    left -= chosen.length;
  }
  return signals.filter((signal) => kept.has(signal));
}
