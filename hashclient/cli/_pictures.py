"""Have pictures hashed, say how far it is, and say which could not be used.

The half that sees pictures, as seen from here: what comes back are values of the model. Words say
"picture 3 of 5"; a file's name is the person's own and stays off stderr.
"""

import contextlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hashclient.cli import _console, _each
from hashclient.errors import HashclientError, UsageError

if TYPE_CHECKING:
    from hashclient.model import Declarations, Item
    from hashclient.prepare import Prepared, Skipped


def watched(hashed: Generator["Prepared"], positions: Iterable[int], *, count: int) -> Iterator["Prepared"]:
    """Pass results on, saying how far it is and what was left out and why; end the workers in the end.

    Args:
        hashed: one result for each file.
        positions: place of each file in the command, from 1.
        count: files in the command.
    """
    with contextlib.closing(hashed):
        for position in positions:
            name = f"Picture {position} of {count}"
            _console.progress(name)
            prepared = next(hashed)
            _console.progress("")
            for skipped in prepared.skipped:
                _console.say(f"{called(prepared, position)} of {count}: {skipped.sentence} {skipped.hint}")
            yield prepared


def called(prepared: "Prepared", position: int) -> str:
    """Call a file by what it is and its place in the command, from 1."""
    return f"{'Video' if prepared.content.value == 'video' else 'Picture'} {position}"


def name_of(skipped: "Skipped") -> str:
    """Name the reason for programs: `low-quality`, `broken-media`."""
    if not isinstance(skipped.reason, HashclientError):
        return str(skipped.reason)
    words = type(skipped.reason).__name__.removesuffix("Error")
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("-")


@dataclass(frozen=True)
class Asked:
    """How pictures are to be hashed that are to be sent, as it stands on the command line."""

    types: Sequence[str] | None
    """Kinds of fingerprints to make; None makes the usual ones."""
    coverage: str | None
    """Level of likely re-posts that are hashed too; None takes the widest."""
    decode: str
    """How large JPEGs are opened, `exact` or `fast`."""
    interval: float
    """Seconds between the frames of a video; 0 takes every frame."""
    require_sandbox: bool
    """Whether to stop where this machine does not offer every protection."""


def items(
    files: Sequence[Path],
    *,
    declarations: "Declarations",
    altered: str | None,
    asked: Asked,
) -> list["Item"]:
    """Hash the pictures that are to be sent, after asking about each of them.

    Args:
        files: pictures on this device.
        declarations: what the person affirmed.
        altered: `yes`, `no` or `unknown`: whether they were changed; None asks for each at a terminal.
        asked: how they are to be hashed.

    Raises:
        AgeGateError: someone in one of them may have been under 18.
        UsageError: none of them can be used.
    """
    from hashclient.prepare import Coverage, Decode, HashOptions, item_of, prepare
    from hashclient.vocabulary import Altered, SignalType

    chosen = _each.choose(files, altered=altered)
    hashed = prepare(
        [one.file for one in chosen],
        declarations=declarations,
        options=HashOptions(
            types=tuple(map(SignalType, asked.types)) if asked.types else None,
            decode=Decode(asked.decode),
            coverage=Coverage(asked.coverage or Coverage.WIDE),
            interval=asked.interval,
            require_full=asked.require_sandbox,
        ),
    )
    results = watched(hashed, [one.position for one in chosen], count=len(files))
    usable = [(one, prepared) for one, prepared in zip(chosen, results, strict=True) if prepared.signals]
    require_some(len(usable))
    places = {one.position: place for place, (one, _) in enumerate(usable)}
    made = (
        item_of(prepared, altered=Altered(one.altered), altered_from=places.get(one.made_from or 0))
        for one, prepared in usable
    )
    return [item for item in made if item is not None]


def require_some(count: int) -> None:
    """Stop where nothing came of any file.

    Raises:
        UsageError: `count` is 0.
    """
    if not count:
        raise UsageError("None of these files can be used. Nothing was sent.", hint="Choose other files.")


def as_json(signals: Iterable[Any]) -> list[dict[str, Any]]:
    """Give signals as JSON values, absent fields left out."""
    return [signal.model_dump(mode="json", exclude_none=True) for signal in signals]
