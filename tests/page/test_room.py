"""The page's room, in real browsers: the hashes and the reason codes of the program, or a refusal."""

import hashlib
import json
import shutil
import subprocess
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError, UnsupportedMediaError
from hashclient.hashing.pdq import PdqHasher
from hashclient.hashing.vpdq import hash_video
from hashclient.media.formats import kind_of
from hashclient.media.image import open_image
from hashclient.media.video import open_video
from hashclient.media.whole_frames import whole_frames

WEB = Path(__file__).resolve().parents[2] / "web"
ENGINES = {"chromium": "/usr/bin/chromium", "firefox": "/usr/bin/firefox-esr"}
RULES = {
    "recipes": [],
    "qualityFloor": 50,
    "repostFloor": 0,
    "framedFloor": 0,
    "turnedFloor": 0,
    "edgesFloor": 0,
    "sameWithin": 4,
    "grounds": {},
}
WORK = {"types": ["pdq", "md5", "vpdq"], "rules": RULES, "frameRules": RULES, "mostFrames": 100}
CODES = (
    (BrokenMediaError, "broken-media"),
    (UnsupportedMediaError, "unsupported-media"),
    (MediaTooLargeError, "media-too-large"),
)

pytestmark = pytest.mark.slow


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    """Name an engine that is installed."""
    name = str(request.param)
    if not Path(ENGINES[name]).exists() or not (WEB / "node_modules" / "puppeteer-core").is_dir():
        pytest.skip(f"{name}, or web/node_modules, is not there: the room is run in it")
    return name


def in_browser(engine: str, files: list[Path], folder: Path) -> list[dict[str, Any]]:
    """Hash files in the room."""
    node = shutil.which("node")
    assert node is not None
    (folder / "job.json").write_text(json.dumps({"files": [str(file) for file in files], "work": WORK}))
    script = WEB / "tests" / "browser" / "hash_files.mjs"
    subprocess.run([node, script, engine, folder / "job.json", folder / "out.json"], check=True, timeout=280)
    results: list[dict[str, Any]] = json.loads((folder / "out.json").read_text())
    return results


def by_program(untrusted: bytes) -> str | dict[str, str]:
    """Hash a still with the program: its hashes by variant, or its reason code; `moves` where it is no still."""
    if not untrusted:  # what `hashclient.media.files` says of it
        return "empty-media"
    try:
        if whole_frames(kind_of(untrusted), untrusted) is not None:
            return "moves"
        with open_image(untrusted) as pixels:
            return {str(signal.variant): signal.value for signal in PdqHasher().hash_image(pixels)}
    except MediaError as error:
        return next(code for kind, code in CODES if isinstance(error, kind))


def by_page(result: dict[str, Any]) -> str | dict[str, str]:
    """Name what the page says in the same way."""
    if "refused" in result:
        return str(result["refused"])
    return {one["variant"]: one["value"] for one in result["found"]["items"][0] if one["type"] == "pdq"}


def farthest(page: dict[str, str], program: dict[str, str]) -> int:
    """Count the bits by which the upright hashes differ."""
    return (int(page["original"], 16) ^ int(program["original"], 16)).bit_count()


def compared(engine: str, files: list[Path], folder: Path) -> tuple[Counter[str], list[str]]:
    """Compare the page with the program, file by file: how many ended how, and what should not be."""
    ends: Counter[str] = Counter()
    wrong = []
    for file, result in zip(files, in_browser(engine, files, folder), strict=True):
        page, program = by_page(result), by_program(file.read_bytes())
        if page == program:
            ends["equal" if isinstance(page, dict) else "refused alike"] += 1
        elif page in ("unsupported-media", "second-page"):
            ends["refused by the page alone, as not read"] += 1
        else:
            bits = farthest(page, program) if isinstance(page, dict) and isinstance(program, dict) else -1
            wrong.append(f"{file.name}: {bits} bits, page {page}, program {program}")
    return ends, wrong


def test_reference_pictures(engine: str, vectors: Path, tmp_path: Path) -> None:
    """Every format and mode, profiles, orientations, transparency: 0 bits off, or refused."""
    files = [vectors / "pdq" / name for name in sorted(json.loads((vectors / "pdq" / "expected.json").read_text()))]
    files += [
        vectors / "files" / name for name in sorted(json.loads((vectors / "files" / "expected.json").read_text()))
    ]
    ends, wrong = compared(engine, files, tmp_path)
    assert wrong == []
    assert ends["equal"] > len(files) * 0.75, ends  # Firefox reads no AVIF as the program does


def damaged(good: bytes, name: str) -> dict[str, bytes]:
    """Damage a file: cuts with and without its end, holes, gaps."""
    half, end = len(good) // 2, good[-2:]
    hole = good[:half] + bytes(600) + good[half + 600 :]
    made = {"cut": good[:half], "cut-end": good[:half] + end, "zeros": good[:half] + bytes(len(good) - half)}
    return {f"{kind}-{name}": some for kind, some in made.items()} | {f"hole-{name}": hole}


def test_damaged(engine: str, tmp_path: Path) -> None:
    """Damage is refused as damage, and what is whole is not: large even areas, a missing end marker."""
    chance = np.random.default_rng(5)
    y, x = np.mgrid[:480, :640]
    waves = np.stack([128 + 90 * np.sin(x / 17 + y / 29), 128 + 90 * np.cos(y / 13), (x + y) / 5], 2)
    picture = Image.fromarray((waves + chance.normal(0, 6, waves.shape)).clip(0, 255).astype(np.uint8))
    even = Image.new("RGB", (3000, 2000), "white")
    even.paste(picture, (100, 100))
    made: dict[str, bytes] = {"empty.jpg": b"", "text.jpg": b"these are words"}
    forms: dict[str, tuple[str, dict[str, int | bool]]] = {
        "plain.jpg": ("JPEG", {"quality": 85}),
        "optimised.jpg": ("JPEG", {"quality": 85, "optimize": True}),
        "progressive.jpg": ("JPEG", {"quality": 85, "progressive": True}),
        "restarts.jpg": ("JPEG", {"quality": 85, "restart_marker_rows": 2}),
        "p.png": ("PNG", {}),
        "lossy.webp": ("WEBP", {"quality": 80}),
        "whole.webp": ("WEBP", {"lossless": True}),
    }
    for name, (form, options) in forms.items():
        for kind, image in (("", picture), ("even-", even)):
            written = BytesIO()
            image.save(written, form, **options)
            made[f"{kind}{name}"] = written.getvalue()
        made |= damaged(made[name], name)
        if form == "JPEG":
            made[f"no-end-{name}"] = made[name][:-2]
            made[f"half-end-{name}"] = made[name][:-1]
    files = []
    for name, some in made.items():
        (tmp_path / name).write_bytes(some)
        files.append(tmp_path / name)
    silent = []
    for file, result in zip(files, in_browser(engine, files, tmp_path), strict=True):
        page, program = by_page(result), by_program(made[file.name])
        if page != program:
            silent.append(f"{file.name}: page {page}, program {program}")
    assert silent == []


def reached(engine: str, form: str, folder: Path) -> tuple[int, set[str]]:
    """Plant code in the room: how many ways were tried, and which reached the network."""
    node = shutil.which("node")
    assert node is not None
    script = WEB / "tests" / "browser" / "leaks.mjs"
    subprocess.run([node, script, engine, form, folder / "leaks.json"], check=True, timeout=120)
    result = json.loads((folder / "leaks.json").read_text())
    return len(result["ways"]), set(result["reached"])


def test_planted_code_reaches_nothing(engine: str, tmp_path: Path) -> None:
    """Without the policies most ways lead out, or the test would show nothing."""
    assert reached(engine, "closed", tmp_path) == (18, set())
    assert len(reached(engine, "open", tmp_path)[1]) >= 10


def test_films(engine: str, vectors: Path, tmp_path: Path) -> None:
    """Frames by `<video>`: near those of the program, and the digest of all bytes."""
    films = sorted((vectors / "video").glob("*.mp4"))
    for film, result in zip(films, in_browser(engine, films, tmp_path), strict=True):
        with film.open("rb") as file, open_video(file) as video:
            program = [int(feature.value, 16) for feature in hash_video(video.frames(), most=100)]
        found = result["found"]
        assert found["kind"] == "video"
        (signals,) = found["items"]
        page = [int(one["value"], 16) for one in signals if one["type"] == "vpdq"]
        assert hashlib.md5(film.read_bytes(), usedforsecurity=False).hexdigest() in [one["value"] for one in signals]
        nearest = [min((one ^ other).bit_count() for other in program) for one in page]
        assert len(page) >= len(program) / 2, (film.name, len(page), len(program))
        assert sorted(nearest)[len(nearest) // 2] <= 4, (film.name, nearest)
        assert max(nearest) <= 31, (film.name, nearest)  # a matcher's distance: a frame before or after the program's
