"""Judge one request body: bytes and keys in, and out what it asks for or why it is refused.

PURE: no disk, network, clock, or randomness except that of sealing; nothing a stranger sends raises an error. It leaves
to others: reading the body (`routes`), whether the case exists and what happens to it (`cases`), and the reply
(`handler`). A submission beyond the limits of the profile is not refused here; the reasons are passed on, because one
that was accepted before gets its receipt whatever the limits are now.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hashclient._crash import crash_point
from hashclient.endpoint.keys import HeldKey
from hashclient.endpoint.people.problems import ProblemName, problem
from hashclient.errors import AgeGateError, ModelError
from hashclient.model import CaseRequest, EndpointProfile, Problem, Submission
from hashclient.model.policy import Refusal, refusals
from hashclient.model.wire import decode, encode
from hashclient.sealing import Opened, open_sealed, read_key_id, seal_reply
from hashclient.vocabulary import Purpose


@dataclass(frozen=True)
class RequestBody:
    """The whole body of a request."""

    untrusted: bytes
    is_sealed: bool
    """Whether it claims to be sealed."""


@dataclass(frozen=True)
class SubmissionRequest:
    """A submission that follows the specification."""

    submission: Submission
    digest: bytes
    """SHA-256 of the submission's bytes as they were opened."""
    refusals: tuple[Refusal, ...]
    """Why this endpoint would not accept it as a new case; empty if it would."""
    reply_key: str | None
    """Public key to which the answer is sealed; None if the request was not sealed."""


@dataclass(frozen=True)
class SealUsed:
    """By what one sealed request is known again, if somebody repeats it."""

    digest: bytes
    """SHA-256 of the whole request as it arrived."""
    opens_until: date
    """Last day of the key that opened it."""


@dataclass(frozen=True)
class StatusOrWithdrawal:
    """A status question or a withdrawal that follows the specification."""

    request: CaseRequest
    seal: SealUsed | None
    """None if the request was not sealed."""
    reply_key: str | None
    """As in `SubmissionRequest`."""


@dataclass(frozen=True)
class RefusedRequest:
    """A request that goes no further."""

    problem: Problem
    reply_key: str | None = None
    """As in `SubmissionRequest`; also None if the request could not be opened."""


Verdict = SubmissionRequest | StatusOrWithdrawal | RefusedRequest


def judge(body: RequestBody, *, purpose: Purpose, profile: EndpointProfile, keys: Mapping[str, HeldKey]) -> Verdict:
    """Judge a body; open it first if it is sealed.

    Args:
        body: as it arrived.
        purpose: what the address at which it arrived is for.
        profile: its origin is bound into the seal, and it says whether unsealed bodies are accepted.
        keys: those in use, by key id.
    """
    untrusted, reply_key, seal = body.untrusted, None, None
    if body.is_sealed:
        opened = _open_body(untrusted, origin=profile.origin, keys=keys)
        if isinstance(opened, RefusedRequest):
            return opened
        crash_point("endpoint.opened")
        key = keys[read_key_id(untrusted)[1]]
        seal = SealUsed(hashlib.sha256(untrusted).digest(), date.fromisoformat(key.expires))
        untrusted, reply_key = opened.untrusted_body, opened.head.reply_key
        if opened.head.purpose is not purpose:
            return RefusedRequest(problem(ProblemName.MALFORMED, pointer="/purpose"), reply_key)
    elif not profile.plain_bodies:
        return RefusedRequest(problem(ProblemName.UNSUPPORTED_MEDIA_TYPE))
    try:
        if purpose is not Purpose.SUBMISSION:
            return StatusOrWithdrawal(decode(CaseRequest, untrusted), seal, reply_key)
        submission = decode(Submission, untrusted)
    except AgeGateError:
        return RefusedRequest(problem(ProblemName.AGE_GATE, pointer="/declarations/adult"), reply_key)
    except ModelError as error:
        return RefusedRequest(problem(ProblemName.INVALID_SUBMISSION, pointer=error.pointer), reply_key)
    digest = hashlib.sha256(untrusted).digest()
    return SubmissionRequest(submission, digest, tuple(refusals(submission, profile)), reply_key)


def _open_body(untrusted: bytes, *, origin: str, keys: Mapping[str, HeldKey]) -> Opened | RefusedRequest:
    """Open a body with the key that its first bytes name, and check that an answer can be sealed."""
    try:
        suite, key_id = read_key_id(untrusted)
        key = keys.get(key_id)
        if key is None or key.private.suite != suite:
            return RefusedRequest(problem(ProblemName.UNKNOWN_KEY))
        opened = open_sealed(untrusted, key=key.private, origin=origin)
        # A reply key that is not a point of the curve must be found before anything is stored.
        seal_reply(encode(problem(ProblemName.MALFORMED)), request=untrusted, reply_key=opened.head.reply_key)
    except ModelError:
        return RefusedRequest(problem(ProblemName.MALFORMED))
    return opened
