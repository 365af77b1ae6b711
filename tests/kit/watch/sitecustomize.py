"""Note, for a test, when the program uses a socket: HASHCLIENT_WATCH names the log.

Python runs this at its start where the folder is on PYTHONPATH. Files are watched from outside (`kit.opened`): the process
that opens them can write nothing.
"""

import os
import sys

_log = os.environ.get("HASHCLIENT_WATCH", "")


def _note(event: str, _arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.getaddrinfo", "socket.bind"}:
        descriptor = os.open(_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, b"socket\n")
        os.close(descriptor)


if _log:
    sys.addaudithook(_note)
