"""The triage as JSON: whoever walks it alone comes to the same steps as the machine."""

import gettext
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hashclient import messages
from hashclient.guidance import declarations, export, screens, triage
from hashclient.guidance.triage import Answers, Outcome, Task

TABLE: dict[str, Any] = json.loads(export.as_json())


def walked(
    question: str, given: dict[str, str], shown: tuple[str, ...]
) -> Iterator[tuple[dict[str, str], tuple[str, ...], str, str | None]]:
    """Follow every answer, by the table alone; give answers, screens on the way, end and reason."""
    for answer, way in TABLE["questions"][question]["answers"].items():
        longer = {**given, question: answer}
        seen = (*shown, way["shown"]) if "shown" in way else shown
        if way["to"] in TABLE["outcomes"]:
            yield longer, seen, way["to"], way.get("reason")
        else:
            yield from walked(way["to"], longer, seen)


def test_every_path_of_the_table_is_one_of_the_machine() -> None:
    """2,424 paths: the same screens on the way, the same end, the same reason, the same list."""
    ends: Counter[str] = Counter()
    for given, seen, end, reason in walked(TABLE["first_question"], {}, ()):
        answers = Answers()
        shown_by_machine = []
        for question, answer in given.items():
            assert triage.next_step(answers) == question
            answers = answers.also(question, answer)
            if on_the_way := triage.last_way(answers).shown:
                shown_by_machine.append(str(on_the_way))
        assert triage.next_step(answers) == end
        assert triage.last_way(answers).reason == reason
        assert list(seen) == shown_by_machine
        if end == Outcome.LIST:
            tasks = TABLE["plan"][given["situation"]][given["have"]]
            assert tasks == [*triage.plan(answers)]
            without = [TABLE["without_service"].get(task, task) for task in tasks]
            assert without == [*triage.plan(answers, has_service=False)]
        ends[end] += 1
    assert ends == {"LIST": 2160, "OTHER_ROUTES": 180, "SUPPORT": 60, "HAND_OFF": 24}


def test_everything_that_is_led_to_is_there() -> None:
    """No choice and no task leads out of what the table names."""
    known = {*TABLE["questions"], *TABLE["screens"], *TABLE["elsewhere"], *TABLE["acts"]}
    for screen in TABLE["screens"].values():
        for choice in screen["choices"]:
            assert choice["to"] in known
            for question, answer in choice.get("sets", {}).items():
                assert answer in TABLE["questions"][question]["answers"]
    assert {task["to"] for task in TABLE["tasks"].values()} <= known
    assert {*TABLE["tasks"]} == {*Task}


def test_every_answer_of_the_table_has_words() -> None:
    """In both forms of a question."""
    for id_, question in TABLE["questions"].items():
        assert question["text"]
        assert question["why"]
        for form in (question, question.get("for_them", question)):
            assert [*form["answers"]] == [*triage.LEADS[triage.Asked(id_)]]
            assert all(answer["words"] for answer in form["answers"].values())
    assert [id_ for id_, question in TABLE["questions"].items() if "for_them" in question] == ["consent"]


def test_the_questions_about_a_file_are_those_of_the_terminal() -> None:
    """What it is, what it was made from, and whether the picture inside goes too; under the same ids."""
    of_a_file = TABLE["of_a_file"]
    assert [*of_a_file] == ["altered", "made_from", "inner"]
    assert of_a_file["altered"]["for_videos"]["answers"].keys() == of_a_file["altered"]["answers"].keys()
    assert of_a_file["altered"]["answers"]["under_18"]["is_critical"]
    assert of_a_file["inner"] == {
        "text": "Picture {position} has another picture inside. Use both?",
        "why": "copies are often shared without the frame around it, and a fingerprint of the whole does not find those.",
        "answers": {"both": {"words": "Both (finds more copies)"}, "as_it_is": {"words": "Only as it is"}},
    }


def test_what_only_a_terminal_shows_is_left_out() -> None:
    """No part, choice or screen of it is in the table."""
    written = export.as_json()
    assert '"terminal"' not in written
    assert "x and Enter" not in written
    assert {*screens.SCREENS} - {*TABLE["screens"]} == {"actions"}


def test_critical_words_are_marked() -> None:
    """The question of age, the hand-off and the exit are; a chat is not."""
    assert TABLE["questions"]["age"]["is_critical"]
    assert all(answer["is_critical"] for answer in TABLE["questions"]["age"]["answers"].values())
    assert TABLE["screens"]["HAND_OFF"]["is_critical"]
    assert "is_critical" not in TABLE["screens"]["chat"]


def test_the_words_are_those_of_the_language_in_use() -> None:
    """The ids stay, the words change."""

    class Shouted(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return message.upper()

        def pgettext(self, context: str, message: str) -> str:
            return message.upper()

    messages.use(Shouted())
    try:
        shouted = json.loads(export.as_json("xx"))
    finally:
        messages.use(gettext.NullTranslations())
    assert shouted["language"] == "xx"
    assert shouted["questions"]["age"]["text"] == TABLE["questions"]["age"]["text"].upper()
    assert shouted["screens"]["chat"]["title"] == TABLE["screens"]["chat"]["title"].upper()
    assert shouted["plan"] == TABLE["plan"]
    assert shouted["questions"].keys() == TABLE["questions"].keys()


def test_the_declarations_are_in_it_word_for_word() -> None:
    """A page shows the same sentences, each to be affirmed."""
    assert TABLE["declarations"]["adult"] == declarations.ADULT
    assert TABLE["declarations"]["depicted"] == {"self": declarations.SELF, "represented": declarations.REPRESENTED}
    assert TABLE["declarations"]["no_consent"] == declarations.NO_CONSENT
    assert TABLE["declarations"]["note"] == declarations.NOT_AGREEING


def test_it_is_written_by_a_command() -> None:
    """`python -m` prints it."""
    command = [sys.executable, "-m", "hashclient.guidance.export"]
    written = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert json.loads(written.stdout) == TABLE
