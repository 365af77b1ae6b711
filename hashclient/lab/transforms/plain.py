"""The simplest edits, one thing each: what the first coverage sets were chosen for and are still measured by."""

from PIL import Image

from hashclient.lab.transforms import draw
from hashclient.lab.transforms.draw import COLOURS, rounded
from hashclient.lab.transforms.frame import placed
from hashclient.lab.transforms.interface import By, Number, OneOf, register
from hashclient.lab.transforms.shape import without_sides

_SHARE_OF_SIDE = Number(0, 0.4)
_CLOCKWISE = {"90": Image.Transpose.ROTATE_270, "180": Image.Transpose.ROTATE_180, "270": Image.Transpose.ROTATE_90}


@register("plain.sides", left=_SHARE_OF_SIDE, top=_SHARE_OF_SIDE, right=_SHARE_OF_SIDE, bottom=_SHARE_OF_SIDE)
def sides(picture: Image.Image, _by: By, *, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """Cut a share of the width or the height off each side."""
    return without_sides(picture, left, top, right, bottom)


@register("plain.scale", f=Number(0.1, 2))
def scale(picture: Image.Image, _by: By, *, f: float) -> Image.Image:
    """Scale both sides."""
    return draw.scaled(picture, rounded(picture.width * f), rounded(picture.height * f))


@register("plain.bar", where=OneOf(("above", "below")), colour=OneOf(("white", "black")), f=Number(0.01, 0.6))
def empty_bar(picture: Image.Image, _by: By, *, where: str, colour: str, f: float) -> Image.Image:
    """Add a bar with nothing in it, a share of the height."""
    added = rounded(f * picture.height)
    at = (0, added if where == "above" else 0)
    return placed(picture, (picture.width, picture.height + added), at, COLOURS[colour])


@register("plain.quarter", clockwise=OneOf(tuple(_CLOCKWISE)))
def quarter(picture: Image.Image, _by: By, *, clockwise: str) -> Image.Image:
    """Turn by quarters of a circle."""
    return picture.transpose(_CLOCKWISE[clockwise])
