"""Seal a request so that only the endpoint can read it, and the reply so that only the sender of the request can.

PURE: bytes and keys in, bytes out; the only randomness is that of key generation and HPKE. Client and endpoint both use
it. The format, with all lengths in bytes:

    request = version (1) | suite (1) | key id (8) | HPKE(padded)    info "hashclient/v1/" origin first-10-bytes
    reply   = HPKE(padded), to the reply key in the head             info "hashclient/v1/reply/" SHA-256(request)
    padded  = length (4) | plaintext | zeros                         all of it inside the seal
    plaintext of a request = length of the head (4) | head | body

The length of a whole request is a power of two, at least 4,096; a whole reply is 1,024 long.

Source:
    HPKE base mode, RFC 9180, single shot, empty AAD; the hybrid KEM is X-Wing (0x647a). Vectors:
    `schemas/vectors/sealed-*.json`, `reply-*.json`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NewType

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.hpke import Suite as HpkeSuite

from hashclient.errors import NoHybridError, SealingError
from hashclient.messages import _p
from hashclient.model import SealingKey
from hashclient.model.profile import PADDING_FLOOR
from hashclient.model.wire import Head, WireBody, decode, encode
from hashclient.vocabulary import Suite

SealedBody = NewType("SealedBody", bytes)
"""A sealed request, which only `seal` makes."""

VERSION: Final = 1
HEADER_BYTES: Final = 10
REPLY_BYTES: Final = 1024
OVERHEAD: Final = {Suite.X25519: 32 + 16, Suite.MLKEM768_X25519: 1088 + 32 + 16}
"""Bytes that HPKE adds, by suite: the encapsulated key and the tag."""

_INFO: Final = b"hashclient/v1/"
_REPLY_INFO: Final = b"hashclient/v1/reply/"
_KEM = {Suite.X25519: KEM.X25519, Suite.MLKEM768_X25519: KEM.MLKEM768_X25519}
_MLKEM_PUBLIC_BYTES: Final = 1184
_MLKEM_SEED_BYTES: Final = 64


@dataclass(frozen=True)
class PrivateKey:
    """A private key as raw bytes, which are never shown."""

    suite: Suite
    raw: bytes
    """X25519: 32 bytes. Hybrid: the ML-KEM-768 seed (64 bytes), then the X25519 key (32)."""

    def __repr__(self) -> str:
        return f"PrivateKey(suite={self.suite!r}, raw='***')"

    @classmethod
    def generate(cls, suite: Suite) -> "PrivateKey":
        """Generate a new key.

        Raises:
            NoHybridError: this build of `cryptography` does not support the suite.
        """
        curve = X25519PrivateKey.generate().private_bytes_raw()
        if suite is Suite.X25519:
            return cls(suite, curve)
        try:
            return cls(suite, MLKEM768PrivateKey.generate().private_bytes_raw() + curve)
        except UnsupportedAlgorithm:
            raise NoHybridError from None

    def public(self, *, expires: str) -> SealingKey:
        """Return the public key, as a profile lists it; `expires` is a day, `YYYY-MM-DD`."""
        if self.suite is Suite.X25519:
            raw = X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw()
        else:
            lattice, curve = self._halves()
            raw = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        return SealingKey(suite=self.suite, id=key_id(self.suite, raw), public=raw.hex(), expires=expires)

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        seed, curve = self.raw[:_MLKEM_SEED_BYTES], self.raw[_MLKEM_SEED_BYTES:]
        return MLKEM768PrivateKey.from_seed_bytes(seed), X25519PrivateKey.from_private_bytes(curve)

    def for_hpke(self) -> X25519PrivateKey | MLKEM768X25519PrivateKey:
        """Return the key in the form that HPKE needs."""
        if self.suite is Suite.X25519:
            return X25519PrivateKey.from_private_bytes(self.raw)
        return MLKEM768X25519PrivateKey(*self._halves())


@dataclass(frozen=True)
class Opened:
    """A sealed request, opened."""

    head: Head
    untrusted_body: bytes
    """The submission or case request, byte for byte as the client encoded it."""


def key_id(suite: Suite, public: bytes) -> str:
    """Return the id of a public key: the first 8 bytes of SHA-256 of the suite's byte and the key, as hex."""
    return hashlib.sha256(bytes([suite]) + public).hexdigest()[:16]


def check_digits(key: SealingKey) -> str:
    """Return 25 digits in five groups, by which people compare a key by eye or by telephone."""
    digest = hashlib.sha256(bytes([key.suite]) + bytes.fromhex(key.public)).digest()
    digits = f"{int.from_bytes(digest) % 10**25:025d}"
    return " ".join(digits[start : start + 5] for start in range(0, 25, 5))


def can_do(suite: Suite) -> bool:
    """Tell whether this build of `cryptography` supports the suite."""
    try:
        PrivateKey.generate(suite).for_hpke()
    except SealingError:
        return False
    return True


def choose_key(keys: Sequence[SealingKey], *, today: str) -> SealingKey:
    """Choose the key to seal to: hybrid before X25519, then the one that is valid longest.

    Args:
        keys: the keys of the profile.
        today: the day, `YYYY-MM-DD`; keys that expired before it are ignored.

    Raises:
        SealingError: every key has expired.
        NoHybridError: the profile has a hybrid key, and this build of `cryptography` does not support it.
    """
    live = [key for key in keys if key.expires >= today]
    if not live:
        raise SealingError(
            _p("error", "The service has no key that is still valid. Nothing was sent."),
            hint=_p("error", "Ask the service."),
        )
    best = max(live, key=lambda key: (key.suite, key.expires))
    if not can_do(best.suite):
        raise NoHybridError
    return best


def new_reply_key() -> PrivateKey:
    """Generate the key to which one reply is sealed; it is used once."""
    return PrivateKey.generate(Suite.X25519)


def head_for(purpose: str, reply_key: PrivateKey, *, epoch: str | None = None) -> Head:
    """Build the head of a request, new in each attempt; the body beside it never changes."""
    public = X25519PrivateKey.from_private_bytes(reply_key.raw).public_key().public_bytes_raw()
    return Head.model_validate({"version": 1, "purpose": purpose, "reply_key": public.hex(), "epoch": epoch})


def seal(body: WireBody, *, head: Head, key: SealingKey, origin: str, floor: int = PADDING_FLOOR) -> SealedBody:
    """Seal a body to the endpoint's key.

    Args:
        body: canonical bytes.
        head: purpose and reply key, new in each attempt.
        key: one of the profile's.
        origin: scheme, host and port of the endpoint, as in its profile; bound into the seal.
        floor: minimum length of the whole request in bytes, a power of two of at least 4,096.

    Returns:
        The request, whose length is a power of two.

    Raises:
        SealingError: the key is not a key of its suite.
        NoHybridError: this build of `cryptography` does not support the suite.
    """
    packed = encode(head)
    plaintext = len(packed).to_bytes(4) + packed + body
    outside = HEADER_BYTES + OVERHEAD[key.suite]
    total = max(floor, 1 << (outside + 4 + len(plaintext) - 1).bit_length())
    header = bytes([VERSION, key.suite]) + bytes.fromhex(key.id)
    public = _public(key)
    try:
        sealed = _hpke(key.suite).encrypt(_pad(plaintext, total - outside), public, _info(origin, header))
    except ValueError:  # a point of low order
        raise SealingError from None
    return SealedBody(header + sealed)


def read_key_id(untrusted_request: bytes) -> tuple[int, str]:
    """Read suite and key id from the first ten bytes of a request.

    Raises:
        SealingError: the request is too short, its length is not a power of two, or its version is unknown.
    """
    size = len(untrusted_request)
    if size < PADDING_FLOOR or size & (size - 1) or untrusted_request[0] != VERSION:
        raise SealingError
    return untrusted_request[1], untrusted_request[2:HEADER_BYTES].hex()


def open_sealed(untrusted_request: bytes, *, key: PrivateKey, origin: str) -> Opened:
    """Open a request at the endpoint.

    Raises:
        SealingError: it was not sealed to this key and origin, was changed, or is not padded correctly.
        InvalidSubmissionError: the head inside breaks the specification.
    """
    read_key_id(untrusted_request)
    header, sealed = untrusted_request[:HEADER_BYTES], untrusted_request[HEADER_BYTES:]
    plaintext = _unpad(_decrypt(key, sealed, _info(origin, header)))
    length = int.from_bytes(plaintext[:4])
    if len(plaintext) < 4 + length:
        raise SealingError
    return Opened(decode(Head, plaintext[4 : 4 + length]), plaintext[4 + length :])


def seal_reply(reply: WireBody, *, request: bytes, reply_key: str) -> bytes:
    """Seal a reply to the key inside the request.

    Args:
        reply: canonical bytes of a receipt, a report or a problem.
        request: the sealed request; its digest is bound into the seal.
        reply_key: the X25519 public key of the head, 64 hex characters.

    Returns:
        1,024 bytes.

    Raises:
        SealingError: the reply is too long, or the key is not a usable point of the curve.
    """
    try:
        public = X25519PublicKey.from_public_bytes(bytes.fromhex(reply_key))
        padded = _pad(reply, REPLY_BYTES - OVERHEAD[Suite.X25519])
        return _hpke(Suite.X25519).encrypt(padded, public, _REPLY_INFO + hashlib.sha256(request).digest())
    except ValueError:
        raise SealingError from None


def open_reply(untrusted_reply: bytes, *, request: SealedBody, key: PrivateKey) -> bytes:
    """Open the reply to a request, which only the holder of the endpoint's key can have sealed.

    Raises:
        SealingError: it belongs to another request, was changed, or is not a reply.
    """
    if len(untrusted_reply) != REPLY_BYTES:
        raise SealingError
    return _unpad(_decrypt(key, untrusted_reply, _REPLY_INFO + hashlib.sha256(request).digest()))


def _hpke(suite: Suite) -> HpkeSuite:
    return HpkeSuite(_KEM[suite], KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def _info(origin: str, header: bytes) -> bytes:
    return _INFO + origin.encode() + header


def _public(key: SealingKey) -> X25519PublicKey | MLKEM768X25519PublicKey:
    raw = bytes.fromhex(key.public)
    try:
        if key.suite is Suite.X25519:
            return X25519PublicKey.from_public_bytes(raw)
        lattice, curve = raw[:_MLKEM_PUBLIC_BYTES], raw[_MLKEM_PUBLIC_BYTES:]
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(lattice), X25519PublicKey.from_public_bytes(curve)
        )
    except UnsupportedAlgorithm:
        raise NoHybridError from None
    except ValueError:
        raise SealingError from None


def _decrypt(key: PrivateKey, sealed: bytes, info: bytes) -> bytes:
    try:
        return _hpke(key.suite).decrypt(sealed, key.for_hpke(), info)
    except (InvalidTag, ValueError):
        raise SealingError from None


def _pad(plaintext: bytes, size: int) -> bytes:
    if len(plaintext) + 4 > size:
        raise SealingError
    return (len(plaintext).to_bytes(4) + plaintext).ljust(size, b"\0")


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:4])
    plaintext, zeros = padded[4 : 4 + length], padded[4 + length :]
    if len(plaintext) != length or zeros.strip(b"\0"):
        raise SealingError
    return plaintext
