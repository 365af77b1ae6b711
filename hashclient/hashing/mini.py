"""A picture in a few hundred samples a side, left behind by a walk that was made anyway.

Each sample is the mean of a block of whole pixels, and the mini knows which, so that operators made
for the full picture can be applied to it at their exact places. That keeps hashes of cropped,
padded and turned re-posts within a few bits of those of the real ones (`docs/coverage.md`).
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.pixels import TURNS, ImagePixels, Turn

SAMPLES = 256
"""Least samples of a side, where the picture has as many pixels; a side has fewer than twice as many."""


_PIECE_ROWS = 16
"""Rows of an operator that are applied at once: each weighs few samples, and neighbours weigh nearly the same."""
_MEAN_SQUARE = 1 / 12
"""Mean of the square of the offset from the middle of a sample, in samples, over many pixels."""


def pixels_a_sample(length: int) -> int:
    """Give how many of `length` pixels make one sample; the last sample may have fewer."""
    return max(1, length // SAMPLES)


@dataclass(frozen=True)
class Axis:
    """Which pixels the samples of one direction stand for."""

    length: int
    """Pixels of the picture."""
    size: int
    """Pixels of a sample."""
    lead: int = 0
    """Pixels that the first sample lacks; where this is not 0 the last one is full."""

    def samples(self) -> int:
        """Count the samples."""
        return -(-(self.length + self.lead) // self.size)

    def reversed(self) -> "Axis":
        """Give the samples of the same pixels in reverse order."""
        return replace(self, lead=self.samples() * self.size - self.length - self.lead)


def weigh_samples(axis: Axis, place: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rewrite an operator on the pixels of an axis as one on its samples.

    Within a sample the picture is taken for the parabola that has the means of this sample and of
    its two neighbours; taking it for level would cost a few bits of a hash.

    Args:
        axis: of the mini.
        place: the pixels that each row weighs, one after the other, shape (rows, neighbours); those beyond the picture
            count as 0.
        weights: how, the same shape.

    Returns:
        Shape (rows, samples).
    """
    sample, offset = _pixels(axis)
    where = np.minimum(np.maximum(place, 0), axis.length - 1)
    weighed = np.where(where == place, weights, 0)
    samples, first = sample[where], sample[where[:, :1]]
    moments, away = [], offset[where]
    width = int((samples[:, -1:] - first).max()) + 1
    cells = (samples - first + width * np.arange(len(place))[:, np.newaxis]).ravel()
    for _ in range(3):  # of the weights, of the weights times the offset, and of those times the offset again
        moments.append(np.bincount(cells, weighed.ravel(), len(place) * width).reshape(-1, width))
        weighed = weighed * away
    level, slope, square = moments
    bend = (square - _MEAN_SQUARE * (1 - 1 / axis.size**2) * level) / 2
    count = axis.samples()
    operator = np.zeros((len(place), count + width + 1))  # a sample before the first, and more after the last
    at = first + np.arange(width) + operator.shape[1] * np.arange(len(place))[:, np.newaxis]
    for beside, part in enumerate((bend - slope / 2, level - 2 * bend, bend + slope / 2)):
        operator.reshape(-1)[at + beside] += part
    operator[:, 1] += operator[:, 0]  # at an edge the picture is taken to go on as it is there
    operator[:, count] += operator[:, count + 1]
    return operator[:, 1 : count + 1].astype(np.float32)


@lru_cache
def _pixels(axis: Axis) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give for each pixel its sample, and where in the sample it lies, -1/2 to 1/2."""
    sample, within = np.divmod(np.arange(axis.length) + axis.lead, axis.size)
    return sample, (within + 0.5) / axis.size - 0.5


@dataclass(frozen=True)
class Operator:
    """A banded operator on the samples of one direction, in pieces: all other weights are 0."""

    rows: int
    """What it gives, from however many samples."""
    pieces: tuple[tuple[slice, slice, NDArray[np.float32]], ...]
    """Some of its rows, the samples that they weigh, and how, shape (rows, samples)."""
    inside: NDArray[np.float32]
    """What the weights of each row add up to: how much of it lies inside the picture, 0 to 1, shape (rows,)."""

    @classmethod
    def of(cls, axis: Axis, place: NDArray[np.int64], weights: NDArray[np.float64]) -> "Operator":
        """Rewrite an operator on the pixels of an axis as one on its samples; arguments are those of `weigh_samples`."""
        whole = weigh_samples(axis, place, weights)
        pieces = []
        for first in range(0, len(whole), _PIECE_ROWS):
            rows = slice(first, first + _PIECE_ROWS)
            weighed = np.flatnonzero(whole[rows].any(axis=0))
            if len(weighed):
                samples = slice(weighed[0], weighed[-1] + 1)
                pieces.append((rows, samples, np.ascontiguousarray(whole[rows, samples])))
        return cls(len(whole), tuple(pieces), whole.sum(axis=1))

    def down(self, luma: NDArray[np.float32]) -> NDArray[np.float32]:
        """Apply it to the rows of a mini, shape (samples, columns); gives shape (`rows`, columns)."""
        lines = np.zeros((self.rows, luma.shape[1]), np.float32)
        for rows, samples, weights in self.pieces:
            lines[rows] = weights @ luma[samples]
        return lines

    def across(self, lines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Apply it along the last axis, shape (..., samples); gives shape (..., `rows`)."""
        across = np.zeros((*lines.shape[:-1], self.rows), np.float32)
        for rows, samples, weights in self.pieces:
            across[..., rows] = lines[..., samples] @ weights.T
        return across


@dataclass(frozen=True)
class Mini:
    """The samples of a picture, upright."""

    luma: NDArray[np.float32]
    """Means, 0 to 255, shape (down.samples(), across.samples())."""
    down: Axis
    """Its rows."""
    across: Axis
    """Its columns."""

    def turned(self, turn: Turn) -> "Mini":
        """Give the mini of the turned picture."""
        luma, down, across = self.luma, self.down, self.across
        if turn.rows_reversed:
            luma, down = luma[::-1], down.reversed()
        if turn.columns_reversed:
            luma, across = luma[:, ::-1], across.reversed()
        return Mini(luma.T, across, down) if turn.transposed else Mini(luma, down, across)


class MiniMaker:
    """Pixels that leave a mini behind when they are walked over.

    Args:
        picture: as stored.
    """

    def __init__(self, picture: ImagePixels) -> None:
        self._pixels = picture
        self.width, self.height, self.orientation = picture.width, picture.height, picture.orientation
        self.scale, self.full_width, self.full_height = picture.scale, picture.full_width, picture.full_height
        self._down = Axis(self.height, pixels_a_sample(self.height))
        self._rows = np.zeros((self._down.samples(), self.width), np.float32)
        self._walked = 0

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the stored rows from `start` to before `stop`."""
        return self._pixels.rows(start, stop)

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the stored columns from `start` to before `stop`."""
        return self._pixels.columns(start, stop)

    def luma(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give the luma of stored rows, and add it to the mini where it is seen for the first time."""
        block = self._pixels.luma(start, stop)
        if start == self._walked:
            self._add(block, start, stop)
            self._walked = stop
        return block

    def exact(self) -> AbstractContextManager[ImagePixels] | None:
        """Decode the picture again, exactly, which leaves no mini behind."""
        return self._pixels.exact()

    def grey(self) -> Image.Image:
        """Give the whole picture, as stored, as Pillow turns it to grey."""
        return self._pixels.grey()

    def over(self, level: int, /) -> ImagePixels | None:
        """Give the picture laid over a grey ground, which leaves no mini behind."""
        return self._pixels.over(level)

    def _add(self, block: NDArray[np.float32], start: int, stop: int) -> None:
        size = self._down.size
        for sample in range(start // size, -(-stop // size)):
            part = block[max(0, sample * size - start) : (sample + 1) * size - start]
            self._rows[sample] += part.sum(axis=0)

    def mini(self) -> Mini:
        """Give the mini of the upright picture; the rows that were not walked over yet are walked over now."""
        for start in range(self._walked, self.height, self._down.size):
            self.luma(start, min(start + self._down.size, self.height))
        across = Axis(self.width, pixels_a_sample(self.width))
        sums = np.add.reduceat(self._rows, np.arange(0, self.width, across.size), axis=1)
        areas = np.outer(_sizes(self._down), _sizes(across))
        means = (sums / areas).astype(np.float32, copy=False)
        down = Axis(self.full_height, self._down.size * self.scale)
        across = Axis(self.full_width, across.size * self.scale)
        return Mini(means, down, across).turned(TURNS[self.orientation])


def _sizes(axis: Axis) -> NDArray[np.float32]:
    """Count the pixels of each sample of an axis that has no lead."""
    starts = np.arange(axis.samples()) * axis.size
    return np.minimum(axis.size, axis.length - starts).astype(np.float32)
