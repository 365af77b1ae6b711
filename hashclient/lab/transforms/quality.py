"""Edits of quality and colour: saved again, scaled, lighter, softer; every pixel stays in its place."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from hashclient.lab.transforms.draw import rounded
from hashclient.lab.transforms.interface import By, Number, register
from hashclient.media.image import open_decoder


def jpeg_bytes(picture: Image.Image, q: int) -> bytes:
    """Save as JPEG: 4:2:0, neither optimised nor progressive."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=q, subsampling="4:2:0")
    return buffer.getvalue()


def opened_jpeg(file: bytes) -> Image.Image:
    """Open a JPEG of our own making."""
    return open_decoder("JPEG", file).convert("RGB")


@register("codec.jpeg", q=Number(1, 100, is_whole=True))
def jpeg_again(picture: Image.Image, _by: By, *, q: int) -> Image.Image:
    """Save as JPEG and open again."""
    return opened_jpeg(jpeg_bytes(picture, q))


@register("size.long", px=Number(16, 4096, is_whole=True))
def long_side(picture: Image.Image, _by: By, *, px: int) -> Image.Image:
    """Scale so that the long side has `px` pixels, never up."""
    scale = px / max(picture.size)
    if scale >= 1:
        return picture.copy()
    size = max(1, rounded(picture.width * scale)), max(1, rounded(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS)


@register("tone.contrast", f=Number(0.1, 4))
def contrast(picture: Image.Image, _by: By, *, f: float) -> Image.Image:
    """Change the contrast by Pillow's enhancer."""
    return ImageEnhance.Contrast(picture).enhance(f)


def looked_up(picture: Image.Image, curve: Callable[[int], float], bands: int = 3) -> Image.Image:
    """Replace each value by that of a curve, cut to 0 to 255."""
    return picture.point([min(255, max(0, rounded(curve(value)))) for value in range(256)] * bands)


@register("tone.gamma", g=Number(0.2, 4))
def gamma(picture: Image.Image, _by: By, *, g: float) -> Image.Image:
    """Raise every value, as a share of 255, to the power `g`."""
    return looked_up(picture, lambda value: 255 * (value / 255) ** g)


@register("tone.warm", a=Number(0, 0.9))
def warm(picture: Image.Image, _by: By, *, a: float) -> Image.Image:
    """Strengthen red and weaken blue by a share `a`."""
    red, green, blue = picture.split()
    red = looked_up(red, lambda value: value * (1 + a), 1)
    return Image.merge("RGB", (red, green, looked_up(blue, lambda value: value * (1 - a), 1)))


@register("tone.grey")
def grey(picture: Image.Image, _by: By) -> Image.Image:
    """Take the colours away."""
    return picture.convert("L").convert("RGB")


@register("filter.vignette", k=Number(0, 1))
def vignette(picture: Image.Image, _by: By, *, k: float) -> Image.Image:
    """Darken towards the corners: times 1 - k (x^2 + y^2) / 2, with x and y from -1 to 1."""
    x, y = np.linspace(-1, 1, picture.width) ** 2, np.linspace(-1, 1, picture.height) ** 2
    shade = (1 - k * (x[np.newaxis] + y[:, np.newaxis]) / 2).astype(np.float32)
    return Image.fromarray((np.asarray(picture) * shade[..., np.newaxis] + 0.5).astype(np.uint8))


@register("filter.blur", k=Number(0.1, 20))
def blur(picture: Image.Image, _by: By, *, k: float) -> Image.Image:
    """Blur by a Gaussian of k pixels on a short side of 375."""
    return picture.filter(ImageFilter.GaussianBlur(k * min(picture.size) / 375))


@register("filter.sharpen", f=Number(0, 8))
def sharpen(picture: Image.Image, _by: By, *, f: float) -> Image.Image:
    """Sharpen by Pillow's enhancer."""
    return ImageEnhance.Sharpness(picture).enhance(f)


@register("filter.noise", is_seeded=True, sd=Number(1, 80))
def noise(picture: Image.Image, by: By, *, sd: float) -> Image.Image:
    """Add Gaussian noise to every channel; `sd` in values of 0 to 255."""
    noisy = np.asarray(picture, np.float32) + by.rng.normal(0, sd, (picture.height, picture.width, 3))
    return Image.fromarray(np.clip(noisy + 0.5, 0, 255).astype(np.uint8))
