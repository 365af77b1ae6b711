"""A likely re-post, as a name and as geometry.

A recipe is written as the variant of its signals, for example `crop-20-20-20-20`, `mirror+border-white-40` or
`turn-p15`. This file says where the re-post's canvas lies on the picture; hashing it is left to
`hashclient.hashing.reposts.coverage`.

    recipe = original | TURN | SHAPE | TURN+SHAPE
    TURN   = mirror | flip | rotate90 | rotate180 | rotate270 | transpose | transverse
    SHAPE  = crop-LEFT-TOP-RIGHT-BOTTOM      cut off, thousandths of the width and the height
           | crop-FORM                       the middle cut out as square (1:1), tall (4:5) or wide (16:9)
           | border-COLOUR-SIZE              added on every side, thousandths of the shorter side
           | bar-top-COLOUR-SIZE             added above (or bar-bottom: below), thousandths of the height
           | FORM-COLOUR                     filled up to square (1:1), tall (9:16) or wide (16:9)
           | turn-[crop-](p|m)TENTHS         turned by tenths of a degree, p counter-clockwise; the size is
                                             kept and corners are black, or with crop- they are cut away
    COLOUR = black | grey | white
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hashclient.errors import UsageError
from hashclient.pixels import TURNS, Turn

FILLS: Final = {"black": 0, "grey": 128, "white": 255}
"""Luma, 0 to 255, of what a re-post adds."""
TURNED: Final[dict[str, Turn]] = {
    "mirror": TURNS[2],
    "rotate180": TURNS[3],
    "flip": TURNS[4],
    "transpose": TURNS[5],
    "rotate90": TURNS[6],
    "transverse": TURNS[7],
    "rotate270": TURNS[8],
}
"""The seven turns and mirrors; `rotate90` is clockwise."""
_PADDED_TO: Final = {"square": (1, 1), "tall": (9, 16), "wide": (16, 9)}
_CUT_TO: Final = {"square": (1, 1), "tall": (4, 5), "wide": (16, 9)}


@dataclass(frozen=True)
class Canvas:
    """Where a re-post lies on an upright picture, in the picture's pixels; it may reach beyond it."""

    top: int
    bottom: int
    left: int
    right: int
    fill: int = 0
    """Luma, 0 to 255, of what lies beyond the picture."""
    degrees: float = 0.0
    """Degrees by which the picture is turned first, counter-clockwise, about its middle."""

    @property
    def height(self) -> int:
        """Rows, pixels."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns, pixels."""
        return self.right - self.left


def _crop(found: re.Match[str], width: int, height: int) -> Canvas:
    left, top, right, bottom = (int(part) / 1000 for part in found.groups())
    return Canvas(
        round(top * height), height - round(bottom * height), round(left * width), width - round(right * width)
    )


def _cut(found: re.Match[str], width: int, height: int) -> Canvas:
    wide, high = _CUT_TO[found[1]]
    down, across = max(0, height - round(width * high / wide)), max(0, width - round(height * wide / high))
    return Canvas(down // 2, height - down + down // 2, across // 2, width - across + across // 2)


def _border(found: re.Match[str], width: int, height: int) -> Canvas:
    added = round(int(found[2]) / 1000 * min(width, height))
    return Canvas(-added, height + added, -added, width + added, FILLS[found[1]])


def _bar(found: re.Match[str], width: int, height: int) -> Canvas:
    added = round(int(found[3]) / 1000 * height)
    above, below = (added, 0) if found[1] == "top" else (0, added)
    return Canvas(-above, height + below, 0, width, FILLS[found[2]])


def _padded(found: re.Match[str], width: int, height: int) -> Canvas:
    wide, high = _PADDED_TO[found[1]]
    down, across = max(0, round(width * high / wide) - height), max(0, round(height * wide / high) - width)
    top, left = -(down // 2), -(across // 2)
    return Canvas(top, top + height + down, left, left + width + across, FILLS[found[2]])


def _turn(found: re.Match[str], width: int, height: int) -> Canvas:
    degrees = int(found[3]) / (10 if found[2] == "p" else -10)
    across, down = corners(width, height, degrees) if found[1] else (0, 0)
    return Canvas(down, height - down, across, width - across, FILLS["black"], degrees)


_SHAPES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int, int], Canvas]], ...]] = (
    (re.compile(r"crop-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})"), _crop),
    (re.compile(r"crop-(square|tall|wide)"), _cut),
    (re.compile(r"border-(black|grey|white)-(\d{1,3})"), _border),
    (re.compile(r"bar-(top|bottom)-(black|grey|white)-(\d{1,3})"), _bar),
    (re.compile(r"(square|tall|wide)-(black|grey|white)"), _padded),
    (re.compile(r"turn-(crop-)?([pm])(\d{1,3})"), _turn),
)


@dataclass(frozen=True)
class Recipe:
    """One likely re-post.

    Args:
        variant: its name, as in a signal.

    Raises:
        UsageError: no recipe has that name.
    """

    variant: str

    def __post_init__(self) -> None:
        self.canvas(1000, 1000)

    def turn(self) -> Turn:
        """Return the turn that comes last."""
        return TURNED.get(self.variant.partition("+")[0], TURNS[1])

    def canvas(self, width: int, height: int) -> Canvas:
        """Place the re-post, before its turn, on an upright picture of `width` and `height` pixels."""
        first, _, rest = self.variant.partition("+")
        shape = rest if first in TURNED else self.variant
        if shape == "original" or self.variant in TURNED:
            return Canvas(0, height, 0, width)
        for pattern, place in _SHAPES:
            if found := pattern.fullmatch(shape):
                return place(found, width, height)
        raise UsageError("There is no recipe of that name.", hint="See docs/coverage.md.")

    def brings_edges(self, width: int, height: int) -> bool:
        """Tell whether the re-post of a picture has detail that the picture has not: a frame, or what a turn brings.

        A frame, a bar and black corners are edges. Where the corners of a turned picture are cut away, the parabolas by
        which it is approximated leave a pattern that shows in soft pictures.
        """
        canvas = self.canvas(width, height)
        is_within = min(canvas.top, canvas.left) >= 0 and canvas.bottom <= height and canvas.right <= width
        return bool(canvas.degrees) or not is_within


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
