"""The export: whoever walks it alone comes to the same steps, the same rows and the same notices, in every language."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from babel import Locale

from hashclient.guidance import (
    countries,
    declarations,
    each_file,
    export,
    languages,
    notices,
    screens,
    service_words,
    services,
    triage,
)
from hashclient.guidance.export.references import FORMS
from hashclient.guidance.notices import REGIMES, build
from hashclient.guidance.triage import Answers, Outcome, Task
from hashclient.hashing.reposts.levels import recipes_json
from hashclient.messages import Message
from hashclient.model import Declarations
from hashclient.model.signal import QUALITY_FLOOR
from hashclient.vocabulary import Content, Coverage, Reason, SignalType
from kit.notices import complete
from kit.reading import HARDEST, grade

TABLE: dict[str, Any] = json.loads(export.as_json())
SCREENS_OF_THE_PAGE = [
    "start",
    "help_now",
    "emergency",
    "safer_device",
    "HAND_OFF",
    "professional",
    "SUPPORT",
    "OTHER_ROUTES",
    "LIST",
    "threat",
    "chat",
    "evidence",
    "stopncii",
    "move_file",
    "search",
    "police",
    "lawyer",
    "accounts",
    "talk",
    "no_service",
    "limits",
    "choose_files",
    "per_file",
    "made_from",
    "hashing",
    "inner",
    "none_usable",
    "review",
    "codes",
    "check_note",
    "send",
    "save_now",
    "sending",
    "sent",
    "not_sent",
    "refused",
    "not_confirmed",
    "taken_back",
    "saved_file",
    "what_next",
    "status_in",
    "status",
    "withdraw",
    "withdrawn",
    "not_confirmed_w",
    "others_see",
    "forget",
    "cover",
    "closing",
    "own_fault",
    "no_script",
    "settings",
    "ended",
    "limits_only",
    "enter_address",
]
"""The screens of the specification; the last two are the limits from the footer, and where an address is entered."""
QUESTIONS_OF_THE_PAGE = ["safe_now", "device", "age", "who", "permission", "intimate", "consent", "situation", "have"]
NOTICE_SCREENS_OF_THE_PAGE = ["law", "where", "who", "what", "contact", "say", "dmca_warning", "check", "done"]
TODAY = date(2026, 11, 25)


def said(reference: Any, language: str = "en") -> str:
    """Give the words of a reference."""
    match reference:
        case int():
            words = TABLE["strings"][language][reference]
            return words if isinstance(words, str) else words[-1]
        case list():
            return " ".join(said(one, language) for one in reference)
        case {"text": text, "with": fields}:
            return said(text, language).format(**fields)
    raise AssertionError(reference)


def words_in(node: Any) -> Iterator[Any]:
    """Give every reference of questions and screens."""
    named = ("text", "clause", "why", "error", "title", "words", "note", "name", "line", "heading")
    if isinstance(node, dict):
        for name, part in node.items():
            if name in named and isinstance(part, int | list | dict):
                yield part
            elif name == "details":
                yield from part
            elif isinstance(part, dict | list):
                yield from words_in(part)
    elif isinstance(node, list):
        for part in node:
            yield from words_in(part)


# The way through it.


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


def test_every_screen_of_the_specification_is_there() -> None:
    """And no other; questions and the screens of a notice as well."""
    assert sorted(TABLE["screens"]) == sorted(SCREENS_OF_THE_PAGE)
    assert [*TABLE["questions"]][:9] == QUESTIONS_OF_THE_PAGE
    assert {*TABLE["questions"]} - {*QUESTIONS_OF_THE_PAGE} == {
        "per_file", "per_video", "made_from", "inner", "country", "under_18_now",
    }  # fmt: skip
    of_notice = {screen["id"] for screen in TABLE["notice"]["screens"]}
    assert of_notice >= {f"notice_{name}" for name in NOTICE_SCREENS_OF_THE_PAGE}
    assert of_notice >= {*TABLE["notice"]["flow"], *TABLE["notice"]["for_a_list"].values()}
    assert {*TABLE["search"]} == {"search_google", "search_bing"}
    assert {law["id"] for law in TABLE["notice"]["laws"]} >= {*TABLE["search"].values()}


def known_targets() -> set[str]:
    """Give everything that a choice may lead to."""
    of_notice = {screen["id"] for screen in TABLE["notice"]["screens"]}
    return {*TABLE["questions"], *TABLE["screens"], *TABLE["acts"], *TABLE["search"], *of_notice}


def test_everything_that_is_led_to_is_there() -> None:
    """No choice, no answer, no deed, no task and no link of the footer leads out of the table; every deed is one of those named."""
    known = known_targets()
    for screen in TABLE["screens"].values():
        for choice in screen.get("choices", ()):
            assert choice["to"] in known
            assert choice.get("does", "send") in TABLE["deeds"]
            for question, answer in choice.get("sets", {}).items():
                assert answer in TABLE["questions"][question]["answers"]
        for part in screen.get("parts", ()):
            assert part.get("kind") != "question" or part["row"] in TABLE["questions"]
    for question in TABLE["questions"].values():
        for answer in question.get("answers", {}).values():
            assert answer.get("to", "back") in known
            assert answer.get("shown", "back") in known
    assert {to for of in TABLE["deeds_lead_to"].values() for to in of} <= known
    assert {task["to"] for task in TABLE["tasks"].values()} <= known
    assert {*TABLE["tasks"]} == {*Task}
    assert {to for to, _words in TABLE["footer"]} <= known
    assert {*TABLE["no_script"]} <= {*TABLE["screens"], "actions"}
    assert {to for ways in TABLE["notice"]["to"].values() for to in ways.values()} <= known
    assert set(TABLE["hashing_leads_to"]) <= known
    assert TABLE["start"] in known


def test_every_screen_is_led_to() -> None:
    """From the start, through answers, choices, tasks, deeds and what a page does by itself; none stands alone."""
    by_itself = {"closing", "cover", "own_fault", "no_script", "ended", "start", *TABLE["hashing_leads_to"]}
    reached = by_itself | {task["to"] for task in TABLE["tasks"].values()} | {to for to, _words in TABLE["footer"]}
    for of in TABLE["deeds_lead_to"].values():
        reached |= set(of)
    for question in TABLE["questions"].values():
        for way in question.get("answers", {}).values():
            reached |= {way.get("to", ""), way.get("shown", "")}
    for screen in TABLE["screens"].values():
        reached |= {choice["to"] for choice in screen.get("choices", ())}
    assert {*TABLE["screens"]} - reached == set()


def test_no_screen_of_a_page_is_a_dead_end() -> None:
    """On all but the end and while it is being sent, something can be chosen or answered."""
    for id_, screen in TABLE["screens"].items():
        asks = any(part.get("kind") == "question" for part in screen.get("parts", ()))
        assert screen.get("choices") or asks or id_ in {"ended", "sending"}, id_


def test_nothing_is_sent_before_number_and_pin_were_shown() -> None:
    """What would be sent leads to the codes, those to the check, that to sending; and only the screen of sending sends first."""
    leads = {id_: {choice["to"] for choice in screen.get("choices", ())} for id_, screen in TABLE["screens"].items()}
    assert [id_ for id_, to in leads.items() if "sending" in to] == ["send", "not_sent", "not_confirmed"]
    assert [id_ for id_, to in leads.items() if "send" in to] == ["check_note"]
    assert [id_ for id_, to in leads.items() if "check_note" in to] == ["codes"]
    assert [id_ for id_, to in leads.items() if "codes" in to] == ["review", "codes"]


def test_under_18_can_be_said_wherever_files_are_spoken_of() -> None:
    """It leads to the hand-off, and from there nothing leads to files."""
    assert "HAND_OFF" in {choice["to"] for choice in TABLE["screens"]["choose_files"]["choices"]}
    for id_ in ("per_file", "per_video"):
        assert TABLE["questions"][id_]["answers"]["under_18"]["to"] == "HAND_OFF"
    assert {choice["to"] for choice in TABLE["screens"]["HAND_OFF"]["choices"]} == {"print", "withdraw", "start_again"}


def test_every_answer_of_the_table_has_words() -> None:
    """In both forms of a question."""
    for id_ in QUESTIONS_OF_THE_PAGE:
        question = TABLE["questions"][id_]
        assert said(question["text"]).endswith("?")
        assert said(question["why"]).endswith(".")
        for form in (question, question.get("for_them", question)):
            assert [*form["answers"]] == [*triage.LEADS[triage.Asked(id_)]]
            assert all(said(answer["words"]) for answer in form["answers"].values())
    assert [id_ for id_, question in TABLE["questions"].items() if "for_them" in question] == ["consent"]


def test_the_questions_about_a_file_are_those_of_the_terminal() -> None:
    """What it is, what it was made from, and whether the picture inside goes too; with the same answers."""
    asked = TABLE["questions"]
    assert (
        asked["per_file"]["answers"].keys()
        == asked["per_video"]["answers"].keys()
        == each_file.EACH_FILE.answers.keys()
    )
    assert asked["per_file"]["answers"]["under_18"]["words"] < TABLE["critical"]
    assert said(asked["inner"]["text"]) == each_file.INNER.text
    assert said(asked["inner"]["why"]) == each_file.INNER.why
    assert [said(answer["words"]) for answer in asked["inner"]["answers"].values()] == [
        *each_file.INNER.answers.values()
    ]


def test_what_only_a_terminal_shows_is_left_out() -> None:
    """No part, choice or screen of it is in the table, and no string speaks of commands but the one for whoever has no scripts."""
    written = export.as_json()
    assert '"terminal"' not in written
    assert {*screens.SCREENS} - {*TABLE["screens"]} == {"actions"}
    of_commands = re.compile(r"Ctrl|\bEnter\b(?! an)|hashclient|--[a-z]|this program does not know|press [a-z]\b")
    found = [words for words in TABLE["strings"]["en"] if of_commands.search(str(words))]
    (no_script, *_others) = (part["words"] for part in TABLE["screens"]["no_script"]["parts"])
    states = TABLE["endings"]["states"]["other"]
    assert {*found} <= {said(no_script), said(states)}


# The words.


def test_every_reference_has_words_in_every_language() -> None:
    """As many strings, each with as many forms as the language has; the ones of English are English."""
    count = len(TABLE["strings"]["en"])
    for code, language in TABLE["languages"].items():
        strings = TABLE["strings"][code]
        assert len(strings) == count
        for words, english in zip(strings, TABLE["strings"]["en"], strict=True):
            assert isinstance(words, str) == isinstance(english, str)
            assert words
            if isinstance(words, list):
                assert len(words) == len(language["plurals"])
    references = [*words_in({name: TABLE[name] for name in ("questions", "screens", "tasks")})]
    assert len(references) > 400
    assert all(said(reference) for reference in references)


@pytest.mark.parametrize("code", ["es", "fr", "ar"])
def test_every_sentence_is_translated(code: str) -> None:
    """What is the same as in English has no sentence in it: names, signs, a word that both have."""
    same = [
        english
        for words, english in zip(TABLE["strings"][code], TABLE["strings"]["en"], strict=True)
        if words == english and isinstance(english, str)
    ]
    assert [words for words in same if len(re.findall(r"(?<!{)\b[A-Za-z]+\b(?!})", words)) > 2] == []
    assert len(same) < 30


def test_a_string_stands_once() -> None:
    """No two rows are the same in all languages and in how critical they are."""
    critical = TABLE["critical"]
    rows = [
        (number < critical, json.dumps(row)) for number, row in enumerate(zip(*TABLE["strings"].values(), strict=True))
    ]
    assert len(rows) == len(set(rows))


def test_no_string_has_a_field_that_only_python_fills() -> None:
    """Names in braces, without a format; the same ones in every language, but for the number."""
    for row in zip(*TABLE["strings"].values(), strict=True):
        fields = []
        for words in row:
            forms = [words] if isinstance(words, str) else words
            for form in forms:
                assert re.sub(r"\{[a-z_0-9]+\}", "", form).count("{") == 0
            fields.append({name for form in forms for name in re.findall(r"\{(\w+)\}", form)} - {"count"})
        assert all(one == fields[0] for one in fields)


def test_critical_words_come_first() -> None:
    """The question of age, the hand-off, the declarations and the codes are; a chat is not."""
    critical = TABLE["critical"]
    age = TABLE["questions"]["age"]
    assert age["text"] < critical
    assert all(answer["words"] < critical for answer in age["answers"].values())
    assert TABLE["screens"]["HAND_OFF"]["title"] < critical
    assert TABLE["screens"]["codes"]["title"] < critical
    assert all(reference < critical for reference in TABLE["truth"].values())
    assert TABLE["screens"]["chat"]["title"] >= critical


@pytest.mark.parametrize("code", [*FORMS])
def test_the_form_by_number_is_that_of_the_platform(code: str) -> None:
    """`Intl.PluralRules` follows CLDR, as Babel does: it gives the form that our catalogue has at that place."""
    language = TABLE["languages"][code]
    spoken = languages.catalogue(code)
    plural = service_words.LANGUAGES_AND_MORE, "{count} minute", "{count} minutes"
    forms = [spoken.ngettext(*plural[1:], number) for number in FORMS[code].values()]
    for count in range(301):
        name = Locale.parse(code).plural_form(count)
        at = language["plurals"].index(name) if name in language["plurals"] else -1
        assert forms[at] == spoken.ngettext(*plural[1:], count), (code, count)


def test_the_declarations_are_in_it_word_for_word() -> None:
    """A page shows the same sentences, each to be affirmed, and says which ones they were."""
    said_by = TABLE["declarations"]
    assert said_by["wording"] == Declarations.model_fields["wording"].default
    assert said(said_by["adult"]) == declarations.ADULT
    assert said(said_by["self"]) == declarations.SELF
    assert said(said_by["represented"]) == declarations.REPRESENTED
    assert said(said_by["intimate"]) == declarations.INTIMATE
    assert {who: said(words) for who, words in said_by["no_consent"].items()} == declarations.NO_CONSENT
    assert said(said_by["note"]) == declarations.NOT_AGREEING


def test_a_twelve_year_old_can_read_every_screen_of_the_page() -> None:
    """Read from the table alone: titles, parts, choices, with the safety actions and the limits where they stand."""
    graded = 0
    for id_, screen in TABLE["screens"].items():
        parts = [said(one) for one in words_in(screen)]
        graded += grade(parts) > 0
        assert grade(parts) <= HARDEST, id_
    assert graded > 25


def test_the_words_of_the_specification_stand_letter_for_letter() -> None:
    """A few of each screen that only a page has."""
    expected = {
        "limits": "We now ask {host} what it takes. It can see your internet address.",
        "choose_files": "The names stay in this list, and no picture is shown.",
        "hashing": "This browser changes pictures a little, so its fingerprints would not fit. Nothing was sent.",
        "none_usable": "You can choose others, or go on without: the notice needs no file.",
        "review": "Nothing goes before you say so on the last step.",
        "codes": "Not we, not the service. Without them you cannot look at your request or take it back. Anyone who finds both can take it back.",
        "check_note": "Type both from your paper. You may paste. A slip does no harm: you can look again.",
        "not_sent": "Nothing left this device. You can try again with the same number.",
        "refused": "Keep your number. An earlier try may have arrived. Look later.",
        "not_confirmed": "You can try again: the same number is used, so it cannot count twice. Or look later.",
        "taken_back": "The service knows this request: it arrived, and was taken back.",
        "saved_file": "It counts only when the service gets it from you.",
        "what_next": "You may never hear of a match. That does not mean that it is gone, or that it is there.",
        "status_in": "Compare both with your note. A number counts only after it was received.",
        "withdraw": "What platforms already removed stays removed.",
    }
    for id_, sentence in expected.items():
        assert sentence in " ".join(said(one) for one in words_in(TABLE["screens"][id_])), id_
    assert [said(words) for words in TABLE["truth"].values()] == [
        "Only on this device. Nothing has been sent.",
        "Nothing has been sent yet.",
        "Sending now.",
        "Sent to {host}. The pictures are still only with you.",
        "We do not know if it arrived.",
        "Everything you entered was forgotten. Nothing was sent.",
    ]
    assert [said(words) for _id, words in TABLE["steps"]] == [
        "Safety", "Questions", "Your files", "Check", "Number and PIN", "Send", "What next",
    ]  # fmt: skip
    assert TABLE["title"] == "Notes"


def test_steps_are_those_of_screens_and_none_of_the_hand_off() -> None:
    """Lists, help and hand-off have none."""
    steps = {id_ for id_, _words in TABLE["steps"]}
    assert {*TABLE["step_of"].values()} == steps
    assert {*TABLE["step_of"]} <= {*TABLE["screens"], *TABLE["questions"]}
    assert not {"HAND_OFF", "LIST", "talk", "help_now", "others_see"} & {*TABLE["step_of"]}


# Services and countries.


@cache
def rows_by_id() -> list[str]:
    return [row["id"] for row in TABLE["services"]["rows"]]


def listed(which: str, country: str, language: str) -> list[str]:
    """Give the ids of the rows that a page shows, by the table alone."""
    lists = TABLE["services"][which]
    order = lists.get(country, lists.get(""))
    return [rows_by_id()[at] for at in (order if isinstance(order, list) else order[language])]


@pytest.mark.parametrize("language", [*languages.LANGUAGE_NAMES])
def test_the_rows_of_every_country_are_those_that_are_chosen_here(language: str) -> None:
    """For under-18s and for adults, in every order of languages; and where somebody said that they are under 18 now."""
    now = TABLE["services"]["under_18_now"]
    unasked = TABLE["services"]["under_18_unasked"]
    assert {*now} == {*unasked} == {"GB"}
    for country in ("", *countries.names_in_all()):
        assert listed("under_18", country, language) == [
            row.id for row in services.hand_off(country or None, language=language, today=TODAY)
        ], country
        assert listed("adult", country, language) == [
            row.id for row in services.for_adults(country or None, language=language, today=TODAY)
        ], country
        if country in now:
            young = [row.id for row in services.hand_off(country, under_18_now=True, language=language, today=TODAY)]
            assert listed("under_18_now", country, language) == young
            either = [row.id for row in services.hand_off_unasked(country, language=language, today=TODAY)]
            assert listed("under_18_unasked", country, language) == either


def test_a_row_says_what_the_terminal_says() -> None:
    """Its note, its hours, what it keeps private; and how far it was checked, with its day."""
    for row in TABLE["services"]["rows"]:
        service = services.load()[row["id"]]
        lines = [str(line) for line in service_words.lines_of_service(service, language=None, today=TODAY)]
        notes = " ".join(said(one) for one in row["notes"][: 1 + service.receives_image])
        assert notes in lines
        assert ("risky" in said(row["notes"][-1])) == (service.kind == "police")
        assert any(said(row["privacy"]) in line for line in lines)
        if row.get("asks_hours"):
            pieces = [piece if isinstance(piece, str) else said(piece) for piece in row.get("hours", ())]
            words = f"Hours: {''.join(pieces)}." if pieces else "Hours: not known."
            assert any(words in line for line in lines)
        assert row["checked_on"] == service.checked_on.isoformat()
        assert row.get("is_verified", False) is service.verified


def test_no_crisis_line_is_in_it_that_nobody_verified() -> None:
    """A wrong number harms more than none."""
    assert [line["number"] for line in TABLE["crisis"]] == [line.number for line in services.crisis_lines(today=TODAY)]


def test_every_country_has_its_name_in_every_language() -> None:
    """In the order of the codes."""
    codes = TABLE["countries"]["codes"].split()
    assert len(codes) > 240
    for language in languages.LANGUAGE_NAMES:
        names = TABLE["countries"][language].split("|")
        assert len(names) == len(codes)
        assert names[codes.index("GB")] == countries.names_in_all()["GB"][language]
    spoken = {code for row in TABLE["services"]["rows"] for code in row.get("languages", "").split()}
    assert spoken <= {*TABLE["countries"]["languages"]}


# Notices.


@pytest.mark.parametrize("who", ["self", "represented"])
@pytest.mark.parametrize("law_id", [id_ for id_, law in REGIMES.items() if not law.why_off])
def test_a_notice_can_be_written_from_the_table_alone(law_id: str, who: str) -> None:
    """The same text as here, with and without a fingerprint, in English; a list for the person as well."""
    law = next(one for one in TABLE["notice"]["laws"] if one["id"] == law_id)
    answers = complete(law_id, who)
    assert written(law, who, answers) == build(REGIMES[law_id], answers, adult=True).text
    if law["gives"] == "notice":
        text = build(REGIMES[law_id], answers, adult=True, fingerprint=SignalType.PDQ).text
        assert written(law, who, answers, TABLE["notice"]["fingerprints"]["pdq"]) == text


def of(who: str, words: Any) -> Any:
    """Give the words for whoever asks."""
    return words[who] if isinstance(words, dict) and words.keys() == {"self", "represented"} else words


def is_there(sentence: dict[str, Any], who: str, answers: dict[str, Any]) -> bool:
    """Tell whether a sentence stands in the text."""

    def is_so(answer: Any, value: str) -> bool:
        return bool(answer) if value == "*" else answer == value

    needed = re.findall(r"\{(\w+)\}", said(of(who, sentence["meaning"])))
    return (
        all(is_so(answers.get(name), value) for name, value in sentence.get("only", {}).items())
        and not any(is_so(answers.get(name), value) for name, value in sentence.get("unless", {}).items())
        and all(answers.get(name) for name in needed)
    )


def filled(question: dict[str, Any], who: str, answers: dict[str, Any]) -> str:
    """Give what fills the field of a question."""
    answer = answers.get(question["id"], [])
    several = [answer] if isinstance(answer, str) else answer
    if "choices" in question:
        chosen = [question["choices"][one] for one in question["choices"] if one in several]
        return " ".join(of(who, one["legal"]) if "legal" in one else said(of(who, one["words"])) for one in chosen)
    if question["kind"] == "day" and several:
        day = date.fromisoformat(several[0])
        return f"{day.day} {TABLE['notice']['rules']['months'][day.month - 1]} {day.year}"
    return "\n".join(several)


def written(law: dict[str, Any], who: str, answers: dict[str, Any], fingerprint: Any = None) -> str:
    """Write a notice as a page would, by the description of the form alone."""
    fields = {question["id"]: filled(question, who, answers) for question in law["questions"]}
    paragraphs = law["text"]
    if fingerprint:
        paragraphs = [*paragraphs[:-1], [[fingerprint]], paragraphs[-1]]
    blocks = [f"Subject: {law['subject']}"] if "subject" in law else []
    for paragraph in paragraphs:
        lines = [
            [
                (of(who, one["legal"]) if "legal" in one else said(of(who, one["meaning"]))).format(**fields)
                for one in line
                if is_there(one, who, answers)
            ]
            for line in paragraph
        ]
        if any(lines):
            blocks.append("\n".join(" ".join(sentences) for sentences in lines if sentences))
    return "\n\n".join(blocks) + "\n"


def test_a_law_that_is_off_has_no_text() -> None:
    """What is said of it is there, and why."""
    for law in TABLE["notice"]["laws"]:
        is_on = REGIMES[law["id"]].why_off is None
        assert law.get("is_on", False) is is_on
        assert ("text" in law) is ("elements" in law) is is_on
        assert is_on or said(law["why_off"])


def test_laws_are_offered_as_here() -> None:
    """By country, in their order; all where no country was told."""
    notice = TABLE["notice"]
    for country in ("US", "GB", "DE", "BR", "AU", "IN", "NO"):
        offered = [
            law["id"]
            for law in notice["laws"]
            if law["id"] in notice["for_all"] or country in notice["countries"].get(law["id"], ())
        ]
        assert offered == [law.id for law in notices.offered(country)]


def test_no_fact_is_in_it_that_nobody_checked() -> None:
    """Nor one that is shown nowhere."""
    facts = [fact for law in TABLE["notice"]["laws"] for fact in law["facts"]]
    assert len(facts) > 20
    assert all(fact["confidence"] != "unchecked" and fact["shown"] for fact in facts)


# Reasons and figures.


def test_every_reason_has_a_sentence_and_a_hint() -> None:
    """Of pictures, of videos and of what is neither; and of a service."""
    for content in Content:
        of_content = TABLE["reasons"][content]
        assert {*of_content} >= {Reason.LOW_QUALITY, Reason.FLAT, Reason.DAMAGED, "unsupported-media", "broken-media"}
        assert {*of_content} >= {"media-too-large", "empty-media", "stopped-media"}
        for sentence, hint in of_content.values():
            assert said(sentence).endswith(".")
            assert said(hint).endswith(".")
    assert {*TABLE["reasons"]["any"]} < {*TABLE["reasons"]["image"]}
    unfit = {"low-quality", "flat", "type-not-accepted", "too-many-items", "too-many-signals", "representative"}
    assert {*TABLE["service_faults"]["unfit"]} == unfit
    assert {*TABLE["service_faults"]["refused"]} >= {"age-gate", "too-large", "other"}


def test_the_figures_are_those_in_force() -> None:
    """Recipes in their order, floors, limits."""
    recipes = TABLE["recipes"]
    assert recipes["recipes"] == [*recipes_json(Coverage.WIDE)]
    assert recipes["hashes"]["wide"] == len(recipes["recipes"]) + 1
    assert TABLE["limits"]["signal"]["quality_floor"] == QUALITY_FLOOR
    assert TABLE["limits"]["image"]["max_file_bytes"] == 64 * 1024 * 1024


def test_it_is_small_and_always_the_same() -> None:
    """A page has 600 kB for everything: more than 420 of them would leave too little for the code."""
    first, second = export.as_json(), export.as_json()
    assert first == second
    assert len(first.encode()) <= 420_000
    assert timedelta(days=TABLE["services"]["check_lasts"]) == services.CHECK_LASTS


def test_it_does_not_depend_on_the_language_in_use() -> None:
    """What stands in English stays English, whatever is spoken when it is written."""
    from hashclient import messages

    before = export.as_json()
    messages.use(languages.catalogue("ar"))
    try:
        assert export.as_json() == before
    finally:
        messages.use(languages.catalogue("en"))


def test_it_is_written_by_a_command() -> None:
    """`python -m` prints it, on another start of Python the same."""
    command = [sys.executable, "-m", "hashclient.guidance.export"]
    written_by = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert json.loads(written_by.stdout) == TABLE


def test_words_are_never_written_but_as_references() -> None:
    """A sentence that is marked for translation stands nowhere else in the table."""
    rest = json.dumps({name: part for name, part in TABLE.items() if name != "strings"}, ensure_ascii=False)
    assert isinstance(screens.SCREENS["chat"].title, Message)
    sentences = [words for words in TABLE["strings"]["en"] if isinstance(words, str) and len(words) > 60]
    assert len(sentences) > 300
    assert [words for words in sentences if json.dumps(words, ensure_ascii=False) in rest] == []
