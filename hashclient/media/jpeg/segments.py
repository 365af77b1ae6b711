"""Cut a JPEG into its segments; what they say is left to others.

Source:
    ITU-T T.81, annex B; what stands between two segments is passed over as libjpeg does (`jdmarker.c`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hashclient.errors import BrokenMediaError
from hashclient.media.limits import check_parts

START: Final = b"\xff\xd8"
END: Final = b"\xff\xd9"
SCAN: Final = 0xDA
"""Start of a scan; its data follows the segment."""
FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""Headers of the kinds of frame that can be decoded."""
HUFFMAN_TABLES: Final = 0xC4
RESTART_INTERVAL: Final = 0xDD
COEFFICIENTS: Final = 64
"""Of a block."""

_PROGRESSIVE: Final = 0xC2

_MARKER: Final = re.compile(rb"\xff([\x01-\xfe])", re.DOTALL)
_END_OF_SCAN: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
"""The first marker that does not belong to the data of a scan, as restart markers do. Both patterns begin with one
fixed byte, without which a search would take twenty times as long."""
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a segment."""


@dataclass(frozen=True)
class Segment:
    """One segment, and the data that follows the head of a scan."""

    marker: int
    """Its second byte."""
    body: bytes
    """Without marker and length."""
    data: bytes = b""
    """Coded blocks and restart markers, of a scan; empty of any other segment."""


def segments(untrusted: bytes) -> Iterator[Segment]:
    """Cut a JPEG into its segments, up to its end marker or, where it has none, to its end.

    Args:
        untrusted: the bytes of the file.

    Raises:
        BrokenMediaError: it ends within a segment.
        MediaTooLargeError: it has too many.
    """
    place, count = len(START), 0
    while (found := _MARKER.search(untrusted, place)) is not None:
        check_parts(count := count + 1)
        marker, place = found[1][0], found.end()
        if marker == END[1]:
            return
        if marker in _ALONE:
            continue
        stop = place + int.from_bytes(untrusted[place : place + 2])
        if not place + 2 <= stop <= len(untrusted):
            raise BrokenMediaError
        body, place = untrusted[place + 2 : stop], stop
        if marker != SCAN:
            yield Segment(marker, body)
            continue
        end = _END_OF_SCAN.search(untrusted, place)
        stop = end.start() if end else len(untrusted)
        yield Segment(marker, body, untrusted[place:stop].rstrip(b"\xff"))  # which may fill up, or be half a marker
        place = stop


def huffman_tables(segment: Segment) -> Iterator[tuple[int, bytes, bytes]]:
    """Cut a segment of Huffman's codes into its tables.

    Returns:
        For each its class and place, how many codes there are of each length, 1 to 16 bits, and what they stand for, in
        ascending order of codes.

    Raises:
        BrokenMediaError: one is shorter than it says.
    """
    body = segment.body
    while body:
        counts = body[1:17]
        symbols = body[17 : 17 + sum(counts)]
        if len(counts) < 16 or len(symbols) < sum(counts):
            raise BrokenMediaError
        yield body[0], counts, symbols
        body = body[17 + len(symbols) :]


@dataclass(frozen=True)
class Channel:
    """One channel of a frame."""

    number: int
    """By which scans name it."""
    across: int
    """Blocks in a row of a unit, 1 to 4."""
    down: int
    """Rows of blocks in a unit, 1 to 4."""


@dataclass(frozen=True)
class FrameHead:
    """What the frame header says."""

    marker: int
    bits: int
    """Of a sample."""
    width: int
    height: int
    channels: tuple[Channel, ...]

    @property
    def is_progressive(self) -> bool:
        """Whether every coefficient is held until the last scan."""
        return self.marker == _PROGRESSIVE

    @classmethod
    def from_segment(cls, segment: Segment) -> "FrameHead":
        """Read a frame header.

        Raises:
            BrokenMediaError: it is too short, or says what cannot be.
        """
        body = segment.body
        if len(body) < 6 or len(body) != 6 + 3 * body[5]:
            raise BrokenMediaError
        places = range(6, len(body), 3)
        channels = tuple(Channel(body[place], body[place + 1] >> 4, body[place + 1] & 15) for place in places)
        frame = cls(segment.marker, body[0], int.from_bytes(body[3:5]), int.from_bytes(body[1:3]), channels)
        parts = {part for channel in channels for part in (channel.across, channel.down)}
        if not channels or not frame.width or not frame.height or not parts <= {1, 2, 3, 4}:
            raise BrokenMediaError
        if len({channel.number for channel in channels}) < len(channels):
            raise BrokenMediaError
        return frame


@dataclass(frozen=True)
class ScanHead:
    """What the head of a scan says; if its frame is not progressive, it brings everything."""

    tables: dict[int, int]
    """By number of a channel the places of its codes: that of DC in the upper 4 bits, of AC in the lower 4."""
    first: int
    """First coefficient that it brings, 0 to 63."""
    last: int
    """Last one."""
    refined: int
    """The bit down to which an earlier scan brought them; 0 where there was none."""
    lowest: int
    """The bit down to which this one brings them."""

    @classmethod
    def from_segment(cls, segment: Segment, frame: FrameHead) -> "ScanHead":
        """Read the head of a scan.

        Raises:
            BrokenMediaError: it is too short, or says what cannot be.
        """
        body = segment.body
        count = body[0] if body else 0
        if not 1 <= count <= 4 or len(body) != 4 + 2 * count:
            raise BrokenMediaError
        first, last, bits = body[1 + 2 * count :]
        if not first <= last < COEFFICIENTS:
            raise BrokenMediaError
        if not frame.is_progressive:
            first, last, bits = 0, COEFFICIENTS - 1, 0
        return cls(dict(zip(body[1::2][:count], body[2::2][:count], strict=True)), first, last, bits >> 4, bits & 15)
