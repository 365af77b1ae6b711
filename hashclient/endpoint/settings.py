"""Collect what an operator decides, and publish what people's programs need to know as a profile."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from hashclient.errors import ConfigError
from hashclient.messages import _p
from hashclient.model import EndpointProfile, Limits, SealingKey
from hashclient.vocabulary import SignalType

ANY_ORIGIN: Final = "*"
"""What lets in any page, those from a disk too: a browser calls their origin `null`, which is never listed."""
_UNUSABLE: Final = _p("error", "The endpoint's setting '{setting}' cannot be used.")
_WEB_ORIGIN: Final = re.compile(r"https?://[a-z0-9.:\[\]-]+")


@dataclass(frozen=True, kw_only=True)
class EndpointSettings:
    """Everything an operator decides; nothing is read from the environment."""

    database: Path
    """SQLite file, created if missing."""
    keys: Path
    """Key file, as `endpoint.keys.make_keys` writes it."""
    origin: str
    """Scheme, host and port at which people reach the endpoint: `https://takedown.example`."""
    name: str = "hashclient endpoint"
    """Name of the service, for people."""
    operator: str = "Not stated"
    """Who runs the service, for people."""
    plain_bodies: bool = False
    """Whether unsealed bodies are accepted; only on loopback."""
    page: bool = False
    """Whether `/` is the page for people's browsers, made for this service alone."""
    web_origins: tuple[str, ...] = ()
    """Origins of pages hosted elsewhere that may ask, in their canonical spelling; `*` is any, pages from a disk too."""
    signal_types: tuple[SignalType, ...] = (SignalType.PDQ, SignalType.MD5, SignalType.VPDQ)
    """Accepted types of hash."""
    limits: Limits = field(default_factory=Limits)
    """How much is accepted."""
    representatives: bool | None = None
    """Whether someone may act for the person shown; None leaves it unstated."""
    policy: str | None = None
    """https address of the privacy policy."""
    contact: str | None = None
    """How to reach the operator."""
    partners: str | None = None
    """With whom hashes are shared."""
    retention: str | None = None
    """How long hashes are kept."""
    body_seconds: float = 10.0
    """Seconds allowed for any body to arrive."""
    body_bytes_per_second: int = 8 * 1024
    """A body is allowed one more second each time this many bytes have arrived."""
    stall_seconds: float = 30.0
    """Seconds that a body may take for its next bytes, however much of it has arrived."""
    withdrawn_days: int = 365
    """Days for which a withdrawn case is remembered, without hashes, so that a late repeat does not revive it."""
    max_attempt_counts: int = 1_000_000
    """Maximum number of case numbers, known or not, for which wrong attempts are counted, and of requests that are
    remembered because they were counted."""


def profile_of(settings: EndpointSettings, keys: tuple[SealingKey, ...]) -> EndpointProfile:
    """Build the profile from every setting that it has a field for.

    Args:
        settings: the operator's settings.
        keys: public keys still in use, hybrid or X25519.

    Raises:
        ConfigError: a setting breaks the specification.
    """
    stated = {name: value for name, value in vars(settings).items() if name in EndpointProfile.model_fields}
    try:
        return EndpointProfile.model_validate(stated | {"keys": keys})
    except ValidationError as invalid:
        setting = ".".join(map(str, invalid.errors()[0]["loc"])) or "keys"
        raise ConfigError(_UNUSABLE.format(setting=setting)) from None


def check_web_origins(settings: EndpointSettings) -> None:
    """Make sure that each origin is one that a browser can name, or `*`.

    Raises:
        ConfigError: one is not; `null`, which stands for every page without an origin of its own, is none.
    """
    if not all(origin == ANY_ORIGIN or _WEB_ORIGIN.fullmatch(origin) for origin in settings.web_origins):
        raise ConfigError(_UNUSABLE.format(setting="web_origins"))
