"""Walk the triage with the person: one question at a time, then a list of what helps. Sends, stores and opens nothing.

From the list the person can go on into `submit` and `notice`, which have their own words for what they send, store and open.
What was declared here, in full, is not asked there again.
"""

import os
import sys
from collections.abc import Iterator
from typing import Final

import typer

from hashclient.cli import _screens, _terminal
from hashclient.errors import ConfigError, UsageError
from hashclient.guidance import questions, screens, texts, triage
from hashclient.guidance.commands import GUIDE
from hashclient.guidance.screens import Choice, Screen, When, terminal
from hashclient.guidance.screens.parts import words
from hashclient.guidance.screens.safety import BACK_WHERE_I_WAS
from hashclient.guidance.triage import Answers, Asked, Outcome
from hashclient.messages import Message, joined
from hashclient.vocabulary import Depicted

app = _terminal.new_app()

_LETTERS: Final = frozenset("bhqx")
_CLEARED_WITH_WHAT_WAS_KEPT: Final = "\x1b[H\x1b[2J\x1b[3J"
_MARK: Final = "mark:"
"""Marks a task as done, or as not done, and leads back to the list."""
_GO_ON: Final = "go_on"
"""Goes on into the verb of a step."""
_LAWS: Final = {"notice_dmca_warning": "dmca", "search_google": "google", "search_bing": "bing"}
"""The law or form of a step that leads to one; the others let the person choose."""
_END: Final = "ended"


@app.command(cls=_terminal.TextCommand, help=GUIDE)
def guide() -> None:
    """Begin at the start, unless there is nobody to ask."""
    if not _terminal.is_terminal():
        raise UsageError(terminal.NEEDS_A_TERMINAL, hint=terminal.SERVICES_WITHOUT)
    _Walk().go()


class _LetterError(Exception):
    """A letter was typed that leads away, whatever was asked."""

    def __init__(self, letter: str) -> None:
        super().__init__(letter)
        self.letter = letter


def _read_answer(prompt: str) -> str:
    """Read a line that is not one of the letters.

    Raises:
        _LetterError: it is one.
    """
    typed = _terminal.ask(prompt).lower()
    if typed in _LETTERS:
        raise _LetterError(typed)
    return typed


class _Walk:
    """One visit: what was answered and marked, and the way back. All of it is in memory only."""

    def __init__(self) -> None:
        self.has_service = _has_service()
        self._begin()

    def _begin(self) -> None:
        self.answers, self.done = Answers(), set[str]()
        self.declared: dict[Asked, str | None] = {}
        self.way_back: list[str] = []
        self.is_handed_off = False

    def go(self) -> None:
        """Go from place to place until the end."""
        place = "start"
        while place != _END:
            try:
                place = self._from(place, self._visit(place))
            except _LetterError as typed:
                place = self._led(place, typed.letter)
        _screens.show(screens.SCREENS[_END], frozenset())

    def _led(self, place: str, letter: str) -> str:
        """Return where a letter leads."""
        if letter == "x":
            _clear()
            raise typer.Exit
        if letter == "q":
            return _END
        if letter == "h":
            return self._from(place, Choice("", "help_now"))
        if not self.way_back:
            _terminal.say(terminal.NOTHING_BEFORE)
            return place
        return self.way_back.pop()

    def _from(self, place: str, chosen: Choice) -> str:
        """Return where a choice leads, and note the way back."""
        to = chosen.to
        if chosen.sets:
            self.answers = self.answers.also(*chosen.sets)
        if to == "back":
            return self.way_back.pop() if self.way_back else "start"
        if to == "talk" and self.is_handed_off:
            to = Outcome.HAND_OFF
        if to in {"start_again", Outcome.HAND_OFF}:
            self._begin()
            self.is_handed_off = to == Outcome.HAND_OFF
            return Outcome.HAND_OFF if self.is_handed_off else "start"
        if to.startswith(_MARK):
            self.done ^= {to.removeprefix(_MARK)}
            to = Outcome.LIST
        if to == _GO_ON:
            self._go_on(place)
            return place
        if to in self.way_back:
            del self.way_back[self.way_back.index(to) :]
        elif to != place:
            self.way_back.append(place)
        return to

    def _visit(self, place: str) -> Choice:
        """Show a place, and return what was chosen there."""
        if place in questions.QUESTIONS:
            return self._ask(Asked(place))
        screen, so = _screen_of(place), self._so()
        _screens.show(screen, so, read=_read_answer)
        offered = (one for one in screen.choices if screens.is_shown(one, so))
        return _choose([*self._tasks(place), *offered, *self._mark(place)])

    def _ask(self, asked: Asked) -> Choice:
        """Ask a question, keep the answer, and return where it leads."""
        declares = self.has_service or asked is Asked.AGE  # there is a request to come, or perhaps a notice
        plain = questions.unfolded(questions.worded(asked, self.answers))
        question = questions.declaring(asked, self.answers) if declares else plain
        before = self.answers.to(asked)
        _terminal.say()
        _terminal.say(_terminal.bold(question.text))
        _terminal.say(texts.WHY_WE_ASK.format(why=question.why))
        answers = [
            Choice(words, id_, _beneath(question.notes.get(id_), is_before=id_ == before))
            for id_, words in question.answers.items()
        ]
        answer = _choose(answers, error=question.error)
        self.answers = self.answers.also(asked, answer.to)
        self.declared[asked] = question.notes.get(answer.to)
        way = triage.way(asked, answer.to)
        return Choice(answer.words, way.shown or way.to)

    def _is_declared(self, asked: Asked) -> bool:
        """Tell whether an answer makes a declaration, and it is the one that stood under it when it was given."""
        declaration = questions.declaring(asked, self.answers).notes.get(self.answers.to(asked) or "")
        return declaration is not None and self.declared.get(asked) == declaration

    def _go_on(self, place: str) -> None:
        """Go on into the verb of a step; after a request, which is true of what was sent, the visit ends.

        Raises:
            HashclientError: as the verb.
            Exit: it was a request.
        """
        adult = self._is_declared(Asked.AGE)
        if place != "limits":
            from hashclient.cli import notice

            notice.notice(law=_LAWS.get(place, ""), adult=adult)
            return
        from hashclient.cli import submit

        is_for_another = self.answers.who in triage.FOR_ANOTHER
        depicted = Depicted.REPRESENTED if is_for_another else Depicted.SELF
        submit.submit(
            adult=adult,
            depicted=depicted if self._is_declared(Asked.PERMISSION if is_for_another else Asked.WHO) else None,
            intimate=self._is_declared(Asked.INTIMATE),
            no_consent=self._is_declared(Asked.CONSENT),
        )
        raise typer.Exit

    def _tasks(self, place: str) -> Iterator[Choice]:
        """Yield the tasks, where the place is the list."""
        if place != Outcome.LIST:
            return
        for task in triage.plan(self.answers, has_service=self.has_service, start=Asked.AGE):
            row = screens.ROWS[task]
            line = screens.MARKED_DONE if row.to in self.done else row.line
            yield Choice(terminal.TASK_WITH_LINE.format(task=row.name, line=line) if line else row.name, row.to)

    def _mark(self, place: str) -> Iterator[Choice]:
        """Yield the choice to mark a task, where the place is that of one."""
        if self._is_listed() and place in {row.to for row in screens.ROWS.values()}:
            yield Choice(terminal.MARK_NOT_DONE if place in self.done else terminal.MARK_DONE, f"{_MARK}{place}")

    def _is_listed(self) -> bool:
        return triage.next_step(self.answers, start=Asked.AGE) is Outcome.LIST

    def _so(self) -> frozenset[When]:
        """Return what is so by now."""
        reason = triage.last_way(self.answers, start=Asked.AGE).reason
        return frozenset(
            {
                When.TERMINAL,
                When.NO_FILE,
                When.SERVICE if self.has_service else When.NO_SERVICE,
                When.FOR_THEM if self.answers.who in triage.FOR_ANOTHER else When.FOR_SELF,
                When.AGE_ASKED if self.answers.age == "all_adult" else When.AGE_NOT_ASKED,
                When.LISTED if self._is_listed() else When.NOT_LISTED,
                *([When(reason)] if reason else []),
            }
        )


def _beneath(note: str | None, *, is_before: bool) -> str | None:
    """Return what stands under an answer, after that it was given before."""
    return joined(terminal.ANSWERED_BEFORE, note or "") if is_before else note


def _screen_of(place: str) -> Screen:
    """Return a screen; of a step with a command of its own, one that goes on into it, or names it."""
    if place in terminal.GOES_ON:
        choices = Choice(terminal.GO_ON, _GO_ON), BACK_WHERE_I_WAS
        return Screen(place, None, (words(terminal.GOES_ON[place]),), choices)
    if place in terminal.COMMANDS:
        return Screen(place, None, (words(terminal.COMMANDS[place]),), (BACK_WHERE_I_WAS,))
    return screens.SCREENS[place]


def _choose(choices: list[Choice], *, error: Message | None = None) -> Choice:
    """Show numbered choices, and ask until one of them is chosen."""
    _terminal.say()
    for number, choice in enumerate(choices, start=1):
        mark = f"{number:3}  "
        _terminal.say(choice.words, indent=mark)
        if choice.note:
            _terminal.say(choice.note, indent=" " * len(mark))
    _terminal.say(terminal.KEYS)
    by_number = {str(number): choice for number, choice in enumerate(choices, start=1)}
    while (typed := _read_answer(terminal.TYPE_A_CHOICE.format(count=len(choices)))) not in by_number:
        _terminal.say(error or "")
        _terminal.say(terminal.NOT_OFFERED.format(count=len(choices)))
        _terminal.say(terminal.KEYS)
    return by_number[typed]


def _clear() -> None:
    """Clear the screen, and what the terminal keeps above it where it obeys."""
    if _terminal.takes_escapes():
        sys.stderr.write(_CLEARED_WITH_WHAT_WAS_KEPT)
    else:
        sys.stderr.write("\n" * typer.get_terminal_size((96, 24)).lines)
    sys.stderr.flush()


def _has_service() -> bool:
    """Tell whether the settings name a service to send to. A settings file that cannot be read names none."""
    from hashclient.config import load_settings

    try:
        return load_settings(flags={}, environ=os.environ, parse=str).endpoint is not None
    except ConfigError:
        return False
