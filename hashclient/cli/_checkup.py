"""Look at this installation and this machine, for `doctor`; each part for itself, so that a broken one hides no other."""

import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hashclient.errors import MissingExtraError

if TYPE_CHECKING:
    from hashclient.prepare import Prepared

_SAMPLES: Final = Path(__file__).parent / "samples"
_FORMATS: Final = {
    "JPEG": "jpg",
    "PNG": "png",
    "WebP": "webp",
    "GIF": "gif",
    "BMP": "bmp",
    "HEIC": "heic",
    "AVIF": "avif",
    "MP4": "mp4",
}
"""Ending of our own small picture or video of each format, drawn by `tests/cli/make_samples.py`."""
_PACKAGES: Final = (
    "hashclient",
    "cryptography",
    "httpx",
    "imagehash",
    "pydantic",
    "typer",
    "certifi",
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "av",
)


def look() -> dict[str, Any]:
    """Look at everything; nothing is connected to."""
    return {
        "versions": _tried(_versions),
        "formats": _tried(_formats),
        "protection": _tried(_protection),
        "sealing": _tried(_sealing),
        "outdated": _tried(_outdated),
    }


def problems(found: dict[str, Any]) -> list[str]:
    """Say what of it is broken."""
    broken = [
        f"The part '{name}' could not be looked at ({part['broken']})."
        for name, part in found.items()
        if "broken" in part
    ]
    unread = [f"{kind} files cannot be read." for kind, is_read in found["formats"].items() if is_read is False]
    unsealed = [f"It cannot seal with {suite}." for suite, can in found["sealing"].items() if can is False]
    outdated = [
        f"Too old to be trusted with pictures: {one}." for one in found["outdated"] if "broken" not in found["outdated"]
    ]
    return [*broken, *unread, *unsealed, *outdated]


def _tried(part: Callable[[], Any]) -> Any:
    try:
        return part()
    except Exception as error:  # noqa: BLE001  # doctor is there for broken installations
        return {"broken": type(error).__name__}


def _versions() -> dict[str, str]:
    """Give versions by name; of packages, of the libraries inside them, and of what they run on."""
    from importlib import metadata

    from hashclient.media.libraries import versions

    def version(package: str) -> str:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return "not installed"

    about = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    return {**about, **{package: version(package) for package in _PACKAGES}, **versions()}


def _formats() -> dict[str, bool | str]:
    """Try each format in a worker, as a person's own file would be."""
    from hashclient.prepare import hash_files

    tried = hash_files([_SAMPLES / f"sample.{ending}" for ending in _FORMATS.values()])
    return {kind: _is_read(prepared) for kind, prepared in zip(_FORMATS, tried, strict=True)}


def _is_read(prepared: "Prepared") -> bool | str:
    """Tell whether a file was read whole, and where not, whether it needs an extra."""
    if any(isinstance(skipped.reason, MissingExtraError) for skipped in prepared.skipped):
        return "not installed"
    return not prepared.skipped


def _protection() -> dict[str, Any]:
    from hashclient.media.sandbox.confine import Guard, protection_level

    protection = protection_level()
    missing = sorted(guard.value for guard in set(Guard) - protection.guards)
    return {"level": protection.level.value, "missing": missing}


def _sealing() -> dict[str, bool]:
    from hashclient.sealing import can_do
    from hashclient.vocabulary import Suite

    return {suite.name.lower(): can_do(suite) for suite in Suite}


def _outdated() -> list[str]:
    from hashclient.media.libraries import below_floor

    return [f"{one.name} {one.version} (at least {one.floor})" for one in below_floor()]
