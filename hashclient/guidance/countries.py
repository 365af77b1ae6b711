"""Find the country that somebody means, by its code or by one of its names, and say what countries and languages are called.

Names come from `names.json`, which is written at build (`hatch_build.py`) in the languages of the program, and from the
short list here of names that people use besides. Asking is left to the faces.
"""

import difflib
import functools
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from hashclient import messages
from hashclient.guidance.services import data_file

_ALSO: Final[Mapping[str, str]] = {
    "AE": "UAE, Emirates, Emiratos, Émirats, الإمارات",
    "BA": "Bosnia, Bosnie, البوسنة",
    "BO": "Plurinational State of Bolivia",
    "CD": "Congo, Kongo, DRC, DR Congo, RDC, République démocratique du Congo, الكونغو, الكونغو الديمقراطية",
    "CG": "Kongo, Republic of the Congo, République du Congo, الكونغو",
    "CI": "Ivory Coast, Costa de Marfil",
    "CN": "PRC, People's Republic of China",
    "CZ": "Czech Republic, República Checa, République tchèque",
    "DE": "BRD, Federal Republic of Germany",
    "GB": "UK, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, GB-NI, Cymru, Alba, Gran Bretaña, Inglaterra, Escocia, Gales, País de Gales, Irlanda del Norte, Grande-Bretagne, Angleterre, Écosse, Pays de Galles, Irlande du Nord, بريطانيا, بريطانيا العظمى, إنجلترا, إنكلترا, اسكتلندا, ويلز, أيرلندا الشمالية",
    "HK": "Hong Kong, هونغ كونغ",
    "IE": "Republic of Ireland, República de Irlanda",
    "IR": "Islamic Republic of Iran",
    "KP": "Korea, Corea, Corée, كوريا, DPRK",
    "KR": "Korea, Corea, Corée, كوريا, Republic of Korea, ROK, 한국",
    "MK": "Macedonia, Macédoine, مقدونيا",
    "MM": "Burma, Birmania, Birmanie, بورما",
    "MO": "Macao, Macau, ماكاو",
    "NL": "Holland, Holanda, Hollande",
    "PS": "Palestine, Palestina, Gaza, West Bank, State of Palestine, فلسطين, غزة, الضفة الغربية",
    "RU": "Russian Federation, Federación de Rusia, Fédération de Russie",
    "SA": "KSA, Saudi, Arabia Saudita, السعودية",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland, Suazilandia",
    "TL": "East Timor, Timor",
    "TR": "Turkey",
    "TZ": "United Republic of Tanzania",
    "US": "U.S., America, United States of America, The States, EE. UU., E.U.A., Estados Unidos de América, Norteamérica, États-Unis d'Amérique, Amérique, أمريكا, أميركا, الولايات المتحدة الأمريكية, الولايات المتحدة الأميركية",
    "VA": "Vatican, Holy See, Vaticano",
    "VG": "Virgin Islands",
    "VI": "Virgin Islands",
}
"""What people also call their country, or the part of it that they name when they are asked, by code. A name that stands
with two of them can mean either."""
_THE: Final = r"(?m)^[^\S\n]*the[^\S\n]+"
_SAINT: Final = r"\bst(?=e?\b)"
_NO_LETTER: Final = r"[^\w\n]+|_+"
"""Blanks and signs, and the accents that stand apart after the letter."""
_ALIKE: Final = str.maketrans({"ة": "ه", "ى": "ي", "ø": "o", "ł": "l", "ı": "i"})  # noqa: RUF001  # that is the point
"""Letters that are typed one for the other."""
_MOST_LETTERS: Final = 60
"""Letters of the longest name that is looked for."""
_CLOSE: Final = 0.75
"""How alike two names are, from 0 to 1, for the one to be suggested where the other is typed."""


def meant_by(typed: str) -> tuple[str, ...]:
    """Return the countries that somebody may mean: one, or several for a name that two have, or none for an unknown one.

    Args:
        typed: a code of two or three letters, or a name in one of the languages of the program or of the country; in any
            case of letters, with or without accents.

    Returns:
        ISO 3166-1 alpha-2 codes, sorted.
    """
    code = typed.strip().upper()
    if code in _names()["countries"]:
        return (code,)
    return _by_name().get(_simple(typed), ())


def close_to(typed: str) -> tuple[str, ...]:
    """Return the codes of at most three countries whose names are like what somebody typed, the likest first."""
    simple = _simple(typed)
    if not simple or len(simple) > _MOST_LETTERS:
        return ()
    alike = difflib.get_close_matches(simple, _by_name(), n=12, cutoff=_CLOSE)
    return tuple(dict.fromkeys(code for name in alike for code in _by_name()[name]))[:3]


def name_of(country: str) -> str:
    """Return what a country is called in the language in use, by its ISO 3166-1 alpha-2 code."""
    return _in_use(_names()["countries"].get(country), otherwise=country)


def language_name(language: str) -> str:
    """Return what a language is called in the language in use, by its code."""
    return _in_use(_names()["languages"].get(language), otherwise=language)


def names_in_all() -> Mapping[str, Mapping[str, str]]:
    """Return the names of every country, by code and by language."""
    return {code: dict(zip(_names()["shown"], names, strict=True)) for code, names in _names()["countries"].items()}


def languages_in_all() -> Mapping[str, Mapping[str, str]]:
    """Return the names of every language, by code and by language."""
    return {code: dict(zip(_names()["shown"], names, strict=True)) for code, names in _names()["languages"].items()}


def is_language(code: str) -> bool:
    """Tell whether a code, with or without a country behind it, is that of a language that has a name."""
    return re.split("[-_]", code)[0].lower() in _names()["languages"]


def _in_use(names: list[str] | None, *, otherwise: str) -> str:
    shown: list[str] = _names()["shown"]
    language = messages.in_use().info().get("language", "en")
    if names is None:
        return otherwise
    return names[shown.index(language) if language in shown else 0]


@functools.cache
def _names() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(data_file("names.json"))
    return read


@functools.cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """Return the codes by every name, in the form of `_simple`."""
    whole: list[tuple[str, str]] = []
    inside: list[tuple[str, str]] = []
    for country, names in _names()["countries"].items():
        for name in (*names, *_names()["also"][country], *_ALSO.get(country, "").split(", ")):
            whole.append((name, country))
            if "(" in name:
                outer, _, inner = name.partition("(")
                whole.append((outer, country))
                inside.append((inner, country))
    found: dict[str, set[str]] = {}
    for pairs in (whole, inside):  # what one country is also called is not what another one is called
        known = set(found)
        for name, country in zip(
            _all_simple([name for name, _ in pairs]), [country for _, country in pairs], strict=True
        ):
            if name and name not in known:
                found.setdefault(name, set()).add(country)
    return {name: tuple(sorted(countries)) for name, countries in found.items()}


def _simple(name: str) -> str:
    """Return a name as it is compared: small letters without accents, signs and blanks."""
    return _all_simple([name.replace("\n", " ")])[0]


def _all_simple(names: list[str]) -> list[str]:
    """Do that for many names, none of which has a line break, in one go: there are about 1,500."""
    lines = re.sub(_SAINT, "saint", re.sub(_THE, "", "\n".join(names).casefold().replace("&", "and")))
    return re.sub(_NO_LETTER, "", unicodedata.normalize("NFKD", lines)).translate(_ALIKE).split("\n")
