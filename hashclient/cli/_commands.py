"""Make commands of our apps that speak the language in use: their help, what is near to a mistake, and completion.

typer reads the help of verbs and options as English text when a command is made. Here it is replaced by the same
sentences in the language in use, and so are typer's own words.
"""

import difflib
import inspect
import os
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import typer
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup
from typer.utils import get_params_from_function

from hashclient.cli import _layout, _terminal
from hashclient.errors import UsageError
from hashclient.guidance import commands, languages
from hashclient.messages import Message, in_use, joined, translated

PROGRAM_NAME: Final = "hashclient"
_COMPLETE: Final = "_HASHCLIENT_COMPLETE"
"""Variable that the settings of a shell give when it asks for completions."""
_INSTALLABLE: Final = frozenset({"bash", "zsh", "fish"})
"""Shells whose settings typer changes without loosening a protection, as it would for PowerShell."""
_OPTION_NAME: Final = r"--?[a-z][a-z-]{0,20}"
_TYPE: Final = r" <list\[\w+\]>$"
"""What typer puts after the name of an argument that may be given several times."""
_NOTES: Final = r"(?:^|  )\[([^\[\]]*)\]$"
"""What typer puts after the help of an option: `[default: 1.0; required]`."""


def built(app: typer.Typer) -> Any:
    """Return the command of an app, in the language in use."""
    command = typer.main.get_command(app)
    declared = {inspect.cleandoc(words.english): words for words in _help_texts(app)}
    for one in (command, *getattr(command, "commands", {}).values()):
        one.context_class = _SpokenContext
        one.short_help = str(declared[one.help].paragraphs[0]) if one.help in declared else None
        for described in (one, *one.params):
            if described.help in declared:
                described.help = _help_spoken(declared[described.help])
    return command


def _help_spoken(words: Message) -> str:
    """Return a help text, with the English of critical paragraphs beneath as long as nobody has reviewed the translation."""
    shown: list[str] = []
    for paragraph in words.paragraphs:
        is_doubtful = paragraph.is_critical and not languages.is_reviewed(in_use())
        shown += dict.fromkeys([str(paragraph), paragraph.english] if is_doubtful else [str(paragraph)])
    return "\n\n".join(shown)


def _help_texts(app: typer.Typer) -> Iterator[Message]:
    """Yield every help that an app was declared with."""
    infos = [info for info in (app.registered_callback, *app.registered_commands) if info]
    parameters = (
        parameter.default
        for info in infos
        if info.callback
        for parameter in get_params_from_function(info.callback).values()
    )
    for declared in (app.info, *infos, *parameters):
        if isinstance(words := getattr(declared, "help", None), Message):
            yield words


class VerbGroup(TyperGroup):
    """A group that names the verb nearest to one that does not exist."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the verb; what was typed is not repeated.

        Raises:
            UsageError: there is none of that name.
        """
        names = self.list_commands(ctx)
        if args[0] not in names and not ctx.resilient_parsing:
            near = (f"{ctx.command_path} {name}" for name in difflib.get_close_matches(args[0], names, n=1))
            raise UsageError(commands.NO_SUCH_COMMAND, hint=_hint(near, path=ctx.command_path))
        return super().resolve_command(ctx, args)


class _SpokenFormatter(HelpFormatter):
    """Help with typer's own words in the language in use."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{commands.USAGE} ")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{translated(f'{heading}:')}\n")

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        said = [(re.sub(_TYPE, "", name), _with_notes(words)) for name, words in rows]
        super().write_dl(said, col_max, col_spacing)

    def getvalue(self) -> str:
        note = "" if languages.is_reviewed(in_use()) else f"{languages.UNREVIEWED}\n\n"
        return _layout.directed(note + super().getvalue())


class _SpokenContext(typer.Context):
    formatter_class = _SpokenFormatter


def _with_notes(words: str) -> str:
    """Put the help of an option, and the notes that typer adds to it, into the language in use."""
    if not (found := re.search(_NOTES, words)):
        return translated(words)
    notes = "; ".join(map(_note, found[1].split("; ")))
    return f"{translated(words[: found.start()])}  [{notes}]".strip()


def _note(note: str) -> str:
    kind, is_default, default = note.partition("default: ")
    return str(commands.DEFAULT.format(default=default)) if is_default and not kind else translated(note)


def of_typer(error: typer.TyperException) -> UsageError:
    """Put an error of typer's, which repeats what was typed, into words of our own."""
    context, option = getattr(error, "ctx", None), _option_of(error)
    path = context.command_path if context else PROGRAM_NAME
    hint = _hint((), path=path)
    if type(error).__name__ == "NoSuchOption":
        near = getattr(error, "possibilities", None) or ()
        return UsageError(commands.NO_SUCH_OPTION, hint=joined(_hint(near, path=path), commands.DASH_IN_FRONT))
    if option and type(error).__name__ == "MissingParameter":
        return UsageError(commands.IS_MISSING.format(option=option), hint=hint)
    if option:
        return UsageError(commands.CANNOT_BE_USED.format(option=option), hint=hint)
    if error.format_message().startswith(("No such command", "Missing command")):
        return UsageError(commands.NO_SUCH_COMMAND, hint=hint)
    if error.format_message().startswith("Got unexpected extra argument"):
        return UsageError(commands.A_WORD_TOO_MANY, hint=joined(commands.NEVER_TYPED, hint))
    return UsageError(hint=hint)


def _hint(near: Iterable[str], *, path: str) -> Message:
    """Say what is near to what was typed, if anything is, and where the help is."""
    named = [commands.DID_YOU_MEAN.format(command=one) for one in [*near][:1]]
    return joined(*named, commands.SEE_HELP.format(command=path))


def _option_of(error: typer.TyperException) -> str:
    """Name the option or argument that is meant, where its name is one of ours or looks like one."""
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return str(
            parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or commands.AN_ARGUMENT
        )
    typed = getattr(error, "option_name", None) or getattr(error, "param_hint", None) or ""
    return typed if re.fullmatch(_OPTION_NAME, typed) else ""


def completed(command: Any) -> int | None:
    """Answer a shell that asks how a command can go on; return the exit code, or None where none asks."""
    if not (asked := os.environ.get(_COMPLETE)):
        return None
    from typer._completion_classes import completion_init
    from typer.completion import shell_complete

    completion_init()
    return shell_complete(command, {}, PROGRAM_NAME, _COMPLETE, asked)


def install_completion(asked: bool) -> None:
    """Have the shell in which this runs complete commands.

    Raises:
        UsageError: it is not one whose settings are changed here.
        Exit: it was done.
    """
    if asked:
        from typer._completion_shared import _get_shell_name, install

        if (shell := _get_shell_name() or "") not in _INSTALLABLE:
            raise UsageError(commands.NO_SHELL, hint=commands.ANOTHER_SHELL)
        install(shell=shell, prog_name=PROGRAM_NAME, complete_var=_COMPLETE)
        _terminal.say(commands.COMPLETES_NOW)
        raise typer.Exit


def show_completion(asked: bool) -> None:
    """Print what makes the shell in which this runs complete commands; bash where it is not known.

    Raises:
        UsageError: it has no completion.
        Exit: it was done.
    """
    if asked:
        from typer._completion_shared import Shells, _get_shell_name, get_completion_script

        if (shell := _get_shell_name() or "bash") not in {*Shells}:
            raise UsageError(commands.NO_SHELL, hint=commands.ANOTHER_SHELL)
        _terminal.data(get_completion_script(prog_name=PROGRAM_NAME, complete_var=_COMPLETE, shell=shell))
        raise typer.Exit
