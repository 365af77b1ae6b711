"""Say which files a command is about: named ones, those in folders, and those of a list on standard input.

Nothing is opened here, and however many files there are, only those are held whose results have
not come yet.
"""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from hashclient.errors import UsageError
from hashclient.media.folders import Found, LeftOut, Walk

LIST: Final = Path("-")
"""What stands for a list of paths on standard input."""
MOST_COUNTED: Final = 50_000
"""Most files in folders that are counted before the work begins, so that it can be said how far it is."""
_CHUNK_BYTES: Final = 1 << 16


class Files:
    """The files of a command, to be taken once; results come in the same order.

    Args:
        named: files, folders, and `LIST`.
        is_null: whether the paths of a list end with a zero byte; else each is a line.

    Raises:
        UsageError: `is_null` is for a list, and there is none.
    """

    def __init__(self, named: Sequence[Path], *, is_null: bool = False) -> None:
        if is_null and LIST not in named:
            raise UsageError(
                "--null is about a list of paths on standard input, and none was asked for. Nothing was sent.",
                hint="Write - where paths stand.",
            )
        end = b"\0" if is_null else b"\n"
        self._walk = Walk(_with_lists(named, end))
        self._waiting: deque[Found] = deque()
        self.are_named = LIST not in named and not any(map(os.path.isdir, named))
        """Whether each file has a place in the command."""
        self.count = len(named) if self.are_named else _count(named)
        """How many there are; None where that is not known beforehand."""

    def paths(self) -> Iterator[Path]:
        """Give their places, one by one, from the current folder on."""
        for found in self._walk:
            self._waiting.append(found)
            yield found.path

    def next_done(self) -> Found:
        """Give the file of the next result."""
        return self._waiting.popleft()

    @property
    def left_out(self) -> LeftOut:
        """What of folders was left out so far."""
        return self._walk.left_out


def _with_lists(named: Iterable[Path], end: bytes) -> Iterator[Path]:
    for path in named:
        if path == LIST:
            yield from listed(sys.stdin.buffer, end=end)
        else:
            yield path


def listed(stream: BinaryIO, *, end: bytes) -> Iterator[Path]:
    """Read a list of paths, each as soon as it is there; empty ones are left out.

    Args:
        stream: where the list comes from.
        end: the byte after each path.
    """
    rest = b""
    while chunk := stream.read1(_CHUNK_BYTES):  # type: ignore[attr-defined]  # standard input has it
        *whole, rest = (rest + chunk).split(end)
        yield from (Path(os.fsdecode(path)) for path in whole if path)
    if rest:
        yield Path(os.fsdecode(rest))


def _count(named: Sequence[Path]) -> int | None:
    if LIST in named:
        return None
    counted = sum(1 for _ in islice(Walk(named), MOST_COUNTED + 1))
    return counted if counted <= MOST_COUNTED else None
