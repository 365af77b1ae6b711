"""Find the picture inside a framed picture, a Polaroid or a screenshot.

Copies are often shared without what was around them, and the hash of the whole finds none of those. What surrounds a
picture on a screen was drawn by a program: a few even colours, and edges that run straight along the rows and columns, from
one pixel to the next. So the even colours are found on a small reduction, then the largest rectangle that is none of them,
and its edges are looked for at full size. What has no such edges is no frame. Whether the person wants it is left to the
faces, and hashing it to `hashclient.hashing`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashclient.pixels import Pixels, luma

LEAST_INNER_SIDE: Final = 64
"""Pixels: a picture inside has at least so many rows and columns."""
LEAST_SHARE: Final = 0.08
"""Least share of the whole that a picture inside takes."""
MOST_SHARE: Final = 0.97
"""Most of it; more is the whole."""
_LEAST_OF_A_SIDE: Final = 0.3
_BLOCKS: Final = 240
"""Blocks of the reduction on the longer side, about."""
_LINES_OF_A_BLOCK: Final = 3
"""Rows that are looked at of each block."""
_SAMPLES_OF_A_LINE: Final = 4
"""Pixels, about, that are looked at of each block on one of them."""
_SAMPLES_OF_AN_EDGE: Final = 400
"""Pixels, about, that are looked at of each line near an edge."""
_EVEN: Final = 7
"""Luma, 0 to 255, by which a block may differ from an even colour."""
_EVEN_PIXEL: Final = 16
"""The same for a pixel: noise and JPEG are not averaged."""
_MOST_COLOURS: Final = 5
_LEAST_OF_A_COLOUR: Final = 0.03
"""Least share of the whole that an even colour takes."""
_DENSE: Final = 0.5
"""Share of a row or column that must differ from the even colours, to belong to the picture."""
_GAPS: Final = (0.004, 0.012, 0.03)
"""Shares of a side over which a picture may be as even as what surrounds it; what lies closer is part of it."""
_CLEAR: Final = 0.93
"""Share of a line that is even where it parts a picture from words or from another picture."""
_LEAST_STEP: Final = 0.35
"""Least share of an edge along which the even colour ends there: a picture may be as dark as what is around it."""
_STEP_OF_FEW: Final = 0.6
"""The same of the mean of all edges; and of each where a picture has too few of them for a frame."""
_SIDES_OF_A_FRAME: Final = 3
_EVEN_OUTSIDE: Final = 0.5
"""Least share of what surrounds a picture that is of an even colour; the rest is words and signs."""
_EVEN_OUTSIDE_FEW: Final = 0.8
"""The same where it has two sides, or one."""
_LEAST_LINES: Final = 5
"""Rows or columns about an edge."""
_DARK: Final = 24
"""Most luma of a dark bar on one side of a picture; of other colours it is more often the ground, or the sky."""
_BRIGHT: Final = 232
"""Least luma of a bright one."""
_ROUND_ENDS: Final = 0.08
"""Share of an edge at either end that is not looked at: corners may be round."""
_LEAST_SPREAD: Final = 10.0
"""Least standard deviation of luma inside: a picture is no even area."""


@dataclass(frozen=True)
class Rectangle:
    """Rows `top` to before `bottom` and columns `left` to before `right` of a picture, as stored, pixels."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def area(self) -> int:
        """Pixels."""
        return (self.bottom - self.top) * (self.right - self.left)

    def scaled(self, scale: int) -> "Rectangle":
        """Return the same rectangle of the picture at so many times the size."""
        return Rectangle(*(scale * side for side in (self.top, self.bottom, self.left, self.right)))


class CutOut(Pixels):
    """A rectangle of other pixels, walked over in place.

    Args:
        pixels: the whole, as stored.
        rectangle: of it.
    """

    def __init__(self, pixels: Pixels, rectangle: Rectangle) -> None:
        self._pixels, self._rectangle = pixels, rectangle
        size = rectangle.right - rectangle.left, rectangle.bottom - rectangle.top
        full = min(size[0] * pixels.scale, pixels.full_size[0]), min(size[1] * pixels.scale, pixels.full_size[1])
        super().__init__(size, orientation=pixels.orientation, scale=pixels.scale, full_size=full)

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the rows of the rectangle from `start` to before `stop`; a view."""
        top = self._rectangle.top
        return self._pixels.rows(top + start, top + stop)[:, self._rectangle.left : self._rectangle.right]

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the columns of the rectangle from `start` to before `stop`; a view."""
        left = self._rectangle.left
        return self._pixels.columns(left + start, left + stop)[self._rectangle.top : self._rectangle.bottom]

    def exact(self) -> Pixels | None:
        """Decode the picture again, exactly, and return the same rectangle of it."""
        again = self._pixels.exact()
        return None if again is None else CutOut(again, self._rectangle.scaled(self.scale))

    def close(self) -> None:
        """Release the memory of the whole."""
        self._pixels.close()


def find_inner(pixels: Pixels) -> Rectangle | None:
    """Find the picture inside a framed picture or a screenshot.

    Args:
        pixels: as stored.

    Returns:
        Its rectangle, to the pixel or one off; None where there is none, or it is too small, or nearly the whole, and of a
        strip whose longer side is about 240 times the shorter, or more.
    """
    size = max(1, max(pixels.width, pixels.height) // _BLOCKS)
    if min(pixels.width, pixels.height) < max(LEAST_INNER_SIDE, size):
        return None
    blocks = _reduced(pixels, size)
    found: list[tuple[float, int, Rectangle]] = []
    tried = set()
    for differs in _without_even_colours(blocks):
        for gap in _GAPS:
            rough = _dense_rectangle(differs, gap)
            if rough is not None and rough not in tried:
                tried.add(rough)
                if (exact := _refined(pixels, rough, size, differs)) is not None:
                    rectangle, step = exact
                    found.append((round(step, 1), rectangle.area, rectangle))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _reduced(pixels: Pixels, size: int) -> NDArray[np.float32]:
    """Return the mean luma of some lines of each block of `size` pixels, shape (blocks down, blocks across)."""
    down, across, many = pixels.height // size, pixels.width // size, min(size, _LINES_OF_A_BLOCK)
    step, middles = max(1, size // _SAMPLES_OF_A_LINE), range((size - many) // 2, down * size, size)
    lines = (pixels.rows(middle, middle + many)[:, : across * size] for middle in middles)
    some = np.concatenate([line.reshape(many, across, size, -1)[:, :, ::step] for line in lines])
    means = luma(some.reshape(len(some), -1, some.shape[-1])).reshape(down, many, -1).mean(axis=1)
    every: NDArray[np.float32] = means.reshape(down, across, -1) @ np.full(some.shape[2], 1 / some.shape[2], np.float32)
    return every


def _without_even_colours(blocks: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Tell which blocks differ from the even colours that may surround a picture: 1 or 0, of the shape of the blocks.

    One colour is tried after the other, the most frequent first, then two at once.
    """
    counts = np.bincount(np.clip(np.round(blocks), 0, 255).astype(np.int64).ravel(), minlength=256)
    near = np.convolve(counts, np.ones(2 * _EVEN // 3 + 1), "same")
    colours: list[float] = []
    for colour in np.argsort(-near, kind="stable"):
        if near[colour] < _LEAST_OF_A_COLOUR * blocks.size or len(colours) == _MOST_COLOURS:
            break
        if all(abs(float(colour) - other) > _EVEN for other in colours):
            colours.append(float(colour))
    differing = [(np.abs(blocks - colour) > _EVEN).astype(np.float32) for colour in colours]
    yield from differing
    yield from (one * other for one, other in combinations(differing, 2))


def _dense_rectangle(differs: NDArray[np.float32], gap: float) -> tuple[int, int, int, int] | None:
    """Return the largest rectangle whose rows and columns mostly differ from the even colours, in blocks."""
    height, width = differs.shape
    top, bottom, left, right = before = 0, height, 0, width
    for _ in range(4):
        top, bottom = _longest(np.add.reduce(differs[:, left:right], axis=1) > _DENSE * (right - left), gap)
        if top == bottom:
            return None
        left, right = _longest(np.add.reduce(differs[top:bottom], axis=0) > _DENSE * (bottom - top), gap)
        if left == right:
            return None
        if before == (before := (top, bottom, left, right)):
            break
    down, across = bottom - top, right - left
    is_large = down >= _LEAST_OF_A_SIDE * height or across >= _LEAST_OF_A_SIDE * width
    is_part = LEAST_SHARE <= down * across / differs.size <= (1 + MOST_SHARE) / 2
    if not (is_large and is_part):
        return None
    inside = differs[top:bottom, left:right]
    is_one = min(_least_dense(inside), _least_dense(inside.T)) >= 1 - _CLEAR
    return (top, bottom, left, right) if is_one else None


def _least_dense(differs: NDArray[np.float32]) -> float:
    """Return how much of the evenest row near the first or the last differs: a gap there would part words from a picture."""
    shares, near = differs.mean(axis=1), max(1, len(differs) // 4)
    return float(min(shares[:near].min(), shares[-near:].min()))


def _longest(is_dense: NDArray[np.bool_], gap: float) -> tuple[int, int]:
    """Return the longest run of true values, over gaps that are short; (0, 0) where there is none."""
    places = np.flatnonzero(is_dense)
    if not len(places):
        return 0, 0
    breaks = np.flatnonzero(places[1:] - places[:-1] > 1 + gap * len(is_dense))
    if not len(breaks):
        return int(places[0]), int(places[-1]) + 1
    firsts, lasts = np.concatenate(([0], breaks + 1)), np.concatenate((breaks, [len(places) - 1]))
    longest = int((places[lasts] - places[firsts]).argmax())
    return int(places[firsts[longest]]), int(places[lasts[longest]]) + 1


def _refined(
    pixels: Pixels, rough: tuple[int, int, int, int], size: int, differs: NDArray[np.float32]
) -> tuple[Rectangle, float] | None:
    """Look for the edges of a rectangle, in blocks, at full size; None where it is no picture in a frame.

    Returns:
        The rectangle, and the least share of an edge along which the even colour ends there.
    """
    top, bottom, left, right = rough
    outside = np.ones(differs.shape, bool)
    outside[top:bottom, left:right] = False
    even = 1 - float(differs[outside].mean())
    along_rows, along_columns = _middle(left * size, right * size), _middle(top * size, bottom * size)
    ends = pixels.height, pixels.width
    edges = (
        _edge(pixels, top * size, along_rows, is_row=True, is_first=True, reach=size),
        _edge(pixels, min(bottom * size, ends[0]), along_rows, is_row=True, is_first=False, reach=size),
        _edge(pixels, left * size, along_columns, is_row=False, is_first=True, reach=size),
        _edge(pixels, min(right * size, ends[1]), along_columns, is_row=False, is_first=False, reach=size),
    )
    if any(edge is None for edge in edges):
        return None
    found = [edge for edge in edges if edge is not None]
    steps = [edge.step for edge in found if edge.step is not None]
    is_frame = len(steps) >= _SIDES_OF_A_FRAME or (len(steps) > 1 and even >= _EVEN_OUTSIDE_FEW)
    if not steps or min(steps) < (_LEAST_STEP if is_frame else _STEP_OF_FEW) or sum(steps) < _STEP_OF_FEW * len(steps):
        return None
    if even < (_EVEN_OUTSIDE if is_frame else _EVEN_OUTSIDE_FEW):
        return None
    if len(steps) == 1 and not all(edge.colour <= _DARK or edge.colour >= _BRIGHT for edge in found if edge.step):
        return None
    rectangle = Rectangle(*(edge.place for edge in found))
    share = rectangle.area / (pixels.width * pixels.height)
    sides = rectangle.bottom - rectangle.top, rectangle.right - rectangle.left
    if min(sides) < LEAST_INNER_SIDE or not LEAST_SHARE <= share <= MOST_SHARE:
        return None
    return (rectangle, min(steps)) if _deviation(pixels, rectangle) >= _LEAST_SPREAD else None


class _Edge(NamedTuple):
    """One edge of a picture inside."""

    place: int
    """The first line of the picture, or the line after its last."""
    step: float | None
    """Share of the line along which the even colour ends there; None where the picture reaches the edge of the whole."""
    colour: float
    """Luma of the even colour, 0 to 255."""


def _middle(start: int, stop: int) -> slice:
    """Return which pixels of an edge are looked at, none of them at its ends."""
    off = round(_ROUND_ENDS * (stop - start))
    return slice(start + off, max(start + off + 1, stop - off), max(1, (stop - start) // _SAMPLES_OF_AN_EDGE))


def _edge(pixels: Pixels, place: int, along: slice, *, is_row: bool, is_first: bool, reach: int) -> _Edge | None:
    """Look for the line at which an even colour ends, near a place.

    Args:
        pixels: the whole.
        place: row or column, pixels.
        along: the part of each line that is looked at.
        is_row: whether lines are rows.
        is_first: whether the picture lies after the edge, not before it.
        reach: pixels that the place may be off.

    Returns:
        None where there is no such line.
    """
    length = pixels.height if is_row else pixels.width
    margin = 2 * reach + 4
    if place < reach + 2 if is_first else place > length - reach - 2:
        return _Edge(0 if is_first else length, None, 0)
    start, stop = max(0, place - margin), min(length, place + margin)
    lines = luma(pixels.rows(start, stop)[:, along] if is_row else pixels.columns(start, stop)[along].swapaxes(0, 1))
    lines = lines if is_first else lines[::-1]  # from outside in
    outside = lines[: max(1, min(3, len(lines) // 4))]
    colour = float(np.sort(outside, axis=None)[outside.size // 2])
    even = (np.abs(lines - colour) <= _EVEN_PIXEL).mean(axis=1)
    before = np.minimum.accumulate(even)  # the even colour goes on up to the edge
    if len(lines) < _LEAST_LINES:
        return None
    steps = (
        before[:-4] - (even[2:-2] + even[3:-1] + even[4:]) / 3
    )  # of each line but the first: before it, and after it
    best = int(steps.argmax()) + 1
    level = (before[best - 1] + even[best + 1 : best + 4].mean()) / 2
    first = best if even[best] < level else best + 1
    return _Edge(start + first if is_first else stop - first, float(steps[best - 1]), colour)


def _deviation(pixels: Pixels, rectangle: Rectangle) -> float:
    """Return the standard deviation of the luma inside."""
    along = slice(rectangle.left, rectangle.right, max(1, (rectangle.right - rectangle.left) // _SAMPLES_OF_AN_EDGE))
    lines = np.linspace(rectangle.top, rectangle.bottom - 1, 48).astype(np.int64).tolist()
    return float(np.std(luma(np.concatenate([pixels.rows(line, line + 1)[:, along] for line in lines]))))
