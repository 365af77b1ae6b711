"""The calendar file says "Check" and a time, and nothing by which anyone could tell what for."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from hashclient.guidance.notices import REGIMES
from hashclient.guidance.notices.calendar import calendar_text

SENT = datetime(2026, 11, 25, 14, 30, tzinfo=timezone(timedelta(hours=1)))
STAMP = datetime(2026, 11, 25, 13, 31, 5, tzinfo=UTC)
UID = "c0ffee00-0000-4000-8000-000000000000"
Parsed = list[tuple[str, str, str]]


def text(law: str, *, alarm: bool = False, uid: str = UID) -> str:
    made = calendar_text(REGIMES[law], sent=SENT, uid=uid, stamp=STAMP, alarm=alarm)
    assert made is not None
    return made


def parsed(calendar: str) -> Parsed:
    """Read iCalendar after RFC 5545, 3.1: unfold, then name, parameters and value of each line."""
    assert calendar.endswith("\r\n")
    assert "\n" not in calendar.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    lines = re.sub(r"\r\n[ \t]", "", calendar).split("\r\n")[:-1]
    found = [re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)", line) for line in lines]
    assert all(found)
    return [(one[1], one[2], one[3]) for one in found if one]


def values(calendar: str) -> dict[str, str]:
    return {name: value for name, _parameters, value in parsed(calendar) if name not in {"BEGIN", "END"}}


def nested(calendar: Parsed) -> list[str]:
    """Give the names of the components, having seen that each ends where it should."""
    open_, seen = [], []
    for name, _parameters, value in calendar:
        if name == "BEGIN":
            open_.append(value)
            seen.append(value)
        elif name == "END":
            assert open_.pop() == value
    assert not open_
    return seen


@pytest.mark.parametrize("law", ["us", "uk"])
def test_where_the_law_gives_48_hours_it_is_then(law: str) -> None:
    """From the time that was given, in UTC."""
    assert values(text(law))["DTSTART"] == "20261127T133000Z"


@pytest.mark.parametrize("law", ["eu", "dmca", "google", "bing"])
def test_where_it_gives_none_it_is_in_a_week(law: str) -> None:
    """On the day, for the week is our idea."""
    start = [one for one in parsed(text(law)) if one[0] == "DTSTART"]
    assert start == [("DTSTART", ";VALUE=DATE", "20261202")]


@pytest.mark.parametrize("law", ["in", "au", "br"])
def test_where_there_is_nothing_to_wait_for_there_is_no_file(law: str) -> None:
    """Two hours are too short for a calendar."""
    assert calendar_text(REGIMES[law], sent=SENT, uid=UID, stamp=STAMP) is None


def test_it_holds_a_title_a_time_and_what_the_format_needs() -> None:
    """No law, no site, no description, no program's name, and no alarm."""
    made = text("us")
    assert nested(parsed(made)) == ["VCALENDAR", "VEVENT"]
    assert values(made) == {
        "VERSION": "2.0",
        "PRODID": "-//Calendar//EN",
        "UID": UID,
        "DTSTAMP": "20261125T133105Z",
        "DTSTART": "20261127T133000Z",
        "SUMMARY": "Check",
    }


def test_it_rings_only_if_asked_and_says_no_more_then() -> None:
    """The alarm repeats the title."""
    made = text("us", alarm=True)
    assert nested(parsed(made)) == ["VCALENDAR", "VEVENT", "VALARM"]
    assert {value for name, _parameters, value in parsed(made) if name in {"SUMMARY", "DESCRIPTION"}} == {"Check"}
    assert not re.search(r"hashclient|law|notice|site|takedown", made, re.IGNORECASE)


@pytest.mark.parametrize("length", [60, 71, 72, 150, 400])
def test_long_lines_are_folded_and_come_back_whole(length: int) -> None:
    """RFC 5545, 3.1: at most 75 bytes a line."""
    assert values(text("us", uid="x" * length))["UID"] == "x" * length
