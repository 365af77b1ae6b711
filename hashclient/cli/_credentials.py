"""Give the case number and the PIN to the person before anything is sent, and ask for them later.

They are shown on the alternate screen, which is cleared, or written to the file descriptor that a program names, and to
a file only where the person asked for one with --paper: nowhere else, and never in an argument or a variable.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hashclient.cli import _terminal
from hashclient.errors import CredentialsNotKeptError, InvalidCredentialsError, UsageError
from hashclient.guidance import codes, endings

if TYPE_CHECKING:
    from hashclient.model import Credentials

_Code = TypeVar("_Code")
_FIRST_FREE_FD = 3


@dataclass
class Place:
    """Where case number and PIN go, and what stands beside them."""

    fd: int | None = None
    """File descriptor that a program reads; None shows them at the terminal."""
    paper: Path | None = None
    """New file that gets them too, because the person asked for it."""
    address: str = ""
    """Address of the service, to be noted with them."""
    command: str = ""
    """The very command that follows the request."""
    _paper_fd: int | None = None

    def require(self) -> None:
        """Make sure that they can be given, before any work is done.

        Raises:
            CredentialsNotKeptError: there is no terminal, and no file descriptor was named.
            UsageError: the descriptor is that of stdin, stdout or stderr, or something is where the file is to be.
        """
        if self.fd is None and not _terminal.is_terminal():
            raise CredentialsNotKeptError
        if self.fd is not None and self.fd < _FIRST_FREE_FD:
            raise UsageError(codes.DESCRIPTOR_TOO_LOW, hint=codes.CHOOSE_A_DESCRIPTOR)
        if self.paper and os.path.lexists(self.paper):
            raise UsageError(endings.FILE_EXISTS, hint=endings.NAME_A_NEW_FILE)

    def lines(self, credentials: "Credentials") -> list[str]:
        """Return all that is to be written down."""
        address = [codes.ADDRESS.format(address=self.address)] if self.address else []
        number = codes.NUMBER.format(number=credentials.number.shown())
        follow = [codes.FOLLOW.format(command=self.command)] if self.command else []
        return [*address, number, codes.PIN.format(digits=credentials.pin.shown()), *follow]

    def write_paper(self, lines: Sequence[str]) -> None:
        """Write lines to the file, in place of those of a number that was refused; it is on disk when this returns.

        Raises:
            UsageError: something is there already, or it cannot be written.
        """
        if self.paper is None:
            return
        try:
            if self._paper_fd is None:
                self._paper_fd = os.open(
                    self.paper, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600
                )
            os.ftruncate(self._paper_fd, 0)
            os.pwrite(self._paper_fd, "".join(f"{line}\n" for line in lines).encode(), 0)
            os.fsync(self._paper_fd)
        except FileExistsError:
            raise UsageError(endings.FILE_EXISTS, hint=endings.NAME_A_NEW_FILE) from None
        except OSError:
            raise UsageError(codes.PAPER_NOT_WRITTEN, hint=endings.NAME_A_NEW_FILE) from None


def give(credentials: "Credentials", *, to: Place, is_for_other: bool) -> None:
    """Give both to the person, and ask for them back once; or write them to a descriptor, two lines.

    Raises:
        CredentialsNotKeptError: the descriptor could not be written.
        UsageError: the file for them could not be written.
    """
    theirs = [codes.THEIRS] if is_for_other else []
    noted = [*to.lines(credentials), *theirs, codes.COUNTS_ONLY]
    to.write_paper(noted)
    if to.fd is not None:
        _write(credentials, to.fd)
        return
    on_file = [codes.ON_PAPER_FILE, codes.WHO_READS_THE_FILE] if to.paper else []
    with _terminal.alternate_screen():
        above = [codes.WRITE_NOW, *theirs, codes.COUNTS_ONLY, *on_file]
        _show_all(credentials, to, title=codes.NO_ONE_CAN_RECOVER, above=above, prompt=codes.ENTER_WHEN_NOTED)
        _terminal.clear()
        if not _are_given_back(credentials):
            _show_all(credentials, to, title=codes.MISMATCH, prompt=codes.ENTER_WHEN_NOTED)


def compare(credentials: "Credentials", *, at: Place) -> None:
    """Show the number and the PIN that the person typed, to be compared with the paper."""
    with _terminal.alternate_screen():
        _show_all(credentials, at, title=codes.COMPARE, prompt=codes.ENTER_IF_SAME)


def show_again(credentials: "Credentials", *, at: Place, state: str) -> None:
    """Show all of it once more beside the receipt."""
    with _terminal.alternate_screen(can_turn_back=False):  # it was said before, and starting again would send again
        _show_all(
            credentials, at, title=codes.NO_ONE_CAN_RECOVER, above=[_terminal.bold(state)], prompt=codes.ENTER_CLEARS
        )


def get(fd: int | None) -> "Credentials":
    """Get the number and the PIN of a case, from the person or from `fd`, two lines.

    Raises:
        UsageError: there is nobody to ask, or what was read is not a number and a PIN.
    """
    if fd is not None:
        return _read_both(fd)
    if not _terminal.is_terminal():
        raise UsageError(codes.NO_TERMINAL, hint=codes.RUN_IN_A_TERMINAL)
    from hashclient.model import CaseNumber, Credentials, Pin

    with _terminal.alternate_screen():
        number = _typed(CaseNumber.from_person, lambda: _terminal.ask(codes.NUMBER_PROMPT), codes.NUMBER_UNLIKE)
        pin = _typed(Pin.from_person, lambda: _terminal.ask_hidden(codes.HIDDEN_PIN_PROMPT), codes.PIN_UNLIKE)
        return Credentials(number, pin)


def _typed(read: "Callable[[str], _Code]", ask: Callable[[], str], unlike: str) -> "_Code":
    """Ask until what was typed is written as it should be; each of the two is judged by itself."""
    while True:
        try:
            return read(ask())
        except InvalidCredentialsError:
            _terminal.say(unlike)


def _are_given_back(credentials: "Credentials") -> bool:
    """Ask for both; they may be pasted, also in one piece, and a slip blocks nothing."""
    from hashclient.model import CaseNumber, Pin

    _terminal.say(codes.TYPE_BOTH)
    number, pin = _terminal.ask(codes.NUMBER_PROMPT), _terminal.ask(codes.PIN_PROMPT, keeps_typed=True)
    try:
        return (CaseNumber.from_person(number), Pin.from_person(pin)) == credentials
    except InvalidCredentialsError:
        return False


def _show_all(credentials: "Credentials", place: Place, *, title: str, above: Sequence[str] = (), prompt: str) -> None:
    """Show what is to be written down last, so that it is in view, whole, until the person goes on."""
    noted = [("", ""), *((line, "    ") for line in place.lines(credentials)), ("", "")]
    for words in above:
        _terminal.say_in_view(words)
    titled = [(_terminal.bold(title), ""), *noted]
    _terminal.make_room(*titled)
    for words, indent in titled:
        _terminal.say(words, indent=indent)
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
        raise UsageError(codes.NOT_BOTH, hint=InvalidCredentialsError.hint) from None
