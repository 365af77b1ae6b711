"""Edit pictures at full size as people do before they post them again: what coverage is measured against.

Real edits with Pillow, each followed by JPEG; nothing here is known to `hashclient.hashing.reposts.coverage`.
Severities are fractions of the picture's sides. Edits that fall at random take a generator, so that a
run repeats.
"""

import io
import math
import random
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw, ImageFilter, ImageOps

Picture = Image.Image
Edit = Callable[[Picture, random.Random], Picture]
"""What happens to a picture, before it is saved again."""


def saved(picture: Picture, *, quality: int) -> Picture:
    """Save as JPEG and open again."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")  # noqa: TID251  # our own bytes


def scale(factor: float) -> Edit:
    return lambda picture, _: picture.resize(
        (round(picture.width * factor), round(picture.height * factor)), Image.Resampling.LANCZOS
    )


def crop(left: float, top: float, right: float, bottom: float) -> Edit:
    def edit(picture: Picture, _: random.Random) -> Picture:
        width, height = picture.size
        return picture.crop(
            (round(left * width), round(top * height), width - round(right * width), height - round(bottom * height))
        )

    return edit


def crop_all(share: float) -> Edit:
    return crop(share, share, share, share)


def crop_loose(most: float) -> Edit:
    """Crop each side by its own random share."""
    return lambda picture, rng: crop(*(rng.uniform(0, most) for _ in range(4)))(picture, rng)


def crop_to(across: int, down: int) -> Edit:
    """Cut the middle out in another shape, as apps do."""

    def edit(picture: Picture, _: random.Random) -> Picture:
        width, height = picture.size
        less_across, less_down = (
            max(0, width - round(height * across / down)),
            max(0, height - round(width * down / across)),
        )
        left, top = less_across // 2, less_down // 2
        return picture.crop((left, top, left + width - less_across, top + height - less_down))

    return edit


def mirrored(edit: Edit | None = None) -> Edit:
    def both(picture: Picture, rng: random.Random) -> Picture:
        picture = ImageOps.mirror(picture)
        return edit(picture, rng) if edit else picture

    return both


def turned(transpose: Image.Transpose) -> Edit:
    return lambda picture, _: picture.transpose(transpose)


def border(share: float, colour: str) -> Edit:
    return lambda picture, _: ImageOps.expand(picture, round(share * min(picture.size)), colour)


def bar(share: float, colour: str, *, above: bool) -> Edit:
    """Add an empty bar."""

    def edit(picture: Picture, _: random.Random) -> Picture:
        width, height = picture.size
        added = round(share * height)
        canvas = Image.new("RGB", (width, height + added), colour)
        canvas.paste(picture, (0, added if above else 0))
        return canvas

    return edit


def caption(share: float, *, above: bool) -> Edit:
    """Add a white bar with text in it."""

    def edit(picture: Picture, rng: random.Random) -> Picture:
        canvas = bar(share, "white", above=above)(picture, rng)
        added = canvas.height - picture.height
        pen = ImageDraw.Draw(canvas)
        pen.text(
            (picture.width // 20, (0 if above else picture.height) + added // 4),
            "when you see it",
            fill="black",
            font_size=max(8, added // 2),
        )
        return canvas

    return edit


def padded(across: int, down: int, colour: str) -> Edit:
    """Put the whole picture on a canvas of another shape."""

    def edit(picture: Picture, _: random.Random) -> Picture:
        width, height = picture.size
        wanted = (
            (width, round(width * down / across))
            if width * down > height * across
            else (round(height * across / down), height)
        )
        canvas = Image.new("RGB", wanted, colour)
        canvas.paste(picture, ((wanted[0] - width) // 2, (wanted[1] - height) // 2))
        return canvas

    return edit


def padded_blurred(across: int, down: int) -> Edit:
    """The same, on a blurred enlargement of the picture, as stories do."""

    def edit(picture: Picture, rng: random.Random) -> Picture:
        canvas = padded(across, down, "black")(picture, rng)
        behind = ImageOps.fit(picture, canvas.size).filter(ImageFilter.GaussianBlur(picture.width / 25))
        behind.paste(picture, ((canvas.width - picture.width) // 2, (canvas.height - picture.height) // 2))
        return behind

    return edit


def turn(degrees: float) -> Edit:
    """Turn counter-clockwise; the size is kept and the corners are black."""
    return lambda picture, _: picture.rotate(degrees, Image.Resampling.BICUBIC)


def turn_cut(degrees: float) -> Edit:
    """Turn, and cut the black corners away."""

    def edit(picture: Picture, _: random.Random) -> Picture:
        width, height = picture.size
        angle = math.radians(abs(degrees))
        sine, cosine = math.sin(angle), math.cos(angle)
        stretch = cosine * cosine - sine * sine
        across = math.ceil((width - (width * cosine - height * sine) / stretch) / 2)
        down = math.ceil((height - (height * cosine - width * sine) / stretch) / 2)
        return picture.rotate(degrees, Image.Resampling.BICUBIC).crop((across, down, width - across, height - down))

    return edit


def sticker(share: float) -> Edit:
    """A round yellow sticker somewhere on it."""

    def edit(picture: Picture, rng: random.Random) -> Picture:
        picture = picture.copy()
        size = round(share * min(picture.size))
        x, y = rng.randrange(picture.width - size), rng.randrange(picture.height - size)
        ImageDraw.Draw(picture).ellipse(
            (x, y, x + size, y + size), fill=(250, 210, 60), outline="black", width=max(1, size // 20)
        )
        return picture

    return edit


def censor_bar(share: float) -> Edit:
    """A black bar across the middle."""

    def edit(picture: Picture, _: random.Random) -> Picture:
        picture = picture.copy()
        width, height = picture.size
        ImageDraw.Draw(picture).rectangle(
            (width // 5, round(height * (0.45 - share / 2)), width * 4 // 5, round(height * (0.45 + share / 2))),
            fill="black",
        )
        return picture

    return edit


def watermark(picture: Picture, _: random.Random) -> Picture:
    picture = picture.copy()
    ImageDraw.Draw(picture).text(
        (picture.width * 0.6, picture.height * 0.9), "@somewhere", fill="white", font_size=picture.height // 18
    )
    return picture


def screenshot(picture: Picture, _: random.Random) -> Picture:
    """A telephone's screen with the picture in it, bars above and below."""
    width = picture.width
    canvas = Image.new("RGB", (width, round(width * 19.5 / 9)), (18, 18, 18))
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, 0, width, width // 6), fill=(30, 30, 34))
    pen.rectangle((0, canvas.height - width // 7, width, canvas.height), fill=(30, 30, 34))
    canvas.paste(picture, (0, (canvas.height - picture.height) // 2))
    return canvas


def collage(picture: Picture, _: random.Random) -> Picture:
    """Two pictures side by side: this one and its own grey negative."""
    canvas = Image.new("RGB", (picture.width * 2, picture.height), "white")
    canvas.paste(picture, (0, 0))
    canvas.paste(ImageOps.invert(picture.convert("L")).convert("RGB"), (picture.width, 0))
    return canvas


def brighter(factor: float) -> Edit:
    return lambda picture, _: picture.point(lambda value: min(255, round(value * factor)))


def greyed(picture: Picture, _: random.Random) -> Picture:
    return picture.convert("L").convert("RGB")


FIFTEEN: dict[str, Edit] = {
    "scaled to 0.6": scale(0.6),
    "cropped by 1 %": crop_all(0.01),
    "cropped by 2.7 %": crop_all(0.027),
    "cropped by 5 %": crop_all(0.05),
    "cropped at random 0 to 3 % a side": crop_loose(0.03),
    "cropped at random 0 to 5 % a side": crop_loose(0.05),
    "mirrored": mirrored(),
    "mirrored and cropped at random 0 to 3 %": mirrored(crop_loose(0.03)),
    "border 3 % black": border(0.03, "black"),
    "border 5 % white": border(0.05, "white"),
    "caption bar 12 % white above": bar(0.12, "white", above=True),
    "caption bar 16 % black below": bar(0.16, "black", above=False),
    "padded to a square in black": padded(1, 1, "black"),
    "turned by 1 degree": turn(1),
    "turned by 2 degrees": turn(2),
}
"""The edits of the figure; none of their severities is a candidate or a severity of the search."""

OTHERS: dict[str, Edit] = {
    "greyed": greyed,
    "brighter by 1.3": brighter(1.3),
    "watermark in a corner": watermark,
    "caption of 14 % with text above": caption(0.14, above=True),
    "turned by 2 degrees, corners cut": turn_cut(2),
    "turned by 5 degrees": turn(5),
    "turned by 90 degrees": turned(Image.Transpose.ROTATE_90),
    "turned by 180 degrees": turned(Image.Transpose.ROTATE_180),
    "mirrored, border 4 % black": mirrored(border(0.04, "black")),
    "cropped by 9 %": crop_all(0.09),
    "cropped at random 0 to 10 % a side": crop_loose(0.1),
    "one side cropped by 12 %": crop(0.12, 0, 0, 0),
    "cut to a square": crop_to(1, 1),
    "cut to 4:5": crop_to(4, 5),
    "padded to 9:16 in black": padded(9, 16, "black"),
    "padded to 9:16, blurred behind": padded_blurred(9, 16),
    "sticker of 20 %": sticker(0.2),
    "sticker of 35 %": sticker(0.35),
    "censor bar of 8 %": censor_bar(0.08),
    "censor bar of 15 %": censor_bar(0.15),
    "telephone screenshot": screenshot,
    "collage of two": collage,
}
"""Reported beside them; for the last ones coverage does little or nothing."""


def _both(make: Callable[[str], Edit]) -> list[Edit]:
    return [make("black"), make("white")]


SEARCHED: dict[str, list[Edit]] = {
    "whole": [scale(0.7)],
    "crop": [crop_all(share) for share in (0.007, 0.015, 0.02, 0.033, 0.042, 0.058, 0.07, 0.085)],
    "crop loose": [crop_loose(most) for most in (0.02, 0.035, 0.04, 0.045, 0.055, 0.06, 0.06, 0.06)],
    "mirror": [mirrored()],
    "mirror, crop loose": [mirrored(crop_loose(most)) for most in (0.02, 0.025, 0.035, 0.04, 0.045)],
    "border": [edit for share in (0.015, 0.022, 0.036, 0.044, 0.057, 0.07, 0.09) for edit in _both(partial(border, share))],
    "bar": [
        edit
        for share in (0.06, 0.08, 0.1, 0.13, 0.145, 0.175, 0.19, 0.22)
        for above in (True, False)
        for edit in _both(partial(bar, share, above=above))
    ],
    "square": _both(lambda colour: padded(1, 1, colour)),
    "turn": [turn(degrees) for degrees in (-3.2, -2.4, -1.6, -0.8, 0.8, 1.6, 2.4, 3.2)],
    "turn, cut": [turn_cut(degrees) for degrees in (-2.7, -1.6, -0.8, 0.8, 1.6, 2.7)],
    "one side": [crop(*(share if side == place else 0 for place in range(4))) for share in (0.04, 0.08) for side in range(4)],
    "mirror, border": [mirrored(border(share, "black")) for share in (0.022, 0.05)],
    "shape": [crop_to(1, 1), crop_to(4, 5), padded(9, 16, "black"), padded(9, 16, "white"), padded_blurred(9, 16)],
    "quarter turn": [turned(way) for way in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)],
}  # fmt: skip
"""What the search sees, by family."""

FAMILY_WEIGHTS = {"one side": 0.15, "mirror, border": 0.15, "shape": 0.2, "quarter turn": 0.15, "turn, cut": 0.3}
"""How much a family of the search counts; 1 where it is not named."""
