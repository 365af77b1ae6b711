"""Choose the recipes of coverage by greedy search, and write them where the program reads them.

    python benchmarks/coverage_search.py PHOTOS hashclient/hashing/reposts/coverage-v1.json

PHOTOS is a folder of photographs; with HASHCLIENT_VECTORS set, its `photos` are taken. Half of them,
told by their SHA-256, are searched; the other half is left to `coverage_report.py`, as are the
severities of its edits. Each searched photograph is edited for real in the ways of `edits.SEARCHED`,
saved as JPEG 75 and hashed. A candidate is worth the more, the nearer it lies to what no recipe
chosen before it lies near. Greedy choice is within 1 - 1/e of the best set of its size, because the
worth is monotone and submodular (Nemhauser, Wolsey and Fisher 1978).
"""

import hashlib
import itertools
import json
import os
import random
import sys
from pathlib import Path

import numpy as np
from edits import FAMILY_WEIGHTS, SEARCHED, Edit, saved
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import hash_recipes
from hashclient.hashing.reposts.levels import HASHES
from hashclient.hashing.reposts.recipe import Corners, Recipe
from hashclient.lab import grammar
from hashclient.model.signal import MATCH_DISTANCE, QUALITY_FLOOR
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Coverage

FAR = 256
_BITS = np.array([value.bit_count() for value in range(256)], np.uint8)


def is_searched(photo: Path) -> bool:
    """Tell which half of the photographs one belongs to, by its bytes alone."""
    return int(hashlib.sha256(photo.read_bytes()).hexdigest()[:8], 16) % 100 < 50


def photographs(folder: str | None = None) -> list[Path]:
    """Give the photographs of a folder, or those of the reference data."""
    found = sorted(
        (Path(folder) if folder else Path(os.environ.get("HASHCLIENT_VECTORS", "")) / "photos").glob("*.jpg")
    )
    if not found:
        sys.exit("No photographs were found: name a folder of JPEG files, or set HASHCLIENT_VECTORS.")
    return found


def opened(photo: Path) -> Image.Image:
    with Image.open(photo) as picture:  # noqa: TID251  # photographs for measuring
        return picture.convert("RGB")


def packed(value: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(value), np.uint8)


def hashed_edit(photo: Image.Image, edit: Edit, rng: random.Random, *, quality: int) -> NDArray[np.uint8]:
    """Edit for real, save, open again and hash: the 32 bytes of PDQ."""
    return packed(pdq_hash(np.asarray(saved(edit(photo, rng), quality=quality)))[0])


def hashed_recipes(photo: Image.Image, recipes: list[Recipe]) -> NDArray[np.uint8]:
    """Hash re-posts as the program does: shape (recipes, 32); what it would drop is far from everything."""
    means = BlockMeansMaker(ArrayPixels(np.asarray(photo))).block_means()
    hashed = {one.recipe: one for one in hash_recipes(means, recipes)}
    dropped = np.resize(packed("55aa" * 16), 32)  # no photograph lies within 31 bits of it; checked by the report
    return np.array(
        [
            packed(hashed[recipe].value) if recipe in hashed and hashed[recipe].quality >= QUALITY_FLOOR else dropped
            for recipe in recipes
        ]
    )


def distances(one: NDArray[np.uint8], many: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count differing bits: (32,) or (n, 32) against (m, 32)."""
    apart: NDArray[np.int64] = _BITS[one[..., np.newaxis, :] ^ many].sum(axis=-1, dtype=np.int64)
    return apart


def candidates() -> list[Recipe]:
    """Name everything that may be chosen; no severity of the report's fifteen edits is among it."""
    shapes = [*map(grammar.inset, (6, 12, 18, 22, 32, 38, 45, 60, 75, 90))]
    for sizes in ((0, 20, 40), (8, 32), (0, 35), (15, 45)):
        shapes += [grammar.crop(*sides) for sides in itertools.product(sizes, repeat=4) if any(sides)]
    for size in (30, 60, 90, 120):
        shapes += [grammar.crop(*(size * (side == cut) for side in range(4))) for cut in range(4)]
    for grey in (grammar.BLACK, grammar.GREY, grammar.WHITE):
        shapes += [grammar.border(grey, size) for size in (12, 20, 40, 60, 80, 100)]
        shapes += [grammar.pad(*form, grey) for form in ((1, 1), (9, 16), (16, 9))]
    for grey in (grammar.BLACK, grammar.WHITE):
        for size in (55, 70, 85, 100, 135, 145, 150, 180, 200, 230, 260):
            shapes += [grammar.bar(where, grey, size) for where in ("top", "bottom")]
    shapes += [grammar.cut(*form) for form in ((1, 1), (4, 5), (16, 9))]
    for corners in (Corners.FILLED, Corners.CUT):
        shapes += [grammar.turn(way * size, corners) for way in (1, -1) for size in (7, 14, 15, 25, 28, 34)]
    plain = [grammar.original(), *shapes]
    quarters = [grammar.oriented(plain[0], name) for name in grammar.ORIENTATIONS if name != "mirror"]
    return [*plain, *map(grammar.mirrored, plain), *quarters]


def worth(apart: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give what a distance is worth: 1 up to 18 bits, 0.6 at the threshold of 31, little beyond, nothing from 40."""
    return np.interp(apart, [18, MATCH_DISTANCE, MATCH_DISTANCE + 1, 40], [1.0, 0.6, 0.15, 0.0])


def chosen(values: NDArray[np.float64], weights: NDArray[np.float64], count: int) -> list[int]:
    """Choose columns greedily: each time the one that adds most, the picture itself (column 0) first."""
    best, order = values[:, 0].copy(), [0]
    while len(order) < count:
        gains = weights @ np.maximum(values - best[:, np.newaxis], 0)
        order.append(int(gains.argmax()))
        best = np.maximum(best, values[:, order[-1]])
    return order


def main() -> None:
    photos = [photo for photo in photographs(sys.argv[1] if len(sys.argv) > 2 else None) if is_searched(photo)]
    recipes = candidates()
    rng = random.Random(11)
    edits = [(family, edit) for family, members in SEARCHED.items() for edit in members]
    weights = [FAMILY_WEIGHTS.get(family, 1.0) / len(SEARCHED[family]) for family, _ in edits]
    values = []
    for photo in map(opened, photos):
        covers = hashed_recipes(photo, recipes)
        values += [worth(distances(hashed_edit(photo, edit, rng, quality=75), covers)) for _, edit in edits]
    order = chosen(np.array(values), np.tile(weights, len(photos)), HASHES[Coverage.WIDE])
    rows = ",\n".join(json.dumps(recipes[place].to_json()) for place in order[1:])
    Path(sys.argv[-1]).write_text(f'{{"version": 1, "recipes": [\n{rows}\n]}}\n')
    print(f"{len(order)} of {len(recipes)} recipes, from {len(photos)} photographs and {len(edits)} edits")


if __name__ == "__main__":
    main()
