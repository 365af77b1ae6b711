"""The verb `hash`, and the age question before it."""

import json
import os
import shutil
from pathlib import Path

import pytest

from kit.command_line import PICTURES, At, Run, flat
from kit.opened import noting_sockets, watched
from kit.videos import animated

FIRST = PICTURES / "picture-1.jpg"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Give a picture that no other test opens."""
    return Path(shutil.copy(FIRST, tmp_path / "own.jpg"))


def test_a_line_for_each_fingerprint(run: Run) -> None:
    """Type and value, quality, variant and file, with tabs between."""
    ended = run("hash", "--adult", FIRST)
    value, quality, variant, file = ended.stdout.rstrip("\n").split("\t")
    assert value.startswith("pdq:")
    assert len(value) == len("pdq:") + 64
    assert (quality, variant, file) == ("quality 100", "original", str(FIRST))
    assert ended.stderr == ""


def test_frames_say_when_they_are_shown_or_that_they_are_frames(run: Run, tmp_path: Path) -> None:
    """Of a picture that moves: vPDQ with its time, PDQ with its variant; a GIF is enough."""
    file = tmp_path / "moving.gif"
    file.write_bytes(animated("GIF", 3))
    shown = json.loads(run("hash", "--adult", "--json", file).stdout)
    assert shown["content"] == "video"
    kinds = [(one["type"], one.get("variant"), one.get("seconds")) for one in shown["signals"]]
    assert kinds[:4] == [("md5", None, None), *(("vpdq", None, place / 4) for place in range(3))]
    assert {*kinds[4:]} == {("pdq", "frame", None)}
    lines = [line.split("\t") for line in run("hash", "--adult", "--type", "pdq", file).stdout.splitlines()]
    assert {line[2] for line in lines} == {"frame"}


def test_a_hint_fits_what_the_file_is(run: Run, tmp_path: Path) -> None:
    """Kinds of video for a video, kinds of picture for a picture."""
    video, picture = tmp_path / "old.flv", tmp_path / "scan.tiff"
    video.write_bytes(b"FLV\1 and the rest")
    picture.write_bytes(b"II*\0 and the rest")
    ended = run("hash", "--adult", "--type", "pdq", video, picture)
    assert ended.returncode == 2
    of_video, of_picture = flat(ended.stderr).split("Picture 2 of 2")
    assert "MP4" in of_video
    assert "JPEG" not in of_video
    assert "JPEG" in of_picture


def test_json_is_one_object_a_file(run: Run, tmp_path: Path) -> None:
    """With the keys of the specification, skips with their reason."""
    text = tmp_path / "a text.jpg"
    text.write_text("no picture")
    lines = run("hash", "--adult", "--json", FIRST, text, tmp_path / "missing").stdout.splitlines()
    good, wrong, missing = map(json.loads, lines)
    assert list(good) == ["file", "content", "signals", "skipped"]
    assert good["file"] == str(FIRST)
    assert good["content"] == "image"
    assert list(good["signals"][0]) == ["type", "value", "quality", "variant"]
    assert wrong["signals"] == []
    assert [skip["reason"] for skip in wrong["skipped"]] == ["unsupported-media"]
    assert missing["skipped"][0]["reason"] == "missing-media"


def test_reasons_have_names_for_programs(run: Run, tmp_path: Path) -> None:
    """Of values and of errors alike."""
    (tmp_path / "damaged.jpg").write_bytes(FIRST.read_bytes()[:3000])
    lines = run("hash", "--adult", "--json", "--type", "vpdq", FIRST, tmp_path / "damaged.jpg").stdout.splitlines()
    names = [skip["reason"] for line in lines for skip in json.loads(line)["skipped"]]
    assert names == ["type-not-fitting", "broken-media"]


def test_no_usable_file_is_exit_code_2(run: Run, tmp_path: Path) -> None:
    """Where nothing came of any file, a program can tell."""
    assert run("hash", "--adult", tmp_path / "missing.jpg").returncode == 2


def test_a_name_cannot_write_to_the_terminal(run: Run, tmp_path: Path) -> None:
    """Escape codes and line ends in a file's name are written out."""
    evil = tmp_path / "a\x1b[31m\nb\udcff.jpg"
    evil.write_bytes(FIRST.read_bytes())
    ended = run("hash", "--adult", evil)
    assert ended.returncode == 0
    assert "\x1b" not in ended.stdout
    assert ended.stdout.count("\n") == 1
    assert run("hash", "--adult", "--json", evil).returncode == 0


def test_without_a_terminal_the_option_is_named(run: Run, own: Path) -> None:
    """A program has to say --adult; nothing stands in for it, and no file is opened."""
    stand_ins = {"HASHCLIENT_ADULT": "1", "ADULT": "true"}
    with watched(own) as watch:
        ended = run("hash", own, stdin="1\n", **stand_ins)
        assert not watch.was_opened
    assert ended.returncode == 2
    assert "--adult" in flat(ended.stderr)


@pytest.mark.parametrize("answer", ["2", "3"])
def test_under_18_and_unsure_stop_before_any_file_is_opened(
    terminal: At, own: Path, tmp_path: Path, answer: str
) -> None:
    """Exit code 4, the services of the country, and no file opened, no connection made."""
    with watched(own) as watch:
        at = terminal("hash", own, **noting_sockets(tmp_path / "log"))
        at.answer("Type 1, 2 or 3:", answer)
        at.read_on_to("Enter to skip:")
        at.type("uk")
        at.answer("Type 1, 2 or 3:", "1")
        assert at.wait() == 4
        assert not watch.was_opened
    words = flat(at.text)
    for once in (
        "We stop here, to keep you and them safe",
        "You have done nothing wrong.",
        "Give the page address to one of the hotlines below.",
        "What you can do besides",
        "In some countries telling the police can be risky for you.",
        "Do not copy, screenshot, download or send the image",
        "Take It Down sees the name of the file.",
        "No file was opened and nothing was sent.",
    ):
        assert words.count(once) == 1, once
    shown = words[words.index("You should not have to do this alone.") :]
    for service in ("Report Remove", "This service receives the image itself.", "Take It Down (NCMEC)", "INHOPE"):
        assert service in shown
    assert "Not yet checked by a person. Last looked at between 23 November 2026 and 25 November 2026." in shown
    assert "StopNCII" not in flat(at.text)
    assert flat(" ".join(at.text.splitlines()[-3:])).startswith("No file was opened and nothing was sent. If you are")
    assert not (tmp_path / "log").exists()


def test_the_watch_on_opened_files_sees(run: Run, own: Path) -> None:
    """The same watch notes the file where it is opened, so its silence means something."""
    with watched(own) as watch:
        assert run("hash", "--adult", own).returncode == 0
        assert watch.was_opened


def test_a_person_who_says_that_all_are_adults_goes_on(terminal: At) -> None:
    """Any other key asks again; nothing is chosen beforehand."""
    at = terminal("hash", FIRST)
    at.answer("Type 1, 2 or 3:", "")
    at.answer("Type 1, 2 or 3:", "yes")
    at.answer("Type 1, 2 or 3:", "1")
    assert at.wait() == 0
    assert "pdq:" in flat(at.text)


@pytest.mark.parametrize("how", ["ctrl-c", "ctrl-d"])
def test_stopping_at_a_question_says_that_nothing_was_sent(terminal: At, how: str) -> None:
    """Ctrl-C and the end of input are one: exit code 130 and the truth."""
    at = terminal("hash", FIRST)
    at.expect("Type 1, 2 or 3:")
    if how == "ctrl-c":
        at.press_ctrl_c()
    else:
        os.write(at.fd, b"\x04")
    assert at.wait() == 130
    assert "Stopped. Nothing was sent." in flat(at.text)


def test_a_country_may_be_left_out(terminal: At) -> None:
    """Even the end of input there shows the services for everyone."""
    at = terminal("hash", FIRST)
    at.answer("Type 1, 2 or 3:", "3")
    at.read_on_to("Enter to skip:")
    os.write(at.fd, b"\x04")
    assert at.wait() == 4
    assert "https://takeitdown.ncmec.org/" in flat(at.text)


def test_the_last_question_may_be_left_open(terminal: At) -> None:
    """In the UK, whoever does not say their age today is still shown where to turn."""
    at = terminal("hash", FIRST)
    at.answer("Type 1, 2 or 3:", "2")
    at.read_on_to("Enter to skip:")
    at.type("GB")
    at.expect("Type 1, 2 or 3:")
    os.write(at.fd, b"\x04")
    assert at.wait() == 4
    assert "Internet Watch Foundation" in at.text
