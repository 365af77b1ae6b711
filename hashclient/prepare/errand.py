"""Open one file, once, tell what it is, and have it hashed: what one task of an executor does.

Only the first bytes are looked at here. Pictures go to a worker as bytes; a video goes as an open
file, to a worker made for it. Digests are made here: they need no decoder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BufferedReader, BytesIO
from pathlib import Path

from hashclient._optional import require_extra
from hashclient.errors import BrokenMediaError, HashclientError, MediaError, MissingExtraError, WorkerError
from hashclient.hashing.digest import file_digest
from hashclient.media.files import check_bytes, head_of, opened, read_whole
from hashclient.media.formats import container_of, kind_of
from hashclient.media.limits import VideoLimits
from hashclient.media.sandbox.confine import Level
from hashclient.model import Signal
from hashclient.prepare.job import Hashed, Job
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.prepared import Prepared, Skipped, bytes_alone
from hashclient.vocabulary import Content, Reason, SignalType


@dataclass(frozen=True)
class Errand:
    """One file to hash: all that a task needs, in a form that can be sent to another process."""

    path: Path
    job: Job
    pool: WorkerPool | None
    """Where a worker is borrowed; None hashes in the process itself."""


@dataclass(frozen=True)
class _Hands:
    """What a file is put into."""

    hash_content: Callable[[Job, bytes], Hashed]
    hash_video: Callable[[Job, BufferedReader], Hashed]
    level: Level
    """How far it is closed off."""


def run(errand: Errand) -> Prepared:
    """Open and hash one file; what goes wrong with the file is a value.

    Raises:
        NoSandboxError: full protection is required, and this machine does not offer it.
    """
    try:
        if errand.pool is None:
            return _run_in(_here(), errand)
        with errand.pool.lend() as worker:
            hands = _Hands(worker.hash, partial(_hash_in_worker, errand.pool), worker.protection.level)
            return _run_in(hands, errand)
    except WorkerError as error:
        return _skipped(errand.job, error, Level.NONE)


def _here() -> _Hands:
    from hashclient.prepare import content  # decoders are loaded only where they are used

    return _Hands(content.hash_content, content.hash_video, Level.NONE)


def _hash_in_worker(pool: WorkerPool, job: Job, video: BufferedReader) -> Hashed:
    with pool.lend(video=video.fileno()) as worker:
        return worker.hash(job, b"")


def _run_in(hands: _Hands, errand: Errand) -> Prepared:
    """Open a file; what no decoder takes is not read, and wears no worker out."""
    try:
        with opened(errand.path) as stream:
            head = head_of(stream)
            if container_of(head) is not None:
                return _run_video(hands, errand.job, stream)
            kind_of(head)
            untrusted = read_whole(stream)
    except MediaError as error:
        return _skipped(errand.job, error, hands.level)
    return _run_image(hands, errand.job, untrusted)


def _run_image(hands: _Hands, job: Job, untrusted: bytes) -> Prepared:
    hashed = hands.hash_content(job, untrusted)
    if hashed.failure is not None:
        return _skipped(job, hashed.failure, hands.level)
    wanted = job.types if hashed.content is Content.IMAGE else job.video_types
    return _prepared(hands, job, hashed, file_digest(BytesIO(untrusted), wanted))


def _run_video(hands: _Hands, job: Job, stream: BufferedReader) -> Prepared:
    """Make the digests, and then have the frames hashed, where they are wanted.

    Raises:
        MediaError: nothing can be made of it.
    """
    check_bytes(stream, most=VideoLimits().max_file_bytes)
    digests = file_digest(stream, job.video_types)
    if SignalType.VPDQ not in job.video_types:
        return _prepared(hands, job, Hashed(Content.VIDEO), digests)
    try:
        require_extra("video")
        stream.seek(0)
        hashed = hands.hash_video(job, stream)
    except (MissingExtraError, WorkerError) as error:
        return _without_frames(hands, job, error, digests)
    if isinstance(hashed.failure, BrokenMediaError):
        raise hashed.failure
    if hashed.failure is not None:
        return _without_frames(hands, job, hashed.failure, digests)
    return _prepared(hands, job, hashed, digests)


def _prepared(hands: _Hands, job: Job, hashed: Hashed, digests: tuple[Signal, ...]) -> Prepared:
    is_video = hashed.content is Content.VIDEO
    signals = (*digests, *hashed.signals) if is_video else (*hashed.signals, *digests)
    reasons = _reasons(job, hashed, has_frames=bool(hashed.times))
    skipped = tuple(Skipped.because(reason, content=hashed.content) for reason in reasons)
    return Prepared(job.position, hashed.content, signals, skipped, hands.level, hashed.times)


def _reasons(job: Job, hashed: Hashed, *, has_frames: bool) -> list[Reason]:
    """Tell what a person should know of a file that was hashed."""
    is_video = hashed.content is Content.VIDEO
    if not (job.video_types if is_video else job.types):
        return [Reason.TYPE_NOT_FITTING]
    reasons = [Reason.DAMAGED] if hashed.is_damaged else []
    if is_video and SignalType.VPDQ in job.video_types and not has_frames:
        reasons.append(Reason.LOW_QUALITY)
    return reasons


def _without_frames(hands: _Hands, job: Job, error: HashclientError, digests: tuple[Signal, ...]) -> Prepared:
    skipped = (bytes_alone(error) if digests else Skipped.because(error),)
    return Prepared(job.position, Content.VIDEO, digests, skipped, hands.level)


def _skipped(job: Job, error: HashclientError, level: Level) -> Prepared:
    return Prepared(job.position, Content.IMAGE, (), (Skipped.because(error),), level)
