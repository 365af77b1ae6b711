"""Say what a transform is: one edit of a picture in memory, with a name and typed parameters.

A transform is pure: what comes out depends on the picture, the parameters, the generator and the donors it is given, and
on nothing before. A parameter that is unknown, missing or outside its range is refused; it is never ignored.

    >>> from hashclient.lab.transforms.interface import Number, register
    >>> @register("doc.darker", f=Number(0.1, 1))
    ... def darker(picture, by, *, f):
    ...     return picture.point(lambda value: value * f)
"""

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from PIL import Image

from hashclient.errors import UsageError
from hashclient.guidance import lab as words

LEAST_EDITED_SIDE: Final = 16
"""Pixels below which a side of an edited picture makes it `too_small`."""
BUILT_IN: Final = ("beside", "frame", "over", "plain", "quality", "screens", "shape")
"""Files of this room that hold transforms."""

Value = int | float | str
_TRANSFORM_NAME: Final = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
_STEP: Final = re.compile(r"([a-z0-9_.]+)\(([^()]*)\)")


class Parameter(Protocol):
    """The type of a parameter: what values it has, and how they are written."""

    def read(self, text: str) -> Value:
        """Return the value that a text stands for; raises `ValueError` if it is none."""

    def ends(self) -> tuple[Value, Value]:
        """Return two values that differ as much as they can; the self-test tells by them whether it has an effect."""


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`, written in the fewest decimals."""

    low: float
    high: float
    is_whole: bool = False

    def read(self, text: str) -> Value:
        """Return the number; raises `ValueError` outside the range."""
        value = int(text) if self.is_whole else float(text)
        if not self.low <= value <= self.high:
            raise ValueError
        return value

    def ends(self) -> tuple[Value, Value]:
        """Return the least and the greatest."""
        return (int(self.low), int(self.high)) if self.is_whole else (float(self.low), float(self.high))


@dataclass(frozen=True)
class OneOf:
    """One of some words."""

    words: tuple[str, ...]

    def read(self, text: str) -> Value:
        """Return the word; raises `ValueError` if it is another."""
        return self.words[self.words.index(text)]

    def ends(self) -> tuple[Value, Value]:
        """Return the first and the last."""
        return self.words[0], self.words[-1]


@dataclass(frozen=True)
class Ratio:
    """A shape, width to height: `4:5`."""

    def read(self, text: str) -> Value:
        """Return it as written; raises `ValueError` if it is none, or longer than 4 to 1."""
        if not re.fullmatch(r"[1-9]\d?:[1-9]\d?", text) or not 0.25 <= float(ratio(text)) <= 4:
            raise ValueError
        return text

    def ends(self) -> tuple[Value, Value]:
        """Return a tall and a wide one."""
        return "1:4", "4:1"


def ratio(text: str) -> float:
    """Return width to height as a number."""
    across, _, down = text.partition(":")
    return int(across) / int(down)


@dataclass(frozen=True)
class By:
    """What an edit is given beside the picture: the generator of its cell, and other pictures to put beside it."""

    rng: np.random.Generator
    donors: tuple[Image.Image, ...] = ()

    def donor(self, place: int) -> Image.Image:
        """Return a picture to put beside this one, RGB: one of those that are given, or else a drawn one."""
        from hashclient.lab.transforms.draw import drawn_donor

        return self.donors[place] if place < len(self.donors) else drawn_donor(self.rng)


@dataclass(frozen=True)
class Transform:
    """One kind of edit."""

    name: str
    """Group and name: `shape.zoom`."""
    edit: Callable[..., Image.Image]
    """Called with the picture (RGB), a `By`, and the parameters by name; returns another picture and leaves this one."""
    parameters: Mapping[str, Parameter] = field(compare=False)
    is_seeded: bool = False
    """Whether it draws from the generator."""
    donors: Callable[..., int] | int = 0
    """How many other pictures it shows, or a function that says so by the parameters."""


_REGISTERED: dict[str, Transform] = {}


def register(
    name: str, *, is_seeded: bool = False, donors: Callable[..., int] | int = 0, **parameters: Parameter
) -> Callable[[Callable[..., Image.Image]], Callable[..., Image.Image]]:
    """Make a function a transform of that name; the function stays as it is.

    Args:
        name: group and name in small letters, `mine.darker`; one that is taken is refused.
        is_seeded: whether it draws from the generator.
        donors: how many other pictures it shows, or a function that says so by the parameters.
        **parameters: the type of each parameter.

    Raises:
        UsageError: the name is malformed, or another function has it.
    """

    def keep(edit: Callable[..., Image.Image]) -> Callable[..., Image.Image]:
        taken = _REGISTERED.get(name)
        if not _TRANSFORM_NAME.fullmatch(name) or (taken and taken.edit.__qualname__ != edit.__qualname__):
            raise UsageError(words.BAD_NAME.format(name=name), hint=words.CHOOSE_ANOTHER_NAME)
        _REGISTERED[name] = Transform(name, edit, parameters, is_seeded, donors)
        return edit

    return keep


def registered() -> Mapping[str, Transform]:
    """Return every transform by its name."""
    for file in BUILT_IN:
        importlib.import_module(f"hashclient.lab.transforms.{file}")
    return _REGISTERED


@dataclass(frozen=True)
class Step:
    """A transform with values for its parameters, read from a text such as `shape.zoom(z=1.17)`."""

    transform: Transform
    values: Mapping[str, Value] = field(compare=False)
    text: str = ""
    """The canonical text: parameters sorted, numbers in the fewest decimals."""

    @classmethod
    def parse(cls, text: str) -> "Step":
        """Read a step.

        Raises:
            UsageError: there is no such transform, or its parameters are not these, or one is out of its range.
        """
        found = _STEP.fullmatch(text.strip())
        transform = registered().get(found[1]) if found else None
        if found is None or transform is None:
            raise UsageError(words.NO_TRANSFORM.format(text=text), hint=words.SEE_SUITES)
        pairs = [part.partition("=") for part in found[2].split(",") if part.strip()]
        given = {name.strip(): value.strip() for name, _, value in pairs}
        if len(given) != len(pairs) or given.keys() != transform.parameters.keys():
            wanted = ", ".join(sorted(transform.parameters)) or "-"
            raise UsageError(words.OTHER_PARAMETERS.format(text=text, wanted=wanted), hint=words.SEE_SUITES)
        try:
            values = {name: transform.parameters[name].read(value) for name, value in given.items()}
        except ValueError:
            raise UsageError(words.OUT_OF_RANGE.format(text=text), hint=words.SEE_SUITES) from None
        return cls(transform, values, step_text(transform.name, values))

    @property
    def donors(self) -> int:
        """How many other pictures it shows."""
        count = self.transform.donors
        return count if isinstance(count, int) else count(**self.values)

    def edited(self, picture: Image.Image, by: By) -> Image.Image:
        """Edit a picture, RGB; the picture itself is left as it is."""
        return self.transform.edit(picture, by, **self.values)


def step_text(name: str, values: Mapping[str, Value]) -> str:
    """Write a step in its one form."""
    written = (f"{key}={str(values[key]).removesuffix('.0')}" for key in sorted(values))
    return f"{name}({','.join(written)})"
