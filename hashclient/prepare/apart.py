"""Run the half of this program that opens files as a process of its own, closed off before the first file.

    the rest: asks, seals, sends                          the picture half: opens files, starts workers

    forks                                                 gives up sockets, writing and other programs
            <- whether that holds
    what is to be done with some files: look, or hash ->
        for each of them:
            <- there is room for one
            its path ->                                   opens it, looks at it or has a worker hash it
            <- what it is, or its hashes; reasons from a closed list
    ends it, also where it says nothing any more, not even that it still lives

So the kernel holds the wall (Linux; `hashclient.media.sandbox.confine` says how): whatever runs where a person's files
are open has no way out but these answers, which are believed no more than a worker's. It is a copy of the process that
asks for it, taken before that knows a case number, and ends with it.
"""

import json
import os
import select
import signal
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, NoReturn, Self

from hashclient._optional import how_to_install
from hashclient.errors import (
    EmptyMediaError,
    FolderError,
    HashclientError,
    MissingExtraError,
    MissingMediaError,
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
from hashclient.prepare.result import KINDS, Look, Prepared, Skipped
from hashclient.vocabulary import MAX_FRAMES, Content, Reason, SignalType

_OTHERS: Final = (
    MissingMediaError,
    FolderError,
    NotAFileError,
    EmptyMediaError,
    MissingExtraError,
    WorkerError,
    NoSandboxError,
)
_FAILURES: Final[dict[str, type[HashclientError]]] = {**REASONS, **{kind.__name__: kind for kind in _OTHERS}}
"""What may go wrong there; the person reads this process's own sentence for it."""
_MAX_LINE_BYTES: Final = 2 << 20
"""Most bytes of an answer: 7,200 frames of a video."""
_MOST_REASONS: Final = 8
_A_SECOND: Final = 1000
_MOST_MILLISECONDS: Final = 10**11
_MOST_BYTES: Final = 1 << 60
_SECONDS_TO_END: Final = 5.0
_POLL_SECONDS: Final = 0.01
_LISTEN_SECONDS: Final = 1.0
_MOST_LISTENED: Final = 30
"""Ticks without a line after which the other process is given up; it says every few seconds that it lives. They are
counted, so that time in which this process was stopped itself (Ctrl-Z) is none."""
_BEAT_SECONDS: Final = 3.0
_MOST_BEATS: Final = 1200
"""Lines that only say that it lives, between two others: an hour, besides the time in which nobody listened."""

_Hash = Callable[[Iterator[Path]], Iterator[Prepared]]
_LookAt = Callable[[Iterator[Path]], Iterator[Look]]
_Work = Callable[[Iterator[Path]], Iterator[Mapping[str, object]]]
"""What can be done with files there: it takes their paths, and gives an answer for each."""


def hash_apart(paths: Iterator[Path], options: HashOptions, hash_all: _Hash) -> Generator[Prepared]:
    """Hash files in a picture half of their own, which has ended before control goes back, however the iteration ends.

    Args and Raises: as for `PictureHalf.hash`.
    """
    with PictureHalf(options, hash_all) as half:
        yield from half.hash(paths)


def can_close_off() -> bool:
    """Tell whether this machine lets the picture half give up all that it should; False where there is none."""
    if sys.platform != "linux":
        return False
    with _Half({}) as half:
        return half.is_closed_off()


class PictureHalf:
    """A picture half, started here and now, that looks at files and hashes them; to be used in a `with`.

    Args:
        options: how files are hashed.
        hash_all: hashes them; it is called in the other process.
        look_at_all: tells what they are; it is called in the other process, too.

    Raises:
        NoSandboxError: full protection is required, and this machine does not offer it.
        PictureHalfError: the other process ended too early, or said what it never says; also from the methods.
    """

    def __init__(self, options: HashOptions, hash_all: _Hash, look_at_all: _LookAt | None = None) -> None:
        self._options, self._looked_at = options, 0
        self._half = _Half(
            {
                "hash": lambda paths: map(_answer, hash_all(paths)),
                "look": lambda paths: map(_seen, look_at_all(paths) if look_at_all else ()),
            }
        )
        try:
            self._holds = _require_level(self._half, options)
        except BaseException:
            self._half.end()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._half.end()

    def look(self, paths: Iterator[Path]) -> Generator[Look]:
        """Tell of each file what it is; positions go on from call to call."""
        for path, said in self._half.answers("look", paths):
            yield _look_of(said, path, self._looked_at)
            self._looked_at += 1

    def hash(self, paths: Iterator[Path]) -> Generator[Prepared]:
        """Hash files, in order, each taken when there is room for it.

        Raises:
            HashclientError: what `hash_all` raised there.
        """
        for position, (path, said) in enumerate(self._half.answers("hash", paths)):
            result = _result_of(said, path, position, self._options)
            is_less = not self._holds and result.protection == Level.FULL
            yield replace(result, protection=Level.LIMITED) if is_less else result


def _require_level(half: "_Half", options: HashOptions) -> bool:
    if not (holds := half.is_closed_off()) and options.require_full:
        raise NoSandboxError
    return holds


class _Half:
    """The other process, as this one sees it."""

    def __init__(self, works: Mapping[str, _Work]) -> None:
        (their_paths, paths), (answers, their_answers) = os.pipe(), os.pipe()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # until the copy has its own handlers
        with warnings.catch_warnings():  # of other threads: the copy has only this one, and needs nothing of theirs
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if not self._pid:
            _serve(their_paths, their_answers, works, mask)
        os.close(their_paths)
        os.close(their_answers)
        self._paths, self._answers = os.fdopen(paths, "wb", buffering=0), os.fdopen(answers, "rb", buffering=0)
        self._came, self._listened = b"", time.monotonic()
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def answers(self, work: str, paths: Iterator[Path]) -> Generator[tuple[Path, object]]:
        """Have something done with files, each taken when there is room for it; yield what is said of each, in order.

        Raises:
            PictureHalfError: it ended too early, is silent, or says what it never says.
            HashclientError: what the work raised there.
        """
        self.write(work)
        given: deque[Path] = deque()
        are_all_given = False
        while (said := self.read()) != {"done": True} or given:
            match said:
                case {"next": True} if not are_all_given:
                    if (path := next(paths, None)) is not None:
                        given.append(path)
                    are_all_given = path is None
                    self.write(None if path is None else os.fspath(path))
                case {"error": str(name), **others} if name in _FAILURES and not others:
                    raise _FAILURES[name]
                case _ if given:
                    yield given.popleft(), said
                case _:
                    raise PictureHalfError
        if not are_all_given and next(paths, None) is not None:  # a file that nobody has looked at
            raise PictureHalfError

    def read(self) -> object:
        """Read one line that says something; raises `PictureHalfError` where none comes."""
        beats = (time.monotonic() - self._listened) / _BEAT_SECONDS  # a person was asked, or a list was slow
        for _ in range(_MOST_BEATS + int(beats)):
            try:
                if (said := parse_json(self._line())) != {"lives": True}:
                    self._listened = time.monotonic()
                    return said
            except ValueError:
                break
        raise PictureHalfError

    def _line(self) -> bytes:
        """Take one line; raises `PictureHalfError` where it is silent, too long or cut short."""
        while b"\n" not in self._came:
            ticks = 0
            while not select.select([self._answers], [], [], _LISTEN_SECONDS)[0]:
                ticks += 1
                if ticks >= _MOST_LISTENED:
                    raise PictureHalfError(PictureHalfError.silent)
            piece = self._answers.read(_MAX_LINE_BYTES)
            if not piece or len(self._came) > _MAX_LINE_BYTES:
                raise PictureHalfError
            self._came += piece
        line, _, self._came = self._came.partition(b"\n")
        return line

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
            signals = checked_signals(rows, content, options)
            if EXACT.isdisjoint(signal.type for signal in signals):  # a part of a file has no digest
                return signals, checked_percent(percent, options)
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


def _look_of(said: object, path: Path, position: int) -> Look:
    """Take an answer apart; raises `PictureHalfError` where it is none."""
    with suppress(ValueError):
        match said:
            case {"failure": str(name), "content": str(content), **others} if name in _FAILURES and not others:
                known = Content(content) if content else None
                return Look(path, position, known, skipped=Skipped.because(_FAILURES[name](), content=known))
            case {"content": content, "kind": str(kind), "bytes": int(size), "same": int(same), **others} if not others:
                is_position = type(same) is int and -1 <= same < position
                if kind in KINDS and type(size) is int and 0 < size < _MOST_BYTES and is_position:
                    return Look(path, position, Content(content), kind, size, None if same < 0 else same)
    raise PictureHalfError


def _serve(  # pragma: no cover  # confined, see `confine`
    paths_fd: int, answers_fd: int, works: Mapping[str, _Work], mask: set[int | signal.Signals]
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
        writing = threading.Lock()

        def say(said: object) -> None:
            with writing:
                _write_line(answers, said)

        def live() -> None:
            while True:
                time.sleep(_BEAT_SECONDS)
                say({"lives": True})

        def given() -> Iterator[Path]:
            while True:
                say({"next": True})
                if (path := json.loads(paths.readline())) is None:
                    return
                yield Path(path)

        say({"closed_off": close_off()})
        threading.Thread(target=live, daemon=True).start()  # closed off like the thread that starts it
        while line := paths.readline():
            try:
                for answer in works[json.loads(line)](given()):
                    say(answer)
                say({"done": True})
            except HashclientError as error:
                say({"error": type(error).__name__})
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
        "rows": _signal_rows(prepared.signals),
        "times": [round(seconds * _A_SECOND) for seconds in prepared.times],
        "skipped": [_reason_of(one) for one in prepared.skipped],
        "protection": str(prepared.protection),
    }
    if prepared.inner is not None:
        answer["inner"] = [_signal_rows(prepared.inner.signals), prepared.inner.percent]
    return answer


def _signal_rows(signals: tuple[Signal, ...]) -> list[list[object]]:  # pragma: no cover  # as above
    return [[one.type.value, one.value, one.quality, one.variant] for one in signals]


def _seen(look: Look) -> dict[str, object]:  # pragma: no cover  # as above
    if look.skipped is not None:
        return {"failure": type(look.skipped.reason).__name__, "content": look.content or ""}
    same = -1 if look.same_as is None else look.same_as
    return {"content": look.content, "kind": look.kind, "bytes": look.size, "same": same}


def _reason_of(skipped: Skipped) -> tuple[str, bool]:  # pragma: no cover  # as above
    """Name a reason, and tell whether it is known that the file is a picture or a video."""
    if isinstance(skipped.reason, HashclientError):
        return type(skipped.reason).__name__, skipped.sentence != type(skipped.reason).sentence
    return skipped.reason.value, True
