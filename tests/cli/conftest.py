"""Run the command line as a person does: as a process, at a terminal or without one."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "hashclient"]
DECLARED = ["--adult", "--depicted", "self", "--intimate", "--no-consent"]
PICTURES = Path(__file__).resolve().parents[2] / "hashclient" / "cli" / "demo_pictures"
_PATIENCE = 60.0


def flat(text: str) -> str:
    """Undo the wrapping of words."""
    return " ".join(text.split())


def environment(home: Path) -> dict[str, str]:
    """Give an environment without settings of the machine's owner, and as wide a terminal as texts need."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("COV", "PATH", "PYTHON", "VIRTUAL", "LD_"))
    }
    return kept | {"HOME": str(home), "TERM": "xterm", "COLUMNS": "200", "LANG": "C.UTF-8"}


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the program without a terminal; give what it wrote and its exit code."""

    def run_it(*arguments: str | Path, stdin: str | None = "", **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            env=environment(tmp_path) | more,
            timeout=120,
            check=False,
        )

    return run_it


@dataclass
class Terminal:
    """The program at a pseudo-terminal, with a person who reads and types."""

    pid: int
    fd: int
    text: str = ""
    read_until: int = 0
    ended: int | None = field(default=None)

    def expect(self, words: str) -> str:
        """Read until the words come after what was expected before; give what came up to their end."""
        deadline = time.monotonic() + _PATIENCE
        while (found := self.text.find(words, self.read_until)) < 0:
            assert self._read(deadline), f"{words!r} did not come; there was:\n{self.text[self.read_until :]}"
        start, self.read_until = self.read_until, found + len(words)
        return self.text[start : self.read_until]

    def type(self, line: str) -> None:
        """Type a line and Enter."""
        os.write(self.fd, line.encode() + b"\n")

    def answer(self, words: str, line: str) -> None:
        """Wait for the words, then type the line."""
        self.expect(words)
        self.type(line)

    def press_ctrl_c(self) -> None:
        """Press Ctrl-C."""
        os.write(self.fd, b"\x03")

    def wait(self) -> int:
        """Read to the end; give the exit code."""
        deadline = time.monotonic() + _PATIENCE
        while self._read(deadline):
            pass
        if self.ended is None:
            self.ended = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.ended

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


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[At]:
    """Start the program at a pseudo-terminal."""
    opened: list[Terminal] = []

    def start(*arguments: str | Path, **more: str) -> Terminal:
        command = [*PROGRAM, *map(str, arguments)]
        settings = environment(tmp_path) | more
        pid, fd = pty.fork()
        if pid == 0:
            os.execve(command[0], command, settings)  # noqa: S606
        opened.append(Terminal(pid, fd))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@dataclass(frozen=True)
class Served:
    """A reference endpoint that runs."""

    origin: str
    database: Path


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a reference endpoint in a process of its own, through the command line."""
    folder = tmp_path_factory.mktemp("service")
    keys, database = folder / "keys.json", folder / "cases.sqlite"
    settings = environment(folder)
    subprocess.run([*PROGRAM, "endpoint", "key", "--keys", str(keys)], check=True, env=settings, capture_output=True)
    serve = ["endpoint", "serve", "--database", str(database), "--keys", str(keys)]
    said = ["--name", "Test \x1b[31mservice", "--partners", "two platforms"]
    with subprocess.Popen([*PROGRAM, *serve, *said], stdout=subprocess.PIPE, text=True, env=settings) as process:
        assert process.stdout
        line = process.stdout.readline()
        yield Served(line.removeprefix("listening on ").strip(), database)
        process.terminate()
