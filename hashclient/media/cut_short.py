"""Tell whether the end of a video is missing, by what the file says of itself: FFmpeg ends without a word.

Of Matroska (WebM) and AVI alone. In MP4 the decoder notices, and MPEG-TS gives no length.

Source:
    RFC 8794 (EBML) and RFC 9559 (Matroska); Microsoft's AVI RIFF File Reference, and OpenDML 1.02 for files of several
    RIFF chunks.
"""

import io
import struct
from typing import BinaryIO, Final

_EBML: Final = 0x1A45DFA3
_SEGMENT: Final = 0x18538067
_VOID: Final = 0xEC
_HEAD_BYTES: Final = 4096
_MAX_RIFFS: Final = 64
"""RIFF chunks of an AVI that are looked at; each has a GiB."""
_UNKNOWN_RIFF: Final = 0x7FFFFFFF
"""Sizes from here on are written by those who don't know the size."""
_TOLERATED_BYTES: Final = 64
"""Some writers count a head or a pad byte too many."""
_TOLERATED_SECONDS: Final = 2.0
_TOLERATED_SHARE: Final = 0.25
"""Recorders that write the length afterwards count the time on the clock, in which the picture may have stood still."""
_TOLERATED_GAPS: Final = 2.0
"""Of the longest time between two frames: where the picture stands still, the last may be shown as long."""


def lacks_bytes(untrusted: BinaryIO, kind: str) -> bool:
    """Tell whether a file is shorter than its own header says.

    Args:
        untrusted: the file, readable and seekable; it is left at its start.
        kind: the container, as `hashclient.media.formats.container_of` names it.
    """
    length = untrusted.seek(0, io.SEEK_END)
    untrusted.seek(0)
    find = {"matroska": _end_of_segment, "avi": _end_of_riffs}.get(kind)
    stated = find(untrusted) if find else 0
    untrusted.seek(0)
    return stated > length + _TOLERATED_BYTES


def lacks_seconds(*, stated: float, end: float, longest_gap: float) -> bool:
    """Tell whether a video ends long before it should.

    Args:
        stated: how long it says it lasts, seconds; 0 where it does not say.
        end: when the last part of any of its streams ends, seconds.
        longest_gap: most seconds between two frames.
    """
    tolerated = max(_TOLERATED_SECONDS, _TOLERATED_SHARE * stated, _TOLERATED_GAPS * longest_gap)
    return stated - end > tolerated


def _end_of_segment(untrusted: BinaryIO) -> int:
    """Return where the segment says it ends; 0 where it does not say."""
    head, place = untrusted.read(_HEAD_BYTES), 0
    while place < len(head):
        name, place = _number(head, place, keeps_marker=True)
        size, place = _number(head, place, keeps_marker=False)
        if size < 0:
            return 0
        if name == _SEGMENT:
            return place + size
        if name not in {_EBML, _VOID}:
            return 0
        place += size
    return 0


def _number(head: bytes, place: int, *, keeps_marker: bool) -> tuple[int, int]:
    """Read a number of EBML, whose first byte tells its length; and return the place after it.

    Returns:
        The number; -1 where it is cut, or means that a size is not known.
    """
    first = head[place] if place < len(head) else 0
    length = 9 - first.bit_length()
    if length > 8 or place + length > len(head):
        return -1, len(head)
    number = int.from_bytes(head[place : place + length])
    if not keeps_marker:
        unknown = (1 << 7 * length) - 1
        number &= unknown
        number = -1 if number == unknown else number
    return number, place + length


def _end_of_riffs(untrusted: BinaryIO) -> int:
    """Return where the last RIFF chunk says it ends; 0 where none says."""
    end = 0
    for _ in range(_MAX_RIFFS):
        untrusted.seek(end)
        head = untrusted.read(8)
        if len(head) < 8 or head[:4] != b"RIFF":
            break
        (size,) = struct.unpack_from("<I", head, 4)
        if size >= _UNKNOWN_RIFF:
            break
        end += 8 + size + size % 2
    return end
