"""The two pipes of a worker, over which no word takes longer than it may.

What is said is left to `hashclient.prepare.job` and `answers`. Where a system cannot wait for a
pipe with a limit, as Windows, words wait without one, and `process` says them in a thread.
"""

import os
import select
import sys
import time
from contextlib import suppress
from typing import IO, Final

if sys.platform == "linux":  # pragma: no branch  # other systems
    import fcntl

CAN_WAIT: Final = hasattr(select, "poll")
"""Whether this system waits for a pipe with a limit."""
_CHUNK_BYTES: Final = 1 << 20
"""Bytes written or read at once, and that a pipe is asked to hold: most pictures then pass without a wait."""


class Pipes:
    """Where jobs go in and answers come out.

    Args:
        jobs: a pipe to write to.
        answers: a pipe to read from.
    """

    def __init__(self, jobs: IO[bytes], answers: IO[bytes]) -> None:
        self._jobs, self._answers = jobs, answers
        self._untrusted = bytearray()
        self._until = time.monotonic()
        if CAN_WAIT:
            _widen(jobs)
            os.set_blocking(jobs.fileno(), False)
            os.set_blocking(answers.fileno(), False)

    def allow(self, seconds: float) -> None:
        """Give so many seconds from now to all that is said until the next call."""
        self._until = time.monotonic() + seconds

    def write(self, said: bytes) -> None:
        """Write some bytes.

        Raises:
            TimeoutError: nobody takes them.
            OSError: nobody can.
        """
        left = memoryview(said)
        while left:
            self._wait(self._jobs, select.POLLOUT if CAN_WAIT else 0)
            with suppress(BlockingIOError):  # what the poll saw was a little less than this
                left = left[os.write(self._jobs.fileno(), left[:_CHUNK_BYTES]) :]

    def readline(self, most: int) -> bytes:
        """Read one line with its end, or the first `most` bytes of a longer one, or what is left before the end.

        Raises:
            TimeoutError: it does not come.
        """
        while (end := self._untrusted.find(b"\n", 0, most)) < 0 and len(self._untrusted) < most:
            self._wait(self._answers, select.POLLIN if CAN_WAIT else 0)
            if not (chunk := os.read(self._answers.fileno(), _CHUNK_BYTES)):
                break
            self._untrusted += chunk
        length = end + 1 if end >= 0 else most
        untrusted = bytes(self._untrusted[:length])
        del self._untrusted[:length]
        return untrusted

    def close(self) -> None:
        """Close both."""
        for pipe in (self._jobs, self._answers):
            with suppress(OSError):
                pipe.close()

    def _wait(self, pipe: IO[bytes], event: int) -> None:
        if not CAN_WAIT:  # pragma: no cover  # other systems
            return
        waiting = select.poll()
        waiting.register(pipe.fileno(), event)
        if not waiting.poll(max(0.0, self._until - time.monotonic()) * 1000):
            raise TimeoutError


def _widen(pipe: IO[bytes]) -> None:
    """Have a pipe hold more, where this system offers that and has the memory to lend."""
    if sys.platform == "linux":  # pragma: no branch  # other systems
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _CHUNK_BYTES)
