"""Name the ways a picture may be decoded; the rule itself is in `hashclient.media.image`.

Apart from it, so that a program that only asks for one loads no decoder.
"""

from enum import StrEnum


class Decode(StrEnum):
    """How a picture is decoded."""

    EXACT = "exact"
    """In full, so that the hash is bit for bit that of the reference."""
    FAST = "fast"
    """JPEG at a fraction of its size, several times faster, a few bits off."""
