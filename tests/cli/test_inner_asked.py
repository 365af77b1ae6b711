"""The picture inside, at the terminal and for programs: asked about once a file, and an item of its own where it is wanted."""

import json
import os
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hashclient.guidance import each_file
from hashclient.guidance import review as review_words
from kit.bad_pictures import saved
from kit.command_line import DECLARED, NOWHERE, PICTURES, SIMULATED, At, Run, Terminal, flat
from kit.walked import begin, end, note, review

ORDINARY = PICTURES / "picture-1.jpg"
QUESTION = "has another picture inside. Use both?"
SINGLE = ("--coverage", "single")


@pytest.fixture
def framed(tmp_path: Path) -> Path:
    """Write a picture with white above and below, of which it takes three quarters."""
    with Image.open(PICTURES / "picture-2.jpg") as opened:  # noqa: TID251  # our own
        picture = opened.convert("RGB")
    whole = Image.new("RGB", (picture.width, picture.height * 4 // 3), "white")
    whole.paste(picture, (0, picture.height // 8))
    file = tmp_path / "screen.png"
    file.write_bytes(saved("PNG", whole))
    return file


def asked(terminal: At, *files: Path, more: tuple[str, ...] = ()) -> Terminal:
    arguments = ("submit", *files, *DECLARED, "--endpoint", NOWHERE, *SINGLE, *more)
    return begin(terminal("none", *arguments, program=SIMULATED))


def items_of(ended: Any) -> list[dict[str, Any]]:
    return list(json.loads(ended.stdout)["items"])


def test_it_is_asked_once_a_file_and_is_an_item_of_its_own(terminal: At, framed: Path) -> None:
    """After hashing and before the review, in the words of the page, with its share; only an answer that is offered counts."""
    at = asked(terminal, ORDINARY, framed)
    at.answer("5 or 6:", "1")
    at.answer("5 or 6:", "2")
    at.answer("Type 1 or n:", "1")
    before = flat(at.expect(QUESTION))
    assert "Making the fingerprints of picture 2 of 2" in before
    assert "Picture 2 of 2: screen.png, PNG," in before
    assert "Picture 2 has another picture inside." in before
    assert "{" not in before
    shown = flat(at.expect("Type 1 or 2:"))
    assert each_file.INNER.why in shown
    assert "The picture inside takes 75 percent of the whole." in shown
    assert "1 Both (finds more copies) 2 Only as it is" in shown
    for typed in ("", "both", "3"):
        at.type(typed)
        at.expect("That is not one of the answers. Please type 1 or 2.")
        at.expect("Type 1 or 2:")
    at.type("1")
    words = flat(review(at, "stop"))
    assert words.count(QUESTION) == 0
    assert "3 pictures. 1 of them is the picture inside another of them." in words
    assert "Said to be changed or fake: 2. Said to be not changed: 1. Said to be made from another of them: 1." in words
    assert end(at) == 2


def test_a_picture_inside_is_no_file_of_its_own(terminal: At, framed: Path) -> None:
    """At the last question before sending, files are counted as the person counts them."""
    at = asked(terminal, framed, more=("--altered", "no", "--inner"))
    note(at)
    assert "Fingerprints: 2, of 1 file. They go to" in flat(at.expect("Type 'send'"))
    at.type("")
    assert end(at) == 2


def test_only_as_it_is(terminal: At, framed: Path) -> None:
    """Then nothing of it goes, and nothing is said of it."""
    at = asked(terminal, framed, more=("--altered", "no"))
    at.expect(QUESTION)
    at.answer("Type 1 or 2:", "2")
    words = flat(review(at, "stop"))
    assert "1 picture. Said to be not changed: 1." in words
    assert "inside" not in words
    assert end(at) == 2


def test_each_is_asked_about_by_itself(terminal: At, framed: Path, tmp_path: Path) -> None:
    """Two that have one: two questions, each with the name of its file."""
    other = tmp_path / "other.png"
    with Image.open(framed) as opened:  # noqa: TID251  # our own
        other.write_bytes(saved("PNG", opened.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    at = asked(terminal, framed, other, more=("--altered", "unknown"))
    assert "Picture 1 of 2: screen.png" in at.expect(QUESTION)
    at.answer("Type 1 or 2:", "2")
    assert "Picture 2 of 2: other.png" in at.expect(QUESTION)
    at.answer("Type 1 or 2:", "1")
    assert "3 pictures. 1 of them is the picture inside another of them." in flat(review(at, "stop"))


def test_what_was_typed_before_the_question_is_no_answer(terminal: At, framed: Path) -> None:
    """It is thrown away, however early it came; the question waits."""
    at = asked(terminal, framed)
    at.expect("5 or 6:")
    os.write(at.fd, b"1\n1\n1\n")
    at.expect(QUESTION)
    at.expect("Type 1 or 2:")
    time.sleep(1)
    at.answer("", "")
    at.expect("That is not one of the answers.")
    at.answer("Type 1 or 2:", "2")
    assert "inside" not in flat(review(at, "stop"))


def test_ctrl_c_at_the_question_sends_nothing(terminal: At, framed: Path) -> None:
    """As at every question before."""
    at = asked(terminal, framed, more=("--altered", "no"))
    at.expect(QUESTION)
    at.expect("Type 1 or 2:")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Nothing was sent." in flat(at.text)


@pytest.mark.parametrize("option", ["--inner", "--no-inner"])
def test_whoever_said_it_is_not_asked(terminal: At, framed: Path, option: str) -> None:
    """The option is the answer for every file."""
    at = asked(terminal, framed, more=("--altered", "no", option))
    words = flat(review(at, "stop"))
    assert QUESTION not in flat(at.text)
    assert ("2 pictures. 1 of them is the picture inside" in words) is (option == "--inner")


def test_nothing_is_asked_of_an_ordinary_picture(terminal: At) -> None:
    """Nor is it mentioned."""
    at = asked(terminal, ORDINARY, more=("--altered", "no"))
    review(at, "stop")
    assert "inside" not in flat(at.text)


def test_a_program_asks_for_it(run: Run, framed: Path) -> None:
    """Each whole goes with what is inside it, which has the same answer and no link."""
    shutil.copy(framed, framed.with_name("again.png"))
    files = (framed, ORDINARY, framed.with_name("again.png"))
    ended = run("inspect", *files, *DECLARED, *SINGLE, "--altered", "yes", "--inner")
    items = items_of(ended)
    assert [item["content"] for item in items] == ["image"] * 5
    assert {item["altered"] for item in items} == {"yes"}
    assert not any("altered_from" in item for item in items)
    times = Counter(signal["value"] for item in items for signal in item["signals"])
    assert sorted(times.values()) == [1, 2, 2]  # the ordinary one; two wholes, and what is inside them
    assert {one["variant"] for item in items for one in item["signals"]} == {"original"}
    assert review_words.INSIDE.format(count=2) in flat(ended.stderr)


def test_a_program_that_did_not_ask_is_told(run: Run, framed: Path) -> None:
    """By the number of the file, and not by its name; with --no-inner nothing is looked for."""
    ended = run("inspect", ORDINARY, framed, *DECLARED, *SINGLE)
    assert len(items_of(ended)) == 2
    assert f"Picture 2 of 2: {each_file.INNER_NOT_USED}" in flat(ended.stderr)
    assert "screen.png" not in ended.stderr
    refused = run("inspect", ORDINARY, framed, *DECLARED, *SINGLE, "--no-inner")
    assert len(items_of(refused)) == 2
    assert "inside" not in flat(refused.stderr)


def test_hash_prints_it_where_it_is_asked_for(run: Run, framed: Path) -> None:
    """After the whole's own, with a form that begins with a word of its own; in JSON under a name of its own."""
    plain = run("hash", "--research", framed, ORDINARY).stdout.splitlines()
    lines = run("hash", "--research", "--inner", framed, ORDINARY).stdout.splitlines()
    forms = [line.split("\t")[2] for line in lines]
    assert forms == ["original", "inner original", "original"]
    assert [lines[0], lines[2]] == plain
    whole, ordinary = map(
        json.loads, run("hash", "--research", "--inner", "--json", framed, ORDINARY).stdout.splitlines()
    )
    assert whole["inner"]["percent"] == 75
    assert [one["type"] + ":" + one["value"] for one in whole["inner"]["signals"]] == [lines[1].split("\t")[0]]
    assert "inner" not in ordinary
