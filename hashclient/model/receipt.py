"""What an endpoint answers: receipt, case report and problem."""

from typing import Annotated, Final

from pydantic import Field

from hashclient.model._base import One, Specified
from hashclient.model.case import CaseNumber
from hashclient.vocabulary import CaseStatus

_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
Day = Annotated[str, Field(pattern=_DAY)]
"""A day in UTC, `YYYY-MM-DD`; no finer time is ever given."""
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Receipt(Specified):
    """Proof that the endpoint accepted the submission."""

    version: One = Field(1, description="Version of the specification.")
    case_number: CaseNumber = Field(description="The case number of the submission.")
    digest: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of the submission's bytes as 64 lower-case hex characters; the client compares it with its own.",
    )
    items: Count = Field(description="Number of pictures and videos accepted.")
    signals: Count = Field(description="Number of hashes accepted.")
    day: Day = Field(description="Day on which the submission was first accepted, UTC.")
    status: Annotated[CaseStatus, Field(strict=False)] = Field(
        description="Current state of the case; once `Withdrawn`, it stays so."
    )


class FeedbackCounts(Specified):
    """How many hashes of a case partners have given feedback on, by kind of feedback."""

    pending_review: Count = Field(0, description="Matches found and under review (`PendingReview`).")
    blocked: Count = Field(0, description="Matches reviewed and blocked (`Blocked`).")
    not_blocked: Count = Field(0, description="Matches reviewed and not blocked (`NotBlocked`).")


class CaseReport(Specified):
    """The state of a case."""

    version: One = Field(1, description="Version of the specification.")
    status: Annotated[CaseStatus, Field(strict=False)] = Field(description="State of the case.")
    day: Day = Field(description="Day on which the submission was first accepted, UTC.")
    items: Count = Field(description="Number of pictures and videos in the case; 0 once withdrawn.")
    signals: Count = Field(description="Number of hashes held for the case; 0 once withdrawn.")
    feedback: FeedbackCounts = Field(FeedbackCounts(), description="Partners' feedback so far.")


class Problem(Specified):
    """An error reported by the endpoint (RFC 9457), which repeats nothing of the request."""

    type: str = Field(
        pattern=r"^[a-z0-9:/.#-]+$", max_length=100, description="The problem's name, `urn:hashclient:problem:NAME`."
    )
    title: str = Field(max_length=200, description="One sentence for a person.")
    status: int = Field(ge=400, le=599, description="The HTTP status.")
    pointer: str | None = Field(
        None,
        pattern=r"^(/[a-z0-9_]{1,40}){0,8}$",
        max_length=200,
        description="JSON Pointer to the field that is wrong, if there is one.",
    )

    def name(self) -> str:
        """Return the last part of `type`, for example `no-such-case-or-pin`."""
        return self.type.rpartition(":")[2]
