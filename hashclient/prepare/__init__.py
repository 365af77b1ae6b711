"""Turn a person's files into hashes, each in a throw-away process that can do nothing else.

The join of the half that sees pictures: a file is opened through `hashclient.media`, hashed through
`hashclient.hashing`, and its hashes come out as values of `hashclient.model`. Sending them is left to
`hashclient.client`, which never meets this room; asking the person is left to the faces.

    >>> from hashclient import Altered, Declarations
    >>> from hashclient.prepare import item_of, prepare
    >>> affirmed = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)
    >>> for prepared in prepare([], declarations=affirmed):
    ...     item = item_of(prepared, altered=Altered.NO)

A file goes from here to `file`, which opens it; to a worker that `pool` lends; and comes back as a `result`. The
conversation with a worker is told, from top to bottom, in `conversation`.
"""

import importlib
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hashclient.errors import AgeGateError, NoSandboxError, UsageError, WorkerError
from hashclient.model import Declarations
from hashclient.prepare.apart import PictureHalf, hash_apart
from hashclient.prepare.file import FileTask, Looker, hash_batch, hash_file
from hashclient.prepare.options import TYPES, HashOptions
from hashclient.prepare.pool import WorkerPool, worker_count
from hashclient.prepare.protocol import Job
from hashclient.prepare.result import Look, Prepared, Skipped, item_of, keep_fit
from hashclient.vocabulary import Coverage, Decode, SignalType

if TYPE_CHECKING:
    from hashclient.prepare.decode import hash_image as hash_image

__all__ = [
    "TYPES",
    "Batching",
    "Coverage",
    "Decode",
    "HashOptions",
    "Look",
    "Prepared",
    "Session",
    "Skipped",
    "UsageError",
    "hash_files",
    "hash_image",
    "item_of",
    "prepare",
    "worker_count",
]


def __getattr__(name: str) -> object:
    """Load `hash_image` when it is first asked for: it comes with decoders, which this room does without."""
    if name != "hash_image":
        raise AttributeError(f"module 'hashclient.prepare' has no attribute {name!r}")
    return importlib.import_module("hashclient.prepare.decode").hash_image


@dataclass(frozen=True)
class Batching:
    """How an executor is fed. What waits is paths and results, never the bytes of a file."""

    files: int = 1
    """Files of one task, hashed one after the other: more where handing over a task costs, as on a cluster."""
    pending: int = 64
    """Most tasks handed over whose results have not been taken yet: more where there are many cores."""
    threads: int | None = None
    """Files hashed at once where there is no executor; None for `worker_count`."""


def prepare(
    files: Iterable[Path],
    *,
    declarations: Declarations,
    options: HashOptions | None = None,
    executor: Executor | None = None,
    batching: Batching | None = None,
) -> Generator[Prepared]:
    """Hash files for a submission, after the person has affirmed the declarations.

    Everything that can be refused is refused by the call itself, before a file is opened; files are opened one after
    another as results are taken. A file that cannot be used is a result with a reason, and the others go on. What may
    never leave the device is left out, with the reason; what a particular service accepts is left to
    `hashclient.model.fit`. When the iteration ends, in whatever way, its workers have ended.

    Args:
        files: paths on this device, taken one by one.
        declarations: what the person affirmed. There is no default and no way round.
        options: how the files are hashed; None for the defaults.
        executor: where the work runs, any `concurrent.futures.Executor`; None for `worker_count` threads of our own.
        batching: how many files the executor is given at a time; the defaults suit one machine.

    Returns:
        One result for each file, in the order of `files`, as they come.

    Raises:
        AgeGateError: the declarations are missing; no file was opened.
        NoSandboxError: full protection is required, but not asked for or not offered; no file was opened.
    """
    _stop_at_the_age_gate(declarations)
    return _keeping_fit(_hash_all(files, options or HashOptions(), executor, batching or Batching()), declarations)


def _keeping_fit(hashed: Generator[Prepared], declarations: Declarations) -> Generator[Prepared]:
    with closing(hashed):
        for one in hashed:
            yield keep_fit(one, declarations=declarations)


class Session:
    """The files of one request: looked at, so that the person can be asked about each, then hashed.

    On Linux with `apart`, a picture half does both; it is started when the `with` begins, so that it knows nothing of
    what happens here afterwards.

    Args:
        declarations: as for `prepare`.
        options: as for `prepare`.

    Raises:
        AgeGateError: the declarations are missing; no file was opened.
        NoSandboxError: full protection is required, and not offered; no file was opened.
    """

    def __init__(self, *, declarations: Declarations, options: HashOptions) -> None:
        _stop_at_the_age_gate(declarations)
        self._declarations, self._looker = declarations, Looker(options)
        self._half: PictureHalf | None = None
        self._options = options
        if options.apart and sys.platform == "linux":
            self._half = PictureHalf(options, _hashing_here(options, None, Batching()), self._looker.look_at_all)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._half:
            self._half.__exit__()

    def look(self, files: Iterable[Path]) -> Iterator[Look]:
        """Tell of each file, by its first bytes, what it is, or why it cannot be used; positions go on from call to call."""
        return self._half.look(iter(files)) if self._half else self._looker.look_at_all(files)

    def prepare(self, files: Iterable[Path]) -> Generator[Prepared]:
        """Hash files; results as from `prepare`."""
        hashed = self._half.hash(iter(files)) if self._half else _hash_all(files, self._options, None, Batching())
        return _keeping_fit(hashed, self._declarations)


def hash_files(
    files: Iterable[Path],
    *,
    options: HashOptions | None = None,
    types: tuple[SignalType, ...] | None = None,
    executor: Executor | None = None,
    batching: Batching | None = None,
) -> Generator[Prepared]:
    """Hash files for research and for matching; the results cannot become a submission.

    It asks for no declarations and leaves nothing out, not even hashes of low quality. It is for test pictures and for
    those who look for copies. Arguments and results are those of `prepare`.

    Args:
        files: as for `prepare`.
        options: as for `prepare`.
        types: short for `HashOptions(types=...)`.
        executor: as for `prepare`.
        batching: as for `prepare`.

    Raises:
        NoSandboxError: full protection is required, but not asked for or not offered; no file was opened.
        UsageError: both `options` and `types` are given, or a type cannot be computed.
    """
    return _hash_all(files, HashOptions.chosen(options, types), executor, batching or Batching())


def _stop_at_the_age_gate(untrusted: object) -> None:
    """Accept nothing but declarations, and none that were put together without their checks."""
    if not isinstance(untrusted, Declarations) or vars(untrusted).get("adult") is not True:
        raise AgeGateError


def _hash_all(
    files: Iterable[Path], options: HashOptions, executor: Executor | None, batching: Batching
) -> Generator[Prepared]:
    hash_here = _hashing_here(options, executor, batching)
    if options.apart and executor is None and sys.platform == "linux":
        return hash_apart(iter(files), options, hash_here)
    return hash_here(iter(files))


def _hashing_here(
    options: HashOptions, executor: Executor | None, batching: Batching
) -> Callable[[Iterator[Path]], Generator[Prepared]]:
    if options.require_full and not options.sandbox:
        raise NoSandboxError

    def hash_here(paths: Iterator[Path]) -> Generator[Prepared]:
        pool = WorkerPool(types=options.types or (), require_full=options.require_full) if options.sandbox else None
        tasks = (FileTask(path, Job(position, options), pool) for position, path in enumerate(paths))
        return run_all(tasks, executor=executor, pool=pool, batching=batching)

    return hash_here


def run_all(
    tasks: Iterator[FileTask], *, executor: Executor | None, pool: WorkerPool | None, batching: Batching
) -> Generator[Prepared]:
    """Run tasks and give their results in order, each as soon as it is there.

    At most `batching.pending` results wait, so memory stays flat over any number of files. However the iteration ends,
    at its end, by an error, by Ctrl-C or because nobody takes more, pending tasks are cancelled and every worker has
    ended before control goes back.

    Args:
        tasks: one for each file; taken only as results are.
        executor: where they run; None for a few threads of our own, or, without workers, the caller's own thread.
        pool: the workers, which end with the iteration.
        batching: how many files the executor is given at a time.

    Raises:
        NoSandboxError: full protection is required, and this machine does not offer it.
        WorkerError: the executor broke down and runs nothing any more.
    """
    with ExitStack() as stack:
        if executor is None and pool is None:
            yield from map(hash_file, tasks)
            return
        if executor is None:
            executor = ThreadPoolExecutor(batching.threads or worker_count())
            stack.callback(executor.shutdown, cancel_futures=True)
        if pool is not None:
            stack.callback(pool.close)
        pending: deque[Future[tuple[Prepared, ...]]] = deque()
        stack.callback(lambda: [future.cancel() for future in pending])
        try:
            while batch := tuple(islice(tasks, batching.files)):
                pending.append(executor.submit(hash_batch, batch))
                while pending and (len(pending) >= batching.pending or pending[0].done()):
                    yield from pending.popleft().result()
            while pending:
                yield from pending.popleft().result()
        except (BrokenExecutor, CancelledError):
            raise WorkerError from None
