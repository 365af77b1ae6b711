"""Define the one method that carries a request, and the errors it may raise.

A transport carries bytes made by `model.wire.encode` or `sealing.seal`, and nothing else; it seals
nothing, tries once, and gives no meaning to an answer. Whatever an implementer's method does, the base class lets
nothing out but a reply within its bounds, or a `TransportError`.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from hashclient.errors import EndpointUnreachableError, NotConfirmedError, TransportError
from hashclient.model.wire import WireBody, media_type
from hashclient.sealing import SealedBody

MAX_REPLY_BYTES: Final = 64 * 1024
"""Most bytes of a reply's body."""
_MAX_RETRY_SECONDS: Final = 86_400.0


class Path(StrEnum):
    """Where a request goes; nothing in it tells of a case."""

    PROFILE = "/.well-known/hashclient.json"
    SUBMISSIONS = "/v1/submissions"
    STATUS = "/v1/cases/status"
    WITHDRAWAL = "/v1/cases/withdrawal"


@dataclass(frozen=True)
class Reply:
    """What came back, not yet believed."""

    status: int
    """HTTP status, 200 to 599, never a redirect."""
    content_type: str
    """`JSON`, `SEALED` or `PROBLEM` of `model.wire`, or empty for any other; a transport may leave parameters on it."""
    untrusted_body: bytes = field(repr=False)
    """At most `MAX_REPLY_BYTES`; empty where the content type is."""
    retry_after: float | None = None
    """Seconds the endpoint asks us to wait, not negative."""
    is_page: bool = False
    """Whether it called itself a web page, which no endpoint gives."""


class Transport(ABC):
    """Carries one request and brings back one reply.

    Implementers write `_send` and set `origin`; whatever happens inside, callers of `send` see
    nothing but a reply within bounds or a `TransportError`. Ctrl-C passes through.
    """

    origin: str
    """Scheme, host and port of the endpoint, lower case, as its profile spells it."""

    def send(self, path: Path, body: WireBody | SealedBody | None, *, deadline: float) -> Reply:
        """Carry one request, once.

        Args:
            path: where it goes.
            body: sent as it is; None asks by GET.
            deadline: seconds from now after which the exchange is given up.

        Returns:
            A reply that keeps what `Reply` promises; a body of another content type, or longer, is dropped.

        Raises:
            TransportError: always, and nothing else; mostly one of these three.
            EndpointUnreachableError: no byte of the body can have left, or there is none.
            UntrustedEndpointError: a certificate that does not hold, or a redirect.
            NotConfirmedError: anything else; the body may have arrived.
        """
        try:
            return _bounded(self._send(path, body, deadline=deadline))
        except Exception as error:  # closed under errors, whatever an implementer forgot
            if isinstance(error, TransportError) and not (body is None and isinstance(error, NotConfirmedError)):
                raise
            raise (EndpointUnreachableError if body is None else NotConfirmedError) from error

    def close(self) -> None:  # noqa: B027  # not every transport holds something open
        """Close what is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def _send(self, path: Path, body: WireBody | SealedBody | None, *, deadline: float) -> Reply:
        """Do what `send` says."""


def _bounded(untrusted: Reply) -> Reply:
    """Hold an implementer's reply to what `Reply` promises; types are exact, since a subclass could say anything.

    Raises:
        ValueError: its status is not one that a reply may have, its body is not bytes or too long, or its wait is not a
            finite number.
    """
    status: Any = untrusted.status
    body: Any = untrusted.untrusted_body
    if type(status) is not int or not 200 <= status < 600 or 300 <= status < 400:
        raise ValueError("no status of a reply")
    if type(body) is not bytes or len(body) > MAX_REPLY_BYTES:
        raise ValueError("no body of a reply")
    seconds: Any = untrusted.retry_after
    if seconds is not None and not (type(seconds) in {int, float} and math.isfinite(seconds)):
        raise ValueError("no time to wait")
    kind = media_type(untrusted.content_type) if type(untrusted.content_type) is str else ""
    wait = None if seconds is None else min(max(float(seconds), 0.0), _MAX_RETRY_SECONDS)
    return Reply(status, kind, body if kind else b"", wait, untrusted.is_page is True)
