"""Reach the service that the person chose, and show what it says of itself.

This is the command line's side of the half that sees the network. Nothing is connected before a verb asks for it.
"""

import contextlib
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient.cli import _terminal
from hashclient.guidance import endings, review, texts
from hashclient.guidance.profile import lines_of

if TYPE_CHECKING:
    from hashclient.client import Client
    from hashclient.config import Settings
    from hashclient.model import EndpointProfile

_LONG_WAIT_SECONDS: Final = 5.0
"""A wait of which its length is told."""


def settle(endpoint: str | None, *, trust_key: list[str] | None, ca_file: Path | None, proxy: str | None) -> "Settings":
    """Settle the settings: defaults, then file, environment and options, the last of which wins."""
    from hashclient.config import load_settings
    from hashclient.transport.address import parse_origin

    ca = ca_file and str(ca_file)
    flags = {"endpoint": endpoint, "trusted_keys": trust_key or None, "ca_file": ca, "proxy": proxy}
    return load_settings(flags=flags, environ=os.environ, parse=parse_origin)


def host_of(settings: "Settings") -> str:
    """Return host and port as they are called in words, without connecting."""
    from hashclient.transport.address import parse_origin

    return str(parse_origin(settings.endpoint)).partition("://")[2] if settings.endpoint else texts.ANY_SERVICE


def address_and_command(settings: "Settings") -> tuple[str, str]:
    """Return the address of the service, and the command that asks it about a case, both to be noted; "" without one."""
    from hashclient.transport.address import parse_origin

    if settings.endpoint is None:
        return "", ""
    address = str(parse_origin(settings.endpoint))
    ways = {"--proxy": settings.proxy, "--ca-file": settings.ca_file and str(settings.ca_file)}
    named = [word for option, value in ways.items() if value for word in (option, value)]
    return address, shlex.join(["hashclient", "status", "--endpoint", address, *named])


@dataclass
class ChosenService:
    """The service that was chosen, and what is known of it beforehand."""

    client: "Client"
    host: str
    """Host and port, as they are called in words."""
    is_key_known: bool
    """Whether a key was named that it has to have."""
    is_change_told: bool = False
    """Whether it was shown that it says something else now."""


@contextlib.contextmanager
def reached(settings: "Settings") -> Iterator[ChosenService]:
    """Yield the service; nothing is connected before its client is asked for something.

    Raises:
        ConfigError: no service was chosen, or its address or the proxy cannot be used.
    """
    from hashclient.client import Client, RetryPolicy
    from hashclient.transport.http import HttpTransport

    retry = RetryPolicy(tell=_tell_of_retry)
    with HttpTransport(settings.require_endpoint(), ca_file=settings.ca_file, proxy=settings.proxy) as transport:
        client = Client(transport, trusted_keys=settings.trusted_keys, allow_plain=settings.allow_plain, retry=retry)
        service = ChosenService(client, transport.origin.partition("://")[2], bool(settings.trusted_keys))
        try:
            yield service
        finally:
            tell_change(service)


def _tell_of_retry(attempt: int, most: int | None, seconds: float) -> None:
    """Say that another attempt follows; where the service asks to wait, for how long."""
    if seconds >= _LONG_WAIT_SECONDS:
        _terminal.progress(endings.TRYING_AFTER.format(seconds=round(seconds)))
    elif most:
        _terminal.progress(endings.TRYING_AGAIN.format(attempt=attempt, most=most))
    else:
        _terminal.progress(endings.TRYING_ON.format(attempt=attempt))


def tell_change(service: ChosenService) -> None:
    """Show, once, what the service says of itself now, where that is why nothing more was sent."""
    if service.client.changed_profile and not service.is_change_told:
        service.is_change_told = True
        _terminal.say(review.SAYS_NOW.format(host=service.host))
        _show(service.client.changed_profile, service)


def introduce(service: ChosenService) -> "EndpointProfile":
    """Ask the service what it is, and show the answer; its words are shown as text and never obeyed."""
    with _terminal.working(endings.ASKING.format(host=service.host)):
        profile = service.client.profile()
    _show(profile, service)
    return profile


def _show(profile: "EndpointProfile", service: ChosenService) -> None:
    _terminal.say()
    for words in lines_of(profile, host=service.host, is_key_known=service.is_key_known):
        _terminal.say(words, indent="  ")
