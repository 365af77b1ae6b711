/**
 * The credentials of a case: case number, PIN, and the key made from both. The PIN itself is never sent.
 *
 * Source: `hashclient/model/case.py`; vectors `case-number-*`, `case-key-*`.
 */
import { argon2idAsync } from "@noble/hashes/argon2.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

import { argon2id } from "./wasm";

/** What the person keeps. */
export interface Credentials {
  /** `XXXX-XXXX-XXXX`. */
  readonly number: string;
  /** Eight digits. */
  readonly pin: string;
}

/** Crockford base32. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NUMBER_BITS = 55n;
const PIN_DIGITS = 8;
const [PASSES, KIBIBYTES, LANES, KEY_BYTES] = [3, 64 * 1024, 4, 32];
const NUMBER = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
/** Blanks, hyphens, and the invisible marks that keep a number in order in a right-to-left text. */
const NOT_COUNTED = /[\s\u200e\u200f\u2010-\u2015\u2066-\u2069-]/gu;

/** Sum alpha^i times the i-th character from the right, over GF(2^5) modulo x^5 + x^2 + 1; of a case number it is 0. */
function checkSum(characters: string): number {
  let total = 0;
  for (const character of characters) {
    total <<= 1;
    total = (total & 32 ? total ^ 0b100101 : total) ^ ALPHABET.indexOf(character);
  }
  return total;
}

/** Whether this is a case number as it is written on the wire, in which nothing is corrected. */
export function isCaseNumber(text: string): boolean {
  return NUMBER.test(text) && checkSum(text.replaceAll("-", "")) === 0;
}

/** Build a case number from 55 random bits. */
export function caseNumberOf(bits: bigint): string {
  if (bits < 0n || bits >= 1n << NUMBER_BITS) throw new RangeError("not 55 bits");
  let text = "";
  for (let shift = NUMBER_BITS - 5n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((bits >> shift) & 31n)]!;
  text += ALPHABET[checkSum(`${text}0`)]!;
  return grouped(text);
}

/** Read a case number that a person typed; undefined where it is none. I and L mean 1, O means 0. */
export function readCaseNumber(typed: string): string | undefined {
  const text = grouped(counted(typed).toUpperCase().replace(/[IL]/g, "1").replaceAll("O", "0"));
  return isCaseNumber(text) ? text : undefined;
}

/** Read a PIN that a person typed, eight digits of any script; undefined where it is none. */
export function readPin(typed: string): string | undefined {
  const digits = counted(typed);
  return /^[0-9]{8}$/.test(digits) ? digits : undefined;
}

/** A PIN as it is shown, `1234 5678`. */
export function shownPin(pin: string): string {
  return `${pin.slice(0, 4)} ${pin.slice(4)}`;
}

/** Draw the credentials of a new case. */
export function newCredentials(): Credentials {
  const [bits] = crypto.getRandomValues(new BigUint64Array(1)) as unknown as [bigint];
  const every = 10 ** PIN_DIGITS;
  const fair = Math.floor(2 ** 32 / every) * every; // what is beyond would make some PINs likelier
  let [pin] = crypto.getRandomValues(new Uint32Array(1)) as unknown as [number];
  while (pin >= fair) [pin] = crypto.getRandomValues(new Uint32Array(1)) as unknown as [number];
  return { number: caseNumberOf(bits & ((1n << NUMBER_BITS) - 1n)), pin: String(pin % every).padStart(PIN_DIGITS, "0") };
}

/** Derive the case key, 64 lower-case hex characters, which takes a second or more: Argon2id, RFC 9106. */
export async function caseKey({ number, pin }: Credentials): Promise<string> {
  const salt = caseSalt(number);
  try {
    return await fastCaseKey(pin, salt);
  } catch {
    return slowCaseKey(pin, salt); // a browser may refuse WebAssembly, and only trying tells
  }
}

/** What goes with the PIN into the key of a case. */
export function caseSalt(number: string): Uint8Array {
  return sha256(utf8ToBytes(`hashclient/v1/case-key${number.replaceAll("-", "")}`));
}

/** The key by WebAssembly; rejects where there is none. */
export async function fastCaseKey(pin: string, salt: Uint8Array): Promise<string> {
  return bytesToHex(await argon2id(utf8ToBytes(pin), salt, { lanes: LANES, passes: PASSES, kibibytes: KIBIBYTES, bytes: KEY_BYTES }));
}

/** The same without WebAssembly, some six seconds. */
export async function slowCaseKey(pin: string, salt: Uint8Array): Promise<string> {
  return bytesToHex(await argon2idAsync(utf8ToBytes(pin), salt, { t: PASSES, m: KIBIBYTES, p: LANES, dkLen: KEY_BYTES }));
}

function grouped(text: string): string {
  return [text.slice(0, 4), text.slice(4, 8), text.slice(8)].join("-");
}

/** What a person typed without what does not count, and with the digits of other scripts as ours. */
function counted(typed: string): string {
  return typed.replace(NOT_COUNTED, "").replace(/\p{Nd}/gu, (digit) => {
    const place = digit.codePointAt(0)!;
    let first = place;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--; // digits stand in runs of ten
    return String((place - first) % 10);
  });
}
