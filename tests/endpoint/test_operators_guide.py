"""The operators' guide says what the code does."""

import re
from pathlib import Path

import pytest

from hashclient.endpoint.attempts import BUDGET, FREE_ATTEMPTS, REFILL, REFILL_DAYS
from hashclient.endpoint.people.problems import ProblemName, problem
from hashclient.endpoint.settings import EndpointSettings

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
    ],
)
def test_figures_are_those_of_the_code(said: str) -> None:
    """A changed figure changes the guide."""
    assert said in " ".join(GUIDE.split())
    assert FREE_ATTEMPTS == 5
