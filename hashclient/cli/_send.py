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

import typer

from hashclient._crash import crash_point
from hashclient.cli import _credentials, _files, _help, _review, _run, _terminal
from hashclient.cli._each_file import choose_files, with_inner
from hashclient.cli._service import ChosenService, tell_change
from hashclient.cli.status import tell_case
from hashclient.errors import (
    AgeGateError,
    CaseNotFoundError,
    CaseNumberTakenError,
    EndpointRefusedError,
    HashclientError,
    NotConfirmedError,
    TakenBackError,
    TransportError,
    UsageError,
)
from hashclient.guidance import codes, each_file, endings, reasons, review, texts
from hashclient.messages import joined
from hashclient.vocabulary import Altered, Content, Depicted

if TYPE_CHECKING:
    from hashclient.client.request import Request
    from hashclient.model import Credentials, Item, Receipt
    from hashclient.prepare import Session


def hash_chosen(
    session: "Session", files: Sequence[Path], *, altered: Altered | None, inner: bool | None, is_person: bool
) -> tuple[list["Item"], int]:
    """Ask about each of the files, hash those that are to be sent, and ask about what is inside them.

    Args:
        session: looks at them, and hashes them.
        files: pictures and videos on this device; none asks for them.
        altered: whether they were changed; None asks for each at a terminal.
        inner: whether pictures inside frames and screenshots go too, as items of their own; None asks a person.
        is_person: whether somebody sits there who can be asked.

    Returns:
        What is to be sent, and how many of it are pictures inside others: each stands after the one that it is in.

    Raises:
        AgeGateError: someone in one of them may have been under 18.
        UsageError: none of them can be used.
    """
    from hashclient.prepare import item_of

    chosen, count = choose_files(session, files, altered=altered)
    usable = []
    hashed = session.prepare([one.file for one in chosen])
    words = [
        each_file.HASHING[one.content or Content.IMAGE].format(position=one.position, count=count) for one in chosen
    ]
    with contextlib.closing(hashed), _terminal.working(words[0]):
        for one, told in zip(chosen, words, strict=True):
            _terminal.progress(told)
            prepared = next(hashed)
            _files.say_skipped(prepared, position=one.position, count=count)
            if prepared.signals:
                usable.append((one, prepared))
    _files.require_some(len(usable))
    going = list(with_inner(usable, count=count, inner=inner, is_person=is_person))
    places = {one.position: place for place, (one, prepared) in enumerate(going) if prepared.percent is None}
    items = (
        item_of(prepared, altered=one.altered, altered_from=places.get(one.made_from or 0)) for one, prepared in going
    )
    return [item for item in items if item is not None], len(going) - len(usable)


def say_left_out(request: "Request") -> None:
    """Say what the service does not accept and was left out, each reason once."""
    left_out = ((one.reason, request.items[one.item or 0].content) for one in request.left_out)
    for reason, content in dict.fromkeys(left_out):
        _terminal.say(joined(*reasons.why_left_out(reason, content)))


@dataclass(frozen=True)
class Delivery:
    """A request on its way, and how the person is asked."""

    request: "Request"
    host: str
    place: _credentials.Place
    """Where case number and PIN go."""
    is_confirmed: bool
    """Whether the confirmation came as an option, so that nothing is asked."""
    inner: int = 0
    """How many of the pictures are inside others."""
    earlier: "Credentials | None" = None
    """Number and PIN of an earlier run, under which it is sent again; None draws new ones."""

    def review(self, *, seen: str = review.SEEN_ANYWAY) -> None:
        """Show what would leave; at a terminal, wait until the person goes on.

        Args:
            seen: what others can see of it all the same.

        Raises:
            UsageError: the person stops here.
        """
        _terminal.say()
        _review.in_words(self.request.submission, host=self.host, inner=self.inner)
        _terminal.say_in_view(seen)
        while not self.is_confirmed:
            match _terminal.ask(review.PROMPT).lower():
                case "":
                    return
                case "stop":
                    raise self._stopped()
                case "json":
                    _review.show_bytes(self.request.submission)
                case _:
                    _terminal.say(review.ANSWERS)

    def hand_over(self, credentials: "Credentials", *, state: str = texts.NOT_SENT) -> None:
        """Give the credentials to the person, who holds them from here on.

        Args:
            credentials: those that were drawn, or those that the person typed.
            state: what is true if the person stops here.
        """
        is_for_other = self.request.declarations.depicted is Depicted.REPRESENTED
        with _run.interrupted_means(joined(texts.INTERRUPTED, state)):
            if self.earlier:
                _credentials.compare(credentials, at=self.place)
            else:
                _credentials.give(credentials, to=self.place, is_for_other=is_for_other)
        crash_point("credentials-given")

    def confirm(self, prompt: str, *, word: str, state: str = texts.NOT_SENT) -> None:
        """Wait for the one deliberate act.

        Raises:
            UsageError: not now.
        """
        with _run.interrupted_means(joined(texts.INTERRUPTED, state)):
            if not self.is_confirmed and not _terminal.confirm(prompt, word=word):
                raise self._stopped(state)
        crash_point("confirmed")

    def _stopped(self, state: str = texts.NOT_SENT) -> UsageError:
        hint = endings.KEEP_UNUSED if self.earlier else endings.CROSS_OUT_UNUSED
        return UsageError(texts.YOU_STOPPED.format(state=state), hint=hint)

    def send(self) -> "Receipt":
        """Send until there is an answer or the person has had enough; the bytes stay the same.

        Raises:
            NotConfirmedError: we do not know whether it arrived.
            TransportError: otherwise as `Client.submit`.
        """
        while True:
            try:
                with _terminal.working(endings.SENDING.format(host=self.host)):
                    receipt = self.request.send()
            except NotConfirmedError as error:
                if self.is_confirmed:
                    raise NotConfirmedError(error.sentence, hint=endings.KEEP_THE_NUMBER) from None
                _terminal.say(error.sentence)
                if not _terminal.confirm(endings.AGAIN_PROMPT, word="again"):
                    raise NotConfirmedError(error.sentence, hint=endings.KEEP_THE_NUMBER) from None
            else:
                crash_point("answered")
                return receipt

    def truth(self) -> str:
        """Say what is true if the program is stopped while sending."""
        if self.request.may_have_sent:
            return joined(endings.INTERRUPTED_SENDING, endings.KEEP_THE_NUMBER)
        return joined(texts.INTERRUPTED, texts.NOT_SENT)


def send_and_tell(delivery: Delivery, *, as_json: bool) -> None:
    """Review, hand over, confirm, send; if the number is taken, hand over a new one and go on.

    Raises:
        CaseNumberTakenError: it was taken each time, or nobody is there to be given a new one.
        TransportError: as `Client.submit`.
        UsageError: the person stops.
    """
    credentials, state = _drawn(delivery), endings.NOT_SENT_NOW if delivery.earlier else texts.NOT_SENT
    delivery.review()
    while True:
        delivery.hand_over(credentials, state=state)
        _say_what_goes(delivery)
        delivery.confirm(endings.SEND_PROMPT, word="send", state=state)
        try:
            with _run.interrupted_means(delivery.truth):
                receipt = delivery.send()
                break
        except CaseNumberTakenError:
            if delivery.earlier:
                raise CaseNumberTakenError(
                    endings.OPENED_BY_ANOTHER_PIN, hint=endings.COMPARE_AND_ASK, status=409
                ) from None
            if delivery.is_confirmed:
                raise
        credentials, state = delivery.request.renew(), endings.REFUSED_BEFORE
        _terminal.say(endings.CROSS_OUT)
    _say_received(receipt, delivery, credentials, as_json=as_json)


def _drawn(delivery: Delivery) -> "Credentials":
    """Draw case number and PIN, or take up those of the earlier run; the bytes are fixed from here on."""
    with _terminal.working(endings.MAKING_CODES):
        if not delivery.earlier:
            return delivery.request.draw()
        delivery.request.take_up(delivery.earlier)
        return delivery.earlier


def _say_what_goes(delivery: Delivery) -> None:
    if not delivery.is_confirmed:
        submission = delivery.request.submission
        signals = sum(len(item.signals) for item in submission.items)
        _terminal.say(_terminal.bold(endings.SEND_NOW))
        files = len(submission.items) - delivery.inner
        _terminal.say(endings.SEND_WHAT.format(count=files, signals=signals, host=delivery.host))


def _say_received(receipt: "Receipt", delivery: Delivery, credentials: "Credentials", *, as_json: bool) -> None:
    """Show the receipt, and number and PIN once more to a person. A program has the number, so it is left out."""
    state = endings.SENT.format(host=delivery.host)
    counts = endings.COUNTS.format(items=receipt.items, signals=receipt.signals, day=receipt.day)
    is_person = delivery.place.fd is None
    with _run.interrupted_means(joined(texts.INTERRUPTED, state)):
        if is_person:
            _credentials.show_again(credentials, at=delivery.place, state=joined(state, counts))
        _terminal.say(_terminal.bold(state))
        _terminal.say(counts)
        if as_json:
            told = receipt.model_dump(mode="json", exclude={"case_number"})
            _terminal.data(json.dumps({"ending": "sent", "host": delivery.host, "receipt": told}), state=state)
        if is_person:
            _terminal.say(codes.FOLLOW.format(command=delivery.place.command))
            _terminal.say()
            _terminal.say(_terminal.bold(endings.WHAT_NOW))
            for words in endings.NEXT:
                _terminal.say(words, indent="  - ")
            _terminal.say(endings.HOW_ARE_YOU)
            say_what_else(state)
    crash_point("told")


def say_what_else(state: str) -> None:
    """Show to a person, after whatever ending, what else can be done and who can help; `state` stays true meanwhile."""
    with _run.interrupted_means(joined(texts.INTERRUPTED, state)):
        _terminal.say()
        _terminal.ask(texts.ENTER_GOES_ON)
        _help.show_actions()
        _help.show_for_adults()
        _terminal.say(texts.EMERGENCY)


def take_up(service: ChosenService) -> "Credentials":
    """Ask for number and PIN of an earlier run whose end is not known, and whether the service knows them by now.

    Returns:
        Both, where it does not: then the request can be sent again under them.

    Raises:
        Exit: it has the request, so there is nothing to send.
        TakenBackError: it had arrived, and is not held any more.
        TransportError: as `Client.status`; nothing was sent this time.
    """
    _terminal.say(codes.WHICH_ONE)
    credentials = _credentials.get(None)
    try:
        with _terminal.working(endings.ASKING_CASE.format(host=service.host)):
            case = service.client.status(*credentials)
    except CaseNotFoundError:
        _terminal.say(endings.UNKNOWN_SO_FAR)
        return credentials
    if gone := endings.TAKEN_BACK.get(case.status):
        raise TakenBackError(gone)
    _terminal.say(_terminal.bold(endings.ARRIVED))
    tell_case(case, service)
    say_what_else(endings.ARRIVED)
    raise typer.Exit


@contextlib.contextmanager
def endings_told(service: ChosenService | None, *, is_person: bool, as_json: bool) -> Iterator[None]:
    """Tell a program of every ending but `sent`; to a person, say the ending, what else can be done, and who can help.

    Raises:
        HashclientError: how it ended, where no person sits there.
        AgeGateError: as it came.
        Exit: with its code, where a person does.
    """
    try:
        yield
    except AgeGateError:  # who can help was shown, and nobody of it is for adults
        raise
    except HashclientError as error:
        if as_json:
            ending = _ending_of(error, may_have_sent=service is not None and service.client.may_have_sent)
            with contextlib.suppress(UsageError):  # the error itself matters more
                _terminal.data(json.dumps({"ending": ending, "sentence": error.sentence}))
        if not is_person or os.environ.get("HASHCLIENT_DEBUG"):
            raise
        _terminal.say()
        _terminal.say(_terminal.bold(error.sentence))
        _terminal.say(error.hint)
        if service:
            tell_change(service)
        say_what_else(error.sentence)
        raise typer.Exit(error.exit_code) from None


def _ending_of(error: HashclientError, *, may_have_sent: bool) -> str:
    if isinstance(error, (EndpointRefusedError, TakenBackError)):
        return "refused" if isinstance(error, EndpointRefusedError) else "taken_back"
    is_doubtful = isinstance(error, TransportError) and may_have_sent
    return "not_confirmed" if is_doubtful or isinstance(error, NotConfirmedError) else "not_sent"


def write(delivery: Delivery, path: Path, *, seen: str) -> None:
    """Review, hand over, confirm, and write the request to a new file instead of sending it."""
    from hashclient.model.wire import encode

    credentials = _drawn(delivery)
    delivery.review(seen=seen)
    delivery.hand_over(credentials)
    delivery.confirm(endings.WRITE_PROMPT, word="write")
    body = delivery.request.for_file()
    write_new_file(path, body)
    _terminal.say(_terminal.bold(endings.WRITTEN))
    if body == encode(delivery.request.submission):
        _terminal.say(endings.WRITTEN_OPEN)
    if delivery.place.fd is None:
        say_what_else(endings.WRITTEN)


def require_new(path: Path) -> None:
    """Make sure, before any work, that nothing is at `path`.

    Raises:
        UsageError: something is.
    """
    if os.path.lexists(path):
        raise UsageError(endings.FILE_EXISTS, hint=endings.NAME_A_NEW_FILE)


def write_new_file(path: Path, body: bytes) -> None:
    """Write the body to a new file that only its owner may read; a part of a file never stays.

    Raises:
        UsageError: something is there, or it cannot be written.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        raise UsageError(endings.FILE_EXISTS, hint=endings.NAME_A_NEW_FILE) from None
    except (OSError, ValueError):  # ValueError: a name that no file can have
        raise UsageError(endings.FILE_UNWRITABLE, hint=endings.NAME_A_NEW_FILE) from None
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(fd)
    except BaseException as stop:
        path.unlink(missing_ok=True)
        if not isinstance(stop, OSError):  # Ctrl-C
            raise
        raise UsageError(endings.FILE_UNWRITABLE, hint=endings.NAME_A_NEW_FILE) from None
