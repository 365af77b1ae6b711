"""Operators on pixels, rewritten for block means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashclient.hashing.reposts.block_means import Axis, operator_on_samples, weigh_samples

ROWS, NEIGHBOURS = 20, 7


def slowly(axis: Axis, place: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each sample its part of each weight, one by one: the parabola through three means, read at a pixel."""
    operator = np.zeros((len(place), axis.samples))
    for row, (pixels, weighed) in enumerate(zip(place, weights, strict=True)):
        for pixel, weight in zip(pixels, weighed, strict=True):
            if 0 <= pixel < axis.length:
                sample, within = divmod(int(pixel) + axis.lead, axis.size)
                offset = (within + 0.5) / axis.size - 0.5
                bend = (offset**2 - (1 - 1 / axis.size**2) / 12) / 2
                for beside, part in ((-1, bend - offset / 2), (0, 1 - 2 * bend), (1, bend + offset / 2)):
                    operator[row, min(max(sample + beside, 0), axis.samples - 1)] += weight * part
    return operator


def axes() -> st.SearchStrategy[Axis]:
    def made(length: int, size: int, lead: int) -> Axis:
        return Axis(length, size, lead % size)

    return st.builds(made, st.integers(5, 200), st.integers(1, 9), st.integers(0, 8))


@given(axis=axes(), seed=st.integers(0, 2**16))
def test_weights_are_those_of_a_parabola_through_the_means(axis: Axis, seed: int) -> None:
    """Whatever the axis, for runs of pixels at any place, also beyond the picture."""
    rng = np.random.default_rng(seed)
    first = rng.integers(-2 * NEIGHBOURS, axis.length + NEIGHBOURS, (ROWS, 1))
    place, weights = first + np.arange(NEIGHBOURS), rng.normal(size=(ROWS, NEIGHBOURS))
    assert np.allclose(weigh_samples(axis, place, weights), slowly(axis, place, weights), atol=1e-5)


@given(axis=axes(), seed=st.integers(0, 2**16))
def test_pieces_do_what_the_whole_operator_does(axis: Axis, seed: int) -> None:
    """Down the samples, along the last axis of many lines, and for rows that lie beyond the picture."""
    rng = np.random.default_rng(seed)
    place = rng.integers(-50, axis.length + 50, (ROWS, 1)) + np.arange(NEIGHBOURS)
    weights = rng.normal(size=(ROWS, NEIGHBOURS))
    whole, operator = weigh_samples(axis, place, weights), operator_on_samples(axis, place, weights)
    luma = rng.normal(size=(axis.samples, 11)).astype(np.float32)
    total = np.ones((ROWS, 11), np.float32)
    operator.add_down(luma, total)
    assert np.allclose(total, 1 + whole @ luma, atol=1e-4)
    assert np.allclose(operator.across(np.stack((luma.T, -luma.T))), np.stack((luma.T, -luma.T)) @ whole.T, atol=1e-4)
    assert np.allclose(operator.sums, whole.sum(axis=1))


@pytest.mark.parametrize("size", [1, 4])
def test_a_level_picture_stays_level(size: int) -> None:
    """What an operator gives of a picture of one luma is that luma, as far as its rows lie inside."""
    axis = Axis(40, size)
    place = np.arange(-4, 40, 4)[:, np.newaxis] + np.arange(4)
    operator = operator_on_samples(axis, place, np.full(place.shape, 0.25))
    level = np.zeros((len(place), 1), np.float32)
    operator.add_down(np.full((axis.samples, 1), 90, np.float32), level)
    assert np.allclose(level[:, 0], [0, *[90] * 10], atol=1e-4)
