"""Hold the list, and the screen of each of its tasks."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from hashclient.guidance import service_words
from hashclient.guidance.screens.actions import ACTIONS_TITLE, BEFORE_REMOVAL, WRITE_DOWN
from hashclient.guidance.screens.parts import Kind, Screen, When, care, choice, item, place, words
from hashclient.guidance.screens.safety import TO_LIST, WHO_CAN_HELP
from hashclient.guidance.triage import Task
from hashclient.messages import Message, _, _p


class Row(NamedTuple):
    """One task on the list: its name, a line where there is more to say, and where it leads."""

    name: Message
    line: Message | None
    to: str


NOT_STARTED: Final = _("Not started")
MARKED_DONE: Final = _("You marked it done")
_LAWYER: Final = _("Lawyer or advice")
_TELL: Final = _("Tell the platform")
_FINGERPRINTS: Final = _("Make fingerprints")
_STOPNCII: Final = _("StopNCII.org")
_MOVE_FILE: Final = _("Bring the file here safely")
_SEARCH: Final = _("Search engines")
_KEEP_AS_FILE: Final = _("Keep a request as a file, for a helpline that can take it.")
_TALK: Final = _("Talk to someone")
_ACCOUNTS: Final = _("Make your accounts safe")
_EVIDENCE: Final = _("Write down where it is")
ENTER_ADDRESS: Final = _("Enter an address")
_NOT_BY_NAME: Final = _("So that it is not found by your name.")

ROWS: Final[Mapping[Task, Row]] = MappingProxyType({
    Task.THREAT: Row(_("Someone threatens you"), _("What to do in the next hour."), "threat"),
    Task.CHAT: Row(_("It is in chats"), _("How to report it there."), "chat"),
    Task.EVIDENCE: Row(_EVIDENCE, _("Before it is removed."), "evidence"),
    Task.NOTICE: Row(
        _TELL,
        _("We help you write a notice with everything the law asks. Often the quickest step."),
        "notice_law",
    ),
    Task.HASH: Row(_FINGERPRINTS, _("For the copies to come."), "limits"),
    Task.NO_SERVICE: Row(
        _FINGERPRINTS, _("No service is set up here. You can use StopNCII."), "no_service"
    ),
    Task.STOPNCII: Row(
        _STOPNCII, _("The service that large platforms use. On your phone too."), "stopncii"
    ),
    Task.MOVE_FILE: Row(_MOVE_FILE, None, "move_file"),
    Task.SEARCH: Row(_SEARCH, _NOT_BY_NAME, "search"),
    Task.TALK: Row(_TALK, None, "talk"),
    Task.POLICE: Row(_("Police"), None, "police"),
    Task.LAWYER: Row(_LAWYER, None, "lawyer"),
    Task.ACCOUNTS: Row(_ACCOUNTS, None, "accounts"),
})  # fmt: skip
"""The tasks as rows of the list."""

LIST_AND_TASKS: Final = (
    Screen(
        "LIST",
        _("Your list"),
        (
            words(
                _(
                    "Do what helps you, in any order. You can stop after any of it. Nothing here is sent unless you send it."
                )
            ),
            place(Kind.TASKS),
            place(Kind.ACTIONS, When.PAGE, heading=ACTIONS_TITLE),
        ),
        (
            choice(ACTIONS_TITLE, "actions", When.TERMINAL),
            choice(_("Print my list"), "print", When.PAGE),
            choice(_("I am done"), "ended", When.TERMINAL),
        ),
    ),
    Screen("actions", ACTIONS_TITLE, (place(Kind.ACTIONS, When.TERMINAL),), TO_LIST),
    Screen(
        "threat",
        _("Someone says they will share it"),
        (
            words(_("You do not have to answer. You do not have to pay. Paying rarely makes it stop."), When.FOR_SELF),
            words(
                _("They do not have to answer. They do not have to pay. Paying rarely makes it stop."), When.FOR_THEM
            ),
            words(_("Do not send anything more."), When.FOR_SELF),
            words(_("They should not send anything more."), When.FOR_THEM),
            words(
                _("Do not delete the chat. Save the messages, the name of the account and any payment details."),
                When.FOR_SELF,
            ),
            words(
                _(
                    "They should not delete the chat. They can save the messages, the name of the account and any payment "
                    "details."
                ),
                When.FOR_THEM,
            ),
            words(_("Then block and report the account.")),
            words(_("Make fingerprints now, before anything is posted: platforms that take part may then notice it.")),
            words(_("A threat is a crime in many countries.")),
            words(_("It happens to very many people. It passes.")),
        ),
        (choice(_p("age_gate", "Is it about someone under 18?"), "HAND_OFF"), *TO_LIST),
    ),
    Screen(
        "chat",
        _("It is going round in chats"),
        (
            words(_("Fingerprints do not work in encrypted chats.")),
            words(
                _(
                    "Ask someone you trust who is in the group to report the message in the app: press on the message, "
                    "choose report."
                )
            ),
            words(_("You can ask people to delete it. You need not explain.")),
            words(_("If you know who posted it first, write down the account and time.")),
        ),
        TO_LIST,
    ),
    Screen(
        "evidence",
        _EVIDENCE,
        (
            words(WRITE_DOWN),
            words(BEFORE_REMOVAL),
            words(_("A picture of the screen that shows the address helps. You may cover the image.")),
            words(
                _(
                    "Keep it where only you can see it. Someone you trust can do this for you, so that you need not look."
                )
            ),
        ),
        TO_LIST,
    ),
    Screen(
        "stopncii",
        _STOPNCII,
        (
            words(
                _(
                    "A free service for adults in any country, run by the Revenge Porn Helpline, part of the UK charity SWGfL. "
                    "It makes fingerprints on your device, on your phone too."
                )
            ),
            words(_("Reported in {month} as taking part: {platforms}."), When.PLATFORMS_KNOWN),
            words(_("See its own page for today's list.")),
            words(_("It is not this program, and we cannot send to it. You can use both.")),
            words(_("You get a case number and a PIN there too. Nobody can recover them.")),
            place(Kind.ADDRESS, row="stopncii"),
        ),
        TO_LIST,
    ),
    Screen(
        "move_file",
        _MOVE_FILE,
        (
            words(_("If you can, use StopNCII.org on the phone itself: then nothing has to be moved.")),
            words(
                _("A cable is the safest way. Do not e-mail it to yourself or put it in a cloud: copies stay there.")
            ),
            words(
                _(
                    "Afterwards, delete the copy here and empty the bin. On a shared computer it is better not to copy it "
                    "at all."
                )
            ),
        ),
        (
            choice(_("I have it here now"), "limits", When.SERVICE),
            choice(_("I have it here now"), "no_service", When.NO_SERVICE),
            *TO_LIST,
        ),
    ),
    Screen(
        "search",
        _SEARCH,
        (words(_NOT_BY_NAME),),
        (choice(_("Google"), "search_google"), choice(_("Bing"), "search_bing"), *TO_LIST),
    ),
    Screen(
        "police",
        _("The police"),
        (
            words(_("You can tell the police. You choose if and when.")),
            words(
                _(
                    "Take your notes of addresses, times and messages. You can bring someone. Ask for a reference number."
                )
            ),
            words(_("Police may not be able to delete it. In the UK, only a court can order that.")),
            care(service_words.BESIDE_POLICE),
            place(Kind.ROWS_POLICE, heading=_("Who takes such reports in your country:")),
        ),
        TO_LIST,
    ),
    Screen(
        "lawyer",
        _LAWYER,
        (
            words(
                _(
                    "A lawyer or free advice service can explain your choices. They may sign notices for you, so that your "
                    "name stays out. Ask for someone who knows privacy or online cases, and ask about the price first."
                )
            ),
            place(Kind.ROWS_LEGAL, heading=WHO_CAN_HELP),
        ),
        TO_LIST,
    ),
    Screen(
        "accounts",
        _ACCOUNTS,
        (
            words(
                _(
                    "Start with e-mail: it opens the rest. New password, two-step sign-in, check signed-in devices, check who "
                    "sees your posts. Do this from a device they cannot see."
                )
            ),
        ),
        TO_LIST,
    ),
    Screen(
        "talk",
        _TALK,
        (
            place(Kind.ROWS_UNDER_18, When.AGE_NOT_ASKED, heading=service_words.FOR_UNDER_18),
            place(Kind.ROWS_ADULT, When.AGE_NOT_ASKED, heading=service_words.FOR_ADULTS),
            place(Kind.ROWS_ADULT, When.AGE_ASKED, heading=WHO_CAN_HELP),
            words(service_words.NO_LOCAL_HELP, When.NO_LOCAL_HELP),
        ),
        TO_LIST,
    ),
    Screen(
        "no_service",
        _("No service is set up here yet"),
        (
            words(_("This page can make fingerprints, but it has no service to send them to."), When.PAGE),
            words(_("This program can make fingerprints, but it has no service to send them to."), When.TERMINAL),
            words(_("What you can do today:"), kind=Kind.HEADING),
            item(_("StopNCII.org (adults, any country)"), When.TERMINAL),
            item(_("The platform itself: we help with the notice"), When.TERMINAL),
            item(_SEARCH, When.TERMINAL),
            item(_KEEP_AS_FILE, When.TERMINAL),
            place(Kind.CHOICES, When.PAGE, row="stopncii notice_law search as_file"),
            words(_("Someone who works for a service can give you its address.")),
        ),
        (
            choice(_STOPNCII, "stopncii"),
            choice(_TELL, "notice_law"),
            choice(_SEARCH, "search"),
            choice(ENTER_ADDRESS, "enter_address", When.PAGE),
            choice(_("Save as a file"), "limits", When.PAGE, does="as_file", note=_KEEP_AS_FILE),
            choice(_("Save as a file"), "save", When.TERMINAL),
            *TO_LIST,
        ),
    ),
)
