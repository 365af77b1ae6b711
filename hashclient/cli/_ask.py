"""Ask a person at a terminal, one question at a time.

Nothing is chosen beforehand: an empty answer asks again. What an answer leads to is left to the
verbs. End of input stops as Ctrl-C does.
"""

import contextlib
import sys
from collections.abc import Iterator

from hashclient.cli import _console
from hashclient.guidance.questions import Question

_ALTERNATE = "\x1b[?1049h\x1b[2J\x1b[H"
_CLEARED = "\x1b[2J\x1b[H"
_BACK = "\x1b[2J\x1b[H\x1b[?1049l"


def line(prompt: str) -> str:
    """Read one line; blanks around it are dropped.

    Raises:
        EOFError: the input ended.
    """
    sys.stderr.write(prompt + " ")
    sys.stderr.flush()
    typed = sys.stdin.readline()
    if not typed:
        raise EOFError
    return typed.strip()


def hidden(prompt: str) -> str:
    """Read one line that is not shown; a line `show` first makes it shown.

    Raises:
        EOFError: the input ended.
    """
    import getpass

    typed = getpass.getpass(prompt + " ", stream=sys.stderr).strip()
    return line(prompt) if typed.lower() == "show" else typed


def choice(question: Question) -> str:
    """Ask a question that has answers; give the id of the one chosen.

    Raises:
        EOFError: the input ended.
    """
    _console.say()
    _console.say(_console.bold(question.text))
    _console.say(f"Why we ask: {question.why}")
    ids = list(question.answers)
    for number, words in enumerate(question.answers.values(), start=1):
        _console.say(words, indent=f"  {number}  ")
    accepted = {str(number): id_ for number, id_ in enumerate(ids, start=1)}
    asked = ", ".join(list(accepted)[:-1]) + f" or {len(ids)}"
    while (typed := line(f"Type {asked}:")) not in accepted:
        _console.say(f"Please type one of the numbers: {asked}. Ctrl-C stops.")
    return accepted[typed]


def word(prompt: str, *, means_yes: str) -> bool:
    """Ask for one deliberate word; anything else, an empty line too, is a no.

    Raises:
        EOFError: the input ended.
    """
    return line(prompt).lower() == means_yes


@contextlib.contextmanager
def alternate_screen() -> Iterator[None]:
    """Show what follows on a screen of its own, which is cleared at the end and leaves nothing to scroll back to."""
    if not _console.takes_escapes():
        _console.say("Close this window afterwards: what it shows now stays in it.")
        yield
        return
    sys.stderr.write(_ALTERNATE)
    try:
        yield
    finally:
        sys.stderr.write(_BACK)
        sys.stderr.flush()


def clear() -> None:
    """Clear the alternate screen."""
    if _console.takes_escapes():
        sys.stderr.write(_CLEARED)
