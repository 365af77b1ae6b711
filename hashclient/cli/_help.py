"""Show who can help and what else to do, by country if the person names one."""

from datetime import UTC, datetime

from hashclient.cli import _terminal
from hashclient.guidance import questions, screens, services, texts
from hashclient.guidance.services import Service

_countries: list[str | None] = []
"""The country, once it was asked; it is forgotten when the program ends."""


def show_hand_off() -> None:
    """Show the services for images of under-18s, never one for adults."""
    country = ask_country()
    under_18_now = _is_under_18_now() if country == "GB" else None
    _show_services(services.hand_off(country, under_18_now=under_18_now, today=datetime.now(UTC).date()))
    _terminal.say(texts.FILE_NAME_SEEN)


def show_for_adults() -> None:
    """Show the services for adults."""
    _show_services(services.for_adults(ask_country(), today=datetime.now(UTC).date()))


def show_for_all() -> None:
    """Show both groups, those for under-18s first, where the age was not asked."""
    _terminal.say()
    _terminal.say(_terminal.bold(screens.IF_UNDER_18))
    show_hand_off()
    _terminal.say()
    _terminal.say(_terminal.bold(screens.IF_ADULT))
    show_for_adults()


def show_actions(*, first: str = screens.ACTIONS[0]) -> None:
    """Show the safety actions; they are offered, never a condition."""
    _terminal.say()
    _terminal.say(_terminal.bold(screens.ACTIONS_TITLE))
    for words in (first, *screens.ACTIONS[1:]):
        _terminal.say(words, indent="  - ")
    _terminal.say()


def ask_country() -> str | None:
    """Ask for the country, once; what is typed is used here and not kept."""
    if not _countries:
        _countries.append(_country())
    return _countries[0]


def _country() -> str | None:
    _terminal.say()
    _terminal.say(_terminal.bold(questions.COUNTRY.text))
    _terminal.say(texts.WHY_WE_ASK.format(why=questions.COUNTRY.why))
    try:
        typed = _terminal.ask(texts.TYPE_A_COUNTRY).upper()
    except EOFError:
        return None
    return {"UK": "GB"}.get(typed, typed) if len(typed) == len("GB") and typed.isalpha() else None


def _is_under_18_now() -> bool | None:
    """Ask a person in the UK; None if they do not say."""
    try:
        return {"yes": True, "no": False}.get(_terminal.choose(questions.UNDER_18_NOW))
    except EOFError:
        return None


def _show_services(shown: tuple[Service, ...]) -> None:
    _terminal.say()
    _terminal.say(_terminal.bold(texts.SERVICES_TITLE))
    today = datetime.now(UTC).date()
    for service in shown:
        _terminal.say(f"* {service.name}")
        for words in _about_service(service, checked=service.is_checked(today=today)):
            _terminal.say(words, indent="    ")
    if all("*" in service.countries for service in shown):
        _terminal.say(texts.NO_LOCAL_HELP)


def _about_service(service: Service, *, checked: bool) -> list[str]:
    """Return what a person needs to know of one entry: where, what for, and how far it was checked."""
    lines = [service.url, texts.SERVICE_NOTES[service.id]]
    if service.phone:
        phone, hours = " or ".join(service.phone), service.hours or texts.UNKNOWN
        lines.append(texts.TELEPHONE.format(phone=phone, hours=hours))
    languages = ", ".join(service.languages) or texts.UNKNOWN
    lines.append(texts.LANGUAGES.format(languages=languages, confidentiality=service.confidentiality))
    if "upload" in service.takes:
        lines.append(texts.RECEIVES_IMAGE)
    lines.append((texts.VERIFIED if checked else texts.UNVERIFIED).format(date=service.checked_on))
    return [words for words in lines if words]
