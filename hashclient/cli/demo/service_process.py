"""Run the reference endpoint as a process of its own, with a relay in front of it that keeps every byte.

All that it writes is in a temporary folder. Process and folder are gone when the demo ends, however it ends.
"""

import contextlib
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from hashclient.cli import _run
from hashclient.errors import HashclientError
from hashclient.guidance.operators import DEMO_DID_NOT_START

if TYPE_CHECKING:
    from hashclient.config import Settings

START_SECONDS: Final = 60
"""Time to start; a process that needs longer is ended."""
END_SECONDS: Final = 15
"""Time to end when told to; a process that needs longer is killed."""
_CARRIED_AT_ONCE: Final = 65_536
"""Most bytes carried at once."""


@contextlib.contextmanager
def running() -> Iterator[tuple["Settings", "Relay"]]:
    """Run the endpoint; yield the settings with which it is reached, and the relay in front of it."""
    from hashclient.config import Settings
    from hashclient.endpoint.keys import make_keys

    with Relay() as relay, tempfile.TemporaryDirectory(prefix="hc-") as folder:
        keys = make_keys(Path(folder) / "keys.json")
        origin = f"http://127.0.0.1:{relay.port}"
        with _process(Path(folder), origin=origin) as port:
            relay.lead_to(port)
            yield Settings(endpoint=origin, trusted_keys=tuple(key.id for key in keys.public())), relay


@contextlib.contextmanager
def _process(folder: Path, *, origin: str) -> Iterator[int]:
    """Start the endpoint and wait until it says on which port it listens."""
    serve = ["endpoint", "serve", "--database", str(folder / "cases.sqlite"), "--keys", str(folder / "keys.json")]
    says = ["--origin", origin, "--name", "Example service", "--operator", "this demo"]
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-m", "hashclient", *serve, *says],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # Ctrl-C comes to us alone; we end it
    )
    try:
        yield _port(process)
    finally:
        with _run.handling_stops(signal.SIG_IGN):  # tidying up is not disturbed
            _end(process)


def _port(process: "subprocess.Popen[str]") -> int:
    """Read the port from the first line.

    Raises:
        HashclientError: the process ended, or said nothing in time.
    """
    watch = threading.Timer(START_SECONDS, process.kill)
    watch.start()
    try:
        line = process.stdout.readline() if process.stdout else ""
    finally:
        watch.cancel()
    try:
        return int(line.rpartition(":")[2])
    except ValueError:
        raise HashclientError(DEMO_DID_NOT_START) from None


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


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
        with contextlib.suppress(OSError):  # the listener was closed: the demo is over
            while True:
                client, _ = self._listener.accept()
                with client, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as endpoint:
                    self._carry(client, endpoint)

    def _carry(self, client: socket.socket, endpoint: socket.socket) -> None:
        ways = {client: (endpoint, self.sent), endpoint: (client, self.received)}
        while True:
            for source in select.select(list(ways), [], [])[0]:
                target, kept = ways[source]
                if not (piece := source.recv(_CARRIED_AT_ONCE)):
                    return
                kept += piece  # before it goes on, so that nothing arrives unrecorded
                target.sendall(piece)
