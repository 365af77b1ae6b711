"""Say how far `fast` lies from `exact`, on photographs and on pictures made to be hard.

    HASHCLIENT_VECTORS=FOLDER python benchmarks/fast_distance.py

For each family: how many pictures, of how many the hash was believed that the reduced decoding gave,
how many hashes of `fast` are those of `exact`, and the greatest distance, in bits, once of all and
once with the doubt switched off.
"""

import io
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.doubt import is_doubtful
from hashclient.hashing.pdq import PdqHasher, coefficients, hash_reduced
from hashclient.hashing.reduction import reduce_turned
from hashclient.media.image import Decode, open_image
from hashclient.model.signal import QUALITY_FLOOR

HEIGHT, WIDTH = 2304, 2400
ENLARGED_PIXELS = 12e6
SIDE_OF_MOSAIC = 6
"""Photographs a side of a mosaic: of small ones, at full sharpness, a picture that `fast` reduces."""
LEAST_SIDE = 1024
CODINGS = ((90, 2), (60, 0), (30, 2))
"""JPEG quality, and subsampling of colour as Pillow numbers it."""


def jpeg(image: Image.Image, quality: int = 85, subsampling: int = 2) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    return buffer.getvalue()


def enlarged(photos: list[Image.Image]) -> Iterator[bytes]:
    for photo in photos:
        stretch = (ENLARGED_PIXELS / (photo.width * photo.height)) ** 0.5
        size = round(photo.width * stretch), round(photo.height * stretch)
        yield jpeg(photo.resize(size, Image.Resampling.BICUBIC))


def mosaics(photos: list[Image.Image]) -> Iterator[bytes]:
    """Many photographs side by side, each time in another order."""
    rng = np.random.default_rng(7)
    for _ in range(len(photos) // 2):
        picture = Image.new("RGB", (500 * SIDE_OF_MOSAIC, 375 * SIDE_OF_MOSAIC))
        for place, which in enumerate(rng.permutation(len(photos))[: SIDE_OF_MOSAIC**2]):
            tile = photos[which].crop((0, 0, 500, 375))
            picture.paste(tile, (500 * (place % SIDE_OF_MOSAIC), 375 * (place // SIDE_OF_MOSAIC)))
        yield jpeg(picture)


def cloud(rng: np.random.Generator, cells: int, strength: float) -> NDArray[np.float32]:
    coarse = Image.fromarray(rng.normal(0, strength, (cells, cells)).astype(np.float32))
    return np.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


def grain() -> Iterator[bytes]:
    """Noise on grey clouds, up to white and black."""
    for seed, (strength, noise) in enumerate(itertools.product((20, 40, 70, 100), (5, 10, 20, 40, 80, 150, 300))):
        rng = np.random.default_rng(500 + seed)
        luma = 128 + cloud(rng, 10, strength) + rng.normal(0, noise, (HEIGHT, WIDTH))
        picture = Image.fromarray(np.clip(luma, 0, 255).astype(np.uint8))
        for coding in CODINGS:
            yield jpeg(picture, *coding)


def colourful() -> Iterator[bytes]:
    """Noise on clouds of saturated colours, as a picture of red, green and blue."""
    for seed, (strength, noise) in enumerate(itertools.product((0, 40, 80, 160), (0, 5, 10, 20, 60, 300))):
        rng = np.random.default_rng(seed)
        common = 128 + cloud(rng, 10, 60)
        channels = [common + cloud(rng, 6, strength) + rng.normal(0, noise or 1e-9, (HEIGHT, WIDTH)) for _ in range(3)]
        picture = Image.fromarray(np.clip(np.dstack(channels), 0, 255).astype(np.uint8))
        for coding in CODINGS:
            yield jpeg(picture, *coding)


def impossible() -> Iterator[bytes]:
    """Colours that no red, green and blue have, as cameras that write luma and colour apart can make them."""
    for seed, (strength, noise) in enumerate(itertools.product((20, 40, 80, 200), (0, 5, 10, 20, 60, 120))):
        rng = np.random.default_rng(100 + seed)
        luma = 128 + cloud(rng, 12, 40) + rng.normal(0, noise or 1e-9, (HEIGHT, WIDTH))
        colours = [128 + cloud(rng, 6, strength) for _ in range(2)]
        if seed % 2:
            colours = [np.where(colour > 128, 128 + strength, 128 - strength) for colour in colours]
        picture = Image.fromarray(np.clip(np.dstack([luma, *colours]), 0, 255).astype(np.uint8), "YCbCr")
        for coding in CODINGS:
            yield jpeg(picture, *coding)


def hashes(untrusted: bytes) -> tuple[int, int, bool, int]:
    """Give bits between `fast` and `exact`, the same with no doubt, whether there was doubt, and the exact quality."""
    with open_image(untrusted, decode=Decode.FAST) as picture:
        full = picture.full_width, picture.full_height
        reduced = reduce_turned(picture, {1}, full=full, scale=picture.scale)[1]
        (believed,), _ = hash_reduced(reduced)
        doubted = picture.scale > 1 and is_doubtful([coefficients(reduced)], picture)
        (quick, *_) = PdqHasher().hash_picture(picture)
    with open_image(untrusted) as picture:
        (exact, *_) = PdqHasher().hash_picture(picture)
    apart = (int(believed, 16) ^ int(exact.value, 16)).bit_count()
    return quick - exact, apart, doubted, exact.quality or 0


def families() -> Iterator[tuple[str, Iterator[bytes]]]:
    if vectors := os.environ.get("HASHCLIENT_VECTORS"):
        paths = sorted((Path(vectors) / "photos").glob("*.jpg"))
        photos = [Image.open(path).convert("RGB") for path in paths]  # noqa: TID251  # the reference data
        yield "photographs enlarged to 12 megapixels", enlarged(photos)
        yield "mosaics of 36 photographs, 7 megapixels", mosaics(photos)
        reference = (path.read_bytes() for path in sorted((Path(vectors) / "pdq").glob("*.jpg")))
        yield "reference pictures of 1024 pixels a side or more", filter(is_large, reference)
    yield "noise on grey", grain()
    yield "noise on saturated colours", colourful()
    yield "noise on colours beyond red, green and blue", impossible()


def is_large(untrusted: bytes) -> bool:
    with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # the reference data
        return min(image.size) >= LEAST_SIDE


def main() -> None:
    print("| pictures | how many | decoded again | equal hashes | most bits | most bits without doubt |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, pictures in families():
        found = [one for one in map(hashes, pictures) if one[3] >= QUALITY_FLOOR]
        again, equal = sum(one[2] for one in found), sum(one[0] == 0 for one in found)
        most, undoubted = max(one[0] for one in found), max(one[1] for one in found)
        print(f"| {name} | {len(found)} | {again} | {equal} | {most} | {undoubted} |", flush=True)


if __name__ == "__main__":
    main()
