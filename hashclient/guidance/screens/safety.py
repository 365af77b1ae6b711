"""Hold the first screens: the start, help now, and the two on the way to the question of age."""

from typing import Final

from hashclient.guidance import service_words, texts
from hashclient.guidance.screens import terminal
from hashclient.guidance.screens.parts import Kind, Screen, When, care, choice, place, words
from hashclient.messages import _, _p, joined

HELP_NOW: Final = _("Help now")
WHO_CAN_HELP: Final = _("Who can help")
JUST_SHOW_ME: Final = _("Just show me who can help")
WHAT_OTHERS_SEE: Final = _("What others can see")
_SAFER_WAY: Final = _("A safer way to do this")
STOP_FOR_NOW: Final = _("Stop for now")
BACK_WHERE_I_WAS: Final = choice(_("Back to where I was"), "back")
BACK_TO_LIST: Final = _("Back to your list")
TO_LIST: Final = (
    choice(BACK_TO_LIST, "LIST", When.LISTED),
    choice(_("Back to the start"), "start", When.NOT_LISTED),
)
"""Where there is no list yet, the start stands in its place."""

_PAGE_MAKES: Final = _(
    "This page makes a fingerprint of the picture: a row of letters and numbers. It does this on this device."
)
_PROGRAM_MAKES: Final = _(
    "This program makes a fingerprint of the picture: a row of letters and numbers. It does this on this device."
)
_CAN_USE_IT: Final = _("Companies that take part can use it to notice the picture.")
_NONE_SET_UP: Final = _("No service is set up here yet. We show the services that you can use today.")
_PICTURE_STAYS: Final = _("The picture stays with you.")

SAFETY: Final = (
    Screen(
        "start",
        _("Take your time. You decide every step."),
        (
            words(
                joined(
                    _("Someone shared a private picture of you, or says they will. Or they made a fake one."),
                    texts.NOT_YOUR_FAULT,
                )
            ),
            *(
                words(joined(makes, then, _PICTURE_STAYS), face, service)
                for face, makes in ((When.PAGE, _PAGE_MAKES), (When.TERMINAL, _PROGRAM_MAKES))
                for service, then in ((When.SERVICE, _CAN_USE_IT), (When.NO_SERVICE, _NONE_SET_UP))
            ),
            care(
                _(
                    "If you are in danger, or thinking of ending your life, please call your local emergency number or "
                    "crisis line now."
                ),
                row="help_now",
            ),
            place(Kind.DOORS, When.PAGE, row="safe_now HAND_OFF talk status_in"),
            words(
                _p(
                    "exit",
                    "Leaving fast. The red button is always at the top. Pressing Shift three times does the same. The page "
                    "goes blank and forgets what you entered, case numbers too. It cannot erase your browser history. It "
                    "cannot stop someone who watches this device or put spyware on it.",
                ),
                When.PAGE,
                kind=Kind.CARD,
            )._replace(row="safer_device"),
            words(terminal.LEAVING_FAST, When.TERMINAL, kind=Kind.CARD),
        ),
        (
            choice(
                _("Start"),
                "safe_now",
                note=_("A few questions first. You can skip most of them, and stop at any time."),
            ),
            choice(
                _p("age_gate", "Someone in the picture was under 18, or may have been"),
                "HAND_OFF",
                note=_p("age_gate", "Even if they are an adult now. We show who can help."),
            ),
            choice(JUST_SHOW_ME, "talk", note=_("People to talk to, by country.")),
            choice(_("I already have a case number"), "status_in", note=_("See your request, or take it back.")),
            choice(HELP_NOW, "help_now"),
            choice(_SAFER_WAY, "safer_device"),
            choice(WHAT_OTHERS_SEE, "others_see", When.TERMINAL),
        ),
    ),
    Screen(
        "help_now",
        HELP_NOW,
        (
            words(_("Call your local emergency number if you or someone near you is in danger.")),
            words(
                _(
                    "If you think of ending your life, or cannot bear it: a crisis line listens, day or night. You need not "
                    "say your name."
                )
            ),
            place(Kind.CRISIS_LINES),
            words(service_words.NO_CHECKED_NUMBER, When.NO_CRISIS_LINE),
            words(_("Feeling numb, sick, ashamed or angry is normal after this. It gets lighter with help.")),
            words(
                _(
                    "Three things for this minute: put both feet on the floor. Breathe out slowly, longer than you breathe "
                    "in. Look for five things you can see."
                )
            ),
        ),
        (BACK_WHERE_I_WAS, choice(JUST_SHOW_ME, "talk")),
    ),
    Screen(
        "emergency",
        _("You come first"),
        (
            care(_("If someone may hurt you, call your local emergency number, or go where there are other people.")),
            words(_("This page can wait. Nothing here runs out."), When.PAGE),
            words(_("This can wait. Nothing here runs out."), When.TERMINAL),
            words(_("If you live with the person, you need not do anything on this device today.")),
        ),
        (
            choice(HELP_NOW, "help_now"),
            choice(_("I can go on"), "device"),
            choice(STOP_FOR_NOW, "ended"),
        ),
    ),
    Screen(
        "safer_device",
        _SAFER_WAY,
        (
            words(
                _(
                    "Use a device that they have never had: a friend's, or one in a library. A new, separate e-mail account "
                    "helps too."
                )
            ),
            words(
                _(
                    "If you change passwords or delete things on a watched device, they may notice. You may want to talk to "
                    "a helpline first."
                )
            ),
            words(
                _p(
                    "exit",
                    "The exit button hides this page from someone who walks in. It does not hide it from a watching program.",
                ),
                When.PAGE,
            ),
            words(
                _p(
                    "exit",
                    "This page keeps nothing on disk. But your browser may remember the address, and a saved file or a "
                    "program can be seen.",
                ),
                When.PAGE,
            ),
            words(terminal.HIDING, When.TERMINAL),
            words(terminal.WHAT_STAYS, When.TERMINAL),
        ),
        (
            choice(_("I can go on here"), "age"),
            choice(WHO_CAN_HELP, "talk"),
            choice(STOP_FOR_NOW, "ended"),
        ),
    ),
)
