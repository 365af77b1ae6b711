"""Hold the small screens: what others see, the end, and those that only a page has."""

from typing import Final

from hashclient.guidance.screens.parts import Screen, When, choice, item, words
from hashclient.guidance.screens.safety import BACK_WHERE_I_WAS, TO_LIST, WHAT_OTHERS_SEE, WHO_CAN_HELP
from hashclient.messages import _, _p

OTHERS_SEE: Final = (
    _("The service can see the internet address you write from, unless you use Tor."),
    _("Whoever runs your Wi-Fi or internet can see that you contacted the service, and when."),
    _(
        "Someone who uses your device can see that this program is there. If you think they watch it, use a device they "
        "never had: a friend's, or one in a library."
    ),
    _("Someone who finds your case number and PIN can take your request back."),
    _("Spyware sees everything."),
    _(
        "A fingerprint is not the picture, but treat it as private. Experts have shown that a rough version of a picture can "
        "sometimes be made again from one. That is why it is closed so that only the service can read it."
    ),
)
"""The words of docs/for-people.md, "What others can see"."""
ON_YOUR_NETWORK: Final = _("Whoever runs your internet can see that you contacted it.")

SMALL: Final = (
    Screen(
        "others_see",
        WHAT_OTHERS_SEE,
        (
            *map(item, OTHERS_SEE),
            words(_("The service can see your internet address, and which browser and languages you use."), When.PAGE),
            words(ON_YOUR_NETWORK, When.PAGE),
            words(
                _("Your browser may remember this page's address. Add-ons in your browser can read everything here."),
                When.PAGE,
            ),
            words(
                _(
                    "Browsers such as Chrome may ask their maker what the fields of a page are for. They send codes for the "
                    "fields, not what you type. They do not ask about a saved file."
                ),
                When.PAGE,
            ),
            words(
                _(
                    "If someone else hosts this page, they could change it. A saved file that has the published number is as "
                    "safe as a program."
                ),
                When.PAGE,
            ),
        ),
        (BACK_WHERE_I_WAS,),
    ),
    Screen(
        "ended",
        _p("exit", "Closed"),
        (
            words(_p("exit", "Everything you entered was forgotten. You can close this window.")),
            words(_p("exit", "Your browser's history may still show this address."), When.PAGE),
            words(_p("exit", "Nothing was sent. This window may still show what stood in it."), When.TERMINAL),
        ),
    ),
    Screen(
        "forget",
        _p("exit", "Forget everything?"),
        (
            words(
                _p(
                    "exit",
                    "All answers, files and fingerprints on this page go now. What was sent stays sent.",
                )
            ),
        ),
        (choice(_p("exit", "Forget everything"), "ended"), choice(_p("exit", "Keep"), "back")),
    ),
    Screen("cover", None, (words(_p("exit", "Nothing is lost.")),), (choice(_p("exit", "Continue"), "back"),)),
    Screen(
        "closing",
        None,
        (words(_p("exit", "In 2 minutes this page forgets everything, because nobody used it.")),),
        (choice(_p("exit", "Keep everything"), "back"),),
    ),
    Screen(
        "own_fault",
        _p("error", "Something went wrong here"),
        (
            words(_p("error", "It was our fault. Nothing was sent."), When.OUR_FAULT_UNSENT),
            words(_p("error", "It was our fault. We do not know if anything was sent."), When.OUR_FAULT_UNKNOWN),
            words(_p("error", "It was our fault. What you sent before stays sent."), When.OUR_FAULT_AFTER),
        ),
        (*TO_LIST, choice(WHO_CAN_HELP, "talk")),
    ),
    Screen(
        "no_script",
        None,
        (
            words(
                _(
                    "Making fingerprints needs scripts in this browser. Without them you can read: who can help, what to do, "
                    "what this can do. Or run 'hashclient guide' in a terminal."
                )
            ),
        ),
        (choice(WHO_CAN_HELP, "talk"),),
    ),
)
