"""On 80 by 24, in whatever language: what is to be read before an answer is in view, or waits for Enter."""

import re
from pathlib import Path

import pytest

from hashclient.guidance import codes, languages, review, texts
from hashclient.messages import Message
from kit.command_line import DECLARED, PICTURES, At, Run, Served, Terminal, flat

VIDEO = PICTURES.with_name("samples") / "sample.mp4"
LINES = 24
SMALL = {"COLUMNS": "80", "LINES": str(LINES)}
FIRST = PICTURES / "picture-1.jpg"


def in_language(code: str, words: Message) -> str:
    """Look a message up in a catalogue, whatever language is in use."""
    found = languages.catalogue(code)
    return found.pgettext(words.context, words.english) if words.context else found.gettext(words.english)


def read_screens(at: Terminal, code: str, *, until: Message) -> list[str]:
    """Answer with 1, and with Enter what waits to be read, up to the words; give what came between the answers."""
    enter, last = in_language(code, texts.ENTER_GOES_ON), in_language(code, until)[-12:]
    one = in_language(code, texts.TYPE_ONE).partition("{")[0] + "1"
    screens = []
    while True:
        start = at.read_until
        found = at.expect_one_of(enter, one, last)
        screens.append(at.text[start : at.read_until])
        if found == last:
            return screens
        if found == one:
            at.expect(": ")
        at.type("" if found == enter else "1")


@pytest.mark.parametrize("code", ["en", "es", "fr"])
def test_nothing_scrolls_away_before_it_is_read(terminal: At, service: Served, tmp_path: Path, code: str) -> None:
    """From the first words to number and PIN, with the English beneath; both stand whole on the screen that asks for them."""
    at = terminal(
        *("--lang", code, "submit", FIRST, "--endpoint", service.origin, "--paper", tmp_path / "note"), **SMALL
    )
    screens = read_screens(at, code, until=review.PROMPT)
    at.type("")
    *screens_above, with_codes = read_screens(at, code, until=codes.ENTER_WHEN_NOTED)
    assert [shown for shown in (*screens, *screens_above) if shown.count("\n") > LINES] == []
    assert re.search(r"\w{4}-\w{4}-\w{4}(.|\n)*\d{4} \d{4}(.|\n)* status --endpoint ", with_codes)
    assert with_codes.count("\n") < LINES


def test_a_file_stands_on_one_screen_with_the_question_about_it(terminal: At, service: Served, tmp_path: Path) -> None:
    """What could not be used is said before, and waits for Enter where both do not fit."""
    (tmp_path / "notes.jpg").write_text("nothing of a picture")
    chosen = [FIRST, PICTURES / "picture-2.jpg", *(tmp_path / name for name in ("notes.jpg", "a.jpg", "b.jpg"))]
    at = terminal(
        *("submit", *chosen, "--endpoint", service.origin, "--adult"),
        *("--depicted", "self", "--intimate", "--no-consent"),
        **SMALL,
    )
    for _ in range(2):
        at.answer("Press Enter to go on:", "")
    at.answer("Press Enter to go on:", "")
    asked = at.expect("Type 1, 2, 3, 4, 5 or 6:")
    assert "Picture 1 of 5: picture-1.jpg" in asked
    assert "What is this picture?" in asked


def test_without_a_service_what_works_today_is_read_first(terminal: At) -> None:
    """The flags come after Enter, where they would push it out of view."""
    at = terminal("--lang", "es", "submit", **SMALL)
    assert "StopNCII.org" in at.expect(in_language("es", texts.ENTER_GOES_ON))
    at.type("")
    assert at.wait() == 2
    assert at.text[at.read_until :].count("\n") < LINES


def test_the_laws_stand_on_one_screen_with_their_question(terminal: At) -> None:
    """Nothing waits for Enter between a heading and its answers."""
    at = terminal("notice", "--adult", **SMALL)
    at.read_on_to("Enter to skip:")
    at.type("")
    asked = at.expect("Type a number from 1 to 9:")
    assert "Which law or form" in asked.rpartition("Press Enter to go on:")[2]
    assert asked.rpartition("Press Enter to go on:")[2].count("\n") <= LINES


def test_a_review_of_a_video_alone_speaks_of_no_picture(run: Run) -> None:
    """Its fingerprints are of moments of it."""
    shown = flat(run("submit", VIDEO, *DECLARED, "--altered", "no", "--dry-run", "--type", "vpdq").stderr)
    assert "Each of type vpdq is of one moment of a video" in shown
    assert "form of the picture" not in shown
