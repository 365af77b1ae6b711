"""Show a whole request on this machine, as a guided tour; each step is done for real and told in a few lines."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hashclient._optional import require_extra
from hashclient.cli import _review, _run, _service, _terminal
from hashclient.cli.demo import service_process
from hashclient.guidance import codes, endings, operators, review, texts
from hashclient.guidance.commands import DEMO
from hashclient.messages import joined

if TYPE_CHECKING:
    from hashclient.cli.demo.service_process import Relay
    from hashclient.client.request import Request
    from hashclient.config import Settings
    from hashclient.model import Credentials, Declarations, Item

app = _terminal.new_app()
RUN_BYTES: Final = 32
"""Length of a run; a picture's file has one at each of its bytes."""
_FOLDER: Final = Path(__file__).parents[1] / "demo_pictures"
_FILES: Final = ("picture-1.jpg", "picture-1-altered.jpg", "picture-2.jpg")
_COPY: Final = 1
"""Position, from 0, of the altered copy of the first picture."""


@app.command(help=DEMO)
def demo() -> None:
    """Take every step for real and tell it in a few lines."""
    require_extra("endpoint")
    with _run.interrupted_means(joined(texts.INTERRUPTED, operators.DEMO_INTERRUPTED)):
        _terminal.say(operators.DEMO_BEGINS)
        with service_process.running() as (settings, relay):
            _round(settings, relay)
        _terminal.say()
        _terminal.say(operators.DEMO_ENDS)


def _round(settings: "Settings", relay: "Relay") -> None:
    from hashclient.client.request import Request
    from hashclient.model import CaseRequest, Declarations
    from hashclient.model.wire import encode
    from hashclient.vocabulary import Depicted

    steps = enumerate(operators.DEMO_STEPS, start=1)
    _begin_step(*next(steps))
    _terminal.say(operators.DEMO_SERVICE)
    _begin_step(*next(steps))
    # What a person would be asked for; the pictures show nobody.
    declarations = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)
    items = _hash_images(declarations)
    with _service.reached(settings) as service:
        request = Request(declarations, items, client=service.client)
        credentials = request.draw()
        _begin_step(*next(steps))
        _show_request(request, host=service.host)
        _begin_step(*next(steps))
        _hand_over(credentials)
        _begin_step(*next(steps))
        _send_request(request, host=service.host)
        _begin_step(*next(steps))
        _follow(service, credentials)
    _begin_step(*next(steps))
    submission = request.submission
    asked = CaseRequest(case_number=submission.case_number, case_key=submission.case_key)
    _search(relay, [encode(submission), encode(asked)])


def _begin_step(number: int, title: str) -> None:
    _terminal.say()
    _terminal.say(_terminal.bold(joined(f"{number}.", title)))


def _hash_images(declarations: "Declarations") -> "list[Item]":
    """Hash the three pictures, one of which is an altered copy of another."""
    from hashclient.prepare import HashOptions, item_of, prepare
    from hashclient.vocabulary import Altered

    _terminal.say(operators.DEMO_HASHED)
    items, protection = [], ""
    files = [_FOLDER / name for name in _FILES]
    for prepared in prepare(files, declarations=declarations, options=HashOptions(apart=True)):
        protection = prepared.protection
        altered, original = (Altered.YES, 0) if prepared.position == _COPY else (Altered.NO, None)
        for signal in prepared.signals:
            _terminal.say(f"{prepared.position + 1}  {signal.to_text()}  {signal.quality}", indent="   ")
        items += [item] if (item := item_of(prepared, altered=altered, altered_from=original)) else []
    distance = items[0].signals[0] - items[_COPY].signals[0]
    _terminal.say(operators.DEMO_COPY.format(distance=distance))
    _terminal.say(operators.DEMO_PROTECTION.format(protection=protection))
    return items


def _show_request(request: "Request", *, host: str) -> None:
    """Show what would leave, in words and as JSON."""
    _review.in_words(request.submission, host=host)
    body = _review.as_bytes(request.submission)
    _terminal.say(operators.DEMO_JSON.format(count=len(body)))
    _terminal.data(body)


def _hand_over(credentials: "Credentials") -> None:
    """Show case number and PIN of the example, here in the open because they are thrown away."""
    number, pin = (_terminal.bold(one.shown()) for one in credentials)
    _terminal.say(operators.DEMO_CASE_NUMBER.format(number=number), indent="   ")
    _terminal.say(operators.DEMO_SHOWN_PIN.format(digits=pin), indent="   ")
    _terminal.say(joined(codes.NO_ONE_CAN_RECOVER, operators.DEMO_PIN))


def _send_request(request: "Request", *, host: str) -> None:
    """Seal, send, and read the receipt."""
    from hashclient.model.wire import encode

    receipt = request.send()
    is_same = receipt.digest == hashlib.sha256(encode(request.submission)).hexdigest()
    _terminal.say(joined(review.SEALED_BODY, endings.SENT.format(host=host)))
    received = operators.DEMO_RECEIPT.format(items=receipt.items, signals=receipt.signals, day=receipt.day)
    _terminal.say(joined(received, operators.DEMO_DIGEST[is_same]))


def _follow(service: _service.ChosenService, credentials: "Credentials") -> None:
    """Ask, take back, ask again."""
    client = service.client
    for words, ask in zip(operators.DEMO_FOLLOWED, (client.status, client.withdraw, client.status), strict=True):
        case = ask(*credentials)
        state = endings.STATES[case.status.value].format(host=service.host, partners=endings.NO_PARTNERS)
        _terminal.say(words.format(state=state, count=case.signals), indent="   ")
    _terminal.say(endings.WITHDRAWAL)


def _search(relay: "Relay", bodies: Sequence[bytes]) -> None:
    """Search what crossed, and what was sealed, for every run of every picture; then prove that the search sees."""
    files = [(_FOLDER / name).read_bytes() for name in _FILES]
    crossed = [bytes(relay.sent), bytes(relay.received)]
    for words, piece in zip(operators.DEMO_CROSSED, crossed, strict=True):
        digest = hashlib.sha256(piece).hexdigest()
        _terminal.say(words.format(count=len(piece), digest=digest), indent="   ")
    found = _terminal.bold(str(found_runs(files, within=[*crossed, *bodies])))
    _terminal.say(operators.DEMO_FOUND.format(runs=count_runs(files), length=RUN_BYTES, found=found))
    planted = crossed[0] + files[0][1000 : 1000 + RUN_BYTES]
    _terminal.say(operators.DEMO_PLANTED.format(found=found_runs(files, within=[planted])))


def count_runs(pictures: Iterable[bytes]) -> int:
    """Count the runs of some files, one at each byte."""
    return sum(max(0, len(picture) - RUN_BYTES + 1) for picture in pictures)


def found_runs(pictures: Iterable[bytes], *, within: Iterable[bytes]) -> int:
    """Count the runs of the files that occur anywhere in the bytes searched.

    Args:
        pictures: files, byte for byte.
        within: pieces to search, each on its own.
    """
    known = {run for piece in within for run in _runs(piece)}
    return sum(run in known for picture in pictures for run in _runs(picture))


def _runs(piece: bytes) -> Iterable[bytes]:
    return (piece[start : start + RUN_BYTES] for start in range(len(piece) - RUN_BYTES + 1))
