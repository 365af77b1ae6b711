"""Open a video: something to read from in, frames to hash out, one after another, within limits.

What FFmpeg may do is in `hashclient.media.ffmpeg`, which containers there are in
`hashclient.media.containers`. Animated pictures are left to `hashclient.media.animation`, and what
the frames are good for to `hashclient.hashing`.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from hashclient._optional import require_extra
from hashclient.errors import BrokenMediaError, MediaTooLargeError, UnsupportedMediaError
from hashclient.media.containers import HEAD_BYTES, container_of
from hashclient.media.ffmpeg import CODECS, frame_of, open_container, orientation_of, stream_of
from hashclient.media.frames import Frame, Sampler, only_media_errors
from hashclient.media.limits import VideoLimits
from hashclient.vocabulary import DEFAULT_INTERVAL

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

__all__ = ["CODECS", "DEFAULT_INTERVAL", "Video", "VideoLimits", "open_video"]

_TIME_UNITS: Final = 1_000_000  # FFmpeg's AV_TIME_BASE, a second
_USUAL_RATE: Final = 25


class Video:
    """An opened video; `with` closes it."""

    def __init__(
        self, container: "InputContainer", stream: "VideoStream", *, interval: float, limits: VideoLimits
    ) -> None:
        self._container = container
        self._stream = stream
        self._interval = interval
        self._limits = limits
        self._orientations: dict[int, int] = {}
        self.seconds = (container.duration or 0) / _TIME_UNITS
        """How long it says it lasts, seconds; 0 where it does not say."""
        self.is_damaged = False
        """Whether, as far as it was read, parts could not be decoded, and were left out."""

    def check_header(self) -> None:
        """Refuse what its header says is too much; nothing is decoded.

        Raises:
            MediaTooLargeError: a frame has too many pixels, or it lasts too long.
        """
        self._check_size(self._stream.width, self._stream.height)
        if self.seconds > self._limits.max_seconds:
            raise MediaTooLargeError

    def frames(self) -> Iterator[Frame]:
        """Give the frames that are to be hashed, in the order in which they are shown; one walk only.

        With an interval, the first frame of each interval since time 0; with interval 0, all of
        them. No more than a few frames are in memory, however long the video is.

        Raises:
            BrokenMediaError: no frame of it can be decoded.
            MediaTooLargeError: a frame has too many pixels, or there is no memory for it.
        """
        sampler = Sampler(self._interval)
        is_empty = True
        with only_media_errors():
            for seconds, shown in self._timed():
                is_empty = False
                if sampler.takes(seconds):
                    self._check_size(shown.width, shown.height)
                    yield frame_of(shown, seconds=float(seconds), orientation=self._orientation(shown))
        if is_empty:
            raise BrokenMediaError

    def close(self) -> None:
        """Give the memory back; the file object stays open."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _orientation(self, shown: "VideoFrame") -> int:
        """Tell how a frame is turned, by the first that was turned as far."""
        if shown.rotation not in self._orientations:
            self._orientations[shown.rotation] = orientation_of(shown)
        return self._orientations[shown.rotation]

    def _check_size(self, width: int, height: int) -> None:
        if width * height > self._limits.max_pixels:
            raise MediaTooLargeError

    def _timed(self) -> Iterator[tuple[Fraction, "VideoFrame"]]:
        """Decode everything; a frame without a time of its own follows the one before at the usual pace."""
        step = 1 / Fraction(self._stream.average_rate or _USUAL_RATE)
        seconds = -step
        for shown in self._decoded():
            if shown.pts is None or shown.time_base is None:
                seconds += step
            else:
                seconds = shown.pts * Fraction(shown.time_base)
            yield seconds, shown

    def _decoded(self) -> Iterator["VideoFrame"]:
        """Decode what can be decoded, as players do, and note that the rest was left out."""
        import av

        packets = self._container.demux(self._stream)
        while True:
            try:
                shown = self._stream.decode(next(packets))
            except StopIteration:
                return
            except MemoryError:
                raise
            except av.FFmpegError:  # this part cannot be read; where the file itself cannot, no more comes
                self.is_damaged = True
                continue
            yield from (frame for frame in shown if not self._notes_damage(frame))

    def _notes_damage(self, shown: "VideoFrame") -> bool:
        self.is_damaged |= shown.is_corrupt
        return shown.is_corrupt


def open_video(untrusted: BinaryIO, *, interval: float = DEFAULT_INTERVAL, limits: VideoLimits | None = None) -> Video:
    """Open a video; its header is read, and nothing is decoded that is not on our list.

    Args:
        untrusted: the file, readable and seekable, at its start; it is never closed here.
        interval: seconds between frames that are hashed; 0 takes every frame.
        limits: what it may ask for; the defaults where None.

    Returns:
        The video, to be closed.

    Raises:
        MissingExtraError: the extra `video` is not installed.
        UnsupportedMediaError: the container or the coding is not on our list, or it has no pictures.
        MediaTooLargeError: it exceeds a limit.
        BrokenMediaError: its header is damaged or not complete.
    """
    limits = limits or VideoLimits()
    with only_media_errors():
        kind = container_of(untrusted.read(HEAD_BYTES))
        untrusted.seek(0)
    if kind is None:
        raise UnsupportedMediaError
    require_extra("video")
    with only_media_errors(), ExitStack() as opened:
        container = open_container(untrusted, kind, limits=limits)
        opened.callback(container.close)
        video = Video(container, stream_of(container, limits=limits), interval=interval, limits=limits)
        video.check_header()
        opened.pop_all()
    return video
