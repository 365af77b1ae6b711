"""Killed at every named moment, on either side: one case or none, and the credentials in hand open it."""

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TypeVar

import pytest

from crash.audit import claims_in, violations
from crash.client import Conduct, Step
from crash.people import DRIVER, Case, ask, credentials_in, picture, report_of, start_submit, start_withdraw
from hashclient._crash import ENDPOINT_POINTS, REQUEST_POINTS, VERB_POINTS
from hashclient.client import Client, RetryPolicy
from hashclient.client.request import new_credentials
from hashclient.errors import CaseNotFoundError, NotConfirmedError, TakenBackError
from hashclient.model import CaseKey, CaseStatus
from hashclient.transport.http import HttpTransport
from kit.served_endpoint import ServedEndpoint, environment

T = TypeVar("T")

AT_SUBMIT = VERB_POINTS[:4] + REQUEST_POINTS + VERB_POINTS[4:]
AT_WITHDRAWAL = REQUEST_POINTS + VERB_POINTS[4:]
IN_HAND = AT_SUBMIT[AT_SUBMIT.index("credentials-given") :]
"""Points of the client at which the person holds the credentials."""
ARRIVED = AT_SUBMIT[AT_SUBMIT.index("last-byte") :]
"""Points of the client at which the whole body is on its way, and arrives."""

BOTH = ("submit", "withdraw")
PASSED_BY = {
    **dict.fromkeys(["first-chunk", "body-complete", "opened", "begun", "before-commit"], BOTH),
    **dict.fromkeys(["verifier-made", "case-row", "item-rows", "signal-rows"], ("submit",)),
    **dict.fromkeys(["signals-erased", "items-erased", "marked-withdrawn"], ("withdraw",)),
    **dict.fromkeys(["committed", "before-reply-sealed", "reply-sealed", "half-reply"], BOTH),
    **dict.fromkeys(["before-checkpoint", "after-checkpoint"], ("withdraw",)),
    "attempts-stored": ("guess",),
}
"""Points of the endpoint, and what passes them."""
COMMITTED = {"committed", "before-reply-sealed", "reply-sealed", "half-reply", "before-checkpoint", "after-checkpoint"}
"""Points of the endpoint at which what was asked for has happened."""
ONE_TRY = RetryPolicy(base_seconds=1000, cap_seconds=1000, random=lambda: 1.0)
"""No second try: the first pause would outlast the call."""
WRONG = CaseKey("0" * 64)

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[ServedEndpoint]:
    """Give an endpoint that is served."""
    with ServedEndpoint(tmp_path) as endpoint:
        endpoint.start()
        yield endpoint


def _at_each(points: Sequence[str], work: Callable[[str], T]) -> dict[str, T]:
    """Work at every point, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(points, pool.map(work, points), strict=True))


def _let_finish(endpoint: ServedEndpoint) -> None:
    """Start the endpoint again once it has done what is under way."""
    endpoint.stop()
    endpoint.start()


def _assert_gone_for_good(endpoint: ServedEndpoint, cases: Iterable[Case]) -> None:
    """Withdraw again, send again: withdrawn all the same, and no hash in any file."""
    for case in cases:
        assert case.withdraw().status is CaseStatus.WITHDRAWN
        with pytest.raises(TakenBackError):
            case.submit()
    assert violations(endpoint, [case.claim(Step.ACCEPTED, Step.WITHDRAWN) for case in cases]) == {}


@pytest.mark.slow
def test_the_program_is_killed_while_submitting(endpoint: ServedEndpoint) -> None:
    """Credentials are in hand before the first byte, no case is there before the last, and the PIN opens what is there."""

    def kill_at(point: str) -> Path:
        codes = endpoint.folder / f"codes-{point}"
        file = picture(endpoint.folder, seed=AT_SUBMIT.index(point))
        with start_submit(endpoint, file, codes, crash_at=point) as process:
            assert process.wait() == -signal.SIGKILL, point
        return codes

    held = {point: credentials_in(codes) for point, codes in _at_each(AT_SUBMIT, kill_at).items()}
    _let_finish(endpoint)
    assert tuple(point for point in AT_SUBMIT if held[point]) == IN_HAND
    stored = endpoint.stored()
    assert all(case.is_whole and len(case.values) == 1 for case in stored.values())
    for point in IN_HAND:
        credentials = held[point]
        assert credentials
        if point in ARRIVED:
            assert report_of(endpoint.origin, credentials).status is CaseStatus.RECEIVED
            del stored[endpoint.peppers.number_key(credentials.number)]
        else:
            with pytest.raises(CaseNotFoundError):
                report_of(endpoint.origin, credentials)
    assert not stored, "a case that nobody can open"


@pytest.mark.slow
def test_a_client_that_was_killed_sends_the_same_bytes_again(endpoint: ServedEndpoint) -> None:
    """Killed at every point of a request and started over what it had stored, it has one case and its receipt."""

    def kill_at_and_go_on(point: str) -> Path:
        notes = endpoint.folder / f"notes-{point}"
        for crash_at, code in ((point, -signal.SIGKILL), (None, 0)):
            settings = environment(endpoint.folder, crash_at=crash_at)
            command = [*DRIVER, endpoint.origin, str(notes), Conduct.RIGHT, "1"]
            with Popen(command, stdin=PIPE, stdout=PIPE, env=settings) as client:
                client.communicate(b"\n")
            assert client.returncode == code, point
        return notes

    claims = claims_in(_at_each(REQUEST_POINTS, kill_at_and_go_on).values())
    assert all(claim.steps == {Step.ACCEPTED} for claim in claims)
    assert len(endpoint.stored()) == len(claims) == len(REQUEST_POINTS)
    assert violations(endpoint, claims) == {}


@pytest.mark.slow
def test_the_program_is_killed_while_withdrawing(endpoint: ServedEndpoint) -> None:
    """The case is whole or gone; repeating the withdrawal ends it for good."""
    cases = {point: Case(endpoint, place=place) for place, point in enumerate(AT_WITHDRAWAL)}
    for case in cases.values():
        case.submit()

    def kill_at(point: str) -> None:
        with start_withdraw(endpoint, cases[point].credentials, crash_at=point) as process:
            assert process.wait() == -signal.SIGKILL, point

    _at_each(AT_WITHDRAWAL, kill_at)
    _let_finish(endpoint)
    stored = endpoint.stored()
    for point, case in cases.items():
        assert (stored[case.number_key].status == "Withdrawn") == (point in ARRIVED), point
        assert stored[case.number_key].is_whole
    _assert_gone_for_good(endpoint, cases.values())


def test_every_point_of_the_endpoint_is_tried() -> None:
    """A new point at which nothing here is killed is missed."""
    assert {f"endpoint.{point}" for point in PASSED_BY} == ENDPOINT_POINTS


def _kill_at_each(endpoint: ServedEndpoint, works: dict[str, Callable[[Client], object]]) -> None:
    """Start the endpoint for each point over what the last kill left, let it die there, and then start it whole."""
    with HttpTransport(endpoint.origin) as transport:
        client = Client(transport, retry=ONE_TRY)
        client.profile()  # its answer would pass points, too
        endpoint.stop()
        for point, work in works.items():
            endpoint.start(crash_at=f"endpoint.{point}")
            with pytest.raises(NotConfirmedError):
                work(client)
            assert endpoint.exit_code() == -signal.SIGKILL, point
    endpoint.start()


@pytest.mark.slow
def test_the_endpoint_is_killed_while_it_takes_a_submission(endpoint: ServedEndpoint) -> None:
    """None before COMMIT, one after it; sent again, all are there once, with one receipt each."""
    points = [point for point, passed_by in PASSED_BY.items() if "submit" in passed_by]
    cases = {point: Case(endpoint, place=place) for place, point in enumerate(points)}
    _kill_at_each(endpoint, {point: case.submit for point, case in cases.items()})
    there = endpoint.stored()
    assert there.keys() == {case.number_key for point, case in cases.items() if point in COMMITTED}
    assert all(case.is_whole for case in there.values())
    for case in cases.values():
        assert case.submit() == case.submit()
        assert report_of(endpoint.origin, case.credentials).signals == len(case.values)
    assert len(endpoint.stored()) == len(cases)
    assert violations(endpoint, [case.claim(Step.ACCEPTED) for case in cases.values()]) == {}


@pytest.mark.slow
def test_the_endpoint_is_killed_while_it_withdraws(endpoint: ServedEndpoint) -> None:
    """The case is whole before COMMIT and gone after it; repeating the withdrawal ends it for good."""
    points = [point for point, passed_by in PASSED_BY.items() if "withdraw" in passed_by]
    cases = {point: Case(endpoint, place=place) for place, point in enumerate(points)}
    for case in cases.values():
        case.submit()
    _kill_at_each(endpoint, {point: case.withdraw for point, case in cases.items()})
    for point, case in cases.items():
        stored = endpoint.stored()[case.number_key]
        assert (stored.status == "Withdrawn") == (point in COMMITTED), point
        assert stored.is_whole
        assert not stored.values or stored.values == set(case.values)
    _assert_gone_for_good(endpoint, cases.values())


def test_the_endpoint_is_killed_while_it_counts_a_wrong_pin(endpoint: ServedEndpoint) -> None:
    """The case stands; and a number that was never sent is answered like a wrong PIN, byte for byte."""
    case = Case(endpoint, place=0)
    case.submit()
    number = case.credentials.number
    _kill_at_each(endpoint, {"attempts-stored": lambda client: client.status(number, new_credentials().pin)})
    assert report_of(endpoint.origin, case.credentials).signals == len(case.values)
    never_sent = new_credentials().number
    with HttpTransport(endpoint.origin) as transport:
        profile = Client(transport).profile()
        assert ask(transport, profile, number, WRONG) == ask(transport, profile, never_sent, WRONG)
        assert ask(transport, profile, never_sent, WRONG)[0] == 404
