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
    ONLY_SAVED = "only_saved"
    """The request stands in a file, and was not sent."""
    FILES_DROPPED = "files_dropped"
    """Files had been chosen, and nothing was sent."""
    ENDED_BEFORE = "ended_before"
    """A request was sent earlier in this visit, and was refused or taken back."""
    NO_FILE = "no_file"
    """No file was opened and nothing was sent."""
    SENT_BEFORE = "sent_before"
    """A request was sent earlier in this visit."""
    OUR_FAULT_UNSENT = "our_fault_unsent"
    OUR_FAULT_UNKNOWN = "our_fault_unknown"
    """After a fault of ours it is not known whether something was sent."""
    OUR_FAULT_AFTER = "our_fault_after"
    """After a fault of ours; something was sent before it."""
    TYPED_ADDRESS = "typed_address"
    """The address of the service was typed by the person."""
    FIT = "fit"
    """The browser does not change pictures, as far as is known."""
    NOT_FIT = "not_fit"
    UNREACHABLE = "unreachable"
    """The service was asked, and did not answer or takes nothing from here."""
    TO_FILE = "to_file"
    """The request is to be saved, and not sent."""
    TO_SERVICE = "to_service"
    NOT_SEALED = "not_sealed"
    KEY_NOT_KNOWN = "key_not_known"
    """No key of the service was named beforehand."""
    REPOSTS_FOUND = "reposts_found"
    """Fingerprints of likely re-posts were made, which can be left out."""
    VIDEOS_LOOK_ALIKE = "videos_look_alike"
    """There is a video, and the service compares frames."""
    VIDEOS_SAME_FILE = "videos_same_file"
    """There is a video, and the service takes only the digest of the file."""
    FIRST_TRY = "first_try"
    """No earlier try of the number ended without an answer."""
    EARLIER_TRY = "earlier_try"
    WAS_WITHDRAWN = "was_withdrawn"
    WAS_DELETED = "was_deleted"
    COPIES_GO_AT_ONCE = "copies_go_at_once"
    """The service says that copies for platforms go within 0 days; the next two: 1 day, more days."""
    COPIES_GO_IN_A_DAY = "copies_go_in_a_day"
    COPIES_GO_IN_DAYS = "copies_go_in_days"
    STILL_HELD = "still_held"
    """The service holds the request, as far as it says."""
    NOT_BLOCKED = "not_blocked"
    """A platform looked at a copy and left it."""
    NOT_TICKED = "not_ticked"
    """One of the declarations was left open."""


class Kind(StrEnum):
    """How a part is shown, or what a face puts in its place."""

    WORDS = "words"
    HEADING = "heading"
    CARE = "care"
    """A box that stands out: safety comes first. A choice that `row` names stands in it."""
    CARD = "card"
    """A quieter box, as that."""
    ITEM = "item"
    """One of several points."""
    STAYS = "stays"
    """One of several things that do not go."""
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
    ERROR = "error"
    """Said only where something cannot go on; `row` says what."""
    CHOICES = "choices"
    """The choices that `row` names stand here, and not at the end: by what they do, else where they lead, with blanks between."""
    DOORS = "doors"
    """Choices as that, each large and with its note."""
    FIELD = "field"
    """One line to type into; `row` is its id."""
    FILES = "files"
    """The list of files is in sight: it has a frame of its own, which stands beneath the title."""
    QUESTION = "question"
    """A question about one file, by `row`."""
    PROGRESS = "progress"
    """How far each file is."""
    REASONS = "reasons"
    """Why each file cannot be used."""
    REASON = "reason"
    """Why it was not sent, or refused."""
    SERVICE = "service"
    """What the service says of itself."""
    GOES = "goes"
    """What would be sent, by kind and number."""
    GOES_IN_SHORT = "goes_in_short"
    """The same in one sentence."""
    LEFT_OUT = "left_out"
    """Fingerprints that do not go, and why."""
    DECLARATIONS = "declarations"
    """The four declarations, each to be ticked."""
    CODES = "codes"
    """Case number and PIN."""
    STATE = "state"
    """The state of a case, and what platforms answered."""
    SETTINGS = "settings"


class Part(NamedTuple):
    """A paragraph of a screen, or a place that a face fills."""

    kind: Kind
    words: Message | None = None
    when: AbstractSet[When] = frozenset()
    """Shown if all of them are so."""
    row: str = ""
    """Id of a service, for `ADDRESS`; of a field, a question, an error or choices."""


class Choice(NamedTuple):
    """Something to choose at the end of a screen, and where it leads: a question, a screen, an outcome or an act."""

    words: str
    to: str
    note: str | None = None
    when: AbstractSet[When] = frozenset()
    sets: tuple[str, str] | None = None
    """A question and the answer that goes with this choice, where it says something new."""
    does: str = ""
    """What is done first, one of `DEEDS`; where it fails, the page stays or goes to what the deed names."""


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


def care(text: Message, *when: When, row: str = "") -> Part:
    """Make a box that stands out."""
    return Part(Kind.CARE, text, frozenset(when), row)


def item(text: Message, *when: When) -> Part:
    """Make one of several points."""
    return words(text, *when, kind=Kind.ITEM)


def error(id_: str, text: Message) -> Part:
    """Make what is said where something cannot go on."""
    return Part(Kind.ERROR, text, row=id_)


def place(kind: Kind, *when: When, heading: Message | None = None, row: str = "") -> Part:
    """Make a place that a face fills."""
    return Part(kind, heading, frozenset(when), row)


def choice(
    text: str, to: str, *when: When, note: str | None = None, sets: tuple[str, str] | None = None, does: str = ""
) -> Choice:
    """Make a choice."""
    return Choice(text, to, note, frozenset(when), sets, does)


def is_shown(part: Part | Choice, so: AbstractSet[When]) -> bool:
    """Tell whether a part or a choice is shown while some conditions are so."""
    return part.when <= so
