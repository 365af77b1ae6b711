"""Decide what becomes of a request that follows the specification.

Here are the rules of `docs/operators.md`: the case number is the idempotency key, a withdrawn case
stays withdrawn, and a wrong PIN and an unknown number are one and the same. Documents in, answers
out; nothing here knows HTTP or SQL.
"""

import hmac
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from hashclient._crash import crash_point
from hashclient.endpoint.peppers import Peppers
from hashclient.endpoint.problems import ProblemName, not_accepted, problem
from hashclient.endpoint.settings import Ceilings
from hashclient.endpoint.store.interface import Book, Case, Store
from hashclient.endpoint.tries import Tally, Waits
from hashclient.model import CaseReport, CaseRequest, Problem, Receipt, Submission
from hashclient.model.policy import Refusal
from hashclient.vocabulary import CaseStatus, Purpose

Clock = Callable[[], datetime]
"""Gives the moment now, UTC; kept to the day, and in memory for the wait between tries."""

_TIDY_EVERY: Final = 1_000
"""Wrong tries after which the tallies are trimmed, besides once a day."""


@dataclass(frozen=True)
class Answer:
    """What is answered."""

    status: int
    """The HTTP status."""
    document: Receipt | CaseReport | Problem
    retry_after: int | None = None
    """Seconds until asking again makes sense."""


def refusal(because: Problem, *, retry_after: int | None = None) -> Answer:
    """Answer with a problem."""
    return Answer(because.status, because, retry_after)


class Cases:
    """The cases of one endpoint."""

    def __init__(self, store: Store, *, peppers: Peppers, ceilings: Ceilings, clock: Clock) -> None:
        self._store = store
        self._peppers = peppers
        self._ceilings = ceilings
        self._clock = clock
        self._waits = Waits()
        self._nobody = secrets.token_bytes(32)
        self._tidying = threading.Lock()
        self._tidied_on: date | None = None
        self._wrong_tries = 0

    def submit(self, submission: Submission, *, digest: bytes, refusals: Sequence[Refusal]) -> Answer:
        """Keep a submission, or answer for the one that has its number already.

        Args:
            submission: checked.
            digest: SHA-256 of its bytes as they were opened, 32 bytes.
            refusals: why it would not be taken as a new case.

        Raises:
            StoreError: the database failed.
        """
        self._tidy()
        number_key = self._peppers.number_key(submission.case_number)
        kept = self._peppers.digest(digest)
        case = self._store.read(lambda book: book.find_case(number_key))
        if case is None:
            if refusals:
                return refusal(not_accepted(refusals[0]))
            new = self._new_case(submission, number_key=number_key, digest=kept)
            case = self._store.write(lambda book: _find_or_add(book, new, submission))
            crash_point("endpoint.committed")
        if not hmac.compare_digest(case.digest, kept):
            return refusal(problem(ProblemName.CASE_NUMBER_TAKEN))
        receipt = Receipt(
            case_number=submission.case_number,
            digest=digest.hex(),
            items=case.items,
            signals=case.signals,
            day=case.day.isoformat(),
            status=case.status,
        )
        return Answer(201, receipt)

    def _new_case(self, submission: Submission, *, number_key: bytes, digest: bytes) -> Case:
        verifier = self._peppers.verifier(submission.case_key)
        crash_point("endpoint.verifier-made")
        return Case(
            number_key=number_key,
            verifier=verifier,
            digest=digest,
            status=CaseStatus.RECEIVED,
            day=self._clock().date(),
            items=len(submission.items),
            signals=sum(len(item.signals) for item in submission.items),
        )

    def answer_for(self, request: CaseRequest, *, purpose: Purpose) -> Answer:
        """Report on a case, or withdraw it, for whoever has its number and key.

        Args:
            request: checked.
            purpose: `status` or `withdrawal`.

        Raises:
            StoreError: the database failed.
        """
        self._tidy()
        number_key = self._peppers.number_key(request.case_number)
        verifier = self._peppers.verifier(request.case_key)
        answer = self._store.write(lambda book: self._examine(book, number_key, verifier, purpose))
        crash_point("endpoint.committed")
        if purpose is Purpose.WITHDRAWAL and answer.status == 200:
            self._store.erase_traces()
        return answer

    def _examine(self, book: Book, number_key: bytes, verifier: bytes, purpose: Purpose) -> Answer:
        """Check number and key; an unknown number takes the same steps as a wrong key."""
        crash_point("endpoint.begun")
        now = self._clock()
        if wait := self._waits.seconds_left(number_key, now=now):
            return refusal(problem(ProblemName.TOO_MANY_TRIES), retry_after=wait)
        found = book.find_tally(number_key)
        tally = (found or Tally.full(now.date())).refilled(now.date())
        case = book.find_case(number_key)
        if not tally.remaining:
            return refusal(problem(ProblemName.TOO_MANY_TRIES), retry_after=_seconds_until(tally.next_refill(), now))
        is_right = hmac.compare_digest(case.verifier if case else self._nobody, verifier)
        if case is None or not is_right:
            return self._count_wrong(book, number_key, tally.after_wrong(), now)
        if tally.streak:
            book.keep_tally(number_key, tally.after_right())
        if purpose is Purpose.WITHDRAWAL and case.status is not CaseStatus.WITHDRAWN:
            book.withdraw(number_key, today=now.date())
            crash_point("endpoint.before-commit")
            return _report(case, status=CaseStatus.WITHDRAWN)
        return _report(case, status=case.status)

    def _count_wrong(self, book: Book, number_key: bytes, tally: Tally, now: datetime) -> Answer:
        book.keep_tally(number_key, tally)
        self._wrong_tries += 1
        if tally.wait():
            self._waits.hold(number_key, until=now + tally.wait())
        return refusal(problem(ProblemName.NO_SUCH_CASE_OR_PIN))

    def _tidy(self) -> None:
        """Forget what is due, once a day and after many wrong tries."""
        today = self._clock().date()
        with self._tidying:
            if today == self._tidied_on and self._wrong_tries < _TIDY_EVERY:
                return
            self._tidied_on, self._wrong_tries = today, 0
        self._store.write(
            lambda book: book.forget(
                withdrawn_before=today - timedelta(days=self._ceilings.withdrawn_days),
                today=today,
                most_tallies=self._ceilings.tallies,
            )
        )


def _find_or_add(book: Book, new: Case, submission: Submission) -> Case:
    """Look again inside the transaction: whoever lost the race answers for the winner's case."""
    crash_point("endpoint.begun")
    found = book.find_case(new.number_key)
    if found is None:
        book.add_case(new, items=submission.items)
        crash_point("endpoint.before-commit")
    return found or new


def _report(case: Case, *, status: CaseStatus) -> Answer:
    is_open = status is not CaseStatus.WITHDRAWN
    report = CaseReport(
        status=status,
        day=case.day.isoformat(),
        items=case.items if is_open else 0,
        signals=case.signals if is_open else 0,
    )
    return Answer(200, report)


def _seconds_until(day: date, now: datetime) -> int:
    return max(1, int((datetime.combine(day, time.min, UTC) - now).total_seconds()))
