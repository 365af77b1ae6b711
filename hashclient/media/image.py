"""Open a picture: bytes in, pixels to be walked over out, within limits that are checked first.

The decoding rule, version 1: `exact` decodes in full, but a JPEG of more than 50 megapixels reduced by the smallest
power of two that leaves 25; `fast` reduces any JPEG by the largest power of two that leaves its shorter side 1024
pixels, and offers the exact decoding to a hasher that needs it. No colour profile is applied, because the matchers in
use apply none.

The decoder for a picture's kind is opened and no other. Pillow's own `Image.open` is not used: it would try decoders in
turn, depend on what other parts of a program registered, and warn about sizes instead of refusing them. Nothing is
registered here and no setting of Pillow is changed.
"""

import importlib
import io
import struct
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from PIL import Image
from PIL import ImageFile as PillowFiles
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.media import limits
from hashclient.media.exif import orientation
from hashclient.media.formats import kind_of
from hashclient.media.limits import check_size, jpeg_reduction
from hashclient.media.picture import Picture, only_media_errors
from hashclient.vocabulary import Decode

_DECODERS: Final = {
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "HEIF": ("pillow_heif", "HeifImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
}
"""Module and class for each kind but JPEG, which most pictures are."""
_START_OF_SCAN: Final = b"\xff\xda"
_BYTES_AT_ONCE: Final = 1 << 20
"""Bytes of a JPEG that its decoder is given at once; Pillow's 64 KiB would interrupt it often."""


def open_image(untrusted: bytes, *, decode: Decode = Decode.EXACT) -> Picture:
    """Decode a picture.

    Args:
        untrusted: the bytes of a file.
        decode: the decoding rule.

    Returns:
        The picture, to be closed.

    Raises:
        UnsupportedMediaError: it is none of `hashclient.media.formats.FORMATS`.
        MediaTooLargeError: it exceeds a limit; nothing was decoded.
        BrokenMediaError: it is empty, damaged or not complete.
        MediaError: another part of the program told Pillow to make up what is missing.
    """
    if len(untrusted) > limits.IMAGES.max_file_bytes:
        raise MediaTooLargeError
    if not untrusted:
        raise BrokenMediaError
    if PillowFiles.LOAD_TRUNCATED_IMAGES:
        raise MediaError(
            "This program was told to read incomplete pictures, which would hash what is not there. Nothing was sent.",
            hint="Leave PIL.ImageFile.LOAD_TRUNCATED_IMAGES at False.",
        )
    kind = kind_of(untrusted)
    with only_media_errors():
        image = open_decoder(kind, untrusted)
        _check_header(image, untrusted)
        full_size, scale, again = None, 1, None
        if isinstance(image, JpegImageFile):
            full_size, scale = image.size, jpeg_reduction(image.size, decode)
            image.decodermaxblock = _BYTES_AT_ONCE
            image.draft(None, (image.width // scale, image.height // scale))
            if scale > jpeg_reduction(full_size, Decode.EXACT):
                again = partial(open_image, untrusted)
        image.load()
        check_size(kind, image.size)  # some decoders learn the size only now
        turned = orientation(image.info.get("exif") or b"")
        picture = Picture(image, orientation=turned, scale=scale, full_size=full_size, again=again)
        image.info.clear()  # blocks would carry it along, and Pillow would warn about its transparency
        return picture


class _Jpeg(JpegImageFile):
    """A JPEG whose EXIF is left alone: Pillow would read it for the resolution, and warn where it is damaged."""

    def getexif(self) -> Image.Exif:
        return Image.Exif()


@cache
def _decoder(kind: str) -> Callable[[io.BytesIO], ImageFile]:
    if kind == "JPEG":
        return _Jpeg
    module, name = _DECODERS[kind]
    decoder: Callable[[io.BytesIO], ImageFile] = getattr(importlib.import_module(module), name)
    return decoder


def load_decoders() -> None:
    """Import every decoder, so that nothing is left to import later; those of rare kinds take several megabytes."""
    for kind in _DECODERS:
        _decoder(kind)


def open_decoder(kind: str, untrusted: bytes) -> ImageFile:
    """Open the decoder of one kind: it reads the header, and no pixels yet.

    Args:
        kind: one of `hashclient.media.formats.FORMATS`.
        untrusted: the bytes of the file.

    Raises:
        MediaTooLargeError: the header declares too many pixels.
        Exception: whatever the decoder makes of a broken file.
    """
    if kind == "WEBP" and (declared := webp_size(untrusted)):  # its decoder takes memory as soon as it is opened
        check_size(kind, declared)
    image = _decoder(kind)(io.BytesIO(untrusted))
    check_size(kind, image.size)
    return image


def webp_size(untrusted: bytes) -> tuple[int, int] | None:
    """Read width and height, pixels, from the header of a WebP file; None where it is too short or unknown."""
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


def _check_header(image: ImageFile, untrusted: bytes) -> None:
    """Refuse what would take too much memory or time, by what its header says.

    Raises:
        MediaTooLargeError: it would take too much.
    """
    pixels = image.width * image.height
    if isinstance(image, JpegImageFile) and "progressive" in image.info:
        parts = [down * across for _, down, across, _ in image.layer]
        samples = pixels * sum(parts) / max(parts)
        if pixels > limits.IMAGES.max_pixels or samples > limits.IMAGES.max_progressive_samples:
            raise MediaTooLargeError
        if untrusted.count(_START_OF_SCAN) > limits.IMAGES.max_progressive_scans:
            raise MediaTooLargeError
    if pixels > limits.IMAGES.max_run_length_pixels and any(tile[0] == "bmp_rle" for tile in image.tile):
        raise MediaTooLargeError
