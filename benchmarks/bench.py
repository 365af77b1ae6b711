"""Measure hashclient beside what others use, in one run: `make bench`.

Each way runs in processes of its own on one core, one after the other and round after round, so that
whatever else the machine does falls on all of them. Of a round the fastest repeat counts. Ratios are
taken within each round, and the median of X
`python benchmarks/bench.py pictures videos` measures only what is named; see `PARTS`.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from PIL import features

HERE = Path(__file__).parent
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
AS_WORKERS = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(128 << 20)}
"""What our workers are given besides: memory is kept from picture to picture (`hashclient/prepare/conversation.py`)."""
ROUNDS = 7
MIDDLE = (4080, 3060)
TIMES = 4
"""Copies a side of the middle picture that make the largest, of 200 megapixels."""
SMALL = (500, 375)
SQUARE = (512, 512)
DRAWN = 20
EVERY = 5
"""Of the photographs, every so many is enlarged."""
VIDEO_SECONDS = 60
PACKAGES = ("hashclient", "numpy", "pillow", "pdqhash", "imagehash", "av", "threatexchange")


@dataclass(frozen=True)
class Way:
    """One row of a table."""

    words: str
    step: str
    """What its program calls it."""
    environment: str = "ours"
    """`ours`: as our workers are started. `default`: as programs are."""


@dataclass(frozen=True)
class Case:
    """Some files, the ways to handle them, and which of the ways the others are compared with."""

    name: str
    program: str
    ways: tuple[Way, ...]
    against: tuple[str, ...]
    """Words of the ways whose times are divided by, or that are divided; one column each."""
    repeats: int
    rounds: int = ROUNDS


@dataclass(frozen=True)
class Run:
    """What one way took in one round."""

    milliseconds: float
    megabytes: float
    added: float
    """Of the megabytes, those that came after the libraries were there."""


Runs = dict[str, list[Run]]
"""By the words of each way, its rounds."""

REFERENCE = Way("Pillow + pdqhash", "reference", "default")
EXACT = Way("hashclient, exact", "exact")
FAST = Way("hashclient, fast", "fast")
WIDE = Way("hashclient, exact, coverage wide", "wide")
DECODE = Way("the full decode alone", "decode")
SCALED = Way("the scaled decode alone", "scaled")
PARTNERS = Way("threatexchange, pdq_from_file", "threatexchange", "default")

PHOTOGRAPHS = Case(
    "100 photographs of 500 pixels",
    "pictures.py",
    (REFERENCE, PARTNERS, EXACT, FAST, DECODE),
    (REFERENCE.words, PARTNERS.words, DECODE.words),
    repeats=3,
)
SMALL_DRAWN = Case("20 drawn JPEGs of 500 pixels", "pictures.py", PHOTOGRAPHS.ways, PHOTOGRAPHS.against, repeats=10)
GREY_ARRAY = Way("hashclient, grey array", "grey array")
RGB_ARRAY = Way("hashclient, RGB array", "RGB array")
ARRAYS = Case(
    "A drawn picture of 512 x 512 that is an array already",
    "pictures.py",
    (GREY_ARRAY, RGB_ARRAY, Way("pdqhash, RGB array", "reference, RGB array", "default")),
    (GREY_ARRAY.words, RGB_ARRAY.words),
    repeats=50,
)
TWELVE = Case(
    "A drawn JPEG of 12 megapixels",
    "pictures.py",
    (
        REFERENCE,
        Way("Pillow + pdqhash, memory kept", "reference"),
        EXACT,
        Way("hashclient, exact, memory given back", "exact", "default"),
        Way("hashclient, exact, coverage standard", "standard"),
        WIDE,
        FAST,
        Way("hashclient, fast, memory given back", "fast", "default"),
        DECODE,
        Way("the full decode alone, memory given back", "decode", "default"),
        SCALED,
        Way("the scaled decode of grey alone", "grey"),
    ),
    (REFERENCE.words, DECODE.words, SCALED.words),
    repeats=5,
)
ENLARGED = replace(
    TWELVE,
    name="Photographs enlarged to 12 megapixels",
    ways=(REFERENCE, EXACT, WIDE, FAST, DECODE, SCALED),
    repeats=1,
    rounds=3,
)
PERCEPTUAL = Case(
    "pHash and dHash of a 12-megapixel JPEG",
    "pictures.py",
    (
        Way("imagehash, phash", "imagehash phash", "default"),
        Way("hashclient, exact, phash", "phash"),
        Way("hashclient, fast, phash", "fast phash"),
        Way("imagehash, dhash", "imagehash dhash", "default"),
        Way("hashclient, exact, dhash", "dhash"),
        Way("hashclient, fast, dhash", "fast dhash"),
    ),
    ("imagehash, phash", "imagehash, dhash"),
    repeats=4,
)
HUGE = Case("200-megapixel JPEG", "pictures.py", (EXACT, FAST), (), repeats=1, rounds=3)
VIDEO = Case(
    f"{VIDEO_SECONDS} seconds of 720p video, H.264, 25 frames a second",
    "videos.py",
    (
        Way("hashclient, MD5 and a frame each second", "each second"),
        Way("hashclient, MD5 and every frame", "every frame"),
        Way("the decode alone with PyAV", "decode"),
    ),
    ("the decode alone with PyAV",),
    repeats=1,
    rounds=3,
)


def child(program: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """Run a program of this folder, and give what it prints."""
    command = [sys.executable, str(HERE / program), *arguments]
    around = {name: value for name, value in os.environ.items() if name not in AS_WORKERS}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=around | (environment or {}))
    return done.stdout.decode()


def measure(case: Case, paths: list[Path]) -> Runs:
    """Run every way, round after round."""
    runs: Runs = {way.words: [] for way in case.ways}
    for _ in range(case.rounds):
        for way in case.ways:
            environment = ONE_CORE | (AS_WORKERS if way.environment == "ours" else {})
            printed = child(case.program, way.step, str(case.repeats), *map(str, paths), environment=environment)
            runs[way.words].append(Run(**json.loads(printed)))
    return runs


def ratio(runs: Runs, one: str, other: str, field: str = "milliseconds") -> float:
    """Give how many times as much of something one way takes as another, median of the rounds."""
    pairs = zip(runs[one], runs[other], strict=True)
    ratios: list[float] = [getattr(a, field) / getattr(b, field) for a, b in pairs]
    return statistics.median(ratios)


def rows(case: Case, runs: Runs) -> Iterator[str]:
    """Write one table: time, and what it is in comparison, and memory."""
    yield f"\n## {case.name}\n"
    yield (
        "| what | time | "
        + "".join(f"{other} takes | " for other in case.against)
        + "peak memory | libraries left out |"
    )
    yield "|---|--:|" + "--:|" * len(case.against) + "--:|--:|"
    for way in case.ways:
        middle = {
            field: statistics.median(getattr(run, field) for run in runs[way.words])
            for field in vars(runs[way.words][0])
        }
        times = "".join(f" {ratio(runs, other, way.words):.2f} x |" for other in case.against)
        yield f"| {way.words} | {middle['milliseconds']:.2f} ms |{times} {middle['megabytes']:.0f} MB | {middle['added']:.0f} MB |"


def show(case: Case, paths: list[Path]) -> Runs:
    """Measure and print at once, so that a run that is stopped has shown something."""
    runs = measure(case, paths)
    print("\n".join(rows(case, runs)), flush=True)
    return runs


Figures = list[tuple[str, str, str]]
"""What, what is wanted, what was measured."""


def arrays(folder: Path) -> Figures:
    """Measure pictures that are in memory."""
    square = folder / "square.jpg"
    child("pictures.py", "draw", str(square), *map(str, SQUARE), "0")
    runs = show(ARRAYS, [square])
    return [("an RGB array against a grey one", "<= 3 x", f"{ratio(runs, RGB_ARRAY.words, GREY_ARRAY.words):.2f} x")]


def pictures(folder: Path) -> Figures:
    """Measure pictures of three sizes."""
    found: Figures = []
    small = [folder / f"{number}.jpg" for number in range(DRAWN)]
    for number, path in enumerate(small):
        child("pictures.py", "draw", str(path), *map(str, SMALL), str(number))
    show(SMALL_DRAWN, small)
    if vectors := os.environ.get("HASHCLIENT_VECTORS"):
        photos = sorted((Path(vectors) / "photos").glob("*.jpg"))
        runs = show(PHOTOGRAPHS, photos)
        found += [
            ("500-pixel photographs, exact, against the decode alone", "<= 1.3 x", f"{ratio(runs, EXACT.words, DECODE.words):.2f} x"),
            ("the same against Pillow + pdqhash", ">= 1.35 x faster", f"{ratio(runs, REFERENCE.words, EXACT.words):.2f} x"),
            ("the same against threatexchange's pdq_from_file", ">= 2.3 x faster", f"{ratio(runs, PARTNERS.words, EXACT.words):.2f} x"),
        ]  # fmt: skip
    middle, huge = folder / "middle.jpg", folder / "huge.jpg"
    child("pictures.py", "draw", str(middle), *map(str, MIDDLE), "0")
    child("pictures.py", "draw-large", str(huge), str(middle), str(TIMES))
    found += large("drawn, 12 MP", show(TWELVE, [middle]))
    if vectors:
        enlarged = [folder / f"enlarged-{number}.jpg" for number in range(len(photos) // EVERY)]
        for path, photo in zip(enlarged, photos[::EVERY], strict=True):
            child("pictures.py", "enlarge", str(path), str(photo), "12")
        found += large("photographs, 12 MP", show(ENLARGED, enlarged))
    largest = max(run.megabytes for run in show(HUGE, [huge])[EXACT.words])
    return [*found, ("peak memory at 200 MP", "<= 192 MB", f"{largest:.0f} MB")]


def large(name: str, runs: Runs) -> Figures:
    """Give the figures of pictures of 12 megapixels."""
    whole, added = (ratio(runs, EXACT.words, REFERENCE.words, field) for field in ("megabytes", "added"))
    return [
        (f"{name}, exact, against Pillow + pdqhash", ">= 6 x faster", f"{ratio(runs, REFERENCE.words, EXACT.words):.2f} x"),
        ("the same against the full decode alone", "<= 1.3 x", f"{ratio(runs, EXACT.words, DECODE.words):.2f} x"),
        (f"{name}, fast, against Pillow + pdqhash", ">= 14 x faster", f"{ratio(runs, REFERENCE.words, FAST.words):.2f} x"),
        ("the same against the scaled decode alone", "<= 1.2 x", f"{ratio(runs, FAST.words, SCALED.words):.2f} x"),
        (f"{name}, `wide`, against one exact hash", "<= 1.5 x", f"{ratio(runs, WIDE.words, EXACT.words):.2f} x"),
        (f"{name}, exact, peak memory against Pillow + pdqhash", "<= 0.25 x", f"{whole:.2f} x; libraries left out {added:.2f} x"),
    ]  # fmt: skip


def perceptual(folder: Path) -> Figures:
    """Measure the hashes of the imagehash library."""
    middle = folder / "middle.jpg"
    child("pictures.py", "draw", str(middle), *map(str, MIDDLE), "0")
    runs = show(PERCEPTUAL, [middle])
    return [
        (f"{kind} of 12 MP, fast, against imagehash", ">= 2 x faster", f"{ratio(runs, f'imagehash, {kind}', f'hashclient, fast, {kind}'):.2f} x")
        for kind in ("phash", "dhash")
    ]  # fmt: skip


def videos(folder: Path) -> Figures:
    """Measure a video of a minute."""
    video = folder / "video.mp4"
    child("videos.py", "draw", str(video), str(VIDEO_SECONDS))
    runs = show(VIDEO, [video])
    ours, *_, alone = (way.words for way in VIDEO.ways)
    return [("vPDQ of a minute of 720p against the decode alone", "<= 1.3 x", f"{ratio(runs, ours, alone):.2f} x")]


def scale(folder: Path) -> Figures:
    """Measure many files: two cores against one, and memory over ten thousand."""
    from scale import cores_rows, pictures, soak_rows

    small, larger = cores_rows(folder)
    print("\n".join(soak_rows(pictures(folder, 10_000))), flush=True)
    return [
        ("two cores against one, 1,000 files of 500 pixels", ">= 1.8 x", f"{small:.2f} x"),
        ("the same, of 2 megapixels", ">= 1.8 x", f"{larger:.2f} x"),
    ]


def coverage(_: Path) -> Figures:
    """Measure what coverage finds on photographs that its recipes were not chosen on."""
    photos = os.environ.get("HASHCLIENT_VECTORS")
    if not photos:
        return []
    from hashclient.hashing.reposts.coverage import recipes
    from hashclient.lab import Dataset, Suite, cover
    from hashclient.lab.scoring import MEAN
    from hashclient.vocabulary import Coverage

    print("\n## Coverage\n", flush=True)
    dataset, figures = Dataset.from_folder(Path(photos) / "photos"), []
    for name, targets in (("posts-v1", (46, 64)), ("fifteen-v1", (86, 98))):
        told = cover.findings(dataset, recipes(Coverage.WIDE), Suite.named(name))
        print("\n".join(cover.table(name, told)), flush=True)
        shares = {one.depth: 100 * one.families[MEAN][0] for one in told.found}
        for level, target, depth in zip(("standard", "wide"), targets, (32, max(shares)), strict=True):
            figures.append((f"coverage `{level}`, {name}", f">= {target} %", f"{shares[depth]:.1f} %"))
    return figures


PARTS: dict[str, Callable[[Path], Figures]] = {
    "arrays": arrays,
    "pictures": pictures,
    "perceptual": perceptual,
    "videos": videos,
    "scale": scale,
    "coverage": coverage,
}
"""What is measured, in this order."""


def versions() -> Iterator[str]:
    """Name what is measured."""
    yield f"Python {platform.python_version()}"
    for name in PACKAGES:
        yield f"{name} {metadata.version(name)}"
    yield f"libjpeg-turbo {features.version_feature('libjpeg_turbo')}"


def main(names: list[str]) -> None:
    """Print versions, a table for each part, and all figures in one table at the end, in Markdown."""
    print(", ".join(versions()) + f", on {platform.machine()}.")
    print(
        f"One core unless it says otherwise; median of {ROUNDS} interleaved rounds or fewer, each in a process of its own."
    )
    found: Figures = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names or PARTS:
            found += PARTS[name](Path(folder))
    print("\n## All figures\n\n| what | wanted | measured |\n|---|---|---|")
    print("\n".join(f"| {' | '.join(row)} |" for row in found))


if __name__ == "__main__":
    main(sys.argv[1:])
