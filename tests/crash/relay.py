"""Stand between client and endpoint on loopback: cut answers short, carry requests twice, see the first byte.

It knows just enough of HTTP to tell where a message ends. The endpoint is started with the relay's
address as its origin.
"""

import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Self

from kit.served_endpoint import free_port

Cut = Callable[[bytes, bytes], bytes]
"""Gets head and body of an answer, gives what of it arrives."""
_RESET: Final = struct.pack("ii", 1, 0)
"""`SO_LINGER` such that closing resets the connection."""


class Relay:
    """A listener that carries every exchange on, whole, until it is told otherwise."""

    def __init__(self) -> None:
        """Take a port; `lead_to` says where it leads."""
        port = free_port()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.origin = f"http://127.0.0.1:{port}"
        self.lead_to = 0
        """Port of the endpoint."""
        self.cuts: deque[Cut] = deque()
        """What is done to the next answers to a body, one each."""
        self.copies = 1
        """How often each body is carried to the endpoint; the last answer counts."""
        self.resets = False
        """Whether a cut ends in a reset in place of a farewell."""
        self.bodies = 0
        """Bodies that were carried."""
        self.on_body: Callable[[], None] = lambda: None
        """Called at the first byte of a request with a body, before anything is carried."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # it was closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            while self._serve_one(client):
                pass

    def _serve_one(self, client: socket.socket) -> bool:
        """Carry one exchange; tell whether the connection goes on."""
        first = client.recv(1)
        if first == b"P":
            self.on_body()
        request = b"".join(_message(client, first))
        if first != b"P":
            client.sendall(b"".join(self._ask(request)))
            return True
        self.bodies += 1
        answer = [self._ask(request) for _ in range(self.copies)][-1]
        if not self.cuts:
            client.sendall(b"".join(answer))
            return True
        client.sendall(self.cuts.popleft()(*answer))
        if self.resets:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        return False

    def _ask(self, request: bytes) -> tuple[bytes, bytes]:
        with socket.create_connection(("127.0.0.1", self.lead_to)) as endpoint:
            endpoint.sendall(request)
            return _message(endpoint, b"")


def _message(source: socket.socket, arrived: bytes) -> tuple[bytes, bytes]:
    """Read head and body of one message.

    Raises:
        ConnectionError: it ended before.
    """
    while b"\r\n\r\n" not in arrived:
        arrived += _some(source)
    head, _, body = arrived.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    ]
    while len(body) < sum(lengths):
        body += _some(source)
    return head + b"\r\n\r\n", body


def _some(source: socket.socket) -> bytes:
    if not (piece := source.recv(65536)):
        raise ConnectionError
    return piece
