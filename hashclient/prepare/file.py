"""Open one file, once, tell what it is, and have it hashed: the task of an executor. Or only look at it.

Only the first bytes are looked at here. A picture goes to a worker as bytes; a video goes as an open file, to a worker
of its own. Digests are computed here: they need no decoder.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from hashclient._optional import require_extra
from hashclient.errors import (
    BrokenMediaError,
    HashclientError,
    MediaError,
    MediaTooLargeError,
    MissingExtraError,
    UnreadableMediaError,
    UnsupportedMediaError,
    WorkerError,
)
from hashclient.guidance.reasons import why_file_alone
from hashclient.hashing.digest import file_digest
from hashclient.media import limits
from hashclient.media.files import check_bytes, head_of, opened, read_whole
from hashclient.media.formats import container_of, content_of, kind_of, unread_content_of
from hashclient.media.sandbox.confine import Level
from hashclient.model import Signal
from hashclient.model.signal import EXACT
from hashclient.prepare.options import HashOptions
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.protocol import FileHashes, Job
from hashclient.prepare.result import Look, Prepared, Skipped
from hashclient.vocabulary import Content, Reason, SignalType

_KINDS: Final = {"WEBP": "WebP", "HEIF": "HEIC", "matroska": "MKV", "avi": "AVI", "mpegts": "MPEG-TS"}
_QUICKTIME_BRAND: Final = b"ftypqt  "


class Looker:
    """Looks at files by their first bytes, and remembers which it has seen, so that the same bytes are known again.

    Only files of one length are read whole, and none is decoded.
    """

    def __init__(self, options: HashOptions) -> None:
        """Remember which types would be made: of a kind that is not decoded here, there may be digests."""
        self._options = options
        self._by_size: dict[int, list[tuple[Path, int]]] = {}
        self._digests: dict[Path, bytes] = {}
        self._count = 0

    def look_at_all(self, paths: Iterable[Path]) -> Iterator[Look]:
        """Look at files; whatever is wrong with one is a value."""
        for path in paths:
            yield self._look_at(path)
            self._count += 1

    def _look_at(self, path: Path) -> Look:
        content = None
        try:
            with opened(path) as stream:
                head = head_of(stream)
                content = content_of(head)
                check_bytes(stream, most=limits.VIDEOS.max_file_bytes)
                self._require_types(head, content)
                if not (size := os.fstat(stream.fileno()).st_size):  # it was emptied meanwhile
                    raise UnreadableMediaError
                return Look(path, self._count, content, _kind(head), size, self._same_as(path, stream, size))
        except MediaError as error:
            return Look(path, self._count, content, skipped=Skipped.because(error, content=content))

    def _require_types(self, head: bytes, content: Content) -> None:
        if unread_content_of(head) is not None and EXACT.isdisjoint(self._options.types_of(content)):
            raise UnsupportedMediaError

    def _same_as(self, path: Path, stream: BufferedReader, size: int) -> int | None:
        earlier = self._by_size.setdefault(size, [])
        if earlier:
            self._digests[path] = _sha256(stream)
        for other, position in earlier:
            if other not in self._digests:
                with suppress(MediaError), opened(other) as again:  # it may be gone since
                    self._digests[other] = _sha256(again)
            if self._digests.get(other) == self._digests[path]:
                return position
        earlier.append((path, self._count))
        return None


def _sha256(stream: BufferedReader) -> bytes:
    return hashlib.file_digest(stream, "sha256").digest()


def _kind(head: bytes) -> str:
    """Name the kind of a file as people do."""
    if unread_content_of(head) is not None:
        return ""
    if (container := container_of(head)) is None:
        container = kind_of(head)
    elif container == "mov":
        return "MOV" if head[4:12] == _QUICKTIME_BRAND else "MP4"
    return _KINDS.get(container, container)


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
        return _skipped(task, error, None, Level.NONE)


def _hash(task: FileTask, backend: _Backend) -> Prepared:
    """Open a file and hash it; what is neither picture nor video is not read further and costs no worker anything."""
    options, content = task.job.options, None
    try:
        with opened(task.path) as stream:
            head = head_of(stream)
            content = content_of(head)
            check_bytes(stream, most=limits.VIDEOS.max_file_bytes)
            moves = container_of(head) is None and unread_content_of(head) is None
            types = options.types_of(content, is_animation=moves)
            digests = file_digest(stream, types)  # first: a worker of videos moves the place in the file
            hashed = _decoded(task, backend, stream, head)
            if hashed.failure is None and hashed.content is not content:  # only its decoder could tell
                types = options.types_of(hashed.content, is_animation=moves)
                stream.seek(0)
                digests = file_digest(stream, types)
    except MediaError as error:
        return _skipped(task, error, content, backend.level)
    if (failure := hashed.failure) is None:
        return _prepared(task, backend, hashed, types, digests)
    if isinstance(failure, BrokenMediaError) or not digests:
        return _skipped(task, failure, content, backend.level)
    skipped = Skipped(failure, *why_file_alone(failure, content))
    return Prepared(task.path, task.job.position, content, digests, (skipped,), backend.level)


def _decoded(task: FileTask, backend: _Backend, stream: BufferedReader, head: bytes) -> FileHashes:
    """Have the pixels of a file hashed, where that is asked for and can be done."""
    content, options = content_of(head), task.job.options
    is_video = container_of(head) is not None
    if options.asks_for_digests_alone or (is_video and SignalType.VPDQ not in options.types_of(content)):
        return FileHashes(content)
    if unread_content_of(head) is not None:
        return FileHashes(failure=UnsupportedMediaError())
    try:
        stream.seek(0)
        if not is_video:
            return backend.hash_image(task.job, read_whole(stream))
        require_extra("video")
        return backend.hash_video(task.job, stream)
    except (MediaTooLargeError, MissingExtraError, WorkerError) as error:
        return FileHashes(failure=error)


def _prepared(
    task: FileTask, backend: _Backend, hashed: FileHashes, types: tuple[SignalType, ...], digests: tuple[Signal, ...]
) -> Prepared:
    signals = (*digests, *hashed.signals) if hashed.content is Content.VIDEO else (*hashed.signals, *digests)
    skipped = tuple(Skipped.because(reason, content=hashed.content) for reason in _reasons(types, hashed))
    prepared = Prepared(task.path, task.job.position, hashed.content, signals, skipped, backend.level, hashed.times)
    return prepared if hashed.inner is None else prepared.with_inner(hashed.inner.signals, hashed.inner.percent)


def _reasons(types: tuple[SignalType, ...], hashed: FileHashes) -> list[Reason]:
    """Tell what a person should know about a file that was hashed."""
    if not types:
        return [Reason.TYPE_NOT_FITTING]
    reasons = [Reason.DAMAGED] if hashed.is_damaged else []
    if hashed.content is Content.VIDEO and not EXACT.issuperset(types) and not hashed.signals:
        reasons.append(Reason.LOW_QUALITY)
    return reasons


def _skipped(task: FileTask, error: HashclientError, content: Content | None, level: Level) -> Prepared:
    skipped = Skipped.because(error, content=content)
    return Prepared(task.path, task.job.position, content or Content.IMAGE, (), (skipped,), level)
