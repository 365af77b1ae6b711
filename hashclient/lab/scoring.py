"""Score policies: recall with intervals, thresholds for wanted rates of false matches, and differences.

Means are macro: cells are equal in their family, families in the mean. Intervals of one cell are Wilson's; those of means
and of differences come from resampling pictures, copies together, the same resamples for every policy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hashclient.lab.comparing import Compared, Comparison, Mask, Negatives, cluster_numbers, merged
from hashclient.lab.hashed import Hashed
from hashclient.lab.policies import Policy
from hashclient.lab.statistics import (
    REPLICATES,
    RateThreshold,
    Shares,
    mean_of_defined,
    pair_rate_interval,
    percentiles,
    resamples,
    threshold_at,
    weighted_share,
    without_nearest,
)

RATES: Final = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""False-match rates at which recall is given."""
LEFTOVERS: Final = (1, 5)
"""How many of the nearest negatives are left out, to show how much rests on them."""
MEAN: Final = "mean"
"""What the mean over families is called among them."""


@dataclass(frozen=True)
class ChosenThreshold:
    """A threshold for a wanted rate of false matches, and what it rests on."""

    chosen: RateThreshold
    pictures: int
    """From how many pictures its negatives come."""
    with_copies: int | None
    """What it would be with the copies that the screen took out."""
    without: tuple[int | None, ...]
    """What it would be without the nearest negatives, as many pairs as `LEFTOVERS` says."""


@dataclass(frozen=True)
class PolicyScore:
    """What was found for one policy."""

    hashed: Hashed
    compared: Compared
    weights: Shares
    """Resamples of all pictures, shape (replicates, pictures)."""

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.compared.policy

    def found(self, threshold: int) -> Mask:
        """Tell where an edit is found, shape (cells, pictures)."""
        return self.compared.is_tried & (self.compared.distance <= threshold)

    @cached_property
    def is_usable(self) -> Mask:
        """Where something was submitted of the picture, and its edit is usable."""
        return self.compared.is_tried & (self.compared.distance <= self.policy.most)

    @cached_property
    def families(self) -> Mapping[str, NDArray[np.int64]]:
        """The places of the cells of each family."""
        names = np.array([cell.family for cell in self.hashed.cells])
        return {str(name): np.flatnonzero(names == name) for name in np.unique(names)}

    def _macro(self, shares: Shares) -> dict[str, Shares]:
        families = {name: mean_of_defined(shares[:, places]) for name, places in self.families.items()}
        return {**families, MEAN: mean_of_defined(np.stack(list(families.values()), axis=-1))}

    def _recall(self, found: Mask, tried: Mask, weights: Shares) -> dict[str, Shares]:
        return self._macro(weighted_share(found.astype(np.float64), tried.astype(np.float64), weights))

    def recall(self, threshold: int) -> dict[str, float]:
        """Return the recall of each family and their mean; not a number where nothing was tried."""
        one = np.ones((1, len(self.hashed.scored_places)))
        return {
            name: float(at[0]) for name, at in self._recall(self.found(threshold), self.compared.is_tried, one).items()
        }

    def replicates(self, threshold: int) -> dict[str, Shares]:
        """Return the same for every resample of pictures."""
        weights = self.weights[:, self.hashed.scored_places]
        return self._recall(self.found(threshold), self.compared.is_tried, weights)

    def recall_where_usable(self, threshold: int) -> float:
        """Return the mean recall among edits that have usable hashes on both sides."""
        one = np.ones((1, len(self.hashed.scored_places)))
        return float(self._recall(self.found(threshold), self.is_usable, one)[MEAN][0])

    @property
    def abstained(self) -> float:
        """Share of the edits that have no usable hash on one side."""
        tried = int(self.compared.is_tried.sum())
        return 1 - int(self.is_usable.sum()) / tried if tried else 0.0

    def positives(self) -> Shares:
        """Return the weight of each distance among positives, the last entry for those without; families are equal."""
        weights = np.zeros(self.policy.most + 2)
        reached = np.minimum(self.compared.distance, self.policy.most + 1)
        tried = {
            name: [place for place in places if self.compared.is_tried[place].any()]
            for name, places in self.families.items()
        }
        families = [places for places in tried.values() if places]
        for places in families:
            for place in places:
                distances = reached[place][self.compared.is_tried[place]]
                weights += np.bincount(distances, minlength=len(weights)) / (
                    len(distances) * len(places) * len(families)
                )
        return weights

    def chosen_pairs(self) -> int:
        """Count the unordered pairs of pictures by which thresholds are chosen."""
        return self.compared.tally("originals", "all").pairs // 2

    def thresholds_by_rate(self, rates: Sequence[float]) -> list[ChosenThreshold]:
        """Choose a threshold for each wanted rate of false matches, or refuse it."""
        histogram, pairs = self.compared.tally("originals", "all").histogram, self.chosen_pairs()
        nearest = self.compared.nearest
        made = []
        for rate in rates:
            chosen = threshold_at(histogram, rate, pairs=pairs)
            involved = int((nearest <= chosen.threshold).sum()) if chosen.threshold is not None else 0
            with_copies = threshold_at(histogram + self.compared.copies, rate, pairs=pairs).threshold
            # A pair of pictures is there twice, once for each that is listed.
            without = (threshold_at(without_nearest(histogram, 2 * count), rate, pairs=pairs) for count in LEFTOVERS)
            made.append(ChosenThreshold(chosen, involved, with_copies, tuple(one.threshold for one in without)))
        return made

    def negatives(self) -> Iterator[tuple[str, str, Negatives]]:
        """Yield kind, scope and counts; scopes sorted, and `all` for each kind that has more than one."""
        for kind in sorted({kind for kind, _ in self.compared.negatives}):
            scopes = {scope: one for (other, scope), one in sorted(self.compared.negatives.items()) if other == kind}
            if len(scopes) > 1:
                yield kind, "all", merged(scopes.values())
            for scope, one in scopes.items():
                yield kind, scope, one

    def total(self, kind: str) -> Negatives:
        """Return the counts of all scopes of a kind; empty where there is none."""
        scopes = [one for (other, _), one in self.compared.negatives.items() if other == kind]
        empty = np.zeros(self.policy.most + 1, np.int64)
        return merged([Negatives(empty, empty), *scopes])

    def false_match_interval(self, negatives: Negatives) -> tuple[float, float]:
        """Return the 95 % interval of the rate of false matches at the policy's threshold, by resampling pictures."""
        pairs = np.array(list(negatives.matches), np.int64).reshape(-1, 2)
        times = np.array(list(negatives.matches.values()), np.int64)
        clusters = cluster_numbers(self.hashed)
        return pair_rate_interval(
            pairs, times, self.weights, clusters, pairs=negatives.pairs, pictures=self.unordered_pairs()
        )

    def unordered_pairs(self) -> int:
        """Count the pairs of an edited picture and any other that is listed: what can be ruled out rests on them."""
        clusters = cluster_numbers(self.hashed)
        listed = [*self.hashed.scored_places, *range(len(self.hashed.pool), len(self.hashed.every))]
        edited = clusters[self.hashed.scored_places]
        ordered = sum(int((edited != clusters[place]).sum()) for place in listed)
        own = sum(int((edited != one).sum()) for one in edited)
        return ordered - own // 2


@dataclass(frozen=True)
class Scored:
    """The scores of some policies on the same pictures and cells."""

    hashed: Hashed
    scores: tuple[PolicyScore, ...]
    """In the order in which the policies were named."""
    rates: tuple[float, ...]

    def write(self, folder: Path | str, **settings: Any) -> None:
        """Write tables and manifest; see `hashclient.lab.report.write_results`."""
        from hashclient.lab.report import write_results

        write_results(self, Path(folder), **settings)

    def differences(self) -> Iterator[tuple[PolicyScore, PolicyScore, float, tuple[float, float] | None]]:
        """Yield, for every two policies, the second's mean recall minus the first's, and its interval."""
        means = [
            (one, one.recall(one.policy.threshold)[MEAN], one.replicates(one.policy.threshold)[MEAN])
            for one in self.scores
        ]
        for place, (one, recall, drawn) in enumerate(means):
            for other, others, others_drawn in means[place + 1 :]:
                yield one, other, others - recall, percentiles(others_drawn - drawn)


def score(
    hashed: Hashed,
    policies: Sequence[Policy],
    *,
    within: Sequence[int] = (),
    rates: Sequence[float] = RATES,
    bootstrap: int = REPLICATES,
    with_strangers: bool = True,
) -> Scored:
    """Score policies; no picture is opened and nothing is hashed.

    Args:
        hashed: what is in the store.
        policies: of which all hashes are there.
        within: more distances, bits, at which recall is given.
        rates: false-match rates at which recall is given.
        bootstrap: how many resamples intervals come from.
        with_strangers: whether pictures that are never edited count.

    Raises:
        UsageError: hashes are missing.
    """
    in_order = tuple({policy.id: policy for policy in policies}.values())
    compared = Comparison(hashed, in_order, within=within, with_strangers=with_strangers).results
    weights = resamples(cluster_numbers(hashed), seed=hashed.seed, replicates=bootstrap)
    return Scored(hashed, tuple(PolicyScore(hashed, one, weights) for one in compared), tuple(rates))
