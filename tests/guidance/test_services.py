"""The list of help services, and who is shown what."""

import itertools
import re
from dataclasses import replace
from datetime import date

import pytest

from hashclient.guidance import services, texts

TODAY = date(2026, 11, 23)
COUNTRIES = ["AR", "AU", "BR", "CA", "DE", "FR", "GB", "IN", "IT", "JP", "KR", "NZ", "US", None]
TAKES = {"hash", "url", "phone", "chat", "upload", "form"}


def ids(shown: tuple[services.Service, ...]) -> list[str]:
    return [service.id for service in shown]


def test_every_entry_follows_the_rules_of_its_fields() -> None:
    """Every entry has an https address or none, known words, and a day of its last look."""
    for service in services.load().values():
        assert re.fullmatch(r"[a-z0-9-]+", service.id)
        assert service.url == "" or service.url.startswith("https://")
        assert all(country == "*" or re.fullmatch("[A-Z]{2}", country) for country in service.countries)
        assert service.age in {"under-18", "adult", "any"}
        assert TAKES.issuperset(service.takes)
        assert service.takes
        assert service.source
        assert service.confidentiality
        assert service.checked_on <= TODAY


def test_nothing_counts_as_checked_before_a_person_checked_it() -> None:
    """No entry is verified yet, so none may look so."""
    assert not any(service.verified for service in services.load().values())


def test_every_entry_has_its_words() -> None:
    """What a person reads of a service comes from the texts, by its id, and no text is left over."""
    assert texts.SERVICE_NOTES.keys() == services.load().keys()


@pytest.mark.parametrize(("country", "now"), list(itertools.product(COUNTRIES, [True, False, None])))
def test_a_hand_off_is_never_empty_and_never_names_a_service_for_adults(country: str | None, now: bool | None) -> None:
    """Take It Down and INHOPE are there for every country, and no service for adults."""
    shown = services.hand_off(country, under_18_now=now, today=TODAY)
    assert {"ncmec-tid", "inhope", "ncmec-cyber", "google-ncsei"} <= set(ids(shown))
    assert all(service.age != "adult" for service in shown)


@pytest.mark.parametrize(
    ("country", "now", "first"),
    [
        ("GB", True, ["report-remove"]),
        ("GB", False, ["iwf"]),
        ("GB", None, ["iwf"]),
        ("CA", None, ["cybertip-ca"]),
        ("AU", None, ["esafety"]),
        ("NZ", None, ["netsafe"]),
        ("FR", None, ["fr-3018", "fr-disrupt"]),
        ("IN", None, ["in-nccrp"]),
        ("BR", None, ["br-safernet"]),
        ("KR", None, ["kr-d4u"]),
        ("DE", None, []),
        ("US", True, []),
    ],
)
def test_a_hand_off_shows_exactly_the_rows_of_the_country(country: str, now: bool | None, first: list[str]) -> None:
    """The country's own services come first, then the four that serve everyone."""
    shown = services.hand_off(country, under_18_now=now, today=TODAY)
    assert ids(shown) == [*first, "ncmec-tid", "inhope", "ncmec-cyber", "google-ncsei"]


@pytest.mark.parametrize("country", COUNTRIES)
def test_adults_find_their_country_first_and_people_before_forms(country: str | None) -> None:
    """StopNCII.org is there for every country; nothing for under-18s only is."""
    shown = services.for_adults(country, today=TODAY)
    assert "stopncii" in ids(shown)
    assert all(service.age != "under-18" for service in shown)
    worldwide = ["*" in service.countries for service in shown]
    assert worldwide == sorted(worldwide)


def test_adults_in_the_united_kingdom_find_the_helpline_first() -> None:
    """People who answer a telephone stand before tools and forms."""
    assert ids(services.for_adults("GB", today=TODAY))[0] == "rph"


def test_an_entry_without_address_and_number_is_not_shown_until_checked() -> None:
    """Meri Trustline has neither as long as its sources disagree."""
    meri = services.load()["in-meri"]
    assert not meri.is_reachable(today=TODAY)
    assert replace(meri, verified=True, checked_on=TODAY).is_reachable(today=TODAY)


def test_a_check_counts_for_180_days() -> None:
    """After that it is as if nobody had checked."""
    checked = replace(services.load()["iwf"], verified=True, checked_on=TODAY)
    assert checked.is_checked(today=TODAY + services.CHECK_LASTS)
    assert not checked.is_checked(today=date(2027, 6, 1))
