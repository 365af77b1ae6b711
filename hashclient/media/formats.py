"""Tell which kind of picture some bytes are, and open the decoder for that kind and no other.

Pillow's own `Image.open` is not used: it would try decoders in turn, depend on what other parts of
a program registered, and warn about sizes instead of refusing them. Nothing is registered here and
no setting of Pillow is changed. Decoding is left to `hashclient.media.image`.
"""

import io
import struct
from collections.abc import Callable
from typing import Final

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

from hashclient.errors import UnsupportedMediaError

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")
"""The only kinds of picture that are opened. Animations give their first frame."""

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_ANY_BRANDS: Final = frozenset({b"mif1", b"msf1"})
"""The container of either; the brands that follow say which."""
_MAX_BRANDS_BYTES: Final = 512
_BMP_HEADERS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})
"""Sizes of a bitmap's second header; a text may begin with its first two letters."""


class _Jpeg(JpegImageFile):
    """A JPEG whose EXIF is left alone: Pillow would read it for the resolution, and warn where it is damaged."""

    def getexif(self) -> Image.Exif:
        return Image.Exif()


_OPENERS: Final[dict[str, Callable[[io.BytesIO], ImageFile]]] = {
    "JPEG": _Jpeg,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
    "HEIF": HeifImageFile,
    "AVIF": AvifImageFile,
}


def kind_of(untrusted: bytes) -> str:
    """Tell the kind by the first bytes; the name of a file says nothing.

    Args:
        untrusted: the bytes of a file.

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
            return _kind_of_container(brand, untrusted)
    if untrusted.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if untrusted.startswith(b"BM") and int.from_bytes(untrusted[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    raise UnsupportedMediaError


def _kind_of_container(brand: bytes, untrusted: bytes) -> str:
    if brand in _ANY_BRANDS:
        end = min(int.from_bytes(untrusted[:4]), _MAX_BRANDS_BYTES)
        others = {untrusted[place : place + 4] for place in range(16, end, 4)}
        brand = b"avif" if others & _AVIF_BRANDS else b"heic"
    if brand in _AVIF_BRANDS:
        return "AVIF"
    if brand in _HEIF_BRANDS:
        return "HEIF"
    raise UnsupportedMediaError


def declared_size(kind: str, untrusted: bytes) -> tuple[int, int] | None:
    """Read width and height where the decoder takes memory for them as soon as it is opened, as WebP's does.

    Returns:
        Pixels, or None where opening the decoder takes no memory, or the header is none.
    """
    if kind != "WEBP" or len(untrusted) < 30:
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


def open_decoder(kind: str, untrusted: bytes) -> ImageFile:
    """Open the decoder of one kind on some bytes: it reads the header, and no pixels yet.

    Raises:
        Exception: whatever the decoder makes of a broken file.
    """
    return _OPENERS[kind](io.BytesIO(untrusted))
