"""Where workers are copied from, seen from their parent: one process that has imported everything.

Importing takes a worker a third of a second, a hundred times the work on a small picture. So one
process imports, sees no file ever, and is copied (fork) for each worker; the copy then gives up
everything else and has pipes of its own. Linux only; elsewhere each worker is started by itself.

The workers end with the nursery, and the nursery with this process, also when it is killed: the
kernel sees to the one (`PR_SET_PDEATHSIG`), and the end of the nursery's input to the other. What
the nursery does is in `hashclient.prepare.worker`.
"""

import os
import select
import signal
import sys
import threading
from contextlib import suppress
from typing import IO, Final

from hashclient.errors import WorkerError
from hashclient.prepare.spawned import KILL, Spawned

ASKED: Final = "--nursery"
"""The argument that makes a worker's program a nursery."""
_MAX_REPLY_BYTES: Final = 32


def is_offered() -> bool:
    """Tell whether this system can run one: Linux 5.3 or later."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


class Nursery:
    """A running nursery."""

    def __init__(self, command: tuple[str, ...], *, start_seconds: float) -> None:
        """Start it; it imports while the caller goes on.

        Args:
            command: the worker's program and arguments.
            start_seconds: wall-clock time until it has to answer, seconds.

        Raises:
            WorkerError: no process could be started.
        """
        self._start_seconds = start_seconds
        self._process = Spawned((*command, ASKED))
        self._asking = threading.Lock()
        self._ending = threading.Lock()

    def fork(self) -> "Forked":
        """Have one more worker made.

        Raises:
            WorkerError: the nursery has ended, takes too long, or cannot reach this process's pipes.
        """
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        jobs, answers = os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb")  # closed with the worker
        try:
            with self._asking:
                self._tell(f"fork {theirs_in} {theirs_out}")
                return Forked(self._reply(), self, jobs, answers)
        except (OSError, ValueError):
            jobs.close()
            answers.close()
            raise WorkerError from None
        finally:
            os.close(theirs_in)
            os.close(theirs_out)

    def reap(self, pid: int) -> None:
        """Let go of the number of a worker that has ended."""
        with suppress(OSError, ValueError):
            self._tell(f"reap {pid}")

    @property
    def has_ended(self) -> bool:
        """Whether it runs no longer; its workers have then ended too."""
        return self._process.has_ended

    def end(self) -> None:
        """End it at once, and with it what workers are left; twice does no harm."""
        with self._ending:
            if not self._process.is_reaped:
                self._process.send(KILL)
                self._process.reap()
                with self._asking:  # whoever asks gets no answer any more
                    for pipe in (self._process.jobs, self._process.answers):
                        with suppress(OSError):
                            pipe.close()

    def _tell(self, line: str) -> None:
        """Write a line whole: lines so short never mix."""
        os.write(self._process.jobs.fileno(), line.encode() + b"\n")

    def _reply(self) -> int:
        """Read the number of a process.

        Raises:
            ValueError: it is none.
        """
        answers = self._process.answers
        if not _is_readable(answers.fileno(), seconds=self._start_seconds):
            raise ValueError
        return int(answers.readline(_MAX_REPLY_BYTES))


class Forked:
    """A copy of the nursery, confined: one worker's process, in a group of its own."""

    def __init__(self, pid: int, nursery: Nursery, jobs: IO[bytes], answers: IO[bytes]) -> None:
        self.pid = pid
        """Its number, and that of its group; kept by the nursery until it is reaped."""
        self.jobs = jobs
        """Its input."""
        self.answers = answers
        """Its output."""
        self.is_reaped = False
        """Whether its number was given back: from then on another group may carry it."""
        self._nursery = nursery
        self._handle = os.pidfd_open(pid)

    @property
    def has_ended(self) -> bool:
        """Whether it has ended; its number is not given back by asking."""
        return self.is_reaped or _is_readable(self._handle, seconds=0)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and all that it may have started."""
        with suppress(ProcessLookupError, PermissionError):
            if self._nursery.has_ended:  # nobody keeps its number any more
                signal.pidfd_send_signal(self._handle, number)
            else:
                os.killpg(self.pid, number)

    def reap(self) -> None:
        """Wait until it has ended, and give its number back."""
        _is_readable(self._handle, seconds=None)
        os.close(self._handle)
        self.is_reaped = True
        self._nursery.reap(self.pid)


def _is_readable(handle: int, *, seconds: float | None) -> bool:
    """Wait until a pipe has something to read, or a process has ended; None waits for ever."""
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    return bool(waiting.poll(None if seconds is None else seconds * 1000))
