"""The decoded pixels of one picture, to walk through; opening one is left to `hashclient.media.image`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.media.lending import floats_of

_PLAIN = frozenset({"L", "RGB", "RGBA", "RGBX"})
"""Modes whose bytes are the pixels, alpha beside them or not."""
_GREY = frozenset({"1", "LA"})
_WITH_ALPHA = frozenset({"RGBA", "LA", "PA", "P"})
"""Modes that may be transparent; a palette has it, if any, from when it was decoded."""
_KEYED = frozenset({"1", "L", "RGB"})
"""Modes in which a file may call one grey or colour transparent."""
_OPAQUE = 255
_STRIP_ROWS = 256
"""Rows of which transparency is looked for at a time."""


class Picture:
    """The decoded pixels of one picture, as stored, to walk through; `with` closes them.

    A block is `uint8`, shape (rows, columns, channels), values 0 to 255, 3 channels in the order
    red, green, blue, or 1 of grey. Alpha is dropped, a palette looked up, CMYK turned to RGB by
    Pillow's formula; of 16 bits the upper 8 are taken.
    """

    def __init__(
        self,
        image: Image.Image,
        *,
        orientation: int,
        scale: int = 1,
        full_size: tuple[int, int] | None = None,
        again: "Callable[[], Picture] | None" = None,
    ) -> None:
        self._image = image
        self._again = again
        self._transparency = image.info.get("transparency")
        self.width, self.height = image.size
        """Columns and rows, pixels, of what was decoded."""
        self.full_width, self.full_height = full_size or image.size
        """Columns and rows, pixels, of the picture in full."""
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
        with only_media_errors():
            return floats_of(self._plain((0, start, self.width, stop)).convert("F"))

    def grey(self) -> Image.Image:
        """Give the whole picture, as stored, as Pillow turns it to grey: mode `L`; raises `MediaError`."""
        with only_media_errors():
            return self._image.convert("L")

    def over(self, level: int, /) -> "LaidPicture | None":
        """Give the picture laid over a grey ground, 0 to 255.

        Returns:
            None where nothing of it is transparent.

        Raises:
            MediaError: the pixels cannot be read.
        """
        with only_media_errors():
            laid = LaidPicture(self._image, orientation=self.orientation, level=level, transparency=self._transparency)
            return laid if laid.shows_ground() else None

    def exact(self) -> "Picture | None":
        """Decode the picture again, as `exact` does, to be closed; raises as `open_image` does.

        Returns:
            None where this is the exact decoding.
        """
        return self._again() if self._again else None

    def close(self) -> None:
        """Give the memory back."""
        self._image.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _block(self, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
        with only_media_errors():
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


class LaidPicture(Picture):
    """A picture that is transparent in parts, laid over a grey ground, as on a page; it shares the picture's memory.

    Args:
        image: the picture.
        orientation: EXIF orientation, 1 to 8.
        level: of the ground, 0 to 255.
        transparency: the grey or colour that its file calls transparent, if any.
    """

    def __init__(self, image: Image.Image, *, orientation: int, level: int, transparency: object) -> None:
        super().__init__(image, orientation=orientation)
        self._level = level
        self._transparency = transparency

    def shows_ground(self) -> bool:
        """Tell whether the ground can be seen anywhere."""
        if self._image.mode not in _WITH_ALPHA and not (self._image.mode in _KEYED and self._transparency is not None):
            return False
        return any(
            self._alpha((0, start, self.width, start + _STRIP_ROWS)).getextrema()[0] != _OPAQUE
            for start in range(0, self.height, _STRIP_ROWS)
        )

    def grey(self) -> Image.Image:
        """Give the whole picture, laid, as Pillow turns it to grey: mode `L`; raises `MediaError`."""
        with only_media_errors():
            return self._plain((0, 0, self.width, self.height)).convert("L")

    def over(self, _: int, /) -> None:
        """Give nothing: the ground hides any other."""
        return

    def _alpha(self, box: tuple[int, int, int, int]) -> Image.Image:
        return self._with_alpha((*box[:3], min(box[3], self.height))).getchannel("A")

    def _with_alpha(self, box: tuple[int, int, int, int]) -> Image.Image:
        part = self._image.crop(box)
        if self._transparency is not None:
            part.info["transparency"] = self._transparency
        return part.convert("RGBA")

    def _plain(self, box: tuple[int, int, int, int]) -> Image.Image:
        part = self._with_alpha(box)
        ground = Image.new("RGBA", part.size, (self._level, self._level, self._level, _OPAQUE))
        return Image.alpha_composite(ground, part)


@contextmanager
def only_media_errors() -> Iterator[None]:
    """Let nothing out of a decoder but what a person can read."""
    try:
        yield
    except MediaError:
        raise
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaTooLargeError from None
    except Exception:  # noqa: BLE001  # decoders raise anything, and their words may quote the file
        raise BrokenMediaError from None
