"""Run the command line so that nothing escapes but words and an exit code.

The last wall of rules 3 and 6 of `_console`: errors of ours say their sentence and hint, errors of
typer are put into words that hold nothing the person typed, anything else becomes a short code.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final, NoReturn

import typer

from hashclient.cli import _console, _words
from hashclient.errors import HashclientError
from hashclient.guidance import texts

INTERRUPTED: Final = 130
TERMINATED: Final = 143
READER_GONE: Final = 141
_STOPPING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals, besides that of Ctrl-C, that end the program tidily."""
_debug = bool(os.environ.get("HASHCLIENT_DEBUG"))


class StoppedError(Exception):
    """The person or the system stopped the program; its text is the truth about what was sent."""

    def __init__(self, sentence: str, *, exit_code: int = INTERRUPTED) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class _TerminatedError(KeyboardInterrupt):
    """The system asked the program to end: treated as Ctrl-C, so that everything is tidied."""


def show_tracebacks() -> None:
    """Let errors show where they arose, from now on."""
    global _debug  # noqa: PLW0603  # one process, one person
    _debug = True


@contextmanager
def interrupted_means(sentence: str | Callable[[], str]) -> Iterator[None]:
    """Say `sentence`, or what it gives then, and not "nothing was sent", when the program is stopped inside.

    Raises:
        StoppedError: it was stopped inside.
    """
    try:
        yield
    except (KeyboardInterrupt, EOFError) as stop:
        raise StoppedError(sentence if isinstance(sentence, str) else sentence(), exit_code=_code_of(stop)) from None


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let no signal stop what is inside: tidying up."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, *_STOPPING)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def in_one_piece() -> Iterator[None]:
    """Let a signal wait until what is inside is done: a line, whole. A second one does not wait."""
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
    """Do what a signal would have done; one that was ignored before does nothing."""
    if callable(handler):
        handler(number, frame)


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run an app; give the exit code of the process."""
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
    """Run without typer's own `main`, which has its own words for Ctrl-C and errors."""
    command = typer.main.get_command(app)
    with command.make_context("hashclient", list(arguments)) as context:
        command.invoke(context)


def _leave_no_core() -> None:
    """See to it that a crash writes no memory, and so no PIN, to disk; where the system has such a limit."""
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
    """End quietly when whoever read stdout or stderr went away."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(quiet, stream.fileno())
    return READER_GONE


def _say_that_words_failed(*_: object) -> None:
    """Stand behind the wall itself: say the least, show nothing."""
    sys.stderr.write(HashclientError().sentence + "\n")


def _tell(error: BaseException) -> int:
    if _debug:
        _words.show_trace(error)
    if isinstance(error, KeyboardInterrupt | EOFError):
        error = StoppedError(f"{texts.INTERRUPTED} {texts.NOT_SENT}", exit_code=_code_of(error))
    if isinstance(error, StoppedError):
        _console.progress("")
        _console.say()
        _console.say(str(error))
        return error.exit_code
    known = error if isinstance(error, HashclientError) else _words.of(error)
    _console.progress("")
    _console.say(known.sentence)
    _console.say(known.hint)
    return known.exit_code
