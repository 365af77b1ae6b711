"""The sentences for people: what they never say, and what they have to say."""

import re
from collections.abc import Iterator, Mapping

import pytest

from hashclient import errors
from hashclient.guidance import (
    codes,
    declarations,
    each_file,
    endings,
    operators,
    questions,
    review,
    screens,
    service_words,
    texts,
)
from hashclient.guidance.screens import actions, files, frame, outcomes, request, safety, small, tasks, terminal
from hashclient.guidance.triage import FOR_ANOTHER, Answers, Asked
from hashclient.messages import Message, Plural
from hashclient.model import CaseStatus, Declarations

NEVER = [
    r"\banonymous\b",
    r"\bcannot be (reversed|turned back)\b",
    r"\bone-way\b",
    r"\birreversible\b",
    r"\buntraceable\b",
    r"\bdeleted for ever\b",
    r"\bremoved from everywhere\b|\bthe whole internet\b(?<!not on the whole internet)",
    r"\bguarantee",
    r"\bpermanently\b|\bforever\b",
    r"\b100 ?%",
    r"\bupload",
    r"\brevenge porn\b(?! helpline)",
    r"\bvictim",
    r"\byou must\b|\byou should have\b",
    r"\bscan(s|ned)? your\b",
    r"\bencrypt(s|ed)? your (image|picture)",
    r"\bno match found\b|\byou are safe now\b",
    r"!",
]
"""What no sentence for people says, in any case of letters."""


def _strings(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Plural):
        yield from ((name, Message(words)) for words in (value.singular, value.plural))
    elif isinstance(value, questions.Question):
        more = (value.clause, value.error, *(value.details or ()))
        yield from _strings((value.text, value.why, *value.answers.values(), *value.notes.values(), *more), name)
    elif isinstance(value, screens.Screen):
        chosen = tuple(words for one in value.choices for words in (one.words, one.note))
        yield from _strings((value.title, *(part.words for part in value.parts), *chosen), name)
    elif isinstance(value, screens.Row):
        yield from _strings((value.name, value.line), name)
    elif isinstance(value, Mapping):
        yield from _strings(tuple(value.values()), name)
    elif isinstance(value, tuple):
        for part in value:
            yield from _strings(part, name)


def sentences() -> list[tuple[str, str]]:
    """Give every sentence of texts, questions and errors, with the name it is found under."""
    found = [
        pair
        for room in (
            *(codes, declarations, each_file, endings, operators, questions, review, service_words, texts),
            *(actions, files, frame, outcomes, request, safety, small, tasks, terminal),
        )
        for name, value in vars(room).items()
        if name.isupper()
        for pair in _strings(value, name)
    ]
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, errors.HashclientError):
            found += [(name, kind().sentence), (name, kind().hint)]
    return found


@pytest.mark.parametrize("never", NEVER)
def test_no_sentence_promises_or_says_what_it_may_not(never: str) -> None:
    """No text, question or error holds a banned phrase."""
    assert not [pair for pair in sentences() if re.search(never, pair[1], re.IGNORECASE)]


def test_the_search_for_phrases_sees() -> None:
    """Every banned phrase is found where it is planted."""
    planted = (
        "Anonymous, cannot be reversed, one-way, irreversible, untraceable, deleted for ever, removed from everywhere, "
        "guaranteed, permanently, 100 %, upload it, revenge porn, the victim, you must, scans your image, "
        "encrypts your picture, no match found!"
    )
    assert all(re.search(never, planted, re.IGNORECASE) for never in NEVER)


def test_what_is_said_of_the_whole_internet_is_that_it_does_not_work_there() -> None:
    """One sentence has the phrase, to say no."""
    found = [words for _, words in sentences() if "whole internet" in words]
    assert {*found} == {texts.LIMITS[0]}


def test_the_declarations_are_word_for_word_those_of_the_specification() -> None:
    """What a person affirms at the terminal is what the fields of the submission say."""
    said = {name: field.description or "" for name, field in Declarations.model_fields.items()}
    assert said["adult"].startswith(declarations.ADULT.replace(". None", "; none").rstrip("."))
    assert declarations.INTIMATE in said["intimate"]


def test_an_answer_that_affirms_shows_the_declaration() -> None:
    """Nobody affirms by a short yes what they have not read: before a request, it stands in full under the answer."""
    for who in ("me", *sorted(FOR_ANOTHER)):
        answers = Answers(who=who)
        fourth = declarations.NO_CONSENT["self" if who == "me" else "represented"]
        for asked, answer, declared in (
            (Asked.AGE, "all_adult", declarations.ADULT),
            (Asked.WHO, "me", declarations.SELF),
            (Asked.PERMISSION, "yes", declarations.REPRESENTED),
            (Asked.INTIMATE, "yes", declarations.INTIMATE),
            (Asked.CONSENT, "no", fourth),
            (Asked.CONSENT, "pressed", fourth),
        ):
            note = questions.declaring(asked, answers).notes[answer]
            assert note.startswith(f'With this you declare: "{declared.english}"')
            assert note.endswith(declarations.NOT_AGREEING) == (asked is Asked.CONSENT)


def test_no_other_answer_declares_anything() -> None:
    """Six answers do, of all that are asked before a request."""
    declaring = [questions.declaring(asked, Answers(who="me")) for asked in Asked]
    notes = [note for question in declaring for note in question.notes.values() if "declare" in note]
    assert len(notes) == 6


def test_every_question_says_why_it_is_asked() -> None:
    """A question without its reason is not asked."""
    each = [value for value in vars(each_file).values() if isinstance(value, questions.Question)]
    asked = [
        *questions.QUESTIONS.values(),
        *questions.FOR_THEM.values(),
        questions.COUNTRY,
        questions.UNDER_18_NOW,
        *each,
    ]
    assert all(question.why.endswith(".") and question.text.endswith("?") for question in asked)


def test_there_are_ten_limits() -> None:
    """The limits are all there, in their order."""
    assert len(texts.LIMITS) == 10


def test_every_format_field_is_known() -> None:
    """No sentence has braces that nobody fills."""
    fields = {found for _, words in sentences() for found in re.findall(r"\{(\w*)[^}]*\}", words)}
    known = """
        about address answers attempt code command count countries country date day days declaration decoder digest
        digits distance done earlier error fetched file first found host hours items kind languages last least
        length line month most name number numbers options others page pages part partners percent phone platforms position
        protection rate reason runs seconds sentence signals state suite task total type why word words year
    """
    assert fields == set(known.split())


def test_the_sentences_of_wording_2() -> None:
    """The four sentences that a submission says were affirmed, and the note, letter for letter: a change needs a new number."""
    assert Declarations.model_fields["wording"].default == 2
    assert declarations.ADULT == (
        "Everyone in these images was 18 or over when they were made. "
        "None is made to look under 18, or made from a photo of someone under 18."
    )
    assert declarations.SELF == "I am in these images."
    assert declarations.REPRESENTED == (
        "The person in these images asked me to act, and agreed, knowing what is sent and to whom."
    )
    assert declarations.INTIMATE == "Each image is nude, partly nude or sexual, or made to look so."
    rest = "did not agree to this being shared, or, if fake, made. (A threat counts.)"
    assert {"self": f"I {rest}", "represented": f"They {rest}"} == declarations.NO_CONSENT
    assert declarations.NOT_AGREEING == "A yes that was pressed, threatened or tricked out of you is not agreeing."


def test_every_state_has_its_words() -> None:
    """Whatever a reader can get has a sentence, and a state that is not known promises nothing."""
    assert endings.STATES.keys() == {*CaseStatus}
    assert "does not know" in endings.STATES["other"]
    for words in ("Received by", "Held for", "You took this request back", "no longer holds"):
        assert words not in endings.STATES["other"]


@pytest.mark.parametrize("room", [codes, each_file, endings, review, texts])
def test_every_sentence_is_marked_for_translation(room: object) -> None:
    """What is not marked stays English in every language."""
    found = [pair for name, value in vars(room).items() if name.isupper() for pair in _strings(value, name)]
    assert found
    assert not [pair for pair in found if not isinstance(pair[1], Message)]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "Check the number and the PIN, and try again later."),
        (20, "Wait 1 minute, check the number and the PIN, and try again."),
        (61, "Wait 2 minutes, check the number and the PIN, and try again."),
        (3600, "Wait 60 minutes, check the number and the PIN, and try again."),
        (3601, "Wait 2 hours, check the number and the PIN, and try again."),
    ],
)
def test_how_long_to_wait_is_what_the_service_said(seconds: float | None, words: str) -> None:
    """And no number where it did not say it."""
    assert endings.wait(seconds) == words
