"""Turn a person's files into hashes, each in a throw-away process that can do nothing else.

The join of the half that sees pictures: a file is opened through `hashclient.media`, hashed through
`hashclient.hashing`, and only values of `hashclient.model` come out. Sending them is left to
`hashclient.client`, which never meets this room; asking the person is left to the faces.

    >>> from hashclient import Altered, Declarations
    >>> from hashclient.prepare import item_of, prepare
    >>> affirmed = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)
    >>> for prepared in prepare([], declarations=affirmed):
    ...     item = item_of(prepared, altered=Altered.NO)
"""

from collections.abc import Generator, Iterable
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hashclient.errors import AgeGateError, NoSandboxError, UsageError
from hashclient.model import Declarations, EndpointProfile
from hashclient.prepare.errand import Errand
from hashclient.prepare.job import Job
from hashclient.prepare.options import HashOptions
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.prepared import Prepared, Skipped, item_of, judged
from hashclient.prepare.run import Pace, run_all, worker_count
from hashclient.prepare.types import TYPES, Wanted, accepted, wanted
from hashclient.vocabulary import DEFAULT_INTERVAL, MAX_INTERVAL, Content, Coverage, Decode, Reason, SignalType

__all__ = [
    "DEFAULT_INTERVAL",
    "MAX_INTERVAL",
    "TYPES",
    "Batching",
    "Coverage",
    "Decode",
    "HashOptions",
    "Pace",
    "Prepared",
    "Skipped",
    "accepted",
    "hash_files",
    "item_of",
    "prepare",
    "wanted",
    "worker_count",
]


def prepare(
    files: Iterable[Path],
    *,
    declarations: Declarations,
    options: HashOptions | None = None,
    executor: Executor | None = None,
    batching: Pace | None = None,
) -> Generator[Prepared]:
    """Hash files for a submission."""
    o = options or HashOptions()
    _stop_at_the_age_gate(declarations)
    kinds = {content: o.types_of(content) for content in Content}
    job = _job(kinds, decode=o.decode, coverage=o.coverage, interval=o.interval)
    hashed = _hashed(files, job, executor=executor, pace=batching, sandbox=o.sandbox, require_full=o.require_full)
    return _judged(hashed, dict.fromkeys(Content, ()), declarations, None)


def hash_files(
    files: Iterable[Path],
    *,
    options: HashOptions | None = None,
    types: tuple[SignalType, ...] | None = None,
    executor: Executor | None = None,
    batching: Pace | None = None,
) -> Generator[Prepared]:
    """Hash files for research and for matching."""
    o = options or HashOptions(types=types)
    kinds = {content: o.types_of(content) for content in Content}
    job = _job(kinds, decode=o.decode, coverage=o.coverage, interval=o.interval)
    return _hashed(files, job, executor=executor, pace=batching, sandbox=o.sandbox, require_full=o.require_full)


def _job(kinds: Wanted, *, decode: Decode, coverage: Coverage, interval: float) -> Job:
    """Make the job that every file is given.

    Raises:
        UsageError: the interval is none.
    """
    if not 0 <= interval <= MAX_INTERVAL:
        raise UsageError(
            "The interval between frames cannot be used. No file was opened and nothing was sent.",
            hint=f"Choose a number of seconds from 0 (every frame) to {MAX_INTERVAL:.0f}.",
        )
    return Job(0, kinds[Content.IMAGE], decode, coverage, kinds[Content.VIDEO], interval)


def _hashed(
    files: Iterable[Path], job: Job, *, executor: Executor | None, pace: Pace | None, sandbox: bool, require_full: bool
) -> Generator[Prepared]:
    if require_full and not sandbox:
        raise NoSandboxError
    pool = WorkerPool(types=job.types, require_full=require_full) if sandbox else None
    errands = (Errand(path, replace(job, position=position), pool) for position, path in enumerate(files))
    return run_all(errands, executor=executor, pool=pool, pace=pace or Pace())


def _stop_at_the_age_gate(untrusted: object) -> None:
    """Take nothing for declarations but declarations, nor one that was put together past its checks."""
    if not isinstance(untrusted, Declarations) or vars(untrusted).get("adult") is not True:
        raise AgeGateError


def _judged(
    hashed: Generator[Prepared],
    left_out: dict[Content, tuple[Reason, ...]],
    declarations: Declarations,
    profile: EndpointProfile | None,
) -> Generator[Prepared]:
    with closing(hashed):
        for one in hashed:
            yield judged(one, left_out=left_out[one.content], declarations=declarations, profile=profile)


Batching = Pace
