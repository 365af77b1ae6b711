"""Show exactly what would be sent, byte for byte; nothing is sent."""

from typing import Annotated

import typer

from hashclient.cli import _declare, _options, _review, _send, _terminal
from hashclient.guidance import texts
from hashclient.guidance.commands import INSPECT, OPTIONS
from hashclient.vocabulary import DEFAULT_INTERVAL, Coverage, Decode

app = _terminal.new_app()


@app.command(help=INSPECT)
def inspect(
    files: _options.FilesOrNone = None,
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
    require_sandbox: _options.RequireSandbox = False,
    raw: Annotated[bool, typer.Option("--raw", help=OPTIONS["raw"])] = False,
) -> None:
    """Ask, hash, and show the request; credentials are drawn for this view and thrown away."""
    declarations = _declare.declare(adult=adult, depicted=depicted, intimate=intimate, no_consent=no_consent)
    from hashclient.client.request import Request
    from hashclient.prepare import Session

    options = _options.hash_options(
        types, coverage, decode, interval, require_sandbox=require_sandbox, inner=inner is not False
    )
    with Session(declarations=declarations, options=options) as session:
        items, inside = _send.hash_chosen(
            session, files or [], altered=altered, inner=inner, is_person=_terminal.is_terminal()
        )
    request = Request(declarations, items)
    request.draw()
    _review.whole(request.submission, host=texts.ANY_SERVICE, inner=inside, is_raw=raw)
