"""Choose the files of a command, follow them as they are hashed, and tell what came of each.

Which files are meant: named ones, those in folders, and those of a list on standard input. Nothing is opened here, and
however many files there are, only those are held whose results have not come yet. Words hold no name: of a few named
files each is called by its position, of more only numbers are given.
"""

import contextlib
import os
import sys
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from hashclient.cli import _terminal
from hashclient.errors import HashclientError, UnsupportedMediaError, UsageError
from hashclient.guidance import texts
from hashclient.media.folders import Found, LeftOut, Walk
from hashclient.vocabulary import Content

if TYPE_CHECKING:
    from hashclient.prepare import Prepared, Skipped

LIST: Final = Path("-")
"""What stands for a list of paths on standard input."""
MOST_COUNTED: Final = 50_000
"""Most files in folders that are counted before the work begins, so that progress can be given as a share."""
_CHUNK_BYTES: Final = 1 << 16
_PROGRESS_SECONDS: Final = 0.1
"""Time between two reports of progress."""


class Files:
    """The files of a command, to be walked over once; results come in the same order.

    Args:
        named: files, folders, and `LIST`.
        is_null: whether the paths of a list are separated by NUL; else by line breaks.

    Raises:
        UsageError: `is_null` is for a list, and there is none.
    """

    def __init__(self, named: Sequence[Path], *, is_null: bool = False) -> None:
        if is_null and LIST not in named:
            raise UsageError(
                "--null goes with a list of paths on standard input, and none was asked for. Nothing was sent.",
                hint="Write - in place of the paths.",
            )
        end = b"\0" if is_null else b"\n"
        self._walk = Walk(_with_lists(named, end))
        self._waiting: deque[Found] = deque()
        self.are_named = LIST not in named and not any(map(os.path.isdir, named))
        """Whether each file has a position in the command."""
        self.count = len(named) if self.are_named else _count(named)
        """How many there are; None where that is not known in advance."""

    def paths(self) -> Iterator[Path]:
        """Yield their paths, one by one."""
        for found in self._walk:
            self._waiting.append(found)
            yield found.path

    def next_done(self) -> Found:
        """Return the file of the next result."""
        return self._waiting.popleft()

    @property
    def left_out(self) -> LeftOut:
        """What was skipped in folders so far."""
        return self._walk.left_out


def _with_lists(named: Iterable[Path], end: bytes) -> Iterator[Path]:
    for path in named:
        if path == LIST:
            yield from listed(sys.stdin.buffer, end=end)
        else:
            yield path


def listed(stream: BinaryIO, *, end: bytes) -> Iterator[Path]:
    """Read a list of paths, each as soon as it has arrived; empty ones are skipped.

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


@dataclass
class Progress:
    """What came of the files so far; `_files` also says it in words."""

    total: int | None
    """How many files there are; None where that is not known."""
    done: int = 0
    """Files whose results were printed."""
    hashed: int = 0
    """Those of them that have fingerprints."""
    other_kinds: int = 0
    """Files found in folders that are neither picture nor video."""
    unused: Counter[str] = field(default_factory=Counter)
    """How often each reason occurred, by the sentence the person reads."""
    started: float = field(default_factory=time.monotonic)

    def add(self, prepared: "Prepared") -> None:
        """Count one file, once its lines are printed."""
        self.done += 1
        self.hashed += bool(prepared.signals)
        self.unused.update(skipped.sentence for skipped in prepared.skipped)

    def add_other_kind(self) -> None:
        """Count one file that was found in a folder and is no picture and no video."""
        self.done += 1
        self.other_kinds += 1

    def so_far(self) -> str:
        """Say how far the work is and how fast it goes."""
        rate = self.done / max(time.monotonic() - self.started, 1e-9)
        return f"{_of(self.done, self.total)}, {rate:,.0f} a second" if self.done else _of(0, self.total)

    def stopped(self) -> str:
        """Say what was done before it was stopped."""
        return (
            f"{texts.INTERRUPTED} {_of(self.hashed, self.total)} were hashed; their lines are complete. "
            f"{texts.NOT_SENT}"
        )


def results(files: Files, hashed: Generator["Prepared"], progress: Progress) -> Iterator[tuple[Path, "Prepared"]]:
    """Pass results on, each with its file, and report progress; end the workers at the end.

    What was found in a folder and is neither picture nor video is counted, not passed on.

    Args:
        files: the files of the command.
        hashed: one result for each of `files.paths()`.
        progress: to which the caller adds each result, once its lines are printed.
    """
    line = _ProgressLine(progress)
    with contextlib.closing(hashed), contextlib.closing(line):
        for prepared in hashed:
            found = files.next_done()
            if not found.is_named and _is_other_kind(prepared):
                progress.add_other_kind()
            else:
                line.make_room()
                _say_skipped(files, prepared)
                yield found.path, prepared
            line.update()


def say_all(progress: Progress, left_out: "LeftOut") -> None:
    """Say at the end what came of folders and lists."""
    _terminal.say(f"{_of(progress.hashed, progress.done)} were hashed.")
    for sentence, times in progress.unused.most_common():
        _terminal.say(f"{_files(times)} could not be used: {sentence}")
    counts = {
        "hidden": left_out.hidden,
        "of other kinds": progress.other_kinds,
        "links to folders": left_out.links,
        "pipes, devices and links to nothing": left_out.others,
        "folders that could not be listed": left_out.unlisted,
    }
    if said := ", ".join(f"{what} {count:,}" for what, count in counts.items() if count):
        _terminal.say(f"Left out: {said}.")


class _ProgressLine:
    """The line that reports progress, kept apart from results."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._is_in_the_way = sys.stdout.isatty()
        self._last = 0.0
        self.update()

    def make_room(self) -> None:
        """Clear the line where results are about to appear on the same screen."""
        if self._is_in_the_way:
            self.close()

    def update(self) -> None:
        """Report again, unless that was done a moment ago."""
        now = time.monotonic()
        if self._is_in_the_way or now - self._last >= _PROGRESS_SECONDS:
            _terminal.progress(self._progress.so_far())
            self._last = now

    def close(self) -> None:
        """Clear the line."""
        _terminal.progress("")


def _say_skipped(files: Files, prepared: "Prepared") -> None:
    if files.are_named:
        for skipped in prepared.skipped:
            _terminal.progress("")
            name = called(prepared, prepared.position + 1)
            _terminal.say(f"{name} of {files.count}: {skipped.sentence} {skipped.hint}")


def _is_other_kind(prepared: "Prepared") -> bool:
    is_refused = any(isinstance(skipped.reason, UnsupportedMediaError) for skipped in prepared.skipped)
    return is_refused and not prepared.signals


def _of(number: int, total: int | None) -> str:
    return _files(number) if total is None else f"{number:,} of {_files(total)}"


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"


def called(prepared: "Prepared", position: int) -> str:
    """Call a file by its content and its position in the command, from 1."""
    return f"{'Video' if prepared.content is Content.VIDEO else 'Picture'} {position}"


def reason_name(skipped: "Skipped") -> str:
    """Name the reason for programs: `low-quality`, `broken-media`."""
    if not isinstance(skipped.reason, HashclientError):
        return str(skipped.reason)
    words = type(skipped.reason).__name__.removesuffix("Error")
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("-")


def require_some(count: int) -> None:
    """Stop where nothing came of any file.

    Raises:
        UsageError: `count` is 0.
    """
    if not count:
        raise UsageError("None of these files can be used. Nothing was sent.", hint="Choose other files.")
