/**
 * Seal a request so that only the endpoint can read it, and open the reply that only the endpoint can have sealed.
 *
 *     request = version (1) | suite (1) | key id (8) | HPKE(padded)    info "hashclient/v1/" origin first-10-bytes
 *     reply   = HPKE(padded), to the reply key in the head             info "hashclient/v1/reply/" SHA-256(request)
 *     padded  = length (4) | plaintext | zeros
 *     plaintext of a request = length of the head (4) | head | body
 *
 * Source: HPKE base mode, RFC 9180, single shot, empty AAD, HKDF-SHA256, ChaCha20-Poly1305; the hybrid KEM is X-Wing.
 * `hashclient/sealing.py`, `hashclient/client/trust.py`; vectors `sealed-*`, `reply-*`.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { pow } from "@noble/curves/abstract/modular.js";
import { montgomery } from "@noble/curves/abstract/montgomery.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { sha3_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";

import { type EndpointProfile, type SealingKey, WireError, decode, encode, endpointProfile } from "./wire";

/** A sealed request, and what opens the reply to it. */
export interface SealedRequest {
  readonly bytes: Uint8Array;
  /** The private key of the `reply_key` in its head. */
  readonly replyKey: Uint8Array;
}

export type Purpose = "submission" | "status" | "withdrawal";
type Bytes = Uint8Array;

const [VERSION, HEADER_BYTES, REPLY_BYTES, TAG_BYTES] = [1, 10, 1024, 16];
/** By suite the id of the KEM, and the length of what it sends. */
const KEMS = { 1: { id: 0x0020, bytes: 32 }, 2: { id: 0x647a, bytes: 1120 } } as const;
const NONE = new Uint8Array();
/** Where the lattice's part of a hybrid key ends, and what the two secrets are bound with: X-Wing. */
const [LATTICE_KEY_BYTES, X_WING] = [1184, "\\.//^\\"];
const P = 2n ** 255n - 19n;
/** X25519, RFC 7748, by the ladder alone: what `ed25519.js` has besides would be 20 kB of the page. */
const x25519 = montgomery({
  P,
  type: "x25519",
  powPminus2: (x) => pow(x, P - 2n, P),
  adjustScalarBytes: (bytes: Bytes) => {
    bytes[0]! &= 248;
    bytes[31] = (bytes[31]! & 127) | 64;
    return bytes;
  },
});

/** The id of a public key: 16 hex characters. */
export function keyId(suite: 1 | 2, publicKey: Bytes): string {
  return bytesToHex(sha256(concatBytes(Uint8Array.of(suite), publicKey))).slice(0, 16);
}

/**
 * Read what an endpoint says of itself; believed where it names the address it came from, and its keys rightly.
 *
 * @param origin - Scheme, host and port of the address.
 */
export function readProfile(untrusted: Bytes, origin: string): EndpointProfile {
  const profile = decode(endpointProfile, untrusted, "InvalidReplyError");
  if (originOf(profile.origin) !== originOf(origin) || profile.keys.some((key) => key.id !== keyId(key.suite, hexToBytes(key.public)))) {
    throw new WireError("SealingError");
  }
  return profile;
}

function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    throw new WireError("SealingError");
  }
}

/** Whether a profile that was read again differs from the one that was shown in more than added or replaced keys. */
export function saysOtherwise(profile: EndpointProfile, shown: EndpointProfile, today: string): boolean {
  const frozen = ["operator", "partners", "retention", "partner_copies_days"] as const;
  if (frozen.some((field) => profile[field] !== shown[field])) return true;
  const isLeft = (key: SealingKey): boolean =>
    profile.keys.some((now) => {
      const least = key.expires < today ? key.expires : today;
      return now.suite === key.suite && now.public === key.public && now.expires >= least;
    });
  return shown.keys.length > 0 && !shown.keys.some(isLeft);
}

/** Choose the key to seal to: hybrid first, then the one that is valid longest; one that was shown before any other. */
export function chooseKey(profile: EndpointProfile, shown: EndpointProfile, today: string): SealingKey {
  const live = profile.keys.filter((key) => key.expires >= today);
  const known = live.filter((key) => shown.keys.some((before) => before.public === key.public));
  const [best] = [...(known.length > 0 ? known : live)].sort((a, b) => b.suite - a.suite || (a.expires < b.expires ? 1 : -1));
  if (best === undefined) throw new WireError("SealingError");
  return best;
}

/** Seal a body, canonical bytes, with a head and a reply key that are new in each attempt. Its length is a power of two. */
export function seal(purpose: Purpose, body: Bytes, key: SealingKey, profile: EndpointProfile): SealedRequest {
  const replyKey = x25519.utils.randomSecretKey();
  const reply_key = bytesToHex(x25519.getPublicKey(replyKey));
  const head = encode({ version: VERSION, purpose, reply_key, epoch: profile.epoch });
  const plaintext = concatBytes(inBytes(head.length, 4), head, body);
  const outside = HEADER_BYTES + KEMS[key.suite].bytes + TAG_BYTES;
  let total = profile.limits.padding_floor;
  while (total < outside + 4 + plaintext.length) total *= 2;
  const header = concatBytes(Uint8Array.of(VERSION, key.suite), hexToBytes(key.id));
  const sealed = sealWith(key.suite, padded(plaintext, total - outside), hexToBytes(key.public), requestInfo(profile.origin, header));
  return { bytes: concatBytes(header, sealed), replyKey };
}

/** Open the reply to a request. */
export function openReply(untrusted: Bytes, { bytes, replyKey }: SealedRequest): Bytes {
  if (untrusted.length !== REPLY_BYTES) throw new WireError("SealingError");
  const info = concatBytes(utf8ToBytes("hashclient/v1/reply/"), sha256(bytes));
  return openWith(1, untrusted, info, (sent) => x25519Shared(replyKey, sent, sent, x25519.getPublicKey(replyKey)));
}

/** What binds a request to an origin and to its own first ten bytes. */
export function requestInfo(origin: string, header: Bytes): Bytes {
  return concatBytes(utf8ToBytes(`hashclient/v1/${origin}`), header);
}

/** HPKE, open: what the KEM sent, the sealed bytes, and the shared secret that belongs to them. */
export function openWith(suite: 1 | 2, untrusted: Bytes, info: Bytes, shared: (sent: Bytes) => Bytes): Bytes {
  const { bytes } = KEMS[suite];
  try {
    return unpadded(cipher(suite, shared(untrusted.slice(0, bytes)), info).decrypt(untrusted.slice(bytes)));
  } catch {
    throw new WireError("SealingError");
  }
}

function sealWith(suite: 1 | 2, plaintext: Bytes, publicKey: Bytes, info: Bytes): Bytes {
  try {
    const [sent, shared] = encapsulated(suite, publicKey);
    return concatBytes(sent, cipher(suite, shared, info).encrypt(plaintext));
  } catch {
    throw new WireError("SealingError"); // a key that is no point, or one of low order
  }
}

function encapsulated(suite: 1 | 2, publicKey: Bytes): [Bytes, Bytes] {
  const secret = x25519.utils.randomSecretKey();
  const sent = x25519.getPublicKey(secret);
  if (suite === 1) return [sent, x25519Shared(secret, publicKey, sent, publicKey)];
  const [ofLattice, ofCurve] = [publicKey.slice(0, LATTICE_KEY_BYTES), publicKey.slice(LATTICE_KEY_BYTES)];
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(ofLattice);
  const shared = sha3_256(concatBytes(sharedSecret, x25519.getSharedSecret(secret, ofCurve), sent, ofCurve, utf8ToBytes(X_WING)));
  return [concatBytes(cipherText, sent), shared];
}

/** The shared secret of DHKEM(X25519, HKDF-SHA256). */
export function x25519Shared(secret: Bytes, other: Bytes, sent: Bytes, receiver: Bytes): Bytes {
  const suite = concatBytes(utf8ToBytes("KEM"), inBytes(KEMS[1].id, 2));
  const extracted = labeledExtract(suite, NONE, "eae_prk", x25519.getSharedSecret(secret, other));
  return labeledExpand(suite, extracted, "shared_secret", concatBytes(sent, receiver), 32);
}

function cipher(suite: 1 | 2, shared: Bytes, info: Bytes): ReturnType<typeof chacha20poly1305> {
  const id = concatBytes(utf8ToBytes("HPKE"), inBytes(KEMS[suite].id, 2), inBytes(1, 2), inBytes(3, 2));
  const hashes = [labeledExtract(id, NONE, "psk_id_hash", NONE), labeledExtract(id, NONE, "info_hash", info)];
  const context = concatBytes(Uint8Array.of(0), ...hashes);
  const secret = labeledExtract(id, shared, "secret", NONE);
  return chacha20poly1305(labeledExpand(id, secret, "key", context, 32), labeledExpand(id, secret, "base_nonce", context, 12));
}

function labeledExtract(suite: Bytes, salt: Bytes, label: string, key: Bytes): Bytes {
  return extract(sha256, concatBytes(utf8ToBytes("HPKE-v1"), suite, utf8ToBytes(label), key), salt);
}

function labeledExpand(suite: Bytes, key: Bytes, label: string, info: Bytes, length: number): Bytes {
  return expand(sha256, key, concatBytes(inBytes(length, 2), utf8ToBytes("HPKE-v1"), suite, utf8ToBytes(label), info), length);
}

function inBytes(number: number, length: number): Bytes {
  return Uint8Array.from({ length }, (_, place) => number >>> (8 * (length - 1 - place)));
}

function padded(plaintext: Bytes, size: number): Bytes {
  const all = new Uint8Array(size);
  all.set(inBytes(plaintext.length, 4));
  all.set(plaintext, 4);
  return all;
}

function unpadded(all: Bytes): Bytes {
  const length = new DataView(all.buffer, all.byteOffset).getUint32(0);
  if (length + 4 > all.length || all.subarray(4 + length).some((byte) => byte !== 0)) throw new WireError("SealingError");
  return all.slice(4, 4 + length);
}
