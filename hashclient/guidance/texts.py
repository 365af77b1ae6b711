"""Hold the sentences shown to people: limits, what leaves, case number and PIN, endings, case states.

They are in one place so that they can be translated, and searched for promises that nobody can keep. Fields in braces
are filled by `str.format`. Questions are in `hashclient.guidance.questions`, the screens of the triage and the safety actions
in `hashclient.guidance.screens`, the sentences of errors in `hashclient.errors`.
"""

from typing import Final

# Before anything is asked.

NOT_YOUR_FAULT: Final = "This is not your fault."
EMERGENCY: Final = (
    "If you are in danger, or thinking of ending your life, call your local emergency number or crisis line now."
)
WHAT_IT_DOES: Final = (
    "This makes fingerprints of the images on this device. Only the fingerprints are sent. "
    "You see exactly what is sent before it is sent, and you can stop at any time with Ctrl-C."
)
NOT_A_SERVICE: Final = "This program is not StopNCII, Take It Down or any other service; it sends to {host} only."
HAVE_A_NUMBER: Final = "Do you already have a case number for these images? Then ask 'hashclient status' first."
KINDS_REFUSED: Final = (
    "For one of these files, the service accepts none of the types of fingerprints that were made. Nothing was sent."
)
NO_ROOM: Final = "The service has no room for all of these files in one request. Nothing was sent."
TOO_PLAIN: Final = "One of these files has too little detail to be recognised. Nothing was sent."
CHOOSE_CLEARER: Final = "Leave it out, or use a larger or clearer copy."
CHOOSE_KINDS: Final = "Leave --type out, or choose another service."
LIMITS_TITLE: Final = "What it can and cannot do:"
LIMITS: Final = (
    "It works only on platforms that take part with the service you send to, not on the whole internet.",
    "A platform looks at a match and decides under its own rules; it may say no. Someone at the platform may then see the copy found there.",
    "A crop, filter, emoji or re-saved copy can escape, and needs its own fingerprint.",
    "Where a service takes only the MD5 of a video, the video is found only if it is exactly the same file.",
    "It does not work in encrypted chats.",
    "It is about this file, not new fakes of the same person.",
    "You need the file on this device. Do not go and get a copy.",
    "It is not a legal notice and starts no legal deadline. Is it online now? Telling that platform is the quickest step.",
    "Case number and PIN cannot be recovered, by anyone.",
    "A fingerprint is not the picture, but treat it as private: a rough version can sometimes be rebuilt from it.",
)
LIMITS_SHORT: Final = (
    "It works only on platforms that take part with the service you send to, and each decides under its own rules. "
    "A changed copy can escape. It is not a legal notice. Nobody can recover a lost case number or PIN. "
    "Images of anyone under 18 go to services made for them, and this tool says which."
)

# Questions.

WHY_WE_ASK: Final = "Why we ask: {why}"
TYPE_ONE: Final = "Type {answers}:"
TYPE_A_NUMBER: Final = "Please type one of the numbers: {answers}. Ctrl-C stops."
TYPE_ITS_NUMBER: Final = "Type its number ({numbers}), or Enter if it is none of them or you don't know:"
PICTURE_OF: Final = "Picture {position} of {count}"

# The age rule and the other stops.

STOPPED: Final = "No file was opened and nothing was sent."

# Files, where only fingerprints are made.

RESEARCH: Final = (
    "For research and matching: you were not asked about the people shown, and nothing made this way can become a "
    "request. For help with a picture of you or of someone under 18, run 'hashclient submit'; it asks first, and names "
    "the services for under-18s."
)
HASHED_IN_ALL: Final = "Hashed: {files}."
HASHED_SO_FAR: Final = "Hashed: {files}; every line that was printed is complete."
NOT_USED: Final = "{files} could not be used: {reason}"
PARTLY_USED: Final = "{files} could be used only in part: {reason}"
LEFT_OUT: Final = "Left out: {counted}."
LEFT_OUT_KINDS: Final = (
    "hidden",
    "other kinds of files",
    "links to folders",
    "pipes, devices and links to nothing",
    "folders that could not be listed",
)

# What leaves.

ANY_SERVICE: Final = "the service that you choose"
WAYS: Final = (
    "Send to a service: --endpoint ADDRESS, the variable HASHCLIENT_ENDPOINT, or 'endpoint' in the settings file.",
    "Write the request to a file and hand it over yourself: --to-file FILE.",
    "See what would be sent, and send nothing: 'hashclient inspect' or --dry-run.",
    "Try the whole round on this machine with example pictures: 'hashclient demo'.",
)
"""What a person can do when no service was chosen."""

REVIEW_TITLE: Final = "What would be sent to {host}:"
REVIEW_FINGERPRINTS: Final = (
    "Fingerprints: {types}. With each: its type, which form of the picture it belongs to{quality}."
)
REVIEW_QUALITY: Final = ", and its quality ({quality} of 100)"
REVIEW_ITEMS: Final = "{items}, and whether each was changed: {altered}{linked}."
ALTERED: Final = {"yes": "changed or fake", "no": "not changed", "unknown": "not known"}
REVIEW_LINKED: Final = "; {count} made from another of them"
REVIEW_DECLARATION: Final = 'Your declaration: "{words}"'
REVIEW_CASE: Final = (
    "A case number made on this device, a key made from number and PIN, a random number, and the version of the form."
)
COVERAGE: Final = (
    "{count} of the fingerprints are of likely re-posts: the same image mirrored, cropped, framed, with a bar, or slightly "
    "turned. They make it more likely that such copies are found. Each one also tells whoever reads it a little more "
    "about the image; '--coverage single' leaves them out."
)
DIGESTS: Final = (
    "{count} of the fingerprints are of whole files (MD5, SHA-256), hidden notes included. They find copies that were never "
    "re-saved, and whoever has such a file can tell for certain that it is the same one."
)
REVIEW_PROMPT: Final = "Press Enter to get your case number and PIN, type 'json' to see every byte, or 'stop' to stop:"
EVERY_BYTE: Final = (
    "Below: every byte. Case number and key are covered by stars; 'submit' draws new ones and shows you the number."
)
EVERY_BYTE_RAW: Final = (
    "Below: every byte. Case number and key are examples drawn for this view: do not note them, they are not used."
)
BYTES_BEFORE_SEALING: Final = "{count} bytes, before they are sealed and padded to a fixed length:"
NOT_SENT_TITLE: Final = "Not sent and not stored: the images, file names, paths, EXIF (hidden notes on place and time), thumbnails, notes, the PIN."
SEEN_ANYWAY: Final = (
    "We do not ask who you are, and no name or location is sent. But the service can see your internet address, "
    "and whoever runs your internet connection can see that you contacted it."
)
SEALED_BODY: Final = "What is sent is sealed, so that only the service can read it."
PLAIN: Final = "What is sent is NOT sealed: this service accepts unsealed requests, which is meant only for testing on your own device."
NAMED_BY_ITSELF: Final = 'Service: {host}, which calls itself "{name}"'
SAID_OF_ITSELF: Final = (
    "Run by",
    "Shares with",
    "Keeps fingerprints",
    "Takes requests made for someone else",
    "Privacy",
)
"""What else a service says of itself: operator, partners, retention, representatives, policy."""
KEY_NOT_KNOWN: Final = "You have not named a key to trust, so only the connection shows who it is. 'hashclient doctor --endpoint' prints the check digits of its key to compare."
NOT_STATED: Final = "not stated"

# Case number and PIN.

NO_ONE_CAN_RECOVER: Final = "No one can recover these. Without them you cannot see or take back your request."
WRITE_NOW: Final = (
    "Write down the number and the PIN now, by hand. "
    "Nobody can recover them, and without them this cannot be withdrawn."
)
THEIRS: Final = "They belong to the person in the images: give both to them."
COUNTS_ONLY: Final = (
    "A case number is valid only once the program says that your request was received, or 'hashclient status' finds it."
)
MISMATCH: Final = "Those do not match. Here they are again. After this you can continue whether or not they match."
IN_GNU_SCREEN: Final = (
    "This terminal runs in GNU screen, which keeps what it showed and lets others scroll back to it. It is safer to press "
    "Ctrl-C now, leave screen, and start again. If you go on, close its window afterwards."
)
ENTER_GOES_ON: Final = "Press Enter to go on:"
CLOSE_THE_WINDOW: Final = "Close this window afterwards: what it shows now stays in it."
CASE_NUMBER_PROMPT: Final = "Case number:"
PIN_PROMPT: Final = "PIN:"
HIDDEN_PIN_PROMPT: Final = "PIN (hidden; type 'show' first to see it):"
TYPE_BOTH: Final = "Please type both once, from your paper."
ENTER_WHEN_NOTED: Final = "Press Enter when you have both on paper:"
ENTER_CLEARS: Final = "Press Enter to clear the screen:"

# Endings.

CONFIRM_PROMPT: Final = "Type '{word}' to {act} now. Press Enter on its own to stop here."
SENDING: Final = "Sending to {host}"
AGAIN_PROMPT: Final = "Type 'again' to try again now."
COUNTS: Final = "Pictures and videos: {items}. Fingerprints: {signals}. Received on {day} (UTC)."
FILE_EXISTS: Final = "A file of this name exists already. It was left as it is, and nothing was sent."
FILE_UNWRITABLE: Final = "The file could not be written. Nothing was sent."
NAME_A_NEW_FILE: Final = "Name a new file in a folder that you may write to."

OUTPUT_FAILED: Final = "The results could not be written: the output is closed or full."
ANOTHER_OUTPUT: Final = "Make room, or choose another place for the output."

SENT: Final = "Received by {host}."
NOT_SENT: Final = "Nothing was sent."
REFUSED_BEFORE: Final = "The service refused the request under the earlier number, and no other was sent."
UNPROVEN: Final = {
    status: f"An answer says that {why}, but nothing shows that the service gave it."
    for status, why in {
        400: "the request could not be read",
        408: "the request took too long to arrive",
        413: "the request is too long",
        415: "requests of this form are not accepted",
        429: "too many requests are coming at the moment",
    }.items()
}
"""What is said of an answer that came outside the seal, by its HTTP status; its own text is never shown."""
NO_PROOF: Final = "No answer came that can be believed."
LEFT_OPEN: Final = {
    "submission": "We do not know whether the service received your request.",
    "status": "Asking changed nothing in your case.",
    "withdrawal": "We do not know whether the request was taken back.",
}
AGAIN: Final = {
    "submission": "Try again, or run 'hashclient status' later; the same case number is used, so it should not count twice.",
    "status": "Try again later.",
    "withdrawal": "Keep the number and the PIN. Run 'hashclient withdraw' again; repeating it does no harm.",
}
"""What is open, and what to do, where no answer can be believed; by what was asked for."""
TAKEN_BACK: Final = {
    "Withdrawn": "The service knows this request: it arrived, and was taken back. It protects nothing now.",
    "Deleted": "The service knows this request: it arrived, and was deleted by the service. It protects nothing now.",
}
"""The ending of a request that had arrived before, by the state of its case."""
REFUSED_BECAUSE: Final = {
    name: f"The service received the request and refused it: {why}."
    for name, why in {
        "malformed": "it could not read the request",
        "unsupported-media-type": "it does not accept requests of this form",
        "too-large": "the request is longer than it accepts",
        "invalid-submission": "the request does not follow its specification",
        "not-accepted": "the request holds more fingerprints than it accepts, or other types",
        "age-gate": "it accepts requests about adults only",
        "epoch-expired": "the request came too late",
    }.items()
}
"""What is said of a refusal, by the name of the problem, where it is one that is known here."""
REFUSED_NUMBER: Final = (
    "Cross out the number you noted: it does not count. Ask the service why, or choose another service.",
    "Keep the number and the PIN: an earlier try may have arrived. Run 'hashclient status' later.",
)
"""What to do after a refusal: where it was the first try, and where an earlier one stayed unconfirmed."""
NO_SERVICE: Final = "What answers at this address is no service that this program knows. Nothing was sent."
CHECK_ADDRESS: Final = "Check the address you were given."
OTHER_VERSION: Final = "The service speaks another version than this program. Nothing was sent."
UPDATE: Final = "Update the program."
TAKES_NO_SEAL: Final = "The service does not accept sealed requests, and yours goes only sealed. Nothing was sent."
KEYS_EXPIRED: Final = "The service has no key that is still valid. Nothing was sent."
CHECK_DATE: Final = "Check the date of this device, or ask the service."
UNFIT: Final = "The service does not accept this request as it stands: {why}. Nothing was sent."
OTHER_CASE: Final = (
    "The service has a case that your number and PIN open, but it does not hold what this request holds."
)
ASK_STATUS: Final = "Ask 'hashclient status' what it holds."
OTHER_RECEIPT: Final = "The service gave a receipt for something else. We do not know whether it received your request."
CHANGED_SINCE: Final = "The service now says something else about itself. We stopped, and do not know whether it received an earlier attempt."
NOT_PROVEN_SINCE: Final = (
    "The service could not prove that it is the one you chose. "
    "We stopped, and do not know whether it received an earlier attempt."
)
KEEP_AND_READ: Final = "Keep the number and the PIN. Read what the service says now; if you agree with it, 'hashclient status' tells what arrived."
KEEP_AND_ASK: Final = "Keep the number and the PIN. Check the address, and ask the service about its key."
SAYS_NOW: Final = "What {host} says of itself now:"
KEEP_THE_NUMBER: Final = "Keep the number and the PIN: after two hours, 'hashclient status' tells whether it arrived."
CROSS_OUT: Final = "Cross out the number you noted: it belongs to someone else. A new number and PIN follow."
YOU_STOPPED: Final = "You stopped here. {state}"
COME_BACK: Final = "You can come back at any time."
INTERRUPTED: Final = "Stopped."
UNCHANGED: Final = "The case is unchanged."
INTERRUPTED_SENDING: Final = "Stopped while sending. We do not know whether the service received it."
WRITTEN: Final = "The file was written. Nothing was sent: it counts once the service has received it from you."
WRITTEN_OPEN: Final = "It is not sealed: whoever gets the file can read the fingerprints. Treat it as private."

# States of a case.

STATES: Final = {
    "Received": "Received by {host}.",
    "Active": "Held for matching. {partners}",
    "Withdrawn": "You took this request back.",
    "Deleted": "The service no longer holds this request.",
    "other": (
        "The service gave a state that this program does not know. "
        "We do not know whether it holds this request, and nothing in this answer says that it was taken back."
    ),
}
UPDATE_OR_ASK: Final = "Keep the number and the PIN. Update the program, or ask the service what this state means."
FETCHED: Final = "{fetched} of {partners} platforms have fetched all of it."
PARTNERS: Final = "The service says: {partners}"
NO_PARTNERS: Final = "It has not said with which platforms."
PENDING: Final = "{count}: a platform found a match and is reviewing it."
BLOCKED: Final = "{count}: a platform reviewed it and blocked it."
NOT_BLOCKED: Final = (
    "{count}: a platform reviewed it and did not block it. You can report the address to the platform, "
    "or ask a service for help."
)
NO_MATCH: Final = "No platform has reported a match so far. This does not mean it is not online."
WITHDRAWAL: Final = (
    "The service is asked to stop sharing these fingerprints. What platforms already removed stays removed. "
    "We cannot check what each platform does."
)
COPIES_GO: Final = (
    "Copies of the list that platforms read hold nothing of it after that.",
    "Copies of the list may take up to 1 day to go.",
    "Copies of the list may take up to {days} days to go.",
)
"""What is said of a withdrawal, by `partner_copies_days` of the profile: 0, 1, more."""
NOT_TAKEN_BACK: Final = "The service did not say that the request was taken back. We do not know whether it was."
WITHDRAW_AGAIN: Final = "Keep the number and the PIN. Run 'hashclient withdraw' again, or ask the service."
WITHDRAW_PROMPT: Final = "Type 'yes' to take the request back. Anything else leaves it as it is:"
LEFT_AS_IT_IS: Final = "You left the request as it is. Nothing was sent."
WITHDRAWAL_UNKNOWN: Final = (
    "We do not know whether the service received it. Run 'hashclient withdraw' again; repeating it does no harm."
)
