"""Die on purpose at a named point, in test builds only.

The crash tests kill client and endpoint at every point registered here and check what is left. Without both environment
variables, `HASHCLIENT_TEST_BUILD=1` and `HASHCLIENT_CRASH_AT`, a crash point does nothing.
"""

import os
import signal
from typing import Final

VERB_POINTS: Final = (
    "before-credentials",
    "credentials-drawn",
    "credentials-given",
    "confirmed",
    "answered",
    "told",
)
"""Points of a verb of the command line, in order; those of its request lie between `confirmed` and `answered`."""
REQUEST_POINTS: Final = (
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
ENDPOINT_POINTS: Final = frozenset(
    f"endpoint.{name}"
    for name in (
        "first-chunk",
        "body-complete",
        "opened",
        "verifier-made",
        "begun",
        "case-row",
        "item-rows",
        "signal-rows",
        "signals-erased",
        "items-erased",
        "marked-withdrawn",
        "attempts-stored",
        "before-commit",
        "committed",
        "before-checkpoint",
        "after-checkpoint",
        "before-reply-sealed",
        "reply-sealed",
        "half-reply",
    )
)
"""Points of the endpoint, in no order."""
_POINTS: Final = ENDPOINT_POINTS.union(VERB_POINTS, REQUEST_POINTS)


def crash_point(name: str) -> None:
    """End this process as `kill -9` would, if the environment of a test build names this point.

    Raises:
        KeyError: the name is not registered.
    """
    if name not in _POINTS:
        raise KeyError(name)
    if os.environ.get("HASHCLIENT_CRASH_AT") == name and os.environ.get("HASHCLIENT_TEST_BUILD") == "1":
        os.kill(os.getpid(), signal.SIGKILL)  # pragma: no cover  # a killed process writes no coverage
