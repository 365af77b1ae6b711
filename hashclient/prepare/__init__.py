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
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.prepared import Prepared, Skipped, item_of, judged
from hashclient.prepare.run import Pace, run_all, worker_count
from hashclient.prepare.types import TYPES, Wanted, accepted, wanted
from hashclient.vocabulary import DEFAULT_INTERVAL, MAX_INTERVAL, Content, Coverage, Decode, Reason, SignalType

__all__ = [
    "DEFAULT_INTERVAL",
    "MAX_INTERVAL",
    "TYPES",
    "Coverage",
    "Decode",
    "Pace",
    "Prepared",
    "Skipped",
    "hash_files",
    "item_of",
    "prepare",
    "worker_count",
]


def prepare(
    files: Iterable[Path],
    *,
    declarations: Declarations,
    types: tuple[SignalType, ...] | None = None,
    decode: Decode = Decode.EXACT,
    coverage: Coverage = Coverage.SINGLE,
    interval: float = DEFAULT_INTERVAL,
    executor: Executor | None = None,
    pace: Pace | None = None,
    sandbox: bool = True,
    require_full: bool = False,
    profile: EndpointProfile | None = None,
) -> Generator[Prepared]:
    """Hash files for a submission, after the person has affirmed the declarations.

    Everything that can be refused is refused by the call itself, before a file is opened; files are
    opened one after another as results are taken. A file that cannot be used is a result with a
    reason, and the others go on. When the iteration ends, in whatever way, its workers have ended.

    Args:
        files: where they lie on this device; taken one by one.
        declarations: what the person affirmed. There is no default and no way round.
        types: kinds of hashes to compute, each of what it can be computed of; where None, `pdq` of
            pictures, `md5` and `vpdq` of videos.
        decode: `exact`, bit-identical to the reference, or `fast`.
        coverage: how many likely re-posts of a picture are hashed too.
        interval: seconds between the frames of a video that are hashed; 0 takes every frame.
        executor: where the work runs, any `concurrent.futures.Executor`; where None, `worker_count` threads of our own.
        pace: how many files the executor is given at a time; the defaults suit one machine.
        sandbox: decode in confined worker processes; else in the executor's own, with the same
            limits on pictures and the same hashes, and no protection.
        require_full: stop unless this machine offers every protection.
        profile: the endpoint's; leaves out what it does not take.

    Returns:
        One result for each file, in the order of `files`, as they come.

    Raises:
        AgeGateError: the declarations are not there; no file was opened.
        NoSandboxError: full protection is required and not asked for or not offered; no file was opened.
        UsageError: a type cannot be computed, or the interval is none.
    """
    _stop_at_the_age_gate(declarations)
    kinds, left_out = accepted(wanted(types), profile)
    job = _job(kinds, decode=decode, coverage=coverage, interval=interval)
    hashed = _hashed(files, job, executor=executor, pace=pace, sandbox=sandbox, require_full=require_full)
    return _judged(hashed, left_out, declarations, profile)


def hash_files(
    files: Iterable[Path],
    *,
    types: tuple[SignalType, ...] | None = None,
    decode: Decode = Decode.EXACT,
    coverage: Coverage = Coverage.SINGLE,
    interval: float = DEFAULT_INTERVAL,
    executor: Executor | None = None,
    pace: Pace | None = None,
    sandbox: bool = True,
    require_full: bool = False,
) -> Generator[Prepared]:
    """Hash files for research and for matching; what comes out can be made no submission of.

    It asks for no declarations and leaves nothing out, a picture's hashes of low quality among
    them. It is for test pictures and for those who look for copies. Arguments and results are those
    of `prepare`.

    Raises:
        NoSandboxError: full protection is required and not asked for or not offered; no file was opened.
        UsageError: a type cannot be computed, or the interval is none.
    """
    job = _job(wanted(types), decode=decode, coverage=coverage, interval=interval)
    return _hashed(files, job, executor=executor, pace=pace, sandbox=sandbox, require_full=require_full)


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
