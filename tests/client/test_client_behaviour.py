"""One suite for every endpoint a client meets: the one in memory, and the reference endpoint on loopback."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path as FilePath

import pytest

from hashclient.client import Client
from hashclient.client.request import build_submission, new_credentials
from hashclient.errors import CaseNotFoundError, CaseNumberTakenError, TakenBackError, UnfitSubmissionError
from hashclient.model import CaseStatus, Credentials, Depicted, Pin, SignalType, Submission
from hashclient.testing import EndpointSimulator
from hashclient.transport.http import HttpTransport
from hashclient.transport.interface import Transport
from kit.submissions import credentials, remembered_case_keys, submission

__all__ = ["remembered_case_keys"]

Connect = Callable[[], Client]
SERVE = """
import sys
from pathlib import Path
from hashclient.endpoint.keys import make_keys
from hashclient.endpoint.serve import serve_endpoint
folder = Path(sys.argv[1])
make_keys(folder / "endpoint.keys")
serve_endpoint(database=folder / "cases.db", keys=folder / "endpoint.keys", on_ready=lambda port: print(port, flush=True))
"""


@contextmanager
def served(folder: FilePath) -> Iterator[str]:
    """Run the reference endpoint as a process of its own, and give its origin."""
    with subprocess.Popen([sys.executable, "-c", SERVE, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


@pytest.fixture(
    params=[
        "simulator",
        pytest.param("reference", marks=[pytest.mark.loopback, pytest.mark.enable_socket, pytest.mark.slow]),
    ]
)
def connect(request: pytest.FixtureRequest, tmp_path: FilePath) -> Iterator[Connect]:
    """Give a way to make clients of one endpoint."""
    with ExitStack() as stack:
        if request.param == "simulator":
            simulator = EndpointSimulator()
            make: Callable[[], Transport] = lambda: simulator  # noqa: E731  # the other branch makes one each
        else:
            origin = stack.enter_context(served(tmp_path))
            make = lambda: stack.enter_context(HttpTransport(origin))  # noqa: E731  # as above
        yield lambda: Client(make())


def test_the_whole_way(connect: Connect) -> None:
    """Profile, submission, status, withdrawal, status again, and everything once more."""
    client, wanted, (number, pin) = connect(), submission(), credentials()
    assert client.profile().adults_only
    receipt = client.submit(wanted)
    assert (receipt.case_number, receipt.items, receipt.signals) == (number, 2, 2)
    assert receipt.status in {CaseStatus.RECEIVED, CaseStatus.ACTIVE}
    report = client.status(number, pin)
    assert (report.items, report.signals, report.day) == (2, 2, receipt.day)
    withdrawn = client.withdraw(number, pin)
    assert (withdrawn.status, withdrawn.items, withdrawn.signals) == (CaseStatus.WITHDRAWN, 0, 0)
    assert client.withdraw(number, pin) == withdrawn == client.status(number, pin)


def test_the_same_again(connect: Connect) -> None:
    """The same submission from another client gives the same receipt; withdrawn, it stays so, and is no success."""
    wanted = submission()
    receipt = connect().submit(wanted)
    assert connect().submit(wanted) == receipt
    connect().withdraw(*credentials())
    with pytest.raises(TakenBackError):
        connect().submit(wanted)
    assert connect().status(*credentials()).status is CaseStatus.WITHDRAWN


def test_another_body_under_the_number(connect: Connect) -> None:
    """Another submission under a number is refused and changes nothing, whoever sends it."""
    connect().submit(submission())
    with pytest.raises(CaseNumberTakenError):
        connect().submit(submission(items=3))
    other = Credentials(credentials().number, Pin("87654321"))
    with pytest.raises(CaseNumberTakenError):
        connect().submit(submission(other))
    with pytest.raises(CaseNumberTakenError):
        connect().submit(submission(other), tried_before=True)
    assert connect().status(*credentials()).items == 2


def test_an_unknown_number_and_a_wrong_pin(connect: Connect) -> None:
    """Both give the same answer, and a right PIN still opens the case."""
    connect().submit(submission())
    for pair in ((credentials().number, Pin("87654321")), credentials(7)):
        for ask in (connect().status, connect().withdraw):
            with pytest.raises(CaseNotFoundError):
                ask(*pair)
    assert connect().status(*credentials()).status is not CaseStatus.WITHDRAWN


def test_a_sealed_file_delivered_by_hand(connect: Connect) -> None:
    """What was sealed into a file is taken as if it had been sent, and sending it too changes nothing."""
    wanted, client = submission(), connect()
    sealed = client.seal_for_file(wanted)
    assert len(sealed) == 4096
    assert not sealed.startswith(b"{")
    client.submit(wanted)
    assert client.submit(wanted).items == 2


def test_what_does_not_fit_is_stopped_here(connect: Connect) -> None:
    """A type of hash that the profile does not name is not sent."""
    wanted = submission()
    foreign = (
        wanted.items[0]
        .signals[0]
        .model_copy(update={"type": SignalType.PHASH, "value": "0123456789abcdef", "quality": None})
    )
    changed = wanted.items[0].model_copy(update={"signals": (foreign,)})
    with pytest.raises(UnfitSubmissionError):
        connect().submit(wanted.model_copy(update={"items": (changed,)}))


def test_someone_who_acts_for_another(connect: Connect) -> None:
    """A request for someone else is taken where the profile does not rule it out."""
    wanted = submission()
    declared = wanted.declarations.model_copy(update={"depicted": Depicted.REPRESENTED})
    assert connect().submit(wanted.model_copy(update={"declarations": declared})).items == 2


def test_drawn_credentials(connect: Connect) -> None:
    """Credentials as they are drawn open the case that was sent under them."""
    pair, sample = new_credentials(), submission()
    client = connect()
    client.submit(build_submission(pair, sample.declarations, sample.items))
    assert client.status(*pair).items == 2


def test_ten_at_once_are_one_case(connect: Connect) -> None:
    """The same submission sent by ten clients at once gives ten equal receipts and one case."""
    wanted: Submission = submission()
    clients = [connect() for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        receipts = list(pool.map(lambda client: client.submit(wanted), clients))
    assert all(receipt == receipts[0] for receipt in receipts)
    assert connect().status(*credentials()).items == 2
