"""What makes a reduced picture be decoded again: a small gap about the median, and colours that may be clipped."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.accuracy import ALIKE, GAP_PER_CLIPPING, LEAST_GAP, clipping, needs_full_decode
from hashclient.hashing.pdq import PdqHasher, hash_reduced
from hashclient.hashing.reduction import reduce_turned
from hashclient.media.image import open_image
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Decode

PLACES = np.arange(256, dtype=np.float32).reshape(16, 16)
GREY = ArrayPixels(np.full((100, 100, 3), 128, np.uint8))


def gap(size: float) -> NDArray[np.float32]:
    """Give coefficients whose second neighbours of the median lie so far apart."""
    return PLACES * np.float32(size / 3)


def striped(one: tuple[int, ...], other: tuple[int, ...]) -> ArrayPixels:
    """Columns of two colours, in turn."""
    pixels = np.empty((100, 100, len(one)), np.uint8)
    pixels[:, ::2], pixels[:, 1::2] = one, other
    return ArrayPixels(pixels)


def test_a_small_gap_is_not_trusted() -> None:
    """In any of the hashes, whatever the pixels are."""
    assert needs_full_decode([gap(LEAST_GAP * 0.99)], GREY)
    assert not needs_full_decode([gap(LEAST_GAP * 1.01)], GREY)
    assert needs_full_decode([gap(9), gap(0)], GREY)


def test_the_gap_has_to_grow_with_what_may_be_clipped() -> None:
    """Ten times as much."""
    pixels = striped((255, 100, 100), (235, 100, 100))
    assert clipping(pixels) == pytest.approx(20 * 0.299)
    assert needs_full_decode([gap(GAP_PER_CLIPPING * 20 * 0.299 * 0.99)], pixels)
    assert not needs_full_decode([gap(GAP_PER_CLIPPING * 20 * 0.299 * 1.01)], pixels)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 100, 100), (30, 100, 100), 30 * 0.299),  # clipped at the dark end
        ((100, 100, 255), (100, 100, 250), 5 * 0.114),  # each colour weighs as in luma
        ((255, 100, 100), (255, 100, 100), 0.0),  # no contrast, nothing lost
        ((250, 100, 100), (200, 100, 100), 0.0),  # not at an end
        ((255, 255, 255), (220, 220, 220), ALIKE * 35),  # white: all colours at the same end
        ((0, 0, 0), (20, 20, 20), ALIKE * 20),  # black
        ((255,), (200,), ALIKE * 55),  # grey
        ((128,), (200,), 0.0),  # grey, not at an end
    ],
)
def test_contrast_counts_where_one_colour_is_at_its_end(
    one: tuple[int, ...], other: tuple[int, ...], expected: float
) -> None:
    """In full where another is not, less where all are."""
    assert clipping(striped(one, other)) == pytest.approx(expected)


def test_every_place_counts_the_same() -> None:
    """A picture half of which may be clipped gives half as much; the smallest picture can be looked at."""
    pixels = np.full((200, 200, 3), 100, np.uint8)
    pixels[:100, ::2, 0] = 255
    pixels[:100, 1::2, 0] = 215
    assert clipping(ArrayPixels(pixels)) == pytest.approx(20 * 0.299, rel=0.1)
    assert clipping(ArrayPixels(pixels[:2, :2])) == pytest.approx(40 * 0.299)


def impossible(noise: float, *, strength: float, seed: int) -> bytes:
    """Make a JPEG of noise on colours that no red, green and blue have, which the format allows."""
    rng = np.random.default_rng(seed)

    def cloud(cells: int, spread: float) -> NDArray[np.float32]:
        coarse = Image.fromarray(rng.normal(0, spread, (cells, cells)).astype(np.float32))
        return np.asarray(coarse.resize((2100, 2050), Image.Resampling.BICUBIC))

    luma = 128 + cloud(12, 40) + rng.normal(0, noise, (2050, 2100))
    colours = [np.where(cloud(6, 1) > 0, 128 + strength, 128 - strength) for _ in range(2)]
    picture = np.clip(np.dstack([luma, *colours]), 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(picture, "YCbCr").save(file, "JPEG", quality=75)
    return file.getvalue()


@pytest.mark.slow
def test_colours_that_were_clipped_are_found_and_decoded_again() -> None:
    """Where a reduced decoding would give a hash more than 2 bits away, the exact one is used."""
    believed = []
    for seed, (noise, strength) in enumerate([(20, 40), (20, 120), (60, 60), (60, 120), (120, 120), (10, 120)]):
        untrusted = impossible(noise, strength=strength, seed=seed)
        with open_image(untrusted, decode=Decode.FAST) as picture:
            reduced = reduce_turned(picture, {1})[1]
            assert picture.scale == 2
            quick = PdqHasher().hash_image(picture)[0]
        with open_image(untrusted) as picture:
            exact = PdqHasher().hash_image(picture)[0]
        assert quick - exact <= 2
        (value,), _ = hash_reduced(reduced)
        believed.append((int(value, 16) ^ int(exact.value, 16)).bit_count())
    assert max(believed) > 2  # else this test would see nothing
