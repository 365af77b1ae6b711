"""Let numpy look at an image of Pillow's where it lies, without a copy.

Pillow lends its memory through the Arrow C data interface; numpy borrows memory that an object describes as
`__array_interface__`. This file connects the two, for images of floats, which are all that hashing walks over. Where
Pillow cannot lend, the pixels are copied instead.

Source:
    The Arrow C data interface, "Structure definitions"; Pillow's `Image.__arrow_c_array__`.
"""

import ctypes

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class _ArrowArray(ctypes.Structure):
    """The head of `struct ArrowArray`, as far as it is read here."""

    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    )


_address_in = ctypes.pythonapi.PyCapsule_GetPointer
_address_in.restype = ctypes.c_void_p
_address_in.argtypes = [ctypes.py_object, ctypes.c_char_p]


class _Loan:
    """What numpy asks of memory that it borrows; the memory stays for as long as this object lives.

    Raises:
        ValueError: Pillow holds this image in several parts.
    """

    def __init__(self, image: Image.Image) -> None:
        _, self._kept = image.__arrow_c_array__()
        lent = _ArrowArray.from_address(_address_in(self._kept, b"arrow_array"))
        if (lent.length, lent.offset, lent.n_buffers) != (image.width * image.height, 0, 2):
            raise ValueError
        self.__array_interface__ = {
            "version": 3,
            "shape": (image.height, image.width),
            "typestr": np.dtype(np.float32).str,
            "data": (lent.buffers[1], True),
        }


def floats_of(image: Image.Image) -> NDArray[np.float32]:
    """Return the pixels of an image of floats.

    Args:
        image: mode `F`.

    Returns:
        Float32, shape (height, width), not to be written to; it outlives the image.
    """
    try:
        return np.asarray(_Loan(image))
    except ValueError:
        return np.asarray(image)
