"""Ask what each picture is, before any of them is opened."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hashclient.cli import _ask, _console, _gate
from hashclient.guidance import questions, texts

_KINDS: Final = {"jpg": "JPEG", "jpe": "JPEG", "heif": "HEIC"} | {
    kind: kind.upper()
    for kind in ("jpeg", "png", "webp", "gif", "bmp", "heic", "avif", "mp4", "m4v", "mov", "webm", "mkv", "avi")
}


@dataclass(frozen=True)
class Chosen:
    """One picture that is to be sent, and what the person said of it."""

    file: Path
    position: int
    """Place in the command, from 1, as it is called in words."""
    altered: str
    """`yes`, `no` or `unknown`."""
    made_from: int | None = None
    """Position of the picture it was made from."""


def choose(files: Sequence[Path], *, altered: str | None) -> list[Chosen]:
    """Ask about each picture, unless `altered` answers for all or there is nobody to ask.

    Raises:
        AgeGateError: someone in one of them may have been under 18.
    """
    if altered is not None or not _console.is_terminal():
        return [Chosen(file, position, altered or "unknown") for position, file in enumerate(files, start=1)]
    kept = []
    for position, file in enumerate(files, start=1):
        _console.say()
        _console.say(f"Picture {position} of {len(files)}{_about(file)}")
        answer = _ask.choice(questions.EACH_FILE)
        if answer == "under_18":
            _gate.stop(texts.STOPPED)
        if answer != "leave_out":
            kept.append(Chosen(file, position, answer))
    originals = [one.position for one in kept if one.altered == "no"]
    return [replace(one, made_from=_original_of(one, originals)) for one in kept]


def _original_of(chosen: Chosen, originals: list[int]) -> int | None:
    """Ask which of the pictures a changed one was made from, where there can be one."""
    if chosen.altered != "yes" or not originals:
        return None
    _console.say()
    _console.say(questions.MADE_FROM.text.format(position=chosen.position))
    _console.say(f"Why we ask: {questions.MADE_FROM.why}")
    known = {str(position): position for position in originals}
    typed = _ask.line(f"Type its number ({', '.join(known)}), or Enter for none of them or not known:")
    return known.get(typed)


def _about(file: Path) -> str:
    """Tell a file by kind and size, without opening it and without its name."""
    try:
        size = os.stat(file).st_size  # noqa: PTH116  # nothing is opened
    except OSError:
        return ""
    kind = _KINDS.get(file.suffix.lower().lstrip("."))
    shown = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
    return f", {kind}, {shown}" if kind else f", {shown}"
