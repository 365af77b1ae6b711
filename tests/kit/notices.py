"""What the tests of notices share: what each law asks, written out from the project's own tables of elements, not from the code."""

from dataclasses import dataclass
from typing import Any

from hashclient.guidance.notices import REGIMES, Regime

Answers = dict[str, Any]
PAGES = ["https://site.example/view/1", "https://site.example/view/2"]
WHERE = {"addresses": PAGES}
IN_WORDS = {"account": "someone_1", "posted": "3 November 2026", "find": "the second post of that day"}
MAIL = {"email": "x7@mail.example"}
SIGNED = {"name": "Robin Example", "signed": "2026-11-25"}


def ticked(*statements: str) -> Answers:
    return {"statements": list(statements)}


@dataclass(frozen=True)
class Row:
    """One row of a table: by what it is met, and what a refusal without it speaks of."""

    met_by: tuple[Answers, ...]
    says: tuple[str, ...]
    """Words of the sentence by which it is refused."""
    who: tuple[str, ...] = ("self", "represented")
    besides: Answers | None = None
    """Answers under which it counts."""
    instead: Answers | None = None
    """Answers that stand there when it is missing, so that nothing else is."""


AUTHORITY = Row((ticked("authority"),), ("they may",), ("represented",))

TABLE: dict[str, dict[str, Row]] = {
    "us": {
        "U2": Row((SIGNED,), ("signature",)),
        "U3": Row((WHERE, IN_WORDS), ("where", "page address", "account")),
        "U4": Row((ticked("belief"),), ("good faith|belief of the person",)),
        "U5": Row(({"consent_shown": ["private"]}, {"own_words": "It was sent to one person."}), ("did not agree",)),
        "U6": Row((MAIL,), ("reach you", "e-mail")),
        "authority": AUTHORITY,
    },
    "uk": {
        "K1": Row((ticked("intimate"),), ("declare", "intimate")),
        "K2": Row((ticked("who_reports"),), ("declare", "person shown")),
        "K3": Row((ticked("good_faith"),), ("good faith",)),
        "K4": Row((WHERE, {"account": "someone_1", "find": "the second post"}), ("enough to find", "page address")),
        "K4-search": Row(
            (WHERE,),
            ("search engine", "page address"),
            besides={"site": "search"},
            instead={"account": "someone_1", "find": "the second post"},
        ),
        "K5": Row((MAIL,), ("reach you", "name")),
    },
    "eu": {
        "E1": Row(({"forged": "real"}, {"forged": "fake"}), ("illegal",)),
        "E2": Row((WHERE,), ("exact page address",)),
        "E4": Row((ticked("bona_fide"),), ("right and complete",)),
        "authority": AUTHORITY,
    },
    "dmca": {
        "warning": Row(({"warning": "read"},), ("warning",)),
        "D1": Row((SIGNED,), ("signature",)),
        "D2": Row(({"rights": "taken", "made": "June 2025"}, {"rights": "held", "made": "June 2025"}), ("which work",)),
        "D2-fake": Row((ticked("photo_alone"),), ("only your own photo",), besides={"forged": "fake"}),
        "D3": Row((WHERE,), ("page address",)),
        "D4": Row(({**MAIL, "contact": "+44 20 7946 0000"},), ("reach", "telephone")),
        "D5": Row((ticked("not_authorised"),), ("good faith", "not allowed")),
        "D6": Row((ticked("accurate"),), ("swear",)),
    },
    "in": {
        "I1": Row((WHERE,), ("page address",)),
        "I2": Row(({"who": "self"},), ("for whom",), ("self",)),
        "I3": Row(({"content": "nudity"}, {"content": "morphed"}), ("kind of picture",)),
        "I4": Row((MAIL,), ("e-mail",)),
        "authority": AUTHORITY,
    },
    "au": {
        "A1": Row(({"who": "self"},), ("who reports",), ("self",)),
        "A2": Row(({"link": "shown"}, {"link": "hosted"}), ("Australia",)),
        "A3": Row((WHERE, {"app": "an app", "account": "someone_1"}), ("page address", "account")),
        "A4": Row((MAIL,), ("e-mail", "No name")),
        "authority": AUTHORITY,
    },
    "google": {
        "G1": Row(({"who": "self"},), ("who you are",), ("self",)),
        "G1-relation": Row(({"relation": "a friend"},), ("who you are to them",), ("represented",)),
        "G2": Row((WHERE,), ("addresses",)),
        "G3": Row(({"land": "Spain"},), ("country",)),
        "G4": Row(({"name": "Robin Example", **MAIL},), ("name", "e-mail")),
        "G5": Row((ticked("shows"),), ("intimate pictures",)),
        "G6": Row((ticked("no_consent"),), ("consent",)),
        "G7": Row((ticked("not_paid"),), ("paid",)),
        "authority": AUTHORITY,
    },
    "bing": {
        "B1": Row((WHERE,), ("page address",)),
        "B3": Row((ticked("no_consent"),), ("agreed",)),
        "authority": AUTHORITY,
    },
    "br": {
        "R1": Row(({"who": "self"},), ("who gives notice",), ("self",)),
        "R2": Row((WHERE,), ("exact page address",)),
        "R3": Row((ticked("private"),), ("private pictures",)),
        "R4": Row((MAIL,), ("e-mail",)),
        "authority": AUTHORITY,
    },
}
"""What each law requires, by the key of the element."""

ALWAYS_MET = {"us": {"U1"}, "bing": {"B2"}}
"""Elements that every text of ours meets."""
CASES = [(law, key, who) for law, rows in TABLE.items() for key, row in rows.items() for who in row.who]


def merged(*answers: Answers | None) -> Answers:
    """Put answers together; ticks add up."""
    whole: Answers = {}
    for one in answers:
        ticks = [*whole.get("statements", ()), *(one or {}).get("statements", ())]
        whole |= one or {}
        whole |= {"statements": ticks} if ticks else {}
    return whole


def complete(law: str, who: str, *, without: str = "", besides: Answers | None = None) -> Answers:
    """Give answers that meet everything but one element."""
    rows = {
        key: row
        for key, row in TABLE[law].items()
        if who in row.who and key != without and (row.besides is None or row.besides.items() <= (besides or {}).items())
    }
    met = merged(besides, *(row.met_by[0] for row in rows.values()))
    answers = merged(met, {"who": who})
    if without:
        row = TABLE[law][without]
        for name in row.met_by[0].keys() - {"statements"}:
            answers.pop(name, None)
        answers = merged(answers, row.instead)
    return answers


def switched_on(law: str) -> Regime:
    """Give a law as it will be once somebody has read it."""
    return REGIMES[law]._replace(awaits=None)
