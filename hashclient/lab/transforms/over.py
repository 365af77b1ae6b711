"""Edits that lay something over a picture: faces, blocks, words, marks. Sizes are shares of the width."""

import math

from PIL import Image, ImageDraw, ImageFilter

from hashclient.lab.transforms import draw
from hashclient.lab.transforms.draw import COLOURS, rounded
from hashclient.lab.transforms.interface import By, Number, OneOf, register

_SHARE = Number(0.01, 0.6)


def _somewhere(picture: Image.Image, by: By) -> tuple[float, float]:
    """Draw where a face might be: in the middle half of the width, the upper half of the height."""
    return float(by.rng.uniform(0.25, 0.75)) * picture.width, float(by.rng.uniform(0.15, 0.5)) * picture.height


def _box(picture: Image.Image, by: By, width: float, height: float) -> tuple[int, int, int, int]:
    x, y = _somewhere(picture, by)
    left, top = rounded(x - width / 2), rounded(y - height / 2)
    return left, top, left + max(1, rounded(width)), top + max(1, rounded(height))


@register("over.emoji", is_seeded=True, n=Number(1, 12, is_whole=True), f=_SHARE)
def emoji(picture: Image.Image, by: By, *, n: int, f: float) -> Image.Image:
    """Put `n` yellow faces on it."""
    picture = picture.copy()
    for _ in range(n):
        draw.face(picture, _somewhere(picture, by), f * picture.width)
    return picture


@register("over.pixelate", is_seeded=True, f=_SHARE)
def pixelate(picture: Image.Image, by: By, *, f: float) -> Image.Image:
    """Reduce a square to 6 by 6 blocks."""
    picture = picture.copy()
    box = _box(picture, by, f * picture.width, f * picture.width)
    square = picture.crop(box)
    blocks = square.resize((6, 6), Image.Resampling.BOX).resize(square.size, Image.Resampling.NEAREST)
    picture.paste(blocks, box[:2])
    return picture


@register("over.faceblur", is_seeded=True, f=_SHARE)
def faceblur(picture: Image.Image, by: By, *, f: float) -> Image.Image:
    """Blur a disc by an eighth of its diameter."""
    box = _box(picture, by, f * picture.width, f * picture.width)
    blurred = picture.filter(ImageFilter.GaussianBlur(f * picture.width / 8))
    return draw.laid_over(picture, blurred, draw.mask_of_disc(picture.size, box))


@register("over.eyes", is_seeded=True, f=_SHARE)
def eyes(picture: Image.Image, by: By, *, f: float) -> Image.Image:
    """Put a black bar where eyes might be."""
    picture = picture.copy()
    ImageDraw.Draw(picture).rectangle(_box(picture, by, f * picture.width, 0.22 * f * picture.width), fill=(0, 0, 0))
    return picture


@register("over.meme", is_seeded=True, where=OneOf(("top", "both")), k=Number(5, 40))
def meme(picture: Image.Image, by: By, *, where: str, k: float) -> Image.Image:
    """Write white capitals with a black edge, a k-th of the width high, at the top, or at top and bottom."""
    picture = picture.copy()
    size = picture.width / k
    places = (0.03 * picture.height + size / 2, 0.97 * picture.height - size / 2)
    for y in places[: 1 if where == "top" else 2]:
        words = draw.drawn_line(by.rng).upper()
        draw.write_line(picture, words, centre=(picture.width / 2, y), size=size, edge=COLOURS["black"])
    return picture


@register("over.strip", is_seeded=True, f=Number(0.01, 0.4))
def strip(picture: Image.Image, by: By, *, f: float) -> Image.Image:
    """Lay a strip across it, black at 60 %, a share `f` of the height, with white words."""
    top = float(by.rng.uniform(0.3, 0.8)) * picture.height
    high = f * picture.height
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).rectangle((0, rounded(top), picture.width, rounded(top + high) - 1), fill=255)
    picture = draw.laid_over(picture, Image.new("RGB", picture.size), mask, 0.6)
    draw.write_line(picture, draw.drawn_line(by.rng), centre=(picture.width / 2, top + high / 2), size=0.6 * high)
    return picture


@register("over.labels", is_seeded=True, n=Number(1, 8, is_whole=True))
def labels(picture: Image.Image, by: By, *, n: int) -> Image.Image:
    """Put `n` white rounded labels with words in its lower part."""
    picture = picture.copy()
    wide, high = 0.6 * picture.width, 0.094 * picture.width
    for place in range(n):
        left = float(by.rng.uniform(0.05, 0.35)) * picture.width
        top = (0.55 + 0.4 * place / max(n, 2)) * picture.height
        pen = ImageDraw.Draw(picture)
        pen.rounded_rectangle((left, top, left + wide, top + high), radius=0.3 * high, fill=(255, 255, 255))
        centre = left + wide / 2, top + high / 2
        draw.write_line(picture, draw.drawn_line(by.rng), centre=centre, size=0.55 * high, fill=(0, 0, 0), most=0.56)
    return picture


@register("over.corner", f=Number(0.01, 0.2))
def corner(picture: Image.Image, _by: By, *, f: float) -> Image.Image:
    """Write a name in white at the lower right."""
    picture = picture.copy()
    size = f * picture.width
    place = picture.width - 0.03 * picture.width, picture.height - 0.03 * picture.width
    ImageDraw.Draw(picture).text(
        place, "@username123", fill=(255, 255, 255), font=draw.font(rounded(size)), anchor="rd"
    )
    return picture


def _side_of_marks(picture: Image.Image) -> int:
    """Return the side of a square that covers the picture however it is turned; even, so that it has a middle."""
    return 2 * math.ceil(math.hypot(*picture.size) / 2)


def _marked(picture: Image.Image, mask: Image.Image, degrees: float, alpha: float) -> Image.Image:
    """Lay white over the picture where a larger mask, turned about its middle, says so."""
    turned = mask.rotate(degrees, Image.Resampling.BICUBIC)
    left, top = (mask.width - picture.width) // 2, (mask.height - picture.height) // 2
    turned = turned.crop((left, top, left + picture.width, top + picture.height))
    return draw.laid_over(picture, Image.new("RGB", picture.size, (255, 255, 255)), turned, alpha)


@register("over.tiled", a=Number(0.02, 1))
def tiled(picture: Image.Image, _by: By, *, a: float) -> Image.Image:
    """Tile it with a word, turned by 25 degrees, at an opacity `a`."""
    side = _side_of_marks(picture)
    mask = Image.new("L", (side, side))
    pen, letters = ImageDraw.Draw(mask), draw.font(rounded(picture.width / 14))
    for row in range(rounded(side / (0.21 * picture.width)) + 1):
        for column in range(rounded(side / (0.5 * picture.width)) + 1):
            shift = 0.25 * picture.width * (row % 2)
            pen.text(
                (column * 0.5 * picture.width - shift, row * 0.21 * picture.width), "SAMPLE", fill=255, font=letters
            )
    return _marked(picture, mask, 25, a)


@register("over.big", a=Number(0.02, 1))
def big(picture: Image.Image, _by: By, *, a: float) -> Image.Image:
    """Write one large word across it, turned by 20 degrees, at an opacity `a`."""
    side = _side_of_marks(picture)
    mask = Image.new("L", (side, side))
    letters = draw.font(rounded(picture.width / 6))
    ImageDraw.Draw(mask).text((side / 2, side / 2), "SAMPLE", fill=255, font=letters, anchor="mm")
    return _marked(picture, mask, 20, a)
