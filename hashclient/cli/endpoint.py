"""Start the reference endpoint and make its keys; what it does is in `hashclient.endpoint`."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashclient._optional import require_extra
from hashclient.cli import _terminal
from hashclient.errors import ConfigError
from hashclient.guidance import texts
from hashclient.guidance.commands import ENDPOINT, ENDPOINT_DOCTOR, ENDPOINT_KEY, ENDPOINT_SERVE

if TYPE_CHECKING:
    from hashclient.model import SealingKey

app = _terminal.new_app(help=ENDPOINT)
_Said = Annotated[str | None, typer.Option(help="A sentence for the profile, shown to people.", metavar="TEXT")]


@app.command(help=ENDPOINT_SERVE)
def serve(
    database: Annotated[Path, typer.Option(help="SQLite file; made where there is none.", metavar="FILE")],
    keys: Annotated[Path, typer.Option(help="Key file, as 'endpoint key' makes it.", metavar="FILE")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes any free one.")] = 0,
    origin: Annotated[str | None, typer.Option(help="Address under which people reach it.", metavar="URL")] = None,
    name: Annotated[str, typer.Option(help="Name of the service.")] = "hashclient endpoint",
    operator: Annotated[str, typer.Option(help="Who runs it.")] = "Not stated",
    policy: Annotated[str | None, typer.Option(help="https address of the privacy policy.", metavar="URL")] = None,
    contact: _Said = None,
    partners: _Said = None,
    retention: _Said = None,
    representatives: Annotated[
        bool | None, typer.Option(help="Say whether it takes requests made for someone else.", show_default=False)
    ] = None,
    plain_bodies: Annotated[
        bool, typer.Option("--plain-bodies", help="Take requests that are not sealed; on this machine only.")
    ] = False,
) -> None:
    """Start the endpoint and print where it listens."""
    require_extra("endpoint")
    from hashclient.endpoint.serve import serve_endpoint

    def say_ready(bound: int) -> None:
        _terminal.data(f"listening on http://{f'[{host}]' if ':' in host else host}:{bound}")

    serve_endpoint(
        database=database,
        keys=keys,
        host=host,
        port=port,
        origin=origin,
        plain_bodies=plain_bodies,
        on_ready=say_ready,
        name=name,
        operator=operator,
        policy=policy,
        contact=contact,
        partners=partners,
        retention=retention,
        representatives=representatives,
    )


@app.command(help=ENDPOINT_KEY)
def key(
    keys: Annotated[Path, typer.Option(help="Key file.", metavar="FILE")],
    renew: Annotated[bool, typer.Option("--renew", help="Add new keys beside those still in use.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the check digits of an existing key file.")] = False,
) -> None:
    """Make, renew or read the key file, and print the check digits."""
    require_extra("endpoint")
    from hashclient.endpoint.keys import load_keys, make_keys, renew_keys

    act = load_keys if show else renew_keys if renew else make_keys
    print_keys(act(keys).public())


@app.command("doctor", help=ENDPOINT_DOCTOR)
def look_at_files(
    database: Annotated[Path, typer.Option(help="SQLite file of the endpoint.", metavar="FILE")],
    keys: Annotated[Path, typer.Option(help="Key file.", metavar="FILE")],
) -> None:
    """Say what is wrong with the two files, and what to do."""
    require_extra("endpoint")
    from datetime import UTC, datetime

    from hashclient.endpoint.file_checks import advice_on_files

    found = advice_on_files(database, keys, today=datetime.now(UTC).date())
    for advice in found:
        _terminal.say(f"{advice.wrong} {advice.step}", indent="  - ")
    if found:
        raise ConfigError(texts.ENDPOINT_AT_RISK, hint=texts.ENDPOINT_AT_RISK_HINT)
    _terminal.say(texts.ENDPOINT_IN_ORDER)


def print_keys(keys: "Iterable[SealingKey]") -> None:
    """Print the check digits of some keys, for people to compare, with suite, id and last day of each."""
    from hashclient.sealing import check_digits

    for key in keys:
        _terminal.data(f"{check_digits(key)}\t{key.suite.name.lower()}\t{key.id}\t{key.expires}")
