"""Die at a named place, so that tests can show that no moment of dying loses or doubles a case.

Does nothing unless a test build says so: both `HASHCLIENT_TEST_BUILD=1` and a registered name in
`HASHCLIENT_CRASH_AT` must stand in the environment when the process starts.
"""

import os
import signal
from typing import Final

POINTS: Final = frozenset(
    {
        "endpoint.first-chunk",
        "endpoint.body-complete",
        "endpoint.opened",
        "endpoint.verifier-made",
        "endpoint.begun",
        "endpoint.case-row",
        "endpoint.item-rows",
        "endpoint.record-rows",
        "endpoint.holding-rows",
        "endpoint.holdings-erased",
        "endpoint.items-erased",
        "endpoint.records-erased",
        "endpoint.marked-withdrawn",
        "endpoint.tally-kept",
        "endpoint.before-commit",
        "endpoint.committed",
        "endpoint.before-checkpoint",
        "endpoint.after-checkpoint",
        "endpoint.before-reply-sealed",
        "endpoint.reply-sealed",
        "endpoint.half-reply",
    }
)
"""Every place in this room where a process can be made to die."""


def armed_point(environ: "os._Environ[str] | dict[str, str]") -> str | None:
    """Give the place at which this process dies; None in every normal use."""
    return environ.get("HASHCLIENT_CRASH_AT") if environ.get("HASHCLIENT_TEST_BUILD") == "1" else None


_ARMED: Final = armed_point(os.environ)


def crash_point(name: str) -> None:
    """Kill this process, without any tidying, where a test asked for it."""
    if name == _ARMED:  # pragma: no cover  # a killed process reports no coverage
        os.kill(os.getpid(), signal.SIGKILL)
