"""Check whether the hash of a picture that was decoded at a reduced size lies within 2 bits of the exact one.

Reducing moves coefficients a little. Two bits change where a pair of them changes places across the median; for a
second pair, the gap between the second coefficients on either side has to close. They move a lot only where a colour
was clipped at 0 or 255: full decoding clips each pixel and then means are taken, reduced decoding takes means first. So
neighbours are compared at some places, and the more they differ where a colour is at its end, the wider the gap has to
be. Without this check, hashes of drawn pictures can be 32 bits off.

What cannot be seen in reduced pixels, such as a chessboard of single pixels beyond the range of colours, is not found.
What was found on photographs and on pictures made to be hard: `docs/pdq.md`.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.reference_rounding import median_gap
from hashclient.pixels import LUMA, RGB, Pixels

LEAST_GAP: Final = 0.4
"""Gap between the second coefficients about the median, in units of luma, above which a hash can be trusted.
This and the next two were chosen by trial; `docs/pdq.md` says on what, and what other pictures showed later."""
GAP_PER_CLIPPING: Final = 10.0
"""Gap that is wanted for each unit of `clipping`: about the most by which coefficients moved in pictures made to be hard."""
ALIKE: Final = 0.2
"""How much contrast counts where all colours are at the same end, as in white, black and grey: they are clipped together."""
_ROWS: Final = 16
"""Rows at which pixels are sampled."""
_COLUMNS: Final = 256
"""Columns at which pixels are sampled."""
_ENDS: Final = (2, 253)
"""Values up to which, and from which on, a colour may have been clipped."""
_AWAY: Final = 28
"""Distance from such a value at which another colour was not clipped."""


def needs_full_decode(coefficients: Iterable[NDArray[np.float32]], reduced: Pixels) -> bool:
    """Tell whether the hash of a reduced picture may differ from that of the full picture by more than 2 bits.

    Args:
        coefficients: those of each hash, shape (16, 16), in units of luma.
        reduced: the pixels that the decoder gave.
    """
    wanted = max(LEAST_GAP, GAP_PER_CLIPPING * clipping(reduced))
    return any(median_gap(each, beyond=1) < wanted for each in coefficients)


def clipping(pixels: Pixels) -> float:
    """Measure the contrast between neighbours where a colour may have been clipped.

    At 16 x 256 places a pixel is compared with those to its right and below. Contrast counts where a colour is at its
    end: in full where another is not, by `ALIKE` where all are.

    Args:
        pixels: at least 2 x 2.

    Returns:
        The mean over all places, weighed as in luma, 0 to 255.
    """
    across = _spread(pixels.width, _COLUMNS)
    cells = np.stack(
        [pixels.rows(down, down + 2)[:, np.stack((across, across + 1))] for down in _spread(pixels.height, _ROWS)]
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


def _spread(length: int, count: int) -> NDArray[np.int64]:
    return ((np.arange(count) + 0.5) * (length - 1) / count).astype(np.int64)
