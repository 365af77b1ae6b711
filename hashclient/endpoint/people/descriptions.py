"""Describe people's routes for OpenAPI, from the model: the routes read raw bytes, of which FastAPI knows nothing.

Every sentence is given here, because docstrings vanish under `python -OO`.
"""

from typing import Any, Final

from starlette.responses import Response

from hashclient.endpoint.people.problems import ProblemName, problem
from hashclient.model import CaseReport, CaseRequest, EndpointProfile, Problem, Receipt, Submission
from hashclient.model.profile import PADDING_FLOOR
from hashclient.model.wire import JSON, PROBLEM, SEALED
from hashclient.sealing import REPLY_BYTES
from hashclient.vocabulary import Purpose

_COMMON_PROBLEMS: Final = (
    ProblemName.MALFORMED,
    ProblemName.UNKNOWN_KEY,
    ProblemName.TOO_SLOW,
    ProblemName.TOO_LARGE,
    ProblemName.UNSUPPORTED_MEDIA_TYPE,
    ProblemName.INVALID_SUBMISSION,
    ProblemName.INTERNAL_ERROR,
    ProblemName.UNAVAILABLE,
)
_SEALED_REPLY: Final[dict[str, Any]] = {
    "type": "string",
    "format": "binary",
    "minLength": REPLY_BYTES,
    "maxLength": REPLY_BYTES,
    "description": "The same document, sealed to the key inside the request.",
}


def _reference(document: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{document.__name__}"}


def _body_of(document: type) -> dict[str, Any]:
    sealed = {
        "type": "string",
        "format": "binary",
        "minLength": PADDING_FLOOR,
        "description": f"A {document.__name__} sealed to a key of the profile; its length is a power of two.",
    }
    plain = _reference(document) | {"description": "Only if the profile says `plain_bodies`, as on loopback."}
    return {"required": True, "content": {SEALED: {"schema": sealed}, JSON: {"schema": plain}}}


def _success(description: str, document: type) -> dict[str, Any]:
    content = {JSON: {"schema": _reference(document)}, SEALED: {"schema": _SEALED_REPLY}}
    return {"description": description, "content": content}


def _failures(*more: ProblemName) -> dict[int, dict[str, Any]]:
    """Describe the common problems and some more by HTTP status, which several of them may share."""
    content = {PROBLEM: {"schema": _reference(Problem)}, SEALED: {"schema": _SEALED_REPLY}}
    sentences: dict[int, list[str]] = {}
    for name in _COMMON_PROBLEMS + more:
        found = problem(name)
        sentences.setdefault(found.status, []).append(f"`{name}`: {found.title}")
    return {status: {"description": "\n\n".join(sentences[status]), "content": content} for status in sorted(sentences)}


def _route(
    operation: str, summary: str, description: str, responses: dict[int, Any], accepts: type | None = None
) -> dict[str, Any]:
    """Return the arguments that describe a route to FastAPI; the first response is the one for success."""
    return {
        "operation_id": operation,
        "summary": summary,
        "description": description,
        "status_code": next(iter(responses)),
        "response_class": Response,
        "responses": responses,
        "openapi_extra": {"requestBody": _body_of(accepts)} if accepts else None,
    }


_ABOUT_CASE: Final = {200: _success("The state of the case.", CaseReport)} | _failures(
    ProblemName.NO_SUCH_CASE_OR_PIN, ProblemName.TOO_MANY_TRIES
)
PROFILE_DESCRIPTION: Final = _route(
    "profile",
    "Read the profile",
    "Says what this endpoint accepts, and to which keys bodies are sealed.",
    {200: {"description": "The profile.", "content": {JSON: {"schema": _reference(EndpointProfile)}}}},
)
ROUTE_DESCRIPTIONS: Final = {
    Purpose.SUBMISSION: _route(
        "submit",
        "Send a submission",
        "Opens a case. The same submission, sent again, gets the same receipt.",
        {201: _success("The receipt; the same for the same submission.", Receipt)}
        | _failures(ProblemName.CASE_NUMBER_TAKEN, ProblemName.NOT_ACCEPTED, ProblemName.AGE_GATE),
        Submission,
    ),
    Purpose.STATUS: _route("status", "Ask about a case", "Reports the state of a case.", _ABOUT_CASE, CaseRequest),
    Purpose.WITHDRAWAL: _route(
        "withdrawal",
        "Withdraw a case",
        "Erases the hashes of a case. Doing it again changes nothing.",
        _ABOUT_CASE,
        CaseRequest,
    ),
}
"""What FastAPI is told of each route that accepts a body."""
