"""The verb `hash` on a cluster: a real scheduler and real workers, on this machine."""

import contextlib
import importlib.util
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import psutil
import pytest

from hashclient.errors import NoSandboxError
from kit.command_line import PICTURES, PROGRAM, Run, environment, flat

pytestmark = pytest.mark.loopback

QUIET = ("--no-dashboard", "--host", "127.0.0.1")


@dataclass
class Cluster:
    """A scheduler and workers, each a process."""

    folder: Path
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "dask", *arguments, *QUIET, "--scheduler-file", str(self.folder / "scheduler")]
        # A session of its own, so that what is left of it can be ended whole.
        self.processes.append(
            subprocess.Popen(
                command,
                env=environment(self.folder),
                stderr=subprocess.DEVNULL,
                cwd=self.folder,
                start_new_session=True,
            )
        )

    @property
    def address(self) -> str:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError, ValueError):
                return str(json.loads((self.folder / "scheduler").read_text())["address"])
            time.sleep(0.05)
        raise TimeoutError

    def wait_for(self, workers: int) -> None:
        wait = f"import distributed; distributed.Client({self.address!r}).wait_for_workers({workers}, timeout=60)"
        subprocess.run([sys.executable, "-c", wait], check=True, timeout=90)

    def end(self) -> None:
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def started(folder: Path, workers: int) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    try:
        cluster.start("scheduler", "--port", "0")
        for number in range(workers):
            cluster.start(
                "worker",
                "--nworkers",
                "1",
                "--nthreads",
                "1",
                "--no-nanny",
                "--local-directory",
                str(folder / f"{number}"),
            )
        if workers:
            cluster.wait_for(workers)
        yield cluster
    finally:
        cluster.end()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from started(tmp_path_factory.mktemp("cluster"), 2)


@pytest.fixture
def frail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start one of its own for a test that breaks it."""
    yield from started(tmp_path_factory.mktemp("frail"), 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "pictures"
    top.mkdir()
    for number in range(50):
        (top / f"{number:02}.jpg").symlink_to(PICTURES / f"picture-{1 + number % 2}.jpg")
    (top / "07 damaged.jpg").write_bytes((PICTURES / "picture-1.jpg").read_bytes()[:3000])
    (top / "08 words.jpg").write_text("no picture")
    (top / ".hidden").touch()
    return top


def test_a_cluster_gives_the_same_lines_and_words(cluster: Cluster, run: Run, folder: Path) -> None:
    """Files are opened by the cluster's workers, in processes closed off as here; nothing else differs."""
    here = run("hash", "--adult", "--json", "--coverage", "standard", folder)
    there = run("hash", "--adult", "--json", "--coverage", "standard", "--cluster", cluster.address, folder)
    assert there.stdout == here.stdout
    assert there.stdout.count("\n") == 51
    assert there.stderr == here.stderr
    assert there.returncode == here.returncode == 0
    _, *workers = cluster.processes
    commands = [child.cmdline() for worker in workers for child in psutil.Process(worker.pid).children(recursive=True)]
    assert any("hashclient.prepare.worker" in command for command in commands)


def test_paths_are_those_of_the_current_folder(cluster: Cluster, folder: Path, tmp_path: Path) -> None:
    """A path that is not whole is made so before it travels, and printed as it was given."""
    command = [*PROGRAM, "hash", "--adult", "--json", "--cluster", cluster.address, "pictures/01.jpg"]
    printed = subprocess.run(command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, check=True).stdout
    assert json.loads(printed)["file"] == "pictures/01.jpg"
    assert json.loads(printed)["signals"]


@pytest.mark.slow
def test_a_lost_worker_loses_no_file_and_a_lost_cluster_no_line(frail: Cluster, run: Run, tmp_path: Path) -> None:
    """What a worker did not finish, another does; without a scheduler it ends with one sentence and exit code 3."""
    top = tmp_path / "many"
    top.mkdir()
    for number in range(600):
        (top / f"{number:04}.jpg").symlink_to(PICTURES / "picture-1.jpg")
    command = [*PROGRAM, "hash", "--adult", "--json", "--cluster", frail.address, str(top)]

    def hashed(broken: "subprocess.Popen[bytes]") -> tuple[list[str], int | None, str]:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(tmp_path)
        ) as program:
            assert program.stdout
            assert program.stderr
            lines = [program.stdout.readline() for _ in range(20)]
            os.killpg(broken.pid, signal.SIGKILL)
            lines += program.stdout.readlines()
            words = flat(program.stderr.read())
        return lines, program.returncode, words

    scheduler, worker, _ = frail.processes
    lines, code, words = hashed(worker)
    assert (len(lines), code, words) == (600, 0, "Hashed: 600 of 600 files.")
    assert [json.loads(line)["file"] for line in lines] == sorted(map(str, top.iterdir()))

    lines, code, words = hashed(scheduler)
    assert code == 3
    assert words == (
        "The cluster was lost, so the work stopped here. What was printed is complete, no file was changed and nothing "
        "was sent to a service. Check that its scheduler and its workers are running and can be reached from here, then try again."
    )
    assert 20 <= len(lines) < 600
    assert all(json.loads(line)["signals"] for line in lines)


@pytest.mark.slow
def test_a_cluster_that_is_not_there(run: Run, folder: Path) -> None:
    """Nobody at the address is one sentence and exit code 3, and nothing is printed."""
    ended = run("hash", "--adult", "--cluster", "tcp://127.0.0.1:9", folder)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert flat(ended.stderr).startswith("The cluster could not be reached. No file was opened and nothing was sent.")
    assert "Traceback" not in ended.stderr


def test_a_cluster_without_workers(run: Run, folder: Path, tmp_path: Path) -> None:
    """It is said at once; nobody waits for workers that may never come."""
    with contextlib.closing(started(tmp_path, 0)) as alone:  # type: ignore[type-var]  # it is a generator
        ended = run("hash", "--adult", "--cluster", next(alone).address, folder)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert flat(ended.stderr).startswith("The cluster has no workers.")


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://", "tcp://a b:1", "inproc://x/1"]
)
def test_only_addresses_of_schedulers_are_taken(
    address: str, run_inside: Run, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Anything else is a mistake, before a library for it is loaded."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    ended = run_inside("hash", "--adult", "--cluster", address, folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert flat(ended.stderr) == "This is not the address of a cluster. Nothing was sent. Write tcp://HOST:PORT."


def test_without_the_extra_it_is_named(run_inside: Run, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Who did not install what a cluster needs is told how."""
    really = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "distributed" else really(name))
    ended = run_inside("hash", "--adult", "--cluster", "tcp://127.0.0.1:8786", folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Run this in the folder of its source: pip install '.[cluster]'" in flat(ended.stderr)


class Raising(Executor):
    """A cluster whose tasks raise."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def submit(self, *_: object, **__: object) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_exception(self._error)
        return future


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (BrokenExecutor(), 3, "The cluster was lost"),
        (CancelledError(), 3, "The cluster was lost"),
        (ModuleNotFoundError("No module named 'SECRET'"), 3, "The cluster could not run this program"),
        (AttributeError("Can't get attribute 'SECRET'"), 3, "The cluster could not run this program"),
        (NoSandboxError(), 2, "You asked for full protection, but this machine"),
    ],
)
def test_its_troubles_are_one_sentence(
    raised: BaseException, code: int, words: str, run_inside: Run, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Whatever a task raises there is said here in words of our own, without its own."""
    client = mock.MagicMock()
    client.nthreads.return_value = {"tcp://127.0.0.1:1": 1}
    client.get_executor.return_value = Raising(raised)
    library = ModuleType("distributed")
    library.__spec__ = ModuleSpec("distributed", None)
    library.Client = lambda *_, **__: client  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "distributed", library)
    monkeypatch.setattr(logging, "disable", lambda: None)
    ended = run_inside("hash", "--adult", "--cluster", "tcp://127.0.0.1:1", folder)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert flat(ended.stderr).startswith(words)
    assert "othing was sent" in flat(ended.stderr)
    assert "SECRET" not in ended.stderr
