"""Declare the options that several verbs share, once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashclient.guidance.commands import OPTIONS
from hashclient.vocabulary import MAX_INTERVAL, Altered, Coverage, Decode, Depicted, SignalType

if TYPE_CHECKING:
    from hashclient.prepare import HashOptions

FilesOrNone = Annotated[list[Path] | None, typer.Argument(help=OPTIONS["files"], metavar="PATH", show_default=False)]
PathList = Annotated[list[Path], typer.Argument(help=OPTIONS["files_or_folders"], metavar="PATH", show_default=False)]
Null = Annotated[bool, typer.Option("--null", help=OPTIONS["null"])]
Jobs = Annotated[int | None, typer.Option(help=OPTIONS["jobs"], min=1, metavar="N", show_default=False)]
Cluster = Annotated[str | None, typer.Option(help=OPTIONS["cluster"], metavar="tcp://HOST:PORT")]
Adult = Annotated[bool, typer.Option("--adult", help=OPTIONS["adult"])]
WhoIsDepicted = Annotated[Depicted | None, typer.Option("--depicted", help=OPTIONS["depicted"])]
Intimate = Annotated[bool, typer.Option("--intimate", help=OPTIONS["intimate"])]
NoConsent = Annotated[bool, typer.Option("--no-consent", help=OPTIONS["no_consent"])]
WhetherAltered = Annotated[Altered | None, typer.Option("--altered", help=OPTIONS["altered"])]
Inner = Annotated[bool | None, typer.Option("--inner/--no-inner", help=OPTIONS["inner"], show_default=False)]
InnerToo = Annotated[bool, typer.Option("--inner", help=OPTIONS["inner_too"])]
Types = Annotated[
    list[SignalType] | None, typer.Option("--type", help=OPTIONS["types"], metavar="TYPE", show_default=False)
]
CoverageLevel = Annotated[Coverage, typer.Option(help=OPTIONS["coverage"])]
DecodeRule = Annotated[Decode, typer.Option(help=OPTIONS["decode"])]
Interval = Annotated[float, typer.Option(help=OPTIONS["interval"], metavar="SECONDS", min=0, max=MAX_INTERVAL)]
RequireSandbox = Annotated[bool, typer.Option("--require-sandbox", help=OPTIONS["require_sandbox"])]
Endpoint = Annotated[str | None, typer.Option(help=OPTIONS["endpoint"], metavar="ADDRESS")]
TrustKey = Annotated[list[str] | None, typer.Option("--trust-key", help=OPTIONS["trust_key"], metavar="KEY")]
CaFile = Annotated[Path | None, typer.Option(help=OPTIONS["ca_file"])]
Proxy = Annotated[str | None, typer.Option(help=OPTIONS["proxy"], metavar="URL")]
CredentialsFd = Annotated[int | None, typer.Option(help=OPTIONS["credentials_fd"], metavar="FD")]
Json = Annotated[bool, typer.Option("--json", help=OPTIONS["json"])]


def hash_options(
    types: list[SignalType] | None,
    coverage: Coverage,
    decode: Decode,
    interval: float,
    *,
    require_sandbox: bool,
    inner: bool = False,
) -> "HashOptions":
    """Put the options of a command line into the one object that says how files are hashed."""
    from hashclient.prepare import HashOptions

    kinds = tuple(types) if types else None
    return HashOptions(kinds, decode, coverage, interval, apart=True, require_full=require_sandbox, inner=inner)
