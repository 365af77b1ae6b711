"""Count damaged pictures that are hashed without a word, and good ones that are refused.

    HASHCLIENT_VECTORS=... .venv/bin/python -m benchmarks.damage [--pictures N] [--seed N]

Each of some photographs is written in every format, and damaged at random places: cut, cut and filled up with zeros, cut
and ended with an end marker (JPEG), with a hole of zeros, with a gap, with one changed byte. Silent is what gives a hash
and no word; wrong is a silent one whose hash is more than 10 bits from that of the whole file. The places and the
photographs chose none of the rules.
"""

import argparse
import io
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pillow_heif
from PIL import Image

from hashclient.errors import MediaError
from hashclient.hashing.pdq import PdqHasher
from hashclient.media.image import open_image

Damage = Callable[[bytes, random.Random], bytes]

WRITERS: dict[str, Callable[[Image.Image, io.BytesIO], None]] = {
    "JPEG": lambda image, file: image.save(file, "JPEG", quality=85),
    "JPEG progressive": lambda image, file: image.save(file, "JPEG", quality=85, progressive=True),
    "JPEG of CMYK": lambda image, file: image.convert("CMYK").save(file, "JPEG", quality=85),
    "PNG": lambda image, file: image.save(file, "PNG"),
    "WebP": lambda image, file: image.save(file, "WEBP", quality=80),
    "WebP lossless": lambda image, file: image.save(file, "WEBP", lossless=True),
    "AVIF": lambda image, file: image.save(file, "AVIF", quality=60),
    "HEIC": lambda image, file: pillow_heif.from_pillow(image).save(file, quality=60),
    "GIF": lambda image, file: image.save(file, "GIF"),
    "BMP": lambda image, file: image.save(file, "BMP"),
    "JPEG of fitted codes": lambda image, file: image.save(file, "JPEG", quality=85, optimize=True),
}


def _place(untrusted: bytes, chance: random.Random, length: int) -> int:
    """Choose a place in the last nine tenths, where picture data lies."""
    return chance.randrange(len(untrusted) // 10, max(len(untrusted) // 10 + 1, len(untrusted) - length))


def cut(untrusted: bytes, chance: random.Random) -> bytes:
    return untrusted[: _place(untrusted, chance, 8)]


def cut_and_zeros(untrusted: bytes, chance: random.Random) -> bytes:
    return cut(untrusted, chance).ljust(len(untrusted), b"\0")


def cut_and_end(untrusted: bytes, chance: random.Random) -> bytes:
    return cut(untrusted, chance) + b"\xff\xd9"


def hole(size: int) -> Damage:
    def damage(untrusted: bytes, chance: random.Random) -> bytes:
        place = _place(untrusted, chance, size)
        return untrusted[:place] + bytes(min(size, len(untrusted) - place)) + untrusted[place + size :]

    return damage


def gap(size: int) -> Damage:
    def damage(untrusted: bytes, chance: random.Random) -> bytes:
        place = _place(untrusted, chance, size)
        return untrusted[:place] + untrusted[place + size :]

    return damage


def changed(untrusted: bytes, chance: random.Random) -> bytes:
    place = _place(untrusted, chance, 1)
    return untrusted[:place] + bytes([untrusted[place] ^ chance.randrange(1, 256)]) + untrusted[place + 1 :]


DAMAGES: dict[str, Damage] = {
    "cut": cut,
    "cut, zeros": cut_and_zeros,
    "cut, end marker": cut_and_end,
    "hole of 512": hole(512),
    "hole of 64": hole(64),
    "gap of 3,000": gap(3000),
    "gap of 300": gap(300),
    "gap of 64": gap(64),
    "one byte changed": changed,
}


def hashed(untrusted: bytes) -> tuple[str, bool] | None:
    """Return the hash and whether a word is said; None where it is refused."""
    try:
        with open_image(untrusted) as picture:
            return PdqHasher().hash_image(picture)[0].value, picture.is_doubtful
    except MediaError:
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=30)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--formats", nargs="*", default=list(WRITERS))
    asked = parser.parse_args()
    photos = sorted((Path(os.environ["HASHCLIENT_VECTORS"]) / "photos").iterdir())
    chance = random.Random(asked.seed)
    chosen = chance.sample(
        [path for path in photos if path.suffix.lower() in {".jpg", ".jpeg", ".png"}], asked.pictures
    )
    print("| format | damage | copies | found | silent | wrong |\n|---|---|---|---|---|---|")
    for name in asked.formats:
        refused = doubted = 0
        counts: dict[str, Counter[str]] = {damage: Counter() for damage in DAMAGES}
        for path in chosen:
            file = io.BytesIO()
            WRITERS[name](Image.open(path).convert("RGB"), file)  # noqa: TID251  # to write good files of every kind
            whole = hashed(good := file.getvalue())
            refused += whole is None
            if whole is None:
                continue
            doubted += whole[1]
            for label, damage in DAMAGES.items():
                result = hashed(damage(good, chance))
                counts[label]["copies"] += 1
                if result is None or result[1]:
                    counts[label]["found"] += 1
                else:
                    counts[label]["silent"] += 1
                    counts[label]["wrong"] += (int(result[0], 16) ^ int(whole[0], 16)).bit_count() > 10
        print(f"| {name} | none: {refused} refused, {doubted} with a word | {len(chosen)} | | | |")
        for label, count in counts.items():
            if label != "cut, end marker" or name.startswith("JPEG"):
                print(
                    f"| {name} | {label} | {count['copies']} | {count['found']} | {count['silent']} | {count['wrong']} |"
                )


if __name__ == "__main__":
    main()
