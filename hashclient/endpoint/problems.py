"""Say no: every problem that this endpoint answers with, its HTTP status and its sentence.

A problem (RFC 9457) names what is wrong and where, and repeats nothing of the request.
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
    ProblemName.MALFORMED: (400, "The request could not be read. Nothing was kept."),
    ProblemName.UNKNOWN_KEY: (400, "The request was sealed to a key that is not in use here. Nothing was kept."),
    ProblemName.NOT_FOUND: (404, "There is nothing at this address."),
    ProblemName.NO_SUCH_CASE_OR_PIN: (404, "No case is known with this number and PIN."),
    ProblemName.METHOD_NOT_ALLOWED: (405, "This address does not take this kind of request."),
    ProblemName.TOO_SLOW: (408, "The request did not arrive in time. Nothing was kept."),
    ProblemName.CASE_NUMBER_TAKEN: (409, "This case number is already in use by another request. Yours was not taken."),
    ProblemName.EPOCH_EXPIRED: (410, "The request was made too long ago. Nothing was kept."),
    ProblemName.TOO_LARGE: (413, "The request is larger than this service takes. Nothing was kept."),
    ProblemName.UNSUPPORTED_MEDIA_TYPE: (415, "This service takes sealed requests. Nothing was kept."),
    ProblemName.INVALID_SUBMISSION: (422, "The request does not follow the specification. Nothing was kept."),
    ProblemName.NOT_ACCEPTED: (422, "This service does not take this request. Nothing was kept."),
    ProblemName.AGE_GATE: (422, "This service is for adults. Nothing was kept. Take It Down and INHOPE can help."),
    ProblemName.TOO_MANY_TRIES: (429, "No more tries for now. The case itself is unchanged."),
    ProblemName.INTERNAL_ERROR: (500, "Something went wrong here. Repeating the same request is safe."),
    ProblemName.UNAVAILABLE: (503, "The service cannot answer now. Repeating the same request is safe."),
}

_REASONS: Final[dict[Reason, str]] = {
    Reason.LOW_QUALITY: "A hash has too little detail to be recognised. Nothing was kept.",
    Reason.FLAT: "A hash is of an almost even picture and would match what it should not. Nothing was kept.",
    Reason.TYPE_NOT_ACCEPTED: "This service does not take this type of hash. Nothing was kept.",
    Reason.TOO_MANY_ITEMS: "This service takes fewer pictures and videos at once. Nothing was kept.",
    Reason.TOO_MANY_SIGNALS: "This service takes fewer hashes at once. Nothing was kept.",
    Reason.REPRESENTATIVE: "This service takes requests from the person shown only. Nothing was kept.",
}


def problem(name: ProblemName, *, title: str | None = None, pointer: str | None = None) -> Problem:
    """Make a problem.

    Args:
        name: which.
        title: replaces the sentence of the table.
        pointer: JSON Pointer to the wrong field; left out where it does not name fields of ours.
    """
    status, sentence = _STATUS_AND_TITLE[name]
    if pointer is not None and (len(pointer) > 200 or not _POINTER.fullmatch(pointer)):
        pointer = None
    return Problem(type=_PREFIX + name, title=title or sentence, status=status, pointer=pointer)


def not_accepted(refusal: Refusal) -> Problem:
    """Put the first reason why a submission does not fit into a problem."""
    pointer = None if refusal.item is None else f"/items/{refusal.item}"
    return problem(ProblemName.NOT_ACCEPTED, title=_REASONS[refusal.reason], pointer=pointer)
