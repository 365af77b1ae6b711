"""Bound how often a PIN can be guessed: pure rules, and waits that live in memory only.

The budget (100 wrong tries, 10 more each 30 days) is what holds: it is kept in the database, to the
day. The wait between tries (none for the first 5, then a minute doubling to an hour) is a matter
of minutes, and no time finer than a day is ever written down, so waits are forgotten when the
process ends. Both count for unknown case numbers too, so that they tell nothing.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

BUDGET: Final = 100
"""Most wrong tries that stand open for one case number."""
REFILL: Final = 10
"""Wrong tries given back each period."""
REFILL_DAYS: Final = 30
FREE_TRIES: Final = 5
"""Wrong tries in a row without a wait."""
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
MOST_WAITS: Final = 100_000
"""Most case numbers with a wait held in memory; the oldest is dropped first."""


@dataclass(frozen=True)
class Tally:
    """What is left of one case number's budget."""

    remaining: int
    """Wrong tries left, 0 to 100."""
    streak: int
    """Wrong tries since the last right one."""
    since: date
    """Day from which the next refill counts; not the day of the first try, which may be nearly over."""

    @classmethod
    def full(cls, today: date) -> "Tally":
        """Give the tally of a number nobody tried."""
        return cls(BUDGET, 0, today + timedelta(days=1))

    def refilled(self, today: date) -> "Tally":
        """Give back what the days since have earned."""
        if today >= self.full_on():
            return replace(Tally.full(today), streak=self.streak)
        periods = max(0, (today - self.since).days) // REFILL_DAYS
        remaining = self.remaining + REFILL * periods
        return Tally(remaining, self.streak, self.since + timedelta(days=REFILL_DAYS * periods))

    def after_wrong(self) -> "Tally":
        """Count one wrong try."""
        return Tally(max(0, self.remaining - 1), self.streak + 1, self.since)

    def after_right(self) -> "Tally":
        """Forget the row of wrong tries; the budget stays as it is."""
        return Tally(self.remaining, 0, self.since)

    def full_on(self) -> date:
        """Give the day on which the budget is whole again and the tally can be forgotten."""
        periods = -(-(BUDGET - self.remaining) // REFILL)
        return self.since + timedelta(days=REFILL_DAYS * periods)

    def wait(self) -> timedelta:
        """Give the wait before the next try."""
        extra = self.streak - FREE_TRIES
        if extra < 0:
            return timedelta(0)
        return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(extra, 10)))

    def next_refill(self) -> date:
        """Give the day on which tries are given back."""
        return self.since + timedelta(days=REFILL_DAYS)


class Waits:
    """Until when each case number must wait; bounded, in memory, gone with the process."""

    def __init__(self) -> None:
        self._until: OrderedDict[bytes, datetime] = OrderedDict()

    def seconds_left(self, number_key: bytes, *, now: datetime) -> int:
        """Give whole seconds until the next try, rounded up; 0 where there is no wait."""
        left = (self._until.get(number_key, now) - now).total_seconds()
        return max(0, -int(-left // 1))

    def hold(self, number_key: bytes, *, until: datetime) -> None:
        """Let the number wait."""
        self._until[number_key] = until
        self._until.move_to_end(number_key)
        if len(self._until) > MOST_WAITS:
            self._until.popitem(last=False)
