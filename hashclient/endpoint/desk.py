"""Take one body from intake to reply."""

import logging
from collections.abc import Mapping
from typing import Final

from hashclient.endpoint import intake
from hashclient.endpoint.bodies import Body
from hashclient.endpoint.cases import Answer, Cases, refusal
from hashclient.endpoint.problems import ProblemName, problem
from hashclient.endpoint.replies import Reply, reply_to
from hashclient.endpoint.settings import Ceilings
from hashclient.errors import StoreError
from hashclient.model import EndpointProfile
from hashclient.model.wire import encode
from hashclient.sealing import PrivateKey
from hashclient.vocabulary import Purpose

_LOG: Final = logging.getLogger("hashclient.endpoint")
"""Says that something happened and of which kind, never to whom or about what; no tracebacks."""


class Desk:
    """Where requests are answered; several threads may use it at once."""

    def __init__(
        self, cases: Cases, *, profile: EndpointProfile, keys: Mapping[str, PrivateKey], ceilings: Ceilings
    ) -> None:
        self.profile = profile
        self.profile_bytes = encode(profile)
        self.ceilings = ceilings
        self._cases = cases
        self._keys = keys

    def answer(self, body: Body, *, purpose: Purpose) -> Reply:
        """Answer one body that came to the address of `purpose`."""
        verdict = self._judge(body, purpose)
        return reply_to(body.untrusted, reply_key=verdict.reply_key, answer=self._decide(verdict))

    def _judge(self, body: Body, purpose: Purpose) -> intake.Verdict:
        if body.is_sealed:
            return intake.judge_sealed(body.untrusted, purpose=purpose, profile=self.profile, keys=self._keys)
        return intake.judge_plain(body.untrusted, purpose=purpose, profile=self.profile)

    def _decide(self, verdict: intake.Verdict) -> Answer:
        """Ask the cases; whatever fails there is answered as sealed as anything else."""
        try:
            if isinstance(verdict, intake.Refused):
                return refusal(verdict.problem)
            if isinstance(verdict, intake.AskedToKeep):
                return self._cases.submit(verdict.submission, digest=verdict.digest, refusals=verdict.refusals)
            return self._cases.answer_for(verdict.request, purpose=verdict.purpose)
        except StoreError:
            _LOG.error("store-error")
            return refusal(problem(ProblemName.UNAVAILABLE), retry_after=5)
        except Exception as error:  # noqa: BLE001  # an opened request is answered sealed, come what may
            _LOG.error("internal-error %s", type(error).__name__)
            return refusal(problem(ProblemName.INTERNAL_ERROR))
