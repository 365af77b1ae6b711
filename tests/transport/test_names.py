"""A name costs one time, however many addresses it has and however long the look-up takes."""

import socket
import threading
from collections.abc import Callable, Iterator

import httpcore
import pytest

from hashclient.client import Client
from hashclient.errors import EndpointUnreachableError
from hashclient.model import Suite
from hashclient.testing import EndpointSimulator
from hashclient.transport import bounded
from hashclient.transport.bounded import BoundedBackend, ExchangeLimits, Meter
from hashclient.transport.http import HttpTransport
from hashclient.transport.interface import Path
from kit.peer import Peer
from kit.submissions import VirtualClock, remembered_case_keys, retry_with, submission

__all__ = ["remembered_case_keys"]

DEAD = [f"192.0.2.{place}" for place in range(1, 21)]
LIMITS = ExchangeLimits()


class Network:
    """Names and connections of this test, and the seconds that they take."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = VirtualClock()
        self.addresses: list[str] = []
        self.asked: list[tuple[str, float]] = []
        self.answers: dict[str, type[Exception] | None] = {}
        monkeypatch.setattr("hashclient.transport.bounded.time.monotonic", self.clock)
        monkeypatch.setattr(bounded, "_look_up", lambda *_, **__: self.addresses)
        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", self._connect)

    def _connect(
        self, host: str, port: int, timeout: float, local_address: str | None = None, socket_options: object = None
    ) -> httpcore.NetworkStream:
        self.asked.append((host, timeout))
        if host not in self.answers:  # nobody says a word
            self.clock.sleep(timeout)
            raise httpcore.ConnectTimeout
        if error := self.answers[host]:
            raise error
        return httpcore.MockStream([])


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(monkeypatch)


@pytest.fixture
def connect(network: Network) -> Callable[[], object]:
    meter = Meter(LIMITS)
    meter.start(60)
    backend = BoundedBackend(meter, loopback_only=False)
    return lambda: backend.connect_tcp("endpoint.example", 443, LIMITS.connect_seconds)


@pytest.mark.parametrize("count", [1, 2, 10, 20])
def test_dead_addresses_cost_no_more_than_one(network: Network, connect: Callable[[], object], count: int) -> None:
    """Each gets its share, all are tried, and together they take the ten seconds of one."""
    network.addresses = DEAD[:count]
    with pytest.raises(httpcore.ConnectError):
        connect()
    assert [host for host, _ in network.asked] == DEAD[:count]
    assert network.clock.now - 1000 == pytest.approx(LIMITS.connect_seconds)


@pytest.mark.parametrize("place", range(21))
def test_one_that_answers_is_found(network: Network, connect: Callable[[], object], place: int) -> None:
    """Wherever it stands among twenty dead ones, it is reached in time."""
    network.addresses = [*DEAD[:place], "192.0.2.99", *DEAD[place:]]
    network.answers["192.0.2.99"] = None
    assert connect() is not None
    assert network.clock.now - 1000 < LIMITS.connect_seconds


def test_those_that_refuse_leave_their_time_to_the_others(network: Network, connect: Callable[[], object]) -> None:
    """An address that says no at once costs nothing."""
    network.addresses = [*DEAD, "192.0.2.99"]
    network.answers = dict.fromkeys(DEAD, httpcore.ConnectError) | {"192.0.2.99": None}
    assert connect() is not None
    host, seconds = network.asked[-1]
    assert (host, len(network.asked)) == ("192.0.2.99", 21)
    assert seconds == pytest.approx(LIMITS.connect_seconds)


def test_a_name_without_addresses(network: Network, connect: Callable[[], object]) -> None:
    """Nobody is asked."""
    with pytest.raises(httpcore.ConnectError):
        connect()
    assert network.asked == []


def test_a_whole_call_keeps_its_minute(network: Network) -> None:
    """Twenty dead addresses, every attempt and every wait together: at most the 60 seconds of a call, and nothing was sent."""
    network.addresses = DEAD
    retry = retry_with(network.clock)
    with HttpTransport("https://endpoint.example") as transport, pytest.raises(EndpointUnreachableError):
        Client(transport, retry=retry).submit(submission())
    assert 0 < network.clock.now - 1000 <= 60


@pytest.fixture
def slow_look_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let a look-up take until the test has ended."""
    end = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        end.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield end
    end.set()


def test_a_look_up_that_does_not_end_is_left(slow_look_up: threading.Event) -> None:
    """The name is asked for within the time for connecting; what answers later is not waited for."""
    limits = ExchangeLimits(connect_seconds=0.05)
    with HttpTransport("https://endpoint.example", limits=limits) as transport, pytest.raises(EndpointUnreachableError):
        transport.send(Path.PROFILE, None, deadline=20)
    assert not slow_look_up.is_set()


@pytest.mark.parametrize("error", [socket.gaierror, UnicodeError, OSError])
def test_a_look_up_that_fails(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    """Whatever goes wrong with a name, the service is not reachable."""

    def look_up(*_: object, **__: object) -> list[object]:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with HttpTransport("https://endpoint.example") as transport, pytest.raises(EndpointUnreachableError):
        transport.send(Path.PROFILE, None, deadline=20)


@pytest.mark.loopback
@pytest.mark.enable_socket
def test_a_real_name_of_this_device() -> None:
    """`localhost` has an address or two, of which one answers."""
    with Peer(EndpointSimulator(suites=(Suite.X25519,))) as peer:
        origin = f"http://localhost:{peer.port}"
        peer.simulator.origin = origin
        with HttpTransport(origin) as transport:
            assert Client(transport).submit(submission()).items == 2
