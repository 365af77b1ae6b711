"""Run the command line against an endpoint in memory that misbehaves: `simulated.py FAULT ARGUMENTS`.

The rest is real: the process, the terminal, the hashing, the client. At the end it prints how many
cases the endpoint has.
"""

import atexit
import functools
import sys
import time
from collections.abc import Callable

import hashclient.client
from hashclient.cli import main
from hashclient.model import Problem, Receipt, Submission
from hashclient.testing import EndpointSimulator, lost_reply, lost_request
from hashclient.transport import http
from hashclient.transport.interface import Reply


class Taken(EndpointSimulator):
    """Says of the first numbers that they are taken by somebody else."""

    left = 0

    def _take(self, submission: Submission, body: bytes, *, epoch: str | None) -> Receipt | Problem:
        if self.left:
            self.left -= 1
            return Problem(type="urn:hashclient:problem:case-number-taken", title="Taken.", status=409)
        return super()._take(submission, body, epoch=epoch)


def hang(_: Callable[[], Reply]) -> Reply:
    """Answer nothing for a long time."""
    print("HANGING", file=sys.stderr, flush=True)
    time.sleep(60)
    raise AssertionError


SIMULATOR = Taken("http://127.0.0.1:1")
FAULTS = {
    "none": (),
    "hang": (hang,),
    "lost": (lost_request,) * 20,
    "lost-reply": (lost_reply,) * 20,
}


def prepare(fault: str) -> None:
    """Set the fault up."""
    if fault.startswith("taken-"):
        SIMULATOR.left = int(fault.removeprefix("taken-"))
    else:
        SIMULATOR.misbehave(*FAULTS[fault])
    patience = hashclient.client.RetryPolicy
    one_try = functools.partial(patience, total_seconds=0.05)
    hashclient.client.RetryPolicy = one_try  # type: ignore[assignment, misc]
    http.HttpTransport = lambda *_, **__: SIMULATOR  # type: ignore[assignment, misc]
    atexit.register(lambda: print("CASES", len(SIMULATOR.cases), file=sys.stderr))


if __name__ == "__main__":
    prepare(sys.argv.pop(1))
    main()
