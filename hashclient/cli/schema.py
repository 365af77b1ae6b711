"""Print a JSON Schema of the published specification."""

import json

import typer

from hashclient.cli import _terminal
from hashclient.guidance.commands import OPTIONS, SCHEMA

app = _terminal.new_app()


@app.command(help=SCHEMA)
def schema(name: str = typer.Argument("", metavar="NAME", help=OPTIONS["schema_name"])) -> None:
    """Print one schema, or the names of all."""
    from hashclient.model.schema import NAMES, schema_of

    if name:
        _terminal.data(json.dumps(schema_of(name), indent=2, ensure_ascii=False))
    else:
        _terminal.data(*NAMES)
