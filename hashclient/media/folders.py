"""Find the files of folders, one after the other; none of them is opened.

However many files there are, few of their names are held at a time, and their order is the same on every machine: by
the characters of the names, a folder's content in the folder's place. What is in a file, and whether it is a picture, is
left to others.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

MAX_ENTRIES: Final = 100_000
"""Most entries of one folder that are held at a time; a larger one is listed several times, each time for the next half of that."""
_name: Final = attrgetter("name")


@dataclass(frozen=True)
class Found:
    """A file, or a path that was named as one."""

    path: Path
    is_named: bool
    """Whether the caller named it; otherwise it was found in a folder."""


@dataclass
class LeftOut:
    """What was left out of folders so far, each counted once."""

    hidden: int = 0
    """Files and folders whose names begin with a dot."""
    links: int = 0
    """Links to folders: they may lead anywhere, even in a circle."""
    others: int = 0
    """Pipes, sockets, devices and links to nothing."""
    unlisted: int = 0
    """Folders that could not be listed, or only in part."""


class Walk:
    """A walk over files and folders, taken once.

    Args:
        paths: where to go, in this order, taken one by one. A path that is no folder is given back as it is, whether or
            not it exists; a folder gives its files at any depth, links to files included.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = paths
        self.left_out = LeftOut()
        """What the walk has left out so far."""

    def __iter__(self) -> Iterator[Found]:
        for path in self._paths:
            if os.path.isdir(path):  # noqa: PTH112  # it raises nothing, whatever the name
                yield from self._below(os.fspath(path))
            else:
                yield Found(path, is_named=True)

    def _below(self, folder: str) -> Iterator[Found]:
        """Yield the files of a folder; depth costs no recursion."""
        open_folders = [self._entries(folder)]
        while open_folders:
            for entry in open_folders[-1]:
                if entry.name.startswith("."):
                    self.left_out.hidden += 1
                elif entry.is_dir(follow_symlinks=False):
                    open_folders.append(self._entries(entry.path))
                    break
                elif entry.is_file(follow_symlinks=False) or os.path.isfile(entry.path):  # noqa: PTH113  # as above
                    yield Found(Path(entry.path), is_named=False)
                elif os.path.isdir(entry.path):  # noqa: PTH112  # as above
                    self.left_out.links += 1
                else:
                    self.left_out.others += 1
            else:
                open_folders.pop()

    def _entries(self, folder: str) -> Iterator["os.DirEntry[str]"]:
        """Yield the entries of a folder in the order of names, holding at most `MAX_ENTRIES` of them."""
        last = ""
        while True:
            try:
                with os.scandir(folder) as listing:
                    entries, is_rest = _first(listing, after=last)
            except OSError:
                self.left_out.unlisted += 1
                return
            yield from entries
            if is_rest:
                return
            last = entries[-1].name


def _first(listing: Iterable["os.DirEntry[str]"], *, after: str) -> tuple[list["os.DirEntry[str]"], bool]:
    """Return the first entries whose names come after `after`, in order, and whether they are all that is left."""
    first: list[os.DirEntry[str]] = []
    last, is_rest = "", True
    for entry in listing:
        if entry.name <= after or (last and entry.name > last):
            continue
        first.append(entry)
        if len(first) >= MAX_ENTRIES:
            first.sort(key=_name)
            del first[MAX_ENTRIES // 2 :]
            last, is_rest = first[-1].name, False
    first.sort(key=_name)
    return first, is_rest
