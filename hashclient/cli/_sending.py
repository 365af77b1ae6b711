"""Carry hashed pictures to their ending: reviewed, credentials in hand, confirmed, sent or written.

The order is the promise: nothing is sent before the person holds case number and PIN and has said
so. Every way out tells the truth about what was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient._crash import crash_point
from hashclient.cli import _ask, _console, _credentials, _review, _run, _to_file
from hashclient.cli._service import Service
from hashclient.errors import CaseNumberTakenError, NotConfirmedError, UsageError
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.client import Client
    from hashclient.model import Credentials, Declarations, EndpointProfile, Item, Limits, Receipt, Submission

_DIGESTS: Final = 2
"""Fingerprints of a video that are of no frame, at most."""
_RENEWALS: Final = 2
"""Times that a number which is taken is replaced by a new one."""


@dataclass(frozen=True)
class Parcel:
    """What is to be sent, and how the person is to be asked."""

    declarations: "Declarations"
    items: "list[Item]"
    host: str
    fd: int | None
    """Where case number and PIN go; None shows them at the terminal."""
    is_confirmed: bool
    """Whether the confirmation came as an option, so that nothing is asked."""
    is_fitted: bool = False
    """Whether re-posts are left out where the service has no room for them; else the person chose how many."""

    def fitted(self, profile: "EndpointProfile") -> "Parcel":
        """Leave out the kinds of fingerprints that the service does not take, and re-posts for which it has no room.

        Raises:
            UsageError: nothing would be left of one of the files.
        """
        from hashclient.hashing.level import narrowed, widest

        items = _accepted(self.items, profile)
        if self.is_fitted:
            level = widest(profile.limits, items=len(items), beside=max(map(_beside, items)))
            items = [item.model_copy(update={"signals": narrowed(item.signals, level=level)}) for item in items]
        return replace(self, items=_thinned(items, profile.limits))

    def make(self) -> tuple["Credentials", "Submission"]:
        """Draw credentials and lay the submission under them; the bytes are fixed from here on."""
        from hashclient.client import build_submission, new_credentials

        crash_point("before-credentials")
        credentials = new_credentials()
        submission = build_submission(credentials, self.declarations, self.items)
        crash_point("credentials-drawn")
        return credentials, submission

    def hand_over(self, credentials: "Credentials") -> None:
        """Give the credentials to the person, who holds them from here on."""
        _credentials.give(credentials, fd=self.fd, is_for_other=self.declarations.depicted.value == "represented")
        crash_point("credentials-given")


def _accepted(items: "Sequence[Item]", profile: "EndpointProfile") -> "list[Item]":
    """Leave out, and say so, what is of kinds that the service does not take."""
    taken = [tuple(one for one in item.signals if one.type in profile.signal_types) for item in items]
    if not all(taken):
        raise UsageError(texts.KINDS_REFUSED, hint=texts.CHOOSE_KINDS)
    left_out = {one.type.value for item in items for one in item.signals} - {*profile.signal_types}
    if left_out:
        _console.say(texts.KINDS_LEFT_OUT.format(kinds=", ".join(sorted(left_out))))
    return [item.model_copy(update={"signals": signals}) for item, signals in zip(items, taken, strict=True)]


def _thinned(items: "list[Item]", limits: "Limits") -> "list[Item]":
    """Keep, and say so, no more frames of each video than the service takes.

    Raises:
        UsageError: it takes no frame at all, and a video has nothing else.
    """
    from hashclient.hashing.level import share
    from hashclient.hashing.thinning import narrowed_video

    room = min(limits.frames_per_video, share(limits, items=len(items)) - _DIGESTS)
    narrowed = [item.model_copy(update={"signals": narrowed_video(item.signals, frames=room)}) for item in items]
    if not all(item.signals for item in narrowed):
        raise UsageError(texts.KINDS_REFUSED, hint=texts.CHOOSE_KINDS)
    if narrowed != items:
        _console.say(texts.FRAMES_LEFT_OUT)
    return narrowed


def _beside(item: "Item") -> int:
    """Count the fingerprints of a picture that come beside PDQ's."""
    return sum(signal.type.value != "pdq" for signal in item.signals) if item.content.value == "image" else 0


def review(parcel: Parcel, submission: "Submission") -> None:
    """Show what would leave; at a terminal, wait until the person goes on.

    Raises:
        UsageError: the person stops here.
    """
    _console.say()
    _review.in_words(submission, host=parcel.host)
    _console.say(texts.SEEN_ANYWAY)
    while not parcel.is_confirmed:
        typed = _ask.line("Enter goes on to your case number and PIN; 'json' shows every byte; 'stop' stops:").lower()
        if not typed:
            return
        if typed == "stop":
            raise UsageError(texts.YOU_STOPPED.format(state=texts.NOT_SENT), hint=texts.COME_BACK)
        if typed == "json":
            _console.data(_review.as_bytes(submission))


def confirm(parcel: Parcel, *, word: str, act: str, state: str = texts.NOT_SENT) -> None:
    """Wait for the one deliberate act; the safe choice is as near.

    Raises:
        UsageError: not now.
    """
    if parcel.is_confirmed or _ask.word(f"Type '{word}' to {act} now. Enter alone means: not now.", means_yes=word):
        return
    raise UsageError(texts.YOU_STOPPED.format(state=state), hint=texts.COME_BACK)


def send(parcel: Parcel, service: Service) -> tuple["Credentials", "Receipt"]:
    """Review, hand over, confirm, send; where the number is taken, all of it again with a new one.

    Raises:
        CaseNumberTakenError: taken each time, or nobody is there to be given a new one.
        TransportError: as `Client.submit`.
        UsageError: the person stops.
    """
    credentials, submission = parcel.make()
    review(parcel, submission)
    state, left = texts.NOT_SENT, _RENEWALS
    while True:
        with _run.interrupted_means(f"{texts.INTERRUPTED} {state}"):
            parcel.hand_over(credentials)
            confirm(parcel, word="send", act=f"send it to {parcel.host}", state=state)
            crash_point("confirmed")
        try:
            with _run.interrupted_means(lambda: _truth(service)):
                return credentials, _submit(parcel, service, submission)
        except CaseNumberTakenError:
            if not left or parcel.is_confirmed:
                raise
        _console.say(texts.CROSS_OUT)
        state, left = texts.REFUSED_BEFORE, left - 1
        credentials, submission = parcel.make()


def write(parcel: Parcel, path: Path, *, client: "Client | None" = None) -> None:
    """Review, hand over, confirm, and write the request into a file instead of sending it.

    Args:
        parcel: what goes in.
        path: a new file.
        client: of the service to seal it for; None writes it open.
    """
    from hashclient.client import wire_bytes

    credentials, submission = parcel.make()
    review(parcel, submission)
    parcel.hand_over(credentials)
    confirm(parcel, word="write", act="write the file")
    _to_file.put(path, client.seal_for_file(submission) if client else wire_bytes(submission))
    _console.say(texts.WRITTEN)
    if not client:
        _console.say(texts.WRITTEN_OPEN)


def rehearse(parcel: Parcel) -> None:
    """Show what would be sent, and send nothing."""
    _, submission = parcel.make()
    _console.say()
    _review.in_words(submission, host=parcel.host)
    _console.data(_review.as_bytes(submission))
    _console.say(texts.NOT_SENT)


def _submit(parcel: Parcel, service: Service, submission: "Submission") -> "Receipt":
    """Send until there is an answer or the person has had enough; the bytes stay the same."""
    while True:
        try:
            _console.progress(f"Sending to {parcel.host}")
            receipt = service.client.submit(submission)
        except NotConfirmedError as error:
            _console.progress("")
            _console.say(error.sentence)
            if parcel.is_confirmed or not _ask.word("Type 'again' to try again now.", means_yes="again"):
                raise NotConfirmedError(texts.NOT_CONFIRMED, hint=texts.KEEP_THE_NUMBER) from None
        else:
            crash_point("answered")
            return receipt
        finally:
            _console.progress("")


def _truth(service: Service) -> str:
    if service.client.may_have_sent:
        return f"{texts.INTERRUPTED_SENDING} {texts.KEEP_THE_NUMBER}"
    return f"{texts.INTERRUPTED} {texts.NOT_SENT}"
