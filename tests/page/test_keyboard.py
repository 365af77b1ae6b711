"""The built page by keyboard alone: every edge of its screens, with a ring, in the order in which it is seen."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from hashclient.page import PAGE_FILE
from kit.page_walk import in_chromium, run_script, textured

pytestmark = in_chromium


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """Serve the page with a service, and give its address."""
    tmp_path.chmod(0o700)
    keys, database = tmp_path / "endpoint.keys", tmp_path / "cases.db"
    command = [sys.executable, "-m", "hashclient", "endpoint"]
    subprocess.run([*command, "key", "--keys", keys], check=True, capture_output=True)
    serving = [*command, "serve", "--database", str(database), "--keys", str(keys), "--page"]
    with subprocess.Popen(serving, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            found = next(filter(None, (re.search(r"http://\S+", line) for line in process.stdout)))
            yield found[0]
        finally:
            process.terminate()


@pytest.mark.parametrize(("engine", "language"), [("chromium", "ar"), ("firefox", "en")])
def test_the_whole_way_from_pictures_to_taking_back(
    tmp_path: Path, pictures: list[Path], service: str, engine: str, language: str
) -> None:
    """Chosen, asked about, hashed, reviewed, noted, sent, looked at and taken back, with each kind of control."""
    if engine == "firefox" and not Path("/usr/bin/firefox-esr").exists():
        pytest.skip("Firefox is not there")
    assert "taken back" in run_script("round.mjs", engine, service, tmp_path / "screens", language, *pictures)


def test_every_edge_of_every_screen(tmp_path: Path) -> None:
    """Each screen is reached and says what it should; each edge of the exported table is walked; Back and focus work; no other address is asked."""
    textured(1, (400, 300)).save(tmp_path / "plain.png")
    textured(2, (800, 600)).save(tmp_path / "big.png")
    framed = Image.new("RGB", (700, 1000), "white")
    framed.paste(textured(3, (600, 450)), (50, 200))
    framed.save(tmp_path / "framed.png")
    Image.new("RGB", (400, 300), "white").save(tmp_path / "white.png")
    (tmp_path / "broken.jpg").write_bytes(b"these are words")
    assert re.search(r"74 screens and \d+ edges walked", run_script("screens.mjs", PAGE_FILE, tmp_path, seconds=590))
