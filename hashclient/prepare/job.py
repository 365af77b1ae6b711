"""One file's work, and the words between the worker and its parent.

A job goes to the worker as two lengths, its options as JSON, and the bytes of the file; never a
name. Lines of JSON come back, and the parent believes none of them: `AnswerReader` takes only what
a job can have led to. This room moves no bytes itself.
"""

import json
import struct
from dataclasses import dataclass, field
from typing import IO, Any, Final

from hashclient.errors import (
    BrokenMediaError,
    InvalidSignalError,
    MediaError,
    MediaTooLargeError,
    StoppedMediaError,
    UnreadableMediaError,
    UnsupportedMediaError,
)
from hashclient.hashing.level import Coverage
from hashclient.media.confine import Guard, Protection
from hashclient.media.rule import Decode
from hashclient.model import Content, Signal, SignalType

MAX_LINE_BYTES: Final = 4096
"""Most bytes of one line of an answer, its end included."""
MAX_LINES: Final = 16
"""Most lines of the answer to one picture."""
MAX_SIGNALS: Final = 256
"""Most signals of one picture."""
MAX_OPTIONS_BYTES: Final = 1024
"""Most bytes of a job's options."""

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
"""Why a worker may say that it has no signals; what the person reads is the parent's own sentence."""

_HEAD: Final = struct.Struct(">IQ")


@dataclass(frozen=True)
class Job:
    """What is asked of one file."""

    position: int
    """Place of the file in the caller's order, from 0."""
    types: tuple[SignalType, ...] = (SignalType.PDQ,)
    """Types of hashes to compute."""
    decode: Decode = Decode.EXACT
    """Decoding rule."""
    coverage: Coverage = Coverage.SINGLE
    """How many likely re-posts of a picture are hashed too."""


@dataclass(frozen=True)
class Hashed:
    """What one file gave: its signals, or why there are none."""

    content: Content = Content.IMAGE
    """What the file is, as far as is known."""
    signals: tuple[Signal, ...] = ()
    """Its hashes."""
    failure: MediaError | None = None
    """Why there are none; the sentence is our own, never the worker's."""


class LyingWorkerError(Exception):
    """A worker said what no honest worker says; it is ended, and nothing of its answer is used."""


def write_job(pipe: IO[bytes], job: Job, untrusted: bytes) -> None:
    """Send one job and the bytes of its file."""
    options = {"position": job.position, "types": list(job.types), "decode": job.decode, "coverage": job.coverage}
    head = json.dumps(options).encode()
    pipe.write(_HEAD.pack(len(head), len(untrusted)) + head)
    pipe.write(untrusted)
    pipe.flush()


def read_job(pipe: IO[bytes]) -> tuple[Job, bytes] | None:
    """Take one job and the bytes of its file; None where the parent has ended or will send no more."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    options_bytes, file_bytes = _HEAD.unpack(head)
    options = json.loads(pipe.read(options_bytes))
    untrusted = pipe.read(file_bytes)
    if len(untrusted) < file_bytes:
        return None
    types = tuple(map(SignalType, options["types"]))
    return Job(options["position"], types, Decode(options["decode"]), Coverage(options["coverage"])), untrusted


def greeting(protection: Protection) -> bytes:
    """Write the worker's first line: it is ready, and what was taken from it."""
    return _line({"ready": 1, "guards": sorted(protection.guards)})


def read_greeting(untrusted: bytes) -> Protection:
    """Check the worker's first line.

    Raises:
        LyingWorkerError: it is not exactly such a line.
    """
    match _parse(untrusted):
        case {"ready": 1, "guards": list(guards), **more} if not more:
            if all(isinstance(guard, str) and guard in frozenset(Guard) for guard in guards):
                return Protection(frozenset(map(Guard, guards)))
    raise LyingWorkerError


def answer(job: Job, hashed: Hashed) -> list[bytes]:
    """Write the worker's answer to one job: lines of at most `MAX_LINE_BYTES`."""
    if hashed.failure is not None:
        return [_line({"position": job.position, "skipped": type(hashed.failure).__name__})]
    rows = [[signal.type, signal.value, signal.quality, signal.variant] for signal in hashed.signals]
    lines = []
    while True:
        fitting = len(rows)
        while len(line := _signals_line(job, hashed, rows[:fitting], more=fitting < len(rows))) > MAX_LINE_BYTES:
            fitting = fitting * MAX_LINE_BYTES // len(line)
        lines.append(line)
        rows = rows[fitting:]
        if not rows:
            return lines


def _signals_line(job: Job, hashed: Hashed, rows: list[Any], *, more: bool) -> bytes:
    return _line({"position": job.position, "content": hashed.content, "signals": rows, "more": more})


@dataclass
class AnswerReader:
    """The answer to one job, taken line by line from a worker that is not believed."""

    job: Job
    untrusted_lines: int = 0
    signals: list[Signal] = field(default_factory=list)

    def take(self, untrusted: bytes) -> Hashed | None:
        """Check one more line.

        Returns:
            The whole answer where this was its last line, else None.

        Raises:
            LyingWorkerError: it is too long, not JSON, of another job, has a key too few or too
                many, a signal that was not asked for or is malformed, or is one line too many.
        """
        self.untrusted_lines += 1
        if self.untrusted_lines > MAX_LINES:
            raise LyingWorkerError
        position = self.job.position
        match _parse(untrusted):
            case {"position": int(said), "skipped": str(reason), **extra} if not extra and not self.signals:
                if said == position and type(said) is int and reason in REASONS:
                    return Hashed(failure=REASONS[reason]())
            case {"position": int(said), "content": "image", "signals": list(rows), "more": bool(more), **extra}:
                if said == position and type(said) is int and not extra:
                    self._add(rows)
                    return None if more else self._whole()
        raise LyingWorkerError

    def _add(self, untrusted_rows: list[Any]) -> None:
        if len(self.signals) + len(untrusted_rows) > MAX_SIGNALS or not untrusted_rows:
            raise LyingWorkerError
        self.signals += [self._signal(row) for row in untrusted_rows]

    def _signal(self, untrusted_row: object) -> Signal:
        match untrusted_row:
            case [str(kind), str(value), int() | None as quality, str() | None as variant]:
                try:
                    signal = Signal.from_text(f"{kind}:{value}", quality=quality, variant=variant)
                except InvalidSignalError:
                    raise LyingWorkerError from None
                if signal.type in self.job.types:
                    return signal
        raise LyingWorkerError

    def _whole(self) -> Hashed:
        if len(set(self.signals)) < len(self.signals):
            raise LyingWorkerError
        return Hashed(Content.IMAGE, tuple(self.signals))


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _parse(untrusted: bytes) -> Any:
    """Read one line of JSON, strictly: whole, UTF-8, no key twice, no fraction, no NaN."""
    if len(untrusted) > MAX_LINE_BYTES or not untrusted.endswith(b"\n"):
        raise LyingWorkerError
    try:
        return json.loads(
            untrusted.decode("utf-8", errors="strict"),
            object_pairs_hook=_without_repeats,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise LyingWorkerError from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(result := dict(pairs)) < len(pairs):
        raise LyingWorkerError
    return result


def _refuse(_: str) -> Any:
    raise LyingWorkerError
