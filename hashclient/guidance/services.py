"""Choose the help services to show a person, from the list that ships with the package.

Asking for the country, telling the date and printing are left to the faces. No number, address or opening hour stands
in code: all of them are in `services.toml`.
"""

import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any, Final

CHECK_LASTS: Final = timedelta(days=180)
"""How long a person's check of an entry stays valid."""
WORLDWIDE: Final = "*"

_ALWAYS: Final = ("ncmec-tid", "inhope", "ncmec-cyber", "google-ncsei")
"""Shown on every hand-off, after the rows of the country."""
_BY_COUNTRY: Final[dict[str, tuple[str, ...]]] = {
    "AU": ("esafety",),
    "BR": ("br-safernet",),
    "CA": ("cybertip-ca",),
    "FR": ("fr-3018", "fr-disrupt"),
    "GB": ("iwf",),
    "IN": ("in-nccrp", "in-meri"),
    "KR": ("kr-d4u",),
    "NZ": ("netsafe",),
}
"""Rows of a hand-off by country. DE has none: its helpline refers images of under-18s to others."""
_UNDER_18_NOW: Final[dict[str, tuple[str, ...]]] = {"GB": ("report-remove",)}
"""The same for people who are under 18 today."""
_PEOPLE: Final = frozenset({"phone", "chat"})


@dataclass(frozen=True)
class Service:
    """One help service, as described in `services.toml`."""

    id: str
    name: str
    url: str
    """Starts with `https://`; empty if not known or disputed."""
    countries: tuple[str, ...]
    """ISO 3166-1 alpha-2, or `*` alone for everywhere."""
    age: str
    """Age of the person in the image when it was made: `under-18`, `adult` or `any`."""
    takes: tuple[str, ...]
    """Any of `hash`, `url`, `phone`, `chat`, `upload` (the service receives the image itself), `form`."""
    phone: tuple[str, ...]
    hours: str
    """Empty means not known, never none."""
    languages: tuple[str, ...]
    """Languages seen, not a full list; empty means not known."""
    confidentiality: str
    notes: str
    """For maintainers; what a person sees comes from `texts`, by `id`."""
    source: str
    checked_on: date
    verified: bool
    """True only after a person has compared the entry with the service's own page."""

    def is_checked(self, *, today: date) -> bool:
        """Tell whether a person's check of this entry is still valid on the day."""
        return self.verified and today - self.checked_on <= CHECK_LASTS

    def is_reachable(self, *, today: date) -> bool:
        """Tell whether it may be shown: it has an address or a number, or its check is still valid."""
        return bool(self.url or self.phone) or self.is_checked(today=today)


@functools.cache
def load() -> dict[str, Service]:
    """Return the list that ships with the package, by `id`, in the order of the file."""
    text = resources.files("hashclient.guidance").joinpath("services.toml").read_text("utf-8")
    return {entry["id"]: _service(entry) for entry in tomllib.loads(text)["service"]}


def _service(entry: dict[str, Any]) -> Service:
    frozen: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Service(**frozen)


def hand_off(country: str | None = None, *, under_18_now: bool | None = None, today: date) -> tuple[Service, ...]:
    """Return the services for images of someone who was, or may have been, under 18. Never empty, never one for adults.

    Args:
        country: ISO 3166-1 alpha-2 in upper case, or None if not told.
        under_18_now: whether the person asking is under 18 today, or None if not told.
        today: the day by which checks are judged to be still valid.
    """
    rows = _BY_COUNTRY.get(country or "", ())
    if under_18_now:
        rows = _UNDER_18_NOW.get(country or "", rows)
    return _shown((*rows, *_ALWAYS), today=today)


def for_adults(country: str | None = None, *, today: date) -> tuple[Service, ...]:
    """Return the services for adults: the country's own first, people before forms. Never empty."""
    fitting = [
        service
        for service in load().values()
        if service.age != "under-18" and ({country, WORLDWIDE} & set(service.countries))
    ]
    fitting.sort(key=lambda service: (WORLDWIDE in service.countries, not _PEOPLE & set(service.takes)))
    return _shown((service.id for service in fitting), today=today)


def _shown(ids: Iterable[str], *, today: date) -> tuple[Service, ...]:
    services = load()
    return tuple(services[id_] for id_ in ids if services[id_].is_reachable(today=today))
