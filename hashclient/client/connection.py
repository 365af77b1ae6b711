"""Bring bodies to one endpoint until an answer can be believed.

The text of a problem comes from outside and is never shown; only its name counts, and only names that are known here.
Which key is trusted is decided in `trust`, what a request is and what its answer means in `hashclient.client`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from hashclient._crash import crash_point
from hashclient.client import trust
from hashclient.client.retry import Deadline
from hashclient.errors import (
    CaseNotFoundError,
    CaseNumberTakenError,
    EndpointRefusedError,
    EndpointUnreachableError,
    ModelError,
    NoHybridError,
    NotConfirmedError,
    ProfileChangedError,
    SignInFirstError,
    TooManyTriesError,
    TransportError,
    UnfitSubmissionError,
    UntrustedEndpointError,
)
from hashclient.guidance import endings
from hashclient.messages import joined
from hashclient.model import CaseReport, EndpointProfile, Problem, Receipt
from hashclient.model.wire import JSON, PROBLEM, SEALED, WireBody, decode
from hashclient.sealing import SealedBody, open_reply
from hashclient.transport.interface import Path, Reply, Transport
from hashclient.vocabulary import Purpose

_PATHS: Final = {
    Purpose.SUBMISSION: Path.SUBMISSIONS,
    Purpose.STATUS: Path.STATUS,
    Purpose.WITHDRAWAL: Path.WITHDRAWAL,
}
_SUCCESS: Final = {Purpose.SUBMISSION: 201, Purpose.STATUS: 200, Purpose.WITHDRAWAL: 200}
_RETRIED: Final = frozenset({408, 429, *range(500, 600)})
"""HTTP statuses after which the same body is sent again."""
_UNSEALED: Final = frozenset({400, 413, 415, *_RETRIED})
"""Statuses that may come unsealed although the request was sealed; they prove nothing, since anyone on the way can say them."""
_STALE: Final = frozenset({(400, "unknown-key"), (410, "epoch-expired")})
"""Answers after which the profile is read again and the same body is sealed anew."""
_REFUSALS: Final[Mapping[tuple[int, str], type[EndpointRefusedError]]] = {
    (404, "no-such-case-or-pin"): CaseNotFoundError,
    (409, "case-number-taken"): CaseNumberTakenError,
}


@dataclass(frozen=True)
class Answer:
    """An answer that is believed."""

    status: int
    """HTTP status."""
    value: Receipt | CaseReport | None = None
    """What was asked for, if it was given."""
    problem: str = ""
    """Name of the problem; empty if none is known."""
    retry_after: float | None = None
    """Seconds the endpoint asks us to wait."""
    is_proven: bool = True
    """Whether it came in the seal, or to a body that had none."""
    is_doubtful: bool = False
    """Whether an earlier attempt of the same call may have been accepted."""


class Connection:
    """One endpoint: how it is reached, what it said of itself, and which of its keys are trusted."""

    def __init__(self, transport: Transport, *, trusted_keys: Collection[str], allow_plain: bool) -> None:
        self._transport = transport
        self._trusted_keys = tuple(trusted_keys)
        self._allow_plain = allow_plain
        self._profile: EndpointProfile | None = None
        self._first: EndpointProfile | None = None
        self.shown: EndpointProfile | None = None
        """What an earlier run showed to the person, by which the current call goes."""
        self.changed: EndpointProfile | None = None
        """What was read last and says something else than what was shown."""
        self.may_have_sent = False
        """Whether a byte of a body may have left since this was last set to False."""

    def profile(self, deadline: Deadline) -> EndpointProfile:
        """Return the profile, asking for it when it is first needed.

        Raises:
            EndpointUnreachableError: the endpoint did not give one; asking carries nothing, so nothing was sent.
            UntrustedEndpointError: it is not to be trusted.
            ProfileChangedError: it says something else than what was read first, or than what was shown.
        """
        profile = self._profile or self._ask_profile(deadline)
        today = trust.utc_today()
        if any(shown and trust.says_otherwise(profile, shown, today=today) for shown in (self._first, self.shown)):
            self.changed = profile
            raise ProfileChangedError
        self._profile, self._first = profile, self._first or profile
        return profile

    def seal(self, body: WireBody, *, purpose: Purpose, deadline: Deadline) -> trust.SealedRequest:
        """Seal a body as profile and trusted keys say; raises as `profile`, `trusted_key` and `seal_body` do."""
        profile = self.profile(deadline)
        shown, today = self.shown or self._first, trust.utc_today()
        key = trust.trusted_key(
            profile, trusted_keys=self._trusted_keys, shown=shown, allow_plain=self._allow_plain, today=today
        )
        return trust.seal_body(body, purpose=purpose, profile=profile, key=key)

    def bring(self, body: WireBody, *, purpose: Purpose, deadline: Deadline) -> Answer:
        """Send a body, the same bytes at every attempt, until there is a final answer or the time is over.

        Raises:
            TransportError: the time is over and nothing was sent, the endpoint is busy, or we do not know; or the
                endpoint is not to be trusted.
        """
        is_doubtful, rereads = False, 0
        while True:
            result = self._attempt(body, purpose=purpose, deadline=deadline)
            if isinstance(result, Answer):
                if (result.status, result.problem) in _STALE and rereads < deadline.policy.rereads:
                    rereads += 1
                    self._profile, is_doubtful = None, is_doubtful or _leaves_doubt(result)
                    continue
                if result.status not in _RETRIED:
                    return replace(result, is_doubtful=is_doubtful)
            is_doubtful = is_doubtful or _leaves_doubt(result)
            if not deadline.pause(result.retry_after if isinstance(result, Answer) else None):
                raise self._given_up(result, purpose=purpose, is_doubtful=is_doubtful)

    def _attempt(self, body: WireBody, *, purpose: Purpose, deadline: Deadline) -> Answer | TransportError:
        """Send a body once; what may go better next time is returned, not raised."""
        sent_before = self.may_have_sent
        try:
            sealed = self.seal(body, purpose=purpose, deadline=deadline)
            self.may_have_sent = True
            reply = self._transport.send(_PATHS[purpose], sealed.body, deadline=deadline.left())
        except EndpointUnreachableError as error:
            self.may_have_sent = sent_before
            return error
        except NotConfirmedError as error:
            return error
        except UntrustedEndpointError as error:
            if sent_before:
                raise since_an_attempt(error, purpose) from None
            raise
        except (UnfitSubmissionError, NoHybridError):  # their sentences say that nothing was sent
            if sent_before:
                raise not_confirmed(purpose) from None
            raise
        return believed_answer(reply, purpose=purpose, sealed=sealed) or NotConfirmedError()

    def _given_up(self, last: Answer | TransportError, *, purpose: Purpose, is_doubtful: bool) -> TransportError:
        """Say how a call ends that found no final answer: not sent, turned away, or not known."""
        if isinstance(last, Answer) and not (last.is_proven and is_doubtful):
            return refused(last, purpose=purpose)
        return not_confirmed(purpose) if isinstance(last, Answer) or self.may_have_sent else last

    def _ask_profile(self, deadline: Deadline) -> EndpointProfile:
        for attempt in range(deadline.policy.profile_attempts, 0, -1):
            result: Reply | EndpointUnreachableError
            try:
                result = self._transport.send(Path.PROFILE, None, deadline=deadline.left())
            except EndpointUnreachableError as error:
                result = error
            if isinstance(result, Reply) and result.status == 511:
                raise SignInFirstError
            if isinstance(result, Reply) and result.status not in _RETRIED:
                if result.is_page:
                    raise EndpointUnreachableError(endings.WEB_PAGE, hint=endings.CHECK_OR_SIGN_IN)
                if result.status != 200 or result.content_type != JSON:
                    raise EndpointUnreachableError(endings.NO_SERVICE, hint=endings.CHECK_ADDRESS)
                return trust.read_profile(result.untrusted_body, origin=self._transport.origin)
            retry_after = result.retry_after if isinstance(result, Reply) else None
            if attempt == 1 or not deadline.pause(retry_after, most=deadline.policy.profile_attempts):
                break
        if isinstance(result, Reply):
            raise EndpointUnreachableError(endings.BUSY)
        raise result


def _leaves_doubt(result: Answer | TransportError) -> bool:
    """Tell whether the endpoint may have accepted what it gave no final answer to."""
    is_turned_away = isinstance(result, Answer) and result.is_proven and result.status == 429
    return not (is_turned_away or isinstance(result, EndpointUnreachableError))


def believed_answer(reply: Reply, *, purpose: Purpose, sealed: trust.SealedRequest) -> Answer | None:
    """Open a reply and read it.

    Returns:
        None if it cannot be believed: it does not open, answers another request, or says something else inside the
        seal than outside.
    """
    is_success = reply.status == _SUCCESS[purpose]
    try:
        if sealed.reply_key and reply.content_type == SEALED:
            body = open_reply(reply.untrusted_body, request=SealedBody(sealed.body), key=sealed.reply_key)
            crash_point("reply-opened")
        elif sealed.reply_key is None and reply.content_type == (JSON if is_success else PROBLEM):
            body = reply.untrusted_body
        elif reply.status in _UNSEALED:
            name = _unsealed_problem(reply)
            return Answer(reply.status, problem=name, retry_after=reply.retry_after, is_proven=False)
        else:
            return None
        if is_success:
            value = decode(Receipt, body) if purpose is Purpose.SUBMISSION else decode(CaseReport, body)
            return Answer(reply.status, value)
        problem = decode(Problem, body)
    except ModelError:
        return None
    if problem.status != reply.status:
        return None
    return Answer(reply.status, problem=problem.name(), retry_after=reply.retry_after)


def _unsealed_problem(reply: Reply) -> str:
    """Read the name of an unsealed problem, if it has one."""
    try:
        return decode(Problem, reply.untrusted_body).name() if reply.content_type == PROBLEM else ""
    except ModelError:
        return ""


def since_an_attempt(error: TransportError, purpose: Purpose) -> TransportError:
    """Say what is true where a service cannot be reached, or is found not to be trusted, after a body may have left."""
    if isinstance(error, EndpointUnreachableError):
        return NotConfirmedError()
    if isinstance(error, ProfileChangedError):
        return ProfileChangedError(endings.CHANGED_SINCE[purpose], hint=endings.KEEP_AND_READ[purpose])
    return UntrustedEndpointError(endings.NOT_PROVEN_SINCE[purpose], hint=endings.KEEP_AND_ASK)


def not_confirmed(purpose: Purpose, status: int = 0) -> NotConfirmedError:
    """Say that a request may have arrived; of an answer that proves nothing, only its status is told, in our words."""
    why = endings.UNPROVEN.get(status, endings.NO_PROOF)
    return NotConfirmedError(joined(why, endings.LEFT_OPEN[purpose]), hint=endings.AGAIN[purpose])


def refused(answer: Answer, *, purpose: Purpose) -> TransportError:
    """Put a final answer that is not the one asked for into an error, in words of our own."""
    if not answer.is_proven:
        return not_confirmed(purpose, answer.status)
    if answer.status == 429:
        return TooManyTriesError(hint=endings.wait(answer.retry_after), status=429)
    if kind := _REFUSALS.get((answer.status, answer.problem)):
        return kind(status=answer.status)
    hint = endings.REFUSED_NUMBER[answer.is_doubtful] if purpose is Purpose.SUBMISSION else None
    return EndpointRefusedError(endings.REFUSED_BECAUSE.get(answer.problem), hint=hint, status=answer.status)
