"""Take what a person typed, and keep what a notice may hold.

PURE. Nothing of an answer is ever part of a refusal: a sentence says what is wrong with which answer, and no more.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from hashclient.errors import UsageError
from hashclient.guidance.notices.address import MOST_ADDRESSES, public_address, public_email
from hashclient.guidance.notices.regime import AnswerKind, NoticeField, Regime, Unmet
from hashclient.guidance.notices.words import (
    NO_SUCH_CHOICE,
    NO_SUCH_QUESTION,
    NOT_A_DAY,
    NOT_A_SHORT_LINE,
    NOT_A_WEB_ADDRESS,
    NOT_AN_EMAIL,
    NOT_FROM_THE_DEVICE,
    SEE_THE_LIST,
    TOO_MANY_ADDRESSES,
)
from hashclient.messages import Message

STATEMENTS: Final = "statements"
"""Name under which answers hold the ids of the sentences that were ticked."""

PLAIN_PUNCTUATION: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
        "\u2022": "-",
    }
)
"""Marks that phones put in by themselves, and the plain ones that every form takes."""
WITHOUT_WIDTH: Final = "\u200c\u200d"
"""Letters without a width that words of some scripts need."""
_LOCAL: Final = re.compile(r"\b(?:blob|data|file|javascript):\S", re.IGNORECASE)
MOST_ACCENTS: Final = 4
"""Marks that stay on one letter."""


@dataclass(frozen=True)
class AnswersRead:
    """Answers that were read: checked, and in the form in which a notice has them."""

    values: Mapping[str, str | tuple[str, ...]]
    ticked: frozenset[str]

    @property
    def given(self) -> frozenset[str]:
        """Ids of everything that was answered or ticked."""
        return self.ticked.union(self.values)


def read_answers(regime: Regime, untrusted: Mapping[str, object]) -> tuple[AnswersRead, tuple[Unmet, ...]]:
    """Return the answers that can be used, and a refusal for each that cannot.

    Args:
        regime: the law whose questions were asked.
        untrusted: by id of a question, text, or for several a list of texts; and under `statements` the ids of the sentences
            that were ticked. What is empty counts as not answered.

    Raises:
        UsageError: there is no question or statement of that id, or an answer is neither text nor a list of texts.
    """
    known = {question.id: question for question in regime.questions}
    texts = {name: _texts(answer) for name, answer in untrusted.items()}
    ticked = texts.pop(STATEMENTS, ())
    if not known.keys() >= texts.keys() or not {one.id for one in regime.statements}.issuperset(ticked):
        raise UsageError(NO_SUCH_QUESTION, hint=SEE_THE_LIST)
    values: dict[str, str | tuple[str, ...]] = {}
    refused: list[Unmet] = []
    for name, answer in texts.items():
        value = _answer_value(known[name], tuple(text for text in answer if text.strip()))
        if isinstance(value, Message):
            refused.append(Unmet(name, value))
        elif value:
            values[name] = value
    return AnswersRead(values, frozenset(ticked)), tuple(refused)


def one_plain_line(untrusted: str) -> str:
    """Return words as one line with plain punctuation: no line breaks, and nothing that is not seen or turns others round."""
    shown = "".join(
        letter
        for letter in untrusted.translate(PLAIN_PUNCTUATION)
        if letter in WITHOUT_WIDTH or letter.isspace() or not unicodedata.category(letter).startswith(("C", "Z"))
    )
    kept, marks = "", 0
    for letter in " ".join(shown.split()):
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        kept += letter if marks <= MOST_ACCENTS else ""
    return kept


def written_day(day: date) -> str:
    """Write a day as a notice has it, in any locale: `25 November 2026`."""
    return f"{day.day} {MONTHS_WRITTEN[day.month - 1]} {day.year}"


MONTHS_WRITTEN: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _texts(answer: object) -> tuple[str, ...]:
    """Return an answer as texts."""
    several = (answer,) if isinstance(answer, str) else answer
    if not isinstance(several, Sequence) or not all(isinstance(text, str) for text in several):
        raise UsageError(NO_SUCH_QUESTION, hint=SEE_THE_LIST)
    return tuple(several)


def _answer_value(question: NoticeField, texts: tuple[str, ...]) -> str | tuple[str, ...] | Message:
    """Return what one answer comes to: a value, nothing, or the sentence by which it is refused."""
    if not texts:
        return ""
    if question.kind is AnswerKind.ADDRESSES:
        return _addresses(texts)
    if question.kind is AnswerKind.MANY:
        chosen = tuple(id_ for id_ in question.choices if id_ in texts)
        return chosen if question.choices.keys() >= set(texts) else NO_SUCH_CHOICE
    (text, *others) = texts
    if others:
        return NO_SUCH_CHOICE
    if question.kind is AnswerKind.ONE:
        return text if text in question.choices else NO_SUCH_CHOICE
    if question.kind is AnswerKind.EMAIL:
        return public_email(text) or NOT_AN_EMAIL
    if question.kind is AnswerKind.DAY:
        return _day(text)
    return _short_line(text, most=question.most)


def _addresses(texts: tuple[str, ...]) -> tuple[str, ...] | Message:
    if len(texts) > MOST_ADDRESSES:
        return TOO_MANY_ADDRESSES.format(most=MOST_ADDRESSES)
    read = [public_address(text) for text in texts]
    if None in read:
        return NOT_A_WEB_ADDRESS.format(n=read.index(None) + 1)
    return tuple(dict.fromkeys(address for address in read if address))


def _day(text: str) -> str | Message:
    try:
        return written_day(date.fromisoformat(text.strip()))
    except ValueError:
        return NOT_A_DAY


def _short_line(text: str, *, most: int) -> str | Message:
    line = one_plain_line(text)
    if len(line) > most:
        return NOT_A_SHORT_LINE.format(most=most)
    return NOT_FROM_THE_DEVICE if _LOCAL.search(line) else line
