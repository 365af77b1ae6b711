"""The words that come back from a worker: lines of JSON, of which the parent believes none.

`AnswerReader` takes only what a job can have led to. This room moves no bytes itself.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from hashclient.errors import InvalidSignalError
from hashclient.media.sandbox.confine import Guard, Protection
from hashclient.model import Signal
from hashclient.model.signal import EXACT
from hashclient.prepare.job import REASONS, Hashed, Job
from hashclient.vocabulary import MAX_FRAMES, Content, SignalType

MAX_LINE_BYTES: Final = 4096
"""Most bytes of one line of an answer, its end included."""
MAX_LINES: Final = 16
"""Most lines of the answer to one picture."""
MAX_SIGNALS: Final = 256
"""Most signals of one picture."""
MAX_VIDEO_LINES: Final = 256
"""Most lines of the answer to one video: 1 MiB in all."""

_MILLISECONDS: Final = 1000
_MAX_TIME: Final = 10**10


class LyingWorkerError(Exception):
    """A worker said what no honest worker says; it is ended, and nothing of its answer is used."""


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
    rows = _rows(hashed)
    lines = []
    while True:
        fitting = len(rows)
        while len(line := _rows_line(job, hashed, rows[:fitting], more=fitting < len(rows))) > MAX_LINE_BYTES:
            fitting = fitting * MAX_LINE_BYTES // len(line)
        lines.append(line)
        rows = rows[fitting:]
        if not rows:
            return lines


def _rows(hashed: Hashed) -> list[Any]:
    if hashed.content is Content.IMAGE:
        return [[signal.type, signal.value, signal.quality, signal.variant] for signal in hashed.signals]
    return [
        [signal.value, signal.quality, min(max(0, round(seconds * _MILLISECONDS)), _MAX_TIME)]
        for signal, seconds in zip(hashed.signals, hashed.times, strict=True)
    ]


def _rows_line(job: Job, hashed: Hashed, rows: list[Any], *, more: bool) -> bytes:
    about = {"position": job.position, "content": hashed.content, "more": more}
    if hashed.content is Content.IMAGE:
        return _line({**about, "signals": rows})
    return _line({**about, "frames": rows, "damaged": hashed.is_damaged})


@dataclass
class AnswerReader:
    """The answer to one job, taken line by line from a worker that is not believed."""

    job: Job
    is_video: bool = False
    """Whether the worker was given a video, of which it can say nothing else."""
    untrusted_lines: int = 0
    signals: list[Signal] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    content: Content | None = None

    def take(self, untrusted: bytes) -> Hashed | None:
        """Check one more line.

        Returns:
            The whole answer where this was its last line, else None.

        Raises:
            LyingWorkerError: it is too long, not JSON, of another job, has a key too few or too
                many, a signal that was not asked for or is malformed, or is one line too many.
        """
        self.untrusted_lines += 1
        said = _parse(untrusted)
        if not isinstance(said, dict) or said.get("position") != self.job.position or type(said["position"]) is not int:
            raise LyingWorkerError
        del said["position"]
        return self._failure(said) if "skipped" in said else self._part(said)

    def _failure(self, untrusted: dict[str, Any]) -> Hashed:
        match untrusted:
            case {"skipped": str(reason), **extra} if reason in REASONS and not extra and self.untrusted_lines == 1:
                return Hashed(failure=REASONS[reason]())
        raise LyingWorkerError

    def _part(self, untrusted: dict[str, Any]) -> Hashed | None:
        match untrusted:
            case {"content": "image", "signals": list(rows), "more": bool(more), **extra} if not extra:
                self._check_part(Content.IMAGE, rows, MAX_LINES, MAX_SIGNALS)
                self.signals += [self._signal(row) for row in rows]
                return None if more else self._whole(is_damaged=False)
            case {"content": "video", "frames": list(rows), "damaged": bool(is_damaged), "more": bool(more), **extra}:
                self._check_part(Content.VIDEO, rows, MAX_VIDEO_LINES, MAX_FRAMES)
                if not extra:
                    self._add_frames(rows)
                    return None if more else self._whole(is_damaged=is_damaged)
        raise LyingWorkerError

    def _check_part(self, content: Content, untrusted_rows: list[Any], lines: int, most: int) -> None:
        """Refuse a line too many, a row too many, a change of mind, and a line that says nothing beside others."""
        is_first, self.content = self.content is None, content if self.content is None else self.content
        can_be_empty = is_first and (content is Content.VIDEO or not self._wanted(content))
        if (
            self.content is not content
            or (self.is_video and content is Content.IMAGE)
            or self.untrusted_lines > lines
            or len(self.signals) + len(untrusted_rows) > most
            or not (untrusted_rows or can_be_empty)
        ):
            raise LyingWorkerError

    def _wanted(self, content: Content) -> set[SignalType]:
        """Give the types that a worker makes; digests are the parent's own."""
        return {*(self.job.types if content is Content.IMAGE else self.job.video_types)} - EXACT

    def _signal(self, untrusted_row: object) -> Signal:
        match untrusted_row:
            case [str(kind), str(value), int() | None as quality, str() | None as variant]:
                signal = _signal(f"{kind}:{value}", quality=quality, variant=variant)
                if signal.type in self._wanted(Content.IMAGE):
                    return signal
        raise LyingWorkerError

    def _add_frames(self, untrusted_rows: list[Any]) -> None:
        for row in untrusted_rows:
            match row:
                case [str(value), int(quality), int(time)] if self._is_frame(time):
                    self.signals.append(_signal(f"{SignalType.VPDQ}:{value}", quality=quality, variant=None))
                    self.times.append(time / _MILLISECONDS)
                case _:
                    raise LyingWorkerError

    def _is_frame(self, untrusted_time: int) -> bool:
        has_time = type(untrusted_time) is int and 0 <= untrusted_time <= _MAX_TIME
        return has_time and SignalType.VPDQ in self._wanted(Content.VIDEO)

    def _whole(self, *, is_damaged: bool) -> Hashed:
        if len(set(self.signals)) < len(self.signals) or self.times != sorted(self.times):
            raise LyingWorkerError
        return Hashed(self.content or Content.IMAGE, tuple(self.signals), tuple(self.times), is_damaged)


def _signal(untrusted: str, *, quality: int | None, variant: str | None) -> Signal:
    try:
        return Signal.from_text(untrusted, quality=quality, variant=variant)
    except InvalidSignalError:
        raise LyingWorkerError from None


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
