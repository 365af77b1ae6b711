"""Take a dataset through a suite: screen it for copies, hash it, and hold what was hashed, ready to be scored.

    Dataset -> Transformed -> Hashed -> Scored

Everything is read back from the store in one order, so it does not matter who made it, or when.
"""

import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.hashing.hamming import pairs_within
from hashclient.lab.dataset import Dataset, LabPicture, Split
from hashclient.lab.engine import Engine, LabProgress, keys_of_cells, units_for_cells, units_for_originals
from hashclient.lab.faults import canary_of, check_cells
from hashclient.lab.hashes import LabHash, hash_named
from hashclient.lab.policies import Policy, eight_by_bits, policy_named
from hashclient.lab.store import Store, StoredRow
from hashclient.lab.suites import Cell, Suite, Which, cell_of
from hashclient.model.signal import MATCH_DISTANCE, QUALITY_FLOOR

if TYPE_CHECKING:
    from hashclient.lab.scoring import Scored

ScreenBy = Literal["hashes", "pixels"]
_SCREENED_BY: Final = {"phash-64": 8, "dhash-64": 8}
"""Distances, bits, at which two pictures count as alike, beside PDQ at 31 over eight orientations."""


@dataclass(frozen=True)
class ScreenedPair:
    """Two pictures that may be copies of each other."""

    one: str
    other: str
    alike_by: tuple[str, ...]
    """`pixels`, `pdq`, `phash-64`, `dhash-64`."""

    @property
    def is_duplicate(self) -> bool:
        """Equal pixels, or alike by two of the three hashes; with one it is a suspect, and stays."""
        return "pixels" in self.alike_by or len(self.alike_by) >= 2


@dataclass(frozen=True)
class OriginalValues:
    """What one hash gave for pictures as they are."""

    sets: tuple[NDArray[np.uint8], ...]
    """For each picture its values, shape (values, bytes); none where its quality is below 50."""
    ranks: tuple[NDArray[np.int64], ...]


@dataclass(frozen=True)
class EditedValues:
    """What one hash gave for edited pictures."""

    values: NDArray[np.uint8]
    """Shape (cells, pictures, bytes)."""
    is_tried: NDArray[np.bool_]
    """Where there is an edited picture: not skipped, and not without effect."""
    is_usable: NDArray[np.bool_]
    """Where its quality is 50 or more, too."""


@dataclass(frozen=True)
class Transformed:
    """Pictures, and the cells that are to be made of them; nothing is done before `hash`."""

    dataset: Dataset
    suite: Suite
    which: Which | None = "held"
    split: Split | Literal["all"] = "held"
    seed: int = 1

    def hash(
        self,
        wanted: Iterable[str | Policy],
        *,
        engine: Engine | None = None,
        negatives: Dataset | None = None,
        screen: ScreenBy = "hashes",
    ) -> "Hashed":
        """Make what is missing in the store, and return it all.

        Args:
            wanted: policies, or their names.
            engine: where it is done, and kept.
            negatives: pictures that are never edited: more strangers to compare with.
            screen: find copies by hashes too, or by equal pixels alone, for pictures that are known to differ.

        Raises:
            LabFaultError: as `check_cells`, `Dataset.with_clusters` and `Engine.run`.
            UsageError: no picture can be used, or a hash or a policy is wrong.
        """
        engine = engine or Engine()
        policies = tuple(policy_named(one) if isinstance(one, str) else one for one in wanted)
        cells = tuple(sorted(self.suite.cells(self.which), key=lambda cell: (cell.family, cell.id)))
        if not cells:
            raise UsageError(words.NO_CELLS, hint=words.SEE_SUITES)
        check_cells(cells)
        screened = tuple(hash_named(name) for name in ("pixels", "pdq", *(_SCREENED_BY if screen == "hashes" else ())))
        originals = tuple(dict.fromkeys((*screened, *itertools.chain(*(policy.hashes[0] for policy in policies)))))
        received = tuple(dict.fromkeys(itertools.chain(*(policy.hashes[1] for policy in policies))))
        store, progress = engine.store(), LabProgress()
        known = {one.id for one in self.dataset.pictures}
        strangers = tuple(one for one in (negatives.pictures if negatives else ()) if one.id not in known)
        every = (*self.dataset.pictures, *strangers)
        engine.run(units_for_originals(every, originals, store, progress), store, progress)
        every, skipped = _readable(every, store)
        if not known.intersection(one.id for one in every):
            raise UsageError(words.NO_PICTURES, hint=words.SAMPLE_PICTURES)
        pairs = _screened_pairs(every, store, screen)
        pool, others = _clustered(self.dataset, every, known, pairs)
        made = Hashed(
            store=store,
            suite=self.suite,
            cells=cells,
            pool=pool,
            strangers=others,
            screened=pairs,
            split=self.split,
            seed=self.seed,
            skipped_files=Counter(
                equal_files=self.dataset.equal_files, no_picture=self.dataset.unusable, undecodable=skipped
            ),
            progress=progress,
        )
        if not made.scored:
            raise UsageError(words.EMPTY_SIDE, hint=words.MORE_PICTURES)
        store.keep_run(made.told())
        units = units_for_cells(made.scored, cells, received, store, progress, pool=pool, seed=self.seed)
        engine.run(units, store, progress)
        return made


def _readable(every: Sequence[LabPicture], store: Store) -> tuple[tuple[LabPicture, ...], int]:
    """Leave out the pictures that could not be decoded; return how many there were."""
    unread = {one.id for one in every if any(row.skip for row in store.rows(one.id) if not row.edit)}
    return tuple(one for one in every if one.id not in unread), len(unread)


def _clustered(
    dataset: Dataset, every: Sequence[LabPicture], known: set[str], pairs: Iterable[ScreenedPair]
) -> tuple[tuple[LabPicture, ...], tuple[LabPicture, ...]]:
    """Put copies into clusters: pictures of the dataset by themselves, so that strangers move none to another side."""
    copies = [(pair.one, pair.other) for pair in pairs if pair.is_duplicate]
    inside = [pair for pair in copies if known.issuperset(pair)]
    pool = replace(dataset, pictures=tuple(one for one in every if one.id in known)).with_clusters(inside).pictures
    whole = replace(dataset, pictures=tuple(every), is_split_given=False).with_clusters(copies).pictures
    own = {one.id: one.cluster for one in pool}
    of_pool = {one.cluster: own[one.id] for one in whole if one.id in own}
    strangers = (one for one in whole if one.id not in known)
    return pool, tuple(replace(one, cluster=of_pool.get(one.cluster, one.cluster)) for one in strangers)


def _screened_pairs(every: Sequence[LabPicture], store: Store, by: ScreenBy) -> tuple[ScreenedPair, ...]:
    """Find pictures that may be copies of each other."""
    found: dict[tuple[int, int], list[str]] = {}

    def note(pairs: NDArray[np.int64], name: str) -> None:
        for one, other in {(int(one), int(other)) for one, other, _ in pairs if one < other}:
            found.setdefault((one, other), []).append(name)

    values = {name: _singles(every, hash_named(name), store) for name in ("pixels", "pdq")}
    note(pairs_within(values["pixels"], within=0), "pixels")
    if by == "hashes":
        turned = eight_by_bits(values["pdq"])
        near = [
            pairs_within(np.ascontiguousarray(turned[:, way]), values["pdq"], within=MATCH_DISTANCE) for way in range(8)
        ]
        note(np.concatenate(near), "pdq")
        for name, within in _SCREENED_BY.items():
            note(pairs_within(_singles(every, hash_named(name), store), within=within), name)
    pairs = (ScreenedPair(every[one].id, every[other].id, tuple(names)) for (one, other), names in found.items())
    return tuple(sorted(pairs, key=lambda pair: tuple(sorted((pair.one, pair.other)))))


def _singles(every: Sequence[LabPicture], made: LabHash, store: Store) -> NDArray[np.uint8]:
    """Return one value for each picture, of whatever quality, shape (pictures, bytes)."""
    rows = ({row.kind: row for row in store.rows(one.id) if not row.edit} for one in every)
    return np.concatenate([made.unpack(kinds[made.id].value or b"")[0][:1] for kinds in rows])


@dataclass(frozen=True)
class Hashed:
    """Pictures whose hashes are in the store, screened for copies."""

    store: Store = field(compare=False, repr=False)
    suite: Suite
    cells: tuple[Cell, ...]
    """Sorted by family and id."""
    pool: tuple[LabPicture, ...]
    """Pictures of the dataset, sorted by id."""
    strangers: tuple[LabPicture, ...]
    """Pictures that are never edited."""
    screened: tuple[ScreenedPair, ...]
    split: Split | Literal["all"]
    seed: int
    skipped_files: Mapping[str, int]
    progress: LabProgress = field(default_factory=LabProgress, compare=False)

    @classmethod
    def from_store(cls, path: Path) -> "Hashed":
        """Return what the last run of a store was about; no picture is opened and nothing is hashed.

        Raises:
            UsageError: the file is no store, has no run, or is damaged.
        """
        if not path.is_file():
            raise UsageError(words.NO_RUN, hint=words.RUN_FIRST)
        store = Store(path)
        told = store.last_run()
        try:
            return cls._as_told(store, told)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise UsageError(words.DAMAGED_STORE, hint=words.ANOTHER_STORE) from None

    @classmethod
    def _as_told(cls, store: Store, told: Mapping[str, Any]) -> "Hashed":

        def pictures(rows: Sequence[Sequence[str]]) -> tuple[LabPicture, ...]:
            return tuple(
                LabPicture(bytes.fromhex(id_).hex(), Path(), category, cluster, "dev" if split == "dev" else "held")
                for id_, category, cluster, split in rows
            )

        every = tuple(
            cell_of(family, "searched" if which == "searched" else "held", text)
            for which, family, text in told["suite"]
        )
        asked = set(told["cells"])
        return cls(
            store=store,
            suite=Suite(told["name"], told["description"], every),
            cells=tuple(sorted((cell for cell in every if cell.id in asked), key=lambda cell: (cell.family, cell.id))),
            pool=pictures(told["pool"]),
            strangers=pictures(told["strangers"]),
            screened=tuple(ScreenedPair(one, other, tuple(by)) for one, other, by in told["screened"]),
            split=told["split"],
            seed=told["seed"],
            skipped_files=dict(told["skipped_files"]),
        )

    def told(self) -> Mapping[str, Any]:
        """Return what `from_store` needs; no path is among it."""
        return {
            "name": self.suite.name,
            "description": self.suite.description,
            "suite": [[cell.which, cell.family, cell.id] for cell in self.suite.every],
            "cells": [cell.id for cell in self.cells],
            "pool": [[one.id, one.category, one.cluster, one.split] for one in self.pool],
            "strangers": [[one.id, one.category, one.cluster, one.split] for one in self.strangers],
            "screened": [[pair.one, pair.other, pair.alike_by] for pair in self.screened],
            "split": self.split,
            "seed": self.seed,
            "skipped_files": dict(self.skipped_files),
        }

    @property
    def every(self) -> tuple[LabPicture, ...]:
        """The pictures of the dataset, then the strangers."""
        return (*self.pool, *self.strangers)

    @cached_property
    def scored_places(self) -> NDArray[np.int64]:
        """Places, in `every`, of the pictures that are edited."""
        return np.array([place for place, one in enumerate(self.pool) if self.split in {"all", one.split}], np.int64)

    @property
    def scored(self) -> tuple[LabPicture, ...]:
        """The pictures that are edited."""
        return tuple(self.pool[place] for place in self.scored_places)

    @cached_property
    def chosen_places(self) -> NDArray[np.int64]:
        """Places, in `every`, of the pictures by which thresholds are chosen: those of `dev`, and strangers."""
        is_dev = [self.split == "all" or one.split == "dev" for one in self.pool]
        return np.flatnonzero([*is_dev, *([True] * len(self.strangers))])

    @cached_property
    def _rows_of_cells(self) -> tuple[list[list[str]], NDArray[np.int64]]:
        """Return for each edited picture the keys of its cells, and the places of the donors, -1 for none."""
        places = {one.id: place for place, one in enumerate(self.every)}
        most = max([1, *(cell.donors for cell in self.cells)])
        shown = np.full((len(self.cells), len(self.scored_places), most), -1, np.int64)
        keys = []
        for column, picture in enumerate(self.scored):
            drawn = keys_of_cells(picture, self.cells, self.pool, seed=self.seed)
            keys.append([key for key, _ in drawn])
            for row, (_, donors) in enumerate(drawn):
                shown[row, column, : len(donors)] = [places[donor.id] for donor in donors]
        return keys, shown

    @property
    def donors(self) -> NDArray[np.int64]:
        """Places, in `every`, of what a cell shows beside each edited picture, -1 for none: (cells, pictures, donors)."""
        return self._rows_of_cells[1]

    def originals(self, made: LabHash) -> OriginalValues:
        """Return what a hash gave for every picture as it is; raises `UsageError` if it was not made."""
        found = [self._unpacked(made, row) for row in self._each_original(made)]
        return OriginalValues(tuple(values for values, _ in found), tuple(ranks for _, ranks in found))

    def _each_original(self, made: LabHash) -> Iterator[StoredRow]:
        for picture in self.every:
            row = next((row for row in self.store.rows(picture.id) if not row.edit and row.kind == made.id), None)
            if row is None:
                raise UsageError(words.NOT_HASHED.format(name=made.id), hint=words.RUN_WITH_POLICY)
            yield row

    @staticmethod
    def _unpacked(made: LabHash, row: StoredRow) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        values, ranks = made.unpack(row.value or b"")
        return (values, ranks) if _is_detailed(row) else (values[:0], ranks[:0])

    def edited(self, made: LabHash) -> EditedValues:
        """Return what a hash gave for every cell of every edited picture; raises `UsageError` if it was not made."""
        shape = len(self.cells), len(self.scored_places)
        values = np.zeros((*shape, made.bits // 8), np.uint8)
        is_tried, is_usable = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        for column, (picture, keys) in enumerate(zip(self.scored, self._rows_of_cells[0], strict=True)):
            rows = {row.edit: row for row in self.store.rows(picture.id) if row.kind == made.id}
            for place, key in enumerate(keys):
                if key not in rows:
                    raise UsageError(words.NOT_HASHED.format(name=made.id), hint=words.RUN_WITH_POLICY)
                row = rows[key]
                if row.value is not None:
                    values[place, column] = made.unpack(row.value)[0][0]
                    is_tried[place, column], is_usable[place, column] = True, _is_detailed(row)
        return EditedValues(values, is_tried, is_usable)

    def skips(self) -> Mapping[tuple[str, str], int]:
        """Count the cells that gave no edited picture, by cell and reason."""
        found: Counter[tuple[str, str]] = Counter()
        for picture, keys in zip(self.scored, self._rows_of_cells[0], strict=True):
            skips = {row.edit: row.skip for row in self.store.rows(picture.id) if row.skip}
            found.update((cell.id, skips[key]) for cell, key in zip(self.cells, keys, strict=True) if key in skips)
        return found

    def score(self, policies: Iterable[str | Policy], **settings: Any) -> "Scored":
        """Score policies; see `hashclient.lab.scoring.score`."""
        from hashclient.lab.scoring import score

        return score(self, tuple(policy_named(one) if isinstance(one, str) else one for one in policies), **settings)

    def versions(self) -> Mapping[str, str]:
        """Return the versions that pixels and hashes depend on, and a digest of all canaries."""
        import hashlib
        from importlib import metadata

        from hashclient.media.libraries import versions

        digest = hashlib.sha256("".join(canary_of(cell) for cell in self.cells).encode()).hexdigest()
        packages = {name: metadata.version(name) for name in ("hashclient", "numpy", "imagehash")}
        return {"python": sys.version.split()[0], **packages, **versions(), "canaries": digest}


def _is_detailed(row: StoredRow) -> bool:
    return row.quality is None or row.quality >= QUALITY_FLOOR
