"""Whatever an implementer's method does, the base class lets nothing out but a reply within bounds or a `TransportError`."""

from typing import Any

import pytest

from hashclient.errors import EndpointUnreachableError, NotConfirmedError, TransportError, UntrustedEndpointError
from hashclient.model.wire import JSON, PROBLEM, SEALED, WireBody
from hashclient.transport.interface import MAX_REPLY_BYTES, Path, Reply, Transport

BODY = WireBody(b"{}")


class Short(bytes):
    """Says that it is short."""

    def __len__(self) -> int:
        return 5


class Known(str):
    """Says that it equals what is known."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(JSON)


class Careless(Transport):
    """Gives back whatever it is told to."""

    origin = "https://endpoint.example"

    def __init__(self, told: Any) -> None:
        self._told = told

    def _send(self, path: Path, body: Any, *, deadline: float) -> Reply:
        if isinstance(self._told, BaseException):
            raise self._told
        return self._told  # type: ignore[no-any-return]  # the point


@pytest.mark.parametrize(
    "told",
    [
        Reply(200, JSON, b"x" * 50_000_000),
        Reply(200, JSON, b"x" * (MAX_REPLY_BYTES + 1)),
        Reply(200, JSON, "text"),  # type: ignore[arg-type]
        Reply(200, JSON, None),  # type: ignore[arg-type]
        Reply("200", JSON, b""),  # type: ignore[arg-type]
        Reply(302, JSON, b""),
        Reply(0, JSON, b""),
        Reply(600, JSON, b""),
        Reply(200, JSON, b"", retry_after="soon"),  # type: ignore[arg-type]
        Reply(200, JSON, b"", retry_after=float("nan")),
        Reply(200, JSON, b"", retry_after=float("inf")),
        Reply(200, JSON, b"", retry_after=True),
        Reply(True, JSON, b""),
        Reply(200, JSON, Short(b"x" * 10_000_000)),
        None,
        "a reply",
        ValueError("secret"),
        RecursionError(),
    ],
    ids=repr,
)
def test_what_breaks_the_promise_is_an_error(told: object) -> None:
    """A reply that is too long, or none at all, is as good as a lost one: not confirmed, or nothing was sent."""
    with pytest.raises(NotConfirmedError):
        Careless(told).send(Path.SUBMISSIONS, BODY, deadline=1)
    with pytest.raises(EndpointUnreachableError):
        Careless(told).send(Path.PROFILE, None, deadline=1)


@pytest.mark.parametrize("kind", [JSON, SEALED, PROBLEM])
def test_the_longest_reply_passes(kind: str) -> None:
    """A body of just as many bytes as a reply may have comes through, of each known type."""
    told = Reply(200, kind, b"x" * MAX_REPLY_BYTES, 5.0)
    assert Careless(told).send(Path.STATUS, BODY, deadline=1) == told


@pytest.mark.parametrize("kind", [JSON, SEALED, PROBLEM])
def test_a_charset_is_left_off(kind: str) -> None:
    """A transport may hand on the header as it came; what follows compares the media type alone."""
    told = Reply(200, f"{kind.title()} ;charset=UTF-8", b"{}")
    assert Careless(told).send(Path.STATUS, BODY, deadline=1) == Reply(200, kind, b"{}")
    told = Reply(200, f"{kind}; charset=utf-16", b"{}")
    assert Careless(told).send(Path.STATUS, BODY, deadline=1) == Reply(200, "", b"")


def test_a_body_of_another_kind_is_dropped() -> None:
    """A web page is no answer: its status counts, and nothing of it is handed on."""
    told = Reply(503, "text/html", b"<html>", 5.0)
    assert Careless(told).send(Path.STATUS, BODY, deadline=1) == Reply(503, "", b"", 5.0)
    assert Careless(Reply(200, Known("text/html"), b"x")).send(Path.STATUS, BODY, deadline=1) == Reply(200, "", b"")


@pytest.mark.parametrize(("asked", "bounded"), [(-5.0, 0.0), (1e12, 86_400.0), (3, 3.0)])
def test_waits_are_bounded(asked: float, bounded: float) -> None:
    """No wait is negative or longer than a day."""
    assert Careless(Reply(429, "", b"", asked)).send(Path.STATUS, BODY, deadline=1).retry_after == bounded


@pytest.mark.parametrize("error", [EndpointUnreachableError, NotConfirmedError, UntrustedEndpointError, TransportError])
def test_errors_of_ours_pass(error: type[TransportError]) -> None:
    """What an implementer says in our words is left as it is, and Ctrl-C passes."""
    with pytest.raises(error):
        Careless(error()).send(Path.STATUS, BODY, deadline=1)
    with pytest.raises(KeyboardInterrupt):
        Careless(KeyboardInterrupt()).send(Path.STATUS, BODY, deadline=1)
