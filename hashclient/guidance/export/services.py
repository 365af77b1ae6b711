"""Put help services, crisis lines and names of countries into the form of the export."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from hashclient.guidance import countries, languages, service_words, services


def _as_of() -> date:
    """Return the day by which rows are chosen: that of the latest look at any. What has passed since, the page judges."""
    return max(entry.checked_on for entry in services.load().values())


def service_rows() -> dict[str, Any]:
    """Return the help services, and their order by country."""
    at = {row.id: number for number, row in enumerate(_shown_rows())}
    under_18, adult = _orders(services.hand_off), _orders(services.for_adults)
    more = {"under_18_now": _orders(_under_18_now), "under_18_unasked": _orders(services.hand_off_unasked)}
    return {
        "rows": [_service_row(row) for row in _shown_rows()],
        "under_18": _different(under_18, under_18[""]),
        "adult": _different(adult, adult[""]),
        **{name: {code: one for code, one in of.items() if one != under_18[code]} for name, of in more.items()},
        "languages_shown": service_words.SHOWN_LANGUAGES,
        "check_lasts": services.CHECK_LASTS.days,
        "taking_part_lasts": services.TAKING_PART_LASTS.days,
        "taking_part": [
            {"service": at[one.service], "platforms": one.platforms, "as_of": one.as_of.isoformat()}
            for one in (services.taking_part(id_, today=_as_of()) for id_ in at)
            if one
        ],
    }


def _shown_rows() -> list[services.Service]:
    """Return the services that can be shown on some day, in the order of the file."""
    return [row for row in services.load().values() if row.url or row.phone or row.verified]


class _Choose(Protocol):
    """What chooses services for a country, or for none that was told."""

    def __call__(self, country: str | None, *, language: str, today: date) -> Iterable[services.Service]: ...


def _under_18_now(country: str | None, *, language: str, today: date) -> Iterable[services.Service]:
    return services.hand_off(country, under_18_now=True, language=language, today=today)


def _orders(choose: _Choose) -> dict[str, Any]:
    """Return the positions of what is chosen, by country and, where it depends on it, by language; "" is no country."""
    at = {row.id: number for number, row in enumerate(_shown_rows())}
    orders: dict[str, Any] = {}
    for country in ("", *services.countries_with_rows()):
        by_language = {
            language: [at[row.id] for row in choose(country or None, language=language, today=_as_of())]
            for language in languages.LANGUAGE_NAMES
        }
        is_one = len({tuple(order) for order in by_language.values()}) == 1
        orders[country] = by_language["en"] if is_one else by_language
    return orders


def _different(lists: dict[str, Any], all_others: Any) -> dict[str, Any]:
    """Return the lists without those that are the same as for all other countries."""
    return {code: one for code, one in lists.items() if not code or one != all_others}


def _service_row(row: services.Service) -> dict[str, Any]:
    receives = [service_words.RECEIVES_IMAGE] if row.receives_image else []
    caution = [service_words.BESIDE_POLICE] if row.kind == "police" else []
    by_phone = service_words.TELEPHONE if "phone" in row.takes else service_words.MESSAGES_TO
    return {
        "id": row.id,
        "name": row.name,
        "url": row.url,
        "kind": row.kind,
        "phone": row.phone,
        "number": by_phone if row.phone else None,
        "asks_hours": bool(row.phone or row.has_people or row.hours),
        "hours": _pieces_of(row.hours),
        "notes": [service_words.SERVICE_NOTES[row.id], *receives, *caution],
        "languages": " ".join(row.languages),
        "privacy": service_words.SAID_OF_PRIVACY.get(row.id, service_words.PRIVACY_NOT_STATED),
        "checked_on": row.checked_on.isoformat(),
        "is_verified": row.verified,
    }


def _pieces_of(hours: str) -> list[str]:
    return service_words.hours_in_pieces(hours) or []


def words_of_services() -> dict[str, Any]:
    """Return the words around services and dates, by what they are for."""
    return {
        "no_local_help": service_words.NO_LOCAL_HELP,
        "not_yet_checked": service_words.NOT_YET_CHECKED,
        "last_looked_at": service_words.LAST_LOOKED_AT,
        "please_compare": service_words.PLEASE_COMPARE,
        "checked": service_words.CHECKED,
        "date": service_words.DATE,
        "month": service_words.MONTH,
        "months": service_words.MONTHS,
        "hours": service_words.HOURS,
        "hours_unknown": service_words.HOURS_UNKNOWN,
        "languages": service_words.LANGUAGES,
        "languages_and_more": service_words.LANGUAGES_AND_MORE,
        "languages_unknown": service_words.LANGUAGES_UNKNOWN,
        "between_names": service_words.BETWEEN_NAMES,
        "crisis_line": service_words.CRISIS_LINE,
        "emergency_number": service_words.EMERGENCY_NUMBER,
    }


def names_of_countries() -> dict[str, Any]:
    """Return what countries are called, and the languages of services."""
    spoken = sorted({language for row in services.load().values() for language in row.languages})
    countries_named, languages_named = countries.names_in_all(), countries.languages_in_all()
    codes_of = [*countries_named]
    return {
        "codes": " ".join(codes_of),
        **{
            language: "|".join(countries_named[code][language] for code in codes_of)
            for language in languages.LANGUAGE_NAMES
        },
        "languages": {
            code: "|".join(languages_named[code][language] for language in languages.LANGUAGE_NAMES)
            for code in spoken
            if code in languages_named
        },
    }


def crisis_rows() -> list[dict[str, Any]]:
    """Return the lines that a person has verified."""
    return [
        {
            "country": line.country,
            "kind": line.kind,
            "number": line.number,
            "hours": _pieces_of(line.hours),
            "languages": " ".join(line.languages),
            "checked_on": line.checked_on.isoformat(),
        }
        for line in services.crisis_lines(today=_as_of())
    ]
