"""Show who can help and what else to do, by country if the person names one."""

from datetime import UTC, datetime

from hashclient.cli import _terminal
from hashclient.guidance import questions, services, texts
from hashclient.guidance.services import Service


def show_hand_off() -> None:
    """Show the services for images of under-18s, never one for adults, and what to do in the meantime."""
    _terminal.say()
    _terminal.say(_terminal.bold(texts.STOP))
    country = _country()
    under_18_now = _is_under_18_now() if country == "GB" else None
    _show_services(services.hand_off(country, under_18_now=under_18_now, today=datetime.now(UTC).date()))
    _terminal.say(texts.FILE_NAME_SEEN)
    show_actions(first=texts.DO_NOT_COPY)


def show_others(reason: str) -> None:
    """Say why a request cannot be made here, and show other services for adults."""
    _terminal.say()
    _terminal.say(_terminal.bold(reason))
    show_for_adults()
    show_actions()


def show_for_adults() -> None:
    """Show the services for adults, those of the person's country first, if one is named."""
    _show_services(services.for_adults(_country(), today=datetime.now(UTC).date()))


def show_actions(*, first: str = texts.KEEP_EVIDENCE) -> None:
    """Show the safety actions; they are offered, never a condition."""
    _terminal.say()
    _terminal.say(_terminal.bold(texts.ACTIONS_TITLE))
    for words in (first, *texts.ACTIONS):
        _terminal.say(words, indent="  - ")
    _terminal.say()


def _country() -> str | None:
    """Ask for the country; what is typed is used here and not kept."""
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
        return _terminal.choose(questions.UNDER_18_NOW) == "yes"
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
