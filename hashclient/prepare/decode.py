"""Decode and hash the bytes of one file: what a worker does inside the sandbox, and what is done without one.

Everything that decoding and hashing need is imported here, so that nothing is left to import once a process is confined.
"""

import hashlib
import importlib
import pkgutil
import struct
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import (
    BrokenMediaError,
    MediaError,
    MediaTooLargeError,
    NoSandboxError,
    UnsupportedMediaError,
    UsageError,
)
from hashclient.hashing.digest import file_digest
from hashclient.hashing.imagehash import PerceptualHasher, load_imagehash
from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.reposts.coverage import CoverageHasher, recipes, recipes_of_frames
from hashclient.hashing.vpdq import Feature, hash_animation, hash_video
from hashclient.inner import CutOut, find_inner
from hashclient.media.animation import Animation, open_animation
from hashclient.media.exif import orientation
from hashclient.media.formats import HEAD_BYTES, container_of, content_of
from hashclient.media.image import load_decoders, open_image
from hashclient.media.picture import Picture, only_media_errors
from hashclient.media.sandbox.confine import VIDEO_LIMITS
from hashclient.media.video import Video, open_video
from hashclient.model import Signal
from hashclient.model.signal import EXACT
from hashclient.pixels import UPRIGHT, ArrayPixels, Pixels
from hashclient.prepare.options import HashOptions
from hashclient.prepare.protocol import MAX_PDQ_OF_FRAMES, REASONS, FileHashes, InnerHashes, Job
from hashclient.vocabulary import MAX_FRAMES, Content, Coverage, SignalType

_NOT_IMPORTED: Final = frozenset({"av.__main__", "av.datasets"})

_MODES: Final = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"})
"""Modes of Pillow that decoders give; besides them those of 16 bits."""
_PERCENT: Final = 100
_RGBA: Final = 4
"""Channels of a colour picture that is transparent in parts."""


def warm_up(types: Iterable[SignalType] = ()) -> None:
    """Hash a picture of our own, so that whatever libraries import or allocate on first use is there.

    Args:
        types: types besides `pdq` that will be asked for.
    """
    kinds = (SignalType.PDQ, *types)
    load_decoders()
    load_imagehash(kinds)
    for level in Coverage:
        recipes(level), recipes_of_frames(level)
    hash_content(Job(0, HashOptions(kinds, coverage=Coverage.WIDE, inner=True)), _noise_in_a_frame())


def _noise_in_a_frame() -> bytes:
    """Return a small BMP with all that is looked for in a picture: detail, and a picture inside."""
    rim, side = 12, 72
    whole, rows = side + 2 * rim, iter(range(0, 3 * side * side, 3 * side))
    noise, white = hashlib.shake_128(b"noise").digest(3 * side * side), b"\xff" * 3
    lines = [white * rim + noise[start : start + 3 * side] + white * rim for start in rows]
    pixels = white * whole * rim + b"".join(lines) + white * whole * rim
    sizes = (54 + len(pixels), 0, 54, 40, whole, whole, 1, 24, 0, len(pixels), 0, 0, 0, 0)
    return struct.pack("<2sIIIIiiHHIIiiII", b"BM", *sizes) + pixels


def warm_up_for_videos() -> None:
    """Import all of PyAV, which imports its parts on first use, except its command line and what fetches its samples.

    Raises:
        ImportError: it is not installed, or broken.
    """
    package = importlib.import_module("av")
    for module in pkgutil.walk_packages(package.__path__, "av."):
        if module.name not in _NOT_IMPORTED:
            importlib.import_module(module.name)


def hash_content(job: Job, untrusted: bytes) -> FileHashes:
    """Decode and hash one picture; whatever goes wrong is a value, in words of our own.

    Args:
        job: what is asked.
        untrusted: the bytes of a person's file.

    Returns:
        What it gave; its content is `video` where the picture is animated.
    """

    def compute() -> FileHashes:
        animation = open_animation(untrusted, interval=job.options.interval)
        return _hash_image(job, untrusted) if animation is None else _hash_animation(job, animation)

    return _without_errors(compute)


def hash_opened_video(job: Job, untrusted: BinaryIO, *, opened: Callable[[float], None] | None = None) -> FileHashes:
    """Decode and hash one video; whatever goes wrong is a value, as for pictures.

    Args:
        job: what is asked.
        untrusted: a person's file.
        opened: is told how long the video claims to last, seconds, before anything is decoded.
    """

    def compute() -> FileHashes:
        untrusted.seek(0)
        video = open_video(untrusted, interval=job.options.interval)
        if opened is not None:
            opened(video.seconds)
        return _hash_video(job, video)

    return _without_errors(compute)


def cpu_seconds_of(video_seconds: float) -> int:
    """Give the processor time that a video may take: as long as it lasts, and the time for a picture besides."""
    return min(int(video_seconds) + VIDEO_LIMITS.cpu_seconds, VIDEO_LIMITS.cpu_seconds_in_all)


def _hash_image(job: Job, untrusted: bytes) -> FileHashes:
    with open_image(untrusted, decode=job.options.decode) as picture:
        signals = _hash_pixels_of(picture, job.options)
        inner = _hash_inner(picture, job.options) if job.options.inner and signals else None
        return FileHashes(Content.IMAGE, signals, is_damaged=picture.is_doubtful, inner=inner)


def _hash_inner(picture: Pixels, options: HashOptions) -> InnerHashes | None:
    """Hash the picture inside a framed picture or a screenshot, from the same decoded pixels; None where there is none."""
    if (rectangle := find_inner(picture)) is None:
        return None
    percent = max(1, round(_PERCENT * rectangle.area / (picture.width * picture.height)))
    return InnerHashes(_hash_pixels_of(CutOut(picture, rectangle), options), percent)


def _hash_pixels_of(pixels: Pixels, options: HashOptions) -> tuple[Signal, ...]:
    kinds = [kind for kind in options.types_of(Content.IMAGE) if kind not in EXACT]
    signals = [signal for kind in kinds for signal in _hasher(kind, options.coverage).hash_image(pixels)]
    return tuple(dict.fromkeys(signals))


def _hasher(kind: SignalType, coverage: Coverage) -> ImageHasher:
    return CoverageHasher(coverage) if kind is SignalType.PDQ else PerceptualHasher(kind)


def _hash_animation(job: Job, animation: Animation) -> FileHashes:
    types = job.options.types_of(Content.VIDEO, is_animation=True)
    with animation:
        if not {SignalType.VPDQ, SignalType.PDQ} & {*types}:
            return FileHashes(Content.VIDEO)
        kept, pdq = hash_animation(  # one item holds both
            animation.frames(), most=MAX_FRAMES - MAX_PDQ_OF_FRAMES, coverage=job.options.coverage
        )
    kept, pdq = kept if SignalType.VPDQ in types else [], pdq if SignalType.PDQ in types else ()
    return _frames(kept, pdq, is_damaged=animation.is_damaged)


def _hash_video(job: Job, video: Video) -> FileHashes:
    with video:
        is_asked = SignalType.VPDQ in job.options.types_of(Content.VIDEO)
        kept = hash_video(video.frames(), coverage=job.options.coverage) if is_asked else []
        return _frames(kept, (), is_damaged=video.is_damaged)


def _frames(kept: list[Feature], pdq: tuple[Signal, ...], *, is_damaged: bool) -> FileHashes:
    signals = tuple(feature.to_signal() for feature in kept)
    times = tuple(feature.seconds for feature in kept if feature.variant is None)
    return FileHashes(Content.VIDEO, (*signals, *pdq), times, is_damaged)


def _without_errors(compute: Callable[[], FileHashes]) -> FileHashes:
    """Compute; turn whatever goes wrong into a failure in words of our own."""
    try:
        return compute()
    except MediaError as error:
        return FileHashes(failure=REASONS.get(type(error).__name__, BrokenMediaError)())
    except MemoryError:
        return FileHashes(failure=MediaTooLargeError())
    except Exception:  # noqa: BLE001  # one bad file never stops the others, whatever a decoder makes of it
        return FileHashes(failure=BrokenMediaError())


def hash_image(
    image: bytes | bytearray | memoryview | Image.Image | NDArray[np.uint8],
    *,
    options: HashOptions | None = None,
    types: tuple[SignalType, ...] | None = None,
) -> tuple[Signal, ...]:
    """Hash one picture that is in memory, for research and for matching; the results cannot become a submission.

    The signals are those that `hash_files` gives for the file, in the same order. It decodes in this process, without
    the protection of a worker: give it only what you trust.

    Args:
        image: the bytes of a file, of a video for digests alone; or a Pillow image, whose EXIF is applied; or an array of `uint8`, 0 to 255, shape
            (height, width, 3) of RGB, (height, width, 4) of RGBA or (height, width) of grey, upright.
        options: as for `hash_files`; `decode` says how bytes are decoded, and means nothing to pixels.
        types: short for `HashOptions(types=...)`.

    Returns:
        One signal or more: the picture's own first. Bytes of an animated picture give what `hash_files` gives for it.

    Raises:
        MediaError: the picture cannot be hashed; for an array the sentence names its type and shape, and what to do.
        NoSandboxError: full protection is required; it is not to be had here.
        UsageError: both `options` and `types` are given, a type cannot be computed, or a digest is asked for of pixels.
    """
    options = HashOptions.chosen(options, types)
    if options.require_full:
        raise NoSandboxError
    if isinstance(image, bytes | bytearray | memoryview):
        return _hash_file_in_memory(bytes(image), options)
    kinds = options.types_of(Content.IMAGE)
    if not kinds or not EXACT.isdisjoint(kinds):
        raise UsageError(
            "Fingerprints of these types are made of a file, not of pixels. Nothing was sent.",
            hint="Give the bytes of the file, or other types.",
        )
    return _hash_pixels_of(_pixels_of(image), options)


def _hash_file_in_memory(untrusted: bytes, options: HashOptions) -> tuple[Signal, ...]:
    content = content_of(untrusted[:HEAD_BYTES])
    if options.asks_for_digests_alone:
        return file_digest(BytesIO(untrusted), options.types_of(content))
    if container_of(untrusted[:HEAD_BYTES]) is not None:
        raise UnsupportedMediaError(
            "These are the bytes of a video, of which only digests are made in memory. Nothing was sent.",
            hint="hash_files() takes the paths of videos.",
        )
    hashed = hash_content(Job(0, options), untrusted)
    if hashed.failure is not None:
        raise hashed.failure
    digests = file_digest(BytesIO(untrusted), options.types_of(hashed.content))
    return (*digests, *hashed.signals) if hashed.content is Content.VIDEO else (*hashed.signals, *digests)


def _pixels_of(image: object) -> Pixels:
    """Make pixels of an array or of a Pillow image, neither of which is changed."""
    if isinstance(image, np.ndarray):
        image = np.asarray(image)  # arrays that are masked or matrices multiply in their own way
        if image.dtype == np.uint8 and image.size and image.ndim == 3 and image.shape[2] == _RGBA:
            return Picture(Image.fromarray(image), orientation=UPRIGHT)
        return ArrayPixels(image)
    if not isinstance(image, Image.Image):
        raise UnsupportedMediaError(
            f"A value of type {type(image).__name__} is no picture in memory. Give the bytes of a file, a Pillow image or "
            "a numpy array of uint8. Nothing was sent.",
            hint="hash_files() takes paths.",
        )
    if not (image.mode in _MODES or image.mode.startswith("I;16")) or 0 in image.size:
        raise UnsupportedMediaError(
            f"A Pillow image of mode {image.mode}, size {image.size}, cannot be hashed. If it has pixels, bring their "
            'values to 0 to 255, then: image.convert("L") or image.convert("RGB"). Nothing was sent.',
            hint="docs/for-researchers.md says which images can be hashed.",
        )
    with only_media_errors():
        own = image.copy()
    return Picture(own, orientation=orientation(own.info.get("exif") or b""))
