"""Reduce a picture to 64 x 64 as PDQ does, in one walk over its rows.

PDQ blurs a picture with two passes of a box filter in each direction and keeps 64 x 64 samples of the result. All of
that is linear, and rows and columns are independent, so it is two small banded matrices:
`reduced = rows_operator @ luma @ columns_operator.T`. Each row of pixels contributes to one or two rows of the result,
so the picture is walked over in blocks of rows and no float copy of it ever exists. Hashing the reduction is left to
`hashclient.hashing.pdq`.

Source:
    ThreatExchange `pdq/cpp/downscaling/downscaling.cpp`: `computeJaroszFilterWindowSize`,
    `box1DFloat`, `decimateFloat`; the luma of `pdqhash/bindings.pyx`. See `docs/pdq.md`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from hashclient.pixels import TURNS, Pixels, weigh

SIDE: Final = 64
"""Rows and columns of the reduction."""

_BLOCK_PIXELS: Final = 1 << 17
"""Pixels of one block: in colour 1.5 megabytes of float32, which stay in the processor's second cache."""
_LEAST_ROWS: Final = 16
"""Rows of a block of the widest pictures."""
_ROWS_A_PIECE: Final = 8
"""Rows of an operator on pixels that are applied at once; with more, most of their weights would be 0."""


@dataclass(frozen=True)
class Operator:
    """A banded matrix that is applied to samples, cut into dense pieces: all other weights are 0."""

    pieces: tuple[tuple[slice, slice, NDArray[np.float32]], ...]
    """Some rows of the matrix, the samples that they weigh, and the weights, shape (rows, samples)."""
    sums: NDArray[np.float32]
    """Sum of the weights of each row, shape (rows,)."""

    @classmethod
    def cut(cls, matrix: NDArray[np.float32], spans: Iterable[tuple[slice, slice]]) -> Self:
        """Cut a matrix, shape (rows, samples), into the pieces at some rows and samples."""
        pieces = ((rows, samples, np.ascontiguousarray(matrix[rows, samples])) for rows, samples in spans)
        return cls(tuple(pieces), matrix.sum(axis=1))

    def add_down(self, samples: NDArray[np.float32], total: NDArray[np.float32]) -> None:
        """Apply it to the rows of `samples`, shape (samples, columns), and add the result to `total`, (rows, columns)."""
        for rows, weighed, weights in self.pieces:
            total[rows] += weights @ samples[weighed]

    def across(self, lines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Apply it along the last axis, shape (..., samples); returns shape (..., rows)."""
        across = np.zeros((*lines.shape[:-1], len(self.sums)), np.float32)
        for rows, weighed, weights in self.pieces:
            across[..., rows] = lines[..., weighed] @ weights.T
        return across


@dataclass(frozen=True)
class Band:
    """PDQ's blur and sampling in one direction: row k weighs `weights.shape[1]` neighbours from `first[k]` on.

    The weights are whole numbers wherever the filter's windows are not cut by the picture's edge, so that little is
    rounded; dividing by `scale` is left to the end.
    """

    length: int
    """Pixels in that direction."""
    first: NDArray[np.int64]
    """The first pixel that each row weighs, shape (rows,)."""
    weights: NDArray[np.float64]
    """Shape (rows, neighbours)."""
    scale: float
    """Sum of the weights of each row."""

    @cached_property
    def weights32(self) -> NDArray[np.float32]:
        """The weights, rounded."""
        return self.weights.astype(np.float32)

    @property
    def neighbours(self) -> NDArray[np.int64]:
        """The pixels that each row weighs, shape (rows, neighbours)."""
        return self.first[:, np.newaxis] + np.arange(self.weights.shape[1])

    def reversed(self) -> "Band":
        """Return the band that does to pixels what this one does to the same pixels in reverse order."""
        first = self.length - self.first - self.weights.shape[1]
        return Band(self.length, first, self.weights[:, ::-1], self.scale)

    def shrunk(self, scale: int) -> "Band":
        """Return the band for the means of `scale` pixels each, the last of which may stand for fewer.

        It weighs each mean as this one weighs its pixels, so a picture that its decoder reduced is sampled at the
        places where the picture at full size would be.
        """
        if scale == 1:
            return self
        means, neighbours = -(-self.length // scale), self.weights.shape[1]
        spread = (neighbours + 2 * (scale - 1)) // scale
        first = np.clip(self.first // scale, 0, means - spread)
        apart = np.zeros((len(first), spread * scale))
        np.put_along_axis(apart, self.neighbours - scale * first[:, np.newaxis], self.weights, axis=1)
        return Band(means, first, apart.reshape(len(first), spread, scale).sum(axis=2), self.scale)

    def operators(self, step: int) -> list[Operator]:
        """Return the operator for each block of `step` pixels; what they give adds up to the whole."""
        matrix = np.zeros((len(self.first), self.length), np.float32)
        np.put_along_axis(matrix, self.neighbours, self.weights32, axis=1)
        return [
            Operator.cut(matrix[:, start : start + step], self._spans(start, min(start + step, self.length)))
            for start in range(0, self.length, step)
        ]

    def _spans(self, start: int, stop: int) -> Iterator[tuple[slice, slice]]:
        last = self.first + self.weights.shape[1]
        touching = np.flatnonzero((self.first < stop) & (last > start))
        for place in range(0, len(touching), _ROWS_A_PIECE):
            rows = slice(touching[place], touching[place : place + _ROWS_A_PIECE][-1] + 1)
            yield rows, slice(max(start, self.first[rows].min()) - start, min(stop, last[rows].max()) - start)

    def across(self, lines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Apply it along the rows of lines, shape (lines, pixels); returns shape (lines, rows), times `scale`."""
        columns = np.ascontiguousarray(lines.T).take(self.neighbours, axis=0, mode="clip")  # whole columns lie together
        across: NDArray[np.float32] = np.matmul(self.weights32[:, np.newaxis], columns)[:, 0].T
        return across


def window_size(length: int) -> int:
    """Return the width of PDQ's box filter, pixels: half of what one of the 64 samples stands for, rounded up."""
    return -(-length // (2 * SIDE))


def pixels_ahead(length: int) -> int:
    """Return how many pixels of the window lie at its place or after it; the others lie before."""
    return (window_size(length) + 2) // 2


def pixels_in_window(length: int) -> NDArray[np.int64]:
    """Return how many pixels the window holds at each place, by which it divides: fewer near an edge."""
    ahead = pixels_ahead(length)
    every = np.arange(length)
    return np.minimum(length, every + ahead) - np.maximum(0, every - (window_size(length) - ahead))


def sampled(length: int) -> NDArray[np.int64]:
    """Return the 64 positions, of `length`, that PDQ keeps after the blur."""
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)


@lru_cache(maxsize=64)
def pdq_band(length: int) -> Band:
    """Make PDQ's band for one direction: the box filter, twice, at the positions that are kept.

    Args:
        length: pixels in that direction, at least 5.
    """
    window, ahead = window_size(length), pixels_ahead(length)
    behind = window - ahead
    once = np.concatenate(([0.0], np.cumsum(window / pixels_in_window(length))))
    kept = sampled(length)
    low, high = np.maximum(0, kept - behind), np.minimum(length, kept + ahead)
    neighbours = 2 * window - 1
    first = np.minimum(np.maximum(low - behind, 0), length - neighbours)
    place = first[:, np.newaxis] + np.arange(neighbours)
    low, high = low[:, np.newaxis], high[:, np.newaxis]
    last_through = np.minimum(np.maximum(place + behind + 1, low), high)
    first_through = np.minimum(np.maximum(place - ahead + 1, low), high)
    weights = (once[last_through] - once[first_through]) * (window / (high - low))
    return Band(length, first, weights, float(window * window))


@lru_cache(maxsize=64)
def _stored_band(length: int, *, scale: int, is_reversed: bool) -> Band:
    """Return PDQ's band for stored pixels, `scale` times smaller than the `length` pixels of the full size."""
    band = pdq_band(length)
    return (band.reversed() if is_reversed else band).shrunk(scale)


@lru_cache(maxsize=64)
def _row_operators(length: int, *, scale: int, is_reversed: bool, step: int) -> list[Operator]:
    return _stored_band(length, scale=scale, is_reversed=is_reversed).operators(step)


def rows_a_block(width: int) -> int:
    """Return how many rows of a picture are walked over at a time."""
    return max(_LEAST_ROWS, _BLOCK_PIXELS // width)


def reduce_turned(pixels: Pixels, orientations: Iterable[int]) -> dict[int, NDArray[np.float32]]:
    """Reduce a picture as it stands after each of several turns, in one walk over its stored rows.

    A turn is in the operators, not in the pixels: reversing them does what reversing the pixels would do, and
    transposing the result does what transposing the picture would do. A picture that its decoder reduced is weighed
    as it would be at full size.

    Args:
        pixels: the picture, as stored; both sides at least 5 pixels at full size.
        orientations: EXIF orientations, 1 to 8.

    Returns:
        By orientation the reduction, float32, shape (64, 64), luma 0 to 255: the exact value but for rounding in the
        seventh digit.
    """
    width, height = pixels.full_size
    turns = {orientation: TURNS[orientation] for orientation in orientations}
    orders = sorted({turn.rows_reversed for turn in turns.values()})
    step = rows_a_block(pixels.width)
    operators = [_row_operators(height, scale=pixels.scale, is_reversed=order, step=step) for order in orders]
    sums: dict[bool, NDArray[np.float32]] = {}
    for start, *by_order in zip(range(0, pixels.height, step), *operators, strict=True):
        block = pixels.samples(start, min(start + step, pixels.height))
        sums = sums or {order: np.zeros((SIDE, block.shape[1]), np.float32) for order in orders}
        for order, operator in zip(orders, by_order, strict=True):
            operator.add_down(block, sums[order])
    lines = {order: weigh(total, width=pixels.width) for order, total in sums.items()}
    reductions = {}
    for orientation, turn in turns.items():
        band = _stored_band(width, scale=pixels.scale, is_reversed=turn.columns_reversed)
        reduced = band.across(lines[turn.rows_reversed]) / (band.scale * pdq_band(height).scale)
        reductions[orientation] = np.ascontiguousarray(reduced.T if turn.transposed else reduced, np.float32)
    return reductions
