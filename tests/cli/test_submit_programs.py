"""The verb `submit` for programs: options for answers, a descriptor for the codes, JSON for the ending."""

import json
import os
import re
import shutil
import stat
import sys
from pathlib import Path

import pytest

from hashclient.guidance import endings, review
from hashclient.model import Submission
from hashclient.model.wire import decode
from hashclient.sealing import VERSION
from hashclient.testing import EndpointSimulator
from hashclient.vocabulary import Suite
from kit.command_line import DECLARED, NOWHERE, PICTURES, SIMULATED, Kept, Reached, Run, Served, flat
from kit.opened import noting_sockets, watched

FIRST, OTHER = PICTURES / "picture-1.jpg", PICTURES / "picture-2.jpg"


def test_a_program_sends(run_keeping: Kept, run_telling: Run, service: Served) -> None:
    """Two lines come through the descriptor, one line of JSON on stdout, and the case is there."""
    ended, kept = run_keeping("submit", FIRST, OTHER, *DECLARED, "--endpoint", service.origin, "--send", "--json")
    assert ended.returncode == 0
    told = json.loads(ended.stdout)
    assert told["ending"] == "sent"
    assert told["receipt"]["items"] == 2
    number, pin = kept
    assert number not in ended.stdout + ended.stderr
    assert pin not in ended.stdout + ended.stderr
    asked = run_telling(kept, "status", "--endpoint", service.origin, "--json")
    assert json.loads(asked.stdout)["status"] in {"Received", "Active"}
    assert "two platforms" in asked.stderr or "Received by" in asked.stderr


def test_the_database_holds_no_code_and_no_name(run_keeping: Kept, service: Served) -> None:
    """Neither number, PIN, file name nor the caller's address is in any file of the service."""
    _, (number, pin) = run_keeping("submit", FIRST, *DECLARED, "--endpoint", service.origin, "--send")
    stored = b"".join(file.read_bytes() for file in service.database.parent.glob("cases*"))
    for secret in (number, number.replace("-", ""), pin, pin.replace(" ", ""), FIRST.stem, "127.0.0.1"):
        assert secret.encode() not in stored


def test_a_closed_descriptor_sends_nothing(run: Run) -> None:
    """Where the codes cannot be kept, nothing is sent: exit code 2."""
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ["none", "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send", "--json"]
    ended = run(*arguments, "--credentials-fd", str(writing), program=SIMULATED, fds=[writing])
    os.close(writing)
    assert ended.returncode == 2
    assert json.loads(ended.stdout)["ending"] == "not_sent"
    assert "were not kept, so nothing was sent" in flat(ended.stderr)
    assert "CASES 0" in ended.stderr


def test_the_codes_may_go_to_a_file(run: Run, tmp_path: Path) -> None:
    """A descriptor of a file is written through to the disk."""
    with (tmp_path / "codes").open("wb") as codes:
        arguments = ["none", "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send"]
        ended = run(*arguments, "--credentials-fd", str(codes.fileno()), program=SIMULATED, fds=[codes.fileno()])
    assert ended.returncode == 0
    assert len((tmp_path / "codes").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "were not kept, so nothing was sent"),
        (["--send"], "were not kept, so nothing was sent"),
        (["--credentials-fd", "1", "--send"], "3 or more"),
        (["--credentials-fd", "9"], "Sending has to be confirmed"),
    ],
)
def test_without_a_terminal_nothing_goes_unsaid(run: Run, tmp_path: Path, options: list[str], words: str) -> None:
    """A place for the codes and the confirmation are needed before a file is opened or a service contacted."""
    log, own = tmp_path / "log", Path(shutil.copy(FIRST, tmp_path))
    with watched(own) as watch:
        ended = run("submit", own, *DECLARED, "--endpoint", NOWHERE, *options, **noting_sockets(log))
        assert not watch.was_opened
    assert ended.returncode == 2
    assert words in flat(ended.stderr)
    assert not log.exists()


def test_without_a_service_the_choices_are_said(run: Run) -> None:
    """None is built in: option, variable, settings, file, demo."""
    ended = run("submit", FIRST, *DECLARED)
    words = flat(ended.stderr)
    assert ended.returncode == 2
    for choice in ("--endpoint ADDRESS", "HASHCLIENT_ENDPOINT", "--to-file FILE", "--dry-run", "hashclient demo"):
        assert choice in words


def test_an_unreachable_service_is_not_sent(run_keeping: Kept) -> None:
    """Exit code 3, and the truth: nothing was sent."""
    ended, kept = run_keeping("submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send", "--json")
    assert ended.returncode == 3
    assert json.loads(ended.stdout)["ending"] == "not_sent"
    assert "Nothing was sent." in ended.stderr
    assert kept == []


@pytest.mark.parametrize(
    ("fault", "options", "ending"),
    [
        ("lost", [], "not_confirmed"),
        ("taken-1", [], "refused"),
        ("other-service-later", [], "not_confirmed"),
        ("unsealed-later", [], "not_confirmed"),
        ("relay-refuses", [], "not_confirmed"),
        ("lying-receipt", [], "not_confirmed"),
        ("refused", [], "refused"),
        ("none", ["--trust-key", "0" * 16], "not_sent"),
    ],
)
def test_the_other_endings(run_keeping: Kept, fault: str, options: list[str], ending: str) -> None:
    """A program is asked nothing and given no second number: it is told, exit code 3.

    What may have left decides: a service that cannot prove who it is means `not_sent` before the first byte, and
    `not_confirmed` after it.
    """
    arguments = [fault, "submit", FIRST, *DECLARED, *options, "--endpoint", NOWHERE, "--send", "--json"]
    ended, kept = run_keeping(*arguments, program=SIMULATED)
    assert ended.returncode == 3
    told = json.loads(ended.stdout)
    assert told["ending"] == ending
    assert ("Nothing was sent" in told["sentence"]) == (ending == "not_sent")
    assert len(kept) == 2


def test_a_relay_that_forwards_and_refuses(run_keeping: Kept) -> None:
    """The case lives, so nobody is told to cross its number out, and no word of the refusal is shown."""
    arguments = ["relay-refuses", "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send"]
    ended, _ = run_keeping(*arguments, program=SIMULATED)
    said = flat(ended.stderr)
    assert ended.returncode == 3
    assert "CASES 1" in said
    assert endings.UNPROVEN[413] in said
    assert endings.KEEP_THE_NUMBER in said
    assert not re.search("[Cc]ross|refused|adults only|Said by", said)


def test_a_refusal_in_the_seal_frees_the_number(run_keeping: Kept) -> None:
    """The service itself said no at the first try: the number does not count."""
    arguments = ["refused", "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send"]
    ended, _ = run_keeping(*arguments, program=SIMULATED)
    assert ended.returncode == 3
    assert "CASES 0" in ended.stderr
    assert endings.REFUSED_NUMBER[0] in flat(ended.stderr)


def test_a_service_that_takes_the_seal_back(run_keeping: Kept) -> None:
    """It said that requests are sealed, and later that they are not: nothing goes unsealed, and its new words are shown."""
    arguments = ["unsealed-later", "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send", "--json"]
    ended, _ = run_keeping(*arguments, program=SIMULATED)
    said = flat(ended.stderr)
    before, _, after = said.partition("What 127.0.0.1:1 says of itself now:")
    assert ended.returncode == 3
    assert review.SEALED_BODY in before
    assert review.PLAIN in after
    assert "Run by: Another" in after
    assert after.index(review.PLAIN) < after.index(endings.CHANGED_SINCE["submission"])
    assert endings.KEEP_AND_READ["submission"] in after
    assert "CASES 0" in after
    assert "PLAIN 0" in after


def test_an_answer_that_is_lost_leaves_one_case(run_keeping: Kept) -> None:
    """The service took it and could not say so: not_confirmed, one case, and the codes are kept."""
    arguments = ["lost-reply", "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send"]
    ended, kept = run_keeping(*arguments, program=SIMULATED)
    assert ended.returncode == 3
    assert "CASES 1" in ended.stderr
    assert "Nothing was sent" not in ended.stderr
    assert len(kept) == 2


def test_dry_run_shows_and_connects_to_nothing(run: Run, tmp_path: Path) -> None:
    """It needs no descriptor and no confirmation, and opens no socket."""
    log = tmp_path / "log"
    ended = run("submit", FIRST, *DECLARED, "--dry-run", "--endpoint", NOWHERE, **noting_sockets(log))
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["case_number"] == "*" * 14
    assert "What would be sent to 127.0.0.1:1:" in ended.stderr
    assert not log.exists()


def test_a_request_is_written_open_where_there_is_no_service(run_keeping: Kept, tmp_path: Path) -> None:
    """A file that only its owner may read, in the published form; the person is told that it is open."""
    file = tmp_path / "request.json"
    ended, kept = run_keeping("submit", FIRST, *DECLARED, "--to-file", file, "--send")
    assert ended.returncode == 0
    assert decode(Submission, file.read_bytes()).case_number.shown() == kept[0]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Nothing was sent" in ended.stderr
    assert "not sealed" in ended.stderr


def test_a_request_is_written_sealed_where_there_is_one(run_keeping: Kept, tmp_path: Path, service: Served) -> None:
    """Sealed to the service's key, a power of two long, and no case is opened by it."""
    file = tmp_path / "request.bin"
    asked = ("--to-file", file, "--send", "--endpoint", service.origin)
    ended, kept = run_keeping("submit", FIRST, *DECLARED, *asked, "--coverage", "single")
    assert ended.returncode == 0
    body = file.read_bytes()
    assert body[0] == VERSION
    assert len(body) == 4096
    assert kept[0].encode() not in body


def test_a_file_that_is_there_is_left_as_it_is(run_keeping: Kept, tmp_path: Path) -> None:
    """Nothing is overwritten, and no code is made."""
    file = tmp_path / "there"
    file.write_text("mine")
    ended, kept = run_keeping("submit", FIRST, *DECLARED, "--to-file", file, "--send")
    assert ended.returncode == 2
    assert file.read_text() == "mine"
    assert kept == []


def test_a_folder_that_is_not_there(run_keeping: Kept, tmp_path: Path) -> None:
    """The file cannot be written: exit code 2."""
    ended, _ = run_keeping("submit", FIRST, *DECLARED, "--to-file", tmp_path / "no" / "file", "--send")
    assert ended.returncode == 2
    assert "could not be written" in ended.stderr


def test_pictures_that_cannot_be_used_are_left_out(run_keeping: Kept, tmp_path: Path) -> None:
    """One bad file stops no other; where none is left, no code is made."""
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"\xff\xd8\xff")
    arguments = ["none", "submit", bad, FIRST, *DECLARED, "--endpoint", NOWHERE, "--send", "--json"]
    ended, _ = run_keeping(*arguments, program=SIMULATED)
    assert json.loads(ended.stdout)["receipt"]["items"] == 1
    assert "Picture 1 of 2: This file is damaged" in ended.stderr
    ended, kept = run_keeping("none", "submit", bad, *DECLARED, "--endpoint", NOWHERE, "--send", program=SIMULATED)
    assert ended.returncode == 2
    assert kept == []


def test_a_receipt_of_a_case_that_was_taken_back(run_keeping: Kept) -> None:
    """An ending of its own, exit code 3: it had arrived, and protects nothing now. It is not called sent."""
    arguments = ["taken-back", "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send", "--json"]
    ended, (number, _) = run_keeping(*arguments, program=SIMULATED)
    assert ended.returncode == 3
    told = json.loads(ended.stdout)
    assert told == {"ending": "taken_back", "sentence": endings.TAKEN_BACK["Withdrawn"]}
    said = flat(ended.stderr)
    assert endings.TAKEN_BACK["Withdrawn"] in said
    assert "Start a new request" in said
    assert "Received by" not in said
    assert number not in ended.stdout


def test_a_receipt_in_a_state_that_is_not_known_is_no_success(run_keeping: Kept) -> None:
    """Nobody is told that the request was received, and the number is kept."""
    arguments = ["later-receipt", "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send", "--json"]
    ended, kept = run_keeping(*arguments, program=SIMULATED)
    assert ended.returncode == 3
    assert json.loads(ended.stdout)["ending"] == "not_confirmed"
    said = flat(ended.stderr)
    assert flat(endings.STATES["other"]) in said
    assert "Received by" not in said
    assert endings.KEEP_THE_NUMBER in said
    assert len(kept) == 2


def test_a_service_says_how_long_copies_stay(run_keeping: Kept) -> None:
    """Before anything is sent, and only where the service says it."""
    for fault, is_said in (("copies", True), ("none", False)):
        ended, _ = run_keeping(fault, "submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send", program=SIMULATED)
        assert ended.returncode == 0
        assert ("Copies of the list may take up to 30 days to go." in flat(ended.stderr)) is is_said


def test_a_link_to_nowhere_is_not_written_through(run_keeping: Kept, tmp_path: Path) -> None:
    """A file is never written over another, and a link is none of ours."""
    (tmp_path / "there").symlink_to(tmp_path / "nowhere")
    ended, kept = run_keeping("submit", FIRST, *DECLARED, "--to-file", tmp_path / "there", "--send")
    assert ended.returncode == 2
    assert "A file of this name exists already." in flat(ended.stderr)
    assert kept == []
    assert not (tmp_path / "nowhere").exists()


FULL = """
import resource
from hashclient.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
main()
"""


def test_half_a_file_does_not_stay(run_keeping: Kept, tmp_path: Path) -> None:
    """A full disk leaves nothing behind."""
    program = [sys.executable, "-B", "-c", FULL]
    ended, _ = run_keeping("submit", FIRST, *DECLARED, "--to-file", tmp_path / "new", "--send", program=program)
    assert ended.returncode == 2
    assert "The file could not be written. Nothing was sent." in flat(ended.stderr)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("suites", [(), (Suite.X25519,)])
def test_a_file_that_is_not_sealed_is_called_so(
    run_inside: Run, reached: Reached, tmp_path: Path, suites: tuple[Suite, ...]
) -> None:
    """Also if a service is named that has no key: the file then holds the document itself."""
    reached(EndpointSimulator(NOWHERE, suites=suites, plain_bodies=True))
    file = tmp_path / "request"
    with (tmp_path / "codes").open("wb") as codes:
        kept = ["--credentials-fd", str(codes.fileno())]
        ended = run_inside("submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--to-file", file, "--send", *kept)
    assert ended.returncode == 0
    assert file.read_bytes().startswith(b"{") == (not suites)
    assert ("It is not sealed" in flat(ended.stderr)) == (not suites)
