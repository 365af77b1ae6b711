"""Reduce a picture to 64 x 64 as PDQ does, in one walk over its rows.

PDQ blurs a picture with two passes of a box filter in each direction and keeps 64 x 64 samples of
the result. All of that is linear, and rows and columns are independent, so it is two small banded
matrices: `reduced = rows_operator @ luma @ columns_operator.T`. Each pixel row touches one or two
rows of the result, so the picture is walked in blocks of rows and no float copy of it ever exists.
What becomes of the reduction is left to `hashclient.hashing.pdq`.

Source:
    ThreatExchange `pdq/cpp/downscaling/downscaling.cpp`: `computeJaroszFilterWindowSize`,
    `box1DFloat`, `decimateFloat`; the luma of `pdqhash/bindings.pyx`. See `docs/pdq.md`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.pixels import TURNS, Pixels

SIDE = 64
"""Rows and columns of the reduction, pixels."""

_BLOCK_PIXELS = 1 << 18
"""Pixels of one block: a megabyte of float32, which stays in the processor's second cache."""
_LEAST_ROWS = 16
"""Rows of a block of the widest pictures."""
_PIECE_ROWS = 8
"""Most rows of an operator that are applied at once; with more, most of their weights would be nothing."""

Piece = tuple[slice, slice, NDArray[np.float32]]
"""What some rows of an operator do to one block: which rows, which of the block's pixels they weigh, and how,
shape (rows, pixels)."""


@dataclass(frozen=True)
class Band:
    """A banded operator of `len(first)` rows: row k weighs `weights.shape[1]` neighbours from `first[k]` on.

    The weights are whole numbers wherever the filter's windows are not cut by the picture's edge,
    so that little is rounded; dividing by `scale` is left to the end.
    """

    length: int
    """Pixels that the operator reduces."""
    first: NDArray[np.int64]
    """Shape (rows,): the first pixel that each row weighs."""
    weights: NDArray[np.float64]
    """Shape (rows, neighbours)."""
    scale: float
    """What each row's weights add up to."""

    @cached_property
    def weights32(self) -> NDArray[np.float32]:
        """The weights, rounded."""
        return self.weights.astype(np.float32)

    def reversed(self) -> "Band":
        """Give the operator that does to pixels what this one does to the same pixels in reverse order."""
        first = self.length - self.first - self.weights.shape[1]
        return Band(self.length, first, self.weights[:, ::-1], self.scale)

    def shrunk(self, scale: int) -> "Band":
        """Give the operator for the means of `scale` pixels each, the last of which may stand for fewer.

        It weighs each mean as this one weighs its pixels, so that a picture which a decoder reduced
        is sampled at the places where the picture in full would be.
        """
        if scale == 1:
            return self
        means, neighbours = -(-self.length // scale), self.weights.shape[1]
        spread = (neighbours + 2 * (scale - 1)) // scale
        first = np.clip(self.first // scale, 0, means - spread)
        apart = np.zeros((len(first), spread * scale))
        np.put_along_axis(apart, self.neighbours() - scale * first[:, np.newaxis], self.weights, axis=1)
        return Band(means, first, apart.reshape(len(first), spread, scale).sum(axis=2), self.scale)

    def neighbours(self) -> NDArray[np.int64]:
        """Give the positions that each row weighs, shape (rows, neighbours)."""
        return self.first[:, np.newaxis] + np.arange(self.weights.shape[1])

    def pieces(self, step: int) -> list[list[Piece]]:
        """Write the operator out, for a walk in blocks of `step` pixels: for each block what is done to it."""
        matrix = np.zeros((len(self.first), self.length), np.float32)
        np.put_along_axis(matrix, self.neighbours(), self.weights.astype(np.float32), axis=1)
        return [list(self._pieces(matrix, start, start + step)) for start in range(0, self.length, step)]

    def _pieces(self, matrix: NDArray[np.float32], start: int, stop: int) -> Iterator[Piece]:
        last = self.first + self.weights.shape[1]
        touching = np.flatnonzero((self.first < stop) & (last > start))
        for place in range(0, len(touching), _PIECE_ROWS):
            some = touching[place : place + _PIECE_ROWS]
            low, high = max(start, self.first[some].min()), min(stop, last[some].max())
            rows = slice(some[0], some[-1] + 1)
            yield rows, slice(low - start, high - start), np.ascontiguousarray(matrix[rows, low:high])


def window_size(length: int) -> int:
    """Give the width of PDQ's box filter, pixels: half of what one of the 64 samples stands for, rounded up."""
    return -(-length // (2 * SIDE))


def pixels_ahead(length: int) -> int:
    """Give how many pixels of the window lie at its place or after it; the others lie before."""
    return (window_size(length) + 2) // 2


def pixels_in_window(length: int) -> NDArray[np.int64]:
    """Give how many pixels the window has at each place: near an edge, only those in range, by which it divides."""
    ahead = pixels_ahead(length)
    every = np.arange(length)
    return np.minimum(length, every + ahead) - np.maximum(0, every - (window_size(length) - ahead))


def sampled(length: int) -> NDArray[np.int64]:
    """Give the 64 positions, of `length`, that PDQ keeps after the blur."""
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)


@lru_cache(maxsize=64)
def pdq_band(length: int) -> Band:
    """Make PDQ's operator for one direction: the box filter, twice, at the positions that are kept.

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
def _pieces(length: int, *, scale: int, is_reversed: bool, step: int) -> list[list[Piece]]:
    return _stored_band(length, scale=scale, is_reversed=is_reversed).pieces(step)


@lru_cache(maxsize=64)
def _stored_band(length: int, *, scale: int, is_reversed: bool) -> Band:
    """Give PDQ's operator for stored pixels that stand for `scale` each, of a side of `length` in full."""
    band = pdq_band(length)
    return (band.reversed() if is_reversed else band).shrunk(scale)


def rows_a_block(width: int) -> int:
    """Give how many rows of a picture are walked over at a time."""
    return max(_LEAST_ROWS, _BLOCK_PIXELS // width)


def _walk(pixels: Pixels) -> Iterator[NDArray[np.float32]]:
    """Give the luma of a picture block by block; small pictures are fetched whole."""
    step = rows_a_block(pixels.width)
    for start in range(0, pixels.height, step):
        yield pixels.luma(start, min(start + step, pixels.height))


def reduce_rows(pixels: Pixels, operators: Sequence[list[list[Piece]]]) -> list[NDArray[np.float32]]:
    """Apply operators to the rows of a picture, all in one walk.

    Args:
        pixels: the picture, as stored.
        operators: of 64 rows each, as `Band.pieces` writes them for `pixels.height` and `rows_a_block` rows.

    Returns:
        For each operator the luma of its rows, times its `scale`, shape (64, width).
    """
    totals = [np.zeros((SIDE, pixels.width), np.float32) for _ in operators]
    for luma, *each in zip(_walk(pixels), *operators, strict=True):
        for total, pieces in zip(totals, each, strict=True):
            for rows, weighed, weights in pieces:
                total[rows] += weights @ luma[weighed]
    return totals


def reduce_turned(
    pixels: Pixels, orientations: Iterable[int], *, full: tuple[int, int] | None = None, scale: int = 1
) -> dict[int, NDArray[np.float32]]:
    """Reduce a picture as it stands after each of several turns, in one walk over its stored rows.

    A turn is in the operators, not in the pixels: reversing them does what reversing the pixels
    would do, and transposing the result does what transposing the picture would do.

    Args:
        pixels: the picture, as stored; both sides at least 5 pixels.
        orientations: EXIF orientations, 1 to 8.
        full: width and height of the picture in full, pixels, where its decoder reduced it.
        scale: pixels of the picture in full, in each direction, that one of `pixels` stands for.

    Returns:
        By orientation the reduction, float32, shape (64, 64), luma 0 to 255.
    """
    width, height = full or (pixels.width, pixels.height)
    turns = {orientation: TURNS[orientation] for orientation in orientations}
    orders = sorted({turn.rows_reversed for turn in turns.values()})
    step = rows_a_block(pixels.width)
    walked = reduce_rows(pixels, [_pieces(height, scale=scale, is_reversed=order, step=step) for order in orders])
    lines = dict(zip(orders, walked, strict=True))
    reductions = {}
    for orientation, turn in turns.items():
        band = _stored_band(width, scale=scale, is_reversed=turn.columns_reversed)
        reduced = _across(lines[turn.rows_reversed], band) / (band.scale * pdq_band(height).scale)
        reductions[orientation] = np.ascontiguousarray(reduced.T if turn.transposed else reduced, np.float32)
    return reductions


def _across(lines: NDArray[np.float32], band: Band) -> NDArray[np.float32]:
    """Apply an operator along the rows of what was reduced across them."""
    columns = np.ascontiguousarray(lines.T).take(band.neighbours(), axis=0, mode="clip")  # whole columns lie together
    across: NDArray[np.float32] = np.matmul(band.weights32[:, np.newaxis], columns)[:, 0].T
    return across
