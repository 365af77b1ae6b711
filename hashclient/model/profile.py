"""The endpoint profile: what an endpoint says of itself before anything is sent to it."""

from enum import IntEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from hashclient.model._base import One, Specified, Yes
from hashclient.model.receipt import Day
from hashclient.model.signal import SignalType
from hashclient.model.submission import MAX_ITEMS, MAX_SIGNALS, MAX_SIGNALS_PER_ITEM

PADDING_FLOOR: Final = 4096
"""Least bytes of a sealed request."""
BODY_BYTES: Final = 4 * 1024 * 1024
"""Most bytes of a request, as a default."""

Said = Annotated[str, Field(max_length=500)]
"""A sentence of the operator's, shown to the person as text and never as markup."""


class Suite(IntEnum):
    """How a body is sealed; the value is the byte on the wire."""

    X25519 = 1
    """DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305 (RFC 9180)."""
    MLKEM768_X25519 = 2
    """Hybrid ML-KEM-768 and X25519, HKDF-SHA256, ChaCha20-Poly1305."""


KEY_BYTES: Final = {Suite.X25519: 32, Suite.MLKEM768_X25519: 1216}
"""Bytes of a public key, by suite; the hybrid one is the ML-KEM-768 key (1,184) and the X25519 key (32)."""


class SealingKey(Specified):
    """A public key of the endpoint."""

    suite: Annotated[Suite, Field(strict=False)]
    """1 for X25519, 2 for the hybrid."""
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """8 bytes as hex: the first of the SHA-256 of the suite's byte and the public key."""
    public: Annotated[str, Field(pattern=r"^[0-9a-f]+$", max_length=2 * 1216)]
    """The public key as lower-case hex."""
    expires: Day
    """Last day on which it may be used, UTC."""

    @model_validator(mode="after")
    def _has_its_length(self) -> Self:
        if len(self.public) != 2 * KEY_BYTES[self.suite]:
            raise ValueError("the key has not the length of its suite")
        return self


class Limits(Specified):
    """How much the endpoint takes."""

    items: Annotated[int, Field(ge=1, le=MAX_ITEMS)] = MAX_ITEMS
    """Most pictures and films of one submission."""
    signals: Annotated[int, Field(ge=1, le=MAX_SIGNALS)] = MAX_SIGNALS
    """Most hashes of one submission."""
    signals_per_image: Annotated[int, Field(ge=1, le=MAX_SIGNALS_PER_ITEM)] = 256
    """Most hashes of one picture."""
    frames_per_video: Annotated[int, Field(ge=0, le=MAX_SIGNALS_PER_ITEM - 1)] = MAX_SIGNALS_PER_ITEM - 1
    """Most frames of one film."""
    body_bytes: Annotated[int, Field(ge=PADDING_FLOOR, le=64 * 1024 * 1024)] = BODY_BYTES
    """Most bytes of one request, as sent."""
    padding_floor: Annotated[int, Field(ge=PADDING_FLOOR, le=1024 * 1024)] = PADDING_FLOOR
    """Least bytes of one sealed request, a power of two."""

    @model_validator(mode="after")
    def _floor_is_a_power_of_two(self) -> Self:
        if self.padding_floor & (self.padding_floor - 1):
            raise ValueError("padding_floor is no power of two")
        return self


class Work(Specified):
    """Proof of work asked for each request; reserved, no endpoint of version 1 asks for it yet."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """16 bytes as hex, renewed with the epoch."""
    bits: Annotated[int, Field(ge=1, le=24)]
    """Leading zero bits asked for."""


class EndpointProfile(Specified):
    """What an endpoint says of itself, at `/.well-known/hashclient.json`."""

    version: One = 1
    """Version of the specification."""
    name: Annotated[str, Field(min_length=1, max_length=100)]
    """Name of the service."""
    operator: Annotated[str, Field(min_length=1, max_length=200)]
    """Who runs it."""
    origin: Annotated[str, Field(pattern=r"^https?://[a-z0-9.:\[\]-]+$", max_length=200)]
    """Scheme, host and port under which it is reached; bound into every seal."""
    adults_only: Yes = True
    """Always true: images of anyone under 18 go elsewhere."""
    representatives: bool | None = None
    """Whether someone may act for the person shown; absent means not stated."""
    signal_types: Annotated[
        tuple[Annotated[SignalType, Field(strict=False)], ...], Field(strict=False, min_length=1)
    ] = (SignalType.PDQ, SignalType.MD5, SignalType.VPDQ)
    """Types of hashes it takes."""
    limits: Limits = Limits()
    """How much it takes."""
    plain_bodies: bool = False
    """Whether it takes bodies that are not sealed; only an endpoint on loopback should."""
    keys: Annotated[tuple[SealingKey, ...], Field(strict=False, max_length=8)] = ()
    """Keys to seal to; none only where plain bodies are taken."""
    policy: Annotated[str, Field(pattern=r"^https://[!-~]+$", max_length=500)] | None = None
    """Address of its privacy policy."""
    contact: Said | None = None
    """How to reach the operator."""
    partners: Said | None = None
    """With whom hashes are shared, in the operator's words; absent means not stated."""
    retention: Said | None = None
    """How long hashes are kept, in the operator's words; absent means not stated."""
    epoch: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """16 opaque bytes as hex, to be repeated in the sealed head of a new submission; reserved."""
    work: Work | None = None
    """Proof of work; reserved."""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.keys and not self.plain_bodies:
            raise ValueError("neither keys nor plain bodies")
        return self
