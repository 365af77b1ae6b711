"""Write a calendar file that reminds of nothing by name: a title, a time, and no more. PURE.

Source:
    RFC 5545 (iCalendar): 3.1 for line ends, 3.6.1 for an event, 3.6.6 for an alarm.
"""

from datetime import UTC, datetime
from typing import Final

from hashclient.guidance.notices.regime import Regime

CALENDAR_TITLE: Final = "Check"
"""What stands in the calendar, whoever looks into it."""
_LONGEST_LINE: Final = 75
"""Bytes of a line without its end."""


def calendar_text(regime: Regime, *, sent: datetime, uid: str, stamp: datetime, alarm: bool = False) -> str | None:
    """Return a calendar file with one event; None where a law has no time to look after.

    Args:
        regime: the law or form; the file says nothing of it.
        sent: when the notice was or will be sent, with its time zone.
        uid: drawn at random for this event.
        stamp: when the file is written, with a time zone.
        alarm: whether the calendar rings.
    """
    if regime.look_after is None:
        return None
    due = sent + regime.look_after
    is_week = regime.look_after.days >= 7  # a week is our own idea: a day is enough
    start = f"DTSTART;VALUE=DATE:{due:%Y%m%d}" if is_week else f"DTSTART:{_utc(due)}"
    ring = (
        ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{CALENDAR_TITLE}", "TRIGGER:PT0S", "END:VALARM"]
        if alarm
        else []
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calendar//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_utc(stamp)}",
        start,
        f"SUMMARY:{CALENDAR_TITLE}",
        *ring,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    """Break a line of ASCII so that no piece is too long; what is broken off begins with a blank."""
    first, rest = line[:_LONGEST_LINE], line[_LONGEST_LINE:]
    step = _LONGEST_LINE - 1
    return "\r\n ".join((first, *(rest[start : start + step] for start in range(0, len(rest), step))))
