"""Run the command line against an endpoint in memory that misbehaves: `simulated.py FAULT ARGUMENTS`.

The rest is real: the process, the terminal, the hashing, the client. At the end it prints how many
cases the endpoint has.
"""

import atexit
import functools
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import hashclient.client
from hashclient.cli import main
from hashclient.model import CaseReport, CaseStatus, FeedbackCounts, Problem
from hashclient.model.wire import encode
from hashclient.testing import (
    EndpointSimulator,
    Misbehaviour,
    answer_with,
    lost_reply,
    lost_request,
    profile_with,
    taken_then,
    unreachable,
)
from hashclient.transport import http
from hashclient.transport.interface import Reply

SIMULATOR = EndpointSimulator("http://127.0.0.1:1")
REPORT = CaseReport(
    status=CaseStatus.ACTIVE,
    day="2026-11-23",
    items=4,
    signals=9,
    feedback=FeedbackCounts(pending_review=1, blocked=2, not_blocked=3),
)

TOO_MUCH = Problem(type="urn:hashclient:problem:not-accepted", title="Said by the simulator.", status=422)


def honest(answer: Callable[[], Reply]) -> Reply:
    """Answer as it should."""
    return answer()


def hang(_: Callable[[], Reply]) -> Reply:
    """Answer nothing for a long time."""
    print("HANGING", file=sys.stderr, flush=True)
    time.sleep(60)
    raise AssertionError


def wait(_: float) -> None:
    """Wait for a long time before the next attempt, and say when."""
    print("WAITING", file=sys.stderr, flush=True)
    time.sleep(60)


def of_another(answer: Callable[[], Reply]) -> Reply:
    """Give the profile of another address."""
    reply = answer()
    return replace(reply, untrusted_body=reply.untrusted_body.replace(b"127.0.0.1:1", b"127.0.0.2:1"))


def copies(answer: Callable[[], Reply]) -> Reply:
    """Give a profile that says for how long copies for partners stay."""
    reply = answer()
    return replace(reply, untrusted_body=reply.untrusted_body[:-1] + b',"partner_copies_days":30}')


def prepare(fault: str) -> None:
    """Set the fault up."""
    sys.path[0] = str(Path(__file__).parents[1])
    from kit import misbehaviour

    on_bodies: dict[str, list[Misbehaviour]] = {
        "hang": [hang],
        "lost": [lost_request] * 20,
        "lost-reply": [lost_reply] * 20,
        "unreachable": [unreachable] * 20,
        "other-service-later": [answer_with(400, name="unknown-key")],
        "unsealed-later": [answer_with(400, name="unknown-key")],
        "relay-refuses": [taken_then(413, name="age-gate")],
        "lying-receipt": [SIMULATOR.says(signals=1)],
        "refused": [misbehaviour.told(SIMULATOR, 422, encode(TOO_MUCH))],
        "taken-1": [misbehaviour.taken(SIMULATOR)],
        "taken-3": [misbehaviour.taken(SIMULATOR)] * 3,
        "taken-back": [misbehaviour.taken_back(SIMULATOR)],
        "matched": [misbehaviour.report(SIMULATOR, REPORT)],
        "fetched": [misbehaviour.report(SIMULATOR, REPORT.model_copy(update={"partners": 3, "fetched": 2}))],
        "later-report": [misbehaviour.told(SIMULATOR, 200, encode(REPORT).replace(b"Active", b"On hold"))],
        "later-receipt": [misbehaviour.later_state(SIMULATOR, "Rejected")] * 3,
    }
    on_profile: dict[str, list[Misbehaviour]] = {
        "hang-on-profile": [hang],
        "other-service-later": [honest, of_another],
        "copies": [copies],
        "unsealed-later": [honest, profile_with(keys=(), plain_bodies=True, operator="Another")],
    }
    assert fault in {"none", *on_bodies, *on_profile}
    SIMULATOR.misbehave(*on_bodies.get(fault, []))
    SIMULATOR.misbehave_on_profile(*on_profile.get(fault, []))
    policy = functools.partial(hashclient.client.RetryPolicy, total_seconds=0.05)
    if fault == "unreachable":
        policy = functools.partial(hashclient.client.RetryPolicy, sleep=wait)
    hashclient.client.RetryPolicy = policy  # type: ignore[assignment, misc]
    http.HttpTransport = lambda *_, **__: SIMULATOR  # type: ignore[assignment, misc]
    atexit.register(lambda: print("CASES", len(SIMULATOR.cases), file=sys.stderr))
    atexit.register(lambda: print("PLAIN", sum(body[:1] == b"{" for _, body in SIMULATOR.requests), file=sys.stderr))


if __name__ == "__main__":
    prepare(sys.argv.pop(1))
    main()
