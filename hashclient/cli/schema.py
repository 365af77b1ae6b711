"""Print a JSON Schema of the published specification."""

import json

import typer

from hashclient.cli import _console

app = _console.new_app()


@app.command()
def schema(name: str = typer.Argument("", help="Which one; without it, the names are listed.")) -> None:
    """Print a JSON Schema (2020-12) of the published specification, as it stands in 'schemas/'."""
    from hashclient.model.schema import NAMES
    from hashclient.model.schema import schema as schema_of

    if not name:
        for known in NAMES:
            _console.data(known)
        return
    _console.data(json.dumps(schema_of(name), indent=2, ensure_ascii=False))
