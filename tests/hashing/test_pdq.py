"""PDQ is the reference's, bit for bit."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from hashclient.errors import UnsupportedMediaError
from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.pdq import (
    DIHEDRAL,
    PdqHasher,
    coefficients,
    gradients,
    hash_coefficients,
    hash_reduced,
    pdq_dihedral,
    pdq_hash,
    quality,
    turned,
)
from hashclient.hashing.reduction import reduce_turned
from hashclient.hashing.reference_rounding import COEFFICIENT_ROUNDING, rounded_coefficients, rounded_reduction
from hashclient.media.image import open_image
from hashclient.model.signal import MATCH_DISTANCE
from hashclient.pixels import TURNS, ArrayPixels
from kit.image_hasher_suite import ImageHasherSuite, turn
from kit.pdq_reference import (
    distance,
    noise,
    reference,
    reference_coefficients,
    reference_dihedral,
    smooth,
    tied,
)
from kit.slow import slow_but

LARGE = [(3000, 4000), (4000, 3000), (2999, 11), (7, 4001)]
TIED = [(64, 64), (65, 64), (128, 128), (200, 320), (640, 640), (1280, 1280), (999, 501)]
SIDES = [5, 6, 16, 63, 64, 65, 127, 128, 129, 130, 255, 256, 257, 375, 500, 640, 1023, 1280]


def reduce(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Reduce an upright picture."""
    return reduce_turned(ArrayPixels(pixels), {1})[1]


class TestPdqHasher(ImageHasherSuite):
    """PDQ does what every hasher of pictures does."""

    @pytest.fixture
    def hasher(self) -> ImageHasher:
        return PdqHasher()


@pytest.mark.vectors
def test_every_reference_picture_hashes_as_expected(vectors: Path) -> None:
    """From its file, each reference picture has the expected hash, quality and eight turned hashes."""
    expected = json.loads((vectors / "pdq" / "expected.json").read_text())
    assert len(expected) == 37
    for name, wanted in expected.items():
        with open_image((vectors / "pdq" / name).read_bytes()) as picture:
            signal = PdqHasher().hash_image(picture)[-1]  # as stored: the reference ignores EXIF
            assert (signal.value, signal.quality) == (wanted["pdq"], wanted["quality"]), name
            values, detail = pdq_dihedral(picture.rows(0, picture.height))
            assert [*values, detail] == [*wanted["dihedral"], wanted["quality"]], name


@pytest.mark.parametrize("height", SIDES)
def test_noise_and_clouds_of_every_shape_hash_as_the_reference(height: int) -> None:
    """Generated pictures of many shapes have the reference's hash and quality."""
    for width in SIDES[:: 1 + (height > 500)]:
        for pixels in (noise(height, width, seed=height), smooth(height, width, seed=width)):
            assert pdq_hash(pixels) == reference(pixels), pixels.shape


@pytest.mark.parametrize("shape", slow_but((2999, 11), (7, 4001), of=LARGE))
def test_large_pictures_hash_as_the_reference(shape: tuple[int, int]) -> None:
    """Pictures of 12 megapixels, and long thin ones, have the reference's hash and quality."""
    for pixels in (noise(*shape, seed=10), smooth(*shape, seed=11, cells=30)):
        assert pdq_hash(pixels) == reference(pixels)


@given(st.integers(5, 300), st.integers(5, 300), st.integers(0, 2**32), st.integers(0, 255))
def test_any_picture_hashes_as_the_reference(height: int, width: int, seed: int, low: int) -> None:
    """Pictures of any shape, noise or clouds, dark or bright, have the reference's hash and quality."""
    for pixels in (noise(height, width, seed=seed, low=low), smooth(height, width, seed=seed, low=low)):
        assert pdq_hash(pixels) == reference(pixels)


@given(arrays(np.uint8, st.tuples(st.integers(5, 40), st.integers(5, 40), st.just(3))))
def test_any_array_hashes_as_the_reference(pixels: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]) -> None:
    """Small arrays as hypothesis makes them, mostly flat, have the reference's hash and quality."""
    assert pdq_hash(pixels) == reference(pixels)


@pytest.mark.parametrize("shape", slow_but(*TIED[:5], of=TIED))
def test_ties_are_settled_as_the_reference_settles_them(shape: tuple[int, int]) -> None:
    """Flat pictures, ramps and hard edges, whose bits rounding decides, have the reference's hash and quality."""
    for seed in range(4):
        for pixels in tied(*shape, seed=seed):
            assert pdq_hash(pixels) == reference(pixels)


@pytest.mark.parametrize("shape", [(65, 64), (200, 320), (640, 640), (999, 501)])
def test_only_ties_need_settling(shape: tuple[int, int]) -> None:
    """Unsettled, bits differ from the reference's only where a coefficient lies within rounding of the median."""
    differing = 0
    for seed in range(6):
        for pixels in [*tied(*shape, seed=seed), noise(*shape, seed=seed), smooth(*shape, seed=seed)]:
            reduced = reduce(pixels)
            (value,), _ = hash_reduced(reduced)
            plain = coefficients(reduced).ravel()
            from_median = np.abs(plain - np.partition(plain, 127)[127])
            wrong = int(value, 16) ^ int(reference(pixels)[0], 16)
            differing += wrong.bit_count()
            assert all(
                from_median[bit] < max(1e-3, COEFFICIENT_ROUNDING * 255) for bit in range(256) if wrong >> bit & 1
            )
    assert differing > 0, "no picture here ties, so nothing was tested"


@pytest.mark.parametrize("shape", [(5, 5), (64, 64), (65, 64), (130, 500), (777, 333)])
def test_settled_sums_are_the_references_own(shape: tuple[int, int]) -> None:
    """Coefficients of the settled reduction are those of the reference to the last digit."""
    for pixels in [*tied(*shape, seed=20), noise(*shape, seed=20), smooth(*shape, seed=20)]:
        ours = rounded_coefficients(rounded_reduction(ArrayPixels(pixels)))
        assert np.array_equal(ours, reference_coefficients(pixels))


def test_rounding_is_smaller_than_what_counts_as_a_tie() -> None:
    """Near the median, our coefficients differ from the reference's by less than what is taken for a tie."""
    for seed in range(12):
        for pixels in (noise(300, 400, seed=seed, low=20 * seed), smooth(600, 500, seed=seed, low=20 * seed)):
            reduced = reduce(pixels)
            ours, theirs = coefficients(reduced).ravel(), reference_coefficients(pixels).ravel()
            median = np.argsort(ours)[127]
            near = np.abs(ours - ours[median]) < 0.3
            moved = np.abs((theirs - theirs[median]) - (ours - ours[median]))[near].max()
            assert moved < max(1e-3, COEFFICIENT_ROUNDING * reduced.mean())


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (4, 4), (4, 5), (5, 4), (4, 300), (300, 4)])
def test_pictures_under_five_pixels_have_no_hash(shape: tuple[int, int]) -> None:
    """Below 5 pixels on a side all bits are 0 and the quality is 0, as the reference has it."""
    pixels = noise(*shape, seed=12)
    assert pdq_hash(pixels) == reference(pixels) == ("0" * 64, 0)
    assert pdq_dihedral(pixels) == reference_dihedral(pixels) == (("0" * 64,) * 8, 0)


@pytest.mark.parametrize("shape", [(5, 5), (65, 64), (100, 90), (333, 500), (640, 640)])
def test_dihedral_hashes_are_the_references(shape: tuple[int, int]) -> None:
    """The eight turned and mirrored hashes are the reference's, in its order, ties included."""
    for pixels in [noise(*shape, seed=13), smooth(*shape, seed=14), *tied(*shape, seed=15)]:
        assert pdq_dihedral(pixels) == reference_dihedral(pixels)


@pytest.mark.parametrize("orientation", DIHEDRAL)
def test_dihedral_hashes_are_near_those_of_turned_pixels(orientation: int) -> None:
    """A dihedral hash is the transposed pixels' own for a transpose, and what a matcher takes for a match for a mirror."""
    pixels = smooth(480, 640, seed=16, cells=12)
    how = TURNS[orientation]
    real, _ = pdq_hash(turn(pixels, orientation))
    apart = distance(pdq_dihedral(pixels)[0][DIHEDRAL.index(orientation)], real)
    assert apart <= MATCH_DISTANCE
    assert apart == 0 or how.rows_reversed or how.columns_reversed


def test_turning_coefficients_turns_the_reduction() -> None:
    """Sign flips and a transpose of the coefficients are the coefficients of the turned reduction."""
    reduced = reduce(smooth(300, 200, seed=17))
    for orientation, how in TURNS.items():
        really = coefficients(turn(reduced, orientation))
        assert np.allclose(turned(coefficients(reduced), how), really, atol=1e-3)


def test_a_reduction_can_be_hashed_alone() -> None:
    """Without ties, a reduction gives hash, dihedral hashes and quality by itself, and many at once give theirs."""
    pictures = [smooth(300, 200, seed=seed) for seed in (30, 31)]
    reductions = [reduce(pixels) for pixels in pictures]
    for pixels, reduced in zip(pictures, reductions, strict=True):
        assert hash_reduced(reduced) == ((reference(pixels)[0],), quality(gradients(reduced)))
        assert hash_reduced(reduced, dihedral=True) == reference_dihedral(pixels)
    assert hash_coefficients(coefficients(np.stack(reductions))) == tuple(reference(pixels)[0] for pixels in pictures)


def test_half_the_bits_are_set() -> None:
    """Without ties, exactly half of the coefficients lie above the median."""
    assert int(pdq_hash(noise(200, 200, seed=18))[0], 16).bit_count() == 128


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((8, 8, 4), np.uint8),
        np.zeros((8, 8, 3), np.float32),
        np.zeros((8, 8, 3, 1), np.uint8),
        np.zeros(64, np.uint8),
        np.zeros((0, 8, 3), np.uint8),
        np.zeros((8, 0), np.uint8),
    ],
)
def test_other_arrays_are_refused(array: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    """Arrays that are not pictures of 8 bits, grey or red, green and blue, are refused with a sentence."""
    with pytest.raises(UnsupportedMediaError):
        pdq_hash(array)
