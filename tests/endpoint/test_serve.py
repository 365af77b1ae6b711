"""The endpoint as a process of its own on loopback: races, restarts, and no trace of the caller on disk."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from hashclient.endpoint.keys import load_keys, make_keys
from hashclient.endpoint.serve import listen, serve_endpoint
from hashclient.errors import ConfigError
from hashclient.model import CaseKey, CaseNumber, CaseReport, EndpointProfile, Pin, Problem, Receipt, Submission
from hashclient.model.wire import decode, encode
from hashclient.vocabulary import Purpose
from kit.endpoint import (
    PATHS,
    PLAIN,
    PROFILE_PATH,
    SEALED,
    Endpoint,
    Server,
    call,
    new_key,
    read_answer,
    request_for,
    seal_for,
    served,
    submission_of,
)

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]


def test_the_head_of_the_profile_over_a_socket(tmp_path: Path) -> None:
    """Its length is that of the profile, nothing follows it, and the connection serves the next question."""
    with served(tmp_path) as server, httpx.Client(base_url=server.origin, trust_env=False) as client:
        head = client.head(PROFILE_PATH)
        whole = client.get(PROFILE_PATH)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(whole.content))
        refused = client.put(PROFILE_PATH)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


class Person:
    """Someone who talks to a served endpoint over a real socket."""

    def __init__(self, server: Server, *, address: str = "127.0.0.1") -> None:
        transport = httpx.HTTPTransport(local_address=address)
        self._client = httpx.Client(base_url=server.origin, transport=transport, trust_env=False, timeout=30)
        self.profile = decode(EndpointProfile, self._client.get(PROFILE_PATH).content)

    def post(self, body: bytes, *, purpose: Purpose, content_type: str) -> httpx.Response:
        return self._client.post(PATHS[purpose], content=body, headers={"content-type": content_type})

    def ask(self, body: bytes, *, purpose: Purpose) -> tuple[int, Receipt | CaseReport | Problem]:
        request = seal_for(self.profile, body, purpose=purpose)
        response = self.post(request.wire, purpose=purpose, content_type=SEALED)
        return response.status_code, read_answer(response.status_code, request.open(response.content), purpose)

    def submit(self, submission: Submission) -> tuple[int, Receipt | CaseReport | Problem]:
        return self.ask(encode(submission), purpose=Purpose.SUBMISSION)

    def __enter__(self) -> "Person":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """Serve one endpoint for all tests that do not change it."""
    folder = tmp_path_factory.mktemp("served")
    with served(folder) as server:
        yield server, folder


def count(folder: Path, table: str) -> int:
    """Count rows while the endpoint runs."""
    import sqlite3

    connection = sqlite3.connect(folder / "cases.db")
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
    finally:
        connection.close()


def test_fifty_at_once_make_one_case(tmp_path: Path) -> None:
    """Fifty copies of one submission, each with its own seal, get equal receipts."""
    submission = submission_of(*(secrets.token_hex(32) for _ in range(5)))
    with served(tmp_path) as server, Person(server) as person, ThreadPoolExecutor(25) as pool:
        start = threading.Barrier(25)

        def send(_: int) -> tuple[int, Receipt | CaseReport | Problem]:
            start.wait()
            return person.submit(submission)

        answers = list(pool.map(send, range(50)))
        assert len({answer.model_dump_json(context={"reveal": True}) for _, answer in answers}) == 1
        assert {status for status, _ in answers} == {201}
        assert [count(tmp_path, table) for table in ("cases", "items", "signals")] == [1, 1, 5]


def test_races_on_many_numbers_have_one_winner_each(server: tuple[Server, Path]) -> None:
    """Two bodies under each of 25 numbers, five copies each: one is kept, the other always gets 409."""
    pairs = []
    for _ in range(25):
        first = submission_of()
        pairs.append((first, submission_of(number=first.case_number)))
    before = count(server[1], "cases")
    with Person(server[0]) as person, ThreadPoolExecutor(16) as pool:
        sent = [(position, which) for which in range(2) for _ in range(5) for position in range(len(pairs))]
        statuses = list(pool.map(lambda at: person.submit(pairs[at[0]][at[1]])[0], sent))
    by_body: dict[tuple[int, int], set[int]] = {}
    for at, status in zip(sent, statuses, strict=True):
        by_body.setdefault(at, set()).add(status)
    for position in range(len(pairs)):
        assert sorted(by_body[position, which] == {201} for which in range(2)) == [False, True]
        assert sorted(by_body[position, which] == {409} for which in range(2)) == [False, True]
    assert count(server[1], "cases") - before == len(pairs)


def test_cases_outlive_a_restart(tmp_path: Path) -> None:
    """Receipt, status and withdrawal are unaffected by a restart on the same port."""
    submission = submission_of()
    with served(tmp_path) as server, Person(server) as person:
        first = person.submit(submission)
        assert person.ask(request_for(submission), purpose=Purpose.STATUS)[0] == 200
        port = server.port
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0
        assert server.process.stderr is not None
        assert server.process.stderr.read() == ""
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["cases.db", "endpoint.keys"]
    with served(tmp_path, port=port) as server, Person(server) as person:
        assert person.submit(submission) == first
        assert person.ask(request_for(submission), purpose=Purpose.WITHDRAWAL)[0] == 200


def test_nothing_of_the_caller_is_at_rest(tmp_path: Path) -> None:
    """Number, key, PIN, nonce, digest, address and user agent are in neither database, log nor output."""
    import hashlib

    number, pin = CaseNumber.from_bits(secrets.randbits(55)), Pin("48151623")
    submission = submission_of(number=number, key=CaseKey.from_pin(pin, number))
    with served(tmp_path) as server:
        with Person(server, address="127.0.0.77") as person:
            person._client.headers["user-agent"] = "canary-agent"
            status, _ = person.submit(submission)
            assert status == 201
            assert person.ask(request_for(submission), purpose=Purpose.STATUS)[0] == 200
            assert person.ask(request_for(submission, key=new_key()), purpose=Purpose.STATUS)[0] == 404
            assert person.ask(b'{"canary-body":1}', purpose=Purpose.STATUS)[0] == 422
        stored = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.name != "endpoint.keys"}
        server.process.terminate()
        output, errors = server.process.communicate(timeout=20)
    assert bytes.fromhex(submission.items[0].signals[0].value) in b"".join(stored.values())
    digest = hashlib.sha256(encode(submission)).hexdigest()
    secret_texts = [
        number.shown(), number.shown().replace("-", ""), pin.shown(), pin.shown().replace(" ", ""),
        submission.case_key.on_wire(), submission.nonce, digest, "127.0.0.77", "canary",
    ]  # fmt: skip
    secret_bytes = [bytes.fromhex(text) for text in (submission.case_key.on_wire(), submission.nonce, digest)]
    secret_bytes += [text.encode() for text in secret_texts] + [socket.inet_aton("127.0.0.77")]
    everything = b"".join(stored.values()) + (output + errors).encode()
    assert not [secret for secret in secret_bytes if secret in everything or secret.upper() in everything]


def test_wrong_and_unknown_are_the_same_on_the_wire(server: tuple[Server, Path]) -> None:
    """Both answers are equal in every byte, including status line and headers."""
    submission = submission_of()
    with Person(server[0]) as person:
        person.submit(submission)
    answers = []
    for body in (request_for(submission, key=new_key()), request_for(submission_of())):
        head = f"POST {PATHS[Purpose.STATUS]} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {PLAIN}\r\n"
        answers.append(_raw(server[0].port, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body))
    assert answers[0] == answers[1]
    assert answers[0].startswith(b"HTTP/1.1 404")
    for header in (b"date", b"server"):
        assert header + b":" not in answers[0].lower()


def _raw(port: int, *pieces: bytes) -> bytes:
    """Send raw bytes, and read until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                break
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received


def test_an_endless_body_is_cut_off(server: tuple[Server, Path]) -> None:
    """The 413 arrives before the body ends, and the connection is closed."""
    head = f"POST {PATHS[Purpose.SUBMISSION]} HTTP/1.1\r\nHost: x\r\nContent-Type: {SEALED}\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    over = b"1\r\nx\r\n"  # the byte after twice the limit of 4 MiB; no last chunk follows
    answer = _raw(server[0].port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), *[chunk] * 8, over)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"urn:hashclient:problem:too-large" in answer


def test_what_is_not_http_gets_no_trace(server: tuple[Server, Path]) -> None:
    """Bytes that are not a request are answered by the HTTP layer, which repeats none of them."""
    answer = _raw(server[0].port, b"canary \x00\x01\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"canary" not in answer


def test_the_origin_is_where_it_listens(server: tuple[Server, Path]) -> None:
    """On loopback the profile names the bound port."""
    with Person(server[0]) as person:
        assert person.profile.origin == server[0].origin
        assert person.profile.plain_bodies is True
        assert load_keys(server[1] / "endpoint.keys").public() == person.profile.keys


def test_ctrl_c_ends_it_well(tmp_path: Path) -> None:
    """An interrupt is not an error."""
    with served(tmp_path) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=20) == 0


def test_a_request_under_way_is_answered_before_the_end(tmp_path: Path) -> None:
    """If told to stop in the middle of a body, the endpoint reads the rest of it first."""
    with served(tmp_path) as server, Person(server) as person:
        body = request_for(submission_of())
        head = f"POST {PATHS[Purpose.STATUS]} HTTP/1.1\r\nHost: x\r\nContent-Type: {PLAIN}\r\n"
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
            person.submit(submission_of())  # the first bytes have been read by now
            server.process.terminate()
            threading.Event().wait(0.3)
            connection.sendall(body[10:])
            assert connection.recv(65536).startswith(b"HTTP/1.1 404")
        assert server.process.wait(timeout=20) == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"host": "0.0.0.0", "plain_bodies": True}, "on this machine only"),  # noqa: S104
        ({"host": "takedown.example", "plain_bodies": True}, "on this machine only"),
        ({"host": "192.0.2.1"}, "public address"),
        ({"port": 70_000}, "could not be listened on"),
        ({"name": ""}, "'name'"),
    ],
)
def test_unsafe_or_wrong_settings_stop_the_start(tmp_path: Path, given: dict[str, object], sentence: str) -> None:
    """Above all, unsealed bodies on the open network."""
    make_keys(tmp_path / "keys")
    with pytest.raises(ConfigError, match=sentence):
        serve_endpoint(database=tmp_path / "db", keys=tmp_path / "keys", **given)  # type: ignore[arg-type]


def test_a_port_in_use_is_said(server: tuple[Server, Path]) -> None:
    """No second endpoint takes over the port."""
    with pytest.raises(ConfigError, match="could not be listened on"):
        serve_endpoint(database=server[1] / "other.db", keys=server[1] / "endpoint.keys", port=server[0].port)


HOSTS = ["127.0.0.1", "localhost"] + (["::1"] if Path("/proc/net/if_inet6").exists() else [])


@pytest.mark.parametrize("host", HOSTS)
def test_it_serves_in_a_thread_too(tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program may run it beside other work, under any name of loopback."""
    from hashclient.endpoint import serve as serve_module

    servers: list[serve_module._UvicornServer] = []
    kept = serve_module._UvicornServer.startup

    async def startup(self: serve_module._UvicornServer, sockets: list[socket.socket] | None = None) -> None:
        servers.append(self)
        await kept(self, sockets)

    monkeypatch.setattr(serve_module._UvicornServer, "startup", startup)
    make_keys(tmp_path / "keys")
    ready, ports = threading.Event(), []

    def on_ready(port: int) -> None:
        ports.append(port)
        ready.set()

    thread = threading.Thread(
        target=serve_endpoint,
        kwargs={"database": tmp_path / "db", "keys": tmp_path / "keys", "host": host, "on_ready": on_ready},
    )
    thread.start()
    try:
        assert ready.wait(30)
        shown = f"[{host}]" if ":" in host else host
        with httpx.Client(base_url=f"http://{shown}:{ports[0]}", trust_env=False) as client:
            profile = decode(EndpointProfile, client.get(PROFILE_PATH).content)
        assert profile.origin == f"http://{shown}:{ports[0]}"
        assert profile.plain_bodies is False
    finally:
        for running in servers:
            running.should_exit = True
        thread.join(30)
    assert not thread.is_alive()


def test_the_environment_changes_nothing(tmp_path: Path) -> None:
    """Telemetry stays off, and no crash point is armed outside a test build."""
    environ = dict(os.environ) | {"HASHCLIENT_CRASH_AT": "endpoint.opened", "FASTAPI_OTEL_AUTO_CONFIGURE": "true"}
    environ.pop("HASHCLIENT_TEST_BUILD", None)
    script = (
        "from hashclient._crash import crash_point; from hashclient.endpoint.app import build_app;"
        "crash_point('endpoint.opened'); app = build_app(None);"
        "assert not app._native_telemetry.enabled()"
    )
    subprocess.run([sys.executable, "-c", script], env=environ, check=True, timeout=60)


def test_profiles_are_json_for_programs(server: tuple[Server, Path]) -> None:
    """A partner's program needs nothing but JSON to read it."""
    with Person(server[0]) as person:
        response = person._client.get(PROFILE_PATH)
    assert response.headers["content-type"] == PLAIN
    assert json.loads(response.content)["limits"]["body_bytes"] == 4 * 1024 * 1024


def test_a_plain_request_works_without_sealing(endpoint: Endpoint) -> None:
    """On loopback, a program may skip the sealing."""
    response = call(endpoint.app, PATHS[Purpose.SUBMISSION], encode(submission_of()), content_type=PLAIN)
    assert json.loads(response.body)["status"] == "Received"


def test_an_answer_does_not_wait_between_its_parts() -> None:
    """Connections send without delay: the body of an answer does not wait for the receipt of its head."""
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
