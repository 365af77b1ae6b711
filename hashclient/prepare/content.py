"""Hash the bytes of one file: what the worker does inside the sandbox, and what is done without one.

Everything that decoding and hashing import is imported here, so that nothing is left to import
once a process is confined.
"""

import importlib
import pkgutil
import struct
from collections.abc import Callable, Iterable
from typing import BinaryIO

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.hashing.imagehash import PerceptualHasher, load_imagehash
from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.pdq import PdqHasher
from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.hashing.vpdq import hash_video as hash_frames
from hashclient.media.animation import open_animation
from hashclient.media.frames import Frames
from hashclient.media.image import load_decoders, open_image
from hashclient.media.sandbox.confine import VIDEO_LIMITS
from hashclient.media.video import open_video
from hashclient.prepare.job import REASONS, Hashed, Job
from hashclient.prepare.types import BY_LIBRARY
from hashclient.vocabulary import Content, Coverage, SignalType

HASHERS: dict[SignalType, ImageHasher] = {
    SignalType.PDQ: PdqHasher(),
    **{kind: PerceptualHasher(kind) for kind in sorted(BY_LIBRARY)},
}
"""The hasher of each type that can be computed of a picture."""

_NOT_IMPORTED = frozenset({"av.__main__", "av.datasets"})
_SMALLEST = struct.pack("<2sIIIIiiHHIIiiII", b"BM", 246, 0, 54, 40, 8, 8, 1, 24, 0, 192, 0, 0, 0, 0) + bytes(192)
"""A black BMP of 8 x 8 pixels."""


def _hasher(kind: SignalType, coverage: Coverage) -> ImageHasher:
    return CoverageHasher(coverage) if kind is SignalType.PDQ else HASHERS[kind]


def warm_up(by_library: Iterable[SignalType] = ()) -> None:
    """Hash a picture of our own, so that what libraries import or allocate on first use is there.

    Args:
        by_library: those of `BY_LIBRARY` that will be asked for.
    """
    kinds = (SignalType.PDQ, *by_library)
    load_decoders()
    load_imagehash(kinds)
    for level in Coverage:
        hash_content(Job(0, kinds, coverage=level), _SMALLEST)


def warm_up_for_videos() -> None:
    """Import all of PyAV, which imports its parts on first use, but for its program and what fetches its samples.

    Raises:
        ImportError: it is not installed, or broken.
    """
    package = importlib.import_module("av")
    for module in pkgutil.walk_packages(package.__path__, "av."):
        if module.name not in _NOT_IMPORTED:
            importlib.import_module(module.name)


def hash_content(job: Job, untrusted: bytes) -> Hashed:
    """Decode and hash one picture; whatever goes wrong is a value, and its words are the class's own.

    Args:
        job: what is asked.
        untrusted: the bytes of a person's file.

    Returns:
        What it gave; content `video` where the picture moves.
    """

    def made() -> Hashed:
        moving = open_animation(untrusted, interval=job.interval)
        return _hash_image(job, untrusted) if moving is None else _hash_frames(job, moving)

    return _kept(made)


def hash_video(job: Job, untrusted: BinaryIO, *, opened: Callable[[float], None] | None = None) -> Hashed:
    """Decode and hash one video; whatever goes wrong is a value, as for pictures.

    Args:
        job: what is asked.
        untrusted: a person's file.
        opened: is told how long the video says it lasts, seconds, before anything is decoded.
    """

    def made() -> Hashed:
        untrusted.seek(0)
        video = open_video(untrusted, interval=job.interval)
        if opened is not None:
            opened(video.seconds)
        return _hash_frames(job, video)

    return _kept(made)


def cpu_seconds_of(video_seconds: float) -> int:
    """Give the processor time that a video may take: no more than it lasts, and the time for a picture besides."""
    return min(int(video_seconds) + VIDEO_LIMITS.cpu_seconds, VIDEO_LIMITS.cpu_seconds_in_all)


def _hash_image(job: Job, untrusted: bytes) -> Hashed:
    with open_image(untrusted, decode=job.decode) as picture:
        kinds = [kind for kind in job.types if kind in HASHERS]
        signals = [signal for kind in kinds for signal in _hasher(kind, job.coverage).hash_image(picture)]
    return Hashed(Content.IMAGE, tuple(dict.fromkeys(signals)))


def _hash_frames(job: Job, video: Frames) -> Hashed:
    with video:
        kept = hash_frames(video.frames()) if SignalType.VPDQ in job.video_types else []
        signals, times = tuple(feature.to_signal() for feature in kept), tuple(feature.seconds for feature in kept)
        return Hashed(Content.VIDEO, signals, times, video.is_damaged)


def _kept(make: Callable[[], Hashed]) -> Hashed:
    """Have something hashed; what goes wrong is kept, in words of our own."""
    try:
        return make()
    except MediaError as error:
        return Hashed(failure=REASONS.get(type(error).__name__, BrokenMediaError)())
    except MemoryError:
        return Hashed(failure=MediaTooLargeError())
    except Exception:  # noqa: BLE001  # one bad file never stops the others, whatever a decoder makes of it
        return Hashed(failure=BrokenMediaError())
