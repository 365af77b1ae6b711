"""How every screen of the page looks and is reached, in Chromium: axe, sizes, edges, print, the whole way by keyboard and by touch."""

import json
from pathlib import Path
from typing import Any

import pytest

from kit.page_walk import in_chromium, run_script

NEVER_SHOWN = {"no_script", "country", "under_18_now"}
"""Words that stand inside of others: without scripts, as a field, as a question beside a list."""

pytestmark = in_chromium


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Judge every screen once, in four languages, light and dark."""
    written = tmp_path_factory.mktemp("look") / "report.json"
    run_script("look.mjs", written, seconds=560)
    found: dict[str, Any] = json.loads(written.read_text())
    return found


def test_every_screen_is_judged(report: dict[str, Any]) -> None:
    """A screen that is added is shown too, or is named here."""
    assert set(report["missed"]) <= NEVER_SHOWN
    assert report["states"] > 4 * 100
    known = ("pseudo element", "non-text characters")  # dots of the steps (6.9:1, computed) and ticks beside words
    assert [each for each in report["undecided"] if not any(reason in each for reason in known)] == []


@pytest.mark.parametrize("kind", ["axe", "targets", "overflow", "modes"])
def test_nothing_is_wrong(report: dict[str, Any], kind: str) -> None:
    """WCAG 2.2 AA and best practice; 44 px at least; no overflow at 320 px, largest text too; what a person has set; one sheet."""
    assert report[kind] == []


@pytest.mark.parametrize("way", ["keys", "touch"])
def test_the_whole_way(tmp_path: Path, way: str) -> None:
    """By keyboard alone, in Arabic; with a finger on a telephone six times as slow, with a picture of 12 megapixels."""
    assert f"the whole way by {way}" in run_script("whole_way.mjs", way, tmp_path)
    assert len([*tmp_path.glob("*.png")]) >= 20
