"""Open a picture: bytes in, pixels to walk through out, within limits that are checked first.

The decoding rule, version 1: `exact` decodes in full, but a JPEG of more than 50 megapixels at the
smallest power of two that fits; `fast` decodes any JPEG at the largest power of two that leaves its
shorter side 1024 pixels. No colour profile is applied, because the matchers in use apply none.
Which kinds there are is in `hashclient.media.kinds`, reading from disk in `hashclient.media.files`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL import ImageFile as PillowFiles
from PIL.JpegImagePlugin import JpegImageFile

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError, UnreadableMediaError
from hashclient.media.exif import orientation
from hashclient.media.files import read_file
from hashclient.media.formats import declared_size, open_decoder
from hashclient.media.kinds import FORMATS, kind_of
from hashclient.media.lending import floats_of
from hashclient.media.limits import ImageLimits, check_header, check_size
from hashclient.media.rule import Decode

__all__ = ["FORMATS", "Decode", "ImageLimits", "Picture", "open_image", "read_file"]

LEAST_FAST_SIDE = 1024
"""Pixels that `fast` leaves of the shorter side."""
MOST_REDUCTION = 8
"""The JPEG decoder reduces by 2, 4 or 8."""

_PLAIN = frozenset({"L", "RGB", "RGBA", "RGBX"})
"""Modes whose bytes are the pixels, alpha beside them or not."""
_GREY = frozenset({"1", "LA"})


class Picture:
    """The decoded pixels of one picture, as stored, to walk through; `with` closes them.

    A block is `uint8`, shape (rows, columns, channels), values 0 to 255, 3 channels in the order
    red, green, blue, or 1 of grey. Alpha is dropped, a palette looked up, CMYK turned to RGB by
    Pillow's formula; of 16 bits the upper 8 are taken.
    """

    def __init__(self, image: Image.Image, *, orientation: int, scale: int) -> None:
        self._image = image
        self.width, self.height = image.size
        """Columns and rows, pixels, of what was decoded."""
        self.orientation = orientation
        """EXIF orientation, 1 to 8."""
        self.scale = scale
        """The power of two by which the decoder reduced each side; 1 is in full."""

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the rows from `start` to before `stop`; raises `MediaError` where they cannot be read."""
        return self._block((0, start, self.width, stop))

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the columns from `start` to before `stop`; raises `MediaError` where they cannot be read."""
        return self._block((start, 0, stop, self.height))

    def luma(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give the luma of rows, float32, shape (rows, columns); raises `MediaError` where they cannot be read."""
        with _only_media_errors():
            return floats_of(self._plain((0, start, self.width, stop)).convert("F"))

    def close(self) -> None:
        """Give the memory back."""
        self._image.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _block(self, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
        with _only_media_errors():
            part = self._plain(box)
            mode = "L" if part.mode == "L" else "RGB"
            return np.frombuffer(part.tobytes("raw", mode), np.uint8).reshape(part.height, part.width, len(mode))

    def _plain(self, box: tuple[int, int, int, int]) -> Image.Image:
        """Cut out a box, in one of Pillow's plain modes."""
        is_whole = box == (0, 0, self.width, self.height)
        part = self._image if is_whole else self._image.crop(box)
        if part.mode in _PLAIN:
            return part
        if part.mode.startswith("I;16"):
            return Image.fromarray((np.asarray(part) >> 8).astype(np.uint8))
        return part.convert("L" if part.mode in _GREY else "RGB")


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
    with _only_media_errors():
        if declared := declared_size(kind, untrusted):
            check_size(kind, declared, limits=limits)
        image = open_decoder(kind, untrusted)
        check_header(kind, image, untrusted, limits=limits)
        scale = _reduce(image, decode, limits) if isinstance(image, JpegImageFile) else 1
        image.load()
        check_size(kind, image.size, limits=limits)  # some decoders learn the size only now
        picture = Picture(image, orientation=orientation(image.info.get("exif") or b""), scale=scale)
        image.info.clear()  # blocks would carry it along, and Pillow would warn about its transparency
        return picture


@contextmanager
def _only_media_errors() -> Iterator[None]:
    """Let nothing out of a decoder but what a person can read."""
    try:
        yield
    except MediaError:
        raise
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaTooLargeError from None
    except Exception:  # noqa: BLE001  # decoders raise anything, and their words may quote the file
        raise BrokenMediaError from None


def _read(stream: BinaryIO, limits: ImageLimits) -> bytes:
    try:
        return stream.read(limits.max_file_bytes + 1)
    except (OSError, ValueError):
        raise UnreadableMediaError from None


def _reduce(image: JpegImageFile, decode: Decode, limits: ImageLimits) -> int:
    """Tell the JPEG decoder by how much to reduce, and give that power of two."""
    scale = 1
    width, height = image.size
    while scale < MOST_REDUCTION and width * height > limits.max_pixels_full * scale * scale:
        scale *= 2
    while decode is Decode.FAST and scale < MOST_REDUCTION and min(width, height) // (2 * scale) >= LEAST_FAST_SIDE:
        scale *= 2
    image.draft(None, (width // scale, height // scale))
    return scale
