"""What a person meets at a terminal: files by their names, only answers count, nothing is glued, cut or silent."""

import os
import pty
import re
import select
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from hashclient.guidance import endings, texts
from hashclient.model.case import CaseNumber
from kit.command_line import DECLARED, NOWHERE, PICTURES, PROGRAM, SIMULATED, At, Run, Served, environment, flat
from kit.walked import begin, end, note, read_credentials, review, simulated

FIRST, COPY, OTHER = (PICTURES / f"picture-{name}.jpg" for name in ("1", "1-altered", "2"))
NAME = "holi\x1bday\n\N{RIGHT-TO-LEFT OVERRIDE}.jpg"


# Files.


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Copy pictures to a folder of the person's own, with two that cannot be used."""
    folder = tmp_path / "own"
    folder.mkdir()
    for file, name in ((FIRST, "beach 2.jpg"), (COPY, "fake.jpg"), (OTHER, "other.jpg"), (FIRST, "same.jpg")):
        shutil.copy(file, folder / name)
    (folder / "letter.jpg").write_text("Dear all,")
    (folder / "empty.png").touch()
    return folder


def test_files_are_told_apart_before_any_question(terminal: At, own: Path) -> None:
    """Five of seven are left aside, each with its own words, by name; the rest goes on, and the same bytes go once."""
    names = ("beach 2.jpg", "letter.jpg", "empty.png", "same.jpg", "missing.jpg", ".", "fake.jpg")
    asked = ("submit", *(own / name for name in names), *DECLARED, "--no-inner", "--endpoint", NOWHERE)
    at = begin(terminal("none", *asked, program=SIMULATED))
    before = flat(at.expect("Picture 1 of 7: beach 2.jpg, JPEG, 48 kB\n\n"))
    for words in (
        "File 2 of 7, letter.jpg: This is not a kind of picture or video that can be used here.",
        "File 3 of 7, empty.png: This file is empty.",
        "Picture 4 of 7, same.jpg: It is the same as number 1, so it is asked about and sent once.",
        "File 5 of 7, missing.jpg: There is no file of this name here.",
        "File 6 of 7, own: This is a folder, not a picture.",
        "5 files are left aside. The rest goes on. Nothing was sent.",
        "Picture 7: fake.jpg, JPEG,",
    ):
        assert words in before
    at.answer("5 or 6:", "1")
    at.expect("Picture 7 of 7: fake.jpg")
    at.answer("5 or 6:", "3")
    review(at, "stop")
    assert end(at) == 2
    assert str(own) not in at.text


def test_where_none_can_be_used_nothing_is_asked(terminal: At, own: Path) -> None:
    """Exit code 2, and what to do."""
    asked = ("submit", own / "letter.jpg", own / "missing.jpg", *DECLARED, "--endpoint", NOWHERE)
    at = begin(terminal(*asked))
    assert end(at) == 2
    assert "None of these files can be used. Nothing was sent." in flat(at.text)
    assert "What is this" not in at.text


def test_one_answer_for_all_that_follow(terminal: At, own: Path) -> None:
    """It is offered from the second file on, as long as another one follows, and never means under 18."""
    asked = (
        "submit",
        own / "beach 2.jpg",
        own / "fake.jpg",
        own / "other.jpg",
        *DECLARED,
        "--no-inner",
        "--endpoint",
        NOWHERE,
    )
    at = begin(terminal("none", *asked, program=SIMULATED))
    assert "  a  " not in at.expect("5 or 6:")
    at.type("2")
    assert "a  The same answer as before, for this file and all that follow." in at.expect("5, 6 or a:")
    at.type("A")
    assert "Said to be changed or fake: 3." in flat(review(at))


def test_the_one_it_was_made_from_is_asked_for_until_it_is_named(terminal: At, own: Path) -> None:
    """What was not offered never counts as none."""
    asked = ("submit", own / "beach 2.jpg", own / "fake.jpg", *DECLARED, "--no-inner", "--endpoint", NOWHERE)
    at = begin(terminal("none", *asked, program=SIMULATED))
    at.answer("5 or 6:", "1")
    at.answer("5 or 6:", "2")
    for typed in ("", "2", "none"):
        at.answer("Type 1 or n:", typed)
        at.expect("That is not one of the answers. Please type 1 or n.")
    at.answer("Type 1 or n:", "N")
    assert "made from another" not in review(at)


def test_files_are_asked_for_where_none_is_named(terminal: At, own: Path) -> None:
    """As typed, quoted, escaped or as an address, so that no name stays in the shell's history; each is looked at."""
    at = begin(terminal("none", "submit", *DECLARED, "--endpoint", NOWHERE, program=SIMULATED))
    for typed, told in (
        ("", "Please choose at least one file"),
        (str(own / "beach 2.jpg"), "Picture 1: beach 2.jpg, JPEG, 48 kB"),
        (f"'{own}/letter.jpg'", "letter.jpg: This is not a kind of picture"),
        (f"{own}/beach\\ 2.jpg", "beach 2.jpg: It is the same as number 1"),
        (f"'{own}/fake.jpg' '{own}/other.jpg' ", "Picture 3: other.jpg"),
        (f"file://{own}/beach%202.jpg", "beach 2.jpg: It is the same as number 1"),
        ("it's.jpg", "it's.jpg: There is no file of this name here."),
        ("~nobody-of-that-name/x.jpg", "x.jpg: There is no file of this name here."),
        ("file://[x.jpg", "[x.jpg: There is no file of this name here."),
    ):
        at.answer("Enter when done:", typed)
        at.expect(told)
    at.answer("Enter when done:", "")
    at.expect("Picture 1 of 3: beach 2.jpg")
    at.press_ctrl_c()
    assert at.wait() == 130


def test_a_program_names_its_files(run: Run) -> None:
    """Nobody is there to be asked."""
    ended = run("inspect", *DECLARED)
    assert (ended.returncode, ended.stderr.splitlines()[0]) == (2, "No file was named. Nothing was sent.")


def test_a_name_cannot_order_the_terminal_about(terminal: At, tmp_path: Path) -> None:
    """What it could obey is escaped, direction included, and a long one is cut in the middle."""
    hostile, long = tmp_path / NAME, tmp_path / f"{'a' * 100}{'z' * 100}.jpg"
    for file in (hostile, long):
        shutil.copy(FIRST if file is hostile else OTHER, file)
    at = begin(terminal("submit", hostile, long, *DECLARED, "--endpoint", NOWHERE))
    shown = at.expect("What is this picture?")
    assert r"Picture 1: holi\x1bday\n\u202e.jpg, JPEG" in shown
    assert f"Picture 2: {'a' * 20}\N{HORIZONTAL ELLIPSIS}{'z' * 15}.jpg, JPEG" in shown
    at.press_ctrl_c()
    assert at.wait() == 130


@pytest.mark.parametrize("verb", ["hash", "submit"])
def test_no_name_leaves_the_terminal(tmp_path: Path, verb: str) -> None:
    """Where stderr goes to a file or a pipe, a file is called by its number alone, although somebody types."""
    file = tmp_path / "holiday.jpg"
    file.write_text("Dear all,")
    given = (
        ["--adult", str(file)] if verb == "hash" else [str(file), *DECLARED, "--altered", "no", "--endpoint", NOWHERE]
    )
    keyboard, screen = pty.openpty()
    command = [*PROGRAM, verb, *given, *(["--dry-run"] if verb == "submit" else [])]
    ended = subprocess.run(
        command, stdin=screen, capture_output=True, text=True, env=environment(tmp_path), timeout=60, check=False
    )
    os.close(screen)
    os.close(keyboard)
    assert ended.returncode == 2
    assert "File 1 of 1: This is not a kind of picture" in flat(ended.stderr)
    assert "holiday" not in ended.stderr + ended.stdout


def test_a_file_in_a_folder_that_cannot_be_used_is_named_by_its_number(run: Run, own: Path) -> None:
    """In text mode too: in the order of the results."""
    ended = run("hash", "--adult", own)
    assert "1 file could not be used: This file is empty. Nothing of it was sent. It is number 2." in flat(ended.stderr)


def test_a_name_that_begins_with_a_dash_gets_a_hint(run: Run) -> None:
    """It looks like an option."""
    ended = run("hash", "--adult", "-dash.jpg")
    assert ended.returncode == 2
    assert "write ./ in front of the name" in flat(ended.stderr)
    assert "dash.jpg" not in ended.stderr


# Only an answer counts.


def test_what_is_pasted_ahead_affirms_nothing(terminal: At, service: Served) -> None:
    """A block of answers answers the question that was shown, and no other."""
    at = begin(terminal("submit", FIRST, "--endpoint", service.origin))
    at.expect("Type 1, 2 or 3:")
    os.write(at.fd, b"1\n" * 9 + b"\nsend\n")
    asked = at.expect("Who is in the pictures?") + at.expect("Type 1, 2, 3 or 4:")
    time.sleep(1)
    while select.select([at.fd], [], [], 0)[0]:
        at._read(time.monotonic() + 1)
    assert "Is the person nude" not in at.text, asked
    at.type("1")
    at.expect("Is the person nude")
    at.press_ctrl_c()
    assert at.wait() == 130


def test_what_was_typed_before_a_question_is_no_answer(terminal: At) -> None:
    """Also while the program was at work."""
    at = terminal("submit", FIRST, "--endpoint", NOWHERE)
    os.write(at.fd, b"\n\n1\n1\n1\n1\n")
    begin(at)
    at.expect("Type 1, 2 or 3:")
    at.type("")
    at.expect("That is not one of the answers. Please type 1, 2 or 3.")
    assert "Who is in the pictures?" not in at.text
    at.press_ctrl_c()
    assert at.wait() == 130


def test_number_and_pin_are_pasted_in_one_piece(terminal: At) -> None:
    """Two lines at the prompt of the number are both read; that affirms nothing."""
    at = simulated(terminal, "none", FIRST)
    number, pin = read_credentials(at)
    at.type("")
    at.expect("Case number:")
    os.write(at.fd, f"{number}\n{pin}\n".encode())
    at.expect("Send it now?")
    assert "That is not the same." not in at.text
    at.press_ctrl_c()
    assert at.wait() == 130


def test_the_pin_is_judged_by_itself(terminal: At, service: Served) -> None:
    """A number that is right is not asked for again, and is not blamed for the PIN."""
    at = terminal("status", "--endpoint", service.origin)
    at.answer("Case number:", "0000-0000-0000")
    at.answer("to see it):", "1234")
    words = at.expect("to see it):")
    assert "This PIN is not written correctly. It has 8 digits" in flat(words)
    assert "Case number:" not in words
    at.press_ctrl_c()
    assert at.wait() == 130


# Words fit, and something is said.


def test_nothing_is_wider_than_the_terminal(terminal: At) -> None:
    """Prompts break between words like everything else, and the review of one picture fits 24 lines of 80."""
    at = simulated(terminal, "none", FIRST, COLUMNS="80", LINES="24")
    shown = review(at)
    assert len(shown[shown.rindex("What would be sent to") :].splitlines()) <= 23
    lines = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", at.text.replace("\r", "\n")).splitlines()
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if line.endswith("-") and len(line) > 79]


def test_progress_is_taken_away_before_other_words(terminal: At, own: Path) -> None:
    """No line begins behind what was reported."""
    asked = (
        "submit",
        own / "beach 2.jpg",
        own / "fake.jpg",
        *DECLARED,
        "--no-inner",
        "--altered",
        "no",
        "--endpoint",
        NOWHERE,
    )
    at = begin(terminal("none", *asked, program=SIMULATED))
    shown = review(at)
    assert "\rMaking the fingerprints of picture 2 of 2\x1b[K\r" in shown
    reported = re.findall(r"\r((?:Making|Looking|Asking)[^\x1b\r]*)\x1b\[K\r(.{4})", shown.replace("\n", "\\n"))
    assert reported
    assert all(then.startswith(("\x1b[K", "\r\x1b[K", "Mak", "Ask", "Loo", "\rMak", "\rAsk")) for _, then in reported)


def test_a_long_wait_is_never_silent(terminal: At) -> None:
    """Every second, what goes on and for how long."""
    at = begin(
        terminal(
            "hang-on-profile", "submit", FIRST, *DECLARED, "--altered", "no", "--endpoint", NOWHERE, program=SIMULATED
        )
    )
    at.expect("HANGING")
    began = time.monotonic()
    at.expect("Asking 127.0.0.1:1 what it takes (1 s)")
    at.expect("Asking 127.0.0.1:1 what it takes (2 s)")
    assert time.monotonic() - began < 10
    at.press_ctrl_c()
    assert at.wait() == 130


def test_another_attempt_is_said(terminal: At, service: Served) -> None:
    """Before each of four, and then the end."""
    at = begin(terminal("submit", FIRST, *DECLARED, "--altered", "no", "--endpoint", NOWHERE))
    for attempt in (2, 3, 4):
        at.expect(f"Trying again, {attempt} of 4")
    assert end(at) == 3
    assert "The service could not be reached. Nothing was sent." in flat(at.text)


# What to write down.


def test_all_that_is_to_be_noted_is_shown(terminal: At) -> None:
    """Address, number, PIN and the very command, before sending and at the end; and in a file only if asked."""
    at = simulated(terminal, "none", FIRST)
    review(at)
    noted = at.expect("on paper:")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Service: http://127.0.0.1:1\n" in noted
    assert "To look at it later: hashclient status --endpoint http://127.0.0.1:1\n" in noted


def test_the_sheet_is_written_only_if_it_is_asked_for(terminal: At, tmp_path: Path) -> None:
    """Before anything is sent, for its owner alone, with a warning; what was there is never written over."""
    paper = tmp_path / "paper.txt"
    at = simulated(terminal, "none", FIRST, "--paper", paper)
    number, pin = note(at)
    at.expect("Send it now?")
    assert "Whoever can open that file can look at your request" in flat(at.text)
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600
    assert {f"Case number: {number}", f"PIN: {pin}", "Service: http://127.0.0.1:1"} <= {*paper.read_text().splitlines()}
    at.press_ctrl_c()
    assert at.wait() == 130
    asked = ("submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--paper", paper)
    assert terminal("none", *asked, program=SIMULATED).wait() == 2
    assert number in paper.read_text()


def test_the_sheet_has_the_number_that_counts(terminal: At, tmp_path: Path) -> None:
    """Where the first was taken, the second takes its place."""
    paper = tmp_path / "paper.txt"
    at = simulated(terminal, "taken-1", FIRST, "--paper", paper)
    first, _ = note(at)
    at.answer("on its own to stop here.", "send")
    at.expect("on paper:")
    assert first not in paper.read_text()
    assert paper.read_text().count("Case number:") == 1
    at.press_ctrl_c()
    assert at.wait() == 130


def test_a_sheet_that_cannot_be_written_stops_everything(terminal: At, tmp_path: Path) -> None:
    """Nothing was sent."""
    at = simulated(terminal, "none", FIRST, "--paper", tmp_path / "nowhere" / "paper.txt")
    review(at)
    assert end(at) == 2
    assert "The file for case number and PIN could not be written. Nothing was sent." in flat(at.text)
    assert "CASES 0" in at.text


# Taken up again.


def test_a_request_that_nobody_confirmed_is_taken_up_in_another_run(terminal: At, service: Served, run: Run) -> None:
    """Under the number on the paper, which the service did not know; what was noted stays good."""
    at = simulated(terminal, "lost", FIRST)
    number, pin = note(at)
    at.answer("on its own to stop here.", "send")
    at.answer("Press Enter on its own to look later.", "")
    assert end(at) == 3
    assert endings.KEEP_THE_NUMBER in flat(at.text)
    again = ("submit", FIRST, *DECLARED, "--altered", "no", "--endpoint", service.origin, "--again")
    at = begin(terminal(*again))
    at.answer("Case number:", number)
    at.answer("to see it):", pin)
    assert endings.UNKNOWN_SO_FAR in flat(at.expect("Enter to go on:"))
    at.type("")
    review(at)
    assert number in at.expect("Ctrl-C to stop:")
    at.type("")
    at.answer("on its own to stop here.", "send")
    assert number in at.expect("Press Enter to clear the screen:")
    at.type("")
    assert end(at) == 0
    at = begin(terminal(*again))  # now it is known: nothing to send
    at.answer("Case number:", number)
    at.answer("to see it):", pin)
    assert end(at) == 0
    assert endings.ARRIVED in flat(at.text)
    assert "What is this picture?" not in at.text
    at = begin(terminal(*again))  # with another PIN the service does not know it, and does not take it either
    at.answer("Case number:", number)
    at.answer("to see it):", f"{(int(pin.replace(' ', '')) + 1) % 10**8:08}")
    at.answer("Enter to go on:", "")
    review(at)
    at.answer("Ctrl-C to stop:", "")
    at.answer("on its own to stop here.", "send")
    assert end(at) == 3
    assert "this PIN does not open it. This request was not taken." in flat(at.text)
    assert "Cross out the number you noted" not in at.text


def test_stopping_before_it_is_sent_again_keeps_the_number(terminal: At, service: Served) -> None:
    """The earlier try may still arrive: nobody says that nothing was sent, or crosses a number out."""
    again = ("submit", FIRST, *DECLARED, "--altered", "no", "--endpoint", service.origin, "--again")
    at = begin(terminal(*again))
    at.expect("Case number:")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Stopped. Nothing was sent this time. An earlier try may still arrive." in flat(at.text)
    at = begin(terminal(*again))
    at.answer("Case number:", CaseNumber.from_bits(4711).shown())
    at.answer("to see it):", "12345678")
    at.answer("Enter to go on:", "")
    review(at)
    at.answer("Ctrl-C to stop:", "")
    at.answer("on its own to stop here.", "")
    assert end(at) == 2
    words = flat(at.text)
    assert "You stopped here. Nothing was sent this time. An earlier try may still arrive." in words
    assert endings.KEEP_UNUSED in words
    assert "cross it out" not in words


@pytest.mark.parametrize("other", [["--dry-run"], ["--to-file", "x"], ["--credentials-fd", "3", "--send"]])
def test_again_goes_with_a_person_and_a_service(run: Run, other: list[str]) -> None:
    """A program keeps the bytes; a file is not sent."""
    assert run("submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--again", *other).returncode == 2


# Where no service is set up.


def test_no_service_is_no_dead_end(run: Run) -> None:
    """What works today comes first, then how to name a service: exit code 2."""
    ended = run("submit", FIRST)
    words = flat(ended.stderr)
    assert ended.returncode == 2
    assert words.startswith("No service is set up here yet.")
    order = [
        words.index(one) for one in ("https://stopncii.org/", "https://takeitdown.ncmec.org/", "--endpoint ADDRESS")
    ]
    assert order == sorted(order)
    assert texts.EMERGENCY in words


def test_what_a_service_says_of_itself_is_shown(terminal: At, tmp_path: Path) -> None:
    """How to reach it, and whether it takes requests made for others, as its operator set it."""
    keys = tmp_path / "keys.json"
    settings = environment(tmp_path)
    subprocess.run([*PROGRAM, "endpoint", "key", "--keys", str(keys)], check=True, env=settings, capture_output=True)
    serve = [*PROGRAM, "endpoint", "serve", "--database", str(tmp_path / "cases"), "--keys", str(keys)]
    said = ["--contact", "Ring the bell", "--no-representatives"]
    with subprocess.Popen([*serve, *said], stdout=subprocess.PIPE, text=True, env=settings) as process:
        assert process.stdout
        origin = process.stdout.readline().removeprefix("listening on ").strip()
        at = begin(terminal("submit", FIRST, *DECLARED, "--altered", "no", "--endpoint", origin))
        shown = flat(at.expect("Press Enter to go on:"))
        process.terminate()
    assert "How to reach it: Ring the bell" in shown
    assert "It takes no requests made for someone else." in shown
    assert "This is not StopNCII or Take It Down." in shown


def test_a_request_in_a_file_is_not_said_to_show_an_address(terminal: At, tmp_path: Path) -> None:
    """Nobody was contacted."""
    at = begin(terminal("submit", FIRST, *DECLARED, "--altered", "no", "--to-file", tmp_path / "request"))
    shown = flat(review(at))
    assert "internet address" not in shown
    assert "We do not ask who you are." in shown
    at.press_ctrl_c()
    assert at.wait() == 130


def test_a_program_that_runs_at_a_terminal_is_asked_nothing(terminal: At, tmp_path: Path) -> None:
    """Neither before nor after the ending: its answers came as options, and what it keeps goes to its descriptor."""
    kept = tmp_path / "kept"
    command = [*SIMULATED, "none", "submit", *map(str, (FIRST, OTHER)), *DECLARED, "--altered", "no"]
    for fault, code in (("none", 0), ("refused", 3)):
        command[len(SIMULATED)] = fault
        shell = f'exec 3>>{kept}; exec "$@" --endpoint {NOWHERE} --credentials-fd 3 --send'
        assert terminal("-c", shell, "sh", *command, program=["/bin/sh"]).wait() == code
    assert len(kept.read_text().splitlines()) == 4


@pytest.mark.parametrize("typed", [b"3", b"all_adult", b""])
def test_what_enter_did_not_end_is_no_answer(terminal: At, typed: bytes) -> None:
    """The end of the input, after half a line, stops the program as Ctrl-C does."""
    at = terminal("notice", "--law", "us")
    at.expect("Type 1, 2 or 3")
    os.write(at.fd, typed + b"\x04\x04")
    assert at.wait() == 130
    assert "Stopped. Nothing was sent." in flat(at.text)
