"""Run files through the page's room in real browsers, and through the program, and say both in the same way."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError, UnsupportedMediaError
from hashclient.hashing.pdq import PdqHasher
from hashclient.media.formats import kind_of
from hashclient.media.image import open_image
from hashclient.media.whole_frames import whole_frames

WEB: Final = Path(__file__).resolve().parents[2] / "web"
ENGINES: Final = {"chromium": "chromium", "firefox": "firefox-esr", "webkit": "WebKitWebDriver"}
"""By name, the program that starts each."""
RULES: Final = {
    "recipes": [],
    "qualityFloor": 50,
    "repostFloor": 0,
    "framedFloor": 0,
    "turnedFloor": 0,
    "edgesFloor": 0,
    "sameWithin": 4,
    "grounds": {},
}
WORK: Final = {"types": ["pdq", "md5", "vpdq"], "rules": RULES, "frameRules": RULES, "mostFrames": 100}
_CODES: Final = (
    (BrokenMediaError, "broken-media"),
    (UnsupportedMediaError, "unsupported-media"),
    (MediaTooLargeError, "media-too-large"),
)
DOUBTFUL: Final = "doubtful"
"""Hashed, with the word that part of it may be lost."""


def lacks(engine: str) -> str | None:
    """Say what is not there that an engine needs; None where it can be run."""
    needed = [ENGINES[engine], *(["xvfb-run", "dbus-run-session"] if engine == "webkit" else [])]
    missing = [name for name in needed if shutil.which(name) is None]
    if not (WEB / "node_modules" / "puppeteer-core").is_dir():
        missing.append("web/node_modules")
    return f"{engine}: {', '.join(missing)} not there: the room is run in it" if missing else None


def in_node(script: str, *arguments: object, seconds: int = 280) -> None:
    """Run a script of web/tests."""
    node = shutil.which("node")
    assert node is not None
    path = WEB / "tests" / script
    start = [node, str(WEB / "build" / "run.mjs"), str(path)] if path.suffix == ".ts" else [node, str(path)]
    screen: list[str] = []
    environment = dict(os.environ)
    if "firefox" in arguments and shutil.which("xvfb-run"):
        screen, environment["ON_SCREEN"] = ["xvfb-run", "-a"], "1"
    with subprocess.Popen([*screen, *start, *map(str, arguments)], env=environment) as running:
        try:
            code = running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.terminate()  # and it ends its browser
            raise
    assert code == 0, f"{script} ended with {code}"


def in_browser(
    engine: str,
    files: Sequence[Path],
    folder: Path,
    others: Mapping[Path, object] | None = None,
    seconds: int = 280,
    *,
    options: Mapping[str, object] | None = None,
    is_unfit: bool = False,
) -> list[dict[str, Any]]:
    """Hash files in the room of an engine.

    Args:
        engine: one of `ENGINES`.
        files: what is chosen.
        folder: where the job and its results are written.
        others: what is asked of some files, in place of `WORK`.
        seconds: after which it has failed.
        options: of the page of tests, `harness` in `web/build/page.mjs`.
        is_unfit: whether the self-test has to fail, in place of passing; files are given all the same.
    """
    job, out = folder / f"{engine}-job.json", folder / f"{engine}-out.json"
    asked = {files.index(file): work for file, work in (others or {}).items()}
    given = {"files": [str(file) for file in files], "work": WORK, "others": asked}
    job.write_text(json.dumps(given | {"options": dict(options or {}), "isUnfit": is_unfit}))
    in_node("browser/hash_files.mjs", engine, job, out, seconds=seconds)
    results: list[dict[str, Any]] = json.loads(out.read_text())
    return results


def by_program(untrusted: bytes) -> str | dict[str, str]:
    """Hash a still with the program: its hashes by variant, or its reason code; `moves` where it is no still."""
    if not untrusted:  # what `hashclient.media.files` says of it
        return "empty-media"
    try:
        if whole_frames(kind_of(untrusted), untrusted) is not None:
            return "moves"
        with open_image(untrusted) as pixels:
            found = {str(signal.variant): signal.value for signal in PdqHasher().hash_image(pixels)}
            return found | ({DOUBTFUL: DOUBTFUL} if pixels.is_doubtful else {})
    except MediaError as error:
        return next(code for kind, code in _CODES if isinstance(error, kind))


def by_page(result: Mapping[str, Any]) -> str | dict[str, str]:
    """Name what the page says in the same way."""
    if "refused" in result:
        return str(result["refused"])
    found = {one["variant"]: one["value"] for one in result["found"]["items"][0] if one["type"] == "pdq"}
    return found | ({DOUBTFUL: DOUBTFUL} if result["isDoubtful"] else {})


def bits_apart(page: str | dict[str, str], program: str | dict[str, str]) -> int | None:
    """Count the bits by which the upright hashes differ; None where there are not two."""
    if isinstance(page, str) or isinstance(program, str):
        return None
    return (int(page["original"], 16) ^ int(program["original"], 16)).bit_count()
