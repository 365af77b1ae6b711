"""False matches are counted where they are: planted ones are found, and what is no stranger is told apart."""

import numpy as np
import pytest

from hashclient.errors import UsageError
from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import hash_recipes, is_fit, recipes
from hashclient.lab import grammar
from hashclient.lab.strangers import (
    FRAMED_ALIKE,
    STRANGER_KINDS,
    HashRows,
    HashSet,
    StrangerCounts,
    count_strangers,
    strangers,
    strangers_table,
)
from hashclient.lab.suites import cell_of, keyed_generator
from hashclient.lab.transforms.interface import By
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Coverage

HASHES = 40
FEW = 8


def random_set(name: str, seed: int) -> HashSet:
    hashes = np.random.default_rng(seed).integers(0, 256, (HASHES, 32), dtype=np.uint8)
    return HashSet(hashes, hashes[0], frozenset({name}))


def near(one: HashRows, bits: int) -> HashRows:
    """Return a hash with the first `bits` bits inverted."""
    flipped = np.packbits(np.arange(256) < bits)
    return one ^ flipped


def planted(bits: int, *, place: int = 7) -> list[HashSet]:
    one, other = random_set("one", 1), random_set("other", 2)
    other.hashes[place] = near(one.hashes[5], bits)
    return [one, other, random_set("third", 3)]


@pytest.mark.parametrize(("bits", "within"), [(31, (1, 1, 1)), (32, (0, 1, 1)), (40, (0, 1, 1)), (60, (0, 0, 1))])
def test_a_planted_match_is_counted(bits: int, within: tuple[int, ...]) -> None:
    """At each distance, with the smallest, and all pairs behind it."""
    counts = count_strangers(planted(bits))
    assert tuple(counts.within.values()) == within
    assert (counts.picture_pairs, counts.hash_pairs) == (3, 3 * HASHES**2)
    assert (counts.smallest, counts.pictures_matched, counts.own_matches) == (bits, within[0], 0)


def test_matches_of_pictures_whose_own_hashes_match_are_counted_apart() -> None:
    """They are none of coverage's."""
    one, other, third = planted(3)
    other.hashes[0] = near(one.own, 30)
    counts = count_strangers([one, HashSet(other.hashes, other.hashes[0], other.related), third])
    assert counts.own_matches == 2  # the planted one, and their own
    assert not any(counts.within.values())


def test_a_donor_is_no_stranger_of_the_edit_that_shows_it() -> None:
    """Nor is the picture itself; the third is."""
    one, other, third = planted(3)
    edit = HashSet(one.hashes[5:6], other.own, frozenset({"other", "one"}))
    counts = count_strangers([one, other, third], [edit])
    assert (counts.within[31], counts.picture_pairs, counts.hash_pairs) == (0, 1, HASHES)
    alone = HashSet(edit.hashes, edit.own, frozenset({"other"}))
    assert count_strangers([one, other, third], [alone]).within[31] == 1


def test_a_picture_that_sends_nothing_is_compared_with_nothing() -> None:
    """Its quality was too low."""
    one, other, _ = planted(3)
    counts = count_strangers([one, HashSet(other.hashes[:0], other.own, other.related)])
    assert (counts.picture_pairs, counts.hash_pairs) == (0, 0)


def test_too_few_pairs_for_a_rate_are_refused_by_name() -> None:
    """Three over the rate are needed, where nothing matched."""
    counts = StrangerCounts(hash_pairs=2_999_999)
    assert counts.claim(1e-6) == "too_few_pairs"
    counts.hash_pairs += 1
    assert counts.claim(1e-6) == "none"
    counts.within[31] = 2
    assert counts.claim(1e-6) == "2 found"


@pytest.mark.parametrize("rate", [0.0, 1.0, -1.0])
def test_a_rate_lies_between_0_and_1(rate: float) -> None:
    """Else nothing is measured."""
    with pytest.raises(UsageError, match="between 0 and 1"):
        next(strangers_table(iter(()), rate=rate))


def test_every_kind_is_drawn_plain_and_framed_and_has_no_match() -> None:
    """A few of each; of one drawing with other words nothing is claimed."""
    rows = list(strangers(recipes(Coverage.STANDARD), count=FEW, seed=3))
    assert [(kind, frame) for kind, frame, _ in rows] == [
        (kind, frame) for kind in STRANGER_KINDS for frame in (*FRAMED_ALIKE, "all")
    ]
    assert not any(one.within[31] for kind, _, one in rows if not STRANGER_KINDS[kind].is_one_drawing)
    lines = [line.split("\t") for line in strangers_table(iter(rows))]
    assert {line[-1] for line in lines[1:] if STRANGER_KINDS[line[0]].is_one_drawing} == {"related"}
    assert {line[-1] for line in lines[1:] if not STRANGER_KINDS[line[0]].is_one_drawing} == {"too_few_pairs"}
    assert len({len(line) for line in lines}) == 1


def test_more_are_drawn_of_a_kind_that_has_few_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the pairs suffice, and the row of the kind has the pairs of all its frames."""
    monkeypatch.setattr("hashclient.lab.strangers.STRANGER_KINDS", {"charts": STRANGER_KINDS["charts"]})
    *each, every = strangers((), count=4, seed=3, least_pairs=100)
    assert [one.pictures for _, _, one in each] == [17, 2, 2, 2, 2]
    assert each[0][2].hash_pairs == 17 * 16 // 2
    assert every[2].hash_pairs == sum(one.hash_pairs for _, _, one in each)


def test_a_frame_that_a_picture_has_gives_it_no_detail() -> None:
    """One lamp in the dark, in a Polaroid, has all the quality there is, and still no turned or framed re-posts."""
    lamp = STRANGER_KINDS["lamps"].drawn(keyed_generator("test", 1))
    step = cell_of("frame", "held", FRAMED_ALIKE[-1]).steps[0]
    pixels = np.asarray(step.edited(lamp, By(keyed_generator("test", 2), ())))
    wanted = [grammar.turn(62), grammar.turn(-62), grammar.border(255, 62), grammar.pad(9, 16, 0), grammar.inset(25)]
    made = list(hash_recipes(BlockMeansMaker(ArrayPixels(pixels)).block_means(), wanted))
    assert pdq_hash(pixels)[1] == 100 == min(one.quality for one in made)
    assert not any(is_fit(one, 100) for one in made)
