"""Compare pictures with their own edits, and with those of others, once for all policies.

Negatives are of kinds that are never merged:

- `originals`: two pictures as they are; thresholds for wanted rates are chosen by them
- `N1`: a picture as it is, or a stranger, and the edit of another picture
- `N2`: the same edit of two pictures
- `N3-plain`, `N3-edited`, `N3-alike`: the same three, of pictures of one class, which look alike

Copies of a picture are neither positive nor negative. An edit that shows a donor is related to it, and masked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.lab.hashed import Hashed
from hashclient.lab.hashes import bit_distances
from hashclient.lab.policies import Leg, Policy
from hashclient.lab.statistics import Counts

FAR: Final = 1 << 30
"""Stands for a distance where nothing was submitted, or what was received is not usable."""
_COMPARED_COLUMNS: Final = 1 << 16
_LISTED_AT_ONCE: Final = 256

Distances = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass
class Negatives:
    """Comparisons of unrelated pictures, of one kind and one scope: a family, or a class."""

    histogram: Counts
    """How often each distance occurs: one count for each two pictures and edit."""
    own: Counts
    """Those of them whose pictures' own single hashes match."""
    hash_pairs: int = 0
    near_hashes: dict[int, int] = field(default_factory=dict)
    """Pairs of hashes at or below each threshold."""
    masked: int = 0
    """Comparisons left out because a donor relates the two."""
    matches: dict[tuple[int, int], int] = field(default_factory=dict)
    """Pictures, as places, that match at the policy's threshold, and in how many comparisons."""

    @property
    def pairs(self) -> int:
        """Comparisons of two pictures."""
        return int(self.histogram.sum())

    @property
    def smallest(self) -> int | None:
        """The least distance that occurs."""
        there = np.flatnonzero(self.histogram)
        return int(there[0]) if len(there) else None

    def at(self, threshold: int) -> tuple[int, int]:
        """Count the comparisons at or below a distance, and those of them that the pictures' own hashes have too."""
        return int(self.histogram[: threshold + 1].sum()), int(self.own[: threshold + 1].sum())

    def add(self, other: "Negatives") -> None:
        """Add the counts of another scope."""
        self.histogram, self.own = self.histogram + other.histogram, self.own + other.own
        self.hash_pairs, self.masked = self.hash_pairs + other.hash_pairs, self.masked + other.masked
        for threshold, count in other.near_hashes.items():
            self.near_hashes[threshold] = self.near_hashes.get(threshold, 0) + count
        for pair, count in other.matches.items():
            self.matches[pair] = self.matches.get(pair, 0) + count


@dataclass
class Compared:
    """What one policy makes of all comparisons."""

    policy: Policy
    thresholds: tuple[int, ...]
    distance: Distances
    """Of every cell and edited picture, on the policy's scale; `FAR` where there is none."""
    is_tried: Mask
    """Where there is an edited picture."""
    submitted: Counts
    """Hashes submitted of each edited picture."""
    copies: Counts
    """Histogram of the pairs of copies that the screen took out of the kind `originals`."""
    nearest: Distances
    """For each picture the distance of the nearest unrelated one, as they are, among those that choose thresholds."""
    negatives: dict[tuple[str, str], Negatives] = field(default_factory=dict)
    """By kind and scope."""

    def tally(self, kind: str, scope: str) -> Negatives:
        """Return the counts of a kind and scope, empty at first."""
        zeros = np.zeros(self.policy.most + 1, np.int64)
        return self.negatives.setdefault((kind, scope), Negatives(zeros, zeros.copy()))


@dataclass(frozen=True)
class _Block:
    """Distances from some listed pictures to some received ones, for one policy."""

    best: Distances
    """On the policy's scale; `FAR` where there is none."""
    legs: list[tuple[NDArray[np.uint16], int]]
    """Distances in bits, shape (hashes, *best.shape), and the factor to the policy's scale."""
    rows: NDArray[np.int64]
    """Places of the listed pictures; with `columns` it makes the shape of `best`."""
    columns: NDArray[np.int64]
    """Places of the received pictures."""

    def count_into(self, into: Negatives, where: Mask, own: Mask, thresholds: Sequence[int]) -> None:
        """Count comparisons.

        Args:
            into: what they are counted in.
            where: which of them.
            own: those whose pictures' own single hashes match.
            thresholds: of the policy, its own first.
        """
        where = where & (self.best < FAR)
        distances = self.best[where]
        into.histogram += np.bincount(distances, minlength=len(into.histogram))
        into.hash_pairs += sum(len(bits) for bits, _ in self.legs) * len(distances)
        if not len(distances) or int(distances.min()) > max(thresholds):
            return
        own = np.broadcast_to(own, where.shape)
        into.own += np.bincount(self.best[where & own], minlength=len(into.own))
        for threshold in thresholds:
            near = sum(int((bits[:, where] * np.int64(factor) <= threshold).sum()) for bits, factor in self.legs)
            into.near_hashes[threshold] = into.near_hashes.get(threshold, 0) + near
        matched = where & (self.best <= thresholds[0])
        one, other = (np.broadcast_to(places, where.shape)[matched] for places in (self.rows, self.columns))
        for pair in zip(one.tolist(), other.tolist(), strict=True):
            into.matches[pair] = into.matches.get(pair, 0) + 1


class Comparison:
    """One pass over all pairs of pictures, for all policies.

    Args:
        hashed: what is in the store.
        policies: of which all hashes are there.
        within: more thresholds, bits.
        with_strangers: whether pictures that are never edited take part.

    Raises:
        UsageError: hashes are missing.
    """

    def __init__(
        self, hashed: Hashed, policies: Sequence[Policy], *, within: Sequence[int] = (), with_strangers: bool = True
    ) -> None:
        self._hashed = hashed
        self._clusters = cluster_numbers(hashed)
        self._categories = [one.category for one in hashed.every]
        self._classes = np.unique([*self._categories, ""], return_inverse=True)[1][:-1]  # 0 is no class
        self._scored = hashed.scored_places
        count = len(hashed.every)
        legs = [leg for policy in policies for leg in policy.legs]
        made = {one.id: one for leg in legs for one in (leg.submitted, leg.received)}
        self._originals = {id_: hashed.originals(one) for id_, one in made.items()}
        self._edited = {leg.received.id: hashed.edited(leg.received) for leg in legs}
        self._singles = {leg.received.id: self._single_values(leg) for leg in legs}
        self._is_counted = (np.arange(count) < len(hashed.pool)) | with_strangers
        self._is_chosen = self._is_counted & np.isin(np.arange(count), hashed.chosen_places)
        self._shown = np.where(hashed.donors >= 0, self._clusters[hashed.donors], -1)
        self.results = [self._empty(policy, policy.thresholds(within)) for policy in policies]
        self._compare_listed()
        self._compare_alike()

    def _empty(self, policy: Policy, thresholds: tuple[int, ...]) -> Compared:
        tried = np.logical_or.reduce([self._edited[leg.received.id].is_tried for leg in policy.legs])
        counts = [sum(len(self._submitted(leg, int(place))) for leg in policy.legs) for place in self._scored]
        return Compared(
            policy=policy,
            thresholds=thresholds,
            distance=np.full(tried.shape, FAR, np.int64),
            is_tried=tried,
            submitted=np.array(counts, np.int64),
            copies=np.zeros(policy.most + 1, np.int64),
            nearest=np.full(len(self._hashed.every), FAR, np.int64),
        )

    def _submitted(self, leg: Leg, place: int) -> NDArray[np.uint8]:
        """Return what is submitted of a picture, shape (hashes, bytes)."""
        kept = self._originals[leg.submitted.id]
        return kept.sets[place] if leg.most is None else kept.sets[place][kept.ranks[place] < leg.most]

    def _single_values(self, leg: Leg) -> tuple[NDArray[np.uint8], Mask]:
        """Return the received hash of every picture as it is, and where it is usable."""
        sets = self._originals[leg.received.id].sets
        values = np.zeros((len(sets), leg.received.bits // 8), np.uint8)
        for place, one in enumerate(sets):
            values[place] = one[0] if len(one) else 0
        return values, np.array([len(one) > 0 for one in sets])

    def _own(self, policy: Policy, rows: NDArray[np.int64]) -> Mask:
        """Tell which pictures' own single hashes match those of some, shape (rows, every)."""
        found = np.zeros((len(rows), len(self._hashed.every)), np.bool_)
        for leg in policy.legs:
            values, is_usable = self._singles[leg.received.id]
            near = bit_distances(values[rows], values, is_exact=leg.received.is_exact) <= leg.within
            found |= near & is_usable[rows][:, np.newaxis] & is_usable
        return found

    def _compare_listed(self) -> None:
        """Compare what is submitted of each picture with pictures as they are, and with edited ones."""
        columns = {int(place): column for column, place in enumerate(self._scored)}
        for place in np.flatnonzero(self._is_counted).tolist():
            own = [self._own(result.policy, np.array([place]))[0] for result in self.results]
            self._with_originals(place, own)
            if place in columns or place >= len(self._hashed.pool):
                for family, cells in self._chunks():
                    self._with_edited(place, columns.get(place), family, cells, own)

    def _chunks(self) -> Iterator[tuple[str, slice]]:
        """Yield the cells of each family, as many at once as memory has room for."""
        names = [cell.family for cell in self._hashed.cells]
        step = max(1, _COMPARED_COLUMNS // max(1, len(self._scored)))
        for family in dict.fromkeys(names):
            first, count = names.index(family), names.count(family)
            for start in range(first, first + count, step):
                yield family, slice(start, min(start + step, first + count))

    def _blocks(
        self, place: int, targets: Mapping[str, tuple[NDArray[np.uint8], Mask]], columns: NDArray[np.int64]
    ) -> Iterator[_Block]:
        """Yield, for each policy, the distances of a listed picture; sets that begin alike are compared once."""
        whole: dict[tuple[str, str, object], NDArray[np.uint16]] = {}
        for result in self.results:
            legs, best = [], np.full(next(iter(targets.values()))[1].shape, FAR, np.int64)
            for leg in result.policy.legs:
                values, is_usable = targets[leg.received.id]
                key = leg.submitted.id, leg.received.id, leg.expand
                if key not in whole:
                    listed = self._originals[leg.submitted.id].sets[place]
                    listed = leg.expand(listed).reshape(-1, listed.shape[1]) if leg.expand else listed
                    bits = bit_distances(listed, values.reshape(-1, values.shape[-1]), is_exact=leg.received.is_exact)
                    whole[key] = bits.reshape(len(listed), *is_usable.shape)
                bits = whole[key]
                if leg.most is not None:
                    bits = bits[: int((self._originals[leg.submitted.id].ranks[place] < leg.most).sum())]
                if len(bits):
                    factor = result.policy.factor(leg)
                    legs.append((bits, factor))
                    best = np.minimum(best, np.where(is_usable, bits.min(axis=0).astype(np.int64) * factor, FAR))
            yield _Block(best, legs, np.array(place), columns)

    def _with_originals(self, place: int, own: Sequence[Mask]) -> None:
        everywhere = np.arange(len(self._hashed.every))
        is_other = (self._clusters != self._clusters[place]) & self._is_counted
        is_alike = is_other & (self._classes == self._classes[place]) & bool(self._classes[place])
        is_negative = is_other & self._is_chosen & self._is_chosen[place]
        is_copy = self._is_chosen & self._is_chosen[place] & (self._clusters == self._clusters[place])
        is_copy &= everywhere != place
        for result, mine, block in zip(self.results, own, self._blocks(place, self._singles, everywhere), strict=True):
            block.count_into(result.tally("originals", "all"), is_negative, mine, result.thresholds)
            twins = block.best[is_copy & (block.best < FAR)]
            result.copies += np.bincount(twins, minlength=len(result.copies))
            result.nearest[place] = int(block.best[is_negative].min(initial=FAR))
            if is_alike.any():
                block.count_into(result.tally("N3-plain", self._categories[place]), is_alike, mine, result.thresholds)

    def _with_edited(self, place: int, column: int | None, family: str, cells: slice, own: Sequence[Mask]) -> None:
        targets = {id_: (one.values[cells], one.is_usable[cells]) for id_, one in self._edited.items()}
        shown = self._shown[cells]
        is_related = (shown == self._clusters[place]).any(axis=2)
        is_other = np.broadcast_to(self._clusters[self._scored] != self._clusters[place], is_related.shape)
        is_alike = is_other & (self._classes[self._scored] == self._classes[place]) & bool(self._classes[place])
        for result, mine, block in zip(self.results, own, self._blocks(place, targets, self._scored), strict=True):
            if column is not None:
                result.distance[cells, column] = block.best[:, column]
            tally, matches = result.tally("N1", family), mine[self._scored]
            tally.masked += int((is_related & is_other & (block.best < FAR)).sum())
            block.count_into(tally, is_other & ~is_related, matches, result.thresholds)
            if is_alike.any():
                alike = result.tally("N3-edited", self._categories[place])
                block.count_into(alike, is_alike & ~is_related, matches, result.thresholds)

    def _compare_alike(self) -> None:
        """Compare the same edit of every two pictures; policies that receive the same share what comes out."""
        done: dict[object, Compared] = {}
        for result in self.results:
            legs = tuple((leg.received.id, leg.expand, result.policy.factor(leg)) for leg in result.policy.legs)
            before = done.setdefault((legs, result.thresholds), result)
            if before is result:
                for cell in range(len(self._hashed.cells)):
                    for start in range(0, len(self._scored), _LISTED_AT_ONCE):
                        self._with_same_edit(result, cell, slice(start, start + _LISTED_AT_ONCE))
            else:
                shared = {key: one for key, one in before.negatives.items() if key[0] in {"N2", "N3-alike"}}
                result.negatives |= shared

    def _with_same_edit(self, result: Compared, cell: int, rows: slice) -> None:
        places = self._scored
        legs, best = [], np.full((len(places[rows]), len(places)), FAR, np.int64)
        for leg in result.policy.legs:
            edited = self._edited[leg.received.id]
            values, is_usable = edited.values[cell], edited.is_usable[cell]
            listed = leg.expand(values[rows]) if leg.expand else values[rows][:, np.newaxis]
            ways = [
                bit_distances(np.ascontiguousarray(listed[:, way]), values, is_exact=leg.received.is_exact)
                for way in range(listed.shape[1])
            ]
            bits, factor = np.stack(ways), result.policy.factor(leg)
            legs.append((bits, factor))
            usable = is_usable[rows][:, np.newaxis] & is_usable
            best = np.minimum(best, np.where(usable, bits.min(axis=0).astype(np.int64) * factor, FAR))
        block = _Block(best, legs, places[rows][:, np.newaxis], places)
        is_once = np.arange(len(places))[rows][:, np.newaxis] < np.arange(len(places))
        is_other = is_once & (self._clusters[places[rows]][:, np.newaxis] != self._clusters[places])
        is_related = self._are_related(cell, rows)
        own = self._own(result.policy, places[rows])[:, places]
        tally = result.tally("N2", self._hashed.cells[cell].family)
        tally.masked += int((is_related & is_other & (best < FAR)).sum())
        block.count_into(tally, is_other & ~is_related, own, result.thresholds)
        classes = self._classes[places]
        is_alike = is_other & ~is_related & (classes[rows][:, np.newaxis] == classes) & (classes > 0)
        for number in np.unique(classes[rows][is_alike.any(axis=1)]).tolist():
            of_class = is_alike & (classes == number)
            name = self._categories[int(places[np.flatnonzero(classes == number)[0]])]
            block.count_into(result.tally("N3-alike", name), of_class, own, result.thresholds)

    def _are_related(self, cell: int, rows: slice) -> Mask:
        """Tell which edits show a common picture: their own, or a donor."""
        own = self._clusters[self._scored][:, np.newaxis]
        seen = np.concatenate([own, self._shown[cell]], axis=1)
        related = np.zeros((len(seen[rows]), len(seen)), np.bool_)
        if (self._shown[cell] >= 0).any():
            for mine in range(seen.shape[1]):
                for theirs in range(seen.shape[1]):
                    one, other = seen[rows, mine][:, np.newaxis], seen[:, theirs]
                    related |= (one == other) & (one >= 0)
        return related


def cluster_numbers(hashed: Hashed) -> Counts:
    """Return the number of each picture's cluster, from 0, in the order of `Hashed.every`."""
    _, numbers = np.unique([one.cluster for one in hashed.every], return_inverse=True)
    return numbers.astype(np.int64)


def merged(tallies: Iterable[Negatives]) -> Negatives:
    """Return the sum of the counts of several scopes; there must be one."""
    every = list(tallies)
    total = Negatives(np.zeros_like(every[0].histogram), np.zeros_like(every[0].own))
    for one in every:
        total.add(one)
    return total
