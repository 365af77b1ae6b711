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
ROUNDS = 5


@dataclass(frozen=True)
class Case:
    """Some pictures of one size, and what is measured on them."""

    name: str
    ways: tuple[str, ...]
    repeats: int


WORDS = {
    "reference": "Pillow + pdqhash",
    "exact": "hashclient, exact",
    "fast": "hashclient, fast",
    "standard": "hashclient, exact, coverage standard",
    "wide": "hashclient, exact, coverage wide",
    "decode": "the full decode alone",
    "scaled": "the scaled decode of grey alone",
}
SMALL = Case("500-pixel photographs", ("reference", "exact", "fast", "decode"), 2)
DRAWN = Case("500-pixel drawn JPEGs", ("reference", "exact", "fast", "decode"), 10)
MIDDLE = Case("12-megapixel JPEG", ("reference", "exact", "standard", "wide", "fast", "decode", "scaled"), 5)
LARGE = Case("48-megapixel JPEG", ("reference", "exact", "fast", "decode"), 2)
HUGE = Case("192-megapixel JPEG", ("exact", "fast"), 1)


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


def cases(folder: Path) -> Iterator[tuple[Case, list[Path]]]:
    """Make the pictures, and find the photographs where there are some."""
    if vectors := os.environ.get("HASHCLIENT_VECTORS"):
        yield SMALL, sorted((Path(vectors) / "photos").glob("*.jpg"))
    drawn = [folder / f"{number}.jpg" for number in range(20)]
    for number, path in enumerate(drawn):
        child("make", str(path), "500", "375", str(number))
    yield DRAWN, drawn
    middle = folder / "middle.jpg"
    child("make", str(middle), "4000", "3000", "0")
    yield MIDDLE, [middle]
    large, huge = folder / "large.jpg", folder / "huge.jpg"
    child("make", str(large), "8000", "6000", "0")
    yield LARGE, [large]
    child("make-large", str(huge), str(middle), "4")  # too large to be drawn at once
    yield HUGE, [huge]


def measure(case: Case, paths: list[Path]) -> dict[str, tuple[float, float]]:
    """Give for each way the median of milliseconds a picture, and of megabytes at most."""
    runs: dict[str, list[dict[str, object]]] = {way: [] for way in case.ways}
    for _ in range(ROUNDS):
        for way, answers in runs.items():
            answers.append(child(way, str(case.repeats), *map(str, paths)))
    return {
        way: (
            statistics.median(float(str(run["milliseconds"])) for run in answers),
            statistics.median(float(str(run["megabytes"])) for run in answers),
        )
        for way, answers in runs.items()
    }


def rows(case: Case, measured: dict[str, tuple[float, float]]) -> Iterator[str]:
    """Write one table: time and memory, as ratios to what they are compared with."""
    yield f"\n## {case.name}\n"
    yield "| what | time | against the decode alone | Pillow + pdqhash against it | peak memory | against Pillow + pdqhash |"
    yield "|---|--:|--:|--:|--:|--:|"
    for way, (milliseconds, megabytes) in measured.items():
        alone = measured.get("scaled" if way == "fast" and "scaled" in measured else "decode")
        slow = measured.get("reference")
        yield (
            f"| {WORDS[way]} | {milliseconds:.2f} ms | {_times(milliseconds, alone and alone[0])} "
            f"| {_times(slow[0] if slow else None, milliseconds)} | {megabytes:.0f} MB | {_times(megabytes, slow and slow[1])} |"
        )
    if "wide" in measured:
        yield f"\n`wide` takes {measured['wide'][0] / measured['exact'][0]:.2f} times as long as one exact hash."


def _times(one: float | None, other: float | None) -> str:
    return f"{one / other:.2f} x" if one and other else ""


def main() -> None:
    """Print versions and tables, in Markdown."""
    versions = child("versions")
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    print(f"One core; median of {ROUNDS} interleaved rounds, each in a process of its own.")
    with tempfile.TemporaryDirectory() as folder:
        for case, paths in cases(Path(folder)):
            print("\n".join(rows(case, measure(case, paths))), flush=True)


if __name__ == "__main__":
    main()
