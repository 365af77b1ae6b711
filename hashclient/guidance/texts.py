"""Hold the sentences shown to people: before anything is asked, the stops, what is said of this machine, safety actions.

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
TYPE_A_COUNTRY: Final = _("Two letters, for example GB, CA or FR; or Enter to skip:")

# The age rule and the other stops.

STOP: Final = _p("hand_off", "We stop here to keep you and them safe. You have done nothing wrong.")
STOPPED: Final = _p("age_gate", "No file was opened and nothing was sent.")
FILE_NAME_SEEN: Final = _p("hand_off", "Take It Down sees the name of the file.")
DO_NOT_COPY: Final = _p(
    "hand_off",
    "Keep addresses and messages only. Do not copy, screenshot, download or send the image, even as proof. "
    "Do not post it yourself; your account may be flagged.",
)
NOT_FOR_THIS: Final = {
    "neither": _(
        "Only the person shown, or someone they asked, can make this request. You can show them this program, and stay with them while they use it."
    ),
    "intimate": _(
        "Services for intimate images accept only such images. The platform's own rules, or one of the services below, may help."
    ),
    "consent": _("Whether this fits is not settled. One of the services below can look at it with you."),
}
"""Why a request cannot be made here, by the id of the question or the answer."""
SERVICES_TITLE: Final = _("Who can help:")
NO_LOCAL_HELP: Final = _("Help in your country was not looked up yet, or you did not say where you are.")
UNVERIFIED: Final = _("Not yet checked by a person. Last looked at {date}. Please compare with the service's own page.")
VERIFIED: Final = _("Checked {date}.")
RECEIVES_IMAGE: Final = _p("hand_off", "This service receives the image itself.")
TELEPHONE: Final = _("Telephone: {phone}. Hours: {hours}.")
LANGUAGES: Final = _("Languages: {languages}. It says: {confidentiality}")
UNKNOWN: Final = _("not known")
SERVICE_NOTES: Final = {
    "ncmec-tid": _("Makes fingerprints on your device, for any country, whatever the age today."),
    "ncmec-cyber": _("If you do not have the file, or one exact post must go."),
    "inhope": _("Knows the hotline of each country that has one."),
    "google-ncsei": _(
        "Takes results out of Search, not the page itself. It has a form of its own for images of under-18s."
    ),
    "report-remove": _("For people under 18 now, in the UK."),
    "iwf": _("Takes the page address only."),
    "cybertip-ca": _("For images of under-18s, in Canada."),
    "esafety": _("For people in Australia."),
    "netsafe": _("For people in New Zealand."),
    "fr-3018": _("For young people and parents in France."),
    "fr-disrupt": _("Staff who are given the image make its fingerprint and then delete it."),
    "in-nccrp": _("The government's portal, for all ages."),
    "in-meri": _("For children, and those around them, in India."),
    "br-safernet": _("By chat and e-mail, in Brazil."),
    "kr-d4u": _("May ask for an image and an identity document."),
    "stopncii": _("Makes fingerprints on your device, for adults, in any country. A tool, not a helpline."),
    "rph": _("Helpline staff in the UK."),
    "ccri": _("A helpline in the United States."),
    "ftc-tida": _("A complaint about a platform that did not act on a valid request. Ask the platform first."),
    "bc-iips": _("For people in British Columbia."),
    "de-hateaid": _("Does not handle images of under-18s; it refers them on."),
    "bing-report": _("Takes results out of Bing, not the page itself."),
}
"""What a person is told about a service, by its id."""

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
WHO_CAN_HELP: Final = _("Who can help, by country: 'hashclient services'.")
NO_SERVICE_YET: Final = _("No service is set up here yet.")
NOTHING_TO_SEND_TO: Final = _(
    "This program can make fingerprints, but it has no service to send them to. What you can do today:"
)
TODAY: Final = (
    _("If everyone was 18 or over when it was made: StopNCII.org, in any country. {address}"),
    _("If someone was, or may have been, under 18: Take It Down, in any country. {address}"),
    _("Tell the platform itself: 'hashclient notice' helps with it."),
    WHO_CAN_HELP,
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

# This machine.

NOT_FULLY_PROTECTED: Final = _(
    "This machine cannot fully close off the part of the program that opens files. "
    "It still works, but a harmful file would meet fewer barriers."
)
BROKEN: Final = _("The part '{part}' could not be checked ({error}).")
UNREADABLE: Final = _("{kind} files cannot be read.")
CANNOT_SEAL: Final = _("It cannot seal with {suite}.")
TOO_OLD: Final = _("Too old to be trusted with pictures: {decoder}.")

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

# The safety actions, offered after every outcome.

ACTIONS_TITLE: Final = _("What else you can do:")
KEEP_EVIDENCE: Final = _(
    "Write down the page address, the account name, the date and the time. Save the messages. "
    "If you may go to the police, do this before you ask for removal: removal can remove evidence too."
)
ACTIONS: Final = (
    _("You do not have to answer or bargain with the person doing this."),
    _("Don't pay, and don't send more images."),
    _("You can tell the police."),
    _("A lawyer or advice service can explain your choices, and may sign notices for you."),
    _("Use a separate e-mail for reports, without your name in it."),
    _("Change passwords, switch on two-step sign-in, check privacy settings and signed-in devices."),
    _("If you can, tell one person you trust. You should not have to do this alone."),
)
"""They follow `KEEP_EVIDENCE`, or `DO_NOT_COPY` where someone was under 18."""

# The demo.

DEMO_BEGINS: Final = _("A whole request on this machine, with pictures drawn by a program.")
DEMO_ENDS: Final = _(
    "The example service has ended, and its folder is gone. To use your own pictures, see 'hashclient submit --help'."
)
DEMO_INTERRUPTED: Final = _("Nothing left this machine. The example service has ended.")
DEMO_STEPS: Final = (
    _("A service to send to"),
    _("Fingerprints are made on this device"),
    _("You see what would leave"),
    _("You get case number and PIN, before anything is sent"),
    _("Sealed and sent"),
    _("Followed, and taken back"),
    _("What crossed the wire"),
)
ENDPOINT_IN_ORDER: Final = _(
    "Nothing is wrong with where the two files lie, who can read them, and how long the keys are valid."
)
ENDPOINT_AT_RISK: Final = _("The files of this endpoint are not as safe as they should be. Nothing was changed.")
ENDPOINT_AT_RISK_HINT: Final = _("Do what each line above says, then run this again.")
DEMO_SERVICE: Final = _("It runs as a process of its own; a relay in front of it records every byte.")
DEMO_HASHED: Final = _("Picture, fingerprint, and its quality, of 100:")
DEMO_COPY: Final = _(
    "Picture 2 is picture 1 as posted again, cut and with words over it: {distance} bits differ. "
    "Partners take up to 31 of 256 bits as a match."
)
DEMO_PROTECTION: Final = _("Each was opened in a process that can reach nothing else (protection: {protection}).")
DEMO_JSON: Final = _("The same as JSON, {count} bytes; stars cover the case number and the key made from the PIN:")
DEMO_PIN: Final = _("The PIN itself never leaves this device.")
DEMO_RECEIPT: Final = _(
    "Receipt: {items} pictures, {signals} fingerprints, {day} (UTC). "
    "Its digest {verb} that of the bytes above, with the starred values filled in."
)
DEMO_ASKED: Final = (_("Asked"), _("Taken back"), _("Asked again"))
DEMO_HELD: Final = _("Fingerprints held: {count}.")
DEMO_WAYS: Final = (_("To the service"), _("Back"))
DEMO_FOUND: Final = _(
    "These bytes, and what was inside the seals, were searched for all {runs:,} runs of {length} bytes of the three files. "
    "Found: {found}."
)
DEMO_PLANTED: Final = _("With one run of picture 1 planted in a copy, the same search finds: {found}.")
