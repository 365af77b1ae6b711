"""Whatever a service, or whoever stands between, does: each ending says what is true, and claims nothing else.

Every behaviour meets a submission, a question for the status and a withdrawal. What is said is held against what happened
in the simulated service: the class, the sentence, the hint, the exit code and the time. Waits pass in virtual time.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from hashclient.client import Client
from hashclient.errors import (
    CaseNotFoundError,
    CaseNumberTakenError,
    EndpointRefusedError,
    EndpointUnreachableError,
    HashclientError,
    NotConfirmedError,
    ProfileChangedError,
    TakenBackError,
    TooManyTriesError,
    TransportError,
    UntrustedEndpointError,
)
from hashclient.model import CaseNumber, CaseStatus, EndpointProfile, Problem, Suite
from hashclient.model.wire import JSON, decode, encode
from hashclient.testing import (
    EndpointSimulator,
    Misbehaviour,
    answer_with,
    bad_tag,
    lost_reply,
    lost_request,
    profile_with,
    taken_then,
    unreachable,
)
from hashclient.transport.interface import Path, Reply
from kit.misbehaviour import later_state, told
from kit.submissions import VirtualClock, credentials, remembered_case_keys, retry_with, submission
from kit.truth import require_true_words

__all__ = ["remembered_case_keys"]

FOR_EVER = 100
Error = type[HashclientError] | None
Faults = Callable[[EndpointSimulator], Sequence[Misbehaviour]]


@dataclass(frozen=True)
class Behaviour:
    """What meets a request, and how a submission, a question for the status and a withdrawal end; None is an answer."""

    name: str
    on_bodies: Faults
    on_profile: Faults
    submit: Error
    status: Error
    withdraw: Error
    has_key: bool = False
    """Whether it takes the service's own key, so that a lie about the case cannot be seen through."""


def _same(*faults: Misbehaviour) -> Faults:
    return lambda _: faults


def _never(name: str, *faults: Misbehaviour, ends: Error = NotConfirmedError) -> Behaviour:
    """Go through these, and keep to the last one for ever."""
    kept = (*faults, *[faults[-1]] * FOR_EVER)
    return Behaviour(name, _same(*kept), _same(), ends, ends, ends)


def _once(name: str, *faults: Misbehaviour) -> Behaviour:
    """Go through these, and be honest from then on."""
    return Behaviour(name, _same(*faults), _same(), None, None, None)


def _honest(answer: Callable[[], Reply]) -> Reply:
    return answer()


def _then_other_profile(name: str, *, ends: Error, fault: Misbehaviour, first: Misbehaviour) -> Behaviour:
    """Say that the key is not known, outside the seal, and give another profile from then on."""
    return Behaviour(name, _same(first), _same(_honest, *[fault] * FOR_EVER), ends, ends, ends)


def _holder(name: str, faults: Faults, submit: Error, status: Error, withdraw: Error) -> Behaviour:
    """Do what only a service can that has the key."""
    return Behaviour(name, faults, _same(), submit, status, withdraw, has_key=True)


def _sealed(status: int, name: str) -> Faults:
    """Refuse in the seal, for ever, without looking."""
    problem = encode(Problem(type=f"urn:hashclient:problem:{name}", title="Call this number", status=status))
    return lambda simulator: [told(simulator, status, problem)] * FOR_EVER


def _said(**changes: object) -> Faults:
    return lambda simulator: [simulator.says(**changes)] * FOR_EVER


def _json(change: Callable[[bytes], bytes]) -> Misbehaviour:
    def fault(answer: Callable[[], Reply]) -> Reply:
        return Reply(200, JSON, change(answer().untrusted_body))

    return fault


def _played_again() -> Misbehaviour:
    kept: list[Reply] = []

    def fault(answer: Callable[[], Reply]) -> Reply:
        kept.append(answer())
        if len(kept) == 1:
            raise NotConfirmedError
        return kept[0]

    return fault


def _one_key_added(answer: Callable[[], Reply]) -> Reply:
    profile = decode(EndpointProfile, answer().untrusted_body)
    return profile_with(keys=(*profile.keys, *STRANGER))(answer)


def _one_key_replaced(answer: Callable[[], Reply]) -> Reply:
    """Keep the first key, and put another in the place of the second."""
    profile = decode(EndpointProfile, answer().untrusted_body)
    new = EndpointSimulator(suites=(Suite.X25519,)).profile().keys
    return profile_with(keys=(*profile.keys[:1], *new))(answer)


UNKNOWN_KEY = answer_with(400, name="unknown-key")
FORWARDED_UNKNOWN_KEY = taken_then(400, name="unknown-key")
STRANGER = EndpointSimulator(suites=(Suite.X25519,)).profile().keys
EXPIRED = tuple(key.model_copy(update={"expires": "2001-01-01"}) for key in STRANGER)
REFUSALS = [
    (400, "malformed"),
    (400, "unknown-key"),
    (404, "no-such-case-or-pin"),
    (409, "case-number-taken"),
    (410, "epoch-expired"),
    (413, "too-large"),
    (413, "age-gate"),
    (415, "unsupported-media-type"),
    (422, "age-gate"),
    (422, "not-accepted"),
    (429, "too-many-tries"),
    (503, "unavailable"),
]
NOT_KNOWN, CHANGED, OTHER = NotConfirmedError, ProfileChangedError, UntrustedEndpointError
BEHAVIOURS = [
    _never("no way there", unreachable, ends=EndpointUnreachableError),
    _never("every body lost", lost_request),
    _never("every answer lost", lost_reply),
    _never("every answer damaged", bad_tag),
    _never("the first answer, again and again", _played_again()),
    _never("lost, then no way there", lost_request, unreachable),
    _never("an answer lost, then no way there", lost_reply, unreachable),
    _never("nothing in the answer", lambda answer: replace(answer(), untrusted_body=b"")),
    _never("another status outside than inside", lambda answer: replace(answer(), status=410)),
    _never("an answer said to be JSON", lambda answer: replace(answer(), content_type=JSON)),
    _never("busy for an hour", answer_with(429, retry_after=3600)),
    _never("forwarded, then busy for an hour", lost_reply, answer_with(429, retry_after=3600)),
    *(_never(f"always {code}, not looked at", answer_with(code)) for code in (400, 401, 403, 404, 405, 408, 409, 410, 413)),
    *(_never(f"always {code} with a page", answer_with(code)) for code in (415, 418, 421, 422, 429, 451, 500, 502, 503)),
    *(_never(f"a relay that forwards and says {code} {name}", taken_then(code, name=name)) for code, name in REFUSALS),
    *(_once(f"a relay that forwards, says {code} {name}, and lets go", taken_then(code, name=name)) for code, name in REFUSALS if code in {408, 429, 500, 503} or name == "unknown-key"),
    _once("lost, damaged and refused by others, then honest", lost_request, bad_tag, answer_with(404), answer_with(502), lost_reply),
    *(
        _then_other_profile(f"{words}: {name}", ends=ends, fault=fault, first=first)
        for words, first in (("key unknown", UNKNOWN_KEY), ("forwarded, key unknown", FORWARDED_UNKNOWN_KEY))
        for name, ends, fault in (
            ("then without keys", CHANGED, profile_with(keys=(), plain_bodies=True)),
            ("then with other keys", CHANGED, profile_with(keys=STRANGER)),
            ("then of another operator", CHANGED, profile_with(operator="Another")),
            ("then with partners", CHANGED, profile_with(partners="Everybody")),
            ("then with another retention", CHANGED, profile_with(retention="For ever")),
            ("then with copies that stay", CHANGED, profile_with(partner_copies_days=30)),
            ("then with keys that are over", CHANGED, profile_with(keys=EXPIRED)),
            ("then of another origin", OTHER, profile_with(origin="https://other.example")),
            ("then of a later version", NOT_KNOWN, _json(lambda body: body.replace(b'"version":1', b'"version":2'))),
            ("then a page", NOT_KNOWN, _json(lambda _: b"<html>")),
            ("then no profile", NOT_KNOWN, unreachable),
            ("then with a key added", None, _one_key_added),
            ("then with a key replaced", None, _one_key_replaced),
        )
    ),
    _holder("one picture more", _said(items=3), NOT_KNOWN, None, None),
    _holder("one hash fewer", _said(signals=1), NOT_KNOWN, None, NOT_KNOWN),
    _holder("a thousand hashes", _said(signals=1000), NOT_KNOWN, None, NOT_KNOWN),
    _holder("nothing of it", _said(items=0, signals=0), NOT_KNOWN, None, None),
    _holder("another digest", _said(digest="0" * 64), NOT_KNOWN, None, None),
    _holder("another number", _said(case_number=CaseNumber.from_bits(9)), NOT_KNOWN, None, None),
    _holder("taken back at the first try", _said(status=CaseStatus.WITHDRAWN), TakenBackError, None, None),
    _holder("deleted at the first try", _said(status=CaseStatus.DELETED), TakenBackError, None, None),
    _holder("taken back, with other counts", _said(status=CaseStatus.WITHDRAWN, items=9), NOT_KNOWN, None, None),
    _holder("never taken back", _said(status=CaseStatus.ACTIVE), None, None, NOT_KNOWN),
    _holder("a state of a later version", lambda simulator: [later_state(simulator)] * FOR_EVER, NOT_KNOWN, None, NOT_KNOWN),
    _holder("always taken", _sealed(409, "case-number-taken"), CaseNumberTakenError, CaseNumberTakenError, CaseNumberTakenError),
    _holder("never a case", _sealed(404, "no-such-case-or-pin"), CaseNotFoundError, CaseNotFoundError, CaseNotFoundError),
    _holder("too many tries", _sealed(429, "too-many-tries"), TooManyTriesError, TooManyTriesError, TooManyTriesError),
    _holder("refused for age", _sealed(422, "age-gate"), EndpointRefusedError, EndpointRefusedError, EndpointRefusedError),
    _holder("refused without a word", _sealed(422, "of-a-later-version"), EndpointRefusedError, EndpointRefusedError, EndpointRefusedError),
    _holder("a fault in the seal", _sealed(503, "unavailable"), NOT_KNOWN, NOT_KNOWN, NOT_KNOWN),
]  # fmt: skip
wanted = functools.cache(submission)
ASKED: dict[Path, Callable[[Client], Any]] = {
    Path.SUBMISSIONS: lambda client: client.submit(wanted()),
    Path.STATUS: lambda client: client.status(*credentials()),
    Path.WITHDRAWAL: lambda client: client.withdraw(*credentials()),
}
GONE = {CaseStatus.WITHDRAWN, CaseStatus.DELETED}


def test_there_are_enough_of_them() -> None:
    """Profile swaps, lying counts and forwarding relays are among more than fifty, each under its own name."""
    assert len({one.name for one in BEHAVIOURS}) == len(BEHAVIOURS) >= 50


@pytest.mark.parametrize("path", ASKED, ids=[path.name for path in ASKED])
@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=[one.name for one in BEHAVIOURS])
def test_what_is_said_is_true(behaviour: Behaviour, path: Path) -> None:
    """Class, sentence, hint, exit code and time are as they should be, and nothing is claimed that did not happen."""
    simulator, clock = EndpointSimulator(suites=(Suite.X25519, Suite.X25519)), VirtualClock()
    if path is not Path.SUBMISSIONS:
        Client(simulator).submit(wanted())
    before = simulator.cases.get(wanted().case_number)
    client = Client(simulator, retry=retry_with(clock))
    simulator.misbehave_on_profile(*behaviour.on_profile(simulator))
    client.profile()  # shown to the person
    simulator.misbehave(*behaviour.on_bodies(simulator))
    simulator.opened.clear()
    expected = {Path.SUBMISSIONS: behaviour.submit, Path.STATUS: behaviour.status, Path.WITHDRAWAL: behaviour.withdraw}
    error: TransportError | None = None
    try:
        answer = ASKED[path](client)
    except TransportError as caught:
        error = caught
    assert type(error) is (expected[path] or type(None)), error
    assert clock.now - 1000 <= 61
    after = simulator.cases.get(wanted().case_number)
    assert set(simulator.opened) <= {simulator.opened[0]} if simulator.opened else True
    assert all(not body.startswith(b"{") for _, body in simulator.requests)
    if error is None:
        assert after is not None
        if not behaviour.has_key:
            assert (after.receipt.status in GONE) == (answer.status in GONE) == (path is Path.WITHDRAWAL)
        return
    require_true_words(error, path, may_have_sent=client.may_have_sent)
    words = f"{error.sentence} {error.hint}"
    if behaviour.has_key:
        return
    if path is Path.SUBMISSIONS and isinstance(error, EndpointRefusedError):
        assert after is None
    if "changed nothing" in words or "unchanged" in words:
        assert after == before
    assert not isinstance(error, TakenBackError)
