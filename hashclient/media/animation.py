"""Open a picture that moves, GIF, WebP, PNG or AVIF, as the video that it is.

Frames come as `hashclient.media.video` gives those of a video. Which of them are whole is found by
`hashclient.media.whole_frames`, and stills are left to `hashclient.media.image`, whose decoders are used. A HEIC with
several pictures is a still: none of them has a time.
"""

from collections.abc import Iterator
from fractions import Fraction

from PIL.ImageFile import ImageFile

from hashclient.errors import BrokenMediaError, MediaTooLargeError
from hashclient.media import limits
from hashclient.media.exif import orientation
from hashclient.media.formats import kind_of
from hashclient.media.frames import Frames, Sampler
from hashclient.media.image import open_decoder
from hashclient.media.limits import check_size
from hashclient.media.picture import Picture, only_media_errors
from hashclient.media.whole_frames import WholeFrames, whole_frames
from hashclient.pixels import Frame
from hashclient.vocabulary import DEFAULT_INTERVAL


class Animation(Frames):
    """An opened picture that moves; `with` closes it.

    Args:
        kind: one of `hashclient.media.formats.FORMATS`.
        image: its decoder.
        whole: its frames.
        interval: seconds between frames that are hashed.
    """

    def __init__(self, kind: str, image: ImageFile, whole: WholeFrames, *, interval: float) -> None:
        self._kind = kind
        self._image = image
        self._shown = whole.shown
        self._orientation = whole.orientation
        self._interval = interval

    def frames(self) -> Iterator[Frame]:
        """Yield the frames that are to be hashed, as `hashclient.media.video.Video.frames` does.

        They end before the first that is damaged, because those that follow may be drawn over it.

        Raises:
            BrokenMediaError: the first frame is damaged.
            MediaTooLargeError: a frame has too many pixels, or all frames together.
        """
        sampler = Sampler(self._interval, lasts=sum(self._shown))
        turn = self._orientation or orientation(self._image.info.get("exif") or b"")
        seconds, pixels = Fraction(0), 0
        for place, lasts in enumerate(self._shown):
            try:
                pixels += self._decode(place)
            except BrokenMediaError:
                if not place:
                    raise
                self.is_damaged = True
                return
            if pixels > limits.VIDEOS.max_animation_pixels or place >= limits.VIDEOS.max_animation_frames:
                raise MediaTooLargeError
            if sampler.takes(seconds):
                with only_media_errors():
                    still = Picture(self._image.copy(), orientation=turn)
                yield Frame(float(seconds), still, take_next=sampler.take_next)
            seconds += lasts

    def _decode(self, place: int) -> int:
        """Decode one frame, after the one before; return how many pixels it has."""
        with only_media_errors():
            self._image.seek(place)
            check_size(self._kind, self._image.size)
            self._image.load()
        return self._image.width * self._image.height

    def close(self) -> None:
        """Release the memory."""
        self._image.close()


def open_animation(untrusted: bytes, *, interval: float = DEFAULT_INTERVAL) -> Animation | None:
    """Open a picture that moves.

    Args:
        untrusted: the bytes of a file.
        interval: seconds between frames that are hashed; 0 takes every frame.

    Returns:
        The animation, to be closed; None for a still. It is damaged where frames are cut off or missing.

    Raises:
        UnsupportedMediaError: it is no picture that can be opened.
        MediaTooLargeError: it exceeds a limit; nothing was decoded.
        BrokenMediaError: its header is damaged, or not one frame is whole.
    """
    kind = kind_of(untrusted)
    with only_media_errors():
        whole = whole_frames(kind, untrusted)
        if whole is None:
            return None
        animation = Animation(kind, open_decoder(kind, whole.file), whole, interval=interval)
    animation.is_damaged = whole.is_damaged
    return animation
