"""Declare the options that several verbs share, once."""

from pathlib import Path
from typing import Annotated

import typer

from hashclient.guidance import questions

Files = Annotated[list[Path], typer.Argument(help="Pictures on this device.", metavar="PATH...", show_default=False)]
Adult = Annotated[bool, typer.Option("--adult", help=f'Declare, as a program: "{questions.ADULT}"')]
Intimate = Annotated[bool, typer.Option("--intimate", help=f'Declare, as a program: "{questions.INTIMATE}"')]
NoConsent = Annotated[
    bool, typer.Option("--no-consent", help=f'Declare, as a program: "{questions.NO_CONSENT["self"]}"')
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
