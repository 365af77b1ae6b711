"""Draw credentials, and lay a submission under them.

The pair is drawn here, beside `Client` and never by it: the caller shows or stores both first, and
only then hands a complete submission over to be sent.
"""

import secrets
from collections.abc import Sequence

from pydantic import ValidationError

from hashclient.errors import InvalidSubmissionError
from hashclient.model import CaseKey, CaseNumber, Credentials, Declarations, Item, Pin, Submission
from hashclient.model.case import NUMBER_BITS, PIN_DIGITS
from hashclient.model.wire import WireBody, encode


def new_credentials() -> Credentials:
    """Draw a case number of 55 random bits and a PIN of 8 random digits."""
    number = CaseNumber.from_bits(secrets.randbits(NUMBER_BITS))
    return Credentials(number, Pin(f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"))


def new_nonce() -> str:
    """Draw 128 bits, as 32 lower-case hex characters."""
    return secrets.token_hex(16)


def build_submission(credentials: Credentials, declarations: Declarations, items: Sequence[Item]) -> Submission:
    """Lay declarations and items under credentials; takes about 0.2 s, for the case key.

    Args:
        credentials: the pair the person keeps; the PIN itself does not go in.
        declarations: what the person affirmed.
        items: in any order. They are shuffled, so that their order tells nothing, and each
            `altered_from` is changed to the new place of the item it names.

    Raises:
        InvalidSubmissionError: they make no submission: none or too many items or hashes, an
            `altered_from` that names no other item.
    """
    try:
        return Submission(
            nonce=new_nonce(),
            case_number=credentials.number,
            case_key=CaseKey.from_pin(credentials.pin, credentials.number),
            declarations=declarations,
            items=_shuffled(items),
        )
    except ValidationError:
        raise InvalidSubmissionError from None


def wire_bytes(submission: Submission) -> WireBody:
    """Give the bytes of a submission as they stand inside the seal; always the same for the same one."""
    return encode(submission)


def _shuffled(items: Sequence[Item]) -> tuple[Item, ...]:
    order = secrets.SystemRandom().sample(range(len(items)), len(items))
    return tuple(_at_new_place(items[old], order) for old in order)


def _at_new_place(item: Item, order: list[int]) -> Item:
    """Let `altered_from` name the new place of the item that it named before."""
    if item.altered_from is None:
        return item
    places = {old: new for new, old in enumerate(order)}
    return item.model_copy(update={"altered_from": places.get(item.altered_from, len(order))})
