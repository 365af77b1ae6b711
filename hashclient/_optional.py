"""Say which part of the program is missing, in one sentence for all extras."""

import importlib.util
from typing import Final

from hashclient.errors import MissingExtraError
from hashclient.messages import Message, _p

EXTRAS: Final = {"endpoint": ("fastapi", "uvicorn", "sqlalchemy"), "video": ("av",), "cluster": ("distributed",)}
"""Packages that an extra brings, by its name."""


def has_extra(extra: str) -> bool:
    """Tell whether every package of an extra, a name of `EXTRAS`, is there; nothing of it is loaded."""
    return all(importlib.util.find_spec(package) is not None for package in EXTRAS[extra])


def require_extra(extra: str) -> None:
    """Make sure that an extra is installed; nothing of it is loaded, so an error inside it shows itself.

    Args:
        extra: a name of `EXTRAS`.

    Raises:
        MissingExtraError: a package of it is not there.
    """
    if not has_extra(extra):
        raise MissingExtraError(hint=how_to_install(extra))


def how_to_install(extra: str) -> Message:
    """Return the hint of an error about an extra that is not installed."""
    return _p("error", "Run this in the folder of its source: pip install '.[{extra}]'").format(extra=extra)
