"""Open a picture: bytes in, pixels to walk through out, within limits that are checked first.

The decoding rule, version 1: `exact` decodes in full, but a JPEG of more than 50 megapixels reduced
by the smallest power of two that leaves 25; `fast` reduces any JPEG by the largest power of two
that leaves its shorter side 1024 pixels, and offers the exact decoding to a hasher that needs it.
No colour profile is applied, because the matchers in use apply none.

The pixels are in `hashclient.media.picture`. Which kinds there are is in `hashclient.media.kinds`, reading from disk in `hashclient.media.files`.
"""

from functools import partial
from typing import BinaryIO

from PIL import ImageFile as PillowFiles
from PIL.JpegImagePlugin import JpegImageFile

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError, UnreadableMediaError
from hashclient.media.exif import orientation
from hashclient.media.files import read_file
from hashclient.media.formats import declared_size, open_decoder
from hashclient.media.kinds import FORMATS, kind_of
from hashclient.media.limits import ImageLimits, check_header, check_size
from hashclient.media.picture import Picture, only_media_errors
from hashclient.media.rule import reduction_of
from hashclient.vocabulary import Decode

__all__ = ["FORMATS", "Decode", "ImageLimits", "Picture", "open_image", "read_file"]

_AT_ONCE_BYTES = 1 << 20
"""Bytes of a JPEG that its decoder is given at once; Pillow's 64 KiB would stop it every so often."""


def open_image(
    untrusted: bytes | BinaryIO, *, decode: Decode = Decode.EXACT, limits: ImageLimits | None = None
) -> Picture:
    """Decode a picture.

    Args:
        untrusted: the bytes of a file, or something to read them from.
        decode: the decoding rule.
        limits: what it may ask for; the defaults where None.

    Returns:
        The picture, to be closed.

    Raises:
        UnreadableMediaError: the bytes cannot be read.
        UnsupportedMediaError: it is none of `FORMATS`.
        MediaTooLargeError: it exceeds a limit; nothing was decoded.
        BrokenMediaError: it is empty, damaged or not complete.
        MediaError: Pillow was told, by another part of the program, to make up what is missing.
    """
    limits = limits or ImageLimits()
    untrusted = untrusted if isinstance(untrusted, bytes) else _read(untrusted, limits)
    if len(untrusted) > limits.max_file_bytes:
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
        if declared := declared_size(kind, untrusted):
            check_size(kind, declared, limits=limits)
        image = open_decoder(kind, untrusted)
        check_header(kind, image, untrusted, limits=limits)
        full_size, scale, again = None, 1, None
        if isinstance(image, JpegImageFile):
            full_size, scale = image.size, reduction_of(image.size, decode, limits=limits)
            image.decodermaxblock = _AT_ONCE_BYTES
            image.draft(None, (image.width // scale, image.height // scale))
            if scale > reduction_of(full_size, Decode.EXACT, limits=limits):
                again = partial(open_image, untrusted, limits=limits)
        image.load()
        check_size(kind, image.size, limits=limits)  # some decoders learn the size only now
        turned = orientation(image.info.get("exif") or b"")
        picture = Picture(image, orientation=turned, scale=scale, full_size=full_size, again=again)
        image.info.clear()  # blocks would carry it along, and Pillow would warn about its transparency
        return picture


def _read(stream: BinaryIO, limits: ImageLimits) -> bytes:
    try:
        return stream.read(limits.max_file_bytes + 1)
    except (OSError, ValueError):
        raise UnreadableMediaError from None
