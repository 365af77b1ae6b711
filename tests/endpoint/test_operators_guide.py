"""The operators' guide says what the code does."""

import re
from pathlib import Path

import pytest

from hashclient.endpoint.app import REPEAT_SECONDS, UNREAD_BYTES, UNREAD_SECONDS
from hashclient.endpoint.attempts import BUDGET, FREE_ATTEMPTS, REFILL, REFILL_DAYS
from hashclient.endpoint.people.cases import ALARM_WRONG
from hashclient.endpoint.people.problems import ProblemName, problem
from hashclient.endpoint.people.routes import MOST_HELD, MOST_OPENED, SMALL_BYTES
from hashclient.endpoint.serve import HEAD_SECONDS, MAX_CONNECTIONS
from hashclient.endpoint.settings import EndpointSettings
from hashclient.endpoint.store.sqlite import LARGE_BYTES
from hashclient.model.case import NUMBER_BITS, PIN_DIGITS

GUIDE = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")


def test_every_problem_is_in_the_table() -> None:
    """Each with its status, and no other."""
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", GUIDE, re.MULTILINE)
    assert len(rows) == len(ProblemName)
    assert {(int(status), name) for status, name in rows} == {(problem(name).status, name) for name in ProblemName}


@pytest.mark.parametrize(
    "said",
    [
        f"{BUDGET} wrong attempts in all, and {REFILL} more every {REFILL_DAYS} days",
        f"stays for {EndpointSettings.withdrawn_days} days",
        f"longer than {EndpointSettings.body_seconds:.0f} s and 1 s for each {EndpointSettings.body_bytes_per_second // 1024} KiB",
        f"with no silence of more than {EndpointSettings.stall_seconds:.0f} s",
        f"A head has {HEAD_SECONDS} s to arrive",
        f"read for {UNREAD_SECONDS} s and {UNREAD_BYTES >> 20} MiB at most",
        f"At most {MAX_CONNECTIONS} connections, {MOST_HELD[False]} bodies of up to {SMALL_BYTES >> 10} KiB and {MOST_HELD[True]} larger ones",
        f"within a day if it is larger than {LARGE_BYTES >> 20} MiB",
        f"{ALARM_WRONG:,} wrong attempts in one day",
        "a million of them at most",
        "there are 2⁵⁵",
        "out of 10⁸ PINs",
    ],
)
def test_figures_are_those_of_the_code(said: str) -> None:
    """A changed figure changes the guide."""
    assert said in " ".join(GUIDE.split())
    assert FREE_ATTEMPTS == 5
    assert (REPEAT_SECONDS, MOST_OPENED[True], EndpointSettings.max_attempt_counts) == (60, 1, 10**6)
    assert (NUMBER_BITS, PIN_DIGITS) == (55, 8)
