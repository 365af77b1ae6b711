"""Say what a profile of a law is made of: elements, statements, questions, text, facts.

PURE data types. A law is a value of `Regime`, one file each in this room. Sentences that a platform gets are plain English
strings and stay so; sentences that a person reads are marked for translation. Where a sentence depends on who asks, it
is a `ByWho`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Generic, NamedTuple, TypeVar

from hashclient.messages import Message, _

Words = TypeVar("Words")
ANY: Final = "*"
"""Stands for any answer to a question."""
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
SELF_OR_REPRESENTED: Final = ("self", "represented")
"""Who asks: the person shown, or someone who acts for them."""


class Confidence(StrEnum):
    """How far a legal fact was checked, from best to worst."""

    PRIMARY = "primary"
    """The source's own words were seen, in a stored copy."""
    REPORTED = "reported"
    """Someone else says so."""
    INFERRED = "inferred"
    """Our own reading."""
    UNCHECKED = "unchecked"
    """Weak or disputed; never shown to a person, and a required element so marked switches its law off."""


CONFIDENCE_MARKS: Final[Mapping[Confidence, Message]] = MappingProxyType(
    {
        Confidence.REPORTED: _("reported, not yet checked in the law itself"),
        Confidence.INFERRED: _("our reading"),
    }
)
"""What stands beside a fact, by how far it was checked; nothing beside one that was seen in the source itself."""


class Unmet(NamedTuple):
    """Why there is no notice: what is missing or cannot be used, and the sentence that says so."""

    key: str
    """Key of an element, or id of a question."""
    sentence: Message


class Gives(StrEnum):
    """What a person gets."""

    NOTICE = "notice"
    """A text to send to the platform."""
    PASTE = "paste"
    """A short text to paste into the platform's own form."""
    CHECKLIST = "checklist"
    """A list for the person, to fill in somebody's form with; never a text to a platform."""


class ByWho(NamedTuple, Generic[Words]):
    """Words that depend on who asks."""

    me: Words
    """For the person shown."""
    them: Words
    """For someone who acts for that person."""

    def of(self, who: str) -> Words:
        """Return the words for `self` or `represented`; those of the person shown while that is not known."""
        return self.them if who == "represented" else self.me


def alike(words: Words) -> ByWho[Words]:
    """Return words that are the same whoever asks."""
    return ByWho(words, words)


class Fact(NamedTuple):
    """One legal fact, with where it comes from."""

    id: str
    text: Message
    confidence: Confidence
    source: str
    source_date: date
    """Day of the source; where it bears none, the day it was last looked at."""
    shown: str = ""
    """Where: `before` the questions, `fake` under that answer, and at the end as `clock`, `next` or `after`. Empty: nowhere."""


class AnswerKind(StrEnum):
    """What form an answer has."""

    ONE = "one"
    """The id of one choice."""
    MANY = "many"
    """The ids of one or more choices."""
    ADDRESSES = "addresses"
    """Web addresses, 1 to 50."""
    EMAIL = "email"
    LINE = "line"
    """One line of words, at most as many characters as the question's `most`."""
    DAY = "day"
    """A day, as YYYY-MM-DD. It is written as a day, a month's name and a year."""


class NoticeChoice(NamedTuple):
    """One answer to choose."""

    words: ByWho[Message]
    legal: ByWho[str] = ByWho("", "")
    """What the platform reads: a sentence, or what fills a field of one. Always English."""


class NoticeField(NamedTuple):
    """One thing that a notice is asked for."""

    id: str
    screen: str
    """Id of the screen it stands on."""
    question: ByWho[Message]
    kind: AnswerKind
    choices: Mapping[str, NoticeChoice] = _NOTHING
    notes: tuple[Message, ...] = ()
    most: int = 0
    """Most characters of a line."""
    only: Mapping[str, str] = _NOTHING
    """Answers without which it is not asked."""
    unless: Mapping[str, str] = _NOTHING
    """Answers with which it need not be asked; `ANY` stands for any. It can be answered all the same."""


class Statement(NamedTuple):
    """A sentence that the law asks the person to say; nothing is ticked beforehand."""

    id: str
    legal: ByWho[str]
    """The sentence of the notice; empty where the law has none, and ours stands on the screen alone."""
    meaning: ByWho[Message]
    """The same for the reader, in plain words and in the reader's language."""
    who: tuple[str, ...] = SELF_OR_REPRESENTED
    """Of whom it is asked."""
    only: Mapping[str, str] = _NOTHING
    """Answers without which it is not asked."""


class Element(NamedTuple):
    """One thing that a law lists."""

    key: str
    words: Message
    """What it is, for the list with ticks."""
    met_by: tuple[tuple[str, ...], ...]
    """Ids of questions and statements: it is there if all of one of these groups are answered or ticked."""
    confidence: Confidence
    refusals: ByWho[Message] | None = None
    """The sentence by which a notice without it is refused; None if the law does not require it."""
    who: tuple[str, ...] = SELF_OR_REPRESENTED
    only: Mapping[str, str] = _NOTHING
    """Answers without which it does not count."""
    warning: Message | None = None
    """Said, without refusing, where an element that is not required is missing."""
    is_ours: bool = False
    """Whether we ask for it, and not the law."""

    @property
    def is_required(self) -> bool:
        """Tell whether a notice without it is refused."""
        return self.refusals is not None


class Sentence(NamedTuple):
    """One whole sentence of a text; fields stand in braces, and it is there only if all of them are answered."""

    legal: ByWho[str]
    """What is written; empty where the person's own list is written, in the reader's language, from `meaning`."""
    meaning: ByWho[Message]
    """The same for the reader."""
    only: Mapping[str, str] = _NOTHING
    """Answers without which it is left out."""
    unless: Mapping[str, str] = _NOTHING
    """Answers with which it is left out; `ANY` stands for any."""


def said(statement: Statement) -> Sentence:
    """Return what a statement says as a sentence of the text."""
    who = {} if len(statement.who) > 1 else {"who": statement.who[0]}
    return Sentence(statement.legal, statement.meaning, {**statement.only, **who})


def listed(words: ByWho[Message], only: Mapping[str, str] | None = None) -> Sentence:
    """Return a sentence of the person's own list, which no platform reads."""
    return Sentence(alike(""), words, only or {})


NoticeParagraph = tuple[tuple[Sentence, ...], ...]
"""Lines, each of the sentences that stand in it; what is left out leaves no gap."""


class Regime(NamedTuple):
    """One law, or one search engine's form: what it asks, and the text."""

    id: str
    name: Message
    note: Message
    """For whom it is; stands under the name where one chooses."""
    gives: Gives
    law: str
    """Its short title, as lawyers cite it."""
    source: str
    source_date: date | None
    """As for `Fact`."""
    questions: tuple[NoticeField, ...]
    """In the order asked."""
    statements: tuple[Statement, ...]
    elements: tuple[Element, ...]
    subject: str
    """First line of a notice; empty where there is none."""
    text: tuple[NoticeParagraph, ...]
    facts: tuple[Fact, ...]
    awaits: Message | None = None
    """What has to be done before it may be used."""
    look_after: timedelta | None = None
    """How long after sending to look whether something happened; None for no calendar entry."""
    services: tuple[str, ...] = ()
    """Ids of the services named at the end."""

    @property
    def why_off(self) -> Message | None:
        """Say why it may not be used; None where it may."""
        if self.awaits:
            return self.awaits
        unknown = any(one.is_required and one.confidence is Confidence.UNCHECKED for one in self.elements)
        return NOT_CHECKED if unknown or not self.source or self.source_date is None else None

    @property
    def confidence(self) -> Confidence:
        """How far what the law requires was checked, by the worst of its elements."""
        asked = (one.confidence for one in self.elements if one.is_required and not one.is_ours)
        return max(asked, key=list(Confidence).index)

    def facts_shown(self, place: str) -> tuple[Fact, ...]:
        """Return the facts for one place, never one that is unchecked."""
        return tuple(fact for fact in self.facts if fact.shown == place and fact.confidence is not Confidence.UNCHECKED)

    def statements_of(self, answers: Mapping[str, object]) -> tuple[Statement, ...]:
        """Return the statements that are asked for, given the answers so far."""
        who = answers.get("who", "self")
        return tuple(one for one in self.statements if who in one.who and fits(one.only, answers))

    def questions_of(self, answers: Mapping[str, object]) -> tuple[NoticeField, ...]:
        """Return the questions to ask, given the answers so far."""
        return tuple(one for one in self.questions if fits(one.only, answers) and not meets_any(one.unless, answers))

    def elements_of(self, answers: Mapping[str, object]) -> tuple[Element, ...]:
        """Return the elements that count, given the answers so far."""
        who = answers.get("who", "self")
        return tuple(one for one in self.elements if who in one.who and fits(one.only, answers))


NOT_CHECKED: Final = _("Part of what this law asks was not checked yet, so there is no text for it here.")


def fits(only: Mapping[str, str], answers: Mapping[str, object]) -> bool:
    """Tell whether the answers are those of a condition."""
    return all(_is(answers.get(name), value) for name, value in only.items())


def is_left_out(sentence: Sentence, answers: Mapping[str, object]) -> bool:
    """Tell whether the answers keep a sentence out of the text."""
    return not fits(sentence.only, answers) or meets_any(sentence.unless, answers)


def meets_any(unless: Mapping[str, str], answers: Mapping[str, object]) -> bool:
    """Tell whether one of the answers is that of a condition."""
    return any(_is(answers.get(name), value) for name, value in unless.items())


def _is(answer: object, value: str) -> bool:
    return bool(answer) if value == ANY else answer == value
