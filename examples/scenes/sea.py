"""A sailing boat on a swell, under clouds in the evening, with a lighthouse on the headland."""

import numpy as np
from PIL import Image, ImageDraw

from scenes.canvas import Colour, Plane, clouded, dot, drawn, finished, glow, grid, mix, noise, ramp, rgb, smooth, unit

_HORIZON = 0.56
_ZOOM = 1.25
_EYE_HEIGHT = 2.6
_SUN = np.array([0.42, 0.155, 1.0], np.float32) / np.float32(1.0957)
_BOAT_X, _BOAT_FOOT = 0.62, 0.672
_Points = list[tuple[float, float]]


def render() -> Image.Image:
    """Draw the scene."""
    x, y = grid()
    rays = np.stack([(x - 0.75) * 2, (_HORIZON - y) * 2, np.full_like(x, 2 * _ZOOM)], axis=-1)
    rays = unit(rays)
    rows = int((_HORIZON + 0.004) * x.shape[0])
    picture = np.zeros((*x.shape, 3), np.float32)
    picture[:rows] = _sky(rays[:rows].reshape(-1, 3)).reshape(rows, -1, 3)
    picture = _headland(picture, x, y)
    picture[rows:] = _sea(rays[rows:].reshape(-1, 3)).reshape(*x[rows:].shape, 3)
    haze = np.exp(-(((y - _HORIZON) / 0.012) ** 2))
    picture = mix(picture, (250, 214, 176), haze * 0.45)
    picture = _boat(picture, x, y)
    picture = _gulls(picture)
    picture = picture + glow(np.clip(picture - 0.92, 0, None), radius=0.03) * 0.9
    # A soft shoulder, so that the sun burns out to warm white and not to a patch of one hue.
    picture = np.where(picture > 0.75, 0.75 + 0.25 * (1 - np.exp(-(np.maximum(picture, 0.75) - 0.75) / 0.32)), picture)
    return finished(picture, seed=14, vignette=0.35)


def _sky(rays: Plane) -> Plane:
    """Colour the sky along rays of shape (n, 3)."""
    up = np.maximum(rays[:, 1], 0)
    toward = np.clip(dot(rays, _SUN), 0, 1)
    sky = ramp(
        up,
        [
            (0, (255, 214, 160)),
            (0.06, (250, 196, 158)),
            (0.16, (176, 180, 198)),
            (0.32, (92, 138, 190)),
            (0.6, (44, 88, 154)),
        ],
    )
    sky = sky + (toward**8 * 0.10 + toward**90 * 0.34)[:, None] * np.array([1.0, 0.70, 0.42], np.float32)
    far = 0.30 / (up + 0.055)
    cx, cz = rays[:, 0] * far * 4.2 + 1.7, far * 3.4
    heap = clouded(cx, cz, seed=201, octaves=6, gain=0.55)
    sunward = clouded(cx + 0.10, cz + 0.14, seed=201, octaves=5, gain=0.55)
    share = smooth(0.47, 0.64, heap) * smooth(0.015, 0.07, up)
    lit = np.clip(0.58 + (heap - sunward) * 4.2 - (heap - 0.5) * 0.7 + toward**4 * 0.15, 0, 1)
    colour = ramp(lit, [(0, (112, 108, 138)), (0.35, (178, 148, 160)), (0.65, (250, 206, 174)), (1, (255, 244, 222))])
    sky = mix(sky, colour, share * 0.92)
    return mix(
        sky,
        np.array([1.0, 0.95, 0.80], np.float32) * 1.1,
        smooth(0.99945, 0.99965, dot(rays, _SUN)) * (1 - share * 0.5),
    )


def _swell(x: Plane, z: Plane, *, octaves: int) -> Plane:
    """Give the height of the water in metres: folded noise, whose crests are sharper than its troughs."""
    height, size, strength = np.zeros_like(x), 6.5, 0.34
    for octave in range(octaves):
        turn = 0.35 + 0.8 * octave
        across = (x * np.cos(turn) - z * np.sin(turn)) / (size * 1.9)
        along = (x * np.sin(turn) + z * np.cos(turn)) / size
        bent = along + 0.6 * noise(across * 1.3, along * 0.8, seed=220 + octave)
        fold = 1 - np.sqrt((2 * noise(across, bent, seed=210 + octave) - 1) ** 2 + 0.012)
        height += strength * np.maximum(fold, 0) ** 2.5
        size, strength = size * 0.50, strength * 0.46
    return height


def _sea(rays: Plane) -> Plane:
    down = np.minimum(rays[:, 1], -0.0008)
    high, low = 0.62, 0.0
    near: Plane = (_EYE_HEIGHT - high) / -down
    far: Plane = (_EYE_HEIGHT - low) / -down
    above, below = np.full_like(near, high * 0.6), np.full_like(near, -high * 0.4)
    reach = near
    for _ in range(5):  # regula falsi between the plane of the crests and that of the troughs
        reach = near + (far - near) * (above / (above - below))
        gap = _EYE_HEIGHT + down * reach - _swell(rays[:, 0] * reach, rays[:, 2] * reach, octaves=3)
        under = gap < 0
        far, below = np.where(under, reach, far), np.where(under, gap, below)
        near, above = np.where(under, near, reach), np.where(under, above, gap)
    x, z = rays[:, 0] * reach, rays[:, 2] * reach
    step = np.maximum(0.012, reach * 0.0016).astype(np.float32)
    level = _swell(x, z, octaves=5)
    slope_x = (_swell(x + step, z, octaves=5) - level) / step
    slope_z = (_swell(x, z + step, octaves=5) - level) / step
    calm = 1 / (1 + reach / 160)
    normal = np.stack([-slope_x * calm, np.ones_like(x), -slope_z * calm], -1)
    normal = unit(normal)
    facing = np.clip(-dot(normal, rays), 0, 1)
    mirrored = rays + 2 * facing[:, None] * normal
    mirrored[:, 1] = np.abs(mirrored[:, 1])
    fresnel = np.clip((1 - facing) ** 3 * 0.72 + 0.02, 0, 0.78)
    deep = ramp(level, [(0.0, (6, 34, 62)), (0.24, (14, 66, 92)), (0.6, (52, 128, 132))])
    deep = deep + (np.clip(dot(normal, _SUN), 0, 1) ** 3 * 0.08)[:, None] * rgb((120, 210, 190))
    through = smooth(0.22, 0.50, level)[:, None] * rgb((90, 190, 170)) * 0.20
    water = (deep + through) * (1 - fresnel[:, None]) + _sky(mirrored) * fresnel[:, None] * 0.95
    shine = np.clip(dot(mirrored, _SUN), 0, 1)
    water = water + (shine**420 * 1.8 + shine**50 * 0.10)[:, None] * np.array([1.0, 0.80, 0.52], np.float32)
    foam = (
        smooth(0.42, 0.56, level)
        * smooth(0.44, 0.62, clouded(x * 2.6, z * 2.6, seed=230, octaves=4))
        * smooth(90, 20, reach)
    )
    water = mix(water, (248, 240, 230), foam * 0.75)
    return mix(water, (244, 200, 166), (1 - np.exp(-reach / 900)) * 0.9)


def _headland(picture: Plane, x: Plane, y: Plane) -> Plane:
    rise = 0.002 + 0.075 * smooth(0.40, 0.02, x[:1]) * (0.72 + 0.5 * clouded(x[:1] * 9, x[:1] * 0, seed=240, octaves=5))
    top = _HORIZON - rise * smooth(0.43, 0.36, x[:1])
    cliff = clouded(x * 42, y * 16, seed=241, octaves=5)
    rock = ramp(cliff + (y - top) * -2.2, [(0.25, (84, 72, 88)), (0.5, (132, 106, 106)), (0.75, (178, 140, 124))])
    grass = smooth(0.016, 0.006, y - top + (cliff - 0.5) * 0.02)
    rock = mix(mix(rock, (104, 112, 84), grass), (232, 190, 166), 0.36)
    picture = mix(
        picture, rock, smooth(-0.0006, 0.0006, y - top) * smooth(0.0006, -0.0006, y - _HORIZON) * smooth(0.43, 0.425, x)
    )
    foot = float(np.interp(0.16, x[0], top[0])) + 0.004

    def tower(pen: ImageDraw.ImageDraw, h: int) -> None:
        pen.polygon(
            [
                (0.152 * h, foot * h),
                (0.1555 * h, (foot - 0.078) * h),
                (0.1645 * h, (foot - 0.078) * h),
                (0.168 * h, foot * h),
            ],
            fill=255,
        )

    def bands(pen: ImageDraw.ImageDraw, h: int) -> None:
        for low in (0.012, 0.044):
            pen.rectangle((0.150 * h, (foot - low - 0.016) * h, 0.170 * h, (foot - low) * h), fill=255)

    def gallery(pen: ImageDraw.ImageDraw, h: int) -> None:
        pen.rectangle((0.1535 * h, (foot - 0.081) * h, 0.1665 * h, (foot - 0.077) * h), fill=255)
        pen.polygon(
            [(0.1545 * h, (foot - 0.094) * h), (0.1655 * h, (foot - 0.094) * h), (0.160 * h, (foot - 0.104) * h)],
            fill=255,
        )

    def light(pen: ImageDraw.ImageDraw, h: int) -> None:
        pen.rectangle((0.1565 * h, (foot - 0.094) * h, 0.1635 * h, (foot - 0.081) * h), fill=255)

    body = drawn(tower)
    round_shade = ramp((x - 0.152) / 0.016, [(0, (188, 160, 160)), (0.65, (255, 238, 220)), (1, (255, 224, 190))])
    picture = mix(picture, mix(round_shade, (196, 84, 74), drawn(bands)), body)
    picture = mix(picture, (96, 72, 84), drawn(gallery))
    return mix(picture, np.array([1.5, 1.3, 0.9], np.float32), drawn(light))


def _curve(start: tuple[float, float], bend: tuple[float, float], end: tuple[float, float]) -> _Points:
    """Give a quadratic curve as points."""
    steps = np.linspace(0, 1, 24)
    return [
        tuple((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for a, b, c in zip(start, bend, end, strict=True))
        for t in steps
    ]


def _boat(picture: Plane, x: Plane, y: Plane) -> Plane:
    """Draw the boat, heeling a little, and its image in the water before it."""
    heel, size = 0.10, 0.52

    def placed(points: _Points, h: int) -> _Points:
        return [
            ((_BOAT_X + (px + py * heel) * size) * h, (_BOAT_FOOT - (py - px * heel) * size) * h) for px, py in points
        ]

    def shape(points: _Points) -> Plane:
        return drawn(lambda pen, h: pen.polygon(placed(points, h), fill=255))

    def lines(pairs: list[_Points], width: float) -> Plane:
        def strokes(pen: ImageDraw.ImageDraw, h: int) -> None:
            for points in pairs:
                pen.line(placed(points, h), fill=255, width=max(1, round(width * h)), joint="curve")

        return drawn(strokes)

    main = shape([(0.008, 0.105), *_curve((0.008, 0.105), (0.0, 0.5), (0.012, 0.93)), *_curve((0.012, 0.93), (0.30, 0.50), (0.36, 0.125)), *_curve((0.36, 0.125), (0.18, 0.085), (0.008, 0.105))])  # fmt: skip
    jib = shape([*_curve((-0.012, 0.80), (-0.20, 0.42), (-0.375, 0.085)), *_curve((-0.375, 0.085), (-0.20, 0.105), (-0.025, 0.115)), *_curve((-0.025, 0.115), (-0.085, 0.46), (-0.012, 0.80))])  # fmt: skip
    hull = shape([(-0.44, 0.088), *_curve((-0.44, 0.088), (0.0, 0.030), (0.40, 0.072)), *_curve((0.40, 0.072), (0.38, -0.02), (0.33, -0.075)), (-0.25, -0.085), *_curve((-0.25, -0.085), (-0.38, -0.01), (-0.44, 0.088))])  # fmt: skip
    stripe = lines([[(-0.44, 0.080), *_curve((-0.42, 0.078), (0.0, 0.020), (0.395, 0.064))]], 0.0045)
    cabin = shape([(-0.13, 0.055), (-0.11, 0.088), (0.14, 0.086), (0.18, 0.052)])
    rig = lines([[(0.0, 0.04), (0.0, 0.97)], [(0.0, 0.108), (0.375, 0.122)]], 0.005)
    stays = lines([[(-0.435, 0.09), (0.0, 0.83)], [(0.0, 0.96), (0.395, 0.075)]], 0.0012)
    seams = lines([[(0.006, 0.105 + 0.135 * i), (0.352 - 0.068 * i, 0.130 + 0.132 * i)] for i in range(1, 6)] + [[(-0.040 + 0.004 * i, 0.12 + 0.15 * i), (-0.335 + 0.07 * i, 0.098 + 0.14 * i)] for i in range(1, 5)], 0.0009)  # fmt: skip

    def heads(pen: ImageDraw.ImageDraw, h: int) -> None:
        for px, py in placed([(0.268, 0.142), (0.214, 0.130)], h):
            pen.ellipse((px - 0.0085 * h, py - 0.0095 * h, px + 0.0085 * h, py + 0.0085 * h), fill=255)

    bodies = shape([(0.245, 0.06), (0.250, 0.118), (0.268, 0.130), (0.288, 0.118), (0.300, 0.06)]) + shape(
        [(0.195, 0.06), (0.198, 0.108), (0.214, 0.118), (0.230, 0.108), (0.236, 0.06)]
    )

    across = ((x - _BOAT_X) / size).astype(np.float32)
    up = ((_BOAT_FOOT - y) / size).astype(np.float32)
    layers: list[tuple[Plane, Plane | Colour, float]] = [
        (stays, (70, 60, 66), 0.8),
        (
            main,
            ramp(
                across + up * 0.10,
                [(-0.02, (236, 196, 164)), (0.10, (255, 236, 206)), (0.24, (255, 247, 228)), (0.42, (238, 202, 176))],
            ),
            1.0,
        ),
        (
            jib,
            ramp(across + up * 0.25, [(-0.40, (255, 240, 214)), (-0.20, (252, 226, 194)), (0.10, (214, 166, 146))]),
            1.0,
        ),
        (seams * np.maximum(main, jib), (176, 136, 120), 0.5),
        (bodies.clip(0, 1), (196, 66, 52), 1.0),
        (drawn(heads), (96, 62, 48), 1.0),
        (cabin, ramp(up, [(0.05, (176, 130, 92)), (0.10, (240, 214, 176))]), 1.0),
        (hull, ramp(up + across * 0.08, [(-0.05, (20, 30, 54)), (0.05, (36, 60, 104)), (0.09, (96, 120, 156))]), 1.0),
        (stripe * hull, (246, 226, 190), 1.0),
        (rig, (112, 78, 54), 1.0),
    ]
    clean, cover = picture, np.zeros_like(x)
    boat = picture
    for mask, colour, share in layers:
        boat = mix(boat, colour, mask * share)
        cover = np.maximum(cover, mask * share)
    rows, columns = x.shape
    below = np.clip(y - _BOAT_FOOT, 0, 1)
    push = (
        clouded(
            (x - 0.75) * 0.05 / (y - _HORIZON + 0.02) * 22, 2.2 / (np.abs(y - _HORIZON) + 0.02), seed=250, octaves=3
        )
        - 0.5
    )
    source_y = np.clip((_BOAT_FOOT - below * 1.5 - np.abs(push) * 0.05) * rows, 0, rows - 1).astype(np.int32)
    source_x = np.clip((x + push * (0.02 + below * 0.35)) * rows, 0, columns - 1).astype(np.int32)
    image = cover[source_y, source_x] * (below > 0) * np.exp(-below * 11) * 0.66
    picture = mix(clean, boat[source_y, source_x] * np.array([0.75, 0.82, 0.85], np.float32), image)
    # The sea covers the lowest part of the hull, along a wavy line with a little foam.
    line = _BOAT_FOOT + 0.012 + 0.006 * np.sin(x * 60) + 0.010 * (clouded(x * 26, x * 0, seed=251, octaves=2) - 0.5)
    dry = smooth(0.0012, -0.0012, y - line)
    picture = mix(picture, boat, cover * dry)
    wash = (
        np.exp(-(((y - line) / 0.0045) ** 2))
        * smooth(0.25, 0.20, np.abs(x - _BOAT_X + 0.01))
        * (0.35 + 0.65 * clouded(x * 70, y * 160, seed=252, octaves=3))
    )
    return mix(picture, (255, 248, 238), np.clip(wash, 0, 1) * 0.85)


def _gulls(picture: Plane) -> Plane:
    def strokes(pen: ImageDraw.ImageDraw, h: int) -> None:
        for at_x, at_y, size in (
            (1.06, 0.20, 0.021),
            (1.15, 0.245, 0.015),
            (0.98, 0.265, 0.012),
            (0.33, 0.30, 0.013),
            (0.39, 0.275, 0.010),
        ):
            for side in (-1, 1):
                wing = _curve(
                    (at_x, at_y),
                    (at_x + side * size * 0.45, at_y - size * 0.75),
                    (at_x + side * size, at_y - size * 0.18),
                )
                pen.line([(px * h, py * h) for px, py in wing], fill=255, width=max(1, round(size * 0.12 * h)))

    return mix(picture, (70, 66, 84), drawn(strokes) * 0.85)
