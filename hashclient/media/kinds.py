"""Tell which kind of picture some bytes are, by the first of them; the name of a file says nothing.

Apart from the decoders, so that who only wants to know loads none; they are in `hashclient.media.formats`.
"""

from typing import Final

from hashclient.errors import UnsupportedMediaError

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")
"""The only kinds of picture that are opened."""

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_ANY_BRANDS: Final = frozenset({b"mif1", b"msf1"})
"""The container of either; the brands that follow say which."""
_MAX_BRANDS_BYTES: Final = 512
_BMP_HEADERS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})
"""Sizes of a bitmap's second header; a text may begin with its first two letters."""


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
