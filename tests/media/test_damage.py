"""Damage at any place is refused or said, in every format, and nothing but damage is."""

import io
import re
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from hashclient.errors import BrokenMediaError, MediaError
from hashclient.hashing.pdq import PdqHasher
from hashclient.media.image import open_image
from hashclient.media.png import has_all_rows, neutral_png
from kit.bad_pictures import chunk, picture, png, saved

TENTHS = range(1, 10)
FORMATS = {
    "JPEG": saved("JPEG", picture(160, 120)),
    "JPEG progressive": saved("JPEG", picture(160, 120), progressive=True),
    "JPEG of CMYK": saved("JPEG", picture(160, 120).convert("CMYK")),
    "PNG": saved("PNG", picture(160, 120)),
    "PNG of a palette": saved("PNG", picture(160, 120).convert("P")),
    "WEBP": saved("WEBP", picture(160, 120)),
    "WEBP lossless": saved("WEBP", picture(160, 120), lossless=True),
    "GIF": saved("GIF", picture(160, 120).convert("P")),
    "BMP": saved("BMP", picture(160, 120)),
    "HEIF": saved("HEIF", picture(160, 120)),
    "AVIF": saved("AVIF", picture(160, 120)),
}


def is_taken_silently(untrusted: bytes) -> bool:
    try:
        with open_image(untrusted) as opened:
            PdqHasher().hash_image(opened)
            return not opened.is_doubtful
    except MediaError:
        return False


@pytest.mark.parametrize("name", FORMATS)
def test_good_files_are_taken(name: str) -> None:
    """Without a word."""
    assert is_taken_silently(FORMATS[name])


@pytest.mark.parametrize("tenth", TENTHS)
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_ends_early_is_refused(name: str, tenth: int) -> None:
    """At every tenth of a file."""
    assert not is_taken_silently(FORMATS[name][: len(FORMATS[name]) * tenth // 10])


@pytest.mark.parametrize("tenth", TENTHS)
@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"BMP"}))
def test_a_file_that_ends_in_zeros_is_refused_or_said(name: str, tenth: int) -> None:
    """As a download or a stick leaves it; a BMP, which has no codes, cannot tell."""
    kept = len(FORMATS[name]) * tenth // 10
    untrusted = FORMATS[name][:kept].ljust(max(kept + 600, len(FORMATS[name])), b"\0")
    assert not is_taken_silently(untrusted)


@pytest.mark.parametrize("tenth", TENTHS)
@pytest.mark.parametrize("name", [name for name in FORMATS if name.startswith("JPEG")])
def test_an_end_marker_that_was_put_on_makes_nothing_whole(name: str, tenth: int) -> None:
    """Programs that save what they have got put one on."""
    assert not is_taken_silently(FORMATS[name][: len(FORMATS[name]) * tenth // 10] + b"\xff\xd9")


@pytest.mark.parametrize("tenth", range(2, 9))
@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"BMP"}))
def test_a_hole_is_refused_or_said(name: str, tenth: int) -> None:
    """512 zeros in the middle of the data."""
    untrusted = FORMATS[name]
    place = len(untrusted) * tenth // 10
    assert not is_taken_silently(untrusted[:place] + bytes(512) + untrusted[place + 512 :])


def rows_of(mode: str, *, interlaced: bool) -> tuple[bytes, bytes]:
    """Write a PNG whose last pixels are black, whole and with too few rows; both with right checksums."""
    depth, colour, bits = {"1": (1, 0, 1), "L": (8, 0, 8), "P": (8, 3, 8), "RGB": (8, 2, 24), "RGBA": (8, 6, 32)}[mode]
    width, height = 37, 29
    passes = [(width, height)]
    if interlaced:
        starts = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))
        passes = [(len(range(left, width, x)), len(range(top, height, y))) for left, x, top, y in starts]
    noise = np.random.default_rng(2).bytes
    rows = [b"\0" + noise(-(-across * bits // 8)) for across, down in passes for _ in range(down)]
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    palette = chunk(b"PLTE", bytes(range(256)) * 3) if mode == "P" else b""

    def written(data: bytes) -> bytes:
        pixels = chunk(b"IDAT", zlib.compress(data))
        return b"\x89PNG\r\n\x1a\n" + header + palette + pixels + chunk(b"IEND", b"")

    return written(b"".join(rows)), written(b"".join(rows[:-1]))


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_a_png_with_too_few_rows_is_refused(mode: str, interlaced: bool) -> None:
    """Even one row too few, in every mode; Pillow would leave it black."""
    whole, short = rows_of(mode, interlaced=interlaced)
    assert has_all_rows(neutral_png(whole)[0])
    assert not has_all_rows(neutral_png(short)[0])
    with open_image(whole):
        pass
    with pytest.raises(BrokenMediaError):
        open_image(short)


def test_black_rows_are_no_damage() -> None:
    """A picture that ends in black has all its rows, however its data is cut into chunks."""
    image = picture(300, 200)
    image.paste((0, 0, 0), (0, 100, 300, 200))
    with open_image(saved("PNG", image)) as opened:
        assert not opened.rows(199, 200).any()
    data = zlib.compress(bytes(200 * 901))
    parts = [chunk(b"IDAT", data[start : start + 7]) for start in range(0, len(data), 7)]
    with open_image(png(300, 200, chunks=tuple(parts))):
        pass


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("kind", ["L", "RGB", "CMYK"])
def test_even_areas_of_a_jpeg_are_no_damage(kind: str, progressive: bool) -> None:
    """Codes that are fitted to a picture with wide margins make them zeros; a hole in it is found all the same."""
    page = Image.new("RGB", (1600, 1600), "white")
    page.paste(picture(320, 240), (200, 400))
    untrusted = saved("JPEG", page.convert(kind), optimize=True, progressive=progressive)
    assert bytes(512) in untrusted
    assert is_taken_silently(untrusted)
    busy = re.compile(rb"[^\0]{40}").search(untrusted, untrusted.index(bytes(512)))
    assert busy is not None
    assert not is_taken_silently(untrusted[: busy.end()] + bytes(512) + untrusted[busy.end() + 512 :])
    assert not is_taken_silently(untrusted[: busy.end()].ljust(len(untrusted), b"\0"))


def test_a_hole_in_a_webp_is_said() -> None:
    """Large even pictures hold many zeros, too, so it is hashed, and a word is said."""
    untrusted = FORMATS["WEBP lossless"]
    middle = len(untrusted) // 2
    with open_image(untrusted[:middle] + bytes(512) + untrusted[middle + 512 :]) as opened:
        assert opened.is_doubtful


@pytest.mark.parametrize("name", ["HEIF", "AVIF"])
def test_what_a_telephone_puts_after_the_last_box_is_no_damage(name: str) -> None:
    """Notes of a maker, which are no boxes, or boxes of theirs that claim to be longer."""
    for note in (b"\0\0", bytes(40), b"\xff\xff\xff\xffSEFH" + bytes(20), b"\0\0\0\x10free" + bytes(8)):
        assert is_taken_silently(FORMATS[name] + note)
    assert not is_taken_silently(FORMATS[name] + b"\0\0\xff\xfffree" + bytes(20))


def test_zeros_in_exif_are_no_damage() -> None:
    """Only the data of pixels is searched for zeros."""
    exif = Image.Exif()
    exif[0x927C] = bytes(4000)
    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "HEIF"):
        file = io.BytesIO()
        if kind == "HEIF":
            file.write(saved("HEIF", picture(160, 120), exif=exif.tobytes()))
        else:
            picture(160, 120).save(file, kind, exif=exif)
        assert bytes(2000) in file.getvalue()
        assert is_taken_silently(file.getvalue()), kind
