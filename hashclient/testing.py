"""An endpoint in memory, for tests of clients: it holds state, counts calls and can be told to misbehave.

For partners who test a program that talks to an endpoint: hand `EndpointSimulator()` to
`hashclient.client.Client` in place of a real transport. It opens sealed bodies with keys of its own
and follows the protocol with nothing but `hashclient.model` and `hashclient.sealing`; no socket, no
disk. Do not run it as an endpoint: it keeps what it gets unencrypted and forgets it at the end.

    simulator = EndpointSimulator()
    receipt = Client(simulator).submit(submission)
    assert simulator.calls[Path.SUBMISSIONS] == 1
    assert len(simulator.cases) == 1

Misbehaviour is a function that is handed the honest answer as something to call, and answers in its place.
Each one that is queued applies to one body, in order; after them the simulator is honest again:

    simulator.misbehave(lost_reply, answer_with(500))       # accepted but not told, then an error
    simulator.misbehave(taken_then(413, name="age-gate"))   # a relay that forwards, and refuses in its own words
    simulator.misbehave(simulator.says(signals=1))          # a receipt or report with another count, in a good seal
    simulator.misbehave_on_profile(answer_with(503))        # the same for the profile
    simulator.misbehave_on_profile(profile_with(operator="Another"))  # another profile, once
    simulator.numbers_taken = 1                             # the next number is somebody else's

A client retries inside one call, so a single lost reply is settled before the call returns; hand `RetryPolicy` a short
`total_seconds` and a long `base_seconds` to see it. A fault may also raise `KeyboardInterrupt`.

Its rules are those of the protocol: a new number is accepted, the same bytes again give the same
receipt whatever came between, other bytes under the number give 409, status and withdrawal need the
case key, an unknown number and a wrong key give the same 404, and after five wrong keys comes 429.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hashclient.errors import AgeGateError, EndpointUnreachableError, ModelError, NotConfirmedError, SealingError
from hashclient.model import (
    CaseNumber,
    CaseReport,
    CaseRequest,
    CaseStatus,
    EndpointProfile,
    Limits,
    Problem,
    Receipt,
    Submission,
    Suite,
)
from hashclient.model.policy import refusals
from hashclient.model.wire import JSON, PROBLEM, SEALED, Head, WireBody, decode, encode
from hashclient.sealing import PrivateKey, SealedBody, choose_key, open_sealed, read_key_id, seal_reply
from hashclient.transport.interface import Path, Reply, Transport
from hashclient.vocabulary import Purpose

__all__ = [
    "EndpointSimulator",
    "Misbehaviour",
    "SimulatedCase",
    "answer_with",
    "bad_tag",
    "lost_reply",
    "lost_request",
    "profile_with",
    "taken_then",
    "unreachable",
]

_TODAY = "2026-11-23"
_WRONG_KEYS = 5
_PURPOSES = {
    Path.SUBMISSIONS: Purpose.SUBMISSION,
    Path.STATUS: Purpose.STATUS,
    Path.WITHDRAWAL: Purpose.WITHDRAWAL,
}

Misbehaviour = Callable[[Callable[[], Reply]], Reply]
"""Is handed the honest answer as something to call; answers otherwise, or raises what a transport may raise."""


@dataclass(frozen=True)
class SimulatedCase:
    """What the simulator holds of one case: submission and receipt."""

    submission: Submission
    receipt: Receipt


class EndpointSimulator(Transport):
    """An honest endpoint, unless told otherwise."""

    def __init__(
        self,
        origin: str = "https://endpoint.example",
        *,
        suites: Sequence[Suite] = (Suite.MLKEM768_X25519,),
        plain_bodies: bool = False,
        limits: Limits | None = None,
    ) -> None:
        """Draw a key for each suite; an endpoint without suites takes plain bodies only."""
        self.origin = origin
        self.limits = limits or Limits()
        self.plain_bodies = plain_bodies
        self.epoch: str | None = None
        self.representatives: bool | None = None
        self.numbers_taken = 0
        """How many of the next submissions are answered as if their case number were somebody else's."""
        self.keys = [PrivateKey.generate(suite) for suite in suites]
        self.cases: dict[CaseNumber, SimulatedCase] = {}
        self.calls: Counter[Path] = Counter()
        self.requests: list[tuple[Path, bytes]] = []
        """Every body that arrived, as it arrived."""
        self.opened: list[bytes] = []
        """Every body that could be read, without its seal."""
        self._wrong: Counter[CaseNumber] = Counter()
        self._changes: dict[str, object] = {}
        self._queue: deque[Misbehaviour] = deque()
        self._profile_queue: deque[Misbehaviour] = deque()

    def misbehave(self, *faults: Misbehaviour) -> None:
        """Queue misbehaviour for the next bodies."""
        self._queue.extend(faults)

    def misbehave_on_profile(self, *faults: Misbehaviour) -> None:
        """Queue misbehaviour for the next questions for the profile."""
        self._profile_queue.extend(faults)

    def behave(self) -> None:
        """Forget the misbehaviour that is still queued."""
        self._queue.clear()
        self._profile_queue.clear()

    def rotate_keys(self, *suites: Suite) -> None:
        """Throw all keys away and draw new ones; a client that read the profile before stops then."""
        self.keys = [PrivateKey.generate(suite) for suite in suites]

    def drop_key_in_use(self) -> None:
        """End the life of the key that clients choose, as an endpoint does whose keys overlap; another has to be there."""
        used = choose_key(self.profile().keys, today=_TODAY)
        self.keys = [key for key in self.keys if key.public(expires=_TODAY).id != used.id]

    def says(self, **changes: object) -> Misbehaviour:
        """Do what is asked, and answer it with a receipt or a report of which some fields are changed."""

        def fault(answer: Callable[[], Reply]) -> Reply:
            self._changes = changes
            try:
                return answer()
            finally:
                self._changes = {}

        return fault

    def profile(self) -> EndpointProfile:
        """Say what this endpoint takes."""
        return EndpointProfile(
            name="Simulator",
            operator="Tests",
            origin=self.origin,
            limits=self.limits,
            representatives=self.representatives,
            plain_bodies=self.plain_bodies,
            keys=tuple(key.public(expires="2999-12-31") for key in self.keys),
            epoch=self.epoch,
        )

    def _send(self, path: Path, body: WireBody | SealedBody | None, *, deadline: float) -> Reply:
        if deadline < 0:
            raise ValueError("the deadline is negative")
        self.calls[path] += 1
        if body is not None:
            self.requests.append((path, body))
        queue = self._profile_queue if body is None else self._queue
        fault = queue.popleft() if queue else lambda answer: answer()
        return fault(lambda: self.answer(path, body))

    def answer(self, path: Path, body: bytes | None) -> Reply:
        """Answer honestly."""
        if body is None:
            return Reply(200, JSON, encode(self.profile()))
        if body.startswith(b"{"):
            if not self.plain_bodies:
                return _unsealed(_problem(415, "unsupported-media-type"))
            document = self._judge(_PURPOSES[path], body)
            kind = PROBLEM if isinstance(document, Problem) else JSON
            return Reply(_http_status(document), kind, encode(document))
        return self._answer_sealed(path, body)

    def _answer_sealed(self, path: Path, body: bytes) -> Reply:
        try:
            suite, key_id = read_key_id(body)
            key = next(key for key in self.keys if key.public(expires=_TODAY).id == key_id and key.suite == suite)
            opened = open_sealed(body, key=key, origin=self.origin)
        except StopIteration:
            return _unsealed(_problem(400, "unknown-key"))
        except ModelError:
            return _unsealed(_problem(400, "malformed"))
        document = self._judge(_PURPOSES[path], opened.untrusted_body, head=opened.head)
        try:
            sealed = seal_reply(encode(document), request=body, reply_key=opened.head.reply_key)
        except SealingError:
            return _unsealed(_problem(400, "malformed"))
        return Reply(_http_status(document), SEALED, sealed)

    def _judge(self, purpose: Purpose, body: bytes, *, head: Head | None = None) -> Receipt | CaseReport | Problem:
        document = self._decide(purpose, body, head=head)
        return document if isinstance(document, Problem) else document.model_copy(update=self._changes)

    def _decide(self, purpose: Purpose, body: bytes, *, head: Head | None) -> Receipt | CaseReport | Problem:
        self.opened.append(body)
        if head and head.purpose is not purpose:
            return _problem(400, "malformed")
        try:
            if purpose is Purpose.SUBMISSION:
                return self._take(decode(Submission, body), body, epoch=head.epoch if head else self.epoch)
            return self._look_up(decode(CaseRequest, body), purpose)
        except AgeGateError:
            return _problem(422, "age-gate")
        except ModelError:
            return _problem(422, "invalid-submission")

    def _take(self, submission: Submission, body: bytes, *, epoch: str | None) -> Receipt | Problem:
        digest = hashlib.sha256(body).hexdigest()
        if self.numbers_taken:
            self.numbers_taken -= 1
            return _problem(409, "case-number-taken")
        if case := self.cases.get(submission.case_number):
            return case.receipt if case.receipt.digest == digest else _problem(409, "case-number-taken")
        if epoch != self.epoch:
            return _problem(410, "epoch-expired")
        if any(refusals(submission, self.profile())):
            return _problem(422, "not-accepted")
        receipt = Receipt(
            case_number=submission.case_number,
            digest=digest,
            items=len(submission.items),
            signals=sum(len(item.signals) for item in submission.items),
            day=_TODAY,
            status=CaseStatus.RECEIVED,
        )
        self.cases[submission.case_number] = SimulatedCase(submission, receipt)
        return receipt

    def _look_up(self, request: CaseRequest, purpose: Purpose) -> CaseReport | Problem:
        if self._wrong[request.case_number] >= _WRONG_KEYS:
            return _problem(429, "too-many-tries")
        case = self.cases.get(request.case_number)
        if case is None or case.submission.case_key != request.case_key:
            self._wrong[request.case_number] += 1
            return _problem(404, "no-such-case-or-pin")
        if purpose is Purpose.WITHDRAWAL:
            case = replace(case, receipt=case.receipt.model_copy(update={"status": CaseStatus.WITHDRAWN}))
            self.cases[request.case_number] = case
        is_live = case.receipt.status is not CaseStatus.WITHDRAWN
        return CaseReport(
            status=case.receipt.status,
            day=case.receipt.day,
            items=case.receipt.items if is_live else 0,
            signals=case.receipt.signals if is_live else 0,
        )


def _problem(code: int, name: str) -> Problem:
    return Problem(type=f"urn:hashclient:problem:{name}", title="Said by the simulator.", status=code)


def _http_status(document: Receipt | CaseReport | Problem) -> int:
    if isinstance(document, Problem):
        return document.status
    return 201 if isinstance(document, Receipt) else 200


def _unsealed(document: Problem) -> Reply:
    return Reply(document.status, PROBLEM, encode(document))


def unreachable(_: Callable[[], Reply]) -> Reply:
    """Let nothing arrive, and say so to the client."""
    raise EndpointUnreachableError


def lost_request(_: Callable[[], Reply]) -> Reply:
    """Lose the body on its way; the client does not learn of it."""
    raise NotConfirmedError


def lost_reply(answer: Callable[[], Reply]) -> Reply:
    """Accept the body and lose the answer."""
    answer()
    raise NotConfirmedError


def bad_tag(answer: Callable[[], Reply]) -> Reply:
    """Change the last byte of the answer."""
    reply = answer()
    return replace(reply, untrusted_body=reply.untrusted_body[:-1] + bytes([reply.untrusted_body[-1] ^ 1]))


def answer_with(code: int, *, retry_after: float | None = None, name: str = "") -> Misbehaviour:
    """Answer with a status, and with the name of a problem if one is given, without looking at the body."""
    body = encode(_problem(code, name)) if name else b""
    return lambda _: Reply(code, PROBLEM if name else "", body, retry_after)


def taken_then(code: int, *, name: str = "") -> Misbehaviour:
    """Accept the body, then answer with an error outside the seal, as whoever stands between can."""
    refuse = answer_with(code, name=name)

    def fault(answer: Callable[[], Reply]) -> Reply:
        answer()
        return refuse(answer)

    return fault


def profile_with(**changes: object) -> Misbehaviour:
    """Answer a question for the profile with the honest one, some fields changed."""

    def fault(answer: Callable[[], Reply]) -> Reply:
        profile = decode(EndpointProfile, answer().untrusted_body)
        return Reply(200, JSON, encode(profile.model_copy(update=changes)))

    return fault
