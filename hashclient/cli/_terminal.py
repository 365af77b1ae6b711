"""Talk to a person, or to a program, by the same rules in every verb.

1. stdout is data, stderr is words. A program reads the one, a person the other.
2. Words never hold a path, a case number, a PIN or a hash: they say "picture 3 of 5". Only at a terminal of the person's
   own, keyboard in and words out, the name of the file stands beside its number (`file_name`). Case number and PIN are
   shown only on the alternate screen of `_credentials`.
3. An error is a sentence (what happened, whether anything was sent), a hint (one thing to do next) and an exit code: 0
   done, 1 internal error, 2 input or setup, 3 network or service, 4 stopped by the age rule, 130 and 143 stopped by you
   or by the system. There is a traceback only with --debug or HASHCLIENT_DEBUG, and then without values. `_run` sees to
   that.
4. Nothing is silent for more than two seconds: long work reports its progress on stderr, and only at a terminal
   (`progress`, `working`). Nothing spins or blinks, and other words never stand on the same line.
5. What standard output cannot hold, such as a letter that a code page lacks, is escaped. Where it is closed or full, the
   program stops with an error; where stderr is, it goes on without words.
6. Bold only at a terminal, and not where NO_COLOR is set. No meaning rests on it alone.
7. Stopped by Ctrl-C or a signal, the program tells the truth about whether anything was sent.
8. What is to be read before an answer is not shown faster than it can be read: where it no longer fits on the screen, Enter
   shows the rest (`make_room`).
9. A question is asked alone, and no answer is preselected: what was not offered, an empty answer included, asks again.
   What was typed before a question was shown answers nothing. The end of input stops the program as Ctrl-C does.
"""

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import typer
from typer.core import TyperCommand

from hashclient.cli import _layout
from hashclient.errors import UsageError
from hashclient.guidance import codes, endings, languages, texts
from hashclient.messages import Message, in_use, joined, translated

if TYPE_CHECKING:
    from hashclient.guidance.questions import Question

_WIDTH: Final = 96
"""Most characters of a line of words, also where there is no terminal."""
_ALTERNATE: Final = "\x1b[?1049h\x1b[2J\x1b[H"
_CLEARED: Final = "\x1b[2J\x1b[H"
_BACK: Final = "\x1b[2J\x1b[H\x1b[?1049l"
_BENEATH: Final = 4
"""Blanks before the English that stands beneath a translation."""
_LINES_OF_A_PROMPT: Final = 2
"""Most lines that a question for one line, or for Enter, takes."""
_PARAGRAPHS_AT_ONCE: Final = 5
"""Paragraphs that are shown before the person asks for more."""
_LONGEST_FILE_NAME: Final = 40
"""Most characters of a file name that are shown."""
_QUIET_SECONDS: Final = 0.05
"""Time without input after which what was typed ahead, or pasted, has all arrived."""
_SECOND: Final = 1.0
_noted: NullTranslations | None = None
"""The catalogue of which it was said that nobody has reviewed it."""
_writing: Final = threading.RLock()
"""Held while words are written: progress comes from a thread of its own."""
_progress: tuple[str, float] = ("", 0.0)
"""What is reported at present, and since when."""
_lines_shown = 0
"""Lines of words since the person last typed something, which are still in view."""
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
    if context.resilient_parsing:  # a shell asks how the line can go on: what stands in it is not done
        return value
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
    if sys.stdout.isatty():
        progress("")
    try:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError:
        silence(sys.stdout)
        raise UsageError(joined(texts.OUTPUT_FAILED, state), hint=texts.ANOTHER_OUTPUT) from None


def silence(stream: TextIO) -> None:
    """Let what is still to be written to a standard stream vanish, so that it cannot fail again at the end."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a device, not a file
        os.dup2(nowhere.fileno(), stream.fileno())


def _words(written: str) -> None:
    """Write to stderr, in place of reported progress; where it is full, nobody can be told, and the work goes on."""
    global _progress  # one process, one terminal
    with _writing:
        if _progress[0]:
            written, _progress = f"\r\x1b[K{written}", ("", 0.0)
        _write_words(_layout.directed(written))


def _write_words(written: str) -> None:
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
    """Print words to the person in the language in use, as one paragraph wrapped to the terminal.

    As long as nobody has reviewed the translations, that is said once before the first words, and the English of a
    critical sentence stands beneath it.

    Args:
        words: a message, or plain text.
        indent: printed before the first line, blanks or a mark; later lines are aligned with the words.
    """
    global _noted  # noqa: PLW0603  # one process, one language
    spoken = in_use()
    if spoken is not _noted and not languages.is_reviewed(spoken):
        _noted = spoken
        _say_paragraph(str(languages.UNREVIEWED))
    for paragraph, indented in _spoken(words, indent):
        _say_paragraph(paragraph, indented)


def make_room(*paragraphs: tuple[str, str]) -> None:
    """Wait for Enter where paragraphs would push out of view what was said since the person last typed something.

    Args:
        paragraphs: what is to be said next, each with its indent.

    Raises:
        EOFError: the input ended.
    """
    coming = sum(_wrapped(*spoken).count("\n") + 1 for words in paragraphs for spoken in _spoken(*words))
    if is_terminal() and _lines_shown and _lines_shown + coming + _LINES_OF_A_PROMPT > _screen().lines:
        ask(texts.ENTER_GOES_ON)


def _screen() -> os.terminal_size:
    return typer.get_terminal_size((_WIDTH, 24))


def _say_paragraph(words: str, indent: str = "") -> None:
    global _lines_shown  # noqa: PLW0603  # one process, one terminal
    sys.stdout.flush()
    lines = _wrapped(words, indent=indent)
    _lines_shown += lines.count("\n") + 1
    _words(f"{lines}\n")


def _spoken(words: str, indent: str) -> Iterator[tuple[str, str]]:
    """Yield the words as they are said, and the English that stands beneath them, each with its indent."""
    spoken, shown = in_use(), translated(words)
    yield shown, indent
    if (
        isinstance(words, Message)
        and words.is_critical
        and not languages.is_reviewed(spoken)
        and words.english != shown
    ):
        yield words.english, " " * (len(indent) + _BENEATH)


def _wrapped(words: str, indent: str = "") -> str:
    """Break words between them, so that they fit the terminal."""
    width = min(_WIDTH, _screen().columns)
    return _layout.filled(str(words), width=width, indent=indent)


def say_in_fives(*paragraphs: str, indent: str = "") -> None:
    """Print paragraphs, five at once; for more a person presses Enter."""
    for place, words in enumerate(paragraphs):
        if place and place % _PARAGRAPHS_AT_ONCE == 0:
            ask(texts.ENTER_GOES_ON)
        say_in_view(words, indent=indent)


def say_in_view(words: str, *, indent: str = "") -> None:
    """Print a paragraph, after Enter where it would push out of view what was said before.

    Raises:
        EOFError: the input ended.
    """
    make_room((words, indent))
    say(words, indent=indent)


def say_unbroken(text: str) -> None:
    """Print a text whose lines must not be broken, because they may be copied from here."""
    global _lines_shown  # noqa: PLW0603  # one process, one terminal
    lines = ["", *text.splitlines()]
    make_room(*((line, "") for line in lines))
    _lines_shown += sum(1 + max(0, _layout.width_of(line) - 1) // _screen().columns for line in lines)
    _words("".join(f"{line}\n" for line in lines))


def is_terminal() -> bool:
    """Tell whether a person sits at both ends: keyboard in, words out."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def takes_escapes() -> bool:
    """Tell whether stderr is a terminal that understands escape codes."""
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def bold(words: str) -> str:
    """Make words bold, where the terminal can and NO_COLOR is not set."""
    can = takes_escapes() and not os.environ.get("NO_COLOR")
    return Message("\x1b[1m{words}\x1b[0m").format(words=words) if can else words


def progress(words: str) -> None:
    """Report progress in place of what was reported before; "" clears it.

    Silent where stderr is not a terminal, or cannot overwrite a line.
    """
    global _progress  # noqa: PLW0603  # one process, one terminal
    with _writing:
        if takes_escapes() and (words or _progress[0]):
            _show_progress(words)
        _progress = (words, time.monotonic()) if takes_escapes() else _progress


def _show_progress(words: str) -> None:
    fitting = _screen().columns - 1
    _write_words(f"\r{str(words)[:fitting]}\x1b[K\r")  # what another program writes to this screen replaces it


@contextlib.contextmanager
def working(words: str) -> Iterator[None]:
    """Report what goes on, at a terminal, with the seconds it has taken; `progress` inside says what it is now."""
    if not sys.stderr.isatty():
        yield
        return
    if not takes_escapes():
        say(words)
    progress(words)
    is_over = threading.Event()
    ticking = threading.Thread(target=_tick, args=(is_over,), daemon=True)
    ticking.start()
    try:
        yield
    finally:
        is_over.set()
        ticking.join()
        progress("")


def _tick(is_over: threading.Event) -> None:
    while not is_over.wait(_SECOND):
        with _writing:
            words, since = _progress
            if words:
                seconds = round(time.monotonic() - since)
                _show_progress(texts.SECONDS_SO_FAR.format(words=words, seconds=seconds))


def plain(foreign: str) -> str:
    """Make foreign text safe to show: characters that a terminal could obey are escaped."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "backslashreplace").decode()
        for letter in foreign
    )


def file_name(path: Path) -> str:
    """Return the name of a file to show to the person at whose terminal this runs; "" where nobody sits there.

    The name alone, never the folder; what a terminal could obey is escaped, and a long one is cut in the middle.
    """
    if not is_terminal():
        return ""
    name = plain(path.name)
    if len(name) <= _LONGEST_FILE_NAME:
        return name
    kept = _LONGEST_FILE_NAME // 2
    return f"{name[:kept]}\N{HORIZONTAL ELLIPSIS}{name[-kept + 1 :]}"


def typed_path(typed: str) -> Path:
    """Return the path that a person typed; a home that nobody has stays as it is, and is found missing like any other."""
    return Path(os.path.expanduser(typed))  # noqa: PTH111  # that of `Path` raises for such a home


def ask(prompt: str, *, keeps_typed: bool = False) -> str:
    """Read one line, and strip it.

    Args:
        prompt: what is asked.
        keeps_typed: whether what was typed before the prompt counts; only for the second half of what is pasted whole.

    Raises:
        EOFError: the input ended.
    """
    if not keeps_typed:
        _throw_away_typed()
    global _lines_shown  # noqa: PLW0603  # one process, one terminal
    _words(f"{_wrapped(prompt)} ")
    _lines_shown = 0
    return _typed_line().strip()


def _throw_away_typed() -> None:
    """Throw away what was typed or pasted before a question was shown, so that nothing is affirmed unseen."""
    if sys.platform != "win32" and sys.stdin.isatty():
        import termios

        keyboard = sys.stdin.fileno()
        with contextlib.suppress(termios.error):  # it was closed meanwhile
            termios.tcflush(keyboard, termios.TCIFLUSH)
            while select.select([keyboard], [], [], _QUIET_SECONDS)[0]:
                termios.tcflush(keyboard, termios.TCIFLUSH)
            termios.tcflush(keyboard, termios.TCIFLUSH)  # the beginning of a line that is still to come


def _typed_line() -> str:
    """Read a line; at a terminal only what it hands over, so that nothing of the next line is kept here.

    Raises:
        EOFError: the input ended.
    """
    if not sys.stdin.isatty():
        typed = sys.stdin.readline()
    else:
        came = b""
        while not came.endswith(b"\n") and (piece := os.read(sys.stdin.fileno(), 1 << 16)):
            came += piece
        typed = came.decode(errors="replace") if came.endswith(b"\n") else ""  # what Enter did not end is no answer
    if not typed:
        raise EOFError
    return typed


def ask_hidden(prompt: str) -> str:
    """Read one line without echo; if it is `show`, read the next one with echo.

    Raises:
        EOFError: the input ended.
    """
    import getpass

    typed = getpass.getpass(prompt + " ", stream=sys.stderr).strip()
    return ask(prompt) if typed.lower() == "show" else typed


def choose(question: "Question", *, about: str = "", also: Mapping[str, str] | None = None) -> str:
    """Ask a question that has answers; return the id of the one chosen.

    Args:
        question: its answers are typed as numbers, from 1.
        about: what it is asked of, which stands above it.
        also: words of further answers, by what is typed for them, which is also what is returned.

    Raises:
        EOFError: the input ended.
    """
    ids = {str(number): id_ for number, id_ in enumerate(question.answers, start=1)}
    words = {number: question.answers[id_] for number, id_ in ids.items()} | dict(also or {})
    notes = {number: question.notes[id_] for number, id_ in ids.items() if id_ in question.notes}
    asked = [
        *([("", ""), (about, "")] if about else []),
        ("", ""),
        (bold(question.text), ""),
        (texts.WHY_WE_ASK.format(why=question.why), ""),
    ]
    listed = _listed(words, notes)
    make_room(*asked, *listed)
    for paragraph, indent in asked:
        say(paragraph, indent=indent)
    make_room(*listed)
    typed = offer(words, notes=notes)
    return ids.get(typed, typed)


def offer(answers: Mapping[str, str], *, notes: Mapping[str, str] | None = None) -> str:
    """Show answers and what to type for each, and ask until one of them was typed; return what was typed for it.

    Args:
        answers: words by what is typed, in lower case.
        notes: what stands under an answer, by what is typed for it.

    Raises:
        EOFError: the input ended.
    """
    for words, indent in _listed(answers, notes or {}):
        say(words, indent=indent)
    *others, last = answers
    all_of_them = texts.ONE_OR_THE_OTHER.format(others=", ".join(others), last=last) if others else Message(last)
    while (typed := ask(texts.TYPE_ONE.format(answers=all_of_them)).lower()) not in answers:
        say(texts.TYPE_AN_ANSWER.format(answers=all_of_them))
    return typed


def _listed(answers: Mapping[str, str], notes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return answers as paragraphs, each with its indent, and under it its note."""
    widest = max(map(len, answers))
    listed = []
    for typed, words in answers.items():
        listed.append((words, f"  {typed:<{widest}}  "))
        if note := notes.get(typed):
            listed.append((note, " " * (widest + 4)))
    return listed


def confirm(prompt: str, *, word: str) -> bool:
    """Ask for one deliberate word; an empty line means no, and anything else asks again.

    Raises:
        EOFError: the input ended.
    """
    while (typed := ask(prompt).lower()) not in {word, ""}:
        say(endings.TYPE_THE_WORD.format(word=word))
    return bool(typed)


def show_pages(text: str) -> None:
    """Show a long line a screenful at a time, forwards and back, on the separate screen; no other program sees it.

    Raises:
        EOFError: the input ended.
    """
    size = typer.get_terminal_size((_WIDTH, 24))
    lines = [text[place : place + size.columns] for place in range(0, len(text), size.columns)]
    height = max(1, size.lines - 3)
    pages = [lines[place : place + height] for place in range(0, len(lines), height)]
    page = 0
    with alternate_screen(can_turn_back=False):
        while page < len(pages):
            clear()
            _words("".join(f"{line}\n" for line in pages[page]))
            typed = ask(texts.PAGE_OF.format(page=page + 1, pages=len(pages))).lower()
            page = len(pages) if typed == "q" else max(0, page - 1) if typed == "b" else page + 1


@contextlib.contextmanager
def alternate_screen(*, can_turn_back: bool = True) -> Iterator[None]:
    """Use a separate screen, which is cleared at the end and leaves nothing to scroll back to.

    GNU screen keeps it all the same, which is said while the person can still turn back.
    """
    if not takes_escapes():
        say(codes.CLOSE_THE_WINDOW)
        yield
        return
    if can_turn_back and "STY" in os.environ:
        say(codes.IN_GNU_SCREEN)
        ask(texts.ENTER_GOES_ON)
    global _lines_shown, _on_screen  # noqa: PLW0603  # there is one terminal
    with _cleared_when_suspended():
        _on_screen, _lines_shown = [], 0
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
    global _lines_shown  # noqa: PLW0603  # one process, one terminal
    if _on_screen is not None:
        _on_screen.clear()
    if takes_escapes():
        sys.stderr.write(_CLEARED)
        _lines_shown = 0
