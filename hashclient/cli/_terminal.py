"""Talk to a person, or to a program, by the same rules in every verb.

1. stdout is data, stderr is words. A program reads the one, a person the other.
2. Words never hold a file name, a path, a case number, a PIN or a hash: they say "picture 3 of 5". Case number and PIN
   are shown only on the alternate screen of `_credentials`.
3. An error is a sentence (what happened, whether anything was sent), a hint (one thing to do next) and an exit code: 0
   done, 1 internal error, 2 input or setup, 3 network or service, 4 stopped by the age rule, 130 and 143 stopped by you
   or by the system. There is a traceback only with --debug or HASHCLIENT_DEBUG, and then without values. `_run` sees to
   that.
4. Long work reports its progress on stderr, and only at a terminal. Nothing spins or blinks.
5. What standard output cannot hold, such as a letter that a code page lacks, is escaped. Where it is closed or full, the
   program stops with an error; where stderr is, it goes on without words.
6. Bold only at a terminal, and not where NO_COLOR is set. No meaning rests on it alone.
7. Stopped by Ctrl-C or a signal, the program tells the truth about whether anything was sent.
8. A question is asked alone, and no answer is preselected: an empty answer asks again. The end of input stops the
   program as Ctrl-C does.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, TextIO

import typer
from typer.core import TyperCommand

from hashclient.errors import UsageError
from hashclient.guidance import texts
from hashclient.guidance.questions import Question

_WIDTH: Final = 96
"""Most characters of a line of words, also where there is no terminal."""
_ALTERNATE: Final = "\x1b[?1049h\x1b[2J\x1b[H"
_CLEARED: Final = "\x1b[2J\x1b[H"
_BACK: Final = "\x1b[2J\x1b[H\x1b[?1049l"
_is_progress_shown = False
_on_screen: list[str] | None = None
"""What the separate screen shows, to be shown again after Ctrl-Z; None while it is not used."""


def new_app(**settings: Any) -> typer.Typer:
    """Make an app for a verb: plain help, no completion, no foreign tracebacks."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, **settings)


class AsTyped:
    """Mixed into a verb whose options are text, or are there or not: they are taken as they were typed.

    What typer checks other types with (pydantic) takes longer to load than all the rest, and it loads that even for an option
    that was not given. The verb checks the values itself, and raises `typer.BadParameter`.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options, that for help among them."""
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]  # of the command it is mixed into
        for parameter in parameters:
            if not isinstance(parameter.process_value, partial):
                parameter.process_value = partial(_as_typed, parameter, parameter.process_value)
        return parameters


class TextCommand(AsTyped, TyperCommand):
    """A verb of which all options are text, or are there or not."""


def _as_typed(parameter: Any, process: Callable[[Any, Any], Any], context: Any, value: Any) -> Any:
    is_text = isinstance(value, str) and parameter.callback is None
    return value if not parameter.required and (value is None or is_text) else process(context, value)


def data(*lines: str, state: str = texts.NOT_SENT) -> None:
    """Print lines of data, all in one write.

    Args:
        lines: without their ends; what the output cannot hold is escaped.
        state: what is true of sending, for the case that they cannot be written.

    Raises:
        UsageError: standard output is closed or full.
        BrokenPipeError: its reader is gone.
    """
    try:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError:
        silence(sys.stdout)
        raise UsageError(f"{texts.OUTPUT_FAILED} {state}".strip(), hint=texts.ANOTHER_OUTPUT) from None


def silence(stream: TextIO) -> None:
    """Let what is still to be written to a standard stream vanish, so that it cannot fail again at the end."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a device, not a file
        os.dup2(nowhere.fileno(), stream.fileno())


def _words(written: str) -> None:
    """Write to stderr; where it is full, nobody can be told, and the work goes on."""
    if _on_screen is not None:
        _on_screen.append(written)
    try:
        sys.stderr.write(written)
        sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:
        silence(sys.stderr)


def say(words: str = "", *, indent: str = "") -> None:
    """Print words to the person, as one paragraph wrapped to the terminal.

    Args:
        words: plain text.
        indent: printed before the first line, blanks or a mark; later lines are aligned with the words.
    """
    import textwrap

    width = min(_WIDTH, typer.get_terminal_size((_WIDTH, 24)).columns)
    hanging = " " * len(indent)
    paragraph = textwrap.fill(
        words, width, initial_indent=indent, subsequent_indent=hanging, break_on_hyphens=False, break_long_words=False
    )
    sys.stdout.flush()
    _words(f"{paragraph}\n")


def is_terminal() -> bool:
    """Tell whether a person sits at both ends: keyboard in, words out."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def takes_escapes() -> bool:
    """Tell whether stderr is a terminal that understands escape codes."""
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def bold(words: str) -> str:
    """Make words bold, where the terminal can and NO_COLOR is not set."""
    return f"\x1b[1m{words}\x1b[0m" if takes_escapes() and not os.environ.get("NO_COLOR") else words


def progress(words: str) -> None:
    """Report progress in place of what was reported before; "" clears it.

    Silent where stderr is not a terminal, or cannot overwrite a line.
    """
    global _is_progress_shown  # noqa: PLW0603  # one process, one terminal
    if takes_escapes() and (words or _is_progress_shown):
        _words(f"\r{words}\x1b[K\r")  # what another program writes to this screen replaces it
        _is_progress_shown = bool(words)


def plain(foreign: str) -> str:
    """Make foreign text safe to show: characters that a terminal could obey are escaped."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "backslashreplace").decode()
        for letter in foreign
    )


def ask(prompt: str) -> str:
    """Read one line, and strip it.

    Raises:
        EOFError: the input ended.
    """
    _words(prompt + " ")
    typed = sys.stdin.readline()
    if not typed:
        raise EOFError
    return typed.strip()


def ask_hidden(prompt: str) -> str:
    """Read one line without echo; if it is `show`, read the next one with echo.

    Raises:
        EOFError: the input ended.
    """
    import getpass

    typed = getpass.getpass(prompt + " ", stream=sys.stderr).strip()
    return ask(prompt) if typed.lower() == "show" else typed


def choose(question: Question) -> str:
    """Ask a question that has answers; return the id of the one chosen.

    Raises:
        EOFError: the input ended.
    """
    say()
    say(bold(question.text))
    say(texts.WHY_WE_ASK.format(why=question.why))
    ids = list(question.answers)
    for number, (id_, words) in enumerate(question.answers.items(), start=1):
        say(words, indent=f"  {number}  ")
        if note := question.notes.get(id_):
            say(note, indent="     ")
    accepted = {str(number): id_ for number, id_ in enumerate(ids, start=1)}
    asked = ", ".join(list(accepted)[:-1]) + f" or {len(ids)}"
    while (typed := ask(texts.TYPE_ONE.format(answers=asked))) not in accepted:
        say(texts.TYPE_A_NUMBER.format(answers=asked))
    return accepted[typed]


def confirm(prompt: str, *, word: str) -> bool:
    """Ask for one deliberate word; anything else, an empty line included, means no.

    Raises:
        EOFError: the input ended.
    """
    return ask(prompt).lower() == word


@contextlib.contextmanager
def alternate_screen(*, can_turn_back: bool = True) -> Iterator[None]:
    """Use a separate screen, which is cleared at the end and leaves nothing to scroll back to.

    GNU screen keeps it all the same, which is said while the person can still turn back.
    """
    if not takes_escapes():
        say(texts.CLOSE_THE_WINDOW)
        yield
        return
    if can_turn_back and "STY" in os.environ:
        say(texts.IN_GNU_SCREEN)
        ask(texts.ENTER_GOES_ON)
    global _on_screen  # noqa: PLW0603  # there is one terminal
    with _cleared_when_suspended():
        _on_screen = []
        sys.stderr.write(_ALTERNATE)
        try:
            yield
        finally:
            sys.stderr.write(_BACK)
            sys.stderr.flush()
            _on_screen = None


@contextlib.contextmanager
def _cleared_when_suspended() -> Iterator[None]:
    """Leave the separate screen while Ctrl-Z suspends the program, and come back with the same words."""
    if not hasattr(signal, "SIGTSTP"):
        yield
        return

    def suspend(number: int, _frame: object) -> None:
        sys.stderr.write(_BACK)
        sys.stderr.flush()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)  # it stops here, until the shell lets it go on
        signal.signal(number, suspend)
        sys.stderr.write(_ALTERNATE + "".join(_on_screen or []))
        sys.stderr.flush()

    before = signal.signal(signal.SIGTSTP, suspend)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)


def clear() -> None:
    """Clear the alternate screen."""
    if _on_screen is not None:
        _on_screen.clear()
    if takes_escapes():
        sys.stderr.write(_CLEARED)
