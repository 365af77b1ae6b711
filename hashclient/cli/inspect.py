"""Show exactly what would be sent, byte for byte; nothing is sent."""

from typing import Annotated

import typer

from hashclient.cli import _console, _gate, _options, _pictures, _review
from hashclient.guidance import texts

app = _console.new_app()


@app.command()
def inspect(
    files: _options.Files,
    adult: _options.Adult = False,
    depicted: _options.WhoIsShown = None,
    intimate: _options.Intimate = False,
    no_consent: _options.NoConsent = False,
    altered: _options.WasAltered = None,
    types: _options.Types = None,
    coverage: _options.CoverageLevel = None,
    decode: _options.Decode = "exact",
    interval: _options.Interval = _options.USUAL_INTERVAL,
    require_sandbox: _options.RequireSandbox = False,
    raw: Annotated[bool, typer.Option("--raw", help="Show number and key of this example, too.")] = False,
) -> None:
    """Show exactly what would be sent, byte for byte. Sends nothing and connects to nothing.

    The bytes come on standard output, as they stand inside the seal: the published JSON, in its
    canonical form. What they are is said beside them. Case number, key and random number are drawn
    for this view and thrown away; number and key are covered by stars unless --raw is given.

    Without --coverage, this is what a service gets that has room for the widest level.
    """
    declarations = _gate.declarations(adult=adult, depicted=depicted, intimate=intimate, no_consent=no_consent)
    asked = _pictures.Asked(types, coverage, decode, interval, require_sandbox)
    items = _pictures.items(files, declarations=declarations, altered=altered, asked=asked)
    from hashclient.client import build_submission, new_credentials

    submission = build_submission(new_credentials(), declarations, items)
    _console.say()
    _review.in_words(submission, host=texts.ANY_SERVICE)
    _console.say(_SAID_RAW if raw else _SAID)
    body = _review.as_bytes(submission, is_raw=raw)
    _console.say(f"{len(body)} bytes, before they are sealed and filled up to a fixed length:")
    _console.data(body)
    _console.say(texts.NOT_SENT)


_SAID = "Below: every byte. Case number and key are covered by stars; 'submit' draws new ones and shows you the number."
_SAID_RAW = (
    "Below: every byte. Case number and key are examples drawn for this view: do not note them, they are not used."
)
