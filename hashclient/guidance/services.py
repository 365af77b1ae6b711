"""Choose the help services to show a person, from the lists that ship with the package.

Asking for the country, telling the date and printing are left to the faces, the words to `service_words`. No number,
address or opening hour stands in code: all of them are in `services.toml` and `crisis.toml`. The build writes them as JSON,
which loads at once, and that is read strictly here, so that a slip in them is found by the first test that reads them.
"""

import contextlib
import functools
import json
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Final, TypeVar

CHECK_LASTS: Final = timedelta(days=180)
"""How long a person's check of an entry stays valid."""
TAKING_PART_LASTS: Final = timedelta(days=365)
"""How long the list of platforms that take part may be shown."""
WORLDWIDE: Final = "*"

_ALWAYS: Final = ("ncmec-tid", "inhope", "ncmec-cyber", "google-ncsei")
"""Shown on every hand-off, after the rows of the country."""
_BY_COUNTRY: Final[Mapping[str, tuple[str, ...]]] = {
    "AU": ("esafety",),
    "BE": ("be-childfocus",),
    "BR": ("br-safernet",),
    "CA": ("cybertip-ca", "cyberaide-ca"),
    "ES": ("es-017",),
    "FR": ("fr-3018", "fr-disrupt"),
    "GB": ("iwf",),
    "IE": ("ie-hotline",),
    "IN": ("in-meri", "in-nccrp"),
    "IT": ("it-garante",),
    "KR": ("kr-d4u",),
    "MA": ("ma-eblagh",),
    "NL": ("nl-helpwanted",),
    "NZ": ("netsafe",),
}
"""Rows of a hand-off by country. DE has none: its helpline refers images of under-18s to others."""
_UNDER_18_NOW: Final[Mapping[str, tuple[str, ...]]] = {"GB": ("report-remove",)}
"""The same for people who are under 18 today, where it differs."""
_AFTER_OTHERS: Final = frozenset({"fr-3018"})
"""Made for young people and their parents: among a country's rows for adults, people made for adults come first."""

_SERVICE_KINDS: Final = frozenset({"helpline", "tool", "hotline", "regulator", "legal", "search", "police"})
_AGES: Final = frozenset({"under-18", "adult", "any"})
_TAKES: Final = frozenset({"hash", "url", "phone", "chat", "upload", "form"})
_PEOPLE: Final = frozenset({"phone", "chat"})
_SOURCES: Final = ("primary", "reported", "weak", "unchecked")
_WEAK: Final = ("weak", "unchecked")
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_NUMBER: Final = re.compile(r"\+?[0-9][0-9 -]*")


class _Dated:
    """What a person has to look at from time to time."""

    checked_on: date
    """Day of the last look at the sources."""
    verified: bool
    """True only after a person has compared the entry with the service's own page."""

    def is_checked(self, *, today: date) -> bool:
        """Tell whether a person's check of this entry is still valid on the day."""
        return self.verified and _is_within(CHECK_LASTS, since=self.checked_on, today=today)


@dataclass(frozen=True)
class Service(_Dated):
    """One help service, as described in `services.toml`.

    Raises:
        ValueError: a field does not follow its rule.
    """

    id: str
    kind: str
    """`helpline`, `tool`, `hotline`, `regulator`, `legal`, `search` or `police`."""
    name: str
    """What the service calls itself; not translated."""
    url: str
    """Starts with `https://`; empty if not known or disputed."""
    countries: tuple[str, ...]
    """ISO 3166-1 alpha-2, or `*` alone for everywhere."""
    age: str
    """Age of the person in the image when it was made: `under-18`, `adult` or `any`."""
    takes: tuple[str, ...]
    """Any of `_TAKES`."""
    phone: tuple[str, ...]
    hours: str
    """Empty means not known, never none."""
    languages: tuple[str, ...]
    """Languages seen, not a full list; empty means not known."""
    confidentiality: str
    """What the service says, in English; a person sees the words of `service_words` for it."""
    notes: str
    """For maintainers; what a person sees comes from `service_words`, by `id`."""
    source: str
    checked_on: date
    verified: bool

    def __post_init__(self) -> None:
        """Check the rule of each field."""
        _require(
            self.id,
            {
                "id is not in lower case": _ID.fullmatch(self.id),
                "kind is not one of those known": self.kind in _SERVICE_KINDS,
                "name is empty": self.name.strip(),
                "url is neither empty nor https": not self.url or self.url.startswith("https://"),
                "countries are neither codes nor * alone": self.countries == (WORLDWIDE,)
                or (self.countries and all(map(_COUNTRY.fullmatch, self.countries))),
                "age is not one of those known": self.age in _AGES,
                "takes is empty or holds something unknown": self.takes and _TAKES.issuperset(self.takes),
                "phone holds something that is no number": all(map(_NUMBER.fullmatch, self.phone)),
                "languages hold something that is no code": all(map(_LANGUAGE.fullmatch, self.languages)),
                "confidentiality is empty": self.confidentiality.strip(),
                "source does not begin with how good it is": self.source.startswith(_SOURCES),
            },
        )

    @property
    def is_worldwide(self) -> bool:
        """Whether it serves people anywhere."""
        return WORLDWIDE in self.countries

    @property
    def receives_image(self) -> bool:
        """Whether the image itself is given to it."""
        return "upload" in self.takes

    @property
    def has_people(self) -> bool:
        """Whether one can talk with people there, by telephone or chat."""
        return bool(_PEOPLE & set(self.takes))

    def speaks(self, language: str | None) -> bool:
        """Tell whether the language, as a code such as `fr` or `fr-CA`, is one of those seen there."""
        return language is not None and _primary(language) in map(_primary, self.languages)

    def is_reachable(self, *, today: date) -> bool:
        """Tell whether it may be shown: it has an address or a number, or its check is still valid."""
        return bool(self.url or self.phone) or self.is_checked(today=today)


@dataclass(frozen=True)
class TakingPart(_Dated):
    """Platforms that take part with a service, as somebody saw them listed.

    Raises:
        ValueError: a field does not follow its rule.
    """

    service: str
    """`id` of the service."""
    platforms: tuple[str, ...]
    as_of: date
    """A day in the month in which the list was seen."""
    source: str
    verified: bool

    def __post_init__(self) -> None:
        """Check the rule of each field."""
        _require(
            self.id,
            {
                "platforms are missing": self.platforms and all(self.platforms),
                "source does not begin with how good it is": self.source.startswith(_SOURCES),
            },
        )

    @property
    def id(self) -> str:
        """What it is called in the list of entries to look at."""
        return f"{self.service}/taking_part"

    @property
    def checked_on(self) -> date:  # type: ignore[override]  # the file calls it as_of
        """The day as of which it was true."""
        return self.as_of


@dataclass(frozen=True)
class CrisisLine(_Dated):
    """One crisis or emergency line, as described in `crisis.toml`.

    Raises:
        ValueError: a field does not follow its rule.
    """

    id: str
    country: str
    """ISO 3166-1 alpha-2."""
    kind: str
    """`crisis` or `emergency`."""
    number: str
    """As dialled in that country."""
    hours: str
    languages: tuple[str, ...]
    source: str
    checked_on: date
    verified: bool

    def __post_init__(self) -> None:
        """Check the rule of each field."""
        _require(
            self.id,
            {
                "id is not in lower case": _ID.fullmatch(self.id),
                "country is not a code": _COUNTRY.fullmatch(self.country),
                "kind is not one of those known": self.kind in {"crisis", "emergency"},
                "number is no number": _NUMBER.fullmatch(self.number),
                "languages hold something that is no code": all(map(_LANGUAGE.fullmatch, self.languages)),
                "source does not begin with how good it is": self.source.startswith(_SOURCES),
            },
        )


Entry = Service | TakingPart | CrisisLine
_Row = TypeVar("_Row", Service, TakingPart, CrisisLine)


def load() -> Mapping[str, Service]:
    """Return the services that ship with the package, by `id`, in the order of the file."""
    return _services()[0]


def hand_off(
    country: str | None = None, *, under_18_now: bool | None = None, language: str | None = None, today: date
) -> tuple[Service, ...]:
    """Return the services for images of someone who was, or may have been, under 18. Never empty, never one for adults.

    Args:
        country: ISO 3166-1 alpha-2 in upper case, or None if not told.
        under_18_now: whether the person asking is under 18 today, or None if not told.
        language: code of the reader's language; of a country's rows, those that speak it come first.
        today: the day by which checks are judged to be still valid.

    Returns:
        The rows of the country, then those for everywhere, then the police.
    """
    rows = _BY_COUNTRY.get(country or "", ())
    if under_18_now:
        rows = _UNDER_18_NOW.get(country or "", rows)
    return _handed_off(rows, language=language, today=today)


def hand_off_unasked(country: str | None = None, *, language: str | None = None, today: date) -> tuple[Service, ...]:
    """Return the rows of a hand-off where nobody can be asked whether they are under 18 today: those of both answers.

    Which of them is for whom is in their words. The arguments are those of `hand_off`.
    """
    rows = (*_UNDER_18_NOW.get(country or "", ()), *_BY_COUNTRY.get(country or "", ()))
    return _handed_off(rows, language=language, today=today)


def for_adults(country: str | None = None, *, language: str | None = None, today: date) -> tuple[Service, ...]:
    """Return the services for adults. Never empty.

    The arguments are those of `hand_off`.

    Returns:
        The country's own first, of those the ones in the reader's language, of those people before forms; after them
        those for everywhere in the same order; the police last, and only where the source is a good one.
    """
    fitting = [
        service
        for service in load().values()
        if service.age != "under-18" and (service.is_worldwide or country in service.countries)
        if not (service.kind == "police" and service.source.startswith(_WEAK))
    ]
    fitting.sort(
        key=lambda service: (
            service.kind == "police",
            service.is_worldwide,
            not service.speaks(language),
            not service.has_people,
            service.id in _AFTER_OTHERS,
        )
    )
    return _reachable(fitting, today=today)


def of_kind(kind: str, country: str | None = None, *, language: str | None = None, today: date) -> tuple[Service, ...]:
    """Return those of the services for adults that are of one kind, such as `legal` or `police`; it may be none."""
    return tuple(service for service in for_adults(country, language=language, today=today) if service.kind == kind)


def taking_part(service: str, *, today: date) -> TakingPart | None:
    """Return the platforms that take part with a service, or None where nothing is known that is at most a year old."""
    for listed in _services()[1]:
        if listed.service == service and _is_within(TAKING_PART_LASTS, since=listed.as_of, today=today):
            return listed
    return None


def crisis_lines(country: str | None = None, *, today: date) -> tuple[CrisisLine, ...]:
    """Return the crisis and emergency lines of a country, or of all, as far as a person's check of them is still valid."""
    return tuple(line for line in _crisis() if country in {None, line.country} and line.is_checked(today=today))


def to_look_at(*, today: date) -> tuple[Entry, ...]:
    """Return every entry of both files that nobody has checked within 180 days, the oldest look first."""
    entries: tuple[Entry, ...] = (*load().values(), *_services()[1], *_crisis())
    return tuple(
        sorted((entry for entry in entries if not entry.is_checked(today=today)), key=lambda entry: entry.checked_on)
    )


def entries_count() -> int:
    """Return how many entries both files have."""
    return len(load()) + len(_services()[1]) + len(_crisis())


def countries_with_rows() -> tuple[str, ...]:
    """Return the codes of the countries that have a row of their own, sorted."""
    return tuple(sorted({code for service in load().values() for code in service.countries} - {WORLDWIDE}))


def _handed_off(rows: Iterable[str], *, language: str | None, today: date) -> tuple[Service, ...]:
    services = load()
    of_country = sorted((services[id_] for id_ in rows), key=lambda service: not service.speaks(language))
    everywhere = [services[id_] for id_ in _ALWAYS]
    ordered = sorted((*of_country, *everywhere), key=lambda service: service.kind == "police")
    return _reachable(ordered, today=today)


def _reachable(services: Iterable[Service], *, today: date) -> tuple[Service, ...]:
    return tuple(service for service in services if service.is_reachable(today=today))


def _is_within(lasting: timedelta, *, since: date, today: date) -> bool:
    """Tell whether a day is not too long ago; one in the future says that the clock is wrong, or far to the east."""
    return timedelta(days=-1) <= today - since <= lasting


def _primary(language: str) -> str:
    """Return the language itself, without script or country."""
    return re.split("[-_]", language)[0].lower()


def data_file(name: str) -> str:
    """Return the text of a data file of this package. `importlib.resources` would load half of the standard library.

    Raises:
        OSError: there is none of this name.
    """
    return (pkgutil.get_data("hashclient.guidance", name) or b"").decode()


@functools.cache
def _services() -> tuple[Mapping[str, Service], tuple[TakingPart, ...]]:
    """Read what stands in `services.toml`."""
    read = _read_data("services", schema=2, tables={"service", "taking_part"})
    services = {row.id: row for row in _rows_of(Service, read["service"], "services.toml")}
    platforms = tuple(_rows_of(TakingPart, read["taking_part"], "services.toml"))
    for listed in platforms:
        _require(listed.id, {"it names a service that is not in the list": listed.service in services})
    return services, platforms


@functools.cache
def _crisis() -> tuple[CrisisLine, ...]:
    """Read what stands in `crisis.toml`."""
    read = _read_data("crisis", schema=1, tables={"line"})
    return tuple(_rows_of(CrisisLine, read["line"], "crisis.toml"))


def _read_data(name: str, *, schema: int, tables: set[str]) -> dict[str, Any]:
    """Parse a data file and check its frame."""
    read: dict[str, Any] = json.loads(data_file(f"{name}.json"))
    _require(f"{name}.toml", {f"schema is not {schema}": read.get("schema") == schema})
    _require_names(f"{name}.toml", set(read), {"schema", "compiled_on", *tables})
    return read


def _rows_of(kind: type[_Row], rows: list[dict[str, Any]], name: str) -> list[_Row]:
    """Make the rows of a table; each has exactly the fields of its kind, and an `id` of its own."""
    made = [_entry_of(kind, row, f"{name}, row {number}") for number, row in enumerate(rows, start=1)]
    for row in made:
        _require(row.id, {"it stands twice": sum(row.id == other.id for other in made) == 1})
    return made


def _entry_of(kind: type[_Row], row: dict[str, Any], place: str) -> _Row:
    place = f"{place} ({row.get('id') or row.get('service')})"
    wanted = {field.name: field.type for field in fields(kind)}
    _require_names(place, set(row), set(wanted))
    made: dict[str, Any] = {name: _value_of(row[name], type_) for name, type_ in wanted.items()}
    for name, value in made.items():
        _require(place, {f"{name} is not written as its kind of value": value is not None})
    return kind(**made)


def _value_of(value: object, type_: object) -> object:
    """Return a value from JSON as the field holds it: text, several texts, a day, or true and false; None if it is not one."""
    if type_ == tuple[str, ...]:
        return tuple(value) if isinstance(value, list) and all(isinstance(part, str) for part in value) else None
    if type_ is date:
        with contextlib.suppress(ValueError):
            return date.fromisoformat(value) if isinstance(value, str) else None
        return None
    return value if type(value) is type_ else None


def _require_names(place: str, there: set[str], wanted: set[str]) -> None:
    _require(
        place,
        {f"{name} is not a field that is known here": name in wanted for name in sorted(there)}
        | {f"{name} is missing": name in there for name in sorted(wanted)},
    )


def _require(place: str, rules: Mapping[str, object]) -> None:
    """Check rules, each told by what is wrong where it does not hold.

    Raises:
        ValueError: a rule does not hold; the sentence is for whoever changed the file.
    """
    for wrong, holds in rules.items():
        if not holds:
            raise ValueError(f"{place}: {wrong}.")
