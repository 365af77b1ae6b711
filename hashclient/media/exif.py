"""Read one number from EXIF: how a picture is turned.

Only the first directory of a TIFF structure is looked at. Whatever is damaged or missing reads as 1, upright, which is
also what a viewer shows. Nothing else of EXIF is read.

Source:
    Exif 2.32 (CIPA DC-008), 4.6.4, tag 274; TIFF 6.0, section 2.
"""

import struct
from typing import Final

from hashclient.pixels import UPRIGHT

_ORIENTATION: Final = 274
_SHORT: Final = 3
_LONG: Final = 4
_ORDER: Final = {b"II*\0": "<", b"MM\0*": ">"}


def orientation(untrusted: bytes) -> int:
    """Read the orientation.

    Args:
        untrusted: an EXIF block, with or without its `Exif` head.

    Returns:
        1 to 8; 1 where there is none.
    """
    tiff = untrusted.removeprefix(b"Exif\0\0")
    order = _ORDER.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        return _from_directory(tiff, order)
    except struct.error:  # it ends too soon
        return UPRIGHT


def _from_directory(tiff: bytes, order: str) -> int:
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (entries,) = struct.unpack_from(f"{order}H", tiff, start)
    for place in range(start + 2, start + 2 + 12 * entries, 12):
        tag, kind, count = struct.unpack_from(f"{order}HHI", tiff, place)
        if tag == _ORIENTATION:
            form = {_SHORT: "H", _LONG: "I"}.get(kind) if count == 1 else None
            value = struct.unpack_from(order + form, tiff, place + 8)[0] if form else UPRIGHT
            return int(value) if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT
