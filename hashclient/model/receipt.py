"""What an endpoint answers: receipt, case report and problem."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from hashclient.model._base import One, Specified
from hashclient.model.case import CaseNumber

_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
Day = Annotated[str, Field(pattern=_DAY)]
"""A day in UTC, `YYYY-MM-DD`; nothing finer is ever told."""
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class CaseStatus(StrEnum):
    """State of a case, spelled as StopNCII's partners read it."""

    RECEIVED = "Received"
    ACTIVE = "Active"
    WITHDRAWN = "Withdrawn"
    DELETED = "Deleted"


class Receipt(Specified):
    """Proof that the endpoint took the submission."""

    version: One = 1
    """Version of the specification."""
    case_number: CaseNumber
    """The number the submission carried."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the submission's bytes, 64 lower-case hex characters; the client compares it with its own."""
    items: Count
    """Pictures and films taken."""
    signals: Count
    """Hashes taken."""
    day: Day
    """Day of the first acceptance, UTC."""
    status: Annotated[CaseStatus, Field(strict=False)]
    """State of the case now; `Withdrawn` where it was taken back, and it stays so."""


class FeedbackCounts(Specified):
    """How many hashes of a case partners have answered for, by answer."""

    pending_review: Count = 0
    """Matches found and under review (`PendingReview`)."""
    blocked: Count = 0
    """Matches reviewed and blocked (`Blocked`)."""
    not_blocked: Count = 0
    """Matches reviewed and not blocked (`NotBlocked`)."""


class CaseReport(Specified):
    """Where a case stands."""

    version: One = 1
    """Version of the specification."""
    status: Annotated[CaseStatus, Field(strict=False)]
    """State of the case."""
    day: Day
    """Day on which the submission was first accepted, UTC."""
    items: Count
    """Pictures and films of the case; 0 once withdrawn."""
    signals: Count
    """Hashes held for the case; 0 once withdrawn."""
    feedback: FeedbackCounts = FeedbackCounts()
    """Partners' answers so far."""


class Problem(Specified):
    """An error of the endpoint (RFC 9457), without anything of the request in it."""

    type: Annotated[str, Field(pattern=r"^[a-z0-9:/.#-]+$", max_length=100)]
    """Names the problem, `urn:hashclient:problem:NAME`."""
    title: Annotated[str, Field(max_length=200)]
    """One sentence for a person."""
    status: Annotated[int, Field(ge=400, le=599)]
    """The HTTP status."""
    pointer: Annotated[str, Field(pattern=r"^(/[a-z0-9_]{1,40}){0,8}$", max_length=200)] | None = None
    """JSON Pointer to the field that is wrong, where one is."""

    def name(self) -> str:
        """Give the last part of `type`, for example `no-such-case-or-pin`."""
        return self.type.rpartition(":")[2]
