"""Choose the files of a command, follow them as they are hashed, and tell what came of each.

The files are those that are named, those in named folders, and those of a list on standard input. None is opened here,
and however many there are, only those are held whose results are still to come. Words never hold a name: of a few named
files each is called by its position, of more only numbers are given.
"""

import codecs
import contextlib
import os
import sys
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient.cli import _terminal
from hashclient.errors import UnsupportedMediaError, UsageError
from hashclient.guidance import texts
from hashclient.media.folders import Found, LeftOut, Walk
from hashclient.vocabulary import Content

if TYPE_CHECKING:
    from hashclient.prepare import Prepared

_LIST: Final = Path("-")
"""What stands for a list of paths on standard input."""
_MOST_COUNTED: Final = 50_000
"""Most files in folders that are counted before the work begins, so that progress can be given as a share."""
_READ_AT_ONCE: Final = 1 << 16
"""Most bytes of a list that are read at once."""
_PROGRESS_SECONDS: Final = 0.1
"""Time between two reports of progress."""


class Files:
    """The files of a command, to be walked over once; results come in the same order.

    Args:
        named: files, folders, and `-` for a list on standard input.
        is_null: whether the paths of a list are separated by NUL; else by line breaks.

    Raises:
        UsageError: `is_null` is for a list, and there is none.
    """

    def __init__(self, named: Sequence[Path], *, is_null: bool = False) -> None:
        if is_null and _LIST not in named:
            raise UsageError(
                "--null goes with a list of paths on standard input, and none was asked for. Nothing was sent.",
                hint="Write - in place of the paths.",
            )
        self._walk = Walk(_named_and_listed(named, b"\0" if is_null else b"\n"))
        self.left_out = self._walk.left_out
        """What was left out in folders so far."""
        self._waiting: deque[Found] = deque()
        self.are_named = _LIST not in named and not any(map(os.path.isdir, named))
        """Whether each file has a position in the command."""
        self.count = len(named) if self.are_named else _count(named)
        """How many there are; None if that is not known in advance."""

    def paths(self) -> Iterator[Path]:
        """Yield their paths, one by one."""
        for found in self._walk:
            self._waiting.append(found)
            yield found.path

    def next_done(self) -> Found:
        """Return the file of the next result."""
        return self._waiting.popleft()


def _named_and_listed(named: Iterable[Path], end: bytes) -> Iterator[Path]:
    """Yield the named paths; in place of `-`, those of the list, each as soon as it has arrived.

    Args:
        named: as for `Files`.
        end: the byte after each path of a list; an empty path is skipped.
    """
    for named_path in named:
        if named_path != _LIST:
            yield named_path
            continue
        for place, line in enumerate(_pieces_of_list(end)):
            if path := line if end == b"\0" else _without_marks(line, is_first=place == 0):
                yield Path(os.fsdecode(path))


def _pieces_of_list(end: bytes) -> Iterator[bytes]:
    """Yield the pieces of standard input between one `end` and the next, each as soon as it is whole."""
    rest = b""
    while piece := sys.stdin.buffer.read1(_READ_AT_ONCE):  # type: ignore[union-attr]  # standard input has it
        *whole, rest = (rest + piece).split(end)
        yield from whole
    yield rest


def _without_marks(line: bytes, *, is_first: bool) -> bytes:
    """Take off what Windows programs write before a list and at the end of each line.

    Raises:
        UsageError: the list is UTF-16.
    """
    if is_first and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UsageError(
            "This list of paths is written in UTF-16, which cannot be read here. No file was opened and nothing was sent.",
            hint="Write the list in UTF-8.",
        )
    return (line.removeprefix(codecs.BOM_UTF8) if is_first else line).removesuffix(b"\r")


def _count(named: Sequence[Path]) -> int | None:
    if _LIST in named:
        return None
    counted = sum(1 for _ in islice(Walk(named), _MOST_COUNTED + 1))
    return counted if counted <= _MOST_COUNTED else None


@dataclass
class Progress:
    """What came of the files so far, and the line at the terminal that says so, kept apart from results."""

    total: int | None
    """How many files there are; None if that is not known."""
    done: int = 0
    """Files whose results were printed."""
    hashed: int = 0
    """Those of them that have fingerprints."""
    other_kinds: int = 0
    """Files found in folders that are neither picture nor video."""
    unused: Counter[str] = field(default_factory=Counter)
    """How often each reason occurred with files that gave no fingerprint, by the sentence the person reads."""
    partly_used: Counter[str] = field(default_factory=Counter)
    """The same with files that gave some."""
    _started: float = field(default_factory=time.monotonic)
    _shown: float = 0.0

    def add(self, prepared: "Prepared") -> None:
        """Count one file, once its lines are printed."""
        self.done += 1
        self.hashed += bool(prepared.signals)
        reasons = self.partly_used if prepared.signals else self.unused
        reasons.update(skipped.sentence for skipped in prepared.skipped)

    def show(self) -> None:
        """Report how far the work is and how fast it goes, unless that was done a moment ago."""
        now = time.monotonic()
        if sys.stdout.isatty() or now - self._shown >= _PROGRESS_SECONDS:
            rate = f", {self.done / max(now - self._started, 1e-9):,.0f} a second" if self.done else ""
            _terminal.progress(_of(self.done, self.total) + rate)
            self._shown = now

    def stopped(self) -> str:
        """Say what was done before the program was stopped."""
        return f"{texts.INTERRUPTED} {texts.HASHED_SO_FAR.format(files=_of(self.hashed, self.total))} {texts.NOT_SENT}"


def results(files: Files, hashed: Generator["Prepared"], progress: Progress) -> Iterator[tuple[Path, "Prepared"]]:
    """Pass results on, each with its file, and report progress; end the workers at the end.

    What was found in a folder and is neither picture nor video is counted, not passed on.

    Args:
        files: the files of the command.
        hashed: one result for each of `files.paths()`.
        progress: the caller adds each result to it, once its lines are printed.
    """
    progress.show()
    with contextlib.closing(hashed):
        for prepared in hashed:
            found = files.next_done()
            if not found.is_named and _is_other_kind(prepared):
                progress.done += 1
                progress.other_kinds += 1
            else:
                if sys.stdout.isatty():  # results are about to appear on the same screen
                    _terminal.progress("")
                if files.are_named:
                    say_skipped(prepared, position=prepared.position + 1, count=files.count)
                yield found.path, prepared
            progress.show()
    _terminal.progress("")


def _is_other_kind(prepared: "Prepared") -> bool:
    """Tell by its sentence; that of a picture or video which is not read here is another."""
    return any(skipped.sentence == UnsupportedMediaError.sentence for skipped in prepared.skipped)


def say_skipped(prepared: "Prepared", *, position: int, count: int | None) -> None:
    """Say what of a file was left out; the file is called by its position in the command, from 1."""
    name = "Video" if prepared.content is Content.VIDEO else "Picture"
    for skipped in prepared.skipped:
        _terminal.progress("")
        _terminal.say(f"{name} {position} of {count}: {skipped.sentence} {skipped.hint}")


def say_all(progress: Progress, left_out: LeftOut) -> None:
    """Say at the end what came of folders and lists."""
    _terminal.say(texts.HASHED_IN_ALL.format(files=_of(progress.hashed, progress.done)))
    for words, reasons in ((texts.NOT_USED, progress.unused), (texts.PARTLY_USED, progress.partly_used)):
        for sentence, times in reasons.most_common():
            _terminal.say(words.format(files=_of(times), reason=sentence))
    counts = (left_out.hidden, progress.other_kinds, left_out.links, left_out.others, left_out.unlisted)
    said = [f"{words} ({count:,})" for words, count in zip(texts.LEFT_OUT_KINDS, counts, strict=True) if count]
    if said:
        _terminal.say(texts.LEFT_OUT.format(counted=", ".join(said)))


def _of(number: int, total: int | None = None) -> str:
    """Say a number of files, and of how many if that is known."""
    said, counted = ("", number) if total is None else (f"{number:,} of ", total)
    return f"{said}{counted:,} {'file' if counted == 1 else 'files'}"


def require_some(count: int) -> None:
    """Stop if nothing came of any file.

    Raises:
        UsageError: `count` is 0.
    """
    if not count:
        raise UsageError("None of these files can be used. Nothing was sent.", hint="Choose other files.")
