"""Note, for a test, when the program opens a watched file or a socket: HASHCLIENT_WATCH names file and log.

Python runs this at its start where the folder is on PYTHONPATH. It stands in for strace, which not
every machine has; a test that relies on it also shows that it sees.
"""

import os
import sys

_watched, _, _log = os.environ.get("HASHCLIENT_WATCH", "").partition(os.pathsep)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    opened = event == "open" and _watched in str(arguments[0])
    if opened or event in {"socket.connect", "socket.getaddrinfo", "socket.bind"}:
        descriptor = os.open(_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, b"file\n" if opened else b"socket\n")
        os.close(descriptor)


if _log:
    sys.addaudithook(_note)
