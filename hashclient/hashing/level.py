"""How many likely re-posts are hashed beside a picture, and which; loads no numbers and no decoder."""

import json
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Final

from hashclient.model import Limits, Signal
from hashclient.vocabulary import Coverage

COVERAGE_VERSION: Final = 1
"""Version of the recipes; a change of them is a new version."""


HASHES: Final[dict[Coverage, int]] = {Coverage.SINGLE: 1, Coverage.STANDARD: 32, Coverage.WIDE: 192}
"""Most hashes of an upright picture, by level; one that EXIF turns has its stored form beside them."""

GROUNDS: Final = {"white": 255, "black": 0}
"""Pages, as grey levels, that a picture which is transparent in parts is also hashed on, by variant."""

STORED_HASHES: Final = 1
"""Hashes that come beside those of a level where EXIF turns a picture."""


_SIGNAL_BYTES: Final = 160
"""Most bytes of one hash with its variant, as JSON; few come near."""
_OTHER_BYTES: Final = 8192
"""Bytes left for the rest of a submission, and for the seal."""


def share(limits: Limits, *, items: int) -> int:
    """Tell how many hashes each item may have so that all together fit an endpoint.

    Args:
        limits: of the endpoint's profile.
        items: pictures and videos that are to be sent together.
    """
    largest_body = 1 << limits.body_bytes.bit_length() - 1  # a sealed body is a power of two long
    by_bytes = max(0, largest_body - _OTHER_BYTES) // _SIGNAL_BYTES
    return min(limits.signals, by_bytes) // items


def widest(limits: Limits, *, items: int, beside: int = 0) -> Coverage:
    """Give the widest level for which an endpoint has room.

    Args:
        limits: of the endpoint's profile.
        items: pictures and videos that are to be sent together.
        beside: hashes of each that are of other types.
    """
    room = min(limits.signals_per_image, share(limits, items=items)) - beside
    fitting = [level for level, hashes in HASHES.items() if hashes + STORED_HASHES <= room]
    return fitting[-1] if fitting else Coverage.SINGLE


@lru_cache
def variants(level: Coverage) -> tuple[str, ...]:
    """Give the re-posts of a level by name, the most useful first; the picture itself is not among them."""
    data = resources.files(__package__).joinpath(f"coverage-v{COVERAGE_VERSION}.json").read_text()
    return tuple(json.loads(data)["recipes"][: HASHES[level] - 1])


def narrowed(signals: Iterable[Signal], *, level: Coverage) -> tuple[Signal, ...]:
    """Leave out the hashes of re-posts that a level does not hold; each level is a prefix of the next."""
    signals = tuple(signals)
    grounds = frozenset() if level is Coverage.SINGLE else GROUNDS.keys() & {signal.variant for signal in signals}
    kept = grounds | frozenset(variants(level)[: HASHES[level] - 1 - len(grounds)])
    beyond = (GROUNDS.keys() | frozenset(variants(Coverage.WIDE))) - kept
    return tuple(signal for signal in signals if signal.variant not in beyond)
