"""Serve the page on this device alone: one file at `/`, and nothing else, until Ctrl-C.

It takes no file and keeps no state. Whoever asks has to name the address exactly, so that no other name that leads to this device
(DNS rebinding) gets the page. Of a request only its head is read, of bounded length and for a bounded time; the connection ends
with the answer. Nothing is logged.

STANDARD LIBRARY ONLY, and nothing of this package but the headers of the page.
"""

import re
import socket
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Final, NoReturn

from hashclient.page import PAGE_TYPE, page_headers

LOOPBACK_HOST: Final = "127.0.0.1"
PAGE_HEAD_BYTES: Final = 16 * 1024
"""Maximum length of the head of a request."""
PAGE_SECONDS: Final = 10.0
"""Seconds for a head to arrive, and again for the answer to be taken."""
MAX_PAGE_CONNECTIONS: Final = 32
"""Maximum number of connections at once; more are closed as they come."""
_LINGER_SECONDS: Final = 1.0
"""Seconds for which what follows a head is read and thrown away, so that its sender gets to read the answer."""
_LINGER_BYTES: Final = 1 << 20
_ACCEPT_SECONDS: Final = 0.5
"""Seconds after which waiting for a connection begins anew: on Windows, Ctrl-C does not end it."""
_REQUEST_LINE: Final = re.compile(rb"([!-~]+) ([!-~]+) HTTP/1\.[01]")
_REQUEST_HEADER: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\x00-\x08\x0a-\x1f\x7f]*)")
_METHODS: Final = (b"GET", b"HEAD")


def page_listener() -> socket.socket:
    """Listen on 127.0.0.1, at a free port; whoever connects from now on is answered by `serve_page`.

    Raises:
        OSError: there is no port to listen on.
    """
    listener = socket.create_server((LOOPBACK_HOST, 0), backlog=MAX_PAGE_CONNECTIONS)
    listener.settimeout(_ACCEPT_SECONDS)
    return listener


def page_host(listener: socket.socket) -> str:
    """Return host and port of a listener: the only value of Host that is answered."""
    return f"{LOOPBACK_HOST}:{listener.getsockname()[1]}"


def serve_page(document: bytes, listener: socket.socket) -> NoReturn:
    """Serve a page until the program is stopped.

    Args:
        document: the page, as `read_page` gives it.
        listener: as `page_listener` gives it; the caller closes it.

    Raises:
        ValueError: the page has no policy.
        KeyboardInterrupt: it was stopped.
    """
    headers, host = page_headers(document), page_host(listener).encode()
    room = threading.Semaphore(MAX_PAGE_CONNECTIONS)

    def answer(connection: socket.socket) -> None:
        try:
            with connection, suppress(OSError):
                _serve_one(connection, document, headers=headers, host=host)
        finally:
            room.release()

    while True:
        try:
            connection, _ = listener.accept()
        except (TimeoutError, ConnectionError):  # nobody came, or somebody who is gone again
            continue
        if room.acquire(blocking=False):
            threading.Thread(target=answer, args=(connection,), daemon=True).start()
        else:
            connection.close()


def _serve_one(connection: socket.socket, document: bytes, *, headers: dict[str, str], host: bytes) -> None:
    """Answer the one request of a connection; whatever is wrong with it is answered without a word of it.

    Raises:
        OSError: its head did not arrive in time or whole, or the answer was not taken.
    """
    head = _read_page_head(connection)
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if head is None else page_status(head, host=host)
    body = document if status is HTTPStatus.OK else b""
    said = {**headers, "content-length": str(len(body)), "connection": "close"}
    if status is HTTPStatus.OK:
        said["content-type"] = PAGE_TYPE
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        said["allow"] = b", ".join(_METHODS).decode()
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in said.items())]
    is_head = head is not None and head.startswith(b"HEAD ")
    connection.settimeout(PAGE_SECONDS)  # `sendall` counts it for the whole
    connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii") + (b"" if is_head else body))
    connection.shutdown(socket.SHUT_WR)
    _throw_away(connection)


def _read_page_head(connection: socket.socket) -> bytes | None:
    """Read the head of a request, without its empty line; None if it is too long.

    Raises:
        TimeoutError: it did not arrive in time.
        ConnectionError: it did not arrive whole.
    """
    deadline = time.monotonic() + PAGE_SECONDS
    arrived = bytearray()
    while (end := arrived.find(b"\r\n\r\n")) < 0:
        if len(arrived) > PAGE_HEAD_BYTES:
            return None
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        piece = connection.recv(4096)
        if not piece:
            raise ConnectionError
        arrived += piece
    return None if end > PAGE_HEAD_BYTES else bytes(arrived[:end])


def _throw_away(connection: socket.socket) -> None:
    """Read what follows a head, for a while: a connection closed over unread bytes would take the answer with it."""
    deadline = time.monotonic() + _LINGER_SECONDS
    left = _LINGER_BYTES
    while left > 0 and (seconds := deadline - time.monotonic()) > 0:
        connection.settimeout(seconds)
        piece = connection.recv(65536)
        if not piece:
            return
        left -= len(piece)


def page_status(head: bytes, *, host: bytes) -> HTTPStatus:
    """Judge the head of a request.

    Args:
        head: from the first byte to before the empty line.
        host: the only value of Host that is answered: `127.0.0.1:PORT`.

    Returns:
        200 for GET and HEAD of `/`; 400 for what is not HTTP or announces a body; 421 unless there is exactly one Host, and
        it is `host`; 404 for another target, also the same one in another form; 405 for another method.
    """
    first, *lines = head.split(b"\r\n")
    line = _REQUEST_LINE.fullmatch(first)
    fields = [_REQUEST_HEADER.fullmatch(one) for one in lines]
    if not line or not all(fields):
        return HTTPStatus.BAD_REQUEST
    named = [(field[1].lower(), field[2].strip(b" \t")) for field in fields if field]
    if [value for name, value in named if name == b"host"] != [host]:
        return HTTPStatus.MISDIRECTED_REQUEST
    if any(name in {b"content-length", b"transfer-encoding"} for name, _ in named):
        return HTTPStatus.BAD_REQUEST
    if line[2] != b"/":
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.OK if line[1] in _METHODS else HTTPStatus.METHOD_NOT_ALLOWED
