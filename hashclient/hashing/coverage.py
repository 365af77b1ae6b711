"""Hash the re-posts that are likely, before they are made.

Partners match PDQ at a distance of 31 bits, and at that distance one hash finds a re-compressed or
resized copy and little else. So a picture is also hashed as it would look mirrored, cropped,
framed, captioned or slightly turned. It is decoded and walked over once; the re-posts are computed
from the mini that the walk leaves behind. Crops and paddings are separable, as PDQ itself is: one
operator for the rows, one for the columns, and their reversal for a mirror.

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
from hashclient.hashing.level import GROUNDS, variants
from hashclient.hashing.mini import Axis, Mini, MiniMaker, Operator
from hashclient.hashing.pdq import LEAST_SIDE, PdqHasher, hash_reductions
from hashclient.hashing.pixels import ImagePixels, Turn
from hashclient.hashing.recipe import Canvas, Recipe
from hashclient.hashing.reduction import SIDE, pdq_band
from hashclient.hashing.rotation import Blurred, windows_of
from hashclient.model import Signal
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.vocabulary import Coverage, SignalType


@lru_cache
def recipes(level: Coverage) -> tuple[Recipe, ...]:
    """Give the recipes of a level, the most useful first; the picture itself is not among them."""
    return tuple(map(Recipe, variants(level)))


class CoverageHasher(ImageHasher):
    """PDQ of a picture and of its likely re-posts.

    The picture's own hashes are those of `PdqHasher`, bit for bit. Re-posts whose quality is below
    50, or whose hash is there already, are dropped. A picture whose own quality is below 50 has no
    re-posts: what is added to one would be all that its hash sees. A picture that is transparent in
    parts is also hashed as it looks on a white and on a black page, in place of the last re-posts.

    Args:
        level: how many re-posts.
    """

    type = SignalType.PDQ

    def __init__(self, level: Coverage) -> None:
        self._recipes = recipes(level)

    def hash_image(self, picture: ImagePixels) -> tuple[Signal, ...]:
        """Hash one picture; see `ImageHasher.hash_image`."""
        if not self._recipes:
            return PdqHasher().hash_image(picture)
        walked = MiniMaker(picture)
        signals = list(PdqHasher().hash_image(walked))
        if (signals[0].quality or 0) < QUALITY_FLOOR:
            return tuple(signals)
        there = {signal.value for signal in signals}
        grounded = list(_hash_over_grounds(picture))
        reposts = hash_recipes(walked.mini(), self._recipes[: len(self._recipes) - len(grounded)])
        likely = ((one.recipe.variant, one.value, one.quality) for one in reposts)
        for variant, value, quality in chain(grounded, likely):
            if quality >= QUALITY_FLOOR and value not in there:
                there.add(value)
                signals.append(Signal(type=self.type, value=value, quality=quality, variant=variant))
        return tuple(signals)


def _hash_over_grounds(picture: ImagePixels) -> Iterator[tuple[str, str, int]]:
    """Hash a picture that is transparent in parts as it looks on a page: variant, value and quality."""
    for variant, level in GROUNDS.items():
        if (laid := picture.over(level)) is not None:
            upright = PdqHasher().hash_image(laid)[0]
            yield variant, upright.value, upright.quality or 0


class Hashed(NamedTuple):
    """The hash of one re-post."""

    recipe: Recipe
    value: str
    """64 lower-case hex characters."""
    quality: int
    """0 to 100."""


def hash_recipes(mini: Mini, wanted: Sequence[Recipe]) -> Iterator[Hashed]:
    """Hash re-posts of a picture.

    Args:
        mini: of the upright picture.
        wanted: the re-posts; one that would have a side under 5 pixels is left out.

    Returns:
        For each its hash, in the order of `wanted`. A hash lies within 6 bits, and about 1 on
        average, of that of the re-post really made at full size.
    """
    placed = [(recipe, recipe.canvas(mini.across.length, mini.down.length)) for recipe in wanted]
    placed = [(recipe, canvas) for recipe, canvas in placed if _is_large_enough(canvas)]
    reduced = _reduce(mini, placed)
    for (recipe, _), (value, quality) in zip(placed, hash_reductions(reduced), strict=True):
        yield Hashed(recipe, value, quality)


def _is_large_enough(canvas: Canvas) -> bool:
    return min(canvas.bottom - canvas.top, canvas.right - canvas.left) >= LEAST_SIDE


def _reduce(mini: Mini, placed: Sequence[tuple[Recipe, Canvas]]) -> NDArray[np.float32]:
    """Reduce every re-post to 64 x 64; those that share their rows, their columns or their blur share the work on them."""
    reduced = np.empty((len(placed), SIDE, SIDE), np.float32)
    turned, flat = defaultdict(list), []
    for place, (recipe, canvas) in enumerate(placed):
        if canvas.degrees:
            turned[windows_of(canvas)].append((place, canvas, recipe.turn()))
        else:
            flat.append((place, canvas, recipe.turn()))
    for windows, group in turned.items():
        blurred = Blurred.of(mini, windows=windows)
        for place, canvas, turn in group:
            reduced[place] = blurred.reduce(canvas, turn)
    _reduce_flat(mini, flat, reduced)
    return reduced


def _reduce_flat(mini: Mini, flat: Sequence[tuple[int, Canvas, Turn]], reduced: NDArray[np.float32]) -> None:
    """Reduce the re-posts that are not turned by degrees: all by their rows first, then by their columns."""
    down = {(canvas.top, canvas.bottom, turn.rows_reversed) for _, canvas, turn in flat}
    order = {key: place for place, key in enumerate(sorted(down))}
    by_rows = [_operator(mini.down, top, bottom, is_reversed=reverse) for top, bottom, reverse in order]
    lines = np.empty((len(by_rows), SIDE, mini.across.samples()), np.float32)
    for some, rows in zip(lines, by_rows, strict=True):
        some[:] = rows.down(mini.luma)
    across = defaultdict(list)
    for place, canvas, turn in flat:
        row = order[canvas.top, canvas.bottom, turn.rows_reversed]
        across[canvas.left, canvas.right, turn.columns_reversed].append((place, row, canvas.fill, turn.transposed))
    for (left, right, reverse), group in across.items():
        columns = _operator(mini.across, left, right, is_reversed=reverse)
        every = columns.across(lines[[row for _, row, _, _ in group]])
        for inside, (place, row, fill, transposed) in zip(every, group, strict=True):
            ground = np.float32(fill) * (1 - np.outer(by_rows[row].inside, columns.inside)) if fill else 0
            reduced[place] = (inside + ground).T if transposed else inside + ground


@lru_cache(maxsize=512)
def _operator(axis: Axis, start: int, stop: int, *, is_reversed: bool) -> Operator:
    """Make PDQ's operator for a canvas from pixel `start` to before `stop`, written for the samples of a mini."""
    band = pdq_band(stop - start)
    band = band.reversed() if is_reversed else band
    return Operator.of(axis, band.neighbours() + start, band.weights / band.scale)
