"""Measure hashclient beside what others use, in one run: `make bench`.

Each way runs in processes of its own, one after the other and round after round, so that whatever
else the machine does falls on all of them; the fastest repeat of a round counts, and the median of
the rounds. This process imports nothing large, so that what a child reports as its memory is its
own.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROUNDS = 7


@dataclass(frozen=True)
class Size:
    """Some pictures of one size."""

    name: str
    width: int
    height: int
    count: int
    repeats: int


SIZES = (
    Size("500-pixel JPEGs", 500, 375, 20, 10),
    Size("12-megapixel JPEG", 4000, 3000, 1, 5),
    Size("48-megapixel JPEG", 8000, 6000, 1, 2),
)
WAYS = {
    "reference": "Pillow + pdqhash",
    "exact": "hashclient, exact",
    "decode": "JPEG decode alone",
}


def child(*arguments: str) -> dict[str, object]:
    """Run a step in a process of its own, on one core where the machine lets one choose."""
    done = subprocess.run(
        [sys.executable, str(HERE / "pictures.py"), *arguments],
        check=True,
        stdout=subprocess.PIPE,
        env=os.environ | ONE_CORE,
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def pictures(folder: Path) -> Iterator[tuple[str, int, list[Path]]]:
    """Make the pictures, and find the photographs where there are some."""
    for size in SIZES:
        paths = [folder / f"{size.width}-{number}.jpg" for number in range(size.count)]
        for number, path in enumerate(paths):
            child("make", str(path), str(size.width), str(size.height), str(number))
        yield size.name, size.repeats, paths
    if vectors := os.environ.get("HASHCLIENT_VECTORS"):
        yield "500-pixel photographs", 2, sorted((Path(vectors) / "photos").glob("*.jpg"))


def measure(repeats: int, paths: list[Path]) -> dict[str, tuple[float, float]]:
    """Give for each way the median of milliseconds a picture, and of megabytes at most."""
    runs: dict[str, list[dict[str, object]]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way, answers in runs.items():
            answers.append(child(way, str(repeats), *map(str, paths)))
    return {
        way: tuple(statistics.median(float(str(run[key])) for run in answers) for key in ("milliseconds", "megabytes"))  # type: ignore[misc]  # two of them
        for way, answers in runs.items()
    }


def show(name: str, measured: dict[str, tuple[float, float]]) -> None:
    """Print one table, with the ratios that the project promises."""
    print(f"\n{name}: one core, median of {ROUNDS} interleaved rounds")
    for way, words in WAYS.items():
        milliseconds, megabytes = measured[way]
        times = milliseconds / measured["decode"][0]
        print(f"  {words:20} {milliseconds:9.2f} ms   {times:6.2f} x decode   {megabytes:6.0f} MB at most")
    (slow, large), (ours, small), (decode, _) = (measured[way] for way in WAYS)
    print(
        f"  exact is {slow / ours:.1f} x faster than Pillow + pdqhash, takes {ours / decode:.2f} x the decode alone, "
        f"and {small / large:.2f} x the memory"
    )


def main() -> None:
    """Print versions and tables."""
    versions = child("versions")
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    with tempfile.TemporaryDirectory() as folder:
        for name, repeats, paths in pictures(Path(folder)):
            show(name, measure(repeats, paths))


if __name__ == "__main__":
    main()
