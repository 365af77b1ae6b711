"""Statistics, against brute force and against what they promise."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.lab import statistics
from hashclient.lab.statistics import (
    area_under_curve,
    equal_error_rate,
    mean_of_defined,
    pair_rate_interval,
    percentiles,
    resamples,
    threshold_at,
    weighted_share,
    wilson,
    without_nearest,
)

DISTANCES = st.lists(st.integers(0, 20), min_size=1, max_size=30)


def histogram(distances: list[int]) -> np.ndarray:
    return np.bincount(distances, minlength=21).astype(np.int64)


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_solves_its_equation(successes: int, trials: int) -> None:
    """The ends are where the normal test of the share is just not refused."""
    successes = min(successes, trials)
    interval = wilson(successes, trials)
    assert interval
    share = successes / trials
    for end in interval:
        apart = statistics.Z95 * math.sqrt(end * (1 - end) / trials)
        assert abs(share - end) == pytest.approx(apart, abs=1e-6)
    assert interval[0] - 1e-12 <= share <= interval[1] + 1e-12


def test_wilson_of_nothing_is_nothing() -> None:
    """Without trials there is no interval."""
    assert wilson(0, 0) is None
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-3)


@given(DISTANCES, DISTANCES)
def test_area_under_curve_is_the_share_of_pairs_in_order(positives: list[int], negatives: list[int]) -> None:
    """Ties count half, as in the definition over all pairs."""
    in_order = sum((p < n) + (p == n) / 2 for p, n in itertools.product(positives, negatives))
    area = area_under_curve(histogram(positives).astype(float), histogram(negatives))
    assert area == pytest.approx(in_order / (len(positives) * len(negatives)))


@given(DISTANCES, DISTANCES)
def test_equal_error_rate_lies_between_its_neighbours(positives: list[int], negatives: list[int]) -> None:
    """At its threshold more are missed than matched, at the next one not; the rate lies between the rates at both."""
    found = equal_error_rate(histogram(positives).astype(float), histogram(negatives))
    assert found

    def missed(threshold: int) -> float:
        return sum(p > threshold for p in positives) / len(positives)

    def matched(threshold: int) -> float:
        return sum(n <= threshold for n in negatives) / len(negatives)

    if found.is_crossing and missed(found.threshold) != matched(found.threshold):
        assert missed(found.threshold) > matched(found.threshold)
        assert missed(found.threshold + 1) <= matched(found.threshold + 1)
        assert matched(found.threshold) - 1e-9 <= found.rate <= matched(found.threshold + 1) + 1e-9
        assert missed(found.threshold + 1) - 1e-9 <= found.rate <= missed(found.threshold) + 1e-9
    elif not found.is_crossing:
        gaps = [abs(missed(threshold) - matched(threshold)) for threshold in range(21)]
        assert abs(missed(found.threshold) - matched(found.threshold)) == pytest.approx(min(gaps))


def test_curves_of_nothing_are_nothing() -> None:
    """Without positives or negatives there is no curve."""
    nothing = np.zeros(21)
    assert area_under_curve(nothing, histogram([1])) is None
    assert equal_error_rate(histogram([1]).astype(float), nothing.astype(np.int64)) is None


@given(DISTANCES, st.sampled_from([0.5, 0.2, 0.1, 0.05]))
def test_the_threshold_is_the_greatest_that_keeps_the_rate(negatives: list[int], rate: float) -> None:
    """No whole distance above it keeps the rate; a rate that so few pairs cannot carry is refused by name."""
    chosen = threshold_at(histogram(negatives), rate, pairs=len(negatives))
    if rate < 3 / len(negatives):
        assert (chosen.threshold, chosen.refusal) == (None, "too_few_pairs")
        return
    kept = [t for t in range(21) if sum(n <= t for n in negatives) <= rate * len(negatives)]
    assert chosen.threshold == (max(kept) if kept else None)
    if chosen.threshold is not None:
        assert chosen.events == sum(n <= chosen.threshold for n in negatives)


def test_too_few_pairs_are_refused_by_name() -> None:
    """10^-6 needs three million pairs, however far away the nearest negative is."""
    far = np.zeros(257, np.int64)
    far[128] = 10**9
    assert threshold_at(far, 1e-6, pairs=2_999_999).refusal == "too_few_pairs"
    assert threshold_at(far, 1e-6, pairs=3_000_000).threshold == 127


@given(DISTANCES, st.integers(0, 40))
def test_without_nearest_leaves_out_the_least(distances: list[int], count: int) -> None:
    """What is left is the sorted list without its first values."""
    assert np.array_equal(
        without_nearest(histogram(distances), count),
        histogram([*sorted(distances)[count:], 20])[:21] - np.eye(21, dtype=np.int64)[20],
    )


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_resamples_draw_clusters_whole(numbers: list[int]) -> None:
    """Copies are drawn together; there are as many clusters as before; the same seed draws the same."""
    _, clusters = np.unique(numbers, return_inverse=True)
    weights = resamples(clusters, seed=3, replicates=20)
    for row in weights:
        of_cluster = {int(cluster): set(row[clusters == cluster].tolist()) for cluster in clusters}
        assert all(len(times) == 1 for times in of_cluster.values())
        assert sum(times.pop() for times in of_cluster.values()) == len(set(numbers))
    assert np.array_equal(weights, resamples(clusters, seed=3, replicates=20))
    assert len(set(numbers)) < 4 or not np.array_equal(weights, resamples(clusters, seed=4, replicates=20))


def test_shares_of_a_resample_are_those_of_the_pictures_drawn() -> None:
    """Weighting by how often a picture was drawn is drawing it so often."""
    rng = np.random.default_rng(5)
    found = rng.random((4, 6)) < 0.5
    tried = found | (rng.random((4, 6)) < 0.7)
    weights = resamples(np.arange(6), seed=1, replicates=30)
    shares = weighted_share(found.astype(float), tried.astype(float), weights)
    for row, weight in zip(shares, weights, strict=True):
        drawn = np.repeat(np.arange(6), weight.astype(int))
        for cell in range(4):
            of = tried[cell, drawn].sum()
            assert np.isnan(row[cell]) if not of else row[cell] == pytest.approx(found[cell, drawn].sum() / of)


def test_means_leave_out_what_is_not_defined() -> None:
    """A cell that nobody tried counts in no mean; without any there is none."""
    assert mean_of_defined(np.array([1.0, np.nan, 0.5])) == 0.75
    assert np.isnan(mean_of_defined(np.array([np.nan])))
    assert percentiles(np.array([np.nan])) is None


def test_the_bootstrap_covers_what_it_says() -> None:
    """Over 200 draws of 60 pictures, 90 to 98 % of the intervals hold the true mean of two cells."""
    truth, covered = (0.3 + 0.7) / 2, 0
    rng = np.random.default_rng(17)
    for draw in range(200):
        found = np.stack([rng.random(60) < 0.3, rng.random(60) < 0.7]).astype(float)
        weights = resamples(np.arange(60), seed=draw, replicates=300)
        interval = percentiles(weighted_share(found, np.ones_like(found), weights).mean(axis=1))
        assert interval
        covered += interval[0] <= truth <= interval[1]
    assert 180 <= covered <= 196


def test_the_rate_of_pairs_resamples_both_sides() -> None:
    """It is the rate among the pairs of pictures drawn, those of one cluster left out; without a match, 3 / pairs."""
    clusters = np.array([0, 1, 2, 2])
    weights = resamples(clusters, seed=9, replicates=50)
    matches, times = np.array([[0, 1], [1, 3]]), np.array([2, 1])
    rates = []
    for weight in weights:
        ordered = [(a, b) for a, b in itertools.product(range(4), repeat=2) if clusters[a] != clusters[b]]
        room = sum(weight[a] * weight[b] for a, b in ordered) / len(ordered)
        matched = 2 * weight[0] * weight[1] + weight[1] * weight[3]
        rates.append(matched / 30 / room if room else np.nan)
    assert pair_rate_interval(matches, times, weights, clusters, pairs=30, pictures=5) == pytest.approx(
        percentiles(np.array(rates))
    )
    nothing = np.empty((0, 2), np.int64)
    assert pair_rate_interval(nothing, times[:0], weights, clusters, pairs=30, pictures=5) == (0.0, 0.6)
    assert pair_rate_interval(nothing, times[:0], weights, clusters, pairs=0, pictures=0) == (0.0, 1.0)
