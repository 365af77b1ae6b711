"""Run the command line so that nothing comes out but words and an exit code.

The last line of defence for rules 3, 5 and 7 of `_terminal`. Our own errors print their sentence and hint. Those of typer
repeat what was typed, which may be a file name or a PIN, so `_commands` puts them into words of our own. Anything else becomes a
short code: of a foreign error only its type, files, line numbers and names of our own options come through.
"""

import errno
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, NoReturn

import typer

from hashclient._harden import harden
from hashclient.cli import _commands, _terminal
from hashclient.errors import HashclientError, UsageError
from hashclient.guidance import languages, texts
from hashclient.guidance.commands import CODE
from hashclient.messages import joined, use

BY_CTRL_C: Final = 130
BY_SIGNAL: Final = 143
READER_GONE: Final = 141
_STOPPING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
"""Signals, besides that of Ctrl-C, that end the program tidily."""


class StoppedError(Exception):
    """The person or the system stopped the program; its text is the truth about what was sent."""

    def __init__(self, sentence: str, stop: BaseException) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_code = BY_SIGNAL if isinstance(stop, _TerminatedError) else BY_CTRL_C


class _TerminatedError(KeyboardInterrupt):
    """The system asked the program to end; treated as Ctrl-C, so that everything is tidied up."""


@contextmanager
def interrupted_means(sentence: str | Callable[[], str]) -> Iterator[None]:
    """Say `sentence`, or what it returns then, instead of "nothing was sent" if the program is stopped inside.

    Raises:
        StoppedError: it was stopped inside.
    """
    try:
        yield
    except (KeyboardInterrupt, EOFError) as stop:
        raise StoppedError(sentence if isinstance(sentence, str) else sentence(), stop) from None


@contextmanager
def handling_stops(handler: Any) -> Iterator[dict[int, Any]]:
    """Give the signals that stop the program another handler; yield those they had, which come back at the end."""
    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, *_STOPPING)}
    try:
        yield before
    finally:
        for number, own in before.items():
            signal.signal(number, own)


@contextmanager
def in_one_piece() -> Iterator[None]:
    """Hold a signal back until a whole line is written. A second one does not wait."""
    held: list[tuple[int, FrameType | None]] = []

    def hold(number: int, frame: FrameType | None) -> None:
        if held:
            _obey(before[number], number, frame)
        held.append((number, frame))

    with handling_stops(hold) as before:
        yield
    for number, frame in held:
        _obey(before[number], number, frame)


def _obey(handler: Any, number: int, frame: FrameType | None) -> None:
    """Do what the signal would have done; one that was ignored before does nothing."""
    if callable(handler):
        handler(number, frame)


def run_app(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run an app in the language that the arguments or the environment name; return the exit code of the process."""
    sys.excepthook = _say_that_words_failed
    _settle_streams()
    for number in _STOPPING:
        signal.signal(number, _terminate)
    harden()
    sys.dont_write_bytecode = True  # a file of compiled code would tell which verb was used
    try:
        code = _invoke(app, _settle_language(arguments) or ["--help"])
        _terminal.data()
    except BrokenPipeError:
        return _leave_quietly()
    except BaseException as error:  # noqa: BLE001  # the last wall: no traceback reaches a person
        return _explain(error)
    return code


def _settle_language(arguments: Sequence[str]) -> list[str]:
    """Speak the language that the environment or an option names from here on; return the arguments without the option.

    Raises:
        UsageError: the option names no language that is known here.
    """
    _speak(languages.of_environment(os.environ))
    named, left = languages.named_in(arguments)
    if named:
        _speak(named)
    return left


def _speak(code: str) -> None:
    """Speak a language, or English where the terminal has no letters for it."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    can_be_shown = (
        languages.LANGUAGE_NAMES[code].encode(encoding, "ignore").decode(encoding) == languages.LANGUAGE_NAMES[code]
    )
    use(languages.catalogue(code if can_be_shown else languages.ENGLISH))


def _invoke(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run without typer's `main`, which has its own words for Ctrl-C and errors."""
    command = _commands.built(app)
    if (code := _commands.completed(command)) is not None:
        return code
    try:
        with command.make_context(
            _commands.PROGRAM_NAME, list(arguments), help_option_names=["-h", "--help"]
        ) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


class _ClosedOutput(io.TextIOBase):
    """What stands in for a standard output that is closed: nothing can be written to it."""

    def write(self, _text: str, /) -> int:
        raise OSError(errno.EBADF, "closed")


def _settle_streams() -> None:
    """Have all three standard streams, whatever the program was started with, and output that can hold any name.

    The number of a closed one is taken at once, so that no file of the person's gets it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest number that is free
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: PTH123, SIM115  # a device; it stays open
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115  # as above
    sys.stdout = sys.stdout or _ClosedOutput()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _TerminatedError


def _leave_quietly() -> int:
    """End without a word: the reader of stdout or stderr is gone."""
    for stream in (sys.stdout, sys.stderr):
        _terminal.silence(stream)
    return READER_GONE


def _say_that_words_failed(*_: object) -> None:
    """Handle a failure of the error handling itself: say the least, show nothing."""
    sys.stderr.write(f"{HashclientError.sentence}\n")


def _explain(error: BaseException) -> int:
    """Say what went wrong; return the exit code."""
    if os.environ.get("HASHCLIENT_DEBUG"):
        _show_trace(error)
    _terminal.progress("")
    if isinstance(error, KeyboardInterrupt | EOFError):
        error = StoppedError(joined(texts.INTERRUPTED, texts.NOT_SENT), error)
    if isinstance(error, StoppedError):
        _terminal.say()
        _terminal.say(error.sentence)
        return error.exit_code
    known = _as_our_error(error)
    _terminal.say(known.sentence)
    _terminal.say(known.hint)
    return known.exit_code


def _as_our_error(error: BaseException) -> HashclientError:
    """Turn a foreign error into one of ours, with nothing of the person's in it."""
    if isinstance(error, HashclientError):
        return error
    if isinstance(error, typer.TyperException):
        return _commands.of_typer(error)
    if isinstance(error, OSError) and "echo" in _functions_of(error):  # typer printed help
        _terminal.silence(sys.stdout)
        return UsageError(joined(texts.OUTPUT_FAILED, texts.NOT_SENT), hint=texts.ANOTHER_OUTPUT)
    return HashclientError(joined(HashclientError.sentence, CODE.format(code=_place(error))))


def _functions_of(error: BaseException) -> set[str]:
    """Return the names of the functions through which an error went."""
    return {frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)}


def _place(error: BaseException) -> str:
    """Return type, file and line: enough to find it, nothing of the person's."""
    frame, place = error.__traceback__, "?"
    while frame:
        if "hashclient" in frame.tb_frame.f_code.co_filename:
            place = f"{os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}"  # noqa: PTH119
        frame = frame.tb_next
    return f"{type(error).__name__} {place}"


def _show_trace(error: BaseException) -> None:
    """Print where an error arose: files, lines and types; no values, no messages."""
    for entry in traceback.extract_tb(error.__traceback__):
        sys.stderr.write(f"  {entry.filename}:{entry.lineno} in {entry.name}\n")
    sys.stderr.write(f"  {type(error).__module__}.{type(error).__name__}\n")
