"""Say how a picture or film is decoded; decoding is left to `hashclient.media.image` and `.video`.

Apart from them, so that a program that only asks for a way loads no decoder.
"""

from enum import StrEnum
from typing import Final

from hashclient.media.limits import ImageLimits

DEFAULT_INTERVAL: Final = 1.0
"""Seconds between the frames of a film that are hashed, unless another number is asked for."""
LEAST_FAST_SIDE: Final = 1024
"""Pixels that `fast` leaves of the shorter side."""
MOST_REDUCTION: Final = 8
"""The JPEG decoder reduces by 2, 4 or 8."""


class Decode(StrEnum):
    """How a picture is decoded."""

    EXACT = "exact"
    """In full, so that the hash is bit for bit that of the reference."""
    FAST = "fast"
    """JPEG at a fraction of its size where that is enough, twice as fast, at most 2 bits off."""


def reduction_of(size: tuple[int, int], decode: Decode, *, limits: ImageLimits) -> int:
    """Give the power of two by which a JPEG is reduced while it is decoded.

    Args:
        size: width and height, pixels.
        decode: the way asked for.
        limits: `max_pixels_full` and `max_pixels_reduced` count.
    """
    width, height = size
    scale = 1
    while (
        scale < MOST_REDUCTION
        and width * height > limits.max_pixels_full
        and width * height > limits.max_pixels_reduced * scale * scale
    ):
        scale *= 2
    while decode is Decode.FAST and scale < MOST_REDUCTION and min(size) // (2 * scale) >= LEAST_FAST_SIDE:
        scale *= 2
    return scale
