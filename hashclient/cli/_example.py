"""Run the reference endpoint as a process of its own, with a relay before it, for `demo`.

All that it writes lies in a temporary folder. Process and folder go when the demo ends, in
whatever way.
"""

import contextlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient.cli import _run
from hashclient.cli._relay import Relay
from hashclient.errors import HashclientError

if TYPE_CHECKING:
    from hashclient.config import Settings

_START_SECONDS: Final = 60
_END_SECONDS: Final = 15


@contextlib.contextmanager
def endpoint() -> Iterator[tuple["Settings", Relay]]:
    """Run the endpoint; give the settings with which it is reached, and the relay before it."""
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
        with _run.undisturbed():
            _end(process)


def _port(process: "subprocess.Popen[str]") -> int:
    """Read the port from the first line.

    Raises:
        HashclientError: it ended, or said nothing in time.
    """
    assert process.stdout  # noqa: S101  # it is a pipe
    watch = threading.Timer(_START_SECONDS, process.kill)
    watch.start()
    try:
        line = process.stdout.readline()
    finally:
        watch.cancel()
    try:
        return int(line.rpartition(":")[2])
    except ValueError:
        raise HashclientError("The example service did not start. Nothing was sent.") from None


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
