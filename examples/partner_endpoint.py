"""Receive submissions, with as little code as the rules allow: `python examples/partner_endpoint.py [PORT]`.

It needs `hashclient.model` (what is sent), `hashclient.sealing` (how it is closed) and the standard library. Cases
live in memory until it ends. A real receiver adds a database, one transaction per request, keys and peppers kept apart,
and a limit on wrong attempts; `hashclient.endpoint` has all of them.
"""

import contextlib
import hashlib
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from hashclient import CaseKey, CaseNumber, CaseReport, CaseStatus, EndpointProfile, Receipt, Submission
from hashclient.errors import AgeGateError, InvalidSubmissionError, ModelError, SealingError
from hashclient.model import CaseRequest, Problem, Suite
from hashclient.model.policy import refusals
from hashclient.model.wire import JSON, PROBLEM, SEALED, decode, encode, media_type
from hashclient.sealing import Opened, PrivateKey, can_do, open_sealed, read_key_id, seal_reply
from hashclient.vocabulary import Purpose

PROFILE = "/.well-known/hashclient.json"
PURPOSES = {
    "/v1/submissions": Purpose.SUBMISSION,
    "/v1/cases/status": Purpose.STATUS,
    "/v1/cases/withdrawal": Purpose.WITHDRAWAL,
}
Reply = tuple[int, str, bytes]
"""HTTP status, content type and body."""


@dataclass(frozen=True)
class Case:
    """What is kept of a submission; your matcher takes the signals from `submission.items`."""

    key: CaseKey
    submission: Submission | None
    """None after it was withdrawn."""
    receipt: Receipt


class Receiver:
    """Judge bodies and answer them, without a socket, and with no clock finer than the day."""

    def __init__(self, origin: str) -> None:
        """Make the keys, and the profile that clients read."""
        suites = [suite for suite in Suite if can_do(suite)]
        keys = [PrivateKey.generate(suite) for suite in suites]
        expires = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
        public = [key.public(expires=expires) for key in keys]
        self._keys = {key.id: private for key, private in zip(public, keys, strict=True)}
        self._cases: dict[CaseNumber, Case] = {}
        self.profile = EndpointProfile(
            name="A partner's receiver", operator="Example partner", origin=origin, keys=tuple(public)
        )

    def answer(self, path: str, untrusted_request: bytes) -> Reply:
        """Open a request, judge it, and seal the answer to the key that came with it."""
        try:
            private = self._keys.get(read_key_id(untrusted_request)[1])
            if private is None:
                return unsealed(400, "unknown-key")
            opened = open_sealed(untrusted_request, key=private, origin=self.profile.origin)
            status, document = self._judge(path, opened)
            reply = seal_reply(encode(document), request=untrusted_request, reply_key=opened.head.reply_key)
        except (SealingError, InvalidSubmissionError):  # nothing is said about what could not be opened
            return unsealed(400, "malformed")
        return status, SEALED, reply

    def _judge(self, path: str, opened: Opened) -> tuple[int, Receipt | CaseReport | Problem]:
        if PURPOSES[path] is not opened.head.purpose:
            return 400, problem(400, "malformed")
        try:
            if opened.head.purpose is Purpose.SUBMISSION:
                return self._take(decode(Submission, opened.untrusted_body), opened.untrusted_body)
            return self._report(decode(CaseRequest, opened.untrusted_body), opened.head.purpose)
        except AgeGateError:
            return 422, problem(422, "age-gate")
        except ModelError as error:
            return 422, problem(422, "invalid-submission", pointer=error.pointer)

    def _take(self, submission: Submission, body: bytes) -> tuple[int, Receipt | Problem]:
        digest = hashlib.sha256(body).hexdigest()  # of the bytes that were sealed, never of JSON that was written anew
        known = self._cases.get(submission.case_number)
        if known:  # the same body again: its answer was lost; another body: somebody else's request
            return (201, known.receipt) if known.receipt.digest == digest else (409, problem(409, "case-number-taken"))
        if any(refusals(submission, self.profile)):
            return 422, problem(422, "not-accepted")
        receipt = Receipt(
            case_number=submission.case_number,
            digest=digest,
            items=len(submission.items),
            signals=sum(len(item.signals) for item in submission.items),
            day=datetime.now(UTC).date().isoformat(),
            status=CaseStatus.RECEIVED,
        )
        self._cases[submission.case_number] = Case(submission.case_key, submission, receipt)
        return 201, receipt

    def _report(self, request: CaseRequest, purpose: Purpose) -> tuple[int, CaseReport | Problem]:
        case = self._cases.get(request.case_number)
        if case is None or case.key != request.case_key:  # one answer for both, so that numbers cannot be probed
            return 404, problem(404, "no-such-case-or-pin")
        if purpose is Purpose.WITHDRAWAL:
            withdrawn = case.receipt.model_copy(update={"status": CaseStatus.WITHDRAWN})
            case = self._cases[request.case_number] = replace(case, submission=None, receipt=withdrawn)
        counts = (case.receipt.items, case.receipt.signals) if case.submission else (0, 0)
        return 200, CaseReport(status=case.receipt.status, day=case.receipt.day, items=counts[0], signals=counts[1])


def problem(status: int, name: str, *, pointer: str | None = None) -> Problem:
    """Say what is wrong (RFC 9457), without repeating anything of the request."""
    title = name.replace("-", " ").capitalize() + "."
    return Problem(type=f"urn:hashclient:problem:{name}", title=title, status=status, pointer=pointer)


def unsealed(status: int, name: str) -> Reply:
    """Answer a request that could not be opened."""
    return status, PROBLEM, encode(problem(status, name))


class Handler(BaseHTTPRequestHandler):
    """HTTP around the receiver; nothing is logged."""

    receiver: Receiver

    def do_GET(self) -> None:
        """Return the profile."""
        if self.path == PROFILE:
            self._send((200, JSON, encode(self.receiver.profile)))
        else:
            self._send(unsealed(404, "not-found"))

    def do_POST(self) -> None:
        """Receive a submission, a status question or a withdrawal."""
        length = self.headers.get("Content-Length", "")
        if self.path not in PURPOSES:
            reply = unsealed(404, "not-found")
        elif media_type(self.headers.get("Content-Type", ""), self.headers.get("Content-Encoding", "")) != SEALED:
            reply = unsealed(415, "unsupported-media-type")
        elif not length.isdecimal() or int(length) > self.receiver.profile.limits.body_bytes:
            reply = unsealed(413, "too-large")
        else:
            reply = self.receiver.answer(self.path, self.rfile.read(int(length)))
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        status, content_type, body = reply
        self.send_response_only(status)  # no date, no version of this program
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep no log: it would hold addresses."""


def main() -> None:
    """Listen on this device until Ctrl-C."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with HTTPServer(("127.0.0.1", port), Handler) as server:
        origin = f"http://127.0.0.1:{server.server_port}"
        Handler.receiver = Receiver(origin)
        print(f"listening on {origin}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
