"""Send one PDQ hash without a line of hashclient: `python examples/independent_submitter.py ENDPOINT PDQ QUALITY [SUITE]`.

Written from docs/for-partners.md with `httpx` and `cryptography` alone: for whoever writes a client in another language.
It goes the whole round: profile, declarations, credentials, submission, status, withdrawal.
"""

import hashlib
import json
import secrets
import sys
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SENTENCES = (
    (
        "Everyone in these images was 18 or over when they were made. "
        "None is made to look under 18, or made from a photo of someone under 18."
    ),
    "I am in these images.",
    "Each image is nude, partly nude or sexual, or made to look so.",
    (
        "I did not agree to this being shared, or, if fake, made. (A threat counts.)\n"
        "  A yes that was pressed, threatened or tricked out of you is not agreeing."
    ),
)


def new_case_number() -> str:
    """Draw 55 bits and add the character that checks them."""
    eleven = [secrets.randbelow(32) for _ in range(11)]
    total = 0
    for value in [*eleven, 0]:
        total = total << 1 ^ (0b100101 if total & 16 else 0) ^ value
    text = "".join(ALPHABET[value] for value in [*eleven, total])
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def case_key(number: str, pin: str) -> str:
    """Derive what is sent in place of the PIN."""
    salt = hashlib.sha256(b"hashclient/v1/case-key" + number.replace("-", "").encode()).digest()
    return Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=65536).derive(pin.encode()).hex()


def hpke(suite: int) -> Suite:
    """Give the HPKE suite of one of our suites."""
    return Suite({1: KEM.X25519, 2: KEM.MLKEM768_X25519}[suite], KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def ask(origin: str, key: dict[str, Any], path: str, purpose: str, document: dict[str, Any]) -> tuple[int, Any, bytes]:
    """Send a document, sealed; give the HTTP status, what the sealed reply says, and the bytes of the body."""
    reply_key = X25519PrivateKey.generate()
    reply_public = reply_key.public_key().public_bytes_raw().hex()
    head = json.dumps({"version": 1, "purpose": purpose, "reply_key": reply_public}).encode()
    body = json.dumps(document).encode()
    plaintext = len(head).to_bytes(4, "big") + head + body
    outside = 10 + {1: 48, 2: 1136}[key["suite"]]
    size = max(4096, 1 << (outside + 4 + len(plaintext) - 1).bit_length())
    padded = (len(plaintext).to_bytes(4, "big") + plaintext).ljust(size - outside, b"\0")
    raw = bytes.fromhex(key["public"])
    curve = X25519PublicKey.from_public_bytes(raw[-32:])
    hybrid = MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(raw[:1184]), curve) if raw[:-32] else curve
    header = bytes([1, key["suite"]]) + bytes.fromhex(key["id"])
    request = header + hpke(key["suite"]).encrypt(padded, hybrid, b"hashclient/v1/" + origin.encode() + header)
    reply = httpx.post(origin + path, content=request, headers={"Content-Type": "application/octet-stream"})
    if reply.headers["Content-Type"] != "application/octet-stream":
        return reply.status_code, reply.json(), body
    info = b"hashclient/v1/reply/" + hashlib.sha256(request).digest()
    opened = hpke(1).decrypt(reply.content, reply_key, info)
    return reply.status_code, json.loads(opened[4 : 4 + int.from_bytes(opened[:4], "big")]), body


def main() -> None:
    """Go the whole round, and say what the endpoint says."""
    origin, value, quality, *suite = sys.argv[1:]
    profile = httpx.get(origin + "/.well-known/hashclient.json").json()
    assert profile["origin"] == origin, "this is the profile of another address"  # noqa: S101  # an example
    wanted = int(suite[0]) if suite else 2
    key = next(key for key in profile["keys"] if key["suite"] == wanted)
    if not all(input(f"{sentence}\n  Type yes if this is so: ") == "yes" for sentence in SENTENCES):
        sys.exit("Nothing was sent.")
    number, pin = new_case_number(), f"{secrets.randbelow(10**8):08}"
    print(f"\ncase number {number}, PIN {pin}: nobody can recover them")
    case = {"version": 1, "case_number": number, "case_key": case_key(number, pin)}
    declared = {"adult": True, "depicted": "self", "intimate": True, "no_consent": True, "wording": 2}
    signal = {"type": "pdq", "value": value, "quality": int(quality), "variant": "original"}
    items = [{"content": "image", "signals": [signal]}]
    submission = case | {"nonce": secrets.token_hex(16), "declarations": declared, "items": items}
    status, receipt, body = ask(origin, key, "/v1/submissions", "submission", submission)
    is_ours = status == 201 and receipt["digest"] == hashlib.sha256(body).hexdigest()
    print("submission:", status, receipt["status"] if is_ours else receipt.get("type", "a receipt for something else"))
    for path, purpose in (("/v1/cases/status", "status"), ("/v1/cases/withdrawal", "withdrawal")):
        status, report, _ = ask(origin, key, path, purpose, case)
        print(f"{purpose}:", status, report["status"])


if __name__ == "__main__":
    main()
