"""Tell whether every scan of a JPEG is there, and copy what its pixels need and nothing else.

In the neutral copy no comment, profile, thumbnail or note of an application is left for a decoder to parse. An end
marker that alone is missing is no damage: the copy gets one, and where blocks are missing as well, the decoder notices.
A whole scan that is missing no decoder notices, so scans are counted here.

Source:
    ITU-T T.81, annexes B and G; JFIF 1.02; what libjpeg takes from segments of applications (`jdmarker.c`).
"""

from dataclasses import dataclass
from typing import Final

from hashclient.errors import BrokenMediaError, UnsupportedMediaError
from hashclient.media.exif import orientation
from hashclient.media.formats import NO_DATA
from hashclient.media.jpeg.segments import (
    COEFFICIENTS,
    END,
    FRAMES,
    HUFFMAN_TABLES,
    RESTART_INTERVAL,
    SCAN,
    START,
    FrameHead,
    ScanHead,
    Segment,
    huffman_tables,
    segments,
)
from hashclient.pixels import UPRIGHT

_TABLE_MARKERS: Final = frozenset({HUFFMAN_TABLES, 0xDB, RESTART_INTERVAL})
"""Huffman codes, quantisation, restarts."""
_OTHER_FRAMES: Final = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""Lossless and differential ones, and those with arithmetic coding: the end of its data may be left out, so that a cut
cannot be told, and libjpeg warns of none."""
_BITS: Final = 8
_ENDS_OF_BLOCKS: Final = range(0, 0xF0, 0x10)
"""Symbols that end a block, or a power of two of them."""
_APP0: Final = 0xE0
_APP1: Final = 0xE1
_APP14: Final = 0xEE
_JFIF_BYTES: Final = 14
_ADOBE_BYTES: Final = 12
"""Fewest bytes of the two segments that tell colours apart; libjpeg takes no notice of shorter ones."""
_PLAIN_SAMPLINGS: Final = frozenset({(1, 1), (2, 1), (1, 2), (2, 2), (4, 1), (1, 4)})
"""Columns and rows of luma for each sample of colour for which libjpeg-turbo's own interface has a name."""


@dataclass(frozen=True)
class Jpeg:
    """A JPEG that has all its scans."""

    frame: FrameHead
    scans: int
    """How many."""
    orientation: int
    """EXIF orientation, 1 to 8."""
    neutral: bytes
    """The file without what its pixels do not need."""

    @property
    def is_held(self) -> bool:
        """Whether every coefficient is held until the last scan."""
        return self.scans > 1 or self.frame.is_progressive

    @property
    def samples(self) -> float:
        """Samples of all channels."""
        parts = [channel.across * channel.down for channel in self.frame.channels]
        return self.frame.width * self.frame.height * sum(parts) / max(parts)

    @property
    def is_plain(self) -> bool:
        """Whether libjpeg-turbo has a name for its sampling."""
        luma, *chroma = [(channel.across, channel.down) for channel in self.frame.channels]
        black = chroma[2:]
        return not chroma or (set(chroma[:2]) == {(1, 1)} and luma in _PLAIN_SAMPLINGS and set(black) <= {luma})


def read_jpeg(untrusted: bytes) -> Jpeg:
    """Read a JPEG; no pixel is decoded.

    Args:
        untrusted: the bytes of the file.

    Raises:
        BrokenMediaError: scans or parts of segments are missing, or part of a scan was lost.
        UnsupportedMediaError: its frame is of a kind that is not decoded.
    """
    kept, scans, turn = [START], _Scans(), None
    for segment in segments(untrusted):
        scans.note(segment)
        if turn is None and segment.marker == _APP1 and segment.body.startswith(b"Exif\0"):
            turn = orientation(segment.body)
        if _is_needed(segment):
            kept += (bytes((0xFF, segment.marker)), (len(segment.body) + 2).to_bytes(2), segment.body, segment.data)
    if scans.frame is None or not scans.are_complete:
        raise BrokenMediaError
    return Jpeg(scans.frame, scans.count, turn or UPRIGHT, b"".join((*kept, END)))


class _Scans:
    """The frame, and what its scans have brought so far."""

    def __init__(self) -> None:
        self.frame: FrameHead | None = None
        self.count = 0
        self._lowest: dict[int, list[int | None]] = {}
        """By channel, for each coefficient the lowest bit that came; None where none did."""
        self._zero_codes: dict[int, int] = {}
        """By class and place of a table, what its first code stands for, whose bits are all 0."""

    def note(self, segment: Segment) -> None:
        """Note what a segment says of the frame, its codes or a scan.

        Raises:
            BrokenMediaError: there are two frames, or a scan without one, or with data lost.
            UnsupportedMediaError: the frame is of a kind that is not decoded.
        """
        if segment.marker in _OTHER_FRAMES:
            raise UnsupportedMediaError
        if segment.marker in FRAMES:
            self._begin(FrameHead.from_segment(segment))
        elif segment.marker == HUFFMAN_TABLES:
            self._zero_codes |= {kind: symbols[0] for kind, _, symbols in huffman_tables(segment) if symbols}
        elif segment.marker == SCAN:
            self._add(segment)

    @property
    def are_complete(self) -> bool:
        """Whether every coefficient came down to its last bit."""
        return all(bit == 0 for bits in self._lowest.values() for bit in bits)

    def _begin(self, frame: FrameHead) -> None:
        if self.frame is not None:
            raise BrokenMediaError
        if frame.bits != _BITS:
            raise UnsupportedMediaError
        self.frame = frame
        self._lowest = {channel.number: [None] * COEFFICIENTS for channel in frame.channels}

    def _add(self, scan: Segment) -> None:
        """Note which coefficients a scan brings, down to which bit."""
        if self.frame is None:
            raise BrokenMediaError
        head = ScanHead.from_segment(scan, self.frame)
        if NO_DATA in scan.data and not _are_zeros_even(head, self._zero_codes):
            raise BrokenMediaError
        stop = head.last + 1
        for number in self._lowest.keys() & head.tables.keys():
            if head.lowest < head.refined and {*self._lowest[number][head.first : stop]} != {head.refined}:
                raise BrokenMediaError  # it refines what no scan brought
            self._lowest[number][head.first : stop] = [head.lowest] * (stop - head.first)
        self.count += 1


def _are_zeros_even(head: ScanHead, zero_codes: dict[int, int]) -> bool:
    """Tell whether zeros in the data of a scan stand for blocks that bring nothing new.

    Encoders that fit their codes to the picture give blocks of even areas the shortest codes, which are zeros.
    """
    return all(
        (head.first > 0 or head.refined > 0 or zero_codes.get(places >> 4) == 0)
        and (head.last == 0 or zero_codes.get(0x10 | places & 15) in _ENDS_OF_BLOCKS)
        for places in head.tables.values()
    )


def _is_needed(segment: Segment) -> bool:
    """Tell whether a segment's content decides about pixels."""
    body = segment.body
    return (
        segment.marker in _TABLE_MARKERS
        or segment.marker in FRAMES
        or segment.marker == SCAN
        or (segment.marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= _JFIF_BYTES)
        or (segment.marker == _APP14 and body.startswith(b"Adobe") and len(body) >= _ADOBE_BYTES)
    )
