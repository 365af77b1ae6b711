"""Search bytes for any run of a picture's file, for `demo`."""

from collections.abc import Iterable
from typing import Final

RUN_BYTES: Final = 32
"""Length of a run; a picture's file has one at each of its bytes."""


def count(pictures: Iterable[bytes]) -> int:
    """Count the runs of some files, one at each byte."""
    return sum(max(0, len(picture) - RUN_BYTES + 1) for picture in pictures)


def found(pictures: Iterable[bytes], *, within: Iterable[bytes]) -> int:
    """Count the runs of the files that occur anywhere in the bytes searched.

    Args:
        pictures: files, byte for byte.
        within: pieces to search, each on its own.
    """
    known = {run for piece in within for run in _runs(piece)}
    return sum(run in known for picture in pictures for run in _runs(picture))


def _runs(piece: bytes) -> Iterable[bytes]:
    return (piece[start : start + RUN_BYTES] for start in range(len(piece) - RUN_BYTES + 1))
