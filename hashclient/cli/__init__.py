"""Read the command line and start a verb; each verb is a file of this room.

Only typer and the standard library are loaded here, and a verb's file only when the verb is named, so that help appears
at once. The rules of output are in `_terminal`; the work itself is done by the rooms below.
"""

import importlib
import os
import sys
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from hashclient.cli import _run, _terminal
from hashclient.guidance.commands import PROGRAM, VERBS


class _Verbs(_terminal.AsTyped, TyperGroup):
    """The verbs, each loaded when it is named."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # typer gives it
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # as above
        if cmd_name not in VERBS:
            return None
        command = typer.main.get_command(importlib.import_module(f"hashclient.cli.{cmd_name}").app)
        command.name, command.short_help = cmd_name, VERBS[cmd_name]
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, VERBS[verb]) for verb in self.list_commands(ctx)])


app = _terminal.new_app(cls=_Verbs)


def _print_version(asked: bool) -> None:
    if asked:
        import hashclient

        _terminal.data(hashclient.__version__)
        raise typer.Exit


@app.callback(help=PROGRAM)
def _root(
    debug: bool = typer.Option(False, "--debug", help="Show where an error arose, without values."),
    _version: bool = typer.Option(
        False, "--version", is_eager=True, callback=_print_version, help="Print the version."
    ),
) -> None:
    """Handle the options of the program itself."""
    if debug:
        os.environ["HASHCLIENT_DEBUG"] = "1"


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    sys.exit(_run.run_app(app, sys.argv[1:] or ["--help"]))
