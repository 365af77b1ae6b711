"""Raw connections to a real endpoint: half heads, endless bodies, two lengths, many at once, and none that reads."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest

from hashclient.endpoint.app import UNREAD_BYTES
from hashclient.endpoint.people.routes import MOST_HELD
from hashclient.endpoint.serve import MAX_CHUNKS
from hashclient.model import EndpointProfile
from hashclient.model.wire import decode
from hashclient.vocabulary import Purpose
from kit.endpoint import PATHS, PROFILE_PATH, SEALED, Server, seal_for, served
from kit.worst_bodies import SHAPES, largest_submission

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]

SUBMIT = PATHS[Purpose.SUBMISSION]
STATUS = PATHS[Purpose.STATUS]
GET = f"GET {PROFILE_PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
MIB = 1024 * 1024
IMPATIENT = """
serve.HEAD_SECONDS = serve.TAKE_SECONDS = app.UNREAD_SECONDS = 1
serve.MAX_CONNECTIONS = 40
"""


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve an endpoint that waits for a second instead of ten; whatever is tried, it says nothing of it."""
    with served(tmp_path_factory.mktemp("impatient"), first=IMPATIENT) as server:
        yield server
        server.process.terminate()
        assert server.process.communicate(timeout=30)[1] == ""


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def head(path: str, *fields: str, method: str = "POST", content_type: str = SEALED) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Type: {content_type}", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def until_closed(connection: socket.socket) -> bytes:
    """Read until the other side closes, well or not; a side that never does is a time-out."""
    received = b""
    with suppress(ConnectionError):
        while chunk := connection.recv(65536):
            received += chunk
    return received


def sent_until_closed(connection: socket.socket, piece: bytes, *, most: int) -> int:
    """Send a piece again and again until the other side closes, and return how many bytes it was; at most `most`."""
    sent = 0
    with suppress(ConnectionError):
        while sent < most:
            connection.sendall(piece)
            sent += len(piece)
    return sent


def until_answered(connection: socket.socket) -> bytes:
    """Read one answer, head and body."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    start, _, body = received.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in start.split(b"\r\n") if line.startswith(b"content-length"))
    while len(body) < length:
        body += connection.recv(65536)
    return start + b"\r\n\r\n" + body


def first_answer(connection: socket.socket) -> tuple[int, str]:
    """Read one answer, and return its status and the name of its problem."""
    start, _, body = until_answered(connection).partition(b"\r\n\r\n")
    return int(start.split()[1]), json.loads(body).get("type", "").rpartition(":")[2]


@pytest.mark.parametrize("begun", [b"", b"P", b"POST /v1/submissions HTTP/1.1\r\nHost: x\r\nX-A: "])
@pytest.mark.parametrize("after", [b"", GET])
def test_half_a_head_is_not_waited_for(impatient: Server, begun: bytes, after: bytes) -> None:
    """Nor is the head after an answered request."""
    with connected(impatient) as connection:
        connection.sendall(after)
        if after:
            assert first_answer(connection)[0] == 200
        connection.sendall(begun)
        assert until_closed(connection) == b""


def test_a_head_that_trickles_is_not_waited_for(impatient: Server) -> None:
    """Each byte on time does not make a head on time."""
    with connected(impatient) as connection:
        connection.settimeout(0.05)
        connection.sendall(b"POST /v1/submissions HTTP/1.1\r\nHost: x\r\nX-A: ")
        sent = 0
        is_open = True
        while is_open and sent < 10_000:
            with suppress(TimeoutError, ConnectionError):
                is_open = False
                sent += connection.send(b"a")
                is_open = True
                is_open = connection.recv(1) != b""
        assert sent < 10_000


REFUSED = {
    415: head(SUBMIT, "Transfer-Encoding: chunked", content_type="text/plain"),
    413: head(SUBMIT, f"Content-Length: {64 * MIB}"),
    404: head("/elsewhere", "Transfer-Encoding: chunked"),
    405: head(SUBMIT, "Transfer-Encoding: chunked", method="PUT"),
}


@pytest.mark.parametrize("status", REFUSED)
def test_an_endless_body_after_a_refusal_is_not_read_for_ever(impatient: Server, status: int) -> None:
    """The answer comes at once; some more is read, so that it can be, and then the connection is closed."""
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with connected(impatient) as connection:
        connection.sendall(REFUSED[status])
        assert first_answer(connection)[0] == status
        assert sent_until_closed(connection, chunk, most=32 * UNREAD_BYTES) < 32 * UNREAD_BYTES


@pytest.mark.parametrize("status", REFUSED)
def test_a_silent_body_after_a_refusal_is_not_waited_for(impatient: Server, status: int) -> None:
    """Whoever gets an answer and sends nothing more is disconnected."""
    with connected(impatient) as connection:
        connection.sendall(REFUSED[status] + b"1\r\nx\r\n")
        assert first_answer(connection)[0] == status
        assert until_closed(connection) == b""


def test_a_refused_body_that_ends_is_read_and_the_connection_closed(impatient: Server) -> None:
    """The sender of a wrong type reads the answer after sending everything, and nothing follows it."""
    body = b"x" * MIB
    with connected(impatient) as connection:
        connection.sendall(head(SUBMIT, f"Content-Length: {len(body)}", content_type="text/plain") + body)
        connection.sendall(GET)
        received = until_closed(connection)
    assert received.startswith(b"HTTP/1.1 415")
    assert received.count(b"HTTP/1.1") == 1
    assert b"connection: close" in received


def test_a_chunk_that_is_none_ends_a_refused_body(impatient: Server) -> None:
    """It is no second answer, and no error of ours."""
    with connected(impatient) as connection:
        connection.sendall(REFUSED[415])
        assert first_answer(connection)[0] == 415
        connection.sendall(b"no chunk\r\n\r\n")
        assert until_closed(connection) == b""


SMUGGLED = b"0\r\n\r\n" + GET


@pytest.mark.parametrize(
    "fields",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 0"),
        ("Transfer-Encoding: Chunked", f"Content-Length: {len(SMUGGLED)}"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: 5, 6",),
        ("Content-Length: -5",),
        ("Content-Length: +5",),
        ("Content-Length: 0x5",),
        ("Transfer-Encoding: gzip, chunked",),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_length_given_in_two_ways_is_refused(impatient: Server, fields: tuple[str, ...], method: str) -> None:
    """A proxy may have believed the other one, so what follows is not taken for a request."""
    path = SUBMIT if method == "POST" else PROFILE_PATH
    with connected(impatient) as connection:
        connection.sendall(head(path, *fields, method=method) + SMUGGLED)
        received = until_closed(connection)
    assert received.count(b"HTTP/1.1") == 1
    assert received.split()[1] in {b"400", b"501"}
    assert b"application/problem+json" in received


CHUNK = b"1\r\na\r\n"


def test_chunks_without_number_are_refused(impatient: Server) -> None:
    """Each costs as much as a long one, and nobody else is answered while those that have arrived are read."""
    with connected(impatient) as connection:
        connection.sendall(head(SUBMIT, "Transfer-Encoding: chunked") + CHUNK * (MAX_CHUNKS + 1))
        received = until_closed(connection)
    assert received.split()[1] == b"400"
    assert b"urn:hashclient:problem:malformed" in received


def test_as_many_chunks_as_may_be_are_read(impatient: Server) -> None:
    """In each request of a connection anew."""
    request = head(SUBMIT, "Transfer-Encoding: chunked") + CHUNK * MAX_CHUNKS + b"0\r\n\r\n"
    with connected(impatient) as connection:
        for _ in range(2):
            connection.sendall(request)
            answer = until_answered(connection)
            assert answer.split()[1] == b"400"  # it is no sealed body
            assert b"connection: close" not in answer


def test_what_is_not_http_gets_a_problem(impatient: Server) -> None:
    """Even bytes that are no request get the answer that the specification has for them."""
    with connected(impatient) as connection:
        connection.sendall(b"canary \x00\x01\r\n\r\n")
        received = until_closed(connection)
    assert json.loads(received.partition(b"\r\n\r\n")[2])["type"] == "urn:hashclient:problem:malformed"


def test_who_reads_no_answer_is_disconnected(impatient: Server) -> None:
    """Questions one after another, and nobody takes what is answered."""
    with connected(impatient) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert sent_until_closed(connection, GET * 1000, most=100 * MIB) < 100 * MIB


def test_connections_are_bounded(impatient: Server) -> None:
    """More than there is room for are closed as they come, and those that say nothing make room again."""
    with ExitStack() as stack:
        idle = [stack.enter_context(connected(impatient)) for _ in range(60)]
        assert [until_closed(connection) for connection in idle] == [b""] * 60
    with connected(impatient) as connection:
        connection.sendall(GET)
        assert first_answer(connection)[0] == 200


def asked(server: Server, body: bytes) -> tuple[int, str]:
    """Ask for the state of a case, unsealed."""
    with connected(server) as connection:
        connection.sendall(head(STATUS, f"Content-Length: {len(body)}", content_type="application/json") + body)
        return first_answer(connection)


def test_nearly_whole_bodies_leave_room_for_others(tmp_path: Path) -> None:
    """Of bodies of 4 MiB less a byte, as many are held as there is room for; the rest is sent away, small ones are not."""
    whole = 4 * MIB
    with served(tmp_path) as server, ExitStack() as stack:
        assert asked(server, b"{}") == (422, "invalid-submission")
        process = psutil.Process(server.process.pid)
        before = process.memory_info().rss
        held = [stack.enter_context(connected(server)) for _ in range(MOST_HELD[True])]
        for connection in held:
            connection.sendall(head(SUBMIT, f"Content-Length: {whole}") + b"x" * (whole - 1))
        for fields in (f"Content-Length: {whole}", "Transfer-Encoding: chunked"):
            with connected(server) as surplus:
                surplus.sendall(head(SUBMIT, fields))
                with suppress(ConnectionError):
                    surplus.sendall(b"20000\r\n" + b"x" * 0x20000)
                assert first_answer(surplus) == (503, "unavailable")
        assert asked(server, b"{}") == (422, "invalid-submission")
        assert process.memory_info().rss - before < 150 * MIB
        held[0].sendall(b"x")
        assert first_answer(held[0]) == (400, "malformed")
        with connected(server) as late:
            late.sendall(head(SUBMIT, f"Content-Length: {whole}") + b"x" * whole)
            assert first_answer(late) == (400, "malformed")


def test_a_body_that_stalls_is_not_waited_for(tmp_path: Path) -> None:
    """However much has arrived: what was sent fast does not buy minutes of silence."""
    first = """
from functools import partial
serve.serve_endpoint = serve_endpoint = partial(serve_endpoint, body_seconds=1, stall_seconds=1)
app.UNREAD_SECONDS = 1
"""
    with served(tmp_path, first=first) as server, connected(server) as connection:
        connection.sendall(head(SUBMIT, f"Content-Length: {4 * MIB}") + b"x" * (4 * MIB - 1))
        assert first_answer(connection) == (408, "too-slow")
        assert until_closed(connection) == b""


def test_the_worst_bodies_leave_time_for_others(tmp_path: Path) -> None:
    """Three at once of each of some shapes, the largest submission among them, and everybody gets an answer."""
    shapes = {
        **{name: SHAPES[name] for name in ("items are numbers", "signals are empty", "short strings")},
        "the largest submission": largest_submission,
    }
    with served(tmp_path) as server, ThreadPoolExecutor(3) as pool:
        with connected(server) as connection:
            connection.sendall(GET)
            received = until_answered(connection)
        profile = decode(EndpointProfile, received.partition(b"\r\n\r\n")[2])
        process = psutil.Process(server.process.pid)
        before = process.memory_info().rss

        def send(body: bytes) -> int:
            wire = seal_for(profile, body, purpose=Purpose.SUBMISSION).wire
            with connected(server) as connection:
                connection.sendall(head(SUBMIT, f"Content-Length: {len(wire)}") + wire)
                return int(until_answered(connection).split()[1])

        for name, make in shapes.items():
            bodies = [make() for _ in range(3)]
            under_way = [pool.submit(send, body) for body in bodies]
            assert asked(server, b"{}") == (422, "invalid-submission")
            wanted = 201 if name == "the largest submission" else 422
            assert [future.result(60) for future in under_way] == [wanted] * 3
            assert process.memory_info().rss - before < 300 * MIB
