"""Reduce a picture as it would be after a slight turn, without turning it.

PDQ's blur looks the same from every side for a turn of a few degrees, so it is applied first, on a fine grid, once for
all angles that share its windows. The 64 x 64 samples of a turned picture are then read off that grid at their turned
places. The picture lies on black, as turned pictures do.

Source:
    The cubic convolution kernel, a = -1/2: R. Keys, IEEE Trans. ASSP 29 (1981), 1153-1160.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.reduction import Operator, sampled, window_size
from hashclient.hashing.reposts.block_means import Axis, BlockMeans, operator_on_samples
from hashclient.hashing.reposts.recipe import Canvas
from hashclient.pixels import Turn

_GRID: Final = 256
"""Points of the grid on a side of the picture, about."""
_MARGIN: Final = 8
"""Points of the grid beyond each side."""


@dataclass(frozen=True)
class Blurred:
    """A picture blurred as PDQ blurs it, on a fine grid that reaches beyond its edges."""

    grid: NDArray[np.float32]
    """Luma, shape (points down, points across)."""
    down: int
    """Pixels from one point to the next, down."""
    across: int
    """The same, across."""
    height: int
    """Rows of the picture, pixels."""
    width: int
    """Columns of the picture, pixels."""

    @classmethod
    def of(cls, means: BlockMeans, *, windows: tuple[int, int]) -> "Blurred":
        """Blur a picture by windows of that many pixels down and across."""
        rows, down = _blur(means.down, windows[0])
        columns, across = _blur(means.across, windows[1])
        lines = np.zeros((len(rows.sums), means.across.samples), np.float32)
        rows.add_down(means.luma, lines)
        return cls(columns.across(lines), down, across, means.down.length, means.across.length)

    def reduce(self, canvas: Canvas, turn: Turn) -> NDArray[np.float32]:
        """Reduce the picture as it is after `canvas.degrees`, the cut of `canvas` and then `turn`.

        Returns:
            Luma, 0 to 255, float32, shape (64, 64).
        """
        y = _sample_places(canvas.height) * (-1 if turn.rows_reversed else 1)
        x = _sample_places(canvas.width) * (-1 if turn.columns_reversed else 1)
        cosine, sine = np.cos(np.radians(canvas.degrees)), np.sin(np.radians(canvas.degrees))
        down = sine * x + cosine * y[:, np.newaxis] + (self.height - 1) / 2
        across = cosine * x - sine * y[:, np.newaxis] + (self.width - 1) / 2
        reduced = _read_at(self.grid, down / self.down + _MARGIN, across / self.across + _MARGIN)
        return reduced.T if turn.transposed else reduced


def windows_of(canvas: Canvas) -> tuple[int, int]:
    """Return the windows with which PDQ blurs a canvas, pixels down and across."""
    return window_size(canvas.height), window_size(canvas.width)


@lru_cache
def _blur(axis: Axis, window: int) -> tuple[Operator, int]:
    """Make the operator from block means to the points of the grid, and give the pixels from one point to the next."""
    step = max(1, axis.length // _GRID)
    tent = np.convolve(np.full(window, 1 / window), np.full(window, 1 / window))
    points = np.arange(-_MARGIN * step, axis.length + _MARGIN * step, step)
    place = points[:, np.newaxis] + np.arange(1 - window, window)
    return operator_on_samples(axis, place, np.broadcast_to(tent, place.shape)), step


def _sample_places(length: int) -> NDArray[np.float64]:
    """Return the places of PDQ's 64 samples after both blurs, pixels from the middle; an even window moves them by one."""
    middle = (length - 1) / 2 - (1 - window_size(length) % 2)
    return sampled(length).astype(np.float64) - middle


def _read_at(grid: NDArray[np.float32], down: NDArray[np.float64], across: NDArray[np.float64]) -> NDArray[np.float32]:
    """Read a grid between its points, by cubic convolution; beyond the grid it is black."""
    top, left = np.floor(down), np.floor(across)
    rows, columns = _weights(down - top), _weights(across - left)
    padded = np.pad(grid, 2)
    flat, width = padded.ravel(), padded.shape[1]
    first = (np.clip(top, -1, grid.shape[0] - 1) + 1) * width + (np.clip(left, -1, grid.shape[1] - 1) + 1)
    place = first.astype(np.intp)
    total = np.zeros(place.shape, np.float32)
    for tap_down, weight in enumerate(rows):
        line = flat.take(place + tap_down * width)
        line *= columns[0]
        for tap in range(1, 4):
            line += flat.take(place + (tap_down * width + tap)) * columns[tap]
        line *= weight
        total += line
    return total


def _weights(part: NDArray[np.float64]) -> tuple[NDArray[np.float32], ...]:
    """Weigh the four points about a place that lies `part`, 0 to 1, beyond the second of them."""
    way = part.astype(np.float32)
    square, rest = way * way, 1 - way
    before, after = np.float32(-0.5) * way * rest * rest, np.float32(-0.5) * square * rest
    second = (np.float32(1.5) * way - np.float32(2.5)) * square + 1
    return before, second, 1 - before - second - after, after
