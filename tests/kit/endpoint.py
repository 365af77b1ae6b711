"""What the endpoint's tests share: submissions, a sealing asker, a bare ASGI client and a real server."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from hashclient.endpoint.app import create_app
from hashclient.endpoint.keys import make_keys
from hashclient.endpoint.settings import EndpointSettings
from hashclient.model import (
    CaseKey,
    CaseNumber,
    CaseReport,
    CaseRequest,
    EndpointProfile,
    Problem,
    Receipt,
    Submission,
)
from hashclient.model.wire import WireBody, decode, encode
from hashclient.sealing import PrivateKey, choose_key, head_for, new_reply_key, open_reply, seal
from hashclient.vocabulary import Purpose

ORIGIN = "http://127.0.0.1:8765"
PATHS = {
    Purpose.SUBMISSION: "/v1/submissions",
    Purpose.STATUS: "/v1/cases/status",
    Purpose.WITHDRAWAL: "/v1/cases/withdrawal",
}
PROFILE_PATH = "/.well-known/hashclient.json"
SEALED = "application/octet-stream"
PLAIN = "application/json"


def new_number() -> CaseNumber:
    return CaseNumber.from_bits(secrets.randbits(55))


def new_key() -> CaseKey:
    """Give a case key as if of some PIN, without the slow derivation."""
    return CaseKey(secrets.token_hex(32))


def pdq_value() -> str:
    return secrets.token_hex(32)


def submission_of(*values: str, number: CaseNumber | None = None, key: CaseKey | None = None) -> Submission:
    """Make a submission of one picture with these PDQ hashes, or a random one."""
    return Submission.model_validate(
        {
            "version": 1,
            "nonce": secrets.token_hex(16),
            "case_number": number or new_number(),
            "case_key": key or new_key(),
            "declarations": {"adult": True, "depicted": "self", "intimate": True, "no_consent": True, "wording": 2},
            "items": [
                {
                    "content": "image",
                    "altered": "no",
                    "signals": [
                        {"type": "pdq", "value": value, "quality": 90, "variant": "original"}
                        for value in values or (pdq_value(),)
                    ],
                }
            ],
        }
    )


def request_for(submission: Submission, *, key: CaseKey | None = None) -> WireBody:
    return encode(CaseRequest(case_number=submission.case_number, case_key=key or submission.case_key))


@dataclass
class Clock:
    """A clock that tests turn."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **step: float) -> None:
        self.now += timedelta(**step)


@dataclass(frozen=True)
class Response:
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name.encode(), b"").decode() or None


async def _ask(app: FastAPI, scope: dict[str, Any], chunks: AsyncIterator[bytes]) -> Response:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        chunk = await anext(chunks, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Response(sent[0]["status"], tuple(sent[0]["headers"]), body)


async def _all(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def call(
    app: FastAPI,
    path: str,
    body: bytes | Iterable[bytes] | AsyncIterator[bytes] = b"",
    *,
    method: str = "POST",
    content_type: str = SEALED,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> Response:
    """Send one request to the application, without a socket; whatever is not plain bytes comes in chunks."""
    framing = (b"content-length", b"%d" % len(body)) if isinstance(body, bytes) else (b"transfer-encoding", b"chunked")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"content-type", content_type.encode("latin-1")), framing, *headers],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 8765),
    }
    chunks = body if isinstance(body, AsyncIterator) else _all([body] if isinstance(body, bytes) else body)
    return asyncio.run(_ask(app, scope, chunks))


@dataclass(frozen=True)
class SealedRequest:
    wire: bytes
    reply_key: PrivateKey

    def open(self, response_body: bytes) -> bytes:
        return open_reply(response_body, request=self.wire, key=self.reply_key)  # type: ignore[arg-type]


def seal_for(profile: EndpointProfile, body: bytes, *, purpose: Purpose, reply_to: str | None = None) -> SealedRequest:
    """Seal a body as a client does, anew at each call."""
    reply_key = new_reply_key()
    head = head_for(purpose, reply_key)
    if reply_to is not None:
        head = head.model_copy(update={"reply_key": reply_to})
    key = choose_key(profile.keys, today="2026-11-20")
    return SealedRequest(seal(WireBody(body), head=head, key=key, origin=profile.origin), reply_key)


@dataclass
class Endpoint:
    """An application over a database in a folder, asked without sockets."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    settings: dict[str, Any] = field(default_factory=dict)
    key_days: int = 20 * 365
    """Days from the real today on which its keys expire: tests turn the clock by years."""

    def __post_init__(self) -> None:
        if not self.keys.exists():
            make_keys(self.keys, days=self.key_days)
        self.open()

    @property
    def keys(self) -> Path:
        return self.folder / "endpoint.keys"

    @property
    def database(self) -> Path:
        return self.folder / "cases.db"

    def open(self) -> None:
        given: dict[str, Any] = {"origin": ORIGIN, "plain_bodies": True} | self.settings
        self.app = create_app(EndpointSettings(database=self.database, keys=self.keys, **given), clock=self.clock)
        self.profile: EndpointProfile = self.app.state.handler.profile

    def close(self) -> None:
        async def end() -> None:
            async with self.app.router.lifespan_context(self.app):
                pass

        asyncio.run(end())

    def send(self, body: bytes, *, purpose: Purpose, sealed: bool = True) -> tuple[int, Receipt | CaseReport | Problem]:
        """Send a body and read the answer, sealed or plain."""
        if not sealed:
            response = call(self.app, PATHS[purpose], body, content_type=PLAIN)
            return response.status, read_answer(response.status, response.body, purpose)
        request = seal_for(self.profile, body, purpose=purpose)
        response = call(self.app, PATHS[purpose], request.wire)
        assert len(response.body) == 1024
        return response.status, read_answer(response.status, request.open(response.body), purpose)

    def submit(self, submission: Submission) -> Receipt:
        status, answer = self.send(encode(submission), purpose=Purpose.SUBMISSION)
        assert status == 201
        assert isinstance(answer, Receipt)
        return answer

    def report(self, submission: Submission, *, purpose: Purpose = Purpose.STATUS) -> CaseReport:
        status, answer = self.send(request_for(submission), purpose=purpose)
        assert status == 200
        assert isinstance(answer, CaseReport)
        return answer

    def refused(self, body: bytes, *, purpose: Purpose, sealed: bool = True) -> tuple[int, str, str | None]:
        status, answer = self.send(body, purpose=purpose, sealed=sealed)
        assert isinstance(answer, Problem)
        assert answer.status == status
        return status, answer.name(), answer.pointer

    def stored_bytes(self) -> bytes:
        """Read the database and its log as they lie on disk."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.glob("cases.db*")))


def read_answer(status: int, body: bytes, purpose: Purpose) -> Receipt | CaseReport | Problem:
    if status >= 400:
        return decode(Problem, body)
    return decode(Receipt, body) if purpose is Purpose.SUBMISSION else decode(CaseReport, body)


_SERVE = """
import sys
from pathlib import Path
from hashclient.endpoint import app, serve
from hashclient.endpoint.people import routes
from hashclient.endpoint.serve import serve_endpoint
exec(sys.argv[4])
serve_endpoint(database=Path(sys.argv[1]), keys=Path(sys.argv[2]), name="Test", operator="Test", plain_bodies=True,
      port=int(sys.argv[3]), on_ready=lambda port: print(port, flush=True))
"""


@dataclass(frozen=True)
class Server:
    process: "subprocess.Popen[str]"
    port: int

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(
    folder: Path,
    *,
    crash_at: str | None = None,
    port: int = 0,
    first: str = "",
    environ: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run the endpoint as its own process on loopback; it is killed at the end where it still runs.

    `first` is run before it starts; `app`, `routes` and `serve` are its modules.
    """
    keys = folder / "endpoint.keys"
    if not keys.exists():
        make_keys(keys)
    around = dict(os.environ) | ({"HASHCLIENT_TEST_BUILD": "1", "HASHCLIENT_CRASH_AT": crash_at} if crash_at else {})
    around |= environ or {}
    command = [sys.executable, "-c", _SERVE, str(folder / "cases.db"), str(keys), str(port), first]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=around) as process:
        assert process.stdout is not None
        try:
            yield Server(process, int(process.stdout.readline()))
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
