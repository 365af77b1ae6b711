"""Name the shapes in which people post pictures again, as recipes: what a search for coverage may choose from.

Each function makes one recipe and its name; `mirrored` and `oriented` turn any of them. None is a layout of an app: different
pictures in one layout come near each other (`docs/coverage.md`).

    crop-LEFT-TOP-RIGHT-BOTTOM     cut off, thousandths of the sides       crop-20-40-20-20
    inset-SIZE                     as much on all sides                    inset-45
    cut-WxH[-PLACE]                the largest window of that shape        cut-4x5, cut-1x1-35
    border-GREY-SIZE               around it, of the shorter side          border-white-40
    polaroid-SIDE-BELOW            white around it, of the width           polaroid-40-160
    bar-top-GREY-SIZE              above, of the height; bottom, both      bar-both-black-90
    pad-WxH-GREY[-PLACE]           all of it on that shape                 pad-9x16-black-30
    turn-[cut-|shape-](p|m)TENTHS  turned, p counter-clockwise             turn-shape-m40
    CUT+FRAME                      one after the other                     inset-25+bar-top-white-90
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Final

from hashclient.hashing.reposts.recipe import Corners, Measure, Recipe

ORIENTATIONS: Final = {
    "mirror": 2,
    "rotate180": 3,
    "flip": 4,
    "transpose": 5,
    "rotate90": 6,
    "transverse": 7,
    "rotate270": 8,
}
"""The seven turns and mirrors, as EXIF orientations; `rotate90` is clockwise."""
BLACK, DARK, GREY, PAPER, WHITE = 0, 40, 128, 246, 255
"""Luma of what is added; paper is the white of Polaroids."""
_GREYS: Final = {BLACK: "black", DARK: "dark", GREY: "grey", PAPER: "paper", WHITE: "white"}
MIDDLE: Final = 50
"""Percent of the spare room that lie before what stands in the middle."""


def original() -> Recipe:
    """Leave the picture as it is."""
    return Recipe("original")


def crop(left: int, top: int, right: int, bottom: int) -> Recipe:
    """Cut off thousandths of the width and the height."""
    return Recipe(f"crop-{left}-{top}-{right}-{bottom}", cut=(left, top, right, bottom))


def inset(size: int) -> Recipe:
    """Cut off as many thousandths on all sides."""
    return Recipe(f"inset-{size}", cut=(size,) * 4)


def cut(wide: int, high: int, place: int = MIDDLE) -> Recipe:
    """Cut out the largest window of a shape."""
    return Recipe(f"cut-{wide}x{high}{_where(place)}", cut=(wide, high, place))


def border(grey: int, size: int) -> Recipe:
    """Add thousandths of the shorter side all around."""
    return Recipe(f"border-{_GREYS[grey]}-{size}", pad=(size,) * 4, of=Measure.SHORT, fill=grey)


def polaroid(side: int, below: int) -> Recipe:
    """Add paper: thousandths of the width on three sides, and more below."""
    return Recipe(f"polaroid-{side}-{below}", pad=(side, side, side, below), of=Measure.WIDTH, fill=PAPER)


def bar(where: str, grey: int, size: int) -> Recipe:
    """Add thousandths of the height above (`top`), below (`bottom`) or on `both` sides."""
    above, below = (size if where in {side, "both"} else 0 for side in ("top", "bottom"))
    return Recipe(f"bar-{where}-{_GREYS[grey]}-{size}", pad=(0, above, 0, below), fill=grey)


def pad(wide: int, high: int, grey: int, place: int = MIDDLE) -> Recipe:
    """Put the whole picture on a shape."""
    return Recipe(f"pad-{wide}x{high}-{_GREYS[grey]}{_where(place)}", pad=(wide, high, place), fill=grey)


def turn(tenths: int, corners: Corners = Corners.FILLED) -> Recipe:
    """Turn by tenths of a degree, counter-clockwise; corners are black or cut away."""
    kind = "" if corners is Corners.FILLED else f"{corners}-"
    return Recipe(f"turn-{kind}{'p' if tenths > 0 else 'm'}{abs(tenths)}", tenths=tenths, corners=corners)


def framed(inner: Recipe, frame: Recipe) -> Recipe:
    """Cut first, then add."""
    return replace(frame, variant=f"{inner.variant}+{frame.variant}", cut=inner.cut)


def oriented(recipe: Recipe, name: str) -> Recipe:
    """Turn or mirror a recipe that is neither yet."""
    variant = name if recipe.variant == "original" else f"{name}+{recipe.variant}"
    return replace(recipe, variant=variant, orientation=ORIENTATIONS[name])


def mirrored(recipe: Recipe) -> Recipe:
    """Mirror a recipe, left to right."""
    return oriented(recipe, "mirror")


def _where(place: int) -> str:
    return "" if place == MIDDLE else f"-{place}"


_INSETS: Final = (
    4,
    8,
    12,
    15,
    18,
    22,
    25,
    28,
    34,
    38,
    44,
    52,
    58,
    66,
    76,
    82,
    90,
    98,
    108,
    112,
    118,
    123,
    128,
    140,
    146,
    152,
    165,
)
_UNEVEN: Final = ((0, 20, 40), (8, 32), (0, 35), (15, 45), (0, 30, 60), (10, 50), (0, 45, 90), (20, 60), (15, 45, 75))
"""What is cut off each side, in every combination."""
_ONE_SIDE: Final = (30, 60, 90, 120, 150)
_SHAPES: Final = ((1, 1), (4, 5), (3, 4), (2, 3), (9, 16), (16, 9), (3, 2), (5, 4), (4, 3))
_SCREENS: Final = ((6, 13), (1, 2), (9, 20))
_PLACES: Final = (26, 30, 34, 37, 40, 44, 47, 50, 53, 57, 60, 64, 67, 71, 75)
_BORDERS: Final = (12, 17, 22, 28, 38, 44, 52, 62, 68, 82, 92, 104)
_BARS: Final = (55, 65, 75, 86, 96, 112, 122, 135, 150, 165, 180, 200, 220, 245, 270, 300)
_POLAROIDS: Final = (range(30, 91, 12), range(125, 296, 20))
_TENTHS: Final = (7, 13, 16, 23, 28, 36, 42, 50, 62, 70, 78, 88, 98)
_SLIGHT_TENTHS: Final = (7, 14, 25, 34)
_FRAMED_INSETS: Final = (12, 22, 34, 50)
_FRAMED_CUTS: Final = ((4, 5, 50), (3, 4, 50), (1, 1, 50), (1, 1, 36), (1, 1, 65))


def candidates() -> list[Recipe]:
    """Make everything that a search may choose from, the picture itself first; each once, and mirrored too.

    No severity of a held cell of `posts-v1` and `fifteen-v1` is among it.
    """
    plain = {recipe.variant: recipe for recipe in (original(), *_cuts(), *_turns(), *_framings(), *_framed_cuts())}
    quarters = [oriented(original(), name) for name in ORIENTATIONS if name != "mirror"]
    return [*plain.values(), *map(mirrored, plain.values()), *quarters]


def _cuts() -> Iterator[Recipe]:
    yield from map(inset, _INSETS)
    for sizes in _UNEVEN:
        yield from (crop(*sides) for sides in product(sizes, repeat=4) if len(set(sides)) > 1)
    for size in _ONE_SIDE:
        yield from (crop(*(size * (side == which) for side in range(4))) for which in range(4))
    yield from (cut(*form, place) for form in _SHAPES for place in _PLACES)


def _turns() -> Iterator[Recipe]:
    for corners in (Corners.FILLED, Corners.SHAPE):
        yield from (turn(way * size, corners) for size in _TENTHS for way in (1, -1))
    yield from (turn(way * size, Corners.CUT) for size in _SLIGHT_TENTHS for way in (1, -1))


def _framings() -> Iterator[Recipe]:
    yield from (border(grey, size) for grey in (BLACK, GREY, WHITE) for size in _BORDERS)
    yield from (
        bar(where, grey, size) for where in ("top", "bottom", "both") for grey in (BLACK, GREY, WHITE) for size in _BARS
    )
    yield from (polaroid(*sizes) for sizes in product(*_POLAROIDS))
    for grey in (BLACK, WHITE):
        yield from (pad(*form, grey, place) for form in (*_SHAPES, *_SCREENS) for place in _PLACES)
    for grey in (DARK, GREY):
        yield from (pad(*form, grey) for form in (*_SHAPES, *_SCREENS))


def _framed_cuts() -> Iterator[Recipe]:
    inner = [*map(inset, _FRAMED_INSETS), *(cut(*form) for form in _FRAMED_CUTS)]
    for one, grey in product(inner, (BLACK, WHITE)):
        yield from (framed(one, border(grey, size)) for size in (28, 44, 62))
        yield from (framed(one, pad(*form, grey)) for form in ((1, 1), (4, 5), (9, 16)))
    for one, grey in product(map(inset, _FRAMED_INSETS), (BLACK, WHITE)):
        yield from (
            framed(one, bar(where, grey, size)) for where in ("top", "bottom") for size in (75, 96, 122, 150, 180)
        )
