"""A likely re-post, as data: one general canvas, laid on a picture.

A recipe says, in this order, how far the picture is turned, what is cut off, what is added around it, in which grey, and
which of the eight orientations it ends in. That is all there is: a new set of re-posts is data, here and in every other
program that reads it (`coverage-v2.json`). Hashing a canvas is left to `hashclient.hashing.reposts.coverage`, and choosing
recipes to `hashclient.lab.cover`.

    {"variant": "mirror+border-white-40", "orientation": 2, "pad": [40, 40, 40, 40], "of": "short", "fill": 255}

`variant` names it in signals and means nothing beyond that. What is left out has the value that changes nothing.
Fractions are thousandths and rounded to whole pixels, halves to even.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

from hashclient.errors import UsageError
from hashclient.model.signal import VARIANT_LENGTH, VARIANT_PATTERN
from hashclient.pixels import TURNS, UPRIGHT, Turn

_MOST_TENTHS: Final = 300
_MOST_CUT: Final = 450
"""Most that is cut off one side, thousandths: something is left between two of them."""
_MOST_ADDED: Final = 4000
_MOST_RATIO: Final = 100
_SHAPE, _SIDES = 3, 4


class Corners(StrEnum):
    """What becomes of the corners of a picture that is turned by degrees."""

    FILLED = "filled"
    """The size is kept, and they are filled."""
    CUT = "cut"
    """They are cut away, and as much as can be is left of each side."""
    SHAPE = "shape"
    """They are cut away, and the picture keeps its shape."""


class Measure(StrEnum):
    """What the thousandths of an addition are of."""

    SIDES = "sides"
    """Left and right of the width, above and below of the height."""
    SHORT = "short"
    """Of the shorter side."""
    WIDTH = "width"
    """Of the width."""


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels of an upright picture: rows `top` to before `bottom`, columns `left` to before `right`."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """Rows, pixels."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns, pixels."""
        return self.right - self.left

    def grown(self, left: int, top: int, right: int, bottom: int) -> "Box":
        """Return it larger by so many pixels on each side; smaller where they are negative."""
        return Box(self.top - top, self.bottom + bottom, self.left - left, self.right + right)


@dataclass(frozen=True)
class Canvas:
    """Where a re-post lies on an upright picture, before its orientation."""

    whole: Box
    """The re-post; it may reach beyond the picture."""
    inside: Box
    """The part of the picture that it shows; all else of it is filled."""
    fill: int = 0
    """Luma, 0 to 255, of what is filled."""
    degrees: float = 0.0
    """Degrees by which the picture is turned first, counter-clockwise, about its middle."""

    @property
    def brings_edges(self) -> bool:
        """Whether the re-post of a picture has detail that the picture has not: a frame, or what a turn brings.

        A frame, a bar and filled corners are edges. Where the corners of a turned picture are cut away, the parabolas by
        which it is approximated leave a pattern that shows in soft pictures.
        """
        return bool(self.degrees) or self.whole != self.inside


@dataclass(frozen=True)
class Recipe:
    """One likely re-post.

    Raises:
        UsageError: a field is out of range, or fields do not fit together.
    """

    variant: str
    """Its name, as in a signal."""
    orientation: int = UPRIGHT
    """EXIF orientation, 1 to 8: the turn or mirror that comes last."""
    tenths: int = 0
    """Tenths of a degree by which the picture is turned first, counter-clockwise; at most 30 degrees either way."""
    corners: Corners = Corners.FILLED
    """What then becomes of the corners."""
    cut: tuple[int, ...] = ()
    """What is cut off: thousandths of the side on the left, top, right and bottom; or a shape, width and height, and where
    in the spare room it lies: percent before it."""
    pad: tuple[int, ...] = ()
    """What is added: as much on the left, top, right and bottom; or a shape and where in the room it has the picture lies."""
    of: Measure = Measure.SIDES
    """What the thousandths that are added are of."""
    fill: int = 0
    """Luma, 0 to 255, of what is added, and of corners."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "corners", Corners(self.corners))
        object.__setattr__(self, "of", Measure(self.of))
        numbers = all(type(one) is int for one in (self.orientation, self.tenths, self.fill))  # True and 1.0 are none
        is_whole = numbers and all(type(part) is tuple for part in (self.cut, self.pad))
        is_name = re.fullmatch(VARIANT_PATTERN, self.variant) and len(self.variant) <= VARIANT_LENGTH
        is_turn = self.orientation in TURNS and abs(self.tenths) <= _MOST_TENTHS
        is_padded_turn = self.tenths and self.pad  # the corners would be filled twice
        fits = _fits(self.cut, most=_MOST_CUT) and _fits(self.pad, most=_MOST_ADDED) and 0 <= self.fill <= 255
        if not (is_whole and is_name and is_turn and fits) or is_padded_turn:
            raise UsageError("There is no such re-post. Nothing was hashed.", hint="See docs/coverage.md.")

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read a recipe.

        Raises:
            UsageError: it is none.
        """
        try:
            parts: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
            }
            return cls(**parts)
        except (AttributeError, TypeError, ValueError):
            raise UsageError("There is no such re-post. Nothing was hashed.", hint="See docs/coverage.md.") from None

    def to_json(self) -> dict[str, Any]:
        """Write it, without what changes nothing."""
        return {
            field.name: list(value) if isinstance(value, tuple) else value
            for field in fields(self)
            if (value := getattr(self, field.name)) != field.default or field.default is MISSING
        }

    def turn(self) -> Turn:
        """Return the turn that comes last."""
        return TURNS[self.orientation]

    def canvas(self, width: int, height: int) -> Canvas:
        """Place the re-post, before its orientation, on an upright picture of `width` and `height` pixels.

        No side of it is longer than 100 times the longer side of the picture, and what it shows lies in the picture. Of a
        narrow picture nothing may be left: a side may then be 0 or less.
        """
        picture = Box(0, height, 0, width)
        if self.tenths and self.corners is not Corners.FILLED:
            find = corners if self.corners is Corners.CUT else corners_of_shape
            across, down = find(width, height, self.tenths / 10)
            picture = picture.grown(-across, -down, -across, -down)
        inside = _cut(picture, self.cut)
        return Canvas(_padded(inside, self.pad, self.of), inside, self.fill, self.tenths / 10)

    def brings_edges(self, width: int, height: int) -> bool:
        """Tell whether `Canvas.brings_edges` holds for a picture of `width` and `height` pixels."""
        return self.canvas(width, height).brings_edges


def _fits(part: tuple[int, ...], *, most: int) -> bool:
    """Tell whether this is nothing, four thousandths, or a shape and a place."""
    if not all(type(one) is int for one in part):
        return False
    if len(part) == _SHAPE:
        wide, high, place = part
        return 0 < wide <= _MOST_RATIO and 0 < high <= _MOST_RATIO and 0 <= place <= 100  # percent
    return not part or (len(part) == _SIDES and all(0 <= one <= most for one in part))


def _cut(box: Box, cut: tuple[int, ...]) -> Box:
    if len(cut) != _SHAPE:
        return _grown(box, cut, box.width, box.height, sign=-1)
    wide, high, place = cut
    across, down = box.width - round(box.height * wide / high), box.height - round(box.width * high / wide)
    return _by_place(box, max(0, across), max(0, down), place, sign=-1)


def _padded(box: Box, pad: tuple[int, ...], of: Measure) -> Box:
    if len(pad) != _SHAPE:
        short = min(box.width, box.height)
        across = short if of is Measure.SHORT else box.width
        return _grown(
            box, pad, across, {Measure.SIDES: box.height, Measure.SHORT: short, Measure.WIDTH: box.width}[of], sign=1
        )
    wide, high, place = pad
    across, down = round(box.height * wide / high) - box.width, round(box.width * high / wide) - box.height
    return _by_place(box, max(0, across), max(0, down), place, sign=1)


def _grown(box: Box, parts: tuple[int, ...], across: int, down: int, *, sign: int) -> Box:
    """Return a box grown by thousandths of `across` left and right and of `down` above and below; or cut by them."""
    if not parts:
        return box
    left, top, right, bottom = (
        sign * round(part / 1000 * of) for part, of in zip(parts, (across, down) * 2, strict=True)
    )
    return box.grown(left, top, right, bottom)


def _by_place(box: Box, across: int, down: int, place: int, *, sign: int) -> Box:
    """Return a box grown, or cut, by so many pixels in all, `place` percent of them before it."""
    left, top = across * place // 100, down * place // 100
    return box.grown(sign * left, sign * top, sign * (across - left), sign * (down - top))


def corners(width: int, height: int, degrees: float) -> tuple[int, int]:
    """Return the pixels to cut off left and right, and above and below, so that no corner of a turned picture shows.

    Args:
        width: columns of the picture.
        height: rows of the picture.
        degrees: less than 45, either way.
    """
    angle = math.radians(abs(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    stretch = cosine * cosine - sine * sine
    inside = (width * cosine - height * sine) / stretch, (height * cosine - width * sine) / stretch
    return math.ceil((width - inside[0]) / 2), math.ceil((height - inside[1]) / 2)


def corners_of_shape(width: int, height: int, degrees: float) -> tuple[int, int]:
    """Return what `corners` returns, for a cut that keeps the shape of the picture."""
    angle = math.radians(abs(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    less = min(width / (width * cosine + height * sine), height / (height * cosine + width * sine))
    return math.ceil(width * (1 - less) / 2), math.ceil(height * (1 - less) / 2)
