"""Decoded pixels: what `hashclient.media` gives and `hashclient.hashing` takes.

Pixels are walked over in blocks, however they are stored and turned, so that no second copy of a picture is made.
Opening a file is left to `hashclient.media`, and what the pixels are good for to `hashclient.hashing`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import UnsupportedMediaError

RGB: Final = 3
"""Channels of a colour picture; a grey one has 1."""
LUMA: Final = (0.299, 0.587, 0.114)
"""Weights of red, green and blue; the reference adds them in this order, in float64 (`pdqhash/bindings.pyx`)."""
_THOUSANDTHS: Final = np.array([299, 587, 114], np.float32)
"""The same in whole numbers, of which float32 adds up 255 times the sum without rounding."""
_STRIP_PIXELS: Final = 1 << 15
"""Pixels that are weighed at once: what comes between stays in the processor's second cache."""
UPRIGHT: Final = 1
"""EXIF orientation of a picture whose rows run from top to bottom and whose columns run from left to right."""

_GREY_ROWS: Final = 256
"""Rows that are turned to grey at a time."""


def weigh(lines: NDArray[np.float32], *, width: int) -> NDArray[np.float32]:
    """Weigh sums of red, green and blue samples, which is what summing luma would give; sums of grey are left as they are.

    Args:
        lines: float32, shape (lines, width * channels), the channels of a column side by side.
        width: columns.

    Returns:
        Float32, shape (lines, width).
    """
    if lines.shape[1] == width:
        return lines
    weighed: NDArray[np.float32] = (lines.reshape(len(lines), width, RGB) @ np.array(LUMA)).astype(np.float32)
    return weighed


def luma(block: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Weigh red, green and blue as the reference does; grey is its own luma.

    The reference adds in float64 and rounds to float32. Here thousandths are added up, which float32 holds exactly in
    whatever order, and divided once. Both give the float32 nearest to the exact value, for each of the 16,777,216
    colours.

    Args:
        block: `uint8`, shape (rows, columns, channels), 3 channels or 1.

    Returns:
        Float32, shape (rows, columns), 0 to 255.
    """
    if block.shape[2] != RGB:
        return block[..., 0].astype(np.float32)
    weighed = np.empty(block.shape[:2], np.float32)
    step = max(1, _STRIP_PIXELS // max(1, block.shape[1]))
    for start in range(0, len(block), step):
        strip = block[start : start + step].astype(np.float32, order="C").reshape(-1, RGB)
        np.matmul(strip, _THOUSANDTHS, out=weighed[start : start + step].reshape(-1))
    weighed /= np.float32(1000)
    return weighed


class Pixels(ABC):
    """Decoded pixels, walked over a few rows or columns at a time, as often as needed.

    A block is `uint8`, shape (rows, columns, channels), values 0 to 255, with 3 channels in the order red, green,
    blue, or 1 channel of grey. Alpha is dropped, as the matchers in use drop it.

    Args:
        size: columns and rows that were decoded, as stored.
        orientation: EXIF orientation, 1 to 8.
        scale: the power of two by which the decoder reduced each side.
        full_size: columns and rows of the picture before it was reduced; None for `size`.
        again: decodes the picture again, exactly; None where this is the exact decoding.
    """

    is_doubtful = False
    """Whether the file looks as if part of it had been lost."""

    def __init__(
        self,
        size: tuple[int, int],
        *,
        orientation: int = UPRIGHT,
        scale: int = 1,
        full_size: tuple[int, int] | None = None,
        again: "Callable[[], Pixels] | None" = None,
    ) -> None:
        self._again = again
        self.width, self.height = size
        """Columns and rows that were decoded, as stored."""
        self.orientation = orientation
        """EXIF orientation, 1 to 8: how the stored pixels are turned to stand upright."""
        self.scale = scale
        """The power of two by which the decoder reduced each side; 1 is full size."""
        self.full_size = full_size or size
        """Columns and rows of the picture before it was reduced."""

    @abstractmethod
    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the stored rows from `start` to before `stop`."""

    @abstractmethod
    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the stored columns from `start` to before `stop`."""

    def samples(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the stored rows from `start` to before `stop` as float32, shape (rows, columns * channels).

        Summing is linear, so a hasher sums each channel and calls `weigh` once at the end.
        """
        block = self.rows(start, stop)
        return block.reshape(len(block), -1).astype(np.float32)

    def luma(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the luma of the stored rows from `start` to before `stop`, float32, shape (rows, columns)."""
        return luma(self.rows(start, stop))

    def grey(self) -> Image.Image:
        """Return the whole picture, as stored, as Pillow turns it to grey: mode `L`."""
        whole = Image.new("L", (self.width, self.height))
        for start in range(0, self.height, _GREY_ROWS):
            block = np.ascontiguousarray(self.rows(start, min(start + _GREY_ROWS, self.height)))
            strip = Image.fromarray(block if block.shape[2] == RGB else block[..., 0])
            whole.paste(strip.convert("L"), (0, start))
        return whole

    def exact(self) -> "Pixels | None":
        """Decode the picture again, exactly; the result is to be closed. Raises as the first decoding does.

        Returns:
            None where these pixels are as exact as they can be.
        """
        return self._again() if self._again else None

    def composite(self, _level: int, /) -> "Pixels | None":
        """Composite the picture over a grey ground, 0 to 255; None where no part of it is transparent."""
        return None

    def close(self) -> None:
        """Release the memory, as `with` does at its end."""
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ArrayPixels(Pixels):
    """The pixels of an array.

    Args:
        array: `uint8`, shape (height, width, 3) in the order red, green, blue, or (height, width) of grey; it is
            never copied.
        orientation, scale, full_size, again: as for `Pixels`.

    Raises:
        UnsupportedMediaError: the array has another type or shape, or no pixels; the sentence says which, and what to do.
    """

    def __init__(
        self,
        array: NDArray[np.uint8],
        *,
        orientation: int = UPRIGHT,
        scale: int = 1,
        full_size: tuple[int, int] | None = None,
        again: Callable[[], Pixels] | None = None,
    ) -> None:
        if step := _step_towards_pixels(array):
            raise UnsupportedMediaError(
                f"An array of {array.dtype}, shape {array.shape}, is no picture. {step} Nothing was sent.",
                hint="docs/for-researchers.md says which arrays can be hashed.",
            )
        array = array[..., np.newaxis] if array.ndim == 2 else array
        size = array.shape[1], array.shape[0]
        super().__init__(size, orientation=orientation, scale=scale, full_size=full_size, again=again)
        self._array = array

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the rows from `start` to before `stop`; a view."""
        return self._array[start:stop]

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the columns from `start` to before `stop`; a view."""
        return self._array[:, start:stop]


_OF_ANOTHER_TYPE: Final = {
    "f": "Values from 0 to 1: (array * 255).round().astype(numpy.uint8). From 0 to 255: array.round().astype(numpy.uint8).",
    "b": "Black and white: array.astype(numpy.uint8) * 255.",
    "O": "Hash pictures of different sizes one by one, each as an array of uint8.",
}
"""What to do with arrays of other types, by numpy's letter for their kind."""
_OF_OTHER_CHANNELS: Final = {
    2: "Leave out alpha: array[..., 0].",
    4: "Leave out alpha: array[..., :3].",
}
"""What to do with arrays of other channels, by how many there are."""


def _step_towards_pixels(array: NDArray[Any]) -> str:
    """Return what makes an array one that can be hashed; "" if it is one."""
    shape, step = array.shape, ""
    if 0 in shape:
        step = "It has no pixels: check how it was read or cut."
    elif array.dtype.kind == "u" and array.dtype.itemsize == 2:
        step = "Take the upper 8 of the 16 bits, as is done with files: (array >> 8).astype(numpy.uint8)."
    elif array.dtype != np.uint8:
        step = _OF_ANOTHER_TYPE.get(array.dtype.kind, "Bring its values to 0 to 255: array.astype(numpy.uint8).")
    elif len(shape) == 4:
        step = "Hash the pictures of a batch one by one."
    elif len(shape) not in {2, 3}:
        step = "A picture has the shape (height, width, 3), or (height, width) if it is grey."
    elif len(shape) == 3 and shape[2] not in {1, RGB}:
        is_channels_first = shape[0] in {1, 2, RGB, 4} and shape[2] > 4
        step = (
            "Put the channels last: array.transpose(1, 2, 0)."
            if is_channels_first
            else _OF_OTHER_CHANNELS.get(shape[2], "Choose three channels, red, green and blue, or one of grey.")
        )
    return step


@dataclass(frozen=True)
class Turn:
    """How stored pixels become upright: the order of rows, of columns, or of both is reversed, then they are transposed."""

    rows_reversed: bool = False
    columns_reversed: bool = False
    transposed: bool = False

    def applied(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """Turn an array of shape (rows, columns, ...); returns a view."""
        pixels = pixels[::-1] if self.rows_reversed else pixels
        pixels = pixels[:, ::-1] if self.columns_reversed else pixels
        return pixels.swapaxes(0, 1) if self.transposed else pixels


TURNS: Final[dict[int, Turn]] = {
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


class UprightPixels(Pixels):
    """The same pixels as a person sees them: turned block by block, never copied whole.

    Args:
        pixels: as stored.
        orientation: EXIF orientation, 1 to 8.
    """

    def __init__(self, pixels: Pixels, *, orientation: int) -> None:
        self._pixels = pixels
        self._turn = TURNS[orientation]
        size = (pixels.width, pixels.height)
        super().__init__(size[::-1] if self._turn.transposed else size)

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the upright rows from `start` to before `stop`."""
        return self._stored_columns(start, stop) if self._turn.transposed else self._stored_rows(start, stop)

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the upright columns from `start` to before `stop`."""
        return self._stored_rows(start, stop) if self._turn.transposed else self._stored_columns(start, stop)

    def _stored_rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        if self._turn.rows_reversed:
            start, stop = self._pixels.height - stop, self._pixels.height - start
        return self._turn.applied(self._pixels.rows(start, stop))

    def _stored_columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        if self._turn.columns_reversed:
            start, stop = self._pixels.width - stop, self._pixels.width - start
        return self._turn.applied(self._pixels.columns(start, stop))


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Frame:
    """One frame of a video; its pixels are there until the next frame is asked for."""

    seconds: float
    """Time from the start of the video, seconds."""
    pixels: Pixels
    """As stored, with the orientation that makes them upright."""
    black: int = 0
    """Value of the darkest luma; videos use 16."""
    white: int = 255
    """Value of the brightest luma; videos use 235."""
    take_next: Callable[[], None] = field(default=_nothing, compare=False, repr=False)
    """Asks for the next frame, too, of the same interval: for one that shows too little to be recognised."""
