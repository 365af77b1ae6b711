"""Ask the age question and the declarations before any file is opened, and stop where they say so.

At a terminal they are asked one by one; a program gives each as an option, on each call. Nothing
else can stand in for an answer: no variable, no setting, no default. The software cannot verify age.
"""

from typing import TYPE_CHECKING, NoReturn

from hashclient.cli import _ask, _console, _help
from hashclient.errors import AgeGateError, UsageError
from hashclient.guidance import questions, texts

if TYPE_CHECKING:
    from hashclient.model import Declarations


def require_adults(*, adult: bool) -> None:
    """Ask whether anyone shown may be under 18, unless the option says that nobody is.

    Raises:
        AgeGateError: someone may be; where to turn was shown.
        UsageError: nobody can be asked, and the option is not there.
    """
    if adult:
        return
    _require_terminal(["--adult"])
    if _ask.choice(questions.AGE) != "all_adult":
        stop(texts.STOPPED)


def declarations(*, adult: bool, depicted: str | None, intimate: bool, no_consent: bool) -> "Declarations":
    """Get the four declarations, asking for those that no option gives.

    Raises:
        AgeGateError: someone may be under 18; where to turn was shown.
        UsageError: a declaration cannot be made, or nobody can be asked and an option is missing.
    """
    given = {
        "--adult": adult,
        "--depicted self|represented": depicted,
        "--intimate": intimate,
        "--no-consent": no_consent,
    }
    if missing := [option for option, there in given.items() if not there]:
        _require_terminal(missing)
    require_adults(adult=adult)
    who = depicted or _affirm(questions.WHO, refused=("neither",))
    if not intimate:
        _affirm(questions.EACH_INTIMATE, refused=("no", "unsure"))
    if not no_consent:
        _affirm(questions.CONSENT[who], refused=("agreed_before", "agreed"))
    from hashclient.model import Declarations
    from hashclient.vocabulary import Depicted

    return Declarations(adult=True, depicted=Depicted(who), intimate=True, no_consent=True)


def stop(state: str) -> NoReturn:
    """Name where to turn for images of under-18s, and stop.

    Args:
        state: what was opened and sent so far, as a sentence.

    Raises:
        AgeGateError: always.
    """
    _help.hand_off()
    raise AgeGateError(state, hint=texts.EMERGENCY)


def _affirm(question: questions.Question, *, refused: tuple[str, ...]) -> str:
    """Ask for a declaration; where it cannot be made, say why and who can help."""
    answer = _ask.choice(question)
    if answer not in refused:
        return answer
    _help.elsewhere(texts.NOT_FOR_THIS["neither" if question is questions.WHO else question.id])
    raise UsageError(texts.STOPPED, hint=texts.EMERGENCY)


def _require_terminal(missing: list[str]) -> None:
    if _console.is_terminal():
        return
    raise UsageError(
        "This asks about the people shown before it opens a file, and there is no terminal to ask at. "
        "No file was opened and nothing was sent.",
        hint=f"Run it in a terminal. A program gives each answer as an option: {', '.join(missing)}.",
    )
