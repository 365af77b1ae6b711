"""Many files: order, bounds, replacement of workers, and the end."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hashclient.errors import (
    BrokenMediaError,
    MissingMediaError,
    NoSandboxError,
    StoppedMediaError,
    UnsupportedMediaError,
    WorkerError,
)
from hashclient.media.sandbox.confine import ConfineLimits, Guard
from hashclient.model import Content
from hashclient.prepare import Batching, HashOptions, Prepared, conversation, hash_files, run_all, worker_count
from hashclient.prepare.conversation import WorkerLimits
from hashclient.prepare.file import FileTask, hash_file
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.protocol import Job
from kit.processes import is_gone

pytestmark = pytest.mark.usefixtures("honest_workers")
FULL = HashOptions(require_full=True)


def write_files(folder: Path, contents: list[bytes]) -> list[Path]:
    files = []
    for position, content in enumerate(contents):
        files.append(folder / str(position))
        files[-1].write_bytes(b"GIF89a" + content)  # as far as the parent looks, a picture
    return files


def worker_of(prepared: Prepared) -> int:
    """Give the number of the process that hashed a file."""
    return int(prepared.signals[0].value[:32], 16)


def run_with(pool: WorkerPool, files: list[Path], executor: Executor | None = None) -> Iterator[Prepared]:
    tasks = (FileTask(path, Job(position), pool) for position, path in enumerate(files))
    return run_all(tasks, executor=executor, pool=pool, batching=Batching())


@pytest.mark.parametrize("threads", [None, 1, 3])
def test_results_come_in_order(tmp_path: Path, threads: int | None) -> None:
    """Whatever runs the work, results have the order of the files, and no worker is left."""
    files = write_files(tmp_path, [b"%d" % n for n in range(200)])
    if threads is None:
        results = list(hash_files(files))
    else:
        with ThreadPoolExecutor(threads) as executor:
            results = list(hash_files(files, executor=executor))
            assert executor.submit(len, "open").result() == 4  # it is the caller's, and stays open
    assert [one.position for one in results] == list(range(200))
    assert len({one.signals[0].value[32:] for one in results}) == 200
    workers = Counter(map(worker_of, results))
    assert len(workers) <= (threads or worker_count())
    assert all(map(is_gone, workers))


def test_a_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    """Broken, missing and deadly files are skips with sentences, each in its place."""
    files = write_files(tmp_path, [b"a", b"broken", b"b", b"die", b"c"])
    files.insert(3, tmp_path / "nobody")
    results = list(hash_files(files))
    kinds = [type(one.skipped[0].reason) if one.skipped else None for one in results]
    assert kinds == [None, BrokenMediaError, None, MissingMediaError, StoppedMediaError, None]
    assert [bool(one.signals) for one in results] == [True, False, True, False, False, True]
    assert [one.path for one in results] == files
    for one in results:
        assert all(skipped.sentence.endswith("sent.") and skipped.hint for skipped in one.skipped)
        assert str(tmp_path) not in repr(one)
        assert "nobody" not in repr(one)


def test_a_worker_is_replaced_after_so_many_files(tmp_path: Path) -> None:
    """A warm worker serves its number of files, then another takes over."""
    files = write_files(tmp_path, [b"%d" % n for n in range(7)])
    pool = WorkerPool(limits=WorkerLimits(files=3))
    with ThreadPoolExecutor(1) as executor:
        workers = [worker_of(one) for one in run_with(pool, files, executor)]
    assert list(Counter(workers).values()) == [3, 3, 1]


def test_a_worker_that_refuses_a_file_is_kept_but_not_for_ever(tmp_path: Path) -> None:
    """A folder of broken files costs no start for each; after so many of them another worker takes over."""
    files = write_files(tmp_path, [b"a", b"broken", b"b", b"broken", b"c", b"broken", b"d"])
    pool = WorkerPool(limits=WorkerLimits(refusals=2))
    with ThreadPoolExecutor(1) as executor:
        results = list(run_with(pool, files, executor))
    workers = [worker_of(one) for one in results if one.signals]
    assert workers[0] == workers[1] != workers[2] == workers[3]


def test_a_worker_is_replaced_after_so_much_work(tmp_path: Path) -> None:
    """Before the processor time of its life is used up, which would end it in the middle of a file."""
    files = write_files(tmp_path, [b"a", b"b"])
    pool = WorkerPool(limits=WorkerLimits(busy_seconds=0))
    with ThreadPoolExecutor(1) as executor:
        first, second = run_with(pool, files, executor)
    assert worker_of(first) != worker_of(second)
    assert WorkerLimits().busy_seconds + WorkerLimits().file_seconds < ConfineLimits().cpu_seconds_in_all / 2


def test_a_worker_that_stopped_in_the_middle_is_replaced(tmp_path: Path) -> None:
    """No file meets what another left behind."""
    files = write_files(tmp_path, [b"a", b"die", b"b"])
    with ThreadPoolExecutor(1) as executor:
        first, _, third = hash_files(files, executor=executor)
    assert worker_of(first) != worker_of(third)


def test_a_worker_that_died_while_idle_is_nobodys_fault(tmp_path: Path) -> None:
    """The next file gets a new worker and is hashed."""
    files = write_files(tmp_path, [b"a", b"b"])
    pool = WorkerPool()
    first = hash_file(FileTask(files[0], Job(0), pool))
    with pool.lend() as idle:
        assert idle.pid == worker_of(first)
    os.kill(idle.pid, signal.SIGKILL)
    while not idle.has_ended:
        time.sleep(0.01)
    second = hash_file(FileTask(files[1], Job(1), pool))
    pool.close()
    assert second.signals
    assert worker_of(second) != worker_of(first)


@pytest.mark.parametrize("batching", [Batching(), Batching(files=16, pending=8), Batching(files=7, pending=1)])
def test_pending_work_is_bounded_over_ten_thousand_files(batching: Batching) -> None:
    """Files are taken only so far ahead of the results, so memory stays flat, and the order holds."""
    taken = 0
    most_ahead = 0

    class Late(Future[tuple[Prepared, ...]]):
        def __init__(self, batch: tuple[FileTask, ...]) -> None:
            super().__init__()
            self.batch = batch

        def result(self, timeout: float | None = None) -> tuple[Prepared, ...]:
            return tuple(Prepared(one.path, one.job.position, Content.IMAGE, (), (), "none") for one in self.batch)

    class NotBeforeItMust(Executor):
        def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
            (batch,) = arguments
            assert len(batch) <= batching.files
            return Late(batch)

    def tasks() -> Iterator[FileTask]:
        nonlocal taken
        for position in range(10_000):
            taken += 1
            yield FileTask(Path(), Job(position), None)

    for given, one in enumerate(run_all(tasks(), executor=NotBeforeItMust(), pool=None, batching=batching)):
        assert one.position == given
        most_ahead = max(most_ahead, taken - given)
    assert given == 9_999
    assert most_ahead <= batching.files * batching.pending


@pytest.mark.parametrize("end", [GeneratorExit, KeyboardInterrupt, RuntimeError])
def test_however_it_ends_the_workers_end(tmp_path: Path, end: type[BaseException]) -> None:
    """When the caller stops taking results, is interrupted, or fails, no worker is left."""
    files = write_files(tmp_path, [b"%d" % n for n in range(100)])
    results = hash_files(files)
    workers = {worker_of(next(results)), worker_of(next(results))}
    if end is GeneratorExit:
        results.close()
    else:
        with pytest.raises(end):
            results.throw(end)
    assert all(map(is_gone, workers))


def test_files_that_cannot_be_listed_end_it_cleanly(tmp_path: Path) -> None:
    """An error of the caller's own iterable comes through, and no worker is left."""

    def files() -> Iterator[Path]:
        yield from write_files(tmp_path, [b"a"])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(hash_files(files()))


INTERRUPTED = """
import signal, sys
from pathlib import Path
from hashclient.prepare import conversation, hash_files

class Telling(conversation.Worker):
    def greet(self):
        super().greet()
        print(self.pid, flush=True)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have told its children to ignore it
busy = "import sys, time; print(sys.argv[1], flush=True); time.sleep(600)"
conversation.COMMAND = (sys.executable, "-I", "-B", "-c", busy, '{"ready":1,"guards":[]}')
from hashclient.prepare import pool
pool.Worker = Telling
try:
    list(hash_files([Path(sys.argv[1])] * 10))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_ctrl_c_ends_busy_workers_at_once(tmp_path: Path) -> None:
    """An interrupt from the terminal ends workers that are in the middle of a file."""
    (file,) = write_files(tmp_path, [b"a"])
    command = [sys.executable, "-c", INTERRUPTED, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        program.send_signal(signal.SIGINT)
        assert program.stdout.read().split()[-1] == "interrupted"
    assert is_gone(worker)


def test_full_protection_is_required_before_a_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a worker could not give up everything, the call stops and the file stays closed."""
    fifo = tmp_path / "fifo"  # whoever opens it waits for ever
    os.mkfifo(fifo)
    with pytest.raises(NoSandboxError):
        list(hash_files([fifo], options=FULL))
    monkeypatch.setattr(conversation, "COMMAND", (*conversation.COMMAND, *Guard))
    files = write_files(tmp_path, [b"a"])
    assert [one.protection for one in hash_files(files, options=FULL)] == ["full"]


def test_the_level_is_in_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each result says how far its worker was closed off."""
    files = write_files(tmp_path, [b"a"])
    assert [one.protection for one in hash_files(files)] == ["none"]
    monkeypatch.setattr(conversation, "COMMAND", (*conversation.COMMAND, Guard.LIMITS))
    assert [one.protection for one in hash_files(files)] == ["limited"]


def test_without_workers_every_file_is_a_skip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no worker can be started each file is skipped with a sentence, and none is opened."""
    monkeypatch.setattr(conversation, "COMMAND", ("/nowhere/python",))
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (result,) = hash_files([fifo])
    assert type(result.skipped[0].reason) is WorkerError


def test_an_executor_that_broke_down_is_our_error() -> None:
    """What an executor says when its processes died does not reach the caller."""

    class Broken(Executor):
        def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("words"))
            return future

    with pytest.raises(WorkerError):
        list(hash_files([Path()], executor=Broken()))


def test_what_was_cancelled_elsewhere_is_our_error() -> None:
    """An executor that gives up its tasks, as a cluster that was lost, is an error of ours."""

    class Lost(Executor):
        def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.cancel()
            return future

    with pytest.raises(WorkerError):
        list(hash_files([Path()], executor=Lost()))


def test_batches_change_no_result(tmp_path: Path) -> None:
    """However files are batched, each gives what it gave before, in its place."""
    files = write_files(tmp_path, [b"a", b"broken", b"c", b"d", b"e"])

    def values(batching: Batching | None) -> list[list[str]]:
        with ThreadPoolExecutor(2) as executor:
            results = hash_files(files, executor=executor, batching=batching)
            return [[signal.value[32:] for signal in one.signals] for one in results]

    assert values(None) == values(Batching(files=2)) == values(Batching(files=100, pending=1))


def test_what_is_no_picture_costs_no_worker_anything(tmp_path: Path) -> None:
    """Files that no decoder takes are not read on, and the worker stays."""
    files = write_files(tmp_path, [b"a", b"b", b"c"])
    files[1].write_bytes(b"just words")
    with ThreadPoolExecutor(1) as executor:
        first, second, third = hash_files(files, executor=executor)
    assert type(second.skipped[0].reason) is UnsupportedMediaError
    assert worker_of(first) == worker_of(third)


def test_there_are_no_more_workers_than_memory_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with many cores and little memory gets fewer workers, and at least one."""
    assert worker_count() >= 1
    monkeypatch.setattr("hashclient.prepare.pool._memory_bytes", lambda: 5 << 20)
    assert worker_count() == 1
