"""Small datasets for tests of the lab, drawn and written where a test asks for them."""

import json
import os
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from hashclient.lab import Dataset, Engine, engine
from hashclient.lab.engine import Unit, UnitDone
from hashclient.lab.suites import Suite, keyed_generator
from hashclient.lab.transforms.draw import drawn_donor

SMALL_SUITE = Suite.from_text("""
name = "small"
description = "a few edits of each sort: plain, seeded, with donors, without effect"
[saved_as_jpeg]
searched = 75
held = 70
[searched]
shape = ["shape.zoom(z=1.1)"]
[held]
quality = ["codec.jpeg(q=50)", "filter.noise(sd=12)"]
shape = ["shape.zoom(z=1.07)", "shape.loose(m=0.05)", "shape.mirror()"]
frame = ["frame.border(colour=black,f=0.05)", "frame.bar(where=above,colour=white,f=0.12)"]
beside = ["beside.grid(nx=2,ny=1,gap=0.03)", "beside.corner_in(f=0.33)"]
""")
"""Suite of nine held cells."""


def draw_pictures(folder: Path, count: int, *, size: tuple[int, int] = (160, 120), first: int = 0) -> Path:
    """Draw `count` unrelated pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        drawn_donor(keyed_generator("kit", number), size).save(folder / f"{number:03}.png")
    return folder


def soft_copy(picture: Path, copy: Path) -> Path:
    """Save a picture anew, a little darker, so that its bytes and pixels differ and its hashes do not."""
    with Image.open(picture) as one:  # noqa: TID251  # our own
        darker = (np.asarray(one, np.float32) * 0.93).astype(np.uint8)
    Image.fromarray(darker).save(copy)
    return copy


_PLAIN = engine.do_unit


def logged_unit(unit: Unit) -> UnitDone:
    """Do a unit, in whatever process, and write down, before its rows are handed over, what was made."""
    done = _PLAIN(unit)
    with os.fdopen(os.open(os.environ["LAB_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT), "a") as file:
        file.write("".join(json.dumps(row[:3]) + "\n" for row in done.rows))
    return done


def main(pictures: str, cache: str, out: str, workers: str) -> None:
    """Run, to be killed by the tests of resuming: small units, committed often, and each of them written down."""
    engine.do_unit = logged_unit
    engine.COMMIT_SECONDS = 0.05  # type: ignore[misc]  # more moments at which something is half done
    engine.CELLS_OF_A_UNIT = 2  # type: ignore[misc]  # as above
    hashed = (
        Dataset.from_folder(pictures)
        .transform(SMALL_SUITE, split="all")
        .hash(["pdq", "cover:8"], engine=Engine(cache, int(workers)), screen="pixels")
    )
    hashed.score(["pdq", "cover:8"], bootstrap=50).write(out)
    print(json.dumps({"planned": hashed.progress.planned, "made": hashed.progress.made, "kept": hashed.progress.kept}))


if __name__ == "__main__":
    main(*sys.argv[1:])
