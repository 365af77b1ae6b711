"""Hold the screens that people read, the same for a page and for a terminal, with where each choice leads.

A screen stands once, in plain English, as data: a title, parts, choices. `parts` says what these are and when each is
shown; the words are in `safety`, `outcomes`, `tasks` and `small`, the eight safety actions in `actions`, and what names keys
or commands in `terminal`. Questions are in `hashclient.guidance.questions`, the way from one to the next in `triage`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hashclient.guidance.screens.actions import ACTIONS, ACTIONS_TITLE, ACTIONS_UNDER_18, POLICE_CAUTION
from hashclient.guidance.screens.outcomes import OUTCOMES
from hashclient.guidance.screens.parts import Choice, Kind, Part, Screen, When, is_shown
from hashclient.guidance.screens.safety import SAFETY
from hashclient.guidance.screens.small import OTHERS_SEE, SMALL
from hashclient.guidance.screens.tasks import LIST_AND_TASKS, MARKED_DONE, NOT_STARTED, ROWS, Row

SCREENS: Final[Mapping[str, Screen]] = MappingProxyType(
    {screen.id: screen for screen in (*SAFETY, *OUTCOMES, *LIST_AND_TASKS, *SMALL)}
)
"""Every screen, by its id."""
ELSEWHERE: Final = frozenset(
    {"limits", "status_in", "withdraw", "notice_law", "notice_dmca_warning", "search_google", "search_bing"}
)
"""Screens to which a choice leads and whose words are with the files, the request or the notices."""
ACTS: Final = frozenset({"back", "start_again", "print", "enter_address", "save"})
"""What a choice does where it leads to no screen: go one screen back, forget everything and begin anew, print, ask for an
address, write a file."""

__all__ = [
    "ACTIONS", "ACTIONS_TITLE", "ACTIONS_UNDER_18", "ACTS", "ELSEWHERE", "MARKED_DONE", "NOT_STARTED", "OTHERS_SEE", "POLICE_CAUTION", "ROWS", "SCREENS",
    "Choice", "Kind", "Part", "Row", "Screen", "When", "is_shown",
]  # fmt: skip
