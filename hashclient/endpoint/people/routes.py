"""Serve people's four addresses; `people/descriptions.py` describes them for OpenAPI.

Routes read bodies themselves: no more bytes than allowed, no longer than allowed, and nothing written to disk.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
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

PROFILE_PATH: Final = "/.well-known/hashclient.json"
PURPOSE_PATHS: Final = {
    Purpose.SUBMISSION: "/v1/submissions",
    Purpose.STATUS: "/v1/cases/status",
    Purpose.WITHDRAWAL: "/v1/cases/withdrawal",
}
_DRAINED: Final = 2
"""A body that is too large is read up to this many times the limit, so that its sender gets to read the answer."""


def add_people_routes(app: FastAPI) -> None:
    """Add the four routes; their handler is `app.state.handler`."""
    app.add_api_route(PROFILE_PATH, _give_profile, methods=["GET"], **PROFILE_DESCRIPTION)
    app.add_api_route(PROFILE_PATH, _give_profile, methods=["HEAD"], include_in_schema=False)
    for purpose, path in PURPOSE_PATHS.items():
        app.add_api_route(path, _body_route(purpose), methods=["POST"], **ROUTE_DESCRIPTIONS[purpose])


async def _give_profile(request: Request) -> Response:
    handler: RequestHandler = request.app.state.handler
    reply = EndpointReply(encode(handler.profile), status=200, media_type=JSON)
    if request.method == "HEAD":
        reply.body = b""  # the headers stay those of GET
    return reply


def _body_route(purpose: Purpose) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        handler: RequestHandler = request.app.state.handler
        body = await _read_body(request, max_bytes=handler.profile.limits.body_bytes, settings=handler.settings)
        if isinstance(body, Problem):
            return problem_reply(body)
        return await run_in_threadpool(handler.reply_to, body, purpose=purpose)

    return route


async def _read_body(request: Request, *, max_bytes: int, settings: EndpointSettings) -> RequestBody | Problem:
    kind = media_type(request.headers.get("content-type", ""), request.headers.get("content-encoding", ""))
    if kind not in {SEALED, JSON}:
        return problem(ProblemName.UNSUPPORTED_MEDIA_TYPE)
    try:
        untrusted = await _gather(request.stream(), max_bytes=max_bytes, settings=settings)
    except TimeoutError:
        return problem(ProblemName.TOO_SLOW)
    except ClientDisconnect:
        return problem(ProblemName.MALFORMED)
    if untrusted is None:
        return problem(ProblemName.TOO_LARGE)
    crash_point("endpoint.body-complete")
    return RequestBody(untrusted, is_sealed=kind == SEALED)


async def _gather(chunks: AsyncIterator[bytes], *, max_bytes: int, settings: EndpointSettings) -> bytes | None:
    """Join the chunks; return None, and keep nothing, if there are too many bytes."""
    start = asyncio.get_running_loop().time()
    untrusted = bytearray()
    received = 0
    while True:
        allowed = settings.body_seconds + received / settings.body_bytes_per_second
        async with asyncio.timeout_at(start + allowed):
            chunk = await anext(chunks, None)
        if chunk is None:
            return bytes(untrusted) if received <= max_bytes else None
        received += len(chunk)
        if received <= max_bytes:
            untrusted += chunk
            crash_point("endpoint.first-chunk")
        elif received <= max_bytes * _DRAINED:
            untrusted.clear()
        else:
            return None
