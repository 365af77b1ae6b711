"""One worker, seen from its parent: started, asked within a time limit, and ended.

The parent trusts nothing that comes out of it, and no behaviour of a worker can hold the parent
longer than the limits here. What is asked and how an answer is judged is left to `job`.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, TypeVar

from hashclient.errors import StoppedMediaError, WorkerError
from hashclient.media.sandbox.confine import Protection
from hashclient.prepare import pipes
from hashclient.prepare.answers import MAX_LINE_BYTES, AnswerReader, LyingWorkerError, read_greeting
from hashclient.prepare.job import Hashed, Job, write_job
from hashclient.prepare.nursery import Forked, Nursery
from hashclient.prepare.pipes import Pipes
from hashclient.prepare.spawned import KILL, Spawned
from hashclient.prepare.types import BY_LIBRARY
from hashclient.vocabulary import SignalType

COMMAND: Final = (sys.executable, "-I", "-B", "-m", "hashclient.prepare.worker")
"""How a worker is started: isolated from the environment and the current folder, writing no bytecode."""
_TYPES: Final = "--types"
_BROKEN_OFF: Final = (LyingWorkerError, TimeoutError, OSError, ValueError)
"""How talking to a worker can end: it lied, was silent, broke its pipes, or they were closed meanwhile."""
T = TypeVar("T")


def command_for(types: Iterable[SignalType]) -> tuple[str, ...]:
    """Give how a worker is started that is to make hashes of some types: it imports what it needs before it is confined."""
    by_library = sorted(BY_LIBRARY & {*types})
    return (*COMMAND, _TYPES, ",".join(by_library)) if by_library else COMMAND


def asked_types(arguments: Sequence[str]) -> tuple[SignalType, ...]:
    """Read, in the worker, which types of `BY_LIBRARY` it was started for."""
    named = arguments[arguments.index(_TYPES) + 1].split(",") if _TYPES in arguments else ()
    return tuple(map(SignalType, named))


@dataclass(frozen=True)
class WorkerLimits:
    """How long and how often one worker is used."""

    start_seconds: float = 60.0
    """Wall-clock time until it has to be ready, seconds."""
    file_seconds: float = 30.0
    """Wall-clock time for one picture, seconds; `ConfineLimits` has its processor time."""
    video_seconds: float = 900.0
    """Wall-clock time for one video, seconds."""
    end_seconds: float = 2.0
    """Wall-clock time between asking it to end and ending it, seconds."""
    files: int = 50
    """Files after which it is replaced."""


class Worker:
    """A running worker process."""

    def __init__(
        self,
        command: tuple[str, ...] = COMMAND,
        *,
        limits: WorkerLimits,
        nursery: Nursery | None = None,
        video: int | None = None,
    ) -> None:
        """Start it; `greet` waits until it is ready.

        Args:
            command: program and arguments.
            limits: how long it may take.
            nursery: what it is a copy of, in place of `command`.
            video: file descriptor of a video, open for reading at its start; the worker is given it,
                and is there for this one video. None for pictures.

        Raises:
            WorkerError: no process could be started.
        """
        self.limits = limits
        self.protection = Protection()
        self._files = 0
        self._has_failed = False
        self._talking = threading.Lock()
        self._ending = threading.Lock()
        self._hurry = threading.Event()
        self._video = video
        self._process: Spawned | Forked = nursery.fork() if nursery else Spawned(command, video=video)
        self._pipes = Pipes(self._process.jobs, self._process.answers)

    def greet(self) -> None:
        """Wait until it is ready, and learn what it gave up.

        Raises:
            WorkerError: it ended, was silent too long, or said something else. It has been ended.
        """
        try:
            self.protection = self._within(self.limits.start_seconds, lambda: read_greeting(self._line()))
        except _BROKEN_OFF:
            self.end()
            raise WorkerError from None

    def hash(self, job: Job, untrusted: bytes) -> Hashed:
        """Have one file hashed.

        Args:
            job: what is asked.
            untrusted: the bytes of the file; none where it is the video that the worker was given.

        Returns:
            The checked answer, or a `StoppedMediaError` as failure where the worker ended, was too
            slow or lied; it has then been ended.
        """
        self._files += 1
        try:
            seconds = self.limits.file_seconds if self._video is None else self.limits.video_seconds
            hashed = self._within(seconds, lambda: self._talk(job, untrusted))
        except _BROKEN_OFF:
            self.end()
            hashed = Hashed(failure=StoppedMediaError())
        self._has_failed |= hashed.failure is not None
        return hashed

    @property
    def is_worn(self) -> bool:
        """Whether it is to be replaced: it has seen a video, as many pictures as it may, or a file it could not hash."""
        return self._video is not None or self._has_failed or self._files >= self.limits.files

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended; its number is not given back by asking."""
        return self._process.has_ended

    def end(self, *, at_once: bool = False) -> None:
        """End it and all it may have started, politely first unless `at_once`; twice does no harm."""
        if at_once:
            self._hurry.set()
        with self._ending:
            if not self._process.is_reaped:
                self._end()
            self._close()

    def _end(self) -> None:
        self._process.send(signal.SIGTERM)
        until = time.monotonic() + self.limits.end_seconds
        pause = 0.0005
        while not self._hurry.is_set() and time.monotonic() < until and not self.has_ended:
            self._hurry.wait(pause := min(2 * pause, 0.01))
        self._process.send(KILL)  # before its number is given back: until then no other group can carry it
        self._process.reap()

    def _talk(self, job: Job, untrusted: bytes) -> Hashed:
        write_job(self._pipes, job, untrusted)
        reader = AnswerReader(job, is_video=self._video is not None)
        while (hashed := reader.take(self._line())) is None:
            pass
        return hashed

    def _line(self) -> bytes:
        """Read one line, or as much of it as is more than a line may have."""
        return self._pipes.readline(MAX_LINE_BYTES + 1)

    def _within(self, seconds: float, talk: Callable[[], T]) -> T:
        """Talk over the pipes, so that no worker can hold the caller.

        Raises:
            TimeoutError: it took longer than `seconds`.
        """
        self._pipes.allow(seconds)
        if pipes.CAN_WAIT:
            return self._alone(talk)
        outcome: Future[T] = Future()
        threading.Thread(target=_fulfil, args=(outcome, lambda: self._alone(talk)), daemon=True).start()
        return outcome.result(timeout=seconds)

    def _alone(self, talk: Callable[[], T]) -> T:
        with self._talking:
            return talk()

    def _close(self) -> None:
        """Close the pipes, once nobody talks over them: they have broken, so whoever does ends."""
        if self._talking.acquire(timeout=1):  # else a process outside the group holds them: let it
            self._pipes.close()
            self._talking.release()


def _fulfil(outcome: Future[T], talk: Callable[[], T]) -> None:
    try:
        outcome.set_result(talk())
    except BaseException as error:  # noqa: BLE001  # it is raised where the outcome is taken
        outcome.set_exception(error)
