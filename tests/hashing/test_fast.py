"""Fast decoding: at most 2 bits from exact, because what may be further is decoded exactly."""

import io
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.accuracy import needs_full_decode
from hashclient.hashing.pdq import LEAST_SIDE, PdqHasher, coefficients
from hashclient.hashing.reduction import pdq_band, reduce_turned
from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.media import limits
from hashclient.media.image import open_image
from hashclient.media.limits import ImageLimits
from hashclient.model import Signal
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.pixels import ArrayPixels, Pixels
from hashclient.vocabulary import Coverage, Decode
from kit.pdq_reference import noise, smooth

PROMISED = 2
"""Bits from exact, at most."""


def jpeg(image: Image.Image, *, orientation: int = 1, quality: int = 90, subsampling: int = 2) -> bytes:
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[274] = orientation
    image.save(buffer, "JPEG", quality=quality, subsampling=subsampling, exif=exif)
    return buffer.getvalue()


def cloud(width: int, height: int) -> Image.Image:
    return Image.fromarray(smooth(height, width, seed=11, cells=24))


def hashed(untrusted: bytes, decode: Decode) -> tuple[Signal, ...]:
    with open_image(untrusted, decode=decode) as picture:
        return PdqHasher().hash_image(picture)


@lru_cache
def hostile() -> dict[str, NDArray[np.uint8]]:
    """Pictures whose colours a decoder has to cut, or whose coefficients nearly tie."""
    height, width = 2048, 2100
    rng = np.random.default_rng(4)
    saturated = rng.integers(0, 2, (height, width, 3), np.uint8) * 255
    down, across = np.mgrid[0:height, 0:width]
    shapes = (np.sin(across / 150) + np.cos(down / 211) > 0)[..., np.newaxis]
    blocks = rng.integers(0, 2, (height // 3 + 1, width // 3 + 1, 3), np.uint8) * 255
    tiles = rng.integers(0, 2, (8, 8, 1), np.uint8) * 255
    return {
        "noise": noise(height, width, seed=5),
        "saturated noise": saturated,
        "shapes of saturated noise": np.where(shapes, saturated, 127).astype(np.uint8),
        "saturated blocks": np.kron(blocks, np.ones((3, 3, 1), np.uint8))[:height, :width],
        "tiles": np.kron(tiles, np.ones((256, 263, 3), np.uint8))[:height, :width],
    }


@pytest.mark.parametrize("length", [8, 65, 500, 2047, 2048, 4001])
@pytest.mark.parametrize("scale", [1, 2, 4, 8])
def test_a_shrunk_band_weighs_means_as_the_band_weighs_pixels(length: int, scale: int) -> None:
    """On a line whose pixels come in equal groups, the operator for the groups gives what that for the pixels gives."""
    means = np.random.default_rng(1).normal(size=-(-length // scale))
    line = means.repeat(scale)[:length]
    for band in (pdq_band(length), pdq_band(length).reversed()):
        shrunk = band.shrunk(scale)
        assert shrunk.length == len(means)
        plainly = (band.weights * line[band.neighbours]).sum(axis=1)
        assert np.allclose((shrunk.weights * means[shrunk.neighbours]).sum(axis=1), plainly)


@pytest.mark.parametrize("orientation", [1, 3, 6, 7])
def test_a_reduced_picture_is_sampled_where_the_picture_in_full_is(orientation: int) -> None:
    """The reduction of block means, of a picture whose sides are not whole blocks, is that of the picture."""
    full = smooth(1503, 1998, seed=2).astype(np.float32)
    scale = 2
    padded = np.pad(full, ((0, 1), (0, 0), (0, 0)), mode="edge")
    means = padded.reshape(752, scale, 999, scale, 3).mean(axis=(1, 3))
    small = ArrayPixels(np.rint(means).astype(np.uint8))
    as_others_do_it = reduce_turned(small, [orientation])[orientation]
    small.scale, small.full_size = scale, (1998, 1503)
    near = reduce_turned(small, [orientation])[orientation]
    exactly = reduce_turned(ArrayPixels(full.astype(np.uint8)), [orientation])[orientation]
    assert np.abs(near - exactly).max() < 0.3
    assert np.abs(as_others_do_it - exactly).max() > 0.3


@pytest.mark.parametrize("orientation", [1, 6])
def test_fast_is_near_exact(orientation: int) -> None:
    """A large picture is decoded at a fraction, and its hashes, upright and as stored, lie within 2 bits."""
    untrusted = jpeg(cloud(4101, 2203), orientation=orientation)
    with open_image(untrusted, decode=Decode.FAST) as picture:
        assert picture.scale == 2
        assert picture.full_size == (4101, 2203)
    quick, full = hashed(untrusted, Decode.FAST), hashed(untrusted, Decode.EXACT)
    assert [one.variant for one in quick] == [one.variant for one in full]
    assert all(one - other <= PROMISED for one, other in zip(quick, full, strict=True))


@pytest.mark.vectors
def test_fast_is_near_exact_on_photographs(vectors: Path) -> None:
    """Photographs enlarged to 12 megapixels lie within 2 bits, and so do those of 2048 pixels a side."""
    for place, path in enumerate(sorted((vectors / "photos").glob("*.jpg"))[::17]):
        with Image.open(path) as photo:  # noqa: TID251  # a test's own file
            stretch = (12e6 / (photo.width * photo.height)) ** 0.5 if place % 2 else 2050 / min(photo.size)
            large = photo.resize((round(photo.width * stretch), round(photo.height * stretch)))
        untrusted = jpeg(large, quality=(50, 75, 90)[place % 3])
        (quick,), (full,) = hashed(untrusted, Decode.FAST), hashed(untrusted, Decode.EXACT)
        assert full.quality is not None
        assert full.quality >= QUALITY_FLOOR
        assert quick - full <= PROMISED
        assert abs((quick.quality or 0) - full.quality) <= 1


@pytest.mark.vectors
def test_fast_is_near_exact_on_the_reference_pictures(vectors: Path) -> None:
    """Of the reference pictures none is hashed further than 2 bits away."""
    for path in sorted((vectors / "pdq").glob("*.*g")):
        quick, full = hashed(path.read_bytes(), Decode.FAST), hashed(path.read_bytes(), Decode.EXACT)
        assert all(one - other <= PROMISED for one, other in zip(quick, full, strict=True)), path.name


@pytest.mark.parametrize("name", ["noise", "saturated noise", "shapes of saturated noise", "saturated blocks", "tiles"])
def test_hostile_pictures_are_decoded_exactly_where_they_must_be(name: str) -> None:
    """Noise, cut colours and ties, at poor JPEG quality, stay within 2 bits as well."""
    untrusted = jpeg(Image.fromarray(hostile()[name]), quality=40)
    (quick,), (full,) = hashed(untrusted, Decode.FAST), hashed(untrusted, Decode.EXACT)
    assert quick - full <= PROMISED


def test_a_picture_that_needs_it_is_opened_again_once() -> None:
    """Where the hash of a reduced picture cannot be trusted, it is that of the exact decoding, which is closed after."""
    untrusted = jpeg(Image.fromarray(hostile()["tiles"]))
    opened: list[Pixels] = []
    closed: list[bool] = []

    def again() -> Pixels:
        opened.append(open_image(untrusted))
        opened[-1].close = lambda: closed.append(True)  # type: ignore[method-assign]
        return opened[-1]

    with open_image(untrusted, decode=Decode.FAST) as fast:
        assert needs_full_decode([coefficients(reduce_turned(fast, {1})[1])], fast)
        fast._again = again
        assert PdqHasher().hash_image(fast) == hashed(untrusted, Decode.EXACT)
    assert len(opened) == len(closed) == 1


def test_only_fast_can_be_had_more_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that was decoded exactly, or as exactly as its size allows, is not decoded again."""
    untrusted = jpeg(cloud(2300, 2100))
    (exactly, *_) = hashed(untrusted, Decode.EXACT)
    for decode in Decode:
        with monkeypatch.context() as patched:
            patched.setattr(limits, "IMAGES", ImageLimits(max_pixels_full=4_000_000, max_pixels_reduced=2_000_000))
            reduced = open_image(untrusted, decode=decode)
        with reduced:
            assert reduced.scale == 2
            assert reduced.exact() is None
            assert PdqHasher().hash_image(reduced)[0] - exactly <= PROMISED
    with open_image(untrusted) as full:
        assert full.exact() is None


def test_small_sides_are_those_of_the_picture_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reduced picture has a hash where the picture in full has one."""
    untrusted = jpeg(cloud(600, LEAST_SIDE + 1))
    monkeypatch.setattr(limits, "IMAGES", ImageLimits(max_pixels_full=900, max_pixels_reduced=900))
    with open_image(untrusted) as reduced:
        assert reduced.height < LEAST_SIDE
        (signal,) = PdqHasher().hash_image(reduced)
    assert signal.value.strip("0")


def test_likely_reposts_of_a_fast_picture_lie_near_those_of_the_exact_one() -> None:
    """Coverage knows at which places a reduced picture's samples lie, too."""
    untrusted = jpeg(cloud(2303, 2101))
    found = []
    for decode in Decode:
        with open_image(untrusted, decode=decode) as picture:
            signals = CoverageHasher(Coverage.STANDARD).hash_image(picture)
            found.append({str(signal.variant): signal for signal in signals})
    full, quick = found
    assert full.keys() == quick.keys()
    apart = [full[variant] - quick[variant] for variant in full]
    assert max(apart) <= 6
    assert np.mean(apart) <= 1
