"""Hold the screens that people read, the same for a page and for a terminal, with where each choice leads.

A screen stands once, in plain English, as data: a title, parts, choices. `parts` says what these are and when each is
shown; the words are in `safety`, `outcomes`, `tasks` and `small`, the eight safety actions in `actions`, and what names keys
or commands in `terminal`. What only a page has stands in `frame`, `files` and `request`. Questions are in `hashclient.guidance.questions`, the way from one to the next in `triage`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hashclient.guidance.screens.actions import ACTIONS, ACTIONS_TITLE, ACTIONS_UNDER_18, POLICE_CAUTION
from hashclient.guidance.screens.files import FILE_SCREENS
from hashclient.guidance.screens.outcomes import OUTCOMES, PRINT
from hashclient.guidance.screens.parts import Choice, Kind, Part, Screen, When, is_shown
from hashclient.guidance.screens.request import REQUEST_SCREENS
from hashclient.guidance.screens.safety import SAFETY
from hashclient.guidance.screens.small import OTHERS_SEE, SMALL
from hashclient.guidance.screens.tasks import LIST_AND_TASKS, MARKED_DONE, NOT_STARTED, ROWS, Row

SCREENS: Final[Mapping[str, Screen]] = MappingProxyType(
    {screen.id: screen for screen in (*SAFETY, *OUTCOMES, *LIST_AND_TASKS, *SMALL)}
)
"""Every screen that a terminal has too, by its id."""
PAGE_SCREENS: Final[Mapping[str, Screen]] = MappingProxyType(
    {screen.id: screen for screen in (*FILE_SCREENS, *REQUEST_SCREENS)}
)
"""Every screen that only a page has: at a terminal, verbs of their own do what is done there."""
ELSEWHERE: Final = frozenset(
    {"limits", "status_in", "withdraw", "notice_law", "notice_dmca_warning", "search_google", "search_bing"}
)
"""Screens to which a choice leads and whose words are with the files, the request or the notices."""
ACTS: Final = frozenset({"back", "start_again", "print", "enter_address", "save"})
"""What a choice does where it leads to no screen: go one screen back, forget everything and begin anew, print, ask for an
address, write a file."""
DEEDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "ask_service": (),
    "as_file": (),
    "files_chosen": (),
    "stop_all": (),
    "show_all": (),
    "fewer": (),
    "declare": (),
    "declare_for_file": (),
    "copy_codes": (),
    "compare_codes": ("codes",),
    "send": ("sent", "not_sent", "refused", "not_confirmed", "taken_back", "review", "own_fault"),
    "save_file": (),
    "new_codes": (),
    "calendar": (),
    "ask_status": (),
    "withdraw": ("not_confirmed_w", "status_in"),
    "set_service": ("status_in",),
})  # fmt: skip
"""What is done before a choice of a page leads on, with where it may lead instead: how sending ends, two codes that are not
the same, an address that was needed to look at a case. Elsewhere, where it fails, the screen stays and says an error of its own."""
HASHING_LEADS_TO: Final = ("review", "inner", "none_usable", "hashing", "per_file")
"""Where the screen of hashing goes by itself: some files can be used, one has a picture inside, none can be used, one stopped and the rest goes on, or one is still to be asked about."""

__all__ = [
    "ACTIONS", "ACTIONS_TITLE", "ACTIONS_UNDER_18", "ACTS", "DEEDS", "ELSEWHERE", "HASHING_LEADS_TO", "MARKED_DONE", "NOT_STARTED", "OTHERS_SEE", "PAGE_SCREENS", "POLICE_CAUTION", "PRINT", "ROWS", "SCREENS",
    "Choice", "Kind", "Part", "Row", "Screen", "When", "is_shown",
]  # fmt: skip
