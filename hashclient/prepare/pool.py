"""Keep warm workers, lend them to whoever hashes a file, and replace them.

This half of the program needs nothing from the rest but a picklable `FileTask` (`hashclient.prepare.file`), and gives
nothing back but a picklable `Prepared`; it imports nothing that reaches a network. So it can be moved whole into a
process of its own. How one worker is talked to is told in `hashclient.prepare.conversation`.
"""

import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final

from hashclient.errors import NoSandboxError, WorkerError
from hashclient.media.sandbox.confine import ConfineLimits, Level
from hashclient.prepare.conversation import Worker, WorkerLimits
from hashclient.vocabulary import SignalType

REST_SECONDS: Final = 30.0
"""Time after which a worker that nobody borrows is ended, seconds."""
_TICK_SECONDS: Final = 0.25
"""How often deadlines are looked at, seconds."""


class WorkerPool:
    """The workers of one call of `prepare` or `hash_files`.

    As many live as files are hashed at once. A pool may be sent to another process with a task: there it becomes one
    pool that the tasks of all calls share. It is never closed, but its workers end when nobody has needed them for a
    while, and with their process.

    One thread of the pool starts all workers, and lives as long as it: a worker asks Linux to be killed when its parent
    ends, and Linux takes the *thread* that started it for its parent.
    """

    def __init__(
        self, *, types: tuple[SignalType, ...] = (), limits: WorkerLimits | None = None, require_full: bool = False
    ) -> None:
        """Make a pool; no worker is started yet.

        Args:
            types: types of hash that its workers will be asked for.
            limits: how long and how often each worker is used; the defaults where None.
            require_full: lend only workers whose level of protection is full.
        """
        self._arguments = types, limits or WorkerLimits(), require_full
        self._changed = threading.Condition()
        self._idle: dict[Worker, float] = {}
        """Since when each is, in the order in which they came back."""
        self._alive: set[Worker] = set()
        self._starting = 0
        self._is_closed = False
        self._keeper: threading.Thread | None = None
        self._wanted: queue.SimpleQueue[tuple[int | None, Future[Worker]] | None] = queue.SimpleQueue()

    @contextmanager
    def lend(self, *, video: int | None = None) -> Iterator[Worker]:
        """Lend a worker that is ready; afterwards it is kept for others unless it is exhausted.

        Args:
            video: file descriptor of a video, for a worker of its own; None for one that hashes pictures.

        Raises:
            WorkerError: none could be started, or the pool is closed.
            NoSandboxError: full protection is required, and this machine does not offer it.
        """
        worker = self._take(video)
        is_kept = False
        try:
            yield worker
            is_kept = not worker.is_exhausted
        finally:
            self._give_back(worker, is_kept=is_kept)

    def close(self) -> None:
        """Kill every worker at once, including those at work."""
        with self._changed:
            self._is_closed = True
            self._wanted.put(None)
            self._changed.notify_all()
            alive, idle, self._idle = [*self._alive], [*self._idle], {}
        for worker in alive:
            worker.kill()
        for worker in idle:
            self._discard(worker)

    def _take(self, video: int | None) -> Worker:
        """Take an idle worker, or have one started; more than there are cores are not started at once."""
        with self._changed:
            while True:
                if self._is_closed:
                    raise WorkerError
                if video is None and self._idle:
                    worker, _ = self._idle.popitem()
                    if not worker.has_ended:
                        return worker
                    self._discard(worker)
                elif self._starting < _cores():
                    break
                else:
                    self._changed.wait()
            self._starting += 1
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, daemon=True)
                self._keeper.start()
            started: Future[Worker] = Future()
            self._wanted.put((video, started))
        try:
            worker = started.result()
            try:
                worker.greet()
            except BaseException:
                self._discard(worker)
                raise
        finally:
            with self._changed:
                self._starting -= 1
                self._changed.notify_all()
        _, _, require_full = self._arguments
        if require_full and worker.protection.level is not Level.FULL:
            self._discard(worker)
            raise NoSandboxError
        return worker

    def _give_back(self, worker: Worker, *, is_kept: bool) -> None:
        with self._changed:
            is_kept = is_kept and not self._is_closed
            if is_kept:
                self._idle[worker] = time.monotonic()
                self._changed.notify()
        if not is_kept:
            self._discard(worker)

    def _discard(self, worker: Worker) -> None:
        worker.end()
        with self._changed:
            self._alive.discard(worker)

    def _keep(self) -> None:
        """Start workers, kill those that are late and end those that rest, until the pool is closed."""
        types, limits, _ = self._arguments
        while True:
            try:
                wanted = self._wanted.get(timeout=_TICK_SECONDS if self._alive else None)
            except queue.Empty:
                pass
            else:
                if wanted is None:
                    return
                video, started = wanted
                try:
                    worker = Worker(limits=limits, types=types, video=video)
                except WorkerError as error:
                    started.set_exception(error)
                else:
                    with self._changed:
                        self._alive.add(worker)
                    started.set_result(worker)
            self._look_after_workers()

    def _look_after_workers(self) -> None:
        with self._changed:
            alive = [*self._alive]
            before = time.monotonic() - REST_SECONDS
            resting = [worker for worker, since in self._idle.items() if since < before]
            for worker in resting:
                del self._idle[worker]
        for worker in alive:
            worker.kill(late_only=not self._is_closed)
        for worker in resting:
            self._discard(worker)

    def __reduce__(self) -> tuple[object, ...]:
        return _pool_here, self._arguments


_here: Final[dict[tuple[object, ...], WorkerPool]] = {}
_here_lock: Final = threading.Lock()


def _pool_here(types: tuple[SignalType, ...], limits: WorkerLimits, require_full: bool) -> WorkerPool:
    """Give the pool of this process for tasks that were sent to it."""
    key = os.getpid(), types, limits, require_full  # a process copied from this one has none of its threads
    with _here_lock:
        if key not in _here:
            _here[key] = WorkerPool(types=types, limits=limits, require_full=require_full)
        return _here[key]


def worker_count() -> int:
    """Give how many workers suit this machine, as far as it has the memory for them, a GiB each.

    One for each core that this process may use, and one more where there are several, so that no core waits while a
    file is read.
    """
    cores = _cores()
    wanted = cores + 1 if cores > 1 else 1
    return max(1, min(wanted, _memory_bytes() // ConfineLimits().memory_bytes))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_bytes() -> int:
    """Give how much memory this machine has; unlimited where it does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # pragma: no cover  # other systems
        return sys.maxsize
