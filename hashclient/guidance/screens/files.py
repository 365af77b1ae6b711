"""Hold the screens of a page on the way from the list to what would be sent: limits, files, what each is, hashing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hashclient.guidance import each_file, texts
from hashclient.guidance.questions import Question
from hashclient.guidance.screens.frame import WHAT_IT_CAN
from hashclient.guidance.screens.parts import Kind, Screen, When, care, choice, error, item, place, words
from hashclient.guidance.screens.safety import BACK_TO_LIST, BACK_WHERE_I_WAS
from hashclient.guidance.screens.tasks import ENTER_ADDRESS, ROWS
from hashclient.guidance.triage import Task
from hashclient.messages import _, _p, joined

NOT_NOW: Final = choice(_("Not now"), "LIST")
SAVE_AS_FILE: Final = _("Save as a file")
TRY_AGAIN: Final = _("Try again")
NOT_REACHED: Final = _p("error", "We could not reach {host}. Nothing was sent.")
LIST_AGAIN: Final = choice(BACK_TO_LIST, "LIST")
CHANGED_PIXELS: Final = _p(
    "error", "This browser changes pictures a little, so its fingerprints would not fit. Nothing was sent."
)
AFTER_SELF_TEST: Final = _p("error", "Use another browser, the program, or StopNCII.org.")
ONLY_SOME_KINDS: Final = _p("error", "JPEG and HEIC pictures can be used here.")
NO_HEIC: Final = _p("error", "This page cannot open HEIC pictures in this browser. Nothing of it was sent.")
SECOND_PAGE: Final = _p("error", "Ask whoever gave you this page for the one that opens HEIC.")
OTHER_WAYS: Final = _p("error", "Or use the program, or StopNCII.org's own page.")
PROGRAM_TAKES_LARGER: Final = _p("error", "Save a smaller copy on this device and use that, or use the program.")
NOT_PLAYED: Final = _p("error", "This browser cannot play this video. Nothing of it was sent.")
IF_NO_MP4: Final = _p("error", "If it is not an MP4, save a copy of it as MP4 and use that.")
OF_THE_SECOND_PAGE: Final = MappingProxyType({
    "second-page": (NO_HEIC, joined(SECOND_PAGE, OTHER_WAYS)),
    "changed-pixels": (CHANGED_PIXELS, joined(ONLY_SOME_KINDS, AFTER_SELF_TEST)),
})  # fmt: skip
"""Why a page leaves a file out where another one, or the same in another browser, would not, by code: a sentence and a hint.
`changed-pixels` is said in the second page alone: the first one says so at once, of all files."""
VIDEO_NOT_PLAYED: Final = (NOT_PLAYED, joined(IF_NO_MP4, OTHER_WAYS))
"""Why a page leaves a video out that a browser does not play, and what to do."""
_LIMITS: Final = tuple(item(limit) for limit in texts.LIMITS)

FILE_QUESTIONS: Final[Mapping[str, Question]] = MappingProxyType({
    "per_file": each_file.EACH_FILE._replace(id="per_file", text=_("What is picture {position}?")),
    "per_video": each_file.EACH_VIDEO._replace(id="per_video", text=_("What is video {position}?")),
    "inner": each_file.INNER,
    "made_from": each_file.MADE_FROM._replace(answers=MappingProxyType({"none": each_file.NONE_OF_THEM})),
})  # fmt: skip
"""The questions about one file, by id, as a page asks them. To `made_from` the other files come before `none`."""
FILE_WAYS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "per_file": MappingProxyType({
        "no": "hashing", "from_here": "made_from", "yes": "hashing", "unknown": "hashing", "leave_out": "hashing",
        "under_18": "HAND_OFF",
    }),
    "made_from": MappingProxyType({"none": "hashing"}),
    "inner": MappingProxyType({"both": "review", "as_it_is": "review"}),
})  # fmt: skip
"""Where an answer leads; `hashing` and `review` only after the last file: before it, the next one is asked about. `per_video`
leads as `per_file`, and any file that was named in `made_from` as `none`."""

FILE_SCREENS: Final = (
    Screen(
        "limits",
        WHAT_IT_CAN,
        (
            *_LIMITS,
            words(_p("sent", "We now ask {host} what it takes. It can see your internet address."), When.TO_SERVICE),
            error("unreachable", NOT_REACHED),
            error(
                "not_from_disk",
                _p(
                    "error",
                    "We could not ask {host}. The address may be wrong, or it takes no requests from a saved page. "
                    "Nothing was sent.",
                ),
            ),
        ),
        (
            choice(_("I understand, go on"), "choose_files", When.TO_SERVICE, does="ask_service"),
            choice(_("I understand, go on"), "choose_files", When.TO_FILE),
            NOT_NOW,
            choice(TRY_AGAIN, "choose_files", When.UNREACHABLE, does="ask_service"),
            choice(_("Go on and save as a file"), "choose_files", When.UNREACHABLE, does="as_file"),
            choice(ENTER_ADDRESS, "enter_address", When.UNREACHABLE, When.TYPED_ADDRESS),
            choice(BACK_TO_LIST, "LIST", When.UNREACHABLE),
        ),
    ),
    Screen("limits_only", WHAT_IT_CAN, _LIMITS, (BACK_WHERE_I_WAS,)),
    Screen(
        "choose_files",
        each_file.CHOOSE,
        (
            words(
                _(
                    "Pick the picture or video. You can pick several: the changed or fake one, and the one it was made from."
                )
            ),
            words(each_file.ALREADY_HERE),
            place(Kind.FILES),
            words(_("The names stay in this list, and no picture is shown.")),
            care(_p("age_gate", "Was someone under 18 in one of these?"), row="HAND_OFF"),
            error(
                "list_full",
                _p("error", "The limit of files for one request is {most}. The others were left out."),
            ),
            error("none_chosen", _p("error", "Please choose at least one file, or go back to your list.")),
        ),
        (
            choice(each_file.SOMEONE_UNDER_18, "HAND_OFF"),
            choice(_("Go on"), "per_file", does="files_chosen"),
            NOT_NOW,
        ),
    ),
    Screen("per_file", None, (place(Kind.FILES), place(Kind.QUESTION, row="per_file"))),
    Screen("made_from", None, (place(Kind.FILES), place(Kind.QUESTION, row="made_from"))),
    Screen("inner", None, (place(Kind.FILES), place(Kind.QUESTION, row="inner"))),
    Screen(
        "hashing",
        _("Making the fingerprints"),
        (
            place(Kind.FILES),
            place(Kind.PROGRESS),
            error("self_test", joined(CHANGED_PIXELS, AFTER_SELF_TEST, SECOND_PAGE)),
        ),
        (
            choice(_("Stop all"), "choose_files", When.FIT, does="stop_all"),
            choice(ROWS[Task.STOPNCII].name, "stopncii", When.NOT_FIT),
            choice(BACK_TO_LIST, "LIST", When.NOT_FIT),
        ),
    ),
    Screen(
        "none_usable",
        _p("error", "None of these files can be used"),
        (
            words(texts.NOT_SENT),
            place(Kind.FILES),
            place(Kind.REASONS),
            words(_("You can choose others, or go on without: the notice needs no file.")),
        ),
        (choice(_("Choose other files"), "choose_files"), LIST_AGAIN),
    ),
)
