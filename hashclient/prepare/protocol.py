"""Write what a worker and its parent say to each other, and believe nothing that a worker says.

A job goes to the worker as two lengths, its options as JSON, and the bytes of the file; never a name. (A video's bytes
are not sent: its worker was started with the file open.) An answer comes back as lines of JSON: a head, then a row for
each hash. The parent accepts only what the job can have led to. When each side speaks is told in
`hashclient.prepare.conversation`.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Final, TypeGuard

from hashclient.errors import (
    BrokenMediaError,
    HashclientError,
    InvalidSignalError,
    MediaError,
    MediaTooLargeError,
    StoppedMediaError,
    UnreadableMediaError,
    UnsupportedMediaError,
)
from hashclient.hashing.reposts.levels import GROUNDS, frame_variants, variants
from hashclient.media.sandbox.confine import Guard, Protection
from hashclient.model import Signal
from hashclient.model.signal import EXACT, FRAME, ORIGINAL, STORED
from hashclient.model.wire import parse_json
from hashclient.prepare.options import HashOptions
from hashclient.vocabulary import MAX_FRAMES, Content, Coverage, Decode, SignalType

MAX_LINE_BYTES: Final = 256
"""Most bytes of a line that a worker writes, its end included."""
MAX_PDQ_OF_FRAMES: Final = 4
"""Most `pdq` hashes of a picture that moves: of two frames, each upright and as stored."""
REASONS: Final[dict[str, type[MediaError]]] = {
    kind.__name__: kind
    for kind in (
        MediaError,
        UnreadableMediaError,
        UnsupportedMediaError,
        MediaTooLargeError,
        BrokenMediaError,
        StoppedMediaError,
    )
}
"""Why a worker may say that it has no hashes; the person reads the parent's own sentence for it."""

_LENGTHS: Final = struct.Struct(">IQ")
_MILLISECONDS: Final = 1000
_MAX_TIME: Final = 10**10
_PERCENT_OF_ALL: Final = 100


class LyingWorkerError(Exception):
    """A worker said what no honest worker says; it is ended, and nothing of its answer is used."""


@dataclass(frozen=True)
class Job:
    """What is asked about one file."""

    position: int
    """Place of the file in the caller's order, from 0."""
    options: HashOptions = field(default_factory=HashOptions)
    """How it is hashed."""


@dataclass(frozen=True)
class InnerHashes:
    """The hashes of the picture inside a framed picture or a screenshot."""

    signals: tuple[Signal, ...]
    percent: int
    """How much of the whole it takes, 1 to 100."""


@dataclass(frozen=True)
class FileHashes:
    """What decoding and hashing one file gave: its hashes, or why there are none."""

    content: Content = Content.IMAGE
    """What the file is, as far as is known."""
    signals: tuple[Signal, ...] = ()
    """Its hashes, except digests: those are computed where the file is opened."""
    times: tuple[float, ...] = ()
    """When each frame of a video is shown, in the order of its `vpdq` hashes, which come before others, seconds."""
    is_damaged: bool = False
    """Whether parts of a video could not be read, or parts of a picture may be missing."""
    inner: InnerHashes | None = None
    """Of the picture inside, where it was looked for and found."""
    failure: HashclientError | None = None
    """Why there are no hashes; the sentence is our own, never the worker's."""


def write_job(pipe: IO[bytes], job: Job, untrusted: bytes) -> None:
    """Send one job and the bytes of its file."""
    asked = {
        "position": job.position,
        "types": job.options.types,
        "decode": job.options.decode,
        "coverage": job.options.coverage,
        "inner": job.options.inner,
        "interval": job.options.interval,
    }
    head = json.dumps(asked).encode()
    pipe.write(_LENGTHS.pack(len(head), len(untrusted)) + head)
    pipe.write(untrusted)
    pipe.flush()


def read_job(pipe: IO[bytes]) -> tuple[Job, bytes] | None:
    """Take one job and the bytes of its file; None where the parent has ended or sends no more."""
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_bytes, file_bytes = _LENGTHS.unpack(lengths)
    head, untrusted = pipe.read(head_bytes), pipe.read(file_bytes)
    if len(untrusted) < file_bytes:
        return None
    asked = json.loads(head)
    options = HashOptions(
        types=None if asked["types"] is None else tuple(map(SignalType, asked["types"])),
        decode=Decode(asked["decode"]),
        coverage=Coverage(asked["coverage"]),
        inner=asked["inner"],
        interval=asked["interval"],
    )
    return Job(asked["position"], options), untrusted


def write_greeting(pipe: IO[bytes], protection: Protection) -> None:
    """Say that the worker is ready, and what was taken from it."""
    _write_lines(pipe, {"ready": 1, "guards": sorted(protection.guards)})


def read_greeting(pipe: IO[bytes]) -> Protection:
    """Check the first line of a worker.

    Raises:
        LyingWorkerError: it is not exactly such a line.
    """
    match _read_line(pipe):
        case {"ready": 1, "guards": list(guards), **extra} if not extra:
            if all(isinstance(guard, str) and guard in frozenset(Guard) for guard in guards):
                return Protection(frozenset(map(Guard, guards)))
    raise LyingWorkerError


def write_answer(pipe: IO[bytes], job: Job, hashed: FileHashes) -> None:
    """Write the answer to one job."""
    if hashed.failure is not None:
        _write_lines(pipe, {"position": job.position, "skipped": type(hashed.failure).__name__})
        return
    whens = [min(max(0, round(seconds * _MILLISECONDS)), _MAX_TIME) for seconds in hashed.times]
    whens_or_variants = [*whens, *(signal.variant for signal in hashed.signals[len(whens) :])]
    inner = hashed.inner or InnerHashes((), 0)
    whens_or_variants += [signal.variant for signal in inner.signals]
    rows = [
        [signal.type, signal.value, signal.quality, last]
        for signal, last in zip((*hashed.signals, *inner.signals), whens_or_variants, strict=True)
    ]
    head: dict[str, object] = {
        "position": job.position,
        "content": hashed.content,
        "rows": len(hashed.signals),
        "damaged": hashed.is_damaged,
    }
    if inner.signals:
        head["inner"] = [len(inner.signals), inner.percent]
    _write_lines(pipe, head, *rows)


def read_answer(pipe: IO[bytes], job: Job, *, is_video: bool = False) -> FileHashes:
    """Read and check the answer to one job.

    Args:
        pipe: what the worker writes to.
        job: what it was asked.
        is_video: whether the worker was given a video, so that it can answer about nothing else.

    Raises:
        LyingWorkerError: a line is too long, not JSON or missing; a key is missing or unknown; it answers another job;
            a hash is malformed, was not asked for or comes twice; or there are too many.
    """
    match _read_line(pipe):
        case {"position": position, "skipped": str(reason), **extra} if not extra and reason in REASONS:
            if _is_int(position) and position == job.position:
                return FileHashes(failure=REASONS[reason]())
        case {"position": position, "content": content, "rows": count, "damaged": bool(damaged), **inner}:
            if _is_int(position) and position == job.position and _is_int(count):
                if content == Content.VIDEO and not inner:
                    return _read_frames(pipe, count, job.options, is_damaged=damaged, is_animation=not is_video)
                if content == Content.IMAGE and not is_video:
                    signals = _read_image(pipe, count, job.options)
                    inside = _read_inner(pipe, inner, job.options)
                    return FileHashes(Content.IMAGE, signals, is_damaged=damaged, inner=inside)
    raise LyingWorkerError


def _read_inner(pipe: IO[bytes], said: dict[object, object], options: HashOptions) -> InnerHashes | None:
    match said:
        case {"inner": [count, percent], **extra} if not extra and _is_int(count):
            share = checked_percent(percent, options)
            return InnerHashes(_read_image(pipe, count, options), share)
        case {**extra} if not extra:
            return None
    raise LyingWorkerError


def checked_percent(percent: object, options: HashOptions) -> int:
    """Read how much of the whole the picture inside takes; raises `LyingWorkerError` where none was asked for."""
    if not options.inner or not _is_int(percent) or not 0 < percent <= _PERCENT_OF_ALL:
        raise LyingWorkerError
    return percent


def _read_image(pipe: IO[bytes], count: int, options: HashOptions) -> tuple[Signal, ...]:
    left = set(_variants_of(options))
    if not min(1, len(left)) <= count <= len(left):
        raise LyingWorkerError
    signals = []
    for _ in range(count):
        match _read_line(pipe):
            case [str(kind), str(value), int() | None as quality, str(variant)] if (kind, variant) in left:
                left.remove((kind, variant))
                signals.append(_signal(kind, value, quality, variant))
            case _:
                raise LyingWorkerError
    return tuple(signals)


def _read_frames(
    pipe: IO[bytes], count: int, options: HashOptions, *, is_damaged: bool, is_animation: bool
) -> FileHashes:
    types = options.types_of(Content.VIDEO, is_animation=is_animation)
    most_pdq = MAX_PDQ_OF_FRAMES if SignalType.PDQ in types else 0
    if not 0 <= count <= (MAX_FRAMES if SignalType.VPDQ in types else most_pdq):
        raise LyingWorkerError
    times: dict[Signal, float] = {}
    others: dict[Signal, None] = {}
    pdq: dict[Signal, None] = {}
    reposts = {*frame_variants(options.coverage)} if SignalType.VPDQ in types else set()
    last = 0
    for _ in range(count):
        match _read_line(pipe):
            case [SignalType.VPDQ, str(value), int(quality), time] if _is_int(time) and last <= time <= _MAX_TIME:
                if others or pdq or SignalType.VPDQ not in types:
                    raise LyingWorkerError
                times[_signal(SignalType.VPDQ, value, quality, None)] = time / _MILLISECONDS
                last = time
            case [SignalType.VPDQ, str(value), int(quality), str(variant)] if variant in reposts and not pdq:
                others[_signal(SignalType.VPDQ, value, quality, variant)] = None
            case [SignalType.PDQ, str(value), int(quality), variant] if variant == FRAME and len(pdq) < most_pdq:
                pdq[_signal(SignalType.PDQ, value, quality, FRAME)] = None
            case _:
                raise LyingWorkerError
    if len(times) + len(others) + len(pdq) < count:  # a frame came twice
        raise LyingWorkerError
    return FileHashes(Content.VIDEO, (*times, *others, *pdq), tuple(times.values()), is_damaged)


def checked_signals(rows: Sequence[object], content: Content, options: HashOptions) -> tuple[Signal, ...]:
    """Read the signals of one file, digests included, from rows of type, value, quality and variant.

    Raises:
        LyingWorkerError: a row is none, comes twice, or is not of a type or a variant that was asked for.
    """
    asked = {*options.types_of(content, is_animation=True)}
    left = set(_variants_of(options))
    pdq_of_frames = MAX_PDQ_OF_FRAMES
    signals: dict[Signal, None] = {}
    for row in rows:
        match row:
            case [str(kind), str(value), int() | None as quality, None] if kind in EXACT | {SignalType.VPDQ}:
                signals[_signal(kind, value, quality, None)] = None
            case [SignalType.VPDQ, str(value), int(quality), str(variant)] if variant in frame_variants(
                options.coverage
            ):
                signals[_signal(SignalType.VPDQ, value, quality, variant)] = None
            case [SignalType.PDQ, str(value), int(quality), "frame"] if content is Content.VIDEO:
                pdq_of_frames -= 1
                signals[_signal(SignalType.PDQ, value, quality, FRAME)] = None
            case [str(kind), str(value), int() | None as quality, str(variant)] if (kind, variant) in left:
                left.remove((kind, variant))
                signals[_signal(kind, value, quality, variant)] = None
            case _:
                raise LyingWorkerError
    if len(signals) < len(rows) or pdq_of_frames < 0 or not {signal.type for signal in signals} <= asked:
        raise LyingWorkerError
    return tuple(signals)


@lru_cache
def _variants_of(options: HashOptions) -> frozenset[tuple[str, str]]:
    """Return every type and variant that a worker can compute of a picture under these options, each once at most."""
    kinds = {*options.types_of(Content.IMAGE)} - EXACT
    possible = {(kind, variant) for kind in kinds for variant in (ORIGINAL, STORED)}
    if SignalType.PDQ in kinds and options.coverage is not Coverage.SINGLE:
        possible |= {(SignalType.PDQ, variant) for variant in (*GROUNDS, *variants(options.coverage))}
    return frozenset(possible)


def _signal(kind: str, value: str, quality: int | None, variant: str | None) -> Signal:
    try:
        return Signal.from_text(f"{kind}:{value}", quality=quality, variant=variant)
    except InvalidSignalError:
        raise LyingWorkerError from None


def _is_int(untrusted: object) -> TypeGuard[int]:
    """Tell whether this is an integer; Python counts booleans among them."""
    return type(untrusted) is int


def _write_lines(pipe: IO[bytes], *values: object) -> None:
    pipe.write(b"".join(json.dumps(value, separators=(",", ":"), allow_nan=False).encode() + b"\n" for value in values))
    pipe.flush()


def _read_line(pipe: IO[bytes]) -> object:
    """Read one line of JSON, strictly: whole, UTF-8, no key twice, no fraction, no NaN."""
    untrusted = pipe.readline(MAX_LINE_BYTES + 1)
    if len(untrusted) > MAX_LINE_BYTES or not untrusted.endswith(b"\n"):
        raise LyingWorkerError
    try:
        return parse_json(untrusted)
    except ValueError:
        raise LyingWorkerError from None
