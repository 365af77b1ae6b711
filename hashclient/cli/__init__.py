"""Read the command line and start a verb; each verb is a file of this room.

Only typer and the standard library are loaded here, and a verb's file only when it is named, so
that help comes at once. How output looks is in `_console`, what is done is in the rooms below.
"""

import importlib
import sys
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from hashclient.cli import _console, _run

VERBS: Final = {
    "demo": "Show the whole round on this machine, with example pictures.",
    "hash": "Make fingerprints of pictures. Sends nothing.",
    "inspect": "Show exactly what would be sent, byte for byte. Sends nothing.",
    "submit": "Send fingerprints to a service, after asking you.",
    "status": "Ask a service where a case stands.",
    "withdraw": "Take a request back.",
    "schema": "Print a JSON Schema of the published specification.",
    "endpoint": "Run a service that receives submissions.",
    "doctor": "Say what is installed and how well this machine protects.",
}
"""Every verb and its line in the help, in the order shown."""


class _Verbs(TyperGroup):
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


app = _console.new_app(cls=_Verbs)


def _print_version(asked: bool) -> None:
    if asked:
        import hashclient

        _console.data(hashclient.__version__)
        raise typer.Exit


@app.callback()
def _root(
    debug: bool = typer.Option(False, "--debug", help="Show where an error arose, without values."),
    _version: bool = typer.Option(
        False, "--version", is_eager=True, callback=_print_version, help="Print the version."
    ),
) -> None:
    """Ask for the spread of an intimate picture to be stopped, without handing it to anyone.

    Fingerprints (hashes) are made on this device; only they are sent, sealed, to a service you
    choose, after you have seen them. It works only on platforms that take part with that service,
    and each decides under its own rules. A changed copy can escape. It is not a legal notice. No
    one can recover a lost case number or PIN.

    For adults only: images of anyone under 18 go to services made for them, and 'submit' names
    them before any file is opened.

    Exit codes: 0 done, 1 ours, 2 yours, 3 the outside world's, 4 stopped by the age rule,
    130 stopped by you. Results go to standard output, words to standard error.
    """
    if debug:
        _run.show_tracebacks()


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    sys.exit(_run.run(app, sys.argv[1:] or ["--help"]))
