"""Pixels can be walked over, and turned while walking."""

import numpy as np
import pytest

from hashclient.pixels import ArrayPixels, UprightPixels, luma
from kit.image_hasher_suite import turn
from kit.pdq_reference import noise


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_blocks_are_blocks_of_the_turned_array(orientation: int) -> None:
    """Rows, columns and luma of upright pixels are those of the array really turned."""
    stored = noise(20, 31, seed=1)
    upright = UprightPixels(ArrayPixels(stored, orientation=orientation), orientation=orientation)
    really = turn(stored, orientation)
    assert (upright.height, upright.width) == really.shape[:2]
    assert upright.orientation == 1
    assert np.array_equal(upright.rows(3, 11), really[3:11])
    assert np.array_equal(upright.columns(2, 9), really[:, 2:9])
    assert np.array_equal(upright.luma(3, 11), luma(really[3:11]))


def test_blocks_of_an_array_are_its_slices() -> None:
    """Rows and columns of an array are looked at, not copied."""
    array = noise(20, 31, seed=2)
    pixels = ArrayPixels(array)
    assert np.shares_memory(pixels.rows(2, 5), array)
    assert np.array_equal(pixels.columns(1, 4), array[:, 1:4])


def test_luma_of_colour_and_of_grey() -> None:
    """White is 255, colours weigh 0.299, 0.587 and 0.114, and grey is its own luma."""
    colours = np.array([[[255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    assert luma(colours).tolist() == [[255.0, np.float32(76.245), np.float32(149.685), np.float32(29.07)]]
    assert luma(np.array([[[7]]], np.uint8)).tolist() == [[7.0]]
