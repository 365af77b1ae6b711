"""Edits that cut, turn, stretch or mirror a picture."""

import math

import numpy as np
from PIL import Image

from hashclient.lab.transforms import draw
from hashclient.lab.transforms.draw import COLOURS, rounded
from hashclient.lab.transforms.interface import By, Number, OneOf, Ratio, ratio, register


def without_sides(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """Cut a share of the width or the height off each side."""
    width, height = picture.size
    box = (
        rounded(left * width),
        rounded(top * height),
        width - rounded(right * width),
        height - rounded(bottom * height),
    )
    return picture.crop(box)


@register("shape.zoom", z=Number(1, 4))
def zoom(picture: Image.Image, _by: By, *, z: float) -> Image.Image:
    """Keep the middle, one z-th of each side."""
    share = (1 - 1 / z) / 2
    return without_sides(picture, share, share, share, share)


@register("shape.loose", is_seeded=True, m=Number(0, 0.3))
def loose(picture: Image.Image, by: By, *, m: float) -> Image.Image:
    """Cut each side by its own share, drawn up to `m`."""
    return without_sides(picture, *(float(share) for share in by.rng.uniform(0, m, 4)))


@register("shape.cut", to=Ratio(), o=Number(0, 1))
def cut_to(picture: Image.Image, _by: By, *, to: str, o: float) -> Image.Image:
    """Cut the largest window of a shape out; a share `o` of what is left over lies before it."""
    wide = ratio(to)
    width, height = (
        min(picture.width, rounded(picture.height * wide)),
        min(picture.height, rounded(picture.width / wide)),
    )
    left, top = rounded(o * (picture.width - width)), rounded(o * (picture.height - height))
    return picture.crop((left, top, left + width, top + height))


def _either_way(degrees: float, by: By) -> float:
    return degrees if by.rng.random() < 0.5 else -degrees


@register("shape.turn", is_seeded=True, deg=Number(0.1, 30))
def turn_black(picture: Image.Image, by: By, *, deg: float) -> Image.Image:
    """Turn it either way; the size stays and the corners are black."""
    return picture.rotate(_either_way(deg, by), Image.Resampling.BICUBIC)


@register("shape.turnkeep", is_seeded=True, deg=Number(0.1, 30))
def turn_keep(picture: Image.Image, by: By, *, deg: float) -> Image.Image:
    """Turn it either way, and cut so that no corner is black and the shape stays."""
    width, height = picture.size
    sine, cosine = math.sin(math.radians(deg)), math.cos(math.radians(deg))
    share = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    side = (1 - share) / 2
    return without_sides(picture.rotate(_either_way(deg, by), Image.Resampling.BICUBIC), side, side, side, side)


@register("shape.stretch", fx=Number(0.5, 2))
def stretch(picture: Image.Image, _by: By, *, fx: float) -> Image.Image:
    """Stretch the width alone."""
    return draw.scaled(picture, rounded(picture.width * fx), picture.height)


@register("shape.corners", colour=OneOf(("white", "black")), f=Number(0.01, 0.5))
def corners_cut(picture: Image.Image, _by: By, *, colour: str, f: float) -> Image.Image:
    """Round its corners by a share of the short side."""
    return draw.with_round_corners(picture, f * min(picture.size), Image.new("RGB", picture.size, COLOURS[colour]))


@register("shape.mirror")
def mirror(picture: Image.Image, _by: By) -> Image.Image:
    """Mirror it, left to right."""
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def quad(picture: Image.Image, rng: np.random.Generator, k: float) -> Image.Image:
    """Stretch to the whole size what lies within four corners, each drawn up to a share `k` inside."""
    width, height = picture.size
    dx, dy = rng.uniform(0, k, 4) * width, rng.uniform(0, k, 4) * height
    corners = (dx[0], dy[0], dx[1], height - dy[1], width - dx[2], height - dy[2], width - dx[3], dy[3])
    return picture.transform(
        picture.size, Image.Transform.QUAD, [float(one) for one in corners], Image.Resampling.BICUBIC
    )
