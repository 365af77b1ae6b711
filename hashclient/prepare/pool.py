"""Warm workers, lent to whoever hashes a file and replaced when worn.

As many workers live as files are hashed at once. How one worker is asked is left to `process`, where it comes from to
`nursery`.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from hashclient.errors import NoSandboxError, WorkerError
from hashclient.media.sandbox.confine import Level
from hashclient.prepare import nursery, process
from hashclient.prepare.nursery import Nursery
from hashclient.prepare.process import Worker, WorkerLimits
from hashclient.vocabulary import SignalType


class WorkerPool:
    """The workers of one call of `prepare`.

    It may be sent to another process with a task: there it is a pool that the tasks of all calls
    share, made when the first one arrives. Its workers end when there was no task for a while, and
    with the process that started them.
    """

    def __init__(
        self,
        *,
        types: tuple[SignalType, ...] = (),
        limits: WorkerLimits | None = None,
        require_full: bool = False,
    ) -> None:
        """Make a pool; no worker is started yet.

        Args:
            types: of hashes that its workers will be asked for; those that need no library need not be named.
            limits: how long and how often each worker is used; the defaults where None.
            require_full: lend only workers whose level of protection is full.
        """
        self.types = types
        self.limits = limits or WorkerLimits()
        self.require_full = require_full
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._alive: set[Worker] = set()
        self._lent = 0
        self._is_closed = False
        self._starting = threading.Lock()
        self._nursery: Nursery | None = None
        self._has_nursery = nursery.is_offered()

    @contextmanager
    def lend(self, *, video: int | None = None) -> Iterator[Worker]:
        """Lend one worker that is ready; it comes back to the pool unless it is worn or has ended.

        Args:
            video: file descriptor of a video, for a worker made for it; None for one that hashes pictures.

        Raises:
            WorkerError: none could be started, or the pool is closed.
            NoSandboxError: full protection is required, and this machine does not offer it.
        """
        with self._lock:
            self._lent += 1
        worker = self._take(video)
        try:
            yield worker
        except BaseException:
            self.discard(worker)
            raise
        with self._lock:
            keep = worker in self._alive and not worker.is_worn and not self._is_closed
            if keep:
                self._idle.append(worker)
        if not keep:
            self.discard(worker)

    def discard(self, worker: Worker) -> None:
        """End a worker that is not to be used again."""
        with self._lock:
            self._alive.discard(worker)
        worker.end()

    def close(self) -> None:
        """End every worker at once, also those at work."""
        with self._lock:
            self._is_closed = True
            alive, self._alive, self._idle = self._alive, set(), []
        for worker in alive:
            worker.end(at_once=True)
        with self._starting:
            if self._nursery is not None:
                self._nursery.end()

    def _take(self, video: int | None) -> Worker:
        while video is None and (worker := self._take_idle()) is not None:
            if not worker.has_ended:
                return worker
            self.discard(worker)
        worker = self._start() if video is None else Worker(process.COMMAND, limits=self.limits, video=video)
        with self._lock:
            self._alive.add(worker)
            is_closed = self._is_closed
        if is_closed:
            self.discard(worker)
            raise WorkerError
        try:
            worker.greet()
            self._check(worker)
        except BaseException:
            self.discard(worker)
            raise
        return worker

    def _start(self) -> Worker:
        """Start a worker: a copy of the nursery where that works here, else by itself."""
        if (source := self._nursery_here()) is not None:
            try:
                return Worker(limits=self.limits, nursery=source)
            except WorkerError:  # it has ended, or cannot reach our pipes
                self._has_nursery = False
                source.end()
        return Worker(process.command_for(self.types), limits=self.limits)

    def _nursery_here(self) -> Nursery | None:
        with self._starting:
            if self._has_nursery and self._nursery is None and not self._is_closed:
                self._nursery = Nursery(process.command_for(self.types), start_seconds=self.limits.start_seconds)
            return self._nursery if self._has_nursery else None

    def _check(self, worker: Worker) -> None:
        if self.require_full and worker.protection.level is not Level.FULL:
            raise NoSandboxError

    def _take_idle(self) -> Worker | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def rest(self, *, unless_lent_since: int) -> int:
        """End idle workers and the nursery, where no worker is out and none was lent since.

        Args:
            unless_lent_since: what an earlier call gave.

        Returns:
            How many workers were lent so far.
        """
        with self._starting, self._lock:
            if self._lent != unless_lent_since or len(self._idle) < len(self._alive):
                return self._lent
            idle, self._idle, self._alive = self._idle, [], set()
            source, self._nursery = self._nursery, None
        for worker in idle:
            worker.end()
        if source is not None:
            source.end()
        return unless_lent_since

    def __reduce__(self) -> tuple[object, ...]:
        return _pool_here, (self.types, self.limits, self.require_full)


REST_SECONDS: Final = 30.0
"""Time without a task after which a process that tasks were sent to ends its workers, seconds; at most twice that."""
_here: Final[dict[tuple[tuple[SignalType, ...], WorkerLimits, bool], WorkerPool]] = {}
_here_lock: Final = threading.Lock()


def _pool_here(types: tuple[SignalType, ...], limits: WorkerLimits, require_full: bool) -> WorkerPool:
    """Give the pool of this process for tasks that were sent to it; it is never closed, but rests."""
    key = types, limits, require_full
    with _here_lock:
        if key not in _here:
            pool = _here[key] = WorkerPool(types=types, limits=limits, require_full=require_full)
            threading.Thread(target=_let_rest, args=(pool,), daemon=True).start()
        return _here[key]


def _let_rest(pool: WorkerPool) -> None:
    lent = 0
    while True:
        time.sleep(REST_SECONDS)
        lent = pool.rest(unless_lent_since=lent)
