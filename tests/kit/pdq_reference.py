"""The oracle: Meta's C++ through `pdqhash`, and pictures that try it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


def oracle() -> Any:
    """Give the module `pdqhash`, or skip the test that needs it."""
    return pytest.importorskip("pdqhash", reason="pdqhash is not installed; `make oracle` builds it")


def _hex(bits: NDArray[np.int64]) -> str:
    return np.packbits(bits.astype(np.uint8)).tobytes().hex()


def reference(pixels: Pixels) -> tuple[str, int]:
    """Give the reference's hash and quality."""
    bits, quality = oracle().compute(np.ascontiguousarray(pixels))
    return _hex(bits), int(quality)


def reference_dihedral(pixels: Pixels) -> tuple[tuple[str, ...], int]:
    """Give the reference's eight hashes, and the quality."""
    every, quality = oracle().compute_dihedral(np.ascontiguousarray(pixels))
    return tuple(map(_hex, every)), int(quality)


def reference_coefficients(pixels: Pixels) -> NDArray[np.float32]:
    """Give the reference's 16 x 16 coefficients."""
    flat, _ = oracle().compute_float(np.ascontiguousarray(pixels))
    return np.asarray(flat[::-1], np.float32).reshape(16, 16)


def noise(height: int, width: int, *, seed: int, low: int = 0, high: int = 256) -> Pixels:
    """Make a picture in which every pixel is its own."""
    return np.random.default_rng(seed).integers(low, high, (height, width, 3), dtype=np.uint8)


def smooth(height: int, width: int, *, seed: int, cells: int = 8, low: int = 0) -> Pixels:
    """Make a picture of soft clouds."""
    clouds = Image.fromarray(noise(cells, cells, seed=seed, low=low))
    return np.asarray(clouds.resize((width, height), Image.Resampling.BICUBIC))


def tied(height: int, width: int, *, seed: int) -> Iterator[Pixels]:
    """Make pictures whose coefficients tie with the median: flat, a ramp, an edge, hard-edged blocks."""
    random = np.random.default_rng(seed)
    yield np.full((height, width, 3), random.integers(0, 256, 3), np.uint8)
    yield np.broadcast_to(np.linspace(0, 255, width)[:, np.newaxis], (height, width, 3)).astype(np.uint8)
    edge = np.zeros((height, width, 3), np.uint8)
    edge[:, width // 2 :] = 255
    yield edge
    for colours in (random.integers(0, 256, (4, 4, 3)), random.choice([0, 255], (6, 6, 1)).repeat(3, axis=2)):
        down = np.arange(height) * len(colours) // height
        across = np.arange(width) * len(colours) // width
        yield colours[down[:, np.newaxis], across].astype(np.uint8)


def distance(one: str, other: str) -> int:
    """Count the bits in which two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
