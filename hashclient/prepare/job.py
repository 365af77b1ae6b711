"""One file's work: what is asked, what it gave, and how a job goes to a worker.

A job goes as two lengths, its options as JSON, and the bytes of the file; never a name. Of a video
no bytes are sent: its worker was started with the file open. How the answer comes back is in
`hashclient.prepare.answers`. This room moves no bytes itself.
"""

import json
import struct
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol

from hashclient.errors import (
    BrokenMediaError,
    MediaError,
    MediaTooLargeError,
    StoppedMediaError,
    UnreadableMediaError,
    UnsupportedMediaError,
)
from hashclient.model import Signal
from hashclient.vocabulary import DEFAULT_INTERVAL, Content, Coverage, Decode, SignalType

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
    """Types of hashes to compute where it is a picture."""
    decode: Decode = Decode.EXACT
    """Decoding rule."""
    coverage: Coverage = Coverage.SINGLE
    """How many likely re-posts of a picture are hashed too."""
    video_types: tuple[SignalType, ...] = (SignalType.MD5, SignalType.VPDQ)
    """Types of hashes to compute where it is a video."""
    interval: float = DEFAULT_INTERVAL
    """Seconds between the frames of a video that are hashed; 0 takes every frame."""


@dataclass(frozen=True)
class Hashed:
    """What one file gave: its signals, or why there are none."""

    content: Content = Content.IMAGE
    """What the file is, as far as is known."""
    signals: tuple[Signal, ...] = ()
    """Its hashes, but for those of the file's bytes, which the process makes that opens it."""
    times: tuple[float, ...] = ()
    """When each frame of a video is shown, in the order of `signals`, seconds; they stay on this device."""
    is_damaged: bool = False
    """Whether parts of a video could not be read."""
    failure: MediaError | None = None
    """Why there are none; the sentence is our own, never the worker's."""


class Written(Protocol):
    """What bytes can be written to."""

    def write(self, said: bytes, /) -> object:
        """Write them all."""


def write_job(pipe: Written, job: Job, untrusted: bytes) -> None:
    """Send one job and the bytes of its file."""
    options = {
        "position": job.position,
        "types": job.types,
        "decode": job.decode,
        "coverage": job.coverage,
        "video_types": job.video_types,
        "interval": job.interval,
    }
    head = json.dumps(options).encode()
    pipe.write(_HEAD.pack(len(head), len(untrusted)) + head)
    pipe.write(untrusted)


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
    return _job(options), untrusted


def _job(options: dict[str, Any]) -> Job:
    return Job(
        position=options["position"],
        types=tuple(map(SignalType, options["types"])),
        decode=Decode(options["decode"]),
        coverage=Coverage(options["coverage"]),
        video_types=tuple(map(SignalType, options["video_types"])),
        interval=options["interval"],
    )
