"""Hash the re-posts that are likely, before they are made.

Partners match PDQ at a distance of 31 bits, and at that distance one hash finds a re-compressed or resized copy and
little else. So a picture is also hashed as it would look mirrored, cropped, framed, captioned or slightly turned. It is
decoded and walked over once; the re-posts are computed from the block means that the walk leaves behind. Crops and
paddings are separable, as PDQ itself is: one operator for the rows, one for the columns, and their reversal for a mirror.

Which re-posts a level holds is data with a version, `coverage-v2.json`, chosen by greedy search in
`hashclient.lab.cover`. What it finds, and what it costs: `docs/coverage.md`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.pdq import LEAST_SIDE, PdqHasher, coefficients, hash_coefficients
from hashclient.hashing.reduction import SIDE
from hashclient.hashing.reference_rounding import GRADIENTS_A_POINT
from hashclient.hashing.reposts.block_means import Axis, BlockMeans, BlockMeansMaker, Rows, apply_down, beyond
from hashclient.hashing.reposts.levels import (
    EDGES_FLOOR,
    FRAMED_FLOOR,
    GENTLE,
    GROUNDS,
    MOST_STEEP,
    REPOST_FLOOR,
    SAME_WITHIN,
    STEEP,
    TURNED_FLOOR,
    frame_recipes_json,
    recipes_json,
)
from hashclient.hashing.reposts.recipe import Canvas, Recipe
from hashclient.hashing.reposts.rotation import Blurred, windows_of
from hashclient.hashing.reposts.spans import Span, rows_of
from hashclient.model import Signal
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.pixels import Pixels
from hashclient.vocabulary import Coverage, SignalType

_COLUMNS_AT_ONCE: Final = 16
"""Columns of a reduction that are weighed at once: with more, most weights would be 0."""
_ROUNDING: Final = 1e-4
_NONE: Final = Span(0, SIDE, 0, SIDE)


@lru_cache
def recipes(level: Coverage) -> tuple[Recipe, ...]:
    """Return the recipes of a level, the most useful first; the picture itself is not among them."""
    return tuple(map(Recipe.from_json, recipes_json(level)))


@lru_cache
def recipes_of_frames(level: Coverage) -> tuple[Recipe, ...]:
    """Return the recipes of each frame of a video."""
    return tuple(map(Recipe.from_json, frame_recipes_json(level)))


class CoverageHasher(ImageHasher):
    """PDQ of a picture and of its likely re-posts.

    The picture's own hashes are those of `PdqHasher`, bit for bit. A re-post that shows too little of the picture is dropped
    (`is_fit`), and so is one whose hash is nearly there already. A picture whose own quality is below 50 has no re-posts: what
    is added to one would be all that its hash sees. A picture that is transparent in parts is also hashed as it looks on a
    white and on a black page, in place of the last re-posts.

    Args:
        level: how many re-posts.
        listed: other re-posts in place of those of the level.
    """

    type = SignalType.PDQ

    def __init__(self, level: Coverage, listed: Sequence[Recipe] | None = None) -> None:
        self._recipes = recipes(level) if listed is None else tuple(listed)

    def hash_image(self, pixels: Pixels) -> tuple[Signal, ...]:
        """Hash one picture; see `ImageHasher.hash_image`."""
        if not self._recipes:
            return PdqHasher().hash_image(pixels)
        walked = BlockMeansMaker(pixels)
        signals = list(PdqHasher().hash_image(walked))
        own_quality = signals[0].quality or 0
        if own_quality < QUALITY_FLOOR:
            return tuple(signals)
        means, wanted, grounded = walked.block_means(), self._recipes, []
        if own_quality >= EDGES_FLOOR:
            grounded = list(_hash_over_grounds(pixels))
            wanted = wanted[: len(wanted) - len(grounded)]
        size = means.across.length, means.down.length
        likely = (
            (one.recipe.variant, one.value, one.quality)
            for one in hash_recipes(means, wanted)
            if is_fit(one, own_quality, *size)
        )
        there = [int(signal.value, 16) for signal in signals]
        for variant, value, quality in chain(grounded, likely):
            bits = int(value, 16)
            if quality >= QUALITY_FLOOR and all((bits ^ other).bit_count() > SAME_WITHIN for other in there):
                there.append(bits)
                signals.append(Signal(type=self.type, value=value, quality=quality, variant=variant))
        return tuple(signals)


def is_fit(repost: "Repost", own_quality: int, width: int, height: int) -> bool:
    """Tell whether the hash of a re-post may be used: whether it shows enough of the picture, and not mostly a frame.

    Args:
        repost: of a picture.
        own_quality: of the picture, 0 to 100.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    if not repost.recipe.brings_edges(width, height):
        return repost.detail >= REPOST_FLOOR
    floor = TURNED_FLOOR if repost.recipe.tenths else FRAMED_FLOOR
    return own_quality >= EDGES_FLOOR and repost.detail >= floor


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
    detail: int
    """Detail, in points of quality, of what lies inside a frame, or of all of it where there is none: steep edges take from
    it (`levels.GENTLE`), and it may be below 0 or above 100."""


def hash_recipes(means: BlockMeans, wanted: Sequence[Recipe]) -> Iterator[Repost]:
    """Hash re-posts of a picture.

    Args:
        means: of the upright picture.
        wanted: the re-posts; one that would have a side under 5 pixels, or show less than that, is left out.

    Returns:
        For each its hash, in the order of `wanted`. A hash lies within 6 bits, and about 1 on average, of that of the
        re-post really made at full size.
    """
    plan = _plan(means.down, means.across, tuple(wanted))
    reduced = plan.reduce(means)
    values = hash_coefficients(coefficients(reduced, precision=np.float32))
    details = _details(reduced, plan.shown)
    for (recipe, _), value, (whole, inside) in zip(plan.placed, values, details, strict=True):
        yield Repost(recipe, value, min(100, whole), inside)


def _details(reduced: NDArray[np.float32], shown: Sequence[tuple[slice, slice] | None]) -> Iterator[tuple[int, int]]:
    """Measure the detail of many reductions, shape (re-posts, 64, 64), as `hashclient.hashing.pdq.quality` does of one.

    NOTE: gradients are scaled in one step, not in two as in the reference; 20 of the float32 values from 0 to 255 are
    then cut to another whole number.

    Args:
        reduced: the reductions.
        shown: of each, the rows and columns that show nothing but the picture; None where that is all of it.

    Returns:
        For each its quality, which may be above 100, and the detail of what lies in `shown`.
    """
    scale = np.float32(100 / 255)
    down, across = (
        np.abs((differences * scale).astype(np.int16))
        for differences in (np.diff(reduced, axis=1), np.diff(reduced, axis=2))
    )
    whole = down.sum(axis=(1, 2), dtype=np.int64) + across.sum(axis=(1, 2), dtype=np.int64)
    for place, (total, inside) in enumerate(zip(whole.tolist(), shown, strict=True)):
        rows, columns = inside or (slice(0, SIDE), slice(0, SIDE))
        steps = down[place, rows.start : rows.stop - 1, columns], across[place, rows, columns.start : columns.stop - 1]
        every = sum(int(one.sum(dtype=np.int64)) for one in steps) // GRADIENTS_A_POINT
        gentle = sum(int(np.minimum(one, GENTLE).sum(dtype=np.int64)) for one in steps) // GRADIENTS_A_POINT
        yield total // GRADIENTS_A_POINT, gentle - min(int(STEEP * (every - gentle)), MOST_STEEP)


class _Flat(NamedTuple):
    """A re-post that is not turned by degrees."""

    place: int
    """Among the re-posts."""
    row: int
    """Its span among those of rows."""
    column: int
    """The same for columns."""
    fill: int
    is_transposed: bool


@dataclass(frozen=True)
class _Plan:
    """What re-posts of pictures of one size are made with."""

    placed: tuple[tuple[Recipe, Canvas], ...]
    flat: tuple[_Flat, ...]
    rows: Rows
    """The 64 rows of each span of rows, one span after the other."""
    columns: Rows
    """The same for columns."""

    @cached_property
    def shown(self) -> list[tuple[slice, slice] | None]:
        """Of each re-post, which samples of its reduction show nothing but the picture; None where that is all of it."""
        shown: list[tuple[slice, slice] | None] = [None] * len(self.placed)
        down, across = (
            [_whole(rows.sums[start : start + SIDE]) for start in range(0, len(rows.sums), SIDE)]
            for rows in (self.rows, self.columns)
        )
        for one in self.flat:
            where = down[one.row], across[one.column]
            if any(side != slice(0, SIDE) for side in where):
                shown[one.place] = where[::-1] if one.is_transposed else where
        return shown

    def reduce(self, means: BlockMeans) -> NDArray[np.float32]:
        """Reduce every re-post to 64 x 64; those that share their rows or their blur share the work on them."""
        reduced = np.empty((len(self.placed), SIDE, SIDE), np.float32)
        blurred: dict[tuple[tuple[int, int], int], Blurred] = {}
        for place, (recipe, canvas) in enumerate(self.placed):
            if canvas.degrees:
                windows = windows_of(canvas)
                if (windows, canvas.fill) not in blurred:
                    blurred[windows, canvas.fill] = Blurred.of(means, windows=windows, fill=canvas.fill)
                reduced[place] = blurred[windows, canvas.fill].reduce(canvas, recipe.turn())
        if self.flat:
            self._reduce_flat(means, reduced)
        return reduced

    def _reduce_flat(self, means: BlockMeans, reduced: NDArray[np.float32]) -> None:
        """Weigh the rows of all re-posts first, then the columns of each."""
        padded = beyond(means.luma.T, self.columns).T
        lines = apply_down(self.rows, padded).reshape(-1, SIDE, padded.shape[1])
        by_column = defaultdict(list)
        for one in self.flat:
            by_column[one.column].append(one)
        neighbours = np.arange(self.columns.weights.shape[1])
        for column, group in by_column.items():
            of_span = slice(column * SIDE, (column + 1) * SIDE)
            first, weights, sums = (part[of_span] for part in self.columns)
            dense = np.zeros((padded.shape[1], SIDE), np.float32)
            dense[first[:, np.newaxis] + neighbours, np.arange(SIDE)[:, np.newaxis]] = weights
            for start in range(0, SIDE, _COLUMNS_AT_ONCE):
                some = slice(start, start + _COLUMNS_AT_ONCE)
                weighed = slice(int(first[some].min()), int(first[some].max()) + len(neighbours))
                for one in group:
                    np.matmul(lines[one.row][:, weighed], dense[weighed, some], out=reduced[one.place][:, some])
            for one in group:
                if one.fill:
                    of_rows = self.rows.sums[one.row * SIDE : (one.row + 1) * SIDE]
                    reduced[one.place] += np.float32(one.fill) * (1 - np.outer(of_rows, sums))
                if one.is_transposed:
                    reduced[one.place] = reduced[one.place].T.copy()


def _whole(sums: NDArray[np.float32]) -> slice:
    """Return which of 64 rows lie wholly inside the picture."""
    inside = np.flatnonzero(sums > 1 - _ROUNDING)
    return slice(int(inside[0]), int(inside[-1]) + 1) if len(inside) else slice(0, 1)


@lru_cache(maxsize=16)
def _plan(down: Axis, across: Axis, wanted: tuple[Recipe, ...]) -> _Plan:
    """Place re-posts on pictures of one size, and make what rows and columns are weighed with."""
    placed = [(recipe, recipe.canvas(across.length, down.length)) for recipe in wanted]
    placed = [
        (recipe, canvas)
        for recipe, canvas in placed
        if min(*(side for box in (canvas.whole, canvas.inside) for side in (box.height, box.width))) >= LEAST_SIDE
    ]
    by_rows: dict[Span, int] = {}
    by_columns: dict[Span, int] = {}
    flat = []
    for place, (recipe, canvas) in enumerate(placed):
        if not canvas.degrees:
            whole, inside, turn = canvas.whole, canvas.inside, recipe.turn()
            row = Span(whole.top, whole.bottom, inside.top, inside.bottom, turn.rows_reversed)
            column = Span(whole.left, whole.right, inside.left, inside.right, turn.columns_reversed)
            at = by_rows.setdefault(row, len(by_rows)), by_columns.setdefault(column, len(by_columns))
            flat.append(_Flat(place, *at, canvas.fill, turn.transposed))
    spans = [*(by_rows or {_NONE: 0})], [*(by_columns or {_NONE: 0})]
    return _Plan(tuple(placed), tuple(flat), rows_of(down, spans[0]), rows_of(across, spans[1]))
