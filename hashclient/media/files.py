"""Read a person's file from disk, once, leaving no trace on it. What is in it is left to others."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any, Final, cast

from hashclient.errors import (
    EmptyMediaError,
    FolderError,
    MediaTooLargeError,
    MissingMediaError,
    NotAFileError,
    UnreadableMediaError,
)
from hashclient.media import limits
from hashclient.media.formats import HEAD_BYTES

# Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
_FLAGS: Final = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_NO_TRACE: Final = getattr(os, "O_NOATIME", 0)


class _AsLong(FileIO):
    """A file that is read no further than it was long when it was opened: one may grow faster than it is read."""

    def __init__(self, fd: int) -> None:
        super().__init__(fd, "rb")
        self._most = os.fstat(fd).st_size

    def readinto(self, buffer: Any) -> int | None:
        """Read a piece.

        Raises:
            OSError: the file has grown.
        """
        if (count := super().readinto(buffer)) and self.tell() > self._most:
            raise OSError(errno.EFBIG, "it grows")
        return count


@contextlib.contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[BufferedReader]:
    """Open a file for reading.

    Links are followed; the time of last access is left unchanged where the system allows it.

    Args:
        path: a regular file; it is forgotten when this returns.

    Yields:
        The file at its start, closed at the end.

    Raises:
        MissingMediaError: there is nothing of that name.
        UnreadableMediaError: it may not be read, cannot be read to its end, grows while it is read, or is a folder, a pipe, a socket or a device.
        EmptyMediaError: it is empty.
    """
    try:
        _refuse_all_but_files(Path(path).stat())
        with cast("BufferedReader", BufferedReader(_AsLong(_open_untraced(path)))) as stream:
            _refuse_all_but_files(os.fstat(stream.fileno()))
            if not stream.peek(1):
                raise EmptyMediaError
            yield stream
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a name that no file can have
        raise MissingMediaError from None
    except OSError:
        raise UnreadableMediaError from None


def head_of(stream: BufferedReader) -> bytes:
    """Look at the first `HEAD_BYTES` of a file that was just opened; it stays at its start."""
    return stream.peek(HEAD_BYTES)[:HEAD_BYTES]


def check_bytes(stream: BufferedReader, *, most: int) -> None:
    """Refuse a file of more than `most` bytes.

    Raises:
        MediaTooLargeError: it has more.
    """
    if os.fstat(stream.fileno()).st_size > most:
        raise MediaTooLargeError


def read_whole(stream: BufferedReader) -> bytes:
    """Read a picture file whole.

    Args:
        stream: the file, at its start.

    Returns:
        Its bytes, not yet looked at.

    Raises:
        MediaTooLargeError: it has more bytes than the limit.
    """
    most = limits.IMAGES.max_file_bytes
    check_bytes(stream, most=most)
    return stream.read(most)


def _refuse_all_but_files(about: os.stat_result) -> None:
    """Refuse before opening: some devices act when they are opened."""
    if stat.S_ISDIR(about.st_mode):
        raise FolderError
    if not stat.S_ISREG(about.st_mode):
        raise NotAFileError


def _open_untraced(path: str | os.PathLike[str]) -> int:
    with contextlib.suppress(PermissionError):  # only the owner may leave the time of last access as it was
        return os.open(path, _FLAGS | _NO_TRACE)
    return os.open(path, _FLAGS)
