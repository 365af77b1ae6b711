"""Hold the sentences shown to people: before anything is asked, while files are hashed, where no service was chosen.

They are in one place so that they can be translated, and searched for promises that nobody can keep. Fields in braces
are filled by `format`. Questions are in `hashclient.guidance.questions`, the words about each file in `each_file`, what
leaves in `review`, case number and PIN in `codes`, how it ends in `endings`, the sentences of errors in `hashclient.errors`.
"""

from typing import Final

from hashclient.messages import _, _n, _p

# Before anything is asked.

NOT_YOUR_FAULT: Final = _("This is not your fault.")
EMERGENCY: Final = _p(
    "hand_off",
    "If you are in danger, or thinking of ending your life, call your local emergency number or crisis line now.",
)
WHAT_IT_DOES: Final = _p(
    "sent",
    "This makes fingerprints of the images on this device. Only the fingerprints are sent. "
    "You see exactly what is sent before it is sent, and you can stop at any time with Ctrl-C.",
)
NOT_A_SERVICE: Final = _p(
    "sent", "This program is not StopNCII, Take It Down or any other service; it sends to {host} only."
)
HAVE_A_NUMBER: Final = _("Do you already have a case number for these images? Then ask 'hashclient status' first.")
LIMITS_TITLE: Final = _("What it can and cannot do:")
LIMITS: Final = (
    _p("limits", "It works only on platforms that take part with the service you send to, not on the whole internet."),
    _p(
        "limits",
        "A platform looks at a match and decides under its own rules; it may say no. Someone at the platform may then see the copy found there.",
    ),
    _p("limits", "A crop, filter, emoji or re-saved copy can escape, and needs its own fingerprint."),
    _p(
        "limits",
        "Where a service takes only the MD5 of a video, the video is found only if it is exactly the same file.",
    ),
    _p("limits", "It does not work in encrypted chats."),
    _p("limits", "It is about this file, not new fakes of the same person."),
    _p("limits", "You need the file on this device. Do not go and get a copy."),
    _p(
        "limits",
        "It is not a legal notice and starts no legal deadline. Is it online now? Telling that platform is the quickest step.",
    ),
    _p("limits", "Case number and PIN cannot be recovered, by anyone."),
    _p(
        "limits",
        "A fingerprint is not the picture, but treat it as private: a rough version can sometimes be rebuilt from it.",
    ),
)
LIMITS_SHORT: Final = _p(
    "limits",
    "It works only on platforms that take part with the service you send to, and each decides under its own rules. "
    "A changed copy can escape. It is not a legal notice. Nobody can recover a lost case number or PIN. "
    "Images of anyone under 18 go to services made for them, and this tool says which.",
)

# Questions.

WHY_WE_ASK: Final = _("Why we ask: {why}")
TYPE_ONE: Final = _("Type {answers}:")
ONE_OR_THE_OTHER: Final = _("{others} or {last}")
TYPE_AN_ANSWER: Final = _("That is not one of the answers. Please type {answers}. Ctrl-C stops.")

# The age rule and the other stops.

NOBODY_TO_ASK: Final = _p(
    "age_gate",
    "This asks about the people shown before it opens any file, and there is no terminal to ask at. "
    "No file was opened and nothing was sent.",
)
ANSWER_BY_OPTIONS: Final = _p("age_gate", "Run it in a terminal. A program gives each answer as an option: {options}.")
STOPPED: Final = _p("age_gate", "No file was opened and nothing was sent.")
# Files, where only fingerprints are made.

RESEARCH: Final = _(
    "For research and matching: you were not asked about the people shown, and nothing made this way can become a "
    "request. For help with a picture of you or of someone under 18, run 'hashclient submit'; it asks first, and names "
    "the services for under-18s."
)
HASHED_OF: Final = _n("Hashed: {done:,} of {count:,} file.", "Hashed: {done:,} of {count:,} files.")
HASHED: Final = _n("Hashed: {count:,} file.", "Hashed: {count:,} files.")
LINES_COMPLETE: Final = _("Every line that was printed is complete.")
GOING_ON: Final = _n("{done:,} of {count:,} file", "{done:,} of {count:,} files")
GOING_ON_FAST: Final = _n("{done:,} of {count:,} file, {rate} a second", "{done:,} of {count:,} files, {rate} a second")
COUNTED_SO_FAR: Final = _n("{count:,} file", "{count:,} files")
COUNTED_SO_FAST: Final = _n("{count:,} file, {rate} a second", "{count:,} files, {rate} a second")
NOT_USED: Final = _n("{count:,} file could not be used: {reason}", "{count:,} files could not be used: {reason}")
PARTLY_USED: Final = _n(
    "{count:,} file could be used only in part: {reason}", "{count:,} files could be used only in part: {reason}"
)
THESE_ONES: Final = _n("It is number {numbers}.", "They are numbers {numbers}.")
THE_FIRST_ONES: Final = _("The first of them are numbers {numbers}.")
LEFT_OUT: Final = (
    _n("Left out: {count:,} hidden file.", "Left out: {count:,} hidden files."),
    _n("Left out: {count:,} file of another kind.", "Left out: {count:,} files of other kinds."),
    _n("Left out: {count:,} link to a folder.", "Left out: {count:,} links to folders."),
    _n(
        "Left out: {count:,} pipe, device or link to nothing.",
        "Left out: {count:,} pipes, devices and links to nothing.",
    ),
    _n("Left out: {count:,} folder that could not be listed.", "Left out: {count:,} folders that could not be listed."),
)
NULL_WITHOUT_LIST: Final = _p(
    "error", "--null goes with a list of paths on standard input, and none was asked for. Nothing was sent."
)
WRITE_A_DASH: Final = _("Write - in place of the paths.")
LIST_IN_UTF16: Final = _p(
    "error",
    "This list of paths is written in UTF-16, which cannot be read here. No file was opened and nothing was sent.",
)
WRITE_UTF8: Final = _("Write the list in UTF-8.")

# Where no service was chosen.

ANY_SERVICE: Final = _p("sent", "the service that you choose")
SEE_SERVICES: Final = _("Who can help, by country: 'hashclient services'.")
NO_SERVICE_YET: Final = _("No service is set up here yet.")
NOTHING_TO_SEND_TO: Final = _(
    "This program can make fingerprints, but it has no service to send them to. What you can do today:"
)
TODAY: Final = (
    _("If everyone was 18 or over when it was made: StopNCII.org, in any country. {address}"),
    _("If someone was, or may have been, under 18: Take It Down, in any country. {address}"),
    _("Tell the platform itself: 'hashclient notice' helps with it."),
    SEE_SERVICES,
    _("Not sure where to begin? 'hashclient guide' asks a few questions and makes a list."),
)
"""What works without a service, the first two with the address of the one that is named."""
WITH_A_SERVICE: Final = _("Someone who works for a service can give you its address. With one, you can:")
WAYS: Final = (
    _("Send to it: --endpoint ADDRESS, the variable HASHCLIENT_ENDPOINT, or 'endpoint' in the settings file."),
    _("Write the request to a file, and hand it over yourself: --to-file FILE."),
    _("See what would be sent, and send nothing: 'hashclient inspect' or --dry-run."),
    _("Try the whole round on this machine with example pictures: 'hashclient demo'."),
)
NO_SERVICE_NAMED: Final = _p("error", "No service was chosen, and none is built in. Nothing was sent.")
SEND_WITHOUT_FD: Final = _p("error", "--send goes with --credentials-fd. Nothing was sent.")
LEAVE_OUT_SEND: Final = _("Leave out --send: you will be asked.")
UNCONFIRMED: Final = _p("error", "Sending has to be confirmed. Nothing was sent.")
CONFIRM_WITH_SEND: Final = _("A program confirms with --send.")


# At the terminal.

ENTER_GOES_ON: Final = _("Press Enter to go on:")
SECONDS_SO_FAR: Final = _("{words} ({seconds} s)")
PAGE_OF: Final = _("Page {page} of {pages}. Enter goes on, 'b' goes back, 'q' ends:")
OUTPUT_FAILED: Final = _("The results could not be written: the output is closed or full.")
ANOTHER_OUTPUT: Final = _("Make room, or choose another place for the output.")
NOT_SENT: Final = _p("sent", "Nothing was sent.")
YOU_STOPPED: Final = _p("sent", "You stopped here. {state}")
COME_BACK: Final = _("You can come back at any time.")
INTERRUPTED: Final = _("Stopped.")
