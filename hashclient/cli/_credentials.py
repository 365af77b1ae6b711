"""Give the case number and the PIN to the person before anything is sent, and ask for them later.

They are shown on the alternate screen, which is cleared, or written to the file descriptor that a program names: nowhere
else, and never in an argument, a variable or a file.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hashclient.cli import _terminal
from hashclient.errors import CredentialsNotKeptError, InvalidCredentialsError, UsageError
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.model import Credentials

_FIRST_FREE_FD = 3


def require_place(fd: int | None) -> None:
    """Make sure that there is somewhere to give them, before any work is done.

    Raises:
        CredentialsNotKeptError: there is no terminal, and no file descriptor was named.
        UsageError: the descriptor is that of stdin, stdout or stderr.
    """
    if fd is None and not _terminal.is_terminal():
        raise CredentialsNotKeptError
    if fd is not None and fd < _FIRST_FREE_FD:
        raise UsageError(
            "--credentials-fd takes a descriptor of 3 or more, so that the PIN goes nowhere else. Nothing was sent."
        )


def give(credentials: "Credentials", *, fd: int | None, is_for_other: bool) -> None:
    """Give both to the person, and ask for them back once; or write them to `fd`, two lines.

    Raises:
        CredentialsNotKeptError: `fd` could not be written.
    """
    if fd is not None:
        _write(credentials, fd)
        return
    with _terminal.alternate_screen():
        theirs = [texts.THEIRS] if is_for_other else []
        below = [texts.WRITE_NOW, *theirs, texts.COUNTS_ONLY, ""]
        _show_both(credentials, title=texts.NO_ONE_CAN_RECOVER, below=below, prompt=texts.ENTER_WHEN_NOTED)
        _terminal.clear()
        if not _are_given_back(credentials):
            _show_both(credentials, title=texts.MISMATCH, prompt=texts.ENTER_WHEN_NOTED)


def show_again(credentials: "Credentials", *, state: str) -> None:
    """Show both once more beside the receipt."""
    with _terminal.alternate_screen(can_turn_back=False):  # it was said before, and starting again would send again
        _show_both(credentials, title=state, below=[texts.NO_ONE_CAN_RECOVER], prompt=texts.ENTER_CLEARS)


def get(fd: int | None) -> "Credentials":
    """Get the number and the PIN of a case, from the person or from `fd`, two lines.

    Raises:
        UsageError: there is nobody to ask, or what was read is not a number and a PIN.
    """
    if fd is not None:
        return _read_both(fd)
    if not _terminal.is_terminal():
        raise UsageError(
            "This asks for case number and PIN, and there is no terminal to ask at. Nothing was sent.",
            hint="Run it in a terminal. A program writes both, one per line, to a descriptor that it names with --credentials-fd.",
        )
    from hashclient.model import CaseNumber, Credentials, Pin

    with _terminal.alternate_screen():
        while True:
            try:
                number = CaseNumber.from_person(_terminal.ask(texts.CASE_NUMBER_PROMPT))
                return Credentials(number, Pin.from_person(_terminal.ask_hidden(texts.HIDDEN_PIN_PROMPT)))
            except InvalidCredentialsError as error:
                _terminal.say(f"{error.sentence} {error.hint}")


def _are_given_back(credentials: "Credentials") -> bool:
    """Ask for both; they may be pasted, and a slip blocks nothing."""
    from hashclient.model import CaseNumber, Pin

    _terminal.say(texts.TYPE_BOTH)
    number, pin = _terminal.ask(texts.CASE_NUMBER_PROMPT), _terminal.ask(texts.PIN_PROMPT)
    try:
        return (CaseNumber.from_person(number), Pin.from_person(pin)) == credentials
    except InvalidCredentialsError:
        return False


def _show_both(credentials: "Credentials", *, title: str, below: Sequence[str] = (), prompt: str) -> None:
    _terminal.say(_terminal.bold(title))
    _terminal.say()
    _terminal.say(f"    Case number   {_terminal.bold(credentials.number.shown())}")
    _terminal.say(f"    PIN           {_terminal.bold(credentials.pin.shown())}")
    _terminal.say()
    for words in below:
        _terminal.say(words)
    _terminal.ask(prompt)


def _write(credentials: "Credentials", fd: int) -> None:
    lines = f"{credentials.number.shown()}\n{credentials.pin.shown()}\n".encode()
    try:
        with os.fdopen(fd, "wb", closefd=False) as place:
            place.write(lines)
            place.flush()
            if place.seekable():
                os.fsync(fd)
    except OSError:
        raise CredentialsNotKeptError from None


def _read_both(fd: int) -> "Credentials":
    from hashclient.model import CaseNumber, Credentials, Pin

    try:
        with os.fdopen(fd, "r", encoding="ascii", closefd=False) as place:
            number, pin = (place.readline(64) for _ in range(2))
        return Credentials(CaseNumber.from_person(number), Pin.from_person(pin))
    except (OSError, ValueError):
        raise UsageError(
            "What was read from --credentials-fd is not a case number and a PIN, one per line. Nothing was sent.",
            hint=InvalidCredentialsError.hint,
        ) from None
