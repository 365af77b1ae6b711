"""Name the ways a picture or film may be decoded; the rules are in `hashclient.media.image` and `.video`.

Apart from it, so that a program that only asks for one loads no decoder.
"""

from enum import StrEnum
from typing import Final

DEFAULT_INTERVAL: Final = 1.0
"""Seconds between the frames of a film that are hashed, unless another number is asked for."""


class Decode(StrEnum):
    """How a picture is decoded."""

    EXACT = "exact"
    """In full, so that the hash is bit for bit that of the reference."""
    FAST = "fast"
    """JPEG at a fraction of its size, several times faster, a few bits off."""
