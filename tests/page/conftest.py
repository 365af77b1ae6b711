"""What several tests of the page choose."""

from pathlib import Path

import pytest

from kit.page_walk import textured


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Write two pictures that can be recognised."""
    written = [tmp_path / f"{seed}.jpg" for seed in (1, 2)]
    for seed, picture in enumerate(written):
        textured(seed, (800, 600)).save(picture, quality=90)
    return written
