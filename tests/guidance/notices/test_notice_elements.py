"""Every law asks for what its table of elements lists, and is refused without it, by name."""

import re
from typing import Any

import pytest

from hashclient.errors import AgeGateError, NoticeError, UsageError
from hashclient.guidance.notices import REGIMES, build
from hashclient.guidance.notices.regime import Gives
from hashclient.vocabulary import SignalType
from kit.notices import ALWAYS_MET, CASES, TABLE, complete, merged, switched_on

LAWS = list(TABLE)
WHO = ("self", "represented")


def test_the_tables_cover_every_law_and_every_element() -> None:
    """Nothing is required that no row of a table lists, and nothing is forgotten."""
    required = {law: {one.key for one in regime.elements if one.is_required} for law, regime in REGIMES.items()}
    assert required == {law: {*rows, *ALWAYS_MET.get(law, ())} for law, rows in TABLE.items()}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("law", LAWS)
def test_whoever_gives_everything_gets_a_notice(law: str, who: str) -> None:
    """With what the table lists, and no more, there is a text."""
    assert build(switched_on(law), complete(law, who), adult=True).text


@pytest.mark.parametrize(("law", "key", "who"), CASES)
def test_without_an_element_it_is_refused_by_name(law: str, key: str, who: str) -> None:
    """The one thing that is missing is the one that is named, in words that speak of it."""
    row = TABLE[law][key]
    answers = complete(law, who, without=key, besides=row.besides)
    with pytest.raises(NoticeError) as caught:
        build(switched_on(law), answers, adult=True)
    ((named, sentence),) = caught.value.refusals
    assert named == key
    assert all(re.search(words, sentence) for words in row.says), sentence


@pytest.mark.parametrize(("law", "key", "who"), CASES)
def test_each_way_to_give_an_element_is_accepted(law: str, key: str, who: str) -> None:
    """Where a table says "or", either will do."""
    row = TABLE[law][key]
    for one in row.met_by:
        answers = merged(complete(law, who, without=key, besides=row.besides), one)
        assert build(switched_on(law), answers, adult=True).text


@pytest.mark.parametrize("law", LAWS)
def test_every_element_has_a_sentence_of_its_own(law: str) -> None:
    """No two elements of a law are refused by the same sentence; that for a representative is often another."""
    for who in WHO:
        sentences = [one.refusals.of(who) for one in REGIMES[law].elements if one.refusals and who in one.who]
        assert len(sentences) == len(set(sentences))


@pytest.mark.parametrize("law", LAWS)
def test_everything_that_is_missing_is_named_at_once(law: str) -> None:
    """Without answers, all required elements are named, and who asks; nothing is half written."""
    with pytest.raises(NoticeError) as caught:
        build(switched_on(law), {}, adult=True)
    named = {key for key, _sentence in caught.value.refusals}
    expected = {key for key, row in TABLE[law].items() if "self" in row.who and row.besides is None}
    assert named - {"who"} == expected


@pytest.mark.parametrize("adult", [False, 1, "true", None, "yes"])
@pytest.mark.parametrize("law", LAWS)
def test_nothing_but_true_itself_passes_the_age_gate(law: str, adult: Any) -> None:
    """The generator makes the same check as everything else."""
    with pytest.raises(AgeGateError):
        build(switched_on(law), complete(law, "self"), adult=adult)


def test_us_signature_is_refused_in_these_words() -> None:
    """Whoever does not want to sign hears that someone may do it."""
    with pytest.raises(NoticeError) as caught:
        build(REGIMES["us"], complete("us", "self", without="U2"), adult=True)
    assert caught.value.refusals[0][1] == "The law asks for a signature. Someone may sign for you."


def test_who_asks_has_to_be_said() -> None:
    """A law that does not list it cannot be written without it either."""
    answers = complete("us", "self")
    del answers["who"]
    with pytest.raises(NoticeError) as caught:
        build(REGIMES["us"], answers, adult=True)
    assert [key for key, _sentence in caught.value.refusals] == ["who"]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("addresses", ["https://site.example/1", "C:\\pictures\\1.jpg"]),
        ("addresses", ["https://site.example/1"] * 51),
        ("email", "not an address"),
        ("forged", "perhaps"),
        ("consent_shown", ["private", "whatever"]),
        ("own_words", "x" * 301),
        ("own_words", "see file:///somewhere/picture.jpg"),
        ("own_words", "data:image/png;base64,AAAA"),
        ("signed", "yesterday"),
        ("name", ["Robin", "Kim"]),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_and_not_repeated(name: str, answer: Any) -> None:
    """The sentence says what is wrong with which answer; nothing of the answer is in it."""
    with pytest.raises(NoticeError) as caught:
        build(REGIMES["us"], complete("us", "self") | {name: answer}, adult=True)
    ((key, sentence),) = caught.value.refusals
    assert key == name
    told = f"{sentence} {caught.value} {caught.value.hint}"
    for typed in [answer] if isinstance(answer, str) else answer:
        assert typed not in told


def test_the_place_of_a_wrong_address_is_told() -> None:
    """It is the second of the two."""
    with pytest.raises(NoticeError) as caught:
        build(
            REGIMES["us"], complete("us", "self") | {"addresses": ["https://a.example", "ftp://a.example"]}, adult=True
        )
    assert caught.value.refusals[0][1] == "This is not a web address: 2. It starts with https:// or http://."


@pytest.mark.parametrize(
    "answers", [{"colour": "red"}, {"statements": ["oath"]}, {"name": 7}, {"name": None}, {"name": [1]}]
)
def test_a_question_that_is_not_there_is_never_guessed(answers: dict[str, Any]) -> None:
    """A program that asks something else hears so; nothing it gave is repeated."""
    with pytest.raises(UsageError) as caught:
        build(REGIMES["us"], complete("us", "self") | answers, adult=True)
    assert "colour" not in str(caught.value)


@pytest.mark.parametrize("law", ["dmca", "br"])
def test_what_nobody_has_read_is_off_whatever_is_given(law: str) -> None:
    """The sentence says why, and a person is named to turn to."""
    with pytest.raises(NoticeError) as caught:
        build(REGIMES[law], complete(law, "self"), adult=True)
    assert "We have not read this law" in caught.value.sentence
    assert "Nothing was written and nothing was sent." in caught.value.sentence
    assert "helpline" in caught.value.hint
    assert [key for key, _sentence in caught.value.refusals] == ["off"]


def test_a_tick_for_one_person_is_no_tick_for_another() -> None:
    """A representative needs the statement of authority even where all else is there."""
    answers = complete("us", "self") | {"who": "represented"}
    with pytest.raises(NoticeError) as caught:
        build(REGIMES["us"], answers, adult=True)
    assert [key for key, _sentence in caught.value.refusals] == ["authority"]


def test_a_fingerprint_goes_with_a_notice_alone() -> None:
    """A list for a form, or a short text to paste, has no room for a file."""
    for law, regime in REGIMES.items():
        if regime.gives is Gives.NOTICE:
            continue
        with pytest.raises(NoticeError) as caught:
            build(switched_on(law), complete(law, "self"), adult=True, fingerprint=SignalType.PDQ)
        assert [key for key, _sentence in caught.value.refusals] == ["fingerprint"]


def test_what_is_listed_and_not_forced_is_a_warning() -> None:
    """In the EU name and e-mail address are listed; a notice without them is written, and the person is told."""
    assert build(REGIMES["eu"], complete("eu", "self"), adult=True).warnings == (
        "The law lists these. Some sites accept a notice without.",
    )
    named = complete("eu", "self") | {"name": "Robin Example", "email": "x7@mail.example"}
    assert build(REGIMES["eu"], named, adult=True).warnings == ()


def test_an_error_keeps_its_sentence_across_processes() -> None:
    """As every error does."""
    import pickle

    error = pickle.loads(pickle.dumps(NoticeError(refusals=(("U2", "sentence"),))))  # noqa: S301  # our own
    assert (error.sentence, error.hint) == (NoticeError.sentence, NoticeError.hint)
