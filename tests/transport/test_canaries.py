"""Nothing of a request is in any log, warning, output or traceback, whatever goes wrong and whoever logs everything."""

import logging
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path as FilePath

import pytest

from hashclient.client import Client
from hashclient.errors import HashclientError
from hashclient.model import Problem, Suite
from hashclient.model.wire import PROBLEM, SEALED, encode
from hashclient.sealing import open_sealed, seal_reply
from hashclient.testing import EndpointSimulator
from hashclient.transport.http import HttpTransport
from kit.peer import Behaviour, Exchange, Peer, honest, http
from kit.submissions import VirtualClock, credentials, remembered_case_keys, retry_with, submission

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]
__all__ = ["remembered_case_keys"]

PLANTED = "canary7f3a"


def _says(raw: bytes) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        exchange.body()
        exchange.conn.sendall(raw)

    return behave


def _in_the_seal(status: int) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        body = exchange.body() or b""
        simulator = exchange.peer.simulator
        opened = open_sealed(body, key=simulator.keys[0], origin=simulator.origin)
        problem = encode(Problem(type=f"urn:hashclient:problem:{PLANTED}", title=PLANTED, status=status))
        exchange.conn.sendall(
            http(status, seal_reply(problem, request=body, reply_key=opened.head.reply_key), kind=SEALED)
        )

    return behave


def _echo(exchange: Exchange) -> None:
    """Send back what came, as pages of errors do."""
    exchange.conn.sendall(http(500, exchange.body() or b"", kind="text/html", more=f"X-Echo: {PLANTED}\r\n"))


def _reset(exchange: Exchange) -> None:
    exchange.body()
    exchange.reset()


UNSEALED = encode(Problem(type=f"urn:hashclient:problem:{PLANTED}", title=PLANTED, status=413))
BEHAVIOURS: dict[str, Behaviour] = {
    "honest": honest,
    "422 in the seal": _in_the_seal(422),
    "500 in the seal": _in_the_seal(500),
    "500 that echoes": _echo,
    "413 with words": _says(http(413, UNSEALED, kind=PROBLEM)),
    "a redirect": _says(http(307, more=f"Location: https://{PLANTED}.example/\r\nSet-Cookie: a={PLANTED}\r\n")),
    "no HTTP": _says(f"{PLANTED}\r\n\r\n".encode()),
    "a reset": _reset,
}


class Everything(logging.Handler):
    """Keeps every record, with all that it refers to."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(f"{record.getMessage()} {record.__dict__}")


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Log everything, of every logger that there is or will be."""
    handler, root = Everything(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in list(logging.Logger.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield handler.kept
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def secrets() -> list[str]:
    """Give what may stand nowhere, in each spelling."""
    wanted, (number, pin) = submission(), credentials()
    hashes = [signal.value for item in wanted.items for signal in item.signals]
    codes = [number.shown(), number.on_wire(), pin.shown(), pin.shown().replace(" ", "")]
    return [*codes, wanted.case_key.on_wire(), *hashes, PLANTED]


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_nothing_of_a_request_is_anywhere(
    behaviour: Behaviour, logged: list[str], capfd: pytest.CaptureFixture[str], tmp_path: FilePath
) -> None:
    """Submit, status and withdraw, with everything logged, warnings kept and every error printed with its causes."""
    simulator = EndpointSimulator(suites=(Suite.X25519,))
    wanted = submission()
    asked: list[Callable[[Client], object]] = [
        lambda client: client.submit(wanted),
        lambda client: client.status(*credentials()),
        lambda client: client.withdraw(*credentials()),
    ]
    said: list[str] = []
    with (
        Peer(simulator, behaviour) as peer,
        HttpTransport(peer.origin) as transport,
        warnings.catch_warnings(record=True) as warned,
    ):
        for ask in asked:
            client = Client(transport, retry=retry_with(VirtualClock(), total_seconds=2))
            try:
                said.append(repr(ask(client)))
            except HashclientError as error:
                said += [*traceback.format_exception(error), error.hint, repr(error), repr(error.__dict__)]
            said += [repr(client), repr(transport)]
    out, err = capfd.readouterr()
    found = "\n".join([*said, *logged, out, err, *(str(one.message) for one in warned)])
    assert not [secret for secret in (*secrets(), wanted.nonce, str(peer.port), str(tmp_path)) if secret in found]


def test_the_search_can_see(logged: list[str]) -> None:
    """A line with the number in it is found, so the search above is none in the dark."""
    logging.getLogger("another").debug("case %s", credentials().number.shown())
    assert any(secrets()[0] in one for one in logged)
