"""The banded operators are the reference's filters."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hashclient.hashing.reduction import (
    SIDE,
    Band,
    pdq_band,
    reduce_turned,
    rows_a_block,
    sampled,
    window_size,
)
from hashclient.pixels import ArrayPixels, luma
from kit.image_hasher_suite import turn
from kit.pdq_reference import noise, smooth

LENGTHS = [5, 6, 64, 100, 128, 129, 130, 200, 256, 257, 375, 500, 1000, 1024, 1281]


def slow_operator(length: int) -> NDArray[np.float64]:
    """Write PDQ's operator out as the reference's loops say it: one box filter, squared, 64 rows of it."""
    window = window_size(length)
    ahead = (window + 2) // 2
    box = np.zeros((length, length))
    for place in range(length):
        low, high = max(0, place - (window - ahead)), min(length, place + ahead)
        box[place, low:high] = 1 / (high - low)
    return (box @ box)[sampled(length)]


def written_out(band: Band) -> NDArray[np.float64]:
    matrix = np.zeros((SIDE, band.length))
    np.put_along_axis(matrix, band.neighbours, band.weights, axis=1)
    return matrix


@pytest.mark.parametrize("length", LENGTHS)
def test_a_band_is_the_squared_box_filter(length: int) -> None:
    """The operator for each length is the slow one, banded, and every row of it adds up to its scale."""
    band = pdq_band(length)
    assert np.allclose(written_out(band) / band.scale, slow_operator(length), atol=1e-12)
    assert np.allclose(band.weights.sum(axis=1), band.scale)
    assert band.weights.shape == (SIDE, 2 * window_size(length) - 1)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_reversed_band_sees_the_pixels_in_reverse(length: int) -> None:
    """The reversed operator is the operator with its columns in reverse."""
    band = pdq_band(length)
    assert np.array_equal(written_out(band.reversed()), written_out(band)[:, ::-1])
    assert np.array_equal(written_out(band.reversed().reversed()), written_out(band))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("step", [1, 7, 64])
def test_pieces_put_together_are_the_operator(length: int, step: int) -> None:
    """Walking in blocks of any size applies the whole operator, once."""
    band = pdq_band(length)
    total = np.zeros((SIDE, length), np.float32)
    for place, operator in enumerate(band.operators(step)):
        for rows, weighed, weights in operator.pieces:
            total[rows, place * step : place * step + step][:, weighed] += weights
    assert np.array_equal(total, written_out(band).astype(np.float32))


@pytest.mark.parametrize("shape", [(5, 5), (64, 64), (129, 500), (500, 129), (1000, 700)])
def test_a_reduction_is_rows_times_luma_times_columns(shape: tuple[int, int]) -> None:
    """Walking in blocks gives what two matrix products on a float copy of the picture give."""
    pixels = smooth(*shape, seed=1)
    slowly = slow_operator(shape[0]) @ luma(pixels).astype(np.float64) @ slow_operator(shape[1]).T
    reduced = reduce_turned(ArrayPixels(pixels), [1])[1]
    assert reduced.dtype == np.float32
    assert np.allclose(reduced, slowly, atol=1e-4)


def test_all_turns_come_from_one_walk() -> None:
    """The reduction for every orientation is that of the really turned picture."""
    pixels = noise(300, 411, seed=2)
    reductions = reduce_turned(ArrayPixels(pixels), range(1, 9))
    for orientation, reduced in reductions.items():
        really = reduce_turned(ArrayPixels(turn(pixels, orientation)), [1])[1]
        assert np.allclose(reduced, really, atol=1e-4), orientation


@pytest.mark.parametrize("width", [1, 500, 4000, 65_535])
def test_blocks_are_bounded(width: int) -> None:
    """A block is a megabyte of floats, or 16 rows where that is more."""
    rows = rows_a_block(width)
    assert rows == 16 or rows * width * 4 <= 2**20
