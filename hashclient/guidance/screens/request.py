"""Hold the screens of a page on which a request is checked, sent, followed and taken back."""

from typing import Final

from hashclient.guidance import codes, declarations, endings, review, texts
from hashclient.guidance.screens.files import LIST_AGAIN, NOT_NOW, NOT_REACHED, SAVE_AS_FILE, TRY_AGAIN
from hashclient.guidance.screens.frame import TEXT_AND_COLOURS, TRUTH
from hashclient.guidance.screens.parts import Kind, Screen, When, care, choice, error, place, words
from hashclient.guidance.screens.safety import BACK_WHERE_I_WAS, TO_LIST
from hashclient.guidance.screens.small import ON_YOUR_NETWORK
from hashclient.guidance.screens.tasks import ENTER_ADDRESS, ROWS
from hashclient.guidance.triage import Task
from hashclient.messages import _, _n, _p, joined

COPY: Final = _("Copy")
FINGERPRINT_WITH_IT: Final = _("A fingerprint that goes with it")
SAVE_FINGERPRINT: Final = _("Save the fingerprint")
PRINT_ONE_SHEET: Final = _("Print one sheet")
_WHAT_NEXT: Final = choice(_("What next"), "what_next")
_SEE_REQUEST: Final = _("See your request")
_SKIP_CHECK: Final = _p("codes", "I have them on paper: skip the check")
_TAKE_BACK: Final = _("Take it back")
_KEEP_BOTH: Final = _p("sent", "Keep your number and PIN.")
_STOPNCII_ROW, _NOTICE_ROW, _SEARCH_ROW = ROWS[Task.STOPNCII], ROWS[Task.NOTICE], ROWS[Task.SEARCH]
_NUMBER_FIELD: Final = place(Kind.FIELD, heading=_p("codes", "Case number"), row="case_number")
_PIN_FIELD: Final = place(Kind.FIELD, heading=_p("codes", "PIN"), row="pin")

REPOSTS_OF: Final = _n(
    "{count} of the fingerprints is of a likely re-post: mirrored, cropped or framed.",
    "{count} of the fingerprints are of likely re-posts: mirrored, cropped or framed.",
)
WHOLE_FILES_OF: Final = _n(
    "{count} of the fingerprints is of a whole file (MD5), hidden notes included. It finds only exact copies.",
    "{count} of the fingerprints are of whole files (MD5), hidden notes included. They find only exact copies.",
)
FEWER: Final = _("Fewer fingerprints say less about the picture, and find fewer copies.")
NO_ADDRESS_OF_SERVICE: Final = _p(
    "error", "This is not the address of a service. It starts with https://. Nothing was sent."
)
SERVICE_ADDRESS: Final = _("Address of the service")
COMPARE_NOTE: Final = _("Compare both with your note. A number counts only after it was received.")
TOO_MANY: Final = _p("error", "Too many tries for now. This changes nothing in a case.")
AGAIN_IN_MINUTES: Final = _n("Try again in {count} minute.", "Try again in {count} minutes.")
AGAIN_IN_HOURS: Final = _n("Try again in {count} hour.", "Try again in {count} hours.")
"""By what the service said; an hour, where it said nothing."""

REQUEST_SCREENS: Final = (
    Screen(
        "review",
        _p("sent", "Check what would be sent"),
        (
            words(_p("sent", "Nothing goes before you say so on the last step.")),
            error("profile_changed", _p("error", "{host} now says something else about itself. Nothing was sent.")),
            error("profile_changed_later", endings.CHANGED_SINCE["submission"]),
            place(Kind.SERVICE, When.TO_SERVICE, heading=_p("sent", "To whom")),
            words(review.NOT_STOPNCII),
            place(Kind.GOES, heading=_p("sent", "What goes")),
            place(Kind.CHOICES, row="show_all fewer"),
            place(Kind.LEFT_OUT, heading=_p("sent", "What is left out")),
            words(FEWER, When.REPOSTS_FOUND),
            words(review.LOOKALIKE, When.VIDEOS_LOOK_ALIKE),
            words(texts.LIMITS[3], When.VIDEOS_SAME_FILE),
            words(_p("sent", "What stays here"), kind=Kind.HEADING),
            words(_p("sent", "The pictures"), kind=Kind.STAYS),
            words(_p("sent", "File names, folders, dates, place"), kind=Kind.STAYS),
            words(_p("sent", "Your name, e-mail and country"), kind=Kind.STAYS),
            words(_p("sent", "Your PIN"), kind=Kind.STAYS),
            words(_p("sent", "Anything else you answered"), kind=Kind.STAYS),
            words(_p("declarations", "Is each of these true?"), kind=Kind.HEADING),
            words(
                _p(
                    "declarations",
                    "They go with your request. Tick only what is true. If one is not, we show other ways.",
                )
            ),
            place(Kind.DECLARATIONS),
            words(declarations.NOT_AGREEING),
            error(
                "not_ticked",
                _p(
                    "declarations",
                    "To go on, each sentence has to be true and ticked. If one is not true, we show other ways.",
                ),
            ),
            words(_p("sent", "The service can see your internet address."), When.TO_SERVICE),
            words(ON_YOUR_NETWORK, When.TO_SERVICE),
            words(review.PLAIN, When.NOT_SEALED, When.TO_SERVICE),
            words(endings.WRITTEN_OPEN, When.NOT_SEALED, When.TO_FILE),
            words(
                _p(
                    "sent",
                    "Only the connection shows that this is {host}. You can go on. To be surer, ask the service another way "
                    "if this is its address.",
                ),
                When.KEY_NOT_KNOWN,
            ),
        ),
        (
            choice(_("Show every letter"), "review", does="show_all"),
            choice(_("Fewer fingerprints"), "review", When.REPOSTS_FOUND, does="fewer"),
            choice(_p("sent", "This is right, go on"), "codes", does="declare"),
            choice(_("Change something"), "choose_files"),
            choice(_("Save as a file instead"), "codes", When.TO_SERVICE, does="declare_for_file"),
            NOT_NOW,
            choice(_("Other ways"), "OTHER_ROUTES", When.NOT_TICKED),
        ),
    ),
    Screen(
        "codes",
        _p("codes", "Your case number and PIN"),
        (
            error("mismatch", codes.MISMATCH),
            words(_p("codes", "Write both down by hand now, before anything is sent.")),
            place(Kind.CODES),
            care(
                joined(
                    codes.NO_ONE,
                    _p("codes", "Not we, not the service."),
                    codes.WITHOUT_THEM,
                    _p("codes", "Anyone who finds both can take it back."),
                )
            ),
            words(codes.THEIRS, When.FOR_THEM),
            words(_p("codes", "They count only after the service has received your request.")),
            place(Kind.CHOICES, row="print copy_codes"),
        ),
        (
            choice(PRINT_ONE_SHEET, "print"),
            choice(COPY, "codes", does="copy_codes", note=_p("codes", "This device may keep what you copy.")),
            choice(_("Go on"), "check_note"),
            NOT_NOW,
        ),
    ),
    Screen(
        "check_note",
        _p("codes", "Check your note"),
        (
            words(
                _p(
                    "codes",
                    "Type both from your paper. You may paste. A slip does no harm: you can look again.",
                )
            ),
            _NUMBER_FIELD,
            _PIN_FIELD,
        ),
        (
            choice(_p("codes", "Check and go on"), "send", When.TO_SERVICE, does="compare_codes"),
            choice(_SKIP_CHECK, "send", When.TO_SERVICE),
            choice(_p("codes", "Check and go on"), "save_now", When.TO_FILE, does="compare_codes"),
            choice(_SKIP_CHECK, "save_now", When.TO_FILE),
        ),
    ),
    Screen(
        "send",
        endings.SEND_NOW,
        (place(Kind.GOES_IN_SHORT),),
        (choice(_p("sent", "Send now"), "sending", does="send"), NOT_NOW),
    ),
    Screen(
        "save_now",
        _p("sent", "Save it as a file now?"),
        (words(_p("sent", "Nothing is sent. You get a file, and hand it over yourself.")),),
        (choice(SAVE_AS_FILE, "saved_file", does="save_file"), NOT_NOW),
    ),
    Screen("sending", _p("sent", "Sending"), (words(_p("sent", "Please leave the page open.")),)),
    Screen(
        "sent",
        _p("sent", "It arrived"),
        (
            words(_p("sent", "{host} received it on {day}.")),
            place(Kind.CODES),
            place(Kind.CHOICES, row="print"),
        ),
        (choice(PRINT_ONE_SHEET, "print"), _WHAT_NEXT),
    ),
    Screen(
        "not_sent",
        _p("sent", "Nothing was sent"),
        (
            place(Kind.REASON),
            words(_p("sent", "Nothing left this device. You can try again with the same number.")),
        ),
        (
            choice(TRY_AGAIN, "sending", does="send"),
            choice(SAVE_AS_FILE, "saved_file", does="save_file"),
            LIST_AGAIN,
        ),
    ),
    Screen(
        "refused",
        _p("sent", "The service said no"),
        (
            place(Kind.REASON),
            words(endings.CROSS_OUT_REFUSED, When.FIRST_TRY),
            words(_p("sent", "Keep your number. An earlier try may have arrived. Look later."), When.EARLIER_TRY),
        ),
        (
            choice(_("Check it again"), "review", When.FIRST_TRY),
            choice(_SEE_REQUEST, "status_in", When.EARLIER_TRY),
            LIST_AGAIN,
        ),
    ),
    Screen(
        "not_confirmed",
        TRUTH["unknown"],
        (
            words(
                joined(
                    _KEEP_BOTH,
                    _p(
                        "sent",
                        "You can try again: the same number is used, so it cannot count twice. Or look later. A number that "
                        "is not known today can still arrive late.",
                    ),
                )
            ),
        ),
        (
            choice(TRY_AGAIN, "sending", does="send"),
            choice(_("I will look later"), "what_next"),
        ),
    ),
    Screen(
        "taken_back",
        _p("sent", "It is no longer there"),
        (
            words(endings.TAKEN_BACK["Withdrawn"], When.WAS_WITHDRAWN),
            words(endings.TAKEN_BACK["Deleted"], When.WAS_DELETED),
        ),
        (choice(_("Start a new one"), "review", does="new_codes"), LIST_AGAIN),
    ),
    Screen(
        "saved_file",
        _p("sent", "The file is ready"),
        (
            words(texts.NOT_SENT, When.FILES_DROPPED),
            words(endings.COUNTS_ONCE_THERE, When.ONLY_SAVED),
            words(endings.WRITTEN_OPEN, When.NOT_SEALED),
        ),
        (_WHAT_NEXT,),
    ),
    Screen(
        "what_next",
        _("What happens now"),
        (
            words(endings.COUNTS_ONCE_THERE, When.ONLY_SAVED),
            *map(words, endings.NEXT[:3]),
            place(Kind.CHOICES, row="calendar"),
            words(_("Do this too"), kind=Kind.HEADING),
            place(Kind.CHOICES, row=f"{_STOPNCII_ROW.to} {_NOTICE_ROW.to} {_SEARCH_ROW.to}"),
            words(endings.NEXT[4]),
            words(_("How are you?"), kind=Kind.HEADING),
            words(endings.HOW_ARE_YOU),
        ),
        (
            choice(
                _("Save a note to look again"),
                "what_next",
                does="calendar",
                note=_("A calendar file with no details in it."),
            ),
            choice(_STOPNCII_ROW.name, _STOPNCII_ROW.to),
            choice(_NOTICE_ROW.name, _NOTICE_ROW.to),
            choice(_SEARCH_ROW.name, _SEARCH_ROW.to),
            choice(ROWS[Task.TALK].name, "talk"),
            *TO_LIST,
            choice(_("I am done"), "ended"),
        ),
    ),
    Screen(
        "status_in",
        _SEE_REQUEST,
        (
            _NUMBER_FIELD,
            _PIN_FIELD,
            error("number_unlike", codes.NUMBER_UNLIKE),
            error("pin_unlike", codes.PIN_UNLIKE),
            error("not_found", joined(endings.NO_CASE, COMPARE_NOTE)),
            error("wait", TOO_MANY),
            error("unreachable", NOT_REACHED),
            error("not_believed", joined(endings.NO_PROOF, endings.LEFT_OPEN["status"])),
        ),
        (
            choice(_("Look"), "status", does="ask_status"),
            choice(ENTER_ADDRESS, "enter_address", When.NO_SERVICE),
            choice(ENTER_ADDRESS, "enter_address", When.TYPED_ADDRESS),
            *TO_LIST,
        ),
    ),
    Screen(
        "status",
        _("Your request"),
        (place(Kind.STATE),),
        (
            choice(_NOTICE_ROW.name, _NOTICE_ROW.to, When.NOT_BLOCKED),
            choice(_TAKE_BACK, "withdraw", When.STILL_HELD),
            *TO_LIST,
        ),
    ),
    Screen(
        "withdraw",
        _p("sent", "Take it back?"),
        (
            words(endings.WITHDRAWAL),
            words(review.COPIES_GO[0], When.COPIES_GO_AT_ONCE),
            words(review.COPIES_GO[1], When.COPIES_GO_IN_A_DAY),
            words(review.COPIES_GO[2], When.COPIES_GO_IN_DAYS),
        ),
        (choice(_TAKE_BACK, "withdrawn", does="withdraw"), choice(_p("sent", "Keep it"), "back")),
    ),
    Screen(
        "withdrawn",
        _p("sent", "You took it back"),
        (words(endings.TOOK_IT_BACK),),
        (*TO_LIST, choice(_("I am done"), "ended")),
    ),
    Screen(
        "not_confirmed_w",
        _p("sent", "We do not know if it was taken back"),
        (words(joined(_KEEP_BOTH, _p("sent", "You can try again. Repeating it does no harm."))),),
        (choice(TRY_AGAIN, "withdrawn", does="withdraw"), *TO_LIST),
    ),
    Screen(
        "settings",
        TEXT_AND_COLOURS,
        (place(Kind.SETTINGS), words(_("These are kept until the page closes, and nowhere else."))),
        (BACK_WHERE_I_WAS,),
    ),
    Screen(
        "enter_address",
        SERVICE_ADDRESS,
        (
            place(Kind.FIELD, heading=SERVICE_ADDRESS, row="service"),
            error("not_a_service", NO_ADDRESS_OF_SERVICE),
        ),
        (choice(_("Go on"), "limits", does="set_service"), choice(_("Not now"), "back")),
    ),
)
