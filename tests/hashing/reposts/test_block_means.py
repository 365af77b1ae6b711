"""Rows of weights on pixels, rewritten for block means, and applied to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashclient.hashing.reposts.block_means import Axis, Pieces, Rows, Windows, weigh_samples

ROWS, NEIGHBOURS = 20, 7


def slowly(axis: Axis, place: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each sample its part of each weight, one by one: the parabola through three means, read at a pixel."""
    operator = np.zeros((len(place), axis.samples))
    for row, (pixels, weighed) in enumerate(zip(place, weights, strict=True)):
        for pixel, weight in zip(pixels, weighed, strict=True):
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


def whole(rows: Rows, axis: Axis) -> NDArray[np.float32]:
    """Give the matrix that rows stand for, by applying them to each sample alone."""
    return Pieces.of(rows, axis.samples).applied(np.eye(axis.samples, dtype=np.float32))


@given(axis=axes(), seed=st.integers(0, 2**16))
def test_weights_are_those_of_a_parabola_through_the_means(axis: Axis, seed: int) -> None:
    """Whatever the axis, for windows at any place, also beyond the picture, of which any part is hidden."""
    rng = np.random.default_rng(seed)
    first = rng.integers(-2 * NEIGHBOURS, axis.length + NEIGHBOURS, ROWS)
    weights, kind = rng.normal(size=(3, NEIGHBOURS)), rng.integers(0, 3, ROWS)
    visible = np.sort(rng.integers(-20, axis.length + 20, (2, ROWS)), axis=0)
    windows = Windows.of(weights, kind, np.full(ROWS, NEIGHBOURS))
    rows = weigh_samples(axis, first, windows, (visible[0], visible[1]))
    place = first[:, np.newaxis] + np.arange(NEIGHBOURS)
    counts = (place >= np.maximum(visible[0], 0)[:, np.newaxis]) & (
        place < np.minimum(visible[1], axis.length)[:, np.newaxis]
    )
    weighed = np.where(counts, weights[kind], 0)
    assert np.allclose(whole(rows, axis), slowly(axis, np.clip(place, 0, axis.length - 1), weighed), atol=1e-5)
    assert np.allclose(rows.sums, weighed.sum(axis=1), atol=1e-5)


@given(axis=axes(), seed=st.integers(0, 2**16), count=st.integers(1, 500))
def test_rows_applied_together_are_those_applied_alone(axis: Axis, seed: int, count: int) -> None:
    """Whatever their order, and however many there are."""
    rng = np.random.default_rng(seed)
    rows = Rows(
        rng.integers(0, axis.samples, count),
        rng.normal(size=(count, NEIGHBOURS)).astype(np.float32),
        np.zeros(count, np.float32),
    )
    luma = rng.normal(size=(axis.samples, 11)).astype(np.float32)
    padded = np.pad(luma, ((1, NEIGHBOURS), (0, 0)), mode="edge")
    alone = [
        weights @ padded[first : first + NEIGHBOURS] for first, weights in zip(rows.first, rows.weights, strict=True)
    ]
    pieces = Pieces.of(rows, axis.samples)
    assert np.allclose(pieces.applied(luma), alone, atol=1e-4)
    assert np.allclose(pieces.applied_across(luma.T), np.array(alone)[pieces.order].T, atol=1e-4)


@pytest.mark.parametrize("size", [1, 4])
def test_a_level_picture_stays_level(size: int) -> None:
    """What rows give of a picture of one luma is that luma, as far as they lie inside."""
    axis = Axis(40, size)
    first = np.arange(-4, 40, 4)
    windows = Windows.of(np.full((1, 4), 0.25), np.zeros(len(first), np.int64), np.full(len(first), 4))
    rows = weigh_samples(axis, first, windows, (np.zeros(len(first), np.int64), np.full(len(first), 40)))
    level = Pieces.of(rows, axis.samples).applied(np.full((axis.samples, 1), 90, np.float32))
    assert np.allclose(level[:, 0], [0, *[90] * 10], atol=1e-4)
