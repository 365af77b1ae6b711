"""Start the reference endpoint and make its keys; what it does is in `hashclient.endpoint`."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashclient._optional import require_extra
from hashclient.cli import _terminal
from hashclient.cli._commands import VerbGroup
from hashclient.errors import ConfigError
from hashclient.guidance import operators
from hashclient.guidance.commands import ENDPOINT, ENDPOINT_DOCTOR, ENDPOINT_KEY, ENDPOINT_SERVE, OPTIONS
from hashclient.messages import joined

if TYPE_CHECKING:
    from hashclient.model import SealingKey

app = _terminal.new_app(cls=VerbGroup, help=ENDPOINT)
_Said = Annotated[str | None, typer.Option(help=OPTIONS["said"], metavar="TEXT")]


@app.command(help=ENDPOINT_SERVE)
def serve(
    database: Annotated[Path, typer.Option(help=OPTIONS["database"], metavar="FILE")],
    keys: Annotated[Path, typer.Option(help=OPTIONS["keys"], metavar="FILE")],
    host: Annotated[str, typer.Option(help=OPTIONS["host"])] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=OPTIONS["port"])] = 0,
    origin: Annotated[str | None, typer.Option(help=OPTIONS["origin"], metavar="URL")] = None,
    name: Annotated[str, typer.Option(help=OPTIONS["name"])] = "hashclient endpoint",
    operator: Annotated[str, typer.Option(help=OPTIONS["operator"])] = "Not stated",
    policy: Annotated[str | None, typer.Option(help=OPTIONS["policy"], metavar="URL")] = None,
    contact: _Said = None,
    partners: _Said = None,
    retention: _Said = None,
    representatives: Annotated[bool | None, typer.Option(help=OPTIONS["representatives"], show_default=False)] = None,
    page: Annotated[bool, typer.Option("--page", help=OPTIONS["own_page"])] = False,
    web_origin: Annotated[
        list[str] | None, typer.Option(help=OPTIONS["web_origin"], metavar="ORIGIN", show_default=False)
    ] = None,
    plain_bodies: Annotated[bool, typer.Option("--plain-bodies", help=OPTIONS["plain_bodies"])] = False,
) -> None:
    """Start the endpoint and print where it listens."""
    require_extra("endpoint")
    from hashclient.endpoint.serve import serve_endpoint

    def say_ready(bound: int) -> None:
        _terminal.data(f"listening on http://{f'[{host}]' if ':' in host else host}:{bound}")

    web_origins = tuple(map(_web_origin, web_origin or ()))
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
        page=page,
        web_origins=web_origins,
    )


def _web_origin(typed: str) -> str:
    """Bring the origin of a page to the spelling that browsers use.

    Raises:
        ConfigError: it is none, or one that is not trusted with this: http of another device, `null`.
    """
    from hashclient.transport.address import parse_origin

    try:
        return typed if typed == "*" else str(parse_origin(typed))
    except ConfigError:
        raise ConfigError(operators.WRONG_WEB_ORIGIN, hint=operators.WRITE_WEB_ORIGIN) from None


@app.command(help=ENDPOINT_KEY)
def key(
    keys: Annotated[Path, typer.Option(help=OPTIONS["keys"], metavar="FILE")],
    renew: Annotated[bool, typer.Option("--renew", help=OPTIONS["renew"])] = False,
    show: Annotated[bool, typer.Option("--show", help=OPTIONS["show_keys"])] = False,
) -> None:
    """Make, renew or read the key file, and print the check digits."""
    require_extra("endpoint")
    from hashclient.endpoint.keys import load_keys, make_keys, renew_keys

    act = load_keys if show else renew_keys if renew else make_keys
    print_keys(act(keys).public())


@app.command("doctor", help=ENDPOINT_DOCTOR)
def look_at_files(
    database: Annotated[Path, typer.Option(help=OPTIONS["database"], metavar="FILE")],
    keys: Annotated[Path, typer.Option(help=OPTIONS["keys"], metavar="FILE")],
) -> None:
    """Say what is wrong with the two files, and what to do."""
    require_extra("endpoint")
    from datetime import UTC, datetime

    from hashclient.endpoint.file_checks import advice_on_files

    found = advice_on_files(database, keys, today=datetime.now(UTC).date())
    for advice in found:
        _terminal.say(joined(advice.wrong, advice.step), indent="  - ")
    if found:
        raise ConfigError(operators.ENDPOINT_AT_RISK, hint=operators.ENDPOINT_AT_RISK_HINT)
    _terminal.say(operators.ENDPOINT_IN_ORDER)


def print_keys(keys: "Iterable[SealingKey]") -> None:
    """Print the check digits of some keys, for people to compare, with suite, id and last day of each."""
    from hashclient.sealing import check_digits

    for key in keys:
        _terminal.data(f"{check_digits(key)}\t{key.suite.name.lower()}\t{key.id}\t{key.expires}")
