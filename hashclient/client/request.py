"""Carry one request from draft to ending, for whoever asks: the command line, a queue, a partner's own program.

`Request` drafts, fits, draws credentials, sends, renews a number that is taken, and tells what may have left. It never
prints and never asks. Its order is the promise: credentials are drawn, and shown or stored by the caller, before
anything is sent.

    client = Client(transport)
    request = Request(declarations, items, client=client)
    for refusal in request.left_out:
        ...                                       # say what the service does not accept
    keep(request.draw())                          # show or store case number and PIN, then go on
    receipt = request.send()
"""

import secrets
from collections.abc import Sequence
from typing import Final, Self

from pydantic import ValidationError

from hashclient._crash import crash_point
from hashclient.client import Client
from hashclient.client.trust import check_fit
from hashclient.errors import (
    CaseNumberTakenError,
    InvalidSubmissionError,
    NotConfirmedError,
    UnfitSubmissionError,
    UsageError,
)
from hashclient.guidance import review
from hashclient.messages import _p
from hashclient.model import Declarations, EndpointProfile, Item, Receipt, Submission
from hashclient.model.case import NUMBER_BITS, PIN_DIGITS, CaseKey, CaseNumber, Credentials, Pin
from hashclient.model.fit import fit
from hashclient.model.policy import Refusal
from hashclient.model.wire import encode
from hashclient.vocabulary import Reason

MAX_RENEWALS: Final = 2
"""How often a case number that is taken is replaced by a new one."""


class Request:
    """One request to one service, to be used from one thread.

    Args:
        declarations: what the person affirmed.
        items: what would be sent, hashes in the order in which `hashclient.prepare` gives them.
        client: the service that is to get it; its profile is read now. None for a request that is only looked at, or
            is written to a file without a seal.

    Raises:
        UnfitSubmissionError: there is nothing to send, or nothing would be left of one of the items.
        TransportError: the profile could not be read, or is not to be trusted; nothing was sent.
    """

    def __init__(self, declarations: Declarations, items: Sequence[Item], *, client: Client | None = None) -> None:
        if not items:
            raise UnfitSubmissionError(_p("error", "There is nothing to send. Nothing was sent."))
        self._client = client
        self._profile = client.profile() if client else None
        fitted = fit(items, self._profile)
        if len(fitted.items) < len(items):
            reasons = {refusal.reason for refusal in fitted.left_out}
            if Reason.TYPE_NOT_ACCEPTED in reasons:
                raise UnfitSubmissionError(review.KINDS_REFUSED, hint=review.CHOOSE_KINDS)
            if Reason.TOO_MANY_SIGNALS in reasons:
                raise UnfitSubmissionError(review.NO_ROOM, hint=review.SEND_FEWER)
            raise UnfitSubmissionError(review.TOO_PLAIN, hint=review.CHOOSE_CLEARER)
        self._submission: Submission | None = None
        self._renewals = MAX_RENEWALS
        self._is_taken = False
        self._may_have_sent = False
        self.declarations = declarations
        """What the person affirmed."""
        self.items = fitted.items
        """What is sent: every item that was given, without the hashes that the service does not accept."""
        self.left_out: tuple[Refusal, ...] = fitted.left_out
        """Why hashes were left out; each names the position of its item."""

    @classmethod
    def resume(
        cls, submission: Submission, *, client: Client, may_have_sent: bool = True, shown: EndpointProfile | None = None
    ) -> Self:
        """Take up a request that an earlier run of the program stored before sending; asks nobody anything yet.

        Args:
            submission: as `submission` gave it then, byte for byte the same (`model.wire.encode`, `decode`).
            client: the service it was drawn for.
            may_have_sent: whether that run may have sent it; False only where this is certain.
            shown: what the service said of itself when the person agreed, stored beside the submission; where it says
                something else now, nothing is sent. None: show the person its profile anew before `send`.
        """
        request = cls(submission.declarations, submission.items)
        request._client, request._submission, request._may_have_sent = client, submission, may_have_sent
        request._profile = shown
        return request

    @property
    def submission(self) -> Submission:
        """The document that is sent; its bytes are fixed once credentials are drawn, until `renew` draws new ones.

        Raises:
            UsageError: no credentials were drawn yet.
        """
        if self._submission is None:
            raise UsageError(
                _p("error", "No case number and PIN were drawn for this request. Nothing was sent."),
                hint=_p("error", "Call draw() first."),
            )
        return self._submission

    @property
    def may_have_sent(self) -> bool:
        """Whether a byte of this submission may have left; tells what is true after Ctrl-C, or after an error."""
        return self._may_have_sent

    def draw(self) -> Credentials:
        """Draw a case number and a PIN, and build the submission under them; takes about 0.2 s for the case key.

        Whoever calls this shows or stores both before sending, with `shown()` of each: `str` and `repr` hide them, and
        nobody can recover them.

        Raises:
            NotConfirmedError: an earlier attempt may have been received, so its number stays; `send` again.
            UnfitSubmissionError: the service would not accept it; names the first reason.
            InvalidSubmissionError: the items do not make a submission.
        """
        if self._may_have_sent:
            raise NotConfirmedError
        crash_point("before-credentials")
        credentials = new_credentials()
        self._build(credentials)
        crash_point("credentials-drawn")
        return credentials

    def take_up(self, credentials: Credentials) -> None:
        """Use the number and the PIN of an earlier run, whose end is not known, for this request.

        What that run sent is gone, so this one has other bytes: if the earlier one arrives first, this one is not taken,
        and `send` finds that out.

        Args:
            credentials: as the person noted them; `Client.status` should have found no case of theirs.

        Raises:
            UnfitSubmissionError: as for `draw`.
            InvalidSubmissionError: as for `draw`.
        """
        self._build(credentials)
        self._may_have_sent = True

    def _build(self, credentials: Credentials) -> None:
        submission = build_submission(credentials, self.declarations, self.items)
        if self._profile:
            check_fit(submission, self._profile)
        self._submission, self._is_taken = submission, False

    def renew(self) -> Credentials:
        """Draw new credentials after `CaseNumberTakenError`; the old number is never sent again.

        Raises:
            CaseNumberTakenError: the number was renewed as often as allowed.
            UsageError: the number is not taken, so it stays.
        """
        if not self._is_taken:
            raise UsageError(
                _p("error", "The case number is not taken, so it stays."), hint=_p("error", "Send the request again.")
            )
        if not self._renewals:
            raise CaseNumberTakenError(status=409)
        self._renewals -= 1
        return self.draw()

    def send(self) -> Receipt:
        """Send the submission until it is received or the time is over; repeating the call is safe.

        One call makes as many attempts as the client's `RetryPolicy` allows.

        Raises:
            UsageError: no credentials were drawn yet.
            UnfitSubmissionError: there is no service to send it to.
            CaseNumberTakenError: someone else's case has this number; `renew`, and send again.
            NotConfirmedError: we do not know; call it again, or ask for the case's status later.
            ProfileChangedError: the service says something else of itself than it did when the request was drafted.
            TransportError: otherwise as `Client.submit`.
        """
        submission = self.submission
        if self._client is None:
            raise UnfitSubmissionError(
                _p("error", "No service was chosen. Nothing was sent."),
                hint=_p("error", "Choose a service to send it to."),
            )
        if self._is_taken:
            raise CaseNumberTakenError(status=409)
        try:
            receipt = self._client.submit(submission, tried_before=self._may_have_sent, shown=self._profile)
        except CaseNumberTakenError:
            self._is_taken, self._may_have_sent = True, False
            raise
        except BaseException:
            self._may_have_sent = self._client.may_have_sent
            raise
        self._may_have_sent = True
        return receipt

    def for_file(self) -> bytes:
        """Return the bytes to hand over by other means: sealed to the service's key, or plain if there is no service.

        Raises:
            TransportError: as `Client.submit` before anything is sent.
        """
        return self._client.seal_for_file(self.submission) if self._client else encode(self.submission)


def new_credentials() -> Credentials:
    """Draw a case number of 55 random bits and a PIN of 8 random digits."""
    number = CaseNumber.from_bits(secrets.randbits(NUMBER_BITS))
    return Credentials(number, Pin(f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"))


def build_submission(credentials: Credentials, declarations: Declarations, items: Sequence[Item]) -> Submission:
    """Build a submission; takes about 0.2 s for the case key.

    Args:
        credentials: the pair the person keeps; the PIN itself does not go in.
        declarations: what the person affirmed.
        items: in any order. They are shuffled, so that their order tells nothing, and each
            `altered_from` is changed to the new position of the item it names.

    Raises:
        InvalidSubmissionError: no or too many items or hashes, or an `altered_from` that names no other item.
    """
    order = secrets.SystemRandom().sample(range(len(items)), len(items))
    places = {old: new for new, old in enumerate(order)}
    try:
        return Submission(
            nonce=secrets.token_hex(16),
            case_number=credentials.number,
            case_key=CaseKey.from_pin(credentials.pin, credentials.number),
            declarations=declarations,
            items=tuple(_moved(items[old], places) for old in order),
        )
    except ValidationError:
        raise InvalidSubmissionError from None


def _moved(item: Item, places: dict[int, int]) -> Item:
    """Let `altered_from` name the new position of the item that it named before."""
    if item.altered_from is None:
        return item
    return item.model_copy(update={"altered_from": places.get(item.altered_from, len(places))})
