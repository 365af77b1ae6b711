"""Recipes: names that are variants, and canvases that lie where the re-post would."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hashclient.errors import UsageError
from hashclient.hashing.reposts.levels import HASHES, variants
from hashclient.hashing.reposts.recipe import TURNED, Canvas, Recipe, corners
from hashclient.model import Limits
from hashclient.model.signal import VARIANT_LENGTH, VARIANT_PATTERN
from hashclient.pixels import TURNS
from hashclient.vocabulary import Coverage

SIDES = st.integers(20, 20_000)


@pytest.mark.parametrize("level", Coverage)
def test_levels_hold_what_they_say(level: Coverage) -> None:
    """Each level is a prefix of the next, of recipes that are there once and may stand in a signal."""
    names = variants(level)
    assert len(names) == HASHES[level] - 1 == len(set(names))
    assert names == variants(Coverage.WIDE)[: len(names)]
    for name in names:
        assert re.fullmatch(VARIANT_PATTERN, name)
        assert len(name) <= VARIANT_LENGTH
        assert Recipe(name).variant == name


def test_a_wide_set_fits_the_usual_limits() -> None:
    """A picture that EXIF turns has one hash more, and that fits too."""
    assert HASHES[Coverage.WIDE] + 1 <= Limits().signals_per_image


@pytest.mark.parametrize(
    ("name", "canvas"),
    [
        ("original", Canvas(0, 300, 0, 400)),
        ("mirror", Canvas(0, 300, 0, 400)),
        ("rotate90", Canvas(0, 300, 0, 400)),
        ("crop-10-20-30-40", Canvas(6, 288, 4, 388)),
        ("mirror+crop-10-20-30-40", Canvas(6, 288, 4, 388)),
        ("crop-square", Canvas(0, 300, 50, 350)),
        ("crop-tall", Canvas(0, 300, 80, 320)),
        ("crop-wide", Canvas(37, 262, 0, 400)),
        ("border-white-50", Canvas(-15, 315, -15, 415, 255)),
        ("bar-top-grey-100", Canvas(-30, 300, 0, 400, 128)),
        ("bar-bottom-black-100", Canvas(0, 330, 0, 400)),
        ("square-white", Canvas(-50, 350, 0, 400, 255)),
        ("tall-black", Canvas(-205, 506, 0, 400)),
        ("wide-black", Canvas(0, 300, -66, 467)),
        ("turn-p15", Canvas(0, 300, 0, 400, 0, 1.5)),
        ("turn-crop-m20", Canvas(7, 293, 5, 395, 0, -2.0)),
    ],
)
def test_canvas_lies_where_the_repost_would(name: str, canvas: Canvas) -> None:
    """On a picture of 400 x 300 pixels."""
    assert Recipe(name).canvas(400, 300) == canvas


@given(st.sampled_from(variants(Coverage.WIDE)), SIDES, SIDES)
def test_canvas_is_in_keeping_with_the_picture(name: str, width: int, height: int) -> None:
    """A crop lies inside, an addition keeps the whole picture, and its middle stays where both sides change alike."""
    assume(max(width, height) <= 8 * min(width, height))  # nothing upright is left of a strip that is turned
    canvas = Recipe(name).canvas(width, height)
    shape = name.rpartition("+")[2]
    if shape.startswith(("crop", "turn")):
        assert 0 <= canvas.top < canvas.bottom <= height
        assert 0 <= canvas.left < canvas.right <= width
    else:
        assert canvas.top <= 0 < height <= canvas.bottom
        assert canvas.left <= 0 < width <= canvas.right
    if shape.startswith(("border", "square", "tall", "wide", "turn")):
        assert abs(canvas.top + canvas.bottom - height) <= 1
        assert abs(canvas.left + canvas.right - width) <= 1


@pytest.mark.parametrize("name", ["", "holiday", "crop-1-2-3", "mirror+", "mirror+mirror", "border-red-20", "crop-1000-0-0-0", "turn-20", "+crop-1-1-1-1"])  # fmt: skip
def test_there_is_no_other_recipe(name: str) -> None:
    """A name that is none is refused."""
    with pytest.raises(UsageError):
        Recipe(name)


def test_turns_are_those_of_exif() -> None:
    """Seven turns and mirrors, each once, and none that leaves the picture as it is."""
    assert sorted(map(str, TURNED.values())) == sorted(str(TURNS[orientation]) for orientation in range(2, 9))
    assert all(Recipe(name).turn() == turn for name, turn in TURNED.items())
    assert Recipe("mirror+square-black").turn() == TURNED["mirror"]


def test_corners_of_a_turned_picture() -> None:
    """What is left after the cut fits into the turned picture: no corner of it lies outside."""
    across, down = corners(400, 300, 2)
    half_width, half_height = (400 - 2 * across) / 2, (300 - 2 * down) / 2
    sine, cosine = 0.0348995, 0.9993908
    assert half_width * cosine + half_height * sine <= 200
    assert half_width * sine + half_height * cosine <= 150
    assert corners(400, 300, -2) == corners(400, 300, 2)
