"""Open a picture that moves, GIF, WebP, PNG, AVIF or HEIC with several images, as the video that it is.

Frames come as `hashclient.media.video` gives those of a video. Stills are left to `hashclient.media.image`, whose
decoders are used.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from typing import Any, Final

from PIL import Image
from PIL.ImageFile import ImageFile

from hashclient.errors import MediaTooLargeError
from hashclient.media import limits
from hashclient.media.exif import orientation
from hashclient.media.formats import kind_of
from hashclient.media.frames import Frames, Sampler
from hashclient.media.image import open_decoder
from hashclient.media.limits import check_size
from hashclient.media.picture import Picture, only_media_errors
from hashclient.pixels import Frame
from hashclient.vocabulary import DEFAULT_INTERVAL

_MOVING: Final = frozenset({"GIF", "WEBP", "PNG", "AVIF", "HEIF"})
_WEBP_FLAGS: Final = 20
_WEBP_MOVES: Final = 0x02
_USUAL_SECONDS: Final = {"GIF": Fraction(1, 10), "HEIF": Fraction(1)}
"""How long a frame is shown that does not say: in GIF as in browsers; images of a HEIC file have no time, and get a second each."""
_LEAST_SECONDS: Final = Fraction(1, 100)
_A_SECOND: Final = 1000  # milliseconds


class Animation(Frames):
    """An opened picture that moves; `with` closes it. A picture with a damaged frame is refused."""

    def __init__(self, kind: str, image: ImageFile, *, interval: float) -> None:
        self._kind = kind
        self._image = image
        self._interval = interval

    def frames(self) -> Iterator[Frame]:
        """Yield the frames that are to be hashed, as `hashclient.media.video.Video.frames` does.

        Raises:
            BrokenMediaError: a frame is damaged or missing.
            MediaTooLargeError: a frame has too many pixels, or all frames together.
        """
        sampler = Sampler(self._interval)
        turn = orientation(self._image.info.get("exif") or b"")
        most = limits.VIDEOS
        seconds, pixels = Fraction(0), 0
        with only_media_errors():
            for place in self._places():
                check_size(self._kind, self._image.size)
                pixels += self._image.width * self._image.height
                if pixels > most.max_animation_pixels or place >= most.max_animation_frames:
                    raise MediaTooLargeError
                self._image.load()
                if sampler.takes(seconds):
                    yield Frame(float(seconds), Picture(self._still(), orientation=turn))
                seconds += _seconds_of(self._kind, self._image.info)

    def _places(self) -> Iterator[int]:
        """Go from frame to frame; GIF does not say how many there are, and counting them would take a walk of its own."""
        if self._kind != "GIF":
            for place in range(int(getattr(self._image, "n_frames", 1))):
                self._image.seek(place)
                yield place
            return
        for place in count():  # pragma: no branch  # it ends with the file
            try:
                self._image.seek(place)
            except EOFError:
                return
            yield place

    def close(self) -> None:
        """Release the memory."""
        self._image.close()

    def _still(self) -> Image.Image:
        """Copy the frame, without what Pillow would carry along and warn about, such as its transparency."""
        still = self._image.copy()
        still.info.clear()
        return still


def open_animation(untrusted: bytes, *, interval: float = DEFAULT_INTERVAL) -> Animation | None:
    """Open a picture that moves.

    Args:
        untrusted: the bytes of a file.
        interval: seconds between frames that are hashed; 0 takes every frame.

    Returns:
        The animation, to be closed; None for a still.

    Raises:
        UnsupportedMediaError: it is no picture that can be opened.
        MediaTooLargeError: it exceeds a limit; nothing was decoded.
        BrokenMediaError: its header is damaged.
    """
    kind = kind_of(untrusted)
    if kind not in _MOVING or (kind == "WEBP" and not _webp_moves(untrusted)):
        return None
    with only_media_errors():
        image = open_decoder(kind, untrusted)
        if getattr(image, "is_animated", False):
            return Animation(kind, image, interval=interval)
        image.close()
    return None


def _webp_moves(untrusted: bytes) -> bool:
    """Tell by its header; its decoder would take memory for the picture as soon as it is opened."""
    flags = untrusted[_WEBP_FLAGS : _WEBP_FLAGS + 1]  # empty where the file ends before
    return untrusted[12:16] == b"VP8X" and any(byte & _WEBP_MOVES for byte in flags)


def _seconds_of(kind: str, said: dict[Any, Any]) -> Fraction:
    """Tell how long a frame is shown, by what its header says."""
    seconds = Fraction(said.get("duration") or 0) / _A_SECOND
    return seconds if seconds > 0 else _USUAL_SECONDS.get(kind, _LEAST_SECONDS)
