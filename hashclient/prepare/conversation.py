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

The worker is not believed: `hashclient.prepare.protocol` checks every line. Nor can it hold its parent up: the pipes
are plain blocking ones, and at its deadline a worker is killed with its process group, which ends every read and write
on them. Who watches the deadlines, and how long a worker is used, is `hashclient.prepare.pool`'s business.
"""

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Final, cast

from hashclient.errors import StoppedMediaError, WorkerError
from hashclient.media.sandbox.confine import Protection
from hashclient.prepare.options import IMAGEHASH_TYPES
from hashclient.prepare.protocol import FileHashes, Job, LyingWorkerError, read_answer, read_greeting, write_job
from hashclient.vocabulary import SignalType

if sys.platform == "linux":  # pragma: no branch  # other systems
    import fcntl

COMMAND: Final = (sys.executable, "-I", "-B", "-m", "hashclient.prepare.worker")
"""How a worker is started: isolated from environment and current folder, writing no bytecode. One argument follows."""
_ENVIRONMENT: Final = {
    # Numpy's library would start a thread per core, each with its own memory, and compete with us for the cores.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # glibc would give large pieces of memory back after each picture, and get them anew, a page at a time: a third of
    # decoding. 32 MiB is the most it keeps of one piece.
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
}
_PIPE_BYTES: Final = 1 << 20
"""Bytes that the pipe for jobs is asked to hold, so that most pictures pass without a wait."""
_BROKEN_OFF: Final = (LyingWorkerError, OSError, ValueError)
"""How a conversation can end early: the worker lied, broke its pipes off, or was killed."""


@dataclass(frozen=True)
class WorkerLimits:
    """How long and how often one worker is used."""

    start_seconds: float = 60.0
    """Wall-clock time until it has to be ready, seconds."""
    file_seconds: float = 30.0
    """Wall-clock time for one picture, seconds; `ConfineLimits` has its processor time."""
    video_seconds: float = 900.0
    """Wall-clock time for one video, seconds."""
    files: int = 500
    """Files after which it is replaced."""
    refusals: int = 50
    """Files that it could not hash, after which it is replaced."""
    busy_seconds: float = 300.0
    """Wall-clock time spent on files, seconds, after which it is replaced: before `ConfineLimits.cpu_seconds_in_all`
    ends it in the middle of one."""


class Worker:
    """A running worker process."""

    def __init__(
        self, *, limits: WorkerLimits | None = None, types: Iterable[SignalType] = (), video: int | None = None
    ) -> None:
        """Start it; `greet` waits until it is ready.

        Args:
            limits: how long it may take, and how often it is used; the defaults where None.
            types: types of hash that it will be asked for; it loads what they need.
            video: file descriptor of a video, open for reading at its start; the worker inherits it and serves this one
                video. None for pictures.

        Raises:
            WorkerError: no process could be started.
        """
        self.limits = limits or WorkerLimits()
        self.protection = Protection()
        self._is_for_video = video is not None
        self._files = self._refusals = 0
        self._busy_seconds = 0.0
        self._deadline = math.inf
        self._ending = threading.Lock()
        asked = json.dumps({"types": sorted(IMAGEHASH_TYPES & {*types}), "video": video})
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own code, no shell
                (*COMMAND, asked),
                env=_ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=os.sep,  # the person's folder is none of its business
                pass_fds=() if video is None else (video,),
                start_new_session=True,  # Ctrl-C is for the parent, and the whole group can be killed
            )
        except (OSError, ValueError):  # ValueError: Windows cannot hand over an open file
            raise WorkerError from None
        self.pid = self._process.pid
        """Its process number, and that of its group."""
        self._jobs, self._answers = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        if sys.platform == "linux":  # pragma: no branch  # other systems
            with suppress(OSError):  # there is a bound on what all pipes of a user hold
                fcntl.fcntl(self._jobs.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def greet(self) -> None:
        """Wait until it is ready, and learn what it gave up.

        Raises:
            WorkerError: it ended, was silent too long, or said something else. It has been ended.
        """
        try:
            with self._within(self.limits.start_seconds):
                self.protection = read_greeting(self._answers)
        except _BROKEN_OFF:
            self.end()
            raise WorkerError from None

    def hash(self, job: Job, untrusted: bytes) -> FileHashes:
        """Have one file hashed.

        Args:
            job: what is asked.
            untrusted: the bytes of the file; none where it is the video that the worker was started with.

        Returns:
            The checked answer, or a `StoppedMediaError` as failure where the worker ended, was too slow or lied; it has
            then been ended.
        """
        try:
            with self._within(self.limits.video_seconds if self._is_for_video else self.limits.file_seconds):
                write_job(self._jobs, job, untrusted)
                hashed = read_answer(self._answers, job, is_video=self._is_for_video)
        except _BROKEN_OFF:
            self.end()
            return FileHashes(failure=StoppedMediaError())
        self._files += 1
        self._refusals += hashed.failure is not None
        return hashed

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
        """Whether the process has ended; asking does not free its number, where the system can do without."""
        if sys.platform != "linux":
            return self._process.poll() is not None  # pragma: no cover  # other systems
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def kill(self, *, late_only: bool = False) -> None:
        """Kill it and all it may have started, and wait until it has ended; twice does no harm.

        Args:
            late_only: do so only where its deadline is over.
        """
        with self._ending:
            if self._process.returncode is None and (not late_only or time.monotonic() >= self._deadline):
                with suppress(ProcessLookupError, PermissionError):
                    if sys.platform == "win32":
                        self._process.kill()  # pragma: no cover  # other systems
                    else:  # before its number is freed: until then no other group can carry it
                        os.killpg(self.pid, signal.SIGKILL)
                self._process.wait()

    def end(self) -> None:
        """Kill it and close its pipes; for whoever talks to it."""
        self.kill()
        for pipe in (self._jobs, self._answers):
            with suppress(OSError):
                pipe.close()

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Set a deadline for what is said meanwhile."""
        started = time.monotonic()
        self._deadline = started + seconds
        try:
            yield
        finally:
            with self._ending:  # a kill that has begun is over before the next file
                self._deadline = math.inf
            self._busy_seconds += time.monotonic() - started
