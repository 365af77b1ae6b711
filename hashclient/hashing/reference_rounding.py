"""Round as the reference does, where rounding decides a bit or the quality.

The reference blurs with running sums in float32: it adds the pixel that enters the window and subtracts the one that
leaves it, and the rounding of every step stays in the sum. Our reduction (`hashclient.hashing.reduction`) is exact, so
the two differ in the seventh digit. That decides a bit only where a coefficient ties with the median, and the quality
only where a gradient lies on a whole number. This file tells when that is so, and then repeats the reference's own
sums, a few rows at a time.

Source:
    ThreatExchange `pdq/cpp/downscaling/downscaling.cpp` (`box1DFloat`, `jaroszFilterFloat`), as compiled for x86-64,
    where products and sums are rounded one by one. See `docs/pdq.md`.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.reduction import SIDE, pixels_ahead, pixels_in_window, sampled, window_size
from hashclient.pixels import Pixels

# The reference multiplies a float32 scale with a float64 cosine, and rounds once.
COSINES: Final[NDArray[np.float32]] = np.ascontiguousarray(
    np.float32(np.sqrt(2 / SIDE)) * np.cos(np.pi / 2 / SIDE * np.arange(1, 17) * (2 * np.arange(SIDE)[:, None] + 1)),
    np.float32,
)
"""Frequencies 1 to 16 of the cosine transform at each of 64 samples, as the reference rounds them: shape (64, 16)."""
GRADIENTS_A_POINT: Final = 90
"""Sum of gradients, in hundredths of full luma, for one point of quality, of at most 100."""
COEFFICIENT_ROUNDING: Final = 3e-5
"""Most by which rounding may move a coefficient near the median, as a share of the picture's mean luma."""
LEAST_ROUNDING: Final = 1e-3
"""The same in a dark picture, in units of luma."""
GRADIENT_ROUNDING: Final = 1e-3
"""Most by which rounding may move a gradient, in hundredths of full luma; three times what was measured."""
_BLOCK_ROWS: Final = 32
"""Rows whose sums are taken side by side."""


def is_tied(coefficients: Iterable[NDArray[np.float32]], gradients: NDArray[np.float32], *, mean: float) -> bool:
    """Tell whether the reference's rounding may have decided a bit, or the quality.

    Args:
        coefficients: those of each hash, shape (16, 16), in units of luma.
        gradients: in hundredths of full luma, with their fractions.
        mean: luma of the whole picture, 0 to 255.
    """
    rounding = max(LEAST_ROUNDING, COEFFICIENT_ROUNDING * mean)
    return any(median_gap(each, beyond=0) < rounding for each in coefficients) or _is_quality_tied(gradients)


def median_gap(coefficients: NDArray[np.float32], *, beyond: int) -> float:
    """Return the gap about the lower median.

    Args:
        coefficients: shape (16, 16).
        beyond: how many on either side of it are left out; 0 is the gap between the median and the next above it,
            whose bits differ.
    """
    above = coefficients.size // 2 + beyond
    below = coefficients.size // 2 - 1 - beyond
    ordered = np.partition(coefficients, (below, above), axis=None)
    return float(ordered[above] - ordered[below])


def _is_quality_tied(gradients: NDArray[np.float32]) -> bool:
    sizes = np.abs(gradients)
    total = int(sizes.astype(np.int32).sum())
    if total - len(sizes) >= 100 * GRADIENTS_A_POINT:  # 100 however they are rounded
        return False
    # NOTE: below one half the nearest whole number is 0, and is cut to 0 from either side.
    unsure = int(np.count_nonzero((np.abs(sizes - np.rint(sizes)) < GRADIENT_ROUNDING) & (sizes > 0.5)))
    least, most = (min(100, part // GRADIENTS_A_POINT) for part in (total - unsure, total + unsure))
    return least != most


def rounded_reduction(pixels: Pixels) -> NDArray[np.float32]:
    """Reduce an upright picture exactly as the reference does, rounding included.

    This takes about as long as the reference takes, and a few megabytes of memory.

    Args:
        pixels: upright, both sides at least 5 pixels.

    Returns:
        Float32, shape (64, 64), luma 0 to 255, bit for bit that of the reference.
    """
    height, width = pixels.height, pixels.width
    if height == width == SIDE:
        return pixels.luma(0, SIDE)
    starts = range(0, height, _BLOCK_ROWS)
    blocks = (pixels.luma(start, min(start + _BLOCK_ROWS, height)) for start in starts)
    once = _running_mean((row for block in blocks for row in _blurred_along(block)), length=height)
    kept = sampled(width)
    narrow = (row for block in _stacked(once) for row in _blurred_along(block)[:, kept])
    return np.array(list(_running_mean(narrow, length=height)))[sampled(height)]


def rounded_coefficients(reduced: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take the cosine transform exactly as the reference does, product after product in float32.

    Args:
        reduced: float32, shape (64, 64), from `rounded_reduction`.

    Returns:
        Float32, shape (16, 16), in units of luma, bit for bit those of the reference.
    """
    half = _add_in_order(COSINES[:, :, np.newaxis] * reduced[:, np.newaxis, :])
    return _add_in_order(half.T[:, :, np.newaxis] * COSINES[:, np.newaxis, :])


def _add_in_order(products: NDArray[np.float32]) -> NDArray[np.float32]:
    total: NDArray[np.float32] = products[0]
    for product in products[1:]:
        total = total + product
    return total


def _stacked(rows: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    while some := list(islice(rows, _BLOCK_ROWS)):
        yield np.stack(some)


def _blurred_along(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Slide a window along each row of a block, as `_running_mean` does over rows."""
    height, width = block.shape
    window, ahead = window_size(width), pixels_ahead(width)
    entering_and_leaving = np.zeros((height, width + ahead - 1, 2), np.float32)
    entering_and_leaving[:, :width, 0] = block
    entering_and_leaving[:, window:, 1] = -block[:, : width + ahead - 1 - window]
    steps = entering_and_leaving.reshape(height, -1)
    totals = np.add.accumulate(steps, axis=1)  # one by one; adding 0 rounds nothing
    blurred: NDArray[np.float32] = np.divide(totals[:, 2 * ahead - 1 :: 2], pixels_in_window(width).astype(np.float32))
    return blurred


def _running_mean(lines: Iterator[NDArray[np.float32]], *, length: int) -> Iterator[NDArray[np.float32]]:
    """Slide a window over rows: add the one that enters, subtract the one that leaves, divide by those inside."""
    window, ahead = window_size(length), pixels_ahead(length)
    inside: deque[NDArray[np.float32]] = deque()
    total = np.zeros((), np.float32)
    for entering in range(length + ahead - 1):
        if entering < length:
            inside.append(next(lines))
            total = total + inside[-1]
        if entering >= window:
            total = total - inside.popleft()
        if entering >= ahead - 1:
            yield total / np.float32(len(inside))
