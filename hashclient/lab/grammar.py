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

from dataclasses import replace
from typing import Final

from hashclient.hashing.reposts.recipe import Corners, Recipe, Unit

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
    return Recipe(f"cut-{wide}x{high}{_place(place)}", cut=(wide, high, place))


def border(grey: int, size: int) -> Recipe:
    """Add thousandths of the shorter side all around."""
    return Recipe(f"border-{_GREYS[grey]}-{size}", pad=(size,) * 4, of=Unit.SHORT, fill=grey)


def polaroid(side: int, below: int) -> Recipe:
    """Add paper: thousandths of the width on three sides, and more below."""
    return Recipe(f"polaroid-{side}-{below}", pad=(side, side, side, below), of=Unit.WIDTH, fill=PAPER)


def bar(where: str, grey: int, size: int) -> Recipe:
    """Add thousandths of the height above (`top`), below (`bottom`) or on `both` sides."""
    above, below = (size if where in {side, "both"} else 0 for side in ("top", "bottom"))
    return Recipe(f"bar-{where}-{_GREYS[grey]}-{size}", pad=(0, above, 0, below), fill=grey)


def pad(wide: int, high: int, grey: int, place: int = MIDDLE) -> Recipe:
    """Put the whole picture on a shape."""
    return Recipe(f"pad-{wide}x{high}-{_GREYS[grey]}{_place(place)}", pad=(wide, high, place), fill=grey)


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


def _place(place: int) -> str:
    return "" if place == MIDDLE else f"-{place}"
