"""Time the page against the program, and count the bits in which they differ.

    .venv/bin/python -m benchmarks.page [--photos FOLDER] [--videos FOLDER] [--engine NAME] [--rounds 9]

A drawn JPEG of 12 megapixels, and photographs from FOLDER at that size, are hashed by the page in a browser that stays open, from asking to the
answer, its check for damage and the search for a picture inside included; and by the program, in this process, in turns. What
counts is the median of the ratios; where other work slows the machine, that of the time that processors worked, which all processes of
the browser have together, says more (Linux tells it). Then 500 MB are digested, films hashed, and every re-post compared: see docs/page.md.
Needs node, `web/node_modules`, Chromium and Firefox.
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from PIL import Image

from hashclient.hashing.vpdq import hash_video
from hashclient.media.image import open_image
from hashclient.media.video import open_video
from hashclient.pixels import ArrayPixels, Pixels
from hashclient.prepare import HashOptions, hash_image
from hashclient.vocabulary import Coverage

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from pictures import draw, enlarge  # noqa: E402

from kit.page_core import CLEAR, EVERY_REPOST, RULES, drawn, reposts_of  # noqa: E402  # found only now
from kit.page_room import in_browser, lacks  # noqa: E402

MEGAPIXELS: Final = 12
ENLARGED: Final = 3
DIGESTED: Final = 500_000_000
LEAST_FRAMES: Final = 8
"""Frames of a film, at least; a longer one has one a second."""
DRAWN: Final = 80
"""Pictures by formula of which every re-post is compared."""
NOTHING: Final = RULES | {"recipes": []}


class Room:
    """The page's room in a browser that stays open."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def worked(self) -> float:
        """Say how long processors have worked for the browser, seconds: for all processes that come from the one that drives it."""
        parents, seconds = dict[int, int](), dict[int, float]()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it ended meanwhile
                fields = stat.read_text().rpartition(")")[2].split()
                parents[int(stat.parent.name)] = int(fields[1])
                seconds[int(stat.parent.name)] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        family = {self._process.pid}
        while more := {one for one, parent in parents.items() if parent in family} - family:
            family |= more
        return sum(seconds.get(one, 0) for one in family - {self._process.pid})

    def hashed(self, file: Path, types: list[str], rules: dict[str, Any]) -> dict[str, Any]:
        """Hash a file: `seconds`, `blocked` (the longest task of the interface, milliseconds; Chromium alone tells it) and `end`."""
        work = {"types": types, "rules": rules, "frameRules": NOTHING, "mostFrames": 7200}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"file": str(file), "work": work}), file=self._process.stdin, flush=True)
        result: dict[str, Any] = json.loads(self._process.stdout.readline())
        return result


@contextmanager
def room(engine: str) -> Iterator[Room]:
    node = shutil.which("node")
    assert node is not None
    script = [node, str(ROOT / "web" / "tests" / "browser" / "measure.mjs"), engine]
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Room(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)


def measure_pictures(opened: Room, engine: str, files: list[Path], rounds: int) -> None:
    for file in files:
        for level, rules in ((Coverage.SINGLE, NOTHING), (Coverage.WIDE, RULES)):
            options = HashOptions(types=("pdq",), coverage=level, inner=True)  # type: ignore[arg-type]  # plain text is taken
            page, program, ratios, blocked = [], [], [], 0.0
            for _ in range(rounds):
                start, work = time.perf_counter(), time.process_time()
                theirs = hash_image(file.read_bytes(), options=options)
                program.append(time.perf_counter() - start)
                work, before = time.process_time() - work, opened.worked()
                said = opened.hashed(file, ["pdq"], rules)
                page.append(said["seconds"])
                ratios.append((opened.worked() - before) / work)
                blocked = max(blocked, said["blocked"])
                ours = [(one["value"], one["quality"]) for one in said["end"]["found"]["items"][0]]
                assert ours[0] == (theirs[0].value, theirs[0].quality), file
            ratio = statistics.median(one / other for one, other in zip(page, program, strict=True))
            print(
                f"| {engine} | {file.stem} | {level} | {statistics.median(page):.2f} s | {statistics.median(program):.2f} s"
                f" | {ratio:.1f} | {statistics.median(ratios):.1f} | {blocked:.0f} ms |",
                flush=True,
            )


def measure_films(opened: Room, engine: str, films: list[Path]) -> None:
    for film in films:
        with film.open("rb") as file, open_video(file) as video:
            program = [int(feature.value, 16) for feature in hash_video(video.frames(), most=7200)]
            slots = math.ceil(video.seconds * max(1, math.ceil(LEAST_FRAMES / video.seconds)))
        said = opened.hashed(film, ["vpdq"], NOTHING)
        page = [int(one["value"], 16) for one in said["end"]["found"]["items"][0]]
        nearest = sorted(min((one ^ other).bit_count() for other in program) for one in page)
        print(
            f"| {engine} | {film.stem} | {slots} | {1000 * said['seconds'] / slots:.0f} ms | {nearest[len(nearest) // 2]}"
            f" | {nearest[-1]} | {said['blocked']:.0f} ms |",
            flush=True,
        )


def compare_reposts(engine: str, photos: list[Path], folder: Path) -> None:
    """Compare every re-post of photographs and of drawn pictures, wherever rounding decides no bit."""
    files, pictures = list(photos), list[Pixels]()
    for number in range(DRAWN):
        array = drawn(number).array
        pictures.append(ArrayPixels(array))
        files.append(folder / f"drawn-{number}.png")
        Image.fromarray(array).save(files[-1])
    work = {"types": ["pdq"], "rules": EVERY_REPOST, "frameRules": EVERY_REPOST, "mostFrames": 1}
    results = in_browser(engine, files, folder, dict.fromkeys(files, work), seconds=1800)
    clear = bits = unclear = others = 0
    for place, said in enumerate(results):
        page = {
            one["variant"]: one["value"]
            for one in said["found"]["items"][0]
            if one["variant"] not in {"original", "stored"}
        }
        if place < len(photos):
            with open_image(photos[place].read_bytes()) as opened:
                program = reposts_of(opened)
        else:
            program = reposts_of(pictures[place - len(photos)])
        for variant, (value, _, _, gap, _) in program.items():
            differ = (int(page[variant], 16) ^ int(value, 16)).bit_count()
            clear, bits = clear + (gap >= CLEAR), bits + differ * (gap >= CLEAR)
            unclear, others = unclear + (gap < CLEAR), others + (gap < CLEAR and differ > 0)
    print(f"| {engine} | {len(files)} | {clear:,} | {bits} | {unclear:,} | {others} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--videos", type=Path)
    parser.add_argument("--engine", action="append", choices=["chromium", "firefox"])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=["pictures", "digest", "films", "reposts"])
    given = parser.parse_args()
    engines = [name for name in given.engine or ["chromium", "firefox"] if lacks(name) is None]
    photos = sorted(given.photos.glob("*.jpg")) if given.photos else []
    films = sorted(given.videos.glob("*.mp4")) if given.videos else []
    wanted = {given.only} if given.only else {"pictures", "digest", "films", "reposts"}
    with TemporaryDirectory() as kept:
        folder = Path(kept)
        if "pictures" in wanted:
            files = [folder / "drawn.jpg"]
            draw(files[0], 4000, 3000, 1)
            for photo in photos[:ENLARGED]:
                files.append(folder / photo.name)
                enlarge(files[-1], photo, MEGAPIXELS)
            print(
                "| engine | picture | level | page | program | ratio | of work | interface blocked |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
            )
            for engine in engines:
                with room(engine) as opened:
                    measure_pictures(opened, engine, files, given.rounds)
        if "digest" in wanted:
            film = folder / "film.mp4"
            head = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
            film.write_bytes(head + np.random.default_rng(1).bytes(DIGESTED - len(head)))
            print("\n| engine | MD5 of 500 MB | interface blocked |\n| --- | --- | --- |")
            for engine in engines:
                with room(engine) as opened:
                    said = opened.hashed(film, ["md5"], NOTHING)
                print(f"| {engine} | {said['seconds']:.1f} s | {said['blocked']:.0f} ms |", flush=True)
        if films and "films" in wanted:
            print(
                "\n| engine | film | frames | a frame | bits, median | bits, most | interface blocked |\n| --- | --- | --- | --- | --- | --- | --- |"
            )
            for engine in engines:
                with room(engine) as opened:
                    measure_films(opened, engine, films)
        if "reposts" in wanted:
            print(
                "\n| engine | pictures | clear re-posts | bits that differ | unclear | other |\n| --- | --- | --- | --- | --- | --- |"
            )
            for engine in engines:
                compare_reposts(engine, photos, folder)


if __name__ == "__main__":
    main()
