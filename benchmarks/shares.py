"""Say where the time goes: `python benchmarks/shares.py`; what `docs/benchmarks.md` explains its figures with.

One drawn JPEG of 12 megapixels, one core, the fastest of some repeats, in a process that was started as
our workers are.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench import AS_WORKERS, EVERY, MIDDLE, ONE_CORE
from pictures import draw

REPEATS = 9


def fastest(do: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> float:
    """Give milliseconds, the fewest of some repeats; what is done before each does not count."""
    seconds = []
    for _ in range(REPEATS):
        before()
        start = time.perf_counter()
        do()
        seconds.append(time.perf_counter() - start)
    return min(seconds) * 1e3


def parts(untrusted: bytes) -> Iterator[tuple[str, float]]:
    """Measure each part on its own: its name and milliseconds."""
    from hashclient.hashing import reduction
    from hashclient.hashing.accuracy import clipping
    from hashclient.hashing.pdq import PdqHasher
    from hashclient.hashing.reposts import coverage, rotation
    from hashclient.media.image import open_image
    from hashclient.vocabulary import Coverage, Decode

    yield "exact: decode", fastest(lambda: open_image(untrusted).close())
    with open_image(untrusted) as picture:
        step = reduction.rows_a_block(picture.width)
        starts = range(0, picture.height, step)
        samples = fastest(lambda: [picture.samples(start, min(start + step, picture.height)) for start in starts])
        yield "exact: turn blocks to float32 (numpy)", samples
        reduced = fastest(lambda: reduction.reduce_turned(picture, {1}))
        yield "exact: weigh rows, columns and colours (numpy)", reduced - samples
        hashed = fastest(lambda: PdqHasher().hash_image(picture))
        yield "exact: coefficients, median, ties, quality", hashed - reduced
        wide = coverage.CoverageHasher(Coverage.WIDE)
        known = fastest(lambda: wide.hash_image(picture))
        yield "wide: 254 re-posts of a picture whose size is known", known - hashed

        def forget() -> None:
            for made in (coverage._plan, rotation._blur):  # noqa: SLF001  # what a new size has to make
                made.cache_clear()

        yield "wide: operators for a new size", fastest(lambda: wide.hash_image(picture), before=forget) - known
    yield "fast: decode", fastest(lambda: open_image(untrusted, decode=Decode.FAST).close())
    with open_image(untrusted, decode=Decode.FAST) as picture:
        seen = fastest(lambda: clipping(picture))
        yield "fast: look for clipped colours", seen
        yield "fast: the rest of the hash", fastest(lambda: PdqHasher().hash_image(picture)) - seen


def scaled(untrusted: bytes) -> Iterator[tuple[str, float]]:
    """Measure decodes of grey and of colour at each fraction: what is left at an eighth is reading the file's codes."""
    import io

    from PIL import Image

    for mode in ("RGB", "L"):
        for scale in (1, 2, 4, 8):

            def decode(mode: str = mode, scale: int = scale) -> None:
                with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # our own
                    image.draft(mode, (image.width // scale, image.height // scale))
                    image.load()

            yield f"decode alone, {mode}, at 1/{scale}", fastest(decode)


def photographs() -> Iterator[tuple[str, float, int]]:
    """Compare `fast` with the scaled decode alone, picture by picture, separately for those that are decoded again.

    Returns:
        Name, median of the ratios, and how many pictures.
    """
    from pictures import WAYS, enlarge

    from hashclient.hashing.accuracy import needs_full_decode
    from hashclient.hashing.pdq import coefficients
    from hashclient.hashing.reduction import reduce_turned
    from hashclient.media.image import open_image
    from hashclient.vocabulary import Decode

    fast, alone = WAYS["fast"](), WAYS["scaled"]()
    ratios: dict[bool, list[float]] = {False: [], True: []}
    paths = sorted((Path(os.environ["HASHCLIENT_VECTORS"]) / "photos").glob("*.jpg"))[::EVERY]
    with tempfile.TemporaryDirectory() as folder:
        for photo in paths:
            path = Path(folder) / photo.name
            enlarge(path, photo, 12)
            with open_image(path.read_bytes(), decode=Decode.FAST) as picture:
                reduced = reduce_turned(picture, {1})[1]
                is_again = needs_full_decode([coefficients(reduced)], picture)
            ratios[is_again].append(fastest(partial(fast, path)) / fastest(partial(alone, path)))
    for is_again, found in ratios.items():
        if found:
            yield ("decoded again" if is_again else "not decoded again"), statistics.median(found), len(found)


def start_of_workers() -> float:
    """Give milliseconds until the first worker of a pool is ready."""
    from hashclient.prepare.pool import WorkerPool

    seconds = []
    for _ in range(REPEATS):
        pool = WorkerPool()
        start = time.perf_counter()
        with pool.lend():
            seconds.append(time.perf_counter() - start)
        pool.close()
    return min(seconds) * 1e3


def memory() -> Iterator[tuple[str, float]]:
    """Give the megabytes that this process holds after each import, Linux only."""
    import importlib

    for module in (
        "PIL.Image",
        "numpy",
        "hashclient.model",
        "hashclient.media.image",
        "hashclient.hashing.reposts.coverage",
    ):
        importlib.import_module(module)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        yield f"after importing {module}", pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    if "MALLOC_TRIM_THRESHOLD_" not in os.environ:  # it is read when a process starts
        os.execve(sys.executable, [sys.executable, __file__], os.environ | ONE_CORE | AS_WORKERS)  # noqa: S606  # itself
    print("| memory | |\n|---|--:|")
    for name, megabytes in memory():
        print(f"| {name} | {megabytes:.0f} MB |")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.jpg"
        draw(path, *MIDDLE, 0)
        untrusted = path.read_bytes()
    print(f"\n| part, a JPEG of 12 megapixels and {len(untrusted) / 1e6:.1f} MB | |\n|---|--:|")
    for name, milliseconds in (
        *parts(untrusted),
        *scaled(untrusted),
        ("the first worker is ready", start_of_workers()),
    ):
        print(f"| {name} | {milliseconds:.1f} ms |")
    if "HASHCLIENT_VECTORS" in os.environ:
        print(
            "\n| photographs enlarged to 12 megapixels, fast | how many | against the scaled decode alone, median |\n|---|--:|--:|"
        )
        for name, ratio, count in photographs():
            print(f"| {name} | {count} | {ratio:.2f} x |")


if __name__ == "__main__":
    main()
