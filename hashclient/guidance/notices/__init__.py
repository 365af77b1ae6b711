"""Write takedown notices: what each law asks, as data, and whole texts from answers. Nothing is sent.

PURE: no disk, no network, no clock. `REGIMES` holds one profile a law, `build` writes a notice or names what is missing,
`offered` orders the laws for a country, and `as_data` gives all of it as JSON, for the page and other programs.

    >>> from hashclient.guidance.notices import REGIMES, build
    >>> notice = build(REGIMES["in"], adult=True, answers={
    ...     "addresses": ["https://site.example/1"], "who": "self", "content": "nudity", "email": "x1@mail.example",
    ... })
    >>> print(notice.text.splitlines()[0])
    To the Grievance Officer: complaint under rule 3(2)(b) of the IT Rules, 2021.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from hashclient.guidance.notices import words
from hashclient.guidance.notices.calendar import CALENDAR_TITLE
from hashclient.guidance.notices.choosing import COUNTRIES, FOR_ALL, REGIMES, offered
from hashclient.guidance.notices.generator import FINGERPRINT_SENTENCES, Notice, build
from hashclient.guidance.notices.regime import CONFIDENCE_MARKS, ByWho, Regime
from hashclient.messages import Message, Plural

__all__ = ["CALENDAR_TITLE", "FOR_ALL", "REGIMES", "Notice", "Regime", "as_data", "build", "offered"]


def in_english(words: Message | Plural) -> Any:
    """Return a sentence as a value: its English, or both forms of one that depends on a number."""
    return [words.singular, words.plural] if isinstance(words, Plural) else words.english


def as_data(put: Callable[[Message | Plural], Any] = in_english) -> dict[str, Any]:
    """Return every profile, screen and sentence as plain values that JSON can hold.

    A sentence that depends on who asks is an object with `self` and `represented`. Conditions (`only`, `unless`) are
    objects of answers by question, in which `*` stands for any answer.

    Args:
        put: returns what stands in the place of a sentence for people.
    """
    sentences = {name.lower(): value for name, value in vars(words).items() if isinstance(value, Message | Plural)}
    return {
        "version": 1,
        "laws": [_plain(one, put) | _state(one, put) for one in REGIMES.values()],
        "countries": {id_: sorted(codes) for id_, codes in COUNTRIES.items()},
        "marks": _plain(CONFIDENCE_MARKS, put),
        "fingerprints": _plain(FINGERPRINT_SENTENCES, put),
        "screens": _plain(words.NOTICE_SCREENS, put),
        "sentences": _plain(sentences, put),
    }


def _state(regime: Regime, put: Callable[[Message | Plural], Any]) -> dict[str, Any]:
    why_off = regime.why_off
    return {"is_on": why_off is None, "why_off": _plain(why_off, put), "confidence": regime.confidence.value}


def _plain(value: Any, put: Callable[[Message | Plural], Any]) -> Any:
    """Turn a value of this room into what JSON can hold."""
    match value:
        case Message() | Plural():
            return put(value)
        case ByWho(me=me, them=them):
            return {"self": _plain(me, put), "represented": _plain(them, put)}
        case Mapping():
            return {str(key): _plain(part, put) for key, part in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return {name: _plain(part, put) for name, part in value._asdict().items()}
        case tuple():
            return [_plain(part, put) for part in value]
        case timedelta():
            return int(value.total_seconds())
        case date():
            return value.isoformat()
    return value
