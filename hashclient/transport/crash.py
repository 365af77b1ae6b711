"""Die on purpose at a named point, in test builds only.

The crash tests kill the program at every name registered here and look at what is left. Without both
environment variables, `HASHCLIENT_TEST_BUILD=1` and `HASHCLIENT_CRASH_AT`, a crash point does nothing.
"""

import os
import signal
from typing import Final

POINTS: Final = (
    "seal",
    "connect",
    "first-byte",
    "half-body",
    "last-byte",
    "status-line",
    "half-reply",
    "reply-opened",
)
"""Points of one request, in order: before sealing, before connecting, before the first byte of the body, and so on."""
VERB_POINTS: Final = (
    "before-credentials",
    "credentials-drawn",
    "credentials-given",
    "confirmed",
    "answered",
    "told",
)
"""Points of a verb of the command line, in order; those of its request lie between `confirmed` and `answered`."""


def crash_point(name: str) -> None:
    """End this process as `kill -9` would, if the environment of a test build names this point.

    Raises:
        KeyError: the name is registered neither in `POINTS` nor in `VERB_POINTS`.
    """
    if name not in POINTS + VERB_POINTS:
        raise KeyError(name)
    if os.environ.get("HASHCLIENT_TEST_BUILD") == "1" and os.environ.get("HASHCLIENT_CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)  # pragma: no cover  # nothing is written down any more
