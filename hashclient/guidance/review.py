"""Hold the words about what would leave: its kinds, what stays, and what a service says of itself.

Each is a whole sentence; fields in braces are filled by `format`.
"""

from typing import Final

from hashclient.messages import _, _n, _p, joined
from hashclient.vocabulary import Altered, Content, Reason

TITLE: Final = _p("sent", "What would be sent to {host}:")
FILES: Final = {
    Content.IMAGE: _n("{count} picture.", "{count} pictures."),
    Content.VIDEO: _n("{count} video.", "{count} videos."),
}
INSIDE: Final = _n(
    "{count} of them is the picture inside another of them.", "{count} of them are pictures inside others of them."
)
"""After the pictures are counted."""
ALTERED: Final = {
    Altered.YES: _p("sent", "Said to be changed or fake: {count}."),
    Altered.NO: _p("sent", "Said to be not changed: {count}."),
    Altered.UNKNOWN: _p("sent", "Not known whether changed: {count}."),
}
"""What is told of the files, by the answer given for them."""
LINKED: Final = _p("sent", "Said to be made from another of them: {count}.")
FINGERPRINTS: Final = _n("{count} fingerprint of type {type}.", "{count} fingerprints of type {type}.")
FORM_AND_QUALITY: Final = _p(
    "sent", "With each: which form of the picture it is of, and its quality ({least} to {most} of 100)."
)
FORM_AND_ONE_QUALITY: Final = _p(
    "sent", "With each: which form of the picture it is of, and its quality ({most} of 100)."
)
MOMENTS_AND_QUALITY: Final = _p(
    "sent", "Each of type vpdq is of one moment of a video, and has its quality with it ({least} to {most} of 100)."
)
MOMENTS_AND_ONE_QUALITY: Final = _p(
    "sent", "Each of type vpdq is of one moment of a video, and has its quality with it ({most} of 100)."
)
DECLARATION: Final = _p("sent", 'You declare: "{words}"')
CASE: Final = _p(
    "sent", "A case number made here, a key made from number and PIN, a random number, the version of the form."
)
COVERAGE: Final = _n(
    "{count} of the fingerprints is of a likely re-post (mirrored, cropped, framed). It tells a little more about the "
    "picture; '--coverage single' leaves it out.",
    "{count} of the fingerprints are of likely re-posts (mirrored, cropped, framed). Each tells a little more about the "
    "picture; '--coverage single' leaves them out.",
)
DIGESTS: Final = _n(
    "{count} of the fingerprints is of a whole file, hidden notes included (MD5, SHA-256). It finds only copies that were "
    "never re-saved. Whoever has such a file can tell for certain that it is the same.",
    "{count} of the fingerprints are of whole files, hidden notes included (MD5, SHA-256). They find only copies that were "
    "never re-saved. Whoever has such a file can tell for certain that it is the same.",
)
LOOKALIKE: Final = _p("sent", "This service also compares videos that look alike.")
STAYS: Final = _p(
    "sent", "Not sent and not stored: the files, their names, paths, hidden notes (EXIF), small previews, the PIN."
)
SEEN_ANYWAY: Final = _p(
    "sent",
    "We do not ask who you are, and no name or location is sent. But the service can see your internet address, "
    "and whoever runs your internet connection can see that you contacted it.",
)
IN_A_FILE: Final = _p("sent", "We do not ask who you are. No name and no place is in the file.")
PROMPT: Final = _p(
    "sent", "Press Enter to get your case number and PIN, type 'json' to see every byte, or 'stop' to stop:"
)
ANSWERS: Final = _("Please press Enter, or type 'json' or 'stop'.")
EVERY_BYTE: Final = _p(
    "sent",
    "Below: every byte. Case number and key are covered by stars; 'submit' draws new ones and shows you the number.",
)
EVERY_BYTE_RAW: Final = _p(
    "sent",
    "Below: every byte. Case number and key are examples drawn for this view: do not note them, they are not used.",
)
BYTES_BEFORE_SEALING: Final = _n(
    "{count} byte, before it is sealed and padded to a fixed length:",
    "{count} bytes, before they are sealed and padded to a fixed length:",
)

# What a service accepts.

KINDS_REFUSED: Final = _p(
    "error",
    "For one of these files, the service accepts none of the types of fingerprints that were made. Nothing was sent.",
)
NO_ROOM: Final = _p("error", "The service has no room for all of these files in one request. Nothing was sent.")
TOO_PLAIN: Final = _p("error", "One of these files has too little detail to be recognised. Nothing was sent.")
CHOOSE_CLEARER: Final = _("Leave it out, or use a larger or clearer copy.")
CHOOSE_KINDS: Final = _("Leave --type out, or choose another service.")
SEND_FEWER: Final = _("Send the files in two requests, or choose another service.")
UNFIT: Final = {
    Reason.LOW_QUALITY: _p(
        "error",
        "The service does not accept this: a fingerprint has too little detail to be recognised. Nothing was sent.",
    ),
    Reason.FLAT: _p(
        "error",
        "The service does not accept this: a fingerprint is so even that it would match other pictures. Nothing was sent.",
    ),
    Reason.TYPE_NOT_ACCEPTED: _p(
        "error",
        "The service does not accept this: the request holds a type of fingerprint that it does not use. Nothing was sent.",
    ),
    Reason.TOO_MANY_ITEMS: _p(
        "error", "The service accepts fewer pictures and videos in one request. Nothing was sent."
    ),
    Reason.TOO_MANY_SIGNALS: _p("error", "The service accepts fewer fingerprints in one request. Nothing was sent."),
    Reason.REPRESENTATIVE: _p("error", "The service accepts requests only from the person shown. Nothing was sent."),
}
"""Why a service does not accept a request."""

# What a service says of itself.

NAMED_BY_ITSELF: Final = _('Service: {host}, which calls itself "{name}".')
RUN_BY: Final = _("Run by: {words}")
SHARES_WITH: Final = _("Shares with: {words}")
KEEPS: Final = _("Keeps fingerprints: {words}")
FOR_OTHERS: Final = {
    True: _("It takes requests made for someone else."),
    False: _("It takes no requests made for someone else."),
    None: _("It has not stated whether it takes requests made for someone else."),
}
CONTACT: Final = _("How to reach it: {words}")
PRIVACY: Final = _("What it says on privacy: {words}")
NOT_STATED: Final = _("not stated")
NOT_STOPNCII: Final = _("This is not StopNCII or Take It Down. We cannot send to them.")
SEALED_BODY: Final = _p("sent", "What is sent is sealed, so that only the service can read it.")
PLAIN: Final = _p(
    "sent",
    "What is sent is NOT sealed: this service accepts unsealed requests, which is meant only for testing on your own device.",
)
ONLY_THE_CONNECTION: Final = _p(
    "sent", "You named no key to trust, so only the connection shows who it is. You can go on."
)
KEY_NOT_KNOWN: Final = joined(
    ONLY_THE_CONNECTION,
    _p("sent", "To be surer, ask the service for its check digits another way, and give them with --trust-key."),
)
SAYS_NOW: Final = _("What {host} says of itself now:")
COPIES_GO: Final = (
    _("Copies of the list that platforms read hold nothing of it after that."),
    _("Copies of the list may take up to 1 day to go."),
    _("Copies of the list may take up to {days} days to go."),
)
"""What is said of a withdrawal, by `partner_copies_days` of the profile: 0, 1, more."""
