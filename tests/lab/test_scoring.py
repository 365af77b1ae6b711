"""Scoring: every count against a plain loop, and the faults of others' benches, planted and caught by name."""

import csv
import itertools
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hashclient.hashing.pdq import pdq_hash
from hashclient.lab.comparing import Comparison, Negatives
from hashclient.lab.dataset import Dataset
from hashclient.lab.engine import Engine
from hashclient.lab.faults import SplitLeakError
from hashclient.lab.hashed import Hashed
from hashclient.lab.hashes import hash_named
from hashclient.lab.policies import eight_by_bits, named
from hashclient.lab.scoring import MEAN, PolicyScore, Scored, score
from hashclient.lab.statistics import wilson
from hashclient.lab.suites import Suite
from kit.lab import SMALL_SUITE, draw_pictures, soft_copy

POLICIES = named("pdq", "pdq8x", "cover:8", "cover:all", "pdq|phash-64", "md5")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Hashed:
    """Hash fourteen pictures of two classes and none, one of them twice, with four strangers, one of them a copy too."""
    base = tmp_path_factory.mktemp("lab")
    folder, strangers = base / "pictures", base / "strangers"
    draw_pictures(folder / "one", 5)
    draw_pictures(folder / "two", 5, first=20)
    draw_pictures(folder, 4, first=40)
    soft_copy(folder / "one" / "000.png", folder / "one" / "again.png")
    draw_pictures(strangers / "two", 3, first=60)
    soft_copy(folder / "two" / "021.png", strangers / "copy.png")
    return (
        Dataset.from_folder(folder)
        .transform(SMALL_SUITE, split="all")
        .hash(POLICIES, engine=Engine(), negatives=Dataset.from_folder(strangers))
    )


@pytest.fixture(scope="module")
def scored(measured: Hashed) -> Scored:
    return score(measured, POLICIES, within=[40], bootstrap=200)


def of(scored: Scored, name: str) -> PolicyScore:
    return next(one for one in scored.scores if one.policy.id == name)


class PlainLoop:
    """The same counts by loops over whole numbers, for one policy of one leg."""

    def __init__(self, hashed: Hashed, score: PolicyScore) -> None:
        self.hashed, self.score = hashed, score
        (self.leg,) = score.policy.legs
        listed = hashed.originals(self.leg.submitted)
        self.sets = [
            [
                int.from_bytes(bytes(value))
                for value, rank in zip(values, ranks, strict=True)
                if self.leg.most is None or rank < self.leg.most
            ]
            for values, ranks in zip(listed.sets, listed.ranks, strict=True)
        ]
        self.singles = [
            int.from_bytes(bytes(values[0])) if len(values) else None
            for values in hashed.originals(self.leg.received).sets
        ]
        self.edited = hashed.edited(self.leg.received)

    def eight(self, value: int) -> list[int]:
        if self.leg.expand is None:
            return [value]
        array = np.frombuffer(value.to_bytes(self.leg.received.bits // 8), np.uint8)[np.newaxis]
        return [int.from_bytes(bytes(one)) for one in eight_by_bits(array)[0]]

    def bits(self, a: int, b: int) -> int:
        return self.leg.received.bits * (a != b) if self.leg.received.is_exact else (a ^ b).bit_count()

    def listed(self, place: int) -> list[int]:
        return list(itertools.chain(*map(self.eight, self.sets[place])))

    def pairs(self) -> Iterator[tuple[str, str, int, int, int, list[int]]]:  # noqa: C901  # plain on purpose
        """Yield kind, scope, the two places, and the distances of all pairs of hashes."""
        every, scored = self.hashed.every, self.hashed.scored_places.tolist()
        chosen = set(self.hashed.chosen_places.tolist())

        def values(cell: int, place: int) -> int | None:
            column = scored.index(place)
            usable = self.edited.is_usable[cell, column]
            return int.from_bytes(bytes(self.edited.values[cell, column])) if usable else None

        def shown(cell: int, place: int) -> set[str]:
            donors = self.hashed.donors[cell, scored.index(place)]
            return {every[donor].cluster for donor in donors if donor >= 0}

        for a, b in itertools.product(range(len(every)), repeat=2):
            if every[a].cluster == every[b].cluster:
                continue
            is_alike = every[a].category and every[a].category == every[b].category
            single = self.singles[b]
            if single is not None and self.sets[a]:
                distances = [self.bits(one, single) for one in self.listed(a)]
                if a in chosen and b in chosen:
                    yield "originals", "all", a, b, -1, distances
                if is_alike:
                    yield "N3-plain", every[a].category, a, b, -1, distances
            if b not in scored:
                continue
            for cell, told in enumerate(self.hashed.cells):
                mine = values(cell, b)
                if mine is None:
                    continue
                if self.sets[a] and every[a].cluster not in shown(cell, b):
                    distances = [self.bits(one, mine) for one in self.listed(a)]
                    yield "N1", told.family, a, b, cell, distances
                    if is_alike:
                        yield "N3-edited", every[a].category, a, b, cell, distances
                if a in scored and a < b and (other := values(cell, a)) is not None:
                    seen = [shown(cell, a) | {every[a].cluster}, shown(cell, b) | {every[b].cluster}]
                    if not seen[0] & seen[1]:
                        distances = [self.bits(one, mine) for one in self.eight(other)]
                        yield "N2", told.family, a, b, cell, distances
                        if is_alike:
                            yield "N3-alike", every[a].category, a, b, cell, distances


@pytest.mark.parametrize("name", ["pdq", "pdq8x", "cover:8", "md5"])
def test_every_count_is_that_of_a_plain_loop(measured: Hashed, scored: Scored, name: str) -> None:
    """Distances, pairs of hashes, near ones, matches of pictures: of every kind and scope, pair by pair."""
    result = of(scored, name)
    plain = PlainLoop(measured, result)
    histograms: dict[tuple[str, str], Counter[int]] = {}
    hash_pairs: Counter[tuple[str, str]] = Counter()
    near: Counter[tuple[str, str, int]] = Counter()
    matches: dict[tuple[str, str], Counter[tuple[int, int]]] = {}
    for kind, scope, a, b, _, distances in plain.pairs():
        histograms.setdefault((kind, scope), Counter())[min(distances)] += 1
        hash_pairs[kind, scope] += len(distances)
        for threshold in result.compared.thresholds:
            near[kind, scope, threshold] += sum(bits <= threshold for bits in distances)
        if min(distances) <= result.policy.threshold:
            matches.setdefault((kind, scope), Counter())[a, b] += 1
    counted = {key: one for key, one in result.compared.negatives.items() if one.pairs}
    assert counted.keys() == histograms.keys()
    for key, one in counted.items():
        assert {bits: int(times) for bits, times in enumerate(one.histogram) if times} == histograms[key], key
        assert one.hash_pairs == hash_pairs[key]
        for threshold in result.compared.thresholds:
            assert one.near_hashes.get(threshold, 0) == near[*key, threshold]
        assert one.matches == matches.get(key, {})
    assert {"N1", "N2", "N3-plain", "N3-edited", "N3-alike", "originals"} == {kind for kind, _ in counted}


@pytest.mark.parametrize("name", ["pdq", "pdq8x", "cover:all", "md5"])
def test_recall_is_that_of_a_plain_loop(measured: Hashed, scored: Scored, name: str) -> None:
    """The share of pictures in each cell, means of cells by family, mean of families."""
    result = of(scored, name)
    plain = PlainLoop(measured, result)
    for threshold in result.compared.thresholds:
        families: dict[str, list[float]] = {}
        for cell, told in enumerate(measured.cells):
            found = tried = 0
            for column, place in enumerate(measured.scored_places.tolist()):
                if plain.edited.is_tried[cell, column]:
                    value = int.from_bytes(bytes(plain.edited.values[cell, column]))
                    usable = plain.edited.is_usable[cell, column]
                    found += bool(usable) and any(plain.bits(one, value) <= threshold for one in plain.listed(place))
                    tried += 1
            if tried:
                families.setdefault(told.family, []).append(found / tried)
        means = {family: sum(shares) / len(shares) for family, shares in families.items()}
        expected = means | {MEAN: sum(means.values()) / len(means)}
        assert result.recall(threshold) == pytest.approx(expected)


def test_the_nearest_leg_decides(scored: Scored) -> None:
    """A policy of two legs finds what either finds."""
    both, pdq = of(scored, "pdq|phash-64"), of(scored, "pdq")
    assert (both.found(310) | ~pdq.found(31)).all()
    assert both.found(310).sum() > pdq.found(31).sum()


def test_a_deeper_set_is_never_farther(scored: Scored) -> None:
    """Each depth begins with the one before, so distances shrink and recall grows."""
    shallow, deep = of(scored, "cover:8"), of(scored, "cover:all")
    assert (deep.compared.distance <= shallow.compared.distance).all()
    assert (shallow.compared.submitted <= 8).all()
    assert (deep.compared.submitted > 100).any()


def test_planted_copies_are_screened_by_name(measured: Hashed) -> None:
    """A picture saved anew is a duplicate, among strangers too, and follows its smallest id; drawn ones are not."""
    assert Counter(pair.is_duplicate for pair in measured.screened) == {True: 2}
    clusters = Counter(one.cluster for one in measured.every)
    assert sorted(clusters.values())[-2:] == [2, 2]
    for pair in measured.screened:
        both = [one for one in measured.every if one.id in {pair.one, pair.other}]
        assert len({one.cluster for one in both}) == 1
        assert {"pdq", "phash-64"} <= set(pair.alike_by)


def test_a_copy_that_is_not_screened_would_be_a_false_match(tmp_path: Path) -> None:
    """The same pictures, screened by pixels alone: the copy is a negative within 31 bits, and thresholds by rate suffer."""
    folder = draw_pictures(tmp_path, 16)
    soft_copy(folder / "000.png", folder / "copy.png")
    data = Dataset.from_folder(folder).transform(SMALL_SUITE, split="all")
    screened, blind = (
        score(data.hash(["pdq"], engine=Engine(), screen=by), named("pdq"), bootstrap=20).scores[0]
        for by in ("hashes", "pixels")
    )
    assert screened.total("originals").at(31)[0] == screened.total("N1").at(31)[0] == 0
    assert blind.total("originals").at(31)[0] == 2, "listed twice"
    assert blind.total("N1").at(31)[0] > 2
    (told,), (spoilt,) = (one.thresholds_by_rate([0.03]) for one in (screened, blind))
    assert told.chosen.threshold is not None
    assert told.with_copies is not None
    assert told.with_copies <= told.chosen.threshold
    assert spoilt.chosen.threshold == told.with_copies
    assert spoilt.without[0] is not None
    assert spoilt.without[0] >= told.with_copies, "without the nearest pair it recovers"


def donor_suite() -> Suite:
    """Return a suite whose one edit is nearly all donor."""
    return Suite.from_text(
        'name = "donors"\ndescription = ""\nsaved_as_jpeg = {held = 90}\n[held]\nbeside = ["beside.corner_of(f=0.1)"]\n'
    )


def test_a_donor_is_never_counted_as_a_stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What shows mostly the donor matches the donor; masked, it is no false match, and counted by name as masked."""
    dataset = Dataset.from_folder(draw_pictures(tmp_path, 8))
    made = dataset.transform(donor_suite(), split="all").hash(["pdq"], engine=Engine())
    (pdq,) = score(made, named("pdq"), bootstrap=20).scores
    assert pdq.total("N1").at(31)[0] == 0
    assert pdq.total("N1").masked == 8
    assert pdq.total("N2").masked >= 1
    monkeypatch.setattr(Hashed, "donors", property(lambda self: np.full((1, len(self.scored), 1), -1)))
    (unmasked,) = score(made, named("pdq"), bootstrap=20).scores
    assert unmasked.total("N1").at(31)[0] >= 6
    assert unmasked.total("N1").masked == 0


def test_too_few_pairs_are_refused_by_name(scored: Scored, tmp_path: Path) -> None:
    """A rate that the pairs cannot carry has no threshold and no recall in the table, but the reason."""
    scored.write(tmp_path)
    with (tmp_path / "thresholds.csv").open() as file:
        rows = {(row["policy"], row["rate"]): row for row in csv.DictReader(file)}
    refused = rows["pdq", "1e-06"]
    assert (refused["note"], refused["threshold"], refused["recall"]) == ("too_few_pairs", "", "")
    assert "in-sample" in rows["pdq", "0.01"]["note"] or rows["pdq", "0.01"]["note"] == "too_few_pairs"
    assert int(refused["pairs"]) == of(scored, "pdq").total("originals").pairs // 2


def test_leakage_between_splits_is_refused_by_name(tmp_path: Path) -> None:
    """Sides from a list, with a copy of a picture on the other one: nothing is scored."""
    folder = draw_pictures(tmp_path / "pictures", 6)
    soft_copy(folder / "000.png", folder / "copy.png")
    rows = [f"pictures/{path.name},{'held' if path.name == 'copy.png' else 'dev'}" for path in sorted(folder.iterdir())]
    (tmp_path / "list.csv").write_text("\n".join(["path,split", *rows]) + "\n")
    with pytest.raises(SplitLeakError, match="Leakage"):
        Dataset.from_list(tmp_path / "list.csv").transform(SMALL_SUITE).hash(["pdq"], engine=Engine())


def test_matches_that_the_pictures_own_hashes_have_are_counted_apart(tmp_path: Path) -> None:
    """Two pictures that are alike to PDQ alone are suspects: they stay, and what they match is told apart."""
    folder = draw_pictures(tmp_path, 5)
    soft_copy(folder / "000.png", folder / "copy.png")
    made = (
        Dataset.from_folder(folder).transform(SMALL_SUITE, split="all").hash(["pdq"], engine=Engine(), screen="pixels")
    )
    assert not made.screened
    (pdq,) = score(made, named("pdq"), bootstrap=20).scores
    matches, own = pdq.total("N1").at(31)
    assert matches == own > 0
    assert pdq.total("originals").at(31) == (2, 2)


def test_soft_pictures_are_neither_submitted_nor_matched(tmp_path: Path) -> None:
    """Quality under 50 abstains: it is not found, not a negative, and told."""
    from PIL import Image

    folder = draw_pictures(tmp_path, 5)
    plain = np.full((120, 160, 3), 120, np.uint8)
    plain[30:60, 40:90] += 12
    assert pdq_hash(plain)[1] < 50
    Image.fromarray(plain).save(folder / "soft.png")
    made = (
        Dataset.from_folder(folder).transform(SMALL_SUITE, split="all").hash(["pdq"], engine=Engine(), screen="pixels")
    )
    (pdq,) = score(made, named("pdq"), bootstrap=20).scores
    assert 0.1 < pdq.abstained < 0.2
    assert sorted(pdq.compared.submitted.tolist()) == [0, 1, 1, 1, 1, 1]
    assert pdq.recall_where_usable(31) > pdq.recall(31)[MEAN]


def test_intervals_hold_their_values_and_differences_are_paired(scored: Scored) -> None:
    """A policy against itself has no difference; one that finds the same in every resample has an interval without width."""
    for one, other, apart, interval in scored.differences():
        assert interval
        assert interval[0] - 1e-12 <= apart <= interval[1] + 1e-12
        mirrored = other.recall(other.policy.threshold)[MEAN] - one.recall(one.policy.threshold)[MEAN]
        assert apart == pytest.approx(mirrored)
    same = score(scored.hashed, [*named("cover:8"), *named("cover:8")], bootstrap=20)
    assert len(same.scores) == 1


def test_tables_say_what_was_scored(scored: Scored, tmp_path: Path) -> None:
    """Cells have Wilson's interval, families and mean that of resampling; keys are sorted; empty is not zero."""
    scored.write(tmp_path)
    with (tmp_path / "cells.csv").open() as file:
        cells = list(csv.DictReader(file))
    for row in cells:
        interval = wilson(int(row["found"]), int(row["pictures"]))
        assert (row["low"], row["high"]) == tuple(f"{end:.6f}" for end in interval or ())
    with (tmp_path / "summary.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["recall"]:
            assert float(row["low"]) - 1e-6 <= float(row["recall"]) <= float(row["high"]) + 1e-6
        assert row["suite"] == f"small/{SMALL_SUITE.digest[:12]}"
    worst = {(row["policy"], row["threshold"]): float(row["recall"]) for row in rows if row["scope"] == "worst"}
    for (policy, threshold), value in worst.items():
        families = [
            float(row["recall"])
            for row in rows
            if (row["policy"], row["threshold"]) == (policy, threshold) and row["scope"] not in {"worst", "mean"}
        ]
        assert value == min(families)


def test_curves_agree_with_the_counts(scored: Scored) -> None:
    """The weights of positives add up to one, and recall at a threshold is their sum up to it."""
    for result in scored.scores:
        weights = result.positives()
        assert weights.sum() == pytest.approx(1)
        at = result.policy.threshold
        assert weights[: at + 1].sum() == pytest.approx(result.recall(at)[MEAN])


def test_strangers_can_be_left_out(measured: Hashed, scored: Scored) -> None:
    """Without them there are fewer negatives, and positives are the same."""
    without = score(measured, named("pdq"), bootstrap=20, with_strangers=False).scores[0]
    with_them = of(scored, "pdq")
    assert without.total("N1").pairs < with_them.total("N1").pairs
    assert np.array_equal(without.compared.distance, with_them.compared.distance)


def test_counts_of_scopes_add_up() -> None:
    """Merging is adding, pair by pair."""
    one, other = (Negatives(np.array([1, 2]), np.array([0, 1]), 3, {31: 1}, 1, {(0, 1): 1}) for _ in range(2))
    one.add(other)
    assert one.histogram.tolist() == [2, 4]
    assert (one.hash_pairs, one.masked, one.near_hashes, one.matches) == (6, 2, {31: 2}, {(0, 1): 2})
    assert one.smallest == 0
    assert Negatives(np.zeros(3, np.int64), np.zeros(3, np.int64)).smallest is None
    assert not math.isnan(one.at(0)[0])


def test_many_columns_are_compared_in_parts(measured: Hashed, scored: Scored, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few at once, the counts are the same."""
    from hashclient.lab import comparing

    monkeypatch.setattr(comparing, "_COMPARED_COLUMNS", 20)
    monkeypatch.setattr(comparing, "_LISTED_AT_ONCE", 3)
    again = Comparison(measured, named("pdq", "cover:8"), within=[40])
    for result in again.results:
        before = of(scored, result.policy.id).compared
        assert np.array_equal(result.distance, before.distance)
        assert {key: one.histogram.tolist() for key, one in result.negatives.items()} == {
            key: one.histogram.tolist() for key, one in before.negatives.items()
        }
    assert hash_named("pdq").bits == 256
