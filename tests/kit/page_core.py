"""What the page's core is compared with: pictures by formula, and every re-post as the program hashes it."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.pdq import coefficients
from hashclient.hashing.reference_rounding import GRADIENTS_A_POINT, median_gap
from hashclient.hashing.reposts import coverage, levels
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.pixels import Pixels
from hashclient.vocabulary import Coverage

CLEAR: Final = 1e-3
"""Gap between the coefficients about the median, in units of luma, above which rounding decides no bit."""
RULES: Final[dict[str, Any]] = {
    "recipes": levels.recipes_json(Coverage.WIDE),
    "qualityFloor": QUALITY_FLOOR,
    "repostFloor": levels.REPOST_FLOOR,
    "framedFloor": levels.FRAMED_FLOOR,
    "turnedFloor": levels.TURNED_FLOOR,
    "edgesFloor": levels.EDGES_FLOOR,
    "sameWithin": levels.SAME_WITHIN,
    "grounds": levels.GROUNDS,
}
EVERY_REPOST: Final[dict[str, Any]] = RULES | {
    "qualityFloor": 0,
    "repostFloor": -200,
    "framedFloor": -200,
    "turnedFloor": -200,
    "edgesFloor": 0,
    "sameWithin": -1,
}
"""Rules by which each re-post is given, whatever it shows."""


class Picture(NamedTuple):
    """One picture, and how it is turned."""

    array: NDArray[np.uint8]
    orientation: int = 1


def drawn(number: int) -> Picture:
    """Make a picture by formula: gradients, noise, waves, edges and flat areas, of odd sizes and every orientation."""
    chance = np.random.default_rng(number)
    height, width = (int(side) for side in np.exp(chance.uniform(np.log(5), np.log(600), 2)))
    y, x = np.mgrid[:height, :width]
    waves = np.zeros((height, width, 3))
    for _ in range(int(chance.integers(1, 9))):
        down, across = chance.uniform(-0.2, 0.2, 2)
        waves += np.sin(down * y + across * x + chance.uniform(0, 6))[..., np.newaxis] * chance.uniform(-60, 60, 3)
    kind = number % 5
    if kind == 1:
        waves += chance.normal(0, 40, waves.shape)
    elif kind == 2:
        waves = (
            waves * 0.2 + np.stack([x * 255 / width, y * 255 / height, (x + y) * 127 / (width + height)], axis=2) - 128
        )
    elif kind == 3:
        for _ in range(12):
            top, left = chance.integers(0, height), chance.integers(0, width)
            box = slice(top, top + height // 3 + 1), slice(left, left + width // 3 + 1)
            waves[box] = chance.integers(-128, 128, 3)
    elif kind == 4:
        waves = np.round(waves / 60) * 60
    array = np.clip(waves + 128, 0, 255).astype(np.uint8)
    if number % 11 == 0:
        array = array[..., 0]
    return Picture(array, 1 + number % 8)


def reposts_of(pixels: Pixels) -> dict[str, tuple[str, int, int, float, bool]]:
    """Hash every re-post with the program: value, quality, detail, gap about the median, and whether quality is clear."""
    means = BlockMeansMaker(pixels).block_means()
    recipes = coverage.recipes(Coverage.WIDE)
    reposts = list(coverage.hash_recipes(means, recipes))
    reduced = coverage._plan(means.down, means.across, recipes).reduce(means)
    gaps = [median_gap(each, beyond=0) for each in coefficients(reduced)]
    return {
        one.recipe.variant: (one.value, one.quality, one.detail, gap, is_clear(each))
        for one, gap, each in zip(reposts, gaps, reduced, strict=True)
    }


def is_clear(reduced: NDArray[np.float32]) -> bool:
    """Whether a quality stays the same where every gradient is a little smaller or larger."""
    sizes = (
        np.concatenate([np.abs(np.diff(reduced.astype(np.float64), axis=axis)).ravel() for axis in (0, 1)]) * 100 / 255
    )
    least, most = (int(np.floor(np.maximum(0, sizes + by)).sum()) // GRADIENTS_A_POINT for by in (-CLEAR, CLEAR))
    return min(100, least) == min(100, most)
