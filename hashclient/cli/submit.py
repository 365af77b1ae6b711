"""Send fingerprints to a service, after asking the person."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashclient.cli import _credentials, _declare, _options, _review, _send, _service, _terminal
from hashclient.errors import UsageError
from hashclient.guidance import texts
from hashclient.guidance.commands import OPTIONS, SUBMIT
from hashclient.vocabulary import DEFAULT_INTERVAL, Coverage, Decode

if TYPE_CHECKING:
    from hashclient.config import Settings

app = _terminal.new_app()


@app.command(help=SUBMIT)
def submit(
    files: _options.FileList,
    endpoint: _options.Endpoint = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=OPTIONS["dry_run"])] = False,
    to_file: Annotated[Path | None, typer.Option(help=OPTIONS["to_file"], metavar="FILE")] = None,
    adult: _options.Adult = False,
    depicted: _options.WhoIsDepicted = None,
    intimate: _options.Intimate = False,
    no_consent: _options.NoConsent = False,
    altered: _options.WhetherAltered = None,
    types: _options.Types = None,
    coverage: _options.CoverageLevel = Coverage.WIDE,
    decode: _options.DecodeRule = Decode.EXACT,
    interval: _options.Interval = DEFAULT_INTERVAL,
    credentials_fd: _options.CredentialsFd = None,
    send: Annotated[bool, typer.Option("--send", help=OPTIONS["send"])] = False,
    as_json: _options.Json = False,
    require_sandbox: _options.RequireSandbox = False,
    trust_key: _options.TrustKey = None,
    ca_file: _options.CaFile = None,
    proxy: _options.Proxy = None,
) -> None:
    """Settle where the request goes, ask, hash, and go on to one of the endings."""
    settings = _service.settle(endpoint, trust_key=trust_key, ca_file=ca_file, proxy=proxy)
    host = _service.host_of(settings)
    is_confirmed = send and credentials_fd is not None
    if not dry_run:
        _require_way(settings, to_file)
        _credentials.require_place(credentials_fd)
        _require_confirmation(is_confirmed=is_confirmed, is_said=send)
    if _terminal.is_terminal():
        _introduce(host)
    declarations = _declare.declare(adult=adult, depicted=depicted, intimate=intimate, no_consent=no_consent)
    from hashclient.client.request import Request

    options = _options.hash_options(types, coverage, decode, interval, require_sandbox=require_sandbox)
    items = _send.hash_chosen(files, declarations=declarations, altered=altered, options=options)
    if dry_run:
        request = Request(declarations, items)
        request.draw()
        _review.whole(request.submission, host=host)
    elif settings.endpoint is None and to_file:
        _send.write(_send.Delivery(Request(declarations, items), host, credentials_fd, is_confirmed), to_file)
    else:
        with _service.reached(settings) as service, _send.endings_told(service.client, as_json=as_json):
            _service.introduce(service)  # contacted for the first time here
            request = Request(declarations, items, client=service.client)
            _send.say_left_out(request)
            delivery = _send.Delivery(request, host, credentials_fd, is_confirmed)
            if to_file:
                _send.write(delivery, to_file)
            else:
                _send.send_and_tell(delivery, as_json=as_json)


def _introduce(host: str) -> None:
    """Say what this does and what it cannot do, before anything is asked."""
    for words in (texts.NOT_YOUR_FAULT, texts.WHAT_IT_DOES, texts.NOT_A_SERVICE.format(host=host), texts.HAVE_A_NUMBER):
        _terminal.say(words)
    _terminal.say()
    _terminal.say(_terminal.bold(texts.LIMITS_TITLE))
    for words in texts.LIMITS:
        _terminal.say(words, indent="  - ")
    _terminal.say()
    _terminal.say(texts.EMERGENCY)


def _require_way(settings: "Settings", to_file: Path | None) -> None:
    """Make sure that there is a service to send to, or a new file to write; else say what else can be done."""
    if to_file:
        _send.require_new(to_file)
    elif settings.endpoint is None:
        for words in texts.WAYS:
            _terminal.say(words, indent="  - ")
        settings.require_endpoint()


def _require_confirmation(*, is_confirmed: bool, is_said: bool) -> None:
    if is_said and not is_confirmed:
        raise UsageError(
            "--send goes with --credentials-fd. Nothing was sent.", hint="Leave out --send: you will be asked."
        )
    if not is_confirmed and not _terminal.is_terminal():
        raise UsageError("Sending has to be confirmed. Nothing was sent.", hint="A program confirms with --send.")
