"""Answers that are lost, cut or doubled, and the order of credentials and bytes, seen from between the two sides."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from crash.audit import violations
from crash.client import Conduct, Step
from crash.people import DRIVER, Case, credentials_in, picture, report_of, start_submit
from crash.relay import Cut, Relay
from hashclient.client import Client, RetryPolicy
from hashclient.errors import NotConfirmedError, TakenBackError
from hashclient.model import CaseStatus
from hashclient.transport.http import HttpTransport
from kit.served_endpoint import ServedEndpoint, environment

CUTS: dict[str, Cut] = {
    "nothing": lambda *_: b"",
    "half of the head": lambda head, _: head[: len(head) // 2],
    "the head": lambda head, _: head,
    "half of the body": lambda head, body: head + body[: len(body) // 2],
    "all but a byte": lambda head, body: head + body[:-1],
}
"""What of an answer arrives."""
AT_ONCE = RetryPolicy(random=lambda: 0.0)
"""Tries again without a pause."""

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]


@pytest.fixture
def relay() -> Iterator[Relay]:
    """Give a relay, to be led somewhere."""
    with Relay() as relay:
        yield relay


@pytest.fixture
def endpoint(tmp_path: Path, relay: Relay) -> Iterator[ServedEndpoint]:
    """Give an endpoint that is served, and reached through the relay."""
    with ServedEndpoint(tmp_path, origin=relay.origin) as endpoint:
        relay.lead_to = endpoint.port
        endpoint.start()
        yield endpoint


@pytest.fixture
def client(endpoint: ServedEndpoint) -> Iterator[Client]:
    """Give a client that does not wait between tries."""
    with HttpTransport(endpoint.origin) as transport:
        yield Client(transport, retry=AT_ONCE)


@pytest.mark.parametrize("resets", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["closed", "reset"])
def test_a_lost_answer_leaves_one_case_and_one_receipt(
    resets: bool, client: Client, relay: Relay, endpoint: ServedEndpoint
) -> None:
    """The client asks again with the same bytes, and gets the receipt of the case that is there already."""
    relay.resets = resets
    cases = [Case(endpoint, place=place) for place, _ in enumerate(CUTS)]
    for case, cut in zip(cases, CUTS.values(), strict=True):
        relay.cuts.extend([cut, cut])
        receipt = client.submit(case.submission)
        assert (receipt.status, receipt.signals) == (CaseStatus.RECEIVED, len(case.values))
        assert client.submit(case.submission) == receipt
    assert relay.bodies == 4 * len(cases)
    assert violations(endpoint, [case.claim(Step.ACCEPTED) for case in cases]) == {}
    for case, cut in zip(cases, CUTS.values(), strict=True):
        relay.cuts.extend([cut, cut])
        assert case.withdraw(client) == case.withdraw(client)
        with pytest.raises(TakenBackError):
            client.submit(case.submission)
    assert violations(endpoint, [case.claim(Step.ACCEPTED, Step.WITHDRAWN) for case in cases]) == {}


@pytest.mark.slow
def test_where_no_answer_comes_the_case_is_found_later(client: Client, relay: Relay, endpoint: ServedEndpoint) -> None:
    """The call ends without saying what it does not know; number and PIN open the case, and sending again gives its receipt."""
    case = Case(endpoint, place=0)
    with HttpTransport(endpoint.origin) as transport:
        hasty = Client(transport, retry=RetryPolicy(base_seconds=1000, cap_seconds=1000, random=lambda: 1.0))
        hasty.profile()
        relay.cuts.append(CUTS["nothing"])
        with pytest.raises(NotConfirmedError):
            hasty.submit(case.submission)
    assert report_of(endpoint.origin, case.credentials).signals == len(case.values)
    assert client.submit(case.submission) == case.submit()
    assert violations(endpoint, [case.claim(Step.ACCEPTED)]) == {}


@pytest.mark.slow
def test_the_program_whose_answers_are_lost_is_told_in_the_end(relay: Relay, endpoint: ServedEndpoint) -> None:
    """`hashclient submit` tries again by itself: exit code 0, one case, opened by what it gave before."""
    relay.cuts.extend([CUTS["nothing"], CUTS["half of the head"], CUTS["half of the body"]])
    codes = endpoint.folder / "codes"
    with start_submit(endpoint, picture(endpoint.folder, seed=0), codes) as process:
        assert process.wait() == 0
    assert relay.bodies == 4
    credentials = credentials_in(codes)
    assert credentials
    assert report_of(endpoint.origin, credentials).items == 1
    assert len(endpoint.stored()) == 1


def test_bodies_that_arrive_twice_or_at_once_are_one_case(relay: Relay, endpoint: ServedEndpoint) -> None:
    """Each body is carried to the endpoint three times, and eight clients send the same submission at once."""
    relay.copies = 3
    case = Case(endpoint, place=0)
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: case.submit(), range(8)))
    assert relay.bodies == 8
    assert set(receipts) == {receipts[0]}
    assert violations(endpoint, [case.claim(Step.ACCEPTED)]) == {}
    assert case.withdraw() == case.withdraw()
    with pytest.raises(TakenBackError):
        case.submit()


def _start_program(endpoint: ServedEndpoint, notes: Path) -> "Popen[str]":
    return start_submit(endpoint, picture(endpoint.folder, seed=0), notes)


def _start_driver(endpoint: ServedEndpoint, notes: Path, *, conduct: Conduct) -> "Popen[str]":
    command = [*DRIVER, endpoint.origin, str(notes), conduct, "1"]
    client = Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment(endpoint.folder))
    assert client.stdin
    client.stdin.write("\n")
    client.stdin.flush()
    return client


@pytest.mark.parametrize(
    ("start", "is_noted"),
    [
        (_start_program, True),
        pytest.param(partial(_start_driver, conduct=Conduct.RIGHT), True, marks=pytest.mark.slow),
        pytest.param(partial(_start_driver, conduct=Conduct.TOLD_LATE), False, marks=pytest.mark.slow),
    ],
    ids=["the program", "the library", "wrong conduct"],
)
def test_credentials_are_in_hand_before_the_first_byte_of_a_body(
    start: Callable[[ServedEndpoint, Path], "Popen[str]"], is_noted: bool, relay: Relay, endpoint: ServedEndpoint
) -> None:
    """Killed by the first byte that reaches the relay, the program has given them; wrong conduct is seen."""
    notes = endpoint.folder / "notes"
    running: list[Popen[str]] = []
    relay.on_body = lambda: running[0].kill()  # noqa: PLW0108  # it is not there yet
    running.append(start(endpoint, notes))
    with running[0] as process:
        assert process.wait() == -signal.SIGKILL
    assert (notes.exists() and notes.stat().st_size > 0) is is_noted
