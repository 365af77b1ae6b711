"""The page's room, in real browsers: nothing leads out of it, and films."""

import hashlib
import json
from pathlib import Path

import pytest

from hashclient.hashing.vpdq import hash_video
from hashclient.media.video import open_video
from kit.page_room import in_browser, in_node, lacks
from kit.videos import video

pytestmark = pytest.mark.slow


@pytest.fixture(params=["chromium", "firefox"])
def engine(request: pytest.FixtureRequest) -> str:
    """Name an engine that is installed."""
    name = str(request.param)
    if missing := lacks(name):
        pytest.skip(missing)
    return name


def reached(engine: str, form: str, folder: Path) -> tuple[int, set[str]]:
    """Plant code in the room: how many ways were tried, and which reached the network."""
    in_node("browser/leaks.mjs", engine, form, folder / "leaks.json", seconds=120)
    result = json.loads((folder / "leaks.json").read_text())
    return len(result["ways"]), set(result["reached"])


def test_planted_code_reaches_nothing(engine: str, tmp_path: Path) -> None:
    """Without the policies most ways lead out, or the test would show nothing."""
    assert reached(engine, "closed", tmp_path) == (18, set())
    assert len(reached(engine, "open", tmp_path)[1]) >= 10


def test_films(engine: str, vectors: Path, tmp_path: Path) -> None:
    """Frames by `<video>`: those of the program, where none is shown at a whole second too, and the digest of all bytes."""
    between = tmp_path / "between.mp4"
    between.write_bytes(video(rate=1000, frames=150, times=tuple(round(1001 * place / 30) for place in range(150))))
    films = [*sorted((vectors / "video").glob("*.mp4")), between]
    for film, result in zip(films, in_browser(engine, films, tmp_path), strict=True):
        with film.open("rb") as file, open_video(file) as opened:
            program = [int(feature.value, 16) for feature in hash_video(opened.frames(), most=100)]
        found = result["found"]
        assert found["kind"] == "video"
        (signals,) = found["items"]
        page = [int(one["value"], 16) for one in signals if one["type"] == "vpdq"]
        assert hashlib.md5(film.read_bytes(), usedforsecurity=False).hexdigest() in [one["value"] for one in signals]
        nearest = [min((one ^ other).bit_count() for other in program) for one in page]
        assert len(page) >= len(program) - 1, (film.name, len(page), len(program))
        assert max(nearest) <= 4, (film.name, nearest)
