"""Name the closed sets of values that every room speaks of, and the limits that more than one of them keeps.

PURE, and light: the standard library alone, so that `hashclient --help` can offer these values without loading the
model. What a value means on the wire is checked by `hashclient.model`; an enum's value is its wire spelling.
"""

from enum import IntEnum, StrEnum
from typing import Final

MAX_FRAMES: Final = 7_200
"""Most frames of one video that are hashed, sent or accepted."""
DEFAULT_INTERVAL: Final = 1.0
"""Seconds between the frames of a video that are hashed, unless another number is asked for."""
MAX_INTERVAL: Final = 3600.0
"""Most seconds between the frames of a video that are hashed."""


class SignalType(StrEnum):
    """The technique that made a signal."""

    PDQ = "pdq"
    MD5 = "md5"
    VPDQ = "vpdq"
    SHA256 = "sha256"
    PHASH = "phash"
    DHASH = "dhash"
    AHASH = "ahash"
    WHASH = "whash"


class Content(StrEnum):
    """What an item is."""

    IMAGE = "image"
    VIDEO = "video"


USUAL: Final = {Content.IMAGE: (SignalType.PDQ,), Content.VIDEO: (SignalType.MD5, SignalType.VPDQ)}
"""Types that are computed where none are asked for, by content: the digest of a picture's file would tell for certain who has it."""


class Altered(StrEnum):
    """Whether the content was changed or made by a machine, as far as the person knows."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Depicted(StrEnum):
    """Who is in the content: the person who asks, or someone who asked them to act."""

    SELF = "self"
    REPRESENTED = "represented"


class CaseStatus(StrEnum):
    """State of a case, spelled as StopNCII's partners read it."""

    RECEIVED = "Received"
    ACTIVE = "Active"
    WITHDRAWN = "Withdrawn"
    DELETED = "Deleted"
    OTHER = "other"
    """A state that this version does not know, to a reader; nobody writes it."""


class Suite(IntEnum):
    """How a body is sealed; the value is the byte on the wire."""

    X25519 = 1
    """DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305 (RFC 9180)."""
    MLKEM768_X25519 = 2
    """X-Wing (ML-KEM-768 and X25519), HKDF-SHA256, ChaCha20-Poly1305."""


class Purpose(StrEnum):
    """What a sealed request asks for; it must fit the address it is sent to."""

    SUBMISSION = "submission"
    STATUS = "status"
    WITHDRAWAL = "withdrawal"


class Reason(StrEnum):
    """Why something is not sent, or not accepted."""

    LOW_QUALITY = "low-quality"
    """Too little detail to recognise (PDQ quality below 50)."""
    FLAT = "flat"
    """All bits equal, or nearly: it would match what it should not."""
    TYPE_NOT_ACCEPTED = "type-not-accepted"
    """The endpoint does not accept this type of hash."""
    TOO_MANY_ITEMS = "too-many-items"
    """More pictures and videos than the endpoint accepts at once."""
    TOO_MANY_SIGNALS = "too-many-signals"
    """More hashes than the endpoint accepts at once, or for one picture or video."""
    TYPE_NOT_FITTING = "type-not-fitting"
    """None of the requested types of hash can be computed from this kind of file."""
    DAMAGED = "damaged"
    """Parts of a video could not be read; the rest was hashed."""
    REPRESENTATIVE = "representative"
    """The endpoint accepts requests from the person shown only."""


class Coverage(StrEnum):
    """How many likely re-posts of a picture are hashed too; each level is a prefix of the next."""

    SINGLE = "single"
    """The picture alone."""
    STANDARD = "standard"
    """The picture and the re-posts that matter most."""
    WIDE = "wide"
    """All re-posts that were found worth a hash."""


class Decode(StrEnum):
    """How a picture is decoded."""

    EXACT = "exact"
    """In full, so that the hash is bit for bit that of the reference."""
    FAST = "fast"
    """JPEG at a reduced size where that is enough: about twice as fast, at most 2 bits off."""
