/**
 * Encode documents as canonical bytes, and decode untrusted bytes as checked documents.
 *
 * What an endpoint says is read without the fields that are not known, so that endpoints may grow.
 *
 * Source: `hashclient/model/wire.py`, `profile.py`, `receipt.py`; vectors `receipt*`, `report*`, `problem*`, `profile*`.
 */
import { isCaseNumber } from "./case";

/** Why a document is not read, as the vectors say it. */
export type Reason = "InvalidSubmissionError" | "InvalidReplyError" | "UnknownVersionError" | "AgeGateError" | "SealingError";

/** What does not follow the specification; it repeats nothing of it. */
export class WireError extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/** What JSON can hold here: no null, no fraction. Objects are maps, so that no name is special. */
export type Json = string | number | boolean | Json[] | Map<string, Json>;

/** Checks a value, gives it as it is to be used, and throws where it is wrong; `undefined` is what is absent. */
export type Check<T> = (value: Json | undefined) => T;
export type Checked<C> = C extends Check<infer T> ? T : never;

export const SIGNAL_TYPES = ["pdq", "md5", "vpdq", "sha256", "phash", "dhash", "ahash", "whash"] as const;
export type SignalType = (typeof SIGNAL_TYPES)[number];
export const [MAX_FRAMES, MAX_ITEMS, MAX_SIGNALS] = [7200, 100, 26_000];
export const MAX_SIGNALS_PER_ITEM = MAX_FRAMES + 2;

const [MAX_DEPTH, MAX_FIELDS, MAX_DIGITS, MAX_KEYS] = [8, 100, 20, 16];
const MEBIBYTE = 1024 * 1024;
const MAX_BYTES = 4 * MEBIBYTE;
const PADDING_FLOOR = 4096;
/** Length of a public key in bytes, by suite. */
const KEY_BYTES = new Map<Json | undefined, number>([[1, 32], [2, 1216]]);

/** Encode as canonical bytes: ASCII JSON with sorted keys, without blanks and absent fields. */
export function encode(document: object): Uint8Array {
  return new TextEncoder().encode(canonical(document));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${canonical(name)}:${canonical(field)}`).join(",")}}`;
}

/** Parse UTF-8 JSON strictly: no key twice, no fraction, no null, nothing deep or long. Throws where it is anything else. */
export function parseJson(untrusted: Uint8Array): Json {
  if (untrusted.length > MAX_BYTES) throw new SyntaxError("too long");
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(untrusted);
  const token = /[ \t\n\r]*(?:([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?(?:0|[1-9][0-9]*)(?![.eE0-9]))|(true|false))/y;
  const next = (): [string, "mark" | "text" | "number" | "word"] => {
    const found = token.exec(text);
    if (found === null) throw new SyntaxError("not JSON");
    const kind = (["mark", "text", "number", "word"] as const)[found.slice(1).findIndex(Boolean)]!;
    return [found.slice(1).join(""), kind];
  };
  const value = (depth: number, [part, kind] = next()): Json => {
    if (kind === "text") return JSON.parse(part) as string;
    if (kind === "word") return part === "true";
    if (kind === "number" && part.length <= MAX_DIGITS) return Number(part);
    if (depth === MAX_DEPTH || (part !== "{" && part !== "[")) throw new SyntaxError("too deep, or not JSON");
    return part === "[" ? list(depth + 1) : object(depth + 1);
  };
  const isLast = (end: string): boolean => {
    const [part] = next();
    if (part !== "," && part !== end) throw new SyntaxError("not JSON");
    return part === end;
  };
  const list = (depth: number): Json[] => {
    const found: Json[] = [];
    let first = next();
    if (first[1] === "mark" && first[0] === "]") return found;
    do {
      if (found.length > 0) first = next();
      found.push(value(depth, first));
    } while (!isLast("]"));
    return found;
  };
  const object = (depth: number): Map<string, Json> => {
    const found = new Map<string, Json>();
    let name = next();
    if (name[1] === "mark" && name[0] === "}") return found;
    do {
      if (found.size > 0) name = next();
      const key = name[1] === "text" ? (JSON.parse(name[0]) as string) : undefined;
      if (key === undefined || next()[0] !== ":" || found.has(key) || found.size === MAX_FIELDS) throw new SyntaxError("not a field");
      found.set(key, value(depth));
    } while (!isLast("}"));
    return found;
  };
  const read = value(0);
  if (/[^ \t\n\r]/.test(text.slice(token.lastIndex))) throw new SyntaxError("something stands behind");
  return read;
}

/**
 * Decode bytes from outside and check them.
 *
 * @param otherwise - What is thrown where they are wrong.
 * @param isVersioned - Whether a version other than 1 is told from what is wrong.
 */
export function decode<T>(check: Check<T>, untrusted: Uint8Array, otherwise: Reason, isVersioned = true): T {
  try {
    const read = parseJson(untrusted);
    if (isVersioned && read instanceof Map) {
      const said = read.get("version");
      need(said !== undefined);
      if (typeof said === "number" && said !== 1) throw new WireError("UnknownVersionError");
    }
    return check(read);
  } catch (error) {
    throw error instanceof WireError ? error : new WireError(otherwise);
  }
}

/** Thrown where a value is wrong; `decode` says what that means. */
export function need(isRight: boolean): asserts isRight {
  if (!isRight) throw new TypeError("not what the specification says");
}

export function text(pattern: RegExp, most: number, least = 0): Check<string> {
  return (value) => {
    need(typeof value === "string" && pattern.test(value) && !/\p{Surrogate}/u.test(value));
    const { length } = Array.from(value); // characters, not halves of them
    need(length >= least && length <= most);
    return value;
  };
}

export function whole(least: number, most: number): Check<number> {
  return (value) => {
    need(typeof value === "number" && value >= least && value <= most);
    return value;
  };
}

/** One of some values, and of the very same type. */
export function oneOf<const T extends Json>(...values: readonly T[]): Check<T> {
  return (value) => {
    const found = values.find((each) => each === value);
    need(found !== undefined);
    return found;
  };
}

export function listOf<T>(check: Check<T>, least: number, most: number): Check<T[]> {
  return (value) => {
    need(Array.isArray(value) && value.length >= least && value.length <= most);
    return value.map((each) => check(each));
  };
}

/** What may be absent, and what it then is. */
export function or<T, D>(check: Check<T>, absent: D): Check<T | D> {
  return (value) => (value === undefined ? absent : check(value));
}

type Fields = Record<string, Check<unknown>>;
type Read<F extends Fields> = { readonly [K in keyof F]: Checked<F[K]> };

/** An object: `isClosed` refuses fields that are not named, else they are gone. */
export function object<F extends Fields>(fields: F, isClosed = false): Check<Read<F>> {
  return (value) => {
    need(value instanceof Map);
    need(!isClosed || [...value.keys()].every((name) => Object.hasOwn(fields, name)));
    return Object.fromEntries(Object.entries(fields).map(([name, check]) => [name, check(value.get(name))])) as Read<F>;
  };
}

/** Like `check`, with a rule that looks at all of it. */
export function where<T>(check: Check<T>, rule: (read: T) => boolean): Check<T> {
  return (value) => {
    const read = check(value);
    need(rule(read));
    return read;
  };
}

export const version = oneOf(1);
export const truth: Check<boolean> = oneOf<boolean>(true, false);
export const caseNumber = where(text(/^/, 14), isCaseNumber);
export const hex = (digits: number): Check<string> => text(/^[0-9a-f]+$/, digits, digits);
const said = or(text(/^/, 500), undefined);
const count = whole(0, 1_000_000);
/** A day in UTC that is in the calendar, from 2000 to 2999. */
const day = where(text(/^2[0-9]{3}-[0-9]{2}-[0-9]{2}$/, 10), (read) => {
  const time = new Date(`${read}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(read);
});
const KNOWN = ["Received", "Active", "Withdrawn", "Deleted"] as const;
/** The state of a case; one that is not known is `other`, which is never success. */
const status: Check<(typeof KNOWN)[number] | "other"> = (value) => {
  need(typeof value === "string");
  return KNOWN.find((each) => each === value) ?? "other";
};

export const receipt = object({ version, case_number: caseNumber, digest: hex(64), items: count, signals: count, day, status });

const feedback = object({ pending_review: or(count, 0), blocked: or(count, 0), not_blocked: or(count, 0) });
export const caseReport = where(
  object({
    version,
    status,
    day,
    items: count,
    signals: count,
    feedback: or(feedback, { pending_review: 0, blocked: 0, not_blocked: 0 }),
    partners: or(count, undefined),
    fetched: or(count, undefined),
  }),
  ({ partners, fetched }) => (partners === undefined) === (fetched === undefined) && (fetched ?? 0) <= (partners ?? 0),
);

/** An error that the endpoint reports; the last part of `type` is its name. */
export const problem = object({
  type: text(/^[a-z0-9:/.#-]+$/, 100),
  title: text(/^/, 200),
  status: whole(400, 599),
  pointer: or(text(/^(\/[a-z0-9_]{1,40}){0,8}$/, 200), undefined),
});

const sealingKey = where(
  object({ suite: oneOf(1, 2), id: hex(16), public: text(/^[0-9a-f]+$/, 2 * 1216), expires: day }),
  (key) => key.public.length === 2 * KEY_BYTES.get(key.suite)!,
);

const isOfUnknownSuite = (key: Json): boolean => {
  const suite = key instanceof Map ? key.get("suite") : undefined;
  return typeof suite === "number" && !KEY_BYTES.has(suite);
};

const keys: Check<Checked<typeof sealingKey>[]> = (value) => {
  need(Array.isArray(value) && value.length <= MAX_KEYS);
  return value.filter((key) => !isOfUnknownSuite(key)).map((key) => sealingKey(key));
};

const signalTypes: Check<SignalType[]> = (value) => {
  need(Array.isArray(value) && value.length > 0 && value.every((type) => typeof type === "string"));
  return SIGNAL_TYPES.filter((type) => value.includes(type)).sort((a, b) => value.indexOf(a) - value.indexOf(b));
};

const limits = object({
  items: or(whole(1, MAX_ITEMS), MAX_ITEMS),
  signals: or(whole(1, MAX_SIGNALS), MAX_SIGNALS),
  signals_per_image: or(whole(1, MAX_SIGNALS_PER_ITEM), 256),
  frames_per_video: or(whole(0, MAX_FRAMES), MAX_FRAMES),
  body_bytes: or(whole(PADDING_FLOOR, 64 * MEBIBYTE), MAX_BYTES),
  padding_floor: or(where(whole(PADDING_FLOOR, MEBIBYTE), (bytes) => (bytes & (bytes - 1)) === 0), PADDING_FLOOR),
});

const openProfile = where(
  object({
    version,
    name: text(/^/, 100, 1),
    operator: text(/^/, 200, 1),
    origin: text(/^https?:\/\/[a-z0-9.:[\]-]+$/, 200),
    adults_only: or(oneOf(true), true as const),
    representatives: or(truth, undefined),
    signal_types: or(signalTypes, ["pdq", "md5", "vpdq"] as SignalType[]),
    limits: or(limits, limits(new Map())),
    plain_bodies: or(truth, false),
    keys: or(keys, []),
    policy: or(text(/^https:\/\/[!-~]+$/, 500), undefined),
    contact: said,
    partners: said,
    retention: said,
    partner_copies_days: or(whole(0, 30), undefined),
    epoch: or(hex(32), undefined),
  }),
  (profile) => profile.keys.length > 0 || profile.plain_bodies,
);
/** What an endpoint says about itself. Keys of unknown suites are skipped; where none is left of some, nothing is sent. */
export const endpointProfile: typeof openProfile = (value) => {
  const listed = value instanceof Map ? value.get("keys") : undefined;
  const isKeys = Array.isArray(listed) && listed.length > 0 && listed.length <= MAX_KEYS;
  if (isKeys && listed.every(isOfUnknownSuite)) throw new WireError("UnknownVersionError");
  return openProfile(value);
};

/** What holds of a service that says nothing of it. */
export const USUAL_LIMITS = limits(new Map());

export type SealingKey = Checked<typeof sealingKey>;
export type Limits = Checked<typeof limits>;
export type EndpointProfile = Checked<typeof endpointProfile>;
export type Receipt = Checked<typeof receipt>;
export type CaseReport = Checked<typeof caseReport>;
