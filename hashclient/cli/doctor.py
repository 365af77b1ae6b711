"""Check what is installed, which formats can be read, and how well this machine protects.

Each part is looked at on its own, so that a broken one hides no other.
"""

import contextlib
import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hashclient.cli import _options, _service, _terminal
from hashclient.cli.endpoint import print_keys
from hashclient.errors import HashclientError, MissingExtraError
from hashclient.guidance import operators
from hashclient.guidance.commands import DOCTOR, OPTIONS

if TYPE_CHECKING:
    from hashclient.prepare import Prepared

app = _terminal.new_app()
_SAMPLES: Final = Path(__file__).parent / "samples"
"""A small picture or video of our own in each format, drawn by `tests/cli/make_samples.py`."""
_FORMATS: Final = ("JPEG", "PNG", "WebP", "GIF", "BMP", "HEIC", "AVIF", "MP4")
_PACKAGES: Final = ("hashclient", "cryptography", "httpx", "imagehash", "pydantic", "typer", "certifi")
_PACKAGES_OF_EXTRAS: Final = ("fastapi", "uvicorn", "sqlalchemy", "av")


@app.command(help=DOCTOR)
def doctor(
    endpoint: Annotated[
        str | None,
        typer.Option(help=OPTIONS["ask_endpoint"], metavar="ADDRESS"),
    ] = None,
    as_json: _options.Json = False,
    ca_file: _options.CaFile = None,
    proxy: _options.Proxy = None,
) -> None:
    """Look at everything, print it, and say what is broken."""
    found = {
        "versions": _tried(_versions),
        "formats": _tried(_formats),
        "protection": _tried(_protection),
        "sealing": _tried(_sealing),
        "outdated": _tried(_outdated),
    }
    if as_json:
        _terminal.data(json.dumps(found))
    else:
        _print_facts(found)
    protection = found["protection"]
    if protection.get("missing") or protection.get("files apart") is False:
        _terminal.say(operators.NOT_FULLY_PROTECTED)
    if endpoint:
        _print_keys(endpoint, ca_file=ca_file, proxy=proxy)
    problems = _problems(found)
    for words in problems:
        _terminal.say(words, indent="  - ")
    if problems:
        raise HashclientError(operators.SOMETHING_IS_WRONG, hint=operators.INSTALL_ANEW)


def _print_facts(found: dict[str, Any]) -> None:
    for part, facts in found.items():
        for name, fact in facts.items() if isinstance(facts, dict) else ():
            _terminal.data(f"{part} {name}".ljust(28) + _fact(fact))


def _fact(fact: object) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "NO"
    return ", ".join(fact) or "nothing" if isinstance(fact, list) else str(fact)


def _print_keys(endpoint: str, *, ca_file: Path | None, proxy: str | None) -> None:
    """Ask a service for its profile, and print the check digits of its keys, for people to compare."""
    settings = _service.settle(endpoint, trust_key=None, ca_file=ca_file, proxy=proxy)
    with _service.reached(settings) as service:
        print_keys(_service.introduce(service).keys)


def _problems(found: dict[str, Any]) -> list[str]:
    """Say what of it is broken."""
    return [
        *(
            operators.BROKEN.format(part=part, error=facts["broken"])
            for part, facts in found.items()
            if "broken" in facts
        ),
        *(operators.UNREADABLE.format(kind=kind) for kind, is_read in found["formats"].items() if is_read is False),
        *(operators.CANNOT_SEAL.format(suite=suite) for suite, can in found["sealing"].items() if can is False),
        *(operators.TOO_OLD.format(decoder=one) for one in found["outdated"] if isinstance(found["outdated"], list)),
    ]


def _tried(part: Callable[[], Any]) -> Any:
    try:
        return part()
    except Exception as error:  # noqa: BLE001  # doctor is there for broken installations
        return {"broken": type(error).__name__}


def _versions() -> dict[str, str]:
    """Return versions by name: of the system, of packages, and of the libraries inside them."""
    from importlib import metadata

    from hashclient.media.libraries import versions

    def version(package: str) -> str:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return "not installed"

    about = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    return {**about, **{package: version(package) for package in _PACKAGES + _PACKAGES_OF_EXTRAS}, **versions()}


def _formats() -> dict[str, bool | str]:
    """Try each format in a worker, as a person's own file would be."""
    from hashclient.prepare import HashOptions, hash_files

    samples = [_SAMPLES / f"sample.{kind.lower()}" for kind in _FORMATS]
    tried = hash_files(samples, options=HashOptions(apart=True))
    return {kind: _is_read(prepared) for kind, prepared in zip(_FORMATS, tried, strict=True)}


def _is_read(prepared: "Prepared") -> bool | str:
    """Tell whether a file was read whole; if not, whether that takes an extra."""
    if any(isinstance(skipped.reason, MissingExtraError) for skipped in prepared.skipped):
        return "not installed"
    return not prepared.skipped


def _protection() -> dict[str, Any]:
    """Ask a worker what was taken from it, as one is asked before each file is opened."""
    from hashclient.media.sandbox.confine import Guard
    from hashclient.prepare.apart import can_close_off
    from hashclient.prepare.pool import WorkerPool

    with contextlib.closing(WorkerPool()) as pool, pool.lend() as worker:
        protection = worker.protection
    missing = sorted(guard.value for guard in set(Guard) - protection.guards)
    return {"level": protection.level.value, "missing": missing, "files apart": can_close_off()}


def _sealing() -> dict[str, bool]:
    from hashclient.sealing import can_do
    from hashclient.vocabulary import Suite

    return {suite.name.lower(): can_do(suite) for suite in Suite}


def _outdated() -> list[str]:
    from hashclient.media.libraries import below_floor

    return below_floor()
