"""Write what the package holds and the repository does not: the names of countries and languages.

Called by hatchling for every wheel, source archive and editable installation. Babel is needed here and nowhere at run time.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.languages import get_official_languages
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAMES = Path("hashclient", "guidance", "names.json")
"""Where the names are written, below the root of the repository."""
LANGUAGES = ("en", "es", "fr", "ar")
"""The languages of the program, in the order in which the file has the names."""
PARTS_OF = {"AC": "SH", "CP": "FR", "CQ": "GG", "DG": "IO", "EA": "ES", "IC": "ES", "TA": "SH"}
"""Codes that the data has besides those of countries, by the country that people there belong to."""
NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
"""Codes of two letters that are no country: unions, tests, the unknown one."""


class BuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling gives them
        """Write each of the generated files."""
        write_country_names(Path(self.root))


def write_country_names(root: Path) -> None:
    """Write `names.json`: what countries and languages are called.

    Its `countries` has, by ISO 3166-1 alpha-2 code, the names in `LANGUAGES`; `also` has further names by code: in the
    official languages of the country, and its code of three letters; `languages` has the names of languages by BCP 47 code.
    A file that holds the same already is left alone, so that builds side by side do not disturb each other.
    """
    text = json.dumps(_names(), ensure_ascii=False, separators=(",", ":")) + "\n"
    path = root / NAMES
    if path.exists() and path.read_text("utf-8") == text:
        return
    beside = path.with_name(f"{NAMES.name}.{os.getpid()}")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def _names() -> dict[str, Any]:
    territories: list[dict[str, str]] = [dict(Locale.parse(language).territories) for language in LANGUAGES]
    languages: list[dict[str, str]] = [dict(Locale.parse(language).languages) for language in LANGUAGES]
    codes = (code for code in territories[0] if re.fullmatch("[A-Z]{2}", code))
    countries = sorted(code for code in codes if code not in NO_COUNTRY and code not in PARTS_OF)
    spoken = (code for code in languages[0] if re.fullmatch("[a-z]{2,3}(_[A-Z]{2})?", code))
    return {
        "shown": LANGUAGES,
        "countries": {code: [names[code] for names in territories] for code in countries},
        "also": {code: sorted(_also(code, territories)) for code in countries},
        "languages": {
            code.replace("_", "-"): [names[code] for names in languages]
            for code in sorted(spoken)
            if all(code in names for names in languages)
        },
    }


def _also(country: str, territories: list[dict[str, str]]) -> set[str]:
    """Give what else a country is called: in its own languages, by its code of three letters, and by its parts."""
    found = {
        names[part] for part, whole in PARTS_OF.items() if whole == country for names in territories if part in names
    }
    for alias, meant in get_global("territory_aliases").items():
        if list(meant) == [country] and re.fullmatch("[A-Z]{3}", alias):
            found.add(alias)
    for language in get_official_languages(country, regional=True, de_facto=True):
        try:
            found.add(Locale.parse(language).territories[country])
        except (UnknownLocaleError, KeyError):  # it has no data of this language, or none of this country in it
            continue
    return found - {names[country] for names in territories}


if __name__ == "__main__":
    write_country_names(Path(__file__).resolve().parent)
