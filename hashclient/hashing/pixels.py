"""Pixels to walk through, however they are stored and turned.

What a hasher asks of a picture is here, with the two ways to have it: an array, and other pixels
turned upright. Pictures from files are `hashclient.media.image.Picture`; nothing here opens one.
"""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import UnsupportedMediaError

RGB = 3
"""Channels of a coloured picture; a grey one has 1."""
LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue; the reference adds them in this order, in float64 (`pdqhash/bindings.pyx`)."""


def luma(block: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Weigh red, green and blue as the reference does; grey is its own luma.

    Args:
        block: `uint8`, shape (rows, columns, channels), 3 channels or 1.

    Returns:
        Float32, shape (rows, columns), 0 to 255.
    """
    if block.shape[2] != RGB:
        return block[..., 0].astype(np.float32)
    red, green, blue = (block[..., channel] * weight for channel, weight in enumerate(LUMA))
    weighed: NDArray[np.float32] = (red + green + blue).astype(np.float32)
    return weighed


class Pixels(Protocol):
    """A decoded picture to walk through, a few rows or columns at a time, as often as needed.

    A block is `uint8`, shape (rows, columns, channels), values 0 to 255, with 3 channels in the
    order red, green, blue, or 1 channel of grey. Alpha is dropped, as the matchers in use drop it.
    """

    @property
    def width(self) -> int:
        """Columns, pixels, as stored."""

    @property
    def height(self) -> int:
        """Rows, pixels, as stored."""

    @property
    def orientation(self) -> int:
        """EXIF orientation, 1 to 8: how the stored pixels are turned to stand upright."""

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the stored rows from `start` to before `stop`."""

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the stored columns from `start` to before `stop`."""

    def luma(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give the luma of stored rows, float32, shape (rows, columns), bit for bit that of `luma`."""


class ImagePixels(Pixels, Protocol):
    """The pixels of one picture, and what hashers of pictures ask of it besides a walk."""

    @property
    def scale(self) -> int:
        """The power of two by which the decoder reduced each side; 1 is in full."""

    @property
    def full_width(self) -> int:
        """Columns of the picture in full, pixels, of which `width` columns were decoded."""

    @property
    def full_height(self) -> int:
        """Rows of the picture in full, pixels, of which `height` rows were decoded."""

    def exact(self) -> "AbstractContextManager[ImagePixels] | None":
        """Decode the picture again, exactly, to be closed; None where it cannot be had more exactly."""

    def grey(self) -> Image.Image:
        """Give the whole picture, as stored, as Pillow turns it to grey: mode `L`."""

    def over(self, level: int, /) -> "ImagePixels | None":
        """Give the picture laid over a grey ground, 0 to 255; None where nothing of it is transparent."""


class WholePixels(ABC):
    """What is so of all pixels that are decoded in full, are as exact as can be, and hide nothing."""

    width: int
    """Columns, pixels, as stored."""
    height: int
    """Rows, pixels, as stored."""
    scale = 1
    """They are in full."""

    @property
    def full_width(self) -> int:
        """Columns, pixels."""
        return self.width

    @property
    def full_height(self) -> int:
        """Rows, pixels."""
        return self.height

    @abstractmethod
    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the rows from `start` to before `stop`."""

    def exact(self) -> None:
        """Give nothing: they cannot be had more exactly."""
        return

    def grey(self) -> Image.Image:
        """Give the whole picture, as stored, as Pillow turns it to grey: mode `L`."""
        block = np.ascontiguousarray(self.rows(0, self.height))
        return Image.fromarray(block if block.shape[2] == RGB else block[..., 0]).convert("L")

    def over(self, _: int) -> None:
        """Give nothing: no ground shows through."""
        return


class ArrayPixels(WholePixels):
    """The pixels of an array, upright.

    Args:
        array: `uint8`, shape (height, width, 3) in the order red, green, blue, or (height, width)
            of grey; it is looked at, never copied whole.

    Raises:
        UnsupportedMediaError: the array has another type or shape, or no pixels.
    """

    orientation = 1

    def __init__(self, array: NDArray[np.uint8]) -> None:
        array = array[..., np.newaxis] if array.ndim == RGB - 1 else array
        if array.dtype != np.uint8 or array.ndim != RGB or array.shape[2] not in {1, RGB} or 0 in array.shape:
            raise UnsupportedMediaError
        self._array = array
        self.height, self.width = array.shape[:2]

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the rows from `start` to before `stop`."""
        return self._array[start:stop]

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the columns from `start` to before `stop`."""
        return self._array[:, start:stop]

    def luma(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give the luma of the rows from `start` to before `stop`."""
        return luma(self.rows(start, stop))


@dataclass(frozen=True)
class Turn:
    """How stored pixels become upright: the order of rows, of columns, or of both reversed, then transposed."""

    rows_reversed: bool = False
    columns_reversed: bool = False
    transposed: bool = False


TURNS: dict[int, Turn] = {
    1: Turn(),
    2: Turn(columns_reversed=True),
    3: Turn(rows_reversed=True, columns_reversed=True),
    4: Turn(rows_reversed=True),
    5: Turn(transposed=True),
    6: Turn(rows_reversed=True, transposed=True),
    7: Turn(rows_reversed=True, columns_reversed=True, transposed=True),
    8: Turn(columns_reversed=True, transposed=True),
}
"""The turn of each EXIF orientation. Source: Exif 2.32 (CIPA DC-008), tag 274, and Pillow's `ImageOps.exif_transpose`."""


class UprightPixels(WholePixels):
    """The same pixels as a person sees them: turned block by block, never copied whole.

    Args:
        pixels: as stored.
        orientation: EXIF orientation, 1 to 8.
    """

    orientation = 1

    def __init__(self, pixels: Pixels, *, orientation: int) -> None:
        self._pixels = pixels
        self._turn = TURNS[orientation]
        size = (pixels.width, pixels.height)
        self.width, self.height = reversed(size) if self._turn.transposed else size

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the upright rows from `start` to before `stop`."""
        return self._stored_columns(start, stop) if self._turn.transposed else self._stored_rows(start, stop)

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Give the upright columns from `start` to before `stop`."""
        return self._stored_rows(start, stop) if self._turn.transposed else self._stored_columns(start, stop)

    def luma(self, start: int, stop: int) -> NDArray[np.float32]:
        """Give the luma of the upright rows from `start` to before `stop`."""
        return luma(self.rows(start, stop))

    def _stored_rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        if self._turn.rows_reversed:
            start, stop = self._pixels.height - stop, self._pixels.height - start
        return self._turned(self._pixels.rows(start, stop))

    def _stored_columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        if self._turn.columns_reversed:
            start, stop = self._pixels.width - stop, self._pixels.width - start
        return self._turned(self._pixels.columns(start, stop))

    def _turned(self, block: NDArray[np.uint8]) -> NDArray[np.uint8]:
        block = block[::-1] if self._turn.rows_reversed else block
        block = block[:, ::-1] if self._turn.columns_reversed else block
        return block.swapaxes(0, 1) if self._turn.transposed else block
