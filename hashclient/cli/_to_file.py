"""Write a request to a new file, to be handed over by hand."""

import os
from pathlib import Path
from typing import Final

from hashclient.errors import UsageError

_OCCUPIED: Final = "There is a file of this name already. It was left as it is, and nothing was sent."
_UNWRITABLE: Final = "The file could not be written. Nothing was sent."
_HINT: Final = "Name a new file in a folder that you may write to."


def require_new(path: Path) -> None:
    """Make sure, before any work, that nothing is at `path`.

    Raises:
        UsageError: something is.
    """
    if os.path.lexists(path):
        raise UsageError(_OCCUPIED, hint=_HINT)


def put(path: Path, body: bytes) -> None:
    """Write the body to a new file that only its owner may read; a part of a file never stays.

    Raises:
        UsageError: something is there, or it cannot be written.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        raise UsageError(_OCCUPIED, hint=_HINT) from None
    except OSError:
        raise UsageError(_UNWRITABLE, hint=_HINT) from None
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(fd)
    except OSError:
        path.unlink(missing_ok=True)
        raise UsageError(_UNWRITABLE, hint=_HINT) from None
