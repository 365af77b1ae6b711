"""Edits that put a picture beside others; the others are donors, which are related to what comes out."""

from PIL import Image

from hashclient.lab.transforms import draw
from hashclient.lab.transforms.draw import rounded
from hashclient.lab.transforms.interface import By, Number, register

_CELLS = Number(1, 4, is_whole=True)
_SHARE_OF_WIDTH = Number(0.1, 0.8)


def _neighbours(*, nx: int, ny: int, gap: float) -> int:  # noqa: ARG001  # every parameter is given
    return nx * ny - 1


@register("beside.grid", is_seeded=True, donors=_neighbours, nx=_CELLS, ny=_CELLS, gap=Number(0, 0.2))
def grid(picture: Image.Image, by: By, *, nx: int, ny: int, gap: float) -> Image.Image:
    """Put it into one cell of a grid, drawn, and donors into the others; the gap is a share of the width, white."""
    width, height = (max(1, rounded(side / max(nx, ny))) for side in picture.size)
    between = rounded(gap * picture.width)
    size = nx * width + (nx - 1) * between, ny * height + (ny - 1) * between
    canvas, own = Image.new("RGB", size, (255, 255, 255)), int(by.rng.integers(nx * ny))
    donors = iter(range(nx * ny))
    for place in range(nx * ny):
        shown = (
            draw.scaled(picture, width, height)
            if place == own
            else draw.covering(by.donor(next(donors)), width, height)
        )
        canvas.paste(shown, (place % nx * (width + between), place // nx * (height + between)))
    return canvas


def _in_corner(ground: Image.Image, small: Image.Image, by: By) -> Image.Image:
    margin = rounded(0.03 * ground.width)
    free = max(0, ground.width - small.width - 2 * margin), max(0, ground.height - small.height - 2 * margin)
    right, low = (int(way) for way in by.rng.integers(0, 2, 2))
    ground.paste(small, (margin + right * free[0], margin + low * free[1]))
    return ground


@register("beside.corner_of", is_seeded=True, donors=1, f=_SHARE_OF_WIDTH)
def corner_of(picture: Image.Image, by: By, *, f: float) -> Image.Image:
    """Put it, small, into a corner of a donor."""
    ground = draw.covering(by.donor(0), *picture.size)
    return _in_corner(ground, draw.scaled(picture, rounded(f * picture.width), rounded(f * picture.height)), by)


@register("beside.corner_in", is_seeded=True, donors=1, f=_SHARE_OF_WIDTH)
def corner_in(picture: Image.Image, by: By, *, f: float) -> Image.Image:
    """Put a donor, small, into its corner."""
    donor = by.donor(0)
    wide = rounded(f * picture.width)
    return _in_corner(picture.copy(), draw.scaled(donor, wide, rounded(wide * donor.height / donor.width)), by)
