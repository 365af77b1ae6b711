"""Facts and words: each with its source, none that is unchecked shown, and all of it there for a page to use."""

import ast
import contextlib
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hashclient.guidance.notices import REGIMES, as_data, build, offered, words
from hashclient.guidance.notices.choosing import COUNTRIES
from hashclient.guidance.notices.generator import FINGERPRINT_SENTENCES, marked_fact
from hashclient.guidance.notices.regime import ByWho, Confidence, Fact, Gives
from hashclient.guidance.services import load
from hashclient.messages import Message, Plural
from kit.notices import complete, switched_on

ROOM = Path(words.__file__).parent
FACTS = [pytest.param(fact, id=fact.id) for regime in REGIMES.values() for fact in regime.facts]
PLACES = {"before", "fake", "clock", "next", "after", ""}


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_has_its_source_and_day(fact: Fact) -> None:
    """And a mark, an id and a place."""
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", fact.id)
    assert fact.source
    assert date(2020, 1, 1) < fact.source_date <= date(2026, 11, 25)
    assert fact.shown in PLACES
    assert fact.text.endswith(".")


def test_ids_of_facts_stand_once() -> None:
    """A page finds each by its id."""
    ids = [fact.id for regime in REGIMES.values() for fact in regime.facts]
    assert len(ids) == len(set(ids))


def test_what_is_unchecked_is_shown_nowhere() -> None:
    """It is kept for those who will check it."""
    unchecked = [
        fact for regime in REGIMES.values() for fact in regime.facts if fact.confidence is Confidence.UNCHECKED
    ]
    assert len(unchecked) >= 4
    for law, regime in REGIMES.items():
        shown = [fact for place in PLACES for fact in regime.facts_shown(place)]
        assert not [fact for fact in shown if fact.confidence is Confidence.UNCHECKED]
        made = build(switched_on(law), complete(law, "self"), adult=True)
        told = " ".join([made.text, *made.cover, *made.next])
        assert not [fact for fact in unchecked if fact.text.english in told]


def test_a_mark_stands_beside_what_was_not_seen_in_the_source() -> None:
    """Reported and inferred facts say so, others do not."""
    for regime in REGIMES.values():
        for fact in regime.facts:
            shown = marked_fact(fact)
            assert ("not yet checked in the law itself" in shown) is (fact.confidence is Confidence.REPORTED)
            assert ("our reading" in shown) is (fact.confidence is Confidence.INFERRED)


def test_every_law_says_what_to_do_if_nothing_happens() -> None:
    """With its mark."""
    for regime in REGIMES.values():
        assert len(regime.facts_shown("next")) == 1, regime.id


def test_dmca_and_brazil_are_off_and_nothing_else_is() -> None:
    """Until somebody has read the law."""
    assert {law for law, regime in REGIMES.items() if regime.why_off} == {"dmca", "br"}


@pytest.mark.parametrize("law", REGIMES)
def test_a_profile_without_source_day_or_checked_elements_is_off(law: str) -> None:
    """Whatever its text."""
    regime = switched_on(law)
    assert regime.why_off is None
    first = next(one for one in regime.elements if one.is_required)
    unchecked = tuple(one._replace(confidence=Confidence.UNCHECKED) if one is first else one for one in regime.elements)
    assert regime._replace(source="").why_off
    assert regime._replace(source_date=None).why_off
    assert regime._replace(elements=unchecked).why_off


def test_services_that_are_named_exist() -> None:
    """Addresses come from the list of services alone; none stands in a sentence."""
    for regime in REGIMES.values():
        assert load().keys() >= set(regime.services)
    assert not [sentence for _place, sentence in shown_sentences() if re.search(r"https?://(?!\.| or)[a-z]", sentence)]


# Which laws are offered.


@pytest.mark.parametrize(
    ("country", "laws"),
    [
        ("US", ["us", "google", "bing", "dmca"]),
        ("GB", ["us", "uk", "google", "bing", "dmca"]),
        ("DE", ["us", "eu", "google", "bing", "dmca"]),
        ("BR", ["us", "br", "google", "bing", "dmca"]),
        ("AU", ["us", "au", "google", "bing", "dmca"]),
        ("IN", ["us", "in", "google", "bing", "dmca"]),
        ("NO", ["us", "google", "bing", "dmca"]),
        (None, ["us", "uk", "eu", "br", "au", "in", "google", "bing", "dmca"]),
    ],
)
def test_laws_are_offered_by_country_and_copyright_last(country: str | None, laws: list[str]) -> None:
    """That of the US wherever someone is; whoever does not say where gets all."""
    assert [regime.id for regime in offered(country)] == laws


def test_the_european_union_has_27_states() -> None:
    """Written out here once more."""
    states = [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
    ]
    assert len(states) == 27
    assert COUNTRIES["eu"] == set(states)


# As data.


def test_everything_is_there_as_json() -> None:
    """A page can use laws, elements, statements, texts, facts, screens and sentences."""
    data = json.loads(json.dumps(as_data()))
    assert [law["id"] for law in data["laws"]] == list(REGIMES)
    assert {
        "id",
        "name",
        "gives",
        "elements",
        "statements",
        "questions",
        "text",
        "facts",
        "is_on",
        "why_off",
        "confidence",
    } <= set(data["laws"][0])
    (us, *_others, dmca) = data["laws"]
    assert us["is_on"] is True
    assert dmca["is_on"] is False
    assert us["look_after"] == 48 * 3600
    assert us["statements"][0]["legal"]["represented"].startswith("The person shown has a good faith belief")
    screens = {screen["id"] for screen in data["screens"]}
    for needed in ["law", "where", "who", "what", "contact", "say", "dmca_warning", "check", "done"]:
        assert f"notice_{needed}" in screens
    assert data["sentences"]["cover"].startswith("This is not legal advice.")
    assert data["sentences"]["things_missing"] == ["{count} thing is missing:", "{count} things are missing:"]


def test_a_text_can_be_written_from_the_data_alone() -> None:
    """A few lines that know nothing of our code write the same notice: whoever reads the JSON has all that it needs."""
    data = json.loads(json.dumps(as_data()))
    for law in data["laws"]:
        for who in ("self", "represented"):
            answers = complete(law["id"], who)
            if law["gives"] == Gives.CHECKLIST:
                continue
            assert from_data(law, who, answers) == build(switched_on(law["id"]), answers, adult=True).text


def from_data(law: dict[str, Any], who: str, answers: dict[str, Any]) -> str:
    """Write a notice as a page would."""

    def fits(answer: Any, value: str) -> bool:
        return bool(answer) if value == "*" else answer == value

    def there(sentence: dict[str, Any]) -> bool:
        return (
            all(fits(answers.get(name), value) for name, value in sentence["only"].items())
            and not any(fits(answers.get(name), value) for name, value in sentence["unless"].items())
            and all(answers.get(name) for name in re.findall(r"\{(\w+)\}", sentence["meaning"][who]))
        )

    def said(name: str) -> str:
        question = next(one for one in law["questions"] if one["id"] == name)
        answer = answers[name] if isinstance(answers[name], list) else [answers[name]]
        if question["choices"]:
            offered = question["choices"]
            return " ".join(
                offered[one]["legal"][who] or offered[one]["words"][who] for one in offered if one in answer
            )
        if question["kind"] == "day":
            return f"{date.fromisoformat(answer[0]):%-d %B %Y}"
        return "\n".join(answer)

    paragraphs = [f"Subject: {law['subject']}"] if law["subject"] else []
    for paragraph in law["text"]:
        lines = [[one["legal"][who] for one in line if there(one)] for line in paragraph]
        joined = "\n".join(" ".join(line) for line in lines if line)
        paragraphs += [re.sub(r"\{(\w+)\}", lambda field: said(field[1]), joined)] if joined else []
    return "\n\n".join(paragraphs) + "\n"


# Words.


def strings(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Give every sentence of a value, with its place; plain strings are those of the law, or ids."""
    if isinstance(value, Message | Plural):
        yield place, value
    elif isinstance(value, dict) or hasattr(value, "items"):
        for key, part in value.items():
            yield from strings(part, f"{place}.{key}")
    elif isinstance(value, ByWho):
        yield from strings(value.me, place)
        yield from strings(value.them, place)
    elif hasattr(value, "_asdict"):
        for name, part in value._asdict().items():
            yield from strings(part, f"{place}.{name}")
    elif isinstance(value, tuple):
        for part in value:
            yield from strings(part, place)


def shown_sentences() -> list[tuple[str, str]]:
    """Give every sentence of this room that a person can read."""
    found = [pair for law, regime in REGIMES.items() for pair in strings(regime, law)]
    found += [pair for name, value in vars(words).items() if name.isupper() for pair in strings(value, name)]
    found += [pair for kind, sentence in FINGERPRINT_SENTENCES.items() for pair in strings(sentence.meaning, kind)]
    plain = [
        (place, one)
        for place, value in found
        for one in ((value.singular, value.plural) if isinstance(value, Plural) else (value.english,))
    ]
    return list(dict.fromkeys(plain))


NEVER = (
    r"\banonymous\b|\buntraceable\b|\bguarantee|\bpermanently\b|\bforever\b|\b100 ?%|\bupload|\brevenge porn\b|\bvictim|"
    r"\byou must\b|\byou should have\b|!|\bserver\b|\buser\b|\bfilm\b|\bimage of you\b|\bremoved from everywhere\b"
)


def test_no_sentence_says_what_none_may() -> None:
    """No promise, no blame, no alarm."""
    assert not [pair for pair in shown_sentences() if re.search(NEVER, pair[1], re.IGNORECASE)]
    assert re.search(NEVER, "You must upload it.", re.IGNORECASE)


def test_fields_of_a_sentence_are_filled_by_something() -> None:
    """Each is an answer, or one that the code fills."""
    questions = {question.id for regime in REGIMES.values() for question in regime.questions}
    known = questions | {
        "count",
        "date",
        "element",
        "fact",
        "laws",
        "mark",
        "meaning",
        "most",
        "n",
        "name",
        "next_step",
        "source",
        "state",
        "suggested",
    }
    assert {name for _place, sentence in shown_sentences() for name in re.findall(r"\{(\w+)", sentence)} <= known


def test_every_sentence_is_marked_and_no_legal_one_is() -> None:
    """A plain string in a place for people would never be translated; a legal one never should be."""
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "_p", "_n"}:
                assert all(isinstance(argument, ast.Constant) for argument in node.args), path
    for regime in REGIMES.values():
        for statement in regime.statements:
            for who in ("self", "represented"):
                assert not isinstance(statement.legal.of(who), Message)
                assert isinstance(statement.meaning.of(who), Message)
                assert statement.meaning.of(who).english != statement.legal.of(who)


def syllables(word: str) -> int:
    """Count the syllables of an English word, about: groups of vowels, without a silent e."""
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le") and count > 1:
        count -= 1
    if word.endswith("ed") and count > 1 and word[-3] not in "td":
        count -= 1
    return max(count, 1) if word else 0


def grade(text: str) -> float:
    """Give the Flesch-Kincaid grade."""
    sentences = [one for one in re.split(r"[.!?:]+\s", text) if len(one.split()) > 1]
    spoken = [word for one in sentences for word in one.split() if re.search("[A-Za-z]", word)]
    return 0.39 * len(spoken) / len(sentences) + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59


def screens() -> Iterator[tuple[str, str]]:
    """Give the words of each screen as a person reads them: the screens of every law, and those of all."""
    for screen in words.NOTICE_SCREENS:
        yield screen.id, " ".join([f"{screen.title}.", *screen.text, *screen.answers.values(), screen.error or ""])
    for law, regime in REGIMES.items():
        for who in ("self", "represented"):
            for name in sorted({question.screen for question in regime.questions}):
                asked = [question for question in regime.questions if question.screen == name]
                told: list[str] = [one for question in asked for one in (question.question.of(who), *question.notes)]
                told += [f"{choice.words.of(who)}." for question in asked for choice in question.choices.values()]
                yield f"{law} {name} {who}", " ".join(told)
            yield f"{law} say {who}", " ".join(one.meaning.of(who) for one in regime.statements)
            yield f"{law} refusals {who}", " ".join(one.refusals.of(who) for one in regime.elements if one.refusals)
            made = build(switched_on(law), complete(law, who), adult=True)
            yield f"{law} meaning {who}", re.sub(r"https?://\S+", "", made.meaning)
            yield f"{law} done {who}", " ".join(made.next)
        yield f"{law} before", " ".join(f"{fact.text}" for fact in regime.facts_shown("before"))


@pytest.mark.parametrize(
    ("name", "text"), [pytest.param(*one, id=one[0]) for one in screens() if len(one[1].split()) >= 25]
)
def test_every_screen_reads_at_grade_7_at_most(name: str, text: str) -> None:
    """A reader of twelve follows; the sentences of the law are the law's."""
    assert grade(text) <= 7, f"{name}: {grade(text):.1f}: {text}"


def test_the_page_about_notices_says_what_is_on_and_its_examples_hold() -> None:
    """Its table, its JSON and its program."""
    page = (ROOM.parents[2] / "docs" / "notices.md").read_text()
    rows = re.findall(r"^\| [^|]+ \| `(\w+)` \| [^|]+ \| (ready|off)", page, re.MULTILINE)
    assert {law: state == "off" for law, state in rows} == {
        law: bool(regime.why_off) for law, regime in REGIMES.items()
    }
    (answers,) = re.findall(r"^```json\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert build(REGIMES["us"], {"signed": "2026-11-25"} | json.loads(answers), adult=True).text
    (program,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})  # noqa: S102  # our own page
    assert f"prints `{printed.getvalue().strip()}`" in page


def test_the_example_at_the_top_runs() -> None:
    """Whoever copies it gets what it prints."""
    import doctest

    import hashclient.guidance.notices as room

    assert doctest.testmod(room) == (0, 3)
