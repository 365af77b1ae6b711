"""JPEGs of every kind give the pixels that Pillow gives, and damaged ones none."""

import io
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError, UnsupportedMediaError
from hashclient.media import limits
from hashclient.media.image import open_image
from hashclient.media.jpeg.complete import read_jpeg
from hashclient.media.jpeg.huffman import check_scans
from hashclient.media.jpeg.segments import segments
from hashclient.media.limits import ImageLimits
from hashclient.vocabulary import Decode
from kit.bad_pictures import jpeg_frame, picture, saved
from kit.jpegs import jpeg_of, segment

PLAIN: dict[str, tuple[tuple[int, int], ...]] = {
    "1 channel": ((1, 1),),
    "1 channel in units": ((2, 2),),
    "4:4:4": ((1, 1),) * 3,
    "4:2:2": ((2, 1), (1, 1), (1, 1)),
    "4:4:0": ((1, 2), (1, 1), (1, 1)),
    "4:2:0": ((2, 2), (1, 1), (1, 1)),
    "4:1:1": ((4, 1), (1, 1), (1, 1)),
    "4:4:1": ((1, 4), (1, 1), (1, 1)),
}
RARE: dict[str, tuple[tuple[int, int], ...]] = {
    "less luma than colour": ((1, 1), (2, 2), (1, 1)),
    "unlike colours": ((2, 2), (1, 2), (2, 1)),
    "three across": ((3, 1), (1, 1), (1, 1)),
    "all in units": ((2, 1), (2, 1), (2, 1)),
    "eight of one": ((4, 2), (1, 1), (1, 1)),
}


def by_pillow(untrusted: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(untrusted)).convert("RGB"))  # noqa: TID251  # to compare with


def pixels(untrusted: bytes, decode: Decode = Decode.EXACT) -> NDArray[np.uint8]:
    with open_image(untrusted, decode=decode) as opened:
        return np.broadcast_to(opened.rows(0, opened.height), (opened.height, opened.width, 3))


@pytest.mark.parametrize("restart", [0, 3])
@pytest.mark.parametrize("name", PLAIN | RARE)
def test_every_sampling_gives_the_pixels_that_pillow_gives(name: str, restart: int) -> None:
    """Also where libjpeg-turbo has no name for it, with and without restart markers, and of odd sizes."""
    untrusted = jpeg_of(61, 45, (PLAIN | RARE)[name], restart=restart)
    assert read_jpeg(untrusted).is_plain == (name in PLAIN)
    assert np.array_equal(pixels(untrusted), by_pillow(untrusted))


@pytest.mark.parametrize("progressive", [False, True])
def test_cmyk_is_checked_and_left_to_pillow(progressive: bool) -> None:
    """Its pixels are those of Pillow's formula, and damage is found."""
    untrusted = saved("JPEG", picture(200, 150).convert("CMYK"), progressive=progressive)
    assert np.array_equal(pixels(untrusted), by_pillow(untrusted))
    with pytest.raises(BrokenMediaError):
        pixels(untrusted[: len(untrusted) // 2] + b"\xff\xd9")


@pytest.mark.parametrize("scale", [2, 4, 8])
@pytest.mark.parametrize("kind", ["RGB", "L"])
def test_reduced_sizes_are_those_of_pillow(kind: str, scale: int) -> None:
    """The scaled decoding gives what Pillow's gives, at odd sizes and in every sampling that is written."""
    from hashclient.media.jpeg.decode import decode_jpeg

    for width, height, subsampling in ((1023, 517, 0), (64, 48, 1), (333, 222, 2), (9, 8, 2)):
        untrusted = saved("JPEG", picture(width, height).convert(kind), subsampling=subsampling)
        image = Image.open(io.BytesIO(untrusted))  # noqa: TID251  # to compare with
        image.draft(None, (width // scale, height // scale))
        expected = np.asarray(image)
        decoded = decode_jpeg(read_jpeg(untrusted), scale=scale)
        assert np.array_equal(decoded if kind == "RGB" else decoded[..., 0], expected)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing", [1, 2])
def test_a_missing_end_marker_is_put_back(missing: int, progressive: bool) -> None:
    """A file that lacks its end marker, or half of it, gives the pixels of the whole file."""
    whole = saved("JPEG", picture(160, 120), progressive=progressive)
    assert np.array_equal(pixels(whole[:-missing]), pixels(whole))


@pytest.mark.parametrize("name", RARE)
def test_damage_in_rare_kinds_is_found(name: str) -> None:
    """Cuts, with zeros or an end marker put on, and blocks beyond the last."""
    whole = jpeg_of(96, 80, RARE[name])
    for place in range(len(whole) // 5, len(whole) - 3, len(whole) // 10):
        for end in (b"", b"\xff\xd9", bytes(len(whole) - place)):
            with pytest.raises(BrokenMediaError):
                pixels(whole[:place] + end)
    with pytest.raises(BrokenMediaError):
        pixels(whole[:-2] + b"\x55" * 9 + b"\xff\xd9")


def test_restart_markers_come_in_turn() -> None:
    """One that is missing, doubled or out of turn is damage."""
    whole = jpeg_of(96, 80, RARE["three across"], restart=2)
    for spoilt in (
        whole.replace(b"\xff\xd1", b"\xff\xd2", 1),
        whole.replace(b"\xff\xd1", b"", 1),
        whole.replace(b"\xff\xd1", b"\xff\xd1\xff\xd2", 1),
    ):
        with pytest.raises(BrokenMediaError):
            pixels(spoilt)


@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"progressive": True}])
def test_a_large_even_area_is_no_damage(options: dict[str, bool]) -> None:
    """Shortest codes, all zeros, say "as before": a picture on white was refused, saved as most of the web saves."""
    page = Image.new("RGB", (900, 900), "white")
    page.paste(picture(64, 48), (400, 400))
    untrusted = saved("JPEG", page, **options)
    assert np.array_equal(pixels(untrusted), by_pillow(untrusted))
    with open_image(untrusted) as opened:
        assert not opened.is_doubtful


def test_zeros_that_no_even_area_gives_are_damage() -> None:
    """Where the code of zeros stands for a change, as in most cameras' tables, nothing whole holds many."""
    whole = saved("JPEG", picture(640, 480))
    with pytest.raises(BrokenMediaError):
        read_jpeg(whole[:2000] + bytes(600) + whole[2600:])


def test_markers_may_be_filled_up() -> None:
    """By any number of bytes of ones, restart markers too."""
    whole = jpeg_of(96, 80, RARE["three across"], restart=2)
    filled = whole.replace(b"\xff\xd1", b"\xff\xff\xff\xd1").replace(b"\xff\xd9", b"\xff\xff\xd9")
    assert np.array_equal(pixels(filled), pixels(whole))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_the_slow_check_passes_good_files_and_finds_gaps(mode: str, progressive: bool) -> None:
    """What libjpeg-turbo takes passes code by code, and nearly no file that lost 300 bytes does."""
    whole = saved("JPEG", picture(120, 90).convert(mode), progressive=progressive)
    check_scans(read_jpeg(whole).neutral)
    found = 0
    for place in range(700, len(whole) - 302, (len(whole) - 1002) // 20):
        try:
            jpeg = read_jpeg(whole[:place] + whole[place + 300 :])
            check_scans(jpeg.neutral)
        except MediaError:
            found += 1
    assert found >= 18


def test_a_scan_that_is_missing_is_damage() -> None:
    """A progressive picture that ends after any scan but its last, with an end marker, is not whole."""
    whole = saved("JPEG", picture(64, 48), progressive=True)
    scans = [place for place in range(len(whole)) if whole.startswith(b"\xff\xda", place)]
    assert len(scans) > 5
    for place in scans[1:]:
        with pytest.raises(BrokenMediaError):
            read_jpeg(whole[:place] + b"\xff\xd9")
    read_jpeg(whole)


def test_a_first_scan_that_is_missing_is_damage() -> None:
    """One that only makes finer what never came does not stand for it: it was taken, 50 bits off."""
    whole = saved("JPEG", picture(64, 48), progressive=True)
    first = whole.index(b"\xff\xda")
    second = min(whole.index(marker, first + 2) for marker in (b"\xff\xda", b"\xff\xc4"))
    assert whole[first + 13] == 0x01  # brings all but the last bit of each mean
    with pytest.raises(BrokenMediaError):
        read_jpeg(whole[:first] + whole[second:])


@pytest.mark.parametrize("marker", [0xC9, 0xCA])
def test_arithmetic_coding_is_not_read(marker: int) -> None:
    """Its data may end early without being damaged, so that libjpeg fills in what was cut off and warns of nothing."""
    whole = saved("JPEG", picture(64, 48))
    with pytest.raises(UnsupportedMediaError):
        read_jpeg(whole.replace(b"\xff\xc0", bytes((0xFF, marker)), 1))


def test_scans_of_a_sequential_picture_are_held_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where colours come one after the other, every coefficient is held until the last, as in a progressive picture."""
    scan = segment(0xDA, b"\1\1\0\0\x3f\0")
    whole = jpeg_of(64, 48, PLAIN["1 channel"])
    monkeypatch.setattr(limits, "IMAGES", ImageLimits(max_progressive_samples=64 * 48 - 1))
    pixels(whole)
    start = whole.index(scan)
    with pytest.raises(MediaTooLargeError):
        pixels(whole[:start] + whole[start:-2] + whole[start:])


def test_only_what_pixels_need_reaches_a_decoder() -> None:
    """Comments, profiles, EXIF and short or foreign segments are left out, and change no pixel."""
    plain = saved("JPEG", picture(64, 48))
    extra = b"".join(
        (
            segment(0xE1, b"Exif\0\0" + bytes(60_000)),
            segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(60_000)),
            segment(0xE2, b"ICC_PROFILE\0"),
            segment(0xEE, b"Adobe"),
            segment(0xED, b"Photoshop 3.0\0"),
            segment(0xE0, b"JFIF\0"),
            segment(0xFE, b"A comment, with a name in it"),
        )
    )
    untrusted = plain[:2] + extra + b"\0garbage" + plain[2:]
    jpeg = read_jpeg(untrusted)
    assert jpeg.neutral == plain
    assert {one.marker for one in segments(jpeg.neutral)} == {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
    assert np.array_equal(pixels(untrusted), pixels(plain))


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF])
def test_frames_that_nobody_reads_are_unsupported(marker: int) -> None:
    """Lossless and differential JPEGs are no damaged files."""
    with pytest.raises(UnsupportedMediaError):
        read_jpeg(jpeg_frame(64, 48, marker=marker))


def test_twelve_bits_are_unsupported() -> None:
    """No more is claimed than is known: it is whole, and cannot be read."""
    with pytest.raises(UnsupportedMediaError):
        read_jpeg(jpeg_frame(64, 48, bits=12))


@given(st.binary(max_size=400), st.integers(0, 60))
def test_any_segments_are_read_or_refused(rest: bytes, kept: int) -> None:
    """Nothing but our errors comes out of the reader, whatever follows the start."""
    whole = jpeg_of(16, 16, PLAIN["4:2:0"])
    with suppress(MediaError):
        check_scans(read_jpeg(whole[: 2 + kept] + rest).neutral)


@given(st.lists(st.tuples(st.integers(2, 2000), st.integers(0, 255)), min_size=1, max_size=5), st.booleans())
def test_any_change_is_read_or_refused(changes: list[tuple[int, int]], progressive: bool) -> None:
    """The slow check ends, and with nothing but our errors, on whatever some changed bytes make of a picture."""
    spoilt = bytearray(saved("JPEG", picture(24, 16), progressive=progressive))
    for place, value in changes:
        spoilt[place % len(spoilt)] = value
    try:
        jpeg = read_jpeg(bytes(spoilt))
        if jpeg.frame.width * jpeg.frame.height < 1_000_000:
            check_scans(jpeg.neutral)
    except MediaError:
        pass
