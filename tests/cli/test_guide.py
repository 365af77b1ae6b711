"""The verb `guide`: the triage walked at a terminal, with the words of the screens."""

import contextlib
import os
import random
import re
import shutil
from pathlib import Path

import pytest
import typer

from hashclient.cli import _help, _terminal, guide, notice, submit
from hashclient.guidance import declarations, questions, screens, triage
from hashclient.guidance.screens import Choice
from hashclient.guidance.screens import terminal as words
from hashclient.guidance.triage import Answers, Asked
from kit.command_line import MORE, NOWHERE, PICTURES, SIMULATED, At, Run, Terminal, flat
from kit.opened import noting_sockets, watched
from kit.walked import begin, note

PROMPT = "or a letter:"
ADULT_AND_MINE = ("1", "1", "1", "1", "1", "1", "1")
"""Start, safe, private, all adults, me, intimate, not agreed: the next question is what has happened."""


COUNTRY = "Enter to skip:"


def begun(terminal: At, **environ: str) -> Terminal:
    """Start the guide, and read up to its first prompt."""
    at = terminal("guide", **environ)
    at.read_on_to(PROMPT)
    return at


def answering(at: Terminal, *typed: str, then: str = PROMPT) -> str:
    """Type each in turn; give what came before the last prompt."""
    shown = ""
    for position, line in enumerate(typed, start=1):
        at.type(line)
        shown = flat(at.read_on_to(then if position == len(typed) else PROMPT))
    return shown


def offered(shown: str) -> list[str]:
    """Give the choices of a screen, in their order."""
    _, *choices = re.split(r"\s1 (?=[A-Z])", shown.rpartition("b: back")[0])
    return [line.strip() for line in re.split(r"\s\d+ (?=[A-Z])", choices[-1])]


def test_without_a_terminal_it_says_what_works(run: Run) -> None:
    """One sentence, a hint that names a verb without questions, exit code 2, and nothing on standard output."""
    ended = run("guide", stdin="1\n")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert flat(ended.stderr) == f"{words.NEEDS_A_TERMINAL.english} {words.SERVICES_WITHOUT.english}"


def test_the_whole_way_to_the_list_and_through_it(terminal: At, tmp_path: Path) -> None:
    """Questions, the list in the order of the plan, a task read and marked; no picture, no connection, no file."""
    picture = Path(shutil.copy(PICTURES / "picture-1.jpg", tmp_path))
    before = {path for path in tmp_path.rglob("*") if "log" not in path.name}
    with watched(picture) as watch:
        at = begun(terminal, **noting_sockets(tmp_path / "log"))
        shown = answering(at, *ADULT_AND_MINE, "1", "1")
        answers = Answers.of({"safe_now": "yes", "device": "private", "age": "all_adult", "who": "me", "intimate": "yes",
                              "consent": "no", "situation": "online_known", "have": "here"})  # fmt: skip
        tasks = triage.plan(answers, has_service=False)
        assert [str(screens.ROWS[task].name) in line for task, line in zip(tasks, offered(shown), strict=False)] == [
            True
        ] * len(tasks)
        assert "You marked it done" not in shown
        shown = answering(at, "1")
        assert "Someone you trust can do this for you, so that you need not look." in flat(at.text)
        shown = answering(at, "2")
        assert shown.count("You marked it done") == 1
        assert "Your list" in shown
        shown = answering(at, "1", "2")
        assert "You marked it done" not in shown
        at.type("q")
        assert at.wait() == 0
        assert not watch.was_opened
    assert "Everything you entered was forgotten." in flat(at.text)
    assert not (tmp_path / "log").exists()
    assert {path for path in tmp_path.rglob("*") if "log" not in path.name} == before


def test_back_keeps_the_answers(terminal: At) -> None:
    """The earlier answer is shown, and has to be given again or changed; the list follows the new one."""
    at = begun(terminal)
    shown = answering(at, *ADULT_AND_MINE, "4", "4")
    assert offered(shown)[0].startswith("Someone threatens you")
    shown = answering(at, "b", "b")
    assert "Someone says they will share it Your answer before." in shown
    shown = answering(at, "5")
    assert "Neither Your answer before." in shown
    shown = answering(at, "4")
    assert offered(shown)[0] == "Talk to someone"
    at.type("q")
    assert at.wait() == 0


@pytest.mark.parametrize("typed", ["", "0", "4", "yes", "1 2", "-1", "\u0661"])
def test_what_was_not_offered_asks_again(terminal: At, typed: str) -> None:
    """No answer is guessed, and what is possible is said; at the question of age, that one can stop."""
    at = begun(terminal)
    answering(at, "1", "1", "1", typed)
    again = flat(at.text)
    assert "Please choose one. If you do not want to answer, you can stop here." in again
    assert "Please type a number from 1 to 3, or one of these letters." in again
    at.type("q")
    assert at.wait() == 0


@pytest.mark.parametrize("answer", ["2", "3"])
def test_under_18_and_unsure_leave_only_the_hand_off(terminal: At, answer: str) -> None:
    """No way leads back into the questions, to a list, or to a service for adults; what was entered is gone."""
    at = begun(terminal)
    answering(at, "1", "1", "1", answer, then=COUNTRY)
    shown = answering(at, "CA")
    assert "Cybertip.ca" in shown
    assert "Take It Down (NCMEC)" in shown
    assert "Start again" in shown
    assert "What you can do besides" in flat(at.text)
    assert "Everything you entered was forgotten. No file was opened and nothing was sent." in flat(at.text)
    shown = answering(at, "b")
    assert "There is nothing to go back to from here." in flat(at.text)
    assert "Start again" in shown
    assert "Help now" in answering(at, "h")
    shown = answering(at, "2")  # who can help: still the hand-off
    assert "Take It Down (NCMEC)" in shown
    assert "StopNCII" not in flat(at.text)
    assert "Take your time." in answering(at, "1")
    shown = answering(at, "1")
    assert "Your answer before" not in shown
    at.type("q")
    assert at.wait() == 0


def test_who_is_not_safe_reads_that_first(terminal: At) -> None:
    """The emergency number, before any other question; stopping there is one of the choices."""
    at = begun(terminal)
    shown = answering(at, "1", "2")
    assert "call your local emergency number, or go where there are other people." in flat(at.text)
    assert offered(shown) == ["Help now", "I can go on", "Stop for now"]
    assert "Can someone else see or check this device?" in answering(at, "2")
    assert offered(answering(at, "2")) == ["I can go on here", "Who can help", "Stop for now"]
    at.type("3")
    assert at.wait() == 0
    assert "Closed" in flat(at.text)


def test_talk_before_the_question_of_age_shows_both_groups(terminal: At) -> None:
    """Those for under-18s first, each under its heading."""
    at = begun(terminal)
    answering(at, "3", then=COUNTRY)
    shown = answering(at, "")
    order = (
        "If someone in the picture was, or may have been, under 18",
        "Take It Down (NCMEC)",
        "If everyone was 18 or over",
        "StopNCII",
    )
    found = [flat(at.text).index(one) for one in order]
    assert found == sorted(found)
    assert offered(shown)[-1] == "Back to the start"
    assert "Take your time." in answering(at, "1")


def test_whoever_agrees_now_goes_on_and_is_spoken_of_as_they(terminal: At) -> None:
    """From the help for supporters back to the questions; then the words fit someone else."""
    at = begun(terminal)
    answering(at, "1", "1", "1", "1", "4", then=COUNTRY)
    shown = answering(at, "GB")
    assert offered(shown) == ["They are here now and agree", "Start again"]
    assert "Believe them." in flat(at.text)
    assert "Revenge Porn Helpline" in shown
    assert "Has that person agreed" in answering(at, "1")
    assert "Did they agree to this being shared" in answering(at, "1", "1")
    shown = answering(at, "2", "4", "4")
    assert offered(shown)[0].startswith("Someone threatens you")
    answering(at, "1")
    assert "They do not have to answer." in flat(at.text)
    at.type("q")
    assert at.wait() == 0


def test_copyright_is_named_where_it_was_posted_in_one_place(terminal: At) -> None:
    """Other routes by reason, with the services last; back leads to the question."""
    at = begun(terminal)
    answering(at, "1", "1", "1", "1", "1", "1", "3", then=COUNTRY)
    shown = answering(at, "")
    assert "a copyright notice (DMCA) is often the way that works." in flat(at.text)
    assert "accept only" not in flat(at.text)
    assert offered(shown) == ["Before a copyright notice", "Back"]
    assert "Before a copyright notice, this shows what it tells the other side." in answering(at, "1")
    at.type("1")
    assert "Only if you took the picture" in flat(at.expect("Copyright (DMCA)"))
    at.answer("Type a number from 1 to", "stop")
    at.read_on_to(PROMPT)
    assert "Your answer before." in answering(at, "b", "2")
    at.type("q")
    assert at.wait() == 0


def test_where_nobody_of_a_kind_is_known_that_is_said(terminal: At) -> None:
    """Whoever named a country does not look at nothing; one that has rows gets them, with the caution."""
    at = begun(terminal)
    tasks = offered(answering(at, *ADULT_AND_MINE, "5", "4"))
    police, lawyer = str(tasks.index("Police") + 1), str(tasks.index("Lawyer or advice") + 1)
    answering(at, police, then=COUNTRY)
    shown = answering(at, "India")
    assert "National Cyber Crime Reporting Portal" in shown
    assert "In some countries telling the police can be risky for you" in flat(at.text)
    assert words.NONE_KNOWN in answering(at, "1", lawyer)
    at.type("q")
    assert at.wait() == 0


@pytest.mark.parametrize("endpoint", ["", "https://service.example"])
def test_fingerprints_need_a_service(terminal: At, endpoint: str) -> None:
    """With one, the command is named; without one, what can be done today, and StopNCII first."""
    at = begun(terminal, HASHCLIENT_ENDPOINT=endpoint)
    shown = answering(at, *ADULT_AND_MINE, "5", "1")
    first = offered(shown)[0]
    assert first.startswith("Make fingerprints")
    assert ("No service is set up here" in first) == (not endpoint)
    shown = answering(at, "1")
    if endpoint:
        assert "Nothing is sent before you say so." in shown
        assert offered(shown) == ["Go on", "Back to where I was", "Mark it as done"]
        assert "You marked it done" in answering(at, "3")
    else:
        assert offered(shown)[:3] == ["StopNCII.org", "Tell the platform", "Search engines"]
        assert "https://stopncii.org/" in answering(at, "1")
    at.type("q")
    assert at.wait() == 0


# On into another verb.


def at_the_fingerprints(terminal: At, *who: str, **environ: str) -> Terminal:
    """Walk to the step that makes fingerprints, with a service in memory."""
    at = terminal("none", "guide", program=SIMULATED, HASHCLIENT_ENDPOINT=NOWHERE, **environ)
    at.read_on_to(PROMPT)
    answering(at, "1", "1", "1", "1", *who, "1", "1", "5", "1", "1")
    return at


@pytest.mark.parametrize("who", [["1"], ["2", "1"], ["3", "1", "1"]], ids=["me", "asked_me", "professional"])
def test_it_goes_on_into_a_request_and_asks_nothing_twice(terminal: At, who: list[str], tmp_path: Path) -> None:
    """Each declaration stood in full under the answer that makes it; the request has them, and the end is true."""
    at = at_the_fingerprints(terminal, *who, **noting_sockets(tmp_path / "log"))
    declared = declarations.NO_CONSENT["self" if who == ["1"] else "represented"]
    depicted = declarations.SELF if who == ["1"] else declarations.REPRESENTED
    asked = flat(at.text)
    for one in (declarations.ADULT, depicted, declarations.INTIMATE, declared):
        assert asked.count(f'With this you declare: "{one}"') == (2 if one == declared else 1)  # under two answers
    at.type("1")
    begin(at)
    at.answer("Enter when done:", str(PICTURES / "picture-1.jpg"))
    at.answer("Enter when done:", "")
    at.answer("5 or 6:", "1")
    assert not (tmp_path / "log").exists()
    assert all(flat(at.text).count(str(one.text)) == 1 for one in questions.QUESTIONS.values() if one.text in asked)
    note(at)
    at.answer("on its own to stop here.", "send")
    at.expect("Received by")
    while at.expect_one_of(MORE, "to clear the screen:", COUNTRY, "CASES 1") != "CASES 1":
        at.type("")
    assert at.wait() == 0
    assert "Nothing was sent" not in at.text.rpartition("Received by")[2]


def test_stopping_there_ends_with_the_truth(terminal: At) -> None:
    """Before anything is sent, and after Ctrl-C."""
    at = at_the_fingerprints(terminal, "1")
    at.type("1")
    begin(at)
    at.expect("Enter when done:")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Stopped. Nothing was sent." in flat(at.text)


def test_a_declaration_that_changed_since_is_asked_for(terminal: At) -> None:
    """Whoever becomes a helper after all has not yet said that "they" did not agree, and is asked in these words."""
    walk = guide._Walk()
    walk.has_service = True
    walk.answers = Answers.of(
        {"age": "all_adult", "who": "me", "permission": "yes", "intimate": "yes", "consent": "no"}
    )
    walk.declared = {
        asked: questions.declaring(asked, walk.answers).notes.get(walk.answers.to(asked) or "") for asked in Asked
    }
    assert all(map(walk._is_declared, (Asked.AGE, Asked.WHO, Asked.PERMISSION, Asked.INTIMATE, Asked.CONSENT)))
    walk.answers = walk.answers.also("who", "asked_me")
    assert [asked for asked in Asked if walk._is_declared(asked)] == [Asked.AGE, Asked.PERMISSION, Asked.INTIMATE]
    walk.answers = walk.answers.also("who", "me").also("consent", "agreed")
    assert [asked for asked in Asked if walk._is_declared(asked)] == [
        Asked.AGE, Asked.WHO, Asked.PERMISSION, Asked.INTIMATE,
    ]  # fmt: skip


def test_it_goes_on_into_a_notice_and_comes_back(terminal: At, tmp_path: Path) -> None:
    """Age and country are not asked again, no file is opened, and the step can be marked as done afterwards."""
    at = begun(terminal, **noting_sockets(tmp_path / "log"))
    tasks = offered(answering(at, *ADULT_AND_MINE, "1", "4"))
    assert "With this you declare" in flat(at.text)
    place = next(number for number, task in enumerate(tasks, start=1) if task.startswith("Tell the platform"))
    shown = answering(at, str(place))
    assert offered(shown) == ["Go on", "Back to where I was", "Mark it as done"]
    at.type("1")
    at.answer(COUNTRY, "US")
    at.read_on_to("Type a number from 1 to")
    at.type("stop")
    assert "You stopped here. Nothing was kept and nothing was sent." in flat(at.read_on_to(PROMPT))
    assert flat(at.text).count("Was anyone in any of these pictures under 18") == 1
    shown = answering(at, "3")
    assert "You marked it done" in shown
    at.type("q")
    assert at.wait() == 0
    assert not (tmp_path / "log").exists()


def test_under_18_in_a_notice_ends_there(terminal: At) -> None:
    """As in the verb itself: who can help, exit code 4, and no way back to the list."""
    at = begun(terminal)
    answering(at, *ADULT_AND_MINE, "1", "4", "2", "1", then=COUNTRY)
    at.type("")
    at.read_on_to("Type a number from 1 to")
    at.type("under 18")
    while at.expect_one_of(MORE, "nothing was sent.") == MORE:
        at.type("")
    assert at.wait() == 4
    assert "Take It Down (NCMEC)" in flat(at.text)


def test_the_language_goes_on_too(terminal: At) -> None:
    """What was named for the guide counts in what it starts."""
    at = terminal("guide", "--lang", "es", HASHCLIENT_ENDPOINT=NOWHERE)
    more, prompt = "Pulsa Intro para continuar:", "o una letra:"
    for typed in (*ADULT_AND_MINE, "5", "1", "1", "1"):
        while at.expect_one_of(more, prompt) == more:
            at.type("")
        at.type(typed)
    at.answer(more, "")
    assert "Qué puede hacer y qué no:" in flat(at.expect(more))
    at.press_ctrl_c()
    assert at.wait() == 130


def test_a_settings_file_that_cannot_be_read_stops_nobody(terminal: At, tmp_path: Path) -> None:
    """Whoever needs help gets it; no service is set up then."""
    folder = tmp_path / ".config" / "hashclient"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("not = [toml")
    at = terminal("guide")
    assert "No service is set up here yet." in flat(at.read_on_to(PROMPT))


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_x_leaves_at_once(terminal: At, term: str) -> None:
    """The screen is cleared, with what is kept above it where that can be; not a word follows."""
    at = begun(terminal, TERM=term)
    answering(at, "1", "1")
    at.type("x")
    assert at.wait() == 0
    after = at.text[at.read_until :].partition("x\n")[2]
    assert after == ("\x1b[H\x1b[2J\x1b[3J" if term == "xterm" else "\n" * after.count("\n"))
    assert after


def test_x_works_while_more_waits_to_be_read(terminal: At) -> None:
    """Whoever has to go does not have to read on first."""
    at = terminal("guide")
    at.answer("Press Enter to go on:", "x")
    assert at.wait() == 0
    assert at.text.endswith("\x1b[3J")


def test_what_x_cannot_do_is_said(terminal: At) -> None:
    """On the first screen, before anybody relies on it."""
    at = terminal("guide")
    assert "cannot clear what your terminal keeps to scroll back to" in flat(at.read_on_to(PROMPT))


def test_ctrl_c_says_that_nothing_was_sent(terminal: At) -> None:
    """Exit code 130."""
    at = begun(terminal)
    answering(at, "1")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Stopped. Nothing was sent." in flat(at.text)


def _guide_again_and_again() -> None:
    while True:
        with contextlib.suppress(typer.Exit):  # after a request
            guide.guide()


class _EndError(Exception):
    """There is nothing more to type."""


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[int]:
    """Let chance type at the guide; give the numbers of lines that stood between two prompts."""
    chance, heights, left = random.Random(24), list[int](), [4000]

    def ask(_prompt: str) -> str:
        heights.append(capsys.readouterr().err.count("\n"))
        left[0] -= 1
        if not left[0]:
            raise _EndError
        return chance.choice(["", "b", "h", *map(str, range(1, 13)), "1", "1", "1", "1", "2"])

    monkeypatch.setattr(_terminal, "ask", ask)
    monkeypatch.setattr(_terminal, "is_terminal", lambda: True)
    monkeypatch.setattr(typer, "get_terminal_size", lambda *_: os.terminal_size((80, 24)))
    for name in ("show_hand_off", "show_for_adults", "show_for_all", "show_of_kind"):
        monkeypatch.setattr(_help, name, lambda *_: None)
    for verb, name in ((notice, "notice"), (submit, "submit")):
        monkeypatch.setattr(verb, name, lambda **_: None)  # it would write files
    return heights


@pytest.mark.parametrize("has_service", [False, True])
def test_chance_never_comes_to_an_end_that_is_none(
    typing: list[int], monkeypatch: pytest.MonkeyPatch, has_service: bool
) -> None:
    """Thousands of keys: every place has choices, every choice leads on, and every screen fits 80 by 24."""
    visited: list[str] = []
    visit = guide._Walk._visit

    def noted(walk: guide._Walk, place: str) -> Choice:
        visited.append(place)
        return visit(walk, place)

    monkeypatch.setattr(guide._Walk, "_visit", noted)
    monkeypatch.setattr(guide, "_has_service", lambda: has_service)
    with pytest.raises(_EndError):
        _guide_again_and_again()
    assert {*visited} >= {
        *questions.QUESTIONS,
        "LIST",
        "HAND_OFF",
        "SUPPORT",
        "OTHER_ROUTES",
        "talk",
        "help_now",
        "police",
    }
    assert max(typing) <= 22, max(typing)


def test_every_question_is_asked_with_all_its_words(terminal: At) -> None:
    """The clause on fakes and what counts stand there too."""
    at = begun(terminal)
    shown = answering(at, "1", "1", "1")
    assert f"{questions.QUESTIONS[Asked.AGE].clause}" in shown
    shown = answering(at, "1", "1")
    assert "It counts if the chest, genitals or bottom are bare" in shown
