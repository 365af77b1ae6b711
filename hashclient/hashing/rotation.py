"""Reduce a picture as it would be after a slight turn, without turning it.

PDQ's blur looks the same from every side for a turn of a few degrees, so it is applied first, on a
fine grid, once for all angles that share its windows; a turned picture's 64 x 64 samples are then read off that grid at
their turned places. The picture lies on black, as turned pictures do.

Source:
    The cubic convolution kernel, a = -1/2: R. Keys, IEEE Trans. ASSP 29 (1981), 1153-1160.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.mini import Axis, Mini, weigh_samples
from hashclient.hashing.pixels import Turn
from hashclient.hashing.recipe import Canvas
from hashclient.hashing.reduction import SIDE, sampled, window_size

_GRID = 256
"""Points of the grid on a side of the picture, about."""
_MARGIN = 8
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
    def of(cls, mini: Mini, *, windows: tuple[int, int]) -> "Blurred":
        """Blur a picture, by windows of so many pixels down and across."""
        rows, down = _blur(mini.down, windows[0])
        columns, across = _blur(mini.across, windows[1])
        grid = (rows @ mini.luma @ columns.T).astype(np.float32, copy=False)
        return cls(grid, down, across, mini.down.length, mini.across.length)

    def reduce(self, canvas: Canvas, turn: Turn) -> NDArray[np.float32]:
        """Reduce the picture as it is after `canvas.degrees`, the cut of `canvas` and then `turn`.

        Returns:
            Luma, 0 to 255, float32, shape (64, 64).
        """
        y = _places(canvas.bottom - canvas.top) * (-1 if turn.rows_reversed else 1)
        x = _places(canvas.right - canvas.left) * (-1 if turn.columns_reversed else 1)
        cosine, sine = np.cos(np.radians(canvas.degrees)), np.sin(np.radians(canvas.degrees))
        down = sine * x + cosine * y[:, np.newaxis] + (self.height - 1) / 2
        across = cosine * x - sine * y[:, np.newaxis] + (self.width - 1) / 2
        reduced = _read(self.grid, down / self.down + _MARGIN, across / self.across + _MARGIN)
        return reduced.T if turn.transposed else reduced


def windows_of(canvas: Canvas) -> tuple[int, int]:
    """Give the windows with which PDQ blurs a canvas, pixels down and across."""
    return window_size(canvas.bottom - canvas.top), window_size(canvas.right - canvas.left)


def _blur(axis: Axis, window: int) -> tuple[NDArray[np.float32], int]:
    """Make the operator from the samples of a mini to the points of the grid, and give the pixels between them."""
    step = max(1, axis.length // _GRID)
    tent = np.convolve(np.full(window, 1 / window), np.full(window, 1 / window))
    points = np.arange(-_MARGIN * step, axis.length + _MARGIN * step, step)
    place = points[:, np.newaxis] + np.arange(1 - window, window)
    return weigh_samples(axis, place, np.broadcast_to(tent, place.shape)), step


def _places(length: int) -> NDArray[np.float64]:
    """Give where PDQ's 64 samples lie after both blurs, pixels from the middle: an even window moves them by one."""
    middle = (length - 1) / 2 - (1 - window_size(length) % 2)
    return sampled(length).astype(np.float64) - middle


def _read(grid: NDArray[np.float32], down: NDArray[np.float64], across: NDArray[np.float64]) -> NDArray[np.float32]:
    """Read a grid between its points, by cubic convolution."""
    top, left = np.floor(down).astype(np.int64), np.floor(across).astype(np.int64)
    rows = [_weights(down - top, tap) for tap in range(-1, 3)]
    columns = [_weights(across - left, tap) for tap in range(-1, 3)]
    padded = np.pad(grid, 2)
    top, left = np.clip(top, -1, grid.shape[0] - 1) + 1, np.clip(left, -1, grid.shape[1] - 1) + 1
    flat, width = padded.ravel(), padded.shape[1]
    first = top * width + left
    total = np.zeros((SIDE, SIDE), np.float32)
    for tap_down, weight in enumerate(rows):
        line = first + tap_down * width
        total += weight * sum(flat[line + tap] * columns[tap] for tap in range(4))
    return total


def _weights(part: NDArray[np.float64], tap: int) -> NDArray[np.float32]:
    distance = np.abs(part - tap)
    near = (1.5 * distance - 2.5) * distance * distance + 1
    far = ((2.5 - 0.5 * distance) * distance - 4) * distance + 2
    return np.where(distance < 1, near, far).astype(np.float32)
