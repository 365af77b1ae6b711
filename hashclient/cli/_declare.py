"""Ask about age and for the declarations before any file is opened.

At a terminal the questions are asked one by one; a program gives each answer as an option, on each call. Nothing else
stands in for an answer: no variable, no setting, no default. The software cannot verify age.
"""

from typing import TYPE_CHECKING, NoReturn

from hashclient.cli import _help, _terminal
from hashclient.errors import AgeGateError, UsageError
from hashclient.guidance import questions, texts
from hashclient.vocabulary import Depicted

if TYPE_CHECKING:
    from hashclient.model import Declarations


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
