"""Hold the words about case number and PIN: shown before anything is sent, asked back, asked for later."""

from typing import Final

from hashclient.messages import _, _p, joined

NO_ONE: Final = _p("codes", "No one can recover these.")
WITHOUT_THEM: Final = _p("codes", "Without them you cannot look at your request or take it back.")
NO_ONE_CAN_RECOVER: Final = joined(NO_ONE, WITHOUT_THEM)
ADDRESS: Final = _p("codes", "Service: {address}")
NUMBER: Final = _p("codes", "Case number: {number}")
PIN: Final = _p("codes", "PIN: {digits}")
FOLLOW: Final = _p("codes", "To look at it later: {command}")
WRITE_NOW: Final = _p(
    "codes",
    "Write down all of this now, by hand. Nobody can give back the number and the PIN, and without them this cannot be "
    "withdrawn. Anyone who finds both can take it back.",
)
THEIRS: Final = _p("codes", "They belong to the person in the pictures: give both to them.")
COUNTS_ONLY: Final = _p(
    "codes",
    "The number counts only after the program says that your request was received, or after 'hashclient status' finds it.",
)
MISMATCH: Final = _p("codes", "That is not the same. Here they are once more. You may go on after this.")
IN_GNU_SCREEN: Final = _p(
    "codes",
    "This terminal runs in GNU screen, which keeps what it showed and lets others scroll back to it. It is safer to press "
    "Ctrl-C now, leave screen, and start again. If you go on, close its window afterwards.",
)
CLOSE_THE_WINDOW: Final = _p("codes", "Close this window afterwards: what it shows now stays in it.")
NUMBER_PROMPT: Final = _p("codes", "Case number:")
PIN_PROMPT: Final = _p("codes", "PIN:")
HIDDEN_PIN_PROMPT: Final = _p("codes", "PIN (hidden; type 'show' first to see it):")
TYPE_BOTH: Final = _p("codes", "Please type both once, from your paper. A slip does no harm: you can look again.")
ENTER_WHEN_NOTED: Final = _p("codes", "Press Enter when you have both on paper:")
ENTER_CLEARS: Final = _p("codes", "Press Enter to clear the screen:")
NUMBER_UNLIKE: Final = _p(
    "codes",
    "This case number is not written correctly. The number has 12 letters and digits, like 7KQM-2XRD-9WPA. Compare each "
    "with your note.",
)
PIN_UNLIKE: Final = _p(
    "codes", "This PIN is not written correctly. It has 8 digits, like 1234 5678. Compare each with your note."
)
NOT_BOTH: Final = _p(
    "codes",
    "What was read from --credentials-fd is not a case number and a PIN, one per line. Nothing was sent.",
)
NO_TERMINAL: Final = _p(
    "codes", "This asks for case number and PIN, and there is no terminal to ask at. Nothing was sent."
)
RUN_IN_A_TERMINAL: Final = _(
    "Run it in a terminal. A program writes both, one per line, to a descriptor that it names with --credentials-fd."
)
DESCRIPTOR_TOO_LOW: Final = _(
    "--credentials-fd takes a descriptor of 3 or more, so that the PIN goes nowhere else. Nothing was sent."
)
CHOOSE_A_DESCRIPTOR: Final = _("Open a descriptor of its own for it.")

# The sheet that is written only if it was asked for.

ON_PAPER_FILE: Final = _p("codes", "Case number and PIN also stand in the file that you named.")
WHO_READS_THE_FILE: Final = _p(
    "codes",
    "Whoever can open that file can look at your request and take it back: everyone who uses this account, and whoever "
    "looks after this device or its backups. Print it or copy it by hand, then delete it.",
)
PAPER_NOT_WRITTEN: Final = _p("codes", "The file for case number and PIN could not be written. Nothing was sent.")

# A request that is taken up again.

WHICH_ONE: Final = _p("codes", "Type the case number and the PIN of the earlier try, from your paper.")
COMPARE: Final = _p("codes", "Compare both with your paper. Your request is sent again under this number.")
ENTER_IF_SAME: Final = _p("codes", "Press Enter if both are the same, or Ctrl-C to stop:")
AGAIN_ALONE: Final = _(
    "--again asks for the case number and the PIN, and there is no terminal to ask at. Nothing was sent."
)
AGAIN_WITH_A_SERVICE: Final = _(
    "--again sends to a service, so it does not go with --dry-run or --to-file. Nothing was sent."
)
LEAVE_ONE_OUT: Final = _("Leave one of the two out.")
KEEP_THE_BYTES: Final = _("A program keeps the request and sends it again with Request.resume().")
