"""Read a request's body from the wire, no more of it than allowed and no longer.

What comes out is bytes and whether they claim to be sealed, or the problem that ends it. Nothing is
written to disk.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect, Request

from hashclient._crash import crash_point
from hashclient.endpoint.problems import ProblemName, problem
from hashclient.endpoint.settings import Ceilings
from hashclient.model import Problem

SEALED_TYPE: Final = "application/octet-stream"
PLAIN_TYPE: Final = "application/json"
_DRAINED: Final = 2
"""Bodies' worth that is read of one too large, so that whoever sends it gets to hear why."""


@dataclass(frozen=True)
class Body:
    """A request's body, whole."""

    untrusted: bytes
    is_sealed: bool


async def read_body(request: Request, *, most_bytes: int, ceilings: Ceilings) -> Body | Problem:
    """Read a body.

    Args:
        request: with its body unread.
        most_bytes: most bytes of a body.
        ceilings: how long it may take.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if media_type not in {SEALED_TYPE, PLAIN_TYPE} or encoding != "identity":
        return problem(ProblemName.UNSUPPORTED_MEDIA_TYPE)
    try:
        untrusted = await _read(request.stream(), most_bytes=most_bytes, ceilings=ceilings)
    except TimeoutError:
        return problem(ProblemName.TOO_SLOW)
    except ClientDisconnect:
        return problem(ProblemName.MALFORMED)
    if untrusted is None:
        return problem(ProblemName.TOO_LARGE)
    crash_point("endpoint.body-complete")
    return Body(untrusted, media_type == SEALED_TYPE)


async def _read(chunks: AsyncIterator[bytes], *, most_bytes: int, ceilings: Ceilings) -> bytes | None:
    """Gather the chunks; None where there are too many bytes, of which none is kept then."""
    start = asyncio.get_running_loop().time()
    untrusted = bytearray()
    received = 0
    while True:
        allowed = ceilings.body_seconds + received / ceilings.body_bytes_per_second
        async with asyncio.timeout_at(start + allowed):
            chunk = await anext(chunks, None)
        if chunk is None:
            return bytes(untrusted) if received <= most_bytes else None
        received += len(chunk)
        if received <= most_bytes:
            untrusted += chunk
            crash_point("endpoint.first-chunk")
        elif received <= most_bytes * _DRAINED:
            untrusted.clear()
        else:
            return None
