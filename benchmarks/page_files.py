"""Count damaged pictures that the page hashes without a word, and good ones that it refuses; write the table of docs/page-files.md.

    HASHCLIENT_VECTORS=... .venv/bin/python -m benchmarks.page_files [--pictures N] [--seed N] [--engine NAME]

Photographs are written in every format and damaged anywhere in the file: cut, with and without a new end; holes of zeros, gaps and other
bytes. What the page asks of a file's own bytes is run in node, so the figures hold in every browser; the program gets the same copies.
What the page lets pass is then hashed in a browser: `refused there` is what its decoder refuses, `wrong` a hash that is more than 10 bits
from that of the whole file. The photographs and places chose none of the rules. Needs node and `web/node_modules`.
"""

import argparse
import io
import json
import math
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from PIL import Image

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests")]

from damage import WRITERS, hashed  # noqa: E402  # benchmarks/damage.py

from kit.page_room import bits_apart, by_page, in_browser, in_node  # noqa: E402  # found only now

Damage = Callable[[bytes, random.Random], bytes]
DOCUMENT: Final = ROOT / "docs" / "page-files.md"
BEGIN, END = "<!-- written by benchmarks/page_files.py -->\n", "<!-- end -->\n"
FORMATS: Final = {
    "JPEG": 1, "JPEG progressive": 1, "JPEG of fitted codes": 1, "JPEG of CMYK": 1, "PNG": 1,
    "WebP": 3, "WebP lossless": 3, "AVIF": 3, "GIF": 3, "BMP": 3,
}  # fmt: skip
"""By format, of how many photographs one is taken."""
ENDS: Final = {"JPEG": b"\xff\xd9", "PNG": b"\0\0\0\0IEND\xaeB`\x82", "GIF": b"\0;"}
AT_ONCE: Final = 8
WRONG_BITS: Final = 10


def _cut(good: bytes, chance: random.Random) -> bytes:
    return good[: chance.randrange(1, len(good) - 2)]


def _length(good: bytes, size: float) -> int:
    return int(size) if size >= 1 else math.ceil(size * len(good))


def _gap(size: float) -> Damage:
    def damage(good: bytes, chance: random.Random) -> bytes:
        length = _length(good, size)
        place = chance.randrange(len(good) - length)
        return good[:place] + good[place + length :]

    return damage


def _filled(size: float, other: Callable[[random.Random, int], bytes]) -> Damage:
    def damage(good: bytes, chance: random.Random) -> bytes:
        length = _length(good, size)
        place = chance.randrange(len(good) - length)
        return good[:place] + other(chance, length) + good[place + length :]

    return damage


def _zeros(_: random.Random, length: int) -> bytes:
    return bytes(length)


def _others(chance: random.Random, length: int) -> bytes:
    return chance.randbytes(length)


SIZES: Final = {"1 byte": 1, "16": 16, "64": 64, "300": 300, "512": 512, "3,000": 3000, "5 %": 0.05}
DAMAGES: Final[dict[str, Damage]] = {
    "cut": _cut,
    "cut, and zeros": lambda good, chance: _cut(good, chance).ljust(len(good), b"\0"),
    **{f"gap of {name}": _gap(size) for name, size in SIZES.items()},
    **{f"hole of {name}": _filled(size, _zeros) for name, size in SIZES.items()},
    **{f"other bytes, {name}": _filled(SIZES[name], _others) for name in ("1 byte", "64", "512")},
}
WANTED: Final = {
    "cut",
    "cut, and zeros",
    "cut, and an end",
    "gap of 300",
    "gap of 512",
    "gap of 3,000",
    "gap of 5 %",
    "hole of 512",
    "hole of 3,000",
    "hole of 5 %",
}
"""Of JPEG and PNG at most 1 % of these may be silent."""


@dataclass(frozen=True)
class Copy:
    """A damaged copy."""

    damage: str
    untrusted: bytes
    good: int
    """Which photograph it is of."""


def copies_of(name: str, goods: list[bytes], chance: random.Random) -> Iterator[Copy]:
    """Damage good files, each in every way."""
    end = ENDS.get(name.split(maxsplit=1)[0])
    damages = dict(DAMAGES)
    if end is not None:
        damages["cut, and an end"] = lambda good, chance: _cut(good, chance) + end
    for index, good in enumerate(goods):
        for damage, make in damages.items():
            yield Copy(damage, make(good, chance), index)


def checked(files: list[bytes], folder: Path) -> list[dict[str, Any]]:
    """Ask of each file what the page asks before it decodes."""
    (folder / "all").write_bytes(b"".join(files))
    (folder / "sizes").write_text(json.dumps(list(map(len, files))))
    in_node("check_files.ts", folder / "all", folder / "sizes", folder / "out", seconds=900)
    found: list[dict[str, Any]] = json.loads((folder / "out").read_text())
    return found


def passes(result: dict[str, Any]) -> bool:
    """Tell whether a file is taken without a word."""
    return "copy" in result and not result["isDoubtful"]


def counted(
    name: str, photos: list[Path], chance: random.Random, engine: str | None
) -> tuple[dict[str, Counter[str]], str]:
    """Damage photographs in one format: for each damage what became of it; and what became of the good ones."""
    counts: dict[str, Counter[str]] = {}
    silent: list[tuple[str, bytes, bytes]] = []
    good_ends: Counter[str] = Counter()
    with TemporaryDirectory() as path:
        folder = Path(path)
        for start in range(0, len(photos), AT_ONCE):
            goods: list[bytes] = []
            for photo in photos[start : start + AT_ONCE]:
                file = io.BytesIO()
                WRITERS[name](Image.open(photo).convert("RGB"), file)  # noqa: TID251  # to write good files of every kind
                goods.append(file.getvalue())
            whole = checked(goods, folder)
            for result in whole:
                good_ends["taken" if passes(result) else "with a word" if "copy" in result else "refused"] += 1
            copies = list(copies_of(name, goods, chance))
            for copy, result in zip(copies, checked([copy.untrusted for copy in copies], folder), strict=True):
                count = counts.setdefault(copy.damage, Counter())
                if result.get("copy") == whole[copy.good].get("copy"):
                    continue  # nothing that pixels need
                count["copies"] += 1
                program = hashed(copy.untrusted)
                count["program"] += program is not None and not program[1]
                if passes(result):
                    count["silent"] += 1
                    silent.append((copy.damage, copy.untrusted, goods[copy.good]))
        if engine and silent:
            some = list(dict.fromkeys(each for _, *both in silent for each in both))
            files = [folder / f"{number}.bin" for number in range(len(some))]
            for at, each in zip(files, some, strict=True):
                at.write_bytes(each)
            pages = dict(zip(some, map(by_page, in_browser(engine, files, folder, seconds=3600)), strict=True))
            for damage, untrusted, good in silent:
                bits = bits_apart(pages[untrusted], pages[good])
                counts[damage]["refused there"] += bits is None
                counts[damage]["wrong"] += bits is not None and bits > WRONG_BITS
    return counts, f"{good_ends['refused']} refused, {good_ends['with a word']} with a word, of {len(photos)}"


def main() -> None:
    """Count, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--formats", nargs="*", default=list(FORMATS))
    parser.add_argument("--engine", default="chromium")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    photos = chance.sample(sorted((Path(os.environ["HASHCLIENT_VECTORS"]) / "photos").iterdir()), asked.pictures)
    lines = [
        "| format | damage | copies | silent | refused there | wrong | silent in the program |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    total: Counter[str] = Counter()
    for name in asked.formats:
        counts, good = counted(name, photos[:: FORMATS[name]], random.Random(f"{asked.seed} {name}"), asked.engine)
        lines.append(f"| {name} | none: {good} | | | | | |")
        for damage, count in counts.items():
            lines.append(
                f"| {name} | {damage} | {count['copies']} | {count['silent']} | {count['refused there']} | {count['wrong']} | {count['program']} |"
            )
            if damage in WANTED and name.startswith(("JPEG", "PNG")):
                total += Counter({key: count[key] for key in ("copies", "silent", "wrong")})
        print(*lines[-len(counts) - 1 :], sep="\n", flush=True)
    share = 100 * total["silent"] / max(1, total["copies"])
    verdict = f"JPEG and PNG, cuts, gaps of 300 bytes and more, holes of 512 and more: **{total['silent']} of {total['copies']} silent** ({share:.2f} %; wanted: at most 1 %), {total['wrong']} wrong."
    print(verdict)
    if asked.formats == list(FORMATS) and asked.engine == "chromium":
        before, _, rest = DOCUMENT.read_text().partition(BEGIN)
        DOCUMENT.write_text(
            before + BEGIN + "\n" + verdict + "\n\n" + "\n".join(lines) + "\n\n" + END + rest.partition(END)[2]
        )


if __name__ == "__main__":
    main()
