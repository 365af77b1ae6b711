"""Build the application: routes over one database, and a problem as the answer to everything else.

FastAPI's documentation pages and telemetry are off.

    app = create_app(EndpointSettings(database=Path("cases.db"), keys=Path("endpoint.keys"),
                                      origin="https://takedown.example"))
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hashclient.endpoint.keys import load_keys
from hashclient.endpoint.people.browsers import WebOrigins, add_page_route, own_page
from hashclient.endpoint.people.cases import ENDPOINT_LOG, Cases, EndpointClock
from hashclient.endpoint.people.handler import RequestHandler, problem_reply
from hashclient.endpoint.people.problems import ProblemName, problem
from hashclient.endpoint.people.routes import add_people_routes
from hashclient.endpoint.settings import EndpointSettings, check_web_origins, profile_of
from hashclient.endpoint.store.sqlite import SqliteStore
from hashclient.errors import ConfigError
from hashclient.messages import _p
from hashclient.model.schema import components

REPEAT_SECONDS: Final = 60
"""Seconds after which what is to be done every minute is done again."""
UNREAD_SECONDS: Final = 10
"""Seconds for which the rest of a body that nobody wants is read, so that its sender gets to read the answer."""
UNREAD_BYTES: Final = 4 * 1024 * 1024
"""Maximum number of bytes of it that are read."""
_TELEMETRY_OFF: Final[Any] = {  # older versions of FastAPI accept and ignore this argument
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def create_app(settings: EndpointSettings, *, clock: EndpointClock = lambda: datetime.now(UTC)) -> FastAPI:
    """Open the key file and the database, and build the application over them.

    Args:
        settings: the operator's settings.
        clock: returns the current time in UTC; tests set it.

    Raises:
        ConfigError: keys, database or settings cannot be used, or every key has expired.
        NoHybridError: this build of `cryptography` cannot use a key of the file.
        PageMissingError: the page is to be served, and was not built.
        PageServiceError: the page is to be served, and could not be told to connect to this origin alone.
    """
    keys = load_keys(settings.keys)
    live = keys.public(today=clock().date().isoformat())
    if not live:
        raise ConfigError(_p("error", "Every sealing key has expired."), hint=_p("error", "Renew the key file."))
    profile = profile_of(settings, live)
    check_web_origins(settings)
    page = own_page(settings.origin) if settings.page else None
    store = SqliteStore(settings.database, mark=keys.peppers.mark())
    cases = Cases(store, peppers=keys.peppers, settings=settings, clock=clock)
    handler = RequestHandler(cases, profile=profile, keys=keys.by_id(), settings=settings)
    app = build_app(handler, web_origins=settings.web_origins, each_minute=store.scrub, on_close=store.close)
    if page:
        add_page_route(app, page)
    return app


def build_app(
    handler: RequestHandler | None,
    *,
    web_origins: tuple[str, ...] = (),
    each_minute: Callable[[], None] = lambda: None,
    on_close: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Build the application around a handler; without one, it can only be described (`openapi`).

    Args:
        handler: answers the requests.
        web_origins: origins of pages hosted elsewhere that may ask, as in `EndpointSettings`.
        each_minute: called in a thread every minute, and once more before `on_close`.
        on_close: called at the end.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        repeated = asyncio.create_task(_repeat(each_minute))
        yield
        repeated.cancel()
        each_minute()
        on_close()

    app = FastAPI(
        title="hashclient endpoint",
        version="1",
        summary="Receives hashes of intimate pictures and videos, so that their spread can be stopped.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry=_TELEMETRY_OFF,
        exception_handlers={HTTPException: _answer_http_error, RequestValidationError: _answer_http_error},
    )
    app.state.handler = handler
    app.add_middleware(_LastResort)
    if web_origins:
        app.add_middleware(WebOrigins, origins=web_origins)
    app.add_middleware(_UnreadBodies)
    add_people_routes(app)
    return app


async def _answer_http_error(request: Request, error: Exception) -> Response:
    """Answer with a problem of ours what the router refuses; where only the method is wrong, name the right ones."""
    names = {404: ProblemName.NOT_FOUND, 405: ProblemName.METHOD_NOT_ALLOWED, 413: ProblemName.TOO_LARGE}
    reply = problem_reply(problem(names.get(getattr(error, "status_code", 400), ProblemName.MALFORMED)))
    if reply.status_code == 405:
        here = [route for route in request.app.routes if route.path == request.scope["path"]]
        reply.headers["allow"] = ", ".join(sorted({method for route in here for method in route.methods}))
    return reply


class _LastResort:
    """Answer an error that nothing caught with a problem, before a traceback reaches a log or the caller."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def watch(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if has_started or scope["type"] != "http":
                raise
            ENDPOINT_LOG.error("internal-error %s", type(error).__name__)  # no tracebacks
            await problem_reply(problem(ProblemName.INTERNAL_ERROR))(scope, receive, send)


async def _repeat(work: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(REPEAT_SECONDS)
        await run_in_threadpool(work)


class _UnreadBodies:
    """Answer before the body has been read whole, then read a little more of it, and close the connection.

    Also refuse a request that gives its length in two ways, of which a proxy may have believed the other.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        is_chunked = b"transfer-encoding" in headers
        is_read = not is_chunked and not int(headers.get(b"content-length", b"0"))

        async def watch() -> Message:
            nonlocal is_read
            message = await receive()
            is_read = not message.get("more_body", False)
            return message

        async def answer(message: Message) -> None:
            is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
            if message["type"] == "http.response.start" and not is_read:
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            if is_last and not is_read:
                await send({**message, "more_body": True})
                await _read_on(watch)
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        if is_chunked and b"content-length" in headers:
            await problem_reply(problem(ProblemName.MALFORMED))(scope, watch, answer)
        else:
            await self._app(scope, watch, answer)


async def _read_on(receive: Receive) -> None:
    """Read what is left of a body, for a while."""
    left = UNREAD_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(UNREAD_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def openapi() -> dict[str, Any]:
    """Describe the addresses as OpenAPI 3.1; `schemas/openapi.json` holds the result.

    What is inside a sealed body is described by the schemas that `hashclient schema` prints.
    """
    described = build_app(None).openapi()
    return described | {"components": {"schemas": components(ref_template="#/components/schemas/{model}")}}


def openapi_text() -> str:
    """Return that description as the text of the file."""
    return json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n"
