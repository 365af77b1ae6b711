"""What an endpoint answers: receipt, case report and problem."""

from typing import Annotated, Final

from pydantic import Field

from hashclient.model._base import One, Specified
from hashclient.model.case import CaseNumber
from hashclient.vocabulary import CaseStatus

_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
Day = Annotated[str, Field(pattern=_DAY)]
"""A day in UTC, `YYYY-MM-DD`; nothing finer is ever told."""
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Receipt(Specified):
    """Proof that the endpoint took the submission."""

    version: One = Field(1, description="Version of the specification.")
    case_number: CaseNumber = Field(description="The number the submission carried.")
    digest: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of the submission's bytes, 64 lower-case hex characters; the client compares it with its own.",
    )
    items: Count = Field(description="Pictures and videos taken.")
    signals: Count = Field(description="Hashes taken.")
    day: Day = Field(description="Day of the first acceptance, UTC.")
    status: Annotated[CaseStatus, Field(strict=False)] = Field(
        description="State of the case now; `Withdrawn` where it was taken back, and it stays so."
    )


class FeedbackCounts(Specified):
    """How many hashes of a case partners have answered for, by answer."""

    pending_review: Count = Field(0, description="Matches found and under review (`PendingReview`).")
    blocked: Count = Field(0, description="Matches reviewed and blocked (`Blocked`).")
    not_blocked: Count = Field(0, description="Matches reviewed and not blocked (`NotBlocked`).")


class CaseReport(Specified):
    """Where a case stands."""

    version: One = Field(1, description="Version of the specification.")
    status: Annotated[CaseStatus, Field(strict=False)] = Field(description="State of the case.")
    day: Day = Field(description="Day on which the submission was first accepted, UTC.")
    items: Count = Field(description="Pictures and videos of the case; 0 once withdrawn.")
    signals: Count = Field(description="Hashes held for the case; 0 once withdrawn.")
    feedback: FeedbackCounts = Field(FeedbackCounts(), description="Partners' answers so far.")


class Problem(Specified):
    """An error of the endpoint (RFC 9457), without anything of the request in it."""

    type: str = Field(
        pattern=r"^[a-z0-9:/.#-]+$", max_length=100, description="Names the problem, `urn:hashclient:problem:NAME`."
    )
    title: str = Field(max_length=200, description="One sentence for a person.")
    status: int = Field(ge=400, le=599, description="The HTTP status.")
    pointer: str | None = Field(
        None,
        pattern=r"^(/[a-z0-9_]{1,40}){0,8}$",
        max_length=200,
        description="JSON Pointer to the field that is wrong, where one is.",
    )

    def name(self) -> str:
        """Give the last part of `type`, for example `no-such-case-or-pin`."""
        return self.type.rpartition(":")[2]
