"""Run the half of this program that opens files as a process of its own, closed off before the first file.

    the rest: asks, seals, sends                          the picture half: opens files, starts workers

    forks                                                 gives up sockets, writing and other programs
            <- whether that holds
    for each file:
            <- there is room for one
            its path ->                                   opens it, has a worker hash it
            <- its hashes, and reasons from a closed list
    ends it

So the kernel holds the wall (Linux; `hashclient.media.sandbox.confine` says how): whatever runs where a person's files
are open has no way out but these answers, which are believed no more than a worker's. It is a copy of the process that
asks for it, taken before that draws a case number, and ends with it.
"""

import json
import os
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, NoReturn

from hashclient._optional import how_to_install
from hashclient.errors import (
    EmptyMediaError,
    FolderError,
    HashclientError,
    MissingExtraError,
    NoSandboxError,
    NotAFileError,
    PictureHalfError,
    WorkerError,
)
from hashclient.guidance.reasons import why_file_alone
from hashclient.media.sandbox.confine import Level, close_off, end_with_parent
from hashclient.model import Signal
from hashclient.model.signal import EXACT
from hashclient.model.wire import parse_json
from hashclient.prepare.options import HashOptions
from hashclient.prepare.protocol import REASONS, LyingWorkerError, checked_percent, checked_signals
from hashclient.prepare.result import Prepared, Skipped
from hashclient.vocabulary import MAX_FRAMES, Content, Reason, SignalType

_OTHERS: Final = (FolderError, NotAFileError, EmptyMediaError, MissingExtraError, WorkerError, NoSandboxError)
_FAILURES: Final[dict[str, type[HashclientError]]] = {**REASONS, **{kind.__name__: kind for kind in _OTHERS}}
"""What may go wrong there; the person reads this process's own sentence for it."""
_MAX_LINE_BYTES: Final = 2 << 20
"""Most bytes of an answer: 7,200 frames of a video."""
_MOST_REASONS: Final = 8
_A_SECOND: Final = 1000
_MOST_MILLISECONDS: Final = 10**11
_SECONDS_TO_END: Final = 5.0
_POLL_SECONDS: Final = 0.01

_Hash = Callable[[Iterator[Path]], Iterator[Prepared]]


def hash_apart(paths: Iterator[Path], options: HashOptions, hash_all: _Hash) -> Generator[Prepared]:
    """Hash files in the picture half, in order, each taken when there is room for it.

    However the iteration ends, the picture half and its workers have ended before control goes back.

    Args:
        paths: of the files.
        options: how they are hashed.
        hash_all: hashes them; it is called in the other process.

    Raises:
        NoSandboxError: full protection is required, and this machine does not offer it.
        PictureHalfError: the other process ended too early, or said what it never says.
        HashclientError: what `hash_all` raised there.
    """
    half = _Half(hash_all)
    given: deque[Path] = deque()
    try:
        holds = half.is_closed_off()
        if not holds and options.require_full:
            raise NoSandboxError
        position, are_all_given = 0, False
        while (said := half.read()) != {"done": True} or given:
            match said:
                case {"next": True} if not are_all_given:
                    if (path := next(paths, None)) is not None:
                        given.append(path)
                    are_all_given = path is None
                    half.write(None if path is None else os.fspath(path))
                case {"error": str(name), **others} if name in _FAILURES and not others:
                    raise _FAILURES[name]
                case _ if given:
                    result = _result_of(said, given.popleft(), position, options)
                    is_less = not holds and result.protection == Level.FULL
                    yield replace(result, protection=Level.LIMITED) if is_less else result
                    position += 1
                case _:
                    raise PictureHalfError
        if not are_all_given and next(paths, None) is not None:  # a file that nobody has looked at
            raise PictureHalfError
    finally:
        half.end()


def can_close_off() -> bool:
    """Tell whether this machine lets the picture half give up all that it should; False where there is none."""
    if sys.platform != "linux":
        return False
    half = _Half(lambda _: iter(()))
    try:
        return half.is_closed_off()
    finally:
        half.end()


class _Half:
    """The other process, as this one sees it."""

    def __init__(self, hash_all: _Hash) -> None:
        (their_paths, paths), (answers, their_answers) = os.pipe(), os.pipe()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # until the copy has its own handlers
        with warnings.catch_warnings():  # of other threads: the copy has only this one, and needs nothing of theirs
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if not self._pid:
            _serve(their_paths, their_answers, hash_all, mask)
        os.close(their_paths)
        os.close(their_answers)
        self._paths, self._answers = os.fdopen(paths, "wb", buffering=0), os.fdopen(answers, "rb")
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        except BaseException:  # Ctrl-C came meanwhile
            self.end()
            raise

    def is_closed_off(self) -> bool:
        """Tell whether it gave up what it had to."""
        match self.read():
            case {"closed_off": bool(holds)}:
                return holds
        raise PictureHalfError

    def read(self) -> object:
        """Read one line; raises `PictureHalfError` where it is none."""
        line = self._answers.readline(_MAX_LINE_BYTES)
        try:
            return parse_json(line) if line.endswith(b"\n") else None
        except ValueError:
            raise PictureHalfError from None

    def write(self, said: object) -> None:
        """Write one line; raises `PictureHalfError` where it has ended."""
        try:
            _write_line(self._paths, said)
        except OSError:
            raise PictureHalfError from None

    def end(self) -> None:
        """End it with its workers, and wait for that."""
        self._paths.close()
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)
        latest = time.monotonic() + _SECONDS_TO_END
        with suppress(ChildProcessError):  # whoever started this program had it take no notice of children that end
            while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
                if time.monotonic() > latest:
                    os.kill(self._pid, signal.SIGKILL)
                time.sleep(_POLL_SECONDS)
        self._answers.close()


def _line(said: object) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _write_line(to: IO[bytes], said: object) -> None:
    """Write one line, all of it: a write is cut short where the process is stopped and goes on (Ctrl-Z, `fg`)."""
    left = memoryview(_line(said))
    while left:
        left = left[to.write(left) :]


def _result_of(said: object, path: Path, position: int, options: HashOptions) -> Prepared:
    """Take an answer apart; raises `PictureHalfError` where it is none."""
    match said:
        case {
            "content": str(content),
            "rows": [*rows],
            "times": [*times],
            "skipped": [*skipped],
            "protection": str(protection),
            **inner,
        } if len(rows) <= MAX_FRAMES + len(EXACT) and len(skipped) <= _MOST_REASONS:
            try:
                kind = Content(content)
                signals = checked_signals(rows, kind, options)
                reasons = tuple(_reason_from(one, kind, is_alone=bool(signals)) for one in skipped)
                level = Level(protection)
                inside = _inside(inner, kind, options)
            except (ValueError, TypeError, LyingWorkerError):
                raise PictureHalfError from None
            frames = sum(signal.type is SignalType.VPDQ and signal.variant is None for signal in signals)
            if len(times) == frames and all(type(one) is int and 0 <= one < _MOST_MILLISECONDS for one in times):
                seconds = tuple(one / _A_SECOND for one in times)
                prepared = Prepared(path, position, kind, signals, reasons, level, seconds)
                return prepared.with_inner(*inside) if inside else prepared
    raise PictureHalfError


def _inside(
    said: dict[object, object], content: Content, options: HashOptions
) -> tuple[tuple[Signal, ...], int] | None:
    """Take the hashes of the picture inside apart; raises `LyingWorkerError` or `ValueError` where they are none."""
    match said:
        case {"inner": [[*rows], percent], **extra} if not extra and content is Content.IMAGE and rows:
            return checked_signals(rows, content, options), checked_percent(percent, options)
        case {**extra} if not extra:
            return None
    raise ValueError


def _reason_from(said: object, content: Content, *, is_alone: bool) -> Skipped:
    """Put a reason into our own words; raises `ValueError` where it is none."""
    match said:
        case [str(name), bool(is_known)] if name in _FAILURES:
            kind = _FAILURES[name]
            error = kind(hint=how_to_install("video")) if kind is MissingExtraError else kind()
            if is_alone:
                return Skipped(error, *why_file_alone(error, content))
            return Skipped.because(error, content=content if is_known else None)
        case [str(name), True]:
            return Skipped.because(Reason(name), content=content)
    raise ValueError


def _serve(  # pragma: no cover  # confined, see `confine`
    paths_fd: int, answers_fd: int, hash_all: _Hash, mask: set[int | signal.Signals]
) -> NoReturn:
    """Be the picture half: never return. The signals of `mask` are blocked from then on, and no others."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the other process, which then ends this one
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # else nobody could wait for a worker
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        end_with_parent()
        paths, answers = _only_these(paths_fd, answers_fd)
        _write_line(answers, {"closed_off": close_off()})

        def given() -> Iterator[Path]:
            while True:
                _write_line(answers, {"next": True})
                if (path := json.loads(paths.readline())) is None:
                    return
                yield Path(path)

        try:
            for prepared in hash_all(given()):
                _write_line(answers, _answer(prepared))
            _write_line(answers, {"done": True})
        except HashclientError as error:
            _write_line(answers, {"error": type(error).__name__})
    finally:
        os._exit(0)


def _only_these(paths_fd: int, answers_fd: int) -> tuple[IO[bytes], IO[bytes]]:  # pragma: no cover  # as above
    """Close every descriptor but the two pipes, which become standard input and output."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for given, number in ((paths_fd, 0), (answers_fd, 1), (nothing, 2)):
        os.dup2(given, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    with suppress(FileNotFoundError):  # where there is no /proc, this process is not closed off either
        for number in [int(one.name) for one in Path("/proc/self/fd").iterdir()]:  # also above a lowered limit
            if number > 2:
                with suppress(OSError):
                    os.close(number)
    return os.fdopen(0, "rb", closefd=False), os.fdopen(1, "wb", buffering=0, closefd=False)


def _answer(prepared: Prepared) -> dict[str, object]:  # pragma: no cover  # as above
    answer: dict[str, object] = {
        "content": prepared.content.value,
        "rows": _rows(prepared.signals),
        "times": [round(seconds * _A_SECOND) for seconds in prepared.times],
        "skipped": [_reason_of(one) for one in prepared.skipped],
        "protection": str(prepared.protection),
    }
    if prepared.inner is not None:
        answer["inner"] = [_rows(prepared.inner.signals), prepared.inner.percent]
    return answer


def _rows(signals: tuple[Signal, ...]) -> list[list[object]]:  # pragma: no cover  # as above
    return [[one.type.value, one.value, one.quality, one.variant] for one in signals]


def _reason_of(skipped: Skipped) -> tuple[str, bool]:  # pragma: no cover  # as above
    """Name a reason, and tell whether it is known that the file is a picture or a video."""
    if isinstance(skipped.reason, HashclientError):
        return type(skipped.reason).__name__, skipped.sentence != type(skipped.reason).sentence
    return skipped.reason.value, True
