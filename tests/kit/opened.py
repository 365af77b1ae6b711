"""See from outside whether a file is opened, by whatever process: Linux's inotify."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SHARED = Path(__file__).resolve().parents[2]
_OPENED = 0x20  # IN_OPEN
_NOT_BLOCKING = 0x800  # IN_NONBLOCK


class Watch:
    """Watches one file."""

    def __init__(self, file: Path) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        self._queue = library.inotify_init1(_NOT_BLOCKING)
        assert self._queue >= 0
        assert library.inotify_add_watch(self._queue, os.fsencode(file), _OPENED) >= 0

    @property
    def was_opened(self) -> bool:
        """Whether it was opened since the last time this was asked."""
        try:
            return bool(os.read(self._queue, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._queue)


SOCKETS = Path(__file__).with_name("watch")
"""Put on PYTHONPATH, it notes sockets in the log that HASHCLIENT_WATCH names."""


def noting_sockets(log: Path) -> dict[str, str]:
    """Give the settings with which a program notes the sockets that it uses."""
    return {"PYTHONPATH": str(SOCKETS), "HASHCLIENT_WATCH": str(log)}


@contextmanager
def watched(file: Path) -> Iterator[Watch]:
    """Watch a file until the end; it is the test's own, as another test may open a shared one meanwhile."""
    assert not file.is_relative_to(_SHARED), file
    watch = Watch(file)
    try:
        yield watch
    finally:
        watch.close()
