"""Workers that are copies of one process: as confined, as separate, and gone with their parent however that ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hashclient.errors import WorkerError
from hashclient.prepare import nursery, process
from hashclient.prepare.job import Job
from hashclient.prepare.nursery import Nursery
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.process import Worker, WorkerLimits

pytestmark = pytest.mark.skipif(not nursery.is_offered(), reason="a nursery needs Linux")

LIMITS = WorkerLimits(file_seconds=20)
PICTURE = Path(__file__).resolve().parents[2] / "examples" / "pictures" / "fruit-and-bowl.jpg"


@pytest.fixture(scope="module")
def source() -> Iterator[Nursery]:
    made = Nursery(process.COMMAND, start_seconds=60)
    yield made
    made.end()


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(limits=LIMITS)
    yield made
    made.close()


def copy(source: Nursery) -> Worker:
    worker = Worker(limits=LIMITS, nursery=source)
    worker.greet()
    return worker


def number(worker: Worker) -> int:
    return worker._process.pid


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, giving the system a moment."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_a_copy_gives_up_as_much_and_hashes_the_same(source: Nursery) -> None:
    """What was taken from a copy is what is taken from a worker that was started by itself; so are its hashes."""
    one, other = copy(source), Worker(process.COMMAND, limits=LIMITS)
    other.greet()
    untrusted = PICTURE.read_bytes()
    try:
        assert one.protection == other.protection
        assert one.hash(Job(0), untrusted) == other.hash(Job(0), untrusted)
    finally:
        one.end()
        other.end()


LOOKS_AROUND = """
import os
from hashclient.prepare import worker
worker._become_copy()
held = [os.readlink(f"/proc/self/fd/{name}") for name in ("0", "1", "2")]
print(*held, len(os.listdir("/proc/self/fd")), os.getpgid(0) == os.getpid(), flush=True)
os.read(0, 1)
"""


def test_a_copy_holds_its_own_pipes_and_nothing_else() -> None:
    """It has three descriptors, none of them another worker's, and a group of its own."""
    looking = Nursery((sys.executable, "-I", "-B", "-c", LOOKS_AROUND), start_seconds=60)
    copies = [looking.fork(), looking.fork()]
    pipes = set()
    for one in copies:
        jobs, answers, errors, held, leads = one.answers.readline().decode().split()
        pipes |= {jobs, answers}
        assert (errors, held, leads) == ("/dev/null", "4", "True")  # the fourth is the list itself
    assert len(pipes) == 4
    looking.end()
    for one in copies:
        one.reap()
        one.jobs.close()
        one.answers.close()


def test_a_copy_that_dies_takes_nothing_with_it(source: Nursery) -> None:
    """The end of one worker is seen, its number is given back, and the nursery makes others."""
    worker = copy(source)
    os.kill(number(worker), signal.SIGKILL)
    hashed = worker.hash(Job(0), PICTURE.read_bytes())
    assert type(hashed.failure).__name__ == "StoppedMediaError"
    assert worker.has_ended
    worker.end()
    assert not psutil.pid_exists(number(worker)) or is_gone(number(worker))
    copy(source).end()


def test_a_copy_never_reads_what_the_nursery_was_told(source: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that reach the nursery together with the wish for a worker are the nursery's, not the worker's."""
    really = Nursery._tell
    ended = copy(source)
    monkeypatch.setattr(Nursery, "reap", lambda *_: None)  # it is told so with the next wish
    ended.end()
    monkeypatch.setattr(Nursery, "_tell", lambda self, line: really(self, f"{line}\nreap {number(ended)}"))
    worker = copy(source)
    assert worker.hash(Job(0), PICTURE.read_bytes()).signals
    assert not psutil.pid_exists(number(ended))
    monkeypatch.undo()
    worker.end()


def test_a_nursery_that_was_killed_ends_its_workers_and_is_made_up_for(pool: WorkerPool) -> None:
    """Its copies end with it at once, also one that is stopped; the next worker is started by itself."""
    with pool.lend() as worker:
        assert pool._nursery is not None
        os.kill(number(worker), signal.SIGSTOP)
        os.kill(pool._nursery._process.pid, signal.SIGKILL)
        assert is_gone(number(worker))
    with pool.lend() as worker:
        assert worker.hash(Job(0), PICTURE.read_bytes()).signals


@pytest.mark.parametrize("reply", ["", "print('no number', flush=True)", "import time; time.sleep(60)"])
def test_a_nursery_that_does_not_work_is_an_error(reply: str) -> None:
    """One that ends, says something else or nothing makes no worker, within the limit."""
    broken = Nursery((sys.executable, "-I", "-c", reply), start_seconds=1)
    with pytest.raises(WorkerError):
        broken.fork()
    broken.end()
    broken.end()
    with pytest.raises(WorkerError):
        broken.fork()


def test_a_nursery_ended_while_it_is_asked_answers_at_once() -> None:
    """Nobody who waits for a worker holds up the end."""
    silent = Nursery((sys.executable, "-I", "-c", "import time; time.sleep(60)"), start_seconds=60)
    errors: list[type[Exception]] = []

    def ask() -> None:
        try:
            silent.fork()
        except WorkerError as error:
            errors.append(type(error))

    asking = threading.Thread(target=ask)
    asking.start()
    silent.end()
    asking.join(timeout=10)
    assert errors == [WorkerError]


KILLED = """
import sys, time
from pathlib import Path
from hashclient.prepare.job import Job
from hashclient.prepare.pool import WorkerPool
pool = WorkerPool()
with pool.lend() as worker:
    print(pool._nursery._process.pid, worker._process.pid, flush=True)
    time.sleep(600)
"""


def test_workers_end_when_their_parent_is_killed_however_busy_they_are() -> None:
    """Nobody tidies after SIGKILL; a worker that would never look at its input again ends all the same."""
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        pids = [int(word) for word in program.stdout.readline().split()]
        os.kill(pids[-1], signal.SIGSTOP)  # the busiest there is
        program.kill()
        assert all(map(is_gone, pids))


def test_no_copy_and_no_descriptor_is_left(pool: WorkerPool) -> None:
    """After many workers as many descriptors are open as before, and no process is left but the nursery."""
    with pool.lend():
        pass
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(30):
        with pool.lend() as worker:
            pool.discard(worker)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
    assert pool._nursery is not None
    left = [one for one in psutil.Process(pool._nursery._process.pid).children() if not is_gone(one.pid)]
    assert left == []
