"""Hash the re-posts that are likely, before they are made.

Partners match PDQ at a distance of 31 bits, and at that distance one hash finds a re-compressed or resized copy and
little else. So a picture is also hashed as it would look mirrored, cropped, framed, captioned or slightly turned. It is
decoded and walked over once; the re-posts are computed from the block means that the walk leaves behind. Crops and
paddings are separable, as PDQ itself is: one operator for the rows, one for the columns, and their reversal for a mirror.

Which re-posts a level holds is data with a version, `coverage-v2.json`, chosen by greedy search in
`hashclient.lab.cover`. What it finds, and what it costs: `docs/coverage.md`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.pdq import LEAST_SIDE, PdqHasher, coefficients, hash_coefficients
from hashclient.hashing.reduction import SIDE
from hashclient.hashing.reference_rounding import GRADIENTS_A_POINT
from hashclient.hashing.reposts.block_means import Axis, BlockMeans, BlockMeansMaker, Pieces, Rows
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
from hashclient.hashing.reposts.rotation import Blurs, Reading
from hashclient.hashing.reposts.spans import Span, rows_of
from hashclient.model import Signal
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.pixels import Pixels
from hashclient.vocabulary import Coverage, SignalType

_COLUMNS_AT_ONCE: Final = 16
"""Columns of a reduction that are weighed at once: with more, most weights would be 0."""
_DETAILS_AT_ONCE: Final = 16
"""Re-posts whose detail is measured at once: what comes between stays in the processor's second cache."""
_LEAST_SAMPLES: Final = 32
"""Fewest samples of several pixels that a re-post shows of each side: with 8, as of a strip cut upright, 72 bits were wrong."""
_MOST_STRETCHED_TURN: Final = 4
"""Times the shorter side that the longer may have in a picture that is turned by degrees: of strips up to 24 bits were wrong."""
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
        likely = (
            (one.recipe.variant, one.value, one.quality)
            for one in hash_recipes(means, wanted)
            if is_fit(one, own_quality)
        )
        there = _There(signal.value for signal in signals)
        for variant, value, quality in chain(grounded, likely):
            if quality >= QUALITY_FLOOR and there.adds(value):
                signals.append(Signal(type=self.type, value=value, quality=quality, variant=variant))
        return tuple(signals)


class _There:
    """The hashes that are there already."""

    def __init__(self, values: Iterable[str]) -> None:
        self._by_part: dict[tuple[int, str], list[int]] = {}
        for value in values:
            self._add(value, int(value, 16))

    def adds(self, value: str) -> bool:
        """Tell whether a hash adds something to them; it is then there too.

        Two hashes that differ in 4 bits or fewer have at least one of any five parts in common.
        """
        bits = int(value, 16)
        for part in self._parts(value):
            if any((bits ^ other).bit_count() <= SAME_WITHIN for other in self._by_part.get(part, ())):
                return False
        self._add(value, bits)
        return True

    def _add(self, value: str, bits: int) -> None:
        for part in self._parts(value):
            self._by_part.setdefault(part, []).append(bits)

    @staticmethod
    def _parts(value: str) -> Iterator[tuple[int, str]]:
        length = len(value) // (SAME_WITHIN + 1)
        return ((start, value[start : start + length]) for start in range(0, length * (SAME_WITHIN + 1), length))


def is_fit(repost: "Repost", own_quality: int) -> bool:
    """Tell whether the hash of a re-post may be used: whether it shows enough of the picture, and not mostly a frame.

    Args:
        repost: of a picture.
        own_quality: of the picture, 0 to 100.
    """
    if repost.quality < QUALITY_FLOOR:
        return False
    if not repost.brings_edges:
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
    brings_edges: bool
    """Whether it has detail that the picture has not: `Canvas.brings_edges`."""


def hash_recipes(means: BlockMeans, wanted: Sequence[Recipe]) -> Iterator[Repost]:
    """Hash re-posts of a picture.

    Args:
        means: of the upright picture.
        wanted: the re-posts; one that would have a side under 5 pixels, or show less than that,
            or under 32 samples of a large picture, or would turn a strip by degrees, is left out.

    Returns:
        For each its hash, in the order of `wanted`. A hash lies within 6 bits, and about 1 on average, of that of the
        re-post really made at full size; a few that are turned by degrees lie 8 to 10 bits away, and up to 16 where
        the picture is under 300 pixels (`benchmarks/reposts.py distance`).
    """
    plan = _plan(means.down, means.across, tuple(wanted))
    reduced = plan.reduce(means)
    values = hash_coefficients(coefficients(reduced, precision=np.float32))
    details = _details(reduced, plan.shown)
    for (recipe, canvas), value, (whole, inside) in zip(plan.placed, values, details, strict=True):
        yield Repost(recipe, value, min(100, whole), inside, canvas.brings_edges)


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
    for start in range(0, len(reduced), _DETAILS_AT_ONCE):
        some = slice(start, start + _DETAILS_AT_ONCE)
        down, across = np.diff(reduced[some], axis=1), np.diff(reduced[some], axis=2)
        for ways in (down, across):
            np.multiply(ways, scale, out=ways)
            np.trunc(ways, out=ways)
            np.abs(ways, out=ways)  # whole numbers, whose sums float32 holds
        whole = down.sum(axis=(1, 2)) + across.sum(axis=(1, 2))
        for place, (total, inside) in enumerate(zip(whole.tolist(), shown[some], strict=True)):
            rows, columns = inside or (slice(0, SIDE), slice(0, SIDE))
            steps = (
                down[place, rows.start : rows.stop - 1, columns],
                across[place, rows, columns.start : columns.stop - 1],
            )
            every = int(sum(float(one.sum()) for one in steps)) // GRADIENTS_A_POINT
            gentle = int(sum(float(np.minimum(one, GENTLE).sum()) for one in steps)) // GRADIENTS_A_POINT
            yield int(total) // GRADIENTS_A_POINT, gentle - min(int(STEEP * (every - gentle)), MOST_STEEP)


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


class _Columns(NamedTuple):
    """What the columns of one span weigh, some at a time: with more, most weights would be 0."""

    weighed: tuple[slice, ...]
    """Samples of a line that some columns weigh, counted as in `Rows`."""
    weights: NDArray[np.float32]
    """Shape (parts, samples, columns of a part)."""


@dataclass(frozen=True)
class _Plan:
    """What re-posts of pictures of one size are made with."""

    placed: tuple[tuple[Recipe, Canvas], ...]
    shown: tuple[tuple[slice, slice] | None, ...]
    """Of each re-post, which samples of its reduction show nothing but the picture; None where that is all of it."""
    turned: tuple[tuple[int, Reading], ...]
    """The re-posts that are turned by degrees: their place among all."""
    flat: tuple[_Flat, ...]
    """All others, those that share their columns together."""
    rows: Pieces
    """The 64 rows of each span of rows, one span after the other."""
    row_sums: NDArray[np.float32]
    """How much of each row lies inside the picture, shape (spans, 64)."""
    columns: tuple[_Columns, ...]
    """The columns of each span."""
    column_sums: NDArray[np.float32]

    def reduce(self, means: BlockMeans) -> NDArray[np.float32]:
        """Reduce every re-post to 64 x 64; those that share their rows or their blur share the work on them."""
        reduced = np.empty((len(self.placed), SIDE, SIDE), np.float32)
        blurs = Blurs(means)
        for place, reading in self.turned:
            reduced[place] = blurs.reduce(reading)
        if self.flat:
            self._reduce_flat(means, reduced)
        return reduced

    def _reduce_flat(self, means: BlockMeans, reduced: NDArray[np.float32]) -> None:
        """Weigh the rows of all re-posts first, then the columns of each."""
        last = max(some.stop for columns in self.columns for some in columns.weighed)
        padded = np.pad(means.luma, ((0, 0), (1, max(1, last - means.luma.shape[1] - 1))), mode="edge")
        lines = self.rows.applied(padded).reshape(-1, SIDE, padded.shape[1])
        for one in self.flat:
            line, made = lines[one.row], reduced[one.place]
            columns = self.columns[one.column]
            for part, weighed in enumerate(columns.weighed):
                some = made[:, part * _COLUMNS_AT_ONCE : (part + 1) * _COLUMNS_AT_ONCE]
                np.matmul(line[:, weighed], columns.weights[part], out=some)
            if one.fill:
                fill = np.float32(one.fill)
                made += fill - np.multiply.outer(self.row_sums[one.row] * fill, self.column_sums[one.column])
            if one.is_transposed:
                made[:] = made.T.copy()


def _whole(sums: NDArray[np.float32]) -> list[slice]:
    """Return which of the 64 rows of each span lie wholly inside the picture."""
    inside = sums > 1 - _ROUNDING
    first, last = inside.argmax(axis=1), SIDE - inside[:, ::-1].argmax(axis=1)
    last = np.where(inside.any(axis=1), last, 1)
    return list(map(slice, first.tolist(), last.tolist()))


def _cut_columns(columns: Rows) -> tuple[_Columns, ...]:
    """Cut the columns of spans, 64 each, into parts that are applied at once."""
    parts = SIDE // _COLUMNS_AT_ONCE
    first = columns.first.reshape(-1, _COLUMNS_AT_ONCE)
    neighbours = columns.weights.shape[1]
    least, most = first.min(axis=1), first.max(axis=1) + neighbours
    dense = np.zeros((len(first), int((most - least).max()), _COLUMNS_AT_ONCE), np.float32)
    part, column = np.indices(first.shape)
    at = (first - least[:, np.newaxis])[..., np.newaxis] + np.arange(neighbours)
    dense[part[..., np.newaxis], at, column[..., np.newaxis]] = columns.weights.reshape(*first.shape, neighbours)
    weighed = [slice(start, start + dense.shape[1]) for start in least.tolist()]
    return tuple(
        _Columns(tuple(weighed[start : start + parts]), dense[start : start + parts])
        for start in range(0, len(first), parts)
    )


@lru_cache(maxsize=8)
def _plan(down: Axis, across: Axis, wanted: tuple[Recipe, ...]) -> _Plan:
    """Place re-posts on pictures of one size, and make what rows and columns are weighed with."""
    is_strip = max(across.length, down.length) > _MOST_STRETCHED_TURN * min(across.length, down.length)
    placed = [
        (recipe, recipe.canvas(across.length, down.length)) for recipe in wanted if not (recipe.tenths and is_strip)
    ]
    placed = [
        (recipe, canvas)
        for recipe, canvas in placed
        if min(*(side for box in (canvas.whole, canvas.inside) for side in (box.height, box.width))) >= LEAST_SIDE
        and all(
            axis.size == 1 or side >= _LEAST_SAMPLES * axis.size
            for side, axis in ((canvas.inside.height, down), (canvas.inside.width, across))
        )
    ]
    by_rows: dict[Span, int] = {}
    by_columns: dict[Span, int] = {}
    flat, turned = [], []
    for place, (recipe, canvas) in enumerate(placed):
        turn = recipe.turn()
        if canvas.degrees:
            turned.append((place, Reading.of(canvas, turn, down, across)))
        else:
            whole, inside = canvas.whole, canvas.inside
            row = Span(whole.top, whole.bottom, inside.top, inside.bottom, turn.rows_reversed)
            column = Span(whole.left, whole.right, inside.left, inside.right, turn.columns_reversed)
            at = by_rows.setdefault(row, len(by_rows)), by_columns.setdefault(column, len(by_columns))
            flat.append(_Flat(place, *at, canvas.fill, turn.transposed))
    rows, columns = rows_of(down, [*(by_rows or {_NONE: 0})]), rows_of(across, [*(by_columns or {_NONE: 0})])
    row_sums, column_sums = rows.sums.reshape(-1, SIDE), columns.sums.reshape(-1, SIDE)
    inner = _whole(row_sums), _whole(column_sums)
    shown: list[tuple[slice, slice] | None] = [None] * len(placed)
    for one in flat:
        where = inner[0][one.row], inner[1][one.column]
        if any(side != slice(0, SIDE) for side in where):
            shown[one.place] = where[::-1] if one.is_transposed else where
    flat.sort(key=lambda one: one.column)
    return _Plan(
        tuple(placed),
        tuple(shown),
        tuple(turned),
        tuple(flat),
        Pieces.of(rows, down.samples),
        row_sums,
        _cut_columns(columns),
        column_sums,
    )
