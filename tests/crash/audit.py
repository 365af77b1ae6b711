"""Compare what people hold with what the store holds, and count everything that should not be."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crash.client import Step, is_derived, read_notes, values_of
from hashclient.model import CaseKey, Credentials
from kit.served_endpoint import ServedEndpoint, StoredCase


@dataclass(frozen=True)
class Claim:
    """One pair of credentials that somebody holds, and what they were told of it."""

    intent: str
    """What was to be sent; the same thing under two numbers is a duplicate."""
    credentials: Credentials
    key: CaseKey
    values: frozenset[str]
    """Hashes that were sent."""
    steps: frozenset[Step]
    is_derived: bool = True
    """Whether the key comes from the PIN, so that the PIN can be tried."""


def claims_in(notes: Iterable[Path]) -> list[Claim]:
    """Give what the clients noted."""
    return [
        Claim(
            intent=f"{file.name}/{intent.place}",
            credentials=Credentials(submission.case_number, pin),
            key=submission.case_key,
            values=frozenset(values_of(file, intent.place)),
            steps=frozenset(intent.steps if (submission, pin) == intent.submissions[-1] else ()),
            is_derived=is_derived(pin),
        )
        for file in notes
        for intent in read_notes(file)
        for submission, pin in intent.submissions
    ]


def violations(endpoint: ServedEndpoint, claims: Sequence[Claim]) -> Counter[str]:
    """Count, by kind, what breaks the promise that there is one case or none, and that its credentials open it.

    Args:
        endpoint: serving, and done with every request.
        claims: all that anybody holds.
    """
    stored = endpoint.stored()
    keys = {id(claim): endpoint.peppers.number_key(claim.credentials.number) for claim in claims}
    cases = {id(claim): stored.get(keys[id(claim)]) for claim in claims}
    found = Counter({"orphan": len(stored.keys() - set(keys.values()))})
    per_intent = Counter(claim.intent for claim in claims if cases[id(claim)])
    found["duplicate"] = sum(count - 1 for count in per_intent.values())
    kept = endpoint.bytes_kept()
    for claim in claims:
        case = cases[id(claim)]
        found.update(_of_steps(claim, case, kept))
        if case:
            found.update(_of_case(claim, case, endpoint))
    return +found


def _of_steps(claim: Claim, case: StoredCase | None, kept: bytes) -> Iterable[str]:
    """Name what contradicts what the client was told."""
    if Step.ACCEPTED in claim.steps and not case:
        yield "lost"
    if Step.NOT_SENT in claim.steps and case:
        yield "sent unsaid"
    if Step.REFUSED in claim.steps:
        yield "refused"
    if Step.REVIVED in claim.steps:
        yield "revived"
    if Step.WITHDRAWN in claim.steps:
        if not case or case.status != "Withdrawn":
            yield "revived"
        if any(bytes.fromhex(value) in kept for value in claim.values):
            yield "not erased"


def _of_case(claim: Claim, case: StoredCase, endpoint: ServedEndpoint) -> Iterable[str]:
    """Name what is wrong with a case."""
    if case.verifier != endpoint.peppers.verifier(claim.key):
        yield "closed"
    if not case.is_whole:
        yield "partial"
    if case.status != "Withdrawn" and case.values != claim.values:
        yield "other hashes"
