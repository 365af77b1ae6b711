"""Recipes: data that is read and written alike, and canvases that lie where the re-post would."""

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hashclient.errors import UsageError
from hashclient.hashing.pdq import LEAST_SIDE
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import hash_recipes
from hashclient.hashing.reposts.levels import HASHES, recipes_json, variants
from hashclient.hashing.reposts.recipe import Box, Canvas, Corners, Measure, Recipe, corners, corners_of_shape
from hashclient.model import Limits
from hashclient.model.signal import VARIANT_LENGTH, VARIANT_PATTERN
from hashclient.pixels import TURNS, ArrayPixels
from hashclient.vocabulary import Coverage

SIDES = st.integers(20, 20_000)
WHOLE = Box(0, 300, 0, 400)


def thousandths(most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(0, most)] * 4)


def shapes() -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(st.integers(1, 100), st.integers(1, 100), st.integers(0, 100))


def names() -> st.SearchStrategy[str]:
    return st.from_regex(VARIANT_PATTERN, fullmatch=True).filter(lambda name: len(name) <= VARIANT_LENGTH)


@st.composite
def valid(draw: st.DrawFn) -> Recipe:
    tenths = draw(st.integers(-300, 300))
    return Recipe(
        draw(names()),
        draw(st.integers(1, 8)),
        tenths,
        draw(st.sampled_from(Corners)),
        draw(st.just(()) | thousandths(450) | shapes()),
        () if tenths else draw(st.just(()) | thousandths(4000) | shapes()),
        draw(st.sampled_from(Measure)),
        draw(st.integers(0, 255)),
    )


@given(valid())
def test_what_is_written_is_read_again(recipe: Recipe) -> None:
    """As JSON, whatever the recipe; what changes nothing is left out."""
    written = recipe.to_json()
    assert Recipe.from_json(json.loads(json.dumps(written))) == recipe
    assert Recipe.from_json(written).to_json() == written


def anything() -> st.SearchStrategy[Any]:
    """Give what JSON can hold, much of it near what a recipe holds."""
    number = st.integers(-500, 5000) | st.integers() | st.floats() | st.booleans() | st.none()
    text = st.text() | st.sampled_from(["a", "filled", "cut", "shape", "sides", "short", "width"])
    return st.recursive(
        number | text,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=2),
        max_leaves=8,
    )


FIELDS = ["variant", "orientation", "tenths", "corners", "cut", "pad", "of", "fill", "server", ""]


@given(st.dictionaries(st.sampled_from(FIELDS), anything()).map(lambda said: {"variant": "a"} | said) | anything())
def test_whatever_is_read_is_a_recipe_or_is_refused(said: Any) -> None:
    """In our own words; and what is read is data: it is equal to what is written of it, and can be kept by."""
    try:
        recipe = Recipe.from_json(said)
    except UsageError:
        return
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe
    assert len({recipe, Recipe.from_json(said)}) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"variant": "a", "cut": {}},
        {"variant": "a", "pad": ""},
        {"variant": "a", "tenths": 1.5},
        {"variant": "a", "fill": True},
        {"variant": "a", "orientation": 2.0},
        ["variant"],
        None,
    ],
)
def test_values_of_another_type_are_refused(said: Any) -> None:
    """Also such as Python takes for equal, or for empty."""
    with pytest.raises(UsageError):
        Recipe.from_json(said)


@given(valid(), st.integers(1, 20_000), st.integers(1, 20_000))
def test_a_canvas_has_bounds(recipe: Recipe, width: int, height: int) -> None:
    """However narrow the picture: what a re-post takes depends on the picture, not on what the recipe's author wishes."""
    assume(max(width, height) <= 4 * min(width, height) or not recipe.tenths)
    assume(abs(recipe.tenths) <= 100 or recipe.corners is not Corners.CUT)
    canvas = recipe.canvas(width, height)
    assert max(canvas.whole.width, canvas.whole.height) <= 100 * max(width, height)
    inside = canvas.inside
    if min(inside.width, inside.height) > 0:
        assert 0 <= inside.top < inside.bottom <= height
        assert 0 <= inside.left < inside.right <= width


@given(
    st.lists(valid(), min_size=1, max_size=3, unique=True), st.integers(5, 150), st.integers(5, 150), st.integers(0, 99)
)
def test_any_recipe_of_any_picture_is_hashed_or_left_out(
    wanted: list[Recipe], width: int, height: int, seed: int
) -> None:
    """Nothing breaks, and what comes out is a hash."""
    array = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    made = list(hash_recipes(BlockMeansMaker(ArrayPixels(array)).block_means(), wanted))
    assert [one.recipe for one in made] == [
        recipe
        for recipe in wanted
        if not (recipe.tenths and max(width, height) > 4 * min(width, height))
        and all(
            min(box.width, box.height) >= LEAST_SIDE
            for box in vars(recipe.canvas(width, height)).values()
            if type(box) is Box
        )
    ]
    assert all(len(one.value) == 64 and 0 <= one.quality <= 100 and one.detail <= 2000 for one in made)


def test_a_recipe_that_does_nothing_is_its_name() -> None:
    """Nothing is written that has no effect."""
    assert Recipe("original").to_json() == {"variant": "original"}


@given(valid(), SIDES, SIDES)
def test_a_canvas_holds_what_it_shows(recipe: Recipe, width: int, height: int) -> None:
    """What is shown lies inside the picture, and inside the canvas."""
    assume(max(width, height) <= 4 * min(width, height) or not recipe.tenths)
    assume(abs(recipe.tenths) <= 100 or recipe.corners is not Corners.CUT)
    canvas = recipe.canvas(width, height)
    whole, inside = canvas.whole, canvas.inside
    assert whole.top <= inside.top <= inside.bottom <= whole.bottom
    assert whole.left <= inside.left <= inside.right <= whole.right
    assert inside.top >= 0
    assert inside.bottom <= height
    assert inside.left >= 0
    assert inside.right <= width


@pytest.mark.parametrize("level", Coverage)
def test_levels_hold_what_they_say(level: Coverage) -> None:
    """Each level is a prefix of the next, of recipes that are there once and may stand in a signal."""
    names = variants(level)
    assert len(names) == HASHES[level] - 1 == len(set(names))
    assert names == variants(Coverage.WIDE)[: len(names)]
    for said in recipes_json(level):
        assert re.fullmatch(VARIANT_PATTERN, said["variant"])
        assert len(said["variant"]) <= VARIANT_LENGTH
        assert Recipe.from_json(said).to_json() == said


def test_a_wide_set_fits_the_usual_limits() -> None:
    """A picture that EXIF turns has one hash more, and that fits too."""
    assert HASHES[Coverage.WIDE] + 1 <= Limits().signals_per_image


@pytest.mark.parametrize(
    ("said", "canvas"),
    [
        ({}, Canvas(WHOLE, WHOLE)),
        ({"orientation": 2}, Canvas(WHOLE, WHOLE)),
        ({"cut": [10, 20, 30, 40]}, Canvas(Box(6, 288, 4, 388), Box(6, 288, 4, 388))),
        ({"orientation": 6, "cut": [10, 20, 30, 40]}, Canvas(Box(6, 288, 4, 388), Box(6, 288, 4, 388))),
        ({"cut": [1, 1, 50]}, Canvas(Box(0, 300, 50, 350), Box(0, 300, 50, 350))),
        ({"cut": [1, 1, 35]}, Canvas(Box(0, 300, 35, 335), Box(0, 300, 35, 335))),
        ({"cut": [4, 5, 50]}, Canvas(Box(0, 300, 80, 320), Box(0, 300, 80, 320))),
        ({"cut": [16, 9, 50]}, Canvas(Box(37, 262, 0, 400), Box(37, 262, 0, 400))),
        ({"pad": [50] * 4, "of": "short", "fill": 255}, Canvas(Box(-15, 315, -15, 415), WHOLE, 255)),
        ({"pad": [40, 40, 40, 160], "of": "width", "fill": 246}, Canvas(Box(-16, 364, -16, 416), WHOLE, 246)),
        ({"pad": [0, 100, 0, 0], "fill": 128}, Canvas(Box(-30, 300, 0, 400), WHOLE, 128)),
        ({"pad": [0, 100, 0, 200]}, Canvas(Box(-30, 360, 0, 400), WHOLE)),
        ({"pad": [1, 1, 50], "fill": 255}, Canvas(Box(-50, 350, 0, 400), WHOLE, 255)),
        ({"pad": [9, 16, 50]}, Canvas(Box(-205, 506, 0, 400), WHOLE)),
        ({"pad": [9, 16, 30]}, Canvas(Box(-123, 588, 0, 400), WHOLE)),
        ({"pad": [16, 9, 50]}, Canvas(Box(0, 300, -66, 467), WHOLE)),
        ({"pad": [4, 3, 50]}, Canvas(WHOLE, WHOLE)),
        ({"cut": [1, 1, 50], "pad": [100] * 4}, Canvas(Box(-30, 330, 20, 380), Box(0, 300, 50, 350))),
        ({"tenths": 15}, Canvas(WHOLE, WHOLE, 0, 1.5)),
        ({"tenths": -20, "corners": "cut"}, Canvas(Box(7, 293, 5, 395), Box(7, 293, 5, 395), 0, -2.0)),
        ({"tenths": 20, "corners": "shape"}, Canvas(Box(7, 293, 9, 391), Box(7, 293, 9, 391), 0, 2.0)),
    ],
)
def test_canvas_lies_where_the_repost_would(said: dict[str, Any], canvas: Canvas) -> None:
    """On a picture of 400 x 300 pixels."""
    assert Recipe.from_json({"variant": "a", **said}).canvas(400, 300) == canvas


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"variant": ""},
        {"variant": "Holiday"},
        {"variant": "a" * 49},
        {"variant": "a", "colour": "red"},
        {"variant": "a", "orientation": 9},
        {"variant": "a", "tenths": 301},
        {"variant": "a", "corners": "round"},
        {"variant": "a", "cut": [1, 2]},
        {"variant": "a", "cut": [0, 1, 50]},
        {"variant": "a", "cut": [1, 1, 101]},
        {"variant": "a", "cut": [451, 0, 0, 0]},
        {"variant": "a", "cut": [-1, 0, 0, 0]},
        {"variant": "a", "cut": [0.5, 0, 0, 0]},
        {"variant": "a", "cut": 5},
        {"variant": "a", "pad": [4001, 0, 0, 0]},
        {"variant": "a", "pad": [10, 10, 10, 10], "of": "area"},
        {"variant": "a", "pad": [10, 10, 10, 10], "tenths": 10},
        {"variant": "a", "fill": 256},
        {"variant": "a", "fill": "red"},
    ],
)
def test_there_is_no_other_recipe(said: dict[str, Any]) -> None:
    """What is none is refused."""
    with pytest.raises(UsageError):
        Recipe.from_json(said)


def test_orientations_are_those_of_exif() -> None:
    """Each recipe ends in one of the eight."""
    assert [Recipe("a", one).turn() for one in range(1, 9)] == [TURNS[one] for one in range(1, 9)]


def test_corners_of_a_turned_picture() -> None:
    """What is left after a cut fits into the turned picture: no corner of it lies outside; one cut keeps the shape."""
    for find in (corners, corners_of_shape):
        across, down = find(400, 300, 2)
        half_width, half_height = (400 - 2 * across) / 2, (300 - 2 * down) / 2
        sine, cosine = 0.0348995, 0.9993908
        assert half_width * cosine + half_height * sine <= 200
        assert half_width * sine + half_height * cosine <= 150
        assert find(400, 300, -2) == find(400, 300, 2)
    across, down = corners_of_shape(4000, 3000, 10)
    assert (4000 - 2 * across) / (3000 - 2 * down) == pytest.approx(4 / 3, abs=2e-3)
