"""The orientation is read from EXIF, and nothing goes wrong where there is none."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hashclient.media.exif import orientation


def exif(value: int, *, order: str = "<", kind: int = 3, count: int = 1, before: int = 0) -> bytes:
    """Write an EXIF block with some other entries before the orientation."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    others = b"".join(struct.pack(f"{order}HHII", 256 + number, 4, 1, 9) for number in range(before))
    form = {1: "B", 3: "H", 4: "I"}[kind]
    entry = struct.pack(f"{order}HHI{form}", 274, kind, count, value).ljust(12, b"\0")
    return b"Exif\0\0" + head + struct.pack(f"{order}H", before + 1) + others + entry + bytes(4)


@given(st.integers(1, 8), st.sampled_from("<>"), st.sampled_from([3, 4]), st.integers(0, 5), st.booleans())
def test_what_is_written_is_read(value: int, order: str, kind: int, before: int, headed: bool) -> None:
    """Each orientation is read in either byte order, short or long, with or without the head."""
    block = exif(value, order=order, kind=kind, before=before)
    assert orientation(block if headed else block[6:]) == value


@given(st.integers(1, 8))
def test_what_pillow_writes_is_read(value: int) -> None:
    """Orientations as Pillow writes them are read."""
    written = Image.Exif()
    written[274] = value
    written[271] = "a maker of cameras"
    assert orientation(written.tobytes()) == value


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Exif\0\0",
        b"not EXIF at all",
        exif(0),
        exif(9),
        exif(65_535),
        exif(6, kind=1),
        exif(6, count=2),
        exif(6)[:20],
        exif(6, before=3)[:40],
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\0\0",
    ],
)
def test_what_cannot_be_read_is_upright(block: bytes) -> None:
    """Damaged, missing and unknown orientations read as upright."""
    assert orientation(block) == 1


@given(st.binary(max_size=200))
def test_any_bytes_have_an_orientation(untrusted: bytes) -> None:
    """No bytes bring out anything but a number from 1 to 8."""
    assert 1 <= orientation(untrusted) <= 8
    assert 1 <= orientation(b"II*\0\x08\0\0\0" + untrusted) <= 8
