"""Take the steps of `demo`, each done for real and told in a few lines."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient.cli import _console, _review, _runs, _service
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.cli._relay import Relay
    from hashclient.model import Credentials, Declarations, Item, Submission

_FOLDER: Final = Path(__file__).parent / "demo_pictures"
_FILES: Final = ("picture-1.jpg", "picture-1-altered.jpg", "picture-2.jpg")
_ALTERED: Final = 1
"""Place of the altered copy of the first."""
_MATCH: Final = "Partners take up to 31 of 256 bits as a match."


def step(number: int, title: str) -> None:
    """Begin a step."""
    _console.say()
    _console.say(_console.bold(f"{number}. {title}"))


def affirm() -> "Declarations":
    """Make the declarations that a person would be asked for; the pictures show nobody."""
    from hashclient.model import Declarations
    from hashclient.vocabulary import Depicted

    return Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)


def hash_images(declarations: "Declarations") -> "list[Item]":
    """Hash the three pictures, one of which is an altered copy of another."""
    from hashclient.prepare import item_of, prepare
    from hashclient.vocabulary import Altered

    _console.say("Picture, fingerprint, and its quality, of 100:")
    items, protection = [], ""
    for prepared in prepare([_FOLDER / name for name in _FILES], declarations=declarations):
        is_copy, protection = prepared.position == _ALTERED, prepared.protection
        altered, original = (Altered.YES, 0) if is_copy else (Altered.NO, None)
        for signal in prepared.signals:
            _console.say(f"{prepared.position + 1}  {signal.to_text()}  {signal.quality}", indent="   ")
        items += [item] if (item := item_of(prepared, altered=altered, altered_from=original)) else []
    distance = items[0].signals[0] - items[_ALTERED].signals[0]
    _console.say(
        f"Picture 2 is picture 1 as posted again, cut and with words over it: {distance} bits differ. {_MATCH}"
    )
    _console.say(f"Each was opened in a process that can reach nothing else (protection: {protection}).")
    return items


def show(submission: "Submission", *, host: str) -> None:
    """Show what would leave, in words and as JSON."""
    _review.in_words(submission, host=host)
    body = _review.as_bytes(submission)
    _console.say(f"The same as JSON, {len(body)} bytes; stars cover the case number and the key made from the PIN:")
    _console.data(body)


def hand_over(credentials: "Credentials") -> None:
    """Show case number and PIN of the example, here in the open because they are thrown away."""
    _console.say(f"Case number   {_console.bold(credentials.number.shown())}", indent="   ")
    _console.say(f"PIN           {_console.bold(credentials.pin.shown())}", indent="   ")
    _console.say(f"{texts.NO_ONE_CAN_RECOVER} The PIN itself never leaves this device.")


def send(service: _service.Service, submission: "Submission") -> None:
    """Seal, send, and read the receipt."""
    from hashclient.client import wire_bytes

    body = wire_bytes(submission)
    receipt = service.client.submit(submission)
    is_same = receipt.digest == hashlib.sha256(body).hexdigest()
    _console.say(f"{texts.SEALED} {texts.SENT.format(host=service.host)}")
    _console.say(
        f"Receipt: {receipt.items} pictures, {receipt.signals} fingerprints, {receipt.day} (UTC). "
        f"Its digest {'is' if is_same else 'IS NOT'} that of the bytes above, without the stars."
    )


def follow(service: _service.Service, credentials: "Credentials") -> None:
    """Ask, take back, ask again."""
    client = service.client
    for title, ask in (("Asked", client.status), ("Taken back", client.withdraw), ("Asked again", client.status)):
        case = ask(*credentials)
        state = texts.STATES[case.status.value].format(host=service.host, partners=texts.NO_PARTNERS)
        _console.say(f"{title + ':':13}{state} Fingerprints held: {case.signals}.", indent="   ")
    _console.say(texts.WITHDRAWAL)


def search(relay: "Relay", bodies: Sequence[bytes]) -> None:
    """Search what crossed, and what was sealed, for every run of every picture; then prove that the search sees."""
    files = [(_FOLDER / name).read_bytes() for name in _FILES]
    crossed = [bytes(relay.sent), bytes(relay.received)]
    for words, piece in zip(("To the service", "Back"), crossed, strict=True):
        _console.say(f"{words + ':':16}{len(piece):,} bytes, SHA-256 {hashlib.sha256(piece).hexdigest()}", indent="   ")
    found = _runs.found(files, within=[*crossed, *bodies])
    _console.say(
        f"The three files have {_runs.count(files):,} runs of {_runs.RUN_BYTES} bytes. "
        f"Found in these bytes, and in what was inside the seals: {_console.bold(str(found))}."
    )
    planted = crossed[0] + files[0][1000 : 1000 + _runs.RUN_BYTES]
    _console.say(
        f"With one run of picture 1 planted in a copy, the same search finds: {_runs.found(files, within=[planted])}."
    )
