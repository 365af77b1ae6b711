"""Hashing in real browsers: every re-post bit for bit, progress that only grows, a stop in the middle, a preview that shows little."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashclient.pixels import ArrayPixels
from kit.page_core import CLEAR, EVERY_REPOST, drawn, reposts_of
from kit.page_room import in_browser, in_node, lacks

pytestmark = pytest.mark.slow
PICTURES = 12


@pytest.fixture(params=["chromium", "firefox"])
def engine(request: pytest.FixtureRequest) -> str:
    """Name an engine that is installed."""
    if missing := lacks(request.param):
        pytest.skip(missing)
    return str(request.param)


def test_every_repost(engine: str, tmp_path: Path) -> None:
    """All re-posts of pictures by formula are those of the program, wherever rounding decides no bit."""
    arrays = [drawn(number).array for number in range(1, 1 + PICTURES)]
    files = [tmp_path / f"{place}.png" for place in range(PICTURES)]
    for array, file in zip(arrays, files, strict=True):
        Image.fromarray(array).save(file)
    work = {"types": ["pdq"], "rules": EVERY_REPOST, "frameRules": EVERY_REPOST, "mostFrames": 1}
    compared = 0
    for array, said in zip(arrays, in_browser(engine, files, tmp_path, dict.fromkeys(files, work)), strict=True):
        page = {one["variant"]: one["value"] for one in said["found"]["items"][0][1:]}
        program = reposts_of(ArrayPixels(array))
        assert page.keys() == program.keys()
        for variant, (value, _, _, gap, _) in program.items():
            assert gap < CLEAR or page[variant] == value, (array.shape, variant)
            compared += gap >= CLEAR
    assert compared > 150 * PICTURES


def test_stop_and_preview(engine: str, tmp_path: Path) -> None:
    """What is stopped in the middle ends at once, the rest goes on, and progress of each file only grows."""
    chance = np.random.default_rng(1)
    coarse = Image.fromarray(chance.integers(0, 256, (60, 80, 3)).astype(np.uint8))
    picture = coarse.resize((3200, 2400), Image.Resampling.BICUBIC)
    files = [tmp_path / "first.jpg", tmp_path / "second.jpg", tmp_path / "third.jpg"]
    for file in files:
        picture.save(file, quality=88)
    picture.resize((6400, 4800)).save(files[0], quality=88)  # which is far from done when it is stopped
    (tmp_path / "job.json").write_text(json.dumps({"files": [str(file) for file in files]}))
    in_node("browser/stopped.mjs", engine, tmp_path / "job.json", tmp_path / "out.json")
    out = json.loads((tmp_path / "out.json").read_text())
    assert out["found"] == [2, 3]
    assert out["foundAgain"] == [1]
    assert out["readyTimes"] == 2
    for done in out["progress"].values():
        assert done == sorted(set(done))
    assert len(out["progress"]["2"]) >= 10
    # The preview is a small picture of at most 12 x 12 cells that run into each other.
    assert max(out["preview"]["size"]) == 168
    assert out["preview"]["afterHiding"] == 0
