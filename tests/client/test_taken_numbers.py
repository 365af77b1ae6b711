"""A case number that somebody else has: ours is never given up once accepted, and nothing is sent under it again."""

from collections.abc import Callable, Sequence

import pytest

from hashclient.client.request import MAX_RENEWALS, Request
from hashclient.errors import (
    CaseNumberTakenError,
    EndpointRefusedError,
    NotConfirmedError,
    TransportError,
    UsageError,
)
from hashclient.model import CaseNumber, CaseStatus, Problem, Submission, Suite
from hashclient.model.wire import decode, encode
from hashclient.testing import (
    EndpointSimulator,
    Misbehaviour,
    answer_with,
    bad_tag,
    lost_reply,
    lost_request,
    taken_then,
    unreachable,
)
from hashclient.transport.interface import Path, Reply
from kit.misbehaviour import told
from kit.submissions import DECLARATIONS, client_for, item, remembered_case_keys, submission

__all__ = ["remembered_case_keys"]

ITEMS = [item(seed) for seed in range(2)]
LONG = 300


@pytest.fixture
def simulator() -> EndpointSimulator:
    return EndpointSimulator(suites=(Suite.X25519,))


@pytest.fixture
def request_of(simulator: EndpointSimulator) -> Callable[[], Request]:
    return lambda: Request(DECLARATIONS, ITEMS, client=client_for(simulator))


def _squat(simulator: EndpointSimulator, number: CaseNumber) -> None:
    """Let somebody who saw the number open a case of his own under it."""
    his = EndpointSimulator(suites=(Suite.X25519,))
    client_for(his).submit(submission(items=3).model_copy(update={"case_number": number}))
    simulator.cases.setdefault(number, his.cases[number])


def _squats_first(simulator: EndpointSimulator, number: CaseNumber) -> Misbehaviour:
    """Let the squatter come between, and lose the body."""

    def fault(_: Callable[[], Reply]) -> Reply:
        _squat(simulator, number)
        raise NotConfirmedError

    return fault


def _sealed_409(simulator: EndpointSimulator) -> Misbehaviour:
    return told(simulator, 409, encode(Problem(type="urn:hashclient:problem:case-number-taken", title="t", status=409)))


def test_taken_before(simulator: EndpointSimulator, request_of: Callable[[], Request]) -> None:
    """At the first try ever it is somebody else's: a new number goes, the old one never again, and one case of ours is made."""
    request = request_of()
    old = request.draw().number
    _squat(simulator, old)
    with pytest.raises(CaseNumberTakenError, match="Yours was not taken"):
        request.send()
    assert simulator.calls[Path.STATUS] == 0
    new = request.renew().number
    assert request.send().case_number == new
    numbers = [decode(Submission, body).case_number for body in simulator.opened]
    assert numbers == [old, new]
    assert simulator.cases.keys() == {old, new}


@pytest.mark.parametrize("doubt", [lost_request, answer_with(500), answer_with(413), taken_then(429)], ids=range(4))
def test_taken_while_ours_is_on_its_way(
    simulator: EndpointSimulator, request_of: Callable[[], Request], doubt: Misbehaviour
) -> None:
    """After a try whose end is not known, the service is asked with the same key; it does not know it, so it is taken."""
    request = request_of()
    number = request.draw().number
    simulator.misbehave(_squats_first(simulator, number), doubt)
    try:
        request.send()
    except NotConfirmedError:
        with pytest.raises(CaseNumberTakenError):
            request.send()
    except CaseNumberTakenError:
        pass
    assert simulator.calls[Path.STATUS] == 1
    assert request.renew().number != number
    assert request.send().items == 2
    assert len(simulator.cases) == 2


@pytest.mark.parametrize(
    "doubt", [lost_reply, bad_tag, taken_then(500), taken_then(413, name="age-gate")], ids=range(4)
)
def test_ours_first(simulator: EndpointSimulator, request_of: Callable[[], Request], doubt: Misbehaviour) -> None:
    """Accepted and not told, ours stays, whatever the squatter tries afterwards."""
    request = request_of()
    number = request.draw().number
    simulator.misbehave(*[doubt] * LONG)
    with pytest.raises(NotConfirmedError):
        request.send()
    simulator.behave()
    _squat(simulator, number)
    with pytest.raises(UsageError, match="not taken"):
        request.renew()
    assert request.send().case_number == number
    assert simulator.cases[number].submission == request.submission
    assert len(simulator.cases) == 1


def test_always_taken(simulator: EndpointSimulator, request_of: Callable[[], Request]) -> None:
    """A service that says so of every number gets three, and then no more; it holds none of them."""
    request = request_of()
    request.draw()
    simulator.numbers_taken = LONG
    for _ in range(MAX_RENEWALS):
        with pytest.raises(CaseNumberTakenError):
            request.send()
        request.renew()
    with pytest.raises(CaseNumberTakenError):
        request.send()
    with pytest.raises(CaseNumberTakenError):
        request.renew()
    assert len({decode(Submission, body).case_number for body in simulator.opened}) == MAX_RENEWALS + 1
    assert simulator.calls[Path.SUBMISSIONS] == MAX_RENEWALS + 1
    assert simulator.cases == {}


@pytest.mark.parametrize(
    "doubt", [lost_reply, bad_tag, taken_then(429), taken_then(400, name="unknown-key")], ids=range(4)
)
def test_always_taken_after_ours_was_accepted(
    simulator: EndpointSimulator, request_of: Callable[[], Request], doubt: Misbehaviour
) -> None:
    """Once a try was lost, the same words are no refusal: the case opens with our key, and is ours."""
    request = request_of()
    number = request.draw().number
    simulator.misbehave(doubt, _sealed_409(simulator))
    receipt = request.send()
    assert receipt == simulator.cases[number].receipt
    assert simulator.calls[Path.STATUS] == 1


NO_ANSWER: dict[str, Callable[[EndpointSimulator], Sequence[Misbehaviour]]] = {
    "busy": lambda _: [answer_with(429, retry_after=3600)],
    "lost": lambda _: [lost_reply] * LONG,
    "unreachable": lambda _: [unreachable] * LONG,
    "a 404 outside the seal": lambda _: [answer_with(404, name="no-such-case-or-pin")] * LONG,
    "a 413 outside the seal": lambda _: [answer_with(413, name="age-gate")],
    "other counts": lambda simulator: [simulator.says(signals=7)],
    "a state of a later version": lambda simulator: [simulator.says(status=CaseStatus.ACTIVE, items=0, signals=0)],
}


@pytest.mark.parametrize("faults", NO_ANSWER.values(), ids=NO_ANSWER)
def test_taken_or_ours_cannot_be_told(
    simulator: EndpointSimulator,
    request_of: Callable[[], Request],
    faults: Callable[[EndpointSimulator], Sequence[Misbehaviour]],
) -> None:
    """Where the question for the status brings nothing to believe, the number stays and no other is drawn."""
    request = request_of()
    number = request.draw().number
    simulator.misbehave(lost_reply, _sealed_409(simulator), *faults(simulator))
    with pytest.raises(NotConfirmedError):
        request.send()
    with pytest.raises(UsageError, match="not taken"):
        request.renew()
    with pytest.raises(NotConfirmedError):
        request.draw()
    simulator.behave()
    assert request.send().case_number == number
    assert len(simulator.cases) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 410, 413, 415, 422, 429])
@pytest.mark.parametrize("name", ["case-number-taken", "age-gate", "unknown-key", ""])
def test_a_forged_refusal_frees_no_number(
    simulator: EndpointSimulator, request_of: Callable[[], Request], status: int, name: str
) -> None:
    """Whoever stands between can say anything outside the seal: it is no refusal, and not one of its words is shown."""
    request = request_of()
    number = request.draw().number
    simulator.misbehave(*[taken_then(status, name=name)] * LONG)
    with pytest.raises(TransportError) as caught:
        request.send()
    assert type(caught.value) is NotConfirmedError
    words = f"{caught.value.sentence} {caught.value.hint}"
    assert "Said by the simulator" not in words
    assert "Cross" not in words
    assert number in simulator.cases
    simulator.behave()
    assert request.send().case_number == number


def test_a_refusal_after_doubt_keeps_the_number(
    simulator: EndpointSimulator, request_of: Callable[[], Request]
) -> None:
    """In the seal it is a refusal; but an earlier try may have arrived, so the number is not crossed out."""
    problem = encode(Problem(type="urn:hashclient:problem:not-accepted", title="t", status=422))
    for first, hint in (([], "Cross out the number"), ([lost_request], "Keep the number")):
        request = request_of()
        request.draw()
        simulator.misbehave(*first, told(simulator, 422, problem))
        with pytest.raises(EndpointRefusedError) as caught:
            request.send()
        assert caught.value.hint.startswith(hint)
        assert simulator.cases == {}
