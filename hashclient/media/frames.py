"""What videos and animated pictures have in common: frames with times, and which of them are taken."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError

_MICROSECONDS: Final = 1_000_000


class FramePixels(Protocol):
    """The pixels of one frame, as `hashclient.media.image.Picture` gives those of a picture."""

    @property
    def width(self) -> int:
        """Columns, pixels, as stored."""

    @property
    def height(self) -> int:
        """Rows, pixels, as stored."""

    @property
    def orientation(self) -> int:
        """EXIF orientation, 1 to 8."""

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the stored rows from `start` to before `stop`, shape (rows, columns, channels)."""

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the stored columns from `start` to before `stop`."""

    def luma(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give the luma of stored rows, float32, shape (rows, columns)."""


@dataclass(frozen=True)
class Frame:
    """One frame: when it is shown, and its pixels, which are there until the next frame is asked for."""

    seconds: float
    """Time from the start of the video, seconds."""
    pixels: FramePixels
    """As stored, with the orientation that makes them upright."""
    black: int = 0
    """Value of the darkest luma; videos use 16."""
    white: int = 255
    """Value of the brightest luma; videos use 235."""


class Frames(Protocol):
    """A video or an animated picture that was opened; `with` closes it."""

    @property
    def is_damaged(self) -> bool:
        """Whether, as far as it was read, parts could not be decoded, and were left out."""

    def frames(self) -> Iterator[Frame]:
        """Give the frames that are to be hashed, in the order in which they are shown; one walk only."""

    def __enter__(self) -> Self:
        """Keep it open."""

    def __exit__(self, *_: object) -> None:
        """Close it."""


class GreyPixels:
    """One plane of a frame, looked at and not copied.

    Args:
        plane: `uint8`, shape (height, width).
        orientation: EXIF orientation, 1 to 8.
    """

    def __init__(self, plane: NDArray[np.uint8], *, orientation: int) -> None:
        self._plane = plane[..., np.newaxis]
        self.height, self.width = plane.shape
        self.orientation = orientation

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the rows from `start` to before `stop`."""
        return self._plane[start:stop]

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the columns from `start` to before `stop`."""
        return self._plane[:, start:stop]

    def luma(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give the rows from `start` to before `stop` as float32."""
        return self._plane[start:stop, :, 0].astype(np.float32)


class Sampler:
    """Chooses frames: the first of each interval, counted from time 0; every frame where the interval is 0.

    Args:
        interval: seconds, 0 or more.
    """

    def __init__(self, interval: float) -> None:
        self._interval = Fraction(interval).limit_denominator(_MICROSECONDS)
        self._last: int | None = None

    def takes(self, seconds: Fraction) -> bool:
        """Tell whether the next frame, shown at this time, is taken."""
        if not self._interval:
            return True
        slot = math.floor(seconds / self._interval)
        is_new = slot != self._last
        self._last = slot
        return is_new


@contextmanager
def only_media_errors() -> Iterator[None]:
    """Let nothing out of a decoder but what a person can read: `MediaError`."""
    try:
        yield
    except MediaError:
        raise
    except MemoryError:
        raise MediaTooLargeError from None
    except Exception:  # noqa: BLE001  # readers raise anything, and their words may quote the file
        raise BrokenMediaError from None
