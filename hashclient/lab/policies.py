"""Say who makes which hashes of a picture, who compares what, and from when on it is a match.

A policy has one leg or more: what is submitted of a picture A, what the partner makes of a picture X, and the greatest
distance between the two that counts. A matches X when one leg does. Its cost is what it submits; who has to change is
part of it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import lcm
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.lab.hashes import LabHash, hash_named, levels_of_coverage
from hashclient.model.signal import MATCH_DISTANCE

WhoChanges = Literal["nobody", "partner", "both"]
STRICTER: Final = (24, 20, 16)
"""Distances, bits, at which recall is given beside that of 31."""
DEPTHS: Final = (1, 8, 16, 32, 64)
"""Hashes of a coverage set that are reported, beside all of it."""
_WITHIN: Final = {"phash-64": 10, "dhash-64": 8, "ahash-64": 6, "whash-64": 6, "md5": 0}
"""Distances in common use, bits."""


@dataclass(frozen=True)
class Leg:
    """One comparison of a policy."""

    submitted: LabHash
    received: LabHash
    within: int
    """Greatest distance that counts, bits."""
    most: int | None = None
    """Most hashes of a set that are submitted: those with a rank below it; None for all."""
    expand: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] | None = field(default=None)
    """Makes more values of each by its bits alone: shape (n, bytes) to (n, more, bytes)."""


@dataclass(frozen=True)
class Policy:
    """Who submits what, and what counts as a match.

    Distances of several legs are put on one scale, in whole numbers: on it, all legs match up to `threshold`.

    Raises:
        UsageError: it has no leg, or several of which one wants equality.
    """

    id: str
    legs: tuple[Leg, ...]
    changes: WhoChanges = "nobody"
    """Who has to do something new for it."""

    def __post_init__(self) -> None:
        if not self.legs or (len(self.legs) > 1 and not all(leg.within for leg in self.legs)):
            raise UsageError(words.BAD_POLICY.format(name=self.id), hint=words.POLICY_FORM)

    @cached_property
    def threshold(self) -> int:
        """The greatest distance on the policy's scale that is a match."""
        return self.legs[0].within if len(self.legs) == 1 else lcm(*(leg.within for leg in self.legs))

    def factor(self, leg: Leg) -> int:
        """Return what a distance of a leg, bits, is multiplied by on the policy's scale."""
        return 1 if len(self.legs) == 1 else self.threshold // leg.within

    @property
    def most(self) -> int:
        """The greatest distance there is on its scale."""
        return max(leg.received.bits * self.factor(leg) for leg in self.legs)

    def thresholds(self, more: Iterable[int] = ()) -> tuple[int, ...]:
        """Return the distances at which recall is given, greatest first: its own, stricter ones for PDQ, and others.

        Args:
            more: distances that were asked for, bits; they are for policies of one leg.
        """
        if len(self.legs) > 1:
            return (self.threshold,)
        stricter = STRICTER if self.threshold == MATCH_DISTANCE else ()
        return tuple(sorted({self.threshold, *stricter, *more}, reverse=True))

    @property
    def hashes(self) -> tuple[tuple[LabHash, ...], tuple[LabHash, ...]]:
        """What is made of pictures as they are, and what of edited ones."""
        received = tuple(dict.fromkeys(leg.received for leg in self.legs))
        return tuple(dict.fromkeys((*(leg.submitted for leg in self.legs), *received))), received


def eight_by_bits(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make the hashes of the eight orientations of PDQ by its bits alone.

    A mirrored picture's hash is nearly the picture's with every second column of the 16 x 16 inverted, a flipped one's
    with every second row; the other four are transposes.

    Args:
        values: `uint8`, shape (n, 32).

    Returns:
        `uint8`, shape (n, 8, 32), the hash itself first.
    """
    square = np.unpackbits(values, axis=1)[:, ::-1].reshape(-1, 16, 16)
    odd = (1 - np.arange(16) % 2).astype(np.uint8)  # frequencies 1, 3, ... change sign
    four = np.stack([square, square ^ odd, square ^ odd[:, np.newaxis], square ^ odd ^ odd[:, np.newaxis]], axis=1)
    every = np.concatenate([four, four.swapaxes(2, 3)], axis=1)
    packed: NDArray[np.uint8] = np.packbits(every.reshape(len(values), 8, 256)[..., ::-1], axis=2)
    return packed


def _coverage_policy(name: str) -> Policy:
    wanted = name.removeprefix("cover:")
    most = None if wanted == "all" else levels_of_coverage().get(wanted) or int(wanted)
    return Policy(name, (Leg(hash_named("coverage"), hash_named("pdq"), MATCH_DISTANCE, most),))


def _one_hash(name: str) -> Policy:
    made = hash_named(name)
    return Policy(name, (Leg(made, made, _WITHIN[name]),), "nobody" if name == "md5" else "both")


def _built_in_policies() -> Mapping[str, Callable[[str], Policy]]:
    pdq, phash = hash_named("pdq"), hash_named("phash-64")
    own = Leg(pdq, pdq, MATCH_DISTANCE)
    return {
        "pdq": lambda name: Policy(name, (own,)),
        "pdq+8": lambda name: Policy(name, (Leg(hash_named("pdq-dihedral"), pdq, MATCH_DISTANCE),)),
        "pdq8x": lambda name: Policy(name, (Leg(pdq, pdq, MATCH_DISTANCE, expand=eight_by_bits),), "partner"),
        "pdq|phash-64": lambda name: Policy(name, (own, Leg(phash, phash, _WITHIN["phash-64"])), "partner"),
        **dict.fromkeys(_WITHIN, _one_hash),
    }


def policy_named(name: str) -> Policy:
    """Return a policy by its name: `pdq`, `pdq+8`, `pdq8x`, `md5`, `phash-64` and so on, `cover:N` or `cover:LEVEL`.

    Raises:
        UsageError: there is none of that name.
    """
    if re.fullmatch(r"cover:([1-9]\d{0,3}|all|" + "|".join(levels_of_coverage()) + ")", name):
        return _coverage_policy(name)
    make = _built_in_policies().get(name)
    if make is None:
        known = ", ".join((*_built_in_policies(), "cover:32", "cover:standard", "cover:all"))
        raise UsageError(words.NO_POLICY.format(name=name), hint=words.KNOWN_POLICIES.format(names=known))
    return make(name)


def named(*names: str) -> tuple[Policy, ...]:
    """Return policies by their names, each once; raises `UsageError` as `policy_named`."""
    return tuple(policy_named(name) for name in dict.fromkeys(names))


def usual_policies() -> tuple[Policy, ...]:
    """Return what a run measures where nothing is named: PDQ, its orientations, coverage by depth and level, MD5."""
    depths = [f"cover:{depth}" for depth in DEPTHS[1:]]
    return named("pdq", "pdq+8", "pdq8x", *depths, "cover:all", "md5")
