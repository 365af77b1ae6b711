"""Every translation says what the English says: same sentences, fields, numbers, commands, and no promise that nobody can keep."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from hashclient.guidance import services
from hashclient.messages import CRITICAL
from hatch_build import LANGUAGES, catalogue_of, marked_sentences, place_of

ROOT = Path(__file__).resolve().parents[2]
PROMISES = {
    "es": [
        r"(elimin|borr|quit|retir)\w*\b[^.]*\bde tod[ao] (el |la )?internet",
        r"garantiza",
        r"100 ?%",
        r"para siempre",
        r"imposible de rastrear",
        r"totalmente an\u00f3nim",
    ],
    "fr": [
        r"(supprim|retir|effac)\w*\b[^.]*\bde tout (l')?internet",
        r"garanti",
        r"100[ \u00a0\u202f]?%",
        r"d\u00e9finitivement",
        r"intra\u00e7able",
        r"totalement anonyme",
    ],
    "ar": [
        "(\u0625\u0632\u0627\u0644|\u062d\u0630\u0641)[^.]*\u0645\u0646 \u0627\u0644\u0625\u0646\u062a\u0631\u0646\u062a \u0643\u0644\u0647",
        "\u0645\u0636\u0645\u0648\u0646",
        "100 ?[%\u066a]",
        "\u0646\u0647\u0627\u0626\u064a(\u064b\u0627|\u0627\u064b|\u0627)\\b",
        "\u0644\u0627 \u064a\u0645\u0643\u0646 \u062a\u062a\u0628\u0639\u0647",
        "\u0645\u062c\u0647\u0648\u0644 \u062a\u0645\u0627\u0645",
    ],
}
"""Promises that nobody can keep, by language; a verb stands with a phrase that may be said without it."""
WORDS = {
    "es": [r"\bv\u00edctima", r"pornovenganza", r"\bporno"],
    "fr": [r"\bvictime", r"revenge porn(?! helpline)", r"\bporno"],
    "ar": ["\u0636\u062d\u064a\u0629", "\u0636\u062d\u0627\u064a\u0627", "\u0625\u0628\u0627\u062d\u064a"],
}
"""What nobody who reads is called, and what pictures are never called."""
PLANTED = {
    "es": "Eliminamos tu foto de todo internet, garantizado, al 100 %, para siempre, imposible de rastrear, totalmente an\u00f3nimo. "
    "V\u00edctima, pornovenganza.",
    "fr": "Nous supprimons l'image de tout Internet, c'est garanti \u00e0 100 %, d\u00e9finitivement, intra\u00e7able, totalement "
    "anonyme. Victime, revenge porn, porno.",
    "ar": "\u0625\u0632\u0627\u0644\u0629 \u0627\u0644\u0635\u0648\u0631\u0629 \u0645\u0646 \u0627\u0644\u0625\u0646\u062a\u0631\u0646\u062a "
    "\u0643\u0644\u0647 \u0645\u0636\u0645\u0648\u0646 100% \u0646\u0647\u0627\u0626\u064a\u064b\u0627 \u0644\u0627 \u064a\u0645\u0643\u0646 "
    "\u062a\u062a\u0628\u0639\u0647 \u0645\u062c\u0647\u0648\u0644 \u062a\u0645\u0627\u0645\u064b\u0627 \u0636\u062d\u064a\u0629 "
    "\u0636\u062d\u0627\u064a\u0627 \u0625\u0628\u0627\u062d\u064a\u0629",
}
LIMIT_1 = {
    "es": "Solo funciona en las plataformas que participan, no en todo internet.",
    "fr": "Cela ne marche que sur les plateformes participantes, pas sur tout Internet.",
    "ar": "\u064a\u0639\u0645\u0644 \u0647\u0630\u0627 \u0639\u0644\u0649 \u0627\u0644\u0645\u0646\u0635\u0627\u062a "
    "\u0627\u0644\u0645\u0634\u0627\u0631\u0643\u0629 \u0641\u0642\u0637\u060c \u0648\u0644\u064a\u0633 \u0639\u0644\u0649 "
    "\u0627\u0644\u0625\u0646\u062a\u0631\u0646\u062a \u0643\u0644\u0647.",
}
"""What is said of the whole internet is that it does not work there."""
LETTER_FOR_LETTER = (
    re.compile(r"https?://[^\s,;)\"']*[^\s,;)\"'.]"),
    re.compile(r"(?<![\w-])--?[a-z][a-z0-9-]*[a-z0-9]"),
    re.compile(r"(?<![\w-])--[a-z][a-z-]* [A-Z]{2,}\b"),
    re.compile(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b"),
    re.compile(r"(?<![^\s(\[])'([^']+)'(?!\w)"),
)
"""Addresses, options, what `--help` calls their values, variables, and what stands in quotes because it is typed."""
WITHOUT_NUMBER = {
    "1": (
        "\u064a\u0648\u0645 \u0648\u0627\u062d\u062f",
        "\u064a\u0648\u0645\u064b\u0627 \u0648\u0627\u062d\u062f\u064b\u0627",
    ),
    "2": (
        "\u0633\u0627\u0639\u062a\u0627\u0646",
        "\u0633\u0627\u0639\u062a\u064a\u0646",
        "\u062f\u0642\u064a\u0642\u062a\u064a\u0646",
    ),
}
"""One day, two hours, two minutes: Arabic says it with words, and no number beside it."""
MARKS_OF_DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True)
class Entry:
    """One sentence and its translation, which has several forms where it depends on a number."""

    context: str | None
    english: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def is_translated(self) -> bool:
        return all(self.forms)


def entries(language: str) -> list[Entry]:
    """Give every entry of a catalogue but the header."""
    return [
        Entry(
            one.context,
            (one.id,) if isinstance(one.id, str) else tuple(one.id),
            (one.string,) if isinstance(one.string, str) else tuple(one.string or ("",)),
        )
        for one in catalogue_of(ROOT, language)
        if one.id
    ]


def translated(language: str) -> list[Entry]:
    """Give the entries that have a translation."""
    return [one for one in entries(language) if one.is_translated]


def fields_of(template: str) -> Counter[str]:
    """Give the fields of a template, with their formats."""
    parts = string.Formatter().parse(template)
    return Counter(f"{name}:{spec}!{how}" for _, name, spec, how in parts if name is not None)


def wrong_fields(entry: Entry) -> Iterator[str]:
    """Give the forms that do not have the fields of the English; one that depends on a number may leave the number out."""
    wanted = fields_of(entry.english[-1])
    number = {name for name in wanted if name.startswith("count:")} if len(entry.english) > 1 else set()
    for form in entry.forms:
        try:
            found = fields_of(form)
        except ValueError:
            yield form
            continue
        if any(wanted[name] != found[name] for name in (wanted | found).keys() - number):
            yield form


def changed(entry: Entry, chosen: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Give what should stand in every form of the translation letter for letter, and does not.

    What can be chosen stands in quotes as it is shown: `chosen` has it by its English.
    """
    english = entry.english[-1]
    outside = re.sub(r"\{[^}]*\}", "", english)
    for pattern in LETTER_FOR_LETTER:
        for found in pattern.findall(english):
            if any(chosen.get(found, found) not in form for form in entry.forms):
                yield found
    for number, times in Counter(re.findall(r"\d+", outside)).items():
        if any(one in form for one in WITHOUT_NUMBER.get(number, ()) for form in entry.forms):
            continue
        for form in entry.forms:
            if len(entry.english) == 1 and re.findall(r"\d+", re.sub(r"\{[^}]*\}", "", form)).count(number) < times:
                yield number


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_sentences_of_the_code(language: str) -> None:
    """None is missing, none is left over; `make languages` sees to both."""
    marked = {(one.context, one.id) for one in marked_sentences(ROOT) if one.id}
    kept = {(one.context, one.english if len(one.english) > 1 else one.english[0]) for one in entries(language)}
    assert kept - marked == set()
    assert marked - kept == set()


def test_contexts_are_those_of_the_critical_set() -> None:
    """No other context exists, and each has sentences."""
    assert {one.context for one in marked_sentences(ROOT) if one.id} - {None} <= CRITICAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_whether_it_was_reviewed(language: str) -> None:
    """And nothing in it is a guess of a tool, or obsolete."""
    text = place_of(ROOT, language).read_text("utf-8")
    assert re.search(r'^"X-Reviewed: \S.*\\n"$', text, re.MULTILINE)
    assert "\n#~" not in text
    assert not re.search(r"^#,.*\bfuzzy\b", text, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    """All of them, the critical ones first, in every form of number."""
    if not translated(language):
        pytest.skip(f"the catalogue of {language} has no translations yet")
    missing = [one for one in entries(language) if not one.is_translated]
    assert [one.english for one in missing if one.context] == []
    assert [one.english for one in missing] == []
    assert all(
        len(one.forms) == catalogue_of(ROOT, language).num_plurals for one in entries(language) if len(one.english) > 1
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_fields_of_the_english(language: str) -> None:
    """Name for name, with the same format."""
    assert {one.english: found for one in translated(language) if (found := list(wrong_fields(one)))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_stays_letter_for_letter(language: str) -> None:
    """Addresses, options, variables, commands and words in quotes; and every number."""
    chosen = {one.english[0]: one.forms[0] for one in translated(language) if " " in one.english[0]}
    assert {one.english: found for one in translated(language) if (found := list(changed(one, chosen)))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_promises_nothing_that_nobody_can_keep(language: str) -> None:
    """Nor does it use the words that nobody should be met with."""
    never = [*PROMISES[language], *WORDS[language], r"[!\u00a1]"]
    forms = [form for one in translated(language) for form in one.forms]
    assert [(form, one) for form in forms for one in never if re.search(one, form, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_people_promises_nothing_either(language: str) -> None:
    """What services call themselves is their own. Blanks and digits are those of the catalogue, and no mark of direction is hidden in it."""
    page = (ROOT / "docs" / f"for-people.{language}.md").read_text()
    text = re.sub(r"\]\([^)]*\)", "]", page)
    for service in services.load().values():
        text = text.replace(service.name, "")
    never = [*PROMISES[language], *WORDS[language], r"[!\u00a1]", f"[{MARKS_OF_DIRECTION}]"]
    assert [one for one in never if re.search(one, " ".join(text.replace("<!--", "").split()), re.IGNORECASE)] == []
    assert [one for one in text if unicodedata.category(one) == "Nd" and not one.isascii()] == []
    if language == "fr":
        assert re.findall(r".* [?:;\u00bb].*", text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_for_promises_sees(language: str) -> None:
    """Each is found where it is planted, and the first limit passes."""
    for never in (*PROMISES[language], *WORDS[language]):
        assert re.search(never, PLANTED[language], re.IGNORECASE), never
        assert not re.search(never, LIMIT_1[language], re.IGNORECASE), never


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_written_as_a_terminal_shows_it(language: str) -> None:
    """Western digits, no marks of direction (they are put in where it is shown), no blanks at the ends, paragraphs as in English."""
    forms = [form for one in translated(language) for form in one.forms]
    digits = [form for form in forms if any(unicodedata.category(one) == "Nd" and not one.isascii() for one in form)]
    assert digits == []
    assert [form for form in forms if set(form) & set(MARKS_OF_DIRECTION)] == []
    for one in translated(language):  # such as what stands between names, and a row of letters to choose from
        for form in one.forms:
            assert "  " in one.english[0] or "  " not in form
            assert one.english[0] != one.english[0].strip() or form == form.strip()
    lines = {
        english.count("\n\n") == form.count("\n\n")
        for one in translated(language)
        for english in one.english
        for form in one.forms
    }
    assert lines <= {True}


def test_french_has_blanks_that_do_not_break() -> None:
    """Before `?`, `:` and `;`, and inside guillemets."""
    forms = [form for one in translated("fr") for form in one.forms]
    assert [form for form in forms if re.search(r" [?:;\u00bb]|\u00ab(?![\u00a0\u202f])|\w[?;](?!\w)", form)] == []


@pytest.mark.parametrize(
    "entry",
    [
        Entry(None, ("Sent to {host}.",), ("Enviado.",)),
        Entry(None, ("Sent to {host}.",), ("Enviado a {Host}.",)),
        Entry(None, ("Sent to {host}.",), ("Enviado a {host",)),
        Entry(None, ("{count:,} files",), ("{count} archivos",)),
        Entry(None, ("{count} file", "{count} files of {all}"), ("un archivo", "{count} archivos de {all}")),
        Entry(None, ("Plain.",), ("Con {campo}.",)),
    ],
)
def test_wrong_fields_are_seen(entry: Entry) -> None:
    """Missing, renamed, broken, with another format, or added."""
    assert list(wrong_fields(entry))


@pytest.mark.parametrize(
    "entry",
    [
        Entry(None, ("Sent to {host}.",), ("A {host} se envi\u00f3.",)),
        Entry(None, ("{count} file", "{count} files"), ("un archivo", "{count} archivos")),
        Entry(None, ("See 'hashclient --help'.",), ("Consulta \u00abhashclient --help\u00bb.",)),
        Entry(None, ("Don't pay, and don't send more.",), ("No pagues.",)),
        Entry(None, ("At least 18 or over (2 of 5).",), ("18 o m\u00e1s (2 de 5).",)),
    ],
)
def test_what_is_right_passes(entry: Entry) -> None:
    """In another order, without the number where a word says it, with other quotation marks."""
    assert not [*wrong_fields(entry), *changed(entry)]


@pytest.mark.parametrize(
    ("english", "translation"),
    [
        ("See 'hashclient status'.", "Consulta 'hashclient estado'."),
        ("Type 'show' first.", "Escribe 'mostrar'."),
        ("Leave --json out.", "Sin --yeison."),
        ("Write it: --to-file FILE.", "Escribirlo: --to-file ARCHIVO."),
        ("Go to https://a.example/b.", "Ve a https://a.example."),
        ("The variable HASHCLIENT_KEYS.", "La variable HASHCLIENT_CLAVES."),
        ("It has 8 digits, 8.", "Tiene 8 cifras."),
        ("Under 18.", "Menor de 16."),
    ],
)
def test_what_was_changed_is_seen(english: str, translation: str) -> None:
    """A verb, a word to type, an option, its value, an address, a variable, a number."""
    assert list(changed(Entry(None, (english,), (translation,))))


def test_what_can_be_chosen_is_named_as_it_is_shown() -> None:
    """In the language, not in English, and not in other words."""
    english = ("Choose 'Talk to someone'.",)
    chosen = {"Talk to someone": "Hablar con alguien"}
    assert not list(changed(Entry(None, english, ("Elige 'Hablar con alguien'.",)), chosen))
    assert list(changed(Entry(None, english, ("Elige 'Hablar con una persona'.",)), chosen))
    assert list(changed(Entry(None, english, ("Elige 'Talk to someone'.",)), chosen))
