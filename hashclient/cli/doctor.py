"""Say what is installed, which formats can be read, and how well this machine protects."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from hashclient.cli import _checkup, _console, _options, _service
from hashclient.errors import HashclientError
from hashclient.guidance import texts

app = _console.new_app()


@app.command()
def doctor(
    endpoint: Annotated[
        str | None,
        typer.Option(help="Connect to this service, too, and print its key's check digits.", metavar="ADDRESS"),
    ] = None,
    as_json: _options.Json = False,
    ca_file: _options.CaFile = None,
    proxy: _options.Proxy = None,
) -> None:
    """Say what is installed, which formats can be read, and how well this machine protects.

    Every format is tried with a small picture of our own. Nothing is connected to unless --endpoint
    is given; then only what the service says of itself is read.
    """
    found = _checkup.look()
    if as_json:
        _console.data(json.dumps(found))
    else:
        _print(found)
    if found["protection"].get("missing"):
        _console.say(texts.NOT_FULLY_PROTECTED)
    if endpoint:
        _print_keys(endpoint, ca_file=ca_file, proxy=proxy)
    _require_whole(_checkup.problems(found))


def _print(found: dict[str, Any]) -> None:
    for part, facts in found.items():
        for name, fact in facts.items() if isinstance(facts, dict) else ():
            _console.data(f"{part} {name}".ljust(28) + _shown(fact))


def _shown(fact: object) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "NO"
    return ", ".join(fact) or "nothing" if isinstance(fact, list) else str(fact)


def _print_keys(endpoint: str, *, ca_file: Path | None, proxy: str | None) -> None:
    """Ask a service for its profile, and print its keys so that they can be compared."""
    from hashclient.sealing import check_digits

    settings = _service.settle(endpoint, key=None, ca_file=ca_file, proxy=proxy)
    with _service.opened(settings) as service:
        for key in _service.introduce(service).keys:
            _console.data(f"{check_digits(key)}\t{key.suite.name.lower()}\t{key.id}\t{key.expires}")


def _require_whole(problems: list[str]) -> None:
    for words in problems:
        _console.say(words, indent="  - ")
    if problems:
        raise HashclientError("Something is wrong with this installation.", hint="Install it anew, or update it.")
