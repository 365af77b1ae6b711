"""Stand between the client and the example endpoint and keep every byte that passes, for `demo`.

On loopback only, one connection after the other, no protocol understood: what goes in comes out.
"""

import select
import socket
import threading
from contextlib import suppress
from typing import Final, Self

_PIECE: Final = 65_536
"""Most bytes carried at once."""


class Relay:
    """A listener on 127.0.0.1 that carries each connection on to a port of the same machine."""

    def __init__(self) -> None:
        """Take a free port; nothing is carried before `lead_to`."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.sent = bytearray()
        """Every byte from the client to the endpoint."""
        self.received = bytearray()
        """Every byte from the endpoint to the client."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def lead_to(self, port: int) -> None:
        """Begin to carry connections to `port`."""
        threading.Thread(target=self._serve, args=(port,), daemon=True).start()

    def _serve(self, port: int) -> None:
        with suppress(OSError):  # the listener was closed: the demo is over
            while True:
                client, _ = self._listener.accept()
                with client, suppress(OSError), socket.create_connection(("127.0.0.1", port)) as endpoint:
                    self._carry(client, endpoint)

    def _carry(self, client: socket.socket, endpoint: socket.socket) -> None:
        ways = {client: (endpoint, self.sent), endpoint: (client, self.received)}
        while True:
            for source in select.select(list(ways), [], [])[0]:
                target, kept = ways[source]
                if not (piece := source.recv(_PIECE)):
                    return
                kept += piece  # before it goes on, so that nothing arrives unrecorded
                target.sendall(piece)
