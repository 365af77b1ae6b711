"""Serve the protocol over HTTP: four addresses, and a problem for everything else.

Routes read their bodies themselves, so that nothing of FastAPI's echoes a request or spools it to
disk; its documentation pages and its telemetry are off.

    app = create_app(EndpointSettings(database=Path("cases.db"), keys=Path("endpoint.keys"),
                                      origin="https://takedown.example"))
"""

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hashclient.endpoint.bodies import PLAIN_TYPE, read_body
from hashclient.endpoint.cases import Cases, Clock
from hashclient.endpoint.desk import Desk
from hashclient.endpoint.documented import PROFILE, SUBMISSIONS, about_cases, with_components
from hashclient.endpoint.keys import load_keys
from hashclient.endpoint.problems import ProblemName, problem
from hashclient.endpoint.replies import Reply, refuse
from hashclient.endpoint.settings import EndpointSettings, profile_of
from hashclient.endpoint.store.sqlite import SqliteStore
from hashclient.errors import ConfigError
from hashclient.model import Problem
from hashclient.vocabulary import Purpose

_LOG: Final = logging.getLogger("hashclient.endpoint")
_TELEMETRY_OFF: Final[Any] = {  # older FastAPI has no such argument and takes it as any other
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: EndpointSettings, *, clock: Clock = _now) -> FastAPI:
    """Open keys and database and make the application.

    Args:
        settings: the operator's.
        clock: gives the moment now, UTC; tests turn it.

    Raises:
        ConfigError: keys, database or settings cannot be used, or every key is past its last day.
        NoHybridError: this build of `cryptography` cannot use a key of the file.
    """
    keys = load_keys(settings.keys)
    live = keys.public(today=clock().date().isoformat())
    if not live:
        raise ConfigError("Every sealing key is past its last day.", hint="Renew the key file.")
    profile = profile_of(settings, live)
    store = SqliteStore(settings.database, mark=keys.peppers.mark())
    cases = Cases(store, peppers=keys.peppers, ceilings=settings.ceilings, clock=clock)
    desk = Desk(cases, profile=profile, keys=keys.by_id(), ceilings=settings.ceilings)
    return build_app(desk, on_close=store.close)


def build_app(desk: Desk | None, *, on_close: Callable[[], None] = lambda: None) -> FastAPI:
    """Lay the routes; without a desk only their description can be had (`openapi`)."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        on_close()

    app = FastAPI(
        title="hashclient endpoint",
        version="1",
        summary="Takes hashes of intimate pictures and videos whose spread is to be stopped.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry=_TELEMETRY_OFF,
        exception_handlers={HTTPException: _on_http_error, RequestValidationError: _on_http_error},
    )
    app.state.desk = desk
    app.add_middleware(_LastResort)
    app.add_api_route("/.well-known/hashclient.json", _profile, methods=["GET"], **PROFILE)
    app.add_api_route("/v1/submissions", _submissions, methods=["POST"], **SUBMISSIONS)
    app.add_api_route("/v1/cases/status", _status, methods=["POST"], **about_cases("status"))
    app.add_api_route("/v1/cases/withdrawal", _withdrawal, methods=["POST"], **about_cases("withdrawal"))
    return app


async def _profile(request: Request) -> Response:
    """Say what this endpoint takes, and to which keys bodies are sealed."""
    return Reply(_desk(request).profile_bytes, status=200, media_type=PLAIN_TYPE)


async def _submissions(request: Request) -> Response:
    """Keep a submission; the same one again gets the same receipt."""
    return await _take(request, Purpose.SUBMISSION)


async def _status(request: Request) -> Response:
    """Say where a case stands."""
    return await _take(request, Purpose.STATUS)


async def _withdrawal(request: Request) -> Response:
    """Take a case back; doing it again changes nothing."""
    return await _take(request, Purpose.WITHDRAWAL)


async def _take(request: Request, purpose: Purpose) -> Response:
    desk = _desk(request)
    body = await read_body(request, most_bytes=desk.profile.limits.body_bytes, ceilings=desk.ceilings)
    if isinstance(body, Problem):
        return refuse(body)
    return await run_in_threadpool(desk.answer, body, purpose=purpose)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _on_http_error(_: Request, error: Exception) -> Response:
    """Answer what the router refuses with a problem of ours."""
    names = {404: ProblemName.NOT_FOUND, 405: ProblemName.METHOD_NOT_ALLOWED, 413: ProblemName.TOO_LARGE}
    return refuse(problem(names.get(getattr(error, "status_code", 400), ProblemName.MALFORMED)))


class _LastResort:
    """Turn what nobody caught into a problem, before a traceback reaches a log or the caller."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            _LOG.error("internal-error %s", type(error).__name__)  # no tracebacks
            await refuse(problem(ProblemName.INTERNAL_ERROR))(scope, receive, send)


def openapi() -> dict[str, Any]:
    """Describe the outer API as OpenAPI 3.1, the content of `schemas/openapi.json`.

    What lies inside a sealed body is described by the schemas that `hashclient schema` prints.
    """
    return with_components(build_app(None).openapi())


def openapi_text() -> str:
    """Write that description as the file holds it."""
    return json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n"
