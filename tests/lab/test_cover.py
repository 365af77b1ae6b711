"""The search for coverage: greedy as it says, on one half only, at severities inside their ranges, and the same each time."""

import json
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.hashing.reposts.recipe import Corners, Recipe
from hashclient.lab import cover, grammar
from hashclient.lab.dataset import Dataset, LabPicture
from hashclient.lab.engine import worker_processes
from hashclient.lab.faults import SplitLeakError
from hashclient.lab.policies import STRICTER
from hashclient.lab.scoring import MEAN
from hashclient.lab.suites import Cell, Suite, cell_of, families_of, keyed_generator
from hashclient.model.signal import MATCH_DISTANCE
from kit.lab import SMALL_SUITE, draw_pictures

FEW: Final = [
    grammar.original(),
    grammar.mirrored(grammar.original()),
    *map(grammar.inset, (20, 40, 60)),
    grammar.border(grammar.BLACK, 40),
    grammar.bar("top", grammar.WHITE, 100),
    grammar.turn(20),
]
"""Candidates for tests, in place of thousands."""
SETS: Final = st.lists(st.sampled_from(grammar.candidates()[1:]), max_size=12)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Draw pictures, some of which are on each side."""
    return Dataset.from_folder(draw_pictures(tmp_path_factory.mktemp("cover") / "pictures", 6))


@given(st.integers(0, 2**32 - 1), st.integers(2, 25), st.integers(1, 30))
def test_lazy_choice_is_the_plain_one(seed: int, candidates: int, edits: int) -> None:
    """A candidate whose last known gain is not the greatest is never the best, even among equals."""
    rng = np.random.default_rng(seed)
    worths = rng.integers(0, 4, (candidates, edits)).astype(np.uint8) * 50
    weights = rng.integers(1, 4, edits).astype(np.float32)
    order, best = [0], worths[0]
    while len(order) < candidates:
        gains = [float(weights @ (np.maximum(one, best) - best)) for one in worths]
        order.append(max((place for place in range(candidates) if place not in order), key=lambda one: gains[one]))
        best = np.maximum(best, worths[order[-1]])
    assert cover.chosen(worths, weights, candidates) == order
    half = order[: candidates // 2 + 1]
    assert cover.chosen(worths, weights, candidates, given=half) == order, "a level goes on where the one before ended"


def test_what_a_distance_is_worth_never_grows() -> None:
    """Near is worth more than far, a clear match more than half of the most, and what is far from one nothing."""
    worths = cover.worth(np.arange(257, dtype=np.uint16)).astype(int)
    assert (np.diff(worths) <= 0).all()
    assert worths[20] > worths[0] / 2 > worths[MATCH_DISTANCE] > 0
    assert not worths[2 * MATCH_DISTANCE :].any()


@given(SETS, SETS)
def test_a_set_that_is_read_is_the_one_that_was_written(recipes: list[Recipe], frames: list[Recipe]) -> None:
    """Recipes of pictures and of frames come back, in their order."""
    assert cover.read(cover.written(recipes, frames)) == (recipes, frames)


@pytest.mark.parametrize(
    ("before", "after"),
    [('"cut": [20', '"cut": [21'), ('"digest": "', '"digest": "0'), ('"recipes"', '"recipe"'), ("{", "")],
)
def test_a_set_changed_by_hand_is_refused(before: str, after: str) -> None:
    """One number, the digest, a name or a bracket: said in one sentence."""
    text = cover.written(FEW[1:], FEW[1:2])
    assert before in text
    with pytest.raises(UsageError, match=str(words.MALFORMED_SET)):
        cover.read(text.replace(before, after, 1))


def _numbers(cell: Cell) -> dict[tuple[str, str], list[float | str]]:
    said: dict[tuple[str, str], list[float | str]] = {}
    for step in cell.steps:
        for name, value in step.values.items():
            said.setdefault((step.transform.name, name), []).append(value)
    return said


@given(st.integers(0, 2**32 - 1))
def test_redrawn_severities_stay_inside_their_ranges(seed: int) -> None:
    """What is drawn is from its range or its words; what is in no table stays as it was."""
    rng = keyed_generator("test", seed)
    cells = Suite.named("posts-v1").cells("searched")
    families = families_of(cells)
    others = [*families["shape"], *families["frame"]]
    known: dict[tuple[str, str], set[float | str]] = {}
    for cell in cells:
        for edit, values in _numbers(cell).items():
            known.setdefault(edit, set()).update(values)
    for cell in cells:
        redrawn = cover.redrawn(cell, rng, others)
        assert redrawn.family == cell.family
        assert redrawn.steps[-1].text == cell.steps[-1].text
        for edit, values in _numbers(redrawn).items():
            for value in values:
                if edit in cover.RANGES or edit in cover.SMALL_MOSTLY:
                    low, high = {**cover.RANGES, **cover.SMALL_MOSTLY}[edit]
                    assert low - 1e-4 <= float(value) <= high + 1e-4
                elif edit in cover.CHOICES:
                    assert value in cover.CHOICES[edit]
                elif edit in cover.PLACES_DRAWN and value not in known[edit]:
                    assert 0.3 <= float(value) <= 0.7
                else:
                    assert value in known[edit]


@pytest.mark.parametrize("name", [*cover.SUITES_SEARCHED, cover.VIDEO_SUITE])
def test_no_held_cell_is_searched(name: str) -> None:
    """Neither as it is nor saved in another quality."""
    chains = {
        which: {cell.id.rpartition(">")[0] for cell in Suite.named(name).cells(which)} for which in ("searched", "held")
    }
    assert chains["searched"]
    assert not chains["searched"] & chains["held"]


def _recipes_of(cell: Cell) -> set[str]:
    """Name the recipes that would be the first step of a cell to the thousandth, whatever their grey, mirrored or not."""
    step = next((step for step in cell.steps if step.transform.name != "shape.mirror"), cell.steps[0])
    of = {name: value if isinstance(value, str) else float(value) for name, value in step.values.items()}
    greys = (grammar.BLACK, grammar.DARK, grammar.GREY, grammar.WHITE)

    def parts(name: str, whole: int = 1000) -> int:
        return round(whole * float(of[name]))

    match step.transform.name:
        case "shape.zoom":
            same = [grammar.inset(round(500 * (1 - 1 / float(of["z"]))))]
        case "plain.sides":
            same = [grammar.inset(parts("left"))]
        case "frame.border":
            same = [grammar.border(grey, parts("f")) for grey in (grammar.BLACK, grammar.GREY, grammar.WHITE)]
        case "frame.bar" | "plain.bar":
            same = [grammar.bar(where, grey, parts("f")) for where in ("top", "bottom", "both") for grey in greys]
        case "frame.polaroid":
            same = [grammar.polaroid(parts("a"), parts("b"))]
        case "shape.turn" | "shape.turnkeep":
            same = [grammar.turn(way * parts("deg", 10), corners) for way in (1, -1) for corners in Corners]
        case "frame.pad" | "shape.cut" if parts("o", 100) != grammar.MIDDLE:
            wide, high = map(int, str(of["to"]).split(":"))
            same = [grammar.cut(wide, high, parts("o", 100))]
            if step.transform.name == "frame.pad":
                same = [grammar.pad(wide, high, grey, parts("o", 100)) for grey in greys]
        case _:
            same = []
    return {recipe.variant for recipe in (*same, *map(grammar.mirrored, same))}


def test_no_held_severity_is_a_candidate() -> None:
    """None of the numbers of held edits, one by one, is that of a recipe; middles of shapes in use are no severities."""
    variants = {recipe.variant for recipe in grammar.candidates()}
    assert "inset-25" in variants
    held = [cell for name in cover.SUITES_SEARCHED for cell in Suite.named(name).cells("held")]
    named = {cell.id: _recipes_of(cell) for cell in held}
    assert sum(map(bool, named.values())) > 30
    assert {id_: same & variants for id_, same in named.items() if same & variants} == {}


def test_all_families_of_what_people_post_count_the_same(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the families of another suite are called that count less."""
    monkeypatch.setattr(cover, "SUITES_SEARCHED", {cover.DRAWN_SUITE: cover.SUITES_SEARCHED[cover.DRAWN_SUITE]})
    told: dict[str, float] = {}
    for cell, weights in cover.edits_of(dataset.pictures[0], seed=1):
        told[cell.family] = told.get(cell.family, 0) + weights[0]
    assert len(told) == 8
    assert [*told.values()] == pytest.approx([1 / 8] * 8)


def test_a_search_opens_no_held_picture(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither to edit it nor as a donor; what is chosen finds edits of the other side."""
    opened: list[str] = []
    plain = LabPicture.pixels

    def noted(picture: LabPicture) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        opened.append(picture.split)
        return plain(picture)

    monkeypatch.setattr(LabPicture, "pixels", noted)
    monkeypatch.setattr(cover, "candidates", lambda: FEW)
    monkeypatch.setattr(cover, "SUITES_SEARCHED", {"fifteen-v1": cover.SUITES_SEARCHED["fifteen-v1"]})
    recipes = cover.search(dataset)
    assert set(opened) == {"dev"}
    assert set(recipes) <= set(FEW[1:])
    opened.clear()
    told = cover.findings(dataset, recipes, SMALL_SUITE)
    assert set(opened) == {"held"}
    shares = [one.families[MEAN][0] for one in told.found]
    assert shares == sorted(shares)
    assert told.found[-1].families["shape"][0] > told.found[0].families["shape"][0], "a mirrored copy is found"


def test_a_picture_of_the_other_side_among_those_searched_is_a_leak(dataset: Dataset) -> None:
    """It is refused by name, before anything is edited."""
    held = dataset.split("held").pictures[0]
    with pytest.raises(SplitLeakError):
        cover.see(dataset.split("dev").pictures[0], [*dataset.split("dev").pictures, held], FEW, seed=1)


@pytest.mark.slow
def test_two_workers_choose_the_same_bytes_as_one(dataset: Dataset) -> None:
    """The same seed, the same set and the same report; another seed draws other severities."""
    sets = []
    for workers in (1, 2):
        with worker_processes(workers) as executor:
            recipes = cover.search(dataset, seed=3, executor=executor)
            told = cover.findings(dataset, recipes, SMALL_SUITE, seed=3, executor=executor)
        sets.append((cover.written(recipes, recipes[:2]), list(cover.table("small", told))))
    assert sets[0] == sets[1]
    assert json.loads(sets[0][0])["version"] == 2


def test_nearly_equal_hashes_add_nothing() -> None:
    """A hash within 4 bits of one that is kept is dropped; near one that was dropped it stays, and so does what is far."""
    covers = np.zeros((4, 32), np.uint8)
    covers[1, 0], covers[2, :1], covers[3, :2] = 0b1111, 0b11111, 255
    made = np.array([True, True, True, True])
    assert cover.adds_something(covers, made).tolist() == [True, False, True, True]
    assert cover.adds_something(covers, ~made).tolist() == [False] * 4


def test_seeds_draw_other_severities() -> None:
    """The same seed draws the same, another seed others."""
    cell = cell_of("shape", "searched", "shape.zoom(z=1.2)>codec.jpeg(q=75)")
    first, again, other = (cover.redrawn(cell, keyed_generator("test", seed), [cell]).id for seed in (1, 1, 2))
    assert first == again != other


def test_the_table_says_each_depth_and_each_distance(dataset: Dataset) -> None:
    """A line a depth, columns for the families and the mean at smaller distances, which find no more; then who finds alone."""
    told = cover.findings(dataset, FEW[1:], SMALL_SUITE, split="dev")
    assert told.split == "dev"
    assert [one.depth for one in told.found] == [1, len(FEW)]
    for one in told.found:
        at = [one.families[MEAN][0], *(one.stricter[within] for within in STRICTER)]
        assert at == sorted(at, reverse=True)
        assert one.families[MEAN][0] == pytest.approx(
            np.mean([share for name, (share, _, _) in one.families.items() if name != MEAN])
        )
    assert 1 <= told.sole <= told.found[-1].hashes, "the mirrored copy is found by one hash alone"
    head, *rows, last = (line.split("\t") for line in cover.table("small", told))
    assert head[:4] == ["small", "dev", "hashes", MEAN]
    assert all(len(row) == len(head) for row in rows)
    assert last == ["ever the sole finder", "", str(told.sole)]
