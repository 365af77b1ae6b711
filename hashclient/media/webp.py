"""A WebP: the chunks that its pixels need, and whether all of it is there.

Source:
    WebP Container Specification (RFC 9649), sections 2.3 to 2.7.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from hashclient.errors import BrokenMediaError
from hashclient.media.exif import orientation
from hashclient.media.formats import NO_DATA
from hashclient.media.limits import check_parts

_RIFF: Final = struct.Struct("<4sI4s")
_CHUNK_HEAD: Final = struct.Struct("<4sI")
_EXTENDED: Final = b"VP8X"
_PICTURES: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANMF"})
_NEEDED: Final = _PICTURES | {_EXTENDED, b"ANIM"}
_FLAGS_OF_OTHERS: Final = 0x20 | 0x08 | 0x04
"""Of a colour profile, of EXIF, of XMP."""


def chunks_of_webp(untrusted: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Cut a WebP into its chunks: name and body of each.

    Args:
        untrusted: the bytes of the file.

    Raises:
        BrokenMediaError: it ends before its last chunk does, or, once that was given, before it says it ends.
        MediaTooLargeError: it has too many.
    """
    if len(untrusted) < _RIFF.size:
        raise BrokenMediaError
    stated = _CHUNK_HEAD.size + _RIFF.unpack_from(untrusted)[1]
    end, place, count = min(stated, len(untrusted)), _RIFF.size, 0
    while place + _CHUNK_HEAD.size <= end:
        check_parts(count := count + 1)
        name, length = _CHUNK_HEAD.unpack_from(untrusted, place)
        place += _CHUNK_HEAD.size
        if place + length > end:
            raise BrokenMediaError
        yield name, untrusted[place : place + length]
        place += length + length % 2
    if stated > len(untrusted) + 1:  # some count a last padding byte that they do not write
        raise BrokenMediaError


def webp_of(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Write a WebP of those of some chunks that pixels need."""
    parts = [b"WEBP"]
    for name, body in chunks:
        if name == _EXTENDED:
            body = bytes(flags & ~_FLAGS_OF_OTHERS for flags in body[:1]) + body[1:]  # noqa: PLW2901
        if name in _NEEDED:
            parts += (_CHUNK_HEAD.pack(name, len(body)), body, bytes(len(body) % 2))
    inner = b"".join(parts)
    return _CHUNK_HEAD.pack(b"RIFF", len(inner)) + inner


def neutral_webp(untrusted: bytes) -> tuple[bytes, int]:
    """Copy what the pixels of a still need.

    Args:
        untrusted: the bytes of a WebP.

    Returns:
        The copy, and the EXIF orientation, 1 to 8.

    Raises:
        BrokenMediaError: it is cut short.
    """
    chunks = list(chunks_of_webp(untrusted))
    return webp_of(chunks), orientation(dict(chunks).get(b"EXIF", b""))


def is_doubtful(untrusted: bytes) -> bool:
    """Tell whether picture data holds so many zeros in a row that part of it may have been lost.

    Good files hold some as well, where they are large and even, so this is no proof.

    Args:
        untrusted: the bytes of a WebP that is not cut short.
    """
    return any(NO_DATA in body for name, body in chunks_of_webp(untrusted) if name in _PICTURES)


def declared_size(untrusted: bytes) -> tuple[int, int] | None:
    """Read width and height, pixels, from the header; None where it is too short or unknown."""
    if len(untrusted) < 30:
        return None
    match untrusted[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(untrusted[24:27], "little"), 1 + int.from_bytes(untrusted[27:30], "little")
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", untrusted, 21)
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", untrusted, 26)
            return width & 0x3FFF, height & 0x3FFF
    return None
