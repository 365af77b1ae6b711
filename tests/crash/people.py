"""Do what people and programs do: start the command line, hold credentials, ask and withdraw."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from crash.audit import Claim
from crash.client import DECLARATIONS, Step, items_of, values_of
from hashclient.client import Client
from hashclient.client.request import build_submission, new_credentials
from hashclient.errors import CaseNotFoundError
from hashclient.model import CaseKey, CaseNumber, CaseReport, CaseRequest, Credentials, EndpointProfile, Pin, Receipt
from hashclient.model.wire import encode
from hashclient.sealing import choose_key, head_for, new_reply_key, open_reply, seal
from hashclient.transport.http import HttpTransport
from hashclient.transport.interface import Path as Address
from hashclient.transport.interface import Transport
from hashclient.vocabulary import Purpose
from kit.served_endpoint import PROGRAM, ServedEndpoint, environment

DRIVER = [sys.executable, str(Path(__file__).with_name("client.py"))]
SUBMIT = ["--coverage", "single", "--adult", "--depicted", "self", "--intimate", "--no-consent"]
_SECONDS = 60


def ask(
    transport: Transport, profile: EndpointProfile, number: CaseNumber, key: CaseKey
) -> tuple[int, str, int, bytes]:
    """Ask where a case stands; give what came: status, content type, length, and the bytes inside the seal."""
    reply_key = new_reply_key()
    request = seal(
        encode(CaseRequest(case_number=number, case_key=key)),
        head=head_for(Purpose.STATUS, reply_key),
        key=choose_key(profile.keys, today=""),
        origin=profile.origin,
    )
    reply = transport.send(Address.STATUS, request, deadline=_SECONDS)
    opened = open_reply(reply.untrusted_body, request=request, key=reply_key)
    return reply.status, reply.content_type, len(reply.untrusted_body), opened


def report_of(origin: str, credentials: Credentials) -> CaseReport:
    """Ask as the person does, with number and PIN."""
    with HttpTransport(origin) as transport:
        return Client(transport).status(*credentials)


def start_withdraw(endpoint: ServedEndpoint, credentials: Credentials, *, crash_at: str) -> "subprocess.Popen[bytes]":
    """Start `hashclient withdraw` as a program would, in a test build that dies at a point."""
    reading, writing = os.pipe()
    os.write(writing, f"{credentials.number.shown()}\n{credentials.pin.shown()}\n".encode())
    os.close(writing)
    try:
        return subprocess.Popen(
            [*PROGRAM, "withdraw", "--endpoint", endpoint.origin, "--credentials-fd", str(reading)],
            pass_fds=[reading],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(endpoint.folder, crash_at=crash_at),
        )
    finally:
        os.close(reading)


def credentials_in(file: Path) -> Credentials | None:
    """Read the two lines that the program wrote, None where there are none yet."""
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    if len(lines) != 2:  # two lines leave in one write
        assert lines == []
        return None
    return Credentials(CaseNumber.from_person(lines[0]), Pin.from_person(lines[1]))


def picture(folder: Path, *, seed: int) -> Path:
    """Draw a picture with enough detail, another one for each seed."""
    file = folder / f"picture-{seed}.png"
    if not file.exists():
        noise = Image.frombytes("RGB", (12, 12), random.Random(seed).randbytes(432))
        noise.resize((192, 192), Image.Resampling.BICUBIC).save(file)
    return file


def start_submit(
    endpoint: ServedEndpoint, file: Path, codes: Path, *, crash_at: str | None = None
) -> "subprocess.Popen[str]":
    """Start `hashclient submit` as a program would, the credentials going to a file."""
    with codes.open("ab") as place:
        asked = ["--endpoint", endpoint.origin, "--credentials-fd", str(place.fileno()), "--send", "--json"]
        return subprocess.Popen(
            [*PROGRAM, "submit", str(file), *SUBMIT, *asked],
            pass_fds=[place.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(endpoint.folder, crash_at=crash_at),
        )


class Case:
    """One request of somebody: what is in it, what opens it, and a client in this process."""

    def __init__(self, endpoint: ServedEndpoint, *, place: int) -> None:
        self._endpoint = endpoint
        self.values = values_of(endpoint.folder, place)
        self.credentials = new_credentials()
        self.submission = build_submission(self.credentials, DECLARATIONS, items_of(self.values))
        self.number_key = endpoint.peppers.number_key(self.credentials.number)

    def submit(self, client: Client | None = None) -> Receipt:
        """Send it, the same bytes each time."""
        with _reached(self._endpoint, client) as reached:
            return reached.submit(self.submission, tried_before=True)

    def withdraw(self, client: Client | None = None) -> CaseReport:
        """Take it back."""
        with _reached(self._endpoint, client) as reached:
            return reached.withdraw(*self.credentials)

    def claim(self, *steps: Step) -> Claim:
        """Say what was told of it."""
        key = self.submission.case_key
        return Claim("".join(self.values), self.credentials, key, frozenset(self.values), frozenset(steps))


@contextmanager
def _reached(endpoint: ServedEndpoint, client: Client | None) -> Iterator[Client]:
    """Give the client, or a new one."""
    if client:
        yield client
        return
    with HttpTransport(endpoint.origin) as transport:
        yield Client(transport)


def failing_pins(endpoint: ServedEndpoint, claims: Sequence[Claim], *, most: int) -> int:
    """Ask with number and PIN, as people do, for up to so many of the cases that are there; count those that fail."""
    stored = endpoint.stored()
    tried = [
        claim
        for claim in claims
        if claim.is_derived and endpoint.peppers.number_key(claim.credentials.number) in stored
    ][:most]
    assert tried, "no PIN was tried"
    return sum(not _opens(endpoint, claim.credentials) for claim in tried)


def _opens(endpoint: ServedEndpoint, credentials: Credentials) -> bool:
    try:
        report_of(endpoint.origin, credentials)
    except CaseNotFoundError:
        return False
    return True
