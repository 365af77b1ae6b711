"""Open a video: a stream to read from in, frames to hash out, one after another, within limits.

FFmpeg, through PyAV, does nothing but decode: no names, no network, no other coding. It is given a file object, the one
container that was recognised before, no protocol, and one thread. Its own list of codings is not enforced where
decoding happens, so the name is checked here. Animated pictures are left to `hashclient.media.animation`, and what the
frames are good for to `hashclient.hashing`.

Source:
    FFmpeg `libavformat/options_table.h`; PyAV `av/container/core.py`.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NoReturn

from hashclient._optional import require_extra
from hashclient.errors import BrokenMediaError, MediaTooLargeError, UnsupportedMediaError
from hashclient.media import limits
from hashclient.media.cut_short import lacks_bytes, lacks_seconds
from hashclient.media.formats import HEAD_BYTES, container_of
from hashclient.media.frames import Frames, Sampler, frame_of, orientation_of
from hashclient.media.picture import only_media_errors
from hashclient.pixels import Frame
from hashclient.vocabulary import DEFAULT_INTERVAL

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

CODECS: Final = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg"})
"""The only kinds of coding that are decoded, by FFmpeg's names."""

_VIDEO_DECODERS: Final = CODECS | {"libdav1d"}
"""The decoders for them; FFmpeg has others, which speak to hardware."""
_READERS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts"
_MAX_STREAMS: Final = 64
_BUFFER_BYTES: Final = 1 << 18
_TIME_UNITS: Final = 1_000_000  # FFmpeg's AV_TIME_BASE, a second
_USUAL_RATE: Final = 25


class Video(Frames):
    """An opened video; `with` closes it.

    Raises:
        MediaTooLargeError: by its header a frame has too many pixels, or it lasts too long; nothing was decoded.
    """

    def __init__(self, container: "InputContainer", stream: "VideoStream", kind: str, *, interval: float) -> None:
        self._container = container
        self._stream = stream
        self._kind = kind
        self._interval = interval
        self._orientations: dict[int, int] = {}
        self.seconds = (container.duration or 0) / _TIME_UNITS
        """How long it says it lasts, seconds; 0 where it does not say."""
        self._lasts = Fraction(self.seconds)
        if stream.duration and stream.time_base:  # of the pictures alone: there may be sound after them
            self._lasts = stream.duration * Fraction(stream.time_base)
        _check_frame_size(stream.width, stream.height)
        if self.seconds > limits.VIDEOS.max_seconds:
            raise MediaTooLargeError

    def frames(self) -> Iterator[Frame]:
        """Yield the frames that are to be hashed, in the order in which they are shown; one walk only.

        With an interval, the first frame of each interval since time 0, of a short video eight, and more where one
        shows too little (`Frame.take_next`); with interval 0, all of them. No more than a few frames are in memory,
        however long the video is.

        Raises:
            BrokenMediaError: no frame of it can be decoded.
            MediaTooLargeError: a frame has too many pixels, or there is no memory for it.
        """
        sampler = Sampler(self._interval, lasts=self._lasts)
        is_empty = True
        with only_media_errors():
            for seconds, shown in self._timed():
                is_empty = False
                if sampler.takes(seconds):
                    _check_frame_size(shown.width, shown.height)
                    turn = self._orientation(shown)
                    yield frame_of(shown, seconds=float(seconds), orientation=turn, take_next=sampler.take_next)
        if is_empty:
            raise BrokenMediaError

    def close(self) -> None:
        """Release the memory; the file object stays open."""
        self._container.close()

    def _orientation(self, shown: "VideoFrame") -> int:
        """Tell how a frame is turned, by the first frame that had the same rotation."""
        if shown.rotation not in self._orientations:
            self._orientations[shown.rotation] = orientation_of(shown)
        return self._orientations[shown.rotation]

    def _timed(self) -> Iterator[tuple[Fraction, "VideoFrame"]]:
        """Decode everything; a frame without a time of its own follows the one before at the usual rate."""
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

        packets = self._packets()
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
            for frame in shown:
                if frame.is_corrupt:
                    self.is_damaged = True
                else:
                    yield frame

    def _packets(self) -> Iterator["Packet[Any]"]:
        """Read the pictures, and note where they end before they should."""
        if self._kind != "matroska":  # in the others FFmpeg notices, or there is no length
            yield from self._container.demux(self._stream)
            return
        end = last = gap = 0.0
        for packet in self._container.demux():  # sound may go on after the last picture
            is_of_pictures = packet.stream.index == self._stream.index
            if packet.pts is not None and packet.time_base is not None:
                begin = float(packet.pts * packet.time_base)
                end = max(end, begin + float((packet.duration or 0) * packet.time_base))
                if is_of_pictures:
                    gap, last = max(gap, begin - last), max(last, begin)
            if is_of_pictures:
                yield packet
        if lacks_seconds(stated=self.seconds, end=end, longest_gap=gap):
            self.is_damaged = True


def _check_frame_size(width: int, height: int) -> None:
    if width * height > limits.VIDEOS.max_pixels:
        raise MediaTooLargeError


def open_video(untrusted: BinaryIO, *, interval: float = DEFAULT_INTERVAL) -> Video:
    """Open a video; its header is read, and nothing is decoded that is not on our list.

    Args:
        untrusted: the file, readable and seekable, at its start; it is never closed here.
        interval: seconds between frames that are hashed; 0 takes every frame.

    Returns:
        The video, to be closed.

    Raises:
        MissingExtraError: the extra `video` is not installed.
        UnsupportedMediaError: the container or the coding is not on our list, or it has no pictures.
        MediaTooLargeError: it exceeds a limit.
        BrokenMediaError: its header is damaged or not complete.
    """
    with only_media_errors():
        kind = container_of(untrusted.read(HEAD_BYTES))
        is_cut = kind is not None and lacks_bytes(untrusted, kind)
        untrusted.seek(0)
    if kind is None:
        raise UnsupportedMediaError
    require_extra("video")
    with only_media_errors(), ExitStack() as opened:
        container = _open_container(untrusted, kind)
        opened.callback(container.close)
        video = Video(container, _stream_of(container), kind, interval=interval)
        video.is_damaged = is_cut
        opened.pop_all()
    return video


def _open_container(untrusted: BinaryIO, kind: str) -> "InputContainer":
    """Open a container, as `container_of` names it, and read its header."""
    import av

    options = {
        "protocol_whitelist": "",  # nothing but what it is given is ever opened
        "format_whitelist": _READERS,
        "codec_whitelist": ",".join(sorted(_VIDEO_DECODERS)),  # binds what is decoded to learn about a stream
        "max_streams": str(_MAX_STREAMS),
        "max_pixels": str(limits.VIDEOS.max_pixels),
        "threads": "1",
    }
    return av.open(  # noqa: TID251  # this is media/
        untrusted, mode="r", format=kind, options=options, buffer_size=_BUFFER_BYTES, io_open=_refuse_to_open
    )


def _refuse_to_open(*_: object) -> NoReturn:
    """Refuse every other file that a container would have opened."""
    raise UnsupportedMediaError


def _stream_of(container: "InputContainer") -> "VideoStream":
    """Choose the pictures of a video, and check by name that they may be decoded.

    Raises:
        UnsupportedMediaError: there are none, or their coding is not on our list.
    """
    from av.stream import Disposition
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream) or stream.disposition & Disposition.attached_pic:  # the cover of an album
        raise UnsupportedMediaError
    coding: VideoCodecContext | None = stream.codec_context  # None where FFmpeg has no decoder
    if coding is None or coding.codec.canonical_name not in CODECS or coding.codec.name not in _VIDEO_DECODERS:
        raise UnsupportedMediaError
    coding.thread_count = 1
    coding.options = {"max_pixels": str(limits.VIDEOS.max_pixels)}  # a video can change its size as it goes
    return stream
