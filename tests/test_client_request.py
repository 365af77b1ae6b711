"""`Request`: drafted, fitted, given credentials, sent, renewed; it tells what may have left, and never prints."""

import pytest

from hashclient.client.request import MAX_RENEWALS, Request
from hashclient.errors import (
    CaseNumberTakenError,
    InvalidSubmissionError,
    NotConfirmedError,
    UnfitSubmissionError,
)
from hashclient.model import Limits, Problem, Receipt, Submission
from hashclient.model.fit import fit
from hashclient.model.wire import Head, decode, encode
from hashclient.sealing import open_sealed
from hashclient.testing import EndpointSimulator, lost_reply, unreachable
from hashclient.transport.interface import Path
from hashclient.vocabulary import Depicted, Reason
from kit.submissions import DECLARATIONS, client_for, item, remembered_case_keys

__all__ = ["remembered_case_keys"]

ITEMS = [item(seed) for seed in range(3)]


class Taking(EndpointSimulator):
    """Says of the first numbers that they are taken."""

    left = 0

    def _take(self, submission: Submission, body: bytes, *, epoch: str | None) -> Receipt | Problem:
        if self.left:
            self.left -= 1
            return Problem(type="urn:hashclient:problem:case-number-taken", title="Taken.", status=409)
        return super()._take(submission, body, epoch=epoch)


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


def test_what_does_not_fit_is_left_out_and_told() -> None:
    """A request is fitted to the profile by the one rule of the model."""
    simulator = EndpointSimulator(limits=Limits(signals=2))
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    expected = fit(ITEMS, simulator.profile())
    assert (request.items, request.left_out) == (expected.items, expected.left_out)
    assert request.left_out[0].reason is Reason.TOO_MANY_SIGNALS


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
    with pytest.raises(InvalidSubmissionError):
        request.send()
    represented = DECLARATIONS.model_copy(update={"depicted": Depicted.REPRESENTED})
    simulator = EndpointSimulator()
    simulator.representatives = False
    with pytest.raises(UnfitSubmissionError, match="person shown"):
        Request(represented, ITEMS, client=client_for(simulator)).draw()


def test_a_number_that_is_taken_is_renewed_twice_and_never_sent_again() -> None:
    """Each renewal draws another number and PIN over the same items; after two, it is over."""
    simulator = Taking()
    simulator.left = MAX_RENEWALS + 1
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    drawn = [request.draw()]
    for _ in range(MAX_RENEWALS):
        with pytest.raises(CaseNumberTakenError):
            request.send()
        drawn.append(request.renew())
    with pytest.raises(CaseNumberTakenError):
        request.send()
    with pytest.raises(CaseNumberTakenError):
        request.renew()
    numbers = [decode(Submission, body).case_number for body in simulator.opened]
    assert numbers == [pair.number for pair in drawn]
    assert len(set(numbers)) == len({pair.pin for pair in drawn}) == MAX_RENEWALS + 1


def test_what_may_have_left_is_told() -> None:
    """After an attempt that reached nobody nothing has left; after a lost answer it may have, and sending again settles it."""
    simulator = EndpointSimulator()
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    request.draw()
    simulator.misbehave(*[unreachable] * 100)
    with pytest.raises(Exception, match="Nothing was sent"):
        request.send()
    assert [request.may_have_sent] == [False]
    simulator._queue.clear()
    simulator.misbehave(*[lost_reply] * 100)
    with pytest.raises(NotConfirmedError):
        request.send()
    assert [request.may_have_sent] == [True]
    simulator._queue.clear()
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


def test_fitting_is_the_same_for_every_way() -> None:
    """The library, a request that is looked at, one that is sent and one for a file hold the same items."""
    simulator = EndpointSimulator(limits=Limits(signals=2))
    by_rule = fit(ITEMS, simulator.profile()).items
    sent = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    sent.draw()
    sent.send()
    (body,) = simulator.opened
    assert {one.signals for one in decode(Submission, body).items} == {one.signals for one in by_rule}
    assert {one.signals for one in sent.items} == {one.signals for one in by_rule}
