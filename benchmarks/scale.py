"""Measure many files: two cores against one, and memory over ten thousand.

`python benchmarks/scale.py` does both, `cores` or `soak` after it one of them.

Each way runs in a process of its own, one after the other and round after round, so that whatever
else the machine does falls on all of them. One core and two are compared within each round, and the
median of the rounds is shown. Files are links to a few pictures: reading them costs next to nothing,
as from a disk that was read before.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FILES = 1_000
ROUNDS = 5
LARGER_ROUNDS = 3
SOAKED = 10_000
PICTURES = 100
TELEPHONE = (1600, 1200)
"""A picture as messengers pass it on, pixels."""
WAYS = {
    "workers": "in closed-off workers (the default)",
    "threads": "on threads of the program itself (`sandbox=False`)",
}


def pictures(folder: Path, count: int) -> Path:
    """Make a folder of so many links to 500-pixel pictures: the photographs where there are some, else drawn ones."""
    vectors = os.environ.get("HASHCLIENT_VECTORS")
    sources = sorted((Path(vectors) / "photos").glob("*.jpg")) if vectors else list(_drawn(folder / "drawn"))
    links = folder / f"{count}"
    links.mkdir()
    for number in range(count):
        (links / f"{number:06}.jpg").symlink_to(sources[number % len(sources)])
    return links


def larger_pictures(folder: Path, count: int) -> Path:
    """Make a folder of so many links to drawn pictures of 2 megapixels."""
    links = folder / f"{count} larger"
    links.mkdir()
    drawn = list(_drawn(folder / "larger", size=TELEPHONE, count=20))
    for number in range(count):
        (links / f"{number:06}.jpg").symlink_to(drawn[number % len(drawn)])
    return links


def _drawn(folder: Path, *, size: tuple[int, int] = (500, 375), count: int = PICTURES) -> Iterator[Path]:
    from pictures import draw  # benchmarks/pictures.py

    folder.mkdir()
    for number in range(count):
        draw(folder / f"{number}.jpg", *size, number)
        yield folder / f"{number}.jpg"


def hash_all(way: str, cores: int, folder: Path) -> dict[str, float]:
    """Hash a folder on so many cores, in this process and what it starts.

    Args:
        way: of `WAYS`.
        cores: how many this process and its children may run on.
        folder: of pictures.

    Returns:
        Seconds, files, and the most memory at each tenth of the way, megabytes, workers included.
    """
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    from hashclient.prepare import HashOptions, hash_files

    files = sorted(folder.iterdir())
    tenth = max(1, len(files) // 10)
    memory: list[float] = []
    with ThreadPoolExecutor(cores) as threads:
        started = time.perf_counter()
        is_here = way == "threads"
        hashed = hash_files(files, options=HashOptions(sandbox=not is_here), executor=threads if is_here else None)
        for number, prepared in enumerate(hashed, start=1):
            assert prepared.signals
            if number % tenth == 0:
                memory.append(resident_megabytes())
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "files": len(files)} | {f"megabytes {n}": most for n, most in enumerate(memory, 1)}


def resident_megabytes() -> float:
    """Add up the memory of this process and all below it, what they share counted once for each."""
    import psutil

    here = psutil.Process()
    total = 0
    for process in (here, *here.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


def child(way: str, cores: int, folder: Path) -> dict[str, float]:
    """Run `hash_all` in a process of its own."""
    command = [sys.executable, __file__, "child", way, str(cores), str(folder)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


Rates = dict[str, list[tuple[float, float]]]
"""By way, for each round the files a second on one core and on two."""


def two_cores_against_one(folder: Path, *, rounds: int = ROUNDS) -> Rates:
    """Measure every way on one core and on two, round after round.

    Args:
        folder: of pictures, as `pictures` makes it.
        rounds: how often each is measured.
    """
    rates: Rates = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, pairs in rates.items():
            one, two = (run["files"] / run["seconds"] for run in (child(way, cores, folder) for cores in (1, 2)))
            pairs.append((one, two))
    return rates


def speedup(pairs: list[tuple[float, float]]) -> float:
    """Give how much faster two cores are than one, median of the rounds."""
    return statistics.median(two / one for one, two in pairs)


def rows(rates: Rates, what: str) -> Iterator[str]:
    """Write two cores against one as a Markdown table."""
    yield f"\n## {FILES:,} files of {what}, two cores against one\n"
    yield "Starts of workers included.\n"
    yield "| what | one core | two cores | |"
    yield "|---|--:|--:|--:|"
    for way, pairs in rates.items():
        one, two = (statistics.median(rate) for rate in zip(*pairs, strict=True))
        yield f"| {WAYS[way]} | {one:.0f} a second | {two:.0f} a second | {speedup(pairs):.2f} x |"


def cores_rows(folder: Path) -> tuple[float, float]:
    """Measure and print two cores against one; gives the speedup in workers for small and for larger pictures."""
    small = two_cores_against_one(pictures(folder, FILES))
    print("\n".join(rows(small, "500 pixels")), flush=True)
    larger = two_cores_against_one(larger_pictures(folder, FILES), rounds=LARGER_ROUNDS)
    print("\n".join(rows(larger, "2 megapixels")), flush=True)
    return speedup(small["workers"]), speedup(larger["workers"])


def soak_rows(folder: Path) -> Iterator[str]:
    """Write memory over many files as a Markdown table."""
    yield f"\n## Memory over {SOAKED:,} files, this process and its workers\n"
    yield "| what | files a second | MB after each tenth |"
    yield "|---|--:|---|"
    for way, words in WAYS.items():
        run = child(way, 2, folder)
        memory = ", ".join(f"{most:.0f}" for name, most in run.items() if name.startswith("megabytes"))
        yield f"| {words} | {run['files'] / run['seconds']:.0f} | {memory} |"


def main(arguments: list[str]) -> None:
    """Measure, or be one of the processes that are measured."""
    if arguments[:1] == ["child"]:
        way, cores, folder = arguments[1:]
        print(json.dumps(hash_all(way, int(cores), Path(folder))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        if arguments != ["soak"]:
            cores_rows(Path(temporary))
        if arguments != ["cores"]:
            print("\n".join(soak_rows(pictures(Path(temporary), SOAKED))))


if __name__ == "__main__":
    main(sys.argv[1:])
