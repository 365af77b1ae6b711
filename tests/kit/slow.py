"""Keep a few variants of a test for every day, and leave the others to `make check`."""

from collections.abc import Iterable

import pytest


def slow_but(*quick: object, of: Iterable[object]) -> list[object]:
    """Give all values for `parametrize`, marked as slow but for those named first."""
    values = list(of)
    assert all(value in values for value in quick)
    return [value if value in quick else pytest.param(value, marks=pytest.mark.slow) for value in values]
