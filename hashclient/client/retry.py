"""Decide how long to keep trying, and how long to wait between two attempts."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

_DOUBLINGS = 16
"""After as many, the ceiling of a wait is above any cap."""


@dataclass(frozen=True)
class RetryPolicy:
    """Ceilings of one call, and the clock it goes by; tests bring their own."""

    total_seconds: float = 60
    """Time for a whole call, all attempts and waits together."""
    bytes_per_second: int = 8192
    """A body adds one second to the total for each of these bytes."""
    base_seconds: float = 0.5
    """Ceiling of the first wait; it doubles with each."""
    cap_seconds: float = 60
    """Highest ceiling of a wait."""
    retry_after_seconds: float = 3600
    """Longest wait that an endpoint may ask for."""
    profile_attempts: int = 4
    """Attempts to read the profile before anything was sent: a wrong address should not take a minute."""
    rereads: int = 1
    """How often the profile is read again because the endpoint changed its key or epoch."""
    clock: Callable[[], float] = time.monotonic
    """Seconds, from any start."""
    sleep: Callable[[float], None] = time.sleep
    """Waits for a number of seconds."""
    random: Callable[[], float] = random.SystemRandom().random
    """0 to 1, for the jitter."""
    tell: Callable[[int, int | None, float], None] = lambda *_: None
    """Is told before each wait which attempt follows, of how many if that is known, and the length of the wait, seconds."""


class Deadline:
    """The time left of one call."""

    def __init__(self, policy: RetryPolicy, *, size: int = 0) -> None:
        """Start the clock of a call with a body of `size` bytes."""
        self.policy = policy
        self._end = policy.clock() + policy.total_seconds + size / policy.bytes_per_second
        self._pauses = 0

    def left(self) -> float:
        """Return the seconds left, never negative."""
        return max(0.0, self._end - self.policy.clock())

    def pause(self, retry_after: float | None = None, *, most: int | None = None) -> bool:
        """Wait before the next attempt, of `most`: full jitter, or what the endpoint asks for if that is longer.

        Returns:
            False, at once, where the wait would outlast the call.
        """
        ceiling = min(self.policy.cap_seconds, self.policy.base_seconds * 2 ** min(self._pauses, _DOUBLINGS))
        asked = min(retry_after or 0.0, self.policy.retry_after_seconds)
        seconds = max(self.policy.random() * ceiling, asked)
        self._pauses += 1
        if seconds >= self.left():
            return False
        self.policy.tell(self._pauses + 1, most, seconds)
        self.policy.sleep(seconds)
        return True
