"""Whatever a peer does, a call ends, reads little, and says exactly what is known.

Each misbehaviour meets a submission, a status question and a withdrawal over a real socket. Waits
between tries pass in virtual time; what a peer withholds is waited for in real time, briefly.
"""

import functools
import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from hashclient.client import Client
from hashclient.errors import (
    CaseNumberTakenError,
    EndpointRefusedError,
    EndpointUnreachableError,
    HashclientError,
    NotConfirmedError,
    TransportError,
    UntrustedEndpointError,
)
from hashclient.model import Problem, Suite
from hashclient.model.wire import JSON, PROBLEM, SEALED, encode
from hashclient.sealing import open_sealed, seal_reply
from hashclient.testing import EndpointSimulator
from hashclient.transport.bounded import ExchangeLimits, Meter
from hashclient.transport.http import HttpTransport
from hashclient.transport.interface import Path
from kit.peer import Behaviour, Exchange, Peer, honest, http
from kit.slow import slow_but
from kit.submissions import VirtualClock, credentials, remembered_case_keys, retry_with, submission
from kit.truth import require_true_words

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]
__all__ = ["remembered_case_keys"]

BRIEF = ExchangeLimits(connect_seconds=5, read_seconds=0.1, write_seconds=5, reply_seconds=0.15)
FULL = ExchangeLimits()


def _says(*raw: bytes) -> Behaviour:
    """Take the body, send these bytes, and be ready for the next request."""

    def behave(exchange: Exchange) -> None:
        exchange.body()
        for part in raw:
            exchange.conn.sendall(part)

    return behave


def _leaves(*raw: bytes) -> Behaviour:
    """Take the body, send these bytes, and close."""

    def behave(exchange: Exchange) -> None:
        _says(*raw)(exchange)
        exchange.conn.close()

    return behave


def _waits(*raw: bytes) -> Behaviour:
    """Take the body, send these bytes, and say nothing more."""

    def behave(exchange: Exchange) -> None:
        _says(*raw)(exchange)
        exchange.wait_for_the_end()

    return behave


def _changed(**changes: Any) -> Behaviour:
    """Answer honestly but for some fields."""

    def behave(exchange: Exchange) -> None:
        reply = replace(exchange.honest(), **changes)
        exchange.conn.sendall(http(reply.status, reply.untrusted_body, kind=reply.content_type))

    return behave


def _body_changed(change: Callable[[bytes], bytes]) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        reply = exchange.honest()
        exchange.conn.sendall(http(reply.status, change(reply.untrusted_body), kind=reply.content_type))

    return behave


def _slowly(start: int) -> Behaviour:
    """Answer honestly up to a byte, then one byte each 50 ms."""

    def behave(exchange: Exchange) -> None:
        reply = exchange.honest()
        raw = http(reply.status, reply.untrusted_body, kind=reply.content_type)
        exchange.conn.sendall(raw[:start])
        for byte in raw[start:]:
            exchange.conn.sendall(bytes([byte]))
            time.sleep(0.05)

    return behave


def _for_ever(start: bytes, piece: bytes) -> Behaviour:
    """Take the body and send without end."""

    def behave(exchange: Exchange) -> None:
        exchange.body()
        exchange.conn.sendall(start)
        while True:
            exchange.conn.sendall(piece)

    return behave


def _cut(share: float, *, reset: bool = False) -> Behaviour:
    """Answer honestly, but only the first part of it."""

    def behave(exchange: Exchange) -> None:
        reply = exchange.honest()
        raw = http(reply.status, reply.untrusted_body, kind=reply.content_type)
        exchange.conn.sendall(raw[: int(len(raw) * share)])
        if reset:
            exchange.reset()
        else:
            exchange.conn.close()

    return behave


def _half_body(exchange: Exchange) -> None:
    exchange.conn.recv(1000)
    exchange.reset()


def _reset_after_body(exchange: Exchange) -> None:
    exchange.body()
    exchange.reset()


def _in_turn(*behaviours: Behaviour) -> Callable[[], Behaviour]:
    """Make a behaviour that goes through others and keeps to the last."""

    def make() -> Behaviour:
        queue = list(behaviours)

        def behave(exchange: Exchange) -> None:
            (queue.pop(0) if len(queue) > 1 else queue[0])(exchange)

        return behave

    return make


def _replay() -> Behaviour:
    """Answer the first request with nothing and all later ones with the first one's answer."""
    kept: list[bytes] = []

    def behave(exchange: Exchange) -> None:
        reply = exchange.honest()
        kept.append(http(reply.status, reply.untrusted_body, kind=reply.content_type))
        if len(kept) > 1:
            exchange.conn.sendall(kept[0])
        else:
            exchange.conn.close()

    return behave


def _sealed_problem(status: int, name: str) -> Behaviour:
    """Open the request and refuse it inside a good seal."""

    def behave(exchange: Exchange) -> None:
        body = exchange.body() or b""
        simulator = exchange.peer.simulator
        head = open_sealed(body, key=simulator.keys[0], origin=simulator.origin).head
        problem = encode(Problem(type=f"urn:hashclient:problem:{name}", title="Said by a peer.", status=status))
        exchange.conn.sendall(http(status, seal_reply(problem, request=body, reply_key=head.reply_key), kind=SEALED))

    return behave


def _unsealed_problem(status: int, name: str) -> Behaviour:
    problem = encode(Problem(type=f"urn:hashclient:problem:{name}", title="Said by a peer.", status=status))
    return _says(http(status, problem, kind=PROBLEM))


def _with_more(*lines: str) -> Behaviour:
    """Answer honestly with more in the head."""

    def behave(exchange: Exchange) -> None:
        reply = exchange.honest()
        more = "".join(f"{line}\r\n" for line in lines)
        exchange.conn.sendall(http(reply.status, reply.untrusted_body, kind=reply.content_type, more=more))

    return behave


def _redirect(status: int, place: str) -> Behaviour:
    return _says(http(status, more=f"Location: {place}\r\n"))


def _early_refusal(exchange: Exchange) -> None:
    """Refuse before the body has come, and close."""
    exchange.conn.sendall(http(413, more="Connection: close\r\n"))
    exchange.conn.close()


ANSWERED, TIME = "an answer", "time"
SUCCESS = None


@dataclass(frozen=True)
class Case:
    """One misbehaviour, and how a call that meets it ends."""

    name: str
    make: Callable[[], Behaviour]
    ends_by: str
    error: type[HashclientError] | None


def _never(name: str, behaviour: Behaviour) -> Case:
    """Name a misbehaviour that never gives an answer to believe."""
    return Case(name, lambda: behaviour, TIME, NotConfirmedError)


def _once(name: str, behaviour: Behaviour) -> Case:
    """Name a misbehaviour that is followed by an honest answer."""
    return Case(name, _in_turn(behaviour, honest), ANSWERED, SUCCESS)


def _final(name: str, behaviour: Behaviour, error: type[HashclientError] | None) -> Case:
    """Name a misbehaviour that is an answer."""
    return Case(name, lambda: behaviour, ANSWERED, error)


GZIPPED = gzip.compress(bytes(1_000_000))
CASES = [
    _never("silence", _waits()),
    _never("farewell after the body", _leaves()),
    _never("reset after the body", _reset_after_body),
    _never("reset within the body", _half_body),
    _never("half of a head", _cut(0.04)),
    _never("half of a body", _cut(0.6)),
    _never("half of a body, then a reset", _cut(0.6, reset=True)),
    _never("all but one byte", _cut(0.9999)),
    _never("one byte now and then, from the start", _slowly(0)),
    _never("one byte now and then, from the body", _slowly(100)),
    _never("no HTTP", _leaves(b"\x16\x03\x01\x00\xa5\x01 hello\r\n\r\n")),
    _never("HTTP without a head", _leaves(b"<html>hello</html>")),
    _never("a head without end", _for_ever(b"HTTP/1.1 201 Created\r\n", b"X-Y: " + b"z" * 1000 + b"\r\n")),
    _never("a line without end", _for_ever(b"HTTP/1.1 201 Created\r\nX-Y: ", b"z" * 4096)),
    _never("100 Continue without end", _for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50)),
    _never("a gibibyte", _for_ever(b"HTTP/1.1 201 Created\r\nContent-Type: application/octet-stream\r\nContent-Length: 1073741824\r\n\r\n", bytes(65536))),
    _never("chunks without end", _for_ever(b"HTTP/1.1 201 Created\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + bytes(1024) + b"\r\n")),
    _never("a broken chunk", _leaves(b"HTTP/1.1 201 Created\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")),
    _never("two lengths", _leaves(b"HTTP/1.1 201 Created\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx")),
    _never("another protocol", _waits(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")),
    _never("always 500", _says(http(500))),
    _never("always 502 with a page", _says(http(502, b"<html>", kind="text/html"))),
    _never("always 503 in the seal", _sealed_problem(503, "unavailable")),
    _never("always 408", _leaves(http(408, more="Connection: close\r\n"))),
    _never("nothing at all", _says(http(204))),
    _never("a status beyond HTTP", _says(http(999))),
    _never("another content type", _changed(content_type="text/plain")),
    _never("no content type", _changed(content_type="")),
    _never("another charset", _changed(content_type=SEALED + "; charset=utf-16")),
    _never("an answer that is not sealed", _says(http(201, b"{}", kind=JSON))),
    _never("compressed", _says(http(201, GZIPPED, kind=SEALED, more="Content-Encoding: gzip\r\n"))),
    _never("a changed byte", _body_changed(lambda body: body[:-1] + bytes([body[-1] ^ 1]))),
    _never("a byte too few", _body_changed(lambda body: body[:-1])),
    _never("a byte too many", _body_changed(lambda body: body + b"\0")),
    _never("zeros", _body_changed(lambda body: bytes(len(body)))),
    Case("the answer to another request", _replay, TIME, NotConfirmedError),
    _never("202 for what is done", _changed(status=202)),
    _never("410 outside, something else inside", _changed(status=410)),
    _never("404 outside the seal", _unsealed_problem(404, "no-such-case-or-pin")),
    _never("409 outside the seal", _unsealed_problem(409, "case-number-taken")),
    _once("farewell, then honest", _leaves()),
    _once("500, then honest", _says(http(500))),
    _once("429, then honest", _says(http(429, more="Retry-After: 1\r\n"))),
    _once("taken and not told, then honest", _cut(0.5)),
    _once("unknown key, then honest", _unsealed_problem(400, "unknown-key")),
    _final("a content type as frameworks write it", _changed(content_type="Application/Octet-Stream; Charset=UTF-8"), SUCCESS),
    _final("an encoding that is none", _with_more("Content-Encoding: identity"), SUCCESS),
    _final("cookies and other places to go", _with_more("Set-Cookie: a=b", 'Alt-Svc: h2=":443"', "Location: /", "Refresh: 0"), SUCCESS),
    _final("an early refusal", _early_refusal, NotConfirmedError),
    _final("a redirect to itself", _redirect(307, "/v1/submissions"), UntrustedEndpointError),
    _final("a redirect elsewhere", _redirect(308, "https://other.example/"), UntrustedEndpointError),
    _final("a redirect by GET", _redirect(303, "http://127.0.0.1:1/"), UntrustedEndpointError),
    _final("a redirect to nowhere", _says(http(301)), UntrustedEndpointError),
    _final("not modified", _says(http(304)), UntrustedEndpointError),
    _final("always unknown key", _unsealed_problem(400, "unknown-key"), NotConfirmedError),
    _final("always 410 in the seal", _sealed_problem(410, "epoch-expired"), EndpointRefusedError),
    _final("always 409 in the seal", _sealed_problem(409, "case-number-taken"), CaseNumberTakenError),
    _final("always 422 in the seal", _sealed_problem(422, "not-accepted"), EndpointRefusedError),
    _final("always 415", _says(http(415)), NotConfirmedError),
    _final("429 for an hour", _says(http(429, more="Retry-After: 3600\r\n")), NotConfirmedError),
    _final("429 for ever", _says(http(429, more=f"Retry-After: {'9' * 400}\r\n")), NotConfirmedError),
    _final("429 until a day", _says(http(429, more="Retry-After: Fri, 31 Dec 2999 23:59:59 GMT\r\n")), NotConfirmedError),
    _final("always 429", _says(http(429, more="Retry-After: soon\r\n")), NotConfirmedError),
    _never("always 428", _says(http(428))),
]  # fmt: skip
wanted = functools.cache(submission)
ASKED: dict[Path, Callable[[Client], object]] = {
    Path.SUBMISSIONS: lambda client: client.submit(wanted()),
    Path.STATUS: lambda client: client.status(*credentials()),
    Path.WITHDRAWAL: lambda client: client.withdraw(*credentials()),
}


@pytest.fixture
def most_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Count the bytes of each reply."""
    counts: list[int] = []
    start, arrived = Meter.start, Meter.arrived

    def counted_start(self: Meter, seconds: float) -> None:
        counts.append(0)
        start(self, seconds)

    def counted_arrived(self: Meter, count: int) -> None:
        counts[-1] += count
        arrived(self, count)

    monkeypatch.setattr(Meter, "start", counted_start)
    monkeypatch.setattr(Meter, "arrived", counted_arrived)
    yield counts
    assert max(counts) <= 64 * 1024


@pytest.mark.parametrize("path", slow_but(Path.SUBMISSIONS, of=ASKED), ids=[path.name for path in ASKED])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_misbehaviour(case: Case, path: Path, most_read: list[int]) -> None:
    """The call ends with the exact class and true words, after at most 64 KiB a reply, and no cookie goes back."""
    simulator = EndpointSimulator(suites=(Suite.X25519,))
    limits = BRIEF if case.ends_by is TIME else FULL
    patience = replace(retry_with(VirtualClock(), total_seconds=2), random=lambda: 0.6)
    with Peer(simulator, case.make()) as peer, HttpTransport(peer.origin, limits=limits) as transport:
        if path is not Path.SUBMISSIONS:
            Client(simulator).submit(wanted())
        client = Client(transport, retry=patience)
        client.profile()
        if case.error is None:
            ASKED[path](client)
            ASKED[path](client)
        else:
            with pytest.raises(HashclientError) as caught:
                ASKED[path](client)
            assert type(caught.value) is case.error
            assert str(peer.port) not in f"{caught.value!r} {caught.value.hint}"
            assert isinstance(caught.value, TransportError)
            require_true_words(caught.value, path, may_have_sent=client.may_have_sent)
        assert not any(b"cookie" in head.lower() for head in peer.heads)
    assert len(simulator.cases) <= 1


PROFILES: list[tuple[str, Behaviour, type[HashclientError]]] = [
    ("closed", _leaves(), EndpointUnreachableError),
    ("silent", _waits(), EndpointUnreachableError),
    ("a page", _says(http(200, b"<html>", kind="text/html")), EndpointUnreachableError),
    ("a page said to be JSON", _says(http(200, b"<html>", kind=JSON)), EndpointUnreachableError),
    ("not there", _says(http(404)), EndpointUnreachableError),
    ("always 500", _says(http(500)), EndpointUnreachableError),
    ("a gibibyte", _for_ever(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b" " * 65536), EndpointUnreachableError),
    ("redirect", _redirect(302, "https://other.example/.well-known/hashclient.json"), UntrustedEndpointError),
    ("of another origin", _body_changed(lambda body: body.replace(b"http://127.0.0.1", b"http://127.0.0.2")), UntrustedEndpointError),
]  # fmt: skip


@pytest.mark.parametrize(("behaviour", "error"), [case[1:] for case in PROFILES], ids=[case[0] for case in PROFILES])
def test_misbehaviour_on_the_profile(behaviour: Behaviour, error: type[HashclientError], most_read: list[int]) -> None:
    """A profile that is withheld or wrong ends the call before any body is sent."""
    simulator = EndpointSimulator(suites=(Suite.X25519,))
    peer = Peer(simulator, on_profile=behaviour)
    with peer, HttpTransport(peer.origin, limits=BRIEF) as transport:
        client = Client(transport, retry=retry_with(VirtualClock()))
        with pytest.raises(HashclientError, match=r"Nothing was sent|We do not follow it\. Nothing was sent") as caught:
            client.submit(submission())
        assert type(caught.value) is error
        assert not client.may_have_sent
    assert all(head.startswith(b"GET /.well-known/hashclient.json ") for head in peer.heads)


def test_nobody_there() -> None:
    """A port that nobody listens on is unreachable, and nothing was sent."""
    with Peer(EndpointSimulator(suites=(Suite.X25519,))) as peer:
        pass
    with HttpTransport(peer.origin) as transport, pytest.raises(EndpointUnreachableError):
        Client(transport, retry=retry_with(VirtualClock())).submit(submission())


def test_the_deadline_of_an_exchange_holds() -> None:
    """A peer that always sends a byte in time is left when the time of the exchange is over."""
    with (
        Peer(EndpointSimulator(suites=(Suite.X25519,)), on_profile=_slowly(0)) as peer,
        HttpTransport(peer.origin) as transport,
    ):
        start = time.monotonic()
        with pytest.raises(EndpointUnreachableError):
            transport.send(Path.PROFILE, None, deadline=0.3)
        assert time.monotonic() - start < 10
        with pytest.raises(EndpointUnreachableError):
            transport.send(Path.PROFILE, None, deadline=0)
