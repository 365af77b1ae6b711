"""Hold the whole conversation with one worker, from its start to its end: the parent's side.

    parent                                               worker (`hashclient.prepare.worker`)

    starts `python -I -B -m hashclient.prepare.worker`
                                                         imports everything, gives up everything else
            <- it is ready, and what it gave up
    for each file:
            a job: options and bytes, never a name ->
                                                         decodes and hashes
            <- a head and a row for each hash, or the reason why there is none
    kills its process group

The worker is not believed: `hashclient.prepare.protocol` checks every line. Nor can it hold its parent up: at
its deadline a worker is killed with its process group, and every wait for its pipes ends with it, whoever else may
hold them. How many workers there are, and who talks to which, is left to `hashclient.prepare.pool`.
"""

import io
import json
import math
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any, Final, cast

from hashclient.errors import StoppedMediaError, WorkerError
from hashclient.media.sandbox.confine import Protection
from hashclient.prepare.options import IMAGEHASH_TYPES
from hashclient.prepare.protocol import FileHashes, Job, LyingWorkerError, read_answer, read_greeting, write_job
from hashclient.vocabulary import SignalType

COMMAND: Final = (sys.executable, "-I", "-B", "-m", "hashclient.prepare.worker")
"""How a worker is started: isolated from environment and current folder, writing no bytecode. One argument follows."""
_ENVIRONMENT: Final = {
    # Numpy's library would start a thread per core, each with its own memory, and compete with us for the cores.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # glibc would give large pieces of memory back after each picture, and get them anew, a page at a time: a third of
    # decoding.
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
}
_TICK_SECONDS: Final = 0.25
"""How often deadlines are looked at, seconds."""
_CAN_WAIT: Final = hasattr(select, "poll")
"""Whether this system can wait for a pipe with a limit; on others a wait ends with the pipe."""
_BROKEN_OFF: Final = (LyingWorkerError, OSError, ValueError)
"""How a conversation can end early: the worker lied, or its pipes broke or were closed."""


@dataclass(frozen=True)
class WorkerLimits:
    """How long and how often one worker is used."""

    start_seconds: float = 60.0
    """Wall-clock time until it has to be ready, seconds."""
    file_seconds: float = 30.0
    """Wall-clock time for one picture, seconds; `ConfineLimits` has its processor time."""
    video_seconds: float = 900.0
    """Wall-clock time for one video, seconds."""
    idle_seconds: float = 30.0
    """Wall-clock time without a file after which it is ended, seconds."""
    files: int = 500
    """Files after which it is replaced."""
    refusals: int = 50
    """Files that it could not hash, after which it is replaced."""
    busy_seconds: float = 300.0
    """Wall-clock time spent on files, seconds, after which it is replaced: before `ConfineLimits.cpu_seconds_in_all`
    ends it in the middle of one."""


class _Pipe(io.RawIOBase):
    """Our end of a worker's pipe, at which nobody waits longer than the worker lives.

    The other end may be held longer, by a process that the worker started and that left its group.
    """

    def __init__(self, pipe: IO[bytes] | None, is_killed: threading.Event) -> None:
        self._fd, self._is_killed = cast("IO[bytes]", pipe).fileno(), is_killed
        if _CAN_WAIT:  # pragma: no branch  # other systems
            os.set_blocking(self._fd, False)

    def readable(self) -> bool:
        """Tell `io.BufferedReader` that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        self._wait("POLLIN")
        read = os.read(self._fd, len(buffer))
        buffer[: len(read)] = read
        return len(read)

    def write(self, said: Any) -> int:
        left = memoryview(said)
        while left:  # all of it: no buffer may write a picture's bytes later, when the descriptor is another's
            self._wait("POLLOUT")
            with suppress(BlockingIOError):  # there was a little less room than there seemed to be
                left = left[os.write(self._fd, left) :]
        return len(said)

    def _wait(self, event: str) -> None:
        """Wait until something can be read or written.

        Raises:
            BrokenPipeError: the worker was killed.
        """
        if not _CAN_WAIT:  # pragma: no cover  # other systems
            return
        waiting = select.poll()
        waiting.register(self._fd, getattr(select, event))
        while not self._is_killed.is_set():
            if waiting.poll(_TICK_SECONDS * 1000):
                return
        raise BrokenPipeError


class Worker:
    """One worker process.

    It belongs to a thread of its own, which starts it, watches its deadline, and stays until it has ended: a worker
    asks Linux to be killed when its parent ends, and Linux takes the *thread* that started it for its parent.
    """

    def __init__(
        self, *, limits: WorkerLimits | None = None, types: Iterable[SignalType] = (), video: int | None = None
    ) -> None:
        """Start it; `greet` waits until it is ready.

        Args:
            limits: how long it may take, and how often it is used; None for the defaults.
            types: types of hash that it will be asked for; it loads what they need.
            video: file descriptor of a video, open for reading at its start; the worker inherits it and serves this one
                video. None for pictures.

        Raises:
            WorkerError: no process could be started.
        """
        self.limits = limits or WorkerLimits()
        self.protection = Protection()
        """What it gave up, once it is ready."""
        self._is_for_video = video is not None
        self._files = self._refusals = 0
        self._busy_seconds = 0.0
        self._deadline = time.monotonic() + self.limits.start_seconds
        self._lock = threading.RLock()
        """Held while it is killed or its deadline changes."""
        self._is_killed = threading.Event()
        self._talking = threading.Lock()
        """Held while somebody talks to it; its pipes are closed only after that."""
        self._process: subprocess.Popen[bytes]
        asked = json.dumps({"types": sorted(IMAGEHASH_TYPES & {*types}), "video": video})
        started: Future[None] = Future()
        self._guard = threading.Thread(target=self._start_and_guard, args=(asked, video, started), daemon=True)
        self._guard.start()
        started.result()
        self.pid = self._process.pid
        """Its process number, and that of its group."""
        self._jobs = cast("IO[bytes]", _Pipe(self._process.stdin, self._is_killed))
        self._answers = io.BufferedReader(_Pipe(self._process.stdout, self._is_killed))

    def greet(self) -> None:
        """Wait until it is ready, and learn what it gave up.

        Raises:
            WorkerError: it ended, was silent too long, or said something else. It has been killed.
        """
        try:
            with self._within(self.limits.start_seconds):
                self.protection = read_greeting(self._answers)
        except _BROKEN_OFF:
            self.kill()
            raise WorkerError from None

    def hash(self, job: Job, untrusted: bytes) -> FileHashes:
        """Have one file hashed.

        Args:
            job: what is asked.
            untrusted: the bytes of the file; none where it is the video that the worker was started with.

        Returns:
            The checked answer, or a `StoppedMediaError` as failure where the worker ended, was too slow or lied; it has
            then been killed.
        """
        try:
            with self._within(self.limits.video_seconds if self._is_for_video else self.limits.file_seconds):
                write_job(self._jobs, job, untrusted)
                hashed = read_answer(self._answers, job, is_video=self._is_for_video)
        except _BROKEN_OFF:
            self.kill()
            return FileHashes(failure=StoppedMediaError())
        self._files += 1
        self._refusals += hashed.failure is not None
        return hashed

    def rest(self) -> None:
        """Let it wait for the next file, but not for ever."""
        with self._lock:
            self._deadline = time.monotonic() + self.limits.idle_seconds

    def wake(self) -> bool:
        """End its rest; tell whether it is still there."""
        with self._lock:
            self._deadline = math.inf
            return not self.has_ended

    @property
    def is_exhausted(self) -> bool:
        """Whether it is to be replaced: it has served its video, or as many files as it may, or has ended."""
        return (
            self._is_for_video
            or self._files >= self.limits.files
            or self._refusals >= self.limits.refusals
            or self._busy_seconds >= self.limits.busy_seconds
            or self.has_ended
        )

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended; on Linux, asking does not free its number."""
        with self._lock:
            if sys.platform != "linux":
                return self._process.poll() is not None  # pragma: no cover  # other systems
            options = os.WEXITED | os.WNOHANG | os.WNOWAIT
            return self._is_killed.is_set() or os.waitid(os.P_PID, self.pid, options) is not None

    def kill(self) -> None:
        """Kill it with all it may have started, and wait until it has ended; twice does no harm."""
        with self._lock:
            self._kill()

    def end(self) -> None:
        """Kill it, and wait until its pipes are closed, too; for nobody who is in the middle of talking to it."""
        self.kill()
        self._guard.join()

    def _start_and_guard(self, asked: str, video: int | None, started: Future[None]) -> None:
        """Start the process, kill it at its deadline, and close its pipes in the end."""
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own code, no shell
                (*COMMAND, asked),
                env=_ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=os.sep,  # the person's folder is none of its business
                bufsize=0,  # the buffers are ours
                pass_fds=() if video is None else (video,),
                start_new_session=True,  # Ctrl-C is for the parent, and the whole group can be killed
            )
        except (OSError, ValueError):  # ValueError: Windows cannot hand over an open file
            started.set_exception(WorkerError())
            return
        started.set_result(None)
        while not self._is_killed.wait(_TICK_SECONDS):
            with self._lock:
                if time.monotonic() >= self._deadline:
                    self._kill()
        with self._talking, self._process:  # which closes its pipes
            pass

    def _kill(self) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    self._process.kill()  # pragma: no cover  # other systems
                else:  # before its number is freed: until then no other group can carry it
                    os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
        self._is_killed.set()

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Set a deadline for what is said meanwhile."""
        started = time.monotonic()
        self._deadline = started + seconds
        try:
            with self._talking:
                if self._is_killed.is_set():  # its pipes may be closed, and their numbers given to others
                    raise BrokenPipeError
                yield
        finally:
            with self._lock:  # a kill that has begun is over before the next file
                self._deadline = math.inf
            self._busy_seconds += time.monotonic() - started
