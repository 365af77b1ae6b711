"""Workers are lent, replaced, left to rest, and gone with their parent however that ends."""

import io
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from PIL import Image

from hashclient.errors import NoSandboxError, StoppedMediaError, WorkerError
from hashclient.media.sandbox.confine import Guard
from hashclient.model import SignalType
from hashclient.prepare import conversation
from hashclient.prepare.conversation import Worker, WorkerLimits
from hashclient.prepare.file import FileTask, hash_file
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.protocol import Job
from kit.processes import is_gone

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part is Linux's")
PICTURE = Path(__file__).resolve().parents[2] / "examples" / "pictures" / "fruit-and-bowl.jpg"


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool()
    yield made
    made.close()


def there_and_back(pool: WorkerPool) -> WorkerPool:
    """Send a pool as an executor of processes would."""
    arrived = pickle.loads(pickle.dumps(pool))  # noqa: S301  # our own bytes
    assert isinstance(arrived, WorkerPool)
    return arrived


@pytest.mark.usefixtures("honest_workers")
class TestLending:
    def test_a_worker_that_comes_back_is_lent_again(self, pool: WorkerPool) -> None:
        """The next caller gets the warm one; a second caller meanwhile gets another."""
        with pool.lend() as first, pool.lend() as second:
            assert first is not second
        with pool.lend() as third:
            assert third in {first, second}

    def test_whoever_waits_takes_the_first_that_is_ready(self, pool: WorkerPool, tmp_path: Path) -> None:
        """A worker that comes back serves a caller whose own is still being started."""
        slow = tmp_path / "slow"
        served: list[Worker] = []
        with pool.lend() as first:
            pass

        def borrow() -> None:
            with pool.lend() as worker:
                served.append(worker)

        class NeverReady(Worker):
            def greet(self) -> None:
                slow.touch()
                self._is_killed.wait()
                super().greet()

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("hashclient.prepare.pool.Worker", NeverReady)
            with pool.lend():
                waiting = threading.Thread(target=borrow)
                waiting.start()
                while not slow.exists():
                    time.sleep(0.01)
            waiting.join()
        assert served == [first]

    def test_the_first_worker_is_started_alone_and_then_fewer_at_once_than_there_are_cores(
        self, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So the first file waits for nothing but its own worker, and a core goes on hashing; one for each caller."""
        monkeypatch.setattr("hashclient.prepare.pool.core_count", lambda: 4)
        starting: list[int] = []
        ready: list[int] = []
        counting = threading.Lock()
        at_once: list[int] = []

        class Counted(Worker):
            def greet(self) -> None:
                with counting:
                    starting.append(self.pid)
                    assert ready or len(starting) == 1
                    at_once.append(len(starting) - len(ready))
                super().greet()
                with counting:
                    ready.append(self.pid)

        monkeypatch.setattr("hashclient.prepare.pool.Worker", Counted)
        callers = 7
        together = threading.Barrier(callers)

        def borrow() -> None:
            with pool.lend():
                together.wait()

        threads = [threading.Thread(target=borrow) for _ in range(callers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(ready) == len(at_once) == callers
        assert max(at_once) <= 3

    def test_whoever_fails_while_talking_leaves_no_worker_behind(self, pool: WorkerPool) -> None:
        """Nobody could tell whose answer comes next."""
        with pytest.raises(KeyError), pool.lend() as worker:
            raise KeyError
        assert worker.has_ended

    def test_a_closed_pool_lends_nothing(self, pool: WorkerPool) -> None:
        """A task that starts after the end starts no worker, for pictures or for a video."""
        before = {*psutil.Process().children()}
        pool.close()
        for video in (None, 0):
            with pytest.raises(WorkerError), pool.lend(video=video):
                pytest.fail("lent")
        assert {*psutil.Process().children()} == before

    def test_a_pool_that_is_closed_lets_nobody_wait(self, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever waits for a worker that never greets gets an error, and the worker is gone."""
        monkeypatch.setattr(conversation, "COMMAND", (sys.executable, "-I", "-c", "import time; time.sleep(600)"))
        errors: list[type[Exception]] = []

        def borrow() -> None:
            try:
                with pool.lend():
                    pytest.fail("lent")
            except WorkerError as error:
                errors.append(type(error))

        waiting = [threading.Thread(target=borrow) for _ in range(3)]
        before = {*psutil.Process().children()}
        for thread in waiting:
            thread.start()
        while not (started := {*psutil.Process().children()} - before):
            time.sleep(0.01)
        pool.close()
        for thread in waiting:
            thread.join()
        assert errors == [WorkerError] * 3
        assert all(is_gone(process.pid) for process in started)

    def test_what_was_required_is_checked_for_every_worker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Those that gave up less are not lent."""
        strict = WorkerPool(require_full=True)
        with pytest.raises(NoSandboxError), strict.lend():
            pytest.fail("lent")
        monkeypatch.setattr(conversation, "COMMAND", (*conversation.COMMAND, *Guard))
        with strict.lend() as worker:
            assert worker.protection.level == "full"
        strict.close()

    @pytest.mark.parametrize(
        ("types", "named"),
        [
            ((), []),
            ((SignalType.PDQ, SignalType.MD5), []),
            ((SignalType.WHASH, SignalType.PDQ, SignalType.DHASH), ["dhash", "whash"]),
        ],
    )
    def test_a_worker_is_started_for_what_it_is_asked(self, types: tuple[SignalType, ...], named: list[str]) -> None:
        """Only types that need imagehash are named to it, in one order."""
        asking = WorkerPool(types=types)
        with asking.lend() as worker:
            assert json.loads(psutil.Process(worker.pid).cmdline()[-1]) == {"types": named, "video": None}
        asking.close()


@pytest.mark.usefixtures("honest_workers")
class TestInOtherProcesses:
    def test_a_pool_that_travels_is_one_pool_where_it_arrives(self, tmp_path: Path) -> None:
        """Tasks of all calls share the pool of the process they are sent to; the end of a call closes only its own."""
        (tmp_path / "file").write_bytes(b"GIF89a")
        pool = WorkerPool(limits=WorkerLimits(files=7))
        one, two = (there_and_back(pool) for _ in range(2))
        assert one is two is there_and_back(WorkerPool(limits=WorkerLimits(files=7))) is not pool
        assert one is not there_and_back(WorkerPool(limits=WorkerLimits(files=7), require_full=True))
        first = hash_file(FileTask(tmp_path / "file", Job(0), one))
        pool.close()
        assert hash_file(FileTask(tmp_path / "file", Job(0), two)).signals == first.signals
        one.close()

    def test_a_task_can_be_sent_whole(self, tmp_path: Path) -> None:
        """A file's task is all that another process needs."""
        task = FileTask(tmp_path / "file", Job(3), WorkerPool(limits=WorkerLimits(files=8)))
        sent = pickle.loads(pickle.dumps(task))  # noqa: S301  # our own bytes
        assert (sent.path, sent.job) == (task.path, task.job)
        assert isinstance(sent.pool, WorkerPool)

    def test_a_copied_process_shares_no_pool(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A process that was forked has none of the threads that guard its parent's workers."""
        pool = WorkerPool(limits=WorkerLimits(files=9))
        one = there_and_back(pool)
        monkeypatch.setattr(os, "getpid", lambda: -1)
        assert there_and_back(pool) is not one

    def test_workers_without_a_file_end_and_others_are_started(self) -> None:
        """Those that nobody needed for a while end by themselves; one that is lent does not."""
        pool = there_and_back(WorkerPool(limits=WorkerLimits(idle_seconds=0.5)))
        with pool.lend() as first:
            time.sleep(1)
            assert not first.has_ended
            assert first.hash(Job(0), b"GIF89a").signals
        assert is_gone(first.pid)
        with pool.lend() as second:
            assert second is not first
            assert second.hash(Job(0), b"GIF89a").signals
        with pool.lend() as unused:
            pass
        assert is_gone(unused.pid)
        pool.close()


ORPHANED = """
import sys, threading, time
from hashclient.prepare.pool import WorkerPool
pool = WorkerPool()
with pool.lend() as worker:
    print(worker.pid, flush=True)
    time.sleep(600)
"""


@linux
def test_workers_end_when_their_parent_is_killed_however_busy_they_are() -> None:
    """Nobody tidies after SIGKILL; a worker that would never look at its input again ends all the same."""
    with subprocess.Popen([sys.executable, "-c", ORPHANED], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        os.kill(worker, signal.SIGSTOP)  # the busiest there is
        program.kill()
        assert is_gone(worker)


@linux
def test_a_worker_that_is_still_starting_ends_with_its_parent_too() -> None:
    """It has not asked the kernel yet, and finds its input closed."""
    code = ORPHANED.replace(
        "with pool.lend() as worker:", "from hashclient.prepare.conversation import Worker\nif worker := Worker():"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        program.kill()
        assert is_gone(worker)


@linux
def test_a_worker_outlives_whoever_first_asked_for_it(pool: WorkerPool) -> None:
    """The thread that borrowed it ends, the kernel ends nothing, and another thread has a picture hashed by it."""
    borrowed: list[Worker] = []

    def borrow() -> None:
        with pool.lend() as worker:
            borrowed.append(worker)

    first = threading.Thread(target=borrow)
    first.start()
    first.join()
    task = Path(f"/proc/self/task/{first.native_id}")
    while task.exists():  # Python calls a thread ended a moment before the kernel does
        time.sleep(0.01)
    with pool.lend() as worker:
        assert borrowed == [worker]
        assert worker.hash(Job(0), PICTURE.read_bytes()).signals


def test_a_worker_that_dies_takes_nothing_with_it(pool: WorkerPool) -> None:
    """Its end is seen, its number is given back, and the next caller gets another."""
    with pool.lend() as worker:
        os.kill(worker.pid, signal.SIGKILL)
        assert type(worker.hash(Job(0), PICTURE.read_bytes()).failure) is StoppedMediaError
        assert worker.has_ended
    assert not psutil.pid_exists(worker.pid) or is_gone(worker.pid)
    with pool.lend() as other:
        assert other.hash(Job(0), PICTURE.read_bytes()).signals


@linux
def test_no_process_no_thread_and_no_descriptor_is_left(pool: WorkerPool) -> None:
    """After many workers as many descriptors are open as before, and no process or thread is left."""

    def held() -> tuple[int, int, int]:
        me = psutil.Process()
        return len(list(Path("/proc/self/fd").iterdir())), len(me.children()), threading.active_count()

    with pool.lend() as worker:
        worker.kill()
    before = held()
    for _ in range(3):
        with ExitStack() as stack:
            workers = [stack.enter_context(pool.lend()) for _ in range(4)]
            workers[0].kill()
        for worker in workers[1:]:
            os.kill(worker.pid, signal.SIGKILL)  # while nobody has it
            while not worker.has_ended:
                time.sleep(0.01)
        with pool.lend() as worker:
            worker.kill()
    assert held() == before


def test_more_than_a_pipe_holds_arrives_whole(pool: WorkerPool) -> None:
    """A picture of many megabytes is hashed like any other."""
    buffer = io.BytesIO()
    Image.effect_noise((2600, 2100), 90).convert("RGB").save(buffer, "BMP")
    assert len(buffer.getvalue()) > 16_000_000
    with pool.lend() as worker:
        assert worker.hash(Job(0), buffer.getvalue()).signals
