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
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from PIL import ImageFile as PillowFiles
from PIL.ImageFile import ImageFile

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.media import limits
from hashclient.media.boxes import check_completeness
from hashclient.media.exif import orientation
from hashclient.media.formats import kind_of
from hashclient.media.jpeg.complete import Jpeg, read_jpeg
from hashclient.media.jpeg.decode import check_jpeg, decode_jpeg
from hashclient.media.limits import check_size, jpeg_reduction
from hashclient.media.picture import Picture, only_media_errors
from hashclient.media.png import has_all_rows, neutral_png
from hashclient.media.webp import declared_size, is_doubtful, neutral_webp
from hashclient.messages import _p
from hashclient.pixels import RGB, ArrayPixels, Pixels
from hashclient.vocabulary import Decode

_DECODERS: Final = {
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "HEIF": ("pillow_heif", "HeifImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
}
"""Module and class for each kind; most of JPEG is decoded without Pillow."""
_IMPORTED_LATE: Final = ("PIL.TiffImagePlugin", "PIL.ImageOps")
"""What Pillow's decoders import once a file has metadata."""


def open_image(untrusted: bytes, *, decode: Decode = Decode.EXACT) -> Pixels:
    """Decode a picture.

    Args:
        untrusted: the bytes of a file.
        decode: the decoding rule.

    Returns:
        The picture, to be closed.

    Raises:
        UnsupportedMediaError: it is none of `hashclient.media.formats.FORMATS`, or coded in a way that is not read.
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
            _p(
                "error",
                "This program was told to read incomplete pictures, which would hash what is not there. Nothing was sent.",
            ),
            hint=_p("error", "Leave PIL.ImageFile.LOAD_TRUNCATED_IMAGES at False."),
        )
    kind = kind_of(untrusted)
    with only_media_errors():
        if kind == "JPEG":
            return _open_jpeg(read_jpeg(untrusted), decode)
        neutral, turn = _neutral(kind, untrusted)
        image = open_decoder(kind, neutral)
        if image.width * image.height > limits.IMAGES.max_run_length_pixels and _is_run_length_coded(image):
            raise MediaTooLargeError
        image.load()
        check_size(kind, image.size)  # some decoders learn the size only now
        if kind == "PNG" and _ends_black(image) and not has_all_rows(neutral):
            raise BrokenMediaError
        turn = turn or orientation(image.info.get("exif") or b"")
        return Picture(image, orientation=turn, is_doubtful=kind == "WEBP" and is_doubtful(neutral))


def _open_jpeg(jpeg: Jpeg, decode: Decode) -> Pixels:
    """Decode a JPEG that has all its scans, reduced where the decoding rule says so."""
    size = jpeg.frame.width, jpeg.frame.height
    check_size("JPEG", size)
    if jpeg.is_held and (
        size[0] * size[1] > limits.IMAGES.max_pixels
        or jpeg.samples > limits.IMAGES.max_progressive_samples
        or jpeg.scans > limits.IMAGES.max_progressive_scans
    ):
        raise MediaTooLargeError
    scale = jpeg_reduction(size, decode)
    again = partial(_open_jpeg, jpeg, Decode.EXACT) if scale > jpeg_reduction(size, Decode.EXACT) else None
    with only_media_errors():
        if jpeg.is_plain and len(jpeg.frame.channels) in {1, RGB}:
            pixels = decode_jpeg(jpeg, scale=scale)
            return ArrayPixels(pixels, orientation=jpeg.orientation, scale=scale, full_size=size, again=again)
        check_jpeg(jpeg)
        image = open_decoder("JPEG", jpeg.neutral)
        image.draft(None, (image.width // scale, image.height // scale))
        image.load()
        return Picture(image, orientation=jpeg.orientation, scale=scale, full_size=size, again=again)


def _neutral(kind: str, untrusted: bytes) -> tuple[bytes, int]:
    """Leave out what pixels do not need, and refuse what is cut short.

    Returns:
        What the decoder gets, and the EXIF orientation, 0 where the decoder has to tell.

    Raises:
        BrokenMediaError: part of the file is missing.
    """
    match kind:
        case "PNG":
            return neutral_png(untrusted)
        case "WEBP":
            return neutral_webp(untrusted)
        case "HEIF" | "AVIF":
            check_completeness(untrusted)
    return untrusted, 0


def _ends_black(image: ImageFile) -> bool:
    """Tell whether the row that is read last is all zeros, as it is where a PNG has too few rows."""
    last = image.height - 1 - (image.height > 1 and image.height % 2 and bool(image.info.get("interlace")))
    return not any(image.crop((0, last, image.width, last + 1)).tobytes())


def _is_run_length_coded(image: ImageFile) -> bool:
    return any(tile[0] == "bmp_rle" for tile in image.tile)


@cache
def _decoder(kind: str) -> Callable[[io.BytesIO], ImageFile]:
    module, name = _DECODERS[kind]
    decoder: Callable[[io.BytesIO], ImageFile] = getattr(importlib.import_module(module), name)
    return decoder


def load_decoders() -> None:
    """Import every decoder, so that nothing is left to import later; those of rare kinds take several megabytes."""
    for kind in _DECODERS:
        _decoder(kind)
    for module in _IMPORTED_LATE:
        importlib.import_module(module)


def open_decoder(kind: str, untrusted: bytes) -> ImageFile:
    """Open the decoder of one kind: it reads the header, and no pixels yet.

    Args:
        kind: one of `hashclient.media.formats.FORMATS`.
        untrusted: the bytes of the file.

    Raises:
        MediaTooLargeError: the header declares too many pixels.
        Exception: whatever the decoder makes of a broken file.
    """
    if kind == "WEBP" and (declared := declared_size(untrusted)):  # its decoder takes memory as soon as it is opened
        check_size(kind, declared)
    image = _decoder(kind)(io.BytesIO(untrusted))
    check_size(kind, image.size)
    return image
