"""The verb `submit` for a person at a terminal, from the limits to the receipt."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from hashclient.guidance.declarations import ADULT, INTIMATE, NO_CONSENT, NOT_AGREEING, REPRESENTED, SELF
from hashclient.hashing.reposts.levels import HASHES
from hashclient.vocabulary import Coverage
from kit.command_line import DECLARED, PICTURES, PROGRAM, SIMULATED, At, Run, Served, flat
from kit.opened import noting_sockets, watched
from kit.walked import begin, end, note, read_credentials, review, simulated

FIRST, COPY, OTHER = (PICTURES / f"picture-{name}.jpg" for name in ("1", "1-altered", "2"))
DECLARED_IN_WORDS = (ADULT, SELF, INTIMATE, NO_CONSENT["self"])
LEFT_SCREEN = "\x1b[?1049l"


def test_the_whole_way_of_a_person(terminal: At, run_telling: Run, service: Served) -> None:
    """Limits, questions, review, number and PIN, asked back, sent; before that the service knows of nothing."""
    at = begin(terminal("submit", FIRST, COPY, OTHER, "--endpoint", service.origin))
    for declared in DECLARED_IN_WORDS:
        assert f'With this you declare: "{declared}' in flat(at.expect("Type 1, 2"))
        at.answer(":", "1")
    at.expect("Picture 1 of 3: picture-1.jpg, JPEG, 48 kB")
    at.answer("5 or 6:", "1")
    at.expect("Picture 2 of 3: picture-1-altered.jpg, JPEG,")
    at.answer("5, 6 or a:", "2")
    at.answer("5 or 6:", "5")
    assert "1  Picture 1: picture-1.jpg" in at.expect("n  None of them, or I do not know.")
    at.answer("Type 1 or n:", "1")
    at.expect("Picture 2 has another picture inside. Use both?")
    at.answer("Type 1 or 2:", "2")
    review(at, "json")
    pages = int(re.findall(r"Page 1 of (\d+)", at.expect("'q' ends:"))[0])
    for _ in range(pages - 1):
        at.type("")
        at.expect("'q' ends:")
    at.type("")
    shown = re.sub(r"\s|\x1b\[[^A-Za-z]*[A-Za-z]", "", at.text)
    assert '"altered_from":' in shown
    assert '"version":1}' in shown
    number, pin = note(at)
    at.expect("on its own to stop here.")
    assert run_telling([number, pin], "status", "--endpoint", service.origin).returncode == 3
    at.type("send")
    again = at.expect("Press Enter to clear the screen:")
    assert number in again
    assert pin in again
    at.type("")
    assert f"hashclient status --endpoint {service.origin}" in at.expect("What happens now:")
    assert end(at) == 0
    words = flat(at.text)
    (signals,) = {*re.findall(r"Pictures and videos: 2\. Fingerprints: (\d+)\.", words)}
    assert 2 < int(signals) <= 2 * HASHES[Coverage.WIDE]
    assert "Said to be changed or fake: 1. Said to be not changed: 1. Said to be made from another of them: 1." in words
    assert "What you can do besides" in words
    assert "Who can help:" in words
    assert f'{service.origin.partition("//")[2]}, which calls itself "Test [31mservice"' in words
    assert "\x1b[31m" not in at.text
    assert run_telling([number, pin], "status", "--endpoint", service.origin).returncode == 0


def test_number_and_pin_stand_on_the_alternate_screen_only(terminal: At) -> None:
    """What is left in the window after the end holds neither."""
    at = simulated(terminal, "none", FIRST)
    number, pin = note(at)
    at.answer("on its own to stop here.", "send")
    at.answer("Press Enter to clear the screen:", "")
    assert end(at) == 0
    left = re.sub(r"\x1b\[\?1049h.*?\x1b\[\?1049l", "", at.text, flags=re.DOTALL)
    assert number in at.text
    assert number not in left
    assert pin not in left
    assert "CASES 1" in left


def test_no_process_listing_shows_them(terminal: At) -> None:
    """Neither arguments nor environment of any process of ours hold number, PIN or file of them."""
    at = simulated(terminal, "none", FIRST)
    number, pin = note(at)
    at.expect("on its own to stop here.")
    ours = psutil.Process(at.pid)
    seen = [" ".join(one.cmdline()) + str(one.environ()) for one in (ours, *ours.children(recursive=True))]
    assert not any(secret in text for text in seen for secret in (number, pin, pin.replace(" ", "")))


def test_a_mistyped_number_is_shown_again_and_blocks_nothing(terminal: At) -> None:
    """Asking back is no test of memory."""
    at = simulated(terminal, "none", FIRST)
    number, _ = read_credentials(at)
    at.type("")
    at.answer("Case number:", "oops")
    at.answer("PIN:", "0")
    assert number in at.expect("Press Enter when you have both on paper:")
    at.type("")
    at.answer("on its own to stop here.", "send")
    at.answer("Press Enter to clear the screen:", "")
    assert end(at) == 0
    assert "That is not the same." in at.text


@pytest.mark.parametrize("typed", [[""], ["yes", "sned", ""]])
def test_anything_but_the_word_sends_nothing(terminal: At, typed: list[str]) -> None:
    """Enter on its own stops here; a word that was not understood is asked for again, and says what is possible."""
    at = simulated(terminal, "none", FIRST)
    note(at)
    at.expect("Send it now?")
    for word in typed:
        at.answer("on its own to stop here.", word)
    assert end(at) == 2
    assert "You stopped here. Nothing was sent." in flat(at.text)
    assert "CASES 0" in at.text


def test_stopping_at_the_review(terminal: At) -> None:
    """The review can be left before a number is made."""
    at = simulated(terminal, "none", FIRST)
    review(at, "halt")
    at.expect("Please press Enter, or type 'json' or 'stop'.")
    at.answer("'stop' to stop:", "stop")
    assert end(at) == 2
    assert "You stopped here. Nothing was sent." in flat(at.text)


def test_ctrl_c_on_the_screen_of_the_codes_leaves_it(terminal: At) -> None:
    """The screen is cleared, and nothing was sent."""
    at = simulated(terminal, "none", FIRST)
    number, _ = read_credentials(at)
    at.press_ctrl_c()
    assert at.wait() == 130
    after = at.text.rpartition(LEFT_SCREEN)[2]
    assert "Stopped. Nothing was sent." in after
    assert number not in after
    assert "CASES 0" in after


def test_ctrl_z_takes_the_codes_off_the_screen(terminal: At) -> None:
    """The screen is left while the program is suspended, and shows the same when it goes on."""
    at = simulated(terminal, "none", FIRST)
    number, pin = read_credentials(at)
    os.write(at.fd, b"\x1a")
    at.expect(LEFT_SCREEN)
    shown_again = at.expect("on paper:")
    assert number in shown_again
    assert pin in shown_again
    at.type("")
    at.expect("Case number:")
    os.write(at.fd, b"\x1a")
    at.expect(LEFT_SCREEN)
    assert number not in at.expect("Case number:")  # the screen that asks for it back does not show it
    at.press_ctrl_c()
    assert at.wait() == 130


def test_gnu_screen_is_recognised_and_said(terminal: At) -> None:
    """It keeps in its scrollback what is shown, whatever clears it."""
    at = terminal("status", "--endpoint", "http://127.0.0.1:1", STY="4711.pts-0.here")
    at.expect("runs in GNU screen")
    at.press_ctrl_c()
    assert at.wait() == 130


def test_in_gnu_screen_nobody_is_told_to_start_again_after_the_receipt(terminal: At) -> None:
    """That would send a second request; it is said while there is something to turn back from."""
    at = simulated(terminal, "none", FIRST, STY="4711.pts-0.here")
    review(at)
    at.expect("runs in GNU screen")
    at.answer("Press Enter to go on:", "")
    shown = at.expect("on paper:")
    at.type("")
    at.answer("Case number:", re.findall(r"\w{4}-\w{4}-\w{4}", shown)[0])
    at.answer("PIN:", re.findall(r"\d{4} \d{4}", shown)[0])
    at.answer("on its own to stop here.", "send")
    assert "start again" not in at.expect("Press Enter to clear the screen:")
    at.type("")
    assert end(at) == 0


def test_ctrl_c_while_sending_says_that_we_do_not_know(terminal: At) -> None:
    """Once a byte may have left, nobody claims that nothing was sent."""
    at = simulated(terminal, "hang", FIRST)
    note(at)
    at.answer("on its own to stop here.", "send")
    at.expect("HANGING")
    at.press_ctrl_c()
    assert at.wait() == 130
    after = flat(at.text[at.read_until :])
    assert "Stopped while sending. We do not know whether the service received it." in after
    assert "Nothing was sent" not in after


def test_ctrl_c_after_the_receipt_says_that_it_was_received(terminal: At) -> None:
    """The receipt's own screen can be left in any way."""
    at = simulated(terminal, "none", FIRST)
    note(at)
    at.answer("on its own to stop here.", "send")
    at.expect("Press Enter to clear the screen:")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Stopped. Received by 127.0.0.1:1." in flat(at.text)


def test_not_confirmed_can_be_tried_again_with_the_same_number(terminal: At) -> None:
    """The ending is not_confirmed, exit code 3, and the number is kept."""
    at = simulated(terminal, "lost", FIRST)
    note(at)
    at.answer("on its own to stop here.", "send")
    at.answer("Type 'again' to try again now.", "again")
    at.answer("Type 'again' to try again now.", "")
    assert end(at) == 3
    words = flat(at.text)
    assert "We do not know whether the service received your request." in words
    assert "Keep the number and the PIN" in words
    assert "Nothing was sent" not in words
    assert "You can try again" not in words


def test_a_taken_number_is_crossed_out_and_confirmed_anew(terminal: At) -> None:
    """Another number, another confirmation; the old one is never sent again."""
    at = simulated(terminal, "taken-1", FIRST)
    number, _ = note(at)
    at.answer("on its own to stop here.", "send")
    at.expect("Cross out the number you noted")
    shown = at.expect("on paper:")
    renewed = re.search(r"\w{4}-\w{4}-\w{4}", shown)
    assert renewed
    assert renewed[0] != number
    at.type("")
    at.answer("Case number:", "")
    at.answer("PIN:", "")
    at.answer("on paper:", "")
    at.answer("on its own to stop here.", "send")
    assert renewed[0] in at.expect("Press Enter to clear the screen:")
    at.type("")
    assert end(at) == 0
    assert "CASES 1" in at.text


@pytest.mark.slow
def test_a_number_taken_three_times_is_refused(terminal: At) -> None:
    """Two renewals, then an end with exit code 3."""
    at = simulated(terminal, "taken-3", FIRST)
    review(at)
    for _ in range(3):
        at.answer("on paper:", "")
        at.answer("Case number:", "")
        at.answer("PIN:", "")
        at.answer("on paper:", "")
        at.answer("on its own to stop here.", "send")
    assert end(at) == 3
    assert "already in use by another request" in flat(at.text)
    assert "CASES 0" in at.text


@pytest.mark.slow
def test_stopping_after_a_refusal_does_not_say_that_nothing_was_sent(terminal: At) -> None:
    """The first request did go out, and was refused."""
    at = simulated(terminal, "taken-1", FIRST)
    note(at)
    at.answer("on its own to stop here.", "send")
    at.expect("Cross out")
    at.answer("on paper:", "")
    at.expect("Case number:")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Stopped. The service refused the request" in flat(at.text)


def test_under_18_in_one_picture_stops_everything(terminal: At, service: Served, tmp_path: Path) -> None:
    """The answer for a single picture has the force of the first question: exit code 4, and no connection."""
    log, own = tmp_path / "log", Path(shutil.copy(FIRST, tmp_path))
    at = begin(terminal("submit", own, OTHER, "--endpoint", service.origin, *DECLARED, **noting_sockets(log)))
    at.answer("5 or 6:", "2")
    at.answer("5 or 6:", "6")
    shown = flat(at.read_on_to("Enter to skip:"))
    at.type("")
    assert at.wait() == 4
    assert "You have done nothing wrong." in shown
    assert "even as proof." in shown
    assert "Nothing was sent, and nothing is kept of these files." in flat(at.text)
    assert "StopNCII.org" not in at.text.rpartition("What is this picture?")[2]
    assert not log.exists()


@pytest.mark.parametrize("answer", ["2", "3"])
def test_under_18_at_the_first_question_opens_no_file(
    terminal: At, service: Served, tmp_path: Path, answer: str
) -> None:
    """Not even for its first bytes, and no service hears of it."""
    log, own = tmp_path / "log", Path(shutil.copy(FIRST, tmp_path))
    with watched(own) as watch:
        at = begin(terminal("submit", own, OTHER, "--endpoint", service.origin, **noting_sockets(log)))
        at.answer("Type 1, 2 or 3:", answer)
        at.read_on_to("Enter to skip:")
        at.type("")
        assert at.wait() == 4
        assert not watch.was_opened
    assert not log.exists()
    assert "StopNCII.org" not in at.text[at.text.index("We stop here") :]


REFUSED = {
    "4": "Believe them.",
    "22": "Believe them.",
    "23": "Believe them.",
    "32": "Believe them.",
    "12": "Services for intimate pictures take only such pictures.",
    "13": "Services for intimate pictures take only such pictures.",
    "113": "a copyright notice (DMCA) is often the way that works.",
    "114": "Whether this fits is not settled everywhere.",
    "115": "Whether this fits is not settled everywhere.",
    "2115": "Whether this fits is not settled everywhere.",
}
"""What is said where a declaration cannot be made, by the numbers of the answers after the question of age."""


@pytest.mark.parametrize("answers", REFUSED)
def test_what_cannot_be_declared_ends_with_others_who_help(
    terminal: At, service: Served, tmp_path: Path, answers: str
) -> None:
    """No request, but what to do besides and, last, services for adults: exit code 2, and no file opened."""
    own = Path(shutil.copy(FIRST, tmp_path))
    with watched(own) as watch:
        at = begin(terminal("submit", own, "--endpoint", service.origin, "--adult"))
        for answer in answers:
            at.read_on_to("Type 1")
            at.answer(":", answer)
        shown = at.read_on_to("Enter to skip:")
        at.type("GB")
        assert at.wait() == 2
        assert not watch.was_opened
    words = flat(at.text)
    assert [why for why in {*REFUSED.values()} if why in words] == [REFUSED[answers]]
    assert "What you can do besides" in shown
    assert "Revenge Porn Helpline" in words[words.index("What you can do besides") :]
    assert words.count("No file was opened and nothing was sent.") == 1
    last = flat(" ".join(at.text.strip().splitlines()[-3:]))
    assert "No file was opened and nothing was sent. If you are in danger" in last


@pytest.mark.parametrize("answers", ["111", "112", "2111", "2112"])
def test_a_pressed_yes_is_no_agreeing(terminal: At, answers: str) -> None:
    """No and pressed both lead on, with the declaration in full and the note beneath; for another person too."""
    at = begin(terminal("submit", FIRST, "--adult", "--altered", "no", "--dry-run"))
    for answer in answers:
        at.read_on_to("Type 1")
        at.answer(":", answer)
    at.read_on_to("Nothing was sent.")
    assert at.wait() == 0
    words = flat(at.text)
    who = "I" if answers.startswith("1") else "They"
    assert words.count(f'With this you declare: "{who} did not agree to this being shared') == 2
    assert words.count(NOT_AGREEING) == 3  # under both answers, and at the review
    assert words.count(REPRESENTED) == (2 if who == "They" else 0)  # under the answer, and at the review


def test_who_helps_for_a_living_reads_how(terminal: At) -> None:
    """Between the two questions, whose number and PIN it is."""
    at = begin(terminal("submit", FIRST, "--adult", "--intimate", "--no-consent", "--altered", "no", "--dry-run"))
    at.answer("Type 1, 2, 3 or 4:", "3")
    at.read_on_to("Their number and PIN")
    at.read_on_to("Type 1, 2 or 3:")
    at.type("1")
    at.read_on_to("Nothing was sent.")
    assert at.wait() == 0
    assert '"depicted":"represented"' in at.text


def test_someone_who_acts_for_another_is_told_whose_the_codes_are(terminal: At) -> None:
    """Number and PIN belong to the person shown."""
    options = [
        "--adult",
        "--depicted",
        "represented",
        "--intimate",
        "--no-consent",
        "--altered",
        "no",
        "--endpoint",
        "http://127.0.0.1:1",
    ]
    at = begin(terminal("none", "submit", FIRST, *options, program=SIMULATED))
    review(at)
    assert "give both to them" in flat(at.expect("on paper:"))
    at.press_ctrl_c()
    assert at.wait() == 130


def test_a_terminal_without_screens_says_what_stays(terminal: At, service: Served) -> None:
    """Where there is no alternate screen, the person is told to close the window."""
    options = [*DECLARED, "--altered", "no", "--endpoint", service.origin]
    at = begin(terminal("submit", FIRST, *options, TERM="dumb"))
    read_credentials(at)
    assert "Close this window afterwards" in flat(at.text)
    assert "\x1b" not in at.text
    at.press_ctrl_c()
    assert at.wait() == 130


def test_send_without_a_descriptor_is_refused(terminal: At) -> None:
    """--send confirms what a program has taken; it is no short cut for a person."""
    asked = ("submit", FIRST, *DECLARED, "--endpoint", "http://127.0.0.1:1", "--send")
    at = terminal("none", *asked, program=SIMULATED)
    assert at.wait() == 2
    assert "--send goes with --credentials-fd." in flat(at.text)


def test_no_colour_where_it_is_not_wanted(terminal: At) -> None:
    """NO_COLOR is honoured."""
    at = terminal("hash", FIRST, NO_COLOR="1")
    at.expect("Type 1, 2 or 3:")
    assert "\x1b[1m" not in at.text


@pytest.mark.parametrize("number", ["SIGTERM", "SIGQUIT", pytest.param("SIGHUP", marks=pytest.mark.slow)])
def test_a_signal_ends_it_tidily(terminal: At, number: str) -> None:
    """The screen is left, exit code 143."""
    at = simulated(terminal, "none", FIRST)
    read_credentials(at)
    subprocess.run(["kill", f"-{number.removeprefix('SIG')}", str(at.pid)], check=True)
    assert at.wait() == 143
    assert "Stopped. Nothing was sent." in at.text.rpartition(LEFT_SCREEN)[2]


def test_the_program_of_these_tests_is_the_real_one() -> None:
    """Only the endpoint is simulated, and only where its name says so."""
    assert SIMULATED[-1].endswith("simulated.py")
    assert PROGRAM[-1] == "hashclient"


def test_ctrl_c_before_the_first_byte_says_that_nothing_was_sent(terminal: At) -> None:
    """While the service is asked what it is, and before one that could not be reached is tried again."""
    at = simulated(terminal, "hang-on-profile", FIRST)
    at.expect("HANGING")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Stopped. Nothing was sent." in flat(at.text)
    at = simulated(terminal, "unreachable", FIRST)
    note(at)
    at.answer("on its own to stop here.", "send")
    at.expect("WAITING")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Stopped. Nothing was sent." in flat(at.text)


def test_a_file_that_appears_meanwhile_is_left_as_it_is(terminal: At, tmp_path: Path) -> None:
    """A request is never written over a file, even if it was not there at the first look."""
    file = tmp_path / "request"
    at = begin(terminal("submit", FIRST, *DECLARED, "--altered", "no", "--to-file", file))
    note(at)
    at.expect("Type 'write' to write the file now.")
    file.write_text("mine")
    at.type("write")
    assert end(at) == 2
    assert "A file of this name exists already. It was left as it is, and nothing was sent." in flat(at.text)
    assert file.read_text() == "mine"
