"""Keep a picture as the means of a few hundred blocks a side, which a walk over it leaves behind.

Each sample is the mean of a block of whole pixels, and it is known which, so that operators made for the full picture
can be applied to the samples at their exact places. That keeps the hashes of cropped, padded and turned re-posts within
a few bits of those of the real ones (`docs/coverage.md`).
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.reduction import Operator
from hashclient.pixels import TURNS, Pixels, Turn, weigh

SAMPLES: Final = 256
"""Fewest samples of a side, where the picture has as many pixels; a side has fewer than twice as many."""

_ROWS_AT_ONCE: Final = 16
"""Rows of an operator that are applied at once: each weighs few samples, and neighbours weigh nearly the same."""
_MEAN_SQUARE: Final = 1 / 12
"""Mean of the square of the offset from the middle of a sample, in samples, over many pixels."""


@dataclass(frozen=True)
class Axis:
    """Which pixels the samples of one direction stand for."""

    length: int
    """Pixels of the picture."""
    size: int
    """Pixels of a sample."""
    lead: int = 0
    """Pixels that the first sample lacks; where this is not 0 the last one is full."""

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return -(-(self.length + self.lead) // self.size)

    def reversed(self) -> "Axis":
        """Return the samples of the same pixels in reverse order."""
        return replace(self, lead=self.samples * self.size - self.length - self.lead)


def weigh_samples(axis: Axis, place: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rewrite an operator on the pixels of an axis as one on its samples.

    Within a sample the picture is taken for the parabola that has the means of this sample and of its two neighbours;
    taking it for level would cost a few bits of a hash.

    Args:
        axis: of the block means.
        place: the pixels that each row weighs, one after the other, shape (rows, neighbours); those beyond the picture
            count as 0.
        weights: the weight of each, same shape.

    Returns:
        Shape (rows, samples).
    """
    sample, offset = _samples_of_pixels(axis)
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
    count = axis.samples
    operator = np.zeros((len(place), count + width + 1))  # a sample before the first, and more after the last
    at = first + np.arange(width) + operator.shape[1] * np.arange(len(place))[:, np.newaxis]
    for beside, part in enumerate((bend - slope / 2, level - 2 * bend, bend + slope / 2)):
        operator.reshape(-1)[at + beside] += part
    operator[:, 1] += operator[:, 0]  # beyond an edge the picture is taken to go on as it is there
    operator[:, count] += operator[:, count + 1]
    return operator[:, 1 : count + 1].astype(np.float32)


@lru_cache
def _samples_of_pixels(axis: Axis) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each pixel its sample, and where in the sample it lies, -1/2 to 1/2."""
    sample, within = np.divmod(np.arange(axis.length) + axis.lead, axis.size)
    return sample, (within + 0.5) / axis.size - 0.5


def operator_on_samples(axis: Axis, place: NDArray[np.int64], weights: NDArray[np.float64]) -> Operator:
    """Make the operator that does to samples what weights do to their pixels; takes what `weigh_samples` takes."""
    whole = weigh_samples(axis, place, weights)
    spans = []
    for first in range(0, len(whole), _ROWS_AT_ONCE):
        rows = slice(first, first + _ROWS_AT_ONCE)
        weighed = np.flatnonzero(whole[rows].any(axis=0))
        if len(weighed):
            spans.append((rows, slice(weighed[0], weighed[-1] + 1)))
    return Operator.cut(whole, spans)


@dataclass(frozen=True)
class BlockMeans:
    """The block means of an upright picture."""

    luma: NDArray[np.float32]
    """Means, 0 to 255, shape (down.samples, across.samples)."""
    down: Axis
    """Its rows."""
    across: Axis
    """Its columns."""

    def turned(self, turn: Turn) -> "BlockMeans":
        """Return the block means of the turned picture."""
        down = self.down.reversed() if turn.rows_reversed else self.down
        across = self.across.reversed() if turn.columns_reversed else self.across
        return BlockMeans(turn.applied(self.luma), *((across, down) if turn.transposed else (down, across)))


class BlockMeansMaker(Pixels):
    """Pixels that leave their block means behind when they are walked over.

    Args:
        pixels: the picture, as stored.
    """

    def __init__(self, pixels: Pixels) -> None:
        size = pixels.width, pixels.height
        super().__init__(size, orientation=pixels.orientation, scale=pixels.scale, full_size=pixels.full_size)
        self._pixels = pixels
        self._across, self._down = (Axis(length, max(1, length // SAMPLES)) for length in size)
        self._sums: list[NDArray[np.float32]] = []
        self._walked = 0

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the stored rows from `start` to before `stop`."""
        return self._pixels.rows(start, stop)

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the stored columns from `start` to before `stop`."""
        return self._pixels.columns(start, stop)

    def samples(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return stored rows, and add them to the block means the first time they are seen."""
        block = self._pixels.samples(start, stop)
        if start == self._walked:
            self._add(block, start, stop)
            self._walked = stop
        return block

    def exact(self) -> Pixels | None:
        """Decode the picture again, exactly; that decoding leaves no block means behind."""
        return self._pixels.exact()

    def _add(self, block: NDArray[np.float32], start: int, stop: int) -> None:
        size = self._down.size
        for sample in range(start // size, -(-stop // size)):
            rows = block[max(0, sample * size - start) : (sample + 1) * size - start]
            part = np.ones(len(rows), np.float32) @ rows  # their sum, and faster than `sum`
            if sample < len(self._sums):
                self._sums[sample] += part
            else:
                self._sums.append(part)

    def block_means(self) -> BlockMeans:
        """Return the block means of the upright picture, first walking over the rows that were not walked over yet."""
        for start in range(self._walked, self.height, self._down.size):
            self.samples(start, min(start + self._down.size, self.height))
        rows = weigh(np.stack(self._sums), width=self.width)
        sums = np.add.reduceat(rows, np.arange(0, self.width, self._across.size), axis=1)
        areas = np.outer(_sizes(self._down), _sizes(self._across))
        full = [
            Axis(length, axis.size * self.scale)
            for length, axis in zip(self.full_size[::-1], (self._down, self._across), strict=True)
        ]
        return BlockMeans((sums / areas).astype(np.float32, copy=False), *full).turned(TURNS[self.orientation])


def _sizes(axis: Axis) -> NDArray[np.float32]:
    """Count the pixels of each sample of an axis that has no lead."""
    starts = np.arange(axis.samples) * axis.size
    return np.minimum(axis.size, axis.length - starts).astype(np.float32)
