"""Write what the package holds and the repository does not: translations, names of countries and languages, help services.

Called by hatchling for every wheel, source archive and editable installation. Babel is needed here and nowhere at run time.
`python hatch_build.py` does the same in place; with `--update`, as `make languages` calls it, it first brings the catalogues
to the sentences that stand in the code now.
"""

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.languages import get_official_languages
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LANGUAGES: Final = ("ar", "es", "fr")
KEYWORDS: Final = {"_": None, "_p": ((1, "c"), 2), "_n": (1, 2)}
"""The marks of `hashclient.messages`, as Babel wants them described."""
_PLURALS: Final = {
    "es": (2, "(n != 1)"),
    "fr": (2, "(n > 1)"),
    "ar": (6, "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"),
}
"""How many plural forms a language has here, and which fits a number, as an expression in C. Babel's own change with its
version: some have a third form for millions, and another order in Arabic (4 is 11 to 99, 5 is 100, 101 and 102)."""
_COMMENT: Final = """\
# Sentences of hashclient in another language. `make languages` adds what is new in the code and drops what is gone.
# X-Reviewed says "no" until a person has reviewed the critical sentences; CONTRIBUTING.md says how that is recorded."""
NAMED_IN: Final = ("en", "es", "fr", "ar")
"""The languages in which the program names countries, in the order in which the file has the names."""
NAMES: Final = Path("hashclient", "guidance", "names.json")
"""Where the names are written, below the root of the repository."""
SERVICES: Final = (Path("hashclient", "guidance", "services.toml"), Path("hashclient", "guidance", "crisis.toml"))
"""Data that people keep as TOML, below the root; the program reads it as JSON, which takes a tenth of the time."""
PARTS_OF: Final = {"AC": "SH", "CP": "FR", "CQ": "GG", "DG": "IO", "EA": "ES", "IC": "ES", "TA": "SH"}
"""Codes that the data has besides those of countries, by the country that people there belong to."""
NO_COUNTRY: Final = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
"""Codes of two letters that are no country: unions, tests, the unknown one."""


class BuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling gives them
        """Write each of the generated files."""
        write_catalogues(Path(self.root))
        write_country_names(Path(self.root))
        write_services(Path(self.root))


class TranslationCatalogue(Catalog):
    """Babel's catalogue with a header that holds no dates, so that it changes with the sentences alone, and the review."""

    reviewed = "no"
    """`no`, or the name of the person who reviewed it and the day."""

    @property
    def plural_expr(self) -> str:
        """Which of the plural forms fits a number, as an expression in C."""
        return self._plurals[1]

    @property
    def num_plurals(self) -> int:
        """How many plural forms there are."""
        return self._plurals[0]

    @property
    def _plurals(self) -> tuple[int, str]:
        return _PLURALS.get(str(self.locale_identifier), (2, "(n != 1)"))

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header of the file."""
        return [
            ("Project-Id-Version", "hashclient"),
            ("Language", str(self.locale_identifier or "en")),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
            ("X-Reviewed", f"{self.reviewed}\n"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        known = dict(headers)
        super()._set_mime_headers(known.items())
        self.reviewed = known.get("X-Reviewed", "no").strip()


def place_of(root: Path, language: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return root / "hashclient" / "guidance" / "locale" / language / "LC_MESSAGES" / "hashclient.po"


def catalogue_of(root: Path, language: str) -> TranslationCatalogue:
    """Read the catalogue of a language as it is committed; an empty one where there is none."""
    catalogue = TranslationCatalogue(language, header_comment=_COMMENT, fuzzy=False)
    if (place := place_of(root, language)).exists():
        with place.open("rb") as text:
            PoFileParser(catalogue, abort_invalid=True).parse(text)
    return catalogue


def marked_sentences(root: Path) -> TranslationCatalogue:
    """Read the sentences that are marked in the code, in the order of files and of lines."""
    catalogue = TranslationCatalogue()
    for path in sorted((root / "hashclient").rglob("*.py")):
        place = path.relative_to(root).as_posix()
        for _line, sentence, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            catalogue.add(sentence, locations=[(place, None)], context=context)  # type: ignore[list-item]  # no lines
    return catalogue


def update_catalogues(root: Path) -> None:
    """Bring every catalogue to the sentences of the code: what is new is empty, what is gone goes, the rest stays."""
    sentences = marked_sentences(root)
    for language in LANGUAGES:
        catalogue = catalogue_of(root, language)
        catalogue.update(sentences, no_fuzzy_matching=True)
        place = place_of(root, language)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as text:
            write_po(text, catalogue, width=0, include_lineno=False, ignore_obsolete=True)


def write_catalogues(root: Path) -> None:
    """Compile every catalogue of translations, beside its source."""
    for language in LANGUAGES:
        compiled, place = BytesIO(), place_of(root, language).with_suffix(".mo")
        write_mo(compiled, catalogue_of(root, language))
        if (
            not place.exists() or place.read_bytes() != compiled.getvalue()
        ):  # else whoever reads it now is not disturbed
            place.write_bytes(compiled.getvalue())


def write_country_names(root: Path) -> None:
    """Write `names.json`: what countries and languages are called.

    Its `countries` has, by ISO 3166-1 alpha-2 code, the names in `NAMED_IN`; `also` has further names by code: in the
    official languages of the country, and its code of three letters; `languages` has the names of languages by BCP 47 code.
    """
    _write_json(root / NAMES, _names())


def write_services(root: Path) -> None:
    """Write `services.json` and `crisis.json` beside the TOML, with the same in them; days are texts such as `2026-11-25`."""
    for source in SERVICES:
        _write_json((root / source).with_suffix(".json"), tomllib.loads((root / source).read_text("utf-8")))


def _write_json(path: Path, data: Any) -> None:
    """Write a file, unless it holds the same already, so that builds side by side do not disturb each other."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=date.isoformat) + "\n"
    if path.exists() and path.read_text("utf-8") == text:
        return
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def _names() -> dict[str, Any]:
    territories: list[dict[str, str]] = [dict(Locale.parse(language).territories) for language in NAMED_IN]
    languages: list[dict[str, str]] = [dict(Locale.parse(language).languages) for language in NAMED_IN]
    codes = (code for code in territories[0] if re.fullmatch("[A-Z]{2}", code))
    countries = sorted(code for code in codes if code not in NO_COUNTRY and code not in PARTS_OF)
    spoken = (code for code in languages[0] if re.fullmatch("[a-z]{2,3}(_[A-Z]{2})?", code))
    return {
        "shown": NAMED_IN,
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


def main() -> None:
    """Write everything below the folder of this file."""
    root = Path(__file__).resolve().parent
    if "--update" in sys.argv:
        update_catalogues(root)
    write_catalogues(root)
    write_country_names(root)
    write_services(root)


if __name__ == "__main__":
    main()
