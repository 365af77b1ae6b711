"""Open the way to the service that the person chose, and show what it says of itself.

The half that sees the network, as seen from here. Nothing is connected before a verb asks for it.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hashclient.cli import _console
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.client import Client
    from hashclient.config import Settings
    from hashclient.model import CaseReport, EndpointProfile


def settle(endpoint: str | None, *, key: list[str] | None, ca_file: Path | None, proxy: str | None) -> "Settings":
    """Settle the settings: defaults, file, environment, options."""
    from hashclient.config import load_settings

    flags = {"endpoint": endpoint, "pins": key or None, "ca_file": ca_file and str(ca_file), "proxy": proxy}
    return load_settings(flags=flags, environ=os.environ)


def open_client(settings: "Settings") -> "Client":
    """Make the client; the address is read, nothing is connected yet."""
    from hashclient.client import Client
    from hashclient.transport.http import HttpTransport

    transport = HttpTransport(settings.require_endpoint(), ca_file=settings.ca_file, proxy=settings.proxy)
    return Client(transport, pins=settings.pins, allow_plain=settings.allow_plain)


def host_of(origin: str) -> str:
    """Give host and port of an origin, for words."""
    return origin.partition("://")[2]


def introduce(profile: "EndpointProfile", *, is_pinned: bool) -> None:
    """Show what the service says of itself; its words are shown as text and never obeyed."""
    said = {
        "Service": f"{profile.name} ({host_of(profile.origin)})",
        "Run by": profile.operator,
        "Shares with": profile.partners,
        "Keeps them": profile.retention,
        "Takes requests of someone acting for another": {True: "yes", False: "no", None: None}[profile.representatives],
        "Privacy": profile.policy,
    }
    for label, words in said.items():
        _console.say(f"{label}: {_console.plain(words or texts.NOT_STATED)}", indent="  ")
    if profile.keys and not is_pinned:
        _console.say(texts.KEY_NOT_PINNED, indent="  ")


def report(case: "CaseReport", *, host: str, partners: str | None) -> None:
    """Show where a case stands, in words."""
    said = texts.PARTNERS.format(partners=_console.plain(partners)) if partners else texts.NO_PARTNERS
    _console.say(_console.bold(texts.STATES[case.status.value].format(host=host, partners=said)))
    if not case.signals:
        return
    _console.say(f"Pictures: {case.items}. Fingerprints: {case.signals}. Received on {case.day} (UTC).")
    feedback = case.feedback
    counts = {
        texts.PENDING: feedback.pending_review,
        texts.BLOCKED: feedback.blocked,
        texts.NOT_BLOCKED: feedback.not_blocked,
    }
    for words, count in counts.items():
        if count:
            _console.say(words.format(count=count), indent="  ")
    if not any(counts.values()):
        _console.say(texts.NO_MATCH)
