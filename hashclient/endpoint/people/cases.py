"""Decide what happens to a request that follows the specification.

These are the rules of `docs/operators.md`: the case number is the idempotency key, a withdrawn case stays withdrawn,
and a wrong PIN gets the same answer as an unknown number. Documents in, answers out; HTTP and SQL are left to others.
"""

import hmac
import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from hashclient._crash import crash_point
from hashclient.endpoint.attempts import AttemptCount, AttemptWaits
from hashclient.endpoint.keys import Peppers
from hashclient.endpoint.people.intake import SealUsed
from hashclient.endpoint.people.problems import ProblemName, not_accepted, problem
from hashclient.endpoint.settings import EndpointSettings
from hashclient.endpoint.store.interface import CaseStore
from hashclient.endpoint.store.transaction import CaseRow, CountedRequest, Transaction
from hashclient.model import CaseReport, CaseRequest, Problem, Receipt, Submission
from hashclient.model.policy import Refusal
from hashclient.vocabulary import CaseStatus

EndpointClock = Callable[[], datetime]
"""Returns the current time in UTC; stored to the day only, and held in memory for the wait between attempts."""

ENDPOINT_LOG: Final = logging.getLogger("hashclient.endpoint")
"""Records that something failed and the kind of failure, never for whom or about what; no tracebacks."""
ALARM_WRONG: Final = 10_000
"""Wrong attempts in one day, seen by one process, that are worth a line in the log: somebody tries many numbers."""
_TIDY_EVERY: Final = 1_000
"""Wrong attempts after which expired rows are deleted, besides once a day."""


@dataclass(frozen=True)
class EndpointAnswer:
    """What the endpoint answers, before it is sealed."""

    status: int
    """HTTP status."""
    document: Receipt | CaseReport | Problem
    retry_after: int | None = None
    """Seconds until it is worth asking again."""


def problem_answer(because: Problem, *, retry_after: int | None = None) -> EndpointAnswer:
    """Answer with a problem."""
    return EndpointAnswer(because.status, because, retry_after)


class Cases:
    """The cases of one endpoint."""

    def __init__(self, store: CaseStore, *, peppers: Peppers, settings: EndpointSettings, clock: EndpointClock) -> None:
        self._store = store
        self._peppers = peppers
        self._settings = settings
        self._clock = clock
        self._waits = AttemptWaits()
        self._nobody = secrets.token_bytes(32)
        self._tidying = threading.Lock()
        self._tidied_on: date | None = None
        self._wrong_attempts = 0
        self._wrong_today = 0

    def today(self) -> date:
        """Return the day, UTC."""
        return self._clock().date()

    def submit(self, submission: Submission, *, digest: bytes, refusals: Sequence[Refusal]) -> EndpointAnswer:
        """Open a case, or answer for the one that already has this number.

        Args:
            submission: checked against the specification.
            digest: SHA-256 of its bytes as they were opened, 32 bytes.
            refusals: why it would not be accepted as a new case.

        Raises:
            StoreError: the database failed.
        """
        self._tidy()
        number_key = self._peppers.number_key(submission.case_number)
        blinded = self._peppers.digest(digest)
        case = self._store.read(lambda transaction: transaction.find_case(number_key))
        if case is None:
            if refusals:
                return problem_answer(not_accepted(refusals[0]))
            verifier = self._peppers.verifier(submission.case_key)
            crash_point("endpoint.verifier-made")
            new = CaseRow(
                number_key=number_key,
                verifier=verifier,
                digest=blinded,
                status=CaseStatus.RECEIVED,
                day=self._clock().date(),
                items=len(submission.items),
                signals=sum(len(item.signals) for item in submission.items),
            )
            case = self._store.write(lambda transaction: _find_or_add(transaction, new, submission))
            crash_point("endpoint.committed")
        if not hmac.compare_digest(case.digest, blinded):
            return problem_answer(problem(ProblemName.CASE_NUMBER_TAKEN))
        receipt = Receipt(
            case_number=submission.case_number,
            digest=digest.hex(),
            items=case.items,
            signals=case.signals,
            day=case.day.isoformat(),
            status=case.status,
        )
        return EndpointAnswer(201, receipt)

    def report(self, request: CaseRequest, *, seal: SealUsed | None, withdraw: bool) -> EndpointAnswer:
        """Report on a case, or withdraw it first, for whoever has its number and key.

        Args:
            request: checked against the specification.
            seal: by what the sealed request is known again; None if it was not sealed.
            withdraw: whether the case is withdrawn.

        Raises:
            StoreError: the database failed.
        """
        self._tidy()
        number_key = self._peppers.number_key(request.case_number)
        verifier = self._peppers.verifier(request.case_key)
        counted = CountedRequest(self._peppers.request_mark(seal.digest), seal.opens_until) if seal else None
        answer = self._store.write(
            lambda transaction: self._examine(transaction, number_key, verifier, counted, withdraw)
        )
        crash_point("endpoint.committed")
        if withdraw and answer.status == 200:
            self._store.erase_traces()
        return answer

    def _examine(
        self,
        transaction: Transaction,
        number_key: bytes,
        verifier: bytes,
        counted: CountedRequest | None,
        withdraw: bool,
    ) -> EndpointAnswer:
        """Check number and key; an unknown number takes the same steps as a wrong key.

        A sealed request that changed the attempts once changes them no more: whoever captured it cannot open it, but
        could send it again and again.
        """
        crash_point("endpoint.begun")
        now = self._clock()
        if wait := self._waits.seconds_left(number_key, now=now):
            return problem_answer(problem(ProblemName.TOO_MANY_TRIES), retry_after=wait)
        count = (transaction.find_attempts(number_key) or AttemptCount.full(now.date())).refilled(now.date())
        case = transaction.find_case(number_key)
        if not count.remaining:
            refill = datetime.combine(count.next_refill(), time.min, UTC)
            seconds = max(1, int((refill - now).total_seconds()))
            return problem_answer(problem(ProblemName.TOO_MANY_TRIES), retry_after=seconds)
        is_repeat = counted is not None and transaction.was_counted(counted)
        is_right = hmac.compare_digest(case.verifier if case else self._nobody, verifier)
        after = replace(count, streak=0) if is_right else count.after_wrong()  # the budget is never refilled
        if after != count and not is_repeat:
            transaction.store_attempts(number_key, after)
            if counted is not None:
                transaction.remember_counted(counted)
        if case is None or not is_right:
            if not is_repeat:
                self._count_wrong()
                if after.wait():
                    self._waits.hold(number_key, until=now + after.wait())
            return problem_answer(problem(ProblemName.NO_SUCH_CASE_OR_PIN))
        if withdraw and case.status is not CaseStatus.WITHDRAWN:
            transaction.withdraw(number_key, today=now.date())
            crash_point("endpoint.before-commit")
        status = CaseStatus.WITHDRAWN if withdraw else case.status
        items, signals = (0, 0) if status is CaseStatus.WITHDRAWN else (case.items, case.signals)
        return EndpointAnswer(200, CaseReport(status=status, day=case.day.isoformat(), items=items, signals=signals))

    def _count_wrong(self) -> None:
        self._wrong_attempts += 1
        self._wrong_today += 1
        if self._wrong_today == ALARM_WRONG:
            ENDPOINT_LOG.error("many-wrong-attempts")

    def _tidy(self) -> None:
        """Delete what has expired, and every trace of it, once a day and after many wrong attempts."""
        today = self._clock().date()
        with self._tidying:
            if today == self._tidied_on and self._wrong_attempts < _TIDY_EVERY:
                return
            if today != self._tidied_on:
                self._wrong_today = 0
            self._tidied_on, self._wrong_attempts = today, 0
        deleted = self._store.write(
            lambda transaction: transaction.forget(
                withdrawn_before=today - timedelta(days=self._settings.withdrawn_days),
                today=today,
                max_attempt_counts=self._settings.max_attempt_counts,
            )
        )
        if deleted:
            self._store.erase_traces()


def _find_or_add(transaction: Transaction, new: CaseRow, submission: Submission) -> CaseRow:
    """Look again inside the transaction: a request that lost the race is answered for the winner's case."""
    crash_point("endpoint.begun")
    found = transaction.find_case(new.number_key)
    if found is None:
        transaction.add_case(new, items=submission.items)
        crash_point("endpoint.before-commit")
    return found or new
