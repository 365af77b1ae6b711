"""Put errors that are not ours into words, or into a short code.

typer's own sentences repeat what was typed, which may be a file name or a PIN; foreign exceptions
may hold anything. Only names of options that are ours, types, files and lines of code come through.
"""

import os
import re
import sys
from typing import Final

import typer

from hashclient.errors import HashclientError, UsageError

_OPTION: Final = re.compile(r"--?[a-z][a-z-]{0,20}")


def of(error: BaseException) -> HashclientError:
    """Put an error that is none of ours into one that is, with nothing of the person's in it."""
    if isinstance(error, typer.TyperException):
        return _usage(error)
    own = HashclientError()
    return HashclientError(f"{own.sentence} Code: {_place(error)}.")


def _usage(error: typer.TyperException) -> UsageError:
    """Put an error of typer's into words; its own text repeats what was typed, and that may be a name or a PIN."""
    context, option = getattr(error, "ctx", None), _option_of(error)
    path = context.command_path if context else "hashclient"
    hint = f"See '{path} --help'."
    if option and type(error).__name__ == "NoSuchOption":
        return UsageError(f"There is no option {option} here. Nothing was sent.", hint=hint)
    if option:
        return UsageError(f"The value of {option} is missing or cannot be used. Nothing was sent.", hint=hint)
    if error.format_message().startswith("No such command"):
        return UsageError("There is no such command. Nothing was sent.", hint=hint)
    if error.format_message().startswith("Got unexpected extra argument"):
        return UsageError(
            "There is something too much in the command. Nothing was sent.",
            hint=f"Case number and PIN are asked for, never written there. {hint}",
        )
    return UsageError(hint=hint)


def _option_of(error: typer.TyperException) -> str:
    """Name the option or argument that is meant, where its name is one of ours or looks like one."""
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return str(parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or "an argument")
    typed = getattr(error, "option_name", None) or ""
    return typed if _OPTION.fullmatch(typed) else ""


def _place(error: BaseException) -> str:
    """Give type, file and line: enough to find it, nothing of the person's."""
    frame, place = error.__traceback__, "?"
    while frame:
        if "hashclient" in frame.tb_frame.f_code.co_filename:
            place = f"{os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}"  # noqa: PTH119
        frame = frame.tb_next
    return f"{type(error).__name__} {place}"


def show_trace(error: BaseException) -> None:
    """Print where an error arose: files, lines and types; no values, no messages."""
    import traceback

    for entry in traceback.extract_tb(error.__traceback__):
        sys.stderr.write(f"  {entry.filename}:{entry.lineno} in {entry.name}\n")
    sys.stderr.write(f"  {type(error).__module__}.{type(error).__name__}\n")
