"""What a person reads of a service, of a country, and of how far anything was checked."""

import gettext
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hashclient import messages
from hashclient.guidance import countries, service_words, services
from hashclient.guidance.services import Service
from hashclient.messages import Message

TODAY = date(2026, 11, 26)
ROWS = list(services.load().values())
ON_HAND_OFFS = {
    row.id
    for country, now in itertools.product([*services.countries_with_rows(), None], [True, None])
    for row in services.hand_off(country, under_18_now=now, today=TODAY)
} | {"in-meri"}

WRITTEN_FOR = {
    "ncmec-tid": "Anonymous; no personal information is asked. The operator sees the name of the file.",
    "report-remove": "Childline account, no real name needed.",
    "inhope": "Anonymous reporting.",
    "stopncii": "No name is asked. Case number and PIN; neither can be recovered.",
    "rph": "Confidential (reported).",
    "esafety": "A name is not required; a way to contact you is.",
    "netsafe": "Free and confidential.",
    "bc-iips": "Confidential; nothing is shared without permission, with exceptions.",
    "fr-3018": "Free, anonymous, confidential.",
    "fr-disrupt": "May be anonymous.",
    "de-hateaid": "Free and confidential; the first contact may be anonymous.",
    "br-safernet": "Anonymous and secret; disclosed to the authorities only for grave violence to a child.",
    "in-meri": "Confidential (weak source).",
    "in-nccrp": "Anonymous option for matters about women and children.",
    "kr-d4u": "Secrecy stated.",
    "google-ncsei": "Asks for name, country and e-mail (reported).",
    "es-017": "Free and confidential.",
    "es-aepd": "Asks who you are (electronic identification or paper); ages 14-17 have a separate way (reported).",
    "fr-116006": "Free and anonymous (reported).",
    "be-iefh": "Confidential advice (reported).",
    "ma-eblagh": "You need not give your identity (reported).",
    "eg-ncw": "Secrecy of data stated (reported).",
    "ie-hotline": "Anonymous report possible (reported, 2021).",
    "nl-helpwanted": "Free and anonymous.",
    "it-garante": "Asks who you are: SPID, CIE or eIDAS, or a signed form by PEC (reported).",
    "jp-safeline": "Asks for an e-mail address to confirm facts.",
    "us-victimconnect": "Confidential, except abuse of a child or vulnerable adult, or intent to harm oneself.",
}
"""What the data says of `confidentiality`, by id, for which the words were written."""


def words_of(row: Service, **more: str) -> str:
    return " ".join(map(str, service_words.lines_of_service(row, today=TODAY, **more)))


def test_every_entry_has_its_words() -> None:
    """What a person reads of a service comes from here, by its id, and no text is left over."""
    assert service_words.SERVICE_NOTES.keys() == services.load().keys()


def test_everything_said_of_privacy_has_its_words() -> None:
    """The English of the data is never shown: each row that says something has words that can be translated, written for it."""
    said = {row.id: row.confidentiality for row in ROWS if row.confidentiality != "Not stated."}
    assert said == WRITTEN_FOR, "the data says something else now: write the words anew, then change this table"
    assert service_words.SAID_OF_PRIVACY.keys() == WRITTEN_FOR.keys()
    for row in ROWS:
        words = service_words.SAID_OF_PRIVACY.get(row.id, service_words.PRIVACY_NOT_STATED)
        assert isinstance(words, Message)
        assert str(words) in words_of(row)
        assert row.confidentiality not in words_of(row)


def test_what_stands_on_a_hand_off_is_critical() -> None:
    """As long as nobody reviewed a translation, its English stands beneath."""
    assert all(service_words.SERVICE_NOTES[id_].is_critical for id_ in ON_HAND_OFFS)
    for words in (service_words.RECEIVES_IMAGE, service_words.BESIDE_POLICE, service_words.FOR_UNDER_18):
        assert words.context == "hand_off"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_where_what_for_when_and_for_whom(row: Service) -> None:
    """Its address and numbers as they are, whether it gets the image, its hours and languages, or that they are not known."""
    lines = list(service_words.lines_of_service(row, today=TODAY))
    said = words_of(row)
    assert all(lines)
    assert (lines[0] == row.url) is bool(row.url)
    assert all(number in said for number in row.phone)
    assert ("This service receives the image itself." in said) is ("upload" in row.takes)
    assert ("In some countries telling the police can be risky for you" in said) is (row.kind == "police")
    assert ("Languages: not known." in said) is (not row.languages)
    assert ("Hours: " in said) is bool(row.phone or row.hours or {"phone", "chat"} & set(row.takes))
    assert not row.hours or "to be checked" not in said
    assert " none" not in said.lower()
    assert row.notes not in said
    assert ("Telephone: " in said) is (bool(row.phone) and "phone" in row.takes)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("", "Hours: not known."),
        ("24/7", "Hours: day and night."),
        ("Mon-Fri 10:00-16:00, not bank holidays", "Hours: Mon-Fri 10:00-16:00, not on bank holidays."),
        ("Mon 10-13, Tue 15-18; chat Wed 15-18", "Hours: Mon 10-13, Tue 15-18; by chat Wed 15-18."),
        ("every day 8:00-23:00", "Hours: every day 8:00-23:00."),
        ("1366: 24/7", "Hours: 1366: day and night."),
        ("every day; a page says 9:00 to 9:00 (cut off), to be checked", "Hours: not known."),
    ],
)
def test_hours_are_said_where_their_words_are_known(hours: str, said: str) -> None:
    """What is meant for maintainers is not shown."""
    assert service_words._hours(hours) == said


def test_which_hours_are_not_shown() -> None:
    """Of the rows that have hours, these alone have words that are for maintainers."""
    hidden = {row.id for row in ROWS if row.hours and service_words._hours(row.hours) == service_words.HOURS_UNKNOWN}
    assert hidden == {"smex"}


def test_languages_are_said_in_words() -> None:
    """The reader's own comes first, and of many the first five and how many more."""
    named = {row.id: words_of(row) for row in ROWS}
    assert "Languages: English, Spanish. " in named["us-victimconnect"]
    assert "Languages: English, Spanish, Arabic, Bangla, Chinese, and 23 more. " in named["ncmec-tid"]
    assert "Languages: Ukrainian, English, " in words_of(services.load()["ncmec-tid"], language="uk")
    assert "Languages: Brazilian Portuguese, English, " in words_of(services.load()["stopncii"], language="pt")
    assert "Languages: Arabic, French, English, Spanish. " in named["ma-eblagh"]
    codes = {code for row in ROWS for code in row.languages}
    assert not any(re.search(rf"Languages:[^.]*\b{code}\b", words) for words in named.values() for code in codes)


class TestChecked:
    """How far the rows of a list were checked is said once."""

    @pytest.mark.parametrize("country", [*services.countries_with_rows(), None])
    def test_while_no_row_is_checked_one_line_says_so(self, country: str | None) -> None:
        """And no row says it again."""
        for shown in (services.hand_off(country, today=TODAY), services.for_adults(country, today=TODAY)):
            said = service_words.how_checked(shown, today=TODAY)
            assert said is not None
            assert said.startswith("Not yet checked by a person. Last looked at ")
            assert said.endswith(" November 2026. Please compare with the service's own page.")
            assert not any("hecked by a person" in words_of(row) or "ast looked" in words_of(row) for row in shown)

    def test_one_day_is_named_as_one(self) -> None:
        """Of different days, the first and the last."""
        assert service_words.how_checked([services.load()["rph"]], today=TODAY) == (
            "Not yet checked by a person. Last looked at 25 November 2026. Please compare with the service's own page."
        )
        both = [services.load()["rph"], services.load()["iwf"]]
        said = service_words.how_checked(both, today=TODAY)
        assert said is not None
        assert "Last looked at between 23 November 2026 and 25 November 2026." in said

    def test_a_row_that_was_checked_says_when(self) -> None:
        """Where all are checked, the list says no more; where some are, it speaks of the others."""
        checked = replace(services.load()["iwf"], verified=True, checked_on=date(2026, 11, 26))
        assert words_of(checked).endswith("Checked 26 November 2026.")
        assert service_words.how_checked([checked], today=TODAY) is None
        mixed = service_words.how_checked([checked, services.load()["rph"]], today=TODAY)
        assert mixed is not None
        assert mixed.startswith(
            "Where no check is named: not yet checked by a person. Last looked at 25 November 2026."
        )

    def test_a_check_that_is_too_old_is_none(self) -> None:
        """After 180 days the row is as it was before."""
        checked = replace(services.load()["iwf"], verified=True, checked_on=TODAY)
        later = TODAY + timedelta(days=181)
        assert not any("Checked" in line for line in service_words.lines_of_service(checked, today=later))
        assert service_words.how_checked([checked], today=later) is not None


class TestCountry:
    """What is said of the country."""

    def test_where_no_row_is_of_the_country_that_is_said(self) -> None:
        """Nothing was looked up, or what is known does not fit; nothing is said where a row is its own."""
        young, adults = services.hand_off("SE", today=TODAY), services.for_adults("SE", today=TODAY)
        looked_up = "Local help was not looked up yet for Sweden. These work everywhere:"
        assert service_words.where_it_helps(young, "SE") == service_words.where_it_helps(adults, "SE") == looked_up
        fits = service_words.where_it_helps(services.hand_off("DE", today=TODAY), "DE")
        assert fits == "For this we know of no service of its own in Germany. These work everywhere:"
        assert service_words.where_it_helps(services.for_adults("DE", today=TODAY), "DE") is None
        assert service_words.where_it_helps(young, None) is None

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("Korea", "More than one country has this name: North Korea (KP), South Korea (KR)."),
            ("Grmany", "We do not know a country of this name. Did you mean: Germany (DE)?"),
            ("Atlantis", "We do not know a country of this name."),
        ],
    )
    def test_an_unknown_country_is_said(self, typed: str, said: str) -> None:
        """With names that are close, and without a word of what was typed."""
        assert service_words.unknown_country(typed) == said

    def test_countries_are_listed_with_their_codes(self) -> None:
        """So that either can be typed."""
        assert service_words.with_codes(["GB", "FR"]) == "United Kingdom (GB), France (FR)"


def test_days_and_months_are_words() -> None:
    """In an order that a translation can change."""
    assert service_words.day_in_words(date(2026, 5, 1)) == "1 May 2026"
    assert service_words.month_in_words(date(2026, 12, 31)) == "December 2026"
    assert len(set(service_words.MONTHS)) == 12


def test_a_crisis_line_that_may_be_shown_has_its_words() -> None:
    """Its number, hours and languages; no row may be shown yet."""
    line = replace(services._crisis()[1], verified=True, checked_on=TODAY)
    assert service_words.line_of_crisis(line) == "Crisis line: 988. Hours: not known. Languages: English, Spanish."
    emergency = replace(line, kind="emergency", hours="24/7", languages=())
    assert service_words.line_of_crisis(emergency) == (
        "Emergency number: 988. Hours: day and night. Languages: not known."
    )


class Shouting(gettext.NullTranslations):
    """A catalogue in which every sentence stands in capitals, so that what is not translated is seen."""

    def __init__(self) -> None:
        super().__init__()
        self._info = {"language": "es"}

    def gettext(self, message: str) -> str:
        return re.sub(r"(\{\w+\})|(.)", lambda part: part[1] or part[2].upper(), message)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def shouting() -> Iterator[None]:
    """Speak in capitals, and as before afterwards."""
    before = messages.in_use()
    messages.use(Shouting())
    yield
    messages.use(before)


@pytest.mark.usefixtures("shouting")
def test_nothing_but_names_and_addresses_is_left_in_english() -> None:
    """Every word of every row goes through the catalogue; names of languages and countries come from their own data."""
    for row in ROWS:
        for line in service_words.lines_of_service(row, today=TODAY):
            text = str(line).replace(row.url, "") if row.url else str(line)
            for code in row.languages:
                text = text.replace(countries.language_name(code), "")
            assert text == text.upper(), text
    for shown in (services.hand_off("DE", today=TODAY), services.for_adults("SE", today=TODAY)):
        assert (said := str(service_words.how_checked(shown, today=TODAY))) == said.upper()
    said = str(service_words.where_it_helps(services.hand_off("DE", today=TODAY), "DE"))
    assert said.replace("Alemania", "") == said.replace("Alemania", "").upper()
    assert "Alemania" in said
