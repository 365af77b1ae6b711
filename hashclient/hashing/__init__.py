"""Turn pixels into signals.

Each technique has a file of its own, and hashers of pictures share one interface. Nothing here opens a file
(`hashclient.media` does) or judges what was computed (`hashclient.model.policy` does).

    >>> import numpy as np
    >>> from hashclient.hashing import pdq_hash
    >>> ramp = np.arange(256, dtype=np.uint8) * np.ones((256, 1), np.uint8)
    >>> value, quality = pdq_hash(ramp)
    >>> len(value), quality
    (64, 44)

A hasher gives signals, of a file that was opened or of an array:

    >>> from hashclient.hashing import CoverageHasher
    >>> from hashclient.pixels import ArrayPixels
    >>> from hashclient.vocabulary import Coverage
    >>> noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    >>> signals = CoverageHasher(Coverage.STANDARD).hash_image(ArrayPixels(noise))
    >>> [signal.variant for signal in signals[:3]]
    ['original', 'mirror+inset-4', 'pad-1x1-black']
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashclient.hashing.digest import file_digest
    from hashclient.hashing.hamming import distances, pairs_within, to_array
    from hashclient.hashing.imagehash import CropResistantHash, PerceptualHasher, crop_resistant_hash
    from hashclient.hashing.interface import ImageHasher
    from hashclient.hashing.pdq import PdqHasher, pdq_dihedral, pdq_hash
    from hashclient.hashing.reposts.coverage import CoverageHasher
    from hashclient.hashing.vpdq import Feature, VideoMatch, compare_videos, hash_frame, hash_video

_NAMES_BY_FILE = {
    "digest": ("file_digest",),
    "hamming": ("distances", "pairs_within", "to_array"),
    "imagehash": ("CropResistantHash", "PerceptualHasher", "crop_resistant_hash"),
    "interface": ("ImageHasher",),
    "pdq": ("PdqHasher", "pdq_dihedral", "pdq_hash"),
    "reposts.coverage": ("CoverageHasher",),
    "vpdq": ("Feature", "VideoMatch", "compare_videos", "hash_frame", "hash_video"),
}

__all__ = [
    "CoverageHasher",
    "CropResistantHash",
    "Feature",
    "ImageHasher",
    "PdqHasher",
    "PerceptualHasher",
    "VideoMatch",
    "compare_videos",
    "crop_resistant_hash",
    "distances",
    "file_digest",
    "hash_frame",
    "hash_video",
    "pairs_within",
    "pdq_dihedral",
    "pdq_hash",
    "to_array",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for, so that digests need no numpy."""
    for file, names in _NAMES_BY_FILE.items():
        if name in names:
            return getattr(importlib.import_module(f"hashclient.hashing.{file}"), name)
    raise AttributeError(f"module 'hashclient.hashing' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
