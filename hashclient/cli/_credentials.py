"""Give case number and PIN to the person before anything is sent, and ask for them later.

They stand on the alternate screen, which is cleared, or go to the file descriptor that a program
names: nowhere else, and never in an argument, a variable or a file.
"""

import os
from typing import TYPE_CHECKING

from hashclient.cli import _terminal
from hashclient.errors import CredentialsNotKeptError, InvalidCredentialsError, UsageError
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.model import Credentials

_FIRST_FREE_FD = 3
_ENTER = "Press Enter when you have both on paper:"


def require_place(fd: int | None) -> None:
    """Make sure that there is somewhere to give them, before any work is done.

    Raises:
        CredentialsNotKeptError: no terminal, and no file descriptor was named.
        UsageError: it is stdin, stdout or stderr.
    """
    if fd is None and not _terminal.is_terminal():
        raise CredentialsNotKeptError
    if fd is not None and fd < _FIRST_FREE_FD:
        raise UsageError(
            "--credentials-fd takes a descriptor of 3 or more, so that the PIN stands nowhere else. Nothing was sent."
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
        _terminal.say(_terminal.bold(texts.NO_ONE_CAN_RECOVER))
        _show(credentials)
        _terminal.say(texts.WRITE_NOW)
        if is_for_other:
            _terminal.say(texts.THEIRS)
        _terminal.say(texts.COUNTS_ONLY)
        _terminal.say()
        _terminal.ask(_ENTER)
        _terminal.clear()
        if not _is_same(credentials):
            _terminal.say(_terminal.bold(texts.MISMATCH))
            _show(credentials)
            _terminal.ask(_ENTER)


def show_again(credentials: "Credentials", *, state: str) -> None:
    """Show both once more beside the receipt."""
    with _terminal.alternate_screen():
        _terminal.say(_terminal.bold(state))
        _show(credentials)
        _terminal.say(texts.NO_ONE_CAN_RECOVER)
        _terminal.ask("Press Enter to clear the screen:")


def get(fd: int | None) -> "Credentials":
    """Get number and PIN of a case, from the person or from `fd`, two lines.

    Raises:
        UsageError: there is nobody to ask, or what came is not a number and a PIN.
    """
    if fd is not None:
        return _read(fd)
    if not _terminal.is_terminal():
        raise UsageError(
            "Case number and PIN are asked for, and there is no terminal to ask at. Nothing was sent.",
            hint="Run it in a terminal. A program names a descriptor with --credentials-fd and writes two lines.",
        )
    with _terminal.alternate_screen():
        return _typed()


def _typed() -> "Credentials":
    from hashclient.model import CaseNumber, Credentials, Pin

    while True:
        try:
            number = CaseNumber.from_person(_terminal.ask("Case number:"))
            return Credentials(
                number, Pin.from_person(_terminal.ask_hidden("PIN (hidden; type 'show' first to see it):"))
            )
        except InvalidCredentialsError as error:
            _terminal.say(f"{error.sentence} {error.hint}")


def _is_same(credentials: "Credentials") -> bool:
    """Ask both back; they may be pasted, and a slip blocks nothing."""
    from hashclient.model import CaseNumber, Pin

    _terminal.say("Please type both once, from your paper.")
    number, pin = _terminal.ask("Case number:"), _terminal.ask("PIN:")
    try:
        return (CaseNumber.from_person(number), Pin.from_person(pin)) == credentials
    except InvalidCredentialsError:
        return False


def _show(credentials: "Credentials") -> None:
    _terminal.say()
    _terminal.say(f"    Case number   {_terminal.bold(credentials.number.shown())}")
    _terminal.say(f"    PIN           {_terminal.bold(credentials.pin.shown())}")
    _terminal.say()


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


def _read(fd: int) -> "Credentials":
    from hashclient.model import CaseNumber, Credentials, Pin

    try:
        with os.fdopen(fd, "r", encoding="ascii", closefd=False) as place:
            number, pin = (place.readline(64) for _ in range(2))
        return Credentials(CaseNumber.from_person(number), Pin.from_person(pin))
    except (OSError, ValueError):
        raise UsageError(
            "What --credentials-fd gave is not a case number and a PIN, one a line. Nothing was sent.",
            hint=InvalidCredentialsError.hint,
        ) from None
