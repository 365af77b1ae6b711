"""A process that was started for a worker: its pipes, its signals, its end.

What goes over the pipes is left to `hashclient.prepare.process`. A worker that is a copy of a
running process has the same form; it is in `hashclient.prepare.nursery`.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import IO, Final

from hashclient.errors import WorkerError

KILL: Final = signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM
VIDEO: Final = "--video"
"""The argument before the number of a video's file descriptor."""
_ENVIRONMENT: Final = {
    # Numpy's library would start a thread per core, each with its own memory, and fight over cores with us.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # glibc would give large pieces of memory back after each picture, and get them anew, a page at a time: a third of
    # decoding. 32 MiB is the most it keeps of one piece.
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
}


class Spawned:
    """A child of this process, in a session of its own."""

    def __init__(self, command: tuple[str, ...], *, video: int | None = None) -> None:
        """Start it.

        Args:
            command: program and arguments.
            video: file descriptor that it inherits, and is told of by two further arguments; None for none.

        Raises:
            WorkerError: no process could be started.
        """
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own code, no shell
                command if video is None else (*command, VIDEO, str(video)),
                env=_ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=os.sep,  # the person's folder is none of its business
                close_fds=True,
                pass_fds=() if video is None else (video,),
                start_new_session=True,  # Ctrl-C is for the parent, and the whole group can be ended
            )
        except (OSError, ValueError):  # ValueError: Windows can hand over no file
            raise WorkerError from None
        self.pid = self._process.pid
        """Its number, and that of its group."""
        self.jobs = _pipe(self._process.stdin)
        """Its input."""
        self.answers = _pipe(self._process.stdout)
        """Its output."""

    @property
    def has_ended(self) -> bool:
        """Whether it has ended; its number is not given back by asking."""
        if sys.platform != "linux":  # where asking gives it back; nobody counts on it there
            return self._process.poll() is not None  # pragma: no cover  # other systems
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    @property
    def is_reaped(self) -> bool:
        """Whether its number was given back: from then on another group may carry it."""
        return self._process.returncode is not None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and all that it may have started."""
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()  # pragma: no cover  # other systems
            else:
                os.killpg(self.pid, number)

    def reap(self) -> None:
        """Wait until it has ended, and give its number back."""
        self._process.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101  # Popen was asked for it
    return pipe
