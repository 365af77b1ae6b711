"""Run the command line as a person does: as a process, at a terminal or without one."""

import os
import pty
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from hashclient.cli import main
from hashclient.testing import EndpointSimulator
from hashclient.transport import http
from kit.command_line import PROGRAM, At, Kept, Reached, Run, Served, Terminal, environment


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the program without a terminal; give what it wrote and its exit code."""

    def run_it(
        *arguments: str | Path,
        stdin: str | None = "",
        program: Sequence[str] = PROGRAM,
        fds: Sequence[int] = (),
        **more: str,
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*program, *map(str, arguments)],
            input=stdin,
            pass_fds=fds,
            capture_output=True,
            text=True,
            env=environment(tmp_path) | more,
            timeout=120,
            check=False,
        )

    return run_it


@pytest.fixture
def run_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the program in this process: for what ends before any work, comes in numbers, or needs a part replaced."""
    for name in ("HASHCLIENT_ENDPOINT", "HASHCLIENT_KEYS", "HASHCLIENT_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # this process keeps its own
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def run_it(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        monkeypatch.setattr(sys, "argv", ["hashclient", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return subprocess.CompletedProcess(arguments, ended.value.code, told.out, told.err)

    return run_it


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Reached:
    """Let `run_inside` reach a simulated endpoint, whatever address it is given."""

    def reach(simulator: EndpointSimulator) -> EndpointSimulator:
        monkeypatch.setattr(http, "HttpTransport", lambda *_, **__: simulator)
        return simulator

    return reach


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[At]:
    """Start the program at a pseudo-terminal."""
    opened: list[Terminal] = []

    def start(*arguments: str | Path, program: Sequence[str] = PROGRAM, **more: str) -> Terminal:
        command = [*program, *map(str, arguments)]
        settings = environment(tmp_path) | more
        pid, fd = pty.fork()
        if pid == 0:
            os.execve(command[0], command, settings)  # noqa: S606
        opened.append(Terminal(pid, fd))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.fixture
def run_keeping(run: Run) -> Kept:
    """Run the program with a pipe for the credentials it makes; give what it did and the lines of the pipe."""

    def run_it(*arguments: str | Path, **more: str) -> "tuple[subprocess.CompletedProcess[str], list[str]]":
        reading, writing = os.pipe()
        ended = run(*arguments, "--credentials-fd", str(writing), fds=[writing], **more)
        os.close(writing)
        with os.fdopen(reading) as kept:
            return ended, kept.read().splitlines()

    return run_it


@pytest.fixture
def run_telling(run: Run) -> Run:
    """Run the program with a pipe from which it reads case number and PIN."""

    def run_it(lines: Sequence[str], *arguments: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
        reading, writing = os.pipe()
        os.write(writing, "".join(f"{line}\n" for line in lines).encode())
        os.close(writing)
        ended = run(*arguments, "--credentials-fd", str(reading), fds=[reading], **more)
        os.close(reading)
        return ended

    return run_it


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
