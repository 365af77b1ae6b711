"""Ask about age and for the declarations before any file is opened, then what each picture is.

At a terminal the questions of the triage are asked one by one, from the age on; a program gives each answer as an option,
on each call. Nothing else stands in for an answer: no variable, no setting, no default. The software cannot verify age.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from hashclient.cli import _screens, _terminal
from hashclient.errors import AgeGateError, UsageError
from hashclient.guidance import questions, screens, texts, triage
from hashclient.guidance.screens import When
from hashclient.guidance.triage import Answers, Asked, Outcome
from hashclient.vocabulary import Altered, Depicted

if TYPE_CHECKING:
    from hashclient.model import Declarations

_KINDS: Final = {"jpg": "JPEG", "jpe": "JPEG", "heif": "HEIC"} | {
    kind: kind.upper()
    for kind in ("jpeg", "png", "webp", "gif", "bmp", "heic", "avif", "mp4", "m4v", "mov", "webm", "mkv", "avi")
}
_BY_DEPICTED: Final = {
    Depicted.SELF: {"who": "me"},
    Depicted.REPRESENTED: {"who": "asked_me", "permission": "yes"},
}
"""The answers for which `--depicted` stands."""


def require_adults(*, adult: bool) -> None:
    """Ask whether anyone shown may be under 18, unless the option says that nobody is.

    Raises:
        AgeGateError: someone may be; where to turn was shown.
        UsageError: nobody can be asked, and the option is missing.
    """
    if not adult:
        _require_terminal(["--adult"])
        _ask(Answers(), until=Asked.WHO)


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
    answered = {"age": "all_adult"} if adult else {}
    answered |= _BY_DEPICTED[depicted] if depicted else {}
    answered |= {"intimate": "yes"} if intimate else {}
    answered |= {"consent": "no"} if no_consent else {}
    answers = _ask(Answers.of(answered), until=Asked.SITUATION)
    from hashclient.model import Declarations

    who = Depicted.REPRESENTED if answers.who in triage.FOR_ANOTHER else Depicted.SELF
    return Declarations(adult=True, depicted=who, intimate=True, no_consent=True)


def _ask(answers: Answers, *, until: Asked) -> Answers:
    """Ask what has no answer yet, from the age on, up to a question that is not asked here.

    Raises:
        AgeGateError: an answer leads to the hand-off.
        UsageError: an answer leads to other help.
    """
    while (step := triage.next_step(answers, start=Asked.AGE)) is not until:
        if step is Outcome.HAND_OFF:
            _stop()
        if not isinstance(step, Asked):
            _refer(step, answers)
        answers = answers.also(step, _terminal.choose(questions.declaring(step, answers)))
        if shown := triage.last_way(answers, start=Asked.AGE).shown:
            _screens.show(screens.SCREENS[shown], frozenset())
    return answers


def _stop() -> NoReturn:
    """Show where to turn for images of under-18s, and stop before any file is opened."""
    _screens.show(screens.SCREENS[Outcome.HAND_OFF], frozenset())
    raise AgeGateError(texts.STOPPED, hint=texts.EMERGENCY)


def _refer(outcome: Outcome, answers: Answers) -> NoReturn:
    """Say why a request cannot be made here, and who can help."""
    reason = triage.last_way(answers, start=Asked.AGE).reason
    _screens.show(screens.SCREENS[outcome], frozenset({When(reason)} if reason else ()))
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
