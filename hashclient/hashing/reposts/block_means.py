"""Keep a picture as the means of a few hundred blocks a side, which a walk over it leaves behind.

Each sample is the mean of a block of whole pixels, and it is known which, so that operators made for the full picture
can be applied to the samples at their exact places. That keeps the hashes of cropped, padded and turned re-posts within
a few bits of those of the real ones (`docs/coverage.md`).
"""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashclient.pixels import TURNS, Pixels, Turn, weigh

SAMPLES: Final = 256
"""Fewest samples of a side, where the picture has as many pixels; a side has fewer than twice as many."""

_ROWS_AT_ONCE: Final = 192
"""Rows that are applied at once: each weighs few samples, and in their order neighbours weigh nearly the same."""
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


class Rows(NamedTuple):
    """A banded matrix that is applied to the samples of an axis: row k weighs `weights.shape[1]` of them from `first[k]` on.

    Samples are counted from 1: one before the first and some after the last are taken to be like their neighbours (`beyond`).
    """

    first: NDArray[np.int64]
    """Shape (rows,)."""
    weights: NDArray[np.float32]
    """Shape (rows, neighbours)."""
    sums: NDArray[np.float32]
    """Sum of the weights of each row: how much of it lies inside the picture, 0 to 1; shape (rows,)."""


def weigh_samples(
    axis: Axis,
    place: NDArray[np.int64],
    windows: "Windows",
    visible: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Rows:
    """Rewrite rows of weights on the pixels of an axis as rows on its samples.

    Within a sample the picture is taken for the parabola that has the means of this sample and of its two neighbours;
    taking it for level would cost a few bits of a hash. What a row gives is then a sum, over its samples, of the moments of
    its weights; those are differences of sums that are made once for each window.

    Args:
        axis: of the block means.
        place: the first pixel that each row weighs, shape (rows,); it may lie beyond the picture.
        windows: how the pixels from there on are weighed.
        visible: pixels that count, from the first to before the second, shape (rows,) each; all others count as 0.
    """
    end = windows.length
    low = np.clip(np.maximum(visible[0], 0) - place, 0, end)
    high = np.maximum(low, np.clip(np.minimum(visible[1], axis.length) - place, 0, end))
    first = np.clip((place + low + axis.lead) // axis.size, 0, axis.samples - 1)
    last = (place + high - 1 + axis.lead) // axis.size
    count = max(1, int((last - first)[high > low].max(initial=0)) + 1)
    starts = first * axis.size - axis.lead - place
    edges = np.clip(starts[:, np.newaxis] + axis.size * np.arange(count + 1), low[:, np.newaxis], high[:, np.newaxis])
    level, once, twice = (np.diff(sums.take(edges + windows.start[:, np.newaxis]), axis=1) for sums in windows.sums)
    middle = starts[:, np.newaxis] + axis.size * np.arange(count) + (axis.size - 1) / 2
    slope = (once - middle * level) / axis.size
    square = (twice - 2 * middle * once + middle * middle * level) / axis.size**2
    bend = (square - _MEAN_SQUARE * (1 - 1 / axis.size**2) * level) / 2
    weights = np.zeros((len(place), count + 2))
    weights[:, :-2] = bend - slope / 2
    weights[:, 1:-1] += level - 2 * bend
    weights[:, 2:] += bend + slope / 2
    return Rows(first, weights.astype(np.float32), level.sum(axis=1).astype(np.float32))


class Windows(NamedTuple):
    """How each of some rows weighs the pixels from its first on: sums, over all pixels before one, of their weights."""

    sums: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
    """Of the weights, of the weights times the place of their pixel in the row, and of those times the place again; all
    windows one after the other."""
    start: NDArray[np.int64]
    """Where the window of each row starts in them, shape (rows,)."""
    length: NDArray[np.int64]
    """How many pixels each row weighs, shape (rows,)."""

    @classmethod
    def of(cls, weights: NDArray[np.float64], kind: NDArray[np.int64], length: NDArray[np.int64]) -> "Windows":
        """Add up windows.

        Args:
            weights: of the pixels of each kind of window, shape (kinds, pixels), 0 where one ends earlier.
            kind: of each row, shape (rows,).
            length: how many pixels each row weighs, shape (rows,).
        """
        kinds, pixels = weights.shape
        place, sums = np.arange(pixels), []
        for _ in range(3):
            total = np.zeros((kinds, pixels + 1))
            np.cumsum(weights, axis=1, out=total[:, 1:])
            sums.append(total.ravel())
            weights = weights * place  # moment after moment
        return cls((sums[0], sums[1], sums[2]), kind * (pixels + 1), length)


def beyond(samples: NDArray[np.float32], rows: Rows) -> NDArray[np.float32]:
    """Return samples, down the first axis, with those beyond the edges that `rows` may name."""
    after = max(1, int(rows.first.max()) + rows.weights.shape[1] - len(samples) - 1)
    return np.pad(samples, ((1, after), (0, 0)), mode="edge")


def apply_down(rows: Rows, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Apply rows to the first axis of samples, shape (samples, columns); returns shape (rows, columns).

    Rows that weigh nearly the same samples are applied together, whichever operators they belong to.
    """
    padded, neighbours = beyond(samples, rows), np.arange(rows.weights.shape[1])
    applied = np.empty((len(rows.first), samples.shape[1]), np.float32)
    order = np.argsort(rows.first, kind="stable")
    for start in range(0, len(order), _ROWS_AT_ONCE):
        some = order[start : start + _ROWS_AT_ONCE]
        first = rows.first[some] - (least := int(rows.first[some[0]]))
        dense = np.zeros((len(some), int(first[-1]) + len(neighbours)), np.float32)
        np.put_along_axis(dense, first[:, np.newaxis] + neighbours, rows.weights[some], axis=1)
        applied[some] = dense @ padded[least : least + dense.shape[1]]
    return applied


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
