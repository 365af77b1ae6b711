"""Hash the re-posts that are likely, before they are made.

Partners match PDQ at a distance of 31 bits, and at that distance one hash finds a re-compressed or resized copy and
little else. So a picture is also hashed as it would look mirrored, cropped, framed, captioned or slightly turned. It is
decoded and walked over once; the re-posts are computed from the block means that the walk leaves behind. Crops and
paddings are separable, as PDQ itself is: one operator for the rows, one for the columns, and their reversal for a mirror.

Which re-posts a level holds is data with a version, `coverage-v1.json`, chosen by greedy search in
`benchmarks/coverage_search.py`. What it finds, and what it costs: `docs/coverage.md`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.pdq import LEAST_SIDE, PdqHasher, coefficients, hash_coefficients
from hashclient.hashing.reduction import SIDE, Operator, pdq_band
from hashclient.hashing.reference_rounding import GRADIENTS_A_POINT
from hashclient.hashing.reposts.block_means import Axis, BlockMeans, BlockMeansMaker, operator_on_samples
from hashclient.hashing.reposts.levels import EDGES_FLOOR, GROUNDS, variants
from hashclient.hashing.reposts.recipe import Canvas, Recipe
from hashclient.hashing.reposts.rotation import Blurred, windows_of
from hashclient.model import Signal
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.pixels import Pixels, Turn
from hashclient.vocabulary import Coverage, SignalType


@lru_cache
def recipes(level: Coverage) -> tuple[Recipe, ...]:
    """Return the recipes of a level, the most useful first; the picture itself is not among them."""
    return tuple(map(Recipe, variants(level)))


class CoverageHasher(ImageHasher):
    """PDQ of a picture and of its likely re-posts.

    The picture's own hashes are those of `PdqHasher`, bit for bit. Re-posts whose quality is below 50, or whose hash is
    there already, are dropped. A picture whose own quality is below 50 has no re-posts: what is added to one would be
    all that its hash sees. Below `EDGES_FLOOR` it has none that bring edges of their own, for the same reason. A picture
    that is transparent in parts is also hashed as it looks on a white and on a black page, in place of the last re-posts.

    Args:
        level: how many re-posts.
    """

    type = SignalType.PDQ

    def __init__(self, level: Coverage) -> None:
        self._recipes = recipes(level)

    def hash_image(self, pixels: Pixels) -> tuple[Signal, ...]:
        """Hash one picture; see `ImageHasher.hash_image`."""
        if not self._recipes:
            return PdqHasher().hash_image(pixels)
        walked = BlockMeansMaker(pixels)
        signals = list(PdqHasher().hash_image(walked))
        own_quality = signals[0].quality or 0
        if own_quality < QUALITY_FLOOR:
            return tuple(signals)
        there = {signal.value for signal in signals}
        means, wanted, grounded = walked.block_means(), self._recipes, []
        if own_quality >= EDGES_FLOOR:
            grounded = list(_hash_over_grounds(pixels))
            wanted = wanted[: len(wanted) - len(grounded)]
        else:
            size = means.across.length, means.down.length
            wanted = tuple(recipe for recipe in wanted if not recipe.brings_edges(*size))
        reposts = hash_recipes(means, wanted)
        likely = ((one.recipe.variant, one.value, one.quality) for one in reposts)
        for variant, value, quality in chain(grounded, likely):
            if quality >= QUALITY_FLOOR and value not in there:
                there.add(value)
                signals.append(Signal(type=self.type, value=value, quality=quality, variant=variant))
        return tuple(signals)


def _hash_over_grounds(pixels: Pixels) -> Iterator[tuple[str, str, int]]:
    """Hash a picture that is transparent in parts as it looks on a page: variant, value and quality."""
    for variant, level in GROUNDS.items():
        if (composited := pixels.composite(level)) is not None:
            upright = PdqHasher().hash_image(composited)[0]
            yield variant, upright.value, upright.quality or 0


class Repost(NamedTuple):
    """The hash of one re-post."""

    recipe: Recipe
    value: str
    """64 lower-case hex characters."""
    quality: int
    """0 to 100."""


def hash_recipes(means: BlockMeans, wanted: Sequence[Recipe]) -> Iterator[Repost]:
    """Hash re-posts of a picture.

    Args:
        means: of the upright picture.
        wanted: the re-posts; one that would have a side under 5 pixels is left out.

    Returns:
        For each its hash, in the order of `wanted`. A hash lies within 6 bits, and about 1 on average, of that of the
        re-post really made at full size.
    """
    placed = [(recipe, recipe.canvas(means.across.length, means.down.length)) for recipe in wanted]
    placed = [(recipe, canvas) for recipe, canvas in placed if min(canvas.height, canvas.width) >= LEAST_SIDE]
    reduced = _reduce(means, placed)
    values = hash_coefficients(coefficients(reduced, precision=np.float32))
    for (recipe, _), value, quality in zip(placed, values, _qualities(reduced), strict=True):
        yield Repost(recipe, value, quality)


def _qualities(reduced: NDArray[np.float32]) -> list[int]:
    """Measure the detail of many reductions, shape (re-posts, 64, 64), as `hashclient.hashing.pdq.quality` does of one.

    NOTE: gradients are scaled in one step, not in two as in the reference; 20 of the float32 values from 0 to 255 are
    then cut to another whole number.
    """
    whole = np.zeros(len(reduced), np.int64)
    for differences in (np.diff(reduced, axis=1), np.diff(reduced, axis=2)):
        hundredths = (differences * np.float32(100 / 255)).astype(np.int16)
        whole += np.abs(hundredths).sum(axis=(1, 2), dtype=np.int64)
    qualities: list[int] = np.minimum(100, whole // GRADIENTS_A_POINT).tolist()
    return qualities


def _reduce(means: BlockMeans, placed: Sequence[tuple[Recipe, Canvas]]) -> NDArray[np.float32]:
    """Reduce every re-post to 64 x 64; those that share their rows, their columns or their blur share the work on them."""
    reduced = np.empty((len(placed), SIDE, SIDE), np.float32)
    turned, flat = defaultdict(list), []
    for place, (recipe, canvas) in enumerate(placed):
        if canvas.degrees:
            turned[windows_of(canvas)].append((place, canvas, recipe.turn()))
        else:
            flat.append((place, canvas, recipe.turn()))
    for windows, group in turned.items():
        blurred = Blurred.of(means, windows=windows)
        for place, canvas, turn in group:
            reduced[place] = blurred.reduce(canvas, turn)
    _reduce_flat(means, flat, reduced)
    return reduced


def _reduce_flat(means: BlockMeans, flat: Sequence[tuple[int, Canvas, Turn]], reduced: NDArray[np.float32]) -> None:
    """Reduce the re-posts that are not turned by degrees: all by their rows first, then by their columns."""
    down = {(canvas.top, canvas.bottom, turn.rows_reversed) for _, canvas, turn in flat}
    order = {key: place for place, key in enumerate(sorted(down))}
    by_rows = [_operator(means.down, top, bottom, is_reversed=reverse) for top, bottom, reverse in order]
    lines = np.zeros((len(by_rows), SIDE, means.across.samples), np.float32)
    for some, rows in zip(lines, by_rows, strict=True):
        rows.add_down(means.luma, some)
    across = defaultdict(list)
    for place, canvas, turn in flat:
        row = order[canvas.top, canvas.bottom, turn.rows_reversed]
        across[canvas.left, canvas.right, turn.columns_reversed].append((place, row, canvas.fill, turn.transposed))
    for (left, right, reverse), group in across.items():
        columns = _operator(means.across, left, right, is_reversed=reverse)
        every = columns.across(lines[[row for _, row, _, _ in group]])
        for inside, (place, row, fill, transposed) in zip(every, group, strict=True):
            ground = np.float32(fill) * (1 - np.outer(by_rows[row].sums, columns.sums)) if fill else 0
            reduced[place] = (inside + ground).T if transposed else inside + ground


@lru_cache(maxsize=512)
def _operator(axis: Axis, start: int, stop: int, *, is_reversed: bool) -> Operator:
    """Make PDQ's operator for a canvas from pixel `start` to before `stop`, on samples.

    A row's weights add up to how much of it lies inside the picture, 0 to 1.
    """
    band = pdq_band(stop - start)
    band = band.reversed() if is_reversed else band
    return operator_on_samples(axis, band.neighbours + start, band.weights / band.scale)
