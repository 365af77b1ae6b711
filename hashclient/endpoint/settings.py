"""Say how an endpoint is run, and put it into the profile that people's programs read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from hashclient.errors import ConfigError
from hashclient.model import EndpointProfile, Limits, SealingKey
from hashclient.vocabulary import SignalType

_LIMITS: Final = Limits()
PERSON_TYPES: Final = (SignalType.PDQ, SignalType.MD5, SignalType.VPDQ)
"""Types of hashes taken unless the operator says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Ceilings:
    """What this endpoint does not let a request exceed, beside the limits of its profile."""

    body_seconds: float = 10.0
    """Seconds for a body to arrive, before its length counts."""
    body_bytes_per_second: int = 8 * 1024
    """Least bytes a second; each of them buys a slow body that much more time."""
    withdrawn_days: int = 365
    """Days for which a withdrawn case is remembered, without hashes, so that it is not revived."""
    tallies: int = 1_000_000
    """Most case numbers, known or not, for which wrong tries are counted."""


@dataclass(frozen=True, kw_only=True)
class EndpointSettings:
    """Everything an operator decides; nothing is read from the environment."""

    database: Path
    """SQLite file; made where there is none."""
    keys: Path
    """Key file, as `endpoint.keys.make_keys` makes it."""
    origin: str
    """Scheme, host and port under which people reach it, `https://takedown.example`."""
    name: str = "hashclient endpoint"
    """Name of the service, for people."""
    operator: str = "Not stated"
    """Who runs it, for people."""
    plain_bodies: bool = False
    """Whether bodies that are not sealed are taken; only on loopback."""
    signal_types: tuple[SignalType, ...] = PERSON_TYPES
    """Types of hashes it takes."""
    limits: Limits = _LIMITS
    """How much it takes."""
    representatives: bool | None = None
    """Whether someone may act for the person shown; None says nothing."""
    policy: str | None = None
    """https address of the privacy policy."""
    contact: str | None = None
    """How to reach the operator."""
    partners: str | None = None
    """With whom hashes are shared."""
    retention: str | None = None
    """How long hashes are kept."""
    ceilings: Ceilings = Ceilings()
    """What a request may not exceed."""


def profile_of(settings: EndpointSettings, keys: tuple[SealingKey, ...]) -> EndpointProfile:
    """Make the profile.

    Args:
        settings: the operator's.
        keys: public keys still in use, hybrid or X25519.

    Raises:
        ConfigError: a setting does not fit the specification.
    """
    try:
        return EndpointProfile(
            name=settings.name,
            operator=settings.operator,
            origin=settings.origin,
            representatives=settings.representatives,
            signal_types=settings.signal_types,
            limits=settings.limits,
            plain_bodies=settings.plain_bodies,
            keys=keys,
            policy=settings.policy,
            contact=settings.contact,
            partners=settings.partners,
            retention=settings.retention,
        )
    except ValidationError as invalid:
        field = ".".join(map(str, invalid.errors()[0]["loc"])) or "keys"
        raise ConfigError(f"The endpoint's setting '{field}' cannot be used.") from None
