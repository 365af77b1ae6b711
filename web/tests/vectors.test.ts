/** Every vector of `schemas/vectors`, refusals included. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";

import { sha3_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";

import { caseKey, caseNumberOf, caseSalt, fastCaseKey, isCaseNumber, readCaseNumber, slowCaseKey } from "../src/core/case";
import { caseRequest, head, readRequest, submission } from "../src/core/checks";
import { BlockSums } from "../src/core/blocks";
import { walk } from "../src/core/pdq";
import { type Pixels, arrayPixels } from "../src/core/pixels";
import { recipeOf } from "../src/core/recipe";
import { distance, hashRecipes } from "../src/core/reposts";
import { openReply, openWith, requestInfo, x25519Shared } from "../src/core/sealing";
import { type Check, WireError, caseReport, decode, encode, endpointProfile, parseJson, problem, receipt } from "../src/core/wire";

type Vector = Record<string, unknown> & { readonly why: string; readonly expect: unknown };

const FOLDER = "../schemas/vectors/"; // tests run in web/
const VECTORS = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => [name.replace(".json", ""), JSON.parse(readFileSync(FOLDER + name, "utf8")) as Vector]),
);
const ran = new Set<string>();

function named(start: string): [string, Vector][] {
  const found = [...VECTORS].filter(([name]) => name.startsWith(start));
  assert.ok(found.length > 0, start);
  for (const [name] of found) ran.add(name);
  return found;
}

function bodyOf(vector: Vector): Uint8Array {
  if (typeof vector["body_hex"] === "string") return hexToBytes(vector["body_hex"]);
  if (typeof vector["body"] === "string") return utf8ToBytes(vector["body"]);
  return utf8ToBytes((vector["repeat"] as [string, number][]).map(([text, times]) => text.repeat(times)).join(""));
}

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof WireError);
    return error.reason;
  }
  return "ok";
};

const READERS: Record<string, (bytes: Uint8Array) => object> = {
  submission: (bytes) => readRequest(submission, bytes),
  "case-request": (bytes) => readRequest(caseRequest, bytes),
  receipt: reader(receipt),
  "case-report": reader(caseReport),
  "endpoint-profile": reader(endpointProfile),
  problem: (bytes) => decode(problem, bytes, "InvalidReplyError", false),
};

function reader<T extends object>(check: Check<T>): (bytes: Uint8Array) => T {
  return (bytes) => decode(check, bytes, "InvalidReplyError");
}

/** What is expected, with defaults in place of fields that it leaves out; an empty list of types is read, but never written. */
function withDefaults(read: (bytes: Uint8Array) => object, { signal_types: types, ...rest }: Record<string, unknown>): object {
  const isEmpty = Array.isArray(types) && types.length === 0;
  const expected = read(encode(isEmpty || types === undefined ? rest : { ...rest, signal_types: types }));
  return isEmpty ? { ...expected, signal_types: [] } : expected;
}

describe("documents", () => {
  for (const [name, vector] of [...VECTORS].filter(([, { document }]) => document !== undefined)) {
    test(`${name}: ${vector.why}`, () => {
      ran.add(name);
      const read = READERS[vector["document"] as string]!;
      if (typeof vector.expect === "string") assert.equal(refusal(() => read(bodyOf(vector))), vector.expect);
      else assert.deepEqual(read(bodyOf(vector)), withDefaults(read, vector.expect as Record<string, unknown>));
    });
  }

  test("what is read whole is written as it was", () => {
    for (const [name, vector] of [...VECTORS].filter(([, { document, expect }]) => document === "submission" && expect === "ok")) {
      const [bytes, read] = [bodyOf(vector), submissionOf(bodyOf(vector))];
      assert.deepEqual(submissionOf(encode(read)), read, name);
      const isCanonical = !/\s/.test(vector["body"] as string) && (vector["body"] as string).includes('"altered":');
      if (name === "submission-one-picture" && isCanonical) assert.equal(bytesToHex(encode(read)), bytesToHex(bytes));
    }
  });
});

const submissionOf = (bytes: Uint8Array) => readRequest(submission, bytes);

describe("credentials", () => {
  for (const [name, { bits, expect }] of named("case-number-")) {
    test(name, () => {
      assert.equal(caseNumberOf(BigInt(`0x${bits as string}`)), expect);
      assert.ok(isCaseNumber(expect as string));
      assert.equal(readCaseNumber((expect as string).toLowerCase().replaceAll("-", " ")), expect);
    });
  }
  for (const [name, vector] of named("case-key-")) {
    test(name, async () => {
      const [number, pin] = [vector["case_number"] as string, vector["pin"] as string];
      assert.equal(await fastCaseKey(pin, caseSalt(number)), vector.expect);
      assert.equal(await caseKey({ number, pin }), vector.expect);
    });
  }
  test("without WebAssembly the key is the same", async () => {
    const [[, vector]] = named("case-key-") as [[string, Vector]];
    assert.equal(await slowCaseKey(vector["pin"] as string, caseSalt(vector["case_number"] as string)), vector.expect);
  });
});

describe("distances", () => {
  for (const [name, { a, b, expect }] of named("distance-")) {
    test(name, () => {
      assert.equal(distance((a as string).slice(4), (b as string).slice(4)), expect);
    });
  }
});

/** Open a request as an endpoint does: the page itself only seals. */
function openRequest(request: Uint8Array, suite: 1 | 2, privateKey: Uint8Array, origin: string): [object, Uint8Array] {
  const size = request.length;
  if (size < 4096 || (size & (size - 1)) !== 0 || request[0] !== 1) throw new WireError("SealingError");
  const shared = (sent: Uint8Array): Uint8Array => (suite === 1 ? x25519Shared(privateKey, sent, sent, x25519.getPublicKey(privateKey)) : xWing(privateKey, sent));
  const plaintext = openWith(suite, request.slice(10), requestInfo(origin, request.slice(0, 10)), shared);
  const length = new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(0);
  return [readRequest(head, plaintext.slice(4, 4 + length)), plaintext.slice(4 + length)];
}

/** X-Wing from its two private halves: the seed of ML-KEM-768, then the X25519 key. */
function xWing(privateKey: Uint8Array, sent: Uint8Array): Uint8Array {
  const [seed, curve] = [privateKey.slice(0, 64), privateKey.slice(64)];
  const [lattice, point] = [sent.slice(0, 1088), sent.slice(1088)];
  const ofLattice = ml_kem768.decapsulate(lattice, ml_kem768.keygen(seed).secretKey);
  const ofCurve = x25519.getSharedSecret(curve, point);
  return sha3_256(concatBytes(ofLattice, ofCurve, point, x25519.getPublicKey(curve), utf8ToBytes("\\.//^\\")));
}

describe("sealed", () => {
  for (const [name, vector] of named("sealed-")) {
    test(`${name}: ${vector.why}`, () => {
      const [suite, secret] = [vector["suite"] === "X25519" ? 1 : 2, hexToBytes(vector["private_key"] as string)] as const;
      const open = (): [object, Uint8Array] => openRequest(hexToBytes(vector["request"] as string), suite, secret, vector["origin"] as string);
      assert.equal(refusal(open), vector.expect);
      if (vector.expect === "ok") assert.equal(new TextDecoder().decode(open()[1]), vector["body"]);
    });
  }
  for (const [name, vector] of named("reply-")) {
    test(`${name}: ${vector.why}`, () => {
      const request = { bytes: hexToBytes(vector["request"] as string), replyKey: hexToBytes(vector["reply_key"] as string) };
      const open = (): Uint8Array => openReply(hexToBytes(vector["reply"] as string), request);
      assert.equal(refusal(open), vector.expect);
      if (vector.expect === "ok") assert.equal(new TextDecoder().decode(open()), vector["body"]);
    });
  }
});

/** A picture in whole numbers, as the vectors' README draws it. */
function drawn({ width, height, seed }: { width: number; height: number; seed: number }): Pixels {
  const waves = [[3, 1, 700, 80], [-2, 5, 400, 60], [7, -4, 300, 45], [1, 9, 170, 35], [13, 6, 110, 20], [-11, 17, 60, 15]] as const;
  const data = new Uint8Array(width * height * 3);
  for (let place = 0; place < data.length; place++) {
    const [colour, pixel] = [place % 3, Math.floor(place / 3)];
    const [x, y] = [Math.floor((1024 * (pixel % width)) / width), Math.floor((1024 * Math.floor(pixel / width)) / height)];
    waves.forEach(([a, b, p, h], wave) => {
      const n = a * x + b * y + 37 * (wave + 1) * colour + 101 * (wave + 1) * seed;
      const within = ((n % (2 * p)) + 2 * p) % (2 * p);
      data[place]! += Math.floor((h * Math.abs(within - p)) / p);
    });
  }
  return arrayPixels(data, width, height, 3);
}

function repostOf(picture: Parameters<typeof drawn>[0], recipe: unknown): object | string {
  const pixels = drawn(picture);
  const sums = new BlockSums(pixels.width, pixels.height);
  walk(pixels, (y, before) => {
    sums.add(y, before);
  });
  const [found] = [...hashRecipes(sums.means(1), [recipeOf(recipe)])];
  return found === undefined ? "left out" : { value: found.value, quality: found.quality, detail: found.detail };
}

describe("likely re-posts", () => {
  for (const [name, vector] of named("repost-")) {
    test(`${name}: ${vector.why}`, () => {
      assert.deepEqual(repostOf(vector["picture"] as Parameters<typeof drawn>[0], vector["recipe"]), vector.expect);
    });
  }
  for (const [name, vector] of named("recipe-")) {
    test(`${name}: ${vector.why}`, () => {
      assert.equal(vector.expect, "UsageError");
      const isFraction = name === "recipe-fraction-whole"; // 1.0, which JSON.parse cannot tell from 1
      if (isFraction) assert.throws(() => parseJson(readFileSync(`${FOLDER}${name}.json`)), SyntaxError);
      else assert.throws(() => recipeOf(vector["recipe"]), TypeError);
    });
  }
  const set = JSON.parse(readFileSync("../hashclient/hashing/reposts/coverage-v2.json", "utf8")) as Record<string, { variant: string }[]>;
  for (const [name, vector] of named("set-")) {
    test(`${name}: ${vector.why}`, () => {
      const [width, height] = [vector["width"] as number, vector["height"] as number];
      const recipes = set[name.replace("set-", "")]!;
      const expected = vector.expect as { variant: string; seed: number }[];
      assert.deepEqual(expected.map(({ variant }) => variant), recipes.map(({ variant }) => variant));
      expected.forEach(({ variant, seed, ...expect }, place) => {
        assert.deepEqual(repostOf({ width, height, seed }, recipes[place]), expect, variant);
      });
    });
  }
});

test("every vector was run", () => {
  assert.deepEqual([...VECTORS.keys()].filter((name) => !ran.has(name) && name !== "pdq"), []);
});
