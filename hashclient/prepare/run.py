"""Hash many files on an executor: a bounded number at once, results in order, nothing left behind."""

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hashclient.errors import HashclientError, MediaError, WorkerError
from hashclient.media.confine import ConfineLimits, Level
from hashclient.media.files import read_file
from hashclient.media.kinds import kind_of
from hashclient.model import Content
from hashclient.prepare.job import Hashed, Job
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.prepared import Prepared, Skipped


@dataclass(frozen=True)
class Pace:
    """How an executor is fed. What waits is paths and results, never the bytes of a file."""

    batch: int = 1
    """Files of one task, which are hashed one after the other: more where handing over a task costs, as on a cluster."""
    pending: int = 64
    """Most tasks handed over whose results were not taken yet: more where there are many cores."""


@dataclass(frozen=True)
class Errand:
    """One file to hash: all that a task needs, in a form that can be sent to another process."""

    path: Path
    job: Job
    pool: WorkerPool | None
    """Where a worker is borrowed; None hashes in the process itself."""


def run(errand: Errand) -> Prepared:
    """Open and hash one file; what goes wrong with the file is a value.

    Raises:
        NoSandboxError: full protection is required, and this machine does not offer it.
    """
    position = errand.job.position
    try:
        if errand.pool is None:
            hashed, level = _hash_here(errand), Level.NONE
        else:
            with errand.pool.lend() as worker:
                level = worker.protection.level
                hashed = _hash(errand, worker.hash)
    except WorkerError as error:
        return _skipped(position, error, Level.NONE)
    if hashed.failure is not None:
        return _skipped(position, hashed.failure, level)
    return Prepared(position, hashed.content, hashed.signals, (), level)


def _hash_here(errand: Errand) -> Hashed:
    from hashclient.prepare import content  # decoders are loaded only where they are used

    return _hash(errand, content.hash_content)


def _hash(errand: Errand, hash_content: Callable[[Job, bytes], Hashed]) -> Hashed:
    """Read a file and have it hashed; what no decoder takes is not read, and wears no worker out."""
    try:
        untrusted = read_file(errand.path, judge=kind_of)
    except MediaError as error:
        return Hashed(failure=error)
    return hash_content(errand.job, untrusted)


def _skipped(position: int, error: HashclientError, level: Level) -> Prepared:
    return Prepared(position, Content.IMAGE, (), (Skipped.because(error),), level)


def run_batch(errands: tuple[Errand, ...]) -> tuple[Prepared, ...]:
    """Open and hash some files; one task of an executor, also in another process."""
    return tuple(map(run, errands))


def run_all(
    errands: Iterator[Errand], *, executor: Executor | None, pool: WorkerPool | None, pace: Pace
) -> Generator[Prepared]:
    """Run errands and give what each gave, in their order, as soon as it is there.

    At most `pace.pending` results wait, so memory stays flat over any number of files. However the
    iteration ends, at its end, by an error, by Ctrl-C or because nobody takes more, what is pending
    is cancelled and every worker is ended before control goes back.

    Args:
        errands: one for each file; taken only as results are.
        executor: where they run; a few threads of our own where None and workers are used, and
            the caller's own thread where None and none are used.
        pool: the workers, to be ended with the iteration.
        pace: how many errands the executor is given at a time.

    Raises:
        NoSandboxError: full protection is required, and this machine does not offer it.
        WorkerError: the executor broke down, and runs nothing any more.
    """
    with ExitStack() as stack:
        if executor is None and pool is None:
            yield from map(run, errands)
            return
        if executor is None:
            executor = ThreadPoolExecutor(worker_count())
            stack.callback(executor.shutdown, cancel_futures=True)
        pending: deque[Future[tuple[Prepared, ...]]] = deque()
        if pool is not None:
            stack.callback(pool.close)
        stack.callback(_cancel, pending)
        try:
            while batch := tuple(islice(errands, pace.batch)):
                pending.append(executor.submit(run_batch, batch))
                while pending and (len(pending) >= pace.pending or pending[0].done()):
                    yield from pending.popleft().result()
            while pending:
                yield from pending.popleft().result()
        except (BrokenExecutor, CancelledError):
            raise WorkerError from None


def _cancel(pending: Iterable[Future[tuple[Prepared, ...]]]) -> None:
    for future in pending:
        future.cancel()


def worker_count() -> int:
    """Give how many workers suit this machine: one for each core that this process may use and GiB of memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, _memory_bytes() // ConfineLimits().memory_bytes))


def _memory_bytes() -> int:
    """Give how much memory this machine has; unlimited where it does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # pragma: no cover  # other systems
        return sys.maxsize
