"""The specification as JSON Schema 2020-12, generated from the model.

`make schemas` writes what this gives to `schemas/`; a test compares. Rules that JSON Schema cannot
express (check character, a key that stands twice, `altered_from` pointing at an item that is there)
stand in the vectors beside it.
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
"""Names that `schema` knows."""

DESCRIPTIONS: Final = {
    "Altered": "Whether the content was changed or made by a machine, as far as the person knows.",
    "CaseReport": "Where a case stands.",
    "CaseRequest": "The body of a status question and of a withdrawal: which case, and proof of the PIN.",
    "CaseStatus": "State of a case, spelled as StopNCII's partners read it.",
    "Content": "What an item is.",
    "Declarations": "What the person affirmed, sentence by sentence, before any file was opened.",
    "Depicted": "Who is in the content: the person who asks, or someone who asked them to act.",
    "EndpointProfile": "What an endpoint says of itself, at `/.well-known/hashclient.json`.",
    "FeedbackCounts": "How many hashes of a case partners have answered for, by answer.",
    "Head": "The part of a sealed request that is new at each try; the body beside it never changes.",
    "Item": "One picture or video: what it is, and its hashes.",
    "Limits": "How much the endpoint accepts.",
    "Problem": "An error of the endpoint (RFC 9457), without anything of the request in it.",
    "Purpose": "What a sealed request asks for; it must fit the address it is sent to.",
    "Receipt": "Proof that the endpoint took the submission.",
    "SealingKey": "A public key of the endpoint.",
    "Signal": "One hash of one picture, video or frame, in the form in which it is shared.",
    "SignalType": "The technique that made a signal.",
    "Submission": "One request: declarations and hashes, under a case number made on the person's device.",
    "Suite": "How a body is sealed; the value is the byte on the wire.",
    "Work": "Proof of work asked for each request; reserved, no endpoint of version 1 asks for it yet.",
}
"""What each object and enumeration is, for readers of a schema: docstrings, which pydantic would take, vanish under -OO."""


def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of one document.

    Args:
        name: one of `NAMES`.

    Raises:
        UsageError: there is no such document.
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
    """Take null out: on the wire an absent field is left out, and pydantic's titles say nothing."""
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
