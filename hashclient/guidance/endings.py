"""Hold how a request ends, and what is said of its case later: sent, not sent, refused, not confirmed, taken back.

Each is a whole sentence; fields in braces are filled by `format`.
"""

import math
from typing import Final

from hashclient.errors import CaseNotFoundError, EndpointRefusedError
from hashclient.messages import Message, _, _n, _p, joined

# The one deliberate act.

SEND_NOW: Final = _p("sent", "Send it now?")
SEND_WHAT: Final = _n(
    "Fingerprints: {signals}, of {count} file. They go to {host}. You can take them back later with number and PIN.",
    "Fingerprints: {signals}, of {count} files. They go to {host}. You can take them back later with number and PIN.",
)
SEND_PROMPT: Final = _p("sent", "Type 'send' to send it now. Press Enter on its own to stop here.")
WRITE_PROMPT: Final = _p("sent", "Type 'write' to write the file now. Press Enter on its own to stop here.")
AGAIN_PROMPT: Final = _p("sent", "Type 'again' to try again now. Press Enter on its own to look later.")
TYPE_THE_WORD: Final = _("That was not understood. Type '{word}', or press Enter on its own.")

# While it goes on.

ASKING: Final = _("Asking {host} what it takes")
ASKING_CASE: Final = _("Asking {host} about your request")
TAKING_BACK: Final = _("Asking {host} to take it back")
SENDING: Final = _("Sending to {host}")
MAKING_CODES: Final = _("Making your case number and PIN")
TRYING_AGAIN: Final = _("Trying again, {attempt} of {most}")
TRYING_ON: Final = _("Trying again, attempt {attempt}")
TRYING_AFTER: Final = _("The service asks to wait. Trying again in {seconds} seconds")

# How it ends.

SENT: Final = _p("sent", "Received by {host}.")
COUNTS: Final = _p("sent", "Pictures and videos: {items}. Fingerprints: {signals}. Received on {day} (UTC).")
REFUSED_BEFORE: Final = _p("sent", "The service refused the request under the earlier number, and no other was sent.")
NOT_SENT_NOW: Final = _p("sent", "Nothing was sent this time. An earlier try may still arrive.")
UNPROVEN: Final = {
    400: _p("error", "An answer says that the request could not be read, but nothing shows that the service gave it."),
    408: _p(
        "error", "An answer says that the request took too long to arrive, but nothing shows that the service gave it."
    ),
    413: _p("error", "An answer says that the request is too long, but nothing shows that the service gave it."),
    415: _p(
        "error",
        "An answer says that requests of this form are not accepted, but nothing shows that the service gave it.",
    ),
    429: _p(
        "error",
        "An answer says that too many requests are coming at the moment, but nothing shows that the service gave it.",
    ),
}
"""What is said of an answer that came outside the seal, by its HTTP status; its own text is never shown."""
NO_PROOF: Final = _p("error", "No answer came that can be believed.")
LEFT_OPEN: Final = {
    "submission": _p("error", "We do not know whether the service received your request."),
    "status": _p("error", "Asking changed nothing in your case."),
    "withdrawal": _p("error", "We do not know whether the request was taken back."),
}
AGAIN: Final = {
    "submission": _(
        "Keep the number and the PIN, and run 'hashclient status' later. If it does not know the number then, "
        "'hashclient submit --again' sends the request again under it."
    ),
    "status": _("Try again later."),
    "withdrawal": _("Keep the number and the PIN. Run 'hashclient withdraw' again; repeating it does no harm."),
}
"""What is open, and what to do, where no answer can be believed; by what was asked for."""
TAKEN_BACK: Final = {
    "Withdrawn": _p("sent", "The service knows this request: it arrived, and was taken back. It protects nothing now."),
    "Deleted": _p(
        "sent", "The service knows this request: it arrived, and was deleted by the service. It protects nothing now."
    ),
}
"""The ending of a request that had arrived before, by the state of its case."""
REFUSED_BECAUSE: Final = {
    "malformed": _p("error", "The service received the request and refused it: it could not read it."),
    "unsupported-media-type": _p(
        "error", "The service received the request and refused it: it does not accept requests of this form."
    ),
    "too-large": _p("error", "The service received the request and refused it: it is longer than it accepts."),
    "invalid-submission": _p(
        "error", "The service received the request and refused it: it does not follow its specification."
    ),
    "not-accepted": _p(
        "error",
        "The service received the request and refused it: it holds more fingerprints than it accepts, or other types.",
    ),
    "age-gate": _p("error", "The service received the request and refused it: it takes requests about adults only."),
    "epoch-expired": _p("error", "The service received the request and refused it: it came too late."),
}
"""What is said of a refusal, by the name of the problem, where it is one that is known here."""
CROSS_OUT_REFUSED: Final = _p("error", "Cross out the number you noted: it does not count.")
ASK_WHY: Final = EndpointRefusedError.hint
NO_CASE: Final = CaseNotFoundError.sentence
REFUSED_NUMBER: Final = (
    joined(CROSS_OUT_REFUSED, ASK_WHY),
    _p("error", "Keep the number and the PIN: an earlier try may have arrived. Run 'hashclient status' later."),
)
"""What to do after a refusal: where it was the first try, and where an earlier one stayed unconfirmed."""
WAIT_A_LITTLE: Final = _("Check the number and the PIN, and try again later.")
WAIT_MINUTES: Final = _n(
    "Wait {count} minute, check the number and the PIN, and try again.",
    "Wait {count} minutes, check the number and the PIN, and try again.",
)
WAIT_HOURS: Final = _n(
    "Wait {count} hour, check the number and the PIN, and try again.",
    "Wait {count} hours, check the number and the PIN, and try again.",
)
"""How long to wait, where the service said it."""
_MINUTE: Final = 60
_HOUR: Final = 3600
OTHER_CASE: Final = _p(
    "error", "The service has a case that your number and PIN open, but it does not hold what this request holds."
)
ASK_STATUS: Final = _("Ask 'hashclient status' what it holds.")
OTHER_RECEIPT: Final = _p(
    "error", "The service gave a receipt for something else. We do not know whether it received your request."
)
KEEP_THE_NUMBER: Final = _p(
    "sent",
    "Keep the number and the PIN. Look later with 'hashclient status'. A number that is not known today can still arrive "
    "late. To send again, run 'hashclient submit --again': it uses the same number, so it cannot count twice.",
)
CROSS_OUT: Final = _p(
    "sent", "Cross out the number you noted: it belongs to someone else. A new number and PIN follow."
)
INTERRUPTED_SENDING: Final = _p("sent", "Stopped while sending. We do not know whether the service received it.")
CROSS_OUT_UNUSED: Final = _p(
    "sent", "If you noted a number, cross it out: it does not count. You can come back at any time."
)
KEEP_UNUSED: Final = _p("sent", "Keep the number and the PIN of the earlier try. You can come back at any time.")

# A request that is taken up again.

ARRIVED: Final = _p("sent", "The service knows this request: it arrived. There is nothing to send again.")
UNKNOWN_SO_FAR: Final = _p(
    "sent",
    "The service does not know this number with this PIN. So the request is made anew from your files and sent under the "
    "same number: what you noted stays good.",
)
OPENED_BY_ANOTHER_PIN: Final = _p(
    "error", "The service has a case under this number, and this PIN does not open it. This request was not taken."
)
COMPARE_AND_ASK: Final = _(
    "Compare number and PIN with your paper, then run 'hashclient status'. If both are right, the number is someone "
    "else's: cross it out and start a new request."
)

# The service, before anything is sent.

NO_SERVICE: Final = _p("error", "What answers at this address is no service that this program knows. Nothing was sent.")
WEB_PAGE: Final = _p("error", "What answers at this address is a web page, and no service. Nothing was sent.")
CHECK_OR_SIGN_IN: Final = _(
    "Check the address you were given. If this network wants you to sign in first, do that in a browser, then try again."
)
CHECK_ADDRESS: Final = _("Check the address you were given.")
OTHER_VERSION: Final = _p("error", "The service speaks another version than this program. Nothing was sent.")
UPDATE: Final = _("Update the program.")
BUSY: Final = _p("error", "The service is too busy to answer. Nothing was sent.")
TAKES_NO_SEAL: Final = _p(
    "error", "The service does not accept sealed requests, and yours goes only sealed. Nothing was sent."
)
CHOOSE_ANOTHER: Final = _("Ask the service about it, or choose another service.")
KEYS_EXPIRED: Final = _p("error", "The service has no key that is still valid. Nothing was sent.")
CHECK_DATE: Final = _("Check the date of this device, or ask the service.")
CHANGED_SINCE: Final = {
    "submission": _p(
        "error",
        "The service now says something else about itself. We stopped, and do not know whether it received an earlier attempt.",
    ),
    "status": _p("error", "The service now says something else about itself. Asking changed nothing in your case."),
    "withdrawal": _p(
        "error",
        "The service now says something else about itself. We stopped, and do not know whether the request was taken back.",
    ),
}
NOT_PROVEN_SINCE: Final = {
    "submission": _p(
        "error",
        "The service could not prove that it is the one you chose. We stopped, and do not know whether it received an "
        "earlier attempt.",
    ),
    "status": _p(
        "error", "The service could not prove that it is the one you chose. Asking changed nothing in your case."
    ),
    "withdrawal": _p(
        "error",
        "The service could not prove that it is the one you chose. We stopped, and do not know whether the request was "
        "taken back.",
    ),
}
"""What is true where a service is found to be another after a body may have left; by what was asked for."""
KEEP_AND_READ: Final = {
    "submission": _(
        "Keep the number and the PIN. Read what the service says now; if you agree with it, 'hashclient status' tells "
        "what arrived."
    ),
    "status": _("Read what the service says now. If you agree with it, ask again."),
    "withdrawal": _(
        "Keep the number and the PIN. Read what the service says now; if you agree with it, run 'hashclient withdraw' "
        "again. Repeating it does no harm."
    ),
}
KEEP_AND_ASK: Final = _("Keep the number and the PIN. Check the address, and ask the service about its key.")

# Writing it to a file.

FILE_EXISTS: Final = _p("error", "A file of this name exists already. It was left as it is, and nothing was sent.")
FILE_UNWRITABLE: Final = _p("error", "The file could not be written. Nothing was sent.")
NAME_A_NEW_FILE: Final = _("Name a new file in a folder that you may write to.")
COUNTS_ONCE_THERE: Final = _p("sent", "It counts only when the service gets it from you.")
WRITTEN: Final = joined(_p("sent", "The file is ready. Nothing was sent."), COUNTS_ONCE_THERE)
WRITTEN_OPEN: Final = _p("sent", "It is not sealed. Whoever gets the file can read the fingerprints.")

# States of a case.

STATES: Final = {
    "Received": _("Received by {host}."),
    "Active": _("Held for matching. {partners}"),
    "Withdrawn": _("You took this request back."),
    "Deleted": _("The service no longer holds this request."),
    "other": _(
        "The service gave a state that this program does not know. "
        "We do not know whether it holds this request, and nothing in this answer says that it was taken back."
    ),
}
UPDATE_OR_ASK: Final = _("Keep the number and the PIN. Update the program, or ask the service what this state means.")
FETCHED: Final = _n(
    "{fetched} of {count} platform has fetched all of it.", "{fetched} of {count} platforms have fetched all of it."
)
PARTNERS: Final = _("The service says: {partners}")
NO_PARTNERS: Final = _("It has not said with which platforms.")
PENDING: Final = _("{count}: a platform found a match and is reviewing it.")
BLOCKED: Final = _("{count}: a platform reviewed it and blocked it.")
NOT_BLOCKED: Final = _(
    "{count}: a platform reviewed it and did not block it. You can tell the platform directly, or ask a service for help."
)
NO_MATCH: Final = _("No platform has reported a match so far. This does not mean it is not online.")
WITHDRAWAL: Final = _p(
    "sent",
    "The service is asked to stop sharing these fingerprints. What platforms already removed stays removed. "
    "We cannot check what each platform does.",
)
UNCHANGED: Final = _p("sent", "The case is unchanged.")
INTERRUPTED_UNCHANGED: Final = _p("sent", "Stopped. The case is unchanged.")
NOT_TAKEN_BACK: Final = _p(
    "error", "The service did not say that the request was taken back. We do not know whether it was."
)
WITHDRAW_AGAIN: Final = _("Keep the number and the PIN. Run 'hashclient withdraw' again, or ask the service.")
WITHDRAW_PROMPT: Final = _p("sent", "Type 'yes' to take the request back. Press Enter on its own to keep it as it is:")
LEFT_AS_IT_IS: Final = _p("sent", "You left the request as it is. Nothing was sent.")
WITHDRAWAL_UNKNOWN: Final = _p(
    "sent",
    "Stopped. We do not know whether the service received it. Run 'hashclient withdraw' again; repeating it does no harm.",
)
TOOK_IT_BACK: Final = _p("sent", "You can throw the note away.")

# What comes after.

WHAT_NOW: Final = _("What happens now:")
NEXT: Final = (
    _(
        "The service can give your fingerprints to platforms that take part. If one of them notices a match, someone there "
        "looks at the copy they found, and decides."
    ),
    _("You may never hear of a match. That does not mean that it is gone, or that it is there."),
    _("Looking again and again can hurt. Once a week is plenty. Someone you trust can look for you."),
    _("Do this too: StopNCII.org, tell the platform, search engines. 'hashclient guide' shows how."),
    _("A new copy, changed? Make a new fingerprint of it."),
)
HOW_ARE_YOU: Final = _("This is a lot. Eat something, rest, talk to someone.")


def wait(seconds: float | None) -> Message:
    """Say how long to wait before the next try: minutes or hours, rounded up; a little, where the service did not say."""
    if not seconds:
        return WAIT_A_LITTLE
    if seconds <= _HOUR:
        return WAIT_MINUTES.format(count=math.ceil(seconds / _MINUTE))
    return WAIT_HOURS.format(count=math.ceil(seconds / _HOUR))
