"""Say how far `fast` lies from `exact`, on photographs and on pictures made to be hard.

    HASHCLIENT_VECTORS=FOLDER python benchmarks/fast_distance.py [chosen]

The numbers in `hashclient/hashing/accuracy.py` were chosen while looking at the pictures of `chosen`. Without that word,
other seeds, strengths, sizes and JPEG qualities are taken; the photographs are the same ones, enlarged in another way.

For each family: how many pictures there are, how many were decoded again in full, how many hashes of `fast` are those of
`exact`, and the greatest distance, in bits, once of all and once with the check switched off.
"""

import io
import itertools
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.accuracy import needs_full_decode
from hashclient.hashing.pdq import PdqHasher, coefficients, hash_reduced
from hashclient.hashing.reduction import reduce_turned
from hashclient.media.image import open_image
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.vocabulary import Decode

HEIGHT, WIDTH = 2304, 2400
SIDE_OF_MOSAIC = 6
"""Photographs a side of a mosaic: of small ones, at full sharpness, a picture that `fast` reduces."""
LEAST_SIDE = 1024


@dataclass(frozen=True)
class Kind:
    """What the pictures are made with: those on which the numbers were chosen, or others."""

    seed: int
    codings: tuple[tuple[int, int], ...]
    """JPEG quality, and subsampling of colour as Pillow numbers it."""
    photos: tuple[float, int, Image.Resampling]
    """Pixels and JPEG quality of enlarged photographs, and how they are enlarged."""
    greys: tuple[int, ...]
    """Strengths of grey clouds."""
    colours: tuple[int, ...]
    """Strengths of colour clouds."""
    impossible: tuple[int, ...]
    """Strengths of colours beyond red, green and blue."""
    noise: tuple[int, ...]


CHOSEN = Kind(
    0, ((90, 2), (60, 0), (30, 2)), (12e6, 85, Image.Resampling.BICUBIC),
    (20, 40, 70, 100), (0, 40, 80, 160), (20, 40, 80, 200), (0, 5, 10, 20, 60, 300),
)  # fmt: skip
OTHER = Kind(
    5000, ((95, 0), (75, 2), (45, 2)), (15e6, 92, Image.Resampling.LANCZOS),
    (30, 55, 85, 120), (20, 60, 110, 200), (30, 60, 110, 160), (3, 8, 15, 35, 90, 200),
)  # fmt: skip


def jpeg(image: Image.Image, quality: int = 85, subsampling: int = 2) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    return buffer.getvalue()


def enlarged(photos: list[Image.Image], kind: Kind) -> Iterator[bytes]:
    pixels, quality, way = kind.photos
    for photo in photos:
        stretch = (pixels / (photo.width * photo.height)) ** 0.5
        size = round(photo.width * stretch), round(photo.height * stretch)
        yield jpeg(photo.resize(size, way), quality)


def mosaics(photos: list[Image.Image], kind: Kind) -> Iterator[bytes]:
    """Many photographs side by side, each time in another order."""
    rng = np.random.default_rng(7 + kind.seed)
    for _ in range(len(photos) // 2):
        picture = Image.new("RGB", (500 * SIDE_OF_MOSAIC, 375 * SIDE_OF_MOSAIC))
        for place, which in enumerate(rng.permutation(len(photos))[: SIDE_OF_MOSAIC**2]):
            tile = photos[which].crop((0, 0, 500, 375))
            picture.paste(tile, (500 * (place % SIDE_OF_MOSAIC), 375 * (place // SIDE_OF_MOSAIC)))
        yield jpeg(picture, kind.photos[1])


def cloud(rng: np.random.Generator, cells: int, strength: float) -> NDArray[np.float32]:
    coarse = Image.fromarray(rng.normal(0, strength, (cells, cells)).astype(np.float32))
    return np.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


def grain(kind: Kind) -> Iterator[bytes]:
    """Noise on grey clouds, up to white and black."""
    for seed, (strength, noise) in enumerate(itertools.product(kind.greys, kind.noise)):
        rng = np.random.default_rng(kind.seed + 500 + seed)
        luma = 128 + cloud(rng, 10, strength) + rng.normal(0, noise, (HEIGHT, WIDTH))
        picture = Image.fromarray(np.clip(luma, 0, 255).astype(np.uint8))
        for coding in kind.codings:
            yield jpeg(picture, *coding)


def colourful(kind: Kind) -> Iterator[bytes]:
    """Noise on clouds of saturated colours, as a picture of red, green and blue."""
    for seed, (strength, noise) in enumerate(itertools.product(kind.colours, kind.noise)):
        rng = np.random.default_rng(kind.seed + seed)
        common = 128 + cloud(rng, 10, 60)
        channels = [common + cloud(rng, 6, strength) + rng.normal(0, noise or 1e-9, (HEIGHT, WIDTH)) for _ in range(3)]
        picture = Image.fromarray(np.clip(np.dstack(channels), 0, 255).astype(np.uint8))
        for coding in kind.codings:
            yield jpeg(picture, *coding)


def impossible(kind: Kind) -> Iterator[bytes]:
    """Colours that no red, green and blue have: JPEG keeps luma and colour apart, and so allows them."""
    for seed, (strength, noise) in enumerate(itertools.product(kind.impossible, kind.noise)):
        rng = np.random.default_rng(kind.seed + 100 + seed)
        luma = 128 + cloud(rng, 12, 40) + rng.normal(0, noise or 1e-9, (HEIGHT, WIDTH))
        colours = [128 + cloud(rng, 6, strength) for _ in range(2)]
        if seed % 2:
            colours = [np.where(colour > 128, 128 + strength, 128 - strength) for colour in colours]
        picture = Image.fromarray(np.clip(np.dstack([luma, *colours]), 0, 255).astype(np.uint8), "YCbCr")
        for coding in kind.codings:
            yield jpeg(picture, *coding)


def hashes(untrusted: bytes) -> tuple[int, int, bool, int]:
    """Give the bits between `fast` and `exact`, the same without the check, whether it was decoded again, and the exact quality."""
    with open_image(untrusted, decode=Decode.FAST) as picture:
        reduced = reduce_turned(picture, {1})[1]
        (trusted,), _ = hash_reduced(reduced)
        is_decoded_again = picture.scale > 1 and needs_full_decode([coefficients(reduced)], picture)
        (quick, *_) = PdqHasher().hash_image(picture)
    with open_image(untrusted) as picture:
        (exact, *_) = PdqHasher().hash_image(picture)
    apart = (int(trusted, 16) ^ int(exact.value, 16)).bit_count()
    return quick - exact, apart, is_decoded_again, exact.quality or 0


def families(kind: Kind) -> Iterator[tuple[str, Iterator[bytes]]]:
    if vectors := os.environ.get("HASHCLIENT_VECTORS"):
        paths = sorted((Path(vectors) / "photos").glob("*.jpg"))
        photos = [Image.open(path).convert("RGB") for path in paths]  # noqa: TID251  # the reference data
        yield f"photographs enlarged to {kind.photos[0] / 1e6:.0f} megapixels", enlarged(photos, kind)
        yield "mosaics of 36 photographs, 7 megapixels", mosaics(photos, kind)
        reference = (path.read_bytes() for path in sorted((Path(vectors) / "pdq").glob("*.jpg")))
        yield "reference pictures of 1024 pixels a side or more", filter(is_large, reference)
    yield "noise on grey", grain(kind)
    yield "noise on saturated colours", colourful(kind)
    yield "noise on colours beyond red, green and blue", impossible(kind)


def is_large(untrusted: bytes) -> bool:
    with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # the reference data
        return min(image.size) >= LEAST_SIDE


def main() -> None:
    print("| pictures | how many | decoded again | equal hashes | most bits | most bits without the check |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, pictures in families(CHOSEN if sys.argv[1:] == ["chosen"] else OTHER):
        found = [one for one in map(hashes, pictures) if one[3] >= QUALITY_FLOOR]
        again, equal = sum(one[2] for one in found), sum(one[0] == 0 for one in found)
        most, unchecked = max(one[0] for one in found), max(one[1] for one in found)
        print(f"| {name} | {len(found)} | {again} | {equal} | {most} | {unchecked} |", flush=True)


if __name__ == "__main__":
    main()
