"""Soft pictures, of little detail each: their hashes do not match those of other soft pictures."""

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.hamming import pairs_within
from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import CoverageHasher, hash_recipes, is_fit, recipes
from hashclient.hashing.reposts.levels import EDGES_FLOOR, GROUNDS, HASHES
from hashclient.hashing.reposts.recipe import Corners, Recipe
from hashclient.lab import grammar
from hashclient.lab.suites import keyed_generator
from hashclient.lab.transforms import draw
from hashclient.media.image import open_image
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Coverage

PICTURES = 150
SIZE = (256, 192)


def clouds() -> Iterator[NDArray[np.uint8]]:
    """Draw blurred noise, more and less of it, from seeds 0, 1, 2, ... on."""
    seed = 0
    while True:
        random = np.random.default_rng(seed)
        cells = int(random.integers(3, 9))
        coarse = Image.fromarray(random.normal(0, 1, (cells, cells)).astype(np.float32))
        cloud = np.asarray(coarse.resize(SIZE, Image.Resampling.BICUBIC)) * random.uniform(10, 60)
        yield np.clip(128 + random.uniform(-60, 60) + cloud, 0, 255).astype(np.uint8)
        seed += 1


def soft_pictures() -> Iterator[NDArray[np.uint8]]:
    """Give those of a quality that may be sent, but too low for edges."""
    return (cloud for cloud in clouds() if QUALITY_FLOOR <= pdq_hash(cloud)[1] < EDGES_FLOOR)


@pytest.fixture(scope="module")
def soft() -> list[NDArray[np.uint8]]:
    return list(islice(soft_pictures(), PICTURES))


def matches(sets: list[list[str]]) -> int:
    """Count the pairs of hashes of two pictures that are within the distance of a match."""
    owners = np.repeat(np.arange(len(sets)), [len(values) for values in sets])
    a, b, _ = pairs_within([value for values in sets for value in values]).T
    return int((owners[a] != owners[b]).sum())


def test_no_hashes_of_two_soft_pictures_match(soft: list[NDArray[np.uint8]]) -> None:
    """None of any two pictures' wide sets, whatever re-posts they are of."""
    hasher = CoverageHasher(Coverage.WIDE)
    assert matches([[signal.value for signal in hasher.hash_image(ArrayPixels(one))] for one in soft]) == 0


def test_soft_pictures_have_the_reposts_without_edges(soft: list[NDArray[np.uint8]]) -> None:
    """Cropped, cut and mirrored ones stay; frames, bars, paddings and turns are left out, and so there are fewer."""
    framed = {recipe.variant for recipe in recipes(Coverage.WIDE) if recipe.brings_edges(*SIZE)}
    made = [{signal.variant for signal in CoverageHasher(Coverage.WIDE).hash_image(ArrayPixels(one))} for one in soft]
    assert not set.union(*made).intersection(framed)
    assert len(set.union(*made)) > 1 + (HASHES[Coverage.WIDE] - len(framed)) / 2
    assert len(framed) > 40
    assert max(map(len, made)) <= HASHES[Coverage.WIDE] - len(framed)


def test_documents_give_the_numbers() -> None:
    """How many hashes a soft picture has at most, at each level."""
    standard, wide = (
        1 + sum(not recipe.brings_edges(*SIZE) for recipe in recipes(level))
        for level in (Coverage.STANDARD, Coverage.WIDE)
    )
    page = (Path(__file__).resolve().parents[3] / "docs" / "coverage.md").read_text()
    assert f"at most {standard} hashes at `standard`, {wide} at\n`wide`" in page


def test_frames_are_much_of_what_the_hash_of_a_soft_picture_sees(soft: list[NDArray[np.uint8]]) -> None:
    """They add about 30 points of quality; what only cuts or mirrors adds none."""
    wanted = [
        grammar.border(255, 80),
        grammar.bar("top", 0, 150),
        grammar.turn(25),
        grammar.inset(20),
        grammar.mirrored(grammar.original()),
    ]
    gains = [
        [
            repost.quality - pdq_hash(one)[1]
            for repost in hash_recipes(BlockMeansMaker(ArrayPixels(one)).block_means(), wanted)
        ]
        for one in soft
    ]
    border, bar, turn, crop, mirror = np.mean(gains, axis=0)
    assert min(border, bar, turn) > 25
    assert max(crop, mirror) < 1


def test_a_picture_of_detail_has_them_all() -> None:
    """From the floors on nothing is left out but what is there already."""
    detailed = np.asarray(draw.clouds(keyed_generator("detail"), SIZE, ((5, 1.0), (17, 0.7), (61, 0.5))))
    hashed = list(hash_recipes(BlockMeansMaker(ArrayPixels(detailed)).block_means(), recipes(Coverage.WIDE)))
    assert all(is_fit(one, pdq_hash(detailed)[1]) for one in hashed)
    assert len(hashed) == len(recipes(Coverage.WIDE))


@pytest.mark.parametrize(
    ("recipe", "brings"),
    [
        (grammar.border(128, 20), True),
        (grammar.mirrored(grammar.border(0, 40)), True),
        (grammar.bar("top", 255, 55), True),
        (grammar.pad(9, 16, 0), True),
        (grammar.turn(-7), True),
        (grammar.turn(14, Corners.CUT), True),
        (grammar.turn(14, Corners.SHAPE), True),
        (grammar.framed(grammar.inset(20), grammar.bar("top", 255, 55)), True),
        (grammar.inset(20), False),
        (grammar.mirrored(grammar.inset(6)), False),
        (grammar.cut(1, 1), False),
        (grammar.oriented(grammar.original(), "rotate90"), False),
        (grammar.original(), False),
    ],
)
def test_recipes_that_bring_edges(recipe: Recipe, brings: bool) -> None:
    """Frames and turns do, and what only leaves something out, or mirrors it, does not."""
    assert recipe.brings_edges(400, 300) is brings


def test_soft_pictures_with_a_transparent_rim_are_not_hashed_over_pages(soft: list[NDArray[np.uint8]]) -> None:
    """A white or black page behind the rim would be a frame like any other."""
    rim = np.zeros(SIZE[::-1], np.uint8)
    rim[8:-8, 8:-8] = 255
    variants, files = set(), [io.BytesIO() for _ in range(5)]
    for one, file in zip(soft, files, strict=False):
        Image.fromarray(np.dstack([one, one, one, rim])).save(file, "PNG")
        with open_image(file.getvalue()) as picture:
            variants |= {signal.variant for signal in CoverageHasher(Coverage.STANDARD).hash_image(picture)}
    assert "original" in variants
    assert not variants.intersection(GROUNDS)


def test_padding_that_adds_nothing_brings_no_edges() -> None:
    """A square filled up to a square is itself."""
    assert not grammar.pad(1, 1, 0).brings_edges(300, 300)
