"""The page's core makes the hashes that the program makes: bit for bit wherever rounding does not decide."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.pdq import PdqHasher, coefficients
from hashclient.hashing.reference_rounding import median_gap
from hashclient.hashing.reposts import coverage, levels
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.pixels import ArrayPixels, Pixels
from hashclient.vocabulary import Coverage

WEB = Path(__file__).resolve().parents[2] / "web"
CLEAR = 1e-3
"""Gap between the coefficients about the median, in units of luma, above which rounding decides no bit."""
RULES = {
    "recipes": levels.recipes_json(Coverage.WIDE),
    "qualityFloor": QUALITY_FLOOR,
    "repostFloor": levels.REPOST_FLOOR,
    "framedFloor": levels.FRAMED_FLOOR,
    "edgesFloor": levels.EDGES_FLOOR,
    "sameWithin": levels.SAME_WITHIN,
    "grounds": levels.GROUNDS,
}


class Picture(NamedTuple):
    """One picture, and how it is turned."""

    array: NDArray[np.uint8]
    orientation: int = 1


def in_node(script: str, *arguments: Path) -> None:
    """Run a script of the page's tests."""
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules").is_dir():
        pytest.skip("node or web/node_modules is not there: `make web-test` brings it, and the page's core is compared")
    subprocess.run([node, WEB / "build" / "run.mjs", f"tests/{script}.ts", *arguments], check=True, timeout=280)


def hashed_by_page(pictures: list[Picture], folder: Path) -> list[dict[str, Any]]:
    """Hash pictures with the page's core."""
    listed = []
    for place, (array, orientation) in enumerate(pictures):
        file = folder / f"{place}.raw"
        file.write_bytes(np.ascontiguousarray(array).tobytes())
        height, width = array.shape[:2]
        channels = array.shape[2] if array.ndim == 3 else 1
        size = {"width": width, "height": height, "channels": channels}
        listed.append({"file": str(file), "orientation": orientation, **size})
    (folder / "job.json").write_text(json.dumps({"rules": RULES, "pictures": listed}))
    in_node("hash_pictures", folder / "job.json", folder / "hashes.json")
    results: list[dict[str, Any]] = json.loads((folder / "hashes.json").read_text())
    return results


def drawn(number: int) -> Picture:
    """Make a picture by formula: gradients, noise, waves, edges and flat areas, of odd sizes and every orientation."""
    chance = np.random.default_rng(number)
    height, width = (int(side) for side in np.exp(chance.uniform(np.log(5), np.log(1100), 2)))
    y, x = np.mgrid[:height, :width]
    waves = np.zeros((height, width, 3))
    for _ in range(int(chance.integers(1, 9))):
        down, across = chance.uniform(-0.2, 0.2, 2)
        waves += np.sin(down * y + across * x + chance.uniform(0, 6))[..., np.newaxis] * chance.uniform(-60, 60, 3)
    kind = number % 5
    if kind == 1:
        waves += chance.normal(0, 40, waves.shape)
    elif kind == 2:
        waves = waves * 0.2 + np.stack([x * 255 / width, y * 255 / height, (x + y) * 127 / (width + height)], axis=2) - 128
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


def photographs(vectors: Path) -> Iterator[Picture]:
    for place, name in enumerate(sorted(json.loads((vectors / "pdq" / "expected.json").read_text()))):
        with Image.open(vectors / "pdq" / name) as image:
            yield Picture(np.asarray(image.convert("RGB")), 1 + place % 8)


def clear_reposts(pixels: Pixels) -> dict[str, tuple[str, int, int, bool]]:
    """Hash every re-post with the program: value, quality, detail, and whether its hash is clear."""
    means = BlockMeansMaker(pixels).block_means()
    plan = coverage._plan(means.down, means.across, coverage.recipes(Coverage.WIDE))
    gaps = [median_gap(each, beyond=0) for each in coefficients(plan.reduce(means))]
    reposts = coverage.hash_recipes(means, coverage.recipes(Coverage.WIDE))
    return {
        one.recipe.variant: (one.value, one.quality, one.detail, gap >= CLEAR)
        for one, gap in zip(reposts, gaps, strict=True)
    }


class Tally(NamedTuple):
    """What was compared, and what differed."""

    pictures: int
    hashes: int
    unclear: int
    bits: int
    qualities: int
    details: int
    sets: int
    other_sets: int


def compared(pictures: list[Picture], folder: Path) -> Tally:
    """Compare the page's core with the program on some pictures."""
    hashes = unclear = bits = qualities = details = sets = other_sets = 0
    hasher = coverage.CoverageHasher(Coverage.WIDE)
    for (array, orientation), page in zip(pictures, hashed_by_page(pictures, folder), strict=True):
        own = [(one.value, one.quality, one.variant) for one in PdqHasher().hash_image(ArrayPixels(array, orientation=orientation))]
        theirs = [page["own"][form] | {"variant": form} for form in ("original", "stored") if form in page["own"]]
        assert [(one["value"], one["quality"], one["variant"]) for one in theirs] == own, array.shape
        if min(array.shape[:2]) < 5:
            continue
        reposts = clear_reposts(ArrayPixels(array, orientation=orientation))
        assert [one[0] for one in page["reposts"]] == list(reposts), array.shape
        all_clear = True
        for variant, value, quality, detail in page["reposts"]:
            expected, their_quality, their_detail, is_clear = reposts[variant]
            all_clear = all_clear and is_clear
            hashes += is_clear
            unclear += not is_clear
            if is_clear:
                bits += (int(value, 16) ^ int(expected, 16)).bit_count()
            qualities += quality != their_quality
            details += detail != their_detail
        kept = [(one.value, one.quality, one.variant) for one in hasher.hash_image(ArrayPixels(array, orientation=orientation))]
        sets += all_clear
        other_sets += all_clear and kept != [(one["value"], one["quality"], one["variant"]) for one in page["hashes"]]
    return Tally(len(pictures), hashes, unclear, bits, qualities, details, sets, other_sets)


def test_drawn_pictures(tmp_path: Path) -> None:
    """Pictures by formula have the same hashes, re-posts and sets, bit for bit, wherever they are clear."""
    tally = compared([drawn(number) for number in range(150)], tmp_path)
    print(tally)
    assert (tally.bits, tally.qualities, tally.details, tally.other_sets) == (0, 0, 0, 0)


@pytest.mark.vectors
def test_photographs(vectors: Path, tmp_path: Path) -> None:
    """So do photographs."""
    tally = compared(list(photographs(vectors)), tmp_path)
    print(tally)
    assert (tally.bits, tally.qualities, tally.details, tally.other_sets) == (0, 0, 0, 0)
