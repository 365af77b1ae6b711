"""Files as people have them, with metadata and turns of every kind, give the same with the sandbox and without."""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from pillow_heif import HeifFile, from_pillow

from hashclient.hashing.pdq import pdq_hash
from hashclient.media.image import open_image
from hashclient.prepare import HashOptions, Prepared, hash_files
from hashclient.vocabulary import SignalType
from kit.bad_pictures import chunk
from kit.jpegs import segment

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "BMP")
WITH_EXIF = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
SIZES = (0, 1, 100, 5_000, 60_000, 1_500_000)
"""Bytes of a profile, a text, or a note of an application."""


@cache
def scene() -> Image.Image:
    """Draw a picture without symmetries, whose hash no turn leaves as it is."""
    small = np.random.default_rng(7).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((120, 90), Image.Resampling.BICUBIC)


def written(kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    if kind == "HEIF":
        heif: HeifFile = from_pillow(scene())
        heif.save(file, quality=90, **options)
    else:
        scene().save(file, kind, **options)
    return file.getvalue()


def turned(kind: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    exif[271] = "A maker"
    return written(kind, exif=exif.tobytes() if kind == "HEIF" else exif)


def with_chunk(name: bytes, body: bytes, *, is_whole: bool = True) -> bytes:
    """Put a chunk before the pixels of a PNG; one that is not whole has a wrong checksum."""
    plain = written("PNG")
    extra = chunk(name, body) if is_whole else chunk(name, body)[:-1] + b"?"
    return plain[:33] + extra + plain[33:]


def with_segments(*segments: bytes) -> bytes:
    plain = written("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def with_riff_chunk(name: bytes, body: bytes) -> bytes:
    """Put a chunk after the pixels of an extended WebP, as encoders write metadata."""
    plain = written("WEBP", icc_profile=b"profile!")
    inner = plain[8:] + name + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
    return b"RIFF" + len(inner).to_bytes(4, "little") + inner


def metadata() -> dict[str, bytes]:
    """Write files with metadata of every size and oddity; each has the pixels of the plain file of its format."""
    noise = np.random.default_rng(1).bytes(max(SIZES))
    files: dict[str, bytes] = {}
    for size in SIZES:
        body = noise[:size]
        part = body[:65_000]
        files[f"JPEG: APPs of {size}"] = with_segments(*(segment(0xE0 + number, part) for number in range(1, 16)))
        files[f"JPEG: comment of {size}"] = with_segments(segment(0xFE, part))
        files[f"PNG: profile of {size}"] = with_chunk(b"iCCP", b"p\0\0" + body)
        files[f"PNG: packed text of {size}"] = with_chunk(b"zTXt", b"a\0\0" + body)
        files[f"PNG: text of {size}, wrong checksum"] = with_chunk(b"iTXt", body, is_whole=False)
        files[f"PNG: animation control of {size}"] = with_chunk(b"acTL", part)
        files[f"PNG: gamma of {size}"] = with_chunk(b"gAMA", part)
        files[f"WEBP: EXIF of {size}"] = with_riff_chunk(b"EXIF", body)
        files[f"WEBP: XMP of {size}"] = with_riff_chunk(b"XMP ", body)
        if size:
            files[f"AVIF: profile of {size}"] = written("AVIF", icc_profile=body)
            files[f"AVIF: XMP of {size}"] = written("AVIF", xmp=body)
            files[f"HEIF: XMP of {size}"] = written("HEIF", xmp=body)
            files[f"WEBP: profile of {size}"] = written("WEBP", icc_profile=body)
        files[f"GIF: comment of {size}"] = written("GIF", comment=body)
    return files


def hashed(folder: Path, contents: Sequence[bytes], *, sandbox: bool) -> list[Prepared]:
    paths = []
    for place, content in enumerate(contents):
        paths.append(folder / str(place))
        paths[-1].write_bytes(content)
    return list(hash_files(paths, options=HashOptions(sandbox=sandbox)))


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_turn_is_read_in_every_format(tmp_path: Path, sandbox: bool) -> None:
    """EXIF's eight orientations give the upright picture, and no word."""
    names = [(kind, orientation) for kind in WITH_EXIF for orientation in range(1, 9)]
    results = hashed(tmp_path, [turned(*name) for name in names], sandbox=sandbox)
    for (kind, orientation), result in zip(names, results, strict=True):
        assert not result.skipped, (kind, orientation)
        with open_image(turned(kind, 1)) as plain:
            stored = Image.fromarray(plain.rows(0, plain.height))
        upright = ImageOps.exif_transpose(_marked(stored, orientation))
        value, _ = pdq_hash(np.asarray(upright))
        found = [int(signal.value, 16) ^ int(value, 16) for signal in result.signals if signal.variant == "original"]
        assert found[0].bit_count() <= (0 if kind in {"JPEG", "PNG", "WEBP"} else 4), (kind, orientation)


def _marked(image: Image.Image, orientation: int) -> Image.Image:
    exif = Image.Exif()
    exif[274] = orientation
    file = io.BytesIO()
    image.save(file, "PNG", exif=exif)
    return Image.open(file)  # noqa: TID251  # our own, for Pillow to turn it


@pytest.mark.parametrize("sandbox", [True, False])
def test_metadata_never_costs_a_picture(tmp_path: Path, sandbox: bool) -> None:
    """Whatever stands beside the pixels, of any size, right or wrong: the hashes are those of the plain file."""
    files = metadata()
    results = hashed(tmp_path, list(files.values()), sandbox=sandbox)
    whole = hashed(tmp_path, [written(kind) for kind in FORMATS], sandbox=sandbox)
    plain = {kind: result.signals for kind, result in zip(FORMATS, whole, strict=True)}
    for name, result in zip(files, results, strict=True):
        assert not result.skipped, name
        assert result.signals == plain[name.split(":")[0]], name


@pytest.mark.vectors
@pytest.mark.parametrize("sandbox", [True, False])
def test_small_pictures_of_every_kind_give_the_hash_of_the_reference(vectors: Path, sandbox: bool) -> None:
    """All 217 of other projects' test files, upright, with the sandbox and without."""
    expected = json.loads((vectors / "files" / "expected.json").read_text())
    assert len(expected) == 217
    results = hash_files([vectors / "files" / name for name in expected], options=HashOptions(sandbox=sandbox))
    wrong = [
        name
        for (name, wanted), result in zip(expected.items(), results, strict=True)
        if wanted["pdq"] not in {signal.value for signal in result.signals if signal.type is SignalType.PDQ}
    ]
    assert wrong == []


IMPORTED = """
import sys
from pathlib import Path
from hashclient.prepare import decode
from hashclient.prepare.options import HashOptions
from hashclient.prepare.protocol import Job
decode.warm_up()
before = set(sys.modules)
for path in sorted(Path(sys.argv[1]).iterdir()):
    decode.hash_content(Job(0, HashOptions()), path.read_bytes())
print(*sorted(set(sys.modules) - before))
"""


def test_nothing_is_imported_once_a_worker_is_confined(tmp_path: Path) -> None:
    """A module that a decoder imports late, when it meets metadata, could not be read any more."""
    contents = [*metadata().values(), *(turned(kind, 6) for kind in WITH_EXIF), *(written(kind) for kind in FORMATS)]
    other = scene().transpose(Image.Transpose.ROTATE_180)
    contents += [written(kind, save_all=True, append_images=[other]) for kind in ("GIF", "PNG", "WEBP", "AVIF")]
    for place, content in enumerate(contents):
        (tmp_path / str(place)).write_bytes(content)
    program = [sys.executable, "-c", IMPORTED, str(tmp_path)]
    assert subprocess.run(program, check=True, capture_output=True, text=True).stdout.split() == []
