"""Reduce a picture as it would be after a slight turn, without turning it.

PDQ's blur looks the same from every side for a turn of a few degrees, so it is applied first, on a fine grid, once for
all angles that share its windows. The 64 x 64 samples of a turned picture are then read off that grid at their turned
places, in straight lines from point to point. Where a picture has fewer pixels than the grid has points, those between
are laid by cubic convolution, as a program that turns pictures does. The picture lies on the grey that fills its
corners, most often black.

Source:
    The cubic convolution kernel, a = -1/2: R. Keys, IEEE Trans. ASSP 29 (1981), 1153-1160.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.reduction import SIDE, Band, pdq_band, sampled, window_size
from hashclient.hashing.reposts.block_means import Axis, BlockMeans, Pieces, Rows, Windows, weigh_samples
from hashclient.hashing.reposts.recipe import Canvas
from hashclient.hashing.reposts.spans import tents
from hashclient.pixels import Turn

_GRID: Final = 384
"""Points of the grid on a side of the picture, at least, unless that is more than 8 on a pixel."""
_MOST_A_PIXEL: Final = 8
_RUNG: Final = 0.8
"""How much narrower each of the windows is that turned pictures share."""
_EXACT: Final = 1e-9
_WIDEST_CUT: Final = 8
"""Widest window, pixels, of which enough may lie beyond the canvas to count."""


@dataclass(frozen=True)
class _Blur:
    """What makes one direction of the grid, from block means."""

    pieces: Pieces
    start: int
    """The pixel on which the first point lies; it and the last one lie where nothing of the picture reaches."""
    points: int
    """How many there are."""
    points_a_pixel: float

    def place(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where some pixels lie on the grid, in points; those beyond it at its end."""
        place: NDArray[np.float64] = np.clip((pixels - self.start) * self.points_a_pixel, 0, self.points - 1)
        return place


@dataclass(frozen=True)
class Reading:
    """How the samples of a turned re-post are read off the grid, on pictures of one size."""

    canvas: Canvas
    turn: Turn
    blurs: tuple[tuple[_Blur, _Blur], ...]
    """What makes each grid that it is read off, down and across."""
    parts: tuple[float, ...]
    """How much each grid counts."""
    corner: NDArray[np.intp]
    """Of each sample the point above it on its left, counted along the grid's rows; shape (4096,)."""
    below: NDArray[np.float32]
    """How far it lies below that point, 0 to 1."""
    beyond: NDArray[np.float32]
    """How far it lies to the right of it."""

    @classmethod
    def of(cls, canvas: Canvas, turn: Turn, down: Axis, across: Axis) -> Self:
        """Place the samples of `canvas` and then `turn` on the grid of a picture of those axes."""
        grids, parts = _grids(windows_of(canvas), (window_size(down.length), window_size(across.length)))
        every = tuple((_blur(down, windows[0]), _blur(across, windows[1])) for windows in grids)
        blurs = every[0]  # the grids have their points at the same places
        rows, columns = _lines(canvas, turn)
        places = _turned(rows.middles[:, np.newaxis], columns.middles, canvas.degrees, down, across)
        y, x = (blur.place(place) for blur, place in zip(blurs, places, strict=True))
        top, left = (
            np.minimum(place.astype(np.intp), blur.points - 2) for blur, place in zip(blurs, (y, x), strict=True)
        )
        corner = (top * blurs[1].points + left).ravel()
        below, beyond = ((place - point).astype(np.float32).ravel() for place, point in ((y, top), (x, left)))
        return cls(canvas, turn, every, parts, corner, below, beyond)


@dataclass(frozen=True)
class Blurred:
    """A picture blurred as PDQ blurs it, on a fine grid that reaches beyond its edges."""

    means: BlockMeans
    """The picture."""
    grid: NDArray[np.float32]
    """Luma less that of the ground on which the picture lies, shape (points down, points across)."""
    fill: int
    """Luma of that ground, 0 to 255."""

    @classmethod
    def of(cls, means: BlockMeans, blurs: tuple[_Blur, _Blur], *, fill: int) -> "Blurred":
        """Blur a picture that lies on `fill`."""
        down, across = blurs
        lines = down.pieces.applied(means.luma - np.float32(fill))
        return cls(means, across.pieces.applied_across(lines), fill)

    def read(self, reading: Reading) -> NDArray[np.float32]:
        """Read the samples of a turned re-post off the grid: luma less that of the ground, float32, shape (64, 64)."""
        flat, width, canvas = self.grid.ravel(), self.grid.shape[1], reading.canvas
        upper, lower = (self._between(flat, reading.corner + start, reading.beyond) for start in (0, width))
        lower -= upper
        lower *= reading.below
        lower += upper
        reduced = lower.reshape(SIDE, SIDE)
        if max(windows_of(canvas)) <= _WIDEST_CUT and canvas.whole.height >= self.means.down.length:
            self._mend(reduced, *_lines(canvas, reading.turn), canvas.degrees)
        return reduced

    @staticmethod
    def _between(flat: NDArray[np.float32], left: NDArray[np.intp], part: NDArray[np.float32]) -> NDArray[np.float32]:
        first = flat.take(left)
        second = flat.take(left + 1)
        second -= first
        second *= part
        second += first
        return second

    def _mend(self, reduced: NDArray[np.float32], rows: "_Line", columns: "_Line", degrees: float) -> None:
        """Take out of the outermost samples what lies beyond the canvas: there the corners of the picture would show."""
        for end in rows.cut:
            y, x = rows.pixels(end)[:, np.newaxis, np.newaxis], columns.under_tents
            found = self._read_pixels(*_turned(y, x, degrees, self.means.down, self.means.across))
            reduced[end] += np.einsum("i,ijk,k->j", rows.change(end), found, columns.tent, optimize=True)
        for end in columns.cut:
            y, x = rows.under_tents[..., np.newaxis], columns.pixels(end)
            found = self._read_pixels(*_turned(y, x, degrees, self.means.down, self.means.across))
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
        self.window = window_size(stop - start)
        middles = (sampled(stop - start) + (1 - self.window % 2)).astype(np.float64)
        self.middles = start + (stop - start - 1 - middles if is_reversed else middles)
        """The middle of each tent, shape (64,)."""
        self._start, self._length, self._is_reversed = start, stop - start, is_reversed

    @cached_property
    def tent(self) -> NDArray[np.float64]:
        """What a sample weighs, away from the edges."""
        tent: NDArray[np.float64] = tents(np.array([self.window]))[0]
        return tent

    @cached_property
    def _band(self) -> Band:
        band = pdq_band(self._length)
        return band.reversed() if self._is_reversed else band

    @property
    def cut(self) -> tuple[int, ...]:
        """The samples whose tents the edge of the canvas cuts: the first, the last, both or none."""
        reach = self.window - 1
        beyond = (self.middles - reach < self._start) | (self.middles + reach >= self._start + self._length)
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


class Blurs:
    """The grids of one picture, each made once."""

    def __init__(self, means: BlockMeans) -> None:
        self._means = means
        self._made: dict[tuple[int, int, int], Blurred] = {}

    def reduce(self, reading: Reading) -> NDArray[np.float32]:
        """Reduce the picture to a turned re-post: luma, 0 to 255, float32, shape (64, 64)."""
        fill = reading.canvas.fill
        reduced = np.full((SIDE, SIDE), fill, np.float32)
        for blurs, part in zip(reading.blurs, reading.parts, strict=True):
            key = (id(blurs[0]), id(blurs[1]), fill)
            if key not in self._made:
                self._made[key] = Blurred.of(self._means, blurs, fill=fill)
            reduced += np.float32(part) * self._made[key].read(reading)
        return reduced.T if reading.turn.transposed else reduced


def _grids(windows: tuple[int, int], widest: tuple[int, int]) -> tuple[list[tuple[int, int]], tuple[float, ...]]:
    """Choose the windows of the grids off which a canvas is read, and how much each grid counts.

    Narrow windows are taken as they are. Wider ones lie between two of a few that all angles share: what is read off
    both is mixed so that the variance of the blur is right, which is all that the low frequencies see of it.

    Args:
        windows: of the canvas, pixels down and across.
        widest: of the picture.
    """
    if max(widest) <= _WIDEST_CUT:
        return [windows], (1.0,)
    size = max(one / most for one, most in zip(windows, widest, strict=True))
    rung = max(0, math.floor(math.log(size) / math.log(_RUNG) + _EXACT))
    wide, narrow = (tuple(max(1, round(most * _RUNG**step)) for most in widest) for step in (rung, rung + 1))
    near = [
        (one**2 - low**2) / (high**2 - low**2)
        for one, low, high in zip(windows, narrow, wide, strict=True)
        if high > low
    ]
    part = sum(near) / max(1, len(near))
    if not near or part > 1 - _EXACT:
        return [(wide[0], wide[1])], (1.0,)
    return [(wide[0], wide[1]), (narrow[0], narrow[1])], (part, 1 - part)


def _lines(canvas: Canvas, turn: Turn) -> tuple[_Line, _Line]:
    """Return the rows and the columns of a canvas that is then turned."""
    whole = canvas.whole
    return (
        _Line(whole.top, whole.bottom, is_reversed=turn.rows_reversed),
        _Line(whole.left, whole.right, is_reversed=turn.columns_reversed),
    )


def _turned(
    y: NDArray[np.float64], x: NDArray[np.float64], degrees: float, down: Axis, across: Axis
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where on a picture of those axes the pixels of the turned picture come from."""
    middle_down, middle_across = (down.length - 1) / 2, (across.length - 1) / 2
    y, x = y - middle_down, x - middle_across
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return sine * x + cosine * y + middle_down, cosine * x - sine * y + middle_across


@lru_cache
def _blur(axis: Axis, window: int) -> _Blur:
    """Make the operator from block means to the points of the grid."""
    step = max(1, axis.length // _GRID)
    beyond = window_size(axis.length) + 2 * step  # windows of parts of the picture are no wider
    points = np.arange(-beyond, axis.length + beyond + step, step)
    weighed = np.full_like(points, 2 * window - 1)
    every = np.zeros_like(points), np.full_like(points, axis.length)
    windows = Windows.of(tents(np.array([window])), np.zeros_like(points), weighed)
    rows = weigh_samples(axis, points - (window - 1), windows, every)
    finer = min(_MOST_A_PIXEL, -(-_GRID // axis.length))
    if finer > 1:
        rows, points = _finer(rows, finer), points[1:-2]
    return _Blur(Pieces.of(rows, axis.samples), int(points[0]), len(rows.first), finer / step)


def _finer(rows: Rows, finer: int) -> Rows:
    """Return rows for `finer` times as many points, those between by cubic convolution; one point at either end is lost."""
    count, neighbours = len(rows.first) - 3, rows.weights.shape[1]
    four = np.arange(count)[:, np.newaxis] + np.arange(4)
    first = rows.first[four].min(axis=1)
    apart = rows.first[four] - first[:, np.newaxis]
    spread = np.zeros((count, 4, neighbours + int(apart.max())), np.float32)
    np.put_along_axis(spread, apart[..., np.newaxis] + np.arange(neighbours), rows.weights[four], axis=2)
    taps = np.stack(_weights(np.arange(finer) / finer), axis=1)
    weights = np.einsum("ft,ctn->cfn", taps, spread).reshape(count * finer, -1)
    sums = np.einsum("ft,ct->cf", taps, rows.sums[four]).ravel()
    return Rows(np.repeat(first, finer), weights.astype(np.float32), sums.astype(np.float32))


def _weights(part: NDArray[np.float64]) -> tuple[NDArray[np.float32], ...]:
    """Weigh the four points about a place that lies `part`, 0 to 1, beyond the second of them."""
    way = part.astype(np.float32)
    square, rest = way * way, 1 - way
    before, after = np.float32(-0.5) * way * rest * rest, np.float32(-0.5) * square * rest
    second = (np.float32(1.5) * way - np.float32(2.5)) * square + 1
    return before, second, 1 - before - second - after, after
