"""Have many files hashed: say how far it is, count what came of them, and tell it at the end.

Words hold no name: of a few named files each is called by its place, of more only numbers are said.
"""

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient.cli import _console, _pictures
from hashclient.cli._sources import Files
from hashclient.errors import UnsupportedMediaError
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.media.folders import LeftOut
    from hashclient.prepare import Prepared

_PROGRESS_SECONDS: Final = 0.1
"""Time between two words on how far it is."""


@dataclass
class Tally:
    """What came of the files so far."""

    total: int | None
    """Files there are; None where that is not known."""
    done: int = 0
    """Files whose results have come and were taken."""
    hashed: int = 0
    """Those of them that have fingerprints."""
    other_kinds: int = 0
    """Files found in folders that are neither picture nor video."""
    unused: Counter[str] = field(default_factory=Counter)
    """How often each reason came, as the sentence the person reads."""
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

    def progress(self) -> str:
        """Say how far it is and how fast it goes."""
        rate = self.done / max(time.monotonic() - self.started, 1e-9)
        return f"{_of(self.done, self.total)}, {rate:,.0f} a second" if self.done else _of(0, self.total)

    def stopped(self) -> str:
        """Say what was done before it was stopped."""
        return (
            f"{texts.INTERRUPTED} {_of(self.hashed, self.total)} were hashed; their lines are complete. "
            f"{texts.NOT_SENT}"
        )


def results(files: Files, hashed: Generator["Prepared"], tally: Tally) -> Iterator[tuple[Path, "Prepared"]]:
    """Pass results on, each with its file, saying how far it is; end the workers in the end.

    What was found in a folder and is neither picture nor video is counted and not passed on.

    Args:
        files: the files of the command.
        hashed: one result for each of `files.paths()`.
        tally: what the caller counts each in that it is given, once its lines are printed.
    """
    shown = _Progress(tally)
    with contextlib.closing(hashed), contextlib.closing(shown):
        for prepared in hashed:
            found = files.next_done()
            if not found.is_named and _is_other_kind(prepared):
                tally.add_other_kind()
            else:
                shown.make_room()
                _say_skips(files, prepared)
                yield found.path, prepared
            shown.update()


def say_all(tally: Tally, left_out: "LeftOut") -> None:
    """Say at the end what came of folders and lists."""
    _console.say(f"{_of(tally.hashed, tally.done)} were hashed.")
    for sentence, times in tally.unused.most_common():
        _console.say(f"{_files(times)} could not be used: {sentence}")
    counts = {
        "hidden": left_out.hidden,
        "of other kinds": tally.other_kinds,
        "links to folders": left_out.links,
        "pipes, devices and links to nothing": left_out.others,
        "folders that could not be listed": left_out.unlisted,
    }
    if said := ", ".join(f"{what} {count:,}" for what, count in counts.items() if count):
        _console.say(f"Left out: {said}.")


class _Progress:
    """Words on how far it is, in one line that results do not run into."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._is_in_the_way = sys.stdout.isatty()
        self._last = 0.0
        self.update()

    def make_room(self) -> None:
        """Take the words away where results are about to come to the same screen."""
        if self._is_in_the_way:
            self.close()

    def update(self) -> None:
        """Say it anew, where it was not said just now."""
        now = time.monotonic()
        if self._is_in_the_way or now - self._last >= _PROGRESS_SECONDS:
            _console.progress(self._tally.progress())
            self._last = now

    def close(self) -> None:
        """Take the words away."""
        _console.progress("")


def _say_skips(files: Files, prepared: "Prepared") -> None:
    if files.are_named:
        for skipped in prepared.skipped:
            _console.progress("")
            name = _pictures.called(prepared, prepared.position + 1)
            _console.say(f"{name} of {files.count}: {skipped.sentence} {skipped.hint}")


def _is_other_kind(prepared: "Prepared") -> bool:
    is_refused = any(isinstance(skipped.reason, UnsupportedMediaError) for skipped in prepared.skipped)
    return is_refused and not prepared.signals


def _of(number: int, total: int | None) -> str:
    return _files(number) if total is None else f"{number:,} of {_files(total)}"


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"
