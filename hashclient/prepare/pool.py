"""Keep warm workers, lend them to whoever hashes a file, and replace them.

This half of the program needs nothing from the rest but a picklable `FileTask` (`hashclient.prepare.file`), and gives
nothing back but a picklable `Prepared`; it imports nothing that reaches a network. So it can be moved whole into a
process of its own. How one worker is talked to is told in `hashclient.prepare.conversation`.
"""

import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final

from hashclient.errors import NoSandboxError, WorkerError
from hashclient.media.sandbox.confine import ConfineLimits, Level
from hashclient.prepare.conversation import Worker, WorkerLimits
from hashclient.vocabulary import SignalType


class WorkerPool:
    """The workers of one call of `prepare` or `hash_files`.

    No more live than files are hashed at once. A pool may be sent to another process with a task: there it becomes one
    pool that the tasks of all calls share. It is never closed, but its workers end when nobody has needed them for a
    while, and with their process.
    """

    def __init__(
        self, *, types: tuple[SignalType, ...] = (), limits: WorkerLimits | None = None, require_full: bool = False
    ) -> None:
        """Make a pool; no worker is started yet.

        Args:
            types: types of hash that its workers will be asked for.
            limits: how long and how often each worker is used; None for the defaults.
            require_full: lend only workers whose level of protection is full.
        """
        self._types, self._limits, self._require_full = types, limits or WorkerLimits(), require_full
        self._lock = threading.RLock()
        """Guards all that follows."""
        self._alive: set[Worker] = set()
        self._idle: list[Worker] = []
        self._waiting: deque[Future[Worker]] = deque()
        """What callers wait for, the longest first."""
        self._starting = 0
        """Workers for whoever waits that are not ready yet."""
        self._has_started_one = False
        self._is_closed = False

    @contextmanager
    def lend(self, *, video: int | None = None) -> Iterator[Worker]:
        """Lend a worker that is ready; afterwards it is kept for others unless it is exhausted.

        Args:
            video: file descriptor of a video, for a worker of its own; None for one that hashes pictures.

        Raises:
            WorkerError: none could be started, or the pool is closed.
            NoSandboxError: full protection is required, and this machine does not offer it.
        """
        worker = self._take() if video is None else self._start(video)
        try:
            yield worker
        except BaseException:
            worker.kill()  # nobody can talk to it any more: it may be in the middle of an answer
            raise
        finally:
            self._give_back(worker)

    def close(self) -> None:
        """Kill every worker at once, including those at work."""
        with self._lock:
            self._is_closed = True
            alive, self._alive, self._idle = self._alive, set(), []
            while self._waiting:
                self._waiting.popleft().set_exception(WorkerError())
        for worker in alive:
            worker.kill()
        for worker in alive:
            worker.end()

    def _take(self) -> Worker:
        """Take an idle worker, or whichever is ready first: one that comes back, or one that is started meanwhile.

        Raises:
            WorkerError: none could be started, or the pool is closed.
            NoSandboxError: as for `lend`.
        """
        with self._lock:
            if self._is_closed:
                raise WorkerError
            while self._idle:
                if (worker := self._idle.pop()).wake():
                    return worker
                self._discard(worker)
            waiting: Future[Worker] = Future()
            self._waiting.append(waiting)
            self._start_for_waiting()
        return waiting.result()

    def _start_for_waiting(self) -> None:
        """Start a worker for each caller that waits, but not all at once.

        The first one is started alone, so that the first file waits for nothing else; then as many at once as there are
        cores, except one, which goes on hashing.
        """
        most = max(1, core_count() - 1) if self._has_started_one else 1
        while self._starting < min(most, len(self._waiting)):
            threading.Thread(target=self._start_one, daemon=True).start()
            self._starting += 1

    def _start_one(self) -> None:
        """Start a worker and hand it, or what went wrong, to whoever has waited longest."""
        try:
            worker = self._start()
        except BaseException as error:  # noqa: BLE001  # it is raised where the worker is waited for
            with self._lock:
                self._starting -= 1
                if self._waiting:
                    self._waiting.popleft().set_exception(error)
                self._start_for_waiting()
        else:
            with self._lock:
                self._starting -= 1
                self._has_started_one = True
                self._hand_over(worker)
                self._start_for_waiting()

    def _start(self, video: int | None = None) -> Worker:
        """Start a worker and wait until it is ready.

        Raises:
            WorkerError: that failed, or the pool is closed.
            NoSandboxError: it gave up less than was required.
        """
        with self._lock:
            if self._is_closed:
                raise WorkerError
            worker = Worker(limits=self._limits, types=self._types, video=video)
            self._alive.add(worker)
        try:
            worker.greet()
        except BaseException:
            self._discard(worker)
            raise
        if self._require_full and worker.protection.level is not Level.FULL:
            self._discard(worker)
            raise NoSandboxError
        return worker

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if not worker.is_exhausted and not self._is_closed:
                self._hand_over(worker)
                return
        self._discard(worker)

    def _hand_over(self, worker: Worker) -> None:
        """Hand a worker to whoever has waited longest; where nobody waits, let it rest."""
        if self._waiting:
            self._waiting.popleft().set_result(worker)
        else:
            worker.rest()
            self._idle.append(worker)

    def _discard(self, worker: Worker) -> None:
        worker.end()
        with self._lock:
            self._alive.discard(worker)

    def __reduce__(self) -> tuple[object, ...]:
        return _pool_here, (self._types, self._limits, self._require_full)


_pools_here: Final[dict[tuple[object, ...], WorkerPool]] = {}
_pools_lock: Final = threading.Lock()


def _pool_here(types: tuple[SignalType, ...], limits: WorkerLimits, require_full: bool) -> WorkerPool:
    """Return the pool of this process for tasks that were sent to it."""
    key = os.getpid(), types, limits, require_full  # a process copied from this one has none of its threads
    with _pools_lock:
        if key not in _pools_here:
            _pools_here[key] = WorkerPool(types=types, limits=limits, require_full=require_full)
        return _pools_here[key]


def worker_count() -> int:
    """Return how many workers suit this machine, as far as it has the memory for them, a GiB each.

    One for each core that this process may use, and one more where there are several, so that no core waits while a
    file is read.
    """
    cores = core_count()
    wanted = cores + 1 if cores > 1 else 1
    return max(1, min(wanted, _memory_bytes() // ConfineLimits().memory_bytes))


def core_count() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_bytes() -> int:
    """Return how much memory this machine has; unlimited where it does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # pragma: no cover  # other systems
        return sys.maxsize
