"""Hold the words for people who try the program, check it, hand out the page or run an endpoint; and of `--cluster`."""

from typing import Final

from hashclient.messages import _, _p

# The demo.

DEMO_BEGINS: Final = _("A whole request on this machine, with pictures drawn by a program.")
DEMO_ENDS: Final = _(
    "The example service has ended, and its folder is gone. To use your own pictures, see 'hashclient submit --help'."
)
DEMO_INTERRUPTED: Final = _p("sent", "Nothing left this machine. The example service has ended.")
DEMO_STEPS: Final = (
    _("A service to send to"),
    _("Fingerprints are made on this device"),
    _("You see what would leave"),
    _("You get case number and PIN, before anything is sent"),
    _("Sealed and sent"),
    _("Followed, and taken back"),
    _("What crossed the wire"),
)
DEMO_SERVICE: Final = _("It runs as a process of its own; a relay in front of it records every byte.")
DEMO_HASHED: Final = _("Picture, fingerprint, and its quality, of 100:")
DEMO_COPY: Final = _(
    "Picture 2 is picture 1 as posted again, cut and with words over it: {distance} bits differ. "
    "Partners take up to 31 of 256 bits as a match."
)
DEMO_PROTECTION: Final = _("Each was opened in a process that can reach nothing else (protection: {protection}).")
DEMO_JSON: Final = _("The same as JSON, {count} bytes; stars cover the case number and the key made from the PIN:")
DEMO_CASE_NUMBER: Final = _("Case number: {number}")
DEMO_SHOWN_PIN: Final = _("PIN: {digits}")
DEMO_PIN: Final = _p("codes", "The PIN itself never leaves this device.")
DEMO_RECEIPT: Final = _("Receipt: {items} pictures, {signals} fingerprints, {day} (UTC).")
DEMO_DIGEST: Final = {
    True: _("Its digest is that of the bytes above, with the starred values filled in."),
    False: _("Its digest IS NOT that of the bytes above, with the starred values filled in."),
}
"""What is said of the digest of the receipt, by whether it is the right one."""
DEMO_FOLLOWED: Final = (
    _("Asked: {state} Fingerprints held: {count}."),
    _("Taken back: {state} Fingerprints held: {count}."),
    _("Asked again: {state} Fingerprints held: {count}."),
)
DEMO_CROSSED: Final = (
    _("To the service: {count:,} bytes, SHA-256 {digest}"),
    _("Back: {count:,} bytes, SHA-256 {digest}"),
)
DEMO_FOUND: Final = _(
    "These bytes, and what was inside the seals, were searched for all {runs:,} runs of {length} bytes of the three files. "
    "Found: {found}."
)
DEMO_PLANTED: Final = _("With one run of picture 1 planted in a copy, the same search finds: {found}.")
DEMO_DID_NOT_START: Final = _p("error", "The example service did not start. Nothing was sent.")

# The state of this installation, for `doctor`.

NOT_FULLY_PROTECTED: Final = _(
    "This machine cannot fully close off the part of the program that opens files. "
    "It still works, but a harmful file would meet fewer barriers."
)
BROKEN: Final = _("The part '{part}' could not be checked ({error}).")
UNREADABLE: Final = _("{kind} files cannot be read.")
CANNOT_SEAL: Final = _("It cannot seal with {suite}.")
TOO_OLD: Final = _("Too old to be trusted with pictures: {decoder}.")
SOMETHING_IS_WRONG: Final = _p("error", "Something is wrong with this installation.")
INSTALL_ANEW: Final = _p("error", "Install it anew, or update it.")

# The endpoint.

ENDPOINT_IN_ORDER: Final = _(
    "Nothing is wrong with where the two files lie, who can read them, and how long the keys are valid."
)
ENDPOINT_AT_RISK: Final = _p(
    "error", "The files of this endpoint are not as safe as they should be. Nothing was changed."
)
ENDPOINT_AT_RISK_HINT: Final = _p("error", "Do what each line above says, then run this again.")

WRONG_WEB_ORIGIN: Final = _p("error", "An address after --web-origin cannot be used. Nothing was sent.")
WRITE_WEB_ORIGIN: Final = _p("error", "Write https://HOST, https://HOST:PORT or '*'; 'null' is never one.")

# The page.

PAGE_IS_HERE: Final = _("The page is at this address, on this device alone, until you press Ctrl-C. Nothing was sent.")
PAGE_ENDED: Final = _p("sent", "The address has ended. A page that is open in a browser goes on until you close it.")
PAGE_NOT_OPENED: Final = _("No browser could be opened. Open the address in one yourself.")
PAGE_NO_PORT: Final = _p("error", "The page could not be handed out on this device. Nothing was sent.")
PAGE_SAVE_INSTEAD: Final = _p("error", "Save it as a file with --save, and open that in a browser.")
PAGE_SAVED: Final = _(
    "The page is saved, and nothing was sent. The line of 64 characters is its SHA-256. A file that has the same one is the "
    "same page."
)
PAGE_IS_FOR: Final = _("It is for {host} alone.")
SAVE_OR_OPEN: Final = _p("error", "--save writes a file and --open shows an address. Nothing was sent.")

# Hashing on a cluster.

TWO_NUMBERS: Final = _p("error", "--jobs is for this machine, and --cluster has its own number. Nothing was sent.")
ONE_OF_THEM: Final = _p("error", "Leave one of the two out.")
NO_CLUSTER: Final = _p("error", "This is not the address of a cluster. Nothing was sent.")
WRITE_CLUSTER: Final = _p("error", "Write tcp://HOST:PORT.")
NO_WORKERS: Final = _p("error", "The cluster has no workers. No file was opened and nothing was sent.")
CLUSTER_LOST: Final = _p(
    "error",
    "The cluster was lost, so the work stopped here. What was printed is complete, no file was changed "
    "and nothing was sent to a service.",
)
CLUSTER_FAILED: Final = _p(
    "error",
    "The cluster could not run this program, so the work stopped here. What was printed is complete, "
    "no file was changed and nothing was sent to a service.",
)
SAME_VERSION: Final = _p("error", "Install the same version of hashclient and Python on every machine of the cluster.")
