"""Good pictures of every kind give the pixels that the reference sees, and nothing else changes."""

import io
import struct
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, features

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.hashing.pdq import PdqHasher, pdq_hash
from hashclient.media import limits
from hashclient.media.formats import FORMATS, kind_of
from hashclient.media.image import open_image
from hashclient.media.limits import ImageLimits, jpeg_reduction
from hashclient.media.picture import Picture
from hashclient.media.webp import declared_size
from hashclient.pixels import Pixels, luma
from hashclient.vocabulary import Decode
from kit.bad_pictures import bmp, chunk, picture, riff, saved


def pixels_of(opened: Pixels) -> NDArray[np.uint8]:
    return opened.rows(0, opened.height)


def reopened(untrusted: bytes) -> Image.Image:
    import pillow_heif

    if kind_of(untrusted) == "HEIF":
        return pillow_heif.HeifImageFile(io.BytesIO(untrusted))  # type: ignore[no-untyped-call]  # it ships no types
    return Image.open(io.BytesIO(untrusted))  # noqa: TID251  # what everybody else does, to compare with


MODES = {
    "1.png": ("PNG", "1"),
    "L.png": ("PNG", "L"),
    "LA.png": ("PNG", "LA"),
    "P.png": ("PNG", "P"),
    "RGB.png": ("PNG", "RGB"),
    "RGBA.png": ("PNG", "RGBA"),
    "L.jpg": ("JPEG", "L"),
    "RGB.jpg": ("JPEG", "RGB"),
    "YCbCr.jpg": ("JPEG", "YCbCr"),
    "CMYK.jpg": ("JPEG", "CMYK"),
    "P.gif": ("GIF", "P"),
    "L.gif": ("GIF", "L"),
    "RGB.webp": ("WEBP", "RGB"),
    "RGBA.webp": ("WEBP", "RGBA"),
    "1.bmp": ("BMP", "1"),
    "P.bmp": ("BMP", "P"),
    "RGB.bmp": ("BMP", "RGB"),
    "RGBA.bmp": ("BMP", "RGBA"),
    "L.heic": ("HEIF", "L"),
    "RGB.heic": ("HEIF", "RGB"),
    "RGBA.heic": ("HEIF", "RGBA"),
    "RGB.avif": ("AVIF", "RGB"),
    "RGBA.avif": ("AVIF", "RGBA"),
}


@pytest.mark.parametrize("name", MODES)
def test_every_kind_and_mode_gives_the_pixels_that_pillow_gives(name: str) -> None:
    """Pixels, and so the hash, are those of Pillow's RGB; blocks, columns and luma are parts of the same."""
    kind, mode = MODES[name]
    untrusted = saved(kind, picture().convert(mode))
    expected = np.asarray(reopened(untrusted).convert("RGB"))
    assert kind_of(untrusted) == kind
    with open_image(untrusted) as opened:
        assert (opened.width, opened.height, opened.orientation, opened.scale) == (64, 48, 1, 1)
        pixels = pixels_of(opened)
        assert np.array_equal(np.broadcast_to(pixels, expected.shape), expected)
        assert np.array_equal(opened.rows(7, 20), pixels[7:20])
        assert np.array_equal(opened.columns(9, 30), pixels[:, 9:30])
        assert np.array_equal(opened.luma(7, 20), luma(pixels[7:20]))
        (signal,) = PdqHasher().hash_image(opened)
    assert (signal.value, signal.quality) == pdq_hash(expected)


@pytest.mark.parametrize("mode", ["PA", "RGBX", "YCbCr", "HSV"])
def test_modes_that_no_file_has_are_read_as_well(mode: str) -> None:
    """Modes that a decoder may come to give are converted as Pillow converts them."""
    if mode == "PA":
        image = picture().convert("P")
        image.putalpha(9)
    else:
        image = picture().convert(mode)
    assert image.mode == mode
    with Picture(image.copy(), orientation=1, scale=1) as opened:
        assert np.array_equal(pixels_of(opened), np.asarray(image.convert("RGB")))


def test_sixteen_bits_lose_the_lower_eight() -> None:
    """Of 16 bits of grey or colour, the upper 8 are the pixel."""
    grey = np.array([[0, 255, 256, 511, 32_768, 65_535]], np.uint16)
    with open_image(saved("PNG", Image.fromarray(grey))) as opened:
        assert pixels_of(opened)[..., 0].tolist() == [[0, 0, 1, 1, 128, 255]]
        assert opened.luma(0, 1).tolist() == [[0, 0, 1, 1, 128, 255]]


def test_alpha_is_dropped() -> None:
    """What lies under full transparency counts as it is stored, as in the matchers in use."""
    hidden = picture()
    hidden.putalpha(0)
    with open_image(saved("PNG", hidden)) as opened:
        assert np.array_equal(pixels_of(opened), np.asarray(picture()))


def test_transparent_palettes_give_no_warning() -> None:
    """A palette with transparency is looked up in silence."""
    indexed = picture().convert("P")
    untrusted = saved("PNG", indexed, transparency=bytes(range(256)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with open_image(untrusted) as opened:
            assert np.array_equal(pixels_of(opened), np.asarray(indexed.convert("RGB")))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_the_first_frame_of_an_animation_counts(kind: str) -> None:
    """Of an animation the first frame is opened."""
    first, second = picture(), ImageOps.invert(picture())
    options = {"save_all": True, "append_images": [second]} | ({"lossless": True} if kind == "WEBP" else {})
    with open_image(saved(kind, first, **options)) as opened:
        distance = np.abs(pixels_of(opened).astype(int) - np.asarray(first)).mean()
        assert distance < (25 if kind == "GIF" else 1)  # a GIF has 256 colours; the inverted frame is at 128


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_turned_pictures_are_hashed_upright(kind: str, orientation: int) -> None:
    """The original hash is that of the pixels which Pillow turns upright; stored is that of the rest of the world."""
    exif = Image.Exif()
    exif[274] = orientation
    untrusted = saved(kind, picture(90, 70), exif=exif)
    with open_image(untrusted) as opened:
        assert opened.orientation == orientation
        signals = PdqHasher().hash_image(opened)
    plain = reopened(untrusted)
    upright = ImageOps.exif_transpose(plain)
    assert upright is not None
    assert (signals[0].value, signals[0].quality) == pdq_hash(np.asarray(upright.convert("RGB")))
    assert (signals[-1].value, signals[-1].quality) == pdq_hash(np.asarray(plain.convert("RGB")))
    assert len(signals) == (1 if orientation == 1 else 2)


def test_heic_comes_upright() -> None:
    """HEIC keeps its turns outside EXIF, and its decoder has already done them."""
    exif = Image.Exif()
    exif[274] = 6
    with open_image(saved("HEIF", picture(90, 70), exif=exif.tobytes())) as opened:
        assert (opened.width, opened.height, opened.orientation) == (70, 90, 1)
        assert len(PdqHasher().hash_image(opened)) == 1


def test_damaged_exif_gives_no_warning() -> None:
    """EXIF that Pillow would warn about is read as upright, in silence."""
    untrusted = saved("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(40))
    untrusted = untrusted.replace(b"JFIF\0\1\1\0\0\1\0\1", b"JFIF\0\1\1\0\0\0\0\0", 1)  # no resolution but in EXIF
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with open_image(untrusted) as opened:
            assert opened.orientation == 1


@pytest.mark.parametrize("tail", [b"PK\x03\x04 an archive", b"<script>", bytes(3000)])
def test_what_follows_a_picture_is_ignored(tail: bytes) -> None:
    """A good picture with something else behind it hashes as the picture alone."""
    with open_image(saved("JPEG") + tail) as longer, open_image(saved("JPEG")) as alone:
        assert np.array_equal(pixels_of(longer), pixels_of(alone))


def test_limits_count_before_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, sides and pixels over a limit are refused; at the limit they are not."""
    untrusted = saved("PNG")
    for less in (
        ImageLimits(max_file_bytes=len(untrusted) - 1),
        ImageLimits(max_side=63),
        ImageLimits(max_pixels=64 * 48 - 1),
    ):
        monkeypatch.setattr(limits, "IMAGES", less)
        with pytest.raises(MediaTooLargeError):
            open_image(untrusted)
    exactly = ImageLimits(max_file_bytes=len(untrusted), max_side=64, max_pixels=64 * 48)
    monkeypatch.setattr(limits, "IMAGES", exactly)
    open_image(untrusted).close()


@pytest.mark.parametrize(
    ("kind", "less"),
    [
        ("JPEG", ImageLimits(max_jpeg_pixels=3071)),
        ("WEBP", ImageLimits(max_webp_pixels=3071)),
        ("HEIF", ImageLimits(max_heif_pixels=3071)),
        ("AVIF", ImageLimits(max_avif_pixels=3071)),
    ],
)
def test_kinds_have_limits_of_their_own(kind: str, less: ImageLimits, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind whose decoder takes more memory has its own limit."""
    monkeypatch.setattr(limits, "IMAGES", less)
    with pytest.raises(MediaTooLargeError):
        open_image(saved(kind))


MANY_PARTS: dict[str, tuple[bytes, bytes, bytes]] = {
    "JPEG tables": (saved("JPEG")[:2], b"\xff\xc4\0\2", saved("JPEG")[2:]),
    "JPEG notes": (saved("JPEG")[:2], b"\xff\xe4\0\2", saved("JPEG")[2:]),
    "JPEG markers": (saved("JPEG")[:2], b"\xff\1", saved("JPEG")[2:]),
    "PNG data": (saved("PNG")[:-12], chunk(b"IDAT", b""), saved("PNG")[-12:]),
    "PNG notes": (saved("PNG")[:-12], chunk(b"teXt", b""), saved("PNG")[-12:]),
    "WEBP notes": (saved("WEBP"), b"NOTE\0\0\0\0", b""),
    "HEIF boxes": (saved("HEIF"), b"\0\0\0\x08free", b""),
    "AVIF boxes": (saved("AVIF"), b"\0\0\0\x08free", b""),
}


@pytest.mark.parametrize("name", MANY_PARTS)
def test_many_small_parts_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """64 MiB of empty parts took up to 3 GB and 30 s."""
    head, part, tail = MANY_PARTS[name]
    monkeypatch.setattr(limits, "IMAGES", ImageLimits(max_parts=200))

    def with_parts(count: int) -> bytes:
        whole = head + part * count + tail
        return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:] if name.startswith("WEBP") else whole

    open_image(with_parts(100)).close()
    with pytest.raises(MediaTooLargeError):
        open_image(with_parts(200))


def test_a_jpeg_over_the_limit_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A JPEG with more pixels than are decoded in full comes at the smallest power of two that fits."""
    untrusted = saved("JPEG", picture(641, 480))
    for most, scale in ((641 * 480, 1), (641 * 480 - 1, 2), (641 * 480 // 4, 2), (20_000, 4), (4_000, 8), (9, 8)):
        monkeypatch.setattr(limits, "IMAGES", ImageLimits(max_pixels_full=most, max_pixels_reduced=most))
        with open_image(untrusted) as opened:
            assert opened.scale == scale
            assert opened.full_size == (641, 480)
            assert (opened.width, opened.height) == (-(-641 // scale), 480 // scale)
            assert opened.rows(0, 1).shape == (1, opened.width, 3)


def test_the_largest_jpegs_leave_25_megapixels() -> None:
    """By default a JPEG of more than 50 megapixels is reduced until at most 25 are left, in either way."""
    for size, scale in (((7071, 7071), 1), ((7072, 7072), 2), ((10_000, 10_001), 4), ((16_320, 12_288), 4)):
        assert jpeg_reduction(size, Decode.EXACT) == scale
        assert jpeg_reduction(size, Decode.FAST) >= scale


def test_fast_decoding_leaves_1024_pixels() -> None:
    """Fast decodes a JPEG at the largest power of two that leaves the shorter side 1024 pixels; others in full."""
    large = Image.effect_noise((4100, 2100), 60)
    with open_image(saved("JPEG", large), decode=Decode.FAST) as fast, open_image(saved("JPEG", large)) as exact:
        assert (fast.scale, exact.scale) == (2, 1)
        (quick,), (full,) = PdqHasher().hash_image(fast), PdqHasher().hash_image(exact)
        assert quick - full <= 2
    with open_image(saved("JPEG"), decode=Decode.FAST) as small:
        assert small.scale == 1
    with open_image(saved("PNG", large), decode=Decode.FAST) as other:
        assert other.scale == 1


def test_run_length_bitmaps_are_read() -> None:
    """A run-length coded bitmap of ordinary size is read."""
    with open_image(bmp(8, 6, bits=8, compression=1, body=b"\x08\x00\0\0" * 6 + b"\0\1")) as opened:
        assert pixels_of(opened).shape[:2] == (6, 8)


def test_sizes_are_read_where_opening_takes_memory() -> None:
    """WebP's size is read from its header, in all three forms; other kinds and stumps have none."""
    assert declared_size(saved("WEBP")) == (64, 48)
    assert declared_size(saved("WEBP", lossless=True)) == (64, 48)
    exif = Image.Exif()
    exif[274] = 1
    assert declared_size(saved("WEBP", exif=exif)) == (64, 48)
    assert declared_size(riff(b"ALPH", bytes(40))) is None
    assert declared_size(saved("WEBP")[:20]) is None
    assert declared_size(saved("PNG")) is None


def test_closed_pictures_give_no_pixels() -> None:
    """After closing, pixels are refused with one of our errors."""
    with open_image(saved("PNG")) as opened:
        pass
    with pytest.raises(BrokenMediaError):
        opened.rows(0, 1)


def test_memory_that_runs_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where memory runs out while decoding, the picture was too large."""

    def exhausted(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", exhausted)
    with pytest.raises(MediaTooLargeError):
        open_image(saved("PNG"))


STARVED = """
import resource, sys
from pathlib import Path
from hashclient.errors import MediaTooLargeError
from hashclient.media.image import open_image
untrusted = sys.stdin.buffer.read()
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + int(sys.argv[1]), used + int(sys.argv[1])))
try:
    open_image(untrusted)
except MediaTooLargeError:
    print("too large")
"""


@pytest.mark.parametrize("left", [4_000_000, 20_000_000])
def test_a_jpeg_for_which_memory_runs_out_is_not_called_damaged(left: int) -> None:
    """Neither where there is none for its pixels, nor where libjpeg gets none for its coefficients."""
    untrusted = saved("JPEG", picture(2400, 2000), progressive=True)
    done = subprocess.run([sys.executable, "-c", STARVED, str(left)], input=untrusted, capture_output=True, check=True)
    assert done.stdout == b"too large\n"


def test_incomplete_pictures_are_never_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another part of a program told Pillow to fill in what is missing, nothing is opened."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(MediaError, match="incomplete"):
        open_image(saved("JPEG"))


def _settings() -> tuple[object, ...]:
    registered = (*sorted(Image.OPEN), *sorted(Image.EXTENSION))
    return Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, registered, tuple(warnings.filters)


def test_nothing_of_pillow_is_changed() -> None:
    """Limits, registrations and warnings of the process are as before, good pictures and bad."""
    before = _settings()
    for kind in FORMATS:
        with open_image(saved(kind)) as opened:
            PdqHasher().hash_image(opened)
        with pytest.raises(MediaError):
            open_image(saved(kind)[:60])
    assert _settings() == before


def test_threads_do_not_disturb_each_other() -> None:
    """Many threads that open and hash at once get what one gets."""
    files = [saved(kind, picture(200 + 10 * place, 150)) for place, kind in enumerate(FORMATS)]

    def hash_all() -> list[str]:
        values = []
        for untrusted in files:
            with open_image(untrusted) as opened:
                values.append(PdqHasher().hash_image(opened)[0].value)
        return values

    results: list[list[str]] = []
    threads = [threading.Thread(target=lambda: results.append(hash_all())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [hash_all()] * 6


def test_the_decoders_are_there() -> None:
    """Every kind of the allow-list has its decoder in this installation."""
    assert features.check("webp")
    assert features.check("avif")
