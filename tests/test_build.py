"""The build compiles the translations, and `make languages` brings them to the sentences of the code."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from hashclient.guidance.languages import ENGLISH, LANGUAGE_NAMES
from hatch_build import (
    LANGUAGES,
    TranslationCatalogue,
    catalogue_of,
    marked_sentences,
    place_of,
    update_catalogues,
    write_catalogues,
)

MODULE = '''
"""A docstring."""
from hashclient.messages import _, _n, _p, joined
PLAIN = _("First. " "Second, with {field}.")
class Error(Exception):
    sentence = _p("error", "It broke.")
FILES = _n("{count} file", "{count} files")
SAME = _("It broke.")
NOT = f"never {PLAIN}"
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project of one module."""
    (tmp_path / "hashclient").mkdir()
    (tmp_path / "hashclient" / "words.py").write_text(MODULE)
    return tmp_path


def translate(project: Path, language: str, english: str, *words: str, context: str | None = None) -> None:
    """Write one translation, as a translator does."""
    place = place_of(project, language)
    text = place.read_text()
    head = f'msgctxt "{context}"\n' if context else ""
    entry = re.search(
        rf'^{re.escape(head)}msgid "{re.escape(english)}"\n(msgid_plural .*\n)?(msgstr.*\n)+', text, re.MULTILINE
    )
    assert entry
    said = "".join(
        f'msgstr[{number}] "{one}"\n' if len(words) > 1 else f'msgstr "{one}"\n' for number, one in enumerate(words)
    )
    place.write_text(text.replace(entry[0], f'{head}msgid "{english}"\n{entry[1] or ""}{said}'))


def test_the_languages_are_those_of_the_program() -> None:
    """English has no catalogue."""
    assert set(LANGUAGES) == LANGUAGE_NAMES.keys() - {ENGLISH}


def test_marks_are_read_from_the_code(project: Path) -> None:
    """Plain, with a context, in two numbers, in class attributes; each sentence with its file and no line."""
    found = [one for one in marked_sentences(project) if one.id]
    assert [(one.context, one.id) for one in found] == [
        (None, "First. Second, with {field}."),
        ("error", "It broke."),
        (None, ("{count} file", "{count} files")),
        (None, "It broke."),
    ]
    assert {str(one.locations) for one in found} == {"[('hashclient/words.py', None)]"}


def test_an_update_adds_what_is_new_and_drops_what_is_gone(project: Path) -> None:
    """What was translated stays, letter for letter, and so does the review."""
    update_catalogues(project)
    translate(project, "es", "It broke.", "Se rompi\u00f3.", context="error")
    translate(project, "ar", "{count} file", *"abcdef")
    place = place_of(project, "es")
    place.write_text(place.read_text().replace("X-Reviewed: no", "X-Reviewed: A. Person, 2027-01-31"))
    before = {language: place_of(project, language).read_text() for language in LANGUAGES}
    update_catalogues(project)
    assert {language: place_of(project, language).read_text() for language in LANGUAGES} == before

    (project / "hashclient" / "words.py").write_text(MODULE.replace("First", "Another") + 'NEW = _("New.")\n')
    update_catalogues(project)
    spanish = catalogue_of(project, "es")
    assert spanish.get("It broke.", "error").string == "Se rompi\u00f3."  # type: ignore[union-attr]  # it is there
    assert spanish.get("New.").string == ""  # type: ignore[union-attr]  # as above
    assert spanish.get("First. Second, with {field}.") is None
    assert "First" not in place.read_text()
    assert spanish.reviewed == "A. Person, 2027-01-31"
    assert catalogue_of(project, "ar").reviewed == "no"


def test_a_catalogue_changes_with_its_sentences_alone(project: Path) -> None:
    """No date and no line number, so that a change shows what changed."""
    update_catalogues(project)
    text = place_of(project, "fr").read_text()
    assert "Date" not in text
    assert "words.py:" not in text
    lines = MODULE.count("\n")
    (project / "hashclient" / "words.py").write_text("\n" * lines + MODULE)
    update_catalogues(project)
    assert place_of(project, "fr").read_text() == text


def test_what_is_compiled_says_what_was_written(project: Path) -> None:
    """The standard library reads it: sentences, contexts, six numbers of Arabic, and the header with the review."""
    update_catalogues(project)
    translate(project, "ar", "It broke.", "\u0627\u0646\u0643\u0633\u0631.", context="error")
    translate(project, "ar", "{count} file", *(f"{place}: {{count}}" for place in range(6)))
    write_catalogues(project)
    with place_of(project, "ar").with_suffix(".mo").open("rb") as compiled:
        spoken = gettext.GNUTranslations(compiled)
    assert spoken.pgettext("error", "It broke.") == "\u0627\u0646\u0643\u0633\u0631."
    assert spoken.gettext("It broke.") == "It broke."
    numbers = {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 103: 3}
    assert {n: int(spoken.ngettext("{count} file", "{count} files", n)[0]) for n in numbers} == numbers
    assert spoken.info()["x-reviewed"] == "no"
    assert spoken.info()["language"] == "ar"


def test_a_broken_catalogue_stops_the_build(project: Path) -> None:
    """It is not skipped in silence."""
    update_catalogues(project)
    place_of(project, "es").write_text(place_of(project, "es").read_text() + "<<<<<<< HEAD\n")
    with pytest.raises(PoFileError):
        write_catalogues(project)


def test_what_is_up_to_date_is_left_alone(project: Path) -> None:
    """Builds beside tests disturb nobody who reads."""
    update_catalogues(project)
    write_catalogues(project)
    place = place_of(project, "fr").with_suffix(".mo")
    place.chmod(0o444)
    before = place.stat().st_mtime_ns
    write_catalogues(project)
    assert place.stat().st_mtime_ns == before


def test_plural_forms_are_those_of_the_language() -> None:
    """Two in Spanish and French, six in Arabic."""
    assert {code: TranslationCatalogue(code).num_plurals for code in LANGUAGES} == {"ar": 6, "es": 2, "fr": 2}
