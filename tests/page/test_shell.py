"""The built page without scripts, and what a visit comes to that goes another way than straight on."""

from pathlib import Path

from kit.page_walk import in_chromium, run_script

pytestmark = in_chromium


def test_words_are_read_without_scripts(tmp_path: Path) -> None:
    """In Chromium and Firefox, by keyboard: every language, the exit; no request, and no link tells where one came from."""
    assert "read without scripts" in run_script("without_scripts.mjs", tmp_path)
    assert len([*tmp_path.glob("*-p3-*.png")]) == 4


def test_a_second_request_in_one_visit(pictures: list[Path]) -> None:
    """What was sent is not sent anew under another number, and is said to be sent whatever comes after."""
    assert "what was said of it holds" in run_script("again.mjs", *pictures)


def test_what_happens_meanwhile(pictures: list[Path]) -> None:
    """No file is lost or sent twice, the line on top holds while something is asked, tries are few, and Back offers nothing twice."""
    assert "nothing was lost meanwhile" in run_script("meanwhile.mjs", *pictures)
