"""Measure how well hashes and ways of matching hold against what people do to pictures, and at what cost.

For public or consented pictures only. No edited picture is ever written; what comes out is numbers.

    >>> from hashclient.lab import Suite
    >>> suite = Suite.named("posts-v1")
    >>> len(suite.cells("searched")), len(suite.cells("held"))
    (128, 94)
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashclient.lab.dataset import Dataset
    from hashclient.lab.engine import Engine
    from hashclient.lab.hashed import Hashed, Transformed
    from hashclient.lab.hashes import HashValue, LabHash, add_hash, hash_named
    from hashclient.lab.policies import Leg, Policy, policy_named
    from hashclient.lab.sample import draw_sample
    from hashclient.lab.scoring import Scored
    from hashclient.lab.suites import Cell, Suite
    from hashclient.lab.transforms.interface import Number, OneOf, Ratio, register

_NAMES_OF_THE_LAB = {
    "dataset": ("Dataset",),
    "engine": ("Engine",),
    "hashed": ("Hashed", "Transformed"),
    "hashes": ("HashValue", "LabHash", "add_hash", "hash_named"),
    "policies": ("Leg", "Policy", "policy_named"),
    "sample": ("draw_sample",),
    "scoring": ("Scored",),
    "suites": ("Cell", "Suite"),
    "transforms.interface": ("Number", "OneOf", "Ratio", "register"),
}

__all__ = [
    "Cell",
    "Dataset",
    "Engine",
    "HashValue",
    "Hashed",
    "LabHash",
    "Leg",
    "Number",
    "OneOf",
    "Policy",
    "Ratio",
    "Scored",
    "Suite",
    "Transformed",
    "add_hash",
    "draw_sample",
    "hash_named",
    "policy_named",
    "register",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for, so that `lab --help` needs no numpy."""
    for file, names in _NAMES_OF_THE_LAB.items():
        if name in names:
            return getattr(importlib.import_module(f"hashclient.lab.{file}"), name)
    raise AttributeError(f"module 'hashclient.lab' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
