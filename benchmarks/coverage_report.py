"""Say what coverage finds, and what it costs, on pictures and severities that the search never saw.

    python benchmarks/coverage_report.py [PHOTOS]

Each photograph of the other half is edited for real, saved as JPEG 70, opened and hashed as a matcher
would, and looked for at a distance of 31 bits or less. False matches are counted between the sets of
different photographs and all edits of others. Recall has 95 % intervals (Wilson).
"""

import itertools
import random
import statistics
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from coverage_search import distances, hashed_edit, is_searched, opened, packed, photographs
from edits import FIFTEEN, OTHERS, Edit
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.model.signal import MATCH_DISTANCE
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Coverage

Sets = dict[Coverage, list[NDArray[np.uint8]]]
"""By level, for each photograph the hashes that would be sent, shape (hashes, 32)."""
EDITS_SEED = 23


def sets_of(photos: Iterable[Image.Image]) -> Sets:
    """Hash photographs as the program does, at every level."""
    made = [ArrayPixels(np.asarray(photo)) for photo in photos]
    return {
        level: [
            np.array([packed(signal.value) for signal in CoverageHasher(level).hash_image(pixels)]) for pixels in made
        ]
        for level in Coverage
    }


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Give the 95 % interval of a share."""
    z, share = 1.96, hits / tries
    middle = (share + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z / (1 + z * z / tries) * (share * (1 - share) / tries + z * z / (4 * tries * tries)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def found(edited: NDArray[np.uint8], sets: list[NDArray[np.uint8]]) -> list[bool]:
    """Tell for each photograph whether its edit is found."""
    return [int(distances(one, many).min()) <= MATCH_DISTANCE for one, many in zip(edited, sets, strict=True)]


def table(
    title: str, edits: Mapping[str, Edit], edited: dict[str, NDArray[np.uint8]], sets: Sets
) -> dict[Coverage, float]:
    """Print recall of each edit at each level, and give the mean at each."""
    tries = len(next(iter(edited.values())))
    print(f"\n| {title} | " + " | ".join(f"{level} ({mean_size(sets[level]):.0f})" for level in Coverage) + " |")
    print("|---" * (len(Coverage) + 1) + "|")
    shares: dict[Coverage, list[float]] = {level: [] for level in Coverage}
    for name in edits:
        cells = []
        for level in Coverage:
            hits = sum(found(edited[name], sets[level]))
            low, high = wilson(hits, tries)
            shares[level].append(hits / tries)
            cells.append(f"{100 * hits / tries:.0f} % ({100 * low:.0f} to {100 * high:.0f})")
        print(f"| {name} | " + " | ".join(cells) + " |")
    means = {level: statistics.mean(shares[level]) for level in Coverage}
    print("| **mean** | " + " | ".join(f"**{100 * means[level]:.1f} %**" for level in Coverage) + " |")
    return means


def mean_size(sets: list[NDArray[np.uint8]]) -> float:
    return statistics.mean(map(len, sets))


def false_matches(edited: dict[str, NDArray[np.uint8]], sets: Sets) -> tuple[int, int]:
    """Print how near the sets lie to other photographs, edited and not, and to one another.

    Returns:
        How many comparisons were near enough for a match, and how many were made.
    """
    matches = comparisons = 0
    print("\n| unrelated pictures | comparisons | at 31 or less | at 60 or less | smallest distance |")
    print("|---|---|---|---|---|")
    for level in Coverage:
        rows = {
            "set and others' edits": (
                distances(edits[other], many)
                for place, many in enumerate(sets[level])
                for edits in edited.values()
                for other in range(len(edits))
                if other != place
            ),
            "set and others' set": (distances(one, other) for one, other in itertools.combinations(sets[level], 2)),
        }
        for name, compared in rows.items():
            count = near = nearer = 0
            smallest = 256
            for block in compared:
                count += block.size
                nearer += int((block <= MATCH_DISTANCE).sum())
                near += int((block <= 60).sum())
                smallest = min(smallest, int(block.min()))
            print(f"| {level}: {name} | {count:,} | {nearer} | {near} | {smallest} |")
            matches, comparisons = matches + nearer, comparisons + count
    return matches, comparisons


@dataclass(frozen=True)
class Report:
    """What was found, in short; the tables are printed."""

    means: dict[Coverage, float]
    """Share of the fifteen edits that is found at each level, 0 to 1."""
    false_matches: int
    comparisons: int


def report(*folder: str) -> Report:
    """Edit, hash, compare, and print tables.

    Args:
        folder: of photographs; those that HASHCLIENT_VECTORS names where left out.
    """
    photos = [photo for photo in photographs(*folder) if not is_searched(photo)]
    pictures = [opened(photo) for photo in photos]
    started = time.perf_counter()
    sets = sets_of(pictures)
    rng = random.Random(EDITS_SEED)
    edited = {
        name: np.array([hashed_edit(picture, edit, rng, quality=70) for picture in pictures])
        for name, edit in {**FIFTEEN, **OTHERS}.items()
    }
    print(f"{len(pictures)} photographs that the search never saw; mean number of hashes in brackets")
    means = table("fifteen edits, none of their severities searched", FIFTEEN, edited, sets)
    table("others, some of their kinds searched", OTHERS, edited, sets)
    matches, comparisons = false_matches(edited, sets)
    print(f"\n{time.perf_counter() - started:.0f} s")
    return Report(means, matches, comparisons)


if __name__ == "__main__":
    report(*sys.argv[1:2])
