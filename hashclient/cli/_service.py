"""Open the way to the service that the person chose, and show what it says of itself.

The half that sees the network, as seen from here. Nothing is connected before a verb asks for it.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hashclient.cli import _terminal
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.client import Client
    from hashclient.config import Settings
    from hashclient.model import CaseReport, EndpointProfile


def settle(endpoint: str | None, *, trust_key: list[str] | None, ca_file: Path | None, proxy: str | None) -> "Settings":
    """Settle the settings: defaults, file, environment, options."""
    from hashclient.config import load_settings

    flags = {
        "endpoint": endpoint,
        "trusted_keys": trust_key or None,
        "ca_file": ca_file and str(ca_file),
        "proxy": proxy,
    }
    return load_settings(flags=flags, environ=os.environ)


def host_of(settings: "Settings") -> str:
    """Give host and port that were chosen, for words, without connecting."""
    from hashclient.transport.address import parse_origin

    return str(parse_origin(settings.endpoint)).partition("://")[2] if settings.endpoint else texts.ANY_SERVICE


@dataclass(frozen=True)
class Service:
    """The way to one service."""

    client: "Client"
    host: str
    """Host and port, for words."""
    is_key_known: bool
    """Whether its key was known beforehand."""


@contextlib.contextmanager
def opened(settings: "Settings") -> Iterator[Service]:
    """Open the way: the address is read; nothing is connected before the client is asked for something."""
    from hashclient.client import Client
    from hashclient.transport.http import HttpTransport

    with HttpTransport(settings.require_endpoint(), ca_file=settings.ca_file, proxy=settings.proxy) as transport:
        client = Client(transport, trusted_keys=settings.trusted_keys, allow_plain=settings.allow_plain)
        yield Service(client, transport.origin.partition("://")[2], bool(settings.trusted_keys))


def introduce(service: Service) -> "EndpointProfile":
    """Ask the service what it is, and show it; its words are shown as text and never obeyed."""
    profile = service.client.profile()
    said = {
        "Service": f"{profile.name} ({service.host})",
        "Run by": profile.operator,
        "Shares with": profile.partners,
        "Keeps them": profile.retention,
        "Takes requests of someone acting for another": {True: "yes", False: "no", None: None}[profile.representatives],
        "Privacy": profile.policy,
    }
    for label, words in said.items():
        _terminal.say(f"{label}: {_terminal.plain(words or texts.NOT_STATED)}", indent="  ")
    _terminal.say(texts.SEALED if profile.keys else texts.PLAIN, indent="  ")
    if profile.keys and not service.is_key_known:
        _terminal.say(texts.KEY_NOT_KNOWN, indent="  ")
    return profile


def report(case: "CaseReport", service: Service) -> None:
    """Show where a case stands, in words."""
    partners = service.client.profile().partners
    said = texts.PARTNERS.format(partners=_terminal.plain(partners)) if partners else texts.NO_PARTNERS
    _terminal.say(_terminal.bold(texts.STATES[case.status.value].format(host=service.host, partners=said)))
    if not case.signals:
        return
    _terminal.say(f"Pictures: {case.items}. Fingerprints: {case.signals}. Received on {case.day} (UTC).")
    feedback = case.feedback
    counts = {
        texts.PENDING: feedback.pending_review,
        texts.BLOCKED: feedback.blocked,
        texts.NOT_BLOCKED: feedback.not_blocked,
    }
    for words, count in counts.items():
        if count:
            _terminal.say(words.format(count=count), indent="  ")
    if not any(counts.values()):
        _terminal.say(texts.NO_MATCH)
