"""Judge one request body: bytes and keys in, what is asked or why not out.

PURE: no disk, network, clock or randomness but that of sealing; nothing is raised for what a
stranger sent. What it leaves to others: reading the body (`bodies`), whether the case exists and
what then happens (`cases`), the answer's form (`replies`). The limits of the profile come back as
`refusals`, not as a verdict, because an accepted submission gets its receipt whatever the limits
are now.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from hashclient._crash import crash_point
from hashclient.endpoint.problems import ProblemName, problem
from hashclient.errors import AgeGateError, ModelError
from hashclient.model import CaseRequest, EndpointProfile, Problem, Submission
from hashclient.model.policy import Refusal, refusals
from hashclient.model.wire import decode, encode
from hashclient.sealing import Opened, PrivateKey, open_sealed, read_key_id, seal_reply
from hashclient.vocabulary import Purpose


@dataclass(frozen=True)
class AskedToKeep:
    """A submission that follows the specification."""

    submission: Submission
    digest: bytes
    """SHA-256 of the submission's bytes as they were opened."""
    refusals: tuple[Refusal, ...]
    """Why this endpoint would not take it as a new case; none means it fits."""
    reply_key: str | None
    """To which the answer is sealed; None where the request came plain."""


@dataclass(frozen=True)
class AskedAboutCase:
    """A status question or a withdrawal that follows the specification."""

    purpose: Purpose
    request: CaseRequest
    reply_key: str | None
    """As above."""


@dataclass(frozen=True)
class Refused:
    """A request that goes no further."""

    problem: Problem
    reply_key: str | None = None
    """As above; None too where nothing could be opened."""


Verdict = AskedToKeep | AskedAboutCase | Refused


def judge_sealed(
    untrusted: bytes, *, purpose: Purpose, profile: EndpointProfile, keys: Mapping[str, PrivateKey]
) -> Verdict:
    """Open a sealed body and judge it.

    Args:
        untrusted: the whole body as it came.
        purpose: what the address it came to is for.
        profile: its origin is bound into the seal; its limits give `refusals`.
        keys: private keys by key id.
    """
    opened = _open(untrusted, origin=profile.origin, keys=keys)
    if isinstance(opened, Refused):
        return opened
    crash_point("endpoint.opened")
    reply_key = opened.head.reply_key
    if opened.head.purpose is not purpose:
        return Refused(problem(ProblemName.MALFORMED, pointer="/purpose"), reply_key)
    return _judge(opened.untrusted_body, purpose=purpose, profile=profile, reply_key=reply_key)


def judge_plain(untrusted: bytes, *, purpose: Purpose, profile: EndpointProfile) -> Verdict:
    """Judge a body that is not sealed; only where the profile takes such."""
    if not profile.plain_bodies:
        return Refused(problem(ProblemName.UNSUPPORTED_MEDIA_TYPE))
    return _judge(untrusted, purpose=purpose, profile=profile, reply_key=None)


def _open(untrusted: bytes, *, origin: str, keys: Mapping[str, PrivateKey]) -> Opened | Refused:
    """Open with the key that the first bytes name, and see that an answer could be sealed."""
    try:
        suite, key_id = read_key_id(untrusted)
        key = keys.get(key_id)
        if key is None or key.suite != suite:
            return Refused(problem(ProblemName.UNKNOWN_KEY))
        opened = open_sealed(untrusted, key=key, origin=origin)
        # A reply key that is no point of the curve must be found before anything is kept.
        seal_reply(encode(problem(ProblemName.MALFORMED)), request=untrusted, reply_key=opened.head.reply_key)
    except ModelError:
        return Refused(problem(ProblemName.MALFORMED))
    return opened


def _judge(untrusted: bytes, *, purpose: Purpose, profile: EndpointProfile, reply_key: str | None) -> Verdict:
    try:
        if purpose is not Purpose.SUBMISSION:
            return AskedAboutCase(purpose, decode(CaseRequest, untrusted), reply_key)
        submission = decode(Submission, untrusted)
    except AgeGateError:
        return Refused(problem(ProblemName.AGE_GATE, pointer="/declarations/adult"), reply_key)
    except ModelError as error:
        return Refused(problem(ProblemName.INVALID_SUBMISSION, pointer=error.pointer), reply_key)
    digest = hashlib.sha256(untrusted).digest()
    return AskedToKeep(submission, digest, tuple(refusals(submission, profile)), reply_key)
