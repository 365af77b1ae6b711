"""What all scenes share: coordinates, noise, mixing and glow.

A picture is an array of shape (height, width, 3), float32, 0 to 1, RGB as shown on a screen.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Plane = NDArray[Any]
"""One value (float32, unless it counts or tells apart) or colour a sample."""
Colour = tuple[float, float, float]

WIDTH, HEIGHT = 1200, 800
"""Pixels of a finished picture."""
FINE = 1.5
"""Samples a pixel on each side; the finished picture is the reduction, so that edges are smooth."""

_TABLE = 256


def grid(*, fine: float = FINE) -> tuple[Plane, Plane]:
    """Give x (0 to 1.5, left to right) and y (0 to 1, top to bottom) of every sample."""
    rows, columns = round(HEIGHT * fine), round(WIDTH * fine)
    x = (np.arange(columns, dtype=np.float32) + 0.5) / rows
    y = (np.arange(rows, dtype=np.float32) + 0.5) / rows
    across, down = np.meshgrid(x, y)
    return across, down


def smooth(low: float, high: float, value: Plane) -> Plane:
    """Go from 0 at `low` to 1 at `high` without a corner; `low` may be the greater one."""
    t: Plane = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    eased: Plane = t * t * (3 - 2 * t)
    return eased


def dot(a: Plane, b: Plane) -> Plane:
    """Multiply directions with directions, component by component, and add up: one number for each."""
    total: Plane = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
    return total


def unit(directions: Plane) -> Plane:
    """Give directions the length 1."""
    return np.divide(directions, np.sqrt(dot(directions, directions))[..., None])


def rgb(colour: Colour) -> Plane:
    """Give a colour, 0 to 255, as an array that mixes with pictures."""
    return np.array(colour, np.float32) / 255


def mix(under: Plane, over: Plane | Colour, share: Plane | float) -> Plane:
    """Lay a colour (0 to 255) or a picture over another; `share` 0 to 1, one value a pixel."""
    top = rgb(over) if isinstance(over, tuple) else over
    weight = share[..., None] if isinstance(share, np.ndarray) and share.ndim < under.ndim else share
    return under + (top - under) * weight


def ramp(position: Plane, stops: Sequence[tuple[float, Colour]]) -> Plane:
    """Run through colours (0 to 255) along `position`."""
    places = [place for place, _ in stops]
    channels = [np.interp(position, places, [colour[i] / 255 for _, colour in stops]) for i in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def scatter(seed: int, *shape: int) -> Plane:
    """Give random numbers, 0 to 1, the same for the same seed on every machine."""
    return np.random.default_rng(seed).random(shape, np.float32)


def noise(x: Plane, y: Plane, *, seed: int) -> Plane:
    """Give smooth noise, 0 to 1, with one hill or dale a unit of `x` and `y`."""
    column, row = np.floor(x), np.floor(y)
    across, down = x - column, y - row
    across *= across * (3 - 2 * across)
    down *= down * (3 - 2 * down)
    table = np.pad(scatter(seed, _TABLE, _TABLE), (0, 1), mode="wrap").ravel()
    place = (row.astype(np.int32) & (_TABLE - 1)) * (_TABLE + 1) + (column.astype(np.int32) & (_TABLE - 1))
    upper, lower = table.take(place), table.take(place + _TABLE + 1)
    upper += (table.take(place + 1) - upper) * across
    lower += (table.take(place + _TABLE + 2) - lower) * across
    upper += (lower - upper) * down
    return upper


def clouded(x: Plane, y: Plane, *, seed: int, octaves: int = 5, gain: float = 0.5) -> Plane:
    """Add up noise at finer and finer scales; 0 to 1, most of it around a half."""
    total, weight, sum_of_weights = np.zeros_like(x), 1.0, 0.0
    for octave in range(octaves):
        # Each octave is turned, so that the grid of the noise never shows.
        turn = 0.9 * octave
        fx = (x * np.cos(turn) - y * np.sin(turn)) * 2.03**octave
        fy = (x * np.sin(turn) + y * np.cos(turn)) * 2.03**octave
        total += weight * noise(fx.astype(np.float32), fy.astype(np.float32), seed=seed + octave)
        sum_of_weights += weight
        weight *= gain
    return total / np.float32(sum_of_weights)


def drawn(strokes: Callable[[ImageDraw.ImageDraw, int], None], *, fine: float = FINE) -> Plane:
    """Draw with Pillow and give the coverage, 0 to 1; `strokes` gets the pen and the picture's height in samples."""
    rows, columns = round(HEIGHT * fine), round(WIDTH * fine)
    # Drawn twice as fine once more: the pen knows no half-covered samples.
    stencil = Image.new("L", (2 * columns, 2 * rows), 0)
    strokes(ImageDraw.Draw(stencil), 2 * rows)
    stencil = stencil.reduce(2)
    return np.asarray(stencil, np.float32) / 255


def glow(light: Plane, *, radius: float) -> Plane:
    """Spread light softly, `radius` in shares of the height, by a Gaussian in the frequency domain of a reduced copy."""
    rows, columns = light.shape[:2]
    small = light[: rows // 4 * 4, : columns // 4 * 4].reshape(rows // 4, 4, columns // 4, 4, -1).mean((1, 3))
    fy = np.fft.fftfreq(small.shape[0])[:, None]
    fx = np.fft.rfftfreq(small.shape[1])[None, :]
    falloff = np.exp(-2 * (np.pi * radius * small.shape[0]) ** 2 * (fx**2 + fy**2))[..., None]
    soft = np.fft.irfft2(np.fft.rfft2(small, axes=(0, 1)) * falloff, s=small.shape[:2], axes=(0, 1))
    channels = [
        Image.fromarray(soft[..., i].astype(np.float32)).resize((columns, rows), Image.Resampling.BICUBIC)
        for i in range(soft.shape[2])
    ]
    return np.stack([np.asarray(channel) for channel in channels], axis=-1)


def finished(picture: Plane, *, seed: int, vignette: float = 0.25) -> Image.Image:
    """Reduce to the final size, darken the corners a little and dither, so that skies show no bands."""
    x, y = grid(fine=picture.shape[0] / HEIGHT)
    corner = ((x / 1.5 - 0.5) ** 2 + (y - 0.5) ** 2) * 2
    shaded = np.clip(picture * (1 - vignette * corner[..., None]), 0, 1)
    shaded += (scatter(seed, *picture.shape[:2], 1) - 0.5) * np.float32(0.012)
    full = Image.fromarray((np.clip(shaded, 0, 1) * 255 + 0.5).astype(np.uint8))
    return full.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
