"""Send a submission, follow its case, withdraw it.

`Client` carries complete submissions; it neither makes nor changes credentials. `hashclient.client.request` goes the
whole way, from hashes to receipt. Hashing is left to `hashclient.prepare`; all that is said to people, apart from the
sentences of errors, is left to the faces.

    from hashclient.client import Client
    from hashclient.client.request import Request
    from hashclient.transport.http import HttpTransport

    with HttpTransport("https://endpoint.example") as transport:
        request = Request(declarations, items, client=Client(transport))
        credentials = request.draw()              # show or store them, then go on
        receipt = request.send()
"""

import hashlib
from collections.abc import Collection
from dataclasses import replace

from hashclient.client.connection import Connection, refused, since_an_attempt
from hashclient.client.retry import Deadline, RetryPolicy
from hashclient.client.trust import check_fit
from hashclient.errors import (
    CaseNotFoundError,
    CaseNumberTakenError,
    EndpointRefusedError,
    EndpointUnreachableError,
    NotConfirmedError,
    TakenBackError,
    TransportError,
    UntrustedEndpointError,
)
from hashclient.guidance import endings
from hashclient.model import CaseKey, CaseNumber, CaseReport, CaseRequest, EndpointProfile, Pin, Receipt, Submission
from hashclient.model.wire import WireBody, encode
from hashclient.transport.interface import Transport
from hashclient.vocabulary import CaseStatus, Purpose

__all__ = ["Client", "RetryPolicy"]


class Client:
    """One endpoint, and the three things that can be asked of it; to be used from one thread.

    The profile is read once, when it is first needed; every later call goes by it until the endpoint says
    that its key or epoch changed. Read again, it may have added or replaced keys; where it drops sealing or all keys, or
    names another operator, other partners or another retention, nothing more is sent.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        trusted_keys: Collection[str] = (),
        allow_plain: bool = False,
        retry: RetryPolicy | None = None,
    ) -> None:
        """Keep the way to the endpoint; nothing is sent yet.

        Args:
            transport: the caller opens and closes it.
            trusted_keys: key ids (16 hex characters) or check digits (25 digits); where there are any, a
                request is sealed to one of them or not sent.
            allow_plain: whether a body may go unsealed to an endpoint on another device that accepts
                such bodies; on this device it may.
            retry: how long a call keeps trying.
        """
        self._connection = Connection(transport, trusted_keys=trusted_keys, allow_plain=allow_plain)
        self._retry = retry or RetryPolicy()
        self._unsettled: set[CaseNumber] = set()

    @property
    def may_have_sent(self) -> bool:
        """Whether a byte of a body may have left in the last call, or, for a submission, in an earlier one whose end is not known; tells what is true after Ctrl-C."""
        return self._connection.may_have_sent

    @property
    def changed_profile(self) -> EndpointProfile | None:
        """What the endpoint said of itself when `ProfileChangedError` was raised last, to be shown; None before."""
        return self._connection.changed

    def profile(self) -> EndpointProfile:
        """Return what the endpoint says about itself; its sentences are the operator's, to be shown as text.

        Raises:
            EndpointUnreachableError: the endpoint did not give one.
            UntrustedEndpointError: it is the profile of another address, or misnames a key.
        """
        return self._connection.profile(Deadline(self._retry))

    def submit(
        self, submission: Submission, *, tried_before: bool = False, shown: EndpointProfile | None = None
    ) -> Receipt:
        """Send a submission until it is received or the time is over; repeating the call is safe.

        Args:
            submission: complete, with credentials that the person already holds.
            tried_before: whether another run of the program may have sent it without learning the end.
            shown: the profile that another run showed to the person, if one did.

        Returns:
            The receipt of a case that is live: of this acceptance or, for a submission that was accepted before, of
            that one. Where the service says that the number is taken, and an earlier attempt may have
            taken it, the case is asked for with the same key; if it is ours and has as many items
            and hashes, the receipt is put together from its report.

        Raises:
            UnfitSubmissionError: the endpoint would not accept it; nothing was sent.
            NoHybridError: this installation cannot seal as the endpoint asks; nothing was sent.
            EndpointUnreachableError: nothing was sent.
            UntrustedEndpointError: see its sentence for what was sent.
            ProfileChangedError: the endpoint says something else of itself than the person was shown; likewise.
            CaseNumberTakenError: someone else's case has this number.
            EndpointRefusedError: the endpoint refused, in the seal.
            TakenBackError: it was accepted before, and withdrawn or deleted since.
            NotConfirmedError: we do not know; call again with the same submission.
            KeyboardInterrupt: `may_have_sent` tells what is true.
        """
        may_be_ours = tried_before or submission.case_number in self._unsettled
        try:
            return self._submit(submission, may_be_ours=may_be_ours, shown=shown)
        except EndpointRefusedError:  # a final answer
            raise
        except BaseException as error:
            if self.may_have_sent:
                self._unsettled.add(submission.case_number)
            if may_be_ours and isinstance(error, (EndpointUnreachableError, UntrustedEndpointError)):
                error = since_an_attempt(error, Purpose.SUBMISSION)  # nothing was sent now, but before
                raise error from None
            raise

    def status(self, number: CaseNumber, pin: Pin) -> CaseReport:
        """Ask where a case stands; changes nothing. Takes about 0.2 s for the case key.

        Raises:
            CaseNotFoundError: no case has this number and PIN.
            TooManyTriesError: no more tries for now.
            TransportError: as for `submit`.
        """
        return self._ask(Purpose.STATUS, _case_request(number, pin), self._begin())

    def withdraw(self, number: CaseNumber, pin: Pin) -> CaseReport:
        """Withdraw a case; repeating it gives the same answer. Takes about 0.2 s for the case key.

        Raises:
            NotConfirmedError: also where the service answers with any other state than that it is taken back or gone, or
                still holds hashes of it.
            CaseNotFoundError: no case has this number and PIN.
            TooManyTriesError: no more tries for now.
            TransportError: as for `submit`.
        """
        report = self._ask(Purpose.WITHDRAWAL, _case_request(number, pin), self._begin())
        if report.status not in endings.TAKEN_BACK or report.signals:
            raise NotConfirmedError(endings.NOT_TAKEN_BACK, hint=endings.WITHDRAW_AGAIN)
        return report

    def seal_for_file(self, submission: Submission) -> bytes:
        """Return the bytes to hand over by other means: sealed if the endpoint has a key, else plain.

        Only the profile is asked for. The answer to such a request cannot be opened, so its key is not kept. Raises as
        `submit` does before anything is sent.
        """
        deadline = self._begin()
        check_fit(submission, self._connection.profile(deadline))
        return self._connection.seal(encode(submission), purpose=Purpose.SUBMISSION, deadline=deadline).body

    def _begin(self, *, size: int = 0, may_have_sent: bool = False, shown: EndpointProfile | None = None) -> Deadline:
        self._connection.may_have_sent, self._connection.shown = may_have_sent, shown
        return Deadline(self._retry, size=size)

    def _submit(self, submission: Submission, *, may_be_ours: bool, shown: EndpointProfile | None) -> Receipt:
        body = encode(submission)
        deadline = self._begin(size=len(body), may_have_sent=may_be_ours, shown=shown)
        profile = self._connection.profile(deadline)
        if not may_be_ours:
            check_fit(submission, profile)
        answer = self._connection.bring(body, purpose=Purpose.SUBMISSION, deadline=deadline)
        if answer.status == 409 and (answer.is_doubtful or may_be_ours):
            return self._receipt_of_earlier_attempt(submission, body, deadline)
        receipt = answer.value
        if not isinstance(receipt, Receipt):
            raise refused(replace(answer, is_doubtful=answer.is_doubtful or may_be_ours), purpose=Purpose.SUBMISSION)
        told = receipt.case_number, receipt.digest, receipt.items, receipt.signals
        if told != (submission.case_number, _digest(body), *_counts(submission)):
            raise NotConfirmedError(endings.OTHER_RECEIPT)
        _require_live(receipt.status)
        return receipt

    def _receipt_of_earlier_attempt(self, submission: Submission, body: WireBody, deadline: Deadline) -> Receipt:
        """Find out whether the case that has our number is ours, and accepted."""
        request = CaseRequest(case_number=submission.case_number, case_key=submission.case_key)
        try:
            report = self._ask(Purpose.STATUS, request, deadline)
        except CaseNotFoundError:
            raise CaseNumberTakenError(status=409) from None
        except TransportError:
            raise NotConfirmedError from None
        _require_live(report.status)
        if (report.items, report.signals) != _counts(submission):
            raise NotConfirmedError(endings.OTHER_CASE, hint=endings.ASK_STATUS)
        told = report.model_dump(include={"items", "signals", "day", "status"})
        return Receipt(case_number=submission.case_number, digest=_digest(body), **told)

    def _ask(self, purpose: Purpose, request: CaseRequest, deadline: Deadline) -> CaseReport:
        self._connection.profile(deadline)
        answer = self._connection.bring(encode(request), purpose=purpose, deadline=deadline)
        if not isinstance(answer.value, CaseReport):
            raise refused(answer, purpose=purpose)
        return answer.value


def _case_request(number: CaseNumber, pin: Pin) -> CaseRequest:
    return CaseRequest(case_number=number, case_key=CaseKey.from_pin(pin, number))


def _counts(submission: Submission) -> tuple[int, int]:
    """Return how many items and hashes were sent."""
    return len(submission.items), sum(len(item.signals) for item in submission.items)


def _require_live(status: CaseStatus) -> None:
    """Take no state for success in which nothing is held any more, or that this version does not know."""
    if gone := endings.TAKEN_BACK.get(status):
        raise TakenBackError(gone)
    if status is CaseStatus.OTHER:
        raise NotConfirmedError(endings.STATES[CaseStatus.OTHER], hint=endings.UPDATE_OR_ASK)


def _digest(body: WireBody) -> str:
    return hashlib.sha256(body).hexdigest()
