"""Reduce a picture as it would be after a slight turn, without turning it.

PDQ's blur looks the same from every side for a turn of a few degrees, so it is applied first, on a fine grid, once for
all angles that share its windows. The 64 x 64 samples of a turned picture are then read off that grid at their turned
places. The picture lies on the grey that fills its corners, most often black.

Source:
    The cubic convolution kernel, a = -1/2: R. Keys, IEEE Trans. ASSP 29 (1981), 1153-1160.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.reduction import pdq_band, sampled, window_size
from hashclient.hashing.reposts.block_means import Axis, BlockMeans, Rows, Windows, apply_down, weigh_samples
from hashclient.hashing.reposts.recipe import Canvas
from hashclient.hashing.reposts.spans import tents
from hashclient.pixels import Turn

_GRID: Final = 256
"""Points of the grid on a side of the picture, about."""
_MARGIN: Final = 8
"""Points of the grid beyond each side."""
_WIDEST_CUT: Final = 8
"""Widest window, pixels, of which enough may lie beyond the canvas to count."""


@dataclass(frozen=True)
class Blurred:
    """A picture blurred as PDQ blurs it, on a fine grid that reaches beyond its edges."""

    means: BlockMeans
    """The picture."""
    grid: NDArray[np.float32]
    """Luma less that of the ground on which the picture lies, shape (points down, points across)."""
    fill: int
    """Luma of that ground, 0 to 255."""
    down: int
    """Pixels from one point to the next, down."""
    across: int
    """The same, across."""

    @classmethod
    def of(cls, means: BlockMeans, *, windows: tuple[int, int], fill: int) -> "Blurred":
        """Blur a picture that lies on `fill` by windows of that many pixels down and across."""
        rows, down = _blur(means.down, windows[0])
        columns, across = _blur(means.across, windows[1])
        lines = apply_down(rows, means.luma - np.float32(fill))
        grid = np.ascontiguousarray(apply_down(columns, lines.T).T)
        return cls(means, grid, fill, down, across)

    def reduce(self, canvas: Canvas, turn: Turn) -> NDArray[np.float32]:
        """Reduce the picture as it is after `canvas.degrees`, the cut of `canvas` and then `turn`.

        Returns:
            Luma, 0 to 255, float32, shape (64, 64).
        """
        rows = _Line(canvas.whole.top, canvas.whole.bottom, is_reversed=turn.rows_reversed)
        columns = _Line(canvas.whole.left, canvas.whole.right, is_reversed=turn.columns_reversed)
        down, across = self._turned(rows.middles[:, np.newaxis], columns.middles, canvas.degrees)
        reduced = _read_at(self.grid, down / self.down + _MARGIN, across / self.across + _MARGIN)
        if max(rows.window, columns.window) <= _WIDEST_CUT and canvas.whole.height >= self.means.down.length:
            self._mend(reduced, rows, columns, canvas.degrees)
        reduced += np.float32(self.fill)
        return reduced.T if turn.transposed else reduced

    def _turned(
        self, y: NDArray[np.float64], x: NDArray[np.float64], degrees: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return where on the picture the pixels of the turned picture come from."""
        middle_down, middle_across = (self.means.down.length - 1) / 2, (self.means.across.length - 1) / 2
        y, x = y - middle_down, x - middle_across
        cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return sine * x + cosine * y + middle_down, cosine * x - sine * y + middle_across

    def _mend(self, reduced: NDArray[np.float32], rows: "_Line", columns: "_Line", degrees: float) -> None:
        """Take out of the outermost samples what lies beyond the canvas: there the corners of the picture would show."""
        for end in rows.cut:
            y, x = rows.pixels(end)[:, np.newaxis, np.newaxis], columns.under_tents
            found = self._read_pixels(*self._turned(y, x, degrees))
            reduced[end] += np.einsum("i,ijk,k->j", rows.change(end), found, columns.tent, optimize=True)
        for end in columns.cut:
            y, x = rows.under_tents[..., np.newaxis], columns.pixels(end)
            found = self._read_pixels(*self._turned(y, x, degrees))
            reduced[:, end] += np.einsum("k,jik,i->j", columns.change(end), found, rows.tent, optimize=True)

    def _read_pixels(self, down: NDArray[np.float64], across: NDArray[np.float64]) -> NDArray[np.float64]:
        """Read the picture, less its ground, at some pixels, in straight lines from mean to mean."""
        luma = np.pad(self.means.luma - np.float32(self.fill), 1)
        y, x = (
            np.clip((place + axis.lead + 0.5) / axis.size + 0.5, 0, size - 1)
            for place, axis, size in zip((down, across), (self.means.down, self.means.across), luma.shape, strict=True)
        )
        top, left = np.minimum(y.astype(np.intp), luma.shape[0] - 2), np.minimum(x.astype(np.intp), luma.shape[1] - 2)
        y, x = y - top, x - left
        upper = luma[top, left] * (1 - x) + luma[top, left + 1] * x
        read: NDArray[np.float64] = upper * (1 - y) + (luma[top + 1, left] * (1 - x) + luma[top + 1, left + 1] * x) * y
        return read


class _Line:
    """What PDQ's 64 samples weigh of one direction of a canvas, in pixels of the picture."""

    def __init__(self, start: int, stop: int, *, is_reversed: bool) -> None:
        band = pdq_band(stop - start)
        band = band.reversed() if is_reversed else band
        self.window = window_size(stop - start)
        self.tent = tents(np.array([self.window]))[0]
        self._band, self._start = band, start
        middles = (sampled(stop - start) + (1 - self.window % 2)).astype(np.float64)
        self.middles = start + (stop - start - 1 - middles if is_reversed else middles)
        """The middle of each tent, shape (64,)."""

    @property
    def cut(self) -> tuple[int, ...]:
        """The samples whose tents the edge of the canvas cuts: the first, the last, both or none."""
        reach = self.window - 1
        beyond = (self.middles - reach < self._start) | (self.middles + reach >= self._start + self._band.length)
        return tuple(end for end in (0, -1) if beyond[end])

    @property
    def under_tents(self) -> NDArray[np.float64]:
        """The pixels under each tent, shape (64, pixels)."""
        pixels: NDArray[np.float64] = self.middles[:, np.newaxis] + np.arange(1 - self.window, self.window)
        return pixels

    def pixels(self, end: int) -> NDArray[np.float64]:
        """Return the pixels under a tent, and those that the sample really weighs."""
        first = min(float(self._start + self._band.first[end]), float(self.middles[end]) - self.window + 1)
        return first + np.arange(3.0 * self.window)

    def change(self, end: int) -> NDArray[np.float64]:
        """Return how much more these pixels weigh than under the tent."""
        pixels = self.pixels(end)
        change = np.zeros(len(pixels))
        tent, first = (
            round(self.middles[end] - self.window + 1 - pixels[0]),
            round(self._start + self._band.first[end] - pixels[0]),
        )
        change[tent : tent + len(self.tent)] -= self.tent
        change[first : first + self._band.weights.shape[1]] += self._band.weights[end] / self._band.scale
        return change


def windows_of(canvas: Canvas) -> tuple[int, int]:
    """Return the windows with which PDQ blurs a canvas, pixels down and across."""
    return window_size(canvas.whole.height), window_size(canvas.whole.width)


@lru_cache
def _blur(axis: Axis, window: int) -> tuple[Rows, int]:
    """Make the rows from block means to the points of the grid, and give the pixels from one point to the next."""
    step = max(1, axis.length // _GRID)
    points = np.arange(-_MARGIN * step, axis.length + _MARGIN * step, step)
    weighed = np.full_like(points, 2 * window - 1)
    every = np.zeros_like(points), np.full_like(points, axis.length)
    windows = Windows.of(tents(np.array([window])), np.zeros_like(points), weighed)
    return weigh_samples(axis, points - (window - 1), windows, every), step


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
