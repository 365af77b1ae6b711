"""`Request`: drafted, fitted, given credentials, sent, renewed; it tells what may have left, and never prints."""

from collections.abc import Callable

import pytest

from hashclient.client.request import MAX_RENEWALS, Request, new_credentials
from hashclient.errors import (
    CaseNumberTakenError,
    EndpointUnreachableError,
    NotConfirmedError,
    UnfitSubmissionError,
    UsageError,
)
from hashclient.guidance import review
from hashclient.model import Credentials, Item, Limits, Pin, Signal, Submission
from hashclient.model.fit import fit
from hashclient.model.policy import Refusal
from hashclient.model.wire import Head, decode, encode
from hashclient.sealing import open_sealed
from hashclient.testing import EndpointSimulator, Misbehaviour, lost_reply, unreachable
from hashclient.transport.interface import Path, Reply
from hashclient.vocabulary import Depicted, Reason
from kit.submissions import DECLARATIONS, client_for, item, remembered_case_keys, signal

__all__ = ["remembered_case_keys"]

ITEMS = [item(seed) for seed in range(3)]


def wide(seed: int) -> Item:
    """Give a picture with 9 hashes of likely re-posts beside its own."""
    reposts = [signal(100 * seed + place).model_copy(update={"variant": f"crop-{place}"}) for place in range(1, 10)]
    return item(seed).model_copy(update={"signals": (signal(seed), *reposts)})


def test_from_draft_to_receipt(capfd: pytest.CaptureFixture[str]) -> None:
    """The whole way needs five lines of a program, holds its order, and prints nothing."""
    simulator = EndpointSimulator()
    client = client_for(simulator)
    request = Request(DECLARATIONS, ITEMS, client=client)
    assert simulator.calls == {Path.PROFILE: 1}
    credentials = request.draw()
    assert (simulator.requests, request.may_have_sent) == ([], False)
    receipt = request.send()
    assert (receipt.items, receipt.case_number) == (3, credentials.number)
    assert simulator.opened == [encode(request.submission)]
    assert client.status(*credentials).signals == receipt.signals
    assert [request.may_have_sent] == [True]
    assert capfd.readouterr() == ("", "")


def test_a_request_is_taken_up_under_the_number_of_an_earlier_run() -> None:
    """Where the earlier one never came, this one is sent under it; the bytes are others, the paper stays good."""
    simulator = EndpointSimulator()
    credentials = new_credentials()
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    request.take_up(credentials)
    assert request.may_have_sent
    assert request.send().case_number == credentials.number
    assert client_for(simulator).status(*credentials).items == 3


def test_an_earlier_run_that_arrives_meanwhile_counts_once() -> None:
    """The one that is taken up is not taken; its receipt is that of the first, which holds as much."""
    simulator = EndpointSimulator()
    first = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    credentials = first.draw()
    late = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    late.take_up(credentials)
    first.send()
    assert late.send().case_number == credentials.number
    assert len(simulator.cases) == 1


def test_an_earlier_run_that_held_something_else_is_not_called_this_one() -> None:
    """The person is sent to look what the service holds."""
    simulator = EndpointSimulator()
    first = Request(DECLARATIONS, ITEMS[:1], client=client_for(simulator))
    late = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    late.take_up(first.draw())
    first.send()
    with pytest.raises(NotConfirmedError, match="does not hold what this request holds"):
        late.send()


def test_another_pin_opens_nothing_and_takes_nothing() -> None:
    """A slip in the PIN is found by the service, which has the number under another key."""
    simulator = EndpointSimulator()
    first = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    number, pin = first.draw()
    first.send()
    late = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    late.take_up(Credentials(number, Pin(f"{(int(pin.shown().replace(' ', '')) + 1) % 10**8:08}")))
    with pytest.raises(CaseNumberTakenError):
        late.send()
    assert len(simulator.cases) == 1


def test_nothing_is_said_to_be_unsent_of_a_request_that_was_taken_up() -> None:
    """Where the service cannot be reached now, the earlier try may still have arrived."""
    simulator = EndpointSimulator()
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    request.take_up(new_credentials())
    simulator.misbehave(*[unreachable] * 100)
    with pytest.raises(NotConfirmedError):
        request.send()


def test_what_does_not_fit_is_left_out_and_told() -> None:
    """A request is fitted to the profile by the one rule of the model; every item keeps its place."""
    simulator = EndpointSimulator(limits=Limits(signals=8))
    items = [wide(0), item(1), wide(2)]
    request = Request(DECLARATIONS, items, client=client_for(simulator))
    expected = fit(items, simulator.profile())
    assert (request.items, request.left_out) == (expected.items, expected.left_out)
    assert [len(one.signals) for one in request.items] == [3, 1, 4]
    assert request.left_out == (Refusal(Reason.TOO_MANY_SIGNALS, 0), Refusal(Reason.TOO_MANY_SIGNALS, 2))


def test_an_item_of_which_nothing_would_be_left_is_refused() -> None:
    """No item disappears without a word: where the service takes nothing of one, there is no request."""
    phash = Signal.from_text("phash:" + "1" * 16, variant="original")
    other = ITEMS[0].model_copy(update={"signals": (phash,)})
    simulator = EndpointSimulator()
    for items in ([other], [*ITEMS, other]):
        with pytest.raises(UnfitSubmissionError) as refused:
            Request(DECLARATIONS, items, client=client_for(simulator))
        assert (refused.value.sentence, refused.value.hint) == (review.KINDS_REFUSED, review.CHOOSE_KINDS)
    with pytest.raises(UnfitSubmissionError):  # no room for one hash of each
        Request(DECLARATIONS, ITEMS, client=client_for(EndpointSimulator(limits=Limits(signals=2))))
    assert simulator.requests == []
    assert Request(DECLARATIONS, [other]).items == (other,)


@pytest.mark.parametrize("client", [None, client_for(EndpointSimulator())])
def test_nothing_to_send(client: None) -> None:
    """Without items there is no request."""
    with pytest.raises(UnfitSubmissionError):
        Request(DECLARATIONS, [], client=client)


def test_what_cannot_be_mended_stops_before_credentials_are_shown() -> None:
    """Too many pictures, or a representative who is not accepted: no number is drawn for them."""
    simulator = EndpointSimulator(limits=Limits(items=2))
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    with pytest.raises(UnfitSubmissionError, match="fewer pictures"):
        request.draw()
    with pytest.raises(UsageError, match="No case number"):
        request.send()
    represented = DECLARATIONS.model_copy(update={"depicted": Depicted.REPRESENTED})
    simulator = EndpointSimulator()
    simulator.representatives = False
    with pytest.raises(UnfitSubmissionError, match="person shown"):
        Request(represented, ITEMS, client=client_for(simulator)).draw()


def test_a_number_that_is_taken_is_renewed_twice_and_never_sent_again() -> None:
    """Each renewal draws another number and PIN over the same items; after two, it is over."""
    simulator = EndpointSimulator()
    simulator.numbers_taken = MAX_RENEWALS + 1
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    drawn = [request.draw()]
    for _ in range(MAX_RENEWALS):
        for _ in range(2):  # asked again, it does not go out again
            with pytest.raises(CaseNumberTakenError):
                request.send()
        drawn.append(request.renew())
    with pytest.raises(CaseNumberTakenError):
        request.send()
    with pytest.raises(CaseNumberTakenError):
        request.renew()
    numbers = dict.fromkeys(decode(Submission, body).case_number for body in simulator.opened)
    assert list(numbers) == [pair.number for pair in drawn]
    assert len(set(numbers)) == len({pair.pin for pair in drawn}) == MAX_RENEWALS + 1


def test_what_may_have_left_is_told() -> None:
    """After an attempt that reached nobody nothing has left; after a lost answer it may have, and sending again settles it."""
    simulator = EndpointSimulator()
    line: list[Misbehaviour] = [unreachable]

    def now(answer: Callable[[], Reply]) -> Reply:
        return line[-1](answer)

    simulator.misbehave(*[now] * 1000)
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    request.draw()
    with pytest.raises(EndpointUnreachableError):
        request.send()
    assert [request.may_have_sent] == [False]
    line.append(lost_reply)
    with pytest.raises(NotConfirmedError):
        request.send()
    assert [request.may_have_sent] == [True]
    line.append(lambda answer: answer())
    assert request.send().items == 3
    assert len(simulator.cases) == 1


def test_for_a_file() -> None:
    """With a service the bytes are sealed to it, without one they are the canonical document; nothing is sent."""
    simulator = EndpointSimulator()
    sealed = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    sealed.draw()
    opened = [open_sealed(sealed.for_file(), key=key, origin=simulator.origin) for key in simulator.keys]
    assert opened[0].untrusted_body == encode(sealed.submission)
    assert isinstance(opened[0].head, Head)
    assert simulator.calls == {Path.PROFILE: 1}
    plain = Request(DECLARATIONS, ITEMS)
    plain.draw()
    assert plain.for_file() == encode(plain.submission)
    with pytest.raises(UnfitSubmissionError):
        plain.send()
    assert not plain.may_have_sent


def test_one_request_is_one_case_or_none() -> None:
    """While it may have been received, a request keeps its number: neither drawn again nor renewed, only sent again."""
    simulator = EndpointSimulator()
    simulator.misbehave(*[lost_reply] * 100)
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    with pytest.raises(UsageError, match="not taken"):
        request.renew()
    number = request.draw().number
    with pytest.raises(NotConfirmedError):
        request.send()
    with pytest.raises(NotConfirmedError):
        request.draw()
    with pytest.raises(UsageError, match="not taken"):
        request.renew()
    simulator.behave()
    assert request.send().case_number == number
    with pytest.raises(NotConfirmedError):
        request.draw()
    assert list(simulator.cases) == [number]


def test_requests_of_one_client_do_not_answer_for_each_other() -> None:
    """What may have left is each request's own, whatever the client did since."""
    simulator = EndpointSimulator()
    client = client_for(simulator)
    first, second, third = (Request(DECLARATIONS, ITEMS, client=client) for _ in range(3))
    first.draw(), second.draw()
    simulator.misbehave(*[lost_reply] * 100)
    with pytest.raises(NotConfirmedError):
        first.send()
    simulator.behave()
    simulator.misbehave(*[unreachable] * 100)
    with pytest.raises(EndpointUnreachableError):
        second.send()
    assert [request.may_have_sent for request in (first, second, third)] == [True, False, False]
    simulator.behave()
    second.send()
    assert [request.may_have_sent for request in (first, second, third)] == [True, True, False]


def test_a_stored_request_is_taken_up_again() -> None:
    """After a restart the stored bytes are sent again: the case is the same, and an absent service is not called the end."""
    simulator = EndpointSimulator()
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    request.draw()
    stored = encode(request.submission)
    receipt = request.send()
    simulator.misbehave_on_profile(*[unreachable] * 10)
    resumed = Request.resume(decode(Submission, stored), client=client_for(simulator))
    assert [resumed.may_have_sent] == [True]
    with pytest.raises(NotConfirmedError):
        resumed.send()
    simulator.behave()
    assert resumed.send() == receipt
    assert len(simulator.cases) == 1
    fresh = Request.resume(decode(Submission, stored), client=client_for(simulator), may_have_sent=False)
    assert [fresh.may_have_sent] == [False]
    assert fresh.send() == receipt
