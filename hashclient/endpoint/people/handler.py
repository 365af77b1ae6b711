"""Turn one request body into one reply, sealed if the request was.

A sealed reply is 1,024 bytes long, whatever it says, problems included; the HTTP status is the real one.
"""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hashclient._crash import crash_point
from hashclient.endpoint.keys import HeldKey
from hashclient.endpoint.people.cases import ENDPOINT_LOG, Cases, EndpointAnswer, problem_answer
from hashclient.endpoint.people.intake import RefusedRequest, RequestBody, SubmissionRequest, Verdict, judge
from hashclient.endpoint.people.problems import ProblemName, problem
from hashclient.endpoint.settings import EndpointSettings
from hashclient.errors import StoreError
from hashclient.model import EndpointProfile, Problem
from hashclient.model.wire import JSON, PROBLEM, SEALED, encode
from hashclient.sealing import seal_reply
from hashclient.vocabulary import Purpose


class EndpointReply(Response):
    """A response with as few headers as possible, sent in two parts so that tests can kill the process in between."""

    def __init__(
        self, content: bytes, *, status: int, media_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(content, status, {"cache-control": "no-store", **(headers or {})}, media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's signature
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        crash_point("endpoint.half-reply")
        await send({"type": "http.response.body", "body": self.body})


def problem_reply(because: Problem, *, retry_after: int | None = None) -> EndpointReply:
    """Reply to a request that was not opened."""
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return EndpointReply(encode(because), status=because.status, media_type=PROBLEM, headers=headers)


class RequestHandler:
    """Answers the requests of one endpoint; several threads may use it at once."""

    def __init__(
        self, cases: Cases, *, profile: EndpointProfile, keys: Mapping[str, HeldKey], settings: EndpointSettings
    ) -> None:
        self.profile = profile
        self.settings = settings
        self._cases = cases
        self._keys = keys

    def reply_to(self, body: RequestBody, *, purpose: Purpose) -> EndpointReply:
        """Reply to a body that arrived at the address for `purpose`."""
        today = self._cases.today().isoformat()
        keys = {key_id: key for key_id, key in self._keys.items() if key.expires >= today}
        verdict = judge(body, purpose=purpose, profile=self.profile, keys=keys)
        answer = self._answer(verdict, purpose)
        headers = {} if answer.retry_after is None else {"retry-after": str(answer.retry_after)}
        document = encode(answer.document)
        if verdict.reply_key is None:
            media_type = PROBLEM if isinstance(answer.document, Problem) else JSON
            return EndpointReply(document, status=answer.status, media_type=media_type, headers=headers)
        crash_point("endpoint.before-reply-sealed")
        sealed = seal_reply(document, request=body.untrusted, reply_key=verdict.reply_key)
        crash_point("endpoint.reply-sealed")
        return EndpointReply(sealed, status=answer.status, media_type=SEALED, headers=headers)

    def _answer(self, verdict: Verdict, purpose: Purpose) -> EndpointAnswer:
        """Ask the cases; a failure there is answered under the same seal as anything else."""
        try:
            if isinstance(verdict, RefusedRequest):
                return problem_answer(verdict.problem)
            if isinstance(verdict, SubmissionRequest):
                return self._cases.submit(verdict.submission, digest=verdict.digest, refusals=verdict.refusals)
            return self._cases.report(verdict.request, seal=verdict.seal, withdraw=purpose is Purpose.WITHDRAWAL)
        except StoreError:
            ENDPOINT_LOG.error("store-error")
            return problem_answer(problem(ProblemName.UNAVAILABLE), retry_after=5)
        except Exception as error:  # noqa: BLE001  # whatever fails, an opened request gets a sealed answer
            ENDPOINT_LOG.error("internal-error %s", type(error).__name__)
            return problem_answer(problem(ProblemName.INTERNAL_ERROR))
