"""Draw what edits add: words, faces, the bars of apps, and pictures to put beside another.

Constants here are frozen by the canaries: a suite whose pixels change gets a new name. The font is Pillow's own, in its
basic layout.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFont

Colour = tuple[int, int, int]
COLOURS: Final[dict[str, Colour]] = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "slate": (38, 38, 42),
    "paper": (247, 246, 242),
}
LINES: Final = ("when you see it", "no words needed", "tag a friend", "every single day", "look at this", "me again")
"""What captions say."""
_GRIDS: Final = ((3, 1.0), (7, 0.6), (15, 0.35), (31, 0.2))
"""Cells a side and weight of the noise that a drawn donor is made of."""


def rounded(value: float) -> int:
    """Round half up, as every fraction of a side is."""
    return int(np.floor(value + 0.5))


def drawn_line(rng: np.random.Generator) -> str:
    """Draw one of the six lines."""
    return LINES[int(rng.integers(len(LINES)))]


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return Pillow's built-in font, size in pixels, at least 6."""
    found = ImageFont.load_default(max(6, size))
    if not isinstance(found, ImageFont.FreeTypeFont):  # Pillow without FreeType
        raise TypeError("this Pillow draws no fonts")
    return found


def write_line(
    picture: Image.Image,
    words: str,
    *,
    centre: tuple[float, float],
    size: float,
    fill: Colour = (255, 255, 255),
    edge: Colour | None = None,
    most: float = 0.94,
) -> None:
    """Write one line about a point, smaller where it would be wider than a share `most` of the picture."""
    wide = font(rounded(size)).getlength(words)
    size = size * min(1.0, most * picture.width / max(1.0, wide))
    ImageDraw.Draw(picture).text(
        centre,
        words,
        fill=fill,
        font=font(rounded(size)),
        anchor="mm",
        stroke_width=max(1, rounded(size / 12)) if edge else 0,
        stroke_fill=edge,
    )


def face(picture: Image.Image, centre: tuple[float, float], diameter: float) -> None:
    """Draw a round yellow face."""
    pen, radius = ImageDraw.Draw(picture), diameter / 2
    x, y = centre

    def disc(dx: float, dy: float, size: float, fill: Colour) -> None:
        pen.ellipse((x + dx - size, y + dy - size, x + dx + size, y + dy + size), fill=fill)

    disc(0, 0, radius, (255, 204, 51))
    for side in (-1, 1):
        disc(side * 0.36 * radius, -0.22 * radius, 0.13 * radius, (82, 60, 20))
    box = (x - 0.52 * radius, y - 0.35 * radius, x + 0.52 * radius, y + 0.6 * radius)
    pen.arc(box, 20, 160, fill=(82, 60, 20), width=max(1, rounded(0.1 * radius)))


def lines_of_grey(
    picture: Image.Image, box: tuple[float, float, float, float], count: int, rng: np.random.Generator, shade: int
) -> None:
    """Draw what words look like from afar: rounded strokes of different lengths, in a box (left, top, right, bottom)."""
    left, top, right, bottom = box
    step = (bottom - top) / max(1, count)
    for place in range(count):
        length = float(rng.uniform(0.45, 1.0)) * (right - left)
        y = top + place * step
        stroke = (left, y + 0.25 * step, left + length, y + 0.7 * step)
        ImageDraw.Draw(picture).rounded_rectangle(stroke, radius=0.2 * step, fill=(shade, shade, shade))


def mask_of_disc(size: tuple[int, int], box: tuple[float, float, float, float]) -> Image.Image:
    """Return a mask, 255 inside the ellipse of a box."""
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    return mask


def laid_over(picture: Image.Image, layer: Image.Image, mask: Image.Image, alpha: float = 1.0) -> Image.Image:
    """Return the picture with a layer over it where the mask says so, at an opacity of 0 to 1."""
    return Image.composite(layer, picture, mask.point([rounded(value * alpha) for value in range(256)]))


def clouds(rng: np.random.Generator, size: tuple[int, int], grids: Sequence[tuple[int, float]] = _GRIDS) -> Image.Image:
    """Draw soft noise: for each channel uniform noise on grids, enlarged to `size` and stretched to 0 to 255."""
    channels: list[NDArray[np.uint8]] = []
    for _ in range(3):
        total = np.zeros((size[1], size[0]), np.float32)
        for cells, weight in grids:
            grid = Image.fromarray(rng.random((cells, cells)).astype(np.float32))
            total += np.float32(weight) * np.asarray(grid.resize(size, Image.Resampling.BICUBIC))
        low, high = float(total.min()), float(total.max())
        channels.append(((total - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))
    return Image.fromarray(np.stack(channels, axis=-1))


def drawn_donor(rng: np.random.Generator, size: tuple[int, int] = (480, 360)) -> Image.Image:
    """Draw an unrelated picture: soft noise with six discs or squares."""
    picture = clouds(rng, size)
    pen, short = ImageDraw.Draw(picture), min(size)
    for _ in range(6):
        radius = float(rng.uniform(0.05, 0.20)) * short
        x, y = float(rng.uniform(0, size[0])), float(rng.uniform(0, size[1]))
        red, green, blue = (int(part) for part in rng.integers(0, 256, 3))
        draw = pen.ellipse if rng.random() < 0.5 else pen.rectangle
        draw((x - radius, y - radius, x + radius, y + radius), fill=(red, green, blue))
    return picture


def scaled(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return the picture at another size, at least a pixel each way."""
    return picture.resize((max(1, width), max(1, height)), Image.Resampling.BICUBIC)


def covering(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return the picture enlarged or reduced to cover a box, the rest cut off on both sides alike."""
    scale = max(width / picture.width, height / picture.height)
    whole = scaled(picture, max(width, rounded(picture.width * scale)), max(height, rounded(picture.height * scale)))
    left, top = (whole.width - width) // 2, (whole.height - height) // 2
    return whole.crop((left, top, left + width, top + height))


def inside(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return the picture as large as it fits into a box."""
    scale = min(width / picture.width, height / picture.height)
    return scaled(picture, rounded(picture.width * scale), rounded(picture.height * scale))


def with_round_corners(picture: Image.Image, radius: float, ground: Image.Image) -> Image.Image:
    """Return the picture with its corners cut round, on a ground of its size."""
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), radius=radius, fill=255)
    return Image.composite(picture, ground, mask)


def is_same(one: Image.Image, other: Image.Image) -> bool:
    """Tell whether two pictures have the same pixels."""
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None
