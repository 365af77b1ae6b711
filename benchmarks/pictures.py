"""Hash pictures in one way, in a process of its own; `bench.py` starts it and reads its one line of JSON."""

import io
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from timing import run

SCALES = ((4, 60), (16, 40), (64, 25), (256, 12))
"""Clouds of these many cells a side, of this strength: about as much detail at each scale as a photograph has."""
FINEST = 4
"""Strength of the noise from pixel to pixel."""
LEAST_FAST_SIDE = 1024
MOST_REDUCTION = 8

Way = Callable[[], Callable[[Path], object]]


def draw(path: Path, width: int, height: int, seed: int) -> None:
    """Write a JPEG of soft noise at several scales, quality 90."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(seed)
    picture = np.full((height, width, 3), 120, np.float32)
    for cells, strength in SCALES:
        coarse = random.normal(0, strength, (cells, cells, 3)).astype(np.float32)
        for channel in range(3):
            cloud = Image.fromarray(coarse[..., channel]).resize((width, height), Image.Resampling.BICUBIC)
            picture[..., channel] += np.asarray(cloud)
    picture += random.normal(0, FINEST, (height, width, 1)).astype(np.float32)
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path, quality=90)


def enlarge(path: Path, photo: Path, megapixels: float) -> None:
    """Write a photograph at so many megapixels, JPEG quality 90."""
    from PIL import Image

    with Image.open(photo) as small:  # noqa: TID251  # the reference data
        stretch = (megapixels * 1e6 / (small.width * small.height)) ** 0.5
        size = round(small.width * stretch), round(small.height * stretch)
        small.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(path, quality=90)


def draw_large(path: Path, tile: Path, times: int) -> None:
    """Write a JPEG of many copies of another, side by side: too large to be drawn at once."""
    from PIL import Image

    with Image.open(tile) as one:  # noqa: TID251  # our own
        large = Image.new("RGB", (one.width * times, one.height * times))
        for place in range(times * times):
            large.paste(one, (place % times * one.width, place // times * one.height))
    large.save(path, quality=90)


def pdq_reference() -> Callable[[Path], object]:
    """Give the way of most programs: decode with Pillow, hash with pdqhash."""
    import numpy as np
    import pdqhash
    from PIL import Image

    def hash_one(path: Path) -> object:
        with Image.open(io.BytesIO(path.read_bytes())) as image:  # noqa: TID251  # what we compare ourselves with
            return pdqhash.compute(np.asarray(image.convert("RGB")))

    return hash_one


def threatexchange() -> Callable[[Path], object]:
    """Give the way of partners' tools."""
    from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_file

    hash_one: Callable[[Path], object] = pdq_from_file
    return hash_one


def imagehash(function: str) -> Way:
    """Give the way of that library's readers, with one of its functions."""

    def way() -> Callable[[Path], object]:
        import imagehash
        from PIL import Image

        compute = getattr(imagehash, function)

        def hash_one(path: Path) -> object:
            with Image.open(io.BytesIO(path.read_bytes())) as image:  # noqa: TID251  # what we compare ourselves with
                return compute(image)

        return hash_one

    return way


def ours(*, decode: str = "exact", coverage: str = "single", kind: str = "pdq") -> Way:
    """Give our own way, by decoding rule, level of coverage and type of hash."""

    def way() -> Callable[[Path], object]:
        from hashclient.hashing.imagehash import PerceptualHasher, load_imagehash
        from hashclient.hashing.reposts.coverage import CoverageHasher
        from hashclient.media.image import open_image
        from hashclient.model import SignalType
        from hashclient.vocabulary import Coverage, Decode

        rule = Decode(decode)
        load_imagehash([SignalType(kind)])
        hasher = CoverageHasher(Coverage(coverage)) if kind == "pdq" else PerceptualHasher(SignalType(kind))

        def hash_one(path: Path) -> object:
            with open_image(path.read_bytes(), decode=rule) as picture:
                return hasher.hash_image(picture)

        return hash_one

    return way


def in_memory(*, is_grey: bool, is_reference: bool = False) -> Way:
    """Give the hash of an array that was decoded before; only the hash is measured."""

    def way() -> Callable[[Path], object]:
        import numpy as np
        from PIL import Image

        if is_reference:
            from pdqhash import compute
        else:
            from hashclient.hashing import pdq_hash as compute

        @cache
        def decoded(path: Path) -> object:
            with Image.open(path) as image:  # noqa: TID251  # our own
                return np.asarray(image.convert("L" if is_grey else "RGB"))

        return lambda path: compute(decoded(path))

    return way


def decode(*, is_scaled: bool, mode: str | None = None) -> Way:
    """Give what nobody can do without: decoding, in full or at the fraction that leaves 1024 pixels of the shorter side."""

    def way() -> Callable[[Path], object]:
        from PIL import Image

        def decode_one(path: Path) -> object:
            with Image.open(io.BytesIO(path.read_bytes())) as image:  # noqa: TID251  # what we compare ourselves with
                scale = 1
                while is_scaled and scale < MOST_REDUCTION and min(image.size) // (2 * scale) >= LEAST_FAST_SIDE:
                    scale *= 2
                image.draft(mode, (image.width // scale, image.height // scale))
                return image.load()

        return decode_one

    return way


WAYS: dict[str, Way] = {
    "reference": pdq_reference,
    "threatexchange": threatexchange,
    "exact": ours(),
    "fast": ours(decode="fast"),
    "standard": ours(coverage="standard"),
    "wide": ours(coverage="wide"),
    "grey array": in_memory(is_grey=True),
    "RGB array": in_memory(is_grey=False),
    "reference, RGB array": in_memory(is_grey=False, is_reference=True),
    "decode": decode(is_scaled=False),
    "scaled": decode(is_scaled=True),
    "grey": decode(is_scaled=True, mode="L"),
    "imagehash phash": imagehash("phash"),
    "imagehash dhash": imagehash("dhash"),
    "phash": ours(kind="phash"),
    "dhash": ours(kind="dhash"),
    "fast phash": ours(kind="phash", decode="fast"),
    "fast dhash": ours(kind="dhash", decode="fast"),
}
"""What is measured, by name."""


def main() -> None:
    """Draw, or measure."""
    step, *rest = sys.argv[1:]
    if step == "draw":
        draw(Path(rest[0]), int(rest[1]), int(rest[2]), int(rest[3]))
    elif step == "enlarge":
        enlarge(Path(rest[0]), Path(rest[1]), int(rest[2]))
    elif step == "draw-large":
        draw_large(Path(rest[0]), Path(rest[1]), int(rest[2]))
    else:
        run(WAYS, Path, sys.argv[1:])


if __name__ == "__main__":
    main()
