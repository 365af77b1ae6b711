"""A client killed at any point of a submission leaves one case or none, and its credentials open it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from hashclient._crash import REQUEST_POINTS, crash_point
from hashclient.errors import CaseNotFoundError
from hashclient.model import Submission, Suite
from hashclient.model.wire import encode
from hashclient.testing import EndpointSimulator
from kit.peer import Peer
from kit.slow import slow_but
from kit.submissions import client_for, credentials, remembered_case_keys, submission

__all__ = ["remembered_case_keys"]

SEND = """
import sys
from hashclient.client import Client
from hashclient.model import Submission
from hashclient.model.wire import decode
from hashclient.transport.http import HttpTransport
with HttpTransport(sys.argv[1]) as transport:
    print(Client(transport).submit(decode(Submission, sys.stdin.buffer.read())).digest)
"""
BEFORE_THE_LAST_BYTE = REQUEST_POINTS[: REQUEST_POINTS.index("last-byte")]


def _run(origin: str, wanted: Submission, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-c", SEND, origin],
        input=encode(wanted),
        env={**os.environ, **environ},
        capture_output=True,
        check=False,
    )


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer(EndpointSimulator(suites=(Suite.X25519,))) as peer:
        yield peer


@pytest.mark.loopback
@pytest.mark.enable_socket
@pytest.mark.parametrize("point", slow_but("half-body", "half-reply", of=REQUEST_POINTS))
def test_killed_at(point: str, peer: Peer) -> None:
    """Killed at each point, then run again: one case, opened by the credentials noted before."""
    wanted = submission()
    killed = _run(peer.origin, wanted, HASHCLIENT_TEST_BUILD="1", HASHCLIENT_CRASH_AT=point)
    assert (killed.returncode, killed.stdout) == (-9, b"")
    client = client_for(peer.simulator)
    if point in BEFORE_THE_LAST_BYTE:
        with pytest.raises(CaseNotFoundError):
            client.status(*credentials())
    else:
        until = time.monotonic() + 10  # the whole request has left, and the service may still be reading it
        while not peer.simulator.cases and time.monotonic() < until:
            time.sleep(0.01)
        assert client.status(*credentials()).items == 2
    again = _run(peer.origin, wanted)
    assert again.returncode == 0, again.stderr.decode()
    assert client.status(*credentials()).items == 2
    assert len(peer.simulator.cases) == 1


@pytest.mark.parametrize("environ", [{}, {"HASHCLIENT_TEST_BUILD": "1"}, {"HASHCLIENT_CRASH_AT": "seal"}])
def test_inert_outside_test_builds(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without both variables a crash point does nothing."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    for point in REQUEST_POINTS:
        crash_point(point)


def test_points_are_registered() -> None:
    """A point without a name in the registry cannot be placed."""
    with pytest.raises(KeyError):
        crash_point("elsewhere")
