"""Pixels can be walked over, and turned while walking."""

import numpy as np
import pytest

from hashclient.errors import UnsupportedMediaError
from hashclient.pixels import LUMA, ArrayPixels, UprightPixels, luma
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


def test_luma_is_that_of_the_reference_for_every_colour() -> None:
    """Red, green and blue added in float64, in this order, and rounded once: the same float32 for all 16,777,216."""
    levels = np.arange(256, dtype=np.uint8)
    for red in levels:
        colours = np.stack(np.broadcast_arrays(red, levels[:, np.newaxis], levels), axis=-1)
        parts = [colours[..., channel] * weight for channel, weight in enumerate(LUMA)]
        expected = (parts[0] + parts[1] + parts[2]).astype(np.float32)
        assert np.array_equal(luma(colours), expected)
        assert np.array_equal(luma(colours.swapaxes(0, 1)), expected.T)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 70_000, 3), (700, 1, 3), (0, 5, 3), (5, 0, 3), (100, 401, 3)])
def test_luma_of_any_shape(shape: tuple[int, ...]) -> None:
    """It is weighed strip by strip; none is left out, however wide or narrow."""
    block = np.random.default_rng(5).integers(0, 256, shape, np.uint8)
    assert luma(block).shape == shape[:2]
    assert np.allclose(luma(block), block @ np.array(LUMA), atol=1e-4)


@pytest.mark.parametrize(
    ("dtype", "shape", "step"),
    [
        ("float64", (20, 30, 3), "(array * 255).round().astype(numpy.uint8)"),
        ("float32", (3, 20, 30), "(array * 255).round().astype(numpy.uint8)"),
        ("uint16", (20, 30), "(array >> 8).astype(numpy.uint8)"),
        ("int64", (20, 30, 3), "array.astype(numpy.uint8)"),
        ("bool", (20, 30), "array.astype(numpy.uint8) * 255"),
        ("object", (20, 30, 3), "one by one"),
        ("complex128", (20, 30), "array.astype(numpy.uint8)"),
        ("uint8", (3, 20, 30), "array.transpose(1, 2, 0)"),
        ("uint8", (1, 20, 30), "array.transpose(1, 2, 0)"),
        ("uint8", (20, 30, 4), "array[..., :3]"),
        ("uint8", (20, 30, 2), "array[..., 0]"),
        ("uint8", (20, 30, 7), "Choose three channels"),
        ("uint8", (2, 20, 30, 3), "one by one"),
        ("uint8", (30,), "(height, width, 3)"),
        ("uint8", (), "(height, width, 3)"),
        ("uint8", (0, 30, 3), "It has no pixels"),
        ("uint8", (20, 30, 0), "It has no pixels"),
    ],
)
def test_an_array_that_is_no_picture_is_named_with_what_to_do(dtype: str, shape: tuple[int, ...], step: str) -> None:
    """Its type and shape, and one step towards an array that can be hashed."""
    with pytest.raises(UnsupportedMediaError) as raised:
        ArrayPixels(np.zeros(shape, dtype))
    sentence = str(raised.value)
    assert f"An array of {dtype}, shape {shape}, is no picture." in sentence
    assert step in sentence
    assert sentence.endswith("Nothing was sent.")
