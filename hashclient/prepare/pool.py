"""Warm workers, lent to whoever hashes a file and replaced when worn.

As many workers live as files are hashed at once. How one worker is asked is left to `process`, where it comes from to
`nursery`.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from hashclient.errors import NoSandboxError, WorkerError
from hashclient.media.confine import Level
from hashclient.prepare import nursery, process
from hashclient.prepare.nursery import Nursery
from hashclient.prepare.process import Worker, WorkerLimits


class WorkerPool:
    """The workers of one call of `prepare`.

    It may be sent to another process with a task: there it is the pool of that process, made when
    the first task arrives. Its workers end with it, or with the process that started them.
    """

    def __init__(self, *, limits: WorkerLimits | None = None, require_full: bool = False) -> None:
        """Make a pool; no worker is started yet.

        Args:
            limits: how long and how often each worker is used; the defaults where None.
            require_full: lend only workers whose level of protection is full.
        """
        self.limits = limits or WorkerLimits()
        self.require_full = require_full
        self._name = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._alive: set[Worker] = set()
        self._is_closed = False
        self._starting = threading.Lock()
        self._nursery: Nursery | None = None
        self._has_nursery = nursery.is_offered()

    @contextmanager
    def lend(self, *, film: int | None = None) -> Iterator[Worker]:
        """Lend one worker that is ready; it comes back to the pool unless it is worn or has ended.

        Args:
            film: file descriptor of a film, for a worker made for it; None for one that hashes pictures.

        Raises:
            WorkerError: none could be started, or the pool is closed.
            NoSandboxError: full protection is required, and this machine does not offer it.
        """
        worker = self._take(film)
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

    def _take(self, film: int | None) -> Worker:
        while film is None and (worker := self._take_idle()) is not None:
            if not worker.has_ended:
                return worker
            self.discard(worker)
        worker = self._start() if film is None else Worker(process.COMMAND, limits=self.limits, film=film)
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
        return Worker(process.COMMAND, limits=self.limits)

    def _nursery_here(self) -> Nursery | None:
        with self._starting:
            if self._has_nursery and self._nursery is None and not self._is_closed:
                self._nursery = Nursery(process.COMMAND, start_seconds=self.limits.start_seconds)
            return self._nursery if self._has_nursery else None

    def _check(self, worker: Worker) -> None:
        if self.require_full and worker.protection.level is not Level.FULL:
            raise NoSandboxError

    def _take_idle(self) -> Worker | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def __reduce__(self) -> tuple[object, ...]:
        return _pool_here, (self._name, self.limits, self.require_full)


_here: dict[str, WorkerPool] = {}
_here_lock = threading.Lock()


def _pool_here(name: str, limits: WorkerLimits, require_full: bool) -> WorkerPool:
    """Give the pool of that name in this process; pools of calls that came before are closed."""
    with _here_lock:
        if name not in _here:
            for old in _here.values():
                old.close()
            _here.clear()
            _here[name] = WorkerPool(limits=limits, require_full=require_full)
        return _here[name]
