"""Edits that show a picture on a telephone's screen, in layouts of apps drawn by us.

A screen has the picture's width; layouts are told by height to width, and the bars above and below, in shares of it.
"""

from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashclient.lab.transforms import draw
from hashclient.lab.transforms.draw import rounded
from hashclient.lab.transforms.frame import pad_to
from hashclient.lab.transforms.interface import By, Number, OneOf, register
from hashclient.lab.transforms.quality import blur, gamma
from hashclient.lab.transforms.shape import quad

_LAYOUTS: Final = {"A": (2.167, 0.16, 0.18), "B": (1.778, 0.12, 0.14), "C": (2.0, 0.20, 0.15)}
_GROUNDS: Final[dict[str, tuple[draw.Colour, int]]] = {"dark": ((18, 18, 20), 210), "light": ((250, 250, 250), 50)}
"""Ground and shade of the words, by theme."""
_LAYOUT, _THEME = OneOf(tuple(_LAYOUTS)), OneOf(tuple(_GROUNDS))


def _empty_screen(picture: Image.Image, v: str, theme: str) -> tuple[Image.Image, float, float]:
    """Return an empty screen, and how high its bars are, pixels."""
    high, above, below = _LAYOUTS[v]
    width = picture.width
    return Image.new("RGB", (width, rounded(high * width)), _GROUNDS[theme][0]), above * width, below * width


def _discs(screen: Image.Image, places: list[tuple[float, float]], radius: float, shade: int) -> None:
    pen = ImageDraw.Draw(screen)
    for x, y in places:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(shade, shade, shade))


def _bars(screen: Image.Image, above: float, below: float, theme: str) -> None:
    """Draw the clock and signs above, and a row of signs below."""
    width, shade = screen.width, _GROUNDS[theme][1]
    pen = ImageDraw.Draw(screen)
    ink = (shade, shade, shade)
    pen.text((0.05 * width, 0.02 * width), "12:34", fill=ink, font=draw.font(rounded(0.04 * width)))
    pen.rectangle((0.86 * width, 0.03 * width, 0.94 * width, 0.06 * width), outline=ink, width=max(1, width // 200))
    pen.line((0.05 * width, 0.65 * above, 0.08 * width, 0.55 * above), fill=ink, width=max(2, width // 120))
    pen.line((0.05 * width, 0.65 * above, 0.08 * width, 0.75 * above), fill=ink, width=max(2, width // 120))
    y = screen.height - below / 2
    _discs(screen, [(share * width, y) for share in (0.12, 0.37, 0.63, 0.88)], 0.03 * width, shade)


@register("screen.gallery", v=_LAYOUT, theme=_THEME)
def gallery(picture: Image.Image, _by: By, *, v: str, theme: str) -> Image.Image:
    """Show it between the bars of a gallery."""
    screen, above, below = _empty_screen(picture, v, theme)
    _bars(screen, above, below, theme)
    room = rounded(screen.height - above - below)
    shown = draw.inside(picture, screen.width, room)
    screen.paste(shown, ((screen.width - shown.width) // 2, rounded(above) + (room - shown.height) // 2))
    return screen


@register("screen.full", v=_LAYOUT)
def full(picture: Image.Image, _by: By, *, v: str) -> Image.Image:
    """Show it as large as the screen allows, on black."""
    screen, _, _ = _empty_screen(picture, v, "dark")
    screen.paste((0, 0, 0), (0, 0, *screen.size))
    shown = draw.inside(picture, *screen.size)
    screen.paste(shown, ((screen.width - shown.width) // 2, (screen.height - shown.height) // 2))
    return screen


@register("screen.post", is_seeded=True, v=_LAYOUT, theme=_THEME)
def post(picture: Image.Image, by: By, *, v: str, theme: str) -> Image.Image:
    """Show it as a post: header and name above, signs and four lines below; cut to 4:5 at most."""
    screen, above, below = _empty_screen(picture, v, theme)
    _bars(screen, above, below, theme)
    width, shade = screen.width, _GROUNDS[theme][1]
    top = 2.2 * above
    shown = picture.crop((0, 0, width, min(picture.height, rounded(1.25 * width))))
    _discs(screen, [(0.08 * width, top - 0.08 * width)], 0.045 * width, 130)
    name = 0.16 * width, top - 0.12 * width, 0.55 * width, top - 0.04 * width
    draw.lines_of_grey(screen, name, 2, by.rng, shade)
    screen.paste(shown, (0, rounded(top)))
    under = top + shown.height
    _discs(screen, [(share * width, under + 0.06 * width) for share in (0.07, 0.18, 0.29)], 0.03 * width, shade)
    lines = 0.05 * width, under + 0.12 * width, 0.95 * width, under + 0.36 * width
    draw.lines_of_grey(screen, lines, 4, by.rng, shade)
    return screen


@register("screen.reel", is_seeded=True, o=Number(0, 1))
def reel(picture: Image.Image, by: By, *, o: float) -> Image.Image:
    """Show it on 9:16 black, with four discs at the side and two lines below."""
    screen = pad_to(picture, by, to="9:16", fill="black", o=o)
    width, height = screen.size
    _discs(screen, [(0.92 * width, (0.5 + 0.08 * place) * height) for place in range(4)], 0.04 * width, 235)
    lines = 0.05 * width, 0.88 * height, 0.7 * width, 0.95 * height
    draw.lines_of_grey(screen, lines, 2, by.rng, 235)
    return screen


@register("screen.chat", is_seeded=True, f=Number(0.2, 0.95), theme=_THEME)
def chat(picture: Image.Image, by: By, *, f: float, theme: str) -> Image.Image:
    """Show it as one of the messages of a chat, a share `f` of the width."""
    width = picture.width
    ground, shade = _GROUNDS[theme]
    screen = Image.new("RGB", (width, rounded(2.1 * width)), ground)
    shown = draw.scaled(picture, rounded(f * width), rounded(f * picture.height))
    shown = shown.crop((0, 0, shown.width, min(shown.height, rounded(1.3 * width))))
    top = rounded(0.55 * width)
    bubble = (90, 96, 110) if theme == "dark" else (222, 228, 236)
    for place, y in enumerate(
        (0.12 * width, 0.34 * width, top + shown.height + 0.06 * width, top + shown.height + 0.3 * width)
    ):
        wide = float(by.rng.uniform(0.35, 0.7)) * width
        left = 0.05 * width if place % 2 else 0.95 * width - wide
        box = (left, y, left + wide, y + 0.16 * width)
        ImageDraw.Draw(screen).rounded_rectangle(box, radius=0.05 * width, fill=bubble)
        inner = (box[0] + 0.04 * width, box[1] + 0.02 * width, box[2] - 0.04 * width, box[3] - 0.02 * width)
        draw.lines_of_grey(screen, inner, 2, by.rng, shade)
    at = width - shown.width - rounded(0.05 * width), top
    under = screen.crop((*at, at[0] + shown.width, at[1] + shown.height))
    screen.paste(draw.with_round_corners(shown, 0.04 * width, under), at)
    return screen


@register("screen.photographed", is_seeded=True, k=Number(0, 0.2))
def photographed(picture: Image.Image, by: By, *, k: float) -> Image.Image:
    """Photograph it off a screen: stripes of 6 %, lighter, at an angle, a little soft."""
    stripes = 1 + 0.06 * np.sin(np.arange(picture.height) * 2 * np.pi / max(4.0, picture.height / 40))
    striped = np.asarray(picture, np.float32) * stripes[:, np.newaxis, np.newaxis]
    shown = Image.fromarray(np.clip(striped + 0.5, 0, 255).astype(np.uint8))
    return blur(quad(gamma(shown, by, g=0.85), by.rng, k), by, k=1)
