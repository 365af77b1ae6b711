"""Carry files to the ending of a submission: hashed, reviewed, credentials in hand, confirmed, sent or written.

The order is the promise: nothing is sent before the person holds case number and PIN and has said
so. The endings are sent, not_sent, refused and not_confirmed, never blurred: every way out tells the truth about what
was sent.
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
from hashclient.cli._service import Service
from hashclient.errors import (
    CaseNumberTakenError,
    EndpointRefusedError,
    HashclientError,
    NotConfirmedError,
    TransportError,
    UsageError,
)
from hashclient.guidance import reasons, texts
from hashclient.vocabulary import Altered, CaseStatus, Depicted

if TYPE_CHECKING:
    from hashclient.client.request import Request
    from hashclient.model import Credentials, Declarations, Item, Receipt
    from hashclient.prepare import HashOptions, Prepared


def items(
    files: Sequence[Path], *, declarations: "Declarations", altered: Altered | None, options: "HashOptions"
) -> list["Item"]:
    """Hash the files that are to be sent, after asking about each of them.

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

    chosen = _declare.choose(files, altered=altered)
    usable = []
    with contextlib.closing(
        prepare([one.file for one in chosen], declarations=declarations, options=options)
    ) as hashed:
        for one in chosen:
            _terminal.progress(f"Picture {one.position} of {len(files)}")
            prepared = next(hashed)
            _terminal.progress("")
            _say_skipped(prepared, f"{_files.called(prepared, one.position)} of {len(files)}")
            if prepared.signals:
                usable.append((one, prepared))
    _files.require_some(len(usable))
    places = {one.position: place for place, (one, _) in enumerate(usable)}
    made = (
        item_of(prepared, altered=one.altered, altered_from=places.get(one.made_from or 0)) for one, prepared in usable
    )
    return [item for item in made if item is not None]


def _say_skipped(prepared: "Prepared", name: str) -> None:
    for skipped in prepared.skipped:
        _terminal.say(f"{name}: {skipped.sentence} {skipped.hint}")


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


def say_left_out(request: "Request", given: Sequence["Item"]) -> None:
    """Say what the service does not accept and was left out, each reason once."""
    for reason, content in dict.fromkeys((one.reason, given[one.item or 0].content) for one in request.left_out):
        _terminal.say(" ".join(reasons.why_left_out(reason, content)))


def send(delivery: Delivery, service: Service, *, as_json: bool) -> None:
    """Review, hand over, confirm, send; where the number is taken, hand over a new one and go on.

    Raises:
        CaseNumberTakenError: taken each time, or nobody is there to be given a new one.
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
            with _run.interrupted_means(lambda: _truth(delivery.request)):
                receipt = _submit(delivery)
                break
        except CaseNumberTakenError:
            if delivery.is_confirmed:
                raise
        credentials, state = delivery.request.renew(), texts.REFUSED_BEFORE
        _terminal.say(texts.CROSS_OUT)
    _tell(receipt, service, again=credentials if delivery.fd is None else None, as_json=as_json)


def _submit(delivery: Delivery) -> "Receipt":
    """Send until there is an answer or the person has had enough; the bytes stay the same."""
    while True:
        try:
            _terminal.progress(texts.SENDING.format(host=delivery.host))
            receipt = delivery.request.send()
        except NotConfirmedError as error:
            _terminal.progress("")
            _terminal.say(error.sentence)
            if delivery.is_confirmed or not _terminal.confirm(texts.AGAIN_PROMPT, word="again"):
                raise NotConfirmedError(texts.NOT_CONFIRMED, hint=texts.KEEP_THE_NUMBER) from None
        else:
            crash_point("answered")
            return receipt
        finally:
            _terminal.progress("")


def _truth(request: "Request") -> str:
    if request.may_have_sent:
        return f"{texts.INTERRUPTED_SENDING} {texts.KEEP_THE_NUMBER}"
    return f"{texts.INTERRUPTED} {texts.NOT_SENT}"


def _tell(receipt: "Receipt", service: Service, *, again: "Credentials | None", as_json: bool) -> None:
    """Show the receipt; with `again`, number and PIN once more. For a program the number is left out, it has it."""
    state = texts.SENT.format(host=service.host)
    counts = texts.COUNTS.format(items=receipt.items, signals=receipt.signals, day=receipt.day)
    with _run.interrupted_means(f"{texts.INTERRUPTED} {state}"):
        if again:
            _credentials.show_again(again, state=f"{state} {counts}")
    _terminal.say(_terminal.bold(state))
    _terminal.say(counts)
    if receipt.status is CaseStatus.WITHDRAWN:
        _terminal.say(texts.STATES[CaseStatus.WITHDRAWN])
    if as_json:
        told = receipt.model_dump(mode="json", exclude={"case_number"})
        _terminal.data(json.dumps({"ending": "sent", "host": service.host, "receipt": told}))
    if again:
        _help.actions()
        _terminal.say(texts.EMERGENCY)
    crash_point("told")


@contextlib.contextmanager
def told_as_json(service: Service, *, as_json: bool) -> Iterator[None]:
    """Tell a program of every ending but `sent`."""
    try:
        yield
    except HashclientError as error:
        if as_json:
            _terminal.data(json.dumps({"ending": ending_of(error, service), "sentence": error.sentence}))
        raise


def ending_of(error: HashclientError, service: Service) -> str:
    """Name the ending that an error means."""
    if isinstance(error, NotConfirmedError):
        return "not_confirmed"
    if isinstance(error, EndpointRefusedError):
        return "refused"
    is_doubtful = isinstance(error, TransportError) and service.client.may_have_sent
    return "not_confirmed" if is_doubtful else "not_sent"


def rehearse(delivery: Delivery) -> None:
    """Show what would be sent, and send nothing."""
    delivery.request.draw()
    _terminal.say()
    _review.in_words(delivery.request.submission, host=delivery.host)
    _terminal.data(_review.as_bytes(delivery.request.submission))
    _terminal.say(texts.NOT_SENT)


def write(delivery: Delivery, path: Path, *, is_sealed: bool) -> None:
    """Review, hand over, confirm, and write the request to a new file instead of sending it."""
    credentials = delivery.request.draw()
    delivery.review()
    delivery.hand_over(credentials, word="write", act="write the file")
    _write_new(path, delivery.request.for_file())
    _terminal.say(texts.WRITTEN)
    if not is_sealed:
        _terminal.say(texts.WRITTEN_OPEN)


def require_new(path: Path) -> None:
    """Make sure, before any work, that nothing is at `path`.

    Raises:
        UsageError: something is.
    """
    if os.path.lexists(path):
        raise UsageError(texts.FILE_EXISTS, hint=texts.NAME_A_NEW_FILE)


def _write_new(path: Path, body: bytes) -> None:
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
