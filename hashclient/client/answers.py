"""Believe an answer or not, and say a refusal in our own words.

The text of a problem comes from outside and is never shown; only its name counts, and only names
that are known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hashclient._crash import crash_point
from hashclient.client.trust import Closed
from hashclient.errors import (
    CaseNotFoundError,
    CaseNumberTakenError,
    EndpointRefusedError,
    ModelError,
    TooManyTriesError,
)
from hashclient.model import CaseReport, Problem, Receipt
from hashclient.model.wire import decode
from hashclient.sealing import SealedBody, open_reply
from hashclient.transport.interface import JSON, PROBLEM, SEALED, Reply
from hashclient.vocabulary import Purpose

SUCCESS: Final = {Purpose.SUBMISSION: 201, Purpose.STATUS: 200, Purpose.WITHDRAWAL: 200}
"""HTTP status of what was asked for, by purpose."""
RETRIED: Final = frozenset({408, 428, 429, *range(500, 600)})
"""HTTP statuses after which the same body is sent again."""
NOT_ADMITTED: Final = frozenset({428, 429})
"""Those of them that say that the body was not looked at."""

_UNSEALED: Final = frozenset({400, 413, 415, *RETRIED})
"""Statuses that may come unsealed although the request was sealed: it was not opened or not admitted."""
_KINDS: Final[Mapping[tuple[int, str], type[EndpointRefusedError]]] = {
    (404, "no-such-case-or-pin"): CaseNotFoundError,
    (409, "case-number-taken"): CaseNumberTakenError,
    (429, "too-many-tries"): TooManyTriesError,
}
_REASONS: Final = {
    "malformed": "it could not read the request",
    "unsupported-media-type": "it does not take requests of this form",
    "too-large": "the request is longer than it takes",
    "invalid-submission": "the request does not follow its specification",
    "not-accepted": "the request holds more, or other fingerprints, than it takes",
    "age-gate": "it takes requests about adults only",
    "unknown-key": "it does not know the key that it named itself",
    "epoch-expired": "the request came too late",
}


@dataclass(frozen=True)
class Answer:
    """An answer that is believed."""

    status: int
    """HTTP status."""
    value: Receipt | CaseReport | None = None
    """What was asked for, where it was given."""
    problem: str = ""
    """Name of the problem, empty where none is known."""
    retry_after: float | None = None
    """Seconds the endpoint asks us to wait."""


def read_answer(reply: Reply, *, purpose: Purpose, closed: Closed) -> Answer | None:
    """Open a reply and read it.

    Returns:
        None where it cannot be believed: it does not open, answers another request, or says
        something else inside the seal than outside.
    """
    try:
        return _believe(reply, purpose=purpose, closed=closed)
    except ModelError:
        return None


def _believe(reply: Reply, *, purpose: Purpose, closed: Closed) -> Answer | None:
    good = reply.status == SUCCESS[purpose]
    if closed.reply_key and reply.content_type == SEALED:
        body = open_reply(reply.untrusted_body, request=SealedBody(closed.body), key=closed.reply_key)
        crash_point("reply-opened")
    elif closed.reply_key is None and reply.content_type == (JSON if good else PROBLEM):
        body = reply.untrusted_body
    elif reply.status in _UNSEALED:
        return Answer(reply.status, problem=_name(reply), retry_after=reply.retry_after)
    else:
        return None
    if good:
        value = decode(Receipt, body) if purpose is Purpose.SUBMISSION else decode(CaseReport, body)
        return Answer(reply.status, value)
    problem = decode(Problem, body)
    if problem.status != reply.status:
        return None
    return Answer(reply.status, problem=problem.name(), retry_after=reply.retry_after)


def _name(reply: Reply) -> str:
    """Read the name of an unsealed problem, if it has one."""
    try:
        return decode(Problem, reply.untrusted_body).name() if reply.content_type == PROBLEM else ""
    except ModelError:
        return ""


def refusal(answer: Answer) -> EndpointRefusedError:
    """Say in our words why the endpoint refused."""
    if kind := _KINDS.get((answer.status, answer.problem)):
        return kind(status=answer.status)
    if answer.status == 429:
        return TooManyTriesError(status=429)
    if why := _REASONS.get(answer.problem):
        return EndpointRefusedError(f"The service received the request and refused it: {why}.", status=answer.status)
    return EndpointRefusedError(status=answer.status)
