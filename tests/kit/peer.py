"""A server on loopback that does with each request what it is told, byte by byte."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from hashclient.testing import EndpointSimulator
from hashclient.transport.interface import Path, Reply

REASONS = {200: "OK", 201: "Created"}


def http(status: int, body: bytes = b"", *, kind: str = "", more: str = "") -> bytes:
    """Write an HTTP/1.1 reply."""
    typed = f"Content-Type: {kind}\r\n" if kind else ""
    head = f"HTTP/1.1 {status} {REASONS.get(status, 'Said')}\r\n{typed}Content-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


class Exchange:
    """One request as it arrives: the head is read, the body is not yet."""

    def __init__(self, peer: "Peer", conn: socket.socket, head: bytes, early: bytes) -> None:
        self.peer = peer
        self.conn = conn
        self.head = head
        self._body = early

    @property
    def path(self) -> Path:
        """Where it goes."""
        return Path(self.head.split(b" ")[1].decode())

    def body(self) -> bytes | None:
        """Read the body to its end; None for a question."""
        if self.head.startswith(b"GET"):
            return None
        length = next(
            int(line.partition(b":")[2])
            for line in self.head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        while len(self._body) < length:
            self._body += self._receive()
        return self._body

    def _receive(self) -> bytes:
        received = self.conn.recv(65536)
        if not received:
            raise ConnectionError
        return received

    def honest(self) -> Reply:
        """Let the simulator answer."""
        return self.peer.simulator.send(self.path, self.body(), deadline=1)  # type: ignore[arg-type]  # bytes of a peer

    def reset(self) -> None:
        """Close with a reset in place of a farewell."""
        self.conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.conn.close()

    def wait_for_the_end(self) -> None:
        """Say nothing until the client goes away."""
        while self.conn.recv(65536):
            pass


Behaviour = Callable[[Exchange], None]


def honest(exchange: Exchange) -> None:
    """Answer as the simulator does."""
    reply = exchange.honest()
    exchange.conn.sendall(http(reply.status, reply.untrusted_body, kind=reply.content_type))


class Peer:
    """Listens on 127.0.0.1 until it is left; questions for the profile are answered honestly unless told otherwise."""

    def __init__(
        self,
        simulator: EndpointSimulator,
        behave: Behaviour = honest,
        *,
        on_profile: Behaviour = honest,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.simulator = simulator
        self.heads: list[bytes] = []
        """Heads of requests, as they arrived."""
        self._behave = behave
        self._on_profile = on_profile
        self._tls = tls
        self._listener = socket.create_server((host, 0))
        self.port: int = self._listener.getsockname()[1]
        scheme = "https" if tls else "http"
        self.simulator.origin = self.origin = f"{scheme}://{'localhost' if tls else host}:{self.port}"
        self._conns: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        serving = []
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                break
            serving.append((conn, thread := threading.Thread(target=self._serve, args=(conn,), daemon=True)))
            thread.start()
        for conn, thread in serving:
            with contextlib.suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
            thread.join()
            conn.close()

    def _serve(self, conn: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            self._tls.wrap_socket(conn, server_side=True) if self._tls else conn as stream,
        ):
            while self._serve_one(stream):
                pass

    def _serve_one(self, conn: socket.socket) -> bool:
        arrived = b""
        while b"\r\n\r\n" not in arrived:
            if not (more := conn.recv(65536)):
                return False
            arrived += more
        head, _, early = arrived.partition(b"\r\n\r\n")
        self.heads.append(head)
        behave = self._on_profile if head.startswith(b"GET") else self._behave
        behave(Exchange(self, conn, head, early))
        return conn.fileno() >= 0
