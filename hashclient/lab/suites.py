"""Read suites: ordered lists of cells, each a chain of transforms in a family, searched or held.

A suite is a TOML file of one form (`posts-v1.toml` shows it), and is told by its name and its digest. The digest is part
of every result.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.lab.transforms.draw import is_same
from hashclient.lab.transforms.interface import LEAST_EDITED_SIDE, By, Step
from hashclient.lab.transforms.quality import jpeg_bytes, opened_jpeg

Which = Literal["searched", "held"]
"""Which half of a suite a cell belongs to: a search may see the first, the second is only reported."""
HALVES: Final[tuple[Which, ...]] = ("searched", "held")
SUITES: Final = ("posts-v1", "fifteen-v1", "videos-v1")
"""Suites that come with the package."""


@dataclass(frozen=True)
class Edited:
    """What a cell made of a picture."""

    picture: Image.Image
    """RGB."""
    file: bytes
    """The same as the JPEG that it was saved as, for hashes of bytes; empty if the last step is another."""
    skip: str | None = None
    """`too_small`, or `noop` where no step but saving changed a pixel; None where all went well."""


@dataclass(frozen=True)
class Cell:
    """A chain of edits, with its family and its half of the suite."""

    family: str
    which: Which
    steps: tuple[Step, ...]

    @cached_property
    def id(self) -> str:
        """The canonical text: steps joined by `>`."""
        return ">".join(step.text for step in self.steps)

    @property
    def donors(self) -> int:
        """How many other pictures it shows."""
        return sum(step.donors for step in self.steps)

    @property
    def is_seeded(self) -> bool:
        """Whether it draws from its generator."""
        return any(step.transform.is_seeded for step in self.steps)

    def generator(self, seed: int, picture_id: str) -> np.random.Generator:
        """Return the generator of this cell for a picture; no other picture, cell or worker has a part in it.

        Args:
            seed: of the run.
            picture_id: SHA-256 of the picture's bytes, hexadecimal.
        """
        return keyed_generator(seed, picture_id, self.id)

    def edit(self, picture: Image.Image, by: By) -> Edited:
        """Edit a picture, RGB. Deterministic: the same picture, generator and donors give the same bytes."""
        before, file = picture, b""
        is_changed = False
        for step in self.steps:
            is_save = step is self.steps[-1] and step.transform.name == "codec.jpeg"
            if is_save:
                file = jpeg_bytes(picture, int(step.values["q"]))
            picture = opened_jpeg(file) if is_save else step.edited(picture, By(by.rng, by.donors))
            if min(picture.size) < LEAST_EDITED_SIDE:
                return Edited(picture, b"", "too_small")
            is_changed = is_changed or (not (is_save and len(self.steps) > 1) and not is_same(before, picture))
        return Edited(picture, file, None if is_changed else "noop")

    def apply(
        self,
        pixels: NDArray[np.uint8],
        rng: np.random.Generator,
        donor: NDArray[np.uint8] | Sequence[NDArray[np.uint8]] | None = None,
    ) -> NDArray[np.uint8]:
        """Edit the pixels of a picture.

        Args:
            pixels: RGB, `uint8`, shape (height, width, 3), upright.
            rng: as `generator` gives it.
            donor: other pictures, of the same form, for edits that show some; drawn ones where there are too few.

        Returns:
            The edited picture, of the same form; other sides.

        Raises:
            UsageError: a side would have fewer than 16 pixels.
        """
        donors = () if donor is None else (donor,) if isinstance(donor, np.ndarray) else tuple(donor)
        made = self.edit(Image.fromarray(pixels), By(rng, tuple(map(Image.fromarray, donors))))
        if made.skip == "too_small":
            raise UsageError(words.TOO_SMALL.format(cell=self.id), hint=words.LARGER_PICTURES)
        return np.asarray(made.picture)


def keyed_generator(*parts: object) -> np.random.Generator:
    """Return a generator whose key is the first 128 bits of the SHA-256 of some values, `|` between them."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "big")))


@dataclass(frozen=True)
class Suite:
    """An ordered list of cells with a name."""

    name: str
    description: str
    every: tuple[Cell, ...]
    """Searched first, then held, in the order of the file."""

    def __post_init__(self) -> None:
        if not all(name.isprintable() for name in (self.name, *(cell.family for cell in self.every))):
            raise UsageError(words.MALFORMED_SUITE, hint=words.SEE_SUITES)  # it would steer a terminal
        ids = [cell.id.rpartition(">")[0] or cell.id for cell in self.every]
        twice = next((one for place, one in enumerate(ids) if one in ids[:place]), None)
        if twice is not None:
            raise UsageError(words.CELL_TWICE.format(cell=twice), hint=words.LEAVE_ONE_CELL_OUT)

    @classmethod
    def named(cls, name: str) -> "Suite":
        """Return a suite that comes with the package.

        Raises:
            UsageError: there is none of that name.
        """
        if name not in SUITES:
            raise UsageError(words.NO_SUITE.format(name=name), hint=words.SEE_SUITES)
        return cls.from_text(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))

    @classmethod
    def from_file(cls, path: Path) -> "Suite":
        """Read a suite from a TOML file; raises `UsageError` as `from_text` does, and if there is no such file."""
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise UsageError(words.MALFORMED_SUITE, hint=words.SEE_SUITES) from None
        return cls.from_text(text)

    @classmethod
    def from_text(cls, text: str) -> "Suite":
        """Read a suite.

        Raises:
            UsageError: it is malformed, names an unknown transform or parameter, or has a cell twice.
        """
        try:
            told: dict[str, Any] = tomllib.loads(text)
            name, description, saved = told["name"], told["description"], told["saved_as_jpeg"]
            chains = [
                (family, which, f"{chain}>codec.jpeg(q={saved[which]})")
                for which in HALVES
                for family, members in told.get(which, {}).items()
                for chain in members
            ]
        except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, RecursionError):
            raise UsageError(words.MALFORMED_SUITE, hint=words.SEE_SUITES) from None
        return cls(str(name), str(description), tuple(cell_of(*chain) for chain in chains))

    def cells(self, which: Which | None = None) -> tuple[Cell, ...]:
        """Return the cells of a half, or all of them."""
        return tuple(cell for cell in self.every if which in {None, cell.which})

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, whatever the order of cells; its first 12 digits stand in every result."""
        told = {"name": self.name, "cells": sorted([cell.which, cell.family, cell.id] for cell in self.every)}
        return hashlib.sha256(json.dumps(told, separators=(",", ":"), sort_keys=True).encode()).hexdigest()

    def quick(self) -> "Suite":
        """Return the suite with one cell for each chain of transforms of each half and family: its middle severity."""
        groups: dict[tuple[str, str, str], list[Cell]] = {}
        for cell in self.every:
            kind = ">".join(step.transform.name for step in cell.steps)
            groups.setdefault((cell.which, cell.family, kind), []).append(cell)
        kept = {group[len(group) // 2].id for group in groups.values()}
        return Suite(f"{self.name} quick", self.description, tuple(cell for cell in self.every if cell.id in kept))


def cell_of(family: str, which: Which, chain: str) -> Cell:
    """Read a cell from its chain; raises `UsageError` where a step is wrong."""
    return Cell(family, which, tuple(map(Step.parse, chain.split(">"))))


def families_of(cells: Iterable[Cell]) -> Mapping[str, tuple[Cell, ...]]:
    """Return the cells of each family, families in their order."""
    found: dict[str, tuple[Cell, ...]] = {}
    for cell in cells:
        found[cell.family] = (*found.get(cell.family, ()), cell)
    return found
