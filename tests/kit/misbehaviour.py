"""Misbehaviour of the simulated endpoint beyond what `hashclient.testing` offers: what somebody else did, and what partners say."""

import json
from collections.abc import Callable
from dataclasses import replace

from hashclient.model import CaseNumber, CaseReport, CaseStatus
from hashclient.model.wire import SEALED, WireBody, encode
from hashclient.sealing import open_sealed, seal_reply
from hashclient.testing import EndpointSimulator, Misbehaviour
from hashclient.transport.interface import Reply
from hashclient.vocabulary import Purpose


def taken(simulator: EndpointSimulator) -> Misbehaviour:
    """Answer that somebody else's case has this number, and let that case be gone afterwards."""

    def fault(answer: Callable[[], Reply]) -> Reply:
        before = dict(simulator.cases)
        answer()
        for number in simulator.cases.keys() - before:
            _change(simulator, number, digest="0" * 64)
        reply = answer()
        simulator.cases = before
        return reply

    return fault


def taken_back(simulator: EndpointSimulator) -> Misbehaviour:
    """Answer as where the same request was accepted earlier, and its case taken back since."""

    def fault(answer: Callable[[], Reply]) -> Reply:
        answer()
        for number in simulator.cases:
            _change(simulator, number, status=CaseStatus.WITHDRAWN)
        return answer()

    return fault


def report(simulator: EndpointSimulator, case: CaseReport) -> Misbehaviour:
    """Answer a question for a case with this report."""
    return told(simulator, 200, encode(case))


def told(simulator: EndpointSimulator, status: int, document: bytes) -> Misbehaviour:
    """Answer a sealed request with these bytes, sealed."""

    def fault(_: Callable[[], Reply]) -> Reply:
        body = simulator.requests[-1][1]
        reply_key = open_sealed(body, key=simulator.keys[0], origin=simulator.origin).head.reply_key
        return Reply(status, SEALED, seal_reply(WireBody(document), request=body, reply_key=reply_key))

    return fault


def later_state(simulator: EndpointSimulator, state: str = "On hold") -> Misbehaviour:
    """Answer as it should, but with a state that version 1 does not know, and a field that it does not know."""

    def fault(answer: Callable[[], Reply]) -> Reply:
        status = answer().status
        head = open_sealed(simulator.requests[-1][1], key=simulator.keys[0], origin=simulator.origin).head
        case = next(iter(simulator.cases.values())).receipt
        plain = json.loads(encode(case)) | {"status": state, "queue": 4}
        if head.purpose is not Purpose.SUBMISSION:
            del plain["case_number"], plain["digest"]
        return told(simulator, status, json.dumps(plain).encode())(answer)

    return fault


def _change(simulator: EndpointSimulator, number: CaseNumber, **changes: object) -> None:
    case = simulator.cases[number]
    simulator.cases[number] = replace(case, receipt=case.receipt.model_copy(update=changes))
