"""The pixels of a JPEG that has all its scans, refused where data is damaged: libjpeg would fill what is missing.

libjpeg-turbo, by way of simplejpeg, treats its warnings as errors. What it has no name for, rare samplings, and what is
left to Pillow for its colours, CMYK, is only checked here.
"""

from typing import Final

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from hashclient.errors import BrokenMediaError, MediaTooLargeError
from hashclient.media import limits
from hashclient.media.jpeg.complete import Jpeg
from hashclient.media.jpeg.huffman import check_scans

_NO_MEMORY: Final = "Insufficient memory"
"""How libjpeg says so (`jerror.h`); whatever else it says is a fault of the file."""


def decode_jpeg(jpeg: Jpeg, *, scale: int) -> NDArray[np.uint8]:
    """Decode a JPEG of 1 or 3 channels whose sampling `is_plain`.

    Args:
        jpeg: as `read_jpeg` gave it.
        scale: the power of two by which each side is reduced, 1 to 8.

    Returns:
        `uint8`, shape (rows, columns, channels): the same as from Pillow.

    Raises:
        BrokenMediaError: its data is damaged.
        MediaTooLargeError: there is no memory for it.
    """
    return _with_warnings_as_errors(jpeg, "GRAY" if len(jpeg.frame.channels) == 1 else "RGB", scale)


def check_jpeg(jpeg: Jpeg) -> None:
    """Check the data of a JPEG that `decode_jpeg` does not take.

    Args:
        jpeg: as `read_jpeg` gave it.

    Raises:
        BrokenMediaError: its data is damaged.
        MediaTooLargeError: to tell would take too long.
    """
    if jpeg.is_plain:
        _with_warnings_as_errors(jpeg, "CMYK", 1)
    elif jpeg.frame.width * jpeg.frame.height > limits.IMAGES.max_rare_jpeg_pixels:
        raise MediaTooLargeError
    else:
        check_scans(jpeg.neutral)


def _with_warnings_as_errors(jpeg: Jpeg, colours: str, scale: int) -> NDArray[np.uint8]:
    width, height = (-(-side // scale) for side in (jpeg.frame.width, jpeg.frame.height))
    try:
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(
            jpeg.neutral, colours, min_height=height, min_width=width, min_factor=scale, strict=True
        )
    except ValueError as error:
        if _NO_MEMORY in str(error):
            raise MediaTooLargeError from None
        raise BrokenMediaError from None
    if pixels.shape[:2] != (height, width):
        raise BrokenMediaError
    return pixels
