"""The verbs `status` and `withdraw`: codes are asked for, and words tell where a case stands."""

import json
import os
import re
from pathlib import Path

import pytest

from hashclient.cli import _terminal
from hashclient.guidance import endings
from hashclient.testing import EndpointSimulator
from kit.command_line import DECLARED, NOWHERE, PICTURES, SIMULATED, At, Kept, Reached, Run, Served, Terminal, flat

UNKNOWN = ["0000-0000-0000", "0000 0000"]


@pytest.fixture
def case(run_keeping: Kept, service: Served) -> list[str]:
    """Open a case; give its number and PIN."""
    ended, kept = run_keeping(
        "submit", PICTURES / "picture-1.jpg", *DECLARED, "--endpoint", service.origin, "--send", "--json"
    )
    assert ended.returncode == 0
    return kept


def test_status_withdraw_status_by_a_person(terminal: At, service: Served, case: list[str]) -> None:
    """The PIN is hidden, the words are those of the guidance, and a withdrawal is seen."""
    number, pin = case
    at = terminal("status", "--endpoint", service.origin)
    at.answer("Case number:", number.lower().replace("-", " "))
    at.answer("to see it):", pin)
    assert at.wait() == 0
    assert "This does not mean it is not online." in flat(at.text)
    assert pin not in at.text
    at = terminal("withdraw", "--endpoint", service.origin)
    at.answer("Case number:", number)
    at.answer("to see it):", "show")
    at.answer("to see it):", pin.replace(" ", ""))
    at.answer("keep it as it is:", "yes")
    assert at.wait() == 0
    assert pin.replace(" ", "") in at.text
    assert "You took this request back." in flat(at.text)
    assert "What platforms already removed stays removed." in flat(at.text)
    left = re.sub(r"\x1b\[\?1049h.*?\x1b\[\?1049l", "", at.text, flags=re.DOTALL)
    assert number not in left
    assert pin.replace(" ", "") not in left


@pytest.mark.slow
def test_withdrawing_twice_gives_the_same_answer(run_telling: Run, service: Served, case: list[str]) -> None:
    """Number and PIN and nothing else; repeating it does no harm."""
    first = run_telling(case, "withdraw", "--endpoint", service.origin, "--json")
    second = run_telling(case, "withdraw", "--endpoint", service.origin, "--json")
    assert first.returncode == second.returncode == 0
    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert json.loads(first.stdout)["status"] == "Withdrawn"
    asked = run_telling(case, "status", "--endpoint", service.origin)
    assert "You took this request back." in asked.stderr
    assert asked.stdout == ""


def test_enter_leaves_the_request_as_it_is(terminal: At, run_telling: Run, service: Served, case: list[str]) -> None:
    """Anything but yes takes nothing back."""
    number, pin = case
    at = terminal("withdraw", "--endpoint", service.origin)
    at.answer("Case number:", number)
    at.answer("to see it):", pin)
    at.answer("keep it as it is:", "")
    assert at.wait() == 2
    assert "Nothing was sent." in flat(at.text)
    assert "Received" in run_telling(case, "status", "--endpoint", service.origin).stderr


def test_a_mistyped_number_is_asked_for_again(terminal: At, service: Served, case: list[str]) -> None:
    """The check character finds it before anything is sent."""
    number, pin = case
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    at = terminal("status", "--endpoint", service.origin)
    at.answer("Case number:", wrong)
    at.expect("This case number is not written correctly.")
    at.answer("Case number:", number)
    at.answer("to see it):", pin)
    assert at.wait() == 0


def test_a_wrong_pin_and_an_unknown_number_are_told_apart_by_nobody(run_telling: Run, service: Served) -> None:
    """One sentence names both possibilities: exit code 3."""
    ended = run_telling(UNKNOWN, "status", "--endpoint", service.origin)
    assert ended.returncode == 3
    assert "no case with this number and PIN" in flat(ended.stderr)


@pytest.mark.parametrize("lines", [[], ["0000-0000-0000"], ["x", "y"], ["0000-0000-0000", "12"], ["\0" * 200] * 2])
def test_what_is_no_number_and_pin(run_inside: Run, lines: list[str]) -> None:
    """A mistake of the caller's: exit code 2, and nothing was sent."""
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{line}\n" for line in lines).encode())
    os.close(writing)
    ended = run_inside("status", "--endpoint", NOWHERE, "--credentials-fd", str(reading))
    os.close(reading)
    assert ended.returncode == 2
    assert "Nothing was sent." in flat(ended.stderr)


def test_a_descriptor_that_is_not_open(run_inside: Run) -> None:
    """Exit code 2 and a sentence."""
    assert run_inside("withdraw", "--endpoint", NOWHERE, "--credentials-fd", "777").returncode == 2


def test_without_a_terminal_the_way_is_named(run: Run) -> None:
    """Nobody to ask: the descriptor is named, and input is not taken for an answer."""
    ended = run("status", "--endpoint", NOWHERE, stdin="0000-0000-0000\n00000000\n")
    assert ended.returncode == 2
    assert "--credentials-fd" in ended.stderr


@pytest.mark.parametrize("verb", ["status", "withdraw"])
def test_no_service_no_question(run_inside: Run, verb: str) -> None:
    """Without a service nothing is asked."""
    ended = run_inside(verb)
    assert ended.returncode == 2
    assert "No service was chosen" in ended.stderr


def test_feedback_is_told_in_words(run_telling: Run) -> None:
    """Each answer of a partner has its sentence, and then nobody says that there was none."""
    ended = run_telling(UNKNOWN, "matched", "status", "--endpoint", NOWHERE, program=SIMULATED)
    assert ended.returncode == 0
    said = flat(ended.stderr)
    for words in (
        "Held for matching. It has not said with which platforms.",
        "Pictures and videos: 4. Fingerprints: 9. Received on 2026-11-23 (UTC).",
        "1: a platform found a match",
        "2: a platform reviewed it and blocked it",
        "3: a platform reviewed it",
    ):
        assert words in said
    assert endings.NO_MATCH not in said
    assert "have fetched" not in said


def test_what_partners_fetched_is_told_where_it_is_known(run_telling: Run) -> None:
    """One line, and only where the service says it."""
    ended = run_telling(UNKNOWN, "fetched", "status", "--endpoint", NOWHERE, program=SIMULATED)
    assert "2 of 3 platforms have fetched all of it." in flat(ended.stderr)


@pytest.mark.parametrize("verb", ["status", "withdraw"])
def test_a_state_that_is_not_known_is_told_as_such(run_telling: Run, verb: str) -> None:
    """It is never called held, received or taken back; a withdrawal is then not confirmed."""
    ended = run_telling(UNKNOWN, "later-report", verb, "--endpoint", NOWHERE, "--json", program=SIMULATED)
    said = flat(ended.stderr)
    for words in ("Held for matching", "You took this request back", "no longer holds this request"):
        assert words not in said
    if verb == "status":
        assert (ended.returncode, json.loads(ended.stdout)["status"]) == (0, "other")
        assert flat(endings.STATES["other"]) in said
        assert flat(endings.UPDATE_OR_ASK) in said
    else:
        assert (ended.returncode, ended.stdout) == (3, "")
        assert flat(endings.NOT_TAKEN_BACK) in said


@pytest.mark.parametrize(("fault", "is_said"), [("copies", True), ("none", False)])
def test_how_long_copies_stay_is_said_before_a_withdrawal(terminal: At, fault: str, is_said: bool) -> None:
    """Where the profile says it, and only there."""
    at = asked(terminal, "withdraw", fault)
    at.answer("keep it as it is:", "")
    assert at.wait() == 2
    assert ("Copies of the list may take up to 30 days to go." in flat(at.text)) is is_said


def asked(terminal: At, verb: str, fault: str) -> Terminal:
    at = terminal(fault, verb, "--endpoint", NOWHERE, program=SIMULATED)
    at.answer("Case number:", UNKNOWN[0])
    at.answer("to see it):", UNKNOWN[1])
    return at


def test_ctrl_c_while_asking_says_that_the_case_is_unchanged(terminal: At) -> None:
    """A question changes nothing."""
    at = asked(terminal, "status", "hang")
    at.expect("HANGING")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Stopped. The case is unchanged." in flat(at.text)


def test_ctrl_c_while_taking_back_says_that_we_do_not_know(terminal: At) -> None:
    """Nobody claims that nothing was sent."""
    at = asked(terminal, "withdraw", "hang")
    at.answer("keep it as it is:", "yes")
    at.expect("HANGING")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert endings.WITHDRAWAL_UNKNOWN in flat(at.text)


def test_ctrl_c_after_the_answer_keeps_to_the_truth(
    run_inside: Run, reached: Reached, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output can be held up, by Ctrl-S or a reader that is slow; what was sent by then was sent."""
    reached(EndpointSimulator())

    def held_up(*_: str, **__: str) -> None:
        raise KeyboardInterrupt

    def stopped(verb: str, *arguments: str | Path, gives: bytes = b"") -> tuple[str, bytes]:
        reading, writing = os.pipe()
        os.write(writing, gives)
        with monkeypatch.context() as replaced:
            replaced.setattr(_terminal, "data", held_up)
            fd = str(reading if gives else writing)
            ended = run_inside(verb, *arguments, "--endpoint", NOWHERE, "--json", "--credentials-fd", fd)
        os.close(writing)
        kept = os.read(reading, 100)
        os.close(reading)
        assert ended.returncode == 130
        return flat(ended.stderr), kept

    said, codes = stopped("submit", PICTURES / "picture-1.jpg", *DECLARED, "--send")
    host = NOWHERE.partition("://")[2]
    assert said.endswith(f"Stopped. {endings.SENT.format(host=host)}")
    assert stopped("status", gives=codes)[0].endswith("Stopped. The case is unchanged.")
    assert stopped("withdraw", gives=codes)[0].endswith("Stopped. You took this request back.")
