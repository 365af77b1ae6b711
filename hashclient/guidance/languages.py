"""Choose the language in which a person is spoken to, and load its catalogue.

English is in the code and loads nothing. The other catalogues are data of the package, compiled when it is built. The
arguments and the environment are handed in; saying the words is left to `hashclient.messages` and the faces.
"""

import gettext
import pkgutil
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final

from hashclient.errors import UsageError
from hashclient.messages import _, _p, in_use

LANGUAGE_NAMES: Final = {
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "ar": "العربية",
}
"""What each language calls itself, by its code."""
ENGLISH: Final = "en"
RIGHT_TO_LEFT: Final = frozenset({"ar"})
"""Codes of those that are written from right to left."""
VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the environment that name a language; the first that says something decides, as in gettext."""
UNREVIEWED: Final = _("Unreviewed translation: the English text counts. (--lang en)")

_OPTION: Final = "--lang"
_NOT_SPOKEN: Final = _p("error", "This program does not speak that language. Nothing was sent.")
_SPEAKS: Final = _p("error", "It speaks: {languages}.")


def named_in(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Find the option that names a language, and take it out of the arguments.

    Args:
        arguments: of the command line. `--lang CODE` or `--lang=CODE` may stand anywhere before `--`; the last one counts.

    Returns:
        The code, a key of `LANGUAGE_NAMES`, or None where there is no such option; and the arguments that are left.

    Raises:
        UsageError: it names no language that is known here.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    code, left, given = None, list[str](), iter(arguments[:end])
    for argument in given:
        option, is_joined, value = argument.partition("=")
        if option != _OPTION:
            left.append(argument)
        elif (code := _code_of(value if is_joined else next(given, ""))) is None:
            raise UsageError(_NOT_SPOKEN, hint=_SPEAKS.format(languages=names()))
    return code, [*left, *arguments[end:]]


def of_environment(environ: Mapping[str, str]) -> str:
    """Return the code of the language that the environment names; English where it names none that is known here.

    Args:
        environ: the environment; only `VARIABLES` count.
    """
    said = next((environ[name] for name in VARIABLES if environ.get(name)), "")
    for locale in said.split(":"):
        if locale in {"C", "POSIX"}:
            return ENGLISH
        if code := _code_of(locale):
            return code
    return ENGLISH


def names() -> str:
    """Return every code with what the language calls itself, for a sentence."""
    return ", ".join(f"{code} ({name})" for code, name in LANGUAGE_NAMES.items())


def _code_of(named: str) -> str | None:
    """Return the language that a code, a locale or a name in its own words means: `es`, `es_MX.UTF-8`, `Español`."""
    code = named.replace("-", "_").partition(".")[0].partition("@")[0].partition("_")[0].lower()
    by_name = {name.casefold(): code for code, name in LANGUAGE_NAMES.items()}
    return code if code in LANGUAGE_NAMES else by_name.get(named.casefold())


def catalogue(code: str) -> gettext.NullTranslations:
    """Load the catalogue of a language; that of English, and of one that was not built, is empty.

    Args:
        code: a key of `LANGUAGE_NAMES`.
    """
    if code == ENGLISH:
        return gettext.NullTranslations()
    try:
        compiled = pkgutil.get_data("hashclient.guidance", f"locale/{code}/LC_MESSAGES/hashclient.mo") or b""
    except OSError:
        return gettext.NullTranslations()
    return gettext.GNUTranslations(BytesIO(compiled))


def code_in_use() -> str:
    """Return the code of the language in use."""
    return in_use().info().get("language", ENGLISH)


def is_reviewed(spoken: gettext.NullTranslations) -> bool:
    """Tell whether a person has reviewed a catalogue, which its header `X-Reviewed` says; English needs no review."""
    info = spoken.info()
    return info.get("language", ENGLISH) == ENGLISH or info.get("x-reviewed", "no") not in {"", "no"}


def is_right_to_left(spoken: gettext.NullTranslations) -> bool:
    """Tell whether the language of a catalogue is written from right to left."""
    return spoken.info().get("language") in RIGHT_TO_LEFT
