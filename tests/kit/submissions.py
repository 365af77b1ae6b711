"""A small submission, its credentials, and a client whose clock does not wait."""

import functools
import random

import pytest

from hashclient.client import Client, RetryPolicy
from hashclient.client.request import build_submission
from hashclient.model import (
    Altered,
    CaseKey,
    CaseNumber,
    Content,
    Credentials,
    Declarations,
    Depicted,
    Item,
    Pin,
    Signal,
    SignalType,
    Submission,
)
from hashclient.transport.interface import Transport

DECLARATIONS = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)


class VirtualClock:
    """Time that passes only where someone waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def retry_with(clock: VirtualClock, *, total_seconds: float = 60) -> RetryPolicy:
    """Return the retry policy of the specification, by another clock."""
    return RetryPolicy(total_seconds=total_seconds, clock=clock, sleep=clock.sleep, random=random.Random(1).random)


def client_for(transport: Transport, *, trusted_keys: tuple[str, ...] = (), allow_plain: bool = False) -> Client:
    """Give a client that waits in virtual time."""
    return Client(transport, trusted_keys=trusted_keys, allow_plain=allow_plain, retry=retry_with(VirtualClock()))


def credentials(number: int = 1) -> Credentials:
    """Give credentials that are the same at each run."""
    return Credentials(CaseNumber.from_bits(number), Pin(f"{number:08d}"))


def signal(seed: int = 0) -> Signal:
    """Give a PDQ hash as a picture would have it: half of the bits are ones."""
    bits = random.Random(seed).sample(range(256), 128)
    value = f"{sum(1 << bit for bit in bits):064x}"
    return Signal(type=SignalType.PDQ, value=value, quality=90, variant="original")


def item(seed: int = 0, *, altered_from: int | None = None) -> Item:
    """Give a picture."""
    altered = Altered.UNKNOWN if altered_from is None else Altered.YES
    return Item(content=Content.IMAGE, altered=altered, altered_from=altered_from, signals=(signal(seed),))


def submission(pair: Credentials | None = None, *, items: int = 2) -> Submission:
    """Give a submission of a few pictures."""
    return build_submission(pair or credentials(), DECLARATIONS, [item(seed) for seed in range(items)])


@pytest.fixture(autouse=True)
def remembered_case_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive each case key once a test: it takes 0.2 s on purpose."""
    monkeypatch.setattr(CaseKey, "from_pin", _remembered)


_remembered = functools.cache(CaseKey.from_pin)
