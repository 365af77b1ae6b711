"""Have pictures hashed, say how far it is, and say which could not be used.

The half that sees pictures, as seen from here: what comes back are values of the model. Words say
"picture 3 of 5"; a file's name is the person's own and stays off stderr.
"""

import contextlib
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hashclient.cli import _ask, _console, _gate
from hashclient.errors import HashclientError, UsageError
from hashclient.guidance import questions, texts

if TYPE_CHECKING:
    from hashclient.model import Altered, Declarations, Item
    from hashclient.prepare import Prepared, Skipped

_KINDS: Final = {"jpg": "JPEG", "jpe": "JPEG", "heif": "HEIC"} | {
    kind: kind.upper() for kind in ("jpeg", "png", "webp", "gif", "bmp", "heic", "avif")
}
_LEAVE_OUT: Final = "leave_out"


def watched(hashed: Generator["Prepared"], *, count: int) -> Iterator["Prepared"]:
    """Pass results on, saying how far it is and what was left out and why; end the workers in the end."""
    with contextlib.closing(hashed):
        _console.progress(f"Picture 1 of {count}")
        for prepared in hashed:
            _console.progress("")
            for skipped in prepared.skipped:
                _console.say(f"Picture {prepared.position + 1} of {count}: {skipped.sentence} {skipped.hint}")
            yield prepared
            if prepared.position + 1 < count:
                _console.progress(f"Picture {prepared.position + 2} of {count}")


def name_of(skipped: "Skipped") -> str:
    """Name the reason for programs: `low-quality`, `broken-media`."""
    if not isinstance(skipped.reason, HashclientError):
        return str(skipped.reason)
    words = type(skipped.reason).__name__.removesuffix("Error")
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("-")


def items(
    files: Sequence[Path], *, declarations: "Declarations", altered: str | None, require_sandbox: bool
) -> list["Item"]:
    """Hash the pictures that are to be sent, after asking about each of them.

    Args:
        files: pictures on this device.
        declarations: what the person affirmed.
        altered: `yes`, `no` or `unknown`: whether they were changed; None asks for each at a terminal.
        require_sandbox: whether to stop where this machine does not offer every protection.

    Raises:
        AgeGateError: someone in one of them may have been under 18.
        UsageError: none of them can be used.
    """
    from hashclient.prepare import item_of, prepare

    kept = _asked(files, altered)
    hashed = prepare([file for file, _ in kept], declarations=declarations, require_full=require_sandbox)
    found = [item_of(one, altered=kept[one.position][1]) for one in watched(hashed, count=len(kept))]
    usable = [item for item in found if item is not None]
    require_some(len(usable))
    return usable


def require_some(count: int) -> None:
    """Stop where nothing came of any file.

    Raises:
        UsageError: `count` is 0.
    """
    if not count:
        raise UsageError("None of these files can be used. Nothing was sent.", hint="Choose other files.")


def _asked(files: Sequence[Path], altered: str | None) -> list[tuple[Path, "Altered"]]:
    """Ask what each picture is, before any of them is opened."""
    from hashclient.model import Altered

    if altered is not None or not _console.is_terminal():
        return [(file, Altered(altered or Altered.UNKNOWN)) for file in files]
    kept = []
    for position, file in enumerate(files, start=1):
        _console.say()
        _console.say(f"Picture {position} of {len(files)}{_about(file)}")
        answer = _ask.choice(questions.EACH_FILE)
        if answer == "under_18":
            _gate.stop(texts.STOPPED)
        if answer != _LEAVE_OUT:
            kept.append((file, Altered(answer)))
    return kept


def _about(file: Path) -> str:
    """Tell a file by kind and size, without opening it and without its name."""
    try:
        size = os.stat(file).st_size / 1e6  # noqa: PTH116  # nothing is opened
    except OSError:
        return ""
    kind = _KINDS.get(file.suffix.lower().lstrip("."), "")
    return f", {kind}, {size:.1f} MB" if kind else f", {size:.1f} MB"


def as_json(signals: Iterable[Any]) -> list[dict[str, Any]]:
    """Give signals as JSON values, absent fields left out."""
    return [signal.model_dump(mode="json", exclude_none=True) for signal in signals]
