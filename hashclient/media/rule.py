"""Say how a picture or video is decoded; decoding is left to `hashclient.media.image` and `.video`.

Apart from them, so that a program that only asks for a way loads no decoder.
"""

from typing import Final

from hashclient.media.limits import ImageLimits
from hashclient.vocabulary import Decode

LEAST_FAST_SIDE: Final = 1024
"""Pixels that `fast` leaves of the shorter side."""
MOST_REDUCTION: Final = 8
"""The JPEG decoder reduces by 2, 4 or 8."""


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
