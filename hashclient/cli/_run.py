"""Run the command line so that nothing comes out but words and an exit code.

The last line of defence for rules 3, 5 and 7 of `_terminal`. Our own errors print their sentence and hint. Those of typer
repeat what was typed, which may be a file name or a PIN, so they are put into words of our own. Anything else becomes a
short code: of a foreign error only its type, files, line numbers and names of our own options come through.
"""

import errno
import io
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, NoReturn

import typer

from hashclient._harden import harden
from hashclient.cli import _terminal
from hashclient.errors import HashclientError, UsageError
from hashclient.guidance import each_file, texts
from hashclient.messages import joined

BY_CTRL_C: Final = 130
BY_SIGNAL: Final = 143
READER_GONE: Final = 141
_STOPPING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
"""Signals, besides that of Ctrl-C, that end the program tidily."""
_OPTION: Final = re.compile(r"--?[a-z][a-z-]{0,20}")


class StoppedError(Exception):
    """The person or the system stopped the program; its text is the truth about what was sent."""

    def __init__(self, sentence: str, stop: BaseException) -> None:
        super().__init__(sentence)
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
    """Run an app and return the exit code of the process."""
    sys.excepthook = _say_that_words_failed
    _settle_streams()
    for number in _STOPPING:
        signal.signal(number, _terminate)
    harden()
    sys.dont_write_bytecode = True  # a file of compiled code would tell which verb was used
    try:
        code = _invoke(app, arguments)
        _terminal.data()
    except BrokenPipeError:
        return _leave_quietly()
    except BaseException as error:  # noqa: BLE001  # the last wall: no traceback reaches a person
        return _explain(error)
    return code


def _invoke(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run without typer's `main`, which has its own words for Ctrl-C and errors."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("hashclient", list(arguments)) as context:
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
        error = StoppedError(f"{texts.INTERRUPTED} {texts.NOT_SENT}", error)
    if isinstance(error, StoppedError):
        _terminal.say()
        _terminal.say(str(error))
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
        return _usage(error)
    if isinstance(error, OSError) and "echo" in _functions_of(error):  # typer printed help
        _terminal.silence(sys.stdout)
        return UsageError(f"{texts.OUTPUT_FAILED} {texts.NOT_SENT}", hint=texts.ANOTHER_OUTPUT)
    return HashclientError(f"{HashclientError.sentence} Code: {_place(error)}.")


def _usage(error: typer.TyperException) -> UsageError:
    """Put an error of typer's into words of our own."""
    context, option = getattr(error, "ctx", None), _option_of(error)
    path = context.command_path if context else "hashclient"
    hint = f"See '{path} --help'."
    if option and type(error).__name__ == "NoSuchOption":
        return UsageError(
            f"There is no option {option} here. Nothing was sent.", hint=joined(hint, each_file.DASH_IN_FRONT)
        )
    if option and type(error).__name__ == "MissingParameter":
        return UsageError(f"{option} is missing. Nothing was sent.", hint=hint)
    if option:
        return UsageError(f"The value of {option} is missing or cannot be used. Nothing was sent.", hint=hint)
    if error.format_message().startswith(("No such command", "Missing command")):
        return UsageError("There is no such command, or none was named. Nothing was sent.", hint=hint)
    if error.format_message().startswith("Got unexpected extra argument"):
        return UsageError(
            "The command has a word too many. Nothing was sent.",
            hint=f"Case number and PIN are asked for, never typed in the command. {hint}",
        )
    return UsageError(hint=hint)


def _option_of(error: typer.TyperException) -> str:
    """Name the option or argument that is meant, where its name is one of ours or looks like one."""
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return str(parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or "an argument")
    typed = getattr(error, "option_name", None) or ""
    return typed if _OPTION.fullmatch(typed) else ""


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
