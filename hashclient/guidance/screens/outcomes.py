"""Hold the screens on which the questions end without a list, and the one for people who help for a living."""

from typing import Final

from hashclient.guidance import texts
from hashclient.guidance.screens.actions import ACTIONS_TITLE
from hashclient.guidance.screens.parts import Kind, Screen, When, care, choice, place, words
from hashclient.guidance.screens.safety import WHO_CAN_HELP
from hashclient.messages import _, _p, joined

_START_AGAIN: Final = choice(_("Start again"), "start_again")
PRINT: Final = _("Print")
_FORGOTTEN: Final = _p("hand_off", "Everything you entered was forgotten.")

OUTCOMES: Final = (
    Screen(
        "HAND_OFF",
        _p("hand_off", "We stop here, to keep you and them safe"),
        (
            words(
                _p(
                    "hand_off",
                    "You have done nothing wrong. These people are there for exactly this.",
                )
            ),
            place(Kind.ROWS_UNDER_18, heading=WHO_CAN_HELP),
            words(_p("hand_off", "Is it online now?"), kind=Kind.HEADING),
            words(
                _p(
                    "hand_off",
                    "Give the page address to one of the hotlines above. They can ask the site to take it down. Sites must "
                    "act on pictures of under-18s in most countries.",
                ),
                When.PAGE,
            ),
            words(
                _p(
                    "hand_off",
                    "Give the page address to one of the hotlines below. They can ask the site to take it down. Sites must "
                    "act on pictures of under-18s in most countries.",
                ),
                When.TERMINAL,
            ),
            care(
                _p(
                    "hand_off",
                    "Keep addresses and messages only. Do not copy, screenshot, download or send the picture, even as proof. "
                    "Do not post it yourself.",
                ),
                When.PAGE,
            ),
            words(
                _p(
                    "hand_off",
                    "Tell an adult you trust, if you can. You are not in trouble for asking for help.",
                )
            ),
            words(_p("hand_off", "Don't pay, and don't send more. You do not have to answer."), When.PAGE),
            place(Kind.ACTIONS_UNDER_18, heading=ACTIONS_TITLE),
            words(joined(_FORGOTTEN, texts.STOPPED), When.NO_FILE),
            words(
                _p("hand_off", "We dropped the files and everything made from them. Nothing was sent."),
                When.FILES_DROPPED,
            ),
            words(_FORGOTTEN, When.ENDED_BEFORE),
            words(
                joined(
                    _FORGOTTEN,
                    _p(
                        "hand_off",
                        "What you sent before is still with {host}. With number and PIN you can take it back.",
                    ),
                ),
                When.SENT_BEFORE,
            ),
        ),
        (
            choice(_("Print this page"), "print", When.PAGE),
            choice(_("Take it back"), "withdraw", When.SENT_BEFORE),
            _START_AGAIN,
        ),
    ),
    Screen(
        "professional",
        _("For people who help for a living"),
        (
            words(
                _(
                    "Work with the person beside you, on a device you both chose, if they wish. Their number and PIN are "
                    "theirs: hand them over, keep no copy unless they ask you to."
                )
            ),
            words(_("Write no name into notes or file names.")),
            words(_("For many cases there is a command with a queue: see the guide for helplines."), When.PAGE),
        ),
        (choice(_("Go on"), "permission"),),
    ),
    Screen(
        "SUPPORT",
        _("How you can help them"),
        (
            words(_("Believe them. Say that it is not their fault. Ask what they want, and do only that.")),
            words(_("Do not look for the picture, and do not keep a copy.")),
            words(
                _(
                    "You can write down page addresses for them. You can sit with them while they use this page. You can read "
                    "the services below to them."
                ),
                When.PAGE,
            ),
            words(
                _(
                    "You can write down page addresses for them. You can sit with them while they use this program. You can "
                    "read the services below to them."
                ),
                When.TERMINAL,
            ),
            words(_("If you saw it online, you can report it to the site yourself.")),
            place(Kind.ACTIONS, heading=ACTIONS_TITLE),
            place(Kind.ROWS_ADULT, heading=WHO_CAN_HELP),
        ),
        (
            choice(PRINT, "print", When.PAGE),
            choice(_("They are here now and agree"), "permission", sets=("who", "asked_me")),
            _START_AGAIN,
        ),
    ),
    Screen(
        "OTHER_ROUTES",
        _("This tool may not fit, but there are other ways"),
        (
            words(
                _(
                    "Services for intimate pictures take only such pictures. The platform's own rules on privacy, bullying "
                    "or fake accounts may fit."
                ),
                When.NOT_INTIMATE,
            ),
            words(
                _(
                    "Whether this fits is not settled everywhere. A helpline can look at it with you. In Australia you can "
                    "object even if you agreed before."
                ),
                When.AGREED_BEFORE,
            ),
            words(
                _(
                    "If you took the picture, a copyright notice (DMCA) is often the way that works. Before that, read what "
                    "it tells the other side."
                ),
                When.POSTED_ELSEWHERE,
            ),
            place(Kind.ROWS_ADULT, heading=WHO_CAN_HELP),
            place(Kind.ACTIONS, heading=ACTIONS_TITLE),
        ),
        (
            choice(_("Before a copyright notice"), "notice_dmca_warning", When.POSTED_ELSEWHERE),
            choice(_("Back"), "back"),
        ),
    ),
)
