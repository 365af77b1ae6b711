"""Measure how workers are started, used and replaced: first picture, whole folders, broken files, memory.

`python benchmarks/workers.py` prints a table for the code that it runs in. Give it the interpreter of another checkout
(`python benchmarks/workers.py ../old/.venv/bin/python`), and both are measured in turn, in one run. Ratios are taken
within each round, and the median of the rounds is shown.

Every figure comes from a fresh process on two cores, and starts with that process: interpreter, imports and start of
workers are included.
"""

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORES = 2
MEGAPIXELS = 12
SMALL_MEGAPIXELS = 500 * 375 / 1e6
SMALL, SOAKED = 400, 10_000
KEPT_SHARE = 0.6
"""Share of its bytes that a truncated file keeps."""
ROUNDS = 7
HERE = Path(__file__).resolve()


@dataclass(frozen=True)
class Case:
    """One folder, and how many files of it are hashed."""

    words: str
    folder: str
    files: int
    rounds: int = ROUNDS


WHOLE = Case("400 files of 500 pixels", "small", SMALL)
BROKEN = Case("400 files of 500 pixels, every second truncated", "half broken", SMALL)
CASES = (
    Case("1 file of 500 pixels", "small", 1),
    Case("3 files of 500 pixels", "small", 3),
    WHOLE,
    BROKEN,
    Case("1 file of 12 megapixels", "large", 1),
    Case("3 files of 12 megapixels", "large", 3),
    Case("40 files of 12 megapixels", "large", 40),
    Case("10,000 files of 500 pixels", "many", SOAKED, rounds=3),
)


def make(folder: Path) -> None:
    """Fill the folders of all cases with links to our example pictures."""
    from pictures import enlarge  # benchmarks/pictures.py

    examples = sorted((HERE.parents[1] / "examples" / "pictures").glob("*.jpg"))
    small, large, broken = (list[Path]() for _ in range(3))
    (folder / "sources").mkdir()
    for number, example in enumerate(examples):
        names = [folder / "sources" / f"{kind} {number}.jpg" for kind in ("small", "large", "broken")]
        enlarge(names[0], example, SMALL_MEGAPIXELS)
        enlarge(names[1], example, MEGAPIXELS)
        whole = names[0].read_bytes()
        names[2].write_bytes(whole[: int(len(whole) * KEPT_SHARE)])
        for group, name in zip((small, large, broken), names, strict=True):
            group.append(name)
    half = [one for pair in zip(small, broken, strict=True) for one in pair]
    filled = {"small": (small, SMALL), "large": (large, 40), "half broken": (half, SMALL), "many": (small, SOAKED)}
    for case, (sources, count) in filled.items():
        (folder / case).mkdir()
        for number, source in zip(range(count), itertools.cycle(sources), strict=False):
            (folder / case / f"{number:05}.jpg").symlink_to(source)


def child(started: float, folder: Path, count: int) -> dict[str, float]:
    """Hash files in this process and its workers.

    Args:
        started: when this process was started, by `time.monotonic`.
        folder: of pictures.
        count: how many of its files are hashed.

    Returns:
        Seconds until the first result and until all were there, files that gave a hash, and the most memory of this
        process and its workers together, megabytes.
    """
    from hashclient.prepare import hash_files

    first, hashed, most = 0.0, 0, 0.0
    for number, prepared in enumerate(hash_files(sorted(folder.iterdir())[:count])):
        first = first or time.monotonic() - started
        hashed += bool(prepared.signals)
        if number % 500 == 0 and count >= SOAKED:
            most = max(most, _resident_megabytes())
    return {"first": first, "all": time.monotonic() - started, "hashed": hashed, "megabytes": most}


def _resident_megabytes() -> float:
    from scale import resident_megabytes  # benchmarks/scale.py

    return resident_megabytes()


def run(python: str, folder: Path, case: Case) -> dict[str, float]:
    """Run `child` in a process of its own."""
    command = [python, str(HERE), "child", repr(time.monotonic()), str(folder / case.folder), str(case.files)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


Runs = dict[Case, list[list[dict[str, float]]]]
"""By case, for each round what each interpreter's child gave."""


def measure(pythons: list[str], folder: Path) -> Runs:
    """Run every case with every interpreter, round after round, so that whatever else the machine does falls on all."""
    runs: Runs = {case: [] for case in CASES}
    for number in range(ROUNDS):
        for case in CASES:
            if number < case.rounds:
                turn = pythons if number % 2 else pythons[::-1]
                answers = {python: run(python, folder, case) for python in turn}
                runs[case].append([answers[python] for python in pythons])
    return runs


def rows(runs: Runs) -> Iterator[str]:
    """Write a Markdown table: of each case the median, and against the other interpreter the median of the ratios."""
    is_compared = len(runs[WHOLE][0]) > 1
    yield f"| what | first result | all results |{' first, ratio | all, ratio |' if is_compared else ''}"
    yield f"|---|--:|--:|{'--:|--:|' if is_compared else ''}"
    for case, rounds in runs.items():
        cells = [
            " / ".join(f"{statistics.median(one[what] for one in each):.2f} s" for each in zip(*rounds, strict=True))
            for what in ("first", "all")
        ]
        if is_compared:
            cells += [
                f"{statistics.median(ours[what] / theirs[what] for ours, theirs in rounds):.2f} x"
                for what in ("first", "all")
            ]
        memory = " / ".join(f"{one['megabytes']:.0f} MB" for one in rounds[0]) if case.files >= SOAKED else ""
        yield f"| {case.words}{f', at most {memory}' if memory else ''} | {' | '.join(cells)} |"
    against = [
        statistics.median(broken["all"] / whole["all"] for broken, whole in zip(ours, theirs, strict=True))
        for ours, theirs in zip(zip(*runs[BROKEN], strict=True), zip(*runs[WHOLE], strict=True), strict=True)
    ]
    yield f"\nEvery second file truncated, against none: {' / '.join(f'{ratio:.2f} x' for ratio in against)}."


def main(arguments: list[str]) -> None:
    """Measure, or be one of the processes that are measured."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    if arguments[:1] == ["child"]:
        _, started, folder, count = arguments
        print(json.dumps(child(float(started), Path(folder), int(count))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        make(Path(temporary))
        print("\n".join(rows(measure([sys.executable, *arguments], Path(temporary)))))


if __name__ == "__main__":
    main(sys.argv[1:])
