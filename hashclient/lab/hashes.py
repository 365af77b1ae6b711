"""Say which hashes the lab makes of a picture; one of your own is a function.

A hash has an id with a version, `pdq@1`; the version covers everything that moves bits. It takes the pixels and the bytes
of the file that they came from, and gives one value, or for a set several, the most useful first.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.hashing.imagehash import PerceptualHasher
from hashclient.hashing.pdq import pdq_dihedral, pdq_hash
from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.hashing.reposts.levels import COVERAGE_VERSION, HASHES, variants
from hashclient.model.signal import ORIGINAL
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Coverage, SignalType

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class HashValue:
    """What a hash gives for one picture."""

    values: tuple[bytes, ...]
    """One value; of a set several."""
    quality: int | None = None
    """Of the picture, 0 to 100, where the hash has one; below 50 it is neither submitted nor matched."""
    ranks: tuple[int, ...] = (0,)
    """Place of each value in the list that the set is made by, 0 for the picture itself."""

    def pack(self) -> bytes:
        """Write values and ranks for the store."""
        return b"".join(struct.pack("<H", rank) + value for rank, value in zip(self.ranks, self.values, strict=True))


@dataclass(frozen=True)
class LabHash:
    """A way to hash a picture.

    Raises:
        UsageError: the bits are not a multiple of 64.
    """

    id: str
    """Name and version, `pdq@1`; it is part of the cache's key."""
    bits: int
    """Length of a value, a multiple of 64."""
    make: Callable[[Rgb, bytes], HashValue | bytes] = field(compare=False)
    """Called with RGB pixels, `uint8`, shape (height, width, 3), and the bytes of the file; a function of a module,
    where processes do the work."""
    is_exact: bool = False
    """Whether values are equal or differ in all bits."""
    is_set: bool = False
    """Whether it gives several values; made of pictures as they are, never of edited ones."""

    def __post_init__(self) -> None:
        if self.bits % 64 or self.bits <= 0 or "@" not in self.id:
            raise UsageError(words.BAD_HASH.format(name=self.id), hint=words.HASH_FORM)

    def of(self, pixels: Rgb, file: bytes) -> HashValue:
        """Hash a picture; raises `UsageError` where the function gives another length."""
        made = self.make(pixels, file)
        value = HashValue((made,)) if isinstance(made, bytes) else made
        if any(8 * len(one) != self.bits for one in value.values):
            raise UsageError(words.BAD_HASH.format(name=self.id), hint=words.HASH_FORM)
        return value

    def unpack(self, packed: bytes) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Read what `HashValue.pack` wrote: values, shape (values, bytes), and ranks; raises `UsageError` if it is none."""
        if len(packed) % (2 + self.bits // 8):
            raise UsageError(words.DAMAGED_STORE, hint=words.ANOTHER_STORE)
        rows = np.frombuffer(packed, np.uint8).reshape(-1, 2 + self.bits // 8)
        return rows[:, 2:], rows[:, :2].astype(np.int64) @ np.array([1, 256])


def _pdq(pixels: Rgb, _file: bytes) -> HashValue:
    value, quality = pdq_hash(pixels)
    return HashValue((bytes.fromhex(value),), quality)


def _dihedral(pixels: Rgb, _file: bytes) -> HashValue:
    values, quality = pdq_dihedral(pixels)
    return HashValue(tuple(map(bytes.fromhex, values)), quality, tuple(range(len(values))))


def _coverage(pixels: Rgb, _file: bytes) -> HashValue:
    signals = CoverageHasher(Coverage.WIDE).hash_image(ArrayPixels(pixels))
    places = {ORIGINAL: 0} | {variant: place for place, variant in enumerate(variants(Coverage.WIDE), start=1)}
    values = tuple(bytes.fromhex(signal.value) for signal in signals)
    return HashValue(values, signals[0].quality, tuple(places[signal.variant or ORIGINAL] for signal in signals))


def _of_imagehash(kind: SignalType, pixels: Rgb, _file: bytes) -> HashValue:
    signal = PerceptualHasher(kind).hash_image(ArrayPixels(pixels))[0]
    return HashValue((bytes.fromhex(signal.value),))


def _md5(_pixels: Rgb, file: bytes) -> HashValue:
    return HashValue((hashlib.md5(file, usedforsecurity=False).digest(),))


def _pixel_digest(pixels: Rgb, _file: bytes) -> HashValue:
    return HashValue((hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).digest(),))


@lru_cache(maxsize=1)
def coverage_id() -> str:
    """Return the id of the coverage set as it is installed: its version, and a digest of its list of recipes."""
    listed = hashlib.sha256("\n".join(variants(Coverage.WIDE)).encode()).hexdigest()[:8]
    return f"coverage-{listed}@{COVERAGE_VERSION}"


_OWN: dict[str, LabHash] = {}


def add_hash(made: LabHash) -> LabHash:
    """Make a hash known by the part of its id before `@`; raises `UsageError` if another has that name."""
    name = made.id.partition("@")[0]
    if name in _built_in() or _OWN.get(name, made) != made:
        raise UsageError(words.BAD_NAME.format(name=name), hint=words.CHOOSE_ANOTHER_NAME)
    _OWN[name] = made
    return made


@lru_cache(maxsize=1)
def _built_in() -> Mapping[str, LabHash]:
    kinds = (SignalType.PHASH, SignalType.DHASH, SignalType.AHASH, SignalType.WHASH)
    of_imagehash = {f"{kind}-64": LabHash(f"{kind}-64@1", 64, partial(_of_imagehash, kind)) for kind in kinds}
    return {
        "pdq": LabHash("pdq@1", 256, _pdq),
        "pdq-dihedral": LabHash("pdq-dihedral@1", 256, _dihedral, is_set=True),
        "coverage": LabHash(coverage_id(), 256, _coverage, is_set=True),
        **of_imagehash,
        "md5": LabHash("md5@1", 128, _md5, is_exact=True),
        "pixels": LabHash("pixels@1", 256, _pixel_digest, is_exact=True),
    }


def hash_named(name: str) -> LabHash:
    """Return a hash by its name, without version; raises `UsageError` if there is none."""
    found = _OWN.get(name) or _built_in().get(name)
    if found is None:
        raise UsageError(
            words.NO_SUCH_HASH.format(name=name), hint=words.KNOWN_HASHES.format(names=", ".join(_built_in()))
        )
    return found


def levels_of_coverage() -> Mapping[str, int]:
    """Return the most hashes of each level of coverage, by name."""
    return {level.value: HASHES[level] for level in Coverage}


def _parts_of_value(size: int) -> Iterator[slice]:
    start = 0
    for width in (32, 16, 8):
        while size - start >= width:
            yield slice(start, start + width)
            start += width


def bit_distances(a: NDArray[np.uint8], b: NDArray[np.uint8], *, is_exact: bool = False) -> NDArray[np.uint16]:
    """Count the bits in which values differ; those of exact hashes differ in all, or in none.

    Args:
        a: `uint8`, shape (values, bytes), bytes a multiple of 8.
        b: the same.
        is_exact: whether values are compared for equality.

    Returns:
        `uint16`, shape (values of `a`, values of `b`).
    """
    from hashclient.hashing.hamming import distances

    found = np.zeros((len(a), len(b)), np.uint16)
    for piece in _parts_of_value(a.shape[1]):
        found += distances(np.ascontiguousarray(a[:, piece]), np.ascontiguousarray(b[:, piece]))
    if is_exact:
        found[found > 0] = 8 * a.shape[1]
    return found
