"""Carry files to the ending of a submission: hashed, reviewed, credentials in hand, confirmed, sent or written.

The order is the promise: nothing is sent before the person holds case number and PIN and has said so. The endings are
sent, not_sent, refused, not_confirmed and taken_back, never blurred: every way out tells the truth about what was sent.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hashclient._crash import crash_point
from hashclient.cli import _credentials, _declare, _files, _help, _review, _run, _terminal
from hashclient.errors import (
    CaseNumberTakenError,
    EndpointRefusedError,
    HashclientError,
    NotConfirmedError,
    TakenBackError,
    TransportError,
    UsageError,
)
from hashclient.guidance import reasons, texts
from hashclient.vocabulary import Altered, Depicted

if TYPE_CHECKING:
    from hashclient.client import Client
    from hashclient.client.request import Request
    from hashclient.model import Credentials, Declarations, Item, Receipt
    from hashclient.prepare import HashOptions


def hash_chosen(
    files: Sequence[Path], *, declarations: "Declarations", altered: Altered | None, options: "HashOptions"
) -> list["Item"]:
    """Ask about each of the files, and hash those that are to be sent.

    Args:
        files: pictures and videos on this device.
        declarations: what the person affirmed.
        altered: whether they were changed; None asks for each at a terminal.
        options: how they are hashed.

    Raises:
        AgeGateError: someone in one of them may have been under 18.
        UsageError: none of them can be used.
    """
    from hashclient.prepare import item_of, prepare

    chosen = _declare.ask_about_each(files, altered=altered)
    usable = []
    with contextlib.closing(
        prepare([one.file for one in chosen], declarations=declarations, options=options)
    ) as hashed:
        for one in chosen:
            _terminal.progress(texts.PICTURE_OF.format(position=one.position, count=len(files)))
            prepared = next(hashed)
            _terminal.progress("")
            _files.say_skipped(prepared, position=one.position, count=len(files))
            if prepared.signals:
                usable.append((one, prepared))
    _files.require_some(len(usable))
    places = {one.position: place for place, (one, _) in enumerate(usable)}
    items = (
        item_of(prepared, altered=one.altered, altered_from=places.get(one.made_from or 0)) for one, prepared in usable
    )
    return [item for item in items if item is not None]


def say_left_out(request: "Request") -> None:
    """Say what the service does not accept and was left out, each reason once."""
    left_out = ((one.reason, request.items[one.item or 0].content) for one in request.left_out)
    for reason, content in dict.fromkeys(left_out):
        _terminal.say(" ".join(reasons.why_left_out(reason, content)))


@dataclass(frozen=True)
class Delivery:
    """A request on its way, and how the person is asked."""

    request: "Request"
    host: str
    fd: int | None
    """Where case number and PIN go; None shows them at the terminal."""
    is_confirmed: bool
    """Whether the confirmation came as an option, so that nothing is asked."""

    def review(self) -> None:
        """Show what would leave; at a terminal, wait until the person goes on.

        Raises:
            UsageError: the person stops here.
        """
        _terminal.say()
        _review.in_words(self.request.submission, host=self.host)
        _terminal.say(texts.SEEN_ANYWAY)
        while not self.is_confirmed:
            typed = _terminal.ask(texts.REVIEW_PROMPT).lower()
            if not typed:
                return
            if typed == "stop":
                raise UsageError(texts.YOU_STOPPED.format(state=texts.NOT_SENT), hint=texts.COME_BACK)
            if typed == "json":
                _terminal.data(_review.as_bytes(self.request.submission))

    def hand_over(self, credentials: "Credentials", *, word: str, act: str, state: str = texts.NOT_SENT) -> None:
        """Give the credentials to the person, who holds them from here on, and wait for the one deliberate act.

        Raises:
            UsageError: not now.
        """
        is_for_other = self.request.declarations.depicted is Depicted.REPRESENTED
        _credentials.give(credentials, fd=self.fd, is_for_other=is_for_other)
        crash_point("credentials-given")
        prompt = texts.CONFIRM_PROMPT.format(word=word, act=act)
        if not self.is_confirmed and not _terminal.confirm(prompt, word=word):
            raise UsageError(texts.YOU_STOPPED.format(state=state), hint=texts.COME_BACK)

    def send(self) -> "Receipt":
        """Send until there is an answer or the person has had enough; the bytes stay the same.

        Raises:
            NotConfirmedError: we do not know whether it arrived.
            TransportError: otherwise as `Client.submit`.
        """
        while True:
            try:
                _terminal.progress(texts.SENDING.format(host=self.host))
                receipt = self.request.send()
            except NotConfirmedError as error:
                _terminal.progress("")
                _terminal.say(error.sentence)
                if self.is_confirmed or not _terminal.confirm(texts.AGAIN_PROMPT, word="again"):
                    raise NotConfirmedError(hint=texts.KEEP_THE_NUMBER) from None
            else:
                crash_point("answered")
                return receipt
            finally:
                _terminal.progress("")

    def truth(self) -> str:
        """Say what is true if the program is stopped while sending."""
        if self.request.may_have_sent:
            return f"{texts.INTERRUPTED_SENDING} {texts.KEEP_THE_NUMBER}"
        return f"{texts.INTERRUPTED} {texts.NOT_SENT}"


def send_and_tell(delivery: Delivery, *, as_json: bool) -> None:
    """Review, hand over, confirm, send; if the number is taken, hand over a new one and go on.

    Raises:
        CaseNumberTakenError: it was taken each time, or nobody is there to be given a new one.
        TransportError: as `Client.submit`.
        UsageError: the person stops.
    """
    credentials, state = delivery.request.draw(), texts.NOT_SENT
    delivery.review()
    while True:
        with _run.interrupted_means(f"{texts.INTERRUPTED} {state}"):
            delivery.hand_over(credentials, word="send", act=f"send it to {delivery.host}", state=state)
            crash_point("confirmed")
        try:
            with _run.interrupted_means(delivery.truth):
                receipt = delivery.send()
                break
        except CaseNumberTakenError:
            if delivery.is_confirmed:
                raise
        credentials, state = delivery.request.renew(), texts.REFUSED_BEFORE
        _terminal.say(texts.CROSS_OUT)
    _say_received(receipt, delivery.host, again=credentials if delivery.fd is None else None, as_json=as_json)


def _say_received(receipt: "Receipt", host: str, *, again: "Credentials | None", as_json: bool) -> None:
    """Show the receipt, and `again` number and PIN to a person. A program has the number, so it is left out."""
    state = texts.SENT.format(host=host)
    counts = texts.COUNTS.format(items=receipt.items, signals=receipt.signals, day=receipt.day)
    with _run.interrupted_means(f"{texts.INTERRUPTED} {state}"):
        if again:
            _credentials.show_again(again, state=f"{state} {counts}")
    _terminal.say(_terminal.bold(state))
    _terminal.say(counts)
    if as_json:
        told = receipt.model_dump(mode="json", exclude={"case_number"})
        _terminal.data(json.dumps({"ending": "sent", "host": host, "receipt": told}), state=state)
    if again:
        _help.show_actions()
        _terminal.say(texts.EMERGENCY)
    crash_point("told")


@contextlib.contextmanager
def endings_told(client: "Client", *, as_json: bool) -> Iterator[None]:
    """Tell a program of every ending but `sent`."""
    try:
        yield
    except HashclientError as error:
        if as_json:
            ending = _ending_of(error, may_have_sent=client.may_have_sent)
            with contextlib.suppress(UsageError):  # the error itself matters more
                _terminal.data(json.dumps({"ending": ending, "sentence": error.sentence}))
        raise


def _ending_of(error: HashclientError, *, may_have_sent: bool) -> str:
    if isinstance(error, (EndpointRefusedError, TakenBackError)):
        return "refused" if isinstance(error, EndpointRefusedError) else "taken_back"
    is_doubtful = isinstance(error, TransportError) and may_have_sent
    return "not_confirmed" if is_doubtful or isinstance(error, NotConfirmedError) else "not_sent"


def write(delivery: Delivery, path: Path) -> None:
    """Review, hand over, confirm, and write the request to a new file instead of sending it."""
    from hashclient.model.wire import encode

    credentials = delivery.request.draw()
    delivery.review()
    delivery.hand_over(credentials, word="write", act="write the file")
    body = delivery.request.for_file()
    write_new_file(path, body)
    _terminal.say(texts.WRITTEN)
    if body == encode(delivery.request.submission):
        _terminal.say(texts.WRITTEN_OPEN)


def require_new(path: Path) -> None:
    """Make sure, before any work, that nothing is at `path`.

    Raises:
        UsageError: something is.
    """
    if os.path.lexists(path):
        raise UsageError(texts.FILE_EXISTS, hint=texts.NAME_A_NEW_FILE)


def write_new_file(path: Path, body: bytes) -> None:
    """Write the body to a new file that only its owner may read; a part of a file never stays.

    Raises:
        UsageError: something is there, or it cannot be written.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        raise UsageError(texts.FILE_EXISTS, hint=texts.NAME_A_NEW_FILE) from None
    except OSError:
        raise UsageError(texts.FILE_UNWRITABLE, hint=texts.NAME_A_NEW_FILE) from None
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(fd)
    except OSError:
        path.unlink(missing_ok=True)
        raise UsageError(texts.FILE_UNWRITABLE, hint=texts.NAME_A_NEW_FILE) from None
