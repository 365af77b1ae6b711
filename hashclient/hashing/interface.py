"""What every hasher of pictures has in common: pixels in, signals out.

A hasher never opens a file and never sees a name. It is given pixels to walk through, by
`hashclient.media` or from an array, and says which signals they have.
"""

from abc import ABC, abstractmethod

from hashclient.hashing.pixels import ImagePixels
from hashclient.model import Signal
from hashclient.vocabulary import SignalType


class ImageHasher(ABC):
    """One way to hash a picture. Every hasher passes `tests/hashing/image_hasher_suite.py`."""

    type: SignalType
    """The type of the signals it gives."""

    @abstractmethod
    def hash_image(self, picture: ImagePixels) -> tuple[Signal, ...]:
        """Hash one picture.

        Args:
            picture: as stored, with the orientation that makes them upright.

        Returns:
            Signals of `type`, each with its variant, `original` (upright) first; never empty, none
            twice, and the same for the same pixels. Quality is reported, not judged.

        Raises:
            MediaError: the pixels cannot be read.
        """
