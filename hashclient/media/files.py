"""Read a person's file from disk, once, leaving no trace on it. What is in it is left to others."""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from hashclient.errors import BrokenMediaError, MediaTooLargeError, UnreadableMediaError
from hashclient.media.limits import ImageLimits

# Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_NO_TRACE = getattr(os, "O_NOATIME", 0)

HEAD_BYTES = 1024
"""Bytes that are read first, to tell by them whether the rest is wanted."""


def read_file(
    path: str | os.PathLike[str],
    *,
    limits: ImageLimits | None = None,
    judge: Callable[[bytes], object] | None = None,
) -> bytes:
    """Read a picture file whole.

    Links are followed; the time of the last reading is not changed where this may be asked for.

    Args:
        path: a regular file; it is forgotten when this returns.
        limits: `max_file_bytes` counts; the defaults where None.
        judge: is given the first `HEAD_BYTES` before more is read, and raises where the rest is not wanted.

    Returns:
        Its bytes, not yet looked at.

    Raises:
        UnreadableMediaError: it is missing, may not be read, or is a folder, a pipe, a socket or a device.
        MediaTooLargeError: it has more bytes than the limit.
        BrokenMediaError: it is empty.
        MediaError: `judge` raised it.
    """
    limits = limits or ImageLimits()
    try:
        _refuse_all_but_files(Path(path).stat())
        with open(_open(path), "rb") as stream:
            about = os.fstat(stream.fileno())
            _refuse_all_but_files(about)
            if not (head := stream.peek(HEAD_BYTES)[:HEAD_BYTES]):
                raise BrokenMediaError("This file is empty. Nothing of it was sent.")
            if judge is not None:
                judge(head)
            if about.st_size > limits.max_file_bytes:
                raise MediaTooLargeError
            untrusted = stream.read(limits.max_file_bytes + 1)
    except (OSError, ValueError):  # ValueError: a name that no file can have
        raise UnreadableMediaError from None
    if len(untrusted) > limits.max_file_bytes:
        raise MediaTooLargeError
    return untrusted


def _refuse_all_but_files(about: os.stat_result) -> None:
    """Refuse before opening: some devices act when they are opened."""
    if stat.S_ISDIR(about.st_mode):
        raise UnreadableMediaError(
            "This is a folder, not a picture. Nothing of it was sent.", hint="Name the pictures in it one by one."
        )
    if not stat.S_ISREG(about.st_mode):
        raise UnreadableMediaError("This is not a file that holds a picture. Nothing of it was sent.")


def _open(path: str | os.PathLike[str]) -> int:
    with contextlib.suppress(PermissionError):  # only the owner may leave the time of reading as it was
        return os.open(path, _FLAGS | _NO_TRACE)
    return os.open(path, _FLAGS)
