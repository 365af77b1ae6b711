"""Tell the ending of a submission: sent, not_sent, refused or not_confirmed, never blurred."""

import contextlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hashclient._crash import crash_point
from hashclient.cli import _console, _credentials, _help, _run
from hashclient.cli._service import Service
from hashclient.errors import EndpointRefusedError, HashclientError, NotConfirmedError, TransportError
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.model import Credentials, Receipt


def sent(receipt: "Receipt", service: Service, *, again: "Credentials | None", as_json: bool) -> None:
    """Give the receipt.

    Args:
        receipt: of the service, already compared with what was sent.
        service: that it came from.
        again: number and PIN to show once more at the terminal, or None.
        as_json: whether to print it for a program; the number is left out, the program has it.
    """
    state = texts.SENT.format(host=service.host)
    counts = f"Pictures: {receipt.items}. Fingerprints: {receipt.signals}. Day: {receipt.day} (UTC)."
    with _run.interrupted_means(f"{texts.INTERRUPTED} {state}"):
        if again:
            _credentials.show_again(again, state=f"{state} {counts}")
    _console.say(_console.bold(state))
    _console.say(counts)
    if receipt.status.value == "Withdrawn":
        _console.say(texts.STATES["Withdrawn"])
    if as_json:
        told = receipt.model_dump(mode="json", exclude={"case_number"})
        _console.data(json.dumps({"ending": "sent", "host": service.host, "receipt": told}))
    if again:
        _help.actions()
        _console.say(texts.EMERGENCY)
    crash_point("told")


@contextlib.contextmanager
def told_as_json(service: Service, *, as_json: bool) -> Iterator[None]:
    """Tell a program of every other ending, too."""
    try:
        yield
    except HashclientError as error:
        if as_json:
            _console.data(json.dumps({"ending": ending_of(error, service), "sentence": error.sentence}))
        raise


def ending_of(error: HashclientError, service: Service) -> str:
    """Name the ending that an error means."""
    if isinstance(error, NotConfirmedError):
        return "not_confirmed"
    if isinstance(error, EndpointRefusedError):
        return "refused"
    is_doubtful = isinstance(error, TransportError) and service.client.may_have_sent
    return "not_confirmed" if is_doubtful else "not_sent"
