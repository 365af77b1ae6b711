"""Name the decoders in use, and those that are too old to be trusted with a stranger's file."""

import re
from typing import Final

from hashclient._optional import has_extra

FLOORS: Final = {
    # Each closes a hole through which a file could run code or write out of bounds.
    "pillow": "12.3",
    "pillow-heif": "1.7.0",
    "libheif": "1.23.3",  # CVE-2026-84383 and the advisories that followed it
    "libde265": "1.0.17",  # CVE-2026-33165
    "libwebp": "1.3.2",  # CVE-2023-4863
    "ffmpeg": "8.1.2",  # CVE-2026-8461
}
"""Least version of each, by name. A package's own floor does not bind the library it was built with."""


def versions() -> dict[str, str]:
    """Return the version of every decoder that this installation uses, by name; absent ones are left out."""
    import numpy as np
    import PIL
    import pillow_heif
    import simplejpeg
    from PIL import features

    heif = pillow_heif.libheif_info()
    found = {
        "numpy": np.__version__,
        "pillow": PIL.__version__,
        "simplejpeg": simplejpeg.__version__,
        "libjpeg-turbo": features.version("libjpeg_turbo"),
        "libwebp": features.version("webp"),
        "libavif": features.version("avif"),
        "zlib": features.version("zlib"),
        "pillow-heif": pillow_heif.__version__,
        "libheif": pillow_heif.libheif_version(),
        "libde265": _last_number(heif["decoders"].get("libde265", "")),
    }
    if has_extra("video"):
        import av

        found |= {"av": av.__version__, "ffmpeg": av.ffmpeg_version_info}
    return {name: version for name, version in found.items() if version}


def below_floor(found: dict[str, str] | None = None) -> list[str]:
    """List the decoders that are too old, each with its version and the least it should be.

    Args:
        found: version of each by name; None for those of this installation.
    """
    found = versions() if found is None else found
    return [
        f"{name} {found[name]} (at least {floor})"
        for name, floor in FLOORS.items()
        if name in found and _numbers(found[name]) < _numbers(floor)
    ]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def _last_number(words: str) -> str:
    """Take the version out of a line such as `libde265 HEVC decoder, version 1.1.3`."""
    return str((re.findall(r"\d+(?:\.\d+)+", words) or [""])[-1])
