"""Who can help: the list that asks nothing, and the one at the end of a stop."""

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hashclient.cli import _help, _screens, _terminal
from hashclient.guidance import countries, screens, service_words, services, texts
from kit.command_line import PICTURES, PROGRAM, At, Run, Terminal, flat, loaded_by
from kit.opened import noting_sockets, watched

FIRST = PICTURES / "picture-1.jpg"
YOUNG, ADULTS = "If someone in the picture was, or may have been, under 18", "If everyone was 18 or over"
CAUTION = "In some countries telling the police can be risky for you"
PAUSE = "Press Enter to go on:"
TODAY = datetime.now(UTC).date()


def names_in(printed: str) -> list[str]:
    """Give the names of the rows that were printed, in their order."""
    return re.findall(r"^\* (.*)$", printed, re.MULTILINE)


def names_of(rows: tuple[services.Service, ...]) -> list[str]:
    return [row.name for row in rows]


class TestList:
    """`hashclient services`, as a person reads it."""

    def test_the_day_is_not_before_the_lists_were_put_together(self) -> None:
        """So that no entry was looked at in the future."""
        assert max(entry.checked_on for entry in services.to_look_at(today=TODAY)) <= TODAY >= date(2026, 11, 25)

    def test_without_a_word_both_lists_are_there(self, run: Run) -> None:
        """Those for under-18s first; the lists are data, the words about them are not."""
        ended = run("services")
        assert ended.returncode == 0
        young, adults = ended.stdout.split(ADULTS)
        assert YOUNG in young
        assert names_in(young) == names_of(services.hand_off(today=TODAY))
        assert names_in(adults) == names_of(services.for_adults(today=TODAY))
        assert flat(ended.stderr).startswith(texts.EMERGENCY)
        assert "hashclient services --country England" in flat(ended.stderr)
        assert ended.stdout.count("Not yet checked by a person.") == 2

    @pytest.mark.parametrize("country", ["England", "UK", "gb", "Reino Unido", "GBR"])
    def test_a_child_in_england_finds_report_remove(self, run_inside: Run, country: str) -> None:
        """However the country is written; nobody is asked, so both answers to the age today are served."""
        printed = run_inside("services", "--country", country, "--for", "under-18").stdout
        assert names_in(printed)[0].startswith("Report Remove")
        assert "For people who are under 18 now, in the UK." in flat(printed)
        assert names_in(printed)[1].startswith("Internet Watch Foundation")
        assert ADULTS not in printed

    def test_adults_alone(self, run_inside: Run) -> None:
        """People who listen come first."""
        ended = run_inside("services", "--country", "GB", "--for", "adult")
        assert names_in(ended.stdout)[0].startswith("Revenge Porn Helpline")
        assert YOUNG not in ended.stdout
        assert "Take It Down (NCMEC)" not in ended.stdout

    @pytest.mark.parametrize("code", [*services.countries_with_rows(), "SE"])
    def test_every_country_gets_its_own_lists(self, run_inside: Run, code: str) -> None:
        """In the order of the rules, the police last with the caution, and no number or address broken in two."""
        ended = run_inside("services", "--country", countries.name_of(code))
        assert ended.returncode == 0
        young, adults = ended.stdout.split(ADULTS)
        for printed, rows in (
            (young, services.hand_off_unasked(code, language="en", today=TODAY)),
            (adults, services.for_adults(code, language="en", today=TODAY)),
        ):
            places = [flat(printed).index(f"* {row.name} ") for row in rows]
            assert places == sorted(places)
            assert len(names_in(printed)) == len(rows)
            assert flat(printed).count(CAUTION) == sum(row.kind == "police" for row in rows)
            for row in rows:
                assert not row.url or row.url in printed.split()
                assert all(number in flat(printed) for number in row.phone)
        wide = [line for line in ended.stdout.splitlines() if len(line) > 80]
        assert all(re.fullmatch(r" {4}https://\S+", line) for line in wide)

    def test_where_nothing_was_looked_up_that_is_said(self, run_inside: Run) -> None:
        """And what works everywhere follows."""
        printed = flat(run_inside("services", "--country", "Sverige").stdout)
        assert printed.count("Local help was not looked up yet for Sweden. These work everywhere:") == 2

    def test_the_readers_language_comes_first(self, run_inside: Run) -> None:
        """In a country with rows in several."""
        printed = run_inside("services", "--country", "us", "--for", "adult", "--language", "es").stdout
        assert names_in(printed)[0] == "VictimConnect Resource Center"
        assert "Languages: Spanish, English." in flat(printed)
        young = run_inside("services", "--country", "canada", "--for", "under-18", "--language", "fr-CA").stdout
        assert names_in(young)[0].startswith("Cyberaide.ca")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--country", "Korea"], "More than one country has this name: North Korea (KP), South Korea (KR)."),
            (["--country", "Grmany"], "Did you mean: Germany (DE)?"),
            (["--country", "Atlantis"], "We do not know a country of this name."),
            (["--country", ""], "We do not know a country of this name."),
            (["--language", "klingon"], "We do not know a language of this code."),
        ],
    )
    def test_what_is_not_understood_is_no_dead_end(self, run_inside: Run, arguments: list[str], said: str) -> None:
        """Exit code 2 and a sentence, after the services that work everywhere; nothing that was typed is repeated."""
        ended = run_inside("services", *arguments)
        assert ended.returncode == 2
        assert names_in(ended.stdout.split(ADULTS)[0]) == names_of(services.hand_off(today=TODAY))
        assert "StopNCII.org" in ended.stdout
        assert said in flat(ended.stderr)
        assert not arguments[1] or arguments[1] not in ended.stderr.replace("North Korea", "").replace(
            "South Korea", ""
        )

    def test_it_opens_no_picture_and_no_connection(self, run: Run, tmp_path: Path) -> None:
        """Not even with one beside it."""
        picture = Path(shutil.copy(FIRST, tmp_path))  # the folder of the person who asks
        with watched(picture) as watch:
            ended = run("services", "--country", "fr", **noting_sockets(tmp_path / "log"))
            assert not watch.was_opened
        assert ended.returncode == 0
        assert not (tmp_path / "log").exists()

    def test_it_loads_nothing_heavy(self) -> None:
        """Nothing but typer and the standard library, so that it comes at once."""
        _, loaded = loaded_by("services", "--country", "England")
        assert "hashclient.guidance.countries" in loaded
        heavy = {"numpy", "imagehash", "httpx", "PIL", "pydantic", "rich", "cryptography", "asyncio", "babel", "socket"}
        assert loaded.isdisjoint(heavy)

    def test_output_that_is_closed_is_said(self, run: Run) -> None:
        """As for every verb."""
        shell = ["sh", "-c", f"exec {' '.join(PROGRAM)} services >&-"]
        ended = run(program=shell)
        assert ended.returncode == 2
        assert texts.OUTPUT_FAILED in flat(ended.stderr)


class TestForPrograms:
    """`--json` and `--check`."""

    def test_json_has_what_the_list_has(self, run_inside: Run) -> None:
        """By ids that stay; unknown hours and addresses are null."""
        ended = run_inside("services", "--country", "Morocco", "--json")
        assert (ended.returncode, ended.stderr) == (0, "")
        told = json.loads(ended.stdout)
        assert (told["version"], told["country"]) == (1, "MA")
        assert list(told["services"]) == ["under-18", "adult"]
        assert [row["id"] for row in told["services"]["adult"]] == ["smex", "stopncii", "google-ncsei", "ma-eblagh"]
        police = told["services"]["adult"][-1]
        assert police["caution"] == service_words.BESIDE_POLICE
        assert told["services"]["under-18"][0]["hours"] is None
        assert not any(row["is_checked"] for rows in told["services"].values() for row in rows)
        assert told["taking_part"]["stopncii"]["as_of"] == "2026-05"
        assert told["crisis_lines"] == []
        assert ended.stdout.isascii()

    def test_json_keeps_its_fields(self, run_inside: Run) -> None:
        """A program that reads it goes on working."""
        told = json.loads(run_inside("services", "--json", "--for", "adult").stdout)
        assert told.keys() == {"version", "country", "services", "taking_part", "crisis_lines"}
        fields = {
            "id", "kind", "name", "url", "countries", "age", "takes", "receives_image", "phone", "hours", "languages",
            "confidentiality", "note", "caution", "checked_on", "is_checked",
        }  # fmt: skip
        assert all(row.keys() == fields for row in told["services"]["adult"])

    def test_an_unknown_country_is_an_error_for_a_program_too(self, run_inside: Run) -> None:
        """It still gets the services that work everywhere."""
        ended = run_inside("services", "--country", "Atlantis", "--json")
        assert ended.returncode == 2
        assert json.loads(ended.stdout)["country"] is None

    def test_maintainers_see_what_to_look_at(self, run_inside: Run) -> None:
        """Every entry of both files, the platforms among them, the oldest look first."""
        ended = run_inside("services", "--check")
        rows = [line.split("\t") for line in ended.stdout.splitlines() if line]
        assert len(rows) == services.entries_count()
        assert {"rph", "us-988", "stopncii/taking_part"} <= {id_ for _, id_, _ in rows}
        assert [day for day, *_ in rows] == sorted(day for day, *_ in rows)
        assert rows[0] == ["2026-05-01", "stopncii/taking_part", "not verified"]
        assert "47 entries of 47 were not checked by a person within 180 days." in flat(ended.stderr)


class TestCountry:
    """The question for the country, at a terminal."""

    def stop(self, terminal: At, **more: str) -> Terminal:
        """Come to the question."""
        at = terminal("hash", FIRST, **more)
        at.answer("Type 1, 2 or 3:", "2")
        at.read_on_to("Enter to skip:")
        return at

    @pytest.mark.parametrize(
        ("first", "said", "second", "row"),
        [
            ("Korea", "South Korea (KR)", "south korea", "Digital Sex Crime"),
            ("Frence", "Did you mean: France (FR)?", "fr", "3018"),
            ("Narnia", "We know of help in these: ", "España", "017 Tu Ayuda"),
            ("123", "We do not know a country of this name.", "日本", "Take It Down"),
        ],
    )
    def test_an_unknown_country_is_asked_once_more(
        self, terminal: At, first: str, said: str, second: str, row: str
    ) -> None:
        """It is never silently taken for none."""
        at = self.stop(terminal)
        at.type(first)
        assert said in flat(at.expect("once more, or press Enter to skip."))
        at.read_on_to("Enter to skip:")
        at.type(second)
        assert at.wait() == 4
        assert row in flat(at.text)

    def test_a_second_slip_is_said_and_the_list_follows(self, terminal: At) -> None:
        """Nobody has to know how their country is written."""
        at = self.stop(terminal)
        at.type("Narnia")
        at.read_on_to("Enter to skip:")
        at.type("Atlantis")
        assert at.wait() == 4
        shown = flat(at.text)
        assert "We go on without a country." in shown
        assert "Take It Down (NCMEC)" in shown

    @pytest.mark.parametrize("how", ["enter", "end"])
    def test_the_second_time_it_can_be_skipped_too(self, terminal: At, how: str) -> None:
        """By Enter, or where the input ends."""
        at = self.stop(terminal)
        at.type("Narnia")
        at.read_on_to("Enter to skip:")
        if how == "enter":
            at.type("")
        else:
            os.write(at.fd, b"\x04")
        assert at.wait() == 4
        assert "We go on without a country." not in flat(at.text)
        assert "Take It Down (NCMEC)" in at.text

    def test_it_is_asked_once_in_a_run(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """Every list of the run knows it."""
        _help.ask_country.cache_clear()
        typed = iter(["England", "never"])
        monkeypatch.setattr(_terminal, "ask", lambda _: next(typed))
        _help.show_for_all()
        _help.show_for_adults()
        _help.show_of_kind("police")
        said = capfd.readouterr().err
        assert said.count("Which country are you in?") == 1
        assert said.count("Revenge Porn Helpline") == 2
        assert said.index(YOUNG) < said.index("Report Remove") < said.index(ADULTS) < said.index("Revenge Porn")
        assert next(typed) == "never"
        _help.ask_country.cache_clear()


def test_a_number_keeps_its_order_in_a_language_from_right_to_left(run: Run) -> None:
    """It is isolated, so that a terminal does not turn its parts round."""
    ended = run("services", "--country", "EG", "--for", "adult", "--lang", "ar", TERM="xterm")
    assert "\u2066+961 81 633 133\u2069" in ended.stdout
    assert "\u2066" not in run("services", "--country", "EG", "--for", "adult", "--lang", "es", TERM="xterm").stdout


class TestScreens:
    """At a terminal of 80 by 24 everything can be read."""

    @pytest.mark.parametrize("country", ["France", "India", "England"])
    def test_a_hand_off_waits_for_enter_before_it_scrolls_away(self, terminal: At, country: str) -> None:
        """No more than a screenful at once, and the last thing read is who can help."""
        at = terminal("hash", FIRST, COLUMNS="80", LINES="24")
        at.answer("Type 1, 2 or 3:", "2")
        at.read_on_to("Enter to skip:")
        at.type(country)
        if country == "England":
            at.answer("Type 1, 2 or 3:", "1")
        screens = list(self.screens_of(at))
        assert at.wait() == 4
        assert screens
        assert all(screen.count("\n") <= 23 for screen in [*screens, at.text[at.read_until :]])
        end = flat(at.text).rpartition("What you can do besides")[2]
        rows = services.hand_off(countries.meant_by(country)[0], under_18_now=country == "England", today=TODAY)
        assert all(row.name in end for row in rows)

    def test_a_wide_terminal_is_no_higher(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """Words are wrapped long before its right edge, and counted as they are wrapped."""
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setenv("LINES", "24")
        monkeypatch.setattr(_terminal, "is_terminal", lambda: True)
        screens: list[str] = []

        def shown_until_then(_prompt: str) -> str:
            screens.append(capfd.readouterr().err)
            return ""

        monkeypatch.setattr(_terminal, "ask", shown_until_then)
        _help._show_in_screens([[_help.Paragraph("word " * 30)]] * 20)
        assert [screen.count("\n") for screen in screens] == [18, 18]

    def screens_of(self, at: Terminal) -> Iterator[str]:
        """Press Enter wherever it is asked for; give what stood between."""
        while True:
            while PAUSE not in at.text[at.read_until :] and at._read(time.monotonic() + 30):
                pass
            if PAUSE not in at.text[at.read_until :]:
                return
            yield at.expect(PAUSE)
            at.type("")

    def test_without_an_end_of_input_nothing_is_held_back(self, terminal: At) -> None:
        """Where the input ends at the question for Enter, the rest is shown at once."""
        at = terminal("hash", FIRST, COLUMNS="80", LINES="24")
        at.answer("Type 1, 2 or 3:", "3")
        at.read_on_to("Enter to skip:")
        at.type("FR")
        at.expect(PAUSE)
        os.write(at.fd, b"\x04")
        assert at.wait() == 4
        assert "Google Search" in at.text


def test_help_now_shows_no_number_that_nobody_checked(capfd: pytest.CaptureFixture[str]) -> None:
    """While there is none, nobody is asked for a country, and the words say what to do without."""
    _screens.show(screens.SCREENS["help_now"], frozenset(), read=lambda _: "")
    said = flat(capfd.readouterr().err)
    assert service_words.NO_CHECKED_NUMBER in said
    assert not re.search(r"\d", re.sub(r"\x1b\[\d*m", "", said))


@pytest.mark.parametrize(("country", "said"), [("US", "Crisis line: 988."), ("GB", service_words.NO_CHECKED_NUMBER)])
def test_help_now_shows_the_lines_of_the_country_that_were_checked(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], country: str, said: str
) -> None:
    """And the same words where there is none of the country."""
    checked = replace(services._crisis()[1], verified=True, checked_on=TODAY)
    monkeypatch.setattr(services, "_crisis", lambda: (checked,))
    monkeypatch.setattr(_help, "ask_country", lambda: country)
    _screens.show(screens.SCREENS["help_now"], frozenset(), read=lambda _: "")
    shown = flat(capfd.readouterr().err)
    assert said in shown
    assert (service_words.NO_CHECKED_NUMBER in shown) == (country == "GB")
