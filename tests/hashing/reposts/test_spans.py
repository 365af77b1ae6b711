"""Rows of PDQ for stretches of an axis: those of the whole canvas, made for many at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hashclient.hashing.reduction import SIDE, pdq_band
from hashclient.hashing.reposts.block_means import Axis, Pieces
from hashclient.hashing.reposts.spans import Span, rows_of


@st.composite
def spans(draw: st.DrawFn, length: int) -> Span:
    start = draw(st.integers(-length, length - 5))
    stop = draw(st.integers(start + 5, 3 * length))
    first = draw(st.integers(start, stop))
    return Span(start, stop, first, draw(st.integers(first, stop)), draw(st.booleans()))


@given(st.data(), st.integers(5, 300))
def test_rows_are_those_of_the_band_on_pixels(data: st.DataObject, length: int) -> None:
    """For samples of one pixel: what `pdq_band` weighs, less what is hidden or beyond the picture; many spans at once."""
    asked = data.draw(st.lists(spans(length), min_size=1, max_size=5))
    rows = rows_of(Axis(length, 1), asked)
    matrix = Pieces.of(rows, length).applied(np.eye(length, dtype=np.float32)).reshape(-1, SIDE, length)
    for span, given_rows, sums in zip(asked, matrix, rows.sums.reshape(-1, SIDE), strict=True):
        band = pdq_band(span.stop - span.start)
        band = band.reversed() if span.is_reversed else band
        place = band.neighbours + span.start
        is_there = (place >= max(0, span.first)) & (place < min(length, span.last))
        weights = np.where(is_there, band.weights / band.scale, 0)
        expected = np.zeros((SIDE, length))
        np.add.at(expected, (np.arange(SIDE)[:, np.newaxis], np.clip(place, 0, length - 1)), weights)
        assert np.allclose(given_rows, expected, atol=1e-5)
        assert np.allclose(sums, weights.sum(axis=1), atol=1e-5)
