"""Show a screen of `hashclient.guidance.screens` at the terminal, a few lines at a time."""

import contextlib
import textwrap
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final

import typer

from hashclient.cli import _terminal
from hashclient.guidance import screens, service_words, texts
from hashclient.guidance.screens import Kind, Part, Screen, When, terminal
from hashclient.messages import Message

if TYPE_CHECKING:
    from hashclient.guidance.services import TakingPart

_MOST_LINES: Final = 6
"""Most lines that come at once, if no paragraph is longer."""
_SERVICES: Final = frozenset({Kind.ROWS_UNDER_18, Kind.ROWS_ADULT, Kind.ROWS_POLICE, Kind.ROWS_LEGAL})
_INDENTS: Final = {Kind.ITEM: "  - ", Kind.CARE: "  | ", Kind.CARD: "  | "}


def read_on(prompt: str) -> str:
    """Wait for Enter; where the input ended, go on without it, so that nothing is held back."""
    with contextlib.suppress(EOFError):
        return _terminal.ask(prompt)
    return ""


def show(screen: Screen, so: AbstractSet[When], *, read: Callable[[str], object] = read_on) -> None:
    """Show the title and the parts of a screen; its choices are left to the caller.

    Args:
        screen: what to show. Who can help comes last, wherever it stands: that is what stays in view.
        so: the conditions that hold; those that are known here are added.
        read: waits for Enter before more is shown.
    """
    _terminal.say()
    if screen.title:
        _terminal.say(_terminal.bold(screen.title))
    lines, known = _of_today({part.kind for part in screen.parts})
    so = (
        so
        | {When.TERMINAL}
        | (set() if lines else {When.NO_CRISIS_LINE})
        | ({When.PLATFORMS_KNOWN} if known else set())
    )
    shown = [part for part in screen.parts if screens.is_shown(part, so)]
    height, is_headed = 0, False
    for part in _unfolded(shown, lines):
        words = part.words or Message("")
        if known and When.PLATFORMS_KNOWN in part.when:
            platforms = str(service_words.BETWEEN_NAMES).join(known.platforms)
            words = words.format(platforms=platforms, month=service_words.month_in_words(known.as_of))
        following = _height(words) + (2 if part.kind is Kind.HEADING else 0)
        if height and not is_headed and height + following > _MOST_LINES:
            read(texts.ENTER_GOES_ON)
            height = 0
        is_headed = part.kind is Kind.HEADING
        stands_out = part.kind in {Kind.HEADING, Kind.CARE}
        _terminal.say(_terminal.bold(words) if stands_out else words, indent=_INDENTS.get(part.kind, ""))
        height += _height(words)
    if rows := [part.kind for part in shown if part.kind in _SERVICES]:
        if height:
            read(texts.ENTER_GOES_ON)
        _show_rows(rows)


def _of_today(kinds: AbstractSet[Kind]) -> "tuple[tuple[Message, ...], TakingPart | None]":
    """Return the crisis lines and the platforms that take part, where a screen has a place for them."""
    if not kinds & {Kind.CRISIS_LINES, Kind.ADDRESS}:
        return (), None  # what they are read with is not loaded before it is needed
    from hashclient.cli import _help
    from hashclient.guidance import services

    lines = _help.crisis_lines_in_words() if Kind.CRISIS_LINES in kinds else ()
    return lines, services.taking_part("stopncii", today=_help.today()) if Kind.ADDRESS in kinds else None


def _unfolded(parts: list[Part], lines: Iterable[Message]) -> Iterator[Part]:
    """Yield the parts that are words, with what stands in places whose words are known here."""
    for part in parts:
        if part.kind in {Kind.ACTIONS, Kind.ACTIONS_UNDER_18}:
            if part.words:
                yield part._replace(kind=Kind.HEADING)
            of_age = part.kind is Kind.ACTIONS
            for words in screens.ACTIONS if of_age else screens.ACTIONS_UNDER_18:
                yield Part(Kind.ITEM, words)
        elif part.kind is Kind.CRISIS_LINES:
            yield from (Part(Kind.ITEM, line) for line in lines)
        elif part.kind is Kind.ADDRESS:
            from hashclient.guidance import services

            yield Part(Kind.ITEM, Message(services.load()[part.row].url))
        elif part.words and part.kind not in _SERVICES:
            yield part


def _show_rows(kinds: list[Kind]) -> None:
    """Show the services that stand on a screen."""
    from hashclient.cli import _help

    if kinds == [Kind.ROWS_UNDER_18]:
        _help.show_hand_off()
    elif Kind.ROWS_UNDER_18 in kinds:
        _help.show_for_all()
    elif kinds == [Kind.ROWS_ADULT]:
        _help.show_for_adults()
    elif not _help.show_of_kind("police" if Kind.ROWS_POLICE in kinds else "legal"):
        _terminal.say(terminal.NONE_KNOWN)


def _height(words: str) -> int:
    """Count the lines that words take at this terminal, about."""
    return len(textwrap.wrap(str(words), min(92, typer.get_terminal_size((96, 24)).columns - 4)))
