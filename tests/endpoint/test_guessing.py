"""Guessing PINs, and sending again what was captured: each sealed request is counted once, whoever sends it how often."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from hashclient.endpoint.attempts import BUDGET, FREE_ATTEMPTS, REFILL, REFILL_DAYS
from hashclient.endpoint.keys import load_keys
from hashclient.endpoint.people import cases as cases_module
from hashclient.model import Submission
from hashclient.model.wire import encode
from hashclient.vocabulary import Purpose
from kit.endpoint import PATHS, Endpoint, call, new_key, request_for, seal_for, submission_of

STATUS = PATHS[Purpose.STATUS]


def captured(endpoint: Endpoint, submission: Submission, *, right: bool) -> bytes:
    """Seal a question about a case, as somebody on the way would see it."""
    body = request_for(submission, key=None if right else new_key())
    return seal_for(endpoint.profile, body, purpose=Purpose.STATUS).wire


def sent(endpoint: Endpoint, wire: bytes) -> int:
    return call(endpoint.app, STATUS, wire).status


def attempts_of(endpoint: Endpoint, submission: Submission) -> tuple[int, int]:
    """Return remaining attempts and streak as they are stored."""
    key = load_keys(endpoint.keys).peppers.number_key(submission.case_number)
    with closing(sqlite3.connect(endpoint.database)) as connection:
        found = connection.execute("SELECT remaining, streak FROM attempts WHERE number_key = ?", (key,)).fetchone()
    return found or (BUDGET, 0)


def rows(endpoint: Endpoint, table: str) -> int:
    with closing(sqlite3.connect(endpoint.database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def test_one_captured_wrong_attempt_never_locks_the_owner_out(endpoint: Endpoint) -> None:
    """Sent again for months and over restarts, it costs what it cost the first time."""
    submission = submission_of()
    endpoint.submit(submission)
    wire = captured(endpoint, submission, right=False)
    for _ in range(4):
        assert {sent(endpoint, wire) for _ in range(40)} == {404}
        endpoint.close()
        endpoint.open()
    assert attempts_of(endpoint, submission) == (BUDGET - 1, 1)
    assert endpoint.report(submission).status == "Received"


@pytest.mark.parametrize("is_known", [True, False])
def test_repeats_are_the_same_for_known_and_unknown_numbers(endpoint: Endpoint, is_known: bool) -> None:
    """Whether a number exists is not told by what a repeated request costs or gets."""
    submission = submission_of()
    if is_known:
        endpoint.submit(submission)
    wires = [captured(endpoint, submission, right=False) for _ in range(FREE_ATTEMPTS)]
    assert [sent(endpoint, wire) for wire in wires] == [404] * FREE_ATTEMPTS
    assert {sent(endpoint, wire) for wire in wires} == {429}
    endpoint.clock.turn(minutes=1)
    assert {sent(endpoint, wire) for wire in wires} == {404}
    assert attempts_of(endpoint, submission) == (BUDGET - FREE_ATTEMPTS, FREE_ATTEMPTS)


def test_a_captured_right_request_ends_one_wait_at_most(endpoint: Endpoint) -> None:
    """Somebody who guesses cannot use the owner's own question to do away with the waits."""
    submission = submission_of()
    endpoint.submit(submission)
    wire = captured(endpoint, submission, right=True)
    streaks = []
    for _ in range(3):
        sent(endpoint, captured(endpoint, submission, right=False))
        endpoint.clock.turn(hours=1)
        assert sent(endpoint, wire) == 200
        streaks.append(attempts_of(endpoint, submission)[1])
    assert streaks == [0, 1, 2]


def test_a_request_counts_at_withdrawal_as_at_status(endpoint: Endpoint) -> None:
    """A repeat at the address for which it was not sealed is refused, and costs nothing either."""
    submission = submission_of()
    endpoint.submit(submission)
    wire = captured(endpoint, submission, right=False)
    assert sent(endpoint, wire) == 404
    assert call(endpoint.app, PATHS[Purpose.WITHDRAWAL], wire).status == 400
    assert attempts_of(endpoint, submission) == (BUDGET - 1, 1)


def test_plain_requests_are_counted_each_time(endpoint: Endpoint) -> None:
    """On loopback nobody captures them, and the same bytes are the same guess made twice."""
    submission = submission_of()
    wrong = request_for(submission, key=new_key())
    for _ in range(2):
        endpoint.send(wrong, purpose=Purpose.STATUS, sealed=False)
    assert attempts_of(endpoint, submission) == (BUDGET - 2, 2)


@dataclass
class _Case:
    submission: Submission
    is_known: bool
    wrong: list[bytes] = field(default_factory=list)
    right: list[bytes] = field(default_factory=list)


class _Guessing(RuleBasedStateMachine):
    endpoint: Endpoint

    def __init__(self) -> None:
        super().__init__()
        self.cases = [_Case(submission_of(), is_known) for is_known in (True, False)]
        self.endpoint.submit(self.cases[0].submission)
        self.spent = [0, 0]

    @rule(which=st.integers(0, 1), times=st.integers(1, 4))
    def guess(self, which: int, times: int) -> None:
        for _ in range(times):
            case = self.cases[which]
            case.wrong.append(captured(self.endpoint, case.submission, right=False))
            status = sent(self.endpoint, case.wrong[-1])
            assert status in {404, 429}
            if status == 429:
                case.wrong.pop()  # not looked at, so not counted yet
            self.spent[which] += status == 404

    @rule()
    def ask(self) -> None:
        case = self.cases[0]
        wire = captured(self.endpoint, case.submission, right=True)
        if sent(self.endpoint, wire) == 200:
            case.right.append(wire)

    @precondition(lambda self: any(case.wrong for case in self.cases))
    @rule(which=st.integers(0, 1), at=st.integers(0, 99))
    def repeat_wrong(self, which: int, at: int) -> None:
        case = self.cases[which]
        before = attempts_of(self.endpoint, case.submission)
        if case.wrong:
            assert sent(self.endpoint, case.wrong[at % len(case.wrong)]) in {404, 429}
        assert attempts_of(self.endpoint, case.submission) == before

    @precondition(lambda self: self.cases[0].right)
    @rule(at=st.integers(0, 99))
    def repeat_right(self, at: int) -> None:
        case = self.cases[0]
        remaining, streak = attempts_of(self.endpoint, case.submission)
        assert sent(self.endpoint, case.right[at % len(case.right)]) in {200, 429}
        after = attempts_of(self.endpoint, case.submission)
        assert after[0] == remaining
        assert after[1] in {0, streak}

    @rule(minutes=st.sampled_from([1, 61]))
    def wait(self, minutes: int) -> None:
        self.endpoint.clock.turn(minutes=minutes)

    @rule()
    def restart(self) -> None:
        self.endpoint.close()
        self.endpoint.open()

    @invariant()
    def each_was_counted_once(self) -> None:
        for case, spent in zip(self.cases, self.spent, strict=True):
            assert attempts_of(self.endpoint, case.submission)[0] == BUDGET - spent


def test_however_requests_are_repeated_each_is_counted_once(tmp_path: Path) -> None:
    """New and repeated requests, right and wrong, for known and unknown numbers, over hours and restarts."""
    _Guessing.endpoint = Endpoint(tmp_path)
    run_state_machine_as_test(
        _Guessing,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    _Guessing.endpoint.close()


def test_a_guesser_who_repeats_gets_no_more_than_the_budget(endpoint: Endpoint) -> None:
    """A hundred in thirty days and ten in the next thirty, with every earlier request sent again in between: 1e-6."""
    submission = submission_of()
    endpoint.submit(submission)
    own = captured(endpoint, submission, right=True)
    tried: list[bytes] = []
    examined = [0, 0]
    start = endpoint.clock.now
    while (days := (endpoint.clock.now - start).days) < 2 * REFILL_DAYS:
        wire = captured(endpoint, submission, right=False)
        if sent(endpoint, wire) == 404:
            examined[days // REFILL_DAYS] += 1
            tried.append(wire)
        for earlier in tried[-2:]:
            assert sent(endpoint, earlier) in {404, 429}
        assert sent(endpoint, own) in {200, 429}
        endpoint.clock.turn(hours=2 if examined[0] + examined[1] < BUDGET else 24)
    assert examined[0] == BUDGET
    assert examined[1] <= REFILL
    assert BUDGET / 10**8 <= 1e-6


_PROCESS = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from kit.endpoint import Endpoint, call

now = datetime(2026, 11, 20, tzinfo=UTC)

def clock():
    global now
    now += timedelta(hours=1)  # no wait is in the way of the budget
    return now

endpoint = Endpoint(Path(sys.argv[1]), clock=clock)
body = sys.stdin.buffer.read()
for start in range(0, len(body), 4096):
    print(call(endpoint.app, "/v1/cases/status", body[start : start + 4096]).status, flush=True)
"""


def _in_processes(endpoint: Endpoint, wires: list[list[bytes]]) -> list[int]:
    """Send each list of requests from a process of its own, all at once, and return every status."""
    endpoint.close()
    environ = {"PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", _PROCESS, str(endpoint.folder)]
    pipe = subprocess.PIPE
    started = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environ) for _ in wires]
    statuses: list[int] = []
    for process, own in zip(started, wires, strict=True):
        assert process.stdin is not None
        process.stdin.write(b"".join(own))
        process.stdin.close()
        process.stdin = None
    for process in started:
        output, errors = process.communicate(timeout=300)
        assert (process.returncode, errors) == (0, b"")
        statuses += map(int, output.split())
    endpoint.open()
    return statuses


def test_processes_on_one_database_spend_exactly_the_budget(endpoint: Endpoint) -> None:
    """Four at once with 35 wrong keys each: a hundred are looked at; the same 140 again, at each: not one more."""
    submission = submission_of()
    endpoint.submit(submission)
    wires = [[captured(endpoint, submission, right=False) for _ in range(35)] for _ in range(4)]
    statuses = _in_processes(endpoint, wires)
    assert (statuses.count(404), statuses.count(429)) == (BUDGET, 40)
    assert attempts_of(endpoint, submission)[0] == 0
    assert rows(endpoint, "counted_requests") == BUDGET


def test_processes_on_one_database_know_each_others_repeats(endpoint: Endpoint) -> None:
    """The same thirty captured requests, sent again by four processes at once, cost thirty attempts."""
    submission = submission_of()
    endpoint.submit(submission)
    wires = [captured(endpoint, submission, right=False) for _ in range(30)]
    assert set(_in_processes(endpoint, [wires] * 4)) == {404}
    assert attempts_of(endpoint, submission)[0] == BUDGET - 30


def test_what_is_remembered_is_bounded(tmp_path: Path) -> None:
    """Somebody who tries many numbers fills no disk: the oldest go first."""
    endpoint = Endpoint(tmp_path, settings={"max_attempt_counts": 10})
    for _ in range(30):
        assert sent(endpoint, captured(endpoint, submission_of(), right=False)) == 404
    assert rows(endpoint, "counted_requests") == 30
    endpoint.clock.turn(days=1)
    endpoint.submit(submission_of())
    assert rows(endpoint, "counted_requests") == 10
    assert rows(endpoint, "attempts") == 10
    endpoint.close()


def test_what_is_remembered_ends_with_the_key_that_opens_it(tmp_path: Path) -> None:
    """Once the key has expired, a repeat is not opened any more, so that nothing of it needs to be kept."""
    endpoint = Endpoint(tmp_path, key_days=400)
    submission = submission_of()
    endpoint.submit(submission)
    wire = captured(endpoint, submission, right=False)
    assert sent(endpoint, wire) == 404
    expires = load_keys(endpoint.keys).public()[0].expires
    while endpoint.clock.now.date().isoformat() <= expires:
        assert rows(endpoint, "counted_requests") == 1
        endpoint.clock.turn(days=20)
        call(endpoint.app, STATUS, wire)
    assert call(endpoint.app, STATUS, wire).status == 400
    endpoint.send(encode(submission), purpose=Purpose.SUBMISSION, sealed=False)
    assert rows(endpoint, "counted_requests") == 0
    endpoint.close()


def test_many_wrong_attempts_are_said_once_a_day(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The line names nobody; repeats do not count."""

    def said() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name == cases_module.ENDPOINT_LOG.name]

    assert cases_module.ALARM_WRONG == 10_000
    monkeypatch.setattr(cases_module, "ALARM_WRONG", 5)
    wire = captured(endpoint, submission_of(), right=False)
    for _ in range(2):
        for _ in range(10):
            sent(endpoint, wire)
        assert not said() or endpoint.clock.now.day == 21
        for _ in range(8):
            sent(endpoint, captured(endpoint, submission_of(), right=False))
        endpoint.clock.turn(days=1)
    assert said() == ["many-wrong-attempts"] * 2
