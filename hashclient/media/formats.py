"""Open the decoder for one kind of picture and for no other; `hashclient.media.kinds` tells which kind it is.

Pillow's own `Image.open` is not used: it would try decoders in turn, depend on what other parts of
a program registered, and warn about sizes instead of refusing them. Nothing is registered here and
no setting of Pillow is changed. Decoders are imported on use, and all at once by `load`. Decoding is
left to `hashclient.media.image`.
"""

import importlib
import io
import struct
from collections.abc import Callable
from functools import cache
from typing import Final

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile


class _Jpeg(JpegImageFile):
    """A JPEG whose EXIF is left alone: Pillow would read it for the resolution, and warn where it is damaged."""

    def getexif(self) -> Image.Exif:
        return Image.Exif()


_DECODERS: Final = {
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "HEIF": ("pillow_heif", "HeifImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
}
"""Module and class of each kind but JPEG, which most pictures are."""


@cache
def _decoder(kind: str) -> Callable[[io.BytesIO], ImageFile]:
    if kind == "JPEG":
        return _Jpeg
    module, name = _DECODERS[kind]
    decoder: Callable[[io.BytesIO], ImageFile] = getattr(importlib.import_module(module), name)
    return decoder


def load() -> None:
    """Import every decoder, so that nothing is left to import; those of rare kinds take several megabytes."""
    for kind in _DECODERS:
        _decoder(kind)


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
    return _decoder(kind)(io.BytesIO(untrusted))
