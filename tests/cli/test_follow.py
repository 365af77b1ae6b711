"""The verbs `status` and `withdraw`: codes are asked for, and words tell where a case stands."""

import json
import os
import re

import pytest

from kit.command_line import DECLARED, PICTURES, At, Kept, Run, Served, flat

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
    at.answer("leaves it as it is:", "yes")
    assert at.wait() == 0
    assert pin.replace(" ", "") in at.text
    assert "You took this request back." in flat(at.text)
    assert "What platforms already removed stays removed." in flat(at.text)
    left = re.sub(r"\x1b\[\?1049h.*?\x1b\[\?1049l", "", at.text, flags=re.DOTALL)
    assert number not in left
    assert pin.replace(" ", "") not in left


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
    at.answer("leaves it as it is:", "")
    assert at.wait() == 2
    assert "Nothing was sent." in flat(at.text)
    assert "Received" in run_telling(case, "status", "--endpoint", service.origin).stderr


def test_a_mistyped_number_is_asked_for_again(terminal: At, service: Served, case: list[str]) -> None:
    """The check character finds it before anything is sent."""
    number, pin = case
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    at = terminal("status", "--endpoint", service.origin)
    at.answer("Case number:", wrong)
    at.expect("not written correctly. Nothing was sent.")
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
    ended = run_inside("status", "--endpoint", "http://127.0.0.1:1", "--credentials-fd", str(reading))
    os.close(reading)
    assert ended.returncode == 2
    assert "Nothing was sent." in ended.stderr


def test_a_descriptor_that_is_not_open(run_inside: Run) -> None:
    """Exit code 2 and a sentence."""
    assert run_inside("withdraw", "--endpoint", "http://127.0.0.1:1", "--credentials-fd", "777").returncode == 2


def test_without_a_terminal_the_way_is_named(run: Run) -> None:
    """Nobody to ask: the descriptor is named, and input is not taken for an answer."""
    ended = run("status", "--endpoint", "http://127.0.0.1:1", stdin="0000-0000-0000\n00000000\n")
    assert ended.returncode == 2
    assert "--credentials-fd" in ended.stderr


@pytest.mark.parametrize("verb", ["status", "withdraw"])
def test_no_service_no_question(run_inside: Run, verb: str) -> None:
    """Without a service nothing is asked."""
    ended = run_inside(verb)
    assert ended.returncode == 2
    assert "No service was chosen" in ended.stderr
