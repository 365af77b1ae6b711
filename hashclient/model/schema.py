"""The specification as JSON Schema 2020-12, generated from the model.

`make schemas` writes them to `schemas/`, and a test compares. Rules that JSON Schema cannot express (the check
character, duplicate keys, an `altered_from` that names an existing item) are covered by the vectors beside them.
"""

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from hashclient.errors import UsageError
from hashclient.model.case import CaseRequest
from hashclient.model.profile import EndpointProfile
from hashclient.model.receipt import CaseReport, Problem, Receipt
from hashclient.model.submission import Submission
from hashclient.model.wire import Document, Head

DOCUMENTS: Final[dict[str, type[Document]]] = {
    "submission": Submission,
    "case-request": CaseRequest,
    "receipt": Receipt,
    "case-report": CaseReport,
    "problem": Problem,
    "endpoint-profile": EndpointProfile,
    "sealed-head": Head,
}
"""Every document of the protocol, by the name of its schema."""

NAMES: Final = tuple(DOCUMENTS)
"""Names that `schema_of` accepts."""

DESCRIPTIONS: Final = {
    "Altered": "Whether the content was changed or made by a machine, as far as the person knows.",
    "CaseReport": "The state of a case.",
    "CaseRequest": "The body of a status question or a withdrawal: which case, and proof of the PIN.",
    "CaseStatus": "State of a case, in the spelling that StopNCII's partners know.",
    "Content": "What kind of content an item is.",
    "Declarations": "What the person affirmed, sentence by sentence, before any file was opened.",
    "Depicted": "Who is in the content: the person who asks, or someone who asked them to act.",
    "EndpointProfile": "What an endpoint says about itself, at `/.well-known/hashclient.json`.",
    "FeedbackCounts": "How many hashes of a case partners have given feedback on, by kind of feedback.",
    "Head": "The part of a sealed request that is new in each attempt; the body beside it never changes.",
    "Item": "One picture or video: what it is, and its hashes.",
    "Limits": "How much the endpoint accepts.",
    "Problem": "An error reported by the endpoint (RFC 9457), which repeats nothing of the request.",
    "Purpose": "What a sealed request asks for; it must match the address it is sent to.",
    "Receipt": "Proof that the endpoint accepted the submission.",
    "SealingKey": "A public key of the endpoint.",
    "Signal": "One hash of one picture, video or frame, in the form in which it is shared.",
    "SignalType": "The technique that made a signal.",
    "Submission": "One request: declarations and hashes, under a case number made on the person's device.",
    "Suite": "How a body is sealed; the value is the byte on the wire.",
    "Work": "Proof of work required for each request. Reserved: no endpoint of version 1 requires it yet.",
}
"""What each object and enumeration is, for readers of a schema; pydantic would use docstrings, which vanish under -OO."""


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one document.

    Args:
        name: one of `NAMES`.

    Raises:
        UsageError: there is no document of that name.
    """
    if name not in DOCUMENTS:
        raise UsageError(
            "There is no schema of that name. Nothing was sent.", hint=f"Choose one of: {', '.join(NAMES)}."
        )
    kind = DOCUMENTS[name]
    generated = _without_null(kind.model_json_schema())
    describe({kind.__name__: generated, **generated.get("$defs", {})})
    if "version" in kind.model_fields:
        generated["required"] = ["version", *generated.get("required", [])]
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:hashclient:schema:{name}:1", **generated}


def describe(schemas: dict[str, dict[str, Any]]) -> None:
    """Describe generated schemas by name, in place of the docstrings that pydantic used; keys stay in its order."""
    for name, generated in schemas.items():
        described = generated | {"description": DESCRIPTIONS[name]}
        generated.clear()
        generated.update(sorted(described.items()))


def _without_null(node: Any) -> Any:
    """Remove null, because absent fields are left out on the wire, and pydantic's titles, which add nothing."""
    if isinstance(node, list):
        return [_without_null(part) for part in node]
    if not isinstance(node, dict):
        return node
    options = node.get("anyOf")
    if options and {"type": "null"} in options:
        (real,) = (option for option in options if option != {"type": "null"})
        node = {key: value for key, value in node.items() if key not in {"anyOf", "default"}} | real
    return {
        key: _without_null(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
