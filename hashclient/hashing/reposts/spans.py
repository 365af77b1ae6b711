"""Make PDQ's rows for many stretches of a picture's axis at once, on its samples.

A re-post's rows and columns are each a stretch: from some pixel to another, of which some may lie beyond the picture or be
hidden by a frame. PDQ blurs twice by a box and keeps 64 places, so a row is a tent over the pixels about its place, except
where the edge of the canvas cuts it: that happens to the first and the last row alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.reduction import SIDE
from hashclient.hashing.reposts.block_means import Axis, Rows, Windows, weigh_samples


class Span(NamedTuple):
    """One direction of a re-post, in pixels of the picture's axis."""

    start: int
    stop: int
    """The canvas: from the first pixel to before the second; both may lie beyond the picture."""
    first: int
    last: int
    """The part of it, likewise, that shows the picture."""
    is_reversed: bool = False
    """Whether the re-post counts the other way."""


def rows_of(axis: Axis, spans: Sequence[Span]) -> Rows:
    """Make the 64 rows of each span, one span after the other: what `hashclient.hashing.reduction.pdq_band` is on pixels."""
    start, stop, first, last, is_reversed = np.array(spans, np.int64).reshape(-1, len(Span._fields)).T[..., np.newaxis]
    length = stop - start
    window = -(-length // (2 * SIDE))
    ahead = (window + 2) // 2
    behind = window - ahead
    kept = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)
    weighed = np.broadcast_to(2 * window - 1, kept.shape)
    place = kept - 2 * behind
    is_cut = (place < 0) | (place + weighed > length)
    sizes = np.array(sorted(set(window.ravel().tolist())))
    kinds = np.broadcast_to(np.searchsorted(sizes, window), kept.shape).copy()
    kinds[is_cut] = len(sizes) + np.arange(np.count_nonzero(is_cut))
    spread = [np.broadcast_to(part, kept.shape)[is_cut] for part in (length, window, is_reversed)]
    weights = np.vstack([tents(sizes), _cut_windows(kept[is_cut], *spread, widest=int(sizes[-1]))])
    place = np.where(is_reversed, length - place - weighed, place) + start
    visible = np.broadcast_to(first, kept.shape).ravel(), np.broadcast_to(last, kept.shape).ravel()
    return weigh_samples(axis, place.ravel(), Windows.of(weights, kinds.ravel(), weighed.ravel()), visible)


def tents(windows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weigh the pixels under two boxes of some widths, pixels, one after the other: shape (widths, 2 * widest - 1)."""
    windows = windows[:, np.newaxis]
    place = np.arange(2 * int(windows.max()) - 1)
    weights: NDArray[np.float64] = np.maximum(0, windows - np.abs(place - (windows - 1))) / windows**2
    return weights


def _cut_windows(
    kept: NDArray[np.int64],
    length: NDArray[np.int64],
    window: NDArray[np.int64],
    is_reversed: NDArray[np.int64],
    *,
    widest: int,
) -> NDArray[np.float64]:
    """Weigh the pixels of rows whose boxes the edge of the canvas cuts, so that they are means of fewer pixels.

    Args:
        kept: the place of each row in its canvas, pixels, shape (rows,).
        length: pixels of the canvas.
        window: pixels of the box.
        is_reversed: whether the row is asked for the other way.
        widest: the widest box there is, pixels.

    Returns:
        Shape (rows, 2 * widest - 1), from the first pixel of the window on, 0 for those beyond the canvas.
    """
    kept, length, window = kept[:, np.newaxis], length[:, np.newaxis], window[:, np.newaxis]
    ahead = (window + 2) // 2
    behind = window - ahead
    box = kept - behind + np.arange(widest)  # the places that the second box takes the mean of
    is_there = (box >= 0) & (box < np.minimum(length, kept + ahead))
    of_each = np.minimum(length, box + ahead) - np.maximum(0, box - behind)
    once = np.zeros((len(kept), widest + 1))
    np.cumsum(np.where(is_there, 1 / np.maximum(1, of_each), 0), axis=1, out=once[:, 1:])
    place = np.broadcast_to(np.arange(2 * widest - 1), (len(kept), 2 * widest - 1))
    upper, lower = np.minimum(place + 1, widest), np.clip(place + 1 - window, 0, widest)
    weights = np.take_along_axis(once, upper, 1) - np.take_along_axis(once, lower, 1)
    pixel = kept - 2 * behind + place
    weights[(pixel < 0) | (pixel >= length) | (place >= 2 * window - 1)] = 0
    weights /= np.count_nonzero(is_there, axis=1)[:, np.newaxis]
    backwards = np.clip(2 * window - 2 - place, 0, 2 * widest - 2)
    turned = np.where(place < 2 * window - 1, np.take_along_axis(weights, backwards, 1), 0)
    return np.where(is_reversed[:, np.newaxis], turned, weights)
