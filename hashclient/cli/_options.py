"""Declare the options that several verbs share, once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from hashclient.guidance import questions

Files = Annotated[
    list[Path], typer.Argument(help="Pictures and videos on this device.", metavar="PATH", show_default=False)
]
FilesOrFolders = Annotated[
    list[Path],
    typer.Argument(
        help="Pictures and videos on this device, folders of them, or - for a list of paths on standard input.",
        metavar="PATH",
        show_default=False,
    ),
]
Null = Annotated[bool, typer.Option("--null", help="The paths of the list end with a zero byte, not with a line.")]
Jobs = Annotated[
    int | None,
    typer.Option(
        help="How many files are hashed at once. [default: one for each core, and one more]",
        min=1,
        metavar="N",
        show_default=False,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        help="Have a Dask cluster of your own do it: the address of its scheduler. Its workers open the files "
        "themselves, under the same paths. Paths and fingerprints travel to it, in the clear with tcp://.",
        metavar="tcp://HOST:PORT",
    ),
]
Adult = Annotated[bool, typer.Option("--adult", help=f'Declare, as a program: "{questions.ADULT}"')]
Intimate = Annotated[bool, typer.Option("--intimate", help=f'Declare, as a program: "{questions.INTIMATE}"')]
NoConsent = Annotated[
    bool, typer.Option("--no-consent", help=f'Declare, as a program: "{questions.NO_CONSENT["self"]}"')
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Endpoint = Annotated[
    str | None, typer.Option(help="Address of the service, or its name in the settings file.", metavar="ADDRESS")
]
Key = Annotated[
    list[str] | None,
    typer.Option(
        "--trust-key", help="Check digits (25) or id of the service's key; any other key is refused.", metavar="KEY"
    ),
]
CaFile = Annotated[Path | None, typer.Option(help="Certificates to trust instead of the built-in ones (PEM).")]
Proxy = Annotated[str | None, typer.Option(help="Proxy, for example socks5h://127.0.0.1:9050 for Tor.", metavar="URL")]
CredentialsFd = Annotated[
    int | None, typer.Option(help="For programs: file descriptor for case number and PIN, two lines.", metavar="FD")
]
WhoIsShown = Annotated[
    Literal["self", "represented"] | None,
    typer.Option("--depicted", help="Declare, as a program: who is in the images, you or someone who asked you."),
]
WasAltered = Annotated[
    Literal["yes", "no", "unknown"] | None,
    typer.Option("--altered", help="Whether the images were changed or faked; without it, each is asked for."),
]
CoverageLevel = Annotated[
    Literal["single", "standard", "wide"] | None,
    typer.Option(
        "--coverage",
        help="How many likely re-posts (mirrored, cropped, framed, ...) get a fingerprint too: none, 31 or 191 of each picture.",
    ),
]


class TypeName(StrEnum):
    """The types of hash by name; the model, which has them too, takes longer to load than help may take."""

    PDQ = "pdq"
    MD5 = "md5"
    VPDQ = "vpdq"
    SHA256 = "sha256"
    PHASH = "phash"
    DHASH = "dhash"
    AHASH = "ahash"
    WHASH = "whash"


Types = Annotated[
    list[TypeName] | None,
    typer.Option(
        "--type",
        help="Kind of fingerprint to make; give it again for more. [default: pdq of pictures, md5 and vpdq of videos]",
        metavar="TYPE",
        show_default=False,
    ),
]
Decode = Annotated[
    Literal["exact", "fast"],
    typer.Option(
        help="How large JPEGs are opened: in full, or at a fraction of their size, which is faster, and in full again where a check finds that PDQ might move by more than 2 bits."
    ),
]
Interval = Annotated[
    float,
    typer.Option(
        help="Seconds between the frames of a video that get a fingerprint; 0 takes every frame.",
        metavar="SECONDS",
        min=0,
        max=3600,
    ),
]
USUAL_INTERVAL = 1.0
"""As in `hashclient.media.rule`, which help does not load."""
RequireSandbox = Annotated[
    bool, typer.Option("--require-sandbox", help="Stop unless this machine can fully close off what opens the files.")
]
