"""Ask about age and for the declarations before any file is opened, then what each picture is.

At a terminal the questions are asked one by one; a program gives each answer as an option, on each call. Nothing else
stands in for an answer: no variable, no setting, no default. The software cannot verify age.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from hashclient.cli import _help, _terminal
from hashclient.errors import AgeGateError, UsageError
from hashclient.guidance import questions, texts
from hashclient.vocabulary import Altered, Depicted

if TYPE_CHECKING:
    from hashclient.model import Declarations

_KINDS: Final = {"jpg": "JPEG", "jpe": "JPEG", "heif": "HEIC"} | {
    kind: kind.upper()
    for kind in ("jpeg", "png", "webp", "gif", "bmp", "heic", "avif", "mp4", "m4v", "mov", "webm", "mkv", "avi")
}


def require_adults(*, adult: bool) -> None:
    """Ask whether anyone shown may be under 18, unless the option says that nobody is.

    Raises:
        AgeGateError: someone may be; where to turn was shown.
        UsageError: nobody can be asked, and the option is missing.
    """
    if adult:
        return
    _require_terminal(["--adult"])
    if _terminal.choose(questions.AGE) != "all_adult":
        _stop()


def declare(*, adult: bool, depicted: Depicted | None, intimate: bool, no_consent: bool) -> "Declarations":
    """Return the four declarations, asking for those that no option gives.

    Raises:
        AgeGateError: someone may be under 18; where to turn was shown.
        UsageError: a declaration cannot be made, or nobody can be asked and an option is missing.
    """
    options = ("--adult", "--depicted self|represented", "--intimate", "--no-consent")
    given = dict(zip(options, (adult, depicted, intimate, no_consent), strict=True))
    if missing := [option for option, there in given.items() if not there]:
        _require_terminal(missing)
    require_adults(adult=adult)
    who = depicted or Depicted(_affirm(questions.WHO, refused=("neither",)))
    if not intimate:
        _affirm(questions.EACH_INTIMATE, refused=("no", "unsure"))
    if not no_consent:
        _affirm(questions.CONSENT[who], refused=("agreed_before", "agreed"))
    from hashclient.model import Declarations

    return Declarations(adult=True, depicted=who, intimate=True, no_consent=True)


def _stop() -> NoReturn:
    """Show where to turn for images of under-18s, and stop before any file is opened."""
    _terminal.say()
    _terminal.say(_terminal.bold(texts.STOP))
    _help.show_actions(first=texts.DO_NOT_COPY)
    _help.show_hand_off()
    raise AgeGateError(texts.STOPPED, hint=texts.EMERGENCY)


def _affirm(question: questions.Question, *, refused: tuple[str, ...]) -> str:
    """Ask for a declaration; if it cannot be made, say why and who can help."""
    answer = _terminal.choose(question)
    if answer not in refused:
        return answer
    _help.show_others(texts.NOT_FOR_THIS["neither" if question is questions.WHO else question.id])
    raise UsageError(texts.STOPPED, hint=texts.EMERGENCY)


def _require_terminal(missing: list[str]) -> None:
    if not _terminal.is_terminal():
        raise UsageError(
            "This asks about the people shown before it opens any file, and there is no terminal to ask at. "
            "No file was opened and nothing was sent.",
            hint=f"Run it in a terminal. A program gives each answer as an option: {', '.join(missing)}.",
        )


@dataclass(frozen=True)
class Chosen:
    """One picture that is to be sent, and what the person said of it."""

    file: Path
    position: int
    """Position in the command, from 1, by which it is called in words."""
    altered: Altered
    made_from: int | None = None
    """Position of the picture it was made from."""


def ask_about_each(files: Sequence[Path], *, altered: Altered | None) -> list[Chosen]:
    """Ask about each picture, unless `altered` answers for all or there is nobody to ask.

    Raises:
        AgeGateError: someone in one of them may have been under 18.
    """
    if altered is not None or not _terminal.is_terminal():
        return [Chosen(file, position, altered or Altered.UNKNOWN) for position, file in enumerate(files, start=1)]
    kept = []
    for position, file in enumerate(files, start=1):
        _terminal.say()
        _terminal.say(f"{texts.PICTURE_OF.format(position=position, count=len(files))}{_about(file)}")
        answer = _terminal.choose(questions.EACH_FILE)
        if answer == "under_18":
            _stop()
        if answer != "leave_out":
            kept.append(Chosen(file, position, Altered(answer)))
    originals = [one.position for one in kept if one.altered is Altered.NO]
    return [replace(one, made_from=_original_of(one, originals)) for one in kept]


def _original_of(chosen: Chosen, originals: list[int]) -> int | None:
    """Ask from which of the pictures a changed one was made, if it can be any of them."""
    if chosen.altered is not Altered.YES or not originals:
        return None
    _terminal.say()
    _terminal.say(questions.MADE_FROM.text.format(position=chosen.position))
    _terminal.say(texts.WHY_WE_ASK.format(why=questions.MADE_FROM.why))
    known = {str(position): position for position in originals}
    return known.get(_terminal.ask(texts.TYPE_ITS_NUMBER.format(numbers=", ".join(known))))


def _about(file: Path) -> str:
    """Describe a file by its kind and size, without opening or naming it."""
    try:
        size = os.stat(file).st_size  # noqa: PTH116  # nothing is opened
    except OSError:
        return ""
    kind = _KINDS.get(file.suffix.lower().lstrip("."))
    shown = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
    return f", {kind}, {shown}" if kind else f", {shown}"
