"""What every hasher of pictures does, written once and inherited for each of them."""

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hashclient.errors import BrokenMediaError
from hashclient.hashing.interface import ImageHasher
from hashclient.model.signal import HEX_LENGTH, ORIGINAL, STORED, WITH_QUALITY
from hashclient.pixels import TURNS, ArrayPixels, UprightPixels
from kit.pdq_reference import noise, smooth


class FailingPixels(ArrayPixels):
    """Pixels that turn out to be damaged on the way."""

    def rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        raise BrokenMediaError(f"rows {start} to {stop} are damaged")

    columns = rows


def turn(array: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Really turn an array upright."""
    how = TURNS[orientation]
    array = array[::-1] if how.rows_reversed else array
    array = array[:, ::-1] if how.columns_reversed else array
    return np.ascontiguousarray(array.swapaxes(0, 1) if how.transposed else array)


class ImageHasherSuite:
    """Inherit this, name the class Test..., and give a fixture `hasher`."""

    @pytest.fixture
    def hasher(self) -> ImageHasher:
        raise NotImplementedError

    @pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (4, 9), (5, 5), (64, 64), (300, 200), (200, 301)])
    def test_any_shape_has_one_well_formed_signal(self, hasher: ImageHasher, shape: tuple[int, int]) -> None:
        """A picture of any shape, upright, gives one signal of the hasher's type, called original."""
        (signal,) = hasher.hash_image(ArrayPixels(noise(*shape, seed=1)))
        assert signal.type is hasher.type
        assert signal.variant == ORIGINAL
        assert re.fullmatch(f"[0-9a-f]{{{HEX_LENGTH[hasher.type]}}}", signal.value)
        assert (signal.quality is not None) == (hasher.type in WITH_QUALITY)

    def test_same_pixels_same_signals(self, hasher: ImageHasher) -> None:
        """The same pixels give the same signals, however often and in whatever memory they lie."""
        pixels = smooth(130, 170, seed=2)
        strided = np.asfortranarray(pixels)
        expected = hasher.hash_image(ArrayPixels(pixels))
        assert hasher.hash_image(ArrayPixels(pixels)) == expected
        assert hasher.hash_image(ArrayPixels(strided)) == expected

    def test_pixels_are_left_alone(self, hasher: ImageHasher) -> None:
        """Hashing does not write into the picture."""
        pixels = noise(70, 90, seed=3)
        before = pixels.copy()
        hasher.hash_image(ArrayPixels(pixels))
        assert np.array_equal(pixels, before)

    def test_grey_is_colour_with_equal_channels(self, hasher: ImageHasher) -> None:
        """A grey picture hashes as the same picture in colour does."""
        grey = smooth(140, 220, seed=4)[..., 0]
        coloured = np.repeat(grey[..., np.newaxis], 3, axis=2)
        assert hasher.hash_image(ArrayPixels(grey)) == hasher.hash_image(ArrayPixels(coloured))

    def test_other_pictures_have_other_signals(self, hasher: ImageHasher) -> None:
        """Two unrelated pictures are far apart."""
        (one,) = hasher.hash_image(ArrayPixels(smooth(200, 200, seed=5)))
        (other,) = hasher.hash_image(ArrayPixels(smooth(200, 200, seed=6)))
        assert one - other > 0

    @pytest.mark.parametrize("orientation", range(2, 9))
    def test_a_turned_picture_is_hashed_upright_and_as_stored(self, hasher: ImageHasher, orientation: int) -> None:
        """Original is bit for bit the hash of the really turned pixels; stored is that of the pixels as they lie."""
        pixels = smooth(150, 231, seed=7)
        original, stored = hasher.hash_image(ArrayPixels(pixels, orientation=orientation))
        assert (original.variant, stored.variant) == (ORIGINAL, STORED)
        (upright,) = hasher.hash_image(ArrayPixels(turn(pixels, orientation)))
        (as_it_lies,) = hasher.hash_image(ArrayPixels(pixels))
        assert original == upright
        assert stored.value == as_it_lies.value

    def test_a_turn_that_changes_nothing_gives_one_signal(self, hasher: ImageHasher) -> None:
        """Where upright and stored hash alike, only original is given."""
        flat = np.zeros((3, 3, 3), np.uint8)
        (signal,) = hasher.hash_image(ArrayPixels(flat, orientation=6))
        assert signal.variant == ORIGINAL

    def test_damage_comes_through(self, hasher: ImageHasher) -> None:
        """An error of the pixels is the hasher's error."""
        with pytest.raises(BrokenMediaError):
            hasher.hash_image(FailingPixels(noise(80, 80, seed=8)))

    def test_upright_pixels_can_be_hashed_themselves(self, hasher: ImageHasher) -> None:
        """Pixels turned block by block hash as the turned array does."""
        pixels = smooth(150, 231, seed=9)
        turned = UprightPixels(ArrayPixels(pixels), orientation=7)
        assert hasher.hash_image(turned) == hasher.hash_image(ArrayPixels(turn(pixels, 7)))
