"""A street at night after rain: lit windows, lamps, a tram, and all of it again in the wet road.

Metres: x to the right, y up, z down the street; the eye stands at the origin's height of a person.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from scenes.canvas import (
    Colour,
    Plane,
    clouded,
    dot,
    drawn,
    finished,
    glow,
    grid,
    mix,
    ramp,
    rgb,
    scatter,
    smooth,
    unit,
)

_EYE = np.array([0.55, 1.75, 0.0], np.float32)
_ZOOM = 1.05
_HORIZON = 0.60
_KERB, _FRONT = 3.9, 6.4
"""Where the pavement begins and where the houses stand, metres from the middle."""
_LAMPS = tuple((side * 4.9, 4.7, 9.0 + 13.0 * step + (6.5 if side > 0 else 0)) for step in range(8) for side in (-1, 1))
_LAMP_LIGHT = np.array([1.0, 0.66, 0.30], np.float32)
_HAZE = np.array([0.155, 0.125, 0.205], np.float32)
_WALLS: tuple[Colour, ...] = (
    (112, 62, 50), (134, 112, 90), (84, 88, 104), (128, 82, 58), (104, 104, 92), (92, 58, 62), (142, 126, 110),
)  # fmt: skip


@dataclass(frozen=True)
class _House:
    """A block from corner to corner, with the number that decides its looks."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    number: int


def _houses() -> tuple[_House, ...]:
    houses = []
    chance = scatter(3, 2, 40, 3)
    for side in (0, 1):
        at = -4.0
        for step in range(16):
            wide, tall, back = (
                6.6 + 4.4 * chance[side, step, 0],
                9.6 + 3.1 * round(3 * chance[side, step, 1]),
                0.5 * chance[side, step, 2],
            )
            near, far = (_FRONT + back, 22.0) if side else (-22.0, -_FRONT - back)
            houses.append(_House((near, 0, at), (far, tall + 0.9, at + wide), 2 * step + side))
            at += wide
    tower = [_House((-7.5, 0, 152), (7.5, 17, 160), 60), _House((-2.6, 0, 150), (2.6, 36, 154), 61)]
    return (*houses, *tower, _House((-2.75, 0.35, 40), (-0.25, 3.35, 53), 99))


_HOUSES = _houses()


def render() -> Image.Image:
    """Draw the scene."""
    x, y = grid()
    rays = np.stack([(x - 0.75) * 2, (_HORIZON - y) * 2, np.full_like(x, 2 * _ZOOM)], axis=-1).reshape(-1, 3)
    rays = unit(rays)
    picture = _seen(np.broadcast_to(_EYE, rays.shape), rays, wet=True).reshape(*x.shape, 3)
    picture = _walker(_posts(picture))
    bright = np.clip(picture - 0.62, 0, None)
    picture = picture + glow(bright, radius=0.010) * 0.55 + glow(bright, radius=0.055) * 0.75
    return finished(1 - np.exp(-2.3 * np.clip(picture, 0, None) ** np.float32(0.95)), seed=13, vignette=0.55)


def _met(start: Plane, rays: Plane) -> tuple[Plane, Plane, Plane]:
    """Give distance (inf for sky), axis of the surface and house (-1 for the ground) where each ray ends."""
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(rays[:, 1] < 0, -start[:, 1] / rays[:, 1], np.inf).astype(np.float32)
        turned = 1 / np.where(np.abs(rays) < 1e-6, 1e-6, rays)
    axis, which = np.ones(len(rays), np.int8), np.full(len(rays), -1, np.int16)
    for index, house in enumerate(_HOUSES):
        able = np.flatnonzero(
            (rays[:, 0] > -0.02)
            if house.low[0] > 0
            else (rays[:, 0] < 0.02)
            if house.high[0] < -3
            else np.abs(rays[:, 0]) < 0.14
        )
        o, t = start[able], turned[able]
        a, b = (np.array(house.low, np.float32) - o) * t, (np.array(house.high, np.float32) - o) * t
        entry = np.minimum(a, b)
        into = np.maximum(np.maximum(entry[:, 0], entry[:, 1]), entry[:, 2])
        last = np.maximum(a, b)
        leave = np.minimum(np.minimum(last[:, 0], last[:, 1]), last[:, 2])
        hit = (into < leave) & (into > 1e-3) & (into < far[able])
        met = able[hit]
        far[met], axis[met], which[met] = into[hit], entry[hit].argmax(1), index
    return far, axis, which


def _seen(start: Plane, rays: Plane, *, wet: bool) -> Plane:
    far, axis, which = _met(start, rays)
    colour = np.empty_like(rays)
    sky, ground, walls = ~np.isfinite(far), np.isfinite(far) & (which < 0), which >= 0
    colour[sky] = _sky(rays[sky])
    points = start + rays * np.where(sky, 0, far)[:, None]
    for index in np.unique(which[walls]):
        here = which == index
        colour[here] = _front(points[here], axis[here], _HOUSES[index])
    if wet:
        colour[ground] = _road(points[ground], rays[ground])
    else:
        colour[ground] = 0.02
    thick = (1 - np.exp(-np.where(sky, 0, far) / 105))[:, None]
    colour += (_HAZE - colour) * thick * (1 if wet else 0.6)
    return colour


def _sky(rays: Plane) -> Plane:
    up = rays[:, 1]
    sky = ramp(up, [(0.0, (92, 62, 78)), (0.10, (58, 46, 82)), (0.28, (26, 30, 66)), (0.6, (10, 14, 38))]) ** 1.5
    far = 0.22 / np.maximum(up, 0.05)
    cloud = clouded(rays[:, 0] * far * 6 + 3, far * 5, seed=15, octaves=5)
    moon = np.array([0.02, 0.46, 0.89], np.float32)
    away = np.sqrt(dot(off := rays - moon / np.linalg.norm(moon), off))
    sky = mix(
        sky, ramp(np.exp(-away * 7), [(0, (46, 36, 60)), (1, (196, 192, 208))]) ** 1.5, smooth(0.46, 0.72, cloud) * 0.8
    )
    sky = sky + (np.exp(-away * 13) * 0.22)[:, None] * np.array([0.8, 0.85, 1.0], np.float32)
    seas = 0.82 + 0.30 * clouded(rays[:, 0] * 90, rays[:, 1] * 90, seed=16, octaves=3)
    return mix(sky, np.stack([seas, seas * 0.98, seas * 0.90], -1) * 1.25, smooth(0.0325, 0.0310, away))


def _lamplight(points: Plane, axis: Plane) -> Plane:
    """Add up what the lamps give to surfaces that look along `axis`."""
    total = np.zeros(len(points), np.float32)
    for lamp in _LAMPS:
        way = np.array(lamp, np.float32) - points
        reach = dot(way, way) + 0.35
        facing = np.abs(np.take_along_axis(way, axis[:, None].astype(np.int64), 1)[:, 0]) / np.sqrt(reach)
        total += 10.5 * facing / reach
    return total


def _dice(*keys: Plane | int) -> Plane:
    """Throw for every cell the same number, 0 to 1, whatever the order."""
    mixed = np.zeros(np.broadcast_shapes(*(np.shape(key) for key in keys)), np.int64)
    for key in keys:
        mixed = ((mixed ^ np.asarray(key, np.int64)) * 2654435761 + 40503) & 0xFFFFFFFF
        mixed ^= mixed >> 15
    return (mixed % 10007).astype(np.float32) / 10007


def _front(points: Plane, axis: Plane, house: _House) -> Plane:
    along = np.where(axis == 0, points[:, 2] - house.low[2], points[:, 0] - house.low[0]).astype(np.float32)
    level = points[:, 1]
    number, top = house.number, house.high[1]
    if number == 99:
        return _tram(points, axis, house)
    stone = (
        rgb(_WALLS[number % len(_WALLS)]) ** 1.4
        * (0.75 + 0.5 * clouded(along * 2.5, level * 2.5, seed=17, octaves=4))[:, None]
    )
    course = np.abs((level / 0.31) % 1 - 0.5) * 2
    stone = stone * (1 - 0.16 * smooth(0.86, 0.98, course))[:, None]
    trim = smooth(top - 0.75, top - 0.70, level) + smooth(0.05, 0.0, np.abs(level - 3.55) - 0.12)
    stone = mix(stone, (150, 142, 130), np.clip(trim, 0, 1) * 0.35)
    lamps = _lamplight(points, axis)[:, None] * _LAMP_LIGHT
    colour = stone * (lamps * 1.15 + np.array([0.075, 0.085, 0.15], np.float32))
    if number >= 60:
        return _clock(colour, points) if number == 61 else colour
    floor, pitch = np.floor((level - 3.75) / 3.05), 2.15
    inside, across = (level - 3.75) % 3.05 - 1.62, (along % pitch) - pitch / 2
    column = np.floor(along / pitch)
    opening = smooth(0.03, -0.03, np.abs(across) - 0.52) * smooth(0.03, -0.03, np.abs(inside) - 0.92)
    wide = house.high[2] - house.low[2]
    whole = (floor >= 0) & (level < top - 1.0) & ((column + 1) * pitch < wide) & (axis == 0)
    bars = np.maximum(smooth(0.05, 0.02, np.abs(across)), smooth(0.05, 0.02, np.abs(inside - 0.35)))
    lit = _dice(number, column, floor) < 0.46
    warmth = _dice(number + 7, column, floor)
    room = ramp(warmth, [(0, (255, 140, 44)), (0.5, (255, 172, 78)), (0.85, (255, 206, 130)), (1, (150, 190, 255))])
    curtain = 0.62 + 0.38 * smooth(0.20, 0.50, np.abs(across)) * (_dice(number + 3, column, floor) > 0.4)
    shape = (0.55 + 0.55 * clouded(along * 2.2, level * 1.7, seed=18, octaves=2)) * (
        0.7 + 0.4 * smooth(-0.9, 0.9, inside)
    )
    pane = room * (curtain * shape * (0.65 + 0.55 * warmth))[:, None] * lit[:, None] * 0.92
    pane = np.where(lit[:, None], pane, np.array([0.03, 0.036, 0.062], np.float32) + 0.10 * lamps * 0.3)
    pane = pane * (1 - 0.85 * bars)[:, None]
    colour = mix(colour, pane, opening * whole)
    frame = (
        smooth(0.03, -0.03, np.abs(across) - 0.66) * smooth(0.03, -0.03, np.abs(inside) - 1.06) * (1 - opening) * whole
    )
    colour = mix(colour, colour * 1.75 + 0.012, frame * 0.8)
    return _shop(colour, along, level, house) if number % 5 != 3 else colour


def _shop(colour: Plane, along: Plane, level: Plane, house: _House) -> Plane:
    wide, number = house.high[2] - house.low[2], house.number
    hue: tuple[Colour, ...] = ((255, 170, 70), (255, 190, 104), (255, 128, 62), (170, 214, 255), (255, 180, 90))
    sign: tuple[Colour, ...] = ((30, 84, 80), (120, 28, 36), (32, 50, 104), (92, 66, 24), (36, 82, 44))
    glass = (
        smooth(0.0, 0.05, along - 0.7)
        * smooth(0.0, 0.05, wide - 0.7 - along)
        * smooth(0.45, 0.50, level)
        * smooth(2.72, 2.67, level)
    )
    goods = clouded(along * 3.2, level * 3.0, seed=19, octaves=3)
    shelf = smooth(0.10, 0.03, np.abs((level - 0.5) % 0.74 - 0.37) - 0.0)
    inside = (
        rgb(hue[number % 5])
        * (0.75 + 0.75 * smooth(0.4, 2.7, level) - 0.75 * shelf * smooth(0.42, 0.6, goods))[:, None]
        * 0.85
    )
    posts = smooth(0.07, 0.03, np.abs((along - 0.7) % 1.75 - 0.02))
    colour = mix(colour, inside * (1 - 0.85 * posts)[:, None], glass)
    board = (
        smooth(0.0, 0.04, along - 0.6)
        * smooth(0.0, 0.04, wide - 0.6 - along)
        * smooth(2.80, 2.84, level)
        * smooth(3.36, 3.32, level)
    )
    letters = (
        smooth(0.5, 0.58, clouded(along * 5.5, level * 2.2, seed=22 + number % 5, octaves=2))
        * smooth(0.16, 0.12, np.abs(level - 3.08))
        * smooth(1.6, 1.4, np.abs(along - wide / 2))
    )
    return mix(mix(colour, rgb(sign[number % 5]) * 0.5, board), (255, 222, 160), board * letters * 0.9)


def _clock(colour: Plane, points: Plane) -> Plane:
    away = np.hypot(points[:, 0], points[:, 1] - 30.0)
    turn = np.arctan2(points[:, 0], points[:, 1] - 30.0)
    hand = np.where(away < 1.0, smooth(0.13, 0.06, np.abs(np.sin(turn - 0.9)) * away), 0) * (np.cos(turn - 0.9) > 0)
    hand = np.maximum(
        hand, np.where(away < 1.45, smooth(0.11, 0.05, np.abs(np.sin(turn + 1.9)) * away), 0) * (np.cos(turn + 1.9) > 0)
    )
    face = smooth(1.8, 1.7, away)
    return mix(mix(colour, rgb((255, 236, 190)) * 2.4, face), (30, 22, 16), face * hand)


def _tram(points: Plane, axis: Plane, house: _House) -> Plane:
    x, level = points[:, 0] - house.low[0] - 1.25, points[:, 1]
    along = np.where(axis == 0, (points[:, 2] - house.low[2]) % 1.7 - 0.85, x)
    body = np.where((level < 1.35)[:, None], rgb((168, 36, 34)), rgb((226, 208, 176)))
    colour = body * (_lamplight(points, axis)[:, None] * _LAMP_LIGHT * 0.8 + 0.10)
    wide = np.where(axis == 0, 0.74, 1.02)
    window = smooth(0.02, -0.02, np.abs(along) - wide) * smooth(1.42, 1.46, level) * smooth(2.72, 2.68, level)
    colour = mix(colour, rgb((255, 222, 150)) * 1.5, window)
    plate = smooth(0.02, -0.02, np.abs(x) - 0.5) * smooth(2.86, 2.90, level) * smooth(3.18, 3.14, level) * (axis == 2)
    colour = mix(colour, rgb((255, 180, 60)) * 1.6, plate)
    head = smooth(0.17, 0.13, np.hypot(np.abs(x) - 0.78, level - 0.95)) * (axis == 2)
    return mix(colour, rgb((255, 246, 220)) * 6, head)


def _road(points: Plane, rays: Plane) -> Plane:
    x, z = points[:, 0], points[:, 2]
    aside = np.abs(x)
    pavement = smooth(_KERB - 0.03, _KERB + 0.03, aside)
    row = np.floor(z / 0.24)
    stone = np.minimum(np.abs((x / 0.34 + 0.5 * (row % 2)) % 1 - 0.5), np.abs((z / 0.24) % 1 - 0.5) * 0.8)
    slab = np.minimum(np.abs((x / 0.9) % 1 - 0.5), np.abs((z / 0.9) % 1 - 0.5))
    near = smooth(26, 5, z)
    joint = (smooth(0.10, 0.03, stone) * (1 - pavement) + smooth(0.03, 0.01, slab) * pavement) * near
    base = mix(
        rgb((62, 62, 70)) ** 1.4 * (0.6 + 0.8 * _dice(np.floor(x / 0.34 + 0.5 * (row % 2)), row))[:, None],
        rgb((92, 88, 86)) ** 1.4,
        pavement,
    )
    rail = smooth(0.05, 0.02, np.abs(np.abs(x + 1.5) - 0.72))
    shops = np.exp(-(_FRONT - aside) / 1.7) * 0.5
    light = _lamplight(points, np.ones(len(x), np.int8))[:, None] * _LAMP_LIGHT + shops[:, None] * rgb((255, 190, 110))
    colour = base * (light * 1.25 + np.array([0.05, 0.06, 0.10], np.float32)) * (1 - 0.55 * joint)[:, None]
    puddle = smooth(0.50, 0.60, clouded(x * 0.55, z * 0.30, seed=25, octaves=4))
    rough = (1 - puddle) * (0.4 + 0.6 * (1 - pavement))
    tilt = np.stack(
        [
            0.35 * (clouded(x * 26, z * 12, seed=27, octaves=2) - 0.5),
            np.zeros_like(x),
            clouded(x * 30, z * 9, seed=29, octaves=3) - 0.5,
        ],
        -1,
    )
    mirrored = rays * np.array([1, -1, 1], np.float32) + tilt * (rough * 0.50 + 0.010)[:, None]
    mirrored[:, 1] = np.abs(mirrored[:, 1]) + 1e-3
    mirrored = unit(mirrored)
    start = points + np.array([0, 0.01, 0], np.float32)
    shown = _seen(start, mirrored, wet=False)
    for lamp in _LAMPS:
        way = np.array(lamp, np.float32) - start
        along = dot(way, mirrored)
        aside_2 = dot(way, way) - along * along
        shown += (np.exp(-aside_2 / 0.10) * (along > 0) * 3.0)[:, None] * _LAMP_LIGHT
    share = (0.10 + 0.75 * (1 - np.abs(rays[:, 1])) ** 4) * (0.50 + 0.50 * puddle) * (1 - 0.5 * joint * (1 - puddle))
    share = np.clip(share + rail * 0.35, 0, 0.95)
    colour = colour * (1 - share[:, None] * 0.7)
    wet: Plane = colour + shown * share[:, None]
    return wet


def _spot(place: tuple[float, float, float], h: int) -> tuple[float, float, float]:
    """Give column and row in samples, and samples a metre, of a place in the street."""
    depth = place[2] - float(_EYE[2])
    scale = _ZOOM / depth * h
    return 0.75 * h + (place[0] - float(_EYE[0])) * scale, _HORIZON * h - (place[1] - float(_EYE[1])) * scale, scale


def _posts(picture: Plane) -> Plane:
    def posts(pen: ImageDraw.ImageDraw, h: int) -> None:
        for lamp in reversed(_LAMPS):
            column, row, metre = _spot(lamp, h)
            foot = _spot((lamp[0], 0, lamp[2]), h)[1]
            pen.line([(column, foot), (column, row)], fill=255, width=max(round(0.10 * metre), 1))
            pen.rectangle((column - 0.13 * metre, foot - 0.9 * metre, column + 0.13 * metre, foot), fill=255)
            pen.polygon(
                [
                    (column - 0.30 * metre, row - 0.26 * metre),
                    (column + 0.30 * metre, row - 0.26 * metre),
                    (column, row - 0.60 * metre),
                ],
                fill=255,
            )

    def heads(pen: ImageDraw.ImageDraw, h: int) -> None:
        for lamp in _LAMPS:
            column, row, metre = _spot(lamp, h)
            pen.polygon(
                [
                    (column - 0.24 * metre, row - 0.26 * metre),
                    (column + 0.24 * metre, row - 0.26 * metre),
                    (column + 0.15 * metre, row + 0.22 * metre),
                    (column - 0.15 * metre, row + 0.22 * metre),
                ],
                fill=255,
            )

    picture = mix(picture, (9, 9, 14), drawn(posts) * 0.96)
    return mix(picture, np.array([3.6, 2.7, 1.5], np.float32), drawn(heads))


def _walker(picture: Plane) -> Plane:
    """Let somebody with an umbrella walk towards the tram."""
    feet_x, feet_y, metre_share = 0.93, 0.842, 0.122

    def figure(pen: ImageDraw.ImageDraw, h: int) -> None:
        def at(px: float, py: float) -> tuple[float, float]:
            return (feet_x + px * metre_share) * h, (feet_y - py * metre_share) * h

        pen.pieslice((*at(-0.66, 2.25), *at(0.66, 1.25)), 180, 360, fill=255)
        for scallop in range(4):
            pen.ellipse((*at(-0.66 + 0.33 * scallop, 1.80), *at(-0.33 + 0.33 * scallop, 1.70)), fill=0)
        pen.line([at(0.02, 2.32), at(0.02, 1.0)], fill=255, width=round(0.0032 * h))
        pen.ellipse((*at(-0.12, 1.72), *at(0.12, 1.44)), fill=255)
        pen.polygon(
            [
                at(-0.10, 1.48),
                at(0.10, 1.48),
                at(0.25, 1.30),
                at(0.27, 0.80),
                at(0.33, 0.42),
                at(-0.33, 0.42),
                at(-0.25, 0.85),
                at(-0.24, 1.30),
            ],
            fill=255,
        )
        pen.polygon([at(-0.19, 0.45), at(-0.04, 0.45), at(-0.10, 0.02), at(-0.25, 0.0)], fill=255)
        pen.polygon([at(0.03, 0.45), at(0.19, 0.45), at(0.20, 0.06), at(0.06, 0.05)], fill=255)

    shape = drawn(figure)
    line = round(feet_y * shape.shape[0])
    below = np.zeros_like(shape)
    depth = min(shape.shape[0] - line, line)
    below[line : line + depth] = (
        shape[line - depth : line][::-1] * np.linspace(0.75, 0.1, depth, dtype=np.float32)[:, None]
    )
    return mix(mix(picture, (8, 8, 14), below), (8, 8, 13), shape)
