"""Keep a picture as the means of a few hundred blocks a side, which a walk over it leaves behind.

Each sample is the mean of a block of whole pixels, and it is known which, so that operators made for the full picture
can be applied to the samples at their exact places. That keeps the hashes of cropped, padded and turned re-posts within
a few bits of those of the real ones (`docs/coverage.md`).
"""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.reduction import rows_a_block
from hashclient.pixels import LUMA, TURNS, Pixels, Turn

SAMPLES: Final = 256
"""Fewest samples of a side, where the picture has as many pixels; a side has fewer than twice as many."""

_ROWS_AT_ONCE: Final = 192
"""Most rows that are applied at once."""
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

    Samples are counted from 1: one before the first and some after the last are taken to be like their neighbours.
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
    sample, phase = np.divmod(place + axis.lead, axis.size)
    # Rows that are not cut, of one window, and that begin at the same place of a sample, are equal.
    kinds = windows.kind * axis.size + phase
    is_cut = (low > 0) | (high < end)
    kinds[is_cut] = int(kinds.max()) + 1 + np.arange(np.count_nonzero(is_cut))
    is_there = np.zeros(int(kinds.max()) + 1, bool)
    is_there[kinds] = True
    which = (np.cumsum(is_there) - 1)[kinds]
    some = np.empty(int(which.max()) + 1, np.int64)
    some[which] = np.arange(len(which))
    of_some = (part[some] for part in (windows.kind * windows.step, phase, low, high))
    apart, weights, sums = _weigh_some(axis.size, windows.sums, *of_some)
    first = np.clip(sample + apart[which], 0, axis.samples - 1)
    return Rows(first, weights[which], sums[which])


def _weigh_some(
    size: int,
    sums: tuple[NDArray[np.float64], ...],
    start: NDArray[np.int64],
    phase: NDArray[np.int64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Weigh the samples under some rows.

    Args:
        size: pixels of a sample.
        sums: those of `Windows`.
        start: where the window of each row starts in them, shape (rows,).
        phase: pixels from the start of a sample to the first pixel of the row.
        low: the first pixel of the row that counts.
        high: the pixel after the last that counts.

    Returns:
        Samples from the one in which the row begins to the first that it weighs; the weights from the sample before that
        on; and the sum of all.
    """
    first, last = (phase + low) // size, (phase + high - 1) // size
    count = max(1, int((last - first)[high > low].max(initial=0)) + 1)
    starts = (first * size - phase)[:, np.newaxis] + size * np.arange(count + 1)
    edges = np.clip(starts, low[:, np.newaxis], high[:, np.newaxis]) + start[:, np.newaxis]
    level, once, twice = (np.diff(total.take(edges), axis=1) for total in sums)
    middle = starts[:, :-1] + (size - 1) / 2
    slope = (once - middle * level) / size
    square = (twice - 2 * middle * once + middle * middle * level) / size**2
    bend = (square - _MEAN_SQUARE * (1 - 1 / size**2) * level) / 2
    weights = np.zeros((len(start), count + 2))
    weights[:, :-2] = bend - slope / 2
    weights[:, 1:-1] += level - 2 * bend
    weights[:, 2:] += bend + slope / 2
    return first, weights.astype(np.float32), level.sum(axis=1).astype(np.float32)


class Windows(NamedTuple):
    """How each of some rows weighs the pixels from its first on: sums, over all pixels before one, of their weights."""

    sums: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
    """Of the weights, of the weights times the place of their pixel in the row, and of those times the place again; all
    windows one after the other."""
    step: int
    """From where one window starts in them to where the next does."""
    kind: NDArray[np.int64]
    """Which of the windows each row weighs with, shape (rows,)."""
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
        return cls((sums[0], sums[1], sums[2]), pixels + 1, kind, length)


@dataclass(frozen=True)
class Pieces:
    """Rows, cut into dense matrices of such as weigh nearly the same samples, whichever operators they belong to."""

    order: NDArray[np.int64]
    """The rows in the order of the pieces, shape (rows,)."""
    parts: tuple[tuple[int, NDArray[np.float32]], ...]
    """Of each piece the first sample, counted as in `Rows`, and the weights, shape (rows, samples)."""
    after: int
    """How many samples beyond the last are named."""

    @classmethod
    def of(cls, rows: Rows, samples: int) -> Self:
        """Cut rows on so many samples."""
        order = np.argsort(rows.first, kind="stable")
        first, weights = rows.first[order], rows.weights[order]
        neighbours, parts, start = np.arange(weights.shape[1]), [], 0
        while start < len(order):
            least = int(first[start])
            stop = min(start + _ROWS_AT_ONCE, int(np.searchsorted(first, least + 2 * len(neighbours), "right")))
            offsets = first[start:stop] - least
            dense = np.zeros((stop - start, int(offsets[-1]) + len(neighbours)), np.float32)
            dense[np.arange(stop - start)[:, np.newaxis], offsets[:, np.newaxis] + neighbours] = weights[start:stop]
            parts.append((least, dense))
            start = stop
        return cls(order, tuple(parts), max(1, int(first[-1]) + len(neighbours) - samples - 1))

    def applied(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Apply them to the first axis of samples, shape (samples, columns); returns shape (rows, columns)."""
        padded = np.pad(samples, ((1, self.after), (0, 0)), mode="edge")
        applied = np.empty((len(self.order), samples.shape[1]), np.float32)
        start = 0
        for first, dense in self.parts:
            applied[self.order[start : start + len(dense)]] = dense @ padded[first : first + dense.shape[1]]
            start += len(dense)
        return applied

    def applied_across(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Apply rows that stand in the order of their samples to the last axis; returns shape (lines, rows)."""
        padded = np.pad(samples, ((0, 0), (1, self.after)), mode="edge")
        applied = np.empty((len(samples), len(self.order)), np.float32)
        start = 0
        for first, dense in self.parts:
            some = applied[:, start : start + len(dense)]
            np.matmul(padded[:, first : first + dense.shape[1]], dense.T, out=some)
            start += len(dense)
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
        self._lines = np.empty((self.height, self._across.samples), np.float32)
        """Of each row that was walked over, the sums of the columns of each sample."""
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
            self._add(block, self._lines[start:stop])
            self._walked = stop
        return block

    def exact(self) -> Pixels | None:
        """Decode the picture again, exactly; that decoding leaves no block means behind."""
        return self._pixels.exact()

    def _add(self, block: NDArray[np.float32], lines: NDArray[np.float32]) -> None:
        """Add up the columns of each sample, and their colours; what is left at the end makes the last sample."""
        colours = LUMA if block.shape[1] > self.width else (1,)
        weights, whole = np.tile(np.array(colours, np.float32), self._across.size), self.width // self._across.size
        stop = whole * len(weights)
        np.matmul(block[:, :stop].reshape(len(block), whole, len(weights)), weights, out=lines[:, :whole])
        if whole < lines.shape[1]:
            np.matmul(block[:, stop:], weights[: block.shape[1] - stop], out=lines[:, whole])

    def block_means(self) -> BlockMeans:
        """Return the block means of the upright picture, first walking over the rows that were not walked over yet."""
        step = rows_a_block(self.width)
        for start in range(self._walked, self.height, step):
            self.samples(start, min(start + step, self.height))
        size, whole = self._down.size, self.height // self._down.size
        means = np.empty((self._down.samples, self._across.samples), np.float32)
        np.add.reduce(self._lines[: whole * size].reshape(whole, size, -1), axis=1, out=means[:whole])
        if whole < len(means):
            means[whole] = self._lines[whole * size :].sum(axis=0)
        means /= np.outer(_sizes(self._down), _sizes(self._across))
        full = [
            Axis(length, axis.size * self.scale)
            for length, axis in zip(self.full_size[::-1], (self._down, self._across), strict=True)
        ]
        return BlockMeans(means, *full).turned(TURNS[self.orientation])


def _sizes(axis: Axis) -> NDArray[np.float32]:
    """Count the pixels of each sample of an axis that has no lead."""
    starts = np.arange(axis.samples) * axis.size
    return np.minimum(axis.size, axis.length - starts).astype(np.float32)
