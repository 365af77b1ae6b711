"""Countries by code and by name, in the languages of the program and of the country."""

import gettext
import importlib.util
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient import messages
from hashclient.guidance import countries, services

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = json.loads(resources.files("hashclient.guidance").joinpath("names.json").read_text("utf-8"))
LANGUAGES = ["en", "es", "fr", "ar"]
AMBIGUOUS = {
    ("CD", "CG"): ["Congo", "Kongo", "الكونغو"],
    ("KP", "KR"): ["Korea", "Corea", "Corée", "كوريا"],
    ("MF", "SX"): ["Saint-Martin", "St. Martin"],
    ("VG", "VI"): ["Virgin Islands"],
}
"""Every name that more than one country has."""


class Spoken(gettext.NullTranslations):
    """A catalogue without a word, of one language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._info = {"language": language}


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the language back afterwards."""
    before = messages.in_use()
    yield
    messages.use(before)


def test_the_data_has_every_country_in_every_language() -> None:
    """About 250 countries, each with four names, and the languages of every row."""
    assert NAMES["shown"] == LANGUAGES
    assert len(NAMES["countries"]) >= 249
    assert all(len(names) == 4 and all(names) for names in (*NAMES["countries"].values(), *NAMES["languages"].values()))
    assert NAMES["countries"].keys() == NAMES["also"].keys()
    assert set(services.countries_with_rows()) <= set(NAMES["countries"])
    assert {code for row in services.load().values() for code in row.languages} <= set(NAMES["languages"])
    assert not set(NAMES["countries"]) & {"EU", "UN", "ZZ", "XA", "XB", "QO", "EZ"}


def test_the_data_is_what_the_build_writes(tmp_path: Path) -> None:
    """Made anew it is the same, and a file that is the same already is left alone."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    made = tmp_path / build.NAMES
    made.parent.mkdir(parents=True)
    build.write_country_names(tmp_path)
    assert json.loads(made.read_text("utf-8")) == NAMES, "make it anew with `python hatch_build.py`"
    before = made.stat()
    build.write_country_names(tmp_path)
    assert (made.stat().st_mtime_ns, made.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [path.name for path in made.parent.iterdir()] == ["names.json"]


@pytest.mark.parametrize("number", range(4), ids=LANGUAGES)
def test_every_country_is_found_by_its_name_in_four_languages(number: int) -> None:
    """In any case of letters; a name that two have gives both."""
    for code, names in NAMES["countries"].items():
        for typed in (names[number], names[number].upper(), f"  {names[number].lower()} ", names[number].title()):
            assert code in countries.meant_by(typed), typed
            assert countries.meant_by(typed) in {(code,), *AMBIGUOUS}, typed


def test_every_country_is_found_by_its_codes_and_its_own_names() -> None:
    """Two letters, three letters, and the name in the languages of the country."""
    for code, names in NAMES["also"].items():
        assert countries.meant_by(code.lower()) == countries.meant_by(f" {code} ") == (code,)
        for name in names:
            assert countries.meant_by(name) in {(code,), *AMBIGUOUS}, name


def test_names_that_two_countries_have_are_these() -> None:
    """No other name is taken twice, so that none is silently the wrong one."""
    several = {name: codes for name, codes in countries._by_name().items() if len(codes) > 1}
    assert set(several.values()) == set(AMBIGUOUS)
    assert {countries._simple(name): codes for codes, names in AMBIGUOUS.items() for name in names} == several


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *[(name, "GB") for name in ("England", "Scotland", "Wales", "Northern Ireland", "Great Britain", "UK", "u.k.", "Britain", "uk ", "GBR", "Inglaterra", "Écosse", "Reino Unido", "Royaume-Uni", "انجلترا", "بريطانيا")],
        *[(name, "US") for name in ("USA", "U.S.A.", "America", "États Unis", "EE. UU.", "EEUU", "أمريكا", "امريكا", "the united states")],
        *[(name, "DE") for name in ("Deutschland", "DEUTSCHLAND", "Alemania", "Allemagne", "ألمانيا", "المانيا")],
        *[(name, "ES") for name in ("España", "espana", "Espagne", "Espanya", "Canarias", "إسبانيا", "اسبانيا")],
        *[(name, "CI") for name in ("Côte d'Ivoire", "Côte d\u2019Ivoire", "cote divoire", "Cote d Ivoire", "Ivory Coast")],
        *[(name, "NL") for name in ("Holland", "the Netherlands", "Nederland", "Países Bajos")],
        *[(name, "BA") for name in ("Bosnia & Herzegovina", "Bosnia and Herzegovina", "bosnia")],
        *[(name, "KR") for name in ("South Korea", "대한민국", "한국", "Corea del Sur")],
        ("Italia", "IT"), ("日本", "JP"), ("Brasil", "BR"), ("भारत", "IN"), ("中国", "CN"), ("China", "CN"), ("Hong Kong", "HK"),
        ("Saint Lucia", "LC"), ("St Lucia", "LC"), ("Turkey", "TR"), ("Turkiye", "TR"), ("Myanmar", "MM"), ("Burma", "MM"),
        ("Palestine", "PS"), ("Gaza", "PS"), ("السعوديه", "SA"), ("المغرب", "MA"), ("Guinea", "GN"), ("Ireland", "IE"),
        ("Kosovo", "XK"), ("Georgia", "GE"), ("Dominica", "DM"), ("Niger", "NE"), ("Sudan", "SD"),
    ],
)  # fmt: skip
def test_names_that_people_type(typed: str, code: str) -> None:
    """Parts of a country, short forms, other spellings, the country's own words."""
    assert countries.meant_by(typed) == (code,)


@pytest.mark.parametrize(
    ("typed", "close"),
    [
        ("Grmany", "DE"),
        ("Untied Kingdom", "GB"),
        ("Englnd", "GB"),
        ("Swedn", "SE"),
        ("Austrlia", "AU"),
        ("Frence", "FR"),
    ],
)
def test_a_slip_finds_the_name_that_is_close(typed: str, close: str) -> None:
    """It is asked about, never taken: an unknown name stays unknown."""
    assert countries.meant_by(typed) == ()
    assert countries.close_to(typed)[0] == close


@pytest.mark.parametrize("typed", ["", " ", "x", "Atlantis", "12", "xx", "?", "the", "EU", "ZZ", "a" * 10_000])
def test_what_is_no_country_is_unknown(typed: str) -> None:
    """Nothing is guessed."""
    assert countries.meant_by(typed) == ()


@given(st.one_of(st.text(), st.text(st.characters()), st.sampled_from(sorted(countries._by_name()))))
def test_any_text_is_a_country_or_said_to_be_none(typed: str) -> None:
    """Whatever is typed, nothing is raised, and only codes come back."""
    meant, close = countries.meant_by(typed), countries.close_to(typed)
    assert set(meant) | set(close) <= set(NAMES["countries"])
    assert len(meant) <= 2
    assert len(close) <= 3
    assert countries.meant_by(typed) == meant == tuple(sorted(meant))


@given(st.sampled_from(sorted(NAMES["countries"])), st.integers(0, 3), st.randoms())
def test_letters_large_and_small_make_no_difference(code: str, number: int, chance: st.DrawFn) -> None:
    """However somebody writes it, with whatever blanks around."""
    name = NAMES["countries"][code][number]
    mixed = "".join(chance.choice([letter.upper(), letter.lower()]) for letter in name)  # type: ignore[attr-defined]
    assert code in countries.meant_by(f" {mixed}\t")


@pytest.mark.usefixtures("speaking")
@pytest.mark.parametrize(
    ("language", "country", "spoken"),
    [
        ("en", "Germany", "Spanish"),
        ("es", "Alemania", "español"),
        ("fr", "Allemagne", "espagnol"),
        ("ar", "ألمانيا", "الإسبانية"),
        ("xx", "Germany", "Spanish"),
    ],
)
def test_names_are_said_in_the_language_in_use(language: str, country: str, spoken: str) -> None:
    """English where there is no other."""
    messages.use(Spoken(language))
    assert (countries.name_of("DE"), countries.language_name("es")) == (country, spoken)
    assert (countries.name_of("ZZ"), countries.language_name("zzz")) == ("ZZ", "zzz")


def test_languages_are_known_by_their_codes() -> None:
    """With or without a country behind them."""
    assert all(map(countries.is_language, ["en", "es-MX", "pt_BR", "AR", "qu"]))
    assert not any(map(countries.is_language, ["", "english", "xx", "1", "-"]))


def test_names_typed_here_are_written_apart() -> None:
    """The short list has no code that is none, no name twice, and none that looks like the code of another country."""
    assert countries._ALSO.keys() <= NAMES["countries"].keys()
    for code, names in countries._ALSO.items():
        listed = names.split(", ")
        assert len(set(map(countries._simple, listed))) == len(listed), code
        assert all(len(countries._simple(name)) > 2 or name in {"UK", "U.S."} for name in listed), "codes are ISO's"
