"""The list of help services, and who is shown what."""

import itertools
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from importlib import resources

import pytest

from hashclient.guidance import services
from hashclient.guidance.services import CrisisLine, Service, TakingPart

TODAY = date(2026, 11, 26)
"""Not before the day on which the lists were put together."""
COUNTRIES = [*services.countries_with_rows(), "SE", None]
LANGUAGES = ["en", "es", "fr", "ar", "pt-BR", None]
EVERYWHERE = ["ncmec-tid", "inhope", "ncmec-cyber", "google-ncsei"]
HAND_OFFS = [
    ("GB", True, ["report-remove"], []),
    ("GB", False, ["iwf"], []),
    ("GB", None, ["iwf"], []),
    ("CA", None, ["cybertip-ca", "cyberaide-ca"], []),
    ("AU", None, ["esafety"], []),
    ("NZ", None, ["netsafe"], []),
    ("BR", None, ["br-safernet"], []),
    ("FR", None, ["fr-3018", "fr-disrupt"], []),
    ("ES", None, ["es-017"], []),
    ("BE", None, ["be-childfocus"], []),
    ("NL", None, ["nl-helpwanted"], []),
    ("IE", None, ["ie-hotline"], []),
    ("IT", None, ["it-garante"], []),
    ("IN", None, [], ["in-nccrp"]),
    ("KR", None, ["kr-d4u"], []),
    ("MA", None, [], ["ma-eblagh"]),
    ("DE", None, [], []),
    ("US", True, [], []),
    (None, None, [], []),
]
"""By country and age today: rows above those for everywhere, and rows of the police below."""


def ids(shown: tuple[Service, ...]) -> list[str]:
    return [service.id for service in shown]


def every_list() -> Iterator[tuple[str | None, str | None, tuple[Service, ...], tuple[Service, ...]]]:
    """Give both lists for every country, language and age today."""
    for country, language, now in itertools.product(COUNTRIES, LANGUAGES, [True, False, None]):
        young = services.hand_off(country, under_18_now=now, language=language, today=TODAY)
        yield country, language, young, services.for_adults(country, language=language, today=TODAY)


class TestData:
    """What is in the files."""

    def test_every_entry_follows_the_rules_of_its_fields(self) -> None:
        """Each rule is checked where the file is read; the day of the last look is not after the day of the list."""
        assert len(services.load()) == 40
        for service in services.load().values():
            assert service.checked_on <= TODAY
            assert service.notes
            assert service.age != "adult" or service.id not in set(EVERYWHERE)

    def test_nothing_counts_as_checked_before_a_person_checked_it(self) -> None:
        """No entry is verified yet, so none may look so; all are to be looked at."""
        assert not any(service.verified for service in services.load().values())
        assert len(services.to_look_at(today=TODAY)) == services.entries_count() == 40 + 1 + 6

    def test_no_unverified_crisis_line_is_shown(self) -> None:
        """A wrong number harms more than none: for no country is one shown yet."""
        assert services.crisis_lines(today=TODAY) == ()
        assert all(
            services.crisis_lines(country, today=TODAY) == () for country in ("ES", "US", "CA", "GB", "IE", "FR")
        )

    def test_a_crisis_line_that_was_checked_is_shown_for_180_days(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In its country alone."""
        checked = replace(services._crisis()[1], verified=True, checked_on=TODAY)
        monkeypatch.setattr(
            services, "_crisis", lambda: (checked, replace(checked, id="es-1", country="ES", verified=False))
        )
        assert services.crisis_lines("US", today=TODAY) == services.crisis_lines(today=TODAY) == (checked,)
        assert services.crisis_lines("ES", today=TODAY) == ()
        assert services.crisis_lines("US", today=TODAY + services.CHECK_LASTS) == (checked,)
        assert services.crisis_lines("US", today=TODAY + services.CHECK_LASTS + timedelta(days=1)) == ()

    def test_platforms_are_shown_for_a_year(self) -> None:
        """With their month; then, and for every other service, nothing."""
        listed = services.taking_part("stopncii", today=TODAY)
        assert listed is not None
        assert (listed.as_of.year, listed.as_of.month) == (2026, 5)
        assert "Google" not in listed.platforms
        assert services.taking_part("stopncii", today=date(2027, 5, 1)) is listed
        assert services.taking_part("stopncii", today=date(2027, 5, 2)) is None
        assert services.taking_part("ncmec-tid", today=TODAY) is None

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("id", "Not lower"),
            ("kind", "crisis"),
            ("name", " "),
            ("url", "http://service.example/"),
            ("countries", ()),
            ("countries", ("GB", "*")),
            ("countries", ("gb",)),
            ("age", "all"),
            ("takes", ()),
            ("takes", ("fax",)),
            ("phone", ("call us",)),
            ("languages", ("English",)),
            ("confidentiality", ""),
            ("source", "a friend"),
        ],
    )
    def test_a_service_that_breaks_a_rule_is_refused(self, field: str, wrong: object) -> None:
        """The sentence names the row and what is wrong."""
        row = services.load()["rph"]
        with pytest.raises(ValueError, match=r"^[^:]+: .+\.$"):
            replace(row, **{field: wrong})  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [("country", "*"), ("kind", "helpline"), ("number", "ask"), ("languages", ("x",)), ("source", ""), ("id", "")],
    )
    def test_a_crisis_line_that_breaks_a_rule_is_refused(self, field: str, wrong: object) -> None:
        """As for services."""
        with pytest.raises(ValueError, match=": "):
            replace(services._crisis()[0], **{field: wrong})  # type: ignore[arg-type]

    @pytest.mark.parametrize(("field", "wrong"), [("platforms", ()), ("platforms", ("",)), ("source", "")])
    def test_platforms_that_break_a_rule_are_refused(self, field: str, wrong: object) -> None:
        """As for services."""
        with pytest.raises(ValueError, match="stopncii/taking_part: "):
            replace(services._services()[1][0], **{field: wrong})  # type: ignore[arg-type]

    @pytest.mark.parametrize("kind", [Service, TakingPart, CrisisLine], ids=lambda kind: kind.__name__)
    def test_a_row_has_exactly_its_fields_each_of_its_kind(self, kind: type[Service]) -> None:
        """One field too many, too few, or written as something else is refused by name."""
        entries = [*services.load().values(), *services._services()[1], *services._crisis()]
        entry = next(entry for entry in entries if isinstance(entry, kind))
        row = json.loads(json.dumps(asdict(entry), default=date.isoformat))
        assert services._entry_of(kind, row, "row 1") == entry
        with pytest.raises(ValueError, match="fax is not a field that is known here"):
            services._entry_of(kind, row | {"fax": "1"}, "row 1")
        for name in row:
            with pytest.raises(ValueError, match=rf"row 1 \(.*\): {name} is missing"):
                services._entry_of(kind, {key: value for key, value in row.items() if key != name}, "row 1")
            with pytest.raises(ValueError, match=f"{name} is not written as its kind of value"):
                services._entry_of(kind, row | {name: 1}, "row 1")

    @pytest.mark.parametrize("name", ["services", "crisis"])
    def test_the_json_holds_what_the_toml_does(self, name: str) -> None:
        """The one is written from the other by every build, and by `make` where the other is newer."""
        room = resources.files("hashclient.guidance")
        source = tomllib.loads((room / f"{name}.toml").read_text("utf-8"))
        made = json.loads((room / f"{name}.json").read_text("utf-8"))
        assert made == json.loads(json.dumps(source, default=date.isoformat)), "make it with `python hatch_build.py`"

    @pytest.mark.parametrize("wrong", ["2026-11-31", "today", "", 20261126, None])
    def test_a_day_is_a_day(self, wrong: object) -> None:
        """What no calendar has is refused as any other slip."""
        row = json.loads(json.dumps(asdict(services._crisis()[0]), default=date.isoformat))
        with pytest.raises(ValueError, match="checked_on is not written as its kind of value"):
            services._entry_of(CrisisLine, row | {"checked_on": wrong}, "row 1")

    def test_an_id_stands_once(self) -> None:
        """A row that is copied and forgotten is found."""
        row = json.loads(json.dumps(asdict(services._crisis()[0]), default=date.isoformat))
        with pytest.raises(ValueError, match="it stands twice"):
            services._rows_of(CrisisLine, [row, row], "crisis.toml")

    def test_another_schema_and_a_table_that_is_not_known_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever changes the form of a file changes what reads it."""
        with pytest.raises(ValueError, match=r"services\.toml: schema is not 3"):
            services._read_data("services", schema=3, tables={"service", "taking_part"})
        with pytest.raises(ValueError, match="taking_part is not a field that is known here"):
            services._read_data("services", schema=2, tables={"service"})

    def test_platforms_belong_to_a_service_of_the_list(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A slip in the name of the service is found."""
        read = services._read_data("services", schema=2, tables={"service", "taking_part"})
        read["taking_part"][0]["service"] = "stopnci"
        monkeypatch.setattr(services, "_read_data", lambda *_, **__: read)
        with pytest.raises(ValueError, match="names a service that is not in the list"):
            services._services.__wrapped__()


class TestHandOff:
    """Services for images of someone who was, or may have been, under 18."""

    @pytest.mark.parametrize(("country", "now", "first", "last"), HAND_OFFS)
    def test_it_shows_exactly_the_rows_of_the_country(
        self, country: str | None, now: bool | None, first: list[str], last: list[str]
    ) -> None:
        """The country's own services come first, then the four that serve everyone, then the police."""
        shown = services.hand_off(country, under_18_now=now, today=TODAY)
        assert ids(shown) == [*first, *EVERYWHERE, *last]

    def test_every_country_with_rows_of_its_own_is_among_those_examples(self) -> None:
        """And a country without them gets those for everyone."""
        assert set(services._BY_COUNTRY) | set(services._UNDER_18_NOW) <= {country for country, *_ in HAND_OFFS}
        assert ids(services.hand_off("SE", today=TODAY)) == EVERYWHERE

    @pytest.mark.parametrize(
        ("language", "first"),
        [
            ("fr", "cyberaide-ca"),
            ("fr-CA", "cyberaide-ca"),
            ("en", "cybertip-ca"),
            ("es", "cybertip-ca"),
            (None, "cybertip-ca"),
        ],
    )
    def test_in_canada_the_readers_language_comes_first(self, language: str | None, first: str) -> None:
        """Both sides of the one service are there."""
        shown = ids(services.hand_off("CA", language=language, today=TODAY))
        assert shown[0] == first
        assert set(shown[:2]) == {"cybertip-ca", "cyberaide-ca"}

    def test_meri_trustline_is_first_in_india_once_a_person_checked_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As long as its sources disagree it has neither address nor number, and is not shown."""
        known = dict(services.load())
        meri = known["in-meri"]
        assert not meri.is_reachable(today=TODAY)
        assert "in-meri" not in ids(services.hand_off("IN", today=TODAY))
        known["in-meri"] = replace(meri, verified=True, checked_on=TODAY)
        monkeypatch.setattr(services, "_services", lambda: (known, ()))
        assert ids(services.hand_off("IN", today=TODAY)) == ["in-meri", *EVERYWHERE, "in-nccrp"]
        assert "in-meri" not in ids(services.hand_off("IN", today=TODAY + services.CHECK_LASTS + timedelta(days=1)))

    def test_where_nobody_is_asked_a_child_in_the_uk_keeps_report_remove(self) -> None:
        """The rows of both answers stand there; elsewhere it is the list that is always shown."""
        assert ids(services.hand_off_unasked("GB", today=TODAY)) == ["report-remove", "iwf", *EVERYWHERE]
        for country, language in itertools.product(COUNTRIES, LANGUAGES):
            if country != "GB":
                usual = services.hand_off(country, language=language, today=TODAY)
                assert services.hand_off_unasked(country, language=language, today=TODAY) == usual

    def test_for_every_country_it_is_whole_and_has_no_service_for_adults(self) -> None:
        """Never empty, the four for everyone in it, nothing twice, the police last."""
        for _, _, young, _ in every_list():
            assert set(EVERYWHERE) <= set(ids(young))
            assert len(set(young)) == len(young)
            assert all(service.age != "adult" for service in young)
            assert [service.kind == "police" for service in young] == sorted(
                service.kind == "police" for service in young
            )


class TestAdults:
    """Services for adults."""

    def test_for_every_country_they_are_in_order(self) -> None:
        """The police last; before them the own country, its own language, people before forms; StopNCII.org for everyone."""
        for country, language, _, adults in every_list():
            assert "stopncii" in ids(adults)
            assert all(service.age != "under-18" for service in adults)
            assert all(service.is_worldwide or country in service.countries for service in adults)
            places = [
                (
                    service.kind == "police",
                    service.is_worldwide,
                    not service.speaks(language),
                    not {"phone", "chat"} & set(service.takes),
                )
                for service in adults
            ]
            assert places == sorted(places)

    @pytest.mark.parametrize(
        ("country", "language", "first"),
        [
            ("GB", "en", ["rph", "stopncii", "google-ncsei"]),
            ("FR", "fr", ["fr-116006", "fr-3018", "fr-disrupt", "stopncii", "google-ncsei"]),
            ("US", "en", ["ccri", "us-victimconnect", "ftc-tida", "stopncii", "google-ncsei"]),
            ("US", "es", ["us-victimconnect", "ccri", "ftc-tida", "stopncii", "google-ncsei"]),
            ("MA", "ar", ["smex", "stopncii", "google-ncsei", "ma-eblagh"]),
            ("EG", "fr", ["eg-ncw", "smex", "stopncii", "google-ncsei"]),
            ("ES", "es", ["es-017", "es-aepd", "stopncii", "google-ncsei"]),
            ("BE", "nl", ["be-iefh", "stopncii", "google-ncsei"]),
            ("SE", "sv", ["stopncii", "google-ncsei"]),
            (None, None, ["stopncii", "google-ncsei"]),
        ],
    )
    def test_who_comes_first(self, country: str | None, language: str | None, first: list[str]) -> None:
        """People who listen stand before tools and forms; in France those for everyone before those for the young."""
        assert ids(services.for_adults(country, language=language, today=TODAY)) == first

    def test_police_of_which_little_is_known_is_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not shown with a mark, but not at all."""
        known = dict(services.load())
        assert "ma-eblagh" in ids(services.for_adults("MA", today=TODAY))
        for source in ("weak: one page", "unchecked: nobody looked"):
            known["ma-eblagh"] = replace(known["ma-eblagh"], source=source)
            monkeypatch.setattr(services, "_services", lambda: (known, ()))
            assert "ma-eblagh" not in ids(services.for_adults("MA", today=TODAY))
            assert services.of_kind("police", "MA", today=TODAY) == ()

    def test_lawyers_and_police_have_lists_of_their_own(self) -> None:
        """By kind and country; where there are none, the list is empty."""
        assert ids(services.of_kind("legal", "EG", today=TODAY)) == ["eg-ncw"]
        assert ids(services.of_kind("police", "IN", today=TODAY)) == ["in-nccrp"]
        assert services.of_kind("legal", "GB", today=TODAY) == services.of_kind("police", None, today=TODAY) == ()

    def test_an_entry_without_address_and_number_is_not_shown_until_checked(self) -> None:
        """Bing's page is not known yet."""
        shown = {service.id for _, _, young, adults in every_list() for service in (*young, *adults)}
        assert "bing-report" not in shown
        assert {service.id for service in services.load().values()} - shown == {"bing-report", "in-meri"}


def test_a_check_counts_for_180_days() -> None:
    """After that it is as if nobody had checked; nor does it count where the clock is wrong by more than a day."""
    checked = replace(services.load()["iwf"], verified=True, checked_on=TODAY)
    assert checked.is_checked(today=TODAY + timedelta(days=180))
    assert not checked.is_checked(today=TODAY + timedelta(days=181))
    assert checked.is_checked(today=TODAY - timedelta(days=1))
    assert not checked.is_checked(today=TODAY - timedelta(days=2))
    assert checked not in services.to_look_at(today=TODAY)


def test_no_number_stands_in_code() -> None:
    """Numbers, addresses and hours are data."""
    for name in ("services.py", "service_words.py", "countries.py"):
        source = (resources.files("hashclient.guidance") / name).read_text("utf-8")
        assert not re.findall(r"https?://\w|\+\d|\d{2}:\d{2}|\b\d{3}[ -]\d{3}\b", source.replace("https://`", ""))
