"""Put an answer into an HTTP response: sealed where the request was, with nothing in the headers.

A sealed answer is 1,024 bytes whatever it says, problems included; the HTTP status is the real one.
"""

from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hashclient._crash import crash_point
from hashclient.endpoint.bodies import PLAIN_TYPE, SEALED_TYPE
from hashclient.endpoint.cases import Answer, refusal
from hashclient.endpoint.problems import ProblemName
from hashclient.model import Problem
from hashclient.model.wire import encode
from hashclient.sealing import seal_reply

PROBLEM_TYPE: Final = "application/problem+json"


class Reply(Response):
    """A response with the least of headers, sent in two parts so that tests can die in between."""

    def __init__(self, content: bytes, *, status: int, media_type: str, more: dict[str, str] | None = None) -> None:
        super().__init__(content, status, {"cache-control": "no-store", **(more or {})}, media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's signature
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        crash_point("endpoint.half-reply")
        await send({"type": "http.response.body", "body": self.body})


def reply_to(request: bytes, *, reply_key: str | None, answer: Answer) -> Reply:
    """Answer a request whose body could be read.

    Args:
        request: the body as it came.
        reply_key: from the opened head; None where the body was plain or could not be opened.
        answer: what to say.

    Raises:
        SealingError: the reply key is no point of the curve; `intake` has tried it before.
    """
    more = {} if answer.retry_after is None else {"retry-after": str(answer.retry_after)}
    document = encode(answer.document)
    if reply_key is None:
        media_type = PROBLEM_TYPE if isinstance(answer.document, Problem) else PLAIN_TYPE
        return Reply(document, status=answer.status, media_type=media_type, more=more)
    crash_point("endpoint.before-reply-sealed")
    sealed = seal_reply(document, request=request, reply_key=reply_key)
    crash_point("endpoint.reply-sealed")
    return Reply(sealed, status=answer.status, media_type=SEALED_TYPE, more=more)


def refuse(because: Problem) -> Reply:
    """Answer a request that was not opened; one that is still arriving is cut off."""
    closes = because.name() in {ProblemName.TOO_LARGE, ProblemName.TOO_SLOW}
    answer = refusal(because)
    return Reply(
        encode(answer.document),
        status=answer.status,
        media_type=PROBLEM_TYPE,
        more={"connection": "close"} if closes else None,
    )
