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
    if "version" in kind.model_fields:
        generated["required"] = ["version", *generated.get("required", [])]
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:hashclient:schema:{name}:1", **generated}


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
