"""One step of the benchmark in a process of its own; `bench.py` starts it and reads its one line of JSON."""

import importlib.metadata
import io
import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

SCALES = ((4, 60), (16, 40), (64, 25), (256, 12))
"""Clouds of these many cells a side, of this strength: about as much detail at each scale as a photograph has."""
FINEST = 4
"""Strength of the noise from pixel to pixel."""


def make(path: Path, width: int, height: int, seed: int) -> None:
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


def make_large(path: Path, tile: Path, times: int) -> None:
    """Write a JPEG of many copies of another, side by side, as large telephones' cameras make them."""
    from PIL import Image

    with Image.open(tile) as one:  # noqa: TID251  # our own
        large = Image.new("RGB", (one.width * times, one.height * times))
        for place in range(times * times):
            large.paste(one, (place % times * one.width, place // times * one.height))
    large.save(path, quality=90)


def reference() -> Callable[[bytes], object]:
    """Give the way of most programs: decode with Pillow, hash with pdqhash."""
    import numpy as np
    import pdqhash
    from PIL import Image

    def hash_one(untrusted: bytes) -> object:
        with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # what we compare ourselves with
            return pdqhash.compute(np.asarray(image.convert("RGB")))

    return hash_one


def ours(*, decode: str, coverage: str) -> Callable[[bytes], object]:
    """Give our own way, by decoding rule and level of coverage."""
    from hashclient.hashing.coverage import CoverageHasher
    from hashclient.hashing.level import Coverage
    from hashclient.media.image import open_image
    from hashclient.media.rule import Decode

    hasher, rule = CoverageHasher(Coverage(coverage)), Decode(decode)

    def hash_one(untrusted: bytes) -> object:
        with open_image(untrusted, decode=rule) as picture:
            return hasher.hash_picture(picture)

    return hash_one


def decode() -> Callable[[bytes], object]:
    """Give what nobody can do without: decoding."""
    from PIL import Image

    def decode_one(untrusted: bytes) -> object:
        with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # what we compare ourselves with
            return image.load()

    return decode_one


def scaled() -> Callable[[bytes], object]:
    """Give what the fast way cannot do without: decoding grey alone, at the fraction that leaves 1024 pixels a side."""
    from PIL import Image

    def decode_one(untrusted: bytes) -> object:
        with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # what we compare ourselves with
            scale = 1
            while scale < 8 and min(image.size) // (2 * scale) >= 1024:
                scale *= 2
            image.draft("L", (image.width // scale, image.height // scale))
            return image.load()

    return decode_one


WAYS: dict[str, Callable[[], Callable[[bytes], object]]] = {
    "reference": reference,
    "exact": lambda: ours(decode="exact", coverage="single"),
    "fast": lambda: ours(decode="fast", coverage="single"),
    "standard": lambda: ours(decode="exact", coverage="standard"),
    "wide": lambda: ours(decode="exact", coverage="wide"),
    "decode": decode,
    "scaled": scaled,
}
"""What is measured, by the name of the step."""


def measure(way: Callable[[], Callable[[bytes], object]], repeats: int, paths: list[Path]) -> dict[str, float]:
    """Run one way over all pictures, once to warm up and then some times; the fastest counts: others were disturbed."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    handle_one, files = way(), [path.read_bytes() for path in paths]
    seconds = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        for untrusted in files:
            handle_one(untrusted)
        seconds.append(time.perf_counter() - start)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"milliseconds": min(seconds[1:]) / len(files) * 1e3, "megabytes": most / 1e6}


def versions() -> dict[str, str]:
    """Name what was measured, and on what."""
    from PIL import features

    packages = {name: importlib.metadata.version(name) for name in ("hashclient", "numpy", "pillow", "pdqhash")}
    return (
        {"Python": platform.python_version()}
        | packages
        | {"libjpeg-turbo": str(features.version_feature("libjpeg_turbo")), "on": platform.machine()}
    )


def main() -> None:
    """Do the step that the arguments name."""
    step, *rest = sys.argv[1:]
    answer: object = {}
    if step == "versions":
        answer = versions()
    elif step == "make":
        make(Path(rest[0]), int(rest[1]), int(rest[2]), int(rest[3]))
    elif step == "make-large":
        make_large(Path(rest[0]), Path(rest[1]), int(rest[2]))
    else:
        answer = measure(WAYS[step], int(rest[0]), [Path(path) for path in rest[1:]])
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
