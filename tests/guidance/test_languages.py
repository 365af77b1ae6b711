"""Which language is spoken, and what its catalogue says of itself."""

import gettext
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import UsageError
from hashclient.guidance import languages
from hashclient.guidance.languages import LANGUAGE_NAMES, named_in, of_environment


@pytest.mark.parametrize(
    ("arguments", "code", "left"),
    [
        (["--lang", "es", "submit"], "es", ["submit"]),
        (["submit", "--lang", "es"], "es", ["submit"]),
        (["submit", "--lang=es", "x.jpg"], "es", ["submit", "x.jpg"]),
        (["submit", "x.jpg"], None, ["submit", "x.jpg"]),
        (["--lang", "fr", "hash", "--lang", "ar"], "ar", ["hash"]),
        (["--lang", "ES-mx", "status"], "es", ["status"]),
        (["--lang", "fr_CA.UTF-8"], "fr", []),
        (["--lang", "Espa\u00f1ol"], "es", []),
        (["--lang", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629"], "ar", []),
        (["--lang", "en", "status"], "en", ["status"]),
        (["hash", "--", "--lang", "es"], None, ["hash", "--", "--lang", "es"]),
        (["hash", "--lang=fr", "--", "--lang=es"], "fr", ["hash", "--", "--lang=es"]),
        (["hash", "--language", "es", "-lang", "es"], None, ["hash", "--language", "es", "-lang", "es"]),
        ([], None, []),
    ],
)
def test_the_option_may_stand_anywhere(arguments: list[str], code: str | None, left: list[str]) -> None:
    """Before or after the verb, with a blank or `=`; after `--` it is the name of a file."""
    assert named_in(arguments) == (code, left)


@pytest.mark.parametrize(
    "arguments", [["--lang", "de"], ["--lang="], ["--lang"], ["hash", "--lang", "--", "x"], ["--lang", "C"]]
)
def test_an_unknown_language_is_one_sentence_with_the_four_names(arguments: list[str]) -> None:
    """Exit code 2, and nothing that was typed."""
    with pytest.raises(UsageError) as raised:
        named_in(arguments)
    assert raised.value.exit_code == 2
    assert all(name in raised.value.hint for pair in LANGUAGE_NAMES.items() for name in pair)
    assert "de" not in raised.value.sentence.split()


@given(st.lists(st.sampled_from(["submit", "--json", "--", "x", "--lang=es", "--langx", "-"])))
def test_nothing_but_the_option_is_taken(arguments: list[str]) -> None:
    """All other arguments stay, in their order."""
    _code, left = named_in(arguments)
    end = arguments.index("--") if "--" in arguments else len(arguments)
    assert left == [one for one in arguments[:end] if one != "--lang=es"] + arguments[end:]


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, "en"),
        ({"LANG": "es_MX.UTF-8"}, "es"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "ar_EG@currency.UTF-8"}, "ar"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "es_ES", "LC_MESSAGES": "fr_FR"}, "fr"),
        ({"LANG": "es_ES", "LC_MESSAGES": "fr_FR", "LC_ALL": "C"}, "en"),
        ({"LANGUAGE": "de:fr:es", "LC_ALL": "C"}, "fr"),
        ({"LANGUAGE": "C:es"}, "en"),
        ({"LANGUAGE": "en_GB:es"}, "en"),
        ({"LANGUAGE": "", "LC_ALL": "", "LANG": "es"}, "es"),
        ({"LANGUAGE": "xx", "LANG": "es"}, "en"),
        ({"LANG": "../../etc"}, "en"),
    ],
)
def test_the_environment_names_a_language_as_gettext_reads_it(environ: dict[str, str], code: str) -> None:
    """The first variable that says something decides; what is not known is English."""
    assert of_environment(environ) == code


@given(st.dictionaries(st.sampled_from(languages.VARIABLES), st.text()))
def test_any_environment_names_a_language_that_is_there(environ: dict[str, str]) -> None:
    """Whatever stands in it."""
    assert of_environment(environ) in LANGUAGE_NAMES


@pytest.mark.parametrize("code", [code for code in LANGUAGE_NAMES if code != "en"])
def test_a_catalogue_knows_its_language(code: str) -> None:
    """It is loaded from the package, and says its language and whether somebody has reviewed it."""
    spoken = languages.catalogue(code)
    assert isinstance(spoken, gettext.GNUTranslations)
    assert spoken.info()["language"] == code
    assert "x-reviewed" in spoken.info()
    assert languages.is_right_to_left(spoken) == (code == "ar")


def test_english_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words are in the code, and need no review."""
    monkeypatch.setattr(pkgutil, "get_data", None)
    spoken = languages.catalogue("en")
    assert spoken.info() == {}
    assert languages.is_reviewed(spoken)
    assert not languages.is_right_to_left(spoken)


def test_a_catalogue_that_was_not_built_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a checkout from which nothing was installed."""
    real = pkgutil.get_data
    monkeypatch.setattr(pkgutil, "get_data", lambda package, _name: real(package, "not-there"))
    assert languages.catalogue("fr").gettext("Usage:") == "Usage:"


@pytest.mark.parametrize(
    ("said", "is_reviewed"), [("no", False), ("", False), (None, False), ("A. Person, 2027-01-31", True)]
)
def test_reviewed_is_what_names_a_person(said: str | None, *, is_reviewed: bool) -> None:
    """A header that is missing, empty or `no` means that nobody has."""
    spoken = gettext.NullTranslations()
    spoken._info = {"language": "es"} | ({} if said is None else {"x-reviewed": said})  # type: ignore[attr-defined]  # as read
    assert languages.is_reviewed(spoken) == is_reviewed
