"""Limit how often a PIN can be guessed, by rules that are pure and waits that exist in memory only.

The budget is what protects a case: 100 wrong attempts, and 10 more every 30 days. It is kept in the database, to the
day. The wait between attempts (none for the first 5, then one minute, doubling up to an hour) is measured in minutes,
and no time finer than a day is ever stored, so waits are forgotten when the process ends. Both also apply to unknown
case numbers, so that neither reveals which numbers exist.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

BUDGET: Final = 100
"""Maximum number of wrong attempts available for one case number."""
REFILL: Final = 10
"""Wrong attempts restored after each period."""
REFILL_DAYS: Final = 30
FREE_ATTEMPTS: Final = 5
"""Consecutive wrong attempts without a wait."""
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
MAX_WAITS: Final = 100_000
"""Maximum number of waits held in memory; the oldest is dropped first."""


@dataclass(frozen=True)
class AttemptCount:
    """The attempts that one case number has left."""

    remaining: int
    """Wrong attempts left, 0 to 100."""
    streak: int
    """Wrong attempts since the last right one."""
    since: date
    """Day from which the next refill is counted: the one after the first attempt, whose own day may be nearly over."""

    @classmethod
    def full(cls, today: date) -> "AttemptCount":
        """Start the count of a number that has not been tried."""
        return cls(BUDGET, 0, today + timedelta(days=1))

    def refilled(self, today: date) -> "AttemptCount":
        """Add the attempts restored since the last refill."""
        if today >= self.full_on():
            return replace(AttemptCount.full(today), streak=self.streak)
        periods = max(0, (today - self.since).days) // REFILL_DAYS
        remaining = self.remaining + REFILL * periods
        return AttemptCount(remaining, self.streak, self.since + timedelta(days=REFILL_DAYS * periods))

    def after_wrong(self) -> "AttemptCount":
        """Count one wrong attempt."""
        return AttemptCount(max(0, self.remaining - 1), self.streak + 1, self.since)

    def full_on(self) -> date:
        """Return the day on which the budget is full again, so that the count can be deleted."""
        periods = -(-(BUDGET - self.remaining) // REFILL)
        return self.since + timedelta(days=REFILL_DAYS * periods)

    def next_refill(self) -> date:
        """Return the day on which attempts are next restored."""
        return self.since + timedelta(days=REFILL_DAYS)

    def wait(self) -> timedelta:
        """Return the wait before the next attempt."""
        extra = self.streak - FREE_ATTEMPTS
        if extra < 0:
            return timedelta(0)
        return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(extra, 10)))


class AttemptWaits:
    """Case numbers that must wait, and until when; bounded, and gone with the process."""

    def __init__(self) -> None:
        self._until: OrderedDict[bytes, datetime] = OrderedDict()

    def seconds_left(self, number_key: bytes, *, now: datetime) -> int:
        """Return the seconds until the next attempt, rounded up; 0 if there is no wait."""
        left = (self._until.get(number_key, now) - now).total_seconds()
        return max(0, -int(-left // 1))

    def hold(self, number_key: bytes, *, until: datetime) -> None:
        """Refuse attempts for this number until then."""
        self._until[number_key] = until
        self._until.move_to_end(number_key)
        if len(self._until) > MAX_WAITS:
            self._until.popitem(last=False)
