"""The vectors of likely re-posts: this program does what they say, and so does whoever really edits the picture."""

import json
from collections import defaultdict
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from numpy.typing import NDArray

from hashclient.errors import UsageError
from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import Repost, hash_recipes
from hashclient.hashing.reposts.levels import COVERAGE_VERSION
from hashclient.hashing.reposts.recipe import Corners, Measure, Recipe
from hashclient.pixels import TURNS, ArrayPixels

SCHEMAS = Path(__file__).parents[3] / "schemas"
VECTORS = {path.stem: json.loads(path.read_text()) for path in sorted((SCHEMAS / "vectors").glob("re*-*.json"))}
MADE = [name for name, vector in VECTORS.items() if name.startswith("repost-") and vector["expect"] != "left out"]
LEFT_OUT = [name for name, vector in VECTORS.items() if vector["expect"] == "left out"]
REFUSED = [name for name in VECTORS if name.startswith("recipe-")]
SET = json.loads(
    resources.files("hashclient.hashing.reposts").joinpath(f"coverage-v{COVERAGE_VERSION}.json").read_text()
)
SCHEMA = json.loads((SCHEMAS / "recipes.json").read_text())
WHOLE_PIXELS = 511
"""Longest side, pixels, of a picture that is not kept as means of several pixels."""


def drawn(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """Draw a picture as the page about the vectors says, in its words."""
    waves = [(3, 1, 700, 80), (-2, 5, 400, 60), (7, -4, 300, 45), (1, 9, 170, 35), (13, 6, 110, 20), (-11, 17, 60, 15)]

    x, y = np.arange(width) * 1024 // width, np.arange(height)[:, np.newaxis] * 1024 // height

    def channel(c: int) -> NDArray[np.int64]:
        total = np.zeros((height, width), np.int64)
        for k, (a, b, p, h) in enumerate(waves, start=1):
            n = a * x + b * y + 37 * k * c + 101 * k * seed
            total += h * np.abs(n % (2 * p) - p) // p
        return total

    return np.dstack([channel(0), channel(1), channel(2)]).astype(np.uint8)


def hashed(array: NDArray[np.uint8], *recipes: Recipe) -> list[Repost]:
    return list(hash_recipes(BlockMeansMaker(ArrayPixels(array)).block_means(), recipes))


def as_expected(made: Repost) -> dict[str, Any]:
    return {"value": made.value, "quality": made.quality, "detail": made.detail}


def edited(array: NDArray[np.uint8], recipe: Recipe) -> NDArray[np.uint8]:
    """Make a re-post that is not turned by degrees, pixel by pixel."""
    canvas = recipe.canvas(array.shape[1], array.shape[0])
    whole, inside = canvas.whole, canvas.inside
    made = np.full((whole.height, whole.width, 3), canvas.fill, np.uint8)
    made[inside.top - whole.top : inside.bottom - whole.top, inside.left - whole.left : inside.right - whole.left] = (
        array[inside.top : inside.bottom, inside.left : inside.right]
    )
    return np.ascontiguousarray(TURNS[recipe.orientation].applied(made))


@pytest.mark.parametrize("name", MADE)
def test_vector(name: str) -> None:
    """Hash, quality and detail; and the hash is that of the picture really edited, where the picture is kept whole."""
    vector = VECTORS[name]
    array, recipe = drawn(**vector["picture"]), Recipe.from_json(vector["recipe"])
    (made,) = hashed(array, recipe)
    assert as_expected(made) == vector["expect"]
    if not recipe.tenths and max(array.shape) <= WHOLE_PIXELS:
        assert pdq_hash(edited(array, recipe)) == (made.value, made.quality)


@pytest.mark.parametrize("name", LEFT_OUT)
def test_vector_that_is_left_out(name: str) -> None:
    """No hash comes of it."""
    vector = VECTORS[name]
    assert not hashed(drawn(**vector["picture"]), Recipe.from_json(vector["recipe"]))


@pytest.mark.parametrize("name", REFUSED)
def test_vector_that_is_refused(name: str) -> None:
    """By this program; and by the schema alone, but where the vector says that it cannot tell."""
    vector = VECTORS[name]
    assert vector["expect"] == UsageError.__name__
    with pytest.raises(UsageError):
        Recipe.from_json(vector["recipe"])
    said = SET | {"recipes": [vector["recipe"]]}
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(said) is vector["schema"]


@pytest.mark.parametrize("part", ["recipes", "frames"])
def test_vectors_of_the_set(part: str) -> None:
    """Every recipe of the set in use, in its order."""
    vector = json.loads((SCHEMAS / "vectors" / f"set-{part}.json").read_text())
    assert vector["digest"] == SET["digest"]
    assert [one["variant"] for one in vector["expect"]] == [one["variant"] for one in SET[part]]
    by_seed: dict[int, list[tuple[Recipe, dict[str, Any]]]] = defaultdict(list)
    for said, one in zip(SET[part], vector["expect"], strict=True):
        by_seed[one["seed"]].append((Recipe.from_json(said), one))
    for seed, pairs in by_seed.items():
        array = drawn(vector["width"], vector["height"], seed)
        for made, (recipe, one) in zip(hashed(array, *(recipe for recipe, _ in pairs)), pairs, strict=True):
            assert {"variant": recipe.variant, "seed": seed, **as_expected(made)} == one


def test_schema_takes_the_set_and_every_recipe_of_a_vector() -> None:
    """What the vectors expect a hash of is valid too."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    said = [VECTORS[name]["recipe"] for name in (*MADE, *LEFT_OUT)]
    for one in (SET, SET | {"recipes": said, "frames": []}):
        jsonschema.Draft202012Validator(SCHEMA).validate(one)


def test_vectors_cover_every_field() -> None:
    """Each orientation, rule for corners, unit and form of a cut and a padding."""
    found = [Recipe.from_json(VECTORS[name]["recipe"]) for name in MADE]
    assert {recipe.orientation for recipe in found} == {*TURNS}
    assert {recipe.corners for recipe in found if recipe.tenths} == {*Corners}
    assert {recipe.of for recipe in found if len(recipe.pad) == 4} == {*Measure}
    assert {len(recipe.cut) for recipe in found} == {len(recipe.pad) for recipe in found} == {0, 3, 4}
