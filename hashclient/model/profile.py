"""The endpoint profile: what an endpoint says about itself before anything is sent to it.

Readers ignore unknown fields, skip unknown types of hash and keys of unknown suites, and check the rest.
"""

from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from hashclient.errors import UnknownVersionError
from hashclient.model._base import FromEndpoint, One, Yes, whole_number
from hashclient.model.receipt import Day
from hashclient.model.submission import MAX_ITEMS, MAX_SIGNALS, MAX_SIGNALS_PER_ITEM
from hashclient.vocabulary import MAX_FRAMES, SignalType, Suite

PADDING_FLOOR: Final = 4096
"""Minimum length of a sealed request, in bytes."""
BODY_BYTES: Final = 4 * 1024 * 1024
"""Default maximum length of a request, in bytes."""

MAX_KEYS: Final = 16
"""Maximum number of keys in a profile, those that a reader skips included."""

Said = Annotated[str, Field(max_length=500)]
"""A sentence by the operator, shown to the person as text, never as markup."""

KEY_BYTES: Final = {Suite.X25519: 32, Suite.MLKEM768_X25519: 1216}
"""Length of a public key in bytes, by suite; the hybrid is an ML-KEM-768 key (1,184) and an X25519 key (32)."""


_TYPES: Final = frozenset(SignalType)


def _is_of_unknown_suite(untrusted_key: object) -> bool:
    suite = untrusted_key.get("suite") if isinstance(untrusted_key, dict) else None
    return type(suite) is int and suite not in KEY_BYTES


class SealingKey(FromEndpoint):
    """A public key of the endpoint."""

    suite: Annotated[Suite, Field(strict=False), BeforeValidator(whole_number)] = Field(
        description="1 for X25519, 2 for the hybrid."
    )
    id: str = Field(
        pattern=r"^[0-9a-f]{16}$",
        description="The first 8 bytes of SHA-256 of the suite's byte and the public key, as lower-case hex.",
    )
    public: str = Field(pattern=r"^[0-9a-f]+$", max_length=2 * 1216, description="The public key as lower-case hex.")
    expires: Day = Field(description="Last day on which it may be used, `YYYY-MM-DD`, UTC.")

    @model_validator(mode="after")
    def _has_its_length(self) -> Self:
        if len(self.public) != 2 * KEY_BYTES[self.suite]:
            raise ValueError("the key does not have the length of its suite")
        return self


class Limits(FromEndpoint):
    """How much the endpoint accepts."""

    items: int = Field(MAX_ITEMS, ge=1, le=MAX_ITEMS, description="Maximum pictures and videos per submission.")
    signals: int = Field(MAX_SIGNALS, ge=1, le=MAX_SIGNALS, description="Maximum hashes per submission.")
    signals_per_image: int = Field(256, ge=1, le=MAX_SIGNALS_PER_ITEM, description="Maximum hashes per picture.")
    frames_per_video: int = Field(
        MAX_FRAMES, ge=0, le=MAX_FRAMES, description="Maximum hashes of frames per video, `vpdq` and `pdq` together."
    )
    body_bytes: int = Field(
        BODY_BYTES, ge=PADDING_FLOOR, le=64 * 1024 * 1024, description="Maximum bytes per request, as sent."
    )
    padding_floor: int = Field(
        PADDING_FLOOR,
        ge=PADDING_FLOOR,
        le=1024 * 1024,
        description="Minimum bytes per sealed request; a power of two.",
    )

    @model_validator(mode="after")
    def _floor_is_a_power_of_two(self) -> Self:
        if self.padding_floor & (self.padding_floor - 1):
            raise ValueError("padding_floor is not a power of two")
        return self


class EndpointProfile(FromEndpoint):
    """What an endpoint says about itself, at `/.well-known/hashclient.json`."""

    version: One = Field(1, description="Version of the specification.")
    name: str = Field(min_length=1, max_length=100, description="Name of the service.")
    operator: str = Field(min_length=1, max_length=200, description="Who runs the service.")
    origin: str = Field(
        pattern=r"^https?://[a-z0-9.:\[\]-]+$",
        max_length=200,
        description="Scheme, host and port at which it is reached; bound into every seal.",
    )
    adults_only: Yes = Field(True, description="Always true: images of anyone under 18 go elsewhere.")
    representatives: bool | None = Field(
        None, description="Whether someone may act for the person shown; absent means not stated."
    )
    signal_types: tuple[Annotated[SignalType, Field(strict=False)], ...] = Field(
        (SignalType.PDQ, SignalType.MD5, SignalType.VPDQ),
        strict=False,
        description="Types of hash it accepts, at least one. A reader skips those that it does not know.",
    )
    limits: Limits = Field(Limits(), description="How much it accepts.")
    plain_bodies: bool = Field(
        False, description="Whether it accepts unsealed bodies; only an endpoint on loopback should."
    )
    keys: Annotated[tuple[SealingKey, ...], Field(strict=False)] = Field(
        (), description="Keys to seal to; may be empty only if plain bodies are accepted. Readers skip unknown suites."
    )
    policy: str | None = Field(
        None, pattern=r"^https://[!-~]+$", max_length=500, description="Address of its privacy policy."
    )
    contact: Said | None = Field(None, description="How to reach the operator.")
    partners: Said | None = Field(
        None, description="With whom hashes are shared, in the operator's words; absent means not stated."
    )
    retention: Said | None = Field(
        None, description="How long hashes are kept, in the operator's words; absent means not stated."
    )
    partner_copies_days: int | None = Field(
        None, ge=0, le=30, description="Days for which a view for partners may keep hashes after a withdrawal."
    )
    epoch: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{32}$",
        description="Reserved: 16 opaque bytes as lower-case hex, to be repeated in the sealed head of a new submission.",
    )

    @field_validator("signal_types", mode="before")
    @classmethod
    def _skip_unknown_types(cls, untrusted: Any) -> Any:
        if not isinstance(untrusted, (list, tuple)) or not untrusted:
            raise ValueError("not a list of types")
        return [kind for kind in untrusted if not isinstance(kind, str) or kind in _TYPES]

    @field_validator("keys", mode="before")
    @classmethod
    def _skip_unknown_suites(cls, untrusted: Any) -> Any:
        if not isinstance(untrusted, (list, tuple)) or len(untrusted) > MAX_KEYS:
            raise ValueError("not a list of keys")
        known = [key for key in untrusted if not _is_of_unknown_suite(key)]
        if untrusted and not known:  # going on without a key could send a body unsealed
            raise UnknownVersionError
        return known

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.keys and not self.plain_bodies:
            raise ValueError("neither keys nor plain bodies")
        return self
