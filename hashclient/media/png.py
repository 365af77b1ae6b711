"""A PNG: the chunks that its pixels need, and whether all of its rows are there.

Other chunks, such as profiles, texts and times, are left out before a decoder sees the file; whatever is wrong with them
costs nobody a picture.

Source:
    PNG specification, third edition: 5 (chunks), 8.1 (interlacing), 13.1 (what a decoder may pass over).
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from hashclient.errors import BrokenMediaError, UnsupportedMediaError
from hashclient.media.exif import orientation
from hashclient.media.limits import check_parts
from hashclient.pixels import UPRIGHT

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHUNK: Final = struct.Struct(">I4s")
_SUM: Final = struct.Struct(">I")
_HEADER: Final = struct.Struct(">IIBBBBB")
_CRITICAL: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_TRANSPARENT: Final = b"tRNS"
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type."""
_PASSES: Final = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))
"""Of Adam7, each with its first column, columns apart, first row and rows apart."""
_AT_ONCE: Final = 1 << 20
"""Bytes that are unpacked at a time."""
_GIVEN_AT_ONCE: Final = 1 << 16
"""Bytes of packed data that are given at a time."""


class Chunk(NamedTuple):
    """One chunk."""

    name: bytes
    body: bytes
    is_whole: bool
    """Whether its checksum is right."""
    written: bytes
    """As it stands in the file."""


def chunks_of_png(untrusted: bytes) -> Iterator[Chunk]:
    """Cut a PNG into its chunks, up to its end.

    Args:
        untrusted: the bytes of the file.

    Raises:
        BrokenMediaError: it ends before its last chunk does.
        MediaTooLargeError: it has too many.
    """
    place, name, count = len(SIGNATURE), b"", 0
    while name != b"IEND":
        check_parts(count := count + 1)
        if place + _CHUNK.size > len(untrusted):
            raise BrokenMediaError
        length, name = _CHUNK.unpack_from(untrusted, place)
        stop = place + _CHUNK.size + length + _SUM.size
        if stop > len(untrusted):
            raise BrokenMediaError
        body = untrusted[place + _CHUNK.size : stop - _SUM.size]
        is_whole = zlib.crc32(body, zlib.crc32(name)) == _SUM.unpack(untrusted[stop - _SUM.size : stop])[0]
        yield Chunk(name, body, is_whole, untrusted[place:stop])
        place = stop


def neutral_png(untrusted: bytes) -> tuple[bytes, int]:
    """Copy what the pixels of a still need.

    Args:
        untrusted: the bytes of a PNG.

    Returns:
        The copy, and the EXIF orientation, 1 to 8.

    Raises:
        BrokenMediaError: it is cut short, or the checksum of a chunk that pixels need is wrong.
        UnsupportedMediaError: it has a chunk that no decoder may pass over and none here knows.
    """
    kept, turn = [SIGNATURE], UPRIGHT
    for chunk in chunks_of_png(untrusted):
        if chunk.name in _CRITICAL:
            if not chunk.is_whole:
                raise BrokenMediaError
            kept.append(chunk.written)
        elif chunk.name == _TRANSPARENT and chunk.is_whole:
            kept.append(chunk.written)
        elif chunk.name == b"eXIf":
            turn = orientation(chunk.body)
        elif chunk.name[:1].isupper():
            raise UnsupportedMediaError
    return b"".join(kept), turn


def has_all_rows(neutral: bytes) -> bool:
    """Tell whether the data of a PNG unpacks to as many bytes as its rows have.

    Args:
        neutral: a PNG, as `neutral_png` copies it.
    """
    chunks = chunks_of_png(neutral)
    header = next(chunks).body
    if len(header) != _HEADER.size:
        return False
    width, height, depth, colour, _, _, interlaced = _HEADER.unpack(header)
    wanted = sum(
        rows * (1 + -(-columns * depth * _CHANNELS.get(colour, 0) // 8))
        for columns, rows in (_sizes_of_passes(width, height) if interlaced else [(width, height)])
        if columns
    )
    unpacked = zlib.decompressobj()
    try:
        for data in chain(_pieces(chunk.body for chunk in chunks if chunk.name == b"IDAT"), (b"",)):
            while wanted > 0 and (part := unpacked.decompress(data, _AT_ONCE)):
                wanted -= len(part)
                data = unpacked.unconsumed_tail  # noqa: PLW2901  # what is left of it
    except zlib.error:
        return False
    return bool(wanted <= 0)


def _pieces(bodies: Iterable[bytes]) -> Iterator[bytes]:
    """Cut data into small pieces: what is left of a piece is copied each time that a part of it was unpacked."""
    for body in bodies:
        yield from (body[place : place + _GIVEN_AT_ONCE] for place in range(0, len(body), _GIVEN_AT_ONCE))


def _sizes_of_passes(width: int, height: int) -> Iterator[tuple[int, int]]:
    for left, across, top, down in _PASSES:
        yield max(0, -(-(width - left) // across)), max(0, -(-(height - top) // down))
