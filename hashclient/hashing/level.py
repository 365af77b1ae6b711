"""How many likely re-posts are hashed beside a picture; loads no numbers and no decoder."""

from enum import StrEnum
from typing import Final

COVERAGE_VERSION: Final = 1
"""Version of the recipes; a change of them is a new version."""


class Coverage(StrEnum):
    """A level of coverage, each a prefix of the next."""

    SINGLE = "single"
    """The picture alone."""
    STANDARD = "standard"
    """The picture and the re-posts that matter most."""
    WIDE = "wide"
    """All re-posts that were found worth a hash."""


HASHES: Final[dict[Coverage, int]] = {Coverage.SINGLE: 1, Coverage.STANDARD: 32, Coverage.WIDE: 192}
"""Most hashes of an upright picture, by level; one that EXIF turns has its stored form beside them."""

STORED_HASHES: Final = 1
"""Hashes that come beside those of a level where EXIF turns a picture."""


def widest(room: int) -> Coverage:
    """Give the widest level for which there is room.

    Args:
        room: hashes that an endpoint takes of one picture.
    """
    fitting = [level for level, hashes in HASHES.items() if hashes + STORED_HASHES <= room]
    return fitting[-1] if fitting else Coverage.SINGLE
