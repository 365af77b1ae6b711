"""Killed at any moment, the endpoint has one case or none, and keeps what it acknowledged."""

import re
import signal
import sqlite3
from pathlib import Path

import httpx
import pytest

from hashclient import endpoint
from hashclient._crash import ENDPOINT_POINTS, crash_point
from hashclient.endpoint.keys import load_keys
from hashclient.endpoint.settings import EndpointSettings, profile_of
from hashclient.model import Submission
from hashclient.model.wire import encode
from hashclient.vocabulary import Purpose
from kit.endpoint import (
    PATHS,
    SEALED,
    Endpoint,
    new_key,
    pdq_value,
    request_for,
    seal_for,
    served,
    submission_of,
)
from kit.slow import slow_but

ROOM = Path(endpoint.__file__).parent
AT_WITHDRAWAL = {
    "endpoint.signals-erased",
    "endpoint.items-erased",
    "endpoint.marked-withdrawn",
    "endpoint.before-checkpoint",
    "endpoint.after-checkpoint",
}
AT_WRONG_ATTEMPT = {"endpoint.attempts-stored"}
SHARED = {
    "endpoint.first-chunk",
    "endpoint.body-complete",
    "endpoint.opened",
    "endpoint.begun",
    "endpoint.before-commit",
    "endpoint.committed",
    "endpoint.before-reply-sealed",
    "endpoint.reply-sealed",
    "endpoint.half-reply",
}
"""Points that every request passes; each is tried with a submission and a withdrawal."""
COMMITTED = {
    "endpoint.committed",
    "endpoint.before-reply-sealed",
    "endpoint.reply-sealed",
    "endpoint.half-reply",
    "endpoint.before-checkpoint",
    "endpoint.after-checkpoint",
}
"""Points after COMMIT, where what was asked for has happened."""
AT_SUBMISSION = ENDPOINT_POINTS - AT_WITHDRAWAL - AT_WRONG_ATTEMPT


def test_every_point_is_registered_and_placed() -> None:
    """No point is missing from the registry, and no registered one is unused."""
    sources = [file.read_text(encoding="utf-8") for file in ROOM.rglob("*.py")]
    placed = {name for source in sources for name in re.findall(r'crash_point\("([^"]+)"\)', source)}
    assert placed == ENDPOINT_POINTS
    assert AT_SUBMISSION | AT_WITHDRAWAL | AT_WRONG_ATTEMPT == ENDPOINT_POINTS


@pytest.mark.parametrize(
    "environ",
    [{}, {"HASHCLIENT_CRASH_AT": "endpoint.opened"}, {"HASHCLIENT_TEST_BUILD": "1"},
     {"HASHCLIENT_CRASH_AT": "endpoint.opened", "HASHCLIENT_TEST_BUILD": "yes"}],
)  # fmt: skip
def test_points_are_dead_in_normal_use(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Both variables are required, with exactly the right values."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    crash_point("endpoint.opened")


def _kill(folder: Path, *, point: str, body: bytes, purpose: Purpose) -> None:
    """Serve with one armed point, send a request, and check that the process dies of SIGKILL."""
    with served(folder, crash_at=point) as server:
        settings = EndpointSettings(database=folder / "cases.db", keys=folder / "endpoint.keys", origin=server.origin)
        request = seal_for(profile_of(settings, load_keys(settings.keys).public()), body, purpose=purpose)
        with (
            httpx.Client(base_url=server.origin, trust_env=False, timeout=30) as client,
            pytest.raises(httpx.TransportError),
        ):
            client.post(PATHS[purpose], content=request.wire, headers={"content-type": SEALED})
        assert server.process.wait(timeout=20) == -signal.SIGKILL


def _reopened(folder: Path) -> Endpoint:
    """Check the integrity of the files, and start again over them."""
    endpoint = Endpoint(folder)
    connection = sqlite3.connect(endpoint.database)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    return endpoint


def _status(endpoint: Endpoint, submission: Submission) -> int:
    return endpoint.send(request_for(submission), purpose=Purpose.STATUS)[0]


def _keep(folder: Path, submission: Submission) -> None:
    endpoint = Endpoint(folder)
    endpoint.submit(submission)
    endpoint.close()


@pytest.mark.loopback
@pytest.mark.enable_socket
@pytest.mark.parametrize("point", slow_but("endpoint.before-commit", "endpoint.committed", of=sorted(AT_SUBMISSION)))
def test_killed_while_submitting_there_is_one_case_or_none(tmp_path: Path, point: str) -> None:
    """None before COMMIT, one after it; the repeat gives one case and one receipt."""
    value, others = pdq_value(), submission_of()
    submission = submission_of(value, pdq_value())
    _keep(tmp_path, others)
    _kill(tmp_path, point=point, body=encode(submission), purpose=Purpose.SUBMISSION)
    endpoint = _reopened(tmp_path)
    assert _status(endpoint, submission) == (200 if point in COMMITTED else 404)
    assert endpoint.submit(submission) == endpoint.submit(submission)
    assert (endpoint.report(submission).items, endpoint.report(submission).signals) == (1, 2)
    assert _status(endpoint, others) == 200
    endpoint.report(submission, purpose=Purpose.WITHDRAWAL)
    assert bytes.fromhex(value) not in endpoint.stored_bytes()
    endpoint.close()


@pytest.mark.loopback
@pytest.mark.enable_socket
@pytest.mark.parametrize(
    "point", slow_but("endpoint.before-commit", "endpoint.committed", of=sorted(AT_WITHDRAWAL | SHARED))
)
def test_killed_while_withdrawing_the_case_is_whole_or_gone(tmp_path: Path, point: str) -> None:
    """Before COMMIT all of it is there, afterwards none of it after the next start; other people's hashes stay either way."""
    own, shared = pdq_value(), pdq_value()
    submission, others = submission_of(own, shared), submission_of(shared)
    _keep(tmp_path, others)
    _keep(tmp_path, submission)
    _kill(tmp_path, point=point, body=request_for(submission), purpose=Purpose.WITHDRAWAL)
    endpoint = _reopened(tmp_path)
    report = endpoint.report(submission)
    if point in COMMITTED:
        assert (report.status, report.signals) == ("Withdrawn", 0)
        assert bytes.fromhex(own) not in endpoint.stored_bytes()
    else:
        assert (report.status, report.signals) == ("Received", 2)
    assert endpoint.report(submission, purpose=Purpose.WITHDRAWAL).status == "Withdrawn"
    assert endpoint.submit(submission).status == "Withdrawn"
    assert bytes.fromhex(own) not in endpoint.stored_bytes()
    assert bytes.fromhex(shared) in endpoint.stored_bytes()
    assert endpoint.report(others).signals == 1
    endpoint.close()


@pytest.mark.loopback
@pytest.mark.enable_socket
def test_killed_while_counting_a_wrong_attempt_the_case_stands(tmp_path: Path) -> None:
    """An attempt that was not answered is not counted either."""
    submission = submission_of()
    _keep(tmp_path, submission)
    wrong = request_for(submission, key=new_key())
    _kill(tmp_path, point="endpoint.attempts-stored", body=wrong, purpose=Purpose.STATUS)
    endpoint = _reopened(tmp_path)
    assert endpoint.report(submission).status == "Received"
    endpoint.close()
