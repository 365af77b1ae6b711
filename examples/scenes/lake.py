"""Mountains at dusk over a still lake, with a rowing boat."""

import numpy as np
from PIL import Image, ImageDraw

from scenes.canvas import Colour, Plane, clouded, drawn, finished, grid, mix, noise, ramp, scatter, smooth

_SHORE = 0.57
"""Where land meets water, in shares of the height from above."""
_SUN = (0.98, 0.50)
_RANGES: tuple[tuple[float, float, float, Colour, Colour], ...] = (
    # foot above the shore, height, roughness, colour in shade, colour in light
    (0.06, 0.30, 2.2, (112, 92, 140), (255, 186, 158)),
    (0.03, 0.19, 3.4, (88, 74, 124), (214, 138, 138)),
    (0.01, 0.115, 5.0, (58, 54, 98), (132, 92, 118)),
    (0.00, 0.060, 8.0, (34, 36, 68), (62, 54, 84)),
)


def render() -> Image.Image:
    """Draw the scene."""
    x, y = grid()
    land = _trees(_ranges(_sky(x, y), x, y), x, y)
    picture = _boat(_water(land, x, y))
    return finished(_framing(picture), seed=11, vignette=0.45)


def _sky(x: Plane, y: Plane) -> Plane:
    sky = ramp(
        y / _SHORE,
        [
            (0.00, (20, 24, 66)),
            (0.30, (58, 50, 112)),
            (0.55, (142, 84, 136)),
            (0.74, (226, 124, 116)),
            (0.90, (252, 184, 120)),
            (1.00, (255, 222, 158)),
        ],
    )
    stars = (scatter(5, *x.shape) > 0.99990) * smooth(0.26, 0.0, y)
    stars[1:] = np.maximum(stars[1:], stars[:-1] * 0.8)
    sky = mix(sky, (255, 250, 240), stars * 0.8)
    distance = np.hypot((x - _SUN[0]) * 0.8, (y - _SUN[1]) * 1.5)
    sky = sky + np.exp(-distance[..., None] * 5.5) * np.array([0.55, 0.34, 0.10], np.float32)
    # Clouds lie on a ceiling, so they crowd together towards the horizon.
    far = 0.16 / np.maximum(_SHORE + 0.03 - y, 0.03)
    cx, cy = (x - 0.75) * far * 3.2, far * 5.0
    cloud = clouded(cx, cy, seed=21, octaves=6, gain=0.55)
    below = clouded(cx, cy + 0.16, seed=21, octaves=4, gain=0.55)
    share = smooth(0.45, 0.68, cloud) * smooth(0.0, 0.16, y) * smooth(_SHORE, _SHORE - 0.16, y)
    lit = np.clip(0.5 + (cloud - below) * 4.5, 0, 1) * np.exp(-distance * 0.9)
    colour = ramp(lit, [(0, (74, 60, 110)), (0.35, (178, 96, 128)), (0.7, (255, 150, 118)), (1, (255, 224, 168))])
    return mix(sky, colour, share * 0.9)


def _ridge(x: Plane, *, seed: int, roughness: float) -> Plane:
    """Give the height of a range along x, 0 to 1, with sharp tops."""
    line = np.zeros_like(x)
    weight, total = 1.0, 0.0
    for octave in range(7):
        scale = roughness * 1.93**octave
        fold = 1 - np.abs(2 * noise(x * scale, np.full_like(x, octave * 7.3), seed=seed) - 1)
        line += weight * fold
        total += weight
        weight *= 0.47
    return line / np.float32(total)


def _slope(line: Plane, x: Plane) -> Plane:
    """Give the steepness of a range without its roughness."""
    width = 41
    window = np.hanning(width) / np.hanning(width).sum()
    return np.gradient(np.convolve(np.pad(line, width // 2, mode="edge"), window, "valid"), x).astype(np.float32)


def _ranges(picture: Plane, x: Plane, y: Plane) -> Plane:
    for number, (foot, height, roughness, shade, light) in enumerate(_RANGES):
        line = _ridge(x[:1], seed=40 + number, roughness=roughness)
        slope = _slope(line[0], x[0])
        top = _SHORE - foot - height * (line - 0.30) * 1.55
        cover = smooth(-0.0007, 0.0007, y - top)
        down = np.clip((y - top) / height, 0, 1)
        # Gullies run down the faces; those that look towards the sun catch the last light.
        wander = clouded(x * 9, y * 9, seed=60 + number, octaves=3)
        gully = 1 - np.abs(
            2 * clouded(x * 14 + wander * 2.2, y * 9 + wander * 1.2, seed=70 + number, octaves=5, gain=0.6) - 1
        )
        # A spur bends with the gullies, so that light and shade meet along a jagged line below each top.
        bent = (x + (gully - 0.7) * 0.05 * (0.3 + down) + (wander - 0.5) * 0.05 * down).clip(0, 1.4999)
        leaning = slope[(bent * x.shape[0]).astype(np.int32).clip(0, slope.size - 1)]
        facing = np.clip(0.42 + np.tanh(leaning * (x - _SUN[0]) * 1.6) * 0.40 + (gully - 0.72) * 1.5, 0, 1)
        rock = mix(ramp(facing, [(0.0, shade), (1.0, light)]), shade, np.clip(down * 0.9, 0, 1))
        if number == 0:
            snow = smooth(0.70, 0.30, down + (0.74 - gully) * 2.2 + (wander - 0.5) * 0.5) * 0.9
            rock = mix(rock, ramp(facing, [(0, (150, 128, 182)), (1, (255, 214, 196))]), snow)
        mist = smooth(0.25, 1.1, down) * (0.62 - 0.13 * number)
        rock = mix(rock, (232, 150, 138), mist)
        picture = mix(picture, rock, cover)
    return picture


def _trees(picture: Plane, x: Plane, y: Plane) -> Plane:
    """Put a dark wood along the far shore, its tops uneven."""
    height = 0.010 + 0.020 * smooth(0.42, 0.75, clouded(x[:1] * 5, x[:1] * 0, seed=90, octaves=3))
    comb = np.abs((x[:1] * 150 + noise(x[:1] * 70, x[:1] * 0, seed=91) * 1.6) % 1 - 0.5) * 2
    uneven = 0.55 + 0.45 * noise(x[:1] * 150, x[:1] * 0, seed=92)
    top = _SHORE - height * (0.45 + 0.55 * (1 - comb) * uneven)
    return mix(picture, (22, 26, 46), smooth(-0.001, 0.001, y - top))


def _water(land: Plane, x: Plane, y: Plane) -> Plane:
    below = np.clip(y - _SHORE, 0, 1)
    near = below / (1 - _SHORE)
    far = 0.055 / (below + 0.012)
    ripple = clouded((x - 0.75) * far * 9, far * 34, seed=101, octaves=4) - 0.5
    swell = clouded((x - 0.75) * far * 3, far * 11, seed=111, octaves=3) - 0.5
    calm = smooth(0.40, 0.62, clouded((x - 0.75) * far * 1.2, far * 5.5, seed=121, octaves=3))
    push = (ripple * (0.25 + 0.75 * calm) + swell * 0.8) * (0.010 + 0.075 * near)
    rows, columns = x.shape
    source_y = np.clip(_SHORE - below * 1.18 - np.abs(push) * 0.9, 0, _SHORE - 0.001)
    source_x = np.clip(x + push * 0.35, 0, 1.4999)
    mirrored = land[(source_y * rows).astype(np.int32), (source_x * rows).astype(np.int32).clip(0, columns - 1)]
    water = mirrored * (0.90 - 0.34 * near[..., None]) * np.array([0.90, 0.93, 1.02], np.float32)
    water = mix(water, (26, 32, 66), 0.14 + 0.30 * near)
    glint = smooth(0.10, 0.26, ripple) * calm * np.exp(-((x - _SUN[0]) ** 2) * 18) * (1 - near * 0.6)
    water = mix(water, (255, 206, 150), np.clip(glint, 0, 1) * 0.65)
    water = mix(water, (250, 190, 160), np.exp(-below * 60) * 0.30)
    return mix(land, water, smooth(-0.0006, 0.0006, y - _SHORE))


def _boat(picture: Plane) -> Plane:
    def hull(pen: ImageDraw.ImageDraw, h: int) -> None:
        outline = [(0.415, 0.752), (0.432, 0.770), (0.452, 0.776), (0.520, 0.776), (0.542, 0.768), (0.566, 0.746)]
        inside = [(0.540, 0.757), (0.500, 0.762), (0.450, 0.761)]
        pen.polygon([(px * h, py * h) for px, py in outline + inside], fill=255)
        pen.ellipse((0.4835 * h, 0.711 * h, 0.4965 * h, 0.726 * h), fill=255)  # the rower's head
        body = [(0.483, 0.762), (0.480, 0.736), (0.485, 0.726), (0.496, 0.727), (0.503, 0.742), (0.505, 0.762)]
        pen.polygon([(px * h, py * h) for px, py in body], fill=255)
        pen.line([(0.497 * h, 0.741 * h), (0.470 * h, 0.752 * h)], fill=255, width=round(0.0045 * h))
        pen.line([(0.478 * h, 0.748 * h), (0.404 * h, 0.784 * h)], fill=255, width=round(0.0028 * h))

    boat = drawn(hull)
    rows = boat.shape[0]
    water_line = round(0.777 * rows)
    mirrored = np.zeros_like(boat)
    depth = min(round(0.07 * rows), rows - water_line)
    shift = (np.sin(np.arange(depth) * 0.55) * np.arange(depth) * 0.035).astype(int)
    for row in range(depth):
        mirrored[water_line + row] = np.roll(boat[water_line - 1 - row], shift[row]) * (1 - row / depth)
    picture = mix(picture, (24, 22, 44), mirrored * 0.72)
    return mix(picture, (16, 16, 30), boat)


def _framing(picture: Plane) -> Plane:
    """Stand spruces on both sides and reeds in front, near and nearly black."""

    def spruce(pen: ImageDraw.ImageDraw, h: int, *, at: float, foot: float, top: float, seed: int) -> None:
        chance = scatter(seed, 400)
        tall = foot - top
        pen.polygon([((at - 0.004) * h, foot * h), (at * h, top * h), ((at + 0.004) * h, foot * h)], fill=255)
        for step in range(44):
            down = step / 44
            level = top + tall * (0.015 + 0.94 * down)
            reach = tall * (0.008 + 0.19 * down) * (0.45 + 0.55 * chance[2 * step])
            for side in (-1, 1):
                long = reach * (0.75 + 0.25 * chance[2 * step + (side > 0)])
                droop = long * (0.30 + 0.25 * chance[step + 200]) + tall * 0.012
                tip = (at + side * long, level + droop)
                thick = tall * (0.004 + 0.007 * down)
                blade = [
                    (at, level - thick),
                    tip,
                    (at + side * long * 0.5, level + droop * 0.62 + thick * 1.2),
                    (at, level + thick * 2.4),
                ]
                pen.polygon([(px * h, py * h) for px, py in blade], fill=255)

    def strokes(pen: ImageDraw.ImageDraw, h: int) -> None:
        for at, foot, top, seed in (
            (0.045, 1.02, 0.17, 1),
            (0.150, 1.02, 0.36, 2),
            (0.235, 1.03, 0.575, 3),
            (1.470, 1.02, 0.30, 4),
            (1.385, 1.02, 0.53, 5),
        ):
            spruce(pen, h, at=at, foot=foot, top=top, seed=seed)
        chance = scatter(7, 420, 4)
        for start, bend, tall, wide in chance:
            root = start * 1.5
            high = (0.035 + 0.06 * tall) * (0.35 + 1.4 * abs(root / 1.5 - 0.53))
            tip = root + (bend - 0.5) * 0.05
            pen.line([(root * h, 1.0 * h), ((root + tip) / 2 * h, (1 - high * 0.6) * h), (tip * h, (1 - high) * h)],
                     fill=255, width=round((0.001 + 0.0016 * wide) * h))  # fmt: skip

    return mix(picture, (10, 12, 24), drawn(strokes))
