"""Decide how long to go on trying, and how long to wait between two tries."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

_STEPS = 16
"""Doublings after which the ceiling of a wait is above any cap."""


@dataclass(frozen=True)
class Patience:
    """Ceilings of one call, and the clock it goes by; tests bring their own."""

    total_seconds: float = 60
    """Time for a whole call, all tries and waits together."""
    bytes_per_second: int = 8192
    """Every so many bytes of a body add a second."""
    base_seconds: float = 0.5
    """Ceiling of the first wait; it doubles with each."""
    cap_seconds: float = 60
    """Highest ceiling of a wait."""
    retry_after_seconds: float = 3600
    """Longest wait that an endpoint may ask for."""
    profile_tries: int = 4
    """Tries to read the profile before anything was sent: a wrong address should not take a minute."""
    rereads: int = 2
    """Times that the profile is read again because the endpoint changed its key or epoch."""
    clock: Callable[[], float] = time.monotonic
    """Seconds, from any start."""
    sleep: Callable[[float], None] = time.sleep
    """Wait so many seconds."""
    random: Callable[[], float] = random.SystemRandom().random
    """0 to 1, for the jitter."""


class Waiting:
    """The time that is left of one call."""

    def __init__(self, patience: Patience, *, size: int) -> None:
        """Start the clock of a call with a body of so many bytes."""
        self.patience = patience
        self._end = patience.clock() + patience.total_seconds + size / patience.bytes_per_second
        self._pauses = 0

    def left(self) -> float:
        """Give the seconds that are left, not negative."""
        return max(0.0, self._end - self.patience.clock())

    def pause(self, retry_after: float | None = None) -> bool:
        """Wait before the next try: full jitter, or what the endpoint asks for if that is more.

        Returns:
            False, at once, where the wait would outlast the call.
        """
        ceiling = min(self.patience.cap_seconds, self.patience.base_seconds * 2 ** min(self._pauses, _STEPS))
        asked = min(retry_after or 0.0, self.patience.retry_after_seconds)
        seconds = max(self.patience.random() * ceiling, asked)
        self._pauses += 1
        if seconds >= self.left():
            return False
        self.patience.sleep(seconds)
        return True
