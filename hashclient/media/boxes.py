"""The boxes of a HEIC or AVIF: whether all of them are there, and which data is that of pictures.

Source:
    ISO/IEC 14496-12: 4.2 (boxes), 8.11.3 (`iloc`), 8.11.6 (`iinf`); ISO/IEC 23008-12.
"""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from hashclient.errors import BrokenMediaError, MediaTooLargeError
from hashclient.media.formats import NO_DATA
from hashclient.media.limits import check_parts

_BOX_HEAD: Final = struct.Struct(">I4s")
_LARGE: Final = struct.Struct(">Q")
_OUTER: Final = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"idat", b"uuid"})
"""Boxes at the top of a file; what follows under another name may be a note of a telephone, and is passed over."""
_CODED: Final = {b"av01": NO_DATA, b"hvc1": bytes(16), b"hev1": bytes(16)}
"""Items that hold coded pixels, and zeros in a row that they do not hold: HEVC breaks up three by a byte, and only the
length of its next unit may begin with some more."""
_IN_FILE: Final = 0
"""Of three ways to say where an item lies."""
_MOST_PARTS: Final = 1 << 16
"""Items, and parts of them, that are looked at; a picture of 250 megapixels in tiles has a thousand."""
_NUMBERS_OF_PART: Final = 4
"""About how many numbers say where a part lies."""
_MOST_OVERLAP: Final = 4
"""How often all parts together may cover the file: some tiles may be the same, but not thousands."""


class MediaBox(NamedTuple):
    """A box, and where its content lies in the file."""

    name: bytes
    start: int
    stop: int


def boxes(untrusted: bytes, start: int = 0, stop: int | None = None) -> Iterator[MediaBox]:
    """Cut a file, or a part of one, into boxes; a box may claim to end beyond it.

    Args:
        untrusted: the bytes of the file.
        start: where the first box begins.
        stop: where the last one ends; None for the end of the file.

    Raises:
        MediaTooLargeError: there are too many.
    """
    stop, count = len(untrusted) if stop is None else stop, 0
    while start + _BOX_HEAD.size <= stop:
        check_parts(count := count + 1)
        size, name = _BOX_HEAD.unpack_from(untrusted, start)
        inner = start + _BOX_HEAD.size
        if size == 1 and inner + _LARGE.size <= stop:
            (size,) = _LARGE.unpack_from(untrusted, inner)
            inner += _LARGE.size
        end = stop if size == 0 else start + size
        if end < inner:
            return
        yield MediaBox(name, inner, end)
        start = end


def check_completeness(untrusted: bytes) -> None:
    """Check that a picture is not cut short, and that no part of its pixels was lost.

    Args:
        untrusted: the bytes of a HEIC or AVIF.

    Raises:
        BrokenMediaError: a box ends beyond the file, or the data of a picture is nothing but zeros in some place.
        MediaTooLargeError: it has too many parts, or they lie over each other, so that they would take too long to look
            through.
    """
    if any(box.name in _OUTER and box.stop > len(untrusted) for box in boxes(untrusted)):
        raise BrokenMediaError
    searched = 0
    for start, stop, zeros in _coded_parts(untrusted):
        searched += stop - start
        if stop > len(untrusted) or untrusted.find(zeros, start, stop) >= 0:
            raise BrokenMediaError
        if searched > _MOST_OVERLAP * len(untrusted):
            raise MediaTooLargeError


def _coded_parts(untrusted: bytes) -> set[tuple[int, int, bytes]]:
    """Find where coded pixels begin and end, and which zeros they do not hold; the decoder judges what is unreadable."""
    try:
        for meta in boxes(untrusted):
            if meta.name == b"meta":
                inner = {box.name: box for box in boxes(untrusted, meta.start + 4, min(meta.stop, len(untrusted)))}
                coded = dict(islice(_coded_items(untrusted, inner[b"iinf"]), _MOST_PARTS))
                parts = islice(_extents(untrusted, inner[b"iloc"]), _MOST_PARTS)
                return {(start, stop, coded[item]) for item, start, stop in parts if item in coded}
    except (KeyError, IndexError, struct.error):
        pass
    return set()


def _coded_items(untrusted: bytes, listed: MediaBox) -> Iterator[tuple[int, bytes]]:
    """Name the items that hold coded pixels, with the zeros that they do not hold."""
    count_bytes = 2 if untrusted[listed.start] == 0 else 4
    for entry in boxes(untrusted, listed.start + 4 + count_bytes, listed.stop):
        number = struct.Struct(">H" if untrusted[entry.start] == 2 else ">I")
        (item,) = number.unpack_from(untrusted, entry.start + 4)
        kind = entry.start + 4 + number.size + 2
        if zeros := _CODED.get(untrusted[kind : kind + 4]):
            yield item, zeros


def _extents(untrusted: bytes, placed: MediaBox) -> Iterator[tuple[int, int, int]]:
    """Give for each part of each item the item, and where the part begins and ends in the file."""
    version = untrusted[placed.start]
    fields = _Fields(untrusted, placed.start + 4)
    sizes, more_sizes = fields.number(1), fields.number(1)
    offset_bytes, length_bytes, base_bytes = sizes >> 4, sizes & 15, more_sizes >> 4
    index_bytes = more_sizes & 15 if version else 0
    if not offset_bytes + length_bytes:  # parts that take no place in the table would have no end
        return
    for _ in range(fields.number(2 if version < 2 else 4)):
        item = fields.number(2 if version < 2 else 4)
        way = fields.number(2) & 15 if version else _IN_FILE
        fields.number(2)
        base = fields.number(base_bytes)
        for _ in range(fields.number(2)):
            fields.number(index_bytes)
            start = base + fields.number(offset_bytes)
            length = fields.number(length_bytes)
            if way == _IN_FILE:
                yield item, start, start + length


class _Fields:
    """Numbers of various sizes, one after the other."""

    def __init__(self, untrusted: bytes, place: int) -> None:
        self._file = untrusted
        self._place = place
        self._count = 0

    def number(self, size: int) -> int:
        """Read a number of `size` bytes.

        Raises:
            struct.error: the file ends before.
            MediaTooLargeError: there are too many.
        """
        self._count += 1
        check_parts(self._count // _NUMBERS_OF_PART)
        some = self._file[self._place : self._place + size]
        if len(some) < size:
            raise struct.error
        self._place += size
        return int.from_bytes(some)
