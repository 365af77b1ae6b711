"""Misbehaviour of the simulated endpoint beyond what `hashclient.testing` offers: what somebody else did, and what partners say."""

from collections.abc import Callable
from dataclasses import replace

from hashclient.model import CaseNumber, CaseReport, CaseStatus
from hashclient.model.wire import SEALED, encode
from hashclient.sealing import open_sealed, seal_reply
from hashclient.testing import EndpointSimulator, Misbehaviour
from hashclient.transport.interface import Reply


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

    def fault(_: Callable[[], Reply]) -> Reply:
        body = simulator.requests[-1][1]
        reply_key = open_sealed(body, key=simulator.keys[0], origin=simulator.origin).head.reply_key
        return Reply(200, SEALED, seal_reply(encode(case), request=body, reply_key=reply_key))

    return fault


def _change(simulator: EndpointSimulator, number: CaseNumber, **changes: object) -> None:
    case = simulator.cases[number]
    simulator.cases[number] = replace(case, receipt=case.receipt.model_copy(update=changes))
