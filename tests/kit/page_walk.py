"""The built page in real browsers: scripts of `web/tests/browser`, and what they say."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashclient.page import PAGE_FILE

WEB = Path(__file__).resolve().parents[2] / "web"
CHROMIUM = Path("/usr/bin/chromium")

in_chromium = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CHROMIUM.exists() and PAGE_FILE.exists() and (WEB / "node_modules" / "puppeteer-core").is_dir()),
        reason="Chromium, the built page or web/node_modules is not there",
    ),
]
"""Marks of tests that start Chromium."""


def run_script(name: str, *arguments: object, seconds: int = 290) -> str:
    """Run a script from `web/`, and give what it says."""
    node = shutil.which("node")
    assert node is not None
    command = [node, f"tests/browser/{name}", *map(str, arguments)]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def textured(seed: int, size: tuple[int, int]) -> Image.Image:
    """Make a picture with enough detail to be recognised."""
    small = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
