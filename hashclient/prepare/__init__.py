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
from pathlib import Path

from hashclient.errors import AgeGateError, NoSandboxError, UsageError
from hashclient.hashing.level import Coverage
from hashclient.media.rule import Decode
from hashclient.model import Declarations, EndpointProfile, SignalType
from hashclient.model.policy import Reason
from hashclient.prepare.job import Job
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.prepared import Prepared, Skipped, item_of, judged
from hashclient.prepare.run import Errand, Pace, run_all, worker_count

__all__ = ["Coverage", "Decode", "Pace", "Prepared", "Skipped", "hash_files", "item_of", "prepare", "worker_count"]

TYPES = frozenset({SignalType.PDQ})
"""Types that can be computed of a picture."""


def prepare(
    files: Iterable[Path],
    *,
    declarations: Declarations,
    types: tuple[SignalType, ...] = (SignalType.PDQ,),
    decode: Decode = Decode.EXACT,
    coverage: Coverage = Coverage.SINGLE,
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
        types: kinds of hashes to compute.
        decode: `exact`, bit-identical to the reference, or `fast`.
        coverage: how many likely re-posts of a picture are hashed too.
        executor: where the work runs, any `concurrent.futures.Executor`; a thread of our own for each core where None.
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
        UsageError: a type cannot be computed.
    """
    _stop_at_the_age_gate(declarations)
    wanted = tuple(kind for kind in types if profile is None or kind in profile.signal_types)
    if types and not wanted:
        raise UsageError(
            "The service takes none of these kinds of fingerprints. No file was opened and nothing was sent.",
            hint="Choose another kind, or another service.",
        )
    left_out = () if wanted == types else (Reason.TYPE_NOT_ACCEPTED,)
    hashed = hash_files(
        files,
        types=wanted,
        decode=decode,
        coverage=coverage,
        executor=executor,
        pace=pace,
        sandbox=sandbox,
        require_full=require_full,
    )
    return _judged(hashed, left_out, declarations, profile)


def hash_files(
    files: Iterable[Path],
    *,
    types: tuple[SignalType, ...] = (SignalType.PDQ,),
    decode: Decode = Decode.EXACT,
    coverage: Coverage = Coverage.SINGLE,
    executor: Executor | None = None,
    pace: Pace | None = None,
    sandbox: bool = True,
    require_full: bool = False,
) -> Generator[Prepared]:
    """Hash files for research and for matching; what comes out can be made no submission of.

    It asks for no declarations and leaves nothing out, hashes of low quality among them. It is for
    test pictures and for those who look for copies. Arguments and results are those of `prepare`.

    Raises:
        NoSandboxError: full protection is required and not asked for or not offered; no file was opened.
        UsageError: a type cannot be computed.
    """
    if not types or not TYPES.issuperset(types):
        raise UsageError(
            "This kind of fingerprint cannot be made here. No file was opened and nothing was sent.",
            hint=f"Choose from: {', '.join(sorted(TYPES))}.",
        )
    if require_full and not sandbox:
        raise NoSandboxError
    pool = WorkerPool(require_full=require_full) if sandbox else None
    errands = (Errand(path, Job(position, types, decode, coverage), pool) for position, path in enumerate(files))
    return run_all(errands, executor=executor, pool=pool, pace=pace or Pace())


def _stop_at_the_age_gate(untrusted: object) -> None:
    """Take nothing for declarations but declarations, nor one that was put together past its checks."""
    if not isinstance(untrusted, Declarations) or vars(untrusted).get("adult") is not True:
        raise AgeGateError


def _judged(
    hashed: Generator[Prepared],
    left_out: tuple[Reason, ...],
    declarations: Declarations,
    profile: EndpointProfile | None,
) -> Generator[Prepared]:
    with closing(hashed):
        for one in hashed:
            yield judged(one, left_out=left_out, declarations=declarations, profile=profile)
