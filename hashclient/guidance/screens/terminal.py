"""Hold the words of the guide at a terminal that name keys or commands; a page has none of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hashclient.messages import Message, _, _n, _p, joined

LEAVING_FAST: Final = joined(
    _p(
        "exit",
        "Leaving fast. Type x and Enter wherever that letter is offered. The screen is cleared, the guide ends, and what you typed is forgotten.",
    ),
    _p(
        "exit",
        "It cannot clear what your terminal keeps to scroll back to, or its list of commands. It cannot stop someone who "
        "watches this device or put spyware on it.",
    ),
)
HIDING: Final = _p(
    "exit",
    "The letter x hides this from someone who walks in. It does not hide it from a watching program.",
)
WHAT_STAYS: Final = _p(
    "exit",
    "This guide keeps nothing on disk. But your terminal may keep what it showed, and its list of commands may hold "
    "'hashclient'. A program can be seen.",
)
KEYS: Final = _("b: back   h: help now   q: stop   x: clear the screen and leave")
TYPE_A_CHOICE: Final = _n("Type 1, or a letter:", "Type a number from 1 to {count}, or a letter:")
NOT_OFFERED: Final = _n(
    "That was not one of the answers. Please type 1, or one of these letters.",
    "That was not one of the answers. Please type a number from 1 to {count}, or one of these letters.",
)
NONE_KNOWN: Final = _(
    "We do not know yet who does this in your country. A helpline can tell you more: choose 'Talk to someone' on your list."
)
NOTHING_BEFORE: Final = _("There is nothing to go back to from here.")
ANSWERED_BEFORE: Final = _("Your answer before.")
TASK_WITH_LINE: Final = _("{task}: {line}")
MARK_DONE: Final = _("Mark it as done")
MARK_NOT_DONE: Final = _("Mark it as not done")
NEEDS_A_TERMINAL: Final = _("The guide asks questions, and there is no terminal to ask at. Nothing was sent.")
SERVICES_WITHOUT: Final = _("Run it in a terminal. 'hashclient services' shows who can help, without questions.")
COMMANDS: Final[Mapping[str, Message]] = MappingProxyType({
    "status_in": _(
        "Stop the guide with q. Then type 'hashclient status' to see your request, or 'hashclient withdraw' to take it back."
    ),
    "withdraw": _("Stop the guide with q. Then type 'hashclient withdraw' to take it back."),
    "save": _(
        "Stop the guide with q. Then type 'hashclient submit', the name of the picture, '--to-file' and a name for the new "
        "file. Nothing is sent."
    ),
})  # fmt: skip
"""What the guide says where a step has a command of its own, by where a choice leads."""
_COMES_BACK: Final = _("When that is done, you are back here.")
GOES_ON: Final[Mapping[str, Message]] = MappingProxyType({
    "limits": _(
        "Go on to choose your file. You see what fingerprints can and cannot do, and all that would be sent. Nothing is sent "
        "before you say so. The guide ends with it."
    ),
    "notice_law": joined(
        _("This helps you write a notice to the platform. It sends nothing: you send it yourself."), _COMES_BACK
    ),
    "notice_dmca_warning": joined(
        _("Before a copyright notice, this shows what it tells the other side."), _COMES_BACK
    ),
    "search_google": joined(_("This has the steps for Google."), _COMES_BACK),
    "search_bing": joined(_("This has the steps for Bing."), _COMES_BACK),
})  # fmt: skip
"""What the guide says before it goes on into such a step itself."""
GO_ON: Final = _("Go on")
