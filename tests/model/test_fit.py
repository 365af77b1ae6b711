"""Frames that are chosen are spread evenly over time."""

from hypothesis import given
from hypothesis import strategies as st

from hashclient.model.fit import evenly

TIMES = st.lists(st.floats(0, 10_000), max_size=60).map(sorted)


@given(times=TIMES, most=st.integers(0, 70))
def test_as_many_as_there_may_be(times: list[float], most: int) -> None:
    """Exactly so many where there are as many, in order, none twice."""
    chosen = evenly(times, most=most)
    assert len(chosen) == min(most, len(times))
    assert chosen == sorted(set(chosen))
    assert all(0 <= place < len(times) for place in chosen)


@given(times=TIMES.filter(lambda times: len(times) > 2), most=st.integers(2, 60))
def test_the_first_and_the_last_are_among_them(times: list[float], most: int) -> None:
    """The whole video is covered."""
    chosen = evenly(times, most=most)
    assert times[chosen[0]] == times[0]
    assert times[chosen[-1]] == times[-1]


def test_time_counts_and_not_number() -> None:
    """A lively second gets no more than a quiet one."""
    lively = [place / 100 for place in range(100)]
    quiet = [float(second) for second in range(1, 11)]
    chosen = evenly(lively + quiet, most=11)
    assert [round((lively + quiet)[place]) for place in chosen] == list(range(11))


def test_all_at_once() -> None:
    """Frames without any time between them are taken from the start."""
    assert evenly([5.0] * 6, most=3) == [0, 1, 2]
    assert evenly([5.0, 6.0], most=1) == [0]
    assert evenly([], most=3) == []
