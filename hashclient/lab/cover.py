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
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.hashing.hamming import distances
from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import hash_recipes, is_fit
from hashclient.hashing.reposts.levels import COVERAGE_VERSION, HASHES, SAME_WITHIN
from hashclient.hashing.reposts.recipe import Recipe
from hashclient.lab.dataset import Dataset, LabPicture, Split, donors_of
from hashclient.lab.faults import SplitLeakError
from hashclient.lab.grammar import candidates, original
from hashclient.lab.policies import DEPTHS, STRICTER
from hashclient.lab.scoring import MEAN
from hashclient.lab.statistics import percentiles, resamples
from hashclient.lab.suites import Cell, Suite, cell_of, families_of, keyed_generator
from hashclient.lab.transforms.interface import By, Step, step_text
from hashclient.lab.transforms.shape import cut_to as cut_shape
from hashclient.model.signal import MATCH_DISTANCE, QUALITY_FLOOR
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Coverage

SUITES_SEARCHED: Final[Mapping[str, Mapping[Coverage, float]]] = {
    "posts-v1": {Coverage.STANDARD: 1.0, Coverage.WIDE: 1.0},
    "fifteen-v1": {Coverage.STANDARD: 0.2, Coverage.WIDE: 0.1},
}
"""The suites that a search sees, and how much each counts while the recipes of a level are chosen."""
VIDEO_SUITE: Final = "videos-v1"
"""The suite that the search for recipes of frames sees."""
OF_A_FRAME: Final = 12
"""Recipes of each frame of a video."""
SHAPES_OF_FRAMES: Final = ("16:9", "9:16", "4:3")
"""Shapes that pictures are cut to, to be taken for frames; each picture to one of them."""
DRAWN_SUITE: Final = "posts-v1"
"""The one whose severities are drawn afresh."""
LESS: Final[Mapping[str, Mapping[str, float]]] = {
    "fifteen-v1": {"one side": 0.15, "mirror, border": 0.15, "shape": 0.2, "quarter turn": 0.15, "turn, cut": 0.3}
}
"""How much a family of a suite counts, where that is not 1. All families of `posts-v1` count the same."""
SHARE_DRAWN: Final = 0.8
"""Share of a family of `posts-v1` that is left to severities drawn afresh, where its edits have any; the rest is that of its
searched cells."""
TIMES: Final = 8
"""How often each cell is drawn anew for each picture."""
HALF_OF_ALL: Final = 128
"""A depth at which a set is reported beside those of `DEPTHS`."""
SIDES: Final[tuple[Split, ...]] = ("held", "dev")
"""Of the split, in the order of the report."""
DISTANCES: Final = (MATCH_DISTANCE, *STRICTER)
"""Bits at which a set is reported."""
NEAR_STRANGERS: Final = 62
"""Bits: a candidate whose hashes of two pictures lie so near each other is no candidate."""
_FORMS: Final = ("1:1", "4:5", "3:4", "2:3", "9:16", "16:9", "3:2", "5:4", "6:13")
_LEAST_GAIN: Final = 1e-4
"""Share by which an exchange has to be better, beyond all rounding."""
_HALF_WORTH, _SLOPE = 28, 5
"""Bits: where a distance is worth half, and how fast that falls."""
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
PLACES_DRAWN: Final = {("shape.cut", "o"): 0.5, ("frame.pad", "o"): 0.2}
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
        elif edit in PLACES_DRAWN and rng.random() < PLACES_DRAWN[edit]:
            values[name] = round(float(rng.uniform(0.3, 0.7)), 4)
    return step_text(step.transform.name, values)


def worth(apart: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Give what a distance is worth: about the chance that the like edit of another picture lies within 31 bits.

    A logistic curve, half at 28 bits and a tenth at 39: a step at 31 would learn the pictures by heart.
    """
    every = 1 / (1 + np.exp((np.arange(257) - _HALF_WORTH) / _SLOPE))
    return (_FULL * every).round().astype(np.uint8)[apart]


@dataclass(frozen=True)
class Seen:
    """What a search sees of one picture."""

    worths: NDArray[np.uint8]
    """Of each candidate for each edit, shape (edits, candidates)."""
    weights: NDArray[np.float32]
    """How much each edit counts while each level is chosen, shape (levels, edits)."""
    covers: NDArray[np.uint8]
    """The hash of each candidate, shape (candidates, 32)."""
    is_made: NDArray[np.bool_]
    """Whether the program would keep it, shape (candidates,)."""


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
    for place, recipe in enumerate(recipes):
        if recipe.variant == "original":
            covers[place], kept[place] = packed(own), True
        elif recipe in made:
            covers[place] = packed(made[recipe].value)
            kept[place] = own_quality >= QUALITY_FLOOR and is_fit(made[recipe], own_quality)
    return covers, kept


def edits_of(picture: LabPicture, *, seed: int) -> Iterator[tuple[Cell, list[float]]]:
    """Give the edits that a search sees of one picture, and how much each counts while each level is chosen."""
    for name, of_levels in SUITES_SEARCHED.items():
        families = families_of(Suite.named(name).cells("searched"))
        counts = {family: LESS.get(name, {}).get(family, 1.0) for family in families}
        others = [*families.get("shape", ()), *families.get("frame", ())]
        rng = keyed_generator("severities", seed, name, picture.id)
        for family, cells in families.items():
            weights = [of_suite * counts[family] / sum(counts.values()) for of_suite in of_levels.values()]
            drawn = [redrawn(cell, rng, others) for cell in cells * TIMES] if name == DRAWN_SUITE else []
            if {cell.id for cell in drawn} <= {cell.id for cell in cells}:  # none of them has a severity
                drawn = []
            share = SHARE_DRAWN if drawn else 0.0
            yield from ((cell, [one * (1 - share) / len(cells) for one in weights]) for cell in cells)
            yield from ((cell, [one * share / len(drawn) for one in weights]) for cell in drawn)


def edits_of_frame(_picture: LabPicture, *, seed: int) -> Iterator[tuple[Cell, list[float]]]:  # noqa: ARG001  # as `edits_of`
    """Give the edits that the search for recipes of frames sees of each picture, and how much each counts."""
    for cells in families_of(Suite.named(VIDEO_SUITE).cells("searched")).values():
        yield from ((cell, [1 / len(cells)]) for cell in cells)


def pixels_of_frame(picture: LabPicture) -> NDArray[np.uint8]:
    """Return a picture as a frame of a video: its middle, cut to one of the shapes of videos."""
    shape = SHAPES_OF_FRAMES[int(picture.id[-8:], 16) % len(SHAPES_OF_FRAMES)]  # the split takes the first digits
    return np.asarray(cut_shape(Image.fromarray(picture.pixels()), By(np.random.default_rng(0)), to=shape, o=0.5))


def see(
    picture: LabPicture,
    dev: Sequence[LabPicture],
    recipes: Sequence[Recipe],
    *,
    seed: int,
    is_frame: bool = False,
) -> Seen:
    """Edit a picture in every way, hash all, and compare with every candidate; run by workers, keeps nothing.

    Args:
        picture: one of `dev`.
        dev: the pictures that are searched; donors are drawn from them.
        recipes: the candidates.
        seed: of what is drawn.
        is_frame: whether it is taken for a frame of a video.

    Raises:
        SplitLeakError: one of `dev` is on another side of the split than the picture.
    """
    if any(one.split != picture.split for one in dev):
        raise SplitLeakError
    pixels = pixels_of_frame(picture) if is_frame else picture.pixels()
    covers, is_made = covers_of(pixels, recipes)
    hashes, weights = [], []
    for cell, weight in (edits_of_frame if is_frame else edits_of)(picture, seed=seed):
        edited = hashed_edit(picture, pixels, cell, dev, seed=seed)
        if edited is not None:
            hashes.append(edited)
            weights.append(weight)
    worths = worth(distances(np.array(hashes), covers).astype(np.uint16))
    worths[:, ~is_made] = 0
    return Seen(worths, np.array(weights, np.float32).T, covers, is_made)


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


def chosen(
    worths: NDArray[np.uint8], weights: NDArray[np.float32], count: int, *, given: Sequence[int] = (0,)
) -> list[int]:
    """Choose candidates greedily, each time the one that adds most.

    A candidate never adds more later than it would have earlier, so it is looked at again only when its last known gain is
    the greatest.

    Args:
        worths: of each candidate for each edit, shape (candidates, edits).
        weights: of the edits, shape (edits,).
        count: how many there are in the end.
        given: those that are chosen already.

    Returns:
        Their places, those given first, then in the order of choice.
    """
    order = list(given)
    best = worths[order].max(axis=0)

    def gain(place: int) -> float:
        return float(weights @ (np.maximum(worths[place], best) - best))

    waiting = [(-gain(place), place) for place in range(len(worths)) if place not in order]
    heapq.heapify(waiting)
    while waiting and len(order) < count:
        _, place = heapq.heappop(waiting)
        now = gain(place)
        if waiting and (-now, place) > waiting[0]:
            heapq.heappush(waiting, (-now, place))
            continue
        order.append(place)
        best = np.maximum(best, worths[place])
    return order


def search(dataset: Dataset, *, seed: int = 1, executor: Executor | None = None) -> list[Recipe]:
    """Choose the re-posts of the widest level.

    Args:
        dataset: pictures; those of its side `dev` are searched.
        seed: of the severities.
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
    worths, order = np.ascontiguousarray(worths.T), [0]
    for place, level in enumerate((Coverage.STANDARD, Coverage.WIDE)):
        weights = np.concatenate([one.weights[place] for one in seen])
        order = chosen(worths, weights, HASHES[level], given=order)
    return [recipes[place] for place in order[1:]]


def search_frames(dataset: Dataset, *, seed: int = 1, executor: Executor | None = None) -> list[Recipe]:
    """Choose the re-posts of each frame of a video; arguments are those of `search`.

    So few are chosen that greedy choice would keep one that two later ones make needless: each is exchanged where another
    adds more. Then they are ordered as greedy choice orders them.

    Raises:
        UsageError: no picture is on the side that is searched.
    """
    dev = dataset.split("dev").pictures
    if not dev:
        raise UsageError(words.EMPTY_SIDE, hint=words.MORE_PICTURES)
    recipes = [recipe for recipe in candidates() if "crop" not in recipe.variant]  # uneven crops are too many for a few
    look = partial(see, dev=dev, recipes=recipes, seed=seed, is_frame=True)
    seen = list(executor.map(look, dev) if executor else map(look, dev))
    worths = np.concatenate([one.worths for one in seen])
    worths[:, ~far_from_strangers(seen)] = 0
    worths, weights = np.ascontiguousarray(worths.T), np.concatenate([one.weights[0] for one in seen])
    few = exchanged(worths, weights, chosen(worths, weights, 1 + OF_A_FRAME))
    return [recipes[few[place]] for place in chosen(worths[few], weights, len(few))[1:]]


def exchanged(worths: NDArray[np.uint8], weights: NDArray[np.float32], order: Sequence[int]) -> list[int]:
    """Exchange chosen candidates one by one, as long as another in its place makes all of them find more.

    Args:
        worths: of each candidate for each edit, shape (candidates, edits).
        weights: of the edits, shape (edits,).
        order: places of those chosen; the first stays.

    Returns:
        As many places.
    """
    kept = list(order)
    now = float(weights @ worths[kept].max(axis=0))
    while True:
        before = now
        for at in range(1, len(kept)):
            others = worths[[*kept[:at], *kept[at + 1 :]]].max(axis=0)
            totals = np.maximum(worths, others) @ weights
            best = int(totals.argmax())
            if totals[best] > now * (1 + _LEAST_GAIN):
                kept[at], now = best, float(totals[best])
        if now == before:
            return kept


@dataclass(frozen=True)
class FoundAt:
    """What the first hashes of a set find of one side's pictures."""

    depth: int
    """How many hashes, at most."""
    hashes: float
    """How many a picture really has, on average."""
    families: Mapping[str, tuple[float, float, float]]
    """Of each family, and of the `mean` over them: share found, 0 to 1, and the ends of its 95 % interval."""
    stricter: Mapping[int, float]
    """The mean over the families at each of the smaller distances, bits."""


@dataclass(frozen=True)
class Findings:
    """What a set finds of one side's pictures."""

    split: Split
    found: tuple[FoundAt, ...]
    """At each depth."""
    sole: int
    """How many hashes ever are the only one that finds an edit of a picture."""


def findings(
    dataset: Dataset,
    recipes: Sequence[Recipe],
    suite: Suite,
    *,
    split: Split = "held",
    seed: int = 1,
    executor: Executor | None = None,
) -> Findings:
    """Say what a set finds of the held edits of a suite, at several depths; intervals resample pictures.

    Args:
        dataset: pictures; those of one side are edited.
        recipes: the set, without the picture itself.
        suite: whose held cells are made.
        split: the side.
        seed: of what is drawn.
        executor: where pictures are edited; None for this thread.

    Raises:
        UsageError: no picture is on that side.
    """
    pool = dataset.split(split).pictures
    if not pool:
        raise UsageError(words.EMPTY_SIDE, hint=words.MORE_PICTURES)
    cells = suite.cells("held")
    look = partial(
        _finders,
        pool=pool,
        recipes=[original(), *recipes],
        cells=cells,
        seed=seed,
        is_frame=suite.name == VIDEO_SUITE,
    )
    first, sole, sizes = map(np.stack, zip(*(executor.map(look, pool) if executor else map(look, pool)), strict=True))
    drawn = resamples(np.arange(len(pool)), seed=seed)
    families = {name: [place for place, cell in enumerate(cells) if cell.family == name] for name in families_of(cells)}
    results = []
    for depth in (*(depth for depth in (*DEPTHS, HALF_OF_ALL) if depth <= len(recipes)), len(recipes) + 1):
        told, stricter = {}, {}
        for place, within in enumerate(DISTANCES):
            shares = {name: (first[:, at, place] < depth).mean(axis=1) for name, at in families.items()}
            shares[MEAN] = np.mean(list(shares.values()), axis=0)
            stricter[within] = float(shares[MEAN].mean())
            if within == MATCH_DISTANCE:
                for name, of_pictures in shares.items():
                    low, high = percentiles(drawn @ of_pictures / len(pool)) or (0.0, 1.0)
                    told[name] = float(of_pictures.mean()), low, high
        del stricter[MATCH_DISTANCE]
        results.append(FoundAt(depth, float(sizes[:, :depth].sum(axis=1).mean()), told, stricter))
    return Findings(split, tuple(results), len(np.unique(sole[sole >= 0])))


def _finders(
    picture: LabPicture,
    pool: Sequence[LabPicture],
    recipes: Sequence[Recipe],
    cells: Sequence[Cell],
    *,
    seed: int,
    is_frame: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Look for a picture's edits with its hashes; run by workers, keeps nothing.

    Returns:
        Of each cell and each of `DISTANCES` the place of the first hash that finds it, or the number of hashes; of each
        cell the place of the only hash that finds it, or -1; and which hashes there are.
    """
    pixels = pixels_of_frame(picture) if is_frame else picture.pixels()
    covers, is_made = covers_of(pixels, recipes)
    is_made &= adds_something(covers, is_made)
    first = np.full((len(cells), len(DISTANCES)), len(recipes))
    sole = np.full(len(cells), -1)
    for place, cell in enumerate(cells):
        edited = hashed_edit(picture, pixels, cell, pool, seed=seed)
        if edited is None:
            continue
        apart = distances(edited[np.newaxis], covers)[0]
        for column, within in enumerate(DISTANCES):
            near = np.flatnonzero((apart <= within) & is_made)
            if len(near):
                first[place, column] = near[0]
            if within == MATCH_DISTANCE and len(near) == 1:
                sole[place] = near[0]
    return first, sole, is_made


def adds_something(covers: NDArray[np.uint8], is_made: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell of each hash of a picture whether none before it that is kept is nearly the same.

    Args:
        covers: the hashes in their order, shape (hashes, 32).
        is_made: which of them are fit.
    """
    kept: list[int] = []
    for place in np.flatnonzero(is_made):
        if not kept or distances(covers[place : place + 1], covers[kept]).min() > SAME_WITHIN:
            kept.append(int(place))
    told = np.zeros(len(covers), bool)
    told[kept] = True
    return told


def written(recipes: Iterable[Recipe], frames: Iterable[Recipe]) -> str:
    """Write a set as the program reads it: version, digest, recipes of frames and recipes of pictures, one a line."""
    of_frames, rows = ([json.dumps(recipe.to_json()) for recipe in some] for some in (frames, recipes))
    head = json.dumps({"version": COVERAGE_VERSION, "digest": digest_of([*of_frames, *rows])})
    lists = (f'"{name}": [\n' + ",\n".join(some) + "\n]" for name, some in (("frames", of_frames), ("recipes", rows)))
    return f"{head[:-1]}, {', '.join(lists)}}}\n"


def digest_of(rows: Iterable[str]) -> str:
    """Return the SHA-256 of recipes, each as its JSON, hexadecimal."""
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def read(text: str) -> tuple[list[Recipe], list[Recipe]]:
    """Read a set that `written` wrote: recipes of pictures, and of frames.

    Raises:
        UsageError: it is none, or was changed by hand.
    """
    try:
        said = json.loads(text)
        frames, rows = said["frames"], said["recipes"]
        is_whole = said["digest"] == digest_of(map(json.dumps, [*frames, *rows]))
    except (ValueError, KeyError, TypeError, RecursionError):
        is_whole = False
    if not is_whole:
        raise UsageError(words.MALFORMED_SET, hint=words.CHOOSE_A_SET)
    return list(map(Recipe.from_json, rows)), list(map(Recipe.from_json, frames))


def table(suite: str, told: Findings) -> Iterator[str]:
    """Write what a set finds, per cent, as tab-separated lines: a depth each, the mean over families first."""
    names = sorted(told.found[0].families, key=lambda name: name != MEAN)
    yield "\t".join([suite, told.split, "hashes", *names, *(f"{MEAN} at {within}" for within in STRICTER)])
    for one in told.found:
        cells = (
            f"{100 * share:.1f} ({100 * low:.0f} to {100 * high:.0f})"
            for share, low, high in (one.families[name] for name in names)
        )
        stricter = (f"{100 * one.stricter[within]:.1f}" for within in STRICTER)
        yield "\t".join([str(one.depth), "", f"{one.hashes:.0f}", *cells, *stricter])
    yield "\t".join(["ever the sole finder", "", str(told.sole)])
