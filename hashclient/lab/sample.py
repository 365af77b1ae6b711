"""Draw pictures to try the lab on: a few hundred, of kinds that differ and of kinds that look alike.

They are no photographs: figures measured on them are for learning the lab, not for publication. The same seed draws the
same pixels.
"""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.lab.suites import keyed_generator
from hashclient.lab.transforms import draw
from hashclient.lab.transforms.draw import Colour
from hashclient.lab.transforms.interface import By
from hashclient.lab.transforms.over import meme
from hashclient.lab.transforms.screens import post

SAMPLE_COUNT: Final = 240
"""Pictures that are drawn where no number is given."""
_SIZES: Final = ((500, 375), (375, 500), (512, 384), (480, 480), (560, 315))
_JPEG_QUALITY: Final = 92

Rng = np.random.Generator


def drawn_size(rng: Rng) -> tuple[int, int]:
    """Draw the size of a picture, width and height, pixels."""
    return _SIZES[int(rng.integers(len(_SIZES)))]


def drawn_colour(rng: Rng, low: int = 0, high: int = 256) -> Colour:
    """Draw a colour, each part from `low` to before `high`."""
    red, green, blue = (int(part) for part in rng.integers(low, high, 3))
    return red, green, blue


def drawn_slope(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """Draw a soft change of colour from top to bottom."""
    share = np.linspace(0, 1, size[1])[:, np.newaxis, np.newaxis]
    column = np.array(top) * (1 - share) + np.array(bottom) * share
    return Image.fromarray(np.broadcast_to(column + 0.5, (size[1], size[0], 3)).astype(np.uint8))


def with_texture(picture: Image.Image, rng: Rng, strength: float) -> Image.Image:
    """Lay soft noise over it, as much as a share `strength`."""
    cells = ((5, 1.0), (17, 0.7), (61, 0.5))
    return Image.blend(picture, draw.clouds(rng, picture.size, cells), strength)


def _hills(picture: Image.Image, rng: Rng, horizon: float) -> None:
    """Draw three ranges of hills below a height, as a share of the picture."""
    width, height = picture.size
    for place in range(3):
        points = rng.uniform(-0.12, 0.12, 9) + horizon + 0.13 * place
        line = [(step * width / 8, float(point) * height) for step, point in enumerate(points)]
        ImageDraw.Draw(picture).polygon([*line, (width, height), (0, height)], fill=drawn_colour(rng, 20, 170))


def _scene(rng: Rng) -> Image.Image:
    """A landscape with houses, trees and a sun, no two alike."""
    picture = drawn_slope(drawn_size(rng), drawn_colour(rng, 60), drawn_colour(rng, 120))
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    x, y, radius = float(rng.uniform(0, width)), float(rng.uniform(0, 0.4 * height)), float(rng.uniform(15, 60))
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=drawn_colour(rng, 180))
    _hills(picture, rng, float(rng.uniform(0.3, 0.6)))
    for _ in range(int(rng.integers(4, 14))):
        x, y, size = float(rng.uniform(0, width)), float(rng.uniform(0.35, 0.95)) * height, float(rng.uniform(15, 90))
        if rng.random() < 0.5:
            pen.rectangle((x, y - size, x + size * float(rng.uniform(0.4, 1.5)), y), fill=drawn_colour(rng))
        else:
            pen.polygon([(x - size / 2, y), (x, y - 1.6 * size), (x + size / 2, y)], fill=drawn_colour(rng, 0, 150))
    return with_texture(picture, rng, float(rng.uniform(0.15, 0.4)))


def _portrait(rng: Rng) -> Image.Image:
    """A drawn head and shoulders in the middle, as selfies are."""
    picture = with_texture(drawn_slope(drawn_size(rng), drawn_colour(rng, 80), drawn_colour(rng, 60)), rng, 0.25)
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    x, y = width * float(rng.uniform(0.44, 0.56)), height * float(rng.uniform(0.4, 0.5))
    radius = 0.24 * min(width, height) * float(rng.uniform(0.85, 1.2))
    tone, hair = int(rng.integers(95, 240)), drawn_colour(rng, 10, 120)
    skin = tone, int(0.78 * tone), int(0.64 * tone)
    pen.ellipse((x - 2.1 * radius, y + 1.1 * radius, x + 2.1 * radius, y + 5 * radius), fill=drawn_colour(rng))
    pen.ellipse((x - 1.15 * radius, y - 1.5 * radius, x + 1.15 * radius, y + 0.9 * radius), fill=hair)
    pen.ellipse((x - radius, y - 1.25 * radius, x + radius, y + 1.25 * radius), fill=skin)
    for side in (-1, 1):
        eye, size = (x + side * 0.4 * radius, y - 0.2 * radius), 0.12 * radius * float(rng.uniform(0.8, 1.3))
        pen.ellipse((eye[0] - size, eye[1] - size, eye[0] + size, eye[1] + size), fill=(30, 25, 25))
    mouth = (x - 0.45 * radius, y + 0.3 * radius, x + 0.45 * radius, y + 0.8 * radius)
    pen.arc(mouth, 10, 170, fill=(140, 40, 50), width=max(2, draw.rounded(0.09 * radius)))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def _chart(rng: Rng) -> Image.Image:
    """Bars over two lines, on white."""
    width, height = 520, 390
    picture = Image.new("RGB", (width, height), (255, 255, 255))
    pen, count = ImageDraw.Draw(picture), int(rng.integers(5, 11))
    pen.line((50, 30, 50, 350, 500, 350), fill=(40, 40, 40), width=3)
    ink, step = drawn_colour(rng, 0, 200), 440 / count
    for place, share in enumerate(rng.uniform(0.1, 0.95, count)):
        left = 60 + place * step
        pen.rectangle((left, 350 - float(share) * 300, left + 0.7 * step, 350), fill=ink)
    draw.write_line(picture, draw.drawn_line(rng), centre=(width / 2, 18), size=18, fill=(40, 40, 40))
    return picture


def _document(rng: Rng) -> Image.Image:
    """A page of lines that look like words."""
    picture = Image.new("RGB", (390, 520), (252, 251, 248))
    draw.write_line(picture, draw.drawn_line(rng).upper(), centre=(195, 45), size=22, fill=(30, 30, 30))
    top = 80.0
    while top < 480:
        count = int(rng.integers(3, 7))
        draw.lines_of_grey(picture, (40, top, 350, top + 13 * count), count, rng, 70)
        top += 13 * count + 14
    return picture


def _sky(rng: Rng) -> Image.Image:
    """A sky over a low horizon, blue to light, with clouds."""
    picture = drawn_slope((500, 375), (70 + int(rng.integers(40)), 130, 215), (200, 220, 240))
    grey = draw.clouds(rng, picture.size, ((5, 1.0), (12, 0.8), (26, 0.5))).convert("L").convert("RGB")
    picture = Image.blend(picture, grey, float(rng.uniform(0.25, 0.45)))
    ImageDraw.Draw(picture).rectangle((0, 320 + int(rng.integers(20)), 500, 375), fill=drawn_colour(rng, 40, 110))
    return picture


def _lamp(rng: Rng) -> Image.Image:
    """One light in the dark, with a little of what it shines on."""
    y, x = np.mgrid[0:375, 0:500]
    far = np.hypot(x - rng.uniform(150, 350), y - rng.uniform(80, 220)) / float(rng.uniform(25, 60))
    light = 235 * np.exp(-far)[..., np.newaxis] * np.array([1, 0.9, 0.65]) + rng.uniform(4, 14)
    picture = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    return with_texture(picture, rng, float(rng.uniform(0.2, 0.3)))


def _soft(rng: Rng) -> Image.Image:
    """A scene far out of focus."""
    return _scene(rng).filter(ImageFilter.GaussianBlur(float(rng.uniform(5, 7))))


def _screenshot(rng: Rng) -> Image.Image:
    """A post in one app, each with another picture."""
    return post(_scene(rng).resize((390, 300)), By(rng), v="A", theme="light")


def _meme_of_template(rng: Rng) -> Image.Image:
    """The same picture every time, with other words."""
    return meme(draw.drawn_donor(keyed_generator("template")), By(rng), where="both", k=10)


DRAWN_KINDS: Final[Mapping[str, tuple[Callable[[Rng], Image.Image], int]]] = {
    "scenes": (_scene, 8),
    "faces": (_portrait, 3),
    "charts": (_chart, 2),
    "documents": (_document, 2),
    "skies": (_sky, 2),
    "lamps": (_lamp, 2),
    "soft": (_soft, 2),
    "screenshots": (_screenshot, 2),
    "memes": (_meme_of_template, 1),
}
"""How each kind is drawn, and its share of 24 pictures; a kind is the name of its folder."""


def draw_sample(folder: Path, *, count: int = SAMPLE_COUNT, seed: int = 1) -> int:
    """Draw pictures into a new folder, one folder for each kind.

    Args:
        folder: made if it is not there; it must be empty.
        count: about how many; each kind has its share, and at least two.
        seed: the same seed draws the same pictures.

    Returns:
        How many were drawn.

    Raises:
        UsageError: there is something in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise UsageError(words.NOT_EMPTY, hint=words.CHOOSE_EMPTY)
    drawn, shares = 0, sum(share for _, share in DRAWN_KINDS.values())
    for kind, (make, share) in DRAWN_KINDS.items():
        (folder / kind).mkdir()
        for place in range(max(2, count * share // shares)):
            buffer = io.BytesIO()
            make(keyed_generator("sample", seed, kind, place)).save(buffer, "JPEG", quality=_JPEG_QUALITY)
            (folder / kind / f"{kind}-{place + 1:03}.jpg").write_bytes(buffer.getvalue())
            drawn += 1
    return drawn
