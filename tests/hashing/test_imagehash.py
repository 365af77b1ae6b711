"""The hashes of imagehash are those of imagehash, called on what Pillow decodes and turns upright."""

import io
from pathlib import Path

import imagehash
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from pydantic import ValidationError

from hashclient.errors import BrokenMediaError, InvalidSignalError
from hashclient.hashing.imagehash import (
    FUNCTIONS,
    CropResistantHash,
    PerceptualHasher,
    crop_resistant_hash,
    load_imagehash,
)
from hashclient.hashing.interface import ImageHasher
from hashclient.media.image import open_image
from hashclient.model import Altered, Content, Item, SignalType
from hashclient.model.signal import ORIGINAL, STORED
from hashclient.pixels import ArrayPixels
from kit.image_hasher_suite import ImageHasherSuite
from kit.pdq_reference import noise, smooth
from kit.slow import slow_but

KINDS = list(FUNCTIONS)


@pytest.mark.parametrize("kind", KINDS)
class TestPerceptualHasher(ImageHasherSuite):
    @pytest.fixture
    def hasher(self, kind: SignalType) -> ImageHasher:
        return PerceptualHasher(kind)


def saved(kind: str, image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def oracle(kind: SignalType, image: Image.Image) -> str:
    return str(getattr(imagehash, FUNCTIONS[kind])(image))


def expected(kind: SignalType, untrusted: bytes) -> list[str]:
    """Give what imagehash says of a file upright, and as stored where that differs."""
    image = Image.open(io.BytesIO(untrusted))  # noqa: TID251  # what everybody else does, to compare with
    image.load()
    return list(dict.fromkeys(oracle(kind, each) for each in (ImageOps.exif_transpose(image), image)))


def ours(kind: SignalType, untrusted: bytes) -> list[str]:
    with open_image(untrusted) as opened:
        return [signal.value for signal in PerceptualHasher(kind).hash_image(opened)]


@pytest.mark.vectors
@pytest.mark.parametrize("kind", slow_but(SignalType.PHASH, of=KINDS))
def test_the_reference_pictures_hash_as_in_imagehash(kind: SignalType, vectors: Path) -> None:
    """Each reference picture, of any mode and orientation, hashes bit for bit as in imagehash on Pillow."""
    for path in [*sorted((vectors / "pdq").glob("*.*g")), *sorted((vectors / "photos").glob("*.jpg"))[::5]]:
        assert ours(kind, path.read_bytes()) == expected(kind, path.read_bytes()), path.name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_hashes_as_in_imagehash(kind: SignalType, mode: str) -> None:
    """Whatever Pillow makes of a mode, the hash is made of the same."""
    coloured = Image.fromarray(smooth(217, 330, seed=3))
    image = (
        Image.fromarray(np.asarray(coloured.convert("L")).astype(np.uint16) * 257)
        if mode == "I;16"
        else coloured.convert(mode)
    )
    assert ours(kind, saved("PNG", image)) == expected(kind, saved("PNG", image))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("file", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("GIF", "P"), ("WEBP", "RGBA"), ("BMP", "1")]
)
def test_other_files_hash_as_in_imagehash(kind: SignalType, file: str, mode: str) -> None:
    """Other kinds of files, and what is peculiar to their modes, hash as in imagehash."""
    untrusted = saved(file, Image.fromarray(smooth(200, 301, seed=5)).convert(mode))
    assert ours(kind, untrusted) == expected(kind, untrusted)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_files_hash_as_in_imagehash(kind: SignalType, orientation: int) -> None:
    """A turned picture is really turned before it is made small: the order of the two shows in the last bit."""
    exif = Image.Exif()
    exif[274] = orientation
    untrusted = saved("JPEG", Image.fromarray(noise(330, 217, seed=orientation)), exif=exif)
    assert ours(kind, untrusted) == expected(kind, untrusted)
    with open_image(untrusted) as opened:
        variants = [signal.variant for signal in PerceptualHasher(kind).hash_image(opened)]
    assert variants == ([ORIGINAL] if orientation == 1 else [ORIGINAL, STORED])


@pytest.mark.parametrize("kind", KINDS)
@given(height=st.integers(1, 90), width=st.integers(1, 90), seed=st.integers(0, 99))
def test_any_shape_hashes_as_in_imagehash(kind: SignalType, height: int, width: int, seed: int) -> None:
    """Noise of any shape hashes as in imagehash."""
    array = noise(height, width, seed=seed)
    (signal,) = PerceptualHasher(kind).hash_image(ArrayPixels(array))
    assert signal.value == oracle(kind, Image.fromarray(array))


def test_only_what_is_asked_for_is_loaded() -> None:
    """Types that need no library load none, and loading twice does no harm."""
    load_imagehash([SignalType.PDQ, SignalType.MD5])
    load_imagehash(KINDS)
    load_imagehash(KINDS)


def segments(image: Image.Image) -> imagehash.ImageMultiHash:
    return imagehash.crop_resistant_hash(image)


@pytest.fixture(scope="module")
def scenes() -> list[Image.Image]:
    """A picture of bright and dark segments, the same cropped, another, and one that is flat."""
    large = Image.fromarray(smooth(420, 560, seed=6, cells=4))
    other = Image.fromarray(smooth(420, 560, seed=9, cells=4))
    return [large, large.crop((60, 40, 560, 420)), other, Image.new("RGB", (50, 40), (9, 9, 9))]


@pytest.mark.slow
def test_the_crop_resistant_hash_is_that_of_imagehash(scenes: list[Image.Image]) -> None:
    """Text, distance and match are those of imagehash, in both directions."""
    mine = [crop_resistant_hash(ArrayPixels(np.asarray(scene))) for scene in scenes]
    theirs = [segments(scene) for scene in scenes]
    assert [one.to_text() for one in mine] == list(map(str, theirs))
    for one, her_one in zip(mine, theirs, strict=True):
        for other, her_other in zip(mine, theirs, strict=True):
            assert one - other == pytest.approx(her_one - her_other)
            assert one.matches(other) == her_one.matches(her_other)
            assert one.matches(other, within=3, segments=2) == her_one.matches(
                her_other, hamming_cutoff=3, region_cutoff=2
            )
    assert mine[0].matches(mine[1])
    assert mine[0] - mine[0] == 0


def test_the_crop_resistant_hash_is_of_the_upright_picture() -> None:
    """A turned picture is hashed as a person sees it."""
    image = Image.fromarray(smooth(210, 300, seed=6, cells=4))
    exif = Image.Exif()
    exif[274] = 6
    with open_image(saved("PNG", image, exif=exif)) as opened:
        assert crop_resistant_hash(opened).to_text() == str(segments(image.transpose(Image.Transpose.ROTATE_270)))


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=9))
def test_text_and_crop_resistant_hash_are_one(values: list[int]) -> None:
    """What is written is read again."""
    made = CropResistantHash(tuple(values))
    assert CropResistantHash.from_text(made.to_text()) == made


@pytest.mark.parametrize("text", ["", "00", "0" * 15, "0" * 16 + ",", "0" * 15 + "g", "0" * 15 + "F", " " + "0" * 15])
def test_other_texts_are_refused(text: str) -> None:
    """A text of another form is no crop-resistant hash."""
    with pytest.raises(InvalidSignalError):
        CropResistantHash.from_text(text)


def test_no_submission_can_hold_a_crop_resistant_hash() -> None:
    """It is no signal, and has no type that would make it one."""
    with pytest.raises(ValidationError):
        Item(content=Content.IMAGE, altered=Altered.NO, signals=(CropResistantHash((0,)),))  # type: ignore[arg-type]  # the point
    assert not any("crop" in kind for kind in SignalType)


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_picture_is_an_error_of_ours(kind: SignalType) -> None:
    """Pixels that cannot be read are the picture's error, not the library's."""
    opened = open_image(saved("PNG", Image.new("L", (9, 9))))
    opened.close()
    with pytest.raises(BrokenMediaError):
        PerceptualHasher(kind).hash_image(opened)
