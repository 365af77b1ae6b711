"""Hash many files on an executor: a bounded number at once, results in order, nothing left behind."""

import os
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice

from hashclient.errors import WorkerError
from hashclient.media.sandbox.confine import ConfineLimits
from hashclient.prepare.errand import Errand, run
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.prepared import Prepared


@dataclass(frozen=True)
class Pace:
    """How an executor is fed. What waits is paths and results, never the bytes of a file."""

    files: int = 1
    """Files of one task, which are hashed one after the other: more where handing over a task costs, as on a cluster."""
    pending: int = 64
    """Most tasks handed over whose results were not taken yet: more where there are many cores."""


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
            while batch := tuple(islice(errands, pace.files)):
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
    """Give how many workers suit this machine, of those for which it has the memory, a GiB each.

    One for each core that this process may use, and one more where there are several, so that no
    core waits while a file is read.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = cores + 1 if cores > 1 else 1
    return max(1, min(wanted, _memory_bytes() // ConfineLimits().memory_bytes))


def _memory_bytes() -> int:
    """Give how much memory this machine has; unlimited where it does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # pragma: no cover  # other systems
        return sys.maxsize
