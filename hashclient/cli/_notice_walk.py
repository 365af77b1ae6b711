"""Ask for a notice at a terminal, one thing at a time, and show it before it goes anywhere.

Back and stop work at every question, and so does `under 18`, which leads to the hand-off. Answers are kept in this process
alone, while going back and for another notice.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient.cli import _declare, _help, _terminal, notice
from hashclient.errors import AgeGateError, UsageError
from hashclient.guidance import screens, service_words, services, texts
from hashclient.guidance.notices import Notice, Regime, build, offered, words
from hashclient.guidance.notices.answers import STATEMENTS, AnswersRead, read_answers
from hashclient.guidance.notices.choosing import is_of
from hashclient.guidance.notices.generator import is_met, marked_fact, missing
from hashclient.guidance.notices.regime import AnswerKind, Gives, NoticeField, Statement
from hashclient.messages import Message, joined

if TYPE_CHECKING:
    from hashclient.model.notice import NoticeHashes

_OF_ONE_SITE: Final = frozenset({"addresses", "account", "posted", "find", "app", "site", STATEMENTS})
"""Answers that are not kept for another notice: those about the site, and what was affirmed."""


class _GoBackError(Exception):
    """The person asked for the question before."""


class _StopHereError(Exception):
    """The person asked to stop."""


def walk(regime: Regime | None, *, hashes: "NoticeHashes | None", hashes_to: Path | None) -> None:
    """Ask, show, and write what the person chooses, for one notice after another.

    Args:
        regime: the law, if it was named already.
        hashes: the fingerprint that goes with the notice, if one was made.
        hashes_to: new file for it.

    Raises:
        AgeGateError: the person said that someone was, or may have been, under 18.
    """
    _say_under(words.NOTICE_LAW.title, words.NOTICE_LAW.text)
    for line in (screens.ACTIONS[0], words.WAYS_OUT, words.IF_UNDER_18):
        _terminal.say_in_view(line)
    kept: dict[str, object] = {}
    gone_out = _GoneOut()
    try:
        while True:
            draft = _Draft(regime or _chosen_law(), kept, hashes, hashes_to, gone_out)
            if not _is_usable(draft.regime):
                regime = None
                continue
            with contextlib.suppress(_GoBackError):  # back from the first question: another law
                draft.ask_all()
                if not draft.end():
                    break
                kept = {name: answer for name, answer in draft.answers.items() if name not in _OF_ONE_SITE}
            regime = None
    except AgeGateError as stopped:
        if hashes:  # a file was opened before
            if gone_out.fingerprint:
                gone_out.fingerprint.unlink(missing_ok=True)
            raise AgeGateError(words.DROPPED, hint=stopped.hint) from None
        raise
    except _StopHereError:
        _terminal.say()
        with_it = texts.YOU_STOPPED.format(state=texts.NOT_SENT)
        _terminal.say(with_it if gone_out.is_notice else words.YOU_STOPPED_HERE)
        return
    _help.show_actions()
    _terminal.say(words.NOTHING_IS_SENT)


def _chosen_law() -> Regime:
    country = _help.ask_country()
    laws = {one.id: one for one in offered(country)}
    notes = {
        id_: [words.NOT_READY if one.why_off else words.FITS_HERE if is_of(country, one) else "", one.note]
        for id_, one in laws.items()
    }
    while True:
        with contextlib.suppress(_GoBackError):
            return laws[_choose_here({id_: one.name for id_, one in laws.items()}, title=words.WHICH_LAW, notes=notes)]
        _terminal.say(words.NO_FURTHER_BACK)


def _is_usable(regime: Regime) -> bool:
    """Show what to know of a law before its questions; where it is off, its warning and who can help instead."""
    if regime.id == "dmca":
        _say_under(words.NOTICE_DMCA_WARNING.title, words.NOTICE_DMCA_WARNING.text)
    if regime.why_off:
        _say_under(regime.name, (regime.why_off, words.UNTIL_THEN))
        for id_ in regime.services:
            _show_service(id_)
        _help.show_for_adults()
        return False
    _say_under(regime.name, map(marked_fact, regime.facts_shown("before")))
    return True


@dataclass
class _GoneOut:
    """What has left this process: files that were written here, or words that were printed."""

    is_notice: bool = False
    fingerprint: Path | None = None


@dataclass
class _Draft:
    """One notice while it is asked for."""

    regime: Regime
    kept: Mapping[str, object]
    hashes: "NoticeHashes | None"
    hashes_to: Path | None
    gone_out: _GoneOut
    answers: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        known = {one.id for one in self.regime.questions}
        self.answers = {name: answer for name, answer in self.kept.items() if name in known}
        self.answers[STATEMENTS] = []

    @property
    def _who(self) -> str:
        return str(self.answers.get("who", "self"))

    def _steps(self) -> Sequence[NoticeField | Statement]:
        asked = [one for one in self.regime.questions_of(self.answers) if one.kind is not AnswerKind.DAY]
        return (*asked, *self.regime.statements_of(self.answers))

    def ask_all(self) -> None:
        """Ask everything, one after the other.

        Raises:
            _GoBackError: back was typed at the first question.
            _StopHereError: stop was typed.
        """
        place = 0
        while place < len(self._steps()):
            try:
                self._ask_one(self._steps()[place])
                place += 1
            except _GoBackError:
                if place == 0:
                    raise
                place -= 1

    def _ask_one(self, step: NoticeField | Statement) -> None:
        if isinstance(step, Statement):
            self._ask_statement(step)
        else:
            self._ask_question(step)

    def _ask_statement(self, statement: Statement) -> None:
        """Show a sentence of the law as it will stand there, with what it says, and ask whether it is true."""
        legal, ticked = statement.legal.of(self._who), self._ticked
        _say_under(*((words.NOTICE_SAY.title, words.NOTICE_SAY.text) if legal else (words.IS_IT_TRUE,)))
        _terminal.say(legal or statement.meaning.of(self._who), indent="  | ")
        if legal:
            _terminal.say(words.PLAIN_WORDS.format(meaning=statement.meaning.of(self._who)))
        ticked.discard(statement.id)
        if _choose_here(words.NOTICE_SAY.answers) == "yes":
            ticked.add(statement.id)
        else:
            _terminal.say(words.IF_NOT_TRUE if legal else self._refusal_without(statement))
        self.answers[STATEMENTS] = sorted(ticked)

    @property
    def _ticked(self) -> set[str]:
        ticked = self.answers[STATEMENTS]
        return set(ticked) if isinstance(ticked, list) else set()

    def _refusal_without(self, statement: Statement) -> Message:
        return next(
            one.refusals.of(self._who)
            for one in self.regime.elements
            if one.refusals and any(statement.id in group for group in one.met_by)
        )

    def _ask_question(self, question: NoticeField) -> None:
        _say_under(question.question.of(self._who), question.notes)
        if question.id in self.answers:
            _terminal.say(words.ANSWERED_ALREADY)
        while True:
            answer = self._typed(question)
            _read, refused = read_answers(self.regime, {question.id: answer})
            if not refused:
                break
            _terminal.say(refused[0].sentence)
        if question.id == "who" and answer != self.answers.get("who"):
            self.answers[STATEMENTS] = []  # the sentences are others now
        if answer:
            self.answers[question.id] = answer
        else:
            self.answers.pop(question.id, None)
        if question.id == "forged" and answer == "fake":
            for fact in self.regime.facts_shown("fake"):
                _terminal.say(marked_fact(fact))

    def _typed(self, question: NoticeField) -> object:
        """Return what the person answers: as before where they keep it, empty where they leave it out."""
        before = self.answers.get(question.id)
        if question.kind is AnswerKind.ADDRESSES:
            return _ask_addresses() or before or []
        if question.kind is AnswerKind.ONE:
            offers = {id_: one.words.of(self._who) for id_, one in question.choices.items()}
            if not self._is_asked_for(question):
                offers[""] = words.LEAVE_IT_OUT
            return _choose_here(offers, kept=before if isinstance(before, str) else None)
        if question.kind is AnswerKind.MANY:
            return (
                _choose_several({id_: one.words.of(self._who) for id_, one in question.choices.items()}) or before or []
            )
        typed = _ask_here(words.TYPE_A_LINE)
        return "" if typed == words.SAY_NOTHING else typed or before or ""

    def _is_asked_for(self, question: NoticeField) -> bool:
        return question.id == "who" or any(
            question.id in group for one in self.regime.elements if one.is_required for group in one.met_by
        )

    # What was asked for, whole.

    def end(self) -> bool:
        """Show the notice, write it where the person says, say what to do next; tell whether another one is wanted."""
        while True:
            read, refused = read_answers(self.regime, notice.signed_today(self.regime, self.answers))
            self._show_elements(read)
            unmet = (*refused, *missing(self.regime, read, refused=refused))
            made = None if unmet else self._made()
            if unmet:
                _say_under(words.THINGS_MISSING.format(count=len(unmet)))
                for one in unmet:
                    _terminal.say_in_view(one.sentence, indent="  - ")
            try:
                if self._act(made, {key for key, _sentence in unmet}):
                    break
            except _GoBackError:
                self._change()
        return made is not None and self._say_what_is_next(made)

    def _made(self) -> Notice:
        """Build the notice and show it, whole, with what it says and the person's own sheet."""
        fingerprint = self.hashes.signal.type if self.hashes and self.regime.gives is Gives.NOTICE else None
        answers = notice.signed_today(self.regime, self.answers)
        made = build(self.regime, answers, adult=True, fingerprint=fingerprint)
        _say_under(words.THE_TEXT)
        _terminal.say_unbroken(made.text)
        if made.gives is not Gives.CHECKLIST and str(words.THE_TEXT) != words.THE_TEXT.english:
            _say_under(words.THE_MEANING)
            _terminal.say_unbroken(made.meaning)
        for line in (*made.warnings, *made.cover):
            _terminal.say_in_view(line)
        if fingerprint:
            _terminal.say(joined(words.HASHES_ARE_ON, words.HASHES_LINK))
        elif self.regime.gives is Gives.NOTICE:
            _terminal.say(words.HASHES_ARE_OFF)
        return made

    def _show_elements(self, read: AnswersRead) -> None:
        screen = words.LIST_CHECK if self.regime.gives is Gives.CHECKLIST else words.NOTICE_CHECK
        _say_under(screen.title, screen.text)
        for element in self.regime.elements_of(read.values):
            is_there = is_met(element.met_by, read)
            if is_there or element.is_required:
                _terminal.say(element.words, indent=words.MARK_THERE if is_there else words.MARK_MISSING)
            else:
                _terminal.say(words.NOT_NEEDED.format(element=element.words), indent=words.MARK_OPTIONAL)

    def _act(self, made: Notice | None, unmet: set[str]) -> bool:
        """Let the person choose what to do with the notice; tell whether it went somewhere."""
        ways = dict(words.NOTICE_CHECK.answers)
        for way in ("text", "markdown", "print") if made is None else ("fill",):
            del ways[way]
        _terminal.say()
        way = _choose_here(ways)
        if way == "fill":
            self._fill(unmet)
        elif way == "change":
            self._change()
        elif made and way == "print":
            _terminal.data(*made.text.splitlines())
        elif made:
            text, name = (made.markdown, "notice-{n}.md") if way == "markdown" else (made.text, "notice-{n}.txt")
            _save(text, name)
        is_out = made is not None and way in {"text", "markdown", "print"}
        self.gone_out.is_notice |= is_out
        is_new = self.hashes_to is not None and not os.path.lexists(self.hashes_to)
        if is_out and is_new and self.hashes and self.hashes_to and self.regime.gives is Gives.NOTICE:
            notice.write_own(self.hashes_to, self.hashes.to_text())
            self.gone_out.fingerprint = self.hashes_to.absolute()
            _terminal.say(words.FILE_IS_WRITTEN)
        return is_out

    def _fill(self, unmet: set[str]) -> None:
        """Ask for what is missing, and for nothing else."""
        needed = {name for one in self.regime.elements if one.key in unmet for group in one.met_by for name in group}
        for step in self._steps():
            is_asked_still = step.id in {one.id for one in self._steps()}  # an answer can make others needless
            if step.id in needed | unmet and is_asked_still:
                with contextlib.suppress(_GoBackError):
                    self._ask_one(step)

    def _change(self) -> None:
        """Ask anew for one thing that the person names."""
        steps: dict[str, NoticeField | Statement] = {one.id: one for one in self.regime.questions}
        steps |= {one.id: one for one in self.regime.statements_of(self.answers)}
        offers = {
            id_: one.meaning.of(self._who) if isinstance(one, Statement) else one.question.of(self._who)
            for id_, one in steps.items()
            if not (isinstance(one, NoticeField) and one.kind is AnswerKind.DAY)
        }
        _say_under(words.WHAT_TO_CHANGE)
        with contextlib.suppress(_GoBackError):
            self._ask_one(steps[_choose_here(offers)])

    def _say_what_is_next(self, made: Notice) -> bool:
        """Say what to do now, offer a calendar file, and tell whether another notice is wanted."""
        screen = words.LIST_DONE if made.gives is Gives.CHECKLIST else words.NOTICE_DONE
        _say_under(screen.title, (*screen.text, *made.next))
        for id_ in self.regime.services:
            _show_service(id_)
        ways = dict(words.NOTICE_DONE.answers)
        if self.regime.look_after is None:
            del ways["calendar"]
        while True:
            _terminal.say()
            try:
                if (way := _choose_here(ways)) != "calendar":
                    return way == "again"
                self._save_calendar()
                del ways["calendar"]
            except _GoBackError:
                _terminal.say(words.NOTHING_IS_SENT)

    def _save_calendar(self) -> None:
        while True:
            try:
                sent = notice.time_of(_ask_here(words.WHEN_SENT))
                break
            except UsageError as error:
                _terminal.say(error.sentence)
        alarm = _ask_here(words.WITH_AN_ALARM).lower() == words.SAY_RING
        _save_as("check-{n}.ics", lambda path: notice.write_calendar(path, self.regime, sent=sent, alarm=alarm))


# Asking.


def _ask_here(prompt: str, *, keeps_typed: bool = False) -> str:
    """Read a line; three words lead elsewhere.

    Raises:
        AgeGateError: someone may have been under 18; where to turn was shown.
        _GoBackError: the person wants to go back.
        _StopHereError: the person wants to stop.
    """
    typed = _terminal.ask(prompt, keeps_typed=keeps_typed)
    match typed.lower().strip("'\""):
        case words.SAY_BACK:
            raise _GoBackError
        case words.SAY_STOP:
            raise _StopHereError
        case words.SAY_UNDER_18:
            _declare.stop()
    return typed


def _choose_here(
    offers: Mapping[str, Message],
    *,
    title: str = "",
    notes: Mapping[str, Sequence[str]] | None = None,
    kept: str | None = None,
) -> str:
    """Show answers with numbers, and ask until one of them is typed; return its id. Enter alone keeps an earlier one."""
    listed = [("", ""), (_terminal.bold(title), "")] if title else []
    for number, (id_, offer) in enumerate(offers.items(), start=1):
        listed.append((offer, f"  {number}  "))
        listed += ((note, "     ") for note in (notes or {}).get(id_, ()) if note)
    _terminal.make_room(*listed)
    for paragraph, indent in listed:
        _terminal.say(paragraph, indent=indent)
    ids = {str(number): id_ for number, id_ in enumerate(offers, start=1)} | ({"": kept} if kept is not None else {})
    while (typed := _ask_here(words.TYPE_ONE_OF.format(count=len(offers)))) not in ids:
        _terminal.say(words.NOT_UNDERSTOOD)
    return ids[typed]


def _choose_several(offers: Mapping[str, Message]) -> list[str]:
    """The same for one or more; none, where nothing is typed."""
    listed = [(offer, f"  {number}  ") for number, offer in enumerate(offers.values(), start=1)]
    _terminal.make_room(*listed)
    for paragraph, indent in listed:
        _terminal.say(paragraph, indent=indent)
    ids = {str(number): id_ for number, id_ in enumerate(offers, start=1)}
    while not ids.keys() >= set(typed := _ask_here(words.TYPE_SEVERAL).replace(",", " ").split()):
        _terminal.say(words.NOT_UNDERSTOOD)
    return [ids[number] for number in typed]


def _ask_addresses() -> list[str]:
    """Read addresses until an empty line; several may be pasted at once."""
    typed: list[str] = []
    while line := _ask_here(words.TYPE_ADDRESSES, keeps_typed=bool(typed)):
        typed += line.split()
    if typed:
        _terminal.say(words.ADDRESSES_READ.format(count=len(typed)))
    return typed


# Showing and saving.


def _say_under(title: str, lines: Iterable[str] = ()) -> None:
    _terminal.say()
    _terminal.say_in_view(_terminal.bold(title))
    for line in lines:
        _terminal.say_in_view(line)


def _show_service(id_: str) -> None:
    """Name a service that the law leads to, if it may be shown."""
    service, today = services.load()[id_], _help.today()
    if service.is_reachable(today=today):
        _terminal.say(service.name, indent="* ")
        _terminal.say(service.url, indent="  ")
        if checked := service_words.how_checked([service], today=today):
            _terminal.say(checked, indent="  ")


def _save(text: str, suggested: str) -> None:
    _save_as(suggested, lambda path: notice.write_own(path, text))


def _save_as(suggested: str, write: Callable[[Path], None]) -> None:
    """Ask for the name of a new file until one could be written; what is suggested tells nothing."""
    free = next(name for n in range(1, 1000) if not os.path.lexists(name := suggested.format(n=n)))
    while True:
        if not (typed := _ask_here(words.NAME_FOR_A_FILE.format(suggested=free))):
            continue
        try:
            write(_terminal.typed_path(typed))
        except UsageError as error:
            _terminal.say(error.sentence)
            _terminal.say(error.hint)
        else:
            _terminal.say(words.FILE_IS_WRITTEN)
            return
