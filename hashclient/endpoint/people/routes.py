"""Serve people's four addresses; `people/descriptions.py` describes them for OpenAPI.

Routes read bodies themselves: no more bytes than allowed, no longer than allowed, no more bodies at once than there is
memory for, and nothing written to disk. What nobody reads is left to `endpoint.app`.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hashclient._crash import crash_point
from hashclient.endpoint.people.descriptions import PROFILE_DESCRIPTION, ROUTE_DESCRIPTIONS
from hashclient.endpoint.people.handler import EndpointReply, RequestHandler, problem_reply
from hashclient.endpoint.people.intake import RequestBody
from hashclient.endpoint.people.problems import ProblemName, problem
from hashclient.endpoint.settings import EndpointSettings
from hashclient.model import Problem
from hashclient.model.wire import JSON, SEALED, encode, media_type
from hashclient.vocabulary import Purpose

_Route = Callable[[Request], Awaitable[Response]]

PROFILE_PATH: Final = "/.well-known/hashclient.json"
PURPOSE_PATHS: Final = {
    Purpose.SUBMISSION: "/v1/submissions",
    Purpose.STATUS: "/v1/cases/status",
    Purpose.WITHDRAWAL: "/v1/cases/withdrawal",
}
SMALL_BYTES: Final = 64 * 1024
"""Maximum length in bytes of a small body: a question about a case, or most submissions."""
MOST_HELD: Final = {False: 256, True: 16}
"""Maximum number of bodies in memory, half read or being answered: small ones (16 MiB), and larger ones (64 MiB)."""
MOST_OPENED: Final = {False: 8, True: 1}
"""Maximum number of bodies opened and answered at once. A large one takes up to a second and 150 MB."""
_BUSY_SECONDS: Final = 5
"""Seconds after which it is worth asking again if there was no room for a body."""


class BodyPlace:
    """The place of one body in memory: a small one until the body turns out to need a large one.

    There are so many of each kind that large bodies never keep small ones out.
    """

    def __init__(self, held: Counter[bool]) -> None:
        """Take a small place.

        Args:
            held: how many places are taken, large ones under True.
        """
        self._held = held
        self.is_large = False
        held[False] += 1

    def has_room(self, size: int) -> bool:
        """Tell whether a body of so many bytes may be held; move to a large place if it needs one."""
        if size > SMALL_BYTES and not self.is_large:
            self.leave()
            self.is_large = True
            self._held[True] += 1
        return self._held[self.is_large] <= MOST_HELD[self.is_large]

    def leave(self) -> None:
        """Give the place back."""
        self._held[self.is_large] -= 1


def add_people_routes(app: FastAPI) -> None:
    """Add the four routes; their handler is `app.state.handler`."""
    held: Counter[bool] = Counter()
    opens = {is_large: asyncio.Semaphore(most) for is_large, most in MOST_OPENED.items()}
    app.add_api_route(PROFILE_PATH, _give_profile, methods=["GET"], **PROFILE_DESCRIPTION)
    app.add_api_route(PROFILE_PATH, _give_profile, methods=["HEAD"], include_in_schema=False)
    for purpose, path in PURPOSE_PATHS.items():
        app.add_api_route(
            path, _body_route(purpose, held=held, opens=opens), methods=["POST"], **ROUTE_DESCRIPTIONS[purpose]
        )


async def _give_profile(request: Request) -> Response:
    handler: RequestHandler = request.app.state.handler
    reply = EndpointReply(encode(handler.profile), status=200, media_type=JSON)
    if request.method == "HEAD":
        reply.body = b""  # the headers stay those of GET
    return reply


def _body_route(purpose: Purpose, *, held: Counter[bool], opens: dict[bool, asyncio.Semaphore]) -> _Route:
    async def route(request: Request) -> Response:
        handler: RequestHandler = request.app.state.handler
        place = BodyPlace(held)
        try:
            body = await _read_body(request, place, handler=handler)
            if isinstance(body, Problem):
                return problem_reply(body, retry_after=_BUSY_SECONDS if body.status == 503 else None)
            async with opens[place.is_large]:
                return await run_in_threadpool(handler.reply_to, body, purpose=purpose)
        finally:
            place.leave()

    return route


async def _read_body(request: Request, place: BodyPlace, *, handler: RequestHandler) -> RequestBody | Problem:
    kind = media_type(request.headers.get("content-type", ""), request.headers.get("content-encoding", ""))
    if kind not in {SEALED, JSON}:
        return problem(ProblemName.UNSUPPORTED_MEDIA_TYPE)
    try:
        untrusted = await _gather(
            request, place, max_bytes=handler.profile.limits.body_bytes, settings=handler.settings
        )
    except TimeoutError:
        return problem(ProblemName.TOO_SLOW)
    except ClientDisconnect:
        return problem(ProblemName.MALFORMED)
    if isinstance(untrusted, ProblemName):
        return problem(untrusted)
    crash_point("endpoint.body-complete")
    return RequestBody(untrusted, is_sealed=kind == SEALED)


async def _gather(
    request: Request, place: BodyPlace, *, max_bytes: int, settings: EndpointSettings
) -> bytes | ProblemName:
    """Join the chunks; stop at the first one that is too much, or at once if the head announces too much."""
    now = asyncio.get_running_loop().time
    deadline = now() + settings.body_seconds
    chunks = request.stream()
    untrusted = bytearray()
    size = int(request.headers.get("content-length", "0"))
    while True:
        if size > max_bytes:
            return ProblemName.TOO_LARGE
        if not place.has_room(size):
            return ProblemName.UNAVAILABLE
        async with asyncio.timeout_at(deadline):
            chunk = await anext(chunks, None)
        if chunk is None:
            return bytes(untrusted)
        untrusted += chunk
        crash_point("endpoint.first-chunk")
        size = max(size, len(untrusted))
        deadline += len(chunk) / settings.body_bytes_per_second
        deadline = min(deadline, now() + settings.stall_seconds)
