"""Tell by its first bytes what a file is; its name says nothing.

Whatever is not named here, playlists and lists of other files among it, is neither a picture nor a video to this
program. No decoder is loaded: opening is left to `hashclient.media.image`, `.animation` and `.video`.
"""

from typing import Final

from hashclient.errors import UnsupportedMediaError

HEAD_BYTES: Final = 1024
"""Bytes from the start of a file that are enough to tell."""
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")
"""The only kinds of picture that are opened."""
NO_DATA: Final = bytes(512)
"""Zero bytes in a row that coded pixels do not hold: in good JPEG and AVIF at most 95 were found. Large even pictures in
WebP do hold them. Source: `docs/pdq.md`."""

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_HEVC_BRANDS: Final = frozenset({b"hevc", b"hevx", b"hevm", b"hevs"})
"""Sequences of HEIC, which hold a video."""
_ANY_IMAGE: Final = b"mif1"
"""A picture, HEIC or AVIF; the brands that follow say which."""
_ANY_SEQUENCE: Final = b"msf1"
"""A sequence of either; the brands that follow say which."""
_MAX_BRANDS_BYTES: Final = 512
_BMP_HEADERS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})
"""Sizes of a bitmap's second header; a text may begin with its first two letters."""

_QUICKTIME: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
"""Boxes with which an MP4 or QuickTime file may begin; the older ones have no brand."""
_SYNC: Final = 0x47
_TRANSPORT_PACKETS: Final = ((0, 188), (4, 192))
"""Place of the first sync byte and bytes of a packet, of MPEG-TS and of MPEG-TS with times, as cameras write it."""


def kind_of(untrusted: bytes) -> str:
    """Tell the kind of a picture.

    Args:
        untrusted: the bytes of a file, or the first `HEAD_BYTES`.

    Returns:
        One of `FORMATS`.

    Raises:
        UnsupportedMediaError: it is none of them.
    """
    match untrusted[:4], untrusted[4:8], untrusted[8:12]:
        case b"\x89PNG", b"\r\n\x1a\n", _:
            return "PNG"
        case b"RIFF", _, b"WEBP":
            return "WEBP"
        case b"GIF8", bytes(rest), _ if rest[:2] in {b"7a", b"9a"}:
            return "GIF"
        case _, b"ftyp", bytes(brand):
            return _kind_of_boxes(brand, untrusted)
    if untrusted.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if untrusted.startswith(b"BM") and int.from_bytes(untrusted[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    raise UnsupportedMediaError


def _kind_of_boxes(brand: bytes, untrusted: bytes) -> str:
    if brand in {_ANY_IMAGE, _ANY_SEQUENCE}:
        end = min(int.from_bytes(untrusted[:4]), _MAX_BRANDS_BYTES)
        others = {untrusted[place : place + 4] for place in range(16, end, 4)}
        return "AVIF" if others & _AVIF_BRANDS else "HEIF"
    if brand in _AVIF_BRANDS:
        return "AVIF"
    if brand in _HEIC_BRANDS | _HEVC_BRANDS:
        return "HEIF"
    raise UnsupportedMediaError


def container_of(untrusted: bytes) -> str | None:
    """Tell the container of a video.

    Args:
        untrusted: the first `HEAD_BYTES` of a file, or all of a shorter one.

    Returns:
        `mov` (MP4 and QuickTime), `matroska` (also WebM), `avi` or `mpegts`, as FFmpeg names its readers; None where it
        is none of them.
    """
    match untrusted[:4], untrusted[4:8], untrusted[8:12]:
        case b"\x1aE\xdf\xa3", _, _:
            return "matroska"
        case b"RIFF", _, b"AVI ":
            return "avi"
        case size, bytes(box), brand if box in _QUICKTIME and size[0] < ord(" "):  # a size, not letters of a text
            return None if box == b"ftyp" and _is_image(brand, untrusted) else "mov"
    return "mpegts" if any(_is_transport(untrusted, *form) for form in _TRANSPORT_PACKETS) else None


def _is_image(brand: bytes, untrusted: bytes) -> bool:
    """Tell pictures from videos, which use the same boxes."""
    return brand in _AVIF_BRANDS | _HEIC_BRANDS | {_ANY_IMAGE} or (
        brand == _ANY_SEQUENCE and kind_of(untrusted) == "AVIF"
    )


def _is_transport(untrusted: bytes, first: int, packet_bytes: int) -> bool:
    syncs = untrusted[first : first + 5 * packet_bytes : packet_bytes]
    return len(syncs) == 5 and set(syncs) == {_SYNC}
