"""Compute rates, intervals and curves from counts; nothing here knows of pictures.

Distances are whole numbers, and everything is computed from how often each occurs, so no result depends on how the work
was divided.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.lab.suites import keyed_generator

Z95: Final = 1.959964
"""The normal distribution's 97.5th percentile."""
REPLICATES: Final = 1000
"""Resamples of a bootstrap."""
EVENTS_AT_MOST: Final = 3
"""Events that cannot be ruled out, at 95 %, where none was seen."""
FEW: Final = 10
"""Below so many negatives, or pictures that they come from, a threshold is called thin."""

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """Return Wilson's 95 % interval of a rate with one trial for each picture; None without trials."""
    if not trials:
        return None
    share, z = successes / trials, Z95
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * (share * (1 - share) / trials + z * z / (4 * trials * trials)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def resamples(clusters: Counts, *, seed: int, replicates: int = REPLICATES) -> Shares:
    """Draw clusters of pictures with replacement.

    Args:
        clusters: for each picture the number of its cluster, from 0.
        seed: of the run; the same seed and clusters draw the same.
        replicates: how many resamples.

    Returns:
        How often each picture occurs, shape (replicates, pictures).
    """
    count = int(clusters.max()) + 1 if len(clusters) else 0
    if not count:
        return np.zeros((replicates, 0))
    rng = keyed_generator("bootstrap", seed, count)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=replicates)
    weights: Shares = drawn[:, clusters].astype(np.float64)
    return weights


def percentiles(values: Shares) -> tuple[float, float] | None:
    """Return the 2.5th and the 97.5th percentile of replicates; those that are not defined are left out."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)


def weighted_share(found: Shares, tried: Shares, weights: Shares) -> Shares:
    """Return the share of what was found, for each resample and each cell.

    Args:
        found: 1 where a picture's cell was found, shape (cells, pictures).
        tried: 1 where it was looked for, the same shape.
        weights: as `resamples` gives them.

    Returns:
        Shape (replicates, cells); not a number where nothing was looked for.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        shares: Shares = (weights @ found.T) / (weights @ tried.T)
    return shares


def mean_of_defined(values: Shares) -> Shares:
    """Return the mean along the last axis of what is defined; not a number where nothing is."""
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Shares = np.where(defined, values, 0).sum(axis=-1) / defined.sum(axis=-1)
    return means


@dataclass(frozen=True)
class RateThreshold:
    """The greatest distance whose false-match rate is at most a wanted one; or why there is none."""

    rate: float
    threshold: int | None
    """None: even distance 0 is too often, or the figure is refused."""
    events: int
    """Negatives at or below it."""
    refusal: str | None = None
    """`too_few_pairs`: so small a rate cannot be supported by so few pairs."""


def threshold_at(histogram: Counts, rate: float, *, pairs: int) -> RateThreshold:
    """Choose the greatest distance at which at most a share `rate` of the negatives lies.

    Args:
        histogram: how often each distance occurs among negatives.
        rate: wanted false-match rate.
        pairs: unordered pairs of pictures behind it; under 3 / rate of them the figure is refused.
    """
    if rate * pairs < EVENTS_AT_MOST:
        return RateThreshold(rate, None, 0, "too_few_pairs")
    below = np.cumsum(histogram)
    allowed = np.nonzero(below <= rate * below[-1])[0]
    if not len(allowed):
        return RateThreshold(rate, None, 0)
    threshold = int(allowed[-1])
    return RateThreshold(rate, threshold, int(below[threshold]))


def without_nearest(histogram: Counts, count: int) -> Counts:
    """Return the histogram without its `count` least values."""
    left = histogram.copy()
    for distance in np.nonzero(histogram)[0]:
        taken = min(count, int(left[distance]))
        left[distance] -= taken
        count -= taken
        if not count:
            break
    return left


def area_under_curve(positives: Shares, negatives: Counts) -> float | None:
    """Return how often a positive is nearer than a negative, ties counting half; None if either side is empty.

    Args:
        positives: how often, or with what weight, each distance occurs among positives.
        negatives: the same of negatives.
    """
    near, far = positives.sum(), negatives.sum()
    if not near or not far:
        return None
    beyond = far - np.cumsum(negatives)
    return float((positives * (beyond + negatives / 2)).sum() / (near * far))


@dataclass(frozen=True)
class EqualErrors:
    """Where as large a share of positives is missed as of negatives is matched."""

    rate: float
    threshold: int
    """The lower of the two whole distances between which the curves cross."""
    is_crossing: bool
    """False: they do not cross, and this is the nearest point."""


def equal_error_rate(positives: Shares, negatives: Counts) -> EqualErrors | None:
    """Return the equal error rate, linear between the two distances where the curves cross; None if a side is empty."""
    if not positives.sum() or not negatives.sum():
        return None
    missed = 1 - np.cumsum(positives) / positives.sum()
    matched = np.cumsum(negatives) / negatives.sum()
    gap = missed - matched
    after = np.nonzero(gap <= 0)[0]
    if not len(after) or after[0] == 0:
        place = int(np.abs(gap).argmin())
        return EqualErrors(float((missed[place] + matched[place]) / 2), place, is_crossing=bool(gap[place] == 0))
    upper = int(after[0])
    lower = upper - 1
    share = gap[lower] / (gap[lower] - gap[upper])
    rate = matched[lower] + share * (matched[upper] - matched[lower])
    return EqualErrors(float(rate), lower, is_crossing=True)


def pair_rate_interval(
    matches: Counts, times: Counts, weights: Shares, clusters: Counts, *, pairs: int, pictures: int
) -> tuple[float, float]:
    """Return the 95 % interval of a false-match rate, resampling pictures on both sides of each pair.

    Args:
        matches: the pairs of pictures that match, as places, shape (n, 2).
        times: how many comparisons of each of them match, shape (n,).
        weights: as `resamples` gives them.
        clusters: for each picture the number of its cluster; pairs inside one are no negatives.
        pairs: all comparisons.
        pictures: unordered pairs of pictures behind them.

    Returns:
        Without a match, 0 and 3 / `pictures`: comparisons of the same pictures are no further evidence.
    """
    if not len(matches) or not pairs:
        return 0.0, min(1.0, EVENTS_AT_MOST / pictures) if pictures else 1.0
    weighted = (weights[:, matches[:, 0]] * weights[:, matches[:, 1]]) @ times
    room = np.array([_pairs_between(row, clusters) for row in weights])
    whole = _pairs_between(np.ones(weights.shape[1]), clusters)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = weighted / pairs * (whole / room)
    return percentiles(rates) or (0.0, 1.0)


def _pairs_between(row: Shares, clusters: Counts) -> float:
    """Return the weight of all ordered pairs of different clusters."""
    inside = np.bincount(clusters, weights=row)
    return float(row.sum() ** 2 - (inside**2).sum())
