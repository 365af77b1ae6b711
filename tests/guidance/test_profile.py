"""What a service says of itself is shown as its words: bounded, one line, and never without its host."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.guidance import review
from hashclient.guidance.profile import copies_go, lines_of, one_line
from hashclient.model import EndpointProfile

ANY = EndpointProfile(name="n", operator="o", origin="https://evil.example", plain_bodies=True)
HOSTILE = {
    "another host": "stopncii.org",
    "a host in brackets": 'StopNCII" (stopncii.org',
    "turned round": "\N{RIGHT-TO-LEFT OVERRIDE}gro.iincpots",
    "isolated": "\N{RIGHT-TO-LEFT ISOLATE}a\N{POP DIRECTIONAL ISOLATE}",
    "lines": "StopNCII\nRun by: SWGfL\r\n\x0b\x0c\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\x85x",
    "a terminal's orders": "\x1b[2J\x1b]0;title\x07name\x9b1A",
    "blanks": "a" + " " * 98 + "b",
    "blanks of other widths": "\N{IDEOGRAPHIC SPACE}" * 99 + "b",
    "marks": "a" + "\N{COMBINING LONG VERTICAL LINE OVERLAY}" * 99,
    "wide": "\N{FULLWIDTH LATIN SMALL LETTER A}" * 100,
    "nothing to see": "\N{ZERO WIDTH SPACE}" * 100,
    "marks between nothing": "a" + "\N{COMBINING ACUTE ACCENT}\N{ZERO WIDTH SPACE}" * 40,
    "a mark first": "\N{COMBINING ACUTE ACCENT}" * 5,
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_name_never_stands_before_its_host(name: str) -> None:
    """The host comes first, and the name after it in quotation marks, 60 characters at most, on the same line."""
    profile = ANY.model_copy(update={"name": name, "operator": name, "partners": name, "retention": name})
    line, *others = lines_of(profile, host="evil.example", is_key_known=False)
    assert line.startswith('Service: evil.example, which calls itself "')
    assert len(line) <= len('Service: evil.example, which calls itself "".') + 60
    for shown in (line, *others):
        assert shown.isprintable()
        assert len(shown) <= 520
        assert sum(unicodedata.category(letter).startswith("M") for letter in shown) <= 2
    labels = ["Run by", "Shares with", "Keeps fingerprints", "It has not stated whether", "What it says on privacy"]
    assert all(shown.startswith(label) for shown, label in zip(others, labels, strict=False))


def test_whole_sentences_stay() -> None:
    """Ordinary words in any script are shown as they are."""
    for words in ("Two platforms.", "\u05e9\u05dc\u05d5\u05dd", "\u0939\u093f\u0928\u094d\u0926\u0940", "Vi\u1ec7t"):
        assert one_line(words) == words


def test_what_is_not_said_is_called_so() -> None:
    """Nothing, or nothing that can be seen, is not stated."""
    for words in ("", " \n", "\N{ZERO WIDTH SPACE}"):
        assert one_line(words) == review.NOT_STATED


@given(st.text(max_size=700), st.integers(20, 600))
def test_any_words_are_one_bounded_line(words: str, most: int) -> None:
    """Nothing of it breaks the line, turns it round or piles up; what is cut ends in dots."""
    shown = one_line(words, most=most)
    assert shown.isprintable()
    assert len(shown) <= most or shown == review.NOT_STATED
    assert not any(
        unicodedata.bidirectional(letter) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI"} for letter in shown
    )
    marks = 0
    for letter in shown:
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        assert marks <= 2
    assert shown == one_line(shown, most=most)


@pytest.mark.parametrize(("days", "words"), [(None, []), (0, [review.COPIES_GO[0]]), (1, [review.COPIES_GO[1]])])
def test_how_long_copies_stay(days: int | None, words: list[str]) -> None:
    """Told where the service tells it."""
    profile = ANY.model_copy(update={"partner_copies_days": days})
    assert list(copies_go(profile)) == words
    assert "30 days" in next(copies_go(ANY.model_copy(update={"partner_copies_days": 30})))
