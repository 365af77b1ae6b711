"""The built page in Chromium: walked by keyboard from a disk, and the whole way against a service on this device."""

from pathlib import Path

from kit.page_walk import in_chromium, run_script, textured

pytestmark = in_chromium


def test_the_page_is_walked_by_keyboard_from_a_disk(tmp_path: Path) -> None:
    """In English and Arabic, at two widths, with no request and no fault; after leaving nothing can be gone back to."""
    assert "walked" in run_script("walk.mjs", tmp_path)
    assert len([*tmp_path.glob("*-ar-390.png")]) >= 4


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
