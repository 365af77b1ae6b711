"""The texts as they stand: golden files, plain words, nothing that is not asked for, nothing that Markdown could take for its own."""

import gettext
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient import messages
from hashclient.guidance.notices import REGIMES, Notice, build
from hashclient.guidance.notices.answers import one_plain_line
from hashclient.guidance.notices.generator import FINGERPRINT_SENTENCES
from hashclient.guidance.notices.regime import Gives
from hashclient.vocabulary import SignalType
from kit.notices import IN_WORDS, TABLE, Answers, complete, merged, switched_on

GOLDEN = Path(__file__).parent / "golden"
WHO = ("self", "represented")
FORGED = ("real", "fake")
OFFERED: dict[str, Answers] = {
    "us": {"shown_by": "mark", "own_words": "It was sent to one person only."},
    "eu": {
        "find": "the second post",
        "own_words": "It was sent to one person only.",
        "name": "Robin Example",
        "email": "x7@mail.example",
    },
    "au": {"state": "Victoria"},
}
"""What may be answered besides."""


def answered(law: str, who: str, forged: str) -> Answers:
    """Give answers to everything that can be answered."""
    asked = {question.id for question in REGIMES[law].questions}
    kind: Answers = {"forged": forged} if "forged" in asked else {}
    kind |= {"content": "morphed" if forged == "fake" else "nudity"} if "content" in asked else {}
    besides = {"forged": forged} if law == "dmca" else {}
    return merged(complete(law, who, besides=besides), kind, OFFERED.get(law))


def written(law: str, who: str, forged: str) -> Notice:
    """Give the notice with those answers."""
    return build(switched_on(law), answered(law, who, forged), adult=True)


ALL = [(law, who, forged) for law, who, forged in itertools.product(TABLE, WHO, FORGED)]


@pytest.mark.parametrize(("law", "who", "forged"), ALL)
def test_each_text_is_the_one_that_was_read(law: str, who: str, forged: str) -> None:
    """A change of a text is seen: its golden file has to be read and changed, too."""
    assert (GOLDEN / f"{law}-{who}-{forged}.txt").read_text() == written(law, who, forged).text


def test_the_answers_to_each_text_are_kept_beside_it() -> None:
    """Whoever writes notices in another language reads them, and comes to the same text."""
    kept = json.loads((GOLDEN.parent / "answers.json").read_text())
    assert kept == {
        f"{law}-{who}-{forged}": json.loads(json.dumps(answered(law, who, forged))) for law, who, forged in ALL
    }


def test_no_golden_file_is_left_over() -> None:
    """Each belongs to a text."""
    assert {path.name for path in GOLDEN.iterdir()} == {f"{law}-{who}-{forged}.txt" for law, who, forged in ALL}


@pytest.mark.parametrize(("law", "who", "forged"), ALL)
def test_nothing_stands_there_that_is_not_asked_for(law: str, who: str, forged: str) -> None:
    """No fingerprint, case number, PIN, path or embedded file; plain ASCII alone; nothing left to fill in."""
    made = written(law, who, forged)
    for text in (made.text, made.markdown):
        assert text.isascii()
        assert not re.search(
            r"pdq|md5|fingerprint|\bPIN\b|case number|data:|file:|/home|\\\\|[{}]", text, re.IGNORECASE
        )
        assert not re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", text)
        assert not re.search(r"date of birth|passport|victim|offender|lawyer|legal advice", text, re.IGNORECASE)
        assert text.endswith("\n")
        assert "  " not in text.replace("  \n", "\n")
        assert "\n\n\n" not in text


@pytest.mark.parametrize(("law", "who", "forged"), ALL)
def test_perjury_is_a_word_of_the_dmca_alone(law: str, who: str, forged: str) -> None:
    """No other law asks for an oath."""
    made = written(law, who, forged)
    assert ("perjury" in made.text) is (law == "dmca")
    assert ("perjury" in made.markdown) is (law == "dmca")


def test_the_belief_of_a_us_notice_is_that_of_the_person_shown() -> None:
    """Someone who signs for her never says that the belief is theirs."""
    for forged in FORGED:
        text = written("us", "represented", forged).text
        assert "I have a good faith belief" not in text
        assert (
            "The person shown has a good faith belief that this intimate visual depiction is not consensual: that person did "
            "not agree to its publication. I am authorised to act for that person." in text
        )
        assert not re.search(r"\b(me|my)\b", text.replace("give me a request number", ""))
        assert "I have a good faith belief that this intimate visual depiction" in written("us", "self", forged).text


def test_only_a_us_or_dmca_notice_is_signed() -> None:
    """No other law lists a signature."""
    for law, who, forged in ALL:
        assert ("Signed electronically" in written(law, who, forged).text) is (law in {"us", "dmca"})


def test_australia_and_the_search_engines_get_no_text_for_a_site() -> None:
    """It is a list for the person, and says so."""
    for law in ("au", "google", "bing", "br"):
        made = written(law, "self", "real")
        assert made.gives is Gives.CHECKLIST
        assert not made.text.startswith("Subject:")
        assert "There is no text for the site here" in made.cover[0]
        assert not re.search(r"\bplease (remove|take)", made.text, re.IGNORECASE)


def test_a_place_in_words_is_written_without_an_empty_address() -> None:
    """Where an app has no addresses, the sentences are others."""
    for law in ("us", "uk"):
        answers = complete(law, "self") | IN_WORDS
        del answers["addresses"]
        text = build(REGIMES[law], answers, adult=True).text
        assert "can be found as follows." in text
        assert "at:" not in text
        assert "Posted by: someone_1. Date: 3 November 2026. How to find it: the second post of that day." in text


def test_a_search_engine_is_asked_to_stop_showing_it() -> None:
    """In the UK the same law reaches search engines, with a sentence of its own."""
    text = build(REGIMES["uk"], complete("uk", "self", besides={"site": "search"}), adult=True).text
    assert "Please make sure that people can no longer encounter it in your search results." in text
    assert "take it down" not in text


def test_a_fake_of_a_photo_of_ones_own_is_claimed_as_the_photo() -> None:
    """The altered part is never claimed."""
    text = written("dmca", "self", "fake").text
    assert "Work: a photograph taken by me" in text
    assert "It is an altered image made from my photograph." in text


@pytest.mark.parametrize("kind", FINGERPRINT_SENTENCES)
def test_a_fingerprint_is_told_of_where_it_was_chosen(kind: SignalType) -> None:
    """One sentence says what the file beside it is; for a picture in the words that were agreed."""
    for law in ("us", "uk", "eu"):
        made = build(REGIMES[law], complete(law, "self"), adult=True, fingerprint=kind)
        assert FINGERPRINT_SENTENCES[kind].legal.me in made.text
    assert FINGERPRINT_SENTENCES[SignalType.PDQ].legal.me == (
        "The attached file holds a PDQ fingerprint (256 bits, made on the person's device) of this image. A match at a Hamming "
        "distance of 31 or less can help you find identical and near-identical copies. It is not the image and does not replace "
        "your review."
    )


def test_the_persons_own_sheet_is_no_part_of_the_text() -> None:
    """That it is no advice, the source, its date, how far it was checked, and that no lawyer has read it."""
    for law, regime in REGIMES.items():
        made = written(law, "self", "real")
        cover = " ".join(made.cover)
        assert "This is not legal advice. It is software, not a lawyer. Law text: " in cover
        assert f"{regime.source}, {regime.source_date}. Has it changed since?" in cover
        assert "No lawyer of the place has read this text yet" in cover
        assert all(line not in made.text for line in made.cover)
        assert ("reported, not yet checked in the law itself" in cover) is (
            law in {"dmca", "in", "br", "google", "bing"}
        )


class Bracketed(gettext.NullTranslations):
    """A language in which every sentence stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"<{message}>"

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


@pytest.fixture
def another_language() -> Iterator[None]:
    messages.use(Bracketed())
    yield
    messages.use(gettext.NullTranslations())


@pytest.mark.usefixtures("another_language")
@pytest.mark.parametrize(("law", "who", "forged"), ALL)
def test_what_a_platform_gets_is_in_the_language_of_the_law(law: str, who: str, forged: str) -> None:
    """Nothing of it is translated, whatever the language in use; what it says, and a list for the person, are."""
    made = written(law, who, forged)
    is_list = made.gives is Gives.CHECKLIST
    assert (made.text == (GOLDEN / f"{law}-{who}-{forged}.txt").read_text()) is not is_list
    assert ("<" in made.text) is is_list
    assert all("<" in line for line in made.meaning.splitlines() if line and not re.match("https|It was sent", line))


# What a person types.

words = st.text(min_size=1, max_size=80)


@given(typed=words, law=st.sampled_from(["us", "eu"]))
def test_own_words_stay_one_line_and_nothing_unseen_gets_in(typed: str, law: str) -> None:
    """Whatever is typed, the text has the lines that it has without, and no character that is not seen."""
    line = one_plain_line(typed)
    before = build(REGIMES[law], complete(law, "self") | {"own_words": "x"}, adult=True)
    try:
        made = build(REGIMES[law], complete(law, "self") | {"own_words": typed}, adult=True)
    except Exception as error:  # noqa: BLE001  # the one refusal that there can be
        assert type(error).__name__ == "NoticeError"
        return
    assert len(made.text.splitlines()) in {len(before.text.splitlines()), len(before.text.splitlines()) - (not line)}
    assert all(letter.isprintable() or letter in "\n\u200c\u200d" for letter in made.text)
    assert line in made.text


@given(typed=words)
def test_no_answer_makes_a_link_a_picture_or_a_heading(typed: str) -> None:
    """In Markdown, every mark that it could take for its own stands behind a backslash."""
    line = one_plain_line(typed)
    if not line or re.search(r"(blob|data|file|javascript):\S", line, re.IGNORECASE):
        return
    answers = complete("us", "self") | {"name": typed}
    markdown = build(REGIMES["us"], answers, adult=True).markdown
    (signed,) = re.findall(r"^Signed electronically: (.*), 25 November 2026$", markdown, re.MULTILINE)
    assert re.sub(r"\\(.)", r"\1", signed) == line
    bare = re.sub(r"\\.", "", signed)
    assert not set(bare) & set("[]()<>*_`#!|~\\")


def test_plain_marks_take_the_place_of_those_that_phones_put_in() -> None:
    """Any form takes them."""
    assert (
        one_plain_line("\u201cNo\u201d \u2013 it\u2019s\u2026 \u202eprivate\u202c\u00a0\n\there")
        == '"No" - it\'s... private here'
    )
