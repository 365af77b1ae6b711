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

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hashclient.guidance.notices import words
from hashclient.guidance.notices.choosing import COUNTRIES, REGIMES, offered
from hashclient.guidance.notices.generator import FINGERPRINT_SENTENCES, Notice, build
from hashclient.guidance.notices.regime import CONFIDENCE_MARKS, ByWho, Regime
from hashclient.messages import Message, Plural

__all__ = ["REGIMES", "Notice", "Regime", "as_data", "build", "offered"]


def as_data() -> dict[str, Any]:
    """Return every profile, screen and sentence as plain values that JSON can hold, in English.

    A sentence that depends on who asks is an object with `self` and `represented`. Conditions (`only`, `unless`) are
    objects of answers by question, in which `*` stands for any answer.
    """
    sentences = {name.lower(): value for name, value in vars(words).items() if isinstance(value, Message | Plural)}
    return {
        "version": 1,
        "laws": [_plain(one) | _state(one) for one in REGIMES.values()],
        "countries": {id_: sorted(codes) for id_, codes in COUNTRIES.items()},
        "marks": _plain(CONFIDENCE_MARKS),
        "fingerprints": _plain(FINGERPRINT_SENTENCES),
        "screens": _plain(words.NOTICE_SCREENS),
        "sentences": _plain(sentences),
    }


def _state(regime: Regime) -> dict[str, Any]:
    why_off = regime.why_off
    return {"is_on": why_off is None, "why_off": _plain(why_off), "confidence": regime.confidence.value}


def _plain(value: Any) -> Any:
    """Turn a value of this room into what JSON can hold."""
    match value:
        case Message():
            return value.english
        case ByWho(me=me, them=them):
            return {"self": _plain(me), "represented": _plain(them)}
        case Mapping():
            return {str(key): _plain(part) for key, part in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return {name: _plain(part) for name, part in value._asdict().items()}
        case tuple():
            return [_plain(part) for part in value]
        case timedelta():
            return int(value.total_seconds())
        case date():
            return value.isoformat()
        case Plural():
            return [value.singular, value.plural]
    return value
