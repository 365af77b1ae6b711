"""Say in words what `services` knows: of each help service, of the country, of crisis lines, and how far anything was checked.

What a service calls itself, its numbers, addresses and hours come from the data and are not translated. Everything else that
a person reads of it stands here, by the service's `id` or by what the data says of it in English. Printing is left to the faces.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from hashclient.messages import Message, _, _n, _p, joined

if TYPE_CHECKING:  # the data are loaded where they are spoken of, so that whoever needs a sentence alone waits for none
    from datetime import date

    from hashclient.guidance.services import CrisisLine, Service

# Headings, and what stands around a list.

SERVICES_TITLE: Final = _("Who can help:")
FOR_UNDER_18: Final = _p("hand_off", "If someone in the picture was, or may have been, under 18")
FOR_ADULTS: Final = _p("hand_off", "If everyone was 18 or over")
"""Headings of the two groups, where the age was not asked."""
NO_LOCAL_HELP: Final = _("Local help was not looked up yet for {country}. These work everywhere:")
NONE_FOR_THIS: Final = _("For this we know of no service of its own in {country}. These work everywhere:")
"""Where the list has others of the country."""
BESIDE_POLICE: Final = _p(
    "hand_off",
    "In some countries telling the police can be risky for you, for example because of laws on sex, marriage, sexuality or "
    "sex work, or because of your residence papers. If that may be so where you are, talk to a helpline or a lawyer first.",
)
"""Stands with every row of the police."""
NAME_A_COUNTRY: Final = _(
    "To see help near you too, name your country, for example: hashclient services --country England"
)
ONE_LIST_ALONE: Final = _("For one of the two lists alone: --for under-18, or --for adult.")
UNKNOWN_LANGUAGE: Final = _p("error", "We do not know a language of this code.")
USE_A_LANGUAGE_CODE: Final = _(
    "Use a code, such as es or ar, after --language. What is shown above is in no order of languages."
)

# The table of the page for people.

TABLE_HEAD: Final = (_("where"), _("for whom"), _("who"), _("what to know"))
ANY_COUNTRY: Final = _("any country")
FOR_WHOM: Final[Mapping[str, Message]] = {
    "adult": _("adults"),
    "under-18": _("under 18 when it was made"),
    "any": _("any age"),
}
"""Whose images a service is for."""

# How far it was checked.

NOT_YET_CHECKED: Final = _("Not yet checked by a person.")
NOT_ALL_CHECKED: Final = _("Where no check is named: not yet checked by a person.")
LAST_LOOKED_AT: Final = _("Last looked at {date}.")
LOOKED_AT_BETWEEN: Final = _("Last looked at between {first} and {last}.")
PLEASE_COMPARE: Final = _("Please compare with the service's own page.")
CHECKED: Final = _("Checked {date}.")
DATE: Final = _("{day} {month} {year}")
MONTH: Final = _("{month} {year}")
MONTHS: Final = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)

# One service.

RECEIVES_IMAGE: Final = _p("hand_off", "This service receives the image itself.")
TELEPHONE: Final = _("Telephone: {phone}.")
MESSAGES_TO: Final = _("Number for messages: {phone}.")
HOURS: Final = _("Hours: {hours}.")
HOURS_UNKNOWN: Final = _("Hours: not known.")
LANGUAGES: Final = _("Languages: {languages}.")
LANGUAGES_AND_MORE: Final = _n("Languages: {languages}, and {count} more.", "Languages: {languages}, and {count} more.")
LANGUAGES_UNKNOWN: Final = _("Languages: not known.")
BETWEEN_NAMES: Final = _(", ")
"""Between the names or numbers of a row."""
ALL_DAY: Final = _("day and night")
HOUR_WORDS: Final[Mapping[str, Message]] = {
    "24/7": ALL_DAY,
    "every day": _("every day"),
    "not bank holidays": _("not on bank holidays"),
    "chat": _("by chat"),
    "Mon": _("Mon"),
    "Tue": _("Tue"),
    "Wed": _("Wed"),
    "Thu": _("Thu"),
    "Fri": _("Fri"),
    "Sat": _("Sat"),
    "Sun": _("Sun"),
}
"""The words that hours may have in the data, beside figures; what has others is for maintainers, and not shown."""
PRIVACY_NOT_STATED: Final = _("What it keeps private is not stated.")
SAID_OF_PRIVACY: Final[Mapping[str, Message]] = {
    "ncmec-tid": _("It says that it asks nothing about you."),
    "report-remove": _("You need an account at Childline, for which you need not give your real name."),
    "inhope": _("It says that you need not give your name."),
    "stopncii": _("It asks for no name. You get a case number and a PIN. Nobody can recover them."),
    "rph": _("It is said to keep what you tell it private."),
    "esafety": _("You need not give your name, but it asks how it can answer you."),
    "netsafe": _("It says that it is free and keeps what you tell it private."),
    "bc-iips": _("It says that it shares nothing unless you allow it. There are exceptions."),
    "fr-3018": _(
        "It says that it is free, that you need not give your name, and that it keeps what you tell it private."
    ),
    "fr-disrupt": _("You need not give your name."),
    "de-hateaid": _(
        "It says that it is free and keeps what you tell it private. The first time you need not give your name."
    ),
    "br-safernet": _(
        "It says that you need not give your name and that it keeps what you tell it secret. It tells the authorities only of grave violence to a child."
    ),
    "in-meri": _("Whether it keeps what you tell it private was not checked."),
    "in-nccrp": _("In matters about women and children you can leave your name out."),
    "kr-d4u": _("It says that it keeps what you tell it secret."),
    "google-ncsei": _("It is said to ask for your name, your country and your e-mail."),
    "es-017": _("It says that it is free and keeps what you tell it private."),
    "es-aepd": _(
        "It is said to ask who you are, with an electronic ID or on paper. From 14 to 17 there is a way of its own."
    ),
    "fr-116006": _("It is said to be free, and you need not give your name."),
    "be-iefh": _("Its advice is said to stay private."),
    "ma-eblagh": _("It is said that you need not say who you are."),
    "eg-ncw": _("It is said to keep your data secret."),
    "ie-hotline": _("It is said that you can report without your name."),
    "nl-helpwanted": _("It says that it is free and that you need not give your name."),
    "it-garante": _("It is said to ask who you are: by SPID, CIE or eIDAS, or by a signed form sent by PEC."),
    "jp-safeline": _("It asks for an e-mail address, to confirm what you say."),
    "us-victimconnect": _(
        "It says that it keeps what you tell it private, but not the abuse of a child or of an adult who needs protection, nor the wish to harm oneself."
    ),
}
"""What a person is told of what a service keeps private, by its id; those that say nothing of it are not here."""
SERVICE_NOTES: Final[Mapping[str, Message]] = {
    # On hand-offs.
    "ncmec-tid": _p(
        "hand_off",
        "Makes fingerprints on your device, for any country, whatever the age today. Take It Down sees the name of the file.",
    ),
    "ncmec-cyber": _p("hand_off", "If you do not have the file, or one exact post must go."),
    "inhope": _p("hand_off", "Knows the hotline of each country that has one."),
    "google-ncsei": _p(
        "hand_off",
        "Takes results out of Search, not the page itself. It has a form of its own for images of under-18s.",
    ),
    "report-remove": _p(
        "hand_off",
        "For people who are under 18 now, in the UK. From 13 on it may ask you to prove your age with an ID.",
    ),
    "iwf": _p("hand_off", "Takes the page address only."),
    "cybertip-ca": _p("hand_off", "For images of under-18s, in Canada."),
    "cyberaide-ca": _p("hand_off", "The French side of Cybertip.ca, with a number of its own."),
    "esafety": _p("hand_off", "For people in Australia. A parent asks for someone under 16."),
    "netsafe": _p("hand_off", "For people in New Zealand, of any age."),
    "fr-3018": _p("hand_off", "For young people and parents in France; adults can ask too."),
    "fr-disrupt": _p(
        "hand_off",
        "It asks for your age. Staff who are given the image make its fingerprint and then delete it.",
    ),
    "be-childfocus": _p("hand_off", "For images of under-18s, in Belgium."),
    "nl-helpwanted": _p(
        "hand_off",
        "For people in the Netherlands, of any age. It may ask for an image and an identity document.",
    ),
    "ie-hotline": _p("hand_off", "For images of adults, and for images of under-18s, in Ireland."),
    "es-017": _p(
        "hand_off", "Gives advice in Spain, to under-18s too. It can help you to report, but takes no reports itself."
    ),
    "it-garante": _p(
        "hand_off", "From 14 on you can ask yourself; below that, a parent asks. Before it is shared, or after."
    ),
    "in-meri": _p("hand_off", "For children, and those around them, in India."),
    "in-nccrp": _p("hand_off", "The government's portal, for all ages. What you report there may go to the police."),
    "kr-d4u": _p("hand_off", "For any age; family may help. It may ask for an image and an identity document."),
    "br-safernet": _p("hand_off", "By chat and e-mail, in Brazil."),
    "ma-eblagh": _p("hand_off", "The police's page for illegal content online, blackmail with images too."),
    # For adults alone.
    "stopncii": _("Makes fingerprints on your device, for adults, in any country. A tool, not a helpline."),
    "rph": _("Helpline staff in the UK. An answer may take some time."),
    "ccri": _("A helpline for all states and territories of the United States."),
    "ftc-tida": _("A complaint about a platform that did not act on a valid request. Ask the platform first."),
    "bc-iips": _("For people in British Columbia."),
    "de-hateaid": _("Does not handle images of under-18s; it refers them on."),
    "bing-report": _("Takes results out of Bing, not the page itself."),
    "es-aepd": _("The authority for data protection. It can order removal. It asks you to tell the platform first."),
    "mx-079": _("For women who face violence online. What it does for others is not known."),
    "ar-137": _("For violence in the family and sexual violence. Whether it helps with images online was not checked."),
    "pe-100": _("For violence in the family and sexual violence. Whether it helps with images online was not checked."),
    "bo-sosdigital": _("By WhatsApp, Signal or Telegram. It has one way for adults and one for under-18s."),
    "fr-116006": _(
        "For everyone who was harmed by a crime: they listen and explain your rights. From abroad, use the second number."
    ),
    "be-iefh": _("For adults of any sex: images that were shared, threats to share them, secret pictures, and fakes."),
    "eg-ncw": _("For women: lawyers explain the way, and may follow the case. It is said to take your name."),
    "smex": _(
        "By WhatsApp or Signal, in writing or by voice. It is not the police. It says that it first serves people who defend "
        "rights, the media, and groups at risk."
    ),
    "jp-safeline": _(
        "Asks sites in Japan and abroad to remove it, but cannot promise that all of it goes. Only the person shown can ask, "
        "or the guardian of a child."
    ),
    "us-victimconnect": _("For people in the US who were harmed by any crime: it tells you who can help."),
}
"""What a person is told about a service, by its id."""

# The country.

TYPE_A_COUNTRY: Final = _("Its name or its code, for example England or GB; or Enter to skip:")
UNKNOWN_COUNTRY: Final = _p("error", "We do not know a country of this name.")
MEANS_SEVERAL: Final = _p("error", "More than one country has this name: {countries}.")
DID_YOU_MEAN_COUNTRY: Final = _("Did you mean: {countries}?")
COUNTRIES_WITH_ROWS: Final = _("We know of help in these: {countries}.")
ASKED_ONCE_MORE: Final = _("Please type it once more, or press Enter to skip.")
USE_ANOTHER_NAME: Final = _(
    "Above are the services that work everywhere. For those of your country, name it in another way, or by its code."
)
WITHOUT_A_COUNTRY: Final = _("We go on without a country.")
NAME_WITH_CODE: Final = _("{name} ({code})")

# Crisis lines.

CRISIS_LINE: Final = _("Crisis line: {number}.")
EMERGENCY_NUMBER: Final = _("Emergency number: {number}.")
NO_CHECKED_NUMBER: Final = _(
    "We have no checked number for your country yet. Your emergency number, a doctor, or someone you trust can help you "
    "find one."
)

# For maintainers.

STILL_TO_LOOK_AT: Final = _n(
    "{count} entry of {total} was not checked by a person within 180 days.",
    "{count} entries of {total} were not checked by a person within 180 days.",
)

SHOWN_LANGUAGES: Final = 5
_HOURS: Final = "|".join(re.escape(word) for word in sorted(HOUR_WORDS, key=len, reverse=True))
_FIGURES: Final = r"[\d:,;\- ]*"


def lines_of_service(service: "Service", *, language: str | None = None, today: "date") -> Iterator[Message | str]:
    """Yield what a person needs to know of a service besides its name, each a paragraph: where, what for, when, for whom.

    Args:
        service: the row.
        language: the reader's, which is named first among those that the service speaks.
        today: the day by which its check is judged to be still valid.
    """
    if service.url:
        yield service.url
    if reached := joined(*_reached_by(service)):
        yield reached
    yield joined(SERVICE_NOTES[service.id], RECEIVES_IMAGE if service.receives_image else "")
    if service.kind == "police":
        yield BESIDE_POLICE
    yield joined(_languages(service, language), SAID_OF_PRIVACY.get(service.id, PRIVACY_NOT_STATED))
    if service.is_checked(today=today):
        yield CHECKED.format(date=day_in_words(service.checked_on))


def how_checked(shown: Sequence["Service"], *, today: "date") -> Message | None:
    """Return the one line that says how far the rows of a list were checked; None where each row says it of itself."""
    days = sorted(service.checked_on for service in shown if not service.is_checked(today=today))
    if not days:
        return None
    first, last = day_in_words(days[0]), day_in_words(days[-1])
    return joined(
        NOT_YET_CHECKED if len(days) == len(shown) else NOT_ALL_CHECKED,
        LAST_LOOKED_AT.format(date=first) if days[0] == days[-1] else LOOKED_AT_BETWEEN.format(first=first, last=last),
        PLEASE_COMPARE,
    )


def where_it_helps(shown: Sequence["Service"], country: str | None) -> Message | None:
    """Return what is said before a list that has no row of the country, or None where it has one or none was named."""
    from hashclient.guidance import countries
    from hashclient.guidance.services import countries_with_rows

    if country is None or any(country in service.countries for service in shown):
        return None
    is_known = country in countries_with_rows()
    return (NONE_FOR_THIS if is_known else NO_LOCAL_HELP).format(country=countries.name_of(country))


def line_of_crisis(line: "CrisisLine") -> Message:
    """Return a crisis or emergency line that may be shown, in words."""
    number = (CRISIS_LINE if line.kind == "crisis" else EMERGENCY_NUMBER).format(number=line.number)
    return joined(number, _hours(line.hours), _languages(line, None))


def day_in_words(day: "date") -> Message:
    """Return a day in words."""
    return DATE.format(day=day.day, month=MONTHS[day.month - 1], year=day.year)


def month_in_words(day: "date") -> Message:
    """Return the month and the year of a day in words."""
    return MONTH.format(month=MONTHS[day.month - 1], year=day.year)


def with_codes(codes: Sequence[str]) -> str:
    """Return the names of countries, each with its code, in the order in which they are given."""
    from hashclient.guidance import countries

    return _in_a_row([NAME_WITH_CODE.format(name=countries.name_of(code), code=code) for code in codes])


def unknown_country(typed: str) -> Message:
    """Return what is said to somebody who named a country that is not known, or that may be more than one.

    Nothing of what was typed is repeated.
    """
    from hashclient.guidance import countries

    if meant := countries.meant_by(typed):
        return MEANS_SEVERAL.format(countries=with_codes(meant))
    close = countries.close_to(typed)
    return joined(UNKNOWN_COUNTRY, DID_YOU_MEAN_COUNTRY.format(countries=with_codes(close)) if close else "")


def hours_in_pieces(hours: str) -> list[str]:
    """Return hours as words and what stands between them, to be joined; none where the data has words for maintainers."""
    if not re.fullmatch(_FIGURES, re.sub(_HOURS, "", hours)):
        return []
    return [HOUR_WORDS.get(piece, piece) for piece in re.split(f"({_HOURS})", hours) if piece]


def _reached_by(service: "Service") -> Iterator[Message]:
    """Yield the numbers and the hours, where there is a number, somebody to talk to, or hours that are known."""
    if service.phone:
        yield (TELEPHONE if "phone" in service.takes else MESSAGES_TO).format(phone=_in_a_row(service.phone))
    if service.phone or service.has_people or service.hours:
        yield _hours(service.hours)


def _hours(hours: str) -> Message:
    """Return hours in words; where the data has words that are for maintainers, they are not known."""
    pieces = hours_in_pieces(hours)
    return HOURS.format(hours="".join(map(str, pieces))) if pieces else HOURS_UNKNOWN


def _languages(row: "Service | CrisisLine", language: str | None) -> Message:
    from hashclient.guidance import countries

    if not row.languages:
        return LANGUAGES_UNKNOWN
    first = [code for code in row.languages if language and code.split("-")[0] == language.split("-")[0]]
    names = [countries.language_name(code) for code in dict.fromkeys((*first, *row.languages))]
    if (more := len(names) - SHOWN_LANGUAGES) <= 1:
        return LANGUAGES.format(languages=_in_a_row(names))
    return LANGUAGES_AND_MORE.format(languages=_in_a_row(names[:SHOWN_LANGUAGES]), count=more)


def _in_a_row(words: Sequence[str]) -> str:
    return str(BETWEEN_NAMES).join(map(str, words))
