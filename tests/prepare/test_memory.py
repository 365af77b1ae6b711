"""Pictures in memory: the signals that their files have."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hashclient import prepare
from hashclient.errors import BrokenMediaError, MediaError, NoSandboxError, UnsupportedMediaError, UsageError
from hashclient.model import Signal
from hashclient.model.signal import EXACT, ORIGINAL, STORED
from hashclient.prepare import TYPES, HashOptions, Prepared, hash_files, hash_image, item_of
from hashclient.vocabulary import Altered, Coverage, Decode, SignalType
from kit.videos import coded

PERCEPTUAL = tuple(sorted(TYPES - EXACT - {SignalType.VPDQ}))
PIXELS = HashOptions(PERCEPTUAL, coverage=Coverage.STANDARD)


def drawn(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Draw noise at several scales; transparent in its lower half where the mode can be."""
    random = np.random.default_rng(7)
    total = Image.fromarray(random.integers(0, 256, (*size[::-1], 3), np.uint8))
    for cells in (4, 16):
        coarse = Image.fromarray(random.integers(0, 256, (cells, cells, 3), np.uint8))
        total = Image.blend(total, coarse.resize(size, Image.Resampling.BICUBIC), 0.7)
    if mode in {"RGBA", "LA"}:
        total.putalpha(Image.linear_gradient("L").resize(size))
    return total.convert(mode)


def saved(image: Image.Image, form: str = "PNG", **settings: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **settings)
    return buffer.getvalue()


def of_file(untrusted: bytes, folder: Path, options: HashOptions) -> Prepared:
    path = folder / "picture"
    path.write_bytes(untrusted)
    return next(hash_files([path], options=replace(options, sandbox=False)))


def reopened(untrusted: bytes) -> Image.Image:
    return Image.open(io.BytesIO(untrusted))  # noqa: TID251  # as researchers do


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_has_the_signals_of_its_file(mode: str, tmp_path: Path) -> None:
    """Bytes and Pillow images, of every perceptual type and with re-posts."""
    sixteen_bits = np.asarray(drawn("L")).astype(np.uint16) * 257
    image = Image.fromarray(sixteen_bits) if mode == "I;16" else drawn(mode)
    untrusted = saved(image, "JPEG", quality=95) if mode == "CMYK" else saved(image)
    expected = of_file(untrusted, tmp_path, PIXELS).signals
    assert len(expected) > 30
    assert hash_image(untrusted, options=PIXELS) == expected
    assert hash_image(reopened(untrusted), options=PIXELS) == expected
    if mode != "CMYK":
        assert hash_image(image, options=PIXELS) == expected


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_arrays_have_the_signals_of_their_files(mode: str, tmp_path: Path) -> None:
    """Grey, RGB and RGBA, whole or as views that jump over memory; alpha has the same effect as in a file."""
    image = drawn(mode)
    expected = of_file(saved(image), tmp_path, PIXELS).signals
    array = np.array(image)
    spread = np.repeat(np.repeat(array, 2, axis=0), 2, axis=1)[::2, ::2]
    views = [array, np.asfortranarray(array), spread, array[::-1][::-1]]
    views += [array[..., np.newaxis]] if mode == "L" else []
    for view in views:
        assert hash_image(view, options=PIXELS) == expected
    assert ("white" in {signal.variant for signal in expected}) is (mode == "RGBA")


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_exif_turns_pillow_images(form: str, tmp_path: Path) -> None:
    """Upright and as stored, as for files; an image that was turned already is not turned again."""
    exif = Image.Exif()
    exif[274] = 6
    untrusted = saved(drawn(), form, exif=exif, quality=95)
    expected = of_file(untrusted, tmp_path, HashOptions()).signals
    assert [signal.variant for signal in expected] == [ORIGINAL, STORED]
    assert hash_image(reopened(untrusted)) == expected
    from PIL import ImageOps

    assert [signal.variant for signal in hash_image(ImageOps.exif_transpose(reopened(untrusted)))] == [ORIGINAL]


def test_bytes_have_digests_and_follow_the_decoding_rule(tmp_path: Path) -> None:
    """All types that a file has, in its order, also with `fast`."""
    untrusted = saved(drawn(size=(2400, 2100)), "JPEG", quality=90)
    for decode in Decode:
        options = HashOptions((*PERCEPTUAL, SignalType.SHA256, SignalType.MD5), decode=decode)
        assert hash_image(untrusted, options=options) == of_file(untrusted, tmp_path, options).signals
    assert hash_image(memoryview(untrusted)) == hash_image(bytearray(untrusted)) == hash_image(untrusted)


def test_an_animation_has_what_its_file_has(tmp_path: Path) -> None:
    """Its bytes are those of a file, so the frames are hashed."""
    frames = [drawn(), drawn().rotate(180), drawn().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    untrusted = saved(frames[0].convert("P"), "GIF", save_all=True, append_images=frames[1:], duration=1000)
    assert hash_image(untrusted) == of_file(untrusted, tmp_path, HashOptions()).signals


def test_an_image_of_the_caller_stays_as_it_is() -> None:
    """Its pixels, its notes and whether it is open."""
    image = reopened(saved(drawn("P"), transparency=3))
    before = image.copy()
    hash_image(image, options=PIXELS)
    assert image.info == before.info
    assert image.tobytes() == before.tobytes()
    array = np.array(drawn("RGBA"))
    kept = array.copy()
    hash_image(array, options=PIXELS)
    assert np.array_equal(array, kept)


def test_options_may_be_plain_text() -> None:
    """As a notebook would write them."""
    options = HashOptions(types=("pdq", "phash"), coverage="standard", decode="fast")  # type: ignore[arg-type]
    assert options == HashOptions((SignalType.PDQ, SignalType.PHASH), Decode.FAST, Coverage.STANDARD)
    assert [signal.type for signal in hash_image(drawn(), types=("ahash",))] == [SignalType.AHASH]  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"types": "pdq"}, {"types": ("tmk",)}, {"coverage": "all"}, {"decode": "quick"}])
def test_options_that_there_are_not_are_refused(wrong: dict[str, object]) -> None:
    """With those there are."""
    with pytest.raises(UsageError) as raised:
        HashOptions(**wrong)  # type: ignore[arg-type]
    assert raised.value.hint.startswith("Choose from: ")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (np.zeros((20, 30, 3)), "float64, shape (20, 30, 3)"),
        (np.zeros((3, 20, 30), np.uint8), "array.transpose(1, 2, 0)"),
        (np.zeros((4, 20, 30), np.uint8), "array.transpose(1, 2, 0)"),
        (np.zeros((20, 30), np.uint16), "uint16, shape (20, 30)"),
        (np.zeros((20, 30), ">u2"), "(array >> 8)"),
        (np.zeros((20, 30, 3), object), "object, shape (20, 30, 3)"),
        (np.zeros((0, 30, 4), np.uint8), "It has no pixels"),
        (np.zeros((20, 30, 2), np.uint8), "array[..., 0]"),
        (np.zeros((2, 20, 30, 4), np.uint8), "one by one"),
        (Image.new("F", (8, 8)), "mode F"),
        (Image.new("I", (8, 8)), 'image.convert("L")'),
        (Image.new("HSV", (8, 8)), "mode HSV"),
        (Image.new("RGB", (0, 8)), "size (0, 8)"),
        ("picture.jpg", "type str"),
        (Path("picture.jpg"), "Give the bytes of a file"),
        ([[1, 2], [3, 4]], "type list"),
        (None, "type NoneType"),
    ],
)
def test_what_is_no_picture_is_named_with_what_to_do(wrong: object, words: str) -> None:
    """One sentence, which a notebook shows."""
    with pytest.raises(UnsupportedMediaError) as raised:
        hash_image(wrong)  # type: ignore[arg-type]
    assert words in str(raised.value)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_masked_array_is_an_array(mode: str) -> None:
    """Classes of numpy that multiply in their own way are hashed as the plain arrays that they hold."""
    array = np.asarray(drawn(mode))
    assert hash_image(np.ma.masked_array(array)) == hash_image(array)


@pytest.mark.parametrize("untrusted", [b"II*\0 and the rest", b"FLV\1 and the rest", saved(drawn())[:2000]])
def test_a_digest_of_bytes_needs_no_decoder(untrusted: bytes, tmp_path: Path) -> None:
    """As of a file: of kinds that are not read and of damaged files, too."""
    types = (SignalType.MD5, SignalType.SHA256)
    signals = hash_image(untrusted, types=types)
    assert [signal.type for signal in signals] == [*types]
    assert signals == of_file(untrusted, tmp_path, HashOptions(types=types)).signals


def test_bytes_of_a_video_are_said_to_be_that() -> None:
    """With the function that takes them; nobody is told to use the very kind that was given."""
    untrusted = coded("mp4 h264")
    with pytest.raises(UnsupportedMediaError, match="bytes of a video") as raised:
        hash_image(untrusted)
    assert "hash_files()" in raised.value.hint
    assert [signal.type for signal in hash_image(untrusted, types=(SignalType.MD5,))] == [SignalType.MD5]


def test_broken_bytes_and_images_are_errors_of_ours() -> None:
    """Whether the damage shows at once or when the pixels are read."""
    untrusted = saved(drawn())[:2000]
    for broken in (untrusted, reopened(untrusted)):
        with pytest.raises(BrokenMediaError):
            hash_image(broken)
    with pytest.raises(UnsupportedMediaError):
        hash_image(b"no picture")


@pytest.mark.parametrize("types", [(SignalType.MD5,), (SignalType.PDQ, SignalType.SHA256), (SignalType.VPDQ,)])
def test_pixels_have_no_digest(types: tuple[SignalType, ...]) -> None:
    """A digest is of the bytes of a file, and vPDQ of a video."""
    with pytest.raises(UsageError, match="made of a file, not of pixels"):
        hash_image(drawn(), types=types)


def test_what_cannot_be_given_is_refused() -> None:
    """Protection in this process, and types twice."""
    with pytest.raises(NoSandboxError):
        hash_image(drawn(), options=HashOptions(require_full=True))
    with pytest.raises(UsageError, match="given twice"):
        hash_image(drawn(), options=HashOptions(), types=(SignalType.PDQ,))


def test_nothing_made_so_can_become_an_item() -> None:
    """There are signals, and no declarations beside them; what hash_files gives is refused by name."""
    assert all(isinstance(signal, Signal) for signal in hash_image(drawn()))
    with pytest.raises(AttributeError):
        item_of(hash_image(drawn()), altered=Altered.NO)  # type: ignore[arg-type]


def test_other_names_are_refused() -> None:
    """A name that is not there is an error that says so."""
    with pytest.raises(AttributeError, match="has no attribute 'hash_video'"):
        _ = prepare.hash_video


def test_importing_it_loads_no_decoder() -> None:
    """Neither numpy nor Pillow comes with the front door or with this room."""
    program = "import sys, hashclient, hashclient.prepare; dir(hashclient.prepare); print({'numpy', 'PIL'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"


def test_a_masked_array_is_hashed_by_its_values() -> None:
    """Subclasses that compute in their own way do not reach the arithmetic."""
    values = np.random.default_rng(1).integers(0, 256, (64, 80, 3), dtype=np.uint8)
    assert hash_image(np.ma.masked_array(values, mask=values > 9)) == hash_image(values)


@given(
    dtype=st.sampled_from(["uint8", "float32", "uint16", "bool", "object", "int8", "complex64", "S3", "M8[s]"]),
    shape=st.lists(st.integers(0, 6), max_size=5).map(tuple),
    make=st.sampled_from([np.zeros, np.ones, np.empty]),
)
def test_any_array_is_hashed_or_refused(
    dtype: str, shape: tuple[int, ...], make: Callable[..., "np.ndarray[tuple[int, ...], np.dtype[np.generic]]"]
) -> None:
    """Never another error, whatever type and shape."""
    try:
        assert hash_image(make(shape, dtype))  # type: ignore[arg-type]
    except MediaError as error:
        assert str(shape) in str(error)
    else:
        assert dtype == "uint8"
