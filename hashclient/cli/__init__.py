"""Read the command line and start a verb; each verb is a file of this room.

Only typer and the standard library are loaded here, and a verb's file only when the verb is named, so that help appears
at once. The rules of output are in `_terminal`; the work itself is done by the rooms below.
"""

import gc
import importlib
import os
import sys
from typing import Any, NoReturn

import typer

from hashclient.cli import _commands, _run, _terminal
from hashclient.guidance.commands import OPTIONS, PROGRAM, VERBS


class _Verbs(_terminal.AsTyped, _commands.VerbGroup):
    """The verbs, each loaded when it is named."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # typer gives it
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # as above
        if cmd_name not in VERBS:
            return None
        command = _commands.built(importlib.import_module(f"hashclient.cli.{cmd_name}").app)
        command.name, command.short_help = cmd_name, str(VERBS[cmd_name])
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, str(VERBS[verb])) for verb in self.list_commands(ctx)])


app = _terminal.new_app(cls=_Verbs)


def _print_version(asked: bool) -> None:
    if asked:
        import hashclient

        _terminal.data(hashclient.__version__)
        raise typer.Exit


@app.callback(help=PROGRAM)
def _root(
    debug: bool = typer.Option(False, "--debug", help=OPTIONS["debug"]),
    _version: bool = typer.Option(False, "--version", is_eager=True, callback=_print_version, help=OPTIONS["version"]),
    _lang: str = typer.Option("", "--lang", metavar="CODE", show_default=False, help=OPTIONS["lang"]),
    _install: bool = typer.Option(
        False,
        "--install-completion",
        is_eager=True,
        callback=_commands.install_completion,
        help=OPTIONS["install_completion"],
    ),
    _show: bool = typer.Option(
        False, "--show-completion", is_eager=True, callback=_commands.show_completion, help=OPTIONS["show_completion"]
    ),
) -> None:
    """Handle the options of the program itself; `_run` has taken the language out already."""
    if debug:
        os.environ["HASHCLIENT_DEBUG"] = "1"


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    gc.freeze()  # what is loaded by now stays until the end, so searching it for what to free, at the end too, is in vain
    sys.exit(_run.run_app(app, sys.argv[1:]))
