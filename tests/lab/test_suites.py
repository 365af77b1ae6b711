"""Suites: posts-v1 is what it says, and a file that is none is refused."""

import pytest

from hashclient.errors import UsageError
from hashclient.lab.suites import Suite, families_of

COUNTS = {
    "quality": (18, 13),
    "over": (22, 14),
    "shape": (25, 19),
    "mirror": (14, 10),
    "frame": (23, 17),
    "screen": (13, 10),
    "beside": (6, 5),
    "chain": (7, 6),
}
SMALL = """
name = "mine"
description = "two edits"
[saved_as_jpeg]
searched = 75
held = 70
[searched]
shape = ["shape.zoom(z=1.1)"]
[held]
shape = ["shape.zoom(z=1.2)"]
"""


def test_posts_has_128_searched_and_94_held_cells_in_eight_families() -> None:
    """The counts are those of the design, family by family."""
    suite = Suite.named("posts-v1")
    assert (len(suite.cells("searched")), len(suite.cells("held"))) == (128, 94)
    searched, held = families_of(suite.cells("searched")), families_of(suite.cells("held"))
    assert {family: (len(searched[family]), len(held[family])) for family in searched} == COUNTS
    assert list(searched) == list(held) == list(COUNTS)


def test_no_cell_is_in_both_halves() -> None:
    """What is held is seen by no search, whatever it is saved as."""
    suite = Suite.named("posts-v1")
    halves = [{cell.id.rpartition(">")[0] for cell in suite.cells(which)} for which in ("searched", "held")]
    assert not halves[0] & halves[1]
    assert {cell.id.rpartition(">")[2] for cell in suite.cells("searched")} == {"codec.jpeg(q=75)"}
    assert {cell.id.rpartition(">")[2] for cell in suite.cells("held")} == {"codec.jpeg(q=70)"}


def test_the_digest_is_that_of_the_published_suite() -> None:
    """A change of any cell is another suite, and needs another name."""
    assert Suite.named("posts-v1").digest[:12] == "7dfccf12155a"
    assert Suite.from_text(SMALL).digest != Suite.from_text(SMALL.replace("1.2", "1.3")).digest


def test_leakage_between_the_halves_is_refused_by_name() -> None:
    """A cell that is searched and held is refused, however its numbers are written."""
    with pytest.raises(UsageError, match=r"Leakage: the edit shape.zoom\(z=1.1\)"):
        Suite.from_text(SMALL.replace("1.2", "1.10"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = 1",
        "not toml",
        SMALL.replace("saved_as_jpeg", "saved"),
        '[held]\na = "b"',
        "a = " + 100_000 * "[",
        SMALL.replace('name = "', 'name = "\\u001b[31m'),
    ],
)
def test_a_file_that_is_no_suite_is_refused(text: str) -> None:
    """A malformed file is one sentence, not a traceback."""
    with pytest.raises(UsageError, match="not a suite"):
        Suite.from_text(text)


def test_an_unknown_suite_is_refused() -> None:
    """The sentence names it."""
    with pytest.raises(UsageError, match="There is no suite posts-v9"):
        Suite.named("posts-v9")


def test_quick_takes_one_severity_of_each_kind() -> None:
    """Every chain of transforms keeps one cell in each half."""
    suite = Suite.named("posts-v1")
    kinds = [
        (cell.which, cell.family, tuple(step.transform.name for step in cell.steps)) for cell in suite.quick().every
    ]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == {
        (cell.which, cell.family, tuple(step.transform.name for step in cell.steps)) for cell in suite.every
    }
