"""The triage: every path ends with something that helps, and the same answers always lead to the same step."""

import ast
import inspect
from collections import Counter
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from hashclient.errors import ModelError
from hashclient.guidance import triage
from hashclient.guidance.triage import Answers, Asked, Outcome, Task

ANSWERS = {
    "safe_now": "yes no skip",
    "device": "private seen unsure skip",
    "age": "all_adult under_18 unsure",
    "who": "me asked_me professional not_asked",
    "permission": "yes no unsure",
    "intimate": "yes no unsure",
    "consent": "no pressed posted_elsewhere agreed_before agreed",
    "situation": "online_known online_unknown chat threat nothing_yet skip",
    "have": "here other_device link_only neither skip",
}
"""The questions and their answers, as the specification has them."""
ALWAYS = {"talk", "evidence", "police", "lawyer", "accounts"}


@dataclass(frozen=True)
class Path:
    """One way through the questions, found by asking only what comes next."""

    given: dict[str, str]
    shown: tuple[str, ...]
    end: Outcome
    asked: tuple[str, ...] = field(default=())

    @property
    def answers(self) -> Answers:
        return Answers.of(self.given)


def paths(given: dict[str, str] | None = None, shown: tuple[str, ...] = ()) -> Iterator[Path]:
    """Give every path, by trying every answer of the question that comes next until there is none."""
    given = given or {}
    step = triage.next_step(Answers.of(given))
    if isinstance(step, Outcome):
        yield Path(given, shown, step, tuple(given))
        return
    assert step not in given
    for answer in ANSWERS[step].split():
        longer = {**given, str(step): answer}
        on_the_way = triage.last_way(Answers.of(longer)).shown
        yield from paths(longer, (*shown, *([on_the_way] if on_the_way else [])))


ALL = tuple(paths())


def test_every_path_is_walked() -> None:
    """There are 2,424, and every outcome is reached by as many as the drawing has."""
    ends = Counter(str(path.end) for path in ALL)
    assert ends == {"LIST": 2160, "OTHER_ROUTES": 180, "SUPPORT": 60, "HAND_OFF": 24}
    assert ends.total() == 2424
    assert ends.keys() == {*Outcome}


def test_the_answers_are_those_of_the_specification() -> None:
    """No question or answer is missing, and none is added."""
    assert {str(asked): " ".join(ways) for asked, ways in triage.LEADS.items()} == ANSWERS


def test_questions_come_in_their_order() -> None:
    """Nothing is asked twice, and never one that stands before."""
    for path in ALL:
        assert list(path.asked) == [question for question in ANSWERS if question in path.given]


def test_every_path_ends_with_something_that_helps() -> None:
    """A list is never empty and has someone to talk to; every other outcome names its reason or is a hand-off."""
    for path in ALL:
        if path.end is Outcome.LIST:
            tasks = triage.plan(path.answers)
            assert {*tasks} >= ALWAYS
            assert len(tasks) == len(set(tasks))
        else:
            assert (triage.last_way(path.answers).reason is not None) == (path.end is Outcome.OTHER_ROUTES)


def test_the_list_is_for_adults_and_intimate_pictures_that_were_not_agreed_to() -> None:
    """No other answers lead there, and it is never reached without them."""
    for path in ALL:
        fits = (
            path.given.get("age") == "all_adult"
            and path.given.get("intimate") == "yes"
            and path.given.get("consent") in {"no", "pressed"}
        )
        assert fits == (path.end is Outcome.LIST)


def test_fingerprints_are_offered_only_where_there_is_a_file() -> None:
    """And always there."""
    for path in ALL:
        if path.end is Outcome.LIST:
            assert (Task.HASH in triage.plan(path.answers)) == (path.given["have"] in {"here", "other_device"})


def test_evidence_comes_before_the_notice() -> None:
    """Removal can remove evidence too; the notice is there where an address is known."""
    for path in ALL:
        if path.end is Outcome.LIST:
            tasks = triage.plan(path.answers)
            known = path.given["situation"] == "online_known" or path.given["have"] == "link_only"
            assert (Task.NOTICE in tasks) == known
            assert not known or tasks.index(Task.EVIDENCE) < tasks.index(Task.NOTICE)


def test_a_threat_and_a_chat_come_first() -> None:
    """What hurts now stands before everything else; with nothing to work on, it is talking to someone."""
    firsts: Counter[str] = Counter()
    for path in ALL:
        if path.end is Outcome.LIST:
            first = triage.plan(path.answers)[0]
            firsts[first] += 1
            if path.given["situation"] in {"threat", "chat"}:
                assert first == path.given["situation"]
            elif path.given["situation"] != "online_known" and path.given["have"] in {"neither", "skip"}:
                assert first is Task.TALK
    assert firsts == {"threat": 360, "chat": 360, "evidence": 576, "hash": 216, "stopncii": 216, "talk": 432}


def test_who_is_not_safe_is_told_of_the_emergency_number() -> None:
    """And who may be watched, of a safer device; nobody else is."""
    for path in ALL:
        assert ("emergency" in path.shown) == (path.given["safe_now"] == "no")
        assert ("safer_device" in path.shown) == (path.given["device"] in {"seen", "unsure"})
        assert ("professional" in path.shown) == (path.given.get("who") == "professional")


def test_after_under_18_or_unsure_there_is_only_the_hand_off() -> None:
    """It comes before anyone is asked who they are or what they have, and from no other answer."""
    for path in ALL:
        assert (path.end is Outcome.HAND_OFF) == (path.given["age"] in {"under_18", "unsure"})
        if path.end is Outcome.HAND_OFF:
            assert set(path.given) == {"safe_now", "device", "age"}


@pytest.mark.parametrize("age", ["under_18", "unsure"])
def test_no_further_answer_leads_out_of_the_hand_off(age: str) -> None:
    """Whatever else was answered before or is answered after, there is no list and no plan."""
    for path in ALL:
        answers = path.answers.also("age", age)
        assert triage.next_step(answers) is Outcome.HAND_OFF
        with pytest.raises(ModelError):
            triage.plan(answers)


def test_other_routes_say_why() -> None:
    """Not intimate, posted in one place, agreed before: three reasons, each from its own answers."""
    reasons = {
        (path.asked[-1], path.given[path.asked[-1]]): triage.last_way(path.answers).reason
        for path in ALL
        if path.end is Outcome.OTHER_ROUTES
    }
    assert {" ".join(answer): str(reason) for answer, reason in reasons.items()} == {
        "intimate no": "not_intimate",
        "intimate unsure": "not_intimate",
        "consent posted_elsewhere": "posted_elsewhere",
        "consent agreed_before": "agreed_before",
        "consent agreed": "agreed_before",
    }


def test_without_a_service_another_task_stands_in_place_of_the_fingerprints() -> None:
    """Everything else stays where it is."""
    for path in ALL:
        if path.end is Outcome.LIST:
            with_one, without = triage.plan(path.answers), triage.plan(path.answers, has_service=False)
            assert [Task.HASH if task is Task.NO_SERVICE else task for task in without] == list(with_one)
            assert Task.HASH not in without
            assert Task.NO_SERVICE not in with_one


def test_the_verbs_that_open_files_begin_with_the_age() -> None:
    """From there on it is the same machine."""
    assert triage.next_step(Answers(), start=Asked.AGE) is Asked.AGE
    for path in ALL:
        later = {question: answer for question, answer in path.given.items() if question not in {"safe_now", "device"}}
        assert triage.next_step(Answers.of(later), start=Asked.AGE) is path.end


def test_answers_off_the_path_decide_nothing() -> None:
    """Whoever goes back and answers otherwise is led by the new answer; the others are kept."""
    answers = Answers.of(
        {"safe_now": "yes", "device": "skip", "age": "all_adult", "who": "asked_me", "permission": "no"}
    )
    assert triage.next_step(answers) is Outcome.SUPPORT
    changed = answers.also("who", "me")
    assert changed.permission == "no"
    assert triage.next_step(changed) is Asked.INTIMATE


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("colour", "yes"),
        ("age", "yes"),
        ("age", "ALL_ADULT"),
        ("age", ""),
        ("age", True),
        ("age", 1),
        ("age", ["x"]),
        (3, "yes"),
    ],
)
def test_what_is_not_known_is_refused_and_never_guessed(question: str, answer: str) -> None:
    """An unknown question or answer is an error wherever it comes in."""
    with pytest.raises(ModelError):
        triage.way(question, answer)
    with pytest.raises(ModelError):
        Answers.of({question: answer})
    with pytest.raises(ModelError):
        Answers().also(question, answer)
    if question == "age":
        with pytest.raises(ModelError):
            Answers(age=answer)


def test_an_unfinished_way_has_no_plan() -> None:
    """A list exists only after every question."""
    with pytest.raises(ModelError):
        triage.plan(Answers(situation="threat", have="here"))


def test_answers_do_not_change() -> None:
    """One more answer makes new ones."""
    answers = Answers(age="all_adult")
    with pytest.raises(FrozenInstanceError):
        answers.age = "unsure"  # type: ignore[misc]
    assert answers.also("who", "me") == Answers(age="all_adult", who="me")
    assert answers.who is None


def test_it_knows_nothing_of_the_world() -> None:
    """No file, network or clock, and no sentence outside its docstrings."""
    tree = ast.parse(inspect.getsource(triage))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"collections.abc", "dataclasses", "enum", "types", "typing", "hashclient.errors"}
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    words = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
    assert not [text for text in words if " " in text]
