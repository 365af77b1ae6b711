"""Edits that put something around a picture: bars, borders, paper, and paddings to a shape."""

from PIL import Image, ImageDraw, ImageFilter

from hashclient.lab.transforms import draw
from hashclient.lab.transforms.draw import COLOURS, rounded
from hashclient.lab.transforms.interface import By, Number, OneOf, Ratio, ratio, register

_COLOUR = OneOf(("white", "black"))


def placed(picture: Image.Image, size: tuple[int, int], at: tuple[int, int], colour: draw.Colour) -> Image.Image:
    """Put the picture on a canvas."""
    canvas = Image.new("RGB", size, colour)
    canvas.paste(picture, at)
    return canvas


@register("frame.bar", is_seeded=True, where=OneOf(("above", "below", "both")), colour=_COLOUR, f=Number(0.01, 0.6))
def add_bar(picture: Image.Image, by: By, *, where: str, colour: str, f: float) -> Image.Image:
    """Add a bar with words, a share `f` of the height, above, below, or both."""
    added = rounded(f * picture.height)
    above, below = added * (where != "below"), added * (where != "above")
    size = picture.width, picture.height + above + below
    canvas = placed(picture, size, (0, above), COLOURS[colour])
    ink = COLOURS["black" if colour == "white" else "white"]
    middles = ([above / 2] if above else []) + ([size[1] - below / 2] if below else [])
    for y in middles:
        words = draw.drawn_line(by.rng)
        draw.write_line(canvas, words, centre=(size[0] / 2, y), size=min(0.45 * added, picture.width / 15), fill=ink)
    return canvas


@register("frame.border", colour=_COLOUR, f=Number(0.005, 0.5))
def add_border(picture: Image.Image, _by: By, *, colour: str, f: float) -> Image.Image:
    """Add a border, a share of the short side."""
    added = rounded(f * min(picture.size))
    size = picture.width + 2 * added, picture.height + 2 * added
    return placed(picture, size, (added, added), COLOURS[colour])


@register("frame.polaroid", a=Number(0.01, 0.3), b=Number(0.01, 0.5))
def add_polaroid(picture: Image.Image, _by: By, *, a: float, b: float) -> Image.Image:
    """Put it on paper: `a` on three sides, `b` below, shares of the width."""
    side, below = rounded(a * picture.width), rounded(b * picture.width)
    size = picture.width + 2 * side, picture.height + side + below
    return placed(picture, size, (side, side), COLOURS["paper"])


@register("frame.pad", to=Ratio(), fill=OneOf(("black", "white", "slate", "blur")), o=Number(0, 1))
def pad_to(picture: Image.Image, _by: By, *, to: str, fill: str, o: float) -> Image.Image:
    """Put the whole picture on a canvas of a shape; a share `o` of the spare room lies before it."""
    wide = ratio(to)
    size = max(picture.width, rounded(picture.height * wide)), max(picture.height, rounded(picture.width / wide))
    at = rounded(o * (size[0] - picture.width)), rounded(o * (size[1] - picture.height))
    if fill != "blur":
        return placed(picture, size, at, COLOURS[fill])
    behind = draw.covering(picture, *size).filter(ImageFilter.GaussianBlur(0.05 * max(size)))
    behind.paste(picture, at)
    return behind


@register("frame.handcut", is_seeded=True, m=Number(0, 0.07))
def handcut(picture: Image.Image, by: By, *, m: float) -> Image.Image:
    """Show it between black bars, and cut at them by hand, up to a share `m` of the height beside."""
    high = rounded(0.08 * picture.height)
    canvas = placed(picture, (picture.width, picture.height + 2 * high), (0, high), COLOURS["black"])
    above, below = (rounded(float(share) * picture.height) for share in by.rng.uniform(-m, m, 2))
    return canvas.crop((0, high + above, canvas.width, canvas.height - high - below))


@register("frame.card", is_seeded=True, m=Number(0.01, 0.3), theme=OneOf(("dark", "light")))
def card(picture: Image.Image, by: By, *, m: float, theme: str) -> Image.Image:
    """Put it on a card, as shared posts look: a margin, a name above, words below."""
    width = picture.width
    side, above, below = rounded(m * width), rounded(0.28 * width), rounded(0.15 * width)
    ground, shade = ((22, 24, 28), 205) if theme == "dark" else ((255, 255, 255), 60)
    canvas = placed(picture, (width + 2 * side, picture.height + above + below), (side, above), ground)
    radius = 0.055 * width
    disc = (side, 0.07 * width - radius / 2, side + 2 * radius, 0.07 * width + 1.5 * radius)
    ImageDraw.Draw(canvas).ellipse(disc, fill=(120, 140, 170))
    draw.lines_of_grey(canvas, (side + 2.5 * radius, 0.05 * width, side + 0.6 * width, 0.15 * width), 2, by.rng, shade)
    draw.lines_of_grey(canvas, (side, 0.18 * width, side + 0.9 * width, 0.26 * width), 2, by.rng, shade)
    bottom = above + picture.height
    draw.lines_of_grey(
        canvas, (side, bottom + 0.04 * width, side + 0.7 * width, bottom + 0.11 * width), 1, by.rng, shade
    )
    return canvas
