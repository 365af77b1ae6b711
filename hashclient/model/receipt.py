"""What an endpoint answers: receipt, case report and problem; unknown fields of these are ignored."""

from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from hashclient.model._base import FromEndpoint, One
from hashclient.model.case import CaseNumber
from hashclient.vocabulary import CaseStatus

_LONG_MONTHS: Final = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
_SHORT_MONTHS: Final = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_FEBRUARY: Final = "02-(0[1-9]|1[0-9]|2[0-8])"
_LEAP_YEARS: Final = "2([0-9](0[48]|[2468][048]|[13579][26])|[048]00)"
Day = Annotated[str, Field(pattern=f"^(2[0-9]{{3}}-({_LONG_MONTHS}|{_SHORT_MONTHS}|{_FEBRUARY})|{_LEAP_YEARS}-02-29)$")]
"""A day in UTC, `YYYY-MM-DD`, that is in the calendar, from 2000 to 2999; no finer time is ever given."""
Count = Annotated[int, Field(ge=0, le=1_000_000)]


_STATUSES: Final = frozenset(CaseStatus)


def _known_status(untrusted: object) -> object:
    """Read a state that this version does not know as `other`."""
    return CaseStatus.OTHER if isinstance(untrusted, str) and untrusted not in _STATUSES else untrusted


_Status = Annotated[CaseStatus, Field(strict=False), BeforeValidator(_known_status)]


class Receipt(FromEndpoint):
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
    status: _Status = Field(
        description="Current state of the case, `Received`, `Active`, `Withdrawn` or `Deleted`; once `Withdrawn`, it stays so. A reader takes any other as an unknown state."
    )


class FeedbackCounts(FromEndpoint):
    """How many hashes of a case partners have given feedback on, by kind of feedback."""

    pending_review: Count = Field(0, description="Matches found and under review (`PendingReview`).")
    blocked: Count = Field(0, description="Matches reviewed and blocked (`Blocked`).")
    not_blocked: Count = Field(0, description="Matches reviewed and not blocked (`NotBlocked`).")


class CaseReport(FromEndpoint):
    """The state of a case."""

    version: One = Field(1, description="Version of the specification.")
    status: _Status = Field(
        description="State of the case: `Received`, `Active`, `Withdrawn` or `Deleted`. A reader takes any other as an unknown state."
    )
    day: Day = Field(description="Day on which the submission was first accepted, UTC.")
    items: Count = Field(description="Number of pictures and videos in the case; 0 once withdrawn.")
    signals: Count = Field(description="Number of hashes held for the case; 0 once withdrawn.")
    feedback: FeedbackCounts = Field(FeedbackCounts(), description="Partners' feedback so far.")
    partners: Count | None = Field(
        None, description="Number of partners that may fetch the case; absent, with `fetched`, means not told."
    )
    fetched: Count | None = Field(
        None, description="How many of the `partners` have fetched every item of the case; never more than these."
    )

    @model_validator(mode="after")
    def _counts_its_partners(self) -> Self:
        if (self.partners is None) != (self.fetched is None) or (self.fetched or 0) > (self.partners or 0):
            raise ValueError("fetched is of partners")
        return self


class Problem(FromEndpoint):
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
