"""Choose the re-posts that coverage hashes, by greedy search, and say what a set of them finds.

Pictures of one half are edited for real: by the searched cells of `posts-v1`, by the same kinds of edits with severities
drawn afresh for each picture, because a search on a few severities learns them by heart, and by the searched cells of
`fifteen-v1`. Each edit is hashed, and a candidate is worth the more, the nearer it lies to what no candidate chosen before
lies near. Greedy choice is within 1 - 1/e of the best set of its size, because the worth is monotone and submodular
(Nemhauser, Wolsey and Fisher 1978). The result is one ordered list, of which each level is the beginning.
"""

import hashlib
import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.hashing.hamming import distances
from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import hash_recipes, is_fit
from hashclient.hashing.reposts.levels import HASHES
from hashclient.hashing.reposts.recipe import Recipe
from hashclient.lab.dataset import Dataset, LabPicture, donors_of
from hashclient.lab.grammar import candidates
from hashclient.lab.suites import Cell, Suite, cell_of, families_of, keyed_generator
from hashclient.lab.transforms.interface import Step, step_text
from hashclient.model.signal import MATCH_DISTANCE
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Coverage

SUITES_SEARCHED: Final[Mapping[str, float]] = {"posts-v1": 1.0, "fifteen-v1": 0.1}
"""The suites that a search sees, and how much each counts."""
LESS: Final = {"one side": 0.15, "mirror, border": 0.15, "shape": 0.2, "quarter turn": 0.15, "turn, cut": 0.3}
"""How much a family of `fifteen-v1` counts; 1 where it is not named. All families of `posts-v1` count the same."""
DRAWN: Final = 0.95
"""Share of a family of `posts-v1` that is left to severities drawn afresh."""
TIMES: Final = 4
"""How often each cell is drawn anew for each picture."""
NEAR_STRANGERS: Final = 62
"""Bits: a candidate whose hashes of two pictures lie so near each other is no candidate."""
_FORMS: Final = ("1:1", "4:5", "3:4", "2:3", "9:16", "16:9", "3:2", "5:4", "6:13")
_FULL: Final = 200
"""What a distance is worth at most, as it is kept in one byte."""

RANGES: Final[Mapping[tuple[str, str], tuple[float, float]]] = {
    ("shape.zoom", "z"): (1.01, 1.42),
    ("shape.loose", "m"): (0.01, 0.10),
    ("shape.stretch", "fx"): (0.9, 1.15),
    ("shape.corners", "f"): (0.03, 0.15),
    ("frame.polaroid", "a"): (0.03, 0.08),
    ("frame.polaroid", "b"): (0.13, 0.28),
    ("frame.handcut", "m"): (0.005, 0.035),
    ("frame.card", "m"): (0.04, 0.09),
    ("screen.chat", "f"): (0.55, 0.8),
    ("screen.photographed", "k"): (0.01, 0.04),
    ("over.emoji", "f"): (0.08, 0.28),
    ("over.eyes", "f"): (0.15, 0.35),
    ("over.strip", "f"): (0.05, 0.11),
    ("beside.corner_of", "f"): (0.3, 0.5),
    ("beside.corner_in", "f"): (0.2, 0.4),
}
"""What is drawn afresh of which edit: a number from a range, all alike. What is in no table stays as its cell has it."""
SMALL_MOSTLY: Final[Mapping[tuple[str, str], tuple[float, float]]] = {
    ("shape.turn", "deg"): (0.5, 10),
    ("shape.turnkeep", "deg"): (0.5, 10),
    ("frame.bar", "f"): (0.06, 0.30),
    ("frame.border", "f"): (0.01, 0.10),
}
"""The same, the logarithm of which is drawn, because small ones are the most common."""
CHOICES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("shape.cut", "to"): _FORMS[:-1],
    ("shape.corners", "colour"): ("white", "black"),
    ("frame.bar", "where"): ("above", "below", "both"),
    ("frame.bar", "colour"): ("white", "black"),
    ("frame.border", "colour"): ("white", "black"),
    ("frame.pad", "to"): _FORMS,
    ("frame.pad", "fill"): ("black", "white", "slate", "blur"),
    ("frame.card", "theme"): ("dark", "light"),
}
"""The same for words: one of these."""
ELSEWHERE: Final = {("shape.cut", "o"): 0.5, ("frame.pad", "o"): 0.2}
"""How often a place is drawn, in the middle four tenths of the spare room; else it stays as its cell has it."""


def redrawn(cell: Cell, rng: np.random.Generator, others: Sequence[Cell]) -> Cell:
    """Return a cell with the same kinds of edits at severities of its own.

    Args:
        cell: of a suite; its last step saves the picture.
        rng: draws.
        others: cells, any edit of which may follow a mirror in place of what does.
    """
    *steps, save = cell.steps
    if steps[0].transform.name == "shape.mirror" and rng.random() < 0.5:  # every other time
        steps = [steps[0], *others[int(rng.integers(len(others)))].steps[:-1]]
    texts = [_redrawn_step(step, rng) for step in steps]
    return cell_of(cell.family, cell.which, ">".join([*texts, save.text]))


def _redrawn_step(step: Step, rng: np.random.Generator) -> str:
    values = dict(step.values)
    for name in sorted(values):
        edit = step.transform.name, name
        if edit in RANGES:
            low, high = RANGES[edit]
            values[name] = round(float(rng.uniform(low, high)), 4)
        elif edit in SMALL_MOSTLY:
            low, high = SMALL_MOSTLY[edit]
            values[name] = round(float(low * (high / low) ** rng.random()), 4)
        elif edit in CHOICES and (name != "to" or rng.random() < 0.5):  # shapes in use as often as any other
            values[name] = CHOICES[edit][int(rng.integers(len(CHOICES[edit])))]
        elif edit in ELSEWHERE and rng.random() < ELSEWHERE[edit]:
            values[name] = round(float(rng.uniform(0.3, 0.7)), 4)
    return step_text(step.transform.name, values)


def worth(apart: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Give what a distance is worth: all up to 18 bits, 0.6 at the threshold of 31, little beyond, nothing from 40."""
    every = np.interp(np.arange(257), [18, MATCH_DISTANCE, MATCH_DISTANCE + 1, 40], [1.0, 0.6, 0.15, 0.0])
    return (_FULL * every).round().astype(np.uint8)[apart]


@dataclass(frozen=True)
class Seen:
    """What a search sees of one picture."""

    worths: NDArray[np.uint8]
    """Of each candidate for each edit, shape (edits, candidates)."""
    weights: NDArray[np.float32]
    """How much each edit counts, shape (edits,)."""
    covers: NDArray[np.uint8]
    """The hash of each candidate, shape (candidates, 32); a random one where it would not be made."""
    is_made: NDArray[np.bool_]
    """Whether it would be, shape (candidates,)."""


def packed(value: str) -> NDArray[np.uint8]:
    """Return the 32 bytes of a PDQ hash."""
    return np.frombuffer(bytes.fromhex(value), np.uint8)


def covers_of(pixels: NDArray[np.uint8], recipes: Sequence[Recipe]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Hash re-posts of a picture as the program does.

    Args:
        pixels: RGB, `uint8`, shape (height, width, 3).
        recipes: the re-posts.

    Returns:
        The hash of each, shape (recipes, 32), and whether the program would keep it.
    """
    own, own_quality = pdq_hash(pixels)
    made = {one.recipe: one for one in hash_recipes(BlockMeansMaker(ArrayPixels(pixels)).block_means(), recipes)}
    covers = np.zeros((len(recipes), 32), np.uint8)
    kept = np.zeros(len(recipes), bool)
    height, width = pixels.shape[:2]
    for place, recipe in enumerate(recipes):
        if recipe.variant == "original":
            covers[place], kept[place] = packed(own), True
        elif recipe in made:
            covers[place] = packed(made[recipe].value)
            kept[place] = is_fit(made[recipe], own_quality, width, height)
    return covers, kept


def edits_of(picture: LabPicture, *, seed: int) -> Iterator[tuple[Cell, float]]:
    """Give the edits that a search sees of one picture, and how much each counts."""
    for name, of_suite in SUITES_SEARCHED.items():
        suite = Suite.named(name)
        families = families_of(suite.cells("searched"))
        counts = {family: LESS.get(family, 1.0) for family in families}
        others = [*families.get("shape", ()), *families.get("frame", ())]
        rng = keyed_generator("severities", seed, name, picture.id)
        is_drawn = name == "posts-v1"
        for family, cells in families.items():
            weight = of_suite * counts[family] / sum(counts.values())
            for cell in cells:
                yield cell, weight * (1 - DRAWN * is_drawn) / len(cells)
            if is_drawn:
                for cell in (*cells,) * TIMES:
                    yield redrawn(cell, rng, others), weight * DRAWN / (len(cells) * TIMES)


def see(picture: LabPicture, dev: Sequence[LabPicture], recipes: Sequence[Recipe], *, seed: int) -> Seen:
    """Edit a picture in every way, hash all, and compare with every candidate; run by workers, keeps nothing.

    Args:
        picture: one of `dev`.
        dev: the pictures that are searched; donors are drawn from them.
        recipes: the candidates.
        seed: of what is drawn.
    """
    pixels = picture.pixels()
    covers, is_made = covers_of(pixels, recipes)
    hashes, weights = [], []
    for cell, weight in edits_of(picture, seed=seed):
        edited = hashed_edit(picture, pixels, cell, dev, seed=seed)
        if edited is not None:
            hashes.append(edited)
            weights.append(weight)
    worths = worth(distances(np.array(hashes), covers).astype(np.uint16))
    worths[:, ~is_made] = 0
    return Seen(worths, np.array(weights, np.float32), covers, is_made)


def hashed_edit(
    picture: LabPicture, pixels: NDArray[np.uint8], cell: Cell, pool: Sequence[LabPicture], *, seed: int
) -> NDArray[np.uint8] | None:
    """Edit a picture for real and hash it: the 32 bytes of PDQ; None where it would be too small."""
    donors = [one.pixels() for one in donors_of(picture, pool, count=cell.donors, seed=seed, cell_id=cell.id)]
    try:
        edited = cell.apply(pixels, cell.generator(seed, picture.id), donors)
    except UsageError:
        return None
    return packed(pdq_hash(edited)[0])


def far_from_strangers(seen: Sequence[Seen]) -> NDArray[np.bool_]:
    """Tell of each candidate whether its hashes of two different pictures are never near each other."""
    every, is_made = np.stack([one.covers for one in seen]), np.stack([one.is_made for one in seen])
    far = np.ones(every.shape[1], bool)
    for one, other in combinations(range(len(every)), 2):
        apart = np.bitwise_count(every[one] ^ every[other]).sum(axis=1)
        far &= (apart > NEAR_STRANGERS) | ~is_made[one] | ~is_made[other]
    return far


def chosen(worths: NDArray[np.uint8], weights: NDArray[np.float32], count: int) -> list[int]:
    """Choose candidates greedily, each time the one that adds most; the first candidate is given.

    A candidate never adds more later than it would have earlier, so it is looked at again only when its last known gain is
    the greatest.

    Args:
        worths: shape (edits, candidates).
        weights: of the edits, shape (edits,).
        count: how many are chosen.

    Returns:
        Their places, in the order of choice.
    """
    columns = np.ascontiguousarray(worths.T)
    best, order = columns[0].copy(), [0]

    def gain(place: int) -> float:
        return float(weights @ (np.maximum(columns[place], best) - best))

    waiting = [(-gain(place), place) for place in range(1, len(columns))]
    heapq.heapify(waiting)
    while waiting and len(order) < count:
        _, place = heapq.heappop(waiting)
        now = gain(place)
        if waiting and now < -waiting[0][0]:
            heapq.heappush(waiting, (-now, place))
            continue
        order.append(place)
        best = np.maximum(best, columns[place])
    return order


def search(
    dataset: Dataset, *, seed: int = 1, count: int | None = None, executor: Executor | None = None
) -> list[Recipe]:
    """Choose the re-posts of the widest level.

    Args:
        dataset: pictures; those of its side `dev` are searched.
        seed: of the severities.
        count: how many hashes, the picture's own among them; None for those of the widest level.
        executor: where pictures are edited; None for this thread.

    Returns:
        The recipes in the order of choice, without the picture itself.

    Raises:
        UsageError: no picture is on the side that is searched.
    """
    dev, recipes = dataset.split("dev").pictures, candidates()
    if not dev:
        raise UsageError(words.EMPTY_SIDE, hint=words.MORE_PICTURES)
    look = partial(see, dev=dev, recipes=recipes, seed=seed)
    seen = list(executor.map(look, dev) if executor else map(look, dev))
    worths = np.concatenate([one.worths for one in seen])
    worths[:, ~far_from_strangers(seen)] = 0
    order = chosen(worths, np.concatenate([one.weights for one in seen]), count or HASHES[Coverage.WIDE])
    return [recipes[place] for place in order[1:]]


def written(recipes: Iterable[Recipe], *, version: int) -> str:
    """Write a set as the program reads it: version, digest of the recipes, and the recipes, one a line."""
    rows = [json.dumps(recipe.to_json()) for recipe in recipes]
    head: dict[str, Any] = {"version": version, "digest": digest_of(rows)}
    return json.dumps(head)[:-1] + ', "recipes": [\n' + ",\n".join(rows) + "\n]}\n"


def digest_of(rows: Iterable[str]) -> str:
    """Return the SHA-256 of recipes, each as its JSON, hexadecimal."""
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
