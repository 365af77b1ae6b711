"""How much a file may ask of this device before it is refused; checked before any pixel is decoded.

No decoder is loaded, so that a program that asks only for limits, or for how a picture would be decoded, stays light.
"""

from dataclasses import dataclass
from typing import Final

from hashclient.errors import MediaTooLargeError
from hashclient.vocabulary import Decode

MIB: Final = 1024 * 1024
LEAST_FAST_SIDE: Final = 1024
"""Pixels that `fast` leaves of the shorter side."""
MOST_REDUCTION: Final = 8
"""The JPEG decoder reduces by 2, 4 or 8."""


@dataclass(frozen=True)
class ImageLimits:
    """What a picture may ask for. With these, decoding takes under 512 MB of memory.

    Source:
        The decoding rule, version 1, in `docs/pdq.md`, with the memory that was measured for each format.
    """

    max_file_bytes: int = 64 * MIB
    """Most bytes of a file."""
    max_parts: int = 1 << 17
    """Most segments, chunks or boxes of a file: each takes time and memory, however short it is."""
    max_side: int = 65_535
    """Most pixels of a side, as in JPEG."""
    max_pixels: int = 100_000_000
    """Most pixels of any picture but a JPEG of one scan (4 bytes a pixel while decoding)."""
    max_pixels_full: int = 50_000_000
    """Most pixels at which a JPEG is decoded in full; a larger one is reduced while it is decoded."""
    max_pixels_reduced: int = 25_000_000
    """Most pixels that are left of a JPEG that is reduced for its size: 100 MB while decoding."""
    max_jpeg_pixels: int = 250_000_000
    """Most pixels of a JPEG of one scan."""
    max_progressive_samples: int = 150_000_000
    """Most samples, of all channels, of a JPEG of several scans: 2 bytes each are held until the last.
    100 megapixels in the usual 4:2:0, 50 in 4:4:4."""
    max_progressive_scans: int = 64
    """Most scans of a JPEG; encoders write about 10, and each walks over the whole picture."""
    max_rare_jpeg_pixels: int = 25_000_000
    """Most pixels of a JPEG whose data is checked code by code, which is slow."""
    max_heif_pixels: int = 60_000_000
    """Most pixels of HEIC (8 bytes a pixel while decoding)."""
    max_avif_pixels: int = 50_000_000
    """Most pixels of AVIF (10 bytes a pixel while decoding)."""
    max_webp_pixels: int = 25_000_000
    """Most pixels of WebP (18 bytes a pixel while decoding)."""
    max_run_length_pixels: int = 25_000_000
    """Most pixels of a run-length coded BMP, whose decoder is slow."""


@dataclass(frozen=True)
class VideoLimits:
    """What a video may ask for. With these, decoding takes under 1 GiB of memory, however long it is.

    Source:
        `docs/videos.md`, with the memory that was measured.
    """

    max_file_bytes: int = 4 * 1024 * MIB
    """Most bytes of a file."""
    max_pixels: int = 8192 * 4352
    """Most pixels of a frame."""
    max_seconds: float = 12 * 3600.0
    """Most seconds that a video says it lasts."""
    max_animation_frames: int = 7_200
    """Most frames of an animated picture, all of which are decoded."""
    max_animation_pixels: int = 500_000_000
    """Most pixels of all frames of an animated picture."""


IMAGES: Final = ImageLimits()
"""The limits in force for pictures; read anew for each one."""
VIDEOS: Final = VideoLimits()
"""The limits in force for videos and animated pictures; read anew for each one."""


def check_parts(count: int) -> None:
    """Refuse more parts than a picture may have.

    Args:
        count: segments, chunks or boxes so far.

    Raises:
        MediaTooLargeError: there are too many.
    """
    if count > IMAGES.max_parts:
        raise MediaTooLargeError


def check_size(kind: str, size: tuple[int, int]) -> None:
    """Refuse more pixels than a picture of this kind may have.

    Args:
        kind: one of `hashclient.media.formats.FORMATS`.
        size: width and height, pixels.

    Raises:
        MediaTooLargeError: a side or the whole has too many.
    """
    most = {
        "JPEG": IMAGES.max_jpeg_pixels,
        "WEBP": IMAGES.max_webp_pixels,
        "HEIF": IMAGES.max_heif_pixels,
        "AVIF": IMAGES.max_avif_pixels,
    }.get(kind, IMAGES.max_pixels)
    if max(size) > IMAGES.max_side or size[0] * size[1] > most:
        raise MediaTooLargeError


def jpeg_reduction(size: tuple[int, int], decode: Decode) -> int:
    """Return the power of two by which a JPEG is reduced while it is decoded.

    Args:
        size: width and height, pixels.
        decode: how it is to be decoded.
    """
    pixels, scale = size[0] * size[1], 1
    if pixels > IMAGES.max_pixels_full:
        while scale < MOST_REDUCTION and pixels > IMAGES.max_pixels_reduced * scale * scale:
            scale *= 2
    while decode is Decode.FAST and scale < MOST_REDUCTION and min(size) // (2 * scale) >= LEAST_FAST_SIDE:
        scale *= 2
    return scale
