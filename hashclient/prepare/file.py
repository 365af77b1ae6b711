"""Open one file, once, tell what it is, and have it hashed: the task of an executor.

Only the first bytes are looked at here. A picture goes to a worker as bytes; a video goes as an open file, to a worker
of its own. Digests are computed here: they need no decoder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from pathlib import Path

from hashclient._optional import require_extra
from hashclient.errors import BrokenMediaError, HashclientError, MediaError, MissingExtraError, WorkerError
from hashclient.guidance.reasons import why_no_frames
from hashclient.hashing.digest import file_digest
from hashclient.media import limits
from hashclient.media.files import check_bytes, head_of, opened, read_whole
from hashclient.media.formats import container_of, kind_of
from hashclient.media.sandbox.confine import Level
from hashclient.model import Signal
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.protocol import FileHashes, Job
from hashclient.prepare.result import Prepared, Skipped
from hashclient.vocabulary import Content, Reason, SignalType


@dataclass(frozen=True)
class FileTask:
    """One file to hash: all that a task needs, in a form that can be sent to another process."""

    path: Path
    job: Job
    pool: WorkerPool | None
    """Where a worker is borrowed; None hashes in the process itself."""


@dataclass(frozen=True)
class _Backend:
    """What hashes a file's content: a worker, or this process."""

    hash_image: Callable[[Job, bytes], FileHashes]
    hash_video: Callable[[Job, BufferedReader], FileHashes]
    level: Level
    """How far it is closed off."""


def hash_batch(tasks: tuple[FileTask, ...]) -> tuple[Prepared, ...]:
    """Open and hash some files, one after the other; one task of an executor, also in another process."""
    return tuple(map(hash_file, tasks))


def hash_file(task: FileTask) -> Prepared:
    """Open and hash one file; whatever goes wrong with it is a value.

    Raises:
        NoSandboxError: full protection is required, and this machine does not offer it.
    """
    if (pool := task.pool) is None:
        from hashclient.prepare import decode  # decoders are loaded only where they are used

        return _hash(task, _Backend(decode.hash_content, decode.hash_opened_video, Level.NONE))

    def hash_video(job: Job, video: BufferedReader) -> FileHashes:
        with pool.lend(video=video.fileno()) as worker:
            return worker.hash(job, b"")

    try:
        with pool.lend() as worker:  # before the file is opened: where there is no worker, it stays closed
            return _hash(task, _Backend(worker.hash, hash_video, worker.protection.level))
    except WorkerError as error:
        return _skipped(task, error, Level.NONE)


def _hash(task: FileTask, backend: _Backend) -> Prepared:
    """Open a file and hash it; a file that no decoder accepts is not read further and costs no worker anything."""
    try:
        with opened(task.path) as stream:
            head = head_of(stream)
            if container_of(head) is not None:
                return _hash_video(task, backend, stream)
            kind_of(head)
            untrusted = read_whole(stream)
    except MediaError as error:
        return _skipped(task, error, backend.level)
    hashed = backend.hash_image(task.job, untrusted)
    if hashed.failure is not None:
        return _skipped(task, hashed.failure, backend.level)
    return _prepared(task, backend, hashed, file_digest(BytesIO(untrusted), task.job.options.types_of(hashed.content)))


def _hash_video(task: FileTask, backend: _Backend, stream: BufferedReader) -> Prepared:
    """Compute the digests, then have the frames hashed where they are wanted.

    Raises:
        MediaError: the file is too large or broken.
    """
    types = task.job.options.types_of(Content.VIDEO)
    check_bytes(stream, most=limits.VIDEOS.max_file_bytes)
    digests = file_digest(stream, types)
    if SignalType.VPDQ not in types:
        return _prepared(task, backend, FileHashes(Content.VIDEO), digests)
    try:
        require_extra("video")
        stream.seek(0)
        hashed = backend.hash_video(task.job, stream)
    except (MissingExtraError, WorkerError) as error:
        hashed = FileHashes(Content.VIDEO, failure=error)
    if (failure := hashed.failure) is None:
        return _prepared(task, backend, hashed, digests)
    if isinstance(failure, BrokenMediaError):
        raise failure
    skipped = Skipped(failure, why_no_frames(failure) if digests else failure.sentence, failure.hint)
    return Prepared(task.path, task.job.position, Content.VIDEO, digests, (skipped,), backend.level)


def _prepared(task: FileTask, backend: _Backend, hashed: FileHashes, digests: tuple[Signal, ...]) -> Prepared:
    signals = (*digests, *hashed.signals) if hashed.content is Content.VIDEO else (*hashed.signals, *digests)
    skipped = tuple(Skipped.because(reason, content=hashed.content) for reason in _reasons(task, hashed))
    return Prepared(task.path, task.job.position, hashed.content, signals, skipped, backend.level, hashed.times)


def _reasons(task: FileTask, hashed: FileHashes) -> list[Reason]:
    """Tell what a person should know about a file that was hashed."""
    types = task.job.options.types_of(hashed.content)
    if not types:
        return [Reason.TYPE_NOT_FITTING]
    reasons = [Reason.DAMAGED] if hashed.is_damaged else []
    if SignalType.VPDQ in types and not hashed.times:  # of a picture it is no type
        reasons.append(Reason.LOW_QUALITY)
    return reasons


def _skipped(task: FileTask, error: HashclientError, level: Level) -> Prepared:
    return Prepared(task.path, task.job.position, Content.IMAGE, (), (Skipped.because(error),), level)
