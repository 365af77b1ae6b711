"""The frames of videos and animated pictures: which of them are taken, and how a decoded one becomes pixels.

Opening is left to `hashclient.media.video` and `hashclient.media.animation`.

Source:
    FFmpeg `libavutil/display.h` and `libavutil/pixfmt.h`.
"""

import math
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from hashclient.pixels import UPRIGHT, ArrayPixels, Frame

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

LEAST_FRAMES: Final = 8
"""Frames of a short video that are taken, where it has as many."""
_MICROSECONDS: Final = 1_000_000

_LIMITED_LAYOUTS: Final = frozenset(
    {"yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "yuva420p", "nv12"}
)
"""Layouts whose first plane is the luma of each pixel, one byte each, 16 to 235 unless the video says otherwise."""
_FULL_LAYOUTS: Final = frozenset({"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p", "gray"})
"""The same from 0 to 255."""
_LIMITED_RANGE: Final = (16, 235)
_FULL_RANGE: Final = (0, 255)
_AVCOL_RANGE_JPEG: Final = 2

_MATRIX: Final = struct.Struct("=9i")
_ORIENTATIONS: Final = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
"""EXIF orientation of a display matrix: where a step to the right leads, across and down, and where a step down leads."""


class Frames(ABC):
    """An opened video or animated picture; `with` closes it."""

    is_damaged = False
    """Whether, as far as it was read, parts could not be decoded, and were left out."""

    @abstractmethod
    def frames(self) -> Iterator[Frame]:
        """Yield the frames that are to be hashed, in the order in which they are shown; one walk only."""

    @abstractmethod
    def close(self) -> None:
        """Release the memory."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Sampler:
    """Chooses frames: the first of each interval, counted from time 0; every frame where the interval is 0.

    Where that would be fewer than `LEAST_FRAMES`, each interval is divided into as many equal parts as are needed. So the
    frames at which whole intervals begin, which a matcher looks at, are always among those that are taken.

    Args:
        interval: seconds, 0 or more.
        lasts: how long all frames together are shown, seconds; 0 where that is not known: then the first interval is
            divided.
    """

    def __init__(self, interval: float, *, lasts: Fraction | int = 0) -> None:
        self._interval = Fraction(interval).limit_denominator(_MICROSECONDS)
        self._is_first_divided = lasts <= 0
        if lasts > 0:
            self._interval /= max(1, math.ceil(LEAST_FRAMES * self._interval / lasts))
        self._last: int | None = None

    def takes(self, seconds: Fraction) -> bool:
        """Tell whether the next frame, shown at this time, is taken."""
        if not self._interval:
            return True
        slot = math.floor(seconds / self._interval)
        if not slot and self._is_first_divided:
            slot = math.floor(LEAST_FRAMES * seconds / self._interval) - LEAST_FRAMES
        is_new = slot != self._last
        self._last = slot
        return is_new

    def take_next(self) -> None:
        """Take the frame that follows, too, for one that shows too little."""
        self._last = None


def frame_of(shown: "VideoFrame", *, seconds: float, orientation: int, take_next: Callable[[], None]) -> Frame:
    """Take the luma of a decoded frame, without a copy where the decoder's memory allows it.

    Args:
        shown: the frame.
        seconds: when it is shown.
        orientation: EXIF orientation, 1 to 8.
        take_next: see `Frame.take_next`.
    """
    plane = shown.planes[0]
    name = shown.format.name
    if name not in _LIMITED_LAYOUTS | _FULL_LAYOUTS or plane.line_size < shown.width:  # negative if stored upside down
        shown = shown.reformat(format="gray", threads=1)
        plane, name = shown.planes[0], "gray"
    luma: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    pixels = ArrayPixels(luma[: shown.height, : shown.width], orientation=orientation)
    is_full = name in _FULL_LAYOUTS or shown.color_range == _AVCOL_RANGE_JPEG
    return Frame(seconds, pixels, *(_FULL_RANGE if is_full else _LIMITED_RANGE), take_next=take_next)


def orientation_of(shown: "VideoFrame") -> int:
    """Read how a frame is turned to stand upright.

    NOTE: PyAV then keeps the frame until Python next looks for cycles, so ask for few frames of a video.

    Returns:
        EXIF orientation; 1 where the frame has none, or it is no turn by right angles.
    """
    aside: Mapping[str, Any] = shown.side_data
    if "DISPLAYMATRIX" not in aside:
        return UPRIGHT
    across, down, _, down_across, down_down, *_ = _MATRIX.unpack(memoryview(aside["DISPLAYMATRIX"]))
    steps = tuple((part > 0) - (part < 0) for part in (across, down, down_across, down_down))
    return _ORIENTATIONS.get(steps, UPRIGHT)
