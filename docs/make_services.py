"""Write the table of help services into the pages for people, `docs/for-people*.md`, from the list that the program shows.

Run by `make docs`. `--check` writes nothing; its exit code says whether a page would change. `text` gives the table in the
language in use.
"""

import re
import sys
import unicodedata
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

from hashclient import messages
from hashclient.guidance import countries, languages, service_words, services
from hashclient.guidance.services import Service

HERE = Path(__file__).resolve().parent
PAGES = {
    code: HERE / ("for-people.md" if code == languages.ENGLISH else f"for-people.{code}.md")
    for code in languages.LANGUAGE_NAMES
}
"""By the code of the language."""
BLOCK = re.compile(r"(?<=<!-- services -->\n).*?(?=<!-- end of services -->)", re.DOTALL)


def in_order(today: date) -> list[Service]:
    """Return every service that may be shown: those for everywhere first, then by country; the police last."""
    shown = [service for service in services.load().values() if service.is_reachable(today=today)]
    return sorted(
        shown,
        key=lambda service: (
            service.kind == "police",
            not service.is_worldwide,
            "" if service.is_worldwide or len(service.countries) > 1 else as_sorted(service.countries[0]),
            not service.is_worldwide and not service.has_people,
        ),
    )


def as_sorted(country: str) -> str:
    """Return the name of a country as it stands in an alphabet: without the signs above and below its letters."""
    letters = unicodedata.normalize("NFKD", countries.name_of(country).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def for_whom(service: Service, today: date) -> str:
    """Return whose images it is for; nobody has checked that one which is on no hand-off serves under-18s."""
    if service.age == "under-18":
        return str(service_words.FOR_WHOM["under-18"])
    handed_off = (services.hand_off(country, today=today) for country in (None, *services.countries_with_rows()))
    return str(service_words.FOR_WHOM["any" if any(service in rows for rows in handed_off) else "adult"])


def row(service: Service, today: date) -> str:
    """Return one line of the table."""
    between = str(service_words.BETWEEN_NAMES)
    where = (
        service_words.ANY_COUNTRY if service.is_worldwide else between.join(map(countries.name_of, service.countries))
    )
    shown = as_it_stands(service.name)
    name = f"[{shown}]({service.url})" if service.url else shown
    note = service_words.SERVICE_NOTES[service.id]
    known = [str(note), str(service_words.RECEIVES_IMAGE) if service.receives_image else "", *numbers(service)]
    return line(str(where), for_whom(service, today), name, " ".join(filter(None, known)))


def line(*cells: str) -> str:
    """Return one line of a table."""
    return f"| {' | '.join(cells)} |\n"


def numbers(service: Service) -> list[str]:
    """Return its telephone numbers as a sentence, if it has any."""
    told = service_words.TELEPHONE if "phone" in service.takes else service_words.MESSAGES_TO
    between = str(service_words.BETWEEN_NAMES)
    return [str(told.format(phone=between.join(map(as_it_stands, service.phone))))] if service.phone else []


def as_it_stands(given: str) -> str:
    """Keep the order of a number or a name of the data where the page around it is written from right to left."""
    is_like_the_page = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in given)
    if is_like_the_page or languages.code_in_use() not in languages.RIGHT_TO_LEFT:
        return given
    return f'<bdo dir="ltr">{given}</bdo>'


def text(today: date) -> str:
    """Return what stands between the marks: the table, the police apart with its caution, and how far it was checked."""
    rows = in_order(today)
    head = line(*map(str, service_words.TABLE_HEAD)) + "|---" * len(service_words.TABLE_HEAD) + "|\n"
    parts = [
        (f"{service_words.BESIDE_POLICE}\n\n" if is_police else "")
        + head
        + "".join(row(service, today) for service in group)
        for is_police, group in groupby(rows, key=lambda service: service.kind == "police")
    ]
    checked = service_words.how_checked(rows, today=today)
    return "\n" + "\n".join([*parts, *([f"{checked}\n"] if checked else [])]) + "\n"


def main() -> int:
    """Write the pages, or only compare them."""
    today, changed = datetime.now(UTC).date(), 0
    for code, page in PAGES.items():
        messages.use(languages.catalogue(code))
        before = page.read_text("utf-8")
        after = BLOCK.sub(lambda _: text(today), before)
        changed += after != before
        if "--check" not in sys.argv:
            page.write_text(after, "utf-8")
            print(f"docs/{page.name} {'was written' if after != before else 'is up to date'}")
    return int("--check" in sys.argv and changed > 0)


if __name__ == "__main__":
    sys.exit(main())
