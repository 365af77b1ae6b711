"""Measure the picture inside: how often it is found, how often ordinary pictures are asked about, and what it costs.

    python benchmarks/inner.py PHOTOS [--noise 2 --quality 75]

PHOTOS is a folder of photographs. As they are, none has a picture inside, so each that is found counts against it. Then each
is put into the frames and on the screens that `hashclient.lab` draws. Where it lies there is told by what changes when the
photograph is drawn as its negative. It counts as found where the rectangle is right to a hundredth of the longer side, and
once more where the hash of the rectangle is within 31 bits of the hash of what really lies there.
"""

import argparse
import io
import statistics
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.pdq import PdqHasher, pdq_hash
from hashclient.inner import Rectangle, find_inner
from hashclient.lab.suites import Suite, keyed_generator
from hashclient.lab.transforms.interface import By, Step
from hashclient.media.image import open_image
from hashclient.model.signal import MATCH_DISTANCE
from hashclient.pixels import ArrayPixels

KINDS = {
    "padded": ("frame.pad(",),
    "framed": ("frame.border(",),
    "bars": ("frame.bar(",),
    "Polaroid": ("frame.polaroid(",),
    "gallery": ("screen.gallery(",),
    "full screen": ("screen.full(",),
    "post": ("screen.post(",),
    "reel": ("screen.reel(",),
    "card": ("screen.card(", "frame.card("),
    "chat": ("screen.chat(",),
}
"""How a cell of the suite begins, by what it is called here."""
CHANGE = 24
"""Least change of a channel, of 255, where the photograph is."""
ROUNDS = 9
TWELVE_MEGAPIXELS = (4000, 3000)


def cells(suite: Suite) -> dict[str, list[str]]:
    """Give the edits of each kind that are one step, searched and held; padding filled with a blur is no even colour."""
    found: dict[str, list[str]] = defaultdict(list)
    for cell in suite.every:
        for kind, starts in KINDS.items():
            edit, _, saving = cell.id.partition(">")
            if edit.startswith(starts) and saving.count(">") == 0 and "blur" not in edit:
                found[kind].append(edit)
    return found


def decoded(path: Path) -> NDArray[np.uint8]:
    """Give the pixels of a photograph, in colour."""
    with open_image(path.read_bytes()) as picture:
        rows = picture.rows(0, picture.height)
    return np.ascontiguousarray(np.broadcast_to(rows, (*rows.shape[:2], 3)))


def drawn(step: Step, array: NDArray[np.uint8], key: str) -> NDArray[np.uint8]:
    """Put a photograph into a frame or on a screen."""
    return np.asarray(step.edited(Image.fromarray(array), By(keyed_generator("inner", key))).convert("RGB"))


def truth(whole: NDArray[np.uint8], negative: NDArray[np.uint8]) -> Rectangle:
    """Find where the photograph is by what changes with it."""
    changes = np.abs(whole.astype(int) - negative).max(axis=2) > CHANGE
    rows, columns = (np.flatnonzero((share := changes.mean(axis=axis)) > 0.1 * share.max()) for axis in (1, 0))
    return Rectangle(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


def saved(array: NDArray[np.uint8], *, noise: float, quality: int, key: str) -> NDArray[np.uint8]:
    """Add noise, and save as JPEG."""
    rng, buffer = keyed_generator("noise", key), io.BytesIO()
    noisy = (array + rng.normal(0, noise, array.shape)).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(buffer, "JPEG", quality=quality)
    with open_image(buffer.getvalue()) as picture:
        return np.ascontiguousarray(picture.rows(0, picture.height))


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    return (
        int(pdq_hash(np.ascontiguousarray(one))[0], 16) ^ int(pdq_hash(np.ascontiguousarray(other))[0], 16)
    ).bit_count()


def part(array: NDArray[np.uint8], of: Rectangle) -> NDArray[np.uint8]:
    return array[of.top : of.bottom, of.left : of.right]


def measure_found(photos: list[Path], *, noise: float, quality: int) -> None:
    print(f"{'kind':12} {'tried':>6} {'right %':>8} {'hash within 31 %':>17}")
    for kind, edits in cells(Suite.named("posts-v1")).items():
        tried = right = near = 0
        for place, path in enumerate(photos):
            photo = decoded(path)
            edit = edits[place % len(edits)]
            whole, negative = (drawn(Step.parse(edit), array, path.name) for array in (photo, 255 - photo))
            wanted, whole = truth(whole, negative), saved(whole, noise=noise, quality=quality, key=path.name)
            found, off = find_inner(ArrayPixels(whole)), max(2, max(whole.shape) // 100)
            tried += 1
            if found is not None:
                pairs = zip(vars(found).values(), vars(wanted).values(), strict=True)
                right += all(abs(one - other) <= off for one, other in pairs)
                near += apart(part(whole, found), part(whole, wanted)) <= MATCH_DISTANCE
        print(f"{kind:12} {tried:6} {100 * right / tried:8.1f} {100 * near / tried:17.1f}")


def measure_asked(photos: list[Path]) -> None:
    asked = 0
    for path in photos:
        with open_image(path.read_bytes()) as picture:
            asked += find_inner(picture) is not None
    print(f"asked about {asked} of {len(photos)} photographs as they are: {100 * asked / len(photos):.1f} %")


def measure_time(photo: Path) -> None:
    """Compare it with opening and hashing the same JPEG once, turn about, in one run; processor time."""
    image = Image.fromarray(decoded(photo))
    large = np.asarray(image.resize(TWELVE_MEGAPIXELS, Image.Resampling.BICUBIC))
    framed = np.full_like(large, 255)
    framed[500:-500] = large[500:-500]
    for name, array in (("as it is", large), ("with bars", framed)):
        buffer, times = io.BytesIO(), defaultdict(list)
        Image.fromarray(array).save(buffer, "JPEG", quality=90)
        for _ in range(ROUNDS):
            start = time.process_time()
            with open_image(buffer.getvalue()) as picture:
                PdqHasher().hash_image(picture)
                hashed = time.process_time()
                find_inner(picture)
            times["hash"].append(hashed - start)
            times["find"].append(time.process_time() - hashed)
        ratio = statistics.median(times["find"]) / statistics.median(times["hash"])
        print(f"12 MP {name}: looking takes {ratio:.2f} of the time of opening and hashing it once")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--noise", type=float, default=2.0)
    parser.add_argument("--quality", type=int, default=75)
    given = parser.parse_args()
    photos = sorted(path for path in given.photos.iterdir() if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
    measure_asked(photos)
    measure_time(photos[0])
    measure_found(photos, noise=given.noise, quality=given.quality)


if __name__ == "__main__":
    main()
