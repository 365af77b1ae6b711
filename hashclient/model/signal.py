"""The signal: the typed value that is shared for matching.

The form of every signal type and the distance between two signals are defined here; signals are computed in
`hashclient.hashing`.

    >>> a = Signal.from_text("pdq:" + "0" * 64, quality=80, variant="original")
    >>> b = Signal.from_text("pdq:" + "0" * 63 + "f", quality=80, variant="original")
    >>> a - b
    4
    >>> a.matches(b, within=31)
    True
"""

from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator

from hashclient.errors import InvalidSignalError, MixedSignalTypesError
from hashclient.model._base import Specified
from hashclient.vocabulary import SignalType

HEX_LENGTH: Final[dict[SignalType, int]] = {
    SignalType.PDQ: 64,
    SignalType.MD5: 32,
    SignalType.VPDQ: 64,
    SignalType.SHA256: 64,
    SignalType.PHASH: 16,
    SignalType.DHASH: 16,
    SignalType.AHASH: 16,
    SignalType.WHASH: 16,
}
"""Number of lower-case hex characters in a value, by type. A `vpdq` value is the PDQ hash of one frame."""

EXACT: Final = frozenset({SignalType.MD5, SignalType.SHA256})
"""Types that match identical bytes only; all others are perceptual and have a distance."""

WITH_QUALITY: Final = frozenset({SignalType.PDQ, SignalType.VPDQ})
"""Types that have PDQ's quality, 0 to 100."""

WITH_VARIANT: Final = frozenset(SignalType) - EXACT - {SignalType.VPDQ}
"""Types of which a picture may have several hashes, one for each variant."""

MATCH_DISTANCE: Final = 31
"""Greatest PDQ distance, in bits, that partners consider a match."""

QUALITY_FLOOR: Final = 50
"""Lowest quality at which a PDQ hash may leave the device."""

_WORD = "original|stored|mirror|rotate90|rotate180|rotate270|flip|transpose|transverse|white|black|frame|grey"
_STEP = "crop|border|square|bar|top|bottom|left|right|turn|wide|tall|shot"
VARIANT_PATTERN: Final = rf"^(?:{_WORD}|{_STEP})(?:-(?:{_WORD}|{_STEP}|[mp]?\d{{1,4}}))*(?:\+(?:{_WORD}|{_STEP})(?:-(?:{_WORD}|{_STEP}|[mp]?\d{{1,4}}))*){{0,3}}$"
"""Words from a fixed list and small numbers only, so that no variant can carry anybody's text."""
VARIANT_LENGTH: Final = 48
"""Maximum length of a variant, in characters."""

ORIGINAL: Final = "original"
"""The picture as a person sees it: upright, with EXIF orientation applied."""
STORED: Final = "stored"
"""The picture as its pixels are stored, if EXIF turns it; the matchers in use ignore EXIF."""
FRAME: Final = "frame"
"""One frame of an animated picture, as photo matchers see it."""

Variant = Annotated[str, Field(pattern=VARIANT_PATTERN, max_length=VARIANT_LENGTH)]


def _type_rules(schema: dict[str, Any]) -> None:
    """Add the rules that depend on the type to the JSON Schema, as conditions."""
    schema["allOf"] = [
        {
            "if": {"properties": {"type": {"const": kind.value}}},
            "then": {
                "properties": {"value": {"pattern": f"^[0-9a-f]{{{HEX_LENGTH[kind]}}}$"}}
                | ({} if kind in WITH_QUALITY else {"quality": False})
                | ({} if kind in WITH_VARIANT else {"variant": False}),
                "required": ["type", "value"]
                + (["quality"] if kind in WITH_QUALITY else [])
                + (["variant"] if kind in WITH_VARIANT else []),
            },
        }
        for kind in SignalType
    ]


class Signal(Specified):
    """One hash of one picture, video or frame, in the form in which it is shared.

    Equality compares all fields; `a - b` counts differing bits.

    Source:
        `pdq` and `vpdq`: ThreatExchange `pdq/README.md` and `vpdq/README.md`; `phash`, `dhash`,
        `ahash`, `whash`: imagehash, 8 x 8 bits; `md5`: RFC 1321; `sha256`: FIPS 180-4.
    """

    model_config = ConfigDict(json_schema_extra=_type_rules)

    type: Annotated[SignalType, Field(strict=False)] = Field(
        description="Technique that made the hash; it decides the form of `value` and which other fields are present."
    )
    value: str = Field(
        pattern=r"^[0-9a-f]+$",
        max_length=64,
        description="The hash as lower-case hex: 64 characters for `pdq`, `vpdq` (one frame) and `sha256`, 32 for `md5`, 16 for `phash`, `dhash`, `ahash`, `whash`.",
    )
    quality: int | None = Field(
        None,
        ge=0,
        le=100,
        description="PDQ's measure of detail, 0 to 100, without a unit. Required for `pdq` and `vpdq`, absent for others.",
    )
    variant: Variant | None = Field(
        None,
        description="Which likely re-post of the picture this hash belongs to; `original` is the picture itself. Required for `pdq`, `phash`, `dhash`, `ahash`, `whash`; absent for others.",
    )

    @model_validator(mode="after")
    def _follows_its_type(self) -> Self:
        if len(self.value) != HEX_LENGTH[self.type]:
            raise ValueError(f"a {self.type} value has {HEX_LENGTH[self.type]} lower-case hex characters")
        if (self.quality is not None) != (self.type in WITH_QUALITY):
            raise ValueError("quality belongs to pdq and vpdq, and only to them")
        if (self.variant is not None) != (self.type in WITH_VARIANT):
            raise ValueError("variant belongs to pictures' perceptual hashes, and only to them")
        return self

    @classmethod
    def from_text(cls, text: str, *, quality: int | None = None, variant: str | None = None) -> Self:
        """Parse the text form `type:hex`.

        Args:
            text: for example `pdq:` and 64 lower-case hex characters; nothing is corrected.
            quality: 0 to 100; required for `pdq` and `vpdq`, not allowed for others.
            variant: required for perceptual hashes of pictures, not allowed for others.

        Raises:
            InvalidSignalError: the text is not a known type, a colon and hex of the right length, or quality or
                variant is missing or not allowed.
        """
        kind, _, value = text.partition(":")
        try:
            return cls.model_validate({"type": kind, "value": value, "quality": quality, "variant": variant})
        except ValidationError:
            raise InvalidSignalError from None

    def to_text(self) -> str:
        """Return the text form `type:hex`, without quality and variant."""
        return f"{self.type}:{self.value}"

    def __sub__(self, other: "Signal") -> int:
        """Count the bits in which two signals of one type differ (Hamming distance).

        Returns:
            Bits, 0 to 256 for `pdq` and `vpdq`, 0 to 64 for the other perceptual types. Values of exact types are
            either equal, 0, or differ in all their bits.

        Raises:
            MixedSignalTypesError: the types differ.
        """
        if not isinstance(other, Signal):
            return NotImplemented
        if self.type is not other.type:
            raise MixedSignalTypesError
        if self.type in EXACT:
            return 0 if self.value == other.value else 4 * len(self.value)
        return (int(self.value, 16) ^ int(other.value, 16)).bit_count()

    def matches(self, other: "Signal", *, within: int = MATCH_DISTANCE) -> bool:
        """Tell whether the distance is at most `within` bits; raises the same error as `-`."""
        return self - other <= within
