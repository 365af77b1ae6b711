"""The build: the same bytes from any folder and in any place of the world, within the sizes that were promised."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
WEB = REPOSITORY / "web"
MOST_BYTES = 600_000
MOST_COMPRESSED = {"page.html": 170_000, "page-heic.html": 700_000}
"""With Brotli, as static hosts and their networks send it."""

needs_node = pytest.mark.skipif(
    not (WEB / "node_modules" / "esbuild").is_dir() or shutil.which("node") is None,
    reason="web/node_modules is not there",
)


def built_in(folder: Path, **environment: str) -> dict[str, bytes]:
    """Build both pages from a copy of the sources in another folder, and give them by name."""
    shutil.copytree(WEB, folder / "web", ignore=shutil.ignore_patterns("node_modules", "tests"))
    (folder / "web" / "node_modules").symlink_to(WEB / "node_modules")
    (folder / ".venv").symlink_to(REPOSITORY / ".venv")
    for beside in ("docs", "LICENSE"):
        (folder / beside).symlink_to(REPOSITORY / beside)
    (folder / "hashclient").mkdir()
    for room in (REPOSITORY / "hashclient").iterdir():
        if room.name not in {"page", "__pycache__"}:
            (folder / "hashclient" / room.name).symlink_to(room)
    command = [shutil.which("node") or "node", "build/build.mjs"]
    subprocess.run(command, cwd=folder / "web", env={**os.environ, **environment}, check=True, capture_output=True)
    return {name: (folder / "hashclient" / "page" / name).read_bytes() for name in MOST_COMPRESSED}


@pytest.mark.slow
@needs_node
def test_two_builds_are_byte_equal(tmp_path: Path) -> None:
    """From different folders, time zones, languages; and small enough."""
    (tmp_path / "deeper" / "down").mkdir(parents=True)
    one = built_in(tmp_path / "deeper" / "down", TZ="Pacific/Auckland", LANG="ar_EG.UTF-8", LC_ALL="C.UTF-8")
    (tmp_path / "other").mkdir()
    assert one == built_in(tmp_path / "other", TZ="America/Lima", LANG="C")
    assert len(one["page.html"]) <= MOST_BYTES
    for name, document in one.items():
        assert str(tmp_path).encode() not in document
        assert b"WASM_MODULES" not in document  # else the page does without, and takes five times as long
        assert compressed(document) <= MOST_COMPRESSED[name]


def compressed(document: bytes) -> int:
    """Give the length with Brotli, which node has."""
    script = "process.stdout.write(String(require('zlib').brotliCompressSync(require('fs').readFileSync(0)).length))"
    done = subprocess.run(
        [shutil.which("node") or "node", "-e", script], input=document, check=True, capture_output=True
    )
    return int(done.stdout)


def test_the_lock_names_no_host() -> None:
    """Each package has its hash, and none says from where it was fetched."""
    packages = json.loads((WEB / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert len(fetched) > 20
    assert all("resolved" not in package and package["integrity"].startswith("sha512-") for package in fetched.values())
    assert "omit-lockfile-registry-resolved=true" in (WEB / ".npmrc").read_text().splitlines()
