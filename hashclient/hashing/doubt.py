"""Tell when a picture that its decoder reduced has to be decoded again in full, for its hash to lie within 2 bits.

Reducing moves coefficients a little. Two bits change where a pair of them changes places across the
median; for a second pair, the gap between the second coefficients on either side has to close. They
move a lot only where a colour was cut at 0 or 255: the full decoding cuts each pixel and then means
are taken, the reduced one takes means first. So neighbours are compared at some places, and the more
they differ where a colour is at its end, the wider the gap has to be.

What cannot be seen in reduced pixels, as a chessboard of single pixels beyond the range of colours,
is not found. What was found on photographs and on pictures made to be hard: `docs/pdq.md`.
"""

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.pixels import LUMA, RGB, Pixels
from hashclient.hashing.ties import median_gap

LEAST_GAP: Final = 0.4
"""Gap between the second coefficients about the median, in units of luma, above which a hash may be believed.
This and the next two were chosen by trying; `docs/pdq.md` says on what, and what others then showed."""
GAP_A_CUT: Final = 10.0
"""Gap that is wanted for each unit of `cut`: about the most by which coefficients moved in pictures made to be hard."""
ALIKE: Final = 0.2
"""How much contrast counts where all colours are at the same end, as in white, black and grey: they are cut together."""
_ROWS: Final = 16
"""Rows at which pixels are sampled."""
_COLUMNS: Final = 256
"""Columns at which pixels are sampled."""
_ENDS: Final = (2, 253)
"""Values up to which, and from which on, a colour may have been cut."""
_AWAY: Final = 28
"""Distance from such a value at which another colour was not cut."""


def is_doubtful(coefficients: Collection[NDArray[np.float32]], reduced: Pixels) -> bool:
    """Tell whether the hash of a reduced picture may differ from that of the picture in full by more than 2 bits.

    Args:
        coefficients: for each hash its coefficients, shape (16, 16), in units of luma.
        reduced: the pixels that the decoder gave.
    """
    wanted = max(LEAST_GAP, GAP_A_CUT * cut(reduced))
    return any(median_gap(each, beyond=1) < wanted for each in coefficients)


def cut(pixels: Pixels) -> float:
    """Measure the contrast between neighbours where a colour may have been cut.

    At 16 x 256 places a pixel is compared with those to its right and below. Contrast counts where a
    colour is at its end: in full where another is not, by `ALIKE` where all are.

    Args:
        pixels: at least 2 x 2.

    Returns:
        The mean over all places, weighed as in luma, 0 to 255.
    """
    across = _places(pixels.width, _COLUMNS)
    cells = np.stack(
        [pixels.rows(down, down + 2)[:, np.stack((across, across + 1))] for down in _places(pixels.height, _ROWS)]
    )  # shape (places down, 2 rows, 2 columns, places across, channels)
    corners = np.stack((cells[:, 0, 0], cells[:, 0, 1], cells[:, 1, 0]))
    high, low = corners.max(axis=0), corners.min(axis=0)
    black, white = _ENDS
    is_white, is_black = high >= white, low <= black
    is_alone = is_white & (high.min(axis=-1, keepdims=True) < white - _AWAY)
    is_alone |= is_black & (low.max(axis=-1, keepdims=True) > black + _AWAY)
    counted = (high - low) * np.where(is_alone, 1, ALIKE * (is_white | is_black))
    mean = counted.mean(axis=(0, 1))
    return float(mean @ LUMA) if len(mean) == RGB else float(mean[0])


def _places(length: int, count: int) -> NDArray[np.int64]:
    return ((np.arange(count) + 0.5) * (length - 1) / count).astype(np.int64)
