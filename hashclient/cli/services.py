"""Show who can help, without asking anything: for a person, as a list; for a program, as JSON."""

from collections.abc import Mapping
from typing import Any, Final

import typer

from hashclient.cli import _help, _layout, _terminal
from hashclient.errors import UsageError
from hashclient.guidance import countries, service_words, texts
from hashclient.guidance import services as catalogue
from hashclient.guidance.commands import OPTIONS
from hashclient.guidance.commands import SERVICES as HELP
from hashclient.guidance.services import Service

app = _terminal.new_app()
_NARROW: Final = 80
_VERSION_OF_JSON: Final = 1
"""Of the JSON."""
WHOSE: Final = ("adult", "under-18")
"""Whom a list is for, by the age of the people shown when the image was made."""


@app.command(cls=_terminal.TextCommand, help=HELP)
def services(
    country: str | None = typer.Option(None, help=OPTIONS["country"], metavar="NAME|CODE"),
    whose: str | None = typer.Option(None, "--for", help=OPTIONS["for"], metavar="|".join(WHOSE)),
    language: str | None = typer.Option(None, help=OPTIONS["language"], metavar="CODE"),
    check: bool = typer.Option(False, "--check", help=OPTIONS["check"]),
    as_json: bool = typer.Option(False, "--json", help=OPTIONS["json"]),
) -> None:
    """Print the lists; whatever of the command is not understood, the services that work everywhere come first."""
    if whose not in {None, *WHOSE}:
        raise typer.BadParameter("", param_hint="--for")
    if check:
        _print_to_look_at()
        return
    meant = countries.meant_by(country) if country else ()
    code = meant[0] if len(meant) == 1 else None
    lists = _help.lists_for_all(code, language=language)
    if whose:
        lists = {whose: lists[whose]}
    if as_json:
        _print_json(code, lists)
    else:
        _print_lists(code, lists, language)
    if country is not None and code is None:
        raise UsageError(service_words.unknown_country(country), hint=service_words.USE_ANOTHER_NAME)
    if language is not None and not countries.is_language(language):
        raise UsageError(service_words.UNKNOWN_LANGUAGE, hint=service_words.USE_A_LANGUAGE_CODE)
    if not as_json:
        _say_what_else(code, lists)


def _print_lists(code: str | None, lists: Mapping[str, _help.Listed], language: str | None) -> None:
    """Print for a person; the emergency line comes first, as everywhere."""
    _terminal.say(texts.EMERGENCY)
    columns = min(_NARROW, typer.get_terminal_size((_NARROW, 24)).columns)
    blocks = (block for listed in lists.values() for block in _help.blocks_of(listed, code, language=language))
    _terminal.data(
        *(
            _layout.directed(line)
            for block in blocks
            for paragraph in block
            for line in _help.wrapped(paragraph, columns=columns)
        )
    )


def _say_what_else(code: str | None, lists: Mapping[str, _help.Listed]) -> None:
    _terminal.say()
    if code is None:
        _terminal.say(service_words.NAME_A_COUNTRY)
    if len(lists) > 1:
        _terminal.say(service_words.ONE_LIST_ALONE)


def _print_json(code: str | None, lists: Mapping[str, _help.Listed]) -> None:
    """Print for a program; its words are English, and ids and names of fields stay as they are."""
    import json

    today = _help.today()
    known = {whose: [_as_data(row) for row in listed.rows] for whose, listed in lists.items()}
    platforms = catalogue.taking_part("stopncii", today=today)
    printed = {
        "version": _VERSION_OF_JSON,
        "country": code,
        "services": known,
        "taking_part": {"stopncii": {"platforms": platforms.platforms, "as_of": f"{platforms.as_of:%Y-%m}"}}
        if platforms
        else {},
        "crisis_lines": [
            {"id": line.id, "kind": line.kind, "number": line.number}
            for line in catalogue.crisis_lines(code, today=today)
        ],
    }
    _terminal.data(json.dumps(printed, indent=2))


def _as_data(row: Service) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "url": row.url or None,
        "countries": row.countries,
        "age": row.age,
        "takes": row.takes,
        "receives_image": row.receives_image,
        "phone": row.phone,
        "hours": row.hours or None,
        "languages": row.languages,
        "confidentiality": row.confidentiality,
        "note": service_words.SERVICE_NOTES[row.id],
        "caution": service_words.BESIDE_POLICE if row.kind == "police" else None,
        "checked_on": row.checked_on.isoformat(),
        "is_checked": row.is_checked(today=_help.today()),
    }


def _print_to_look_at() -> None:
    """Print the entries that nobody has checked within 180 days: day of the last look, id, whether it is verified."""
    entries = catalogue.to_look_at(today=_help.today())
    _terminal.data(
        *(f"{entry.checked_on}\t{entry.id}\t{'verified' if entry.verified else 'not verified'}" for entry in entries)
    )
    _terminal.say(service_words.STILL_TO_LOOK_AT.format(count=len(entries), total=catalogue.entries_count()))
