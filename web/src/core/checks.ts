/**
 * Check what comes out of the room, and what leaves the device: every field is built again, and nothing else passes.
 *
 * Source: `hashclient/model/signal.py`, `submission.py`, `wire.py`; SECURITY.md; vectors `submission-*`, `withdrawal*`.
 */
import { caseNumber, decode, encode, hex, listOf, need, object, oneOf, or, text, version, where, whole, WireError } from "./wire";
import { type Check, type Checked, type Json, MAX_FRAMES, MAX_ITEMS, MAX_SIGNALS, MAX_SIGNALS_PER_ITEM, SIGNAL_TYPES, type SignalType } from "./wire";

/** Lowest quality at which a PDQ hash may leave the device. */
export const QUALITY_FLOOR = 50;
const DIGITS: Readonly<Record<SignalType, number>> = { pdq: 64, md5: 32, vpdq: 64, sha256: 64, phash: 16, dhash: 16, ahash: 16, whash: 16 };
const EXACT: readonly SignalType[] = ["md5", "sha256"];
const WITH_QUALITY: readonly SignalType[] = ["pdq", "vpdq"];
const OF_VIDEOS: readonly SignalType[] = ["md5", "sha256", "vpdq", "pdq"];
const MOST_OF_A_PICTURE = 256;

/** Whether a type matches identical bytes only. */
export function isExact(type: SignalType): boolean {
  return EXACT.includes(type);
}

const signal = where(
  object(
    {
      type: oneOf(...SIGNAL_TYPES),
      value: text(/^[0-9a-f]+$/, 64),
      quality: or(whole(0, 100), undefined),
      variant: or(text(/^[a-z]+[0-9]*([-+][a-z0-9]+){0,7}$/, 48), undefined),
    },
    true,
  ),
  ({ type, value, quality, variant }) => {
    const isVariantRight = type === "vpdq" || (variant !== undefined) === !isExact(type);
    return value.length === DIGITS[type] && (quality !== undefined) === WITH_QUALITY.includes(type) && isVariantRight;
  },
);
export type Signal = Checked<typeof signal>;

const item = where(
  object(
    {
      content: oneOf("image", "video"),
      altered: or(oneOf("yes", "no", "unknown"), "unknown" as const),
      altered_from: or(whole(0, MAX_ITEMS - 1), undefined),
      signals: listOf(signal, 1, MAX_SIGNALS_PER_ITEM),
    },
    true,
  ),
  ({ content, altered, altered_from, signals }) => {
    const isFitting = (type: SignalType): boolean => (content === "image" ? type !== "vpdq" : OF_VIDEOS.includes(type));
    const isRight = ({ type, quality = 0 }: Signal): boolean => isFitting(type) && (!WITH_QUALITY.includes(type) || quality >= QUALITY_FLOOR);
    const different = new Set(signals.map(({ type, value }) => `${type}:${value}`));
    return signals.every(isRight) && different.size === signals.length && (altered_from === undefined || altered === "yes");
  },
);
export type Item = Checked<typeof item>;

const yes = oneOf(true);
const openDeclarations = object(
  { adult: yes, depicted: oneOf("self", "represented"), intimate: yes, no_consent: yes, wording: or(oneOf(2), 2 as const) },
  true,
);
export type Declarations = Checked<typeof openDeclarations>;

const openSubmission = where(
  object(
    {
      version,
      nonce: hex(32),
      case_number: caseNumber,
      case_key: hex(64),
      declarations: openDeclarations,
      items: listOf(item, 1, MAX_ITEMS),
    },
    true,
  ),
  ({ items }) => {
    const isOther = (from: number | undefined, place: number): boolean => from === undefined || (from < items.length && from !== place);
    return signalsIn(items) <= MAX_SIGNALS && items.every(({ altered_from }, place) => isOther(altered_from, place));
  },
);
export type Submission = Checked<typeof openSubmission>;

/** Stops at the age gate before anything else of it is looked at. */
export const submission: Check<Submission> = (value) => {
  const said = value instanceof Map ? value.get("declarations") : undefined;
  if (said instanceof Map && said.get("adult") !== true) throw new WireError("AgeGateError");
  return openSubmission(value);
};

export const caseRequest = object({ version, case_number: caseNumber, case_key: hex(64) }, true);
export const head = object(
  { version, purpose: oneOf("submission", "status", "withdrawal"), reply_key: hex(64), epoch: or(hex(32), undefined) },
  true,
);

/** What the largest request has of each mark at most; no string of a request holds one. */
const MOST = MAX_SIGNALS + MAX_ITEMS + 8;
const MOST_MARKS = new Map([["{", MOST], ["[", MAX_ITEMS + 8], [":", 4 * MOST], [",", 5 * MOST], ['"', 16 * MOST]]);

/** Decode what a person sends, by a check of it; throws `WireError`. */
export function readRequest<T>(check: Check<T>, untrusted: Uint8Array): T {
  const counts = new Uint32Array(256);
  for (const byte of untrusted) counts[byte]!++;
  for (const [mark, most] of MOST_MARKS) if (counts[mark.charCodeAt(0)]! > most) throw new WireError("InvalidSubmissionError");
  return decode(check, untrusted, "InvalidSubmissionError");
}

/** Encode what a person sends, after all of its rules were checked on the very bytes. */
export function encodeRequest<T extends object>(check: Check<T>, request: T): Uint8Array {
  const bytes = encode(request);
  readRequest(check, bytes);
  return bytes;
}

/** What was asked of the room for one file: nothing that was not asked for comes back. */
export interface Asked {
  readonly types: ReadonlySet<SignalType>;
  /** Names of the recipes, `original` and `stored` among them. */
  readonly variants: ReadonlySet<string>;
}

/** What the room found in one file: a picture inside a framed one is a second item. */
export interface Found {
  readonly kind: "image" | "video";
  readonly items: readonly (readonly Signal[])[];
}

/**
 * Rebuild what the frame passes on, field by field; throws where anything is wrong, and takes nothing of it then.
 *
 * Pictures have at most 256 hashes and those of their file, videos 7,200 frames; they are counted before they are looked at.
 */
export function rebuilt(untrusted: unknown, asked: Asked): Found {
  const { kind, items } = plainFields(untrusted, ["items", "kind"]);
  need((kind === "image" || kind === "video") && Array.isArray(items) && items.length > 0 && items.length <= 2);
  const most = kind === "image" ? MOST_OF_A_PICTURE : MAX_FRAMES;
  const signals = (items as unknown[]).map((each) => {
    need(Array.isArray(each) && each.length <= most + EXACT.length);
    const read = (each as unknown[]).map((one) => signal(asJson(one)));
    for (const { type, variant = "original" } of read) need(asked.types.has(type) && asked.variants.has(variant));
    need(new Set(read.map(({ type, value }) => `${type}:${value}`)).size === read.length);
    need(read.filter(({ type }) => !isExact(type)).length <= most);
    return read;
  });
  need(kind === "image" || signals.length === 1);
  return { kind, items: signals };
}

function signalsIn(items: readonly Item[]): number {
  return items.reduce((sum, { signals }) => sum + signals.length, 0);
}

/** The fields of a plain object that has these and no others. */
function plainFields(untrusted: unknown, names: readonly string[]): Record<string, unknown> {
  need(typeof untrusted === "object" && untrusted !== null && Object.getPrototypeOf(untrusted) === Object.prototype);
  const found = Reflect.ownKeys(untrusted);
  need(found.length === names.length && names.every((name) => found.includes(name)));
  return untrusted as Record<string, unknown>;
}

/** One signal from another place, as the checks take it: a plain object with four fields at most. */
function asJson(untrusted: unknown): Map<string, Json> {
  need(typeof untrusted === "object" && untrusted !== null && Object.getPrototypeOf(untrusted) === Object.prototype);
  const names = Reflect.ownKeys(untrusted);
  need(names.length <= 4);
  const fields = names.map((name) => {
    need(typeof name === "string");
    return [name, (untrusted as Record<string, unknown>)[name]];
  });
  for (const [, value] of fields) need(typeof value === "string" || Number.isInteger(value));
  return new Map(fields as [string, Json][]);
}
