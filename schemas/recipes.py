"""Make the vectors of likely re-posts, and the schema of a set of them; called by `generate.py`.

`vectors/README.md` says how they are read. Their pictures are drawn by a formula of whole numbers. Of each recipe the first
seed is taken whose picture leaves room: no coefficient lies near the median, and no gradient where rounding it would
change the quality or the detail. So what is expected holds however an implementation rounds.
"""

import json
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing import reposts
from hashclient.hashing.pdq import coefficients
from hashclient.hashing.reference_rounding import GRADIENTS_A_POINT, median_gap
from hashclient.hashing.reposts import coverage
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import Repost, hash_recipes
from hashclient.hashing.reposts.levels import COVERAGE_VERSION
from hashclient.hashing.reposts.recipe import Corners, Measure, Recipe
from hashclient.model.signal import VARIANT_LENGTH, VARIANT_PATTERN
from hashclient.pixels import ArrayPixels

GAP: Final = 0.04
"""Least gap about the median, in units of luma: about forty times what float32 loses."""
ROUNDING: Final = 0.002
"""How far a gradient may be moved by rounding, in hundredths of full luma."""
SEEDS: Final = 60
SIZE: Final = (200, 150)
WAVES: Final = (
    (3, 1, 700, 80),
    (-2, 5, 400, 60),
    (7, -4, 300, 45),
    (1, 9, 170, 35),
    (13, 6, 110, 20),
    (-11, 17, 60, 15),
)
"""Of each wave how fast it runs to the right and down, half its length, and its height; the heights add up to 255."""

MADE: Final[list[tuple[str, str, tuple[int, int], dict[str, Any]]]] = [
    ("nothing", "The picture itself.", SIZE, {}),
    ("cut-sides", "Cut off on each side; thousandths of the width left and right, of the height above and below.", SIZE, {"cut": [20, 40, 0, 90]}),
    ("cut-halves", "Halves are rounded to the even whole number: 2.5 to 2, 7.5 to 8.", (500, 300), {"cut": [5, 25, 15, 25]}),
    ("cut-shape", "Cut to a shape, in the middle.", SIZE, {"cut": [4, 5, 50]}),
    ("cut-shape-place", "Cut to a shape, 35 percent of the spare room before it, rounded down.", (201, 150), {"cut": [1, 1, 35]}),
    ("cut-shape-wide", "Cut to a shape that is wider than the picture.", SIZE, {"cut": [16, 9, 42]}),
    ("pad-sides", "Added above: thousandths of the height; filled white.", SIZE, {"pad": [0, 150, 0, 0], "fill": 255}),
    ("pad-short", "Added all around: thousandths of the shorter side; black where no fill is said.", SIZE, {"pad": [50, 50, 50, 50], "of": "short"}),
    ("pad-width", "Added all around: thousandths of the width.", SIZE, {"pad": [40, 40, 40, 160], "of": "width", "fill": 246}),
    ("pad-shape", "Padded to a shape, grey.", SIZE, {"pad": [1, 1, 50], "fill": 128}),
    ("pad-shape-place", "Padded to a shape, 30 percent of the room above the picture.", SIZE, {"pad": [9, 16, 30]}),
    ("pad-shape-has", "Padded to the shape that the picture has: nothing is added.", SIZE, {"pad": [4, 3, 50], "fill": 255}),
    ("cut-pad", "Cut first, then padded: thousandths are of what is left.", SIZE, {"cut": [1, 1, 62], "pad": [28, 28, 28, 28], "of": "short", "fill": 255}),
    ("turn-filled", "Turned by 2.5 degrees counter-clockwise, the size kept, corners black.", (640, 480), {"tenths": 25}),
    ("turn-filled-white", "Turned clockwise, corners white.", (640, 480), {"tenths": -40, "fill": 255}),
    ("turn-cut", "Turned, the corners cut away, as much as can be left of each side.", (640, 480), {"tenths": 25, "corners": "cut"}),
    ("turn-shape", "Turned, the corners cut away, the shape kept.", (640, 480), {"tenths": -70, "corners": "shape"}),
    ("turn-shape-cut", "Turned, the corners cut away, then cut to a shape, then mirrored.", (640, 480), {"tenths": 30, "corners": "shape", "cut": [1, 1, 50], "orientation": 2}),
    *((f"orientation-{one}", f"Cut and padded, then EXIF orientation {one} undone.", SIZE, {"orientation": one, "cut": [30, 0, 0, 60], "pad": [0, 86, 0, 0], "fill": 255}) for one in range(1, 9)),
    ("odd", "Odd sides.", (333, 251), {"orientation": 6, "cut": [33, 77, 12, 5]}),
    ("odd-large", "More than 511 pixels a side: means of 2 x 3 pixels stand for the picture.", (801, 523), {"cut": [8, 32, 8, 32], "orientation": 2}),
    ("small", "64 pixels a side.", (64, 64), {"cut": [25, 25, 25, 25]}),
    ("strip", "A strip, padded to a square.", (600, 40), {"pad": [1, 1, 50]}),
    ("tall", "A tall strip, mirrored and cut.", (30, 480), {"orientation": 2, "cut": [0, 45, 0, 45]}),
    ("grey-far", "Padded by as much as can be.", (60, 48), {"pad": [0, 4000, 0, 4000], "fill": 40}),
]  # fmt: skip
LEFT_OUT: Final[list[tuple[str, str, tuple[int, int], dict[str, Any]]]] = [
    ("none-left", "Less than 5 pixels would be left of a side: there is no hash.", (60, 12), {"cut": [0, 300, 0, 300]}),
    ("none-left-turned", "Nothing is left of a strip that is turned and cut.", (600, 40), {"tenths": 300, "corners": "shape"}),
]  # fmt: skip
REFUSED: Final[list[tuple[str, str, bool, dict[str, Any]]]] = [
    ("variant-missing", "A recipe has a name.", False, {"cut": [1, 1, 50]}),
    ("variant-upper-case", "The name is a variant of a signal.", False, {"variant": "Mirror"}),
    ("field-unknown", "A field that is not known may change the picture.", False, {"variant": "a", "blur": 3}),
    ("orientation-9", "EXIF has eight orientations.", False, {"variant": "a", "orientation": 9}),
    ("orientation-true", "true is not 1.", False, {"variant": "a", "orientation": True}),
    ("tenths-301", "At most 30 degrees.", False, {"variant": "a", "tenths": 301}),
    ("tenths-fraction", "Tenths are whole numbers.", False, {"variant": "a", "tenths": 1.5}),
    ("corners-unknown", "There are three rules for corners.", False, {"variant": "a", "tenths": 10, "corners": "round"}),
    ("cut-two", "Four sides, or a shape and a place.", False, {"variant": "a", "cut": [1, 2]}),
    ("cut-451", "At most 450 thousandths of a side are cut off.", False, {"variant": "a", "cut": [451, 0, 0, 0]}),
    ("cut-negative", "Nothing is added by a cut.", False, {"variant": "a", "cut": [-1, 0, 0, 0]}),
    ("cut-shape-0", "A shape has two sides.", False, {"variant": "a", "cut": [0, 1, 50]}),
    ("cut-shape-101", "A shape's sides are at most 100.", False, {"variant": "a", "cut": [101, 1, 50]}),
    ("cut-place-101", "A place is at most 100 percent.", False, {"variant": "a", "cut": [1, 1, 101]}),
    ("pad-4001", "At most 4000 thousandths are added on a side.", False, {"variant": "a", "pad": [4001, 0, 0, 0]}),
    ("pad-object", "An addition is a list.", False, {"variant": "a", "pad": {}}),
    ("pad-and-turn", "A picture that is turned is not padded: corners would be filled twice.", False, {"variant": "a", "tenths": 10, "pad": [10, 10, 10, 10]}),
    ("of-unknown", "There are three units.", False, {"variant": "a", "pad": [10, 10, 10, 10], "of": "area"}),
    ("fill-256", "Luma ends at 255.", False, {"variant": "a", "fill": 256}),
    ("fill-null", "null is no luma.", False, {"variant": "a", "fill": None}),
    ("fraction-whole", "1.0 is not written for 1, although a JSON Schema cannot tell.", True, {"variant": "a", "fill": 1.0}),
]  # fmt: skip


def drawn(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """Draw a picture: see `vectors/README.md`."""
    down, across = np.mgrid[:height, :width]
    x, y = across * 1024 // width, down * 1024 // height
    picture = np.zeros((height, width, 3), np.int64)
    for channel in range(3):
        for place, (right, below, half, high) in enumerate(WAVES, start=1):
            way = right * x + below * y + 37 * place * channel + 101 * place * seed
            picture[..., channel] += high * np.abs(way % (2 * half) - half) // half
    return picture.astype(np.uint8)


def has_room(reduced: NDArray[np.float32], shown: tuple[slice, slice] | None) -> bool:
    """Tell whether rounding cannot change the hash, the quality or the detail."""
    if median_gap(coefficients(reduced), beyond=0) < GAP:
        return False
    exact = reduced.astype(np.float64) * (100 / 255)
    return all(
        _is_sure([*map(np.abs, (np.diff(part, axis=0), np.diff(part, axis=1)))])
        for part in (exact, exact[shown or ...])
    )


def _is_sure(sizes: list[NDArray[np.float64]]) -> bool:
    least, most = (sum(int(np.floor(size + way).clip(0).sum()) for size in sizes) for way in (-ROUNDING, ROUNDING))
    return least // GRADIENTS_A_POINT == most // GRADIENTS_A_POINT


def hashed(size: tuple[int, int], recipes: Sequence[Recipe]) -> Iterator[tuple[Recipe, int, Repost]]:
    """Hash each recipe on the first picture that leaves room; gives the seed of that picture too."""
    left = list(recipes)
    for seed in range(SEEDS):
        if not left:
            return
        means = BlockMeansMaker(ArrayPixels(drawn(*size, seed))).block_means()
        plan = coverage._plan(means.down, means.across, tuple(left))  # noqa: SLF001  # what the hashes are made of
        for made, reduced, shown in zip(hash_recipes(means, left[:]), plan.reduce(means), plan.shown, strict=True):
            if has_room(reduced, shown):
                left.remove(made.recipe)
                yield made.recipe, seed, made
    raise ValueError([recipe.variant for recipe in left])  # a new recipe that no picture suits


def expected(made: Repost) -> dict[str, Any]:
    """Give what is expected."""
    return {"value": made.value, "quality": made.quality, "detail": made.detail}


def vectors() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the vectors of recipes: of all fields, and of the set in use."""
    for name, why, size, fields in MADE:
        said = {"variant": "a", **fields}
        ((_, seed, made),) = hashed(size, [Recipe.from_json(said)])
        yield f"repost-{name}", _vector(why, size, seed, said) | {"expect": expected(made)}
    for name, why, size, fields in LEFT_OUT:
        yield f"repost-{name}", _vector(why, size, 0, {"variant": "a", **fields}) | {"expect": "left out"}
    for name, why, passes, said in REFUSED:
        yield f"recipe-{name}", {"why": why, "recipe": said, "schema": passes, "expect": "UsageError"}
    landed = json.loads(resources.files(reposts).joinpath(f"coverage-v{COVERAGE_VERSION}.json").read_text())
    for part in ("recipes", "frames"):
        found = {recipe: (seed, made) for recipe, seed, made in hashed(SIZE, list(map(Recipe.from_json, landed[part])))}
        yield (
            f"set-{part}",
            {
                "why": f"Each of the {part} of version {landed['version']}, on the picture that its seed draws.",
                "digest": landed["digest"],
                "width": SIZE[0],
                "height": SIZE[1],
                "expect": [
                    {"variant": said["variant"], "seed": found[recipe][0], **expected(found[recipe][1])}
                    for said in landed[part]
                    for recipe in [Recipe.from_json(said)]
                ],
            },
        )


def _vector(why: str, size: tuple[int, int], seed: int, said: dict[str, Any]) -> dict[str, Any]:
    return {"why": why, "picture": {"width": size[0], "height": size[1], "seed": seed}, "recipe": said}


def schema() -> dict[str, Any]:
    """Give the JSON Schema of a set of recipes."""

    def number(least: int, most: int) -> dict[str, Any]:
        return {"type": "integer", "minimum": least, "maximum": most}

    def part(most: int) -> dict[str, Any]:
        shape = [number(1, 100), number(1, 100), number(0, 100)]
        return {
            "oneOf": [
                {"type": "array", "maxItems": 0},
                {"type": "array", "prefixItems": shape, "minItems": 3, "maxItems": 3},
                {"type": "array", "items": number(0, most), "minItems": 4, "maxItems": 4},
            ]
        }

    fields: dict[str, Any] = {
        "variant": {
            "type": "string",
            "pattern": VARIANT_PATTERN,
            "maxLength": VARIANT_LENGTH,
            "not": {"pattern": "\n"},
        },
        "orientation": number(1, 8),
        "tenths": number(-300, 300),
        "corners": {"enum": list(map(str, Corners))},
        "cut": part(450),
        "pad": part(4000),
        "of": {"enum": list(map(str, Measure))},
        "fill": number(0, 255),
    }
    turned = {"required": ["tenths"], "properties": {"tenths": {"not": {"const": 0}}}}
    padded = {"required": ["pad"], "properties": {"pad": {"minItems": 1}}}
    recipe = {
        "type": "object",
        "properties": fields,
        "required": ["variant"],
        "additionalProperties": False,
        "not": {"allOf": [turned, padded]},
    }
    listed = {"type": "array", "items": {"$ref": "#/$defs/recipe"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A set of likely re-posts",
        "description": "What of a picture is hashed besides itself (recipes), and of each frame of a video (frames), the most useful first.",
        "type": "object",
        "properties": {
            "version": number(1, 2**31 - 1),
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$", "not": {"pattern": "\n"}},
            "recipes": listed,
            "frames": listed,
        },
        "required": ["version", "digest", "recipes", "frames"],
        "additionalProperties": False,
        "$defs": {"recipe": recipe},
    }
