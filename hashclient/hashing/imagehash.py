"""The hashes of the imagehash library, by that library: aHash, dHash, pHash, wHash and the crop-resistant hash.

The first four are signals of 64 bits, for services that ask for them. The crop-resistant hash has no form on the wire:
it is for comparing pictures on this device.

A hasher hands imagehash the whole upright picture in grey, as that library would make it itself. The library takes long
to import, so it is imported on use, or by `load_imagehash`, and only the parts that are needed.

Source:
    `imagehash/__init__.py` 4.3: `average_hash`, `dhash`, `phash`, `whash`, `crop_resistant_hash`, each with its own
    defaults.
"""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from PIL import Image

from hashclient.errors import InvalidSignalError
from hashclient.hashing.interface import ImageHasher
from hashclient.model import Signal
from hashclient.model.signal import ORIGINAL, STORED
from hashclient.pixels import Pixels
from hashclient.vocabulary import SignalType

FUNCTIONS: Final = {
    SignalType.AHASH: "average_hash",
    SignalType.DHASH: "dhash",
    SignalType.PHASH: "phash",
    SignalType.WHASH: "whash",
}
"""What imagehash calls each of them."""
SEGMENT_BITS: Final = 64
"""Bits of the hash of one segment of the crop-resistant hash."""
SEGMENT_DISTANCE: Final = 16
"""Most bits, a quarter, in which segments may differ that are taken for the same; imagehash's default."""

_LIBRARY: Final = "imagehash"
_ON_USE: Final = {SignalType.PHASH: ("scipy.fftpack",), SignalType.WHASH: ("pywt",)}
"""What imagehash imports when it is first asked for one of them."""
_TRANSPOSES: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What Pillow calls the turn of each EXIF orientation but upright."""
_SEGMENT_DIGITS: Final = SEGMENT_BITS // 4


def load_imagehash(types: Iterable[SignalType]) -> None:
    """Import what hashing some types needs, so that nothing is left to import later; other types need nothing."""
    for kind in types:
        for module in (_LIBRARY, *_ON_USE.get(kind, ())) if kind in FUNCTIONS else ():
            importlib.import_module(module)


class PerceptualHasher(ImageHasher):
    """One of imagehash's hashes of 64 bits, upright, and as stored too where EXIF turns the picture and that differs.

    Args:
        kind: a key of `FUNCTIONS`.
    """

    def __init__(self, kind: SignalType) -> None:
        self.type = kind

    def hash_image(self, pixels: Pixels) -> tuple[Signal, ...]:
        """Hash one picture; see `ImageHasher.hash_image`."""
        grey = pixels.grey()
        original = self._hash(_upright(grey, pixels.orientation), ORIGINAL)
        if pixels.orientation not in _TRANSPOSES:
            return (original,)
        stored = self._hash(grey, STORED)
        return (original,) if stored.value == original.value else (original, stored)

    def _hash(self, grey: Image.Image, variant: str) -> Signal:
        function = getattr(importlib.import_module(_LIBRARY), FUNCTIONS[self.type])
        return Signal(type=self.type, value=str(function(grey)), variant=variant)


def _upright(grey: Image.Image, orientation: int) -> Image.Image:
    return grey.transpose(_TRANSPOSES[orientation]) if orientation in _TRANSPOSES else grey


@dataclass(frozen=True)
class CropResistantHash:
    """The hashes of a picture's bright and dark segments, some of which survive where the picture is cropped.

    It is no `Signal`, and no submission can hold it. `a - b` is not the same as `b - a`: each counts the segments of the
    first.
    """

    segments: tuple[int, ...]
    """The dHash of each segment, 64 bits; at least one."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read imagehash's text form: 16 hex characters for each segment, separated by commas.

        Raises:
            InvalidSignalError: it is not of that form.
        """
        parts = text.split(",")
        if any(len(part) != _SEGMENT_DIGITS or set(part) - set("0123456789abcdef") for part in parts):
            raise InvalidSignalError
        return cls(tuple(int(part, 16) for part in parts))

    def to_text(self) -> str:
        """Write imagehash's text form."""
        return ",".join(f"{segment:0{_SEGMENT_DIGITS}x}" for segment in self.segments)

    def __sub__(self, other: "CropResistantHash") -> float:
        """Measure how many segments are not found in the other.

        Returns:
            From 0.0, where each is found bit for bit, to the number of segments, where none is found within
            `SEGMENT_DISTANCE`; the mean distance of those that are found, as a share of their bits, is added.
        """
        found = self._found_in(other, within=SEGMENT_DISTANCE)
        if not found:
            return float(len(self.segments))
        return len(self.segments) - (len(found) - sum(found) / (len(found) * SEGMENT_BITS))

    def matches(self, other: "CropResistantHash", *, within: int = SEGMENT_DISTANCE, segments: int = 1) -> bool:
        """Tell whether at least `segments` segments are found in the other, each within `within` bits."""
        return len(self._found_in(other, within=within)) >= segments

    def _found_in(self, other: "CropResistantHash", *, within: int) -> Sequence[int]:
        """Return the distance of each segment that the other has too to the nearest of the other's."""
        nearest = (min((mine ^ theirs).bit_count() for theirs in other.segments) for mine in self.segments)
        return [distance for distance in nearest if distance <= within]


def crop_resistant_hash(pixels: Pixels) -> CropResistantHash:
    """Hash the bright and dark segments of a picture, upright; this takes about a second.

    Args:
        pixels: as stored, with the orientation that makes them upright.

    Raises:
        MediaError: the pixels cannot be read.
    """
    grey = _upright(pixels.grey(), pixels.orientation)
    made = importlib.import_module(_LIBRARY).crop_resistant_hash(grey)
    return CropResistantHash.from_text(str(made))
