"""The HTTP side: addresses, bodies as they arrive, headers, and a problem for everything else."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from hashclient.endpoint.app import UNREAD_BYTES, create_app
from hashclient.endpoint.keys import make_keys
from hashclient.endpoint.people import cases as cases_module
from hashclient.endpoint.people.problems import _POINTER, ProblemName, problem
from hashclient.endpoint.settings import EndpointSettings
from hashclient.errors import ConfigError, StoreError
from hashclient.model import EndpointProfile, Limits, Problem
from hashclient.model.wire import decode, encode
from hashclient.vocabulary import Purpose
from kit.endpoint import (
    PATHS,
    PLAIN,
    PROFILE_PATH,
    SEALED,
    Endpoint,
    Response,
    call,
    request_for,
    seal_for,
    submission_of,
)

SUBMIT = PATHS[Purpose.SUBMISSION]
PROBLEM = "application/problem+json"


def problem_in(response: Response) -> str:
    """Return the name of the problem in an unsealed answer, after checking it against the specification."""
    assert response.header("content-type") == PROBLEM
    found = decode(Problem, response.body)
    assert found.status == response.status
    return found.name()


def test_the_profile_is_read_without_anything_sent(endpoint: Endpoint) -> None:
    """It is canonical JSON with origin, limits and two keys."""
    response = call(endpoint.app, PROFILE_PATH, method="GET")
    assert (response.status, response.header("content-type")) == (200, PLAIN)
    profile = decode(EndpointProfile, response.body)
    assert profile == endpoint.profile
    assert [int(key.suite) for key in profile.keys] == [2, 1]
    assert response.body == encode(profile)


def test_the_head_of_the_profile_is_answered(endpoint: Endpoint) -> None:
    """It has the headers of the profile, and no body."""
    whole = call(endpoint.app, PROFILE_PATH, method="GET")
    head = call(endpoint.app, PROFILE_PATH, method="HEAD")
    assert (head.status, head.headers, head.body) == (200, whole.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_the_profile_names_its_methods(endpoint: Endpoint, method: str) -> None:
    """Another method gets 405 and the two that are answered."""
    response = call(endpoint.app, PROFILE_PATH, method=method)
    assert (response.status, problem_in(response)) == (405, "method-not-allowed")
    assert response.header("allow") == "GET, HEAD"


@pytest.mark.parametrize("sealed", [True, False])
def test_headers_say_nothing(endpoint: Endpoint, sealed: bool) -> None:
    """Type, length and no-store: no date, no server, no cookie."""
    body = encode(submission_of())
    if sealed:
        body = seal_for(endpoint.profile, body, purpose=Purpose.SUBMISSION).wire  # type: ignore[assignment]
    response = call(endpoint.app, SUBMIT, body, content_type=SEALED if sealed else PLAIN)
    assert response.status == 201
    expected = {b"cache-control": b"no-store", b"content-length": str(len(response.body)).encode()}
    assert dict(response.headers) == expected | {b"content-type": (SEALED if sealed else PLAIN).encode()}


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/redoc", "/openapi.json", "/v1/submissions/", "/v1/cases/x", "/v1/feed"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_address_is_a_problem(endpoint: Endpoint, path: str, method: str) -> None:
    """That includes documentation pages and redirects."""
    assert problem_in(call(endpoint.app, path, b"canary", method=method)) == "not-found"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", PATHS.values())
def test_another_method_is_a_problem(endpoint: Endpoint, path: str, method: str) -> None:
    """Only POST is accepted, and a browser that asks for permission gets none."""
    response = call(endpoint.app, path, method=method)
    assert (response.status, problem_in(response)) == (405, "method-not-allowed")
    assert response.header("allow") == "POST"
    assert not [name for name, _ in response.headers if name.startswith(b"access-control")]


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "multipart/form-data", "application/json+x", "octet-stream"]
)
def test_another_type_is_refused(endpoint: Endpoint, content_type: str) -> None:
    """A body that is neither sealed nor JSON gets 415, and the connection does not outlive it."""
    response = call(endpoint.app, SUBMIT, b"canary", content_type=content_type)
    assert (response.status, problem_in(response)) == (415, "unsupported-media-type")
    assert response.header("connection") == "close"


@pytest.mark.parametrize("encoding", [b"gzip", b"identity, gzip", b"br"])
def test_a_packed_body_is_refused(endpoint: Endpoint, encoding: bytes) -> None:
    """Compression could turn a few bytes into many."""
    response = call(endpoint.app, SUBMIT, b"x", headers=[(b"content-encoding", encoding)])
    assert problem_in(response) == "unsupported-media-type"


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8", 'application/json;Charset="UTF-8"', "application/json; q=1"])  # fmt: skip
def test_a_type_may_have_parameters(endpoint: Endpoint, content_type: str) -> None:
    """Most frameworks write `application/json; charset=utf-8`, and some name the encoding that is none."""
    body = encode(submission_of())
    plain = call(endpoint.app, SUBMIT, body, content_type=content_type, headers=[(b"content-encoding", b"Identity")])
    assert plain.status == 201
    sealed = seal_for(endpoint.profile, body, purpose=Purpose.SUBMISSION).wire
    assert call(endpoint.app, SUBMIT, sealed, content_type=f"{SEALED}; charset=utf-8").status == 201


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1", "utf8", "", "utf-8; charset=utf-16"])
def test_another_charset_is_refused(endpoint: Endpoint, charset: str) -> None:
    """JSON is UTF-8; whoever says otherwise may mean otherwise."""
    response = call(endpoint.app, SUBMIT, encode(submission_of()), content_type=f"{PLAIN}; charset={charset}")
    assert problem_in(response) == "unsupported-media-type"


def test_plain_bodies_are_refused_where_the_profile_says_so(tmp_path: Path) -> None:
    """An endpoint on the open network accepts sealed bodies only."""
    endpoint = Endpoint(tmp_path, settings={"plain_bodies": False})
    response = call(endpoint.app, SUBMIT, encode(submission_of()), content_type=PLAIN)
    assert (response.status, problem_in(response)) == (415, "unsupported-media-type")
    endpoint.submit(submission_of())
    endpoint.close()


def test_a_body_too_large_is_cut_off_while_it_arrives(tmp_path: Path) -> None:
    """An endless body is never kept, read on for a while after the answer, and the connection is closed."""
    endpoint = Endpoint(tmp_path, settings={"limits": Limits(body_bytes=4096)})
    sent = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(1024)
            yield b"x" * 1024

    response = call(endpoint.app, SUBMIT, endless())
    assert (response.status, problem_in(response)) == (413, "too-large")
    assert response.header("connection") == "close"
    assert sum(sent) <= 4096 + 1024 + UNREAD_BYTES
    endpoint.close()


def test_a_body_of_just_the_limit_is_read(tmp_path: Path) -> None:
    """The limit itself is allowed; one byte more is not."""
    endpoint = Endpoint(tmp_path, settings={"limits": Limits(body_bytes=4096)})
    request = seal_for(endpoint.profile, request_for(submission_of()), purpose=Purpose.STATUS)
    assert len(request.wire) == 4096
    assert call(endpoint.app, PATHS[Purpose.STATUS], request.wire).status == 404
    assert problem_in(call(endpoint.app, PATHS[Purpose.STATUS], request.wire + b"x")) == "too-large"
    endpoint.close()


def test_a_body_in_many_pieces_is_the_same_body(endpoint: Endpoint) -> None:
    """How the network divides it does not matter."""
    request = seal_for(endpoint.profile, encode(submission_of()), purpose=Purpose.SUBMISSION)
    pieces = [request.wire[start : start + 7] for start in range(0, len(request.wire), 7)]
    assert call(endpoint.app, SUBMIT, pieces).status == 201


def test_a_body_that_trickles_is_ended(tmp_path: Path) -> None:
    """A body slower than the minimum rate is not waited for."""
    endpoint = Endpoint(tmp_path, settings={"body_seconds": 0.05, "body_bytes_per_second": 1_000_000})

    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.02)

    response = call(endpoint.app, SUBMIT, trickle())
    assert (response.status, problem_in(response)) == (408, "too-slow")
    assert response.header("connection") == "close"
    endpoint.close()


def test_a_caller_who_hangs_up_costs_nothing(endpoint: Endpoint) -> None:
    """A body that ends halfway is not judged."""

    async def ask() -> list[Any]:
        sent: list[Any] = []

        async def receive() -> dict[str, str]:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": SUBMIT, "headers": [(b"content-type", SEALED.encode())]}
        await endpoint.app(scope | {"query_string": b"", "root_path": ""}, receive, send)
        return sent

    assert asyncio.run(ask())[0]["status"] == 400


@pytest.mark.parametrize(
    ("error", "status", "name"), [(StoreError, 503, "unavailable"), (ZeroDivisionError, 500, "internal-error")]
)
def test_a_failure_after_opening_is_answered_sealed(
    endpoint: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
    status: int,
    name: str,
) -> None:
    """Even our own failures are hidden from whoever carries the request, and no log holds a trace of it."""

    def fail(*_: object, **__: object) -> None:
        raise error

    submission = submission_of()
    monkeypatch.setattr(cases_module.Cases, "submit", fail)
    with caplog.at_level(logging.DEBUG):
        assert endpoint.refused(encode(submission), purpose=Purpose.SUBMISSION) == (status, name, None)
    records = [record for record in caplog.records if record.name.startswith("hashclient")]
    assert [record.exc_info for record in records] == [None]
    assert "Traceback" not in caplog.text


def test_a_failure_outside_any_request_body_is_a_problem(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    """An error that nothing caught becomes a problem, not a traceback."""
    endpoint.app.state.handler = None
    response = call(endpoint.app, PROFILE_PATH, method="GET")
    assert (response.status, problem_in(response)) == (500, "internal-error")
    assert "Traceback" not in caplog.text


def test_a_failure_after_the_reply_began_breaks_the_line(endpoint: Endpoint) -> None:
    """Half a reply is never completed with something else."""

    async def ask() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                raise OSError

        scope = {"type": "http", "method": "GET", "path": PROFILE_PATH, "headers": [], "query_string": b""}
        await endpoint.app(scope | {"root_path": ""}, receive, send)

    with pytest.raises(OSError):  # noqa: PT011  # any of them
        asyncio.run(ask())


def test_no_answer_repeats_the_request(endpoint: Endpoint) -> None:
    """Neither values nor unknown keys of a wrong body are repeated."""
    document = json.loads(encode(submission_of()))
    document["items"][0]["signals"][0] |= {"value": "canary1", "canary2": 1}
    document["canary3"] = "canary4"
    for path in PATHS.values():
        response = call(endpoint.app, path, json.dumps(document).encode(), content_type=PLAIN)
        assert response.status == 422
        assert b"canary" not in response.body


@pytest.mark.parametrize("name", ProblemName)
def test_every_problem_follows_the_specification(name: ProblemName) -> None:
    """Each has a status and a sentence, and can only point to our own fields."""
    found = problem(name, pointer="/items/0")
    assert found.name() == name
    assert decode(Problem, encode(found)) == found
    assert problem(name, pointer="/Wrong Field").pointer is None
    assert problem(name, pointer="/" + "a" * 300).pointer is None
    assert _POINTER.fullmatch("")


def test_expired_keys_stop_the_start(tmp_path: Path) -> None:
    """A profile without a valid key would turn everybody away."""
    make_keys(tmp_path / "keys", days=-3)
    settings = EndpointSettings(database=tmp_path / "db", keys=tmp_path / "keys", origin="https://takedown.example")
    with pytest.raises(ConfigError, match="has expired"):
        create_app(settings)


@pytest.mark.parametrize(("field", "value"), [("origin", "ftp://x"), ("name", ""), ("policy", "http://plain.example")])
def test_a_setting_that_breaks_the_profile_stops_the_start(tmp_path: Path, field: str, value: str) -> None:
    """The setting is named, and no database is created."""
    make_keys(tmp_path / "keys")
    given: dict[str, Any] = {"origin": "https://takedown.example"} | {field: value}
    with pytest.raises(ConfigError, match=f"'{field}'"):
        create_app(EndpointSettings(database=tmp_path / "db", keys=tmp_path / "keys", **given))
    assert not (tmp_path / "db").exists()
