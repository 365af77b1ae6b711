"""Say what a screen consists of: parts and choices, each with the conditions under which it is shown."""

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import NamedTuple

from hashclient.messages import Message


class When(StrEnum):
    """What has to be so for a part or a choice to be shown. A face knows which of them are."""

    PAGE = "page"
    TERMINAL = "terminal"
    SERVICE = "service"
    """There is a service to send to."""
    NO_SERVICE = "no_service"
    FOR_SELF = "for_self"
    FOR_THEM = "for_them"
    """Somebody helps the person in the pictures."""
    NOT_INTIMATE = "not_intimate"
    POSTED_ELSEWHERE = "posted_elsewhere"
    AGREED_BEFORE = "agreed_before"
    AGE_ASKED = "age_asked"
    """And answered: everyone was 18 or over."""
    AGE_NOT_ASKED = "age_not_asked"
    LISTED = "listed"
    """There is a list to go back to."""
    NOT_LISTED = "not_listed"
    NO_CRISIS_LINE = "no_crisis_line"
    """No line of the country was checked."""
    PLATFORMS_KNOWN = "platforms_known"
    """What takes part with the service is known, and not too old to be said."""
    NO_LOCAL_HELP = "no_local_help"
    """Of a country that was named, no service is known."""
    FILES_DROPPED = "files_dropped"
    """Files had been chosen, and nothing was sent."""
    NO_FILE = "no_file"
    """No file was opened and nothing was sent."""
    SENT_BEFORE = "sent_before"
    """A request was sent earlier in this visit."""
    OUR_FAULT_UNSENT = "our_fault_unsent"
    OUR_FAULT_UNKNOWN = "our_fault_unknown"
    """After a fault of ours it is not known whether something was sent."""


class Kind(StrEnum):
    """How a part is shown, or what a face puts in its place."""

    WORDS = "words"
    HEADING = "heading"
    CARE = "care"
    """A box that stands out: safety comes first."""
    CARD = "card"
    """A quieter box."""
    ITEM = "item"
    """One of several points."""
    ACTIONS = "actions"
    """The eight safety actions for adults."""
    ACTIONS_UNDER_18 = "actions_under_18"
    TASKS = "tasks"
    """The tasks of the list, in the order of the plan."""
    CRISIS_LINES = "crisis_lines"
    """Lines of the country that were checked, and only those."""
    ROWS_UNDER_18 = "rows_under_18"
    """Services by country for pictures of under-18s."""
    ROWS_ADULT = "rows_adult"
    """Services by country for adults."""
    ROWS_POLICE = "rows_police"
    ROWS_LEGAL = "rows_legal"
    ADDRESS = "address"
    """The address of one service, by `row`."""


class Part(NamedTuple):
    """A paragraph of a screen, or a place that a face fills."""

    kind: Kind
    words: Message | None = None
    when: AbstractSet[When] = frozenset()
    """Shown if all of them are so."""
    row: str = ""
    """Id of a service, for `ADDRESS`."""


class Choice(NamedTuple):
    """Something to choose at the end of a screen, and where it leads: a question, a screen, an outcome or an act."""

    words: str
    to: str
    note: str | None = None
    when: AbstractSet[When] = frozenset()
    sets: tuple[str, str] | None = None
    """A question and the answer that goes with this choice, where it says something new."""


class Screen(NamedTuple):
    """One screen."""

    id: str
    title: Message | None
    """None where a page shows its words alone."""
    parts: tuple[Part, ...] = ()
    choices: tuple[Choice, ...] = ()


def words(text: Message, *when: When, kind: Kind = Kind.WORDS) -> Part:
    """Make a paragraph."""
    return Part(kind, text, frozenset(when))


def care(text: Message, *when: When) -> Part:
    """Make a box that stands out."""
    return words(text, *when, kind=Kind.CARE)


def item(text: Message, *when: When) -> Part:
    """Make one of several points."""
    return words(text, *when, kind=Kind.ITEM)


def place(kind: Kind, *when: When, heading: Message | None = None, row: str = "") -> Part:
    """Make a place that a face fills."""
    return Part(kind, heading, frozenset(when), row)


def choice(text: str, to: str, *when: When, note: str | None = None, sets: tuple[str, str] | None = None) -> Choice:
    """Make a choice."""
    return Choice(text, to, note, frozenset(when), sets)


def is_shown(part: Part | Choice, so: AbstractSet[When]) -> bool:
    """Tell whether a part or a choice is shown while some conditions are so."""
    return part.when <= so
