"""Show a whole request on this machine, as a guided tour; each step is done for real and told in a few lines."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient._optional import require_extra
from hashclient.cli import _review, _run, _service, _terminal
from hashclient.cli.demo import service_process
from hashclient.guidance import texts
from hashclient.guidance.commands import DEMO

if TYPE_CHECKING:
    from hashclient.cli.demo.service_process import Relay
    from hashclient.client.request import Request as Request
    from hashclient.config import Settings
    from hashclient.model import Credentials, Declarations, Item

app = _terminal.new_app()
_FOLDER: Final = Path(__file__).parents[1] / "demo_pictures"
_FILES: Final = ("picture-1.jpg", "picture-1-altered.jpg", "picture-2.jpg")
_ALTERED: Final = 1
"""Place of the altered copy of the first."""
_MATCH: Final = "Partners take up to 31 of 256 bits as a match."
_RUN_BYTES: Final = 32
"""Length of a run; a picture's file has one at each of its bytes."""


@app.command(help=DEMO)
def demo() -> None:
    """Take every step for real and tell it in a few lines."""
    require_extra("endpoint")
    with _run.interrupted_means(f"{texts.INTERRUPTED} Nothing left this machine. The example service has ended."):
        _terminal.say("A whole request on this machine, with pictures drawn by a program.")
        with service_process.running() as (settings, relay):
            _round(settings, relay)
        _terminal.say()
        _terminal.say(
            "The example service has ended, and its folder is gone. With your own: 'hashclient submit --help'."
        )


def _round(settings: "Settings", relay: "Relay") -> None:
    from hashclient.client.request import Request
    from hashclient.model import CaseRequest
    from hashclient.model.wire import encode

    _step(1, "A service to send to")
    _terminal.say("It runs as a process of its own; a relay in front of it records every byte.")
    _step(2, "Fingerprints are made on this device")
    declarations = _affirm()
    items = _hash_images(declarations)
    with _service.opened(settings) as service:
        request = Request(declarations, items, client=service.client)
        credentials = request.draw()
        _step(3, "You see what would leave")
        _show(request, host=service.host)
        _step(4, "You get case number and PIN, before anything is sent")
        _hand_over(credentials)
        _step(5, "Sealed and sent")
        _send(service, request)
        _step(6, "Followed, and taken back")
        _follow(service, credentials)
    _step(7, "What crossed the wire")
    submission = request.submission
    asked = CaseRequest(case_number=submission.case_number, case_key=submission.case_key)
    _search(relay, [encode(submission), encode(asked)])


def _step(number: int, title: str) -> None:
    """Begin a step."""
    _terminal.say()
    _terminal.say(_terminal.bold(f"{number}. {title}"))


def _affirm() -> "Declarations":
    """Make the declarations that a person would be asked for; the pictures show nobody."""
    from hashclient.model import Declarations
    from hashclient.vocabulary import Depicted

    return Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)


def _hash_images(declarations: "Declarations") -> "list[Item]":
    """Hash the three pictures, one of which is an altered copy of another."""
    from hashclient.prepare import item_of, prepare
    from hashclient.vocabulary import Altered

    _terminal.say("Picture, fingerprint, and its quality, of 100:")
    items, protection = [], ""
    for prepared in prepare([_FOLDER / name for name in _FILES], declarations=declarations):
        is_copy, protection = prepared.position == _ALTERED, prepared.protection
        altered, original = (Altered.YES, 0) if is_copy else (Altered.NO, None)
        for signal in prepared.signals:
            _terminal.say(f"{prepared.position + 1}  {signal.to_text()}  {signal.quality}", indent="   ")
        items += [item] if (item := item_of(prepared, altered=altered, altered_from=original)) else []
    distance = items[0].signals[0] - items[_ALTERED].signals[0]
    _terminal.say(
        f"Picture 2 is picture 1 as posted again, cut and with words over it: {distance} bits differ. {_MATCH}"
    )
    _terminal.say(f"Each was opened in a process that can reach nothing else (protection: {protection}).")
    return items


def _show(request: "Request", *, host: str) -> None:
    """Show what would leave, in words and as JSON."""
    _review.in_words(request.submission, host=host)
    body = _review.as_bytes(request.submission)
    _terminal.say(f"The same as JSON, {len(body)} bytes; stars cover the case number and the key made from the PIN:")
    _terminal.data(body)


def _hand_over(credentials: "Credentials") -> None:
    """Show case number and PIN of the example, here in the open because they are thrown away."""
    _terminal.say(f"Case number   {_terminal.bold(credentials.number.shown())}", indent="   ")
    _terminal.say(f"PIN           {_terminal.bold(credentials.pin.shown())}", indent="   ")
    _terminal.say(f"{texts.NO_ONE_CAN_RECOVER} The PIN itself never leaves this device.")


def _send(service: _service.Service, request: "Request") -> None:
    """Seal, send, and read the receipt."""
    from hashclient.model.wire import encode

    body = encode(request.submission)
    receipt = request.send()
    is_same = receipt.digest == hashlib.sha256(body).hexdigest()
    _terminal.say(f"{texts.SEALED} {texts.SENT.format(host=service.host)}")
    _terminal.say(
        f"Receipt: {receipt.items} pictures, {receipt.signals} fingerprints, {receipt.day} (UTC). "
        f"Its digest {'is' if is_same else 'IS NOT'} that of the bytes above, without the stars."
    )


def _follow(service: _service.Service, credentials: "Credentials") -> None:
    """Ask, take back, ask again."""
    client = service.client
    for title, ask in (("Asked", client.status), ("Taken back", client.withdraw), ("Asked again", client.status)):
        case = ask(*credentials)
        state = texts.STATES[case.status.value].format(host=service.host, partners=texts.NO_PARTNERS)
        _terminal.say(f"{title + ':':13}{state} Fingerprints held: {case.signals}.", indent="   ")
    _terminal.say(texts.WITHDRAWAL)


def _search(relay: "Relay", bodies: Sequence[bytes]) -> None:
    """Search what crossed, and what was sealed, for every run of every picture; then prove that the search sees."""
    files = [(_FOLDER / name).read_bytes() for name in _FILES]
    crossed = [bytes(relay.sent), bytes(relay.received)]
    for words, piece in zip(("To the service", "Back"), crossed, strict=True):
        _terminal.say(
            f"{words + ':':16}{len(piece):,} bytes, SHA-256 {hashlib.sha256(piece).hexdigest()}", indent="   "
        )
    found = _found_runs(files, within=[*crossed, *bodies])
    _terminal.say(
        f"The three files have {_count_runs(files):,} runs of {_RUN_BYTES} bytes. "
        f"Found in these bytes, and in what was inside the seals: {_terminal.bold(str(found))}."
    )
    planted = crossed[0] + files[0][1000 : 1000 + _RUN_BYTES]
    _terminal.say(
        f"With one run of picture 1 planted in a copy, the same search finds: {_found_runs(files, within=[planted])}."
    )


def _count_runs(pictures: Iterable[bytes]) -> int:
    """Count the runs of some files, one at each byte."""
    return sum(max(0, len(picture) - _RUN_BYTES + 1) for picture in pictures)


def _found_runs(pictures: Iterable[bytes], *, within: Iterable[bytes]) -> int:
    """Count the runs of the files that occur anywhere in the bytes searched.

    Args:
        pictures: files, byte for byte.
        within: pieces to search, each on its own.
    """
    known = {run for piece in within for run in _runs(piece)}
    return sum(run in known for picture in pictures for run in _runs(picture))


def _runs(piece: bytes) -> Iterable[bytes]:
    return (piece[start : start + _RUN_BYTES] for start in range(len(piece) - _RUN_BYTES + 1))
