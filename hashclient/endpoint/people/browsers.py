"""Serve people's browsers: the page at `/`, and the leave that browsers want before a page hosted elsewhere may ask (CORS).

Both are off unless the operator chose them. The leave is for people's four addresses and no others, and never covers
credentials. Of what a browser says about itself nothing is kept or logged: of Origin it is only compared with the settings.
"""

from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hashclient.endpoint.people.handler import EndpointReply
from hashclient.endpoint.people.routes import PROFILE_PATH, PURPOSE_PATHS
from hashclient.endpoint.settings import ANY_ORIGIN
from hashclient.errors import PageMissingError, PageServiceError
from hashclient.page import PAGE_TYPE, page_for, page_headers, read_page

PAGE_PATH: Final = "/"
METHODS_OF_PATHS: Final = {PROFILE_PATH: b"GET, HEAD"} | dict.fromkeys(PURPOSE_PATHS.values(), b"POST")
"""People's four addresses, and what may be done at each."""
LEAVE_SECONDS: Final = 7200
"""Seconds for which a browser may remember the leave; none remembers it for longer."""


def own_page(origin: str) -> bytes:
    """Return the page, made for the service at `origin` alone: what `hashclient page --service ORIGIN --save` writes.

    Raises:
        PageMissingError: this checkout has no built page.
        PageServiceError: a browser could not be told to connect to this origin alone.
    """
    try:
        document = read_page()
    except (OSError, ValueError):
        raise PageMissingError from None
    try:
        return page_for(document, origin)
    except ValueError:
        raise PageServiceError from None


def add_page_route(app: FastAPI, document: bytes) -> None:
    """Serve a page at `/`, to GET and HEAD, with headers by which it can connect to this service alone."""
    headers = page_headers(document, is_own_service=True)

    async def give_page(request: Request) -> Response:
        reply = EndpointReply(document, status=200, media_type=PAGE_TYPE, headers=headers)
        if request.method == "HEAD":
            reply.body = b""  # the headers stay those of GET
        return reply

    app.add_api_route(PAGE_PATH, give_page, methods=["GET", "HEAD"], include_in_schema=False)


class WebOrigins:
    """Give pages from some origins leave to ask at people's four addresses, and to read every answer, problems too."""

    def __init__(self, app: ASGIApp, *, origins: tuple[str, ...]) -> None:
        """Wrap an application.

        Args:
            app: the application.
            origins: as in `EndpointSettings.web_origins`.
        """
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser that asks for leave, and add the leave to any other answer."""
        methods = METHODS_OF_PATHS.get(scope["path"]) if scope["type"] == "http" else None
        if methods is None:
            await self._app(scope, receive, send)
            return
        leave = self._leave_for(scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *leave.items()]}
            await send(message)

        if b"access-control-allow-origin" in leave and scope["method"] == "OPTIONS":
            allowed = [(b"access-control-allow-methods", methods), (b"access-control-allow-headers", b"content-type")]
            for_long = (b"access-control-max-age", str(LEAVE_SECONDS).encode())
            headers = [(b"cache-control", b"no-store"), *allowed, for_long]
            await answer({"type": "http.response.start", "status": 204, "headers": headers})
            await answer({"type": "http.response.body", "body": b""})
        else:
            await self._app(scope, receive, answer)

    def _leave_for(self, scope: Scope) -> Mapping[bytes, bytes]:
        """Return the headers that give leave to the origin of a request; without leave, only that answers differ by origin."""
        named = [value for name, value in scope["headers"] if name == b"origin"]
        is_any = ANY_ORIGIN.encode() in self._origins
        if len(named) != 1 or not (is_any or named[0] in self._origins):
            return {b"vary": b"Origin"}
        return {
            b"vary": b"Origin",
            b"access-control-allow-origin": ANY_ORIGIN.encode() if is_any else named[0],
            b"access-control-expose-headers": b"retry-after",
        }
