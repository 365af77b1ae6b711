"""Hash many files on an executor: a bounded number at once, results in order, nothing left behind."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hashclient.errors import HashclientError, MediaError, WorkerError
from hashclient.media.confine import Level
from hashclient.media.files import read_file
from hashclient.media.kinds import kind_of
from hashclient.model import Content
from hashclient.prepare.job import Hashed, Job
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.prepared import Prepared, Skipped

MAX_PENDING: Final = 64
"""Most files handed to the executor whose results were not taken yet; each keeps a path, not its bytes."""
MAX_WORKERS: Final = 4
"""Most workers that are started without an executor, each of which may use 1 GiB."""


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


def run_all(errands: Iterable[Errand], *, executor: Executor | None, pool: WorkerPool | None) -> Generator[Prepared]:
    """Run errands and give what each gave, in their order, as soon as it is there.

    At most `MAX_PENDING` results wait, so memory stays flat over any number of files. However the
    iteration ends, at its end, by an error, by Ctrl-C or because nobody takes more, what is pending
    is cancelled and every worker is ended before control goes back.

    Args:
        errands: one for each file; taken only as results are.
        executor: where they run; a few threads of our own where None and workers are used, and
            the caller's own thread where None and none are used.
        pool: the workers, to be ended with the iteration.

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
        pending: deque[Future[Prepared]] = deque()
        if pool is not None:
            stack.callback(pool.close)
        stack.callback(_cancel, pending)
        try:
            for errand in errands:
                pending.append(executor.submit(run, errand))
                while pending and (len(pending) >= MAX_PENDING or pending[0].done()):
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        except BrokenExecutor:
            raise WorkerError from None


def _cancel(pending: Iterable[Future[Prepared]]) -> None:
    for future in pending:
        future.cancel()


def worker_count() -> int:
    """Give how many workers suit this machine: one for each core that this process may use, at most `MAX_WORKERS`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_WORKERS)
