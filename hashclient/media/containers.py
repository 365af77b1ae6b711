"""Tell by the first bytes whether a file is a video, and in which container.

The name of a file says nothing. What is not named here, playlists and lists of other files among
it, is no video to this program. Opening one is left to `hashclient.media.video`, and pictures, also
those that move, are left to `hashclient.media.formats`.
"""

from typing import Final

from hashclient.media.kinds import kind_of

HEAD_BYTES: Final = 1024
"""Bytes from the start of a file that are enough to tell."""

_QUICKTIME: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
"""Boxes with which an MP4 or QuickTime file may begin; the older ones have no brand."""
_IMAGE_BRANDS: Final = frozenset({b"mif1", b"avif", b"avis", b"heic", b"heix", b"heim", b"heis"})
"""Brands of HEIC and AVIF, which use the same boxes. Not among them: sequences of HEIC, which hold a video."""
_ANY_SEQUENCE: Final = b"msf1"
"""A sequence of either; the brands that follow say which."""
_SYNC: Final = 0x47
_TRANSPORT_PACKETS: Final = ((0, 188), (4, 192))
"""Place of the first sync byte and bytes of a packet, of MPEG-TS and of MPEG-TS with times, as cameras write it."""


def container_of(untrusted: bytes) -> str | None:
    """Tell the container of a video.

    Args:
        untrusted: the first `HEAD_BYTES` of a file, or all of a shorter one.

    Returns:
        `mov` (MP4 and QuickTime), `matroska` (WebM, too), `avi` or `mpegts`: what FFmpeg calls its
        reader; None where it is none of them.
    """
    match untrusted[:4], untrusted[4:8], untrusted[8:12]:
        case b"\x1aE\xdf\xa3", _, _:
            return "matroska"
        case b"RIFF", _, b"AVI ":
            return "avi"
        case size, bytes(box), brand if box in _QUICKTIME and _is_box_size(size):
            return None if box == b"ftyp" and _is_image(brand, untrusted) else "mov"
    return "mpegts" if any(_is_transport(untrusted, *form) for form in _TRANSPORT_PACKETS) else None


def _is_image(brand: bytes, untrusted: bytes) -> bool:
    return brand in _IMAGE_BRANDS or (brand == _ANY_SEQUENCE and kind_of(untrusted) == "AVIF")


def _is_box_size(size: bytes) -> bool:
    """Tell sizes from letters: a text may have the name of a box in the right place."""
    return size[0] < ord(" ")


def _is_transport(untrusted: bytes, first: int, packet_bytes: int) -> bool:
    syncs = untrusted[first : first + 5 * packet_bytes : packet_bytes]
    return len(syncs) == 5 and set(syncs) == {_SYNC}
