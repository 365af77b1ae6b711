"""Write what the package holds and the repository does not: the compiled catalogues of translations.

Called by hatchling for every wheel, source archive and editable installation. Babel is needed here and nowhere at run time.
`python hatch_build.py` does the same in place; with `--update`, as `make languages` calls it, it first brings the catalogues
to the sentences that stand in the code now.
"""

import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LANGUAGES: Final = ("ar", "es", "fr")
KEYWORDS: Final = {"_": None, "_p": ((1, "c"), 2), "_n": (1, 2)}
"""The marks of `hashclient.messages`, as Babel wants them described."""
_ARABIC_PLURALS: Final = "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"
"""As translators number them: 4 is 11 to 99, 5 is 100, 101 and 102. Babel has the two the other way round."""
_COMMENT: Final = """\
# Sentences of hashclient in another language. `make languages` adds what is new in the code and drops what is gone.
# X-Reviewed says "no" until a person has reviewed the critical sentences; CONTRIBUTING.md says how that is recorded."""


class BuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling gives them
        """Write each of the generated files."""
        write_catalogues(Path(self.root))


class TranslationCatalogue(Catalog):
    """Babel's catalogue with a header that holds no dates, so that it changes with the sentences alone, and the review."""

    reviewed = "no"
    """`no`, or the name of the person who reviewed it and the day."""

    @property
    def plural_expr(self) -> str:
        """Which of the plural forms fits a number, as an expression in C."""
        return _ARABIC_PLURALS if str(self.locale_identifier) == "ar" else super().plural_expr

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


def main() -> None:
    """Write everything below the folder of this file."""
    root = Path(__file__).resolve().parent
    if "--update" in sys.argv:
        update_catalogues(root)
    write_catalogues(root)


if __name__ == "__main__":
    main()
