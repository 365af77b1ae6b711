"""Run the command line so that nothing escapes but words and an exit code.

The last line of defence for rules 3 and 6 of `_terminal`: our own errors print their sentence and hint, typer's, which
repeat what was typed and so may hold a file name or a PIN, are put into words of our own, and anything else becomes a
short code. Of a foreign error only types, files, line numbers and names of our own options come through.
"""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final, NoReturn

import typer

from hashclient.cli import _terminal
from hashclient.errors import HashclientError, UsageError
from hashclient.guidance import texts

INTERRUPTED: Final = 130
TERMINATED: Final = 143
READER_GONE: Final = 141
_STOPPING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals, besides that of Ctrl-C, that end the program tidily."""
_OPTION: Final = re.compile(r"--?[a-z][a-z-]{0,20}")
_debug = bool(os.environ.get("HASHCLIENT_DEBUG"))


class StoppedError(Exception):
    """The person or the system stopped the program; its text is the truth about what was sent."""

    def __init__(self, sentence: str, *, exit_code: int = INTERRUPTED) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class _TerminatedError(KeyboardInterrupt):
    """The system asked the program to end; treated as Ctrl-C, so that everything is tidied up."""


def show_tracebacks() -> None:
    """Show where errors arise, from now on."""
    global _debug  # noqa: PLW0603  # one process, one person
    _debug = True


@contextmanager
def interrupted_means(sentence: str | Callable[[], str]) -> Iterator[None]:
    """Say `sentence`, or what it returns then, instead of "nothing was sent" when the program is stopped inside.

    Raises:
        StoppedError: it was stopped inside.
    """
    try:
        yield
    except (KeyboardInterrupt, EOFError) as stop:
        raise StoppedError(sentence if isinstance(sentence, str) else sentence(), exit_code=_code_of(stop)) from None


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore signals while tidying up."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, *_STOPPING)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def in_one_piece() -> Iterator[None]:
    """Hold a signal back until a whole line is written. A second one does not wait."""
    held: list[tuple[int, FrameType | None]] = []

    def hold(number: int, frame: FrameType | None) -> None:
        if held:
            _obey(before[number], number, frame)
        held.append((number, frame))

    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, *_STOPPING)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number, frame in held:
        _obey(before[number], number, frame)


def _obey(handler: Any, number: int, frame: FrameType | None) -> None:
    """Do what the signal would have done; one that was ignored before does nothing."""
    if callable(handler):
        handler(number, frame)


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run an app and return the exit code of the process."""
    sys.excepthook = _say_that_words_failed
    for number in _STOPPING:
        signal.signal(number, _terminate)
    _leave_no_core()
    try:
        _invoke(app, arguments)
        sys.stdout.flush()
    except (typer.Exit, SystemExit) as ended:
        return _flushed(ended)
    except BrokenPipeError:
        return _reader_gone()
    except BaseException as error:  # noqa: BLE001  # the last wall: no traceback reaches a person
        return _tell(error)
    return 0


def _invoke(app: typer.Typer, arguments: Sequence[str]) -> None:
    """Run without typer's `main`, which has its own words for Ctrl-C and errors."""
    command = typer.main.get_command(app)
    with command.make_context("hashclient", list(arguments)) as context:
        command.invoke(context)


def _leave_no_core() -> None:
    """Keep a crash from writing memory, and so a PIN, to disk, where the system has such a limit."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _TerminatedError


def _code_of(stop: BaseException) -> int:
    return TERMINATED if isinstance(stop, _TerminatedError) else INTERRUPTED


def _flushed(ended: Any) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    code = ended.exit_code if isinstance(ended, typer.Exit) else ended.code
    return int(code or 0)


def _reader_gone() -> int:
    """End quietly when the reader of stdout or stderr is gone."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(quiet, stream.fileno())
    return READER_GONE


def _say_that_words_failed(*_: object) -> None:
    """Handle a failure of the error handling itself: say the least, show nothing."""
    sys.stderr.write(HashclientError().sentence + "\n")


def _tell(error: BaseException) -> int:
    if _debug:
        _show_trace(error)
    if isinstance(error, KeyboardInterrupt | EOFError):
        error = StoppedError(f"{texts.INTERRUPTED} {texts.NOT_SENT}", exit_code=_code_of(error))
    if isinstance(error, StoppedError):
        _terminal.progress("")
        _terminal.say()
        _terminal.say(str(error))
        return error.exit_code
    known = error if isinstance(error, HashclientError) else _in_words(error)
    _terminal.progress("")
    _terminal.say(known.sentence)
    _terminal.say(known.hint)
    return known.exit_code


def _in_words(error: BaseException) -> HashclientError:
    """Turn a foreign error into one of ours, with nothing of the person's in it."""
    if isinstance(error, typer.TyperException):
        return _usage(error)
    own = HashclientError()
    return HashclientError(f"{own.sentence} Code: {_place(error)}.")


def _usage(error: typer.TyperException) -> UsageError:
    """Put an error of typer's into words of our own."""
    context, option = getattr(error, "ctx", None), _option_of(error)
    path = context.command_path if context else "hashclient"
    hint = f"See '{path} --help'."
    if option and type(error).__name__ == "NoSuchOption":
        return UsageError(f"There is no option {option} here. Nothing was sent.", hint=hint)
    if option:
        return UsageError(f"The value of {option} is missing or cannot be used. Nothing was sent.", hint=hint)
    if error.format_message().startswith("No such command"):
        return UsageError("There is no such command. Nothing was sent.", hint=hint)
    if error.format_message().startswith("Got unexpected extra argument"):
        return UsageError(
            "There is something too much in the command. Nothing was sent.",
            hint=f"Case number and PIN are asked for, never written there. {hint}",
        )
    return UsageError(hint=hint)


def _option_of(error: typer.TyperException) -> str:
    """Name the option or argument that is meant, where its name is one of ours or looks like one."""
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return str(parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or "an argument")
    typed = getattr(error, "option_name", None) or ""
    return typed if _OPTION.fullmatch(typed) else ""


def _place(error: BaseException) -> str:
    """Give type, file and line: enough to find it, nothing of the person's."""
    frame, place = error.__traceback__, "?"
    while frame:
        if "hashclient" in frame.tb_frame.f_code.co_filename:
            place = f"{os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}"  # noqa: PTH119
        frame = frame.tb_next
    return f"{type(error).__name__} {place}"


def _show_trace(error: BaseException) -> None:
    """Print where an error arose: files, lines and types; no values, no messages."""
    import traceback

    for entry in traceback.extract_tb(error.__traceback__):
        sys.stderr.write(f"  {entry.filename}:{entry.lineno} in {entry.name}\n")
    sys.stderr.write(f"  {type(error).__module__}.{type(error).__name__}\n")
