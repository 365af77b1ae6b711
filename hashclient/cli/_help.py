"""Show who can help and what else to do, by country if the person names one.

At a terminal no more is shown at once than fits on it: Enter shows the rest. What is asked here is used here and not kept.
"""

import contextlib
import functools
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

import typer

from hashclient import messages
from hashclient.cli import _layout, _terminal
from hashclient.guidance import countries, languages, service_words, services, texts
from hashclient.guidance.services import Service
from hashclient.messages import Message

_MOST_COLUMNS: Final = 96
"""As many as `_terminal.say` uses, however wide the terminal is."""
_KEPT: Final = 5
"""Lines of a screen on which no block stands: for the question for Enter, or for the last words of the program."""


class Paragraph(NamedTuple):
    """Words that are wrapped together."""

    words: str
    indent: str = ""
    """Stands before the first line; later lines are aligned with the words."""
    is_title: bool = False


Block = Sequence[Paragraph]
"""Paragraphs that stay together on a screen."""


class Listed(NamedTuple):
    """Services under a heading."""

    title: Message
    rows: tuple[Service, ...]


def show_hand_off() -> None:
    """Show the services for images of under-18s, never one for adults."""
    country = ask_country()
    now = _is_under_18_now() if country == "GB" else None
    rows = services.hand_off(country, under_18_now=now, language=languages.code_in_use(), today=today())
    _show_in_screens(blocks_of(Listed(service_words.SERVICES_TITLE, rows), country))


def show_for_adults() -> None:
    """Show the services for adults."""
    country = ask_country()
    rows = services.for_adults(country, language=languages.code_in_use(), today=today())
    _show_in_screens(blocks_of(Listed(service_words.SERVICES_TITLE, rows), country))


def show_for_all() -> None:
    """Show both lists, each under its heading, those for under-18s first; for where the age was not asked."""
    country = ask_country()
    _show_in_screens(block for listed in lists_for_all(country).values() for block in blocks_of(listed, country))


def show_of_kind(kind: str) -> bool:
    """Show the country's services for adults of one kind, such as `legal` or `police`; tell whether there are any."""
    country = ask_country()
    rows = services.of_kind(kind, country, language=languages.code_in_use(), today=today())
    if rows:
        _show_in_screens(blocks_of(Listed(service_words.SERVICES_TITLE, rows), country))
    return bool(rows)


def show_actions() -> None:
    """Show the safety actions; they are offered, never a condition."""
    from hashclient.guidance import screens

    actions = [Paragraph(words, "  - ") for words in screens.ACTIONS]
    _show_in_screens([[Paragraph(""), Paragraph(screens.ACTIONS_TITLE, is_title=True), *actions]])


def crisis_lines_in_words() -> tuple[Message, ...]:
    """Return the crisis lines of the country in words; the country is asked only where some line was checked."""
    lines = services.crisis_lines(today=today())
    country = ask_country() if lines else None
    return tuple(service_words.line_of_crisis(line) for line in lines if line.country == country)


@functools.cache
def ask_country() -> str | None:
    """Ask for the country, once in a run, and once more where the answer is not understood; None if it is not told."""
    from hashclient.guidance import questions

    asked = ("", _terminal.bold(questions.COUNTRY.text), texts.WHY_WE_ASK.format(why=questions.COUNTRY.why))
    with contextlib.suppress(EOFError):  # where the input ended, nothing is held back
        _terminal.make_room(*((words, "") for words in asked))
    for words in asked:
        _terminal.say(words)
    country = _read_country()
    if country is None:
        known = sorted(services.countries_with_rows(), key=countries.name_of)
        _terminal.say(service_words.COUNTRIES_WITH_ROWS.format(countries=service_words.with_codes(known)))
        _terminal.say(service_words.ASKED_ONCE_MORE)
        country = _read_country()
    if country is None:
        _terminal.say(service_words.WITHOUT_A_COUNTRY)
    return country or None


def lists_for_all(country: str | None, *, language: str | None = None) -> dict[str, Listed]:
    """Return both lists, by whom they are for, where nobody was asked about any age: that for under-18s first.

    Args:
        country: ISO 3166-1 alpha-2, or None.
        language: code of the language to put first; without it, the language in use.
    """
    language, day = language or languages.code_in_use(), today()
    young = services.hand_off_unasked(country, language=language, today=day)
    adults = services.for_adults(country, language=language, today=day)
    return {
        "under-18": Listed(service_words.FOR_UNDER_18, young),
        "adult": Listed(service_words.FOR_ADULTS, adults),
    }


def blocks_of(listed: Listed, country: str | None, *, language: str | None = None) -> Iterator[Block]:
    """Yield a list of services as blocks: its title, a block for each row, and how far the rows were checked."""
    language, day = language or languages.code_in_use(), today()
    where = service_words.where_it_helps(listed.rows, country)
    yield [Paragraph(""), Paragraph(listed.title, is_title=True), *([Paragraph(where)] if where else [])]
    for row in listed.rows:
        lines = service_words.lines_of_service(row, language=language, today=day)
        yield [Paragraph(row.name, "* "), *(Paragraph(words, "    ") for words in lines)]
    if checked := service_words.how_checked(listed.rows, today=day):
        yield [Paragraph(checked)]


def today() -> date:
    """Return the day by which checks are judged."""
    return datetime.now(UTC).date()


def _read_country() -> str | None:
    """Read a country; "" if the person skips it, None if it is not known, which is said."""
    try:
        typed = _terminal.ask(service_words.TYPE_A_COUNTRY)
    except EOFError:
        return ""
    if not typed:
        return ""
    meant = countries.meant_by(typed)
    if len(meant) == 1:
        return meant[0]
    _terminal.say(service_words.unknown_country(typed))
    return None


def _is_under_18_now() -> bool | None:
    """Ask a person in the UK; None if they do not say."""
    from hashclient.guidance import questions

    try:
        return {"yes": True, "no": False}.get(_terminal.choose(questions.UNDER_18_NOW))
    except EOFError:
        return None


def wrapped(paragraph: Paragraph, *, columns: int) -> list[str]:
    """Return the lines of a paragraph; no address or number is broken in two.

    Where it belongs to a critical set and nobody has reviewed its translation, its English stands beneath.
    """
    words, indent, _ = paragraph
    said = [str(words)]
    if isinstance(words, Message) and words.is_critical and not languages.is_reviewed(messages.in_use()):
        said.append(words.english)
    return [line for text in said for line in _layout.filled(text, width=columns, indent=indent).split("\n")]


def _show_in_screens(blocks: Iterable[Block]) -> None:
    """Print blocks, and where a person sits at a terminal, wait for Enter before the first that no longer fits on it."""
    columns, lines = typer.get_terminal_size((_MOST_COLUMNS, 24))
    is_waiting, used = _terminal.is_terminal(), 0
    for block in blocks:
        height = sum(len(wrapped(paragraph, columns=min(columns, _MOST_COLUMNS))) for paragraph in block)
        if is_waiting and used and used + height > lines - _KEPT:
            is_waiting, used = _wait(), 0
        for words, indent, is_title in block:
            _terminal.say(_terminal.bold(words) if is_title else words, indent=indent)
        used += height


def _wait() -> bool:
    """Wait for Enter; at the end of the input everything else is shown without waiting."""
    try:
        _terminal.ask(texts.ENTER_GOES_ON)
    except EOFError:
        return False
    return True
