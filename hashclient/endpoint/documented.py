"""Describe the routes for OpenAPI, by hand from the model: the routes read raw bytes themselves."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from hashclient.endpoint.bodies import PLAIN_TYPE, SEALED_TYPE
from hashclient.endpoint.problems import ProblemName, problem
from hashclient.endpoint.replies import PROBLEM_TYPE
from hashclient.model import CaseReport, CaseRequest, EndpointProfile, Problem, Receipt, Submission
from hashclient.model.profile import PADDING_FLOOR
from hashclient.sealing import REPLY_BYTES

_DOCUMENTS: Final = (Submission, CaseRequest, Receipt, CaseReport, Problem, EndpointProfile)

_BEFORE_OPENING: Final = (
    ProblemName.MALFORMED,
    ProblemName.UNKNOWN_KEY,
    ProblemName.TOO_SLOW,
    ProblemName.TOO_LARGE,
    ProblemName.UNSUPPORTED_MEDIA_TYPE,
    ProblemName.INVALID_SUBMISSION,
    ProblemName.INTERNAL_ERROR,
    ProblemName.UNAVAILABLE,
)
_OF_SUBMISSIONS: Final = (ProblemName.CASE_NUMBER_TAKEN, ProblemName.NOT_ACCEPTED, ProblemName.AGE_GATE)
_OF_CASES: Final = (ProblemName.NO_SUCH_CASE_OR_PIN, ProblemName.TOO_MANY_TRIES)


def _reference(document: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{document.__name__}"}


def _sealed_request(document: type) -> dict[str, Any]:
    return {
        "type": "string",
        "format": "binary",
        "minLength": PADDING_FLOOR,
        "description": f"A {document.__name__}, sealed to a key of the profile; a power of two of bytes long.",
    }


_SEALED_REPLY: Final[dict[str, Any]] = {
    "type": "string",
    "format": "binary",
    "minLength": REPLY_BYTES,
    "maxLength": REPLY_BYTES,
    "description": "The same document, sealed to the key that came inside the request.",
}


def _body(document: type) -> dict[str, Any]:
    return {
        "requestBody": {
            "required": True,
            "content": {
                SEALED_TYPE: {"schema": _sealed_request(document)},
                PLAIN_TYPE: {
                    "schema": _reference(document)
                    | {"description": "Only where the profile says `plain_bodies`, as on loopback."}
                },
            },
        }
    }


def _good(description: str, document: type) -> dict[str, Any]:
    content = {PLAIN_TYPE: {"schema": _reference(document)}}
    if document is not EndpointProfile:
        content[SEALED_TYPE] = {"schema": _SEALED_REPLY}
    return {"description": description, "content": content}


def _bad(names: tuple[ProblemName, ...]) -> dict[int | str, dict[str, Any]]:
    """Describe problems by their status; several names may share one."""
    responses: dict[int | str, dict[str, Any]] = {}
    for name in names:
        status = problem(name).status
        said = f"`{name}`: {problem(name).title}"
        before = responses.get(status)
        responses[status] = {
            "description": f"{before['description']}\n\n{said}" if before else said,
            "content": {
                PROBLEM_TYPE: {"schema": _reference(Problem)},
                SEALED_TYPE: {"schema": _SEALED_REPLY},
            },
        }
    return dict(sorted(responses.items(), key=str))


PROFILE: Final[dict[str, Any]] = {
    "operation_id": "profile",
    "summary": "What this endpoint takes, and to which keys",
    "response_class": Response,
    "responses": {200: _good("The profile.", EndpointProfile)},
}

SUBMISSIONS: Final[dict[str, Any]] = {
    "operation_id": "submit",
    "summary": "Send a submission",
    "status_code": 201,
    "response_class": Response,
    "openapi_extra": _body(Submission),
    "responses": {201: _good("The receipt; the same for the same submission.", Receipt)}
    | _bad(_BEFORE_OPENING + _OF_SUBMISSIONS),
}


def about_cases(what: str) -> dict[str, Any]:
    """Describe the route for `status` or `withdrawal`."""
    return {
        "operation_id": what,
        "summary": "Ask where a case stands" if what == "status" else "Take a case back",
        "response_class": Response,
        "openapi_extra": _body(CaseRequest),
        "responses": {200: _good("Where the case stands.", CaseReport)} | _bad(_BEFORE_OPENING + _OF_CASES),
    }


def with_components(description: dict[str, Any]) -> dict[str, Any]:
    """Add the schemas of the documents to what FastAPI wrote of the routes."""
    _, schemas = models_json_schema(
        [(document, "validation") for document in _DOCUMENTS], ref_template="#/components/schemas/{model}"
    )
    return description | {"components": {"schemas": schemas["$defs"]}}
