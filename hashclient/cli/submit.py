"""Send fingerprints to a service, after asking the person."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashclient.cli import _credentials, _declare, _options, _review, _run, _send, _service, _terminal
from hashclient.errors import UsageError
from hashclient.guidance import codes, endings, review, services, texts
from hashclient.guidance.commands import OPTIONS, SUBMIT
from hashclient.messages import joined
from hashclient.vocabulary import DEFAULT_INTERVAL, Coverage, Decode

if TYPE_CHECKING:
    from hashclient.config import Settings
    from hashclient.model import Credentials

app = _terminal.new_app()


@app.command(help=SUBMIT)
def submit(
    files: _options.FilesOrNone = None,
    endpoint: _options.Endpoint = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=OPTIONS["dry_run"])] = False,
    to_file: Annotated[Path | None, typer.Option(help=OPTIONS["to_file"], metavar="FILE")] = None,
    paper: Annotated[Path | None, typer.Option(help=OPTIONS["paper"], metavar="FILE")] = None,
    again: Annotated[bool, typer.Option("--again", help=OPTIONS["again"])] = False,
    adult: _options.Adult = False,
    depicted: _options.WhoIsDepicted = None,
    intimate: _options.Intimate = False,
    no_consent: _options.NoConsent = False,
    altered: _options.WhetherAltered = None,
    inner: _options.Inner = None,
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
    place = _credentials.Place(credentials_fd, paper, *_service.address_and_command(settings))
    if not dry_run:
        _require_way(settings, to_file)
        place.require()
        _require_confirmation(is_confirmed=is_confirmed, is_said=send)
    if again:
        _require_person(place, is_alone=dry_run or to_file is not None)
    is_person = _terminal.is_terminal() and credentials_fd is None
    if is_person:
        _introduce(host)
    declarations = _declare.declare(adult=adult, depicted=depicted, intimate=intimate, no_consent=no_consent)
    from hashclient.client.request import Request
    from hashclient.prepare import Session

    options = _options.hash_options(
        types, coverage, decode, interval, require_sandbox=require_sandbox, inner=inner is not False
    )
    state = endings.NOT_SENT_NOW if again else texts.NOT_SENT
    with _run.interrupted_means(joined(texts.INTERRUPTED, state)):
        with (
            _send.endings_told(None, is_person=is_person, as_json=as_json),
            Session(declarations=declarations, options=options) as session,  # before a case number is known here
        ):
            earlier = _take_up(settings, as_json=as_json) if again else None
            items, inside = _send.hash_chosen(session, files or [], altered=altered, inner=inner, is_person=is_person)
        if dry_run:
            request = Request(declarations, items)
            request.draw()
            _review.whole(request.submission, host=host, inner=inside)
        elif settings.endpoint is None and to_file:
            delivery = _send.Delivery(Request(declarations, items), host, place, is_confirmed, inside)
            with _send.endings_told(None, is_person=is_person, as_json=as_json):
                _send.write(delivery, to_file, seen=review.IN_A_FILE)
        else:
            with (
                _service.reached(settings) as service,
                _send.endings_told(service, is_person=is_person, as_json=as_json),
            ):
                _service.introduce(service)  # contacted for the first time here, unless a request is taken up again
                if is_person:
                    _terminal.ask(texts.ENTER_GOES_ON)  # what is reviewed fills the screen
                request = Request(declarations, items, client=service.client)
                _send.say_left_out(request)
                delivery = _send.Delivery(request, host, place, is_confirmed, inside, earlier)
                if to_file:
                    _send.write(delivery, to_file, seen=review.SEEN_ANYWAY)
                else:
                    _send.send_and_tell(delivery, as_json=as_json)


def _introduce(host: str) -> None:
    """Say what this does and what it cannot do, before anything is asked."""
    _terminal.say_in_fives(
        texts.NOT_YOUR_FAULT,
        texts.EMERGENCY,
        texts.WHAT_IT_DOES,
        texts.NOT_A_SERVICE.format(host=host),
        texts.HAVE_A_NUMBER,
    )
    _terminal.say()
    _terminal.ask(texts.ENTER_GOES_ON)
    _terminal.say()
    _terminal.say(_terminal.bold(texts.LIMITS_TITLE))
    _terminal.say_in_fives(*texts.LIMITS, indent="  - ")


def _take_up(settings: "Settings", *, as_json: bool) -> "Credentials":
    with _service.reached(settings) as service, _send.endings_told(service, is_person=True, as_json=as_json):
        _service.introduce(service)
        return _send.take_up(service)


def _require_way(settings: "Settings", to_file: Path | None) -> None:
    """Make sure that there is a service to send to, or a new file to write; else say what works today.

    Raises:
        UsageError: there is neither.
    """
    if to_file:
        _send.require_new(to_file)
    elif settings.endpoint is None:
        known, (adults, under_18, *rest) = services.load(), texts.TODAY
        _terminal.say(_terminal.bold(texts.NO_SERVICE_YET))
        _terminal.say(texts.NOTHING_TO_SEND_TO)
        addressed = adults.format(address=known["stopncii"].url), under_18.format(address=known["ncmec-tid"].url)
        for words in (*addressed, *rest):
            _terminal.say(words, indent="  - ")
        ways = [("", ""), (texts.WITH_A_SERVICE, ""), *((words, "  - ") for words in texts.WAYS)]
        why_not = [(texts.NO_SERVICE_NAMED, ""), (texts.EMERGENCY, "")]
        with contextlib.suppress(EOFError):  # where the input ended, nothing is held back
            _terminal.make_room(*ways, *why_not)
        for paragraph, indent in ways:
            _terminal.say(paragraph, indent=indent)
        raise UsageError(texts.NO_SERVICE_NAMED, hint=texts.EMERGENCY)


def _require_person(place: _credentials.Place, *, is_alone: bool) -> None:
    if is_alone:
        raise UsageError(codes.AGAIN_WITH_A_SERVICE, hint=codes.LEAVE_ONE_OUT)
    if place.fd is not None or not _terminal.is_terminal():
        raise UsageError(codes.AGAIN_ALONE, hint=codes.KEEP_THE_BYTES)


def _require_confirmation(*, is_confirmed: bool, is_said: bool) -> None:
    if is_said and not is_confirmed:
        raise UsageError(texts.SEND_WITHOUT_FD, hint=texts.LEAVE_OUT_SEND)
    if not is_confirmed and not _terminal.is_terminal():
        raise UsageError(texts.UNCONFIRMED, hint=texts.CONFIRM_WITH_SEND)
