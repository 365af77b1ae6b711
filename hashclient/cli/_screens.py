"""Show a screen of `hashclient.guidance.screens` at the terminal, a few lines at a time."""

import contextlib
import textwrap
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

import typer

from hashclient.cli import _help, _terminal
from hashclient.guidance import screens, services
from hashclient.guidance.screens import Kind, Part, Screen, When, terminal
from hashclient.messages import Message

_MOST_LINES: Final = 6
"""Most lines that come at once, if no paragraph is longer."""
_SERVICES: Final = frozenset({Kind.ROWS_UNDER_18, Kind.ROWS_ADULT, Kind.ROWS_POLICE, Kind.ROWS_LEGAL})
_INDENTS: Final = {Kind.ITEM: "  - ", Kind.CARE: "  | ", Kind.CARD: "  | "}


def read_on(prompt: str) -> str:
    """Wait for Enter; where the input ended, go on without it, so that nothing is held back."""
    with contextlib.suppress(EOFError):
        return _terminal.ask(prompt)
    return ""


def show(
    screen: Screen,
    so: AbstractSet[When],
    *,
    fields: Mapping[str, object] | None = None,
    read: Callable[[str], object] = read_on,
) -> None:
    """Show the title and the parts of a screen; its choices are left to the caller.

    Args:
        screen: what to show. Who can help comes last, wherever it stands: that is what stays in view.
        so: the conditions that hold; that this is a terminal is added.
        fields: what fills the braces.
        read: waits for Enter before more is shown.
    """
    shown = [part for part in screen.parts if screens.is_shown(part, so | {When.TERMINAL})]
    _terminal.say()
    if screen.title:
        _terminal.say(_terminal.bold(screen.title))
    lines = 0
    for part in _unfolded(shown):
        words = part.words.format(**fields) if part.words and fields else part.words or Message("")
        height = _height(words)
        if lines and lines + height > _MOST_LINES:
            read(terminal.ENTER_FOR_MORE)
            lines = 0
        _terminal.say(
            _terminal.bold(words) if part.kind in {Kind.HEADING, Kind.CARE} else words,
            indent=_INDENTS.get(part.kind, ""),
        )
        lines += height
    if kinds := [part.kind for part in shown if part.kind in _SERVICES]:
        if lines:
            read(terminal.ENTER_FOR_MORE)
        _show_rows(kinds)


def _unfolded(parts: list[Part]) -> Iterator[Part]:
    """Yield the parts that are words, with what stands in places whose words are known here."""
    for part in parts:
        if part.kind in {Kind.ACTIONS, Kind.ACTIONS_UNDER_18}:
            yield replace(part, kind=Kind.HEADING)
            of_age = part.kind is Kind.ACTIONS
            for words in screens.ACTIONS if of_age else screens.ACTIONS_UNDER_18:
                yield Part(Kind.ITEM, words)
        elif part.kind is Kind.ADDRESS:
            yield Part(Kind.ITEM, Message(services.load()[part.row].url))
        elif part.words and part.kind not in _SERVICES:
            yield part


def _show_rows(kinds: list[Kind]) -> None:
    if kinds == [Kind.ROWS_UNDER_18]:
        _help.show_hand_off()
    elif Kind.ROWS_UNDER_18 in kinds:
        _help.show_for_all()
    else:
        _help.show_for_adults()


def _height(words: str) -> int:
    """Count the lines that words take at this terminal, about."""
    return len(textwrap.wrap(str(words), min(92, typer.get_terminal_size((96, 24)).columns - 4)))
