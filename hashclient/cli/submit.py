"""Send fingerprints to a service, after asking the person."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashclient.cli import _console, _credentials, _endings, _gate, _options, _pictures, _sending, _service, _to_file
from hashclient.errors import UsageError
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.config import Settings

app = _console.new_app()
_HELP = (
    f"Send fingerprints (hashes) of pictures and videos to a service.\n\n{texts.WHAT_IT_DOES}\n\n{texts.LIMITS_SHORT}"
)


@app.command(help=_HELP)
def submit(
    files: _options.Files,
    endpoint: _options.Endpoint = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")] = False,
    to_file: Annotated[
        Path | None, typer.Option(help="Write the request to a new file, to be handed over.", metavar="FILE")
    ] = None,
    adult: _options.Adult = False,
    depicted: _options.WhoIsShown = None,
    intimate: _options.Intimate = False,
    no_consent: _options.NoConsent = False,
    altered: _options.WasAltered = None,
    types: _options.Types = None,
    coverage: _options.CoverageLevel = None,
    decode: _options.Decode = "exact",
    interval: _options.Interval = _options.USUAL_INTERVAL,
    credentials_fd: _options.CredentialsFd = None,
    send: Annotated[bool, typer.Option("--send", help="For programs: confirm, with --credentials-fd.")] = False,
    as_json: _options.Json = False,
    require_sandbox: _options.RequireSandbox = False,
    key: _options.Key = None,
    ca_file: _options.CaFile = None,
    proxy: _options.Proxy = None,
) -> None:
    """Settle where it goes, ask, hash, and go on to one of the endings."""
    settings = _service.settle(endpoint, key=key, ca_file=ca_file, proxy=proxy)
    host = _service.host_of(settings)
    is_confirmed = dry_run or (send and credentials_fd is not None)
    if not dry_run:
        _require_way(settings, to_file)
        _credentials.require_place(credentials_fd)
        _require_confirmation(is_confirmed=is_confirmed, is_said=send)
    if _console.is_terminal():
        _introduce(host)
    declarations = _gate.declarations(adult=adult, depicted=depicted, intimate=intimate, no_consent=no_consent)
    asked = _pictures.Asked(types, coverage, decode, interval, require_sandbox)
    items = _pictures.items(files, declarations=declarations, altered=altered, asked=asked)
    parcel = _sending.Parcel(declarations, items, host, credentials_fd, is_confirmed, is_fitted=coverage is None)
    if dry_run:
        _sending.rehearse(parcel)
    elif settings.endpoint is None and to_file:
        _sending.write(parcel, to_file)
    else:
        _go(parcel, settings, to_file=to_file, as_json=as_json)


def _go(parcel: _sending.Parcel, settings: "Settings", *, to_file: Path | None, as_json: bool) -> None:
    """Contact the service, for the first time here, and send or seal."""
    with _service.opened(settings) as service, _endings.told_as_json(service, as_json=as_json):
        parcel = parcel.fitted(_service.introduce(service))
        if to_file:
            _sending.write(parcel, to_file, client=service.client)
            return
        credentials, receipt = _sending.send(parcel, service)
        again = credentials if parcel.fd is None else None
        _endings.sent(receipt, service, again=again, as_json=as_json)


def _introduce(host: str) -> None:
    """Say what this does and what it cannot do, before anything is asked."""
    for words in (texts.NOT_YOUR_FAULT, texts.WHAT_IT_DOES, texts.NOT_A_SERVICE.format(host=host), texts.HAVE_A_NUMBER):
        _console.say(words)
    _console.say()
    _console.say(_console.bold(texts.LIMITS_TITLE))
    for words in texts.LIMITS:
        _console.say(words, indent="  - ")
    _console.say()
    _console.say(texts.EMERGENCY)


def _require_way(settings: "Settings", to_file: Path | None) -> None:
    if to_file:
        _to_file.require_new(to_file)
    elif settings.endpoint is None:
        for words in texts.WAYS:
            _console.say(words, indent="  - ")
        settings.require_endpoint()


def _require_confirmation(*, is_confirmed: bool, is_said: bool) -> None:
    if is_said and not is_confirmed:
        raise UsageError(
            "--send goes with --credentials-fd. Nothing was sent.", hint="Leave out --send: you are asked."
        )
    if not is_confirmed and not _console.is_terminal():
        raise UsageError("Sending has to be confirmed. Nothing was sent.", hint="A program confirms with --send.")
