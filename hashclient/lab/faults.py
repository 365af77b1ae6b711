"""Find the faults that spoil a measurement, before it begins: each has a name, and stops the run.

- `SilentParameterError`: a parameter of an edit has no effect
- `StateBetweenPicturesError`: an edit depends on what it did before, or changes what it was given
- `UndeclaredChanceError`: an edit draws at random and does not say so
- `SplitLeakError`: a picture, or a copy of it, is on both sides of the split
- `WorkerMismatchError`: a worker's libraries make other pixels
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from PIL import Image

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.lab.suites import Cell, keyed_generator
from hashclient.lab.transforms.draw import drawn_donor, is_same
from hashclient.lab.transforms.interface import By, Step, Value

CANARY_SIZES: Final = ((160, 120), (96, 128))
"""Columns and rows of the two drawn pictures on which edits are tried."""


class LabFaultError(UsageError):
    """A fault that would spoil the figures; its subclasses say which."""

    sentence = words.FAULT
    hint = words.SEE_THE_LAB


class SilentParameterError(LabFaultError):
    """A parameter of an edit has no effect."""

    sentence = words.SILENT_PARAMETER
    hint = words.USE_THE_PARAMETER


class StateBetweenPicturesError(LabFaultError):
    """An edit depends on what it did before, or changes what it was given."""

    sentence = words.STATE_BETWEEN_PICTURES
    hint = words.KEEP_NO_STATE


class UndeclaredChanceError(LabFaultError):
    """An edit draws at random and does not say so."""

    sentence = words.UNDECLARED_CHANCE
    hint = words.DECLARE_CHANCE


class SplitLeakError(LabFaultError):
    """A picture, or a copy of it, is on both sides of the split."""

    sentence = words.SPLIT_LEAK
    hint = words.MOVE_THE_COPY


class WorkerMismatchError(LabFaultError):
    """A worker's libraries make other pixels than this process."""

    sentence = words.WORKER_MISMATCH
    hint = words.SAME_VERSIONS


@lru_cache(maxsize=1)
def canary_pictures() -> tuple[Image.Image, ...]:
    """Draw the two pictures on which edits are tried."""
    return tuple(drawn_donor(keyed_generator("canary", *size), size) for size in CANARY_SIZES)


@lru_cache(maxsize=4096)
def canary_of(cell: Cell) -> str:
    """Return the digest of what a cell makes of the two pictures with the libraries of this process, 16 digits."""
    digest = hashlib.sha256()
    for picture in canary_pictures():
        made = cell.edit(picture.copy(), By(keyed_generator("canary", cell.id))).picture
        digest.update(f"{made.size}".encode() + made.tobytes())
    return digest.hexdigest()[:16]


def check_cells(cells: Iterable[Cell]) -> None:
    """Try every kind of edit that occurs in some cells.

    Raises:
        SilentParameterError: a parameter has no effect at its two ends.
        StateBetweenPicturesError: the same picture gives something else the second time, or is changed.
        UndeclaredChanceError: it draws at random and is not `is_seeded`.
    """
    steps = {step.transform.name: step for cell in cells for step in cell.steps}
    for step in steps.values():
        _check_purity(step)
        if not step.transform.is_seeded and not _are_same(step, step.values, step.values, seeds=(1, 2)):
            raise UndeclaredChanceError(words.UNDECLARED_CHANCE.format(name=step.transform.name))
        for name, parameter in step.transform.parameters.items():
            least, most = ({**step.values, name: end} for end in parameter.ends())
            if _are_same(step, least, most):
                told = words.SILENT_PARAMETER.format(name=step.transform.name, parameter=name)
                raise SilentParameterError(told)


def _edit_made(step: Step, picture: Image.Image, values: Mapping[str, Value], seed: int = 1) -> Image.Image:
    return Step(step.transform, values).edited(picture, By(keyed_generator("check", seed)))


def _are_same(
    step: Step, one: Mapping[str, Value], other: Mapping[str, Value], *, seeds: tuple[int, int] = (1, 1)
) -> bool:
    """Tell whether two sets of values, or two seeds, make the same of both pictures."""
    return all(
        is_same(_edit_made(step, picture, one, seeds[0]), _edit_made(step, picture, other, seeds[1]))
        for picture in canary_pictures()
    )


def _check_purity(step: Step) -> None:
    one, other = canary_pictures()
    given = one.copy()
    first = _edit_made(step, given, step.values)
    _edit_made(step, other.copy(), step.values)
    if not is_same(first, _edit_made(step, given, step.values)) or not is_same(given, one):
        raise StateBetweenPicturesError(words.STATE_BETWEEN_PICTURES.format(name=step.transform.name))
