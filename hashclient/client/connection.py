"""Bring bodies to one endpoint until an answer can be believed.

The text of a problem comes from outside and is never shown; only its name counts, and only names that are known here.
Which key is trusted is decided in `trust`, what a request is and what its answer means in `hashclient.client`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from hashclient._crash import crash_point
from hashclient.client.retry import Deadline
from hashclient.client.trust import NOT_KNOWN, SealedRequest, read_profile, seal_body, trusted_key, utc_today
from hashclient.errors import (
    CaseNotFoundError,
    CaseNumberTakenError,
    EndpointRefusedError,
    EndpointUnreachableError,
    ModelError,
    NoHybridError,
    NotConfirmedError,
    TooManyTriesError,
    TransportError,
    UnfitSubmissionError,
    UntrustedEndpointError,
)
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
_RETRIED: Final = frozenset({408, 428, 429, *range(500, 600)})
"""HTTP statuses after which the same body is sent again."""
_NOT_ADMITTED: Final = frozenset({428, 429})
"""Those of them that say that the body was not looked at."""
_UNSEALED: Final = frozenset({400, 413, 415, *_RETRIED})
"""Statuses that may come unsealed although the request was sealed: it was not opened or not admitted."""
_STALE: Final = frozenset({(400, "unknown-key"), (410, "epoch-expired")})
"""Answers after which the profile is read again and the same body is sealed anew."""
_STOPPED: Final = (
    "The service could not prove that it is the one you chose. We stopped, "
    "and do not know whether it received an earlier attempt."
)
_REFUSALS: Final[Mapping[tuple[int, str], type[EndpointRefusedError]]] = {
    (404, "no-such-case-or-pin"): CaseNotFoundError,
    (409, "case-number-taken"): CaseNumberTakenError,
    (429, "too-many-tries"): TooManyTriesError,
}
_WHY: Final = {
    "malformed": "it could not read the request",
    "unsupported-media-type": "it does not accept requests of this form",
    "too-large": "the request is longer than it accepts",
    "invalid-submission": "the request does not follow its specification",
    "not-accepted": "the request holds more fingerprints than it accepts, or other types",
    "age-gate": "it accepts requests about adults only",
    "unknown-key": "it does not know the key that it named itself",
    "epoch-expired": "the request came too late",
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
    is_doubtful: bool = False
    """Whether an earlier attempt of the same call may have been accepted."""


class Connection:
    """One endpoint: how it is reached, what it said of itself, and which of its keys are trusted."""

    def __init__(self, transport: Transport, *, trusted_keys: Collection[str], allow_plain: bool) -> None:
        self._transport = transport
        self._trusted_keys = tuple(trusted_keys)
        self._allow_plain = allow_plain
        self._profile: EndpointProfile | None = None
        self.may_have_sent = False
        """Whether a byte of a body may have left since this was last set to False."""

    def profile(self, deadline: Deadline) -> EndpointProfile:
        """Return the profile, asking for it when it is first needed.

        Raises:
            EndpointUnreachableError: the endpoint did not give one; asking carries nothing, so nothing was sent.
            UntrustedEndpointError: it is not to be trusted.
        """
        if self._profile is None:
            self._profile = self._ask_profile(deadline)
        return self._profile

    def seal(self, body: WireBody, *, purpose: Purpose, deadline: Deadline) -> SealedRequest:
        """Seal a body as profile and trusted keys say; raises as `profile`, `trusted_key` and `seal_body` do."""
        profile = self.profile(deadline)
        key = trusted_key(profile, trusted_keys=self._trusted_keys, allow_plain=self._allow_plain, today=utc_today())
        return seal_body(body, purpose=purpose, profile=profile, key=key)

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
                    self._profile = None
                    continue
                if result.status not in _RETRIED:
                    return replace(result, is_doubtful=is_doubtful)
            is_doubtful = is_doubtful or _leaves_doubt(result)
            if not deadline.pause(result.retry_after if isinstance(result, Answer) else None):
                raise self._given_up(result, is_doubtful=is_doubtful)

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
        except UntrustedEndpointError:
            if sent_before:
                raise UntrustedEndpointError(_STOPPED) from None
            raise
        except (UnfitSubmissionError, NoHybridError):  # their sentences say that nothing was sent
            if sent_before:
                raise NotConfirmedError from None
            raise
        return believed_answer(reply, purpose=purpose, sealed=sealed) or NotConfirmedError()

    def _given_up(self, last: Answer | TransportError, *, is_doubtful: bool) -> TransportError:
        """Say how a call ends that found no final answer: not sent, turned away, or not known."""
        if is_doubtful or (self.may_have_sent and not isinstance(last, Answer)):
            return NotConfirmedError()
        return refused(last) if isinstance(last, Answer) else last

    def _ask_profile(self, deadline: Deadline) -> EndpointProfile:
        for attempt in range(deadline.policy.profile_attempts, 0, -1):
            result: Reply | EndpointUnreachableError
            try:
                result = self._transport.send(Path.PROFILE, None, deadline=deadline.left())
            except EndpointUnreachableError as error:
                result = error
            if isinstance(result, Reply) and result.status not in _RETRIED:
                if result.status != 200 or result.content_type != JSON:
                    raise EndpointUnreachableError(NOT_KNOWN, hint="Check the address you were given.")
                return read_profile(result.untrusted_body, origin=self._transport.origin)
            if attempt == 1 or not deadline.pause(result.retry_after if isinstance(result, Reply) else None):
                break
        if isinstance(result, Reply):
            raise EndpointUnreachableError("The service is too busy to answer. Nothing was sent.")
        raise result


def _leaves_doubt(result: Answer | TransportError) -> bool:
    """Tell whether the endpoint may have accepted what it gave no final answer to."""
    if isinstance(result, Answer):
        return result.status not in _NOT_ADMITTED
    return isinstance(result, NotConfirmedError)


def believed_answer(reply: Reply, *, purpose: Purpose, sealed: SealedRequest) -> Answer | None:
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
            return Answer(reply.status, problem=_unsealed_problem(reply), retry_after=reply.retry_after)
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


def refused(answer: Answer) -> TransportError:
    """Put a final answer that is not the one asked for into an error, in words of our own."""
    if answer.is_doubtful and answer.status in {400, 413, 415}:
        return NotConfirmedError()  # it was not opened, so it says nothing of the earlier attempt
    if kind := _REFUSALS.get((answer.status, answer.problem)):
        return kind(status=answer.status)
    if answer.status == 429:
        return TooManyTriesError(status=429)
    if why := _WHY.get(answer.problem):
        return EndpointRefusedError(f"The service received the request and refused it: {why}.", status=answer.status)
    return EndpointRefusedError(status=answer.status)
