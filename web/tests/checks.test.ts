/** What passes between room and page, and what a person sends; and the core's rules on pictures and videos. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { hexToBytes } from "@noble/hashes/utils.js";

import { newCredentials, isCaseNumber, readCaseNumber, readPin } from "../src/core/case";
import { type Asked, encodeRequest, rebuilt, submission } from "../src/core/checks";
import { hashOwn } from "../src/core/pdq";
import { arrayPixels, cutOut, overGround, turnOf } from "../src/core/pixels";
import { canvasOf } from "../src/core/recipe";
import { type Rules, distance } from "../src/core/reposts";
import { chooseKey, keyId, readProfile, saysOtherwise } from "../src/core/sealing";
import { VideoHasher, md5Of, evenly } from "../src/core/video";
import { newMd5 } from "../src/core/wasm";
import { encode, parseJson } from "../src/core/wire";

const VALUE = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
const PDQ = { type: "pdq", value: VALUE, quality: 100, variant: "original" };
const ASKED: Asked = { types: new Set(["pdq", "md5"]), variants: new Set(["original", "stored", "mirror"]) };
const VIDEO: Asked = { types: new Set(["vpdq", "md5"]), variants: new Set(["original", "mirror"]) };
const hashAt = (place: number): string => place.toString(16).padStart(64, "0");
const frames = (many: number): object[] => Array.from({ length: many }, (_, at) => ({ type: "vpdq", value: hashAt(at), quality: 60 }));

describe("what the frame passes on", () => {
  test("is rebuilt field by field", () => {
    const sent = { kind: "image", items: [[PDQ, { ...PDQ, value: hashAt(1), variant: "mirror" }], [PDQ]] };
    const found = rebuilt(sent, ASKED);
    assert.deepEqual(JSON.parse(JSON.stringify(found)), sent);
    assert.notEqual(found.items[0]![0], PDQ);
    assert.equal(rebuilt({ kind: "video", items: [[...frames(7200), { type: "md5", value: "0".repeat(32) }]] }, VIDEO).items[0]!.length, 7201);
  });

  const own = (fields: object): object => ({ kind: "image", items: [[{ ...PDQ, ...fields }]] });
  const odd = Object.defineProperty({ ...PDQ }, "__proto__", { value: 1, enumerable: true });
  const refused: Record<string, unknown> = {
    "nothing": undefined,
    "text": "image",
    "a key too many": { kind: "image", items: [[PDQ]], name: "a.jpg" },
    "a key too few": { items: [[PDQ]] },
    "another prototype": Object.assign(Object.create({ kind: "image" }) as object, { items: [[PDQ]] }),
    "a kind that there is not": { kind: "text", items: [[PDQ]] },
    "no items": { kind: "image", items: [] },
    "three items": { kind: "image", items: [[PDQ], [PDQ], [PDQ]] },
    "a million items": { kind: "image", items: new Array(1_000_000).fill([PDQ]) },
    "two videos": { kind: "video", items: [frames(1), frames(1)] },
    "no list": { kind: "image", items: [{ length: 1, 0: PDQ }] },
    "one field too many": own({ name: "a.jpg" }),
    "a name in a field": own({ variant: "IMG_0001.jpg" }),
    "a recipe that was not asked for": own({ variant: "inset-25" }),
    "a type that was not asked for": { kind: "image", items: [[{ type: "sha256", value: VALUE }]] },
    "wrong hex": own({ value: VALUE.toUpperCase() }),
    "a short value": own({ value: VALUE.slice(1) }),
    "a value with a line break": own({ value: `${VALUE.slice(1)}\n` }),
    "quality 101": own({ quality: 101 }),
    "quality in text": own({ quality: "100" }),
    "quality in fractions": own({ quality: 99.5 }),
    "quality that is no number": own({ quality: NaN }),
    "an object in a field": own({ value: { toString: () => VALUE } }),
    "a prototype as a field": { kind: "image", items: [[odd]] },
    "a symbol as a field": { kind: "image", items: [[{ ...PDQ, [Symbol("a")]: 1 }]] },
    "the same hash twice": { kind: "image", items: [[PDQ, { ...PDQ, variant: "mirror" }]] },
    "more hashes than a picture has": { kind: "image", items: [Array.from({ length: 257 }, (_, at) => ({ ...PDQ, value: hashAt(at) }))] },
    "more frames than a video has": { kind: "video", items: [frames(7201)] },
  };
  for (const [what, sent] of Object.entries(refused)) {
    test(`is refused whole: ${what}`, () => {
      assert.throws(() => rebuilt(sent, sent !== undefined && JSON.stringify(sent).includes("video") ? VIDEO : ASKED), TypeError);
    });
  }
});

describe("what a person sends", () => {
  const request = {
    version: 1 as const,
    nonce: "00112233445566778899aabbccddeeff",
    case_number: "ANAN-ANAN-ANAP",
    case_key: "d3".repeat(32),
    declarations: { adult: true as const, depicted: "self" as const, intimate: true as const, no_consent: true as const, wording: 2 as const },
    items: [{ content: "image" as const, altered: "no" as const, altered_from: undefined, signals: [{ ...PDQ, type: "pdq" as const }] }],
  };

  test("is checked on the bytes that leave", () => {
    const written = new TextDecoder().decode(encodeRequest(submission, request));
    assert.ok(written.startsWith('{"case_key":"d3d3') && !written.includes("altered_from"));
    assert.throws(() => encodeRequest(submission, { ...request, case_number: "ANAN-ANAN-ANAN" }), { reason: "InvalidSubmissionError" });
    const declarations = { ...request.declarations, adult: false as unknown as true };
    assert.throws(() => encodeRequest(submission, { ...request, declarations }), { reason: "AgeGateError" });
  });

  test("is ASCII, whatever it holds", () => {
    assert.equal(new TextDecoder().decode(encode({ b: "é\u007f😀\n", a: undefined, A: [true, 1] })), String.raw`{"A":[true,1],"b":"\u00e9\u007f\ud83d\ude00\n"}`);
  });

  test("credentials are new each time, and read as they are typed", () => {
    const drawn = Array.from({ length: 200 }, newCredentials);
    assert.equal(new Set(drawn.map(({ number }) => number)).size, 200);
    assert.ok(drawn.every(({ number, pin }) => isCaseNumber(number) && readPin(pin) === pin));
    assert.equal(readCaseNumber("\u2067anan anan\u2013anap\u2069"), "ANAN-ANAN-ANAP");
    assert.equal(readCaseNumber("OOOO OOOO OOOO"), "0000-0000-0000");
    assert.equal(readCaseNumber("ANAN-ANAN-ANAQ"), undefined);
    assert.equal(readPin("١٢٣٤ ٥٦٧٨"), "12345678");
    assert.equal(readPin("1234567"), undefined);
  });

  test("JSON is read strictly", () => {
    const strict = (text: string): unknown => parseJson(new TextEncoder().encode(text));
    assert.deepEqual(strict(' [ "a\\u00e9", -1 , [ ] ] '), ["aé", -1, []]);
    for (const text of ["", "[1,]", "[1 2]", "{}{}", "01", "1.0", "1e3", "-", "[null]", "\ufeff1", '{"a":1,"a":1}', '{"a" 1}', '"\t"', "[[[[[[[[[1]]]]]]]]]", "123456789012345678901"]) {
      assert.throws(() => strict(text), Error, text);
    }
  });
});

describe("a service", () => {
  const vector = JSON.parse(readFileSync("../schemas/vectors/profile-key.json", "utf8")) as { body: string };
  const plain = JSON.parse(vector.body) as Record<string, unknown> & { origin: string; keys: { id: string; suite: 1 | 2; public: string }[] };
  const [key] = plain.keys as [(typeof plain.keys)[0]];
  key.id = keyId(key.suite, hexToBytes(key.public)); // the vector's own is any
  const read = (changed: object = {}): ReturnType<typeof readProfile> => readProfile(new TextEncoder().encode(JSON.stringify({ ...plain, ...changed })), plain.origin);

  test("is believed where it names its address and its keys", () => {
    assert.equal(read().origin, plain.origin);
    assert.throws(() => readProfile(new TextEncoder().encode(JSON.stringify(plain)), "https://other.example"), { reason: "SealingError" });
    assert.throws(() => read({ keys: [{ ...key, id: "0".repeat(16) }] }), { reason: "SealingError" });
  });

  test("is sealed to while its key is valid, and stopped at where it says something else", () => {
    const profile = read();
    const { expires } = profile.keys[0]!;
    assert.equal(chooseKey(profile, profile, expires), profile.keys[0]);
    assert.throws(() => chooseKey(profile, profile, "2999-01-01"), { reason: "SealingError" });
    assert.equal(saysOtherwise(profile, profile, "2026-01-01"), false);
    assert.equal(saysOtherwise(read({ operator: "Another" }), profile, "2026-01-01"), true);
    assert.equal(saysOtherwise({ ...profile, keys: [] }, profile, "2026-01-01"), true);
  });
});

describe("pictures and videos", () => {
  const noise = (width: number, height: number, seed = 1): Uint8Array => {
    let state = seed;
    return Uint8Array.from({ length: width * height * 3 }, (_, at) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (Math.floor(at / 3 / width / 9) * 31 + (state >>> 25)) % 256;
    });
  };
  const rules: Rules = { recipes: [{ variant: "mirror", orientation: 2 }], qualityFloor: 50, repostFloor: 46, framedFloor: 50, turnedFloor: 80, edgesFloor: 80, sameWithin: 4, grounds: {} };

  test("a picture under 5 pixels has no hash", () => {
    assert.deepEqual(hashOwn(arrayPixels(noise(4, 90), 4, 90, 3)).original, { value: "0".repeat(64), quality: 0 });
    assert.throws(() => arrayPixels(new Uint8Array(10), 2, 2, 3), RangeError);
    assert.throws(() => turnOf(9), RangeError);
  });

  test("rows and columns of a part are those of the whole", () => {
    const whole = arrayPixels(noise(20, 10), 20, 10, 3);
    const part = cutOut(whole, { top: 2, bottom: 9, left: 5, right: 18 });
    const rows = part.rows(1, 3);
    assert.deepEqual([...rows.subarray(0, 3)], [...whole.rows(3, 4).subarray(15, 18)]);
    assert.deepEqual([...part.columns(4, 5).subarray(3, 6)], [...rows.subarray(12, 15)]);
  });

  test("a transparent pixel takes the colour of the page", () => {
    const clear = arrayPixels(Uint8Array.of(10, 20, 30, 0, 10, 20, 30, 255), 2, 1, 4);
    assert.deepEqual([...overGround(clear, 255).rows(0, 1)], [255, 255, 255, 255, 10, 20, 30, 255]);
  });

  test("halves are rounded to even, as in Python", () => {
    const { whole } = canvasOf({ variant: "a", pad: [500, 500, 500, 500] }, 5, 7);
    assert.deepEqual(whole, { top: -4, bottom: 11, left: -2, right: 7 });
  });

  test("a video keeps frames that differ, and none twice", () => {
    const video = new VideoHasher(rules, 7200);
    const shots = [1, 2, 3].map((seed) => arrayPixels(noise(96, 64, seed), 96, 64, 3));
    const flat = arrayPixels(new Uint8Array(96 * 64 * 3), 96, 64, 3);
    assert.deepEqual([shots[0]!, shots[0]!, flat, shots[1]!, shots[2]!].map((shot, second) => video.add(shot, second)), [true, true, false, true, true]);
    const kept = video.hashes();
    const own = kept.filter(({ variant }) => variant === undefined);
    assert.equal(new Set(kept.map(({ value }) => value)).size, kept.length);
    assert.ok(own.length >= 1 && own.every(({ quality }) => quality >= 50));
    assert.ok(own.every(({ value }, at) => at === 0 || distance(value, own[at - 1]!.value) > 2));
    const less = new VideoHasher(rules, 2);
    shots.forEach((shot, second) => less.add(shot, second));
    assert.ok(less.hashes().length <= 2);
  });

  test("frames are spread evenly, the first and the last among them", () => {
    assert.deepEqual(evenly([0, 1, 2, 3, 4, 5, 6, 7, 8], 3), [0, 4, 8]);
    assert.deepEqual(evenly([0, 0.1, 0.2, 10], 3), [0, 2, 3]);
    assert.deepEqual(evenly([5, 6], 9), [0, 1]);
  });

  test("MD5 is by WebAssembly, not only where that fails", async () => {
    assert.equal((await newMd5()).hex(), "d41d8cd98f00b204e9800998ecf8427e");
  });

  test("digests are those of the whole file, without WebAssembly too", async () => {
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      for (const piece of ["a", "", "bc"]) yield await Promise.resolve(new TextEncoder().encode(piece));
    };
    const { WebAssembly: kept } = globalThis;
    for (const assembly of [kept, undefined]) {
      Object.assign(globalThis, { WebAssembly: assembly });
      assert.equal(await md5Of(pieces()), "900150983cd24fb0d6963f7d28e17f72");
    }
    Object.assign(globalThis, { WebAssembly: kept });
  });
});
