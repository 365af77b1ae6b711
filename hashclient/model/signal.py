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

from typing import Annotated, Final, Self

from pydantic import Field, ValidationError, model_validator

from hashclient.errors import InvalidSignalError, MixedSignalTypesError, UsageError
from hashclient.messages import _p
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
"""Types of which a picture may have several hashes, one for each variant. A `vpdq` may have one too."""

MATCH_DISTANCE: Final = 31
"""Greatest PDQ distance, in bits, that partners consider a match."""
_MATCH_DISTANCES: Final = dict.fromkeys(WITH_QUALITY, MATCH_DISTANCE) | dict.fromkeys(EXACT, 0)
"""Greatest distance of a match, by type; the others have none that is right for all uses."""

QUALITY_FLOOR: Final = 50
"""Lowest quality at which a PDQ hash may leave the device."""

VARIANT_PATTERN: Final = "^[a-z]+[0-9]*([-+][a-z0-9]+){0,7}$"
"""The form of a recipe's name, so that later recipes pass. Only names of a job's own recipes leave this program."""
VARIANT_LENGTH: Final = 48
"""Maximum length of a variant, in characters."""

ORIGINAL: Final = "original"
"""The picture as a person sees it: upright, with EXIF orientation applied."""
STORED: Final = "stored"
"""The picture as its pixels are stored, if EXIF turns it; the matchers in use ignore EXIF."""
FRAME: Final = "frame"
"""One frame of a video, most often of an animated picture, as matchers of pictures see it."""

Variant = Annotated[str, Field(pattern=VARIANT_PATTERN, max_length=VARIANT_LENGTH)]


class Signal(Specified):
    """One hash of one picture, video or frame, in the form in which it is shared.

    Equality compares all fields; `a - b` counts differing bits.

    Source:
        `pdq` and `vpdq`: ThreatExchange `pdq/README.md` and `vpdq/README.md`; `phash`, `dhash`,
        `ahash`, `whash`: imagehash, 8 x 8 bits; `md5`: RFC 1321; `sha256`: FIPS 180-4.
    """

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
        description="Name of the recipe by which this hash was made of the picture or frame; `original` is the picture itself, `frame` a frame of a video. Required for `pdq`, `phash`, `dhash`, `ahash`, `whash`; may be given for `vpdq`; absent for others.",
    )

    @model_validator(mode="after")
    def _follows_its_type(self) -> Self:
        if len(self.value) != HEX_LENGTH[self.type]:
            raise ValueError(f"a {self.type} value has {HEX_LENGTH[self.type]} lower-case hex characters")
        if (self.quality is not None) != (self.type in WITH_QUALITY):
            raise ValueError("quality belongs to pdq and vpdq, and only to them")
        if self.type is not SignalType.VPDQ and (self.variant is not None) != (self.type in WITH_VARIANT):
            raise ValueError("variant belongs to perceptual hashes, and only to them")
        return self

    @classmethod
    def from_text(cls, text: str, *, quality: int | None = None, variant: str | None = None) -> Self:
        """Parse the text form `type:hex`.

        Args:
            text: for example `pdq:` and 64 lower-case hex characters; nothing is corrected.
            quality: 0 to 100; required for `pdq` and `vpdq`, not allowed for others.
            variant: required for perceptual hashes but `vpdq`, where it may be given; not allowed for digests.

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

    def matches(self, other: "Signal", *, within: int | None = None) -> bool:
        """Tell whether two signals of one type are a match.

        Args:
            other: of the same type.
            within: greatest distance in bits; None means 31 for `pdq` and `vpdq`, and equality for `md5` and `sha256`.

        Raises:
            MixedSignalTypesError: the types differ.
            UsageError: `within` is missing, and the type has no usual distance.
        """
        distance = self - other
        within = _MATCH_DISTANCES.get(self.type) if within is None else within
        if within is None:
            raise UsageError(
                _p(
                    "error",
                    "Fingerprints of this type have no distance at which they usually match. Nothing was compared.",
                ),
                hint=_p("error", "Say how many bits may differ: matches(other, within=BITS)."),
            )
        return distance <= within
