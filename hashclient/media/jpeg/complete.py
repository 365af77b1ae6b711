"""Tell whether every scan of a JPEG is there, and copy what its pixels need and nothing else.

In the neutral copy no comment, profile, thumbnail or note of an application is left for a decoder to parse. An end
marker that alone is missing is no damage: the copy gets one, and where blocks are missing as well, the decoder notices.
A whole scan that is missing no decoder notices, so scans are counted here.

Source:
    ITU-T T.81, annexes B and G; JFIF 1.02; what libjpeg takes from segments of applications (`jdmarker.c`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hashclient.errors import BrokenMediaError, UnsupportedMediaError
from hashclient.media.exif import orientation
from hashclient.media.formats import NO_DATA
from hashclient.media.jpeg.segments import (
    END,
    HUFFMAN_TABLES,
    RESTART_INTERVAL,
    SCAN,
    START,
    FrameHead,
    ScanHead,
    Segment,
    segments,
)
from hashclient.pixels import UPRIGHT

_TABLE_MARKERS: Final = frozenset({HUFFMAN_TABLES, 0xDB, RESTART_INTERVAL})
"""Huffman codes, quantisation, restarts."""
_PROGRESSIVE: Final = {0xC0: False, 0xC1: False, 0xC2: True}
"""Frames that are decoded, and whether they are progressive."""
_OTHER_FRAMES: Final = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""Lossless and differential ones, and those with arithmetic coding: the end of its data may be left out, so that a cut
cannot be told, and libjpeg warns of none."""
_HUFFMAN_HEAD: Final = 17
"""Bytes of a table before what its codes stand for."""
_BITS: Final = 8
_COEFFICIENTS: Final = 64
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
    is_doubtful: bool
    """Whether a scan holds many zeros in a row, which may be a large even area or a part that was lost."""

    @property
    def is_held(self) -> bool:
        """Whether every coefficient is held until the last scan."""
        return self.scans > 1 or _PROGRESSIVE[self.frame.marker]

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
    kept, scans, turn = [START], None, None
    of_zeros: dict[int, int] = {}
    for segment in segments(untrusted):
        of_zeros |= _of_zeros(segment)
        if segment.marker in _OTHER_FRAMES:
            raise UnsupportedMediaError
        if segment.marker in _PROGRESSIVE:
            if scans is not None:
                raise BrokenMediaError
            scans = _Scans(FrameHead.from_segment(segment))
        elif segment.marker == SCAN:
            if scans is None:
                raise BrokenMediaError
            scans.note(ScanHead.from_segment(segment), segment.data, of_zeros)
        elif turn is None and segment.marker == _APP1 and segment.body.startswith(b"Exif\0"):
            turn = orientation(segment.body)
        if _is_needed(segment):
            kept += (bytes((0xFF, segment.marker)), (len(segment.body) + 2).to_bytes(2), segment.body, segment.data)
    if scans is None or not scans.are_complete:
        raise BrokenMediaError
    return Jpeg(scans.frame, scans.count, turn or UPRIGHT, b"".join((*kept, END)), scans.are_doubtful)


class _Scans:
    """What the scans of a frame have brought so far."""

    def __init__(self, frame: FrameHead) -> None:
        if frame.bits != _BITS:
            raise UnsupportedMediaError
        self.frame = frame
        self.count = 0
        self.are_doubtful = False
        """Whether one of them may have lost a part."""
        self._lowest: dict[int, list[int | None]] = {
            channel.number: [None] * _COEFFICIENTS for channel in frame.channels
        }
        """By channel, for each coefficient the lowest bit that came; None where none did."""

    def note(self, head: ScanHead, data: bytes, of_zeros: dict[int, int]) -> None:
        """Note which coefficients a scan brings, down to which bit.

        Args:
            head: of the scan.
            data: coded blocks that follow it.
            of_zeros: by class and place of a table, what its code of zeros alone stands for.

        Raises:
            BrokenMediaError: it refines what no scan before it brought, or part of its data was lost.
        """
        if NO_DATA in data:
            self.are_doubtful = True
            if not self._may_be_even(head, of_zeros):
                raise BrokenMediaError
        first, stop, lowest = head.first, head.last + 1, head.lowest
        if not _PROGRESSIVE[self.frame.marker]:
            first, stop, lowest = 0, _COEFFICIENTS, 0
        for number in self._lowest.keys() & head.tables.keys():
            if first < stop and lowest < head.refined and {*self._lowest[number][first:stop]} != {head.refined}:
                raise BrokenMediaError
            self._lowest[number][first:stop] = [lowest] * (stop - first)
        self.count += 1

    def _may_be_even(self, head: ScanHead, of_zeros: dict[int, int]) -> bool:
        """Tell whether zeros in a row may stand for blocks that are like those before, as of an even area."""
        is_sequential = not _PROGRESSIVE[self.frame.marker]
        brings_means = is_sequential or (head.first == 0 and not head.refined)
        brings_others = is_sequential or head.last > 0
        return all(
            not (brings_means and of_zeros.get(places >> 4))
            and not (brings_others and of_zeros.get(0x10 | places & 15, 0) & 15)
            for places in head.tables.values()
        )

    @property
    def are_complete(self) -> bool:
        """Whether every coefficient came down to its last bit."""
        return all(bit == 0 for bits in self._lowest.values() for bit in bits)


def _of_zeros(segment: Segment) -> Iterator[tuple[int, int]]:
    """Read by class and place what the first code of each table stands for, which is of zeros alone; of others nothing."""
    body = segment.body if segment.marker == HUFFMAN_TABLES else b""
    while len(body) > _HUFFMAN_HEAD:
        yield body[0], body[_HUFFMAN_HEAD]
        body = body[_HUFFMAN_HEAD + sum(body[1:_HUFFMAN_HEAD]) :]


def _is_needed(segment: Segment) -> bool:
    """Tell whether a segment's content decides about pixels."""
    body = segment.body
    return (
        segment.marker in _TABLE_MARKERS
        or segment.marker in _PROGRESSIVE
        or segment.marker == SCAN
        or (segment.marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= _JFIF_BYTES)
        or (segment.marker == _APP14 and body.startswith(b"Adobe") and len(body) >= _ADOBE_BYTES)
    )
