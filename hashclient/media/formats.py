"""Tell by its first bytes what a file is; its name says nothing.

Whatever is not named here, playlists and lists of other files among it, is neither a picture nor a video to this
program. No decoder is loaded: opening is left to `hashclient.media.image`, `.animation` and `.video`.
"""

from typing import Final

from hashclient.errors import UnsupportedMediaError
from hashclient.vocabulary import Content

HEAD_BYTES: Final = 1024
"""Bytes from the start of a file that are enough to tell."""
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")
"""The only kinds of picture that are opened."""
NO_DATA: Final = bytes(512)
"""Zero bytes in a row that coded pixels do not hold: in good JPEG and AVIF at most 95 were found. Large even areas in
WebP, and in JPEG whose shortest code says "as before", do hold them. Source: `docs/pdq.md`."""

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_HEVC_BRANDS: Final = frozenset({b"hevc", b"hevx", b"hevm", b"hevs"})
"""Sequences of HEIC, which hold a video."""
_ANY_IMAGE: Final = b"mif1"
"""A picture, HEIC or AVIF; the brands that follow say which."""
_ANY_SEQUENCE: Final = b"msf1"
"""A sequence of either; the brands that follow say which."""
_MAX_BRANDS_BYTES: Final = 512
_WEBP_FLAGS: Final = 20
_WEBP_MOVES: Final = 0x02
_BMP_HEADERS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})
"""Sizes of a bitmap's second header; a text may begin with its first two letters."""

_QUICKTIME: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
"""Boxes with which an MP4 or QuickTime file may begin; the older ones have no brand."""
_SYNC: Final = 0x47
_TRANSPORT_PACKETS: Final = ((0, 188), (4, 192))
"""Place of the first sync byte and bytes of a packet, of MPEG-TS and of MPEG-TS with times, as cameras write it."""

_UNREAD_IMAGES: Final = (
    b"II*\0",  # TIFF, and the raw pictures of many cameras
    b"MM\0*",
    b"II+\0",  # BigTIFF
    b"MM\0+",
    b"\0\0\0\x0cjP  \r\n\x87\n",  # JPEG 2000
    b"\xff\x4f\xff\x51",
    b"\0\0\0\x0cJXL \r\n\x87\n",  # JPEG XL
    b"\xff\x0a",
    b"8BPS\0\1",  # Photoshop
    b"8BPS\0\2",
)
"""How pictures begin that are not decoded here."""
_UNREAD_VIDEOS: Final = (
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c",  # ASF: WMV
    b"FLV\1",
    b"\0\0\1\xba",  # MPEG program stream: MPG, VOB
    b"\0\0\1\xb3",  # MPEG video without a container
    b".RMF\0\0\0",  # RealMedia
)
"""How videos begin that are not decoded here."""
_OGG: Final = b"OggS"
_OGG_VIDEOS: Final = (b"\x80theora", b"OVP80", b"BBCD\0", b"\1video\0\0\0")
"""How the first packet of a video stream in Ogg begins; Ogg without one is sound."""
_MOVING_GIF: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def content_of(untrusted: bytes) -> Content:
    """Tell whether a file is a picture or a video, decoded here or not.

    Args:
        untrusted: the first `HEAD_BYTES` of a file, or all of a shorter one.

    Returns:
        `video` also for a picture that moves, as far as these bytes tell: of GIF and PNG they may not.

    Raises:
        UnsupportedMediaError: it is neither.
    """
    if container_of(untrusted) is not None:
        return Content.VIDEO
    if (unread := unread_content_of(untrusted)) is not None:
        return unread
    return Content.VIDEO if _moves(kind_of(untrusted), untrusted) else Content.IMAGE


def unread_content_of(untrusted: bytes) -> Content | None:
    """Tell whether a file, by its first bytes, is a picture or a video that is not decoded here; None where neither."""
    if untrusted.startswith(_UNREAD_IMAGES):
        return Content.IMAGE
    is_ogg = untrusted.startswith(_OGG) and any(begin in untrusted for begin in _OGG_VIDEOS)
    return Content.VIDEO if is_ogg or untrusted.startswith(_UNREAD_VIDEOS) else None


def _moves(kind: str, untrusted: bytes) -> bool:
    match kind:
        case "GIF":
            return any(word in untrusted for word in _MOVING_GIF)
        case "PNG":
            return b"acTL" in untrusted
        case "WEBP":
            return webp_moves(untrusted)
        case "AVIF":
            return untrusted[8:12] == b"avis"
    return False


def webp_moves(untrusted: bytes) -> bool:
    """Tell by its header whether a WebP moves; its decoder would take memory for the picture as soon as it is opened."""
    flags = untrusted[_WEBP_FLAGS : _WEBP_FLAGS + 1]  # empty where the file ends before
    return untrusted[12:16] == b"VP8X" and any(byte & _WEBP_MOVES for byte in flags)


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
