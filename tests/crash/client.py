"""A client to be killed: it sends one submission after another, and notes what a person would hold.

    python tests/crash/client.py ORIGIN NOTES CONDUCT COUNT

It says `ready` and waits for a line on stdin. Each note is one line, written before the step after it. Started again over the same notes, it goes
on with what is open: with every second submission by the same bytes, as a program that stored them
would; with the others not at all, as a person with nothing but paper would. Some are withdrawn, and
then sent again, which must change nothing. Two kinds of conduct are wrong on purpose, so that the
harness can show that it sees what they break.
"""

import hashlib
import json
import os
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from hashclient.client import Client, RetryPolicy
from hashclient.client.request import build_submission, new_credentials
from hashclient.errors import (
    CaseNotFoundError,
    EndpointRefusedError,
    EndpointUnreachableError,
    NotConfirmedError,
    TakenBackError,
)
from hashclient.model import (
    Altered,
    CaseKey,
    CaseNumber,
    Content,
    Credentials,
    Declarations,
    Depicted,
    Item,
    Pin,
    Signal,
    SignalType,
    Submission,
)
from hashclient.model.wire import decode, encode
from hashclient.transport.http import HttpTransport

DECLARATIONS = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)
_derived = CaseKey.from_pin


class Conduct(StrEnum):
    """How the client goes about it."""

    RIGHT = "right"
    TOLD_LATE = "told-late"
    """Wrong: the credentials are noted only after the answer."""
    NEW_EACH_TIME = "new-each-time"
    """Wrong: each new try gets new credentials."""


class Step(StrEnum):
    """What became of a submission, as the client was told."""

    ACCEPTED = "accepted"
    NOT_SENT = "not-sent"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    REVIVED = "revived"


@dataclass
class Intent:
    """One thing to send, and all that was noted of it."""

    place: int
    submissions: list[tuple[Submission, Pin]] = field(default_factory=list)
    """As noted; more than one only where the conduct is wrong."""
    steps: set[Step] = field(default_factory=set)

    @property
    def is_resumed(self) -> bool:
        """Whether a new process goes on with the same bytes."""
        return self.place % 2 == 0

    @property
    def is_to_be_withdrawn(self) -> bool:
        """Whether it is taken back once accepted."""
        return self.place % 5 == 3


def is_derived(pin: Pin) -> bool:
    """Tell whether the case key comes from the PIN: one in ten does, for it takes 0.2 s."""
    return pin.shown().endswith("0")


def mostly_quick_key(pin: Pin, number: CaseNumber) -> CaseKey:
    """Give the case key, in nine of ten cases without the slow derivation."""
    return _derived(pin, number) if is_derived(pin) else quick_key(pin, number)


def quick_key(pin: Pin, number: CaseNumber) -> CaseKey:
    """Stand in for the slow derivation."""
    return CaseKey(hashlib.sha256((pin.shown() + number.shown()).encode()).hexdigest())


def values_of(file: Path, place: int) -> list[str]:
    """Give the hashes of one intent, 2 to 4, found in no other."""
    return [hashlib.sha256(f"{file.name}/{place}/{part}".encode()).hexdigest() for part in range(2 + place % 3)]


def items_of(values: list[str]) -> list[Item]:
    """Give a picture for each hash but the second, which is a re-post of the first."""
    first, again, *others = (
        Signal(type=SignalType.PDQ, value=value, quality=90, variant="original" if part != 1 else "mirror")
        for part, value in enumerate(values)
    )
    return [
        Item(content=Content.IMAGE, altered=Altered.NO, signals=signals)
        for signals in [(first, again), *((other,) for other in others)]
    ]


def read_notes(file: Path) -> list[Intent]:
    """Read what was noted, in order."""
    intents: dict[int, Intent] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        note = json.loads(line)
        intent = intents.setdefault(note["place"], Intent(note["place"]))
        if "body" in note:
            intent.submissions.append((decode(Submission, note["body"].encode()), Pin(note["pin"])))
        else:
            intent.steps.add(Step(note["step"]))
    return list(intents.values())


class Sender:
    """Goes through the intents of one file of notes."""

    def __init__(self, client: Client, file: Path, conduct: Conduct) -> None:
        self._client = client
        self._file = file
        self._conduct = conduct

    def go_on_with(self, intent: Intent) -> None:
        """Take up what an earlier process left open."""
        if not intent.steps and intent.is_resumed:
            if self._conduct is Conduct.NEW_EACH_TIME:
                self._draw(intent)
            self._send(intent, tried_before=self._conduct is Conduct.RIGHT)
        self._withdraw_if_wanted(intent)

    def begin(self, place: int) -> None:
        """Draw credentials, note, send."""
        intent = Intent(place)
        self._draw(intent)
        self._send(intent)
        self._withdraw_if_wanted(intent)

    def _draw(self, intent: Intent) -> None:
        credentials = new_credentials()
        items = items_of(values_of(self._file, intent.place))
        intent.submissions.append((build_submission(credentials, DECLARATIONS, items), credentials.pin))
        if self._conduct is not Conduct.TOLD_LATE:
            self._note_credentials(intent)

    def _send(self, intent: Intent, *, tried_before: bool = False) -> None:
        try:
            self._client.submit(intent.submissions[-1][0], tried_before=tried_before)
        except EndpointUnreachableError:
            self._note_step(intent, Step.NOT_SENT)
        except NotConfirmedError:
            return
        except EndpointRefusedError:
            self._note_step(intent, Step.REFUSED)
        else:
            if self._conduct is Conduct.TOLD_LATE:
                self._note_credentials(intent)
            self._note_step(intent, Step.ACCEPTED)

    def _withdraw_if_wanted(self, intent: Intent) -> None:
        if not intent.is_to_be_withdrawn or Step.ACCEPTED not in intent.steps or Step.WITHDRAWN in intent.steps:
            return
        submission, pin = intent.submissions[-1]
        try:
            self._client.withdraw(*Credentials(submission.case_number, pin))
            self._note_step(intent, Step.WITHDRAWN)
            self._client.submit(submission)
            self._note_step(intent, Step.REVIVED)
        except TakenBackError:
            return
        except CaseNotFoundError:
            self._note_step(intent, Step.REFUSED)
        except (EndpointUnreachableError, NotConfirmedError):
            return

    def _note_credentials(self, intent: Intent) -> None:
        submission, pin = intent.submissions[-1]
        digits = pin.shown().replace(" ", "")
        self._write({"place": intent.place, "pin": digits, "body": encode(submission).decode()})

    def _note_step(self, intent: Intent, step: Step) -> None:
        intent.steps.add(step)
        self._write({"place": intent.place, "step": step})

    def _write(self, note: dict[str, object]) -> None:
        """Append one line in one write, so that a kill leaves all of it or nothing."""
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, json.dumps(note).encode() + b"\n")
        os.close(descriptor)


def main(origin: str, notes: str, conduct: str, count: str) -> None:
    """Go on with what is open, then begin anew until there are so many."""
    CaseKey.from_pin = mostly_quick_key if conduct == Conduct.RIGHT else quick_key  # type: ignore[method-assign]  # most of what is sent is about order, not PINs
    file = Path(notes)
    print("ready", flush=True)
    sys.stdin.readline()
    with HttpTransport(origin) as transport:
        sender = Sender(Client(transport, retry=RetryPolicy(base_seconds=0.25)), file, Conduct(conduct))
        before = read_notes(file)
        for intent in before:
            sender.go_on_with(intent)
        for place in range(len(before), int(count)):
            sender.begin(place)


if __name__ == "__main__":
    main(*sys.argv[1:])
