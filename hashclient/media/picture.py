"""The decoded pixels of one picture, to be walked over; opening one is left to `hashclient.media.image`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.pixels import Pixels

_PLAIN: Final = frozenset({"L", "RGB", "RGBA", "RGBX"})
"""Modes whose bytes are the pixels, alpha beside them or not."""
_GREY: Final = frozenset({"1", "LA"})
_WITH_ALPHA: Final = frozenset({"RGBA", "LA", "PA", "P"})
"""Modes that may be transparent; a palette has its transparency, if any, from the decoder."""
_KEYED: Final = frozenset({"1", "L", "RGB"})
"""Modes in which a file may declare one grey or colour transparent."""
_OPAQUE: Final = 255
_STRIP_ROWS: Final = 256
"""Rows that are searched for transparency at a time."""


class Picture(Pixels):
    """The decoded pixels of one picture, as stored, to be walked over; `with` closes them.

    A palette is looked up, and CMYK is turned to RGB by Pillow's formula; of 16 bits the upper 8 are taken.

    Args:
        image: the decoded image; it is closed with the picture, and what Pillow would carry along in its `info` and warn
            about is taken from it.
        orientation: EXIF orientation, 1 to 8.
        scale: the power of two by which the decoder reduced each side.
        full_size: columns and rows of the picture before it was reduced.
        again: decodes the picture again, exactly; None where this is the exact decoding.
        is_doubtful: whether part of it may have been lost.
    """

    def __init__(
        self,
        image: Image.Image,
        *,
        orientation: int,
        scale: int = 1,
        full_size: tuple[int, int] | None = None,
        again: Callable[[], Pixels] | None = None,
        is_doubtful: bool = False,
    ) -> None:
        super().__init__(image.size, orientation=orientation, scale=scale, full_size=full_size, again=again)
        self.is_doubtful = is_doubtful
        self._image = image
        self._transparency = image.info.get("transparency")
        image.info.clear()

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the rows from `start` to before `stop`; raises `MediaError` where they cannot be read."""
        return self._block((0, start, self.width, stop))

    def columns(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the columns from `start` to before `stop`; raises `MediaError` where they cannot be read."""
        return self._block((start, 0, stop, self.height))

    def grey(self) -> Image.Image:
        """Return the whole picture, as stored, as Pillow turns it to grey: mode `L`; raises `MediaError`."""
        with only_media_errors():
            return self._image.convert("L")

    def composite(self, level: int, /) -> "CompositedPicture | None":
        """Composite the picture over a grey ground, 0 to 255.

        Returns:
            None where no part of it is transparent.

        Raises:
            MediaError: the pixels cannot be read.
        """
        with only_media_errors():
            if not self._is_transparent():
                return None
            transparency = self._transparency
            return CompositedPicture(self._image, orientation=self.orientation, level=level, transparency=transparency)

    def close(self) -> None:
        """Release the memory."""
        self._image.close()

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

    def _with_alpha(self, box: tuple[int, int, int, int]) -> Image.Image:
        part = self._image.crop(box)
        if self._transparency is not None:
            part.info["transparency"] = self._transparency
        return part.convert("RGBA")

    def _is_transparent(self) -> bool:
        mode = self._image.mode
        if mode not in _WITH_ALPHA and not (mode in _KEYED and self._transparency is not None):
            return False
        strips = ((start, min(start + _STRIP_ROWS, self.height)) for start in range(0, self.height, _STRIP_ROWS))
        boxes = ((0, start, self.width, stop) for start, stop in strips)
        return any(self._with_alpha(box).getchannel("A").getextrema()[0] != _OPAQUE for box in boxes)


class CompositedPicture(Picture):
    """A picture that is transparent in parts, over a grey ground, as on a page; it shares the picture's memory.

    Args:
        image: the picture; it has to stay open.
        orientation: EXIF orientation, 1 to 8.
        level: of the ground, 0 to 255.
        transparency: the grey or colour that its file declares transparent, if any.
    """

    def __init__(self, image: Image.Image, *, orientation: int, level: int, transparency: object) -> None:
        super().__init__(image, orientation=orientation)
        self._level = level
        self._transparency = transparency

    def grey(self) -> Image.Image:
        """Return the whole picture over its ground as Pillow turns it to grey: mode `L`; raises `MediaError`."""
        with only_media_errors():
            return self._plain((0, 0, self.width, self.height)).convert("L")

    def composite(self, _level: int, /) -> None:
        """Return None: the ground hides any other."""
        return

    def _plain(self, box: tuple[int, int, int, int]) -> Image.Image:
        part = self._with_alpha(box)
        ground = Image.new("RGBA", part.size, (self._level, self._level, self._level, _OPAQUE))
        return Image.alpha_composite(ground, part)


@contextmanager
def only_media_errors() -> Iterator[None]:
    """Let only `MediaError` out of a decoder, in words that a person can read."""
    try:
        yield
    except MediaError:
        raise
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaTooLargeError from None
    except Exception:  # noqa: BLE001  # decoders raise anything, and their words may quote the file
        raise BrokenMediaError from None
