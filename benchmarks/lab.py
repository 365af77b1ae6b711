"""Measure coverage on what people post: recall by family, false matches, and the time, through `hashclient.lab`.

    python benchmarks/lab.py [PHOTOS]

PHOTOS is a folder of photographs; with HASHCLIENT_VECTORS set, its `photos` are taken. The tables for docs/lab.md are
printed: held cells and searched cells of `posts-v1`, both on held photographs, none of which a search saw.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time
from pathlib import Path

from hashclient.lab import Dataset, Engine, Suite
from hashclient.lab.scoring import MEAN, Scored
from hashclient.lab.statistics import percentiles

POLICIES = ("pdq", "pdq+8", "pdq8x", "cover:8", "cover:16", "cover:standard", "cover:64", "cover:wide", "md5")
FAMILIES = ("quality", "over", "shape", "mirror", "frame", "screen", "beside", "chain")


def folder() -> Path:
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    if vectors := os.environ.get("HASHCLIENT_VECTORS"):
        return Path(vectors) / "photos"
    sys.exit("Name a folder of photographs, or set HASHCLIENT_VECTORS.")


def table(scored: Scored) -> None:
    print("| policy (hashes) | " + " | ".join(FAMILIES) + " | **mean** (95 %) | false of N1 pairs (hashes), smallest |")
    print("|---" * (len(FAMILIES) + 3) + "|")
    for score in scored.scores:
        threshold = score.policy.threshold
        recall, interval = score.recall(threshold), percentiles(score.replicates(threshold)[MEAN]) or (0.0, 0.0)
        cells = " | ".join(f"{100 * recall[family]:.0f}" for family in FAMILIES)
        negatives = score.total("N1")
        print(
            f"| `{score.policy.id}` ({score.compared.submitted.mean():.0f}) | {cells} | **{100 * recall[MEAN]:.1f}** "
            f"({100 * interval[0]:.1f} to {100 * interval[1]:.1f}) | {negatives.at(threshold)[0]} of {negatives.pairs:,} "
            f"({negatives.hash_pairs:,}), {negatives.smallest} |"
        )


def measured(which: str) -> None:
    data = Dataset.from_folder(folder()).transform(
        Suite.named("posts-v1"), which="held" if which == "held" else "searched"
    )
    started = time.perf_counter()
    hashed = data.hash(POLICIES, engine=Engine(workers=2))
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    scored = hashed.score(POLICIES)
    print(f"\n{which} cells, {len(hashed.scored)} held photographs\n")
    table(scored)
    n2 = scored.scores[0].total("N2")
    print(
        f"\nthe same edit of two photographs: {n2.at(31)[0]} of {n2.pairs:,} pairs at 31 bits or less, smallest {n2.smallest}"
    )
    print(
        f"{hashed.progress.made:,} hashes in {seconds:.0f} s, two processes; scored in {time.perf_counter() - started:.0f} s"
    )


if __name__ == "__main__":
    for half in ("held", "searched"):
        measured(half)
