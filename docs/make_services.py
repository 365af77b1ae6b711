"""Write the table of help services into `docs/for-people.md`, from the list that the program shows.

Run by `make docs`. `--check` writes nothing; its exit code says whether the page would change. `table` gives it in the
language in use.
"""

import re
import sys
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

from hashclient.guidance import countries, service_words, services
from hashclient.guidance.services import Service

PAGE = Path(__file__).resolve().parent / "for-people.md"
BLOCK = re.compile(r"(?<=<!-- services -->\n).*?(?=<!-- end of services -->)", re.DOTALL)
HEAD = "| where | for whom | who | what to know |\n|---|---|---|---|\n"
ADULTS, UNDER_18, ANY_AGE = "adults", "under 18 when it was made", "any age"


def in_order(today: date) -> list[Service]:
    """Return every service that may be shown: those for everywhere first, then by country; the police last."""
    shown = [service for service in services.load().values() if service.is_reachable(today=today)]
    return sorted(
        shown,
        key=lambda service: (
            service.kind == "police",
            not service.is_worldwide,
            "" if service.is_worldwide or len(service.countries) > 1 else countries.name_of(service.countries[0]),
            not service.is_worldwide and not service.has_people,
        ),
    )


def for_whom(service: Service, today: date) -> str:
    """Return whose images it is for; nobody has checked that one which is on no hand-off serves under-18s."""
    if service.age == "under-18":
        return UNDER_18
    handed_off = (services.hand_off(country, today=today) for country in (None, *services.countries_with_rows()))
    return ANY_AGE if any(service in rows for rows in handed_off) else ADULTS


def row(service: Service, today: date) -> str:
    """Return one line of the table."""
    where = "any country" if service.is_worldwide else ", ".join(map(countries.name_of, service.countries))
    name = f"[{service.name}]({service.url})" if service.url else service.name
    note = service_words.SERVICE_NOTES[service.id]
    known = [str(note), str(service_words.RECEIVES_IMAGE) if service.receives_image else "", *numbers(service)]
    return f"| {where} | {for_whom(service, today)} | {name} | {' '.join(filter(None, known))} |\n"


def numbers(service: Service) -> list[str]:
    """Return its telephone numbers as a sentence, if it has any."""
    told = service_words.TELEPHONE if "phone" in service.takes else service_words.MESSAGES_TO
    return [str(told.format(phone=", ".join(service.phone)))] if service.phone else []


def text(today: date) -> str:
    """Return what stands between the marks: the table, the police apart with its caution, and how far it was checked."""
    rows = in_order(today)
    parts = [
        (f"{service_words.BESIDE_POLICE}\n\n" if is_police else "")
        + HEAD
        + "".join(row(service, today) for service in group)
        for is_police, group in groupby(rows, key=lambda service: service.kind == "police")
    ]
    checked = service_words.how_checked(rows, today=today)
    return "\n" + "\n".join([*parts, *([f"{checked}\n"] if checked else [])]) + "\n"


def main() -> int:
    """Write the page, or only compare it."""
    before = PAGE.read_text()
    after = BLOCK.sub(lambda _: text(datetime.now(UTC).date()), before)
    if "--check" in sys.argv:
        return int(after != before)
    PAGE.write_text(after)
    print("docs/for-people.md was written" if after != before else "docs/for-people.md is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
