"""Numpy borrows Pillow's memory, or copies where it cannot."""

import gc
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from hashclient.media.lending import floats_of

SPLIT = """
import numpy as np
from PIL import Image
from hashclient.media.lending import floats_of
image = Image.linear_gradient("L").resize((900, 700)).convert("F")
try:
    image.__arrow_c_array__()
except ValueError:
    print("in parts")
print(np.array_equal(floats_of(image), np.asarray(image)))
"""


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (257, 129), (2000, 1000)])
def test_what_is_lent_is_the_image(size: tuple[int, int]) -> None:
    """Borrowed pixels are the image's, of any size, and may not be written to."""
    image = Image.linear_gradient("L").resize(size).convert("F")
    lent = floats_of(image)
    assert lent.shape == (size[1], size[0])
    assert np.array_equal(lent, np.asarray(image))
    assert not lent.flags.writeable


def test_what_is_lent_outlives_the_image() -> None:
    """The memory stays as long as it is looked at, also when the image is gone."""
    lent = floats_of(Image.linear_gradient("L").convert("F"))
    gc.collect()
    others = [Image.new("F", (256, 256), 7) for _ in range(20)]
    assert lent[:, 0].tolist() == list(range(256))
    assert len(others) == 20


def test_an_image_in_parts_is_copied() -> None:
    """Where Pillow holds an image in several parts and cannot lend it, the pixels are the same."""
    environment = os.environ | {"PILLOW_BLOCK_SIZE": "64k"}
    done = subprocess.run([sys.executable, "-c", SPLIT], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.split("\n")[:2] == ["in parts", "True"]


def test_an_image_of_something_else_is_copied() -> None:
    """An image that is lent in another shape than one float a pixel is copied."""
    coloured = Image.new("RGB", (9, 5))
    assert np.asarray(floats_of(coloured)).shape == (5, 9, 3)
