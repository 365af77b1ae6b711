"""Name the one method that carries a request, and the errors it may raise.

A transport carries bytes of `model.wire.encode` or of `sealing.seal`, and nothing else; it seals
nothing, tries once, and gives no meaning to an answer.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from hashclient.errors import EndpointUnreachableError, NotConfirmedError, TransportError
from hashclient.model.wire import WireBody
from hashclient.sealing import SealedBody

JSON = "application/json"
"""Content type of a body that is not sealed."""
SEALED = "application/octet-stream"
"""Content type of a sealed body."""
PROBLEM = "application/problem+json"
"""Content type of an error that is not sealed (RFC 9457)."""


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
    """`application/json`, `application/octet-stream`, `application/problem+json`, or empty for any other."""
    untrusted_body: bytes = field(repr=False)
    """At most 64 KiB; empty where the content type is."""
    retry_after: float | None = None
    """Seconds the endpoint asks us to wait, not negative."""


class Transport(ABC):
    """Carry one request and bring one reply.

    Implementers write `_send` and set `origin`; whatever happens inside, callers of `send` see
    nothing but `TransportError`. Ctrl-C passes through.
    """

    origin: str
    """Scheme, host and port of the endpoint, lower case, as its profile spells it."""

    def send(self, path: Path, body: WireBody | SealedBody | None, *, deadline: float) -> Reply:
        """Carry one request, once.

        Args:
            path: where it goes.
            body: sent as it is; None asks by GET.
            deadline: seconds from now after which the exchange is given up.

        Raises:
            TransportError: always, and nothing else; mostly one of these three.
            EndpointUnreachableError: no byte of the body can have left.
            UntrustedEndpointError: a certificate that does not hold, or a redirect.
            NotConfirmedError: anything else; the body may have arrived.
        """
        try:
            return self._send(path, body, deadline=deadline)
        except TransportError:
            raise
        except Exception as error:  # closed under errors, whatever an implementer forgot
            if body is None:
                raise EndpointUnreachableError from error
            raise NotConfirmedError from error

    def close(self) -> None:  # noqa: B027  # not every transport holds something open
        """Let go of what is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def _send(self, path: Path, body: WireBody | SealedBody | None, *, deadline: float) -> Reply:
        """Do what `send` says."""
