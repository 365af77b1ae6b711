"""The built page in Chromium: walked by keyboard from a disk, and the whole way against a service on this device."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashclient.page import PAGE_FILE
from kit.page_walk import in_chromium, run_script

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


def test_the_page_is_walked_by_keyboard_from_a_disk(tmp_path: Path) -> None:
    """In English and Arabic, at two widths, with no request and no fault; after leaving nothing can be gone back to."""
    assert "walked" in run_script("walk.mjs", tmp_path)
    assert len([*tmp_path.glob("*-ar-390.png")]) >= 4


def textured(seed: int, size: tuple[int, int]) -> Image.Image:
    """Make a picture with enough detail to be recognised."""
    small = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


@pytest.mark.parametrize(("engine", "language"), [("chromium", "en"), ("chromium", "ar"), ("firefox", "en")])
def test_the_whole_way_from_pictures_to_taking_back(tmp_path: Path, service: str, engine: str, language: str) -> None:
    """Chosen, asked about, hashed, reviewed, noted, sent, looked at and taken back; forgotten after it."""
    if engine == "firefox" and not Path("/usr/bin/firefox-esr").exists():
        pytest.skip("Firefox is not there")
    pictures = [tmp_path / f"{seed}.jpg" for seed in (1, 2)]
    for seed, picture in enumerate(pictures):
        textured(seed, (800, 600)).save(picture, quality=90)
    assert "taken back" in run_script("round.mjs", engine, service, tmp_path / "screens", language, *pictures)


def test_every_screen_and_every_state_of_it(tmp_path: Path) -> None:
    """Each is reached and says what it should; Back and focus work, and the line on top says what the service knows."""
    textured(1, (400, 300)).save(tmp_path / "plain.png")
    textured(2, (800, 600)).save(tmp_path / "big.png")
    framed = Image.new("RGB", (700, 1000), "white")
    framed.paste(textured(3, (600, 450)), (50, 200))
    framed.save(tmp_path / "framed.png")
    Image.new("RGB", (400, 300), "white").save(tmp_path / "white.png")
    (tmp_path / "broken.jpg").write_bytes(b"these are words")
    assert "72 screens walked" in run_script("screens.mjs", PAGE_FILE, tmp_path)


def test_words_are_read_without_scripts(tmp_path: Path) -> None:
    """In Chromium and Firefox, by keyboard: every language, the exit; no request, and no link tells where one came from."""
    assert "read without scripts" in run_script("without_scripts.mjs", tmp_path)
    assert len([*tmp_path.glob("*-p3-*.png")]) == 4


def test_a_second_request_in_one_visit(tmp_path: Path) -> None:
    """What was sent is not sent anew under another number, and is said to be sent whatever comes after."""
    pictures = [tmp_path / f"{seed}.jpg" for seed in (1, 2)]
    for seed, picture in enumerate(pictures):
        textured(seed, (800, 600)).save(picture, quality=90)
    assert "what was said of it holds" in run_script("again.mjs", *pictures)


def test_what_happens_meanwhile(tmp_path: Path) -> None:
    """No file is lost or sent twice, the line on top holds while something is asked, tries are few, and Back offers nothing twice."""
    pictures = [tmp_path / f"{seed}.jpg" for seed in (1, 2)]
    for seed, picture in enumerate(pictures):
        textured(seed, (800, 600)).save(picture, quality=90)
    assert "nothing was lost meanwhile" in run_script("meanwhile.mjs", *pictures)
