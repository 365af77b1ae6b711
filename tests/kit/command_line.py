"""What the tests of the command line share: a terminal to type at, pictures, an environment without settings."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hashclient.testing import EndpointSimulator

PROGRAM = [sys.executable, "-m", "hashclient"]
DECLARED = ["--adult", "--depicted", "self", "--intimate", "--no-consent"]
SIMULATED = [sys.executable, str(Path(__file__).with_name("simulated.py"))]
"""Takes the name of a fault, then arguments; a service in memory stands in for the one at the address."""
NOWHERE = "http://127.0.0.1:1"
"""Address at which nobody listens."""
PICTURES = Path(__file__).resolve().parents[2] / "hashclient" / "cli" / "demo_pictures"
MORE = "Press Enter to go on:"
_PATIENCE = 30.0
"""Seconds of silence after which nothing more is expected."""
_PRESSED_AGAIN = 5.0
"""Seconds of silence after which Ctrl-C is pressed again, as a person would."""


def flat(text: str) -> str:
    """Undo the wrapping of words."""
    return " ".join(text.split())


def environment(home: Path) -> dict[str, str]:
    """Give an environment without settings of the machine's owner, and as large a terminal as texts need."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("COV", "PATH", "PYTHON", "VIRTUAL", "LD_"))
    }
    return kept | {"HOME": str(home), "TERM": "xterm", "COLUMNS": "200", "LINES": "200", "LANG": "C.UTF-8"}


_LOADING = """
import sys
try:
    from hashclient.cli import main; main()
finally:
    import json; print(json.dumps([*sys.modules]), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> tuple[str, set[str]]:
    """Give what the program prints, and the modules that it has loaded by its end; a tool that watches loads its own."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, "-c", _LOADING, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env=settings)
    return ended.stdout, set(json.loads(ended.stderr.splitlines()[-1])) - {"json"}


Reached = Callable[[EndpointSimulator], EndpointSimulator]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
Kept = Callable[..., "tuple[subprocess.CompletedProcess[str], list[str]]"]


@dataclass
class Terminal:
    """The program at a pseudo-terminal, with a person who reads and types."""

    pid: int
    fd: int
    text: str = ""
    read_until: int = 0
    ended: int | None = field(default=None)
    pressed: bytes = b""

    def expect(self, words: str) -> str:
        """Read until the words come after what was expected before; give what came up to their end."""
        while (found := self.text.find(words, self.read_until)) < 0:
            assert self._read(time.monotonic() + _PATIENCE), (
                f"{words!r} did not come; there was:\n{self.text[self.read_until :]}"
            )
        start, self.read_until = self.read_until, found + len(words)
        return self.text[start : self.read_until]

    def expect_one_of(self, *words: str) -> str:
        """Read until some of the words come; give those that come first."""
        while not (found := [(place, one) for one in words if (place := self.text.find(one, self.read_until)) >= 0]):
            assert self._read(time.monotonic() + _PATIENCE), (
                f"none of {words!r} came; there was:\n{self.text[self.read_until :]}"
            )
        self.read_until = min(found)[0] + len(min(found)[1])
        return min(found)[1]

    def type(self, line: str) -> None:
        """Type a line and Enter."""
        os.write(self.fd, line.encode() + b"\n")

    def answer(self, words: str, line: str) -> None:
        """Wait for the words, then type the line."""
        self.expect(words)
        self.type(line)

    def read_on_to(self, words: str) -> str:
        """Press Enter wherever more waits to be read, until the words come; give what came up to their end."""
        start = self.read_until
        while True:
            found, waits = (self.text.find(wanted, self.read_until) for wanted in (words, MORE))
            if found >= 0 and (waits < 0 or found < waits):
                self.read_until = found + len(words)
                return self.text[start : self.read_until]
            if waits >= 0:
                self.read_until = waits + len(MORE)
                self.type("")
            else:
                assert self._read(time.monotonic() + _PATIENCE), (
                    f"{words!r} did not come; there was:\n{self.text[self.read_until :]}"
                )

    def press_ctrl_c(self) -> None:
        """Press Ctrl-C; CPython may miss it just before it waits for input, so `wait` presses it again."""
        self.pressed = b"\x03"
        os.write(self.fd, self.pressed)

    def wait(self) -> int:
        """Read to the end; give the exit code."""
        deadline = time.monotonic() + _PATIENCE
        while self.ended is None:
            while self._read(min(deadline, time.monotonic() + _PRESSED_AGAIN)):
                pass
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.ended = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > deadline:
                raise AssertionError(f"it did not end; there was:\n{self.text[self.read_until :]}")
            else:
                self._press_again()
        return self.ended

    def _press_again(self) -> None:
        with contextlib.suppress(OSError):  # it has closed the terminal and is about to end
            os.write(self.fd, self.pressed)
        time.sleep(0.01)

    def _read(self, deadline: float) -> bool:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.fd], [], [], left)[0]:
            return False
        try:
            piece = os.read(self.fd, 65536)
        except OSError:  # the other end is closed
            return False
        self.text += piece.decode().replace("\r\n", "\n")
        return bool(piece)

    def close(self) -> None:
        """End the program if it still runs."""
        if self.ended is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


At = Callable[..., Terminal]


@dataclass(frozen=True)
class Served:
    """A reference endpoint that runs."""

    origin: str
    database: Path
