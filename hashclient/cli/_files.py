"""Choose the files of a command, follow them as they are hashed, and tell what came of each.

The files are those that are named, those in named folders, and those of a list on standard input. None is opened here,
and however many there are, only those are held whose results are still to come. Of a few named files each is called by its
number, at a terminal of the person's own by its name, too; of more only numbers are given.
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
from hashclient.cli._each_file import called
from hashclient.errors import EmptyMediaError, UnreadableMediaError, UnsupportedMediaError, UsageError
from hashclient.guidance import each_file, texts
from hashclient.media.folders import Found, LeftOut, Walk
from hashclient.messages import joined

if TYPE_CHECKING:
    from hashclient.prepare import Prepared

_LIST: Final = Path("-")
"""What stands for a list of paths on standard input."""
_MOST_COUNTED: Final = 50_000
"""Most files in folders that are counted before the work begins, so that progress can be given as a share."""
_READ_AT_ONCE: Final = 1 << 16
"""Most bytes of a list that are read at once."""
_MOST_NUMBERS: Final = 10
"""Most files of one reason that are named by their numbers."""
_UNSEEN: Final = (UnreadableMediaError, EmptyMediaError)
"""Why it is not known whether a file is a picture or a video."""
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
            raise UsageError(texts.NULL_WITHOUT_LIST, hint=texts.WRITE_A_DASH)
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
        raise UsageError(texts.LIST_IN_UTF16, hint=texts.WRITE_UTF8)
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
    numbers: dict[str, list[int]] = field(default_factory=dict)
    """By the same sentences, the first of these files, by their numbers in the order of the results."""
    _started: float = field(default_factory=time.monotonic)
    _shown: float = 0.0

    def add(self, prepared: "Prepared") -> None:
        """Count one file, once its lines are printed."""
        self.done += 1
        self.hashed += bool(prepared.signals)
        reasons = self.partly_used if prepared.signals else self.unused
        reasons.update(skipped.sentence for skipped in prepared.skipped)
        for skipped in prepared.skipped:
            first = self.numbers.setdefault(skipped.sentence, [])
            if len(first) < _MOST_NUMBERS:
                first.append(self.done)

    def show(self) -> None:
        """Report how far the work is and how fast it goes, unless that was done a moment ago."""
        now = time.monotonic()
        if sys.stdout.isatty() or now - self._shown >= _PROGRESS_SECONDS:
            rate = f"{self.done / max(now - self._started, 1e-9):,.0f}"
            if self.total is None:
                words = texts.COUNTED_SO_FAST if self.done else texts.COUNTED_SO_FAR
                _terminal.progress(words.format(count=self.done, rate=rate))
            else:
                words = texts.GOING_ON_FAST if self.done else texts.GOING_ON
                _terminal.progress(words.format(done=self.done, count=self.total, rate=rate))
            self._shown = now

    def stopped(self) -> str:
        """Say what was done before the program was stopped."""
        return joined(texts.INTERRUPTED, _hashed(self.hashed, self.total), texts.LINES_COMPLETE, texts.NOT_SENT)


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
                    say_skipped(prepared, position=prepared.position + 1, count=files.count or 0)
                yield found.path, prepared
            progress.show()
    _terminal.progress("")


def _is_other_kind(prepared: "Prepared") -> bool:
    """Tell by its sentence; that of a picture or video which is not read here is another."""
    return any(skipped.sentence == UnsupportedMediaError.sentence for skipped in prepared.skipped)


def say_skipped(prepared: "Prepared", *, position: int, count: int) -> None:
    """Say what of a file was left out; it is called by its number in the command, from 1, at a terminal by its name, too."""
    for skipped in prepared.skipped:
        say_of(prepared, joined(skipped.sentence, skipped.hint), position=position, count=count)


def say_of(prepared: "Prepared", sentence: str, *, position: int, count: int) -> None:
    """Say something of a file; called as by `say_skipped`."""
    is_unknown = _is_other_kind(prepared) or any(isinstance(one.reason, _UNSEEN) for one in prepared.skipped)
    content = None if is_unknown and not prepared.signals else prepared.content
    file = called(content, position=position, count=count, file=prepared.path)
    _terminal.say(each_file.ABOUT.format(file=file, sentence=sentence))


def say_all(progress: Progress, left_out: LeftOut) -> None:
    """Say at the end what came of folders and lists."""
    _terminal.say(_hashed(progress.hashed, progress.done))
    for words, reasons in ((texts.NOT_USED, progress.unused), (texts.PARTLY_USED, progress.partly_used)):
        for sentence, times in reasons.most_common():
            which = _these(progress.numbers[sentence], of=times)
            _terminal.say(joined(words.format(count=times, reason=sentence), which))
    counts = (left_out.hidden, progress.other_kinds, left_out.links, left_out.others, left_out.unlisted)
    for left, count in zip(texts.LEFT_OUT, counts, strict=True):
        if count:
            _terminal.say(left.format(count=count))


def _these(numbers: Sequence[int], *, of: int) -> str:
    said = ", ".join(f"{number:,}" for number in numbers)
    if of > len(numbers):
        return texts.THE_FIRST_ONES.format(numbers=said)
    return texts.THESE_ONES.format(count=of, numbers=said)


def _hashed(number: int, total: int | None) -> str:
    if total is None:
        return texts.HASHED.format(count=number)
    return texts.HASHED_OF.format(done=number, count=total)


def require_some(count: int) -> None:
    """Stop if nothing came of any file.

    Raises:
        UsageError: `count` is 0.
    """
    if not count:
        raise UsageError(each_file.NONE_USABLE, hint=each_file.CHOOSE_OTHERS)
