"""`hashclient page` over raw sockets: the one request that is answered, and every other one that is not."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hashclient.page import loopback
from kit.command_line import environment
from kit.page import PAGES, STAND_IN, WITH_STAND_IN, directives, exchange, read_raw, written

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]

PROGRAM = "{}; from hashclient.page import loopback; {}; from hashclient.cli import main; main()"


class Shown:
    """The program while it hands out a page."""

    def __init__(
        self, folder: Path, *, document: bytes = STAND_IN, first: str = "pass", arguments: tuple[str, ...] = ()
    ) -> None:
        program = PROGRAM.format(WITH_STAND_IN.format(str(written(folder, document))), first)
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "page", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(folder),
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        self.host = self.address.removeprefix("http://").removesuffix("/")
        self.port = int(self.host.rpartition(":")[2])

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, " ".join(err.split())


@pytest.fixture(scope="module", params=[*PAGES.values()], ids=[*PAGES])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shown, bytes]]:
    """Hand out one page for all tests; at the end nothing was said about any of the requests."""
    running = Shown(tmp_path_factory.mktemp("page"), document=request.param)
    yield running, request.param
    code, out, err = running.end(signal.SIGINT)
    assert (code, out) == (0, "")
    assert err == (
        "The page is at this address, on this device alone, until you press Ctrl-C. Nothing was sent. "
        "The address has ended. A page that is open in a browser goes on until you close it."
    )


def asked(
    shown: Shown, line: str = "GET / HTTP/1.1", *fields: str, host: str | None = None, more: bytes = b""
) -> bytes:
    """Send a head with the right Host, or another one, and what is to follow it."""
    named = f"Host: {shown.host if host is None else host}"
    return exchange(shown.port, "\r\n".join([line, named, *fields, "", ""]).encode("latin-1") + more)


def refused(answer: bytes) -> int:
    """Give the status of an answer that has every header of a page, and nothing of it."""
    status, headers, body = read_raw(answer)
    assert body == b""
    assert headers["content-length"] == "0"
    assert directives(headers["content-security-policy"])["default-src"] == "'none'"
    assert "content-type" not in headers
    assert not [
        name for name in headers if name in {"server", "date", "set-cookie", "location"} or name.startswith("access-")
    ]
    return status


def test_the_page_is_given_with_its_headers(shown: tuple[Shown, bytes]) -> None:
    """All of it, with the policy of the file, in a connection that ends."""
    status, headers, body = read_raw(asked(shown[0], "GET / HTTP/1.1", "Accept: text/html", "X-Odd: \tä "))
    assert (status, body) == (200, shown[1])
    assert directives(headers["content-security-policy"])["frame-ancestors"] == "'none'"
    assert headers["content-length"] == str(len(shown[1]))
    assert set(headers) == {
        "content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy",
        "cross-origin-resource-policy", "permissions-policy", "cache-control", "content-type", "content-length", "connection",
    }  # fmt: skip
    assert (headers["content-type"], headers["connection"]) == ("text/html; charset=utf-8", "close")
    assert not [name for name in headers if name.startswith("access-control") or name in {"server", "date"}]


def test_the_head_of_the_page_is_that_of_the_page(shown: tuple[Shown, bytes]) -> None:
    """HEAD gets the same, without a body."""
    whole, head = (asked(shown[0], f"{method} / HTTP/1.1") for method in ("GET", "HEAD"))
    assert head == whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:{port}.evil.example", "127.0.0.1.evil.example:{port}",
     "127.0.0.1.:{port}", "127.0.0.1:{port}.", "2130706433:{port}", "0x7f000001:{port}", "0x7f.0.0.1:{port}", "0177.0.0.1:{port}",
     "127.1:{port}", "127.0.0.1:0{port}", "localhost:{port}", "[::1]:{port}", "[::ffff:127.0.0.1]:{port}", "127.0.0.2:{port}",
     "0.0.0.0:{port}", "user@127.0.0.1:{port}", "127.0.0.1:{port}/", "127.0.0.1:{port}, 127.0.0.1:{port}", "127.0.0.1:1", ""],
)  # fmt: skip
def test_another_host_is_misdirected(shown: tuple[Shown, bytes], host: str) -> None:
    """Rebinding, no port, a suffix, a dot at the end, the number in another form: only one spelling is answered."""
    assert refused(asked(shown[0], host=host.format(port=shown[0].port))) == 421


@pytest.mark.parametrize("fields", [(), ("Host: {host}", "Host: {host}"), ("Host: {host}", "Host: evil.example"), ("host: evil.example", "HOST: {host}")])  # fmt: skip
def test_there_is_exactly_one_host(shown: tuple[Shown, bytes], fields: tuple[str, ...]) -> None:
    """None, or two, even if both are right."""
    head = "\r\n".join(["GET / HTTP/1.1", *(field.format(host=shown[0].host) for field in fields), "", ""])
    assert refused(exchange(shown[0].port, head.encode())) == 421


@pytest.mark.parametrize(
    "target",
    ["http://{host}/", "http://evil.example/", "//", "//{host}/", "/?", "/?x", "/#x", "/index.html", "/page.html", "/favicon.ico", "/.",
     "/..", "/../", "/../../etc/passwd", "/%2e%2e/", "/%2e%2e%2f%2e%2e%2fetc/passwd", "/%252e%252e%252f", "/..%5c..%5c", "/\\..\\",
     "/%00", "/;", "/.git/config", "/stand-in.html", "*", "{host}", "x"],
)  # fmt: skip
def test_another_target_is_not_found(shown: tuple[Shown, bytes], target: str) -> None:
    """The absolute form, traversal raw, encoded and encoded twice, and other paths: there is `/` and nothing else."""
    assert refused(asked(shown[0], f"GET {target.format(host=shown[0].host)} HTTP/1.1")) == 404


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "GETX", "X"]
)
def test_another_method_is_refused(shown: tuple[Shown, bytes], method: str) -> None:
    """And the two that are answered are named; a browser that asks for leave gets none."""
    answer = asked(
        shown[0], f"{method} / HTTP/1.1", "Origin: https://evil.example", "Access-Control-Request-Method: GET"
    )
    assert refused(answer) == 405
    assert read_raw(answer)[1]["allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (("Content-Length: 5",), b"hello"),
        (("Content-Length: 3000000",), b"x" * 3_000_000),
        (("Content-Length: 0",), b""),
        (("Transfer-Encoding: chunked",), b"5\r\nhello\r\n0\r\n\r\n"),
        (("Content-Length: 5", "Transfer-Encoding: chunked"), b"0\r\n\r\n"),
        (("Transfer-Encoding: xchunked", "content-length: 1"), b"x"),
        (("Content-Length: 1", "Content-Length: 2"), b"xx"),
    ],
)  # fmt: skip
def test_a_body_is_refused(shown: tuple[Shown, bytes], method: str, fields: tuple[str, ...], body: bytes) -> None:
    """Also one of no bytes, of two lengths, and one so long that it is not read to its end: the answer still arrives."""
    answer = asked(shown[0], f"{method} / HTTP/1.1", *fields, more=body)
    assert (
        not answer or refused(answer) == 400
    )  # of a body too long to be read, the answer may be lost with the connection
    assert answer or len(body) > 1 << 20


@pytest.mark.parametrize(
    "head",
    ["GET /", "GET / HTTP/2", "GET / HTTP/1.1 ", "GET  / HTTP/1.1", " GET / HTTP/1.1", "GET / http/1.1", "GET\t/ HTTP/1.1", "GET / HTTP/1.10",
     "PRI * HTTP/2.0", "canary", "", "\x16\x03\x01", "GET / HTTP/1.1\r\n Host: x", "GET / HTTP/1.1\r\nno colon", "GET / HTTP/1.1\r\nA : x",
     "GET / HTTP/1.1\r\nA: x\ny", "GET / HTTP/1.1\r\nA: x\x00", "GET / HTTP/1.1\r\nA: x\ry", "GET / HTTP/1.1\nA: x", "GET /\xa0 HTTP/1.1"],
)  # fmt: skip
def test_what_is_not_http_is_refused(shown: tuple[Shown, bytes], head: str) -> None:
    """Half a line, old and new versions, folded lines, control characters: nothing of it is repeated."""
    assert refused(asked(shown[0], head)) == 400


def test_a_head_that_is_too_long_is_refused(shown: tuple[Shown, bytes]) -> None:
    """The last length that is read is answered; one byte more is not, and one without an end is cut off."""

    def padded(total: int) -> bytes:
        start = f"GET / HTTP/1.1\r\nHost: {shown[0].host}\r\nX: "
        return (start + "x" * (total - len(start)) + "\r\n\r\n").encode()

    assert read_raw(exchange(shown[0].port, padded(loopback.PAGE_HEAD_BYTES)))[0] == 200
    assert refused(exchange(shown[0].port, padded(loopback.PAGE_HEAD_BYTES + 1))) == 431
    assert refused(exchange(shown[0].port, padded(loopback.PAGE_HEAD_BYTES * 4).removesuffix(b"\r\n\r\n"))) == 431


def test_a_second_request_in_the_connection_is_not_answered(shown: tuple[Shown, bytes]) -> None:
    """What follows a head is thrown away."""
    again = f"GET / HTTP/1.1\r\nHost: {shown[0].host}\r\n\r\n".encode()
    answer = asked(shown[0], more=again)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert read_raw(answer)[2] == shown[1]


def test_it_listens_on_one_address(shown: tuple[Shown, bytes]) -> None:
    """Nobody listens at 127.0.0.2, at ::1, or at the address that this machine has for others."""
    places = ["127.0.0.2"] + (["::1"] if Path("/proc/net/if_inet6").exists() else [])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
        try:
            outward.connect(("192.0.2.1", 9))  # sends nothing, and tells which address would be used
            places.append(outward.getsockname()[0])
        except OSError:  # this machine has no other address
            pass
    for place in places:
        with pytest.raises(OSError):  # noqa: PT011  # refused or unreachable
            exchange(shown[0].port, b"GET / HTTP/1.1\r\n\r\n", host=place)


def test_a_page_for_a_service_is_handed_out(tmp_path: Path) -> None:
    """It is the same file that would be saved."""
    running = Shown(tmp_path, arguments=("--service", "https://Takedown.example:443"))
    status, headers, body = read_raw(asked(running))
    assert status == 200
    assert b'{"origin":"https://takedown.example"}' in body
    assert directives(headers["content-security-policy"])["connect-src"] == "https://takedown.example"
    code, _, err = running.end()
    assert code == 0
    assert err.startswith("It is for takedown.example alone. The page is at this address")


IMPATIENT = "loopback.PAGE_SECONDS = 0.5; loopback.MAX_PAGE_CONNECTIONS = 4"


def test_half_a_head_is_not_waited_for(tmp_path: Path) -> None:
    """Nor one that trickles; and while as many as may be wait, others are closed, and after it they are answered."""
    running = Shown(tmp_path, first=IMPATIENT)
    with ExitStack() as held:
        waiting = [
            held.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=30)) for _ in range(4)
        ]
        for connection in waiting:
            connection.sendall(b"GET / HT")
        assert {connection.recv(1) for connection in waiting} == {b""}
    assert read_raw(asked(running))[0] == 200
    running.end()


def test_more_connections_than_there_is_room_for_are_closed(tmp_path: Path) -> None:
    """The fifth is closed at once, whatever it asks, as long as the four before it are held."""
    running = Shown(tmp_path, first=IMPATIENT.replace("0.5", "30"))
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=30)).sendall(b"GET / HT")
        assert asked(running) == b""
    running.end()


def test_an_answer_that_nobody_takes_is_not_waited_for(tmp_path: Path) -> None:
    """Whoever asks and does not read holds a connection for a while, not for ever."""
    large = STAND_IN + b"x" * 8_000_000
    running = Shown(tmp_path, document=large, first=IMPATIENT)
    with ExitStack() as held:
        for _ in range(4):
            idle = held.enter_context(socket.socket())
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            idle.settimeout(30)
            idle.connect(("127.0.0.1", running.port))
            idle.sendall(f"GET / HTTP/1.1\r\nHost: {running.host}\r\n\r\n".encode())
        answer = b""
        while not answer:  # closed at once until there is room again
            answer = asked(running)
        assert read_raw(answer)[2] == large
    running.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_the_usual_end(tmp_path: Path, number: int) -> None:
    """Nothing is left listening."""
    running = Shown(tmp_path)
    assert running.end(number)[0] == 0
    with pytest.raises(ConnectionRefusedError):
        asked(running)


def test_nothing_is_written(tmp_path: Path) -> None:
    """A visit leaves no file in the folder of the account."""
    running = Shown(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    for request in ("GET / HTTP/1.1", "GET /canary HTTP/1.1", "POST / HTTP/1.1"):
        asked(running, request, "User-Agent: canary", "Accept-Language: canary", "Origin: null", "sec-ch-ua: canary")
    _, out, err = running.end()
    assert "canary" not in out + err
    assert sorted(tmp_path.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["stand-in.html"]
