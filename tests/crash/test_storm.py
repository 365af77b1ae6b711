"""Killed at random moments, on either side: no case is lost, none is there twice, and its credentials open it.

`HASHCLIENT_KILLS` sets how often; `make soak` kills a thousand times.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from crash.client import Conduct
from crash.storm import Storm

KILLS = int(os.environ.get("HASHCLIENT_KILLS", "60"))
SEED = 20261123
MOST_STORMS = 6
"""Storms after which a harness that saw nothing wrong in wrong conduct is called blind."""

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]


@pytest.mark.parametrize("kills", [8, pytest.param(KILLS, marks=pytest.mark.slow)], ids=["some", "many"])
def test_no_kill_loses_or_doubles_a_case(kills: int, tmp_path: Path) -> None:
    """Clients and endpoint are killed while submissions flow; everything accepted is there, once, and opens."""
    with Storm(tmp_path, seed=SEED) as storm:
        storm.rage(kills)
        toll = storm.settle()
    print(toll)
    assert toll.violations == {}
    assert toll.kills.total() == kills
    assert min(toll.cases, toll.accepted) > kills // 2  # the kills met work


@pytest.mark.slow
@pytest.mark.parametrize(
    ("conduct", "seen"), [(Conduct.TOLD_LATE, "orphan"), (Conduct.NEW_EACH_TIME, "duplicate")], ids=str
)
def test_wrong_conduct_is_seen(conduct: Conduct, seen: str, tmp_path: Path) -> None:
    """The same kills and counts find cases nobody can open, and cases that are there twice, where the client is wrong."""
    seen_by_now = Counter[str]()
    for seed in range(MOST_STORMS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with Storm(folder, seed=seed, conduct=conduct) as storm:
            storm.rage(15, client_share=1)
            toll = storm.settle()
        seen_by_now.update(toll.violations)
        print(toll)
        if seen_by_now[seen]:
            break
    assert seen_by_now[seen]
