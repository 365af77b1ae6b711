"""Ask about age and for the declarations before any file is opened.

At a terminal the questions of the triage are asked one by one, from the age on; a program gives each answer as an option,
on each call, as `guide` does in one run for what was declared there in full. Nothing else stands in for an answer: no variable,
no setting, no default. The software cannot verify age.
"""

from typing import TYPE_CHECKING, Final, NoReturn

from hashclient.cli import _screens, _terminal
from hashclient.errors import AgeGateError, UsageError
from hashclient.guidance import questions, screens, texts, triage
from hashclient.guidance.screens import When
from hashclient.guidance.triage import Answers, Asked, Outcome
from hashclient.vocabulary import Depicted

if TYPE_CHECKING:
    from hashclient.model import Declarations

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
            stop()
        if not isinstance(step, Asked):
            _refer(step, answers)
        answers = answers.also(step, _terminal.choose(questions.declaring(step, answers)))
        if shown := triage.last_way(answers, start=Asked.AGE).shown:
            _screens.show(screens.SCREENS[shown], frozenset())
    return answers


def stop(state: str = texts.STOPPED) -> NoReturn:
    """Show where to turn for images of under-18s, and stop.

    Args:
        state: what is true of the files, and of sending.

    Raises:
        AgeGateError: always.
    """
    _screens.show(screens.SCREENS[Outcome.HAND_OFF], frozenset())
    raise AgeGateError(state, hint=texts.EMERGENCY)


def _refer(outcome: Outcome, answers: Answers) -> NoReturn:
    """Say why a request cannot be made here, and who can help."""
    reason = triage.last_way(answers, start=Asked.AGE).reason
    _screens.show(screens.SCREENS[outcome], frozenset({When(reason)} if reason else ()))
    raise UsageError(texts.STOPPED, hint=texts.EMERGENCY)


def _require_terminal(missing: list[str]) -> None:
    if not _terminal.is_terminal():
        raise UsageError(texts.NOBODY_TO_ASK, hint=texts.ANSWER_BY_OPTIONS.format(options=", ".join(missing)))
