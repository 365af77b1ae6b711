"""What every hasher of pictures has in common: pixels in, signals out.

A hasher opens no file and sees no name. It is given pixels to walk over, decoded by `hashclient.media` or from an
array, and computes their signals.
"""

from abc import ABC, abstractmethod

from hashclient.model import Signal
from hashclient.pixels import Pixels
from hashclient.vocabulary import SignalType


class ImageHasher(ABC):
    """One way to hash a picture. Every hasher passes `tests/kit/image_hasher_suite.py`."""

    type: SignalType
    """The type of the signals it computes."""

    @abstractmethod
    def hash_image(self, pixels: Pixels) -> tuple[Signal, ...]:
        """Hash one picture.

        Args:
            pixels: as stored, with the orientation that makes them upright.

        Returns:
            Signals of `type`, each with its variant, `original` (upright) first; never empty, none twice, and the same
            for the same pixels. Quality is reported, not judged.

        Raises:
            MediaError: the pixels cannot be read.
        """
