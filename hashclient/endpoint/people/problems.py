"""Define every problem that this endpoint answers with: its name, HTTP status and sentence.

A problem (RFC 9457) says what is wrong and where, and repeats nothing of the request.
"""

import re
from enum import StrEnum
from typing import Final

from hashclient.model import Problem
from hashclient.model.policy import Refusal
from hashclient.vocabulary import Reason

_PREFIX: Final = "urn:hashclient:problem:"
_POINTER: Final = re.compile(r"(/[a-z0-9_]{1,40}){0,8}")


class ProblemName(StrEnum):
    """The last part of a problem's `type`."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown-key"
    NOT_FOUND = "not-found"
    NO_SUCH_CASE_OR_PIN = "no-such-case-or-pin"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    TOO_SLOW = "too-slow"
    CASE_NUMBER_TAKEN = "case-number-taken"
    EPOCH_EXPIRED = "epoch-expired"
    """Reserved: no endpoint of version 1 has epochs yet."""
    TOO_LARGE = "too-large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    INVALID_SUBMISSION = "invalid-submission"
    NOT_ACCEPTED = "not-accepted"
    AGE_GATE = "age-gate"
    TOO_MANY_TRIES = "too-many-tries"
    INTERNAL_ERROR = "internal-error"
    UNAVAILABLE = "unavailable"


_STATUS_AND_TITLE: Final[dict[ProblemName, tuple[int, str]]] = {
    ProblemName.MALFORMED: (400, "The request could not be read. Nothing was stored."),
    ProblemName.UNKNOWN_KEY: (400, "The request was sealed to a key that is not in use here. Nothing was stored."),
    ProblemName.NOT_FOUND: (404, "There is nothing at this address."),
    ProblemName.NO_SUCH_CASE_OR_PIN: (404, "There is no case with this number and PIN."),
    ProblemName.METHOD_NOT_ALLOWED: (405, "This address does not accept this kind of request."),
    ProblemName.TOO_SLOW: (408, "The request did not arrive in time. Nothing was stored."),
    ProblemName.CASE_NUMBER_TAKEN: (409, "Another request already has this case number. Yours was not accepted."),
    ProblemName.EPOCH_EXPIRED: (410, "The request was made too long ago. Nothing was stored."),
    ProblemName.TOO_LARGE: (413, "The request is larger than this service accepts. Nothing was stored."),
    ProblemName.UNSUPPORTED_MEDIA_TYPE: (415, "This service accepts sealed requests only. Nothing was stored."),
    ProblemName.INVALID_SUBMISSION: (422, "The request does not follow the specification. Nothing was stored."),
    ProblemName.NOT_ACCEPTED: (422, "This service does not accept this request. Nothing was stored."),
    ProblemName.AGE_GATE: (422, "This service is for adults. Nothing was stored. Take It Down and INHOPE can help."),
    ProblemName.TOO_MANY_TRIES: (429, "No more attempts are allowed for now. The case itself is unchanged."),
    ProblemName.INTERNAL_ERROR: (500, "Something went wrong here. Repeating the same request is safe."),
    ProblemName.UNAVAILABLE: (503, "The service cannot answer right now. Repeating the same request is safe."),
}

_NOT_ACCEPTED_TITLES: Final[dict[Reason, str]] = {
    Reason.LOW_QUALITY: "A hash has too little detail to be recognised. Nothing was stored.",
    Reason.FLAT: "A hash belongs to an almost blank picture and would match others wrongly. Nothing was stored.",
    Reason.TYPE_NOT_ACCEPTED: "This service does not accept this type of hash. Nothing was stored.",
    Reason.TOO_MANY_ITEMS: "This service accepts fewer pictures and videos at once. Nothing was stored.",
    Reason.TOO_MANY_SIGNALS: "This service accepts fewer hashes at once. Nothing was stored.",
    Reason.REPRESENTATIVE: "This service accepts requests from the person shown only. Nothing was stored.",
}


def problem(name: ProblemName, *, title: str | None = None, pointer: str | None = None) -> Problem:
    """Build a problem.

    Args:
        name: which problem.
        title: replaces the usual sentence.
        pointer: JSON Pointer to the wrong field; dropped if it could hold anything but names of our fields.
    """
    status, sentence = _STATUS_AND_TITLE[name]
    if pointer is not None and (len(pointer) > 200 or not _POINTER.fullmatch(pointer)):
        pointer = None
    return Problem(type=_PREFIX + name, title=title or sentence, status=status, pointer=pointer)


def not_accepted(refusal: Refusal) -> Problem:
    """Build the problem that says why a submission does not suit this endpoint."""
    pointer = None if refusal.item is None else f"/items/{refusal.item}"
    return problem(ProblemName.NOT_ACCEPTED, title=_NOT_ACCEPTED_TITLES[refusal.reason], pointer=pointer)
