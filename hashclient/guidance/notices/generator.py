"""Write a notice from answers, or say what is missing; never half a text.

PURE: answers in, a notice or a refusal out. What a law asks comes from its `Regime`; nothing is added that it does not
ask. Saving, printing and sending are left to others.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from hashclient.errors import AgeGateError, NoticeError
from hashclient.guidance.notices.answers import AnswersRead, read_answers
from hashclient.guidance.notices.regime import (
    CONFIDENCE_MARKS,
    AnswerKind,
    Fact,
    Gives,
    NoticeParagraph,
    Regime,
    Sentence,
    Unmet,
    alike,
    is_left_out,
)
from hashclient.guidance.notices.words import (
    ASK_A_PERSON,
    COVER,
    IF_NOTHING,
    IN_48_HOURS,
    IN_A_WEEK,
    LAW_MARK,
    MARKED_FACT,
    NO_LAWYER,
    NOT_LISTED,
    NOT_SAID_WHO,
    NOTHING_WRITTEN,
    ONLY_A_LIST,
)
from hashclient.messages import Message, _, joined
from hashclient.vocabulary import SignalType

FINGERPRINT_SENTENCES: Final[Mapping[SignalType, Sentence]] = {
    SignalType.PDQ: Sentence(
        alike(
            "The attached file holds a PDQ fingerprint (256 bits, made on the person's device) of this image. A match at a Hamming "
            "distance of 31 or less can help you find identical and near-identical copies. It is not the image and does not "
            "replace your review."
        ),
        alike(
            _(
                "The file that goes with this holds a fingerprint of the picture (PDQ). It was made on my own device. "
                "With it you can look for the same picture, and for nearly the same. It is not the picture. Look for yourself, too."
            )
        ),
    ),
    SignalType.MD5: Sentence(
        alike(
            "The attached file holds an MD5 fingerprint (128 bits, made on the person's device) of this video. An equal value can "
            "help you find identical files. It is not the video and does not replace your review."
        ),
        alike(
            _(
                "The file that goes with this holds a fingerprint of the video (MD5). It was made on my own device. "
                "With it you can look for the very same file. It is not the video. Look for yourself, too."
            )
        ),
    ),
}
"""What is said of the fingerprint of a picture, and of a video, where the person chose to add one."""

_FIELDS: Final = re.compile(r"\{(\w+)\}")
ESCAPED: Final = "\\`*_{}[]<>()#+-.!|~:@&=$^/"
"""Marks that Markdown, in any of its dialects, may take for its own; each can be escaped."""
_ANY_ESCAPED: Final = re.compile(f"[{re.escape(ESCAPED)}]")


@dataclass(frozen=True)
class Notice:
    """A notice or a list, whole, with what the person needs to know about it."""

    law: str
    """Id of the regime."""
    gives: Gives
    text: str = field(repr=False)
    """Plain text. What a platform gets is English; a list for the person is in the language in use."""
    markdown: str = field(repr=False)
    """The same as Markdown, in which no answer can make a link, a picture or a heading."""
    meaning: str = field(repr=False)
    """The same in plain words and in the language in use, for the person."""
    cover: tuple[Message, ...]
    """The person's own sheet: not legal advice, the source, how far it was checked. Never part of the text."""
    warnings: tuple[Message, ...]
    """What the law lists and the notice has not, without being refused for it."""
    next: tuple[Message, ...]
    """What to know and do after it was sent."""


def build(
    regime: Regime, answers: Mapping[str, object], *, adult: bool, fingerprint: SignalType | None = None
) -> Notice:
    """Write a notice.

    Args:
        regime: the law or form.
        answers: by id of a question, text or a list of texts; under `statements` the ids of the sentences that were ticked.
        adult: whether the person declared that everyone shown was 18 or over; only `True` itself counts.
        fingerprint: type of the fingerprint that goes with it in a file of its own; None for none.

    Raises:
        AgeGateError: nobody declared that everyone was 18 or over.
        NoticeError: the law is off, something that it asks for is missing, or an answer cannot be used; each is named.
        UsageError: the answers name a question that the law does not have.
    """
    if adult is not True:
        raise AgeGateError
    if regime.why_off:
        raise NoticeError(
            joined(regime.why_off, NOTHING_WRITTEN), hint=ASK_A_PERSON, refusals=(Unmet("off", regime.why_off),)
        )
    read, refused = read_answers(regime, answers)
    if fingerprint and regime.gives is not Gives.NOTICE:
        refused = (*refused, Unmet("fingerprint", NO_ROOM_FOR_IT))
    if refusals := (*refused, *missing(regime, read, refused=refused)):
        raise NoticeError(refusals=refusals)
    paragraphs = regime.text
    if fingerprint:
        paragraphs = (*paragraphs[:-1], ((FINGERPRINT_SENTENCES[fingerprint],),), paragraphs[-1])
    write = _Writer(regime, read)
    return Notice(
        regime.id,
        regime.gives,
        text=write.plain(paragraphs),
        markdown=write.markdown(paragraphs),
        meaning=write.meaning(paragraphs),
        cover=cover_of(regime),
        warnings=tuple(
            one.warning for one in regime.elements_of(read.values) if one.warning and not is_met(one.met_by, read)
        ),
        next=next_of(regime),
    )


NO_ROOM_FOR_IT: Final = _("A fingerprint goes only with a notice to a site.")


def is_met(met_by: tuple[tuple[str, ...], ...], read: AnswersRead) -> bool:
    """Tell whether one of the groups is answered and ticked in full."""
    return any(read.given.issuperset(group) for group in met_by)


def _ids(met_by: tuple[tuple[str, ...], ...]) -> set[str]:
    return {name for group in met_by for name in group}


def missing(regime: Regime, read: AnswersRead, *, refused: tuple[Unmet, ...] = ()) -> tuple[Unmet, ...]:
    """Return what the law asks for and the answers do not have, each with its own sentence.

    Args:
        regime: the law.
        read: the answers that can be used.
        refused: those that cannot; what they were for is not called missing, too.
    """
    answered = {unmet.key for unmet in refused}
    who = str(read.values.get("who", "self"))
    refusals = [
        Unmet(one.key, one.refusals.of(who))
        for one in regime.elements_of(read.values)
        if one.refusals and not is_met(one.met_by, read) and answered.isdisjoint(_ids(one.met_by))
    ]
    if "who" not in {*read.values, *answered} and not any("who" in _ids(one.met_by) for one in regime.elements):
        refusals.insert(0, Unmet("who", NOT_SAID_WHO))
    return tuple(dict.fromkeys(refusals))


def cover_of(regime: Regime) -> tuple[Message, ...]:
    """Return the person's own sheet about a law."""
    source = COVER.format(source=regime.source, date=regime.source_date)
    mark = CONFIDENCE_MARKS.get(regime.confidence)
    list_only = (ONLY_A_LIST,) if regime.gives is Gives.CHECKLIST else ()
    return (*list_only, source, *([LAW_MARK.format(mark=mark)] if mark else []), NO_LAWYER)


def next_of(regime: Regime) -> tuple[Message, ...]:
    """Return what to know and do once it was sent: the clock, when to look, what else is so, and what if nothing happens."""
    when = () if regime.look_after is None else (IN_A_WEEK if regime.look_after.days >= 7 else IN_48_HOURS,)
    not_listed = () if regime.gives is Gives.CHECKLIST else (NOT_LISTED,)
    return (
        *map(marked_fact, regime.facts_shown("clock")),
        *when,
        *map(marked_fact, regime.facts_shown("after")),
        *not_listed,
        *(IF_NOTHING.format(next_step=marked_fact(fact)) for fact in regime.facts_shown("next")),
    )


def marked_fact(fact: Fact) -> Message:
    """Return a fact with how far it was checked."""
    mark = CONFIDENCE_MARKS.get(fact.confidence)
    return MARKED_FACT.format(fact=fact.text, mark=mark) if mark else fact.text


@dataclass(frozen=True)
class _Writer:
    """Writes the text of a notice in its forms."""

    regime: Regime
    read: AnswersRead

    def plain(self, paragraphs: tuple[NoticeParagraph, ...]) -> str:
        fields = {name: "\n".join(values) for name, values in self._fields()}
        lines = self._lines(paragraphs, lambda sentence: _legal(sentence, self._who).format(**fields))
        subject = [f"Subject: {self.regime.subject}"] if self.regime.subject else []
        return "\n\n".join((*subject, *map("\n".join, lines))) + "\n"

    def markdown(self, paragraphs: tuple[NoticeParagraph, ...]) -> str:
        code = {one.id for one in self.regime.questions if one.kind in {AnswerKind.ADDRESSES, AnswerKind.EMAIL}}
        fields = {
            name: "".join(f"\n- `{value}`" for value in values)
            if name == "addresses"
            else f"`{values[0]}`"
            if name in code
            else _escaped(values[0])
            for name, values in self._fields()
        }

        def written(sentence: Sentence) -> str:
            pieces = _FIELDS.split(_legal(sentence, self._who).replace("\n{addresses}", "{addresses}"))
            return "".join(fields[piece] if place % 2 else piece for place, piece in enumerate(pieces))

        subject = [f"**Subject:** {self.regime.subject}"] if self.regime.subject else []
        paragraphs_written = (_with_breaks(lines) for lines in self._lines(paragraphs, written))
        return "\n\n".join((*subject, *paragraphs_written)) + "\n"

    def meaning(self, paragraphs: tuple[NoticeParagraph, ...]) -> str:
        fields = dict(self._fields_for_the_reader())
        return "\n\n".join(
            "\n".join(lines)
            for lines in self._lines(paragraphs, lambda sentence: str(sentence.meaning.of(self._who).format(**fields)))
        )

    @property
    def _who(self) -> str:
        return str(self.read.values["who"])

    def _lines(
        self, paragraphs: tuple[NoticeParagraph, ...], written: Callable[[Sentence], str]
    ) -> Iterator[list[str]]:
        """Yield the lines of each paragraph, without the sentences that are left out."""
        for paragraph in paragraphs:
            there = ([written(sentence) for sentence in line if self._is_there(sentence)] for line in paragraph)
            if lines := [" ".join(sentences) for sentences in there if sentences]:
                yield lines

    def _is_there(self, sentence: Sentence) -> bool:
        needed = _FIELDS.findall(sentence.meaning.of(self._who).english)
        return self.read.values.keys() >= set(needed) and not is_left_out(sentence, self.read.values)

    def _fields(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what fills each field of what is written: addresses one by one, else one text."""
        for name, words in self._chosen(legal=True):
            yield name, (" ".join(words),)
        for name, value in self._typed():
            yield name, value

    def _fields_for_the_reader(self) -> Iterator[tuple[str, str]]:
        for name, words in self._chosen(legal=False):
            yield name, joined(*words)
        for name, value in self._typed():
            yield name, "\n".join(value)

    def _typed(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for question in self.regime.questions:
            if not question.choices and (value := self.read.values.get(question.id)):
                yield question.id, (value,) if isinstance(value, str) else value

    def _chosen(self, *, legal: bool) -> Iterator[tuple[str, list[str]]]:
        """Yield the words of what was chosen: those of the notice, or those for the reader."""
        for question in self.regime.questions:
            value = self.read.values.get(question.id)
            if not question.choices or not value:
                continue
            chosen = [question.choices[one] for one in ((value,) if isinstance(value, str) else value)]
            yield (
                question.id,
                [(one.legal.of(self._who) if legal else "") or one.words.of(self._who) for one in chosen],
            )


def _legal(sentence: Sentence, who: str) -> str:
    """Return what is written of a sentence: the notice's own words, or, in the person's list, those for the reader."""
    return sentence.legal.of(who) or str(sentence.meaning.of(who))


def _escaped(words: str) -> str:
    return _ANY_ESCAPED.sub(r"\\\g<0>", words)


def _with_breaks(lines: list[str]) -> str:
    """Join the lines of a paragraph so that Markdown keeps them apart; a list of addresses ends its paragraph."""
    written = ""
    for line in lines:
        follows_list = "\n- " in written.rpartition("\n\n")[2]
        written += ("\n\n" if follows_list else "  \n") * bool(written) + line
    return written
