"""Speak to FFmpeg, through PyAV, and let it do nothing but decode: no names, no network, no other coding.

It is given a file object, the one container that was recognised before, no protocol, and one
thread. Its own list of codings is not enforced where decoding happens, so the name is checked here.
Which frames are taken is decided in `hashclient.media.video`.

Source:
    FFmpeg `libavformat/options_table.h` and `libavutil/display.h`; PyAV `av/container/core.py`.
"""

import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from hashclient.errors import UnsupportedMediaError
from hashclient.media.exif import UPRIGHT
from hashclient.media.frames import Frame, GreyPixels
from hashclient.media.limits import VideoLimits

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

CODECS: Final = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg"})
"""The only kinds of coding that are decoded, by FFmpeg's names."""

_DECODERS: Final = CODECS | {"libdav1d"}
"""The decoders for them; FFmpeg has others, which speak to hardware."""
_READERS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts"
_MAX_STREAMS: Final = 64
_READ_BYTES: Final = 1 << 18

_PLAIN: Final = frozenset({"yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "yuva420p", "nv12"})
"""Layouts whose first plane is the luma of each pixel, one byte each, 16 to 235 unless the video says otherwise."""
_PLAIN_FULL: Final = frozenset({"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p", "gray"})
"""The same from 0 to 255."""
_LIMITED: Final = (16, 235)
_FULL: Final = (0, 255)
_FULL_RANGE: Final = 2  # AVCOL_RANGE_JPEG

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


def open_container(untrusted: BinaryIO, kind: str, *, limits: VideoLimits) -> "InputContainer":
    """Open a container and read its header.

    Args:
        untrusted: the file, at its start.
        kind: as `hashclient.media.containers.container_of` says.
        limits: what it may ask for.

    Raises:
        Exception: whatever FFmpeg makes of a broken file.
    """
    import av

    options = {
        "protocol_whitelist": "",  # nothing but what it is given is ever opened
        "format_whitelist": _READERS,
        "codec_whitelist": ",".join(sorted(_DECODERS)),  # binds what is decoded to learn about a stream
        "max_streams": str(_MAX_STREAMS),
        "max_pixels": str(limits.max_pixels),
        "threads": "1",
    }
    return av.open(  # noqa: TID251  # this is media/
        untrusted, mode="r", format=kind, options=options, buffer_size=_READ_BYTES, io_open=_refuse_to_open
    )


def _refuse_to_open(*_: object) -> NoReturn:
    """Refuse what a container would have opened beside itself."""
    raise UnsupportedMediaError


def stream_of(container: "InputContainer", *, limits: VideoLimits) -> "VideoStream":
    """Choose the pictures of a video, and check by name that they may be decoded.

    Raises:
        UnsupportedMediaError: there are none, or their coding is not on our list.
    """
    from av.stream import Disposition
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream) or stream.disposition & Disposition.attached_pic:  # a cover of music
        raise UnsupportedMediaError
    coding: VideoCodecContext | None = stream.codec_context  # none where FFmpeg has no decoder
    if coding is None or coding.codec.canonical_name not in CODECS or coding.codec.name not in _DECODERS:
        raise UnsupportedMediaError
    coding.thread_count = 1
    coding.options = {"max_pixels": str(limits.max_pixels)}  # a video can change its size as it goes
    return stream


def frame_of(shown: "VideoFrame", *, seconds: float, orientation: int) -> Frame:
    """Take the luma of a decoded frame, as it lies in the decoder's memory where that can be.

    Args:
        shown: the frame.
        seconds: when it is shown.
        orientation: EXIF orientation, 1 to 8.
    """
    plane = shown.planes[0]
    name = shown.format.name
    if name not in _PLAIN | _PLAIN_FULL or plane.line_size < shown.width:  # negative where stored upside down
        shown = shown.reformat(format="gray", threads=1)
        plane, name = shown.planes[0], "gray"
    luma: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    pixels = GreyPixels(luma[: shown.height, : shown.width], orientation=orientation)
    is_full = name in _PLAIN_FULL or shown.color_range == _FULL_RANGE
    black, white = _FULL if is_full else _LIMITED
    return Frame(seconds, pixels, black, white)


def orientation_of(shown: "VideoFrame") -> int:
    """Read how a frame is turned to stand upright.

    NOTE: PyAV then keeps the frame until Python next looks for cycles, so ask for few frames of a video.

    Returns:
        EXIF orientation; 1 where none is said, or it is no turn by right angles.
    """
    aside: Mapping[str, Any] = shown.side_data
    if "DISPLAYMATRIX" not in aside:
        return UPRIGHT
    across, down, _, down_across, down_down, *_ = _MATRIX.unpack(memoryview(aside["DISPLAYMATRIX"]))
    steps = tuple((part > 0) - (part < 0) for part in (across, down, down_across, down_down))
    return _ORIENTATIONS.get(steps, UPRIGHT)
