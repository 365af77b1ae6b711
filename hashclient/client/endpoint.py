"""Hold what the client knows of one endpoint, and bring bodies to it until an answer can be believed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from hashclient.client.answers import NOT_ADMITTED, RETRIED, Answer, read_answer, refusal
from hashclient.client.patience import Waiting
from hashclient.client.trust import NOT_KNOWN, Closed, close_body, read_profile, trusted_key
from hashclient.errors import (
    EndpointUnreachableError,
    NoHybridError,
    NotConfirmedError,
    TransportError,
    UnfitSubmissionError,
    UntrustedEndpointError,
)
from hashclient.model import EndpointProfile
from hashclient.model.wire import WireBody
from hashclient.transport.interface import JSON, Path, Reply, Transport
from hashclient.vocabulary import Purpose

_PATHS: Final = {
    Purpose.SUBMISSION: Path.SUBMISSIONS,
    Purpose.STATUS: Path.STATUS,
    Purpose.WITHDRAWAL: Path.WITHDRAWAL,
}
_STALE: Final = frozenset({(400, "unknown-key"), (410, "epoch-expired")})
"""Answers after which the profile is read again and the same body sealed anew."""
_STOPPED: Final = "The service could not prove that it is the one you chose. We stopped, and do not know whether an earlier try was received."


@dataclass(frozen=True)
class Outcome:
    """A final answer, and whether an earlier try of the same call may have been taken."""

    answer: Answer
    is_doubtful: bool


class Endpoint:
    """One endpoint: how it is reached, what it said of itself, and which of its keys are trusted."""

    def __init__(
        self, transport: Transport, *, trusted_keys: Collection[str], allow_plain: bool, today: Callable[[], str]
    ) -> None:
        self._transport = transport
        self._trusted_keys = tuple(trusted_keys)
        self._allow_plain = allow_plain
        self._today = today
        self._profile: EndpointProfile | None = None
        self.may_have_sent = False
        """Whether a byte of a body may have left since this was last set to False."""

    def profile(self, waiting: Waiting) -> EndpointProfile:
        """Give the profile, asking for it when first needed.

        Raises:
            EndpointUnreachableError: it could not be had; asking carries nothing, so nothing was sent.
            UntrustedEndpointError: it is not to be trusted.
        """
        if self._profile is None:
            self._profile = self._ask_profile(waiting)
        return self._profile

    def forget_profile(self) -> None:
        """Ask for the profile again when it is next needed."""
        self._profile = None

    def close_body(self, body: WireBody, *, purpose: Purpose, waiting: Waiting) -> Closed:
        """Seal a body as profile and trusted keys say; raises as `profile`, `trusted_key` and `trust.close_body` do."""
        profile = self.profile(waiting)
        key = trusted_key(profile, trusted_keys=self._trusted_keys, allow_plain=self._allow_plain, today=self._today())
        return close_body(body, purpose=purpose, profile=profile, key=key)

    def bring(self, body: WireBody, *, purpose: Purpose, waiting: Waiting) -> Outcome:
        """Bring a body to the endpoint, the same bytes at every try, until it answers or the time is over.

        Raises:
            TransportError: the time is over, as `_given_up` says; or the endpoint is not to be trusted.
        """
        is_doubtful, rereads = False, 0
        while True:
            result = self._try_once(body, purpose=purpose, waiting=waiting)
            if isinstance(result, Answer):
                if (result.status, result.problem) in _STALE and rereads < waiting.patience.rereads:
                    rereads += 1
                    self.forget_profile()
                    continue
                if result.status not in RETRIED:
                    return Outcome(result, is_doubtful)
            is_doubtful = is_doubtful or _leaves_doubt(result)
            if not waiting.pause(result.retry_after if isinstance(result, Answer) else None):
                raise self._given_up(result, is_doubtful=is_doubtful)

    def _try_once(self, body: WireBody, *, purpose: Purpose, waiting: Waiting) -> Answer | TransportError:
        """Try once; what may go better next time is given back and not raised."""
        sent_before = self.may_have_sent
        try:
            closed = self.close_body(body, purpose=purpose, waiting=waiting)
            self.may_have_sent = True
            reply = self._transport.send(_PATHS[purpose], closed.body, deadline=waiting.left())
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
        return read_answer(reply, purpose=purpose, closed=closed) or NotConfirmedError()

    def _given_up(self, last: Answer | TransportError, *, is_doubtful: bool) -> TransportError:
        """Say how a call ends that found no answer: not sent, turned away, or not known."""
        if is_doubtful or (self.may_have_sent and not isinstance(last, Answer)):
            return NotConfirmedError()
        return refusal(last) if isinstance(last, Answer) else last

    def _ask_profile(self, waiting: Waiting) -> EndpointProfile:
        tries = waiting.patience.profile_tries
        while True:
            tries -= 1
            result = self._ask_profile_once(waiting)
            if isinstance(result, Reply) and result.status not in RETRIED:
                return self._read_profile(result)
            if tries <= 0 or not waiting.pause(result.retry_after if isinstance(result, Reply) else None):
                break
        if isinstance(result, Reply):
            raise EndpointUnreachableError("The service is too busy to answer. Nothing was sent.")
        raise result

    def _ask_profile_once(self, waiting: Waiting) -> Reply | EndpointUnreachableError:
        try:
            return self._transport.send(Path.PROFILE, None, deadline=waiting.left())
        except EndpointUnreachableError as error:
            return error
        except NotConfirmedError:  # a question without a body: nothing can have been sent
            return EndpointUnreachableError()

    def _read_profile(self, reply: Reply) -> EndpointProfile:
        if reply.status != 200 or reply.content_type != JSON:
            raise EndpointUnreachableError(NOT_KNOWN, hint="Check the address you were given.")
        return read_profile(reply.untrusted_body, origin=self._transport.origin)


def _leaves_doubt(result: Answer | TransportError) -> bool:
    """Tell whether the endpoint may have taken what it gave no final answer to."""
    if isinstance(result, Answer):
        return result.status not in NOT_ADMITTED
    return isinstance(result, NotConfirmedError)
