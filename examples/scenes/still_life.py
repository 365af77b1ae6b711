"""Fruit and a bowl on a wooden table, in the light of one window."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from scenes.canvas import Colour, Plane, clouded, dot, finished, grid, mix, ramp, smooth, unit

_EYE = np.array([0.0, 2.15, -6.4], np.float32)
_LOOK = np.array([0.02, 0.66, 0.0], np.float32)
_ZOOM = 3.05
_LAMP = np.array([-4.6, 5.2, -3.4], np.float32)
"""The window, as one soft lamp."""
_LAMP_SIZE = 0.24
_WALL = 2.6
"""How far behind the table the wall stands."""


@dataclass(frozen=True)
class _Fruit:
    """A ball, stretched along its axes."""

    place: tuple[float, float, float]
    size: tuple[float, float, float]
    skin: str


def _ball(x: float, z: float, radius: float, skin: str, *, lift: float = 0.0) -> _Fruit:
    return _Fruit((x, radius + lift, z), (radius, radius, radius), skin)


_BOWL = _Fruit((0.62, 0.80, 0.55), (1.18, 0.86, 1.18), "bowl")
_RIM = 0.86
"""Height at which the bowl is cut."""
_FRUIT = (
    _ball(-0.95, -0.35, 0.47, "orange"),
    _ball(-1.78, 0.35, 0.50, "apple"),
    _Fruit((-0.08, 0.27, -1.12), (0.40, 0.27, 0.28), "lemon"),
    _ball(1.52, -1.00, 0.30, "plum"),
    _ball(2.06, -0.62, 0.31, "plum"),
    _ball(0.20, 0.30, 0.44, "apple", lift=0.60),
    _ball(1.02, 0.18, 0.45, "orange", lift=0.56),
    _ball(0.68, 0.98, 0.46, "green", lift=0.66),
    _ball(0.55, 0.10, 0.28, "plum", lift=1.02),
    *(
        _ball(
            -0.62 + 0.205 * i + 0.05 * (j % 2), -0.98 - 0.17 * j + 0.04 * i, 0.118 + 0.012 * ((i * 3 + j) % 2), "grape"
        )
        for i, j in ((-5, 0), (-4, 0), (-3, 0), (-5, 1), (-4, 1), (-3, 1), (-2, 1), (-4, 2), (-3, 2))
    ),
    _ball(-1.43, -1.04, 0.12, "grape", lift=0.19),
    _ball(-1.22, -1.06, 0.12, "grape", lift=0.19),
    _Fruit((-1.76, 1.05, 0.35), (0.022, 0.13, 0.022), "stem"),
    _Fruit((-1.60, 1.06, 0.30), (0.17, 0.020, 0.075), "leaf"),
    _Fruit((0.20, 1.52, 0.30), (0.022, 0.11, 0.022), "stem"),
    _Fruit((-1.30, 0.46, -1.05), (0.012, 0.12, 0.012), "stem"),
)


@dataclass
class _Hits:
    """Where each ray ends: distance, what it met (index, -1 table, -2 wall) and the direction of the surface."""

    far: Plane
    what: Plane
    normal: Plane


def render() -> Image.Image:
    """Draw the scene."""
    x, y = grid()
    forward = unit(_LOOK - _EYE)
    right = unit(np.cross(np.array([0, 1, 0], np.float32), forward))
    up = np.cross(forward, right)
    rays = unit(
        forward * _ZOOM + right * ((x - 0.75) * 2)[..., None] + up * ((0.5 - y) * 2)[..., None],
    ).astype(np.float32)
    eye = np.broadcast_to(_EYE, rays.shape)
    hits = _trace(eye, rays)
    picture = _shade(eye, rays, hits)
    # The table is polished: it shows what stands on it, more so the flatter one looks.
    table = hits.what == -1
    start = eye[table] + rays[table] * hits.far[table][..., None]
    grain = clouded(start[:, 0] * 2.0, start[:, 2] * 26, seed=9, octaves=3) - 0.5
    bounced = rays[table] * np.array([1, -1, 1], np.float32)
    bounced[:, 0] += grain * 0.05
    bounced = unit(bounced)
    mirrored = _trace(start + np.array([0, 0.002, 0], np.float32), bounced)
    shown = _shade(start, bounced, mirrored)
    strength = 0.10 + 0.55 * (1 - np.abs(rays[table][:, 1])) ** 5
    picture[table] = mix(picture[table], shown, strength * np.where(mirrored.what == -2, 0.55, 1.0))
    return finished(np.clip(picture, 0, None) ** np.float32(1 / 1.9), seed=12, vignette=0.75)


def _solve(start: Plane, rays: Plane, fruit: _Fruit) -> tuple[Plane, Plane]:
    """Meet a stretched ball; gives near and far distance, inf where missed."""
    size = np.array(fruit.size, np.float32)
    o, d = (start - np.array(fruit.place, np.float32)) / size, rays / size
    a, b, c = dot(d, d), dot(o, d), dot(o, o) - 1
    inside = b * b - a * c
    root = np.sqrt(np.maximum(inside, 0))
    miss = inside < 0
    near, far = (-b - root) / a, (-b + root) / a
    return np.where(miss | (near < 1e-3), np.inf, near), np.where(miss | (far < 1e-3), np.inf, far)


def _trace(start: Plane, rays: Plane) -> _Hits:
    with np.errstate(divide="ignore", invalid="ignore"):
        floor = np.where(rays[..., 1] < 0, -start[..., 1] / rays[..., 1], np.inf).astype(np.float32)
        wall = np.where(rays[..., 2] > 0, (_WALL - start[..., 2]) / rays[..., 2], np.inf).astype(np.float32)
    far = np.minimum(floor, wall)
    what = np.where(floor < wall, -1, -2).astype(np.float32)
    normal = np.where((what == -1)[..., None], np.array([0, 1, 0], np.float32), np.array([0, 0, -1], np.float32))
    for index, fruit in enumerate((*_FRUIT, _BOWL)):
        centre = np.array(fruit.place, np.float32) - start
        along = dot(centre, rays)
        worth = dot(centre, centre) - along * along < max(fruit.size) ** 2
        if not worth.any():
            continue
        o, d = start[worth], rays[worth]
        near, back = _solve(o, d, fruit)
        flip = np.ones(near.shape, np.float32)
        if fruit is _BOWL:
            with np.errstate(invalid="ignore"):
                outer = np.where(o[:, 1] + near * d[:, 1] < _RIM, near, np.inf)
                inner = np.where(o[:, 1] + back * d[:, 1] < _RIM, back, np.inf)
            near, flip = np.minimum(outer, inner), np.where(outer <= inner, 1.0, -1.0).astype(np.float32)
        closer = near < far[worth]
        where = (o + d * np.where(closer, near, 0)[:, None])[closer]
        out = unit((where - np.array(fruit.place, np.float32)) / np.array(fruit.size, np.float32) ** 2)
        met = worth.copy()
        met[worth] = closer
        far[met], what[met], normal[met] = near[closer], index, out * flip[closer][:, None]
    return _Hits(far.astype(np.float32), what, normal.astype(np.float32))


def _shadow(points: Plane, *, but: Plane) -> Plane:
    """Give how much of the lamp each point sees, 0 to 1, soft as its size makes it."""
    way: Plane = _LAMP - points
    reach = np.sqrt(dot(way, way))
    way = way / reach[..., None]
    seen = np.ones(points.shape[:-1], np.float32)
    for index, fruit in enumerate((*_FRUIT, _BOWL)):
        centre = np.array(fruit.place, np.float32)
        radius = float(np.mean(fruit.size)) * (0.93 if fruit is _BOWL else 1.0)
        if fruit is _BOWL:
            centre = centre - np.array([0, 0.28, 0], np.float32)
        offset = points - centre
        along = -dot(offset, way)
        aside = np.sqrt(np.maximum(dot(offset, offset) - along**2, 0))
        soft = np.maximum(along, 0.02) * _LAMP_SIZE
        covered = smooth(0.5, -0.5, (aside - radius) / soft) * smooth(0.0, 0.25, along)
        seen *= 1 - covered * (but != index)
    return seen


def _closeness(points: Plane, normal: Plane, *, but: Plane) -> Plane:
    """Give how open each point lies to the room, 0 to 1: corners and contacts are darker."""
    open_sky = np.ones(points.shape[:-1], np.float32)
    for index, fruit in enumerate((*_FRUIT, _BOWL)):
        way = np.array(fruit.place, np.float32) - points
        reach = np.sqrt(dot(way, way)) + 1e-4
        facing = np.clip(dot(way, normal) / reach, 0, 1)
        ratio = np.minimum(float(np.mean(fruit.size)) / reach, 1.0)
        open_sky *= 1 - facing * ratio**2 * 0.85 * (but != index)
    return open_sky


def _shade(start: Plane, rays: Plane, hits: _Hits) -> Plane:
    points = start + rays * hits.far[..., None]
    colour, bump, gloss, sheer = _surfaces(points, hits)
    normal = unit(hits.normal + bump)
    lamp = unit(_LAMP - points)
    seen, open_sky = np.ones(hits.what.shape, np.float32), np.ones(hits.what.shape, np.float32)
    near = hits.what > -2  # nothing that stands on the table reaches the wall
    seen[near] = _shadow(points[near], but=hits.what[near])
    open_sky[near] = _closeness(points[near], hits.normal[near], but=hits.what[near])
    cosine = dot(normal, lamp)
    # Light goes on a little round the edge of a fruit, because its flesh lets it through.
    wrapped = np.clip((cosine + sheer) / (1 + sheer), 0, 1) * (seen + (1 - seen) * sheer * 0.25)
    warm, cool = np.array([2.05, 1.72, 1.28], np.float32), np.array([0.10, 0.115, 0.16], np.float32)
    from_table = np.array([0.16, 0.09, 0.04], np.float32) * np.clip(0.4 - normal[..., 1], 0, 1)[..., None]
    # The window throws its light across the wall, softly cut.
    slant = points[..., 0] * 0.55 + points[..., 1]
    patch = smooth(1.0, 1.5, slant) * smooth(3.1, 2.5, slant) * smooth(2.3, 1.2, np.abs(points[..., 0] + 0.3)) * ~near
    fall = (
        np.clip(1.25 - 0.16 * (points[..., 0] + 1.5) - 0.05 * np.maximum(points[..., 2], 0), 0.1, 1.4)
        * (1 + patch * 1.1)
        * np.where(near, 1, 0.8)
    )
    light = (
        warm * (wrapped * fall)[..., None]
        + (cool * (0.55 + 0.45 * normal[..., 1:2]) + from_table) * open_sky[..., None]
    )
    half = unit(lamp - rays)
    shine = np.clip(dot(normal, half), 0, 1)
    sharp = (shine**160 * 1.6 + shine**22 * 0.16) * gloss * seen
    edge = (1 - np.clip(-dot(normal, rays), 0, 1)) ** 4 * gloss * 0.16 * open_sky
    lit: Plane = colour * light + (sharp + edge)[..., None] * np.array([1.0, 0.97, 0.9], np.float32)
    return lit


def _surfaces(points: Plane, hits: _Hits) -> tuple[Plane, Plane, Plane, Plane]:
    """Give colour, unevenness, gloss and how far light goes through, by what was met."""
    colour, bump = np.zeros_like(points), np.zeros_like(points)
    gloss, sheer = np.zeros(points.shape[:-1], np.float32), np.zeros(points.shape[:-1], np.float32)
    skins = {-1: "table", -2: "wall", len(_FRUIT): "bowl"} | {i: fruit.skin for i, fruit in enumerate(_FRUIT)}
    for index, skin in skins.items():
        here = hits.what == index
        if not here.any():
            continue
        place = _FRUIT[index].place if 0 <= index < len(_FRUIT) else (_BOWL.place if index >= 0 else (0, 0, 0))
        local = points[here] - np.array(place, np.float32)
        base, rough, gloss[here], sheer[here] = _skin(skin, local, hits.normal[here], index)
        colour[here] = base**2.0
        bump[here] = rough
    return colour, bump, gloss, sheer


def _relief(u: Plane, v: Plane, *, seed: int, depth: float, octaves: int = 2) -> Plane:
    """Give an uneven surface as small turns of its direction."""
    return np.stack([(clouded(u, v, seed=seed + i, octaves=octaves) - 0.5) * depth for i in range(3)], axis=-1)


def _skin(skin: str, local: Plane, normal: Plane, index: int) -> tuple[Plane, Plane, float, float]:
    around = np.arctan2(normal[:, 0], -normal[:, 2]).astype(np.float32) * 2
    height = normal[:, 1]
    spots = clouded(around * 2.2 + index, height * 5, seed=31, octaves=4)
    if skin == "table":
        return _wood(local), _relief(local[:, 0] * 6, local[:, 2] * 60, seed=33, depth=0.06), 0.35, 0.0
    if skin == "wall":
        plaster = clouded(local[:, 0] * 1.1, local[:, 1] * 1.1, seed=35, octaves=6, gain=0.6)
        return (
            ramp(plaster, [(0.25, (58, 52, 46)), (0.75, (112, 98, 80))]),
            _relief(local[:, 0] * 9, local[:, 1] * 9, seed=36, depth=0.22, octaves=4),
            0.0,
            0.0,
        )
    if skin == "bowl":
        level = local[:, 1] + _BOWL.place[1]
        glaze = ramp(clouded(local[:, 0] * 3, level * 3, seed=37), [(0.2, (214, 216, 214)), (0.8, (238, 236, 228))])
        for low, high in ((0.74, 0.80), (0.66, 0.675), (0.30, 0.315)):
            band = smooth(low - 0.006, low + 0.006, level) * smooth(high + 0.006, high - 0.006, level)
            glaze = mix(glaze, (38, 66, 138), band * 0.9)
        leaf = np.sin(around * 9) * 0.07 + 0.485
        petal = smooth(0.028, 0.016, np.abs(level - leaf)) + smooth(
            0.022, 0.012, np.hypot((around * 9 / np.pi + 0.5) % 1 - 0.5, (level - 0.485) * 2) * 0.16
        )
        return mix(glaze, (38, 66, 138), np.clip(petal, 0, 1) * 0.85), np.zeros_like(local), 1.0, 0.0
    if skin == "orange":
        peel = ramp(spots, [(0.3, (232, 112, 18)), (0.7, (250, 150, 34))])
        return (
            mix(peel, (120, 110, 30), smooth(0.975, 0.99, height)),
            _relief(around * 24, height * 38, seed=39, depth=0.30),
            0.42,
            0.18,
        )
    if skin in {"apple", "green"}:
        streak = 0.7 * clouded(around * 9 + index, height * 0.8, seed=41, octaves=4) + 0.3 * clouded(
            around * 1.3, height * 2, seed=42
        )
        stops: list[tuple[float, Colour]] = [(0.35, (150, 14, 26)), (0.56, (196, 34, 34)), (0.72, (222, 122, 58))]
        if skin == "green":
            stops = [(0.3, (112, 148, 34)), (0.6, (164, 188, 56)), (0.8, (206, 206, 96))]
        flesh = ramp(streak * 0.8 + 0.16 * height + 0.05, stops)
        dimple = smooth(0.93, 1.0, height)
        return (
            mix(flesh, (96, 84, 32), dimple * 0.9),
            np.stack([-normal[:, 0], -dimple * 0, -normal[:, 2]], -1) * dimple[:, None] * 3,
            0.9,
            0.10,
        )
    if skin == "lemon":
        rind = ramp(spots, [(0.3, (240, 200, 36)), (0.7, (252, 226, 78))])
        return rind, _relief(around * 15, height * 22, seed=43, depth=0.30), 0.45, 0.22
    if skin in {"stem", "leaf"}:
        tone = ramp(
            spots,
            [(0.3, (70, 92, 30)), (0.7, (120, 142, 56))]
            if skin == "leaf"
            else [(0.3, (64, 44, 24)), (0.7, (110, 80, 44))],
        )
        return tone, np.zeros_like(local), 0.3, 0.2
    bloom = smooth(0.42, 0.72, clouded(around * 1.4 + index * 3, height * 2, seed=45, octaves=5))
    dark: Colour = (58, 22, 66) if skin == "plum" else (104, 132, 34)
    pale: Colour = (130, 104, 158) if skin == "plum" else (190, 212, 120)
    return (
        mix(np.broadcast_to(np.array(dark, np.float32) / 255, local.shape), pale, bloom * 0.55),
        np.zeros_like(local),
        0.75,
        0.12 if skin == "plum" else 0.45,
    )


def _wood(local: Plane) -> Plane:
    """Give boards with grain that runs along them."""
    board = np.floor(local[:, 2] / 0.78 + 100)
    wave = clouded(local[:, 0] * 0.55 + board * 7.7, local[:, 2] * 2.4, seed=51, octaves=3)
    rings = np.abs(((wave * 9 + local[:, 2] * 1.4) % 1) - 0.5) * 2
    fibre = clouded(local[:, 0] * 2.6 + board * 3, local[:, 2] * 70, seed=53, octaves=3)
    tone = 0.46 * rings + 0.34 * fibre + 0.20 * ((board * 0.37) % 1)
    planks = ramp(tone, [(0.1, (92, 52, 28)), (0.5, (146, 88, 48)), (0.9, (186, 126, 74))])
    gap = np.abs((local[:, 2] / 0.78 + 100) % 1 - 0.5)
    return mix(planks, (30, 16, 8), smooth(0.488, 0.496, gap))
