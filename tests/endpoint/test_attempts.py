"""The limit on guessing, as rules."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hashclient.endpoint import attempts
from hashclient.endpoint.attempts import BUDGET, REFILL, REFILL_DAYS, AttemptCount, AttemptWaits

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 120)), max_size=40))
def test_guesses_never_exceed_budget_and_refills(visits: list[tuple[int, int]]) -> None:
    """Whenever attempts are made, all of them together stay within 100 and 10 more for every 30 days."""
    count, today, used = AttemptCount.full(TODAY), TODAY, 0
    for days, wrong in visits:
        today += timedelta(days=days)
        count = count.refilled(today)
        for _ in range(min(wrong, count.remaining)):
            count = count.after_wrong()
            used += 1
        assert 0 <= count.remaining <= BUDGET
        assert used <= BUDGET + REFILL * ((today - TODAY).days // REFILL_DAYS)


@given(st.integers(0, BUDGET - 1), st.integers(0, 400))
def test_a_count_may_be_forgotten_once_it_is_full(remaining: int, days: int) -> None:
    """`full_on` is the first day on which the refilled count has its full budget."""
    count, today = AttemptCount(remaining, 3, TODAY), TODAY + timedelta(days=days)
    assert (count.refilled(today).remaining == BUDGET) == (today >= count.full_on())


def test_a_clock_turned_back_gives_nothing() -> None:
    """A day before the last one refills nothing."""
    count = AttemptCount(3, 0, TODAY)
    assert count.refilled(TODAY - timedelta(days=90)) == count
    assert AttemptCount(0, 0, TODAY).after_wrong().remaining == 0


def test_waits_are_whole_seconds_and_end() -> None:
    """A wait is rounded up, and ends on time."""
    waits = AttemptWaits()
    waits.hold(b"a", until=NOW + timedelta(seconds=1.2))
    assert [waits.seconds_left(key, now=NOW) for key in (b"a", b"b")] == [2, 0]
    assert waits.seconds_left(b"a", now=NOW + timedelta(seconds=2)) == 0


def test_waits_are_bounded() -> None:
    """The oldest wait is dropped, however often anyone asks."""
    waits = AttemptWaits()
    for number in range(attempts.MAX_WAITS + 1):
        waits.hold(number.to_bytes(4), until=NOW + timedelta(seconds=9))
    assert waits.seconds_left((0).to_bytes(4), now=NOW) == 0
    assert waits.seconds_left((1).to_bytes(4), now=NOW) == 9
