"""Hold the words of the screens `notice_...`, and of the command line for them.

Screens and sentences have stable ids; the page and the terminal show the same ones. What one law alone says stands with
that law.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from hashclient.messages import Message, _, _n, _p, joined


class NoticeScreen(NamedTuple):
    """One screen: its heading, what stands under it, and what it says where an answer cannot be used."""

    id: str
    title: Message
    text: tuple[Message, ...] = ()
    error: Message | None = None
    answers: Mapping[str, Message] = MappingProxyType({})
    """What one can do from here, by id, where that is not an answer to a question of the law."""


NOT_A_WEB_ADDRESS: Final = _("This is not a web address: {n}. It starts with https:// or http://.")
"""`n` is its place among the addresses, from 1: the address itself is not repeated."""
IF_NOT_TRUE: Final = _("The law asks for this sentence. If it is not true, do not send the notice.")

NOTICE_LAW: Final = NoticeScreen(
    "notice_law",
    _("Tell the platform"),
    (
        _("Where are you, and which site is it? We suggest the law that fits; you can use more than one."),
        _("This is not legal advice. It is software, not a lawyer."),
        _("First check: does the site have its own form for this? Use it; our text has all that it may ask."),
    ),
)
NOTICE_WHERE: Final = NoticeScreen(
    "notice_where", _("Where is it?"), (_("One address a line, up to 50."),), NOT_A_WEB_ADDRESS
)
NOTICE_WHO: Final = NoticeScreen(
    "notice_who", _("Who asks?"), (_("Someone can sign for you, so that your name stays out."),)
)
NOTICE_WHAT: Final = NoticeScreen("notice_what", _("What is it?"))
NOTICE_CONTACT: Final = NoticeScreen(
    "notice_contact", _("How can they answer you?"), (_("Use a new address without your name in it."),)
)
NOTICE_SAY: Final = NoticeScreen(
    "notice_say",
    _("What the law asks you to say"),
    (_("Read each sentence. Say yes only if it is true. In the notice it stays in English."),),
    IF_NOT_TRUE,
    MappingProxyType({"yes": _("Yes, this is true."), "no": _("No, or I am not sure.")}),
)
NOTICE_DMCA_WARNING: Final = NoticeScreen(
    "notice_dmca_warning",
    _("Before a copyright notice"),
    (
        _("Only if you took the picture (a selfie counts) or hold its copyright."),
        _("The site may pass your name and address to the person who posted it."),
        _("They can answer, and it may come back."),
        _("A false copyright notice can have legal consequences."),
        _("A lawyer or friend can send it for you."),
    ),
    answers=MappingProxyType({"read": _("I took it, go on"), "other": _("Other ways")}),
)
NOTICE_CHECK: Final = NoticeScreen(
    "notice_check",
    _("Check your notice"),
    (_("This is all that the site gets from you. We send nothing: you send it yourself."),),
    answers=MappingProxyType(
        {
            "fill": _("Fill in what is missing"),
            "text": _("Save as text"),
            "markdown": _("Save as Markdown"),
            "print": _("Print it here, to copy it"),
            "change": _("Change something"),
        }
    ),
)
LIST_CHECK: Final = NoticeScreen(
    "notice_list_check",
    _("Check your list"),
    (_("It is for you alone. We send nothing: you fill in the form yourself."),),
    answers=NOTICE_CHECK.answers,
)
"""Stands in place of `notice_check` where there is a list for a form, and no text."""
NOTICE_DONE: Final = NoticeScreen(
    "notice_done",
    _("Now send it"),
    (_("Use the site's form or address. Note the time."),),
    answers=MappingProxyType(
        {
            "calendar": _('Calendar file, neutral title: "Check"'),
            "again": _("Another notice, for another site or law"),
            "end": _("I am done"),
        }
    ),
)
LIST_DONE: Final = NoticeScreen(
    "notice_list_done", _("Now fill in the form"), (_("Open the form yourself. Note the time."),)
)
"""Stands in place of `notice_done` where there is a list for a form, and no text."""
NOTICE_SCREENS: Final = (
    NOTICE_LAW,
    NOTICE_DMCA_WARNING,
    NOTICE_WHERE,
    NOTICE_WHO,
    NOTICE_WHAT,
    NOTICE_CONTACT,
    NOTICE_SAY,
    NOTICE_CHECK,
    LIST_CHECK,
    NOTICE_DONE,
    LIST_DONE,
)

# What the person's own sheet says, and what stands beside facts. Never part of what the platform gets.

COVER: Final = _(
    "This is not legal advice. It is software, not a lawyer. Law text: {source}, {date}. Has it changed since?"
)
NO_LAWYER: Final = _("No lawyer of the place has read this text yet, or what we say about this law.")
LAW_MARK: Final = _("What this law asks: {mark}.")
MARKED_FACT: Final = _("{fact} ({mark})")
NOT_LISTED: Final = _("If a form asks for more, for example an ID: the law does not list this. You decide.")
IF_NOTHING: Final = _("If they do nothing: {next_step}")
ONLY_A_LIST: Final = _("There is no text for the site here: this is a list for you, to fill in the form with.")
NOTHING_WRITTEN: Final = _("Nothing was written and nothing was sent.")
ASK_A_PERSON: Final = _("Ask a helpline or a lawyer to help you with it.")
UNTIL_THEN: Final = _("Until then, the people below can help you with it.")

# What is wrong with an answer.

NO_SUCH_CHOICE: Final = _("This answer is not one of those that are offered.")
NOT_AN_EMAIL: Final = _("This is not an e-mail address. It looks like name@example.org.")
NOT_A_DAY: Final = _("This is not a day. Write it like 2026-11-25.")
NOT_A_SHORT_LINE: Final = _("This is too long: {most} letters at most.")
NOT_FROM_THE_DEVICE: Final = _("A notice holds no files, and no names of files. Use words.")
TOO_MANY_ADDRESSES: Final = _("That is more than {most} addresses. Make a second notice for the rest.")
NO_SUCH_QUESTION: Final = _(
    "The answers name a question that this notice does not have. Nothing was written and nothing was sent."
)
SEE_THE_LIST: Final = _("'hashclient notice --list --law LAW' shows the questions.")
NO_AUTHORITY: Final = _("Whoever asks for someone else has to say that they may. Tick that sentence, if it is true.")
NOT_SAID_WHO: Final = _("Say who asks: the person shown, or someone who acts for them.")
CLAIM_THE_PHOTO_ALONE: Final = _("A fake itself is not yours. Claim only your own photo that it was made from.")

# At the terminal.

THINGS_MISSING: Final = _n("{count} thing is missing:", "{count} things are missing:")
MARK_THERE: Final = "[x] "
MARK_MISSING: Final = "[ ] "
MARK_OPTIONAL: Final = " -  "
NOT_NEEDED: Final = _("{element} (the law does not need it)")
WAYS_OUT: Final = _(
    "At every question you can type 'back' or 'stop'. Your answers stay on this device and are not kept."
)
IF_UNDER_18: Final = _p(
    "age_gate",
    "If someone in it was, or may have been, under 18, type 'under 18'. We stop then, and show who can help.",
)
DROPPED: Final = _p("age_gate", "We dropped the file and everything made from it. Nothing was sent.")
SAY_BACK: Final = "back"
SAY_STOP: Final = "stop"
SAY_UNDER_18: Final = "under 18"
WHICH_LAW: Final = _("Which law or form do you want to use?")
FITS_HERE: Final = _("This is for the place where you are.")
NOT_READY: Final = _("Not ready here yet.")
TYPE_ONE_OF: Final = _("Type a number from 1 to {count}:")
TYPE_SEVERAL: Final = _("Type one or more numbers, with blanks between:")
TYPE_ADDRESSES: Final = _("Address, or Enter alone when you have no more:")
TYPE_A_LINE: Final = _("Your answer, or Enter alone to leave it out:")
ANSWERED_ALREADY: Final = _(
    "You answered this already. Enter alone keeps it; a line of words can be taken out with '-'."
)
NOT_UNDERSTOOD: Final = _("That was not one of the answers.")
SAY_NOTHING: Final = "-"
LEAVE_IT_OUT: Final = _("Leave it out")
NO_FURTHER_BACK: Final = _("This is the first question.")
WHAT_TO_CHANGE: Final = _("What do you want to change?")
THE_TEXT: Final = _("The text:")
THE_MEANING: Final = _("What it says, for you:")
IS_IT_TRUE: Final = _("Is this true?")
PLAIN_WORDS: Final = _("In plain words: {meaning}")
ADDRESSES_READ: Final = _n("{count} address is noted.", "{count} addresses are noted.")
WITHOUT_HASHES: Final = _("With fingerprints: off.")
HASHES_ARE_OFF: Final = joined(WITHOUT_HASHES, _("They are a choice; start with --with-hashes for them."))
HASHES_ARE_ON: Final = _("With fingerprints: on. They go into a small file of their own.")
HASHES_LINK: Final = _(
    "The same fingerprint may be in a request of yours. Whoever has both can link your name to its case number."
)
NAME_FOR_A_FILE: Final = _("Name of a new file, for example {suggested}:")
FILE_IS_WRITTEN: Final = _("The file was written. Only you can read it. Nothing was sent.")
NO_SHARED_FOLDER: Final = _("Others on this device can see into that folder. Nothing was written.")
CHOOSE_A_FOLDER: Final = _("Choose a folder of your own.")
WHEN_SENT: Final = _("When did you send it? Enter alone for now, or write it like 2026-11-25 14:30:")
NOT_A_TIME: Final = _("This is not a time. Write it like 2026-11-25 14:30. Nothing was written and nothing was sent.")
LEAVE_TIME_OUT: Final = _("Leave --sent out, if it is now.")
WITH_AN_ALARM: Final = _("Should the calendar ring? Type 'ring' for yes. Enter alone means no.")
SAY_RING: Final = "ring"
IN_48_HOURS: Final = _(
    "Look again 48 hours after you sent it. The time runs from when they get it; they may count from later."
)
IN_A_WEEK: Final = _("Look again in a week. The week is our idea, not the law's.")
NO_CALENDAR: Final = _("There is no calendar file for this law. Nothing was written.")
YOU_STOPPED_HERE: Final = _p("exit", "You stopped here. Nothing was kept and nothing was sent.")
NOTHING_IS_SENT: Final = _p("sent", "The notice was not sent from here. It counts once you have sent it.")

# For programs.

NO_LAW: Final = _("There is no law of that name here. Nothing was written and nothing was sent.")
LAWS_ARE: Final = _("Choose one of: {laws}.")
NOT_AT_A_TERMINAL: Final = _(
    "There is no terminal to ask at, and no law was named. Nothing was written and nothing was sent."
)
GIVE_ANSWERS: Final = _("A program names a law with --law, and gives the answers as JSON on standard input.")
ANSWERS_UNREADABLE: Final = _("The answers are not a JSON object of texts. Nothing was written and nothing was sent.")
LOOK_AT_DOCS: Final = _("docs/notices.md shows one.")
HASHES_NEED_A_FILE: Final = _("--with-hashes and --hashes-to go together. Nothing was written and nothing was sent.")
NAME_BOTH: Final = _("Name the picture with the one, and a new file with the other.")
NO_HASH: Final = _(
    "No fingerprint that may be shared could be made of this file. Nothing was written and nothing was sent."
)
LEAVE_HASHES_OUT: Final = _("Leave --with-hashes out: a notice needs no fingerprint.")

LISTED_AS: Final = _("{name}. {state} Source: {source}, {date}.")
READY: Final = _("Ready.")
IS_ASKED_FOR: Final = _("asked for by the law")
IS_OFFERED: Final = _("offered")

# Help of the verb.

NOTICE_HELP: Final = _("""Write a notice to a platform with everything the law asks, or a list for its form. Sends nothing.

At a terminal it asks one thing at a time, shows the text, and prints it or saves it to a new file that you name. It is
not legal advice. It asks about age first: pictures of anyone under 18 go to services made for them.

A program names a law and gives the answers as one JSON object on standard input. If something that the law asks for is
missing, nothing is written, each missing thing is named, and the exit code is 2.""")
NOTICE_OPTIONS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "law": _("For programs: which law or form; --list shows them."),
        "form": _("For programs: what to print. json has text, Markdown and what to do next."),
        "list": _("List the laws with their state, source and date; with --law, what that one asks."),
        "with_hashes": _("Make a fingerprint of this picture or video too, for the site, in a file of its own."),
        "hashes_to": _("New file for the fingerprint."),
        "calendar": _('Write a calendar entry to this new file: the title "Check" and a time, nothing else.'),
        "sent": _("For programs: when the notice was or will be sent, like 2026-11-25 14:30; now, if left out."),
        "alarm": _("For programs: let the calendar entry ring."),
    }
)
