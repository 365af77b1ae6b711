"""Killed at random moments, on either side: no case is lost, none is there twice, and its credentials open it.

`HASHCLIENT_KILLS` sets how often; `make soak` kills a thousand times.
"""

import os
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from crash.audit import Claim, claims_in, violations
from crash.client import Conduct, Step
from crash.people import failing_pins
from crash.victims import CommandLine, Driver, Victim
from kit.served_endpoint import ServedEndpoint

KILLS = int(os.environ.get("HASHCLIENT_KILLS", "60"))
SEED = 20261123
MOST_STORMS = 6
"""Storms after which a harness that saw nothing wrong in wrong conduct is called blind."""

CLIENT_SHARE = 0.7
"""Share of kills that hit a client; the others hit the endpoint."""
LONGEST_PAUSE = 0.45
"""Seconds between two kills, at most."""
_WEIGHTS = (5, 5, 2)
"""How often each client is hit; a run of the command line mostly hashes, and hashing loses nothing."""
_PINS_TRIED = 24

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]


@dataclass(frozen=True)
class Toll:
    """What a storm did and left."""

    kills: Counter[str]
    """By side."""
    cases: int
    """In the store."""
    claims: int
    """Submissions for which somebody holds credentials."""
    accepted: int
    """Of those, how many a client was given a receipt for."""
    violations: Counter[str]
    """By kind; empty where the promise held."""


class Storm:
    """Two clients that send without end, the command line beside them, and kills."""

    def __init__(self, folder: Path, *, seed: int, conduct: Conduct = Conduct.RIGHT) -> None:
        self._endpoint = ServedEndpoint(folder)
        self._endpoint.start()
        self._rng = random.Random(seed)
        self._drivers = [Driver(self._endpoint, name=name, conduct=conduct) for name in ("a", "b")]
        self._command_line = CommandLine(self._endpoint) if conduct is Conduct.RIGHT else None
        self._clients: list[Victim] = [*self._drivers, *([self._command_line] if self._command_line else [])]
        self._kills: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.end()
        self._endpoint.kill()

    def rage(self, kills: int, *, client_share: float = CLIENT_SHARE) -> None:
        """Kill so many times."""
        for _ in range(kills):
            time.sleep(self._rng.uniform(0, LONGEST_PAUSE))
            if self._rng.random() < client_share:
                client = self._rng.choices(self._clients, _WEIGHTS[: len(self._clients)])[0]
                client.kill(self._rng)
                client.start()
                self._kills["client"] += 1
            else:
                self._endpoint.wait()  # until it is up again after the last time
                time.sleep(self._rng.uniform(0, LONGEST_PAUSE))
                self._endpoint.kill()
                self._endpoint.launch()
                if self._rng.random() < 0.7:  # else clients die while nobody answers
                    self._endpoint.wait()
                self._kills["endpoint"] += 1
            for client in self._clients:
                client.go_on()

    def settle(self) -> Toll:
        """Kill all clients, let the endpoint finish what is under way, and count."""
        for client in self._clients:
            client.kill(self._rng)
        self._endpoint.wait()
        self._endpoint.stop()
        self._endpoint.start()
        claims = claims_in(sorted(self._endpoint.folder.glob("notes-*")))
        if self._command_line:
            claims += self._command_line.claims()
        return self._toll(claims)

    def _toll(self, claims: list[Claim]) -> Toll:
        found = violations(self._endpoint, claims)
        if self._command_line:
            found["failing PIN"] = failing_pins(self._endpoint, claims[::-1], most=_PINS_TRIED)
            found["orphan process"] = self._command_line.orphans()
        return Toll(
            kills=self._kills,
            cases=len(self._endpoint.stored()),
            claims=len(claims),
            accepted=sum(Step.ACCEPTED in claim.steps for claim in claims),
            violations=+found,
        )


@pytest.mark.parametrize("kills", [4, pytest.param(KILLS, marks=pytest.mark.slow)], ids=["some", "many"])
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
