"""The specification as JSON Schema 2020-12, generated from the model.

`make schemas` writes them to `schemas/`, and a test compares. Rules that JSON Schema cannot express (the check
character, duplicate keys, an `altered_from` that names an existing item) are covered by the vectors beside them.
Patterns are written in what Python's `re`, ECMAScript, RE2 and Rust read alike.
"""

from collections.abc import Callable
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from hashclient.errors import UsageError
from hashclient.messages import _p
from hashclient.model._base import Specified
from hashclient.model.case import CaseRequest
from hashclient.model.notice import NoticeHashes
from hashclient.model.profile import MAX_KEYS, EndpointProfile
from hashclient.model.receipt import CaseReport, Problem, Receipt
from hashclient.model.signal import EXACT, HEX_LENGTH, ORIGINAL, QUALITY_FLOOR, WITH_QUALITY, WITH_VARIANT
from hashclient.model.submission import IMAGE_TYPES, VIDEO_TYPES, Submission
from hashclient.model.wire import Document, Head
from hashclient.vocabulary import CaseStatus, Content, SignalType, Suite

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

_SPECIFIED: Final[dict[str, type[Specified]]] = {**DOCUMENTS, "notice-hashes": NoticeHashes}

NAMES: Final = tuple(_SPECIFIED)
"""Names that `schema_of` accepts."""

DESCRIPTIONS: Final = {
    "Altered": "Whether the content was changed or made by a machine, as far as the person knows.",
    "CaseReport": "The state of a case.",
    "CaseRequest": "The body of a status question or a withdrawal: which case, and proof of the PIN.",
    "CaseStatus": "State of a case. An endpoint writes one of those listed; a reader takes any other for a state that it does not know.",
    "Content": "What kind of content an item is.",
    "Declarations": "What the person affirmed, sentence by sentence, before any file was opened.",
    "Depicted": "Who is in the content: the person who asks, or someone who asked them to act.",
    "EndpointProfile": "What an endpoint says about itself, at `/.well-known/hashclient.json`.",
    "FeedbackCounts": "How many hashes of a case partners have given feedback on, by kind of feedback.",
    "Head": "The part of a sealed request that is new in each attempt; the body beside it never changes.",
    "Item": "One picture or video: what it is, and its hashes.",
    "Limits": "How much the endpoint accepts.",
    "NoticeHashes": "The fingerprint of one picture or video, handed to a platform beside a takedown notice; nothing in it belongs to a case.",
    "Problem": "An error reported by the endpoint (RFC 9457), which repeats nothing of the request.",
    "Purpose": "What a sealed request asks for; it must match the address it is sent to.",
    "Receipt": "Proof that the endpoint accepted the submission.",
    "SealingKey": "A public key of the endpoint.",
    "Signal": "One hash of one picture, video or frame, in the form in which it is shared.",
    "SignalType": "The technique that made a signal.",
    "Submission": "One request: declarations and hashes, under a case number made on the person's device.",
    "Suite": "How a body is sealed; the value is the byte on the wire.",
}
"""What each object and enumeration is, for readers of a schema; pydantic would use docstrings, which vanish under -OO."""


def _type_rules(schema: dict[str, Any]) -> None:
    """Add the rules that depend on the type to the JSON Schema, as conditions."""
    schema["allOf"] = [
        {
            "if": {"properties": {"type": {"const": kind.value}}},
            "then": {
                "properties": {"value": {"pattern": f"^[0-9a-f]{{{HEX_LENGTH[kind]}}}$"}}
                | ({} if kind in WITH_QUALITY else {"quality": False})
                | ({"variant": False} if kind in EXACT else {}),
                "required": ["type", "value"]
                + (["quality"] if kind in WITH_QUALITY else [])
                + (["variant"] if kind in WITH_VARIANT else []),
            },
        }
        for kind in SignalType
    ]


def _content_rules(schema: dict[str, Any]) -> None:
    """Add the rules that depend on the content to the JSON Schema, as conditions."""
    floor = {
        "if": {"properties": {"type": {"enum": sorted(WITH_QUALITY)}}},
        "then": {"properties": {"quality": {"minimum": QUALITY_FLOOR}}},
    }
    schema["allOf"] = [
        {
            "if": {"properties": {"content": {"const": content.value}}},
            "then": {
                "properties": {
                    "signals": {"items": {"allOf": [{"properties": {"type": {"enum": sorted(types)}}}, floor]}}
                }
            },
        }
        for content, types in ((Content.IMAGE, IMAGE_TYPES), (Content.VIDEO, VIDEO_TYPES))
    ] + [
        {
            "if": {"required": ["altered_from"]},
            "then": {"properties": {"altered": {"const": "yes"}}, "required": ["altered"]},
        }
    ]
    schema["properties"]["signals"]["uniqueItems"] = True


def _report_rules(schema: dict[str, Any]) -> None:
    """Add that the two counts of partners come together."""
    schema["dependentRequired"] = {"partners": ["fetched"], "fetched": ["partners"]}


def _status_rules(schema: dict[str, Any]) -> None:
    """Let a reader accept a state that this version does not know; those listed are all that is written."""
    known = [status.value for status in CaseStatus if status is not CaseStatus.OTHER]
    schema.clear()
    schema["anyOf"] = [{"enum": known, "type": "string"}, {"type": "string"}]


def _notice_rules(schema: dict[str, Any]) -> None:
    """Add that it is the hash of the picture or video itself."""
    own = {
        Content.IMAGE: {
            "type": {"const": SignalType.PDQ},
            "variant": {"const": ORIGINAL},
            "quality": {"minimum": QUALITY_FLOOR},
        },
        Content.VIDEO: {"type": {"const": SignalType.MD5}},
    }
    schema["allOf"] = [
        {
            "if": {"properties": {"content": {"const": content.value}}},
            "then": {"properties": {"signal": {"properties": own[content]}}},
        }
        for content in Content
    ]


def _profile_rules(schema: dict[str, Any]) -> None:
    """Let a reader accept later types of hash and keys of later suites, which it skips; name what is reserved."""
    types, keys = schema["properties"]["signal_types"], schema["properties"]["keys"]
    types |= {"items": {"anyOf": [types["items"], {"type": "string"}]}, "minItems": 1}
    suite = {"type": "integer", "not": {"enum": sorted(Suite)}}
    later = {"type": "object", "properties": {"suite": suite}, "required": ["suite"]}
    keys |= {"items": {"anyOf": [keys["items"], later]}, "maxItems": MAX_KEYS}
    reserved = {"description": "Reserved: absent in version 1, and ignored by its readers."}
    schema["properties"] |= {"recipients": reserved, "work": reserved}


_RULES: Final[dict[str, Callable[[dict[str, Any]], None]]] = {
    "CaseReport": _report_rules,
    "CaseStatus": _status_rules,
    "EndpointProfile": _profile_rules,
    "Item": _content_rules,
    "NoticeHashes": _notice_rules,
    "Signal": _type_rules,
}
"""What the model checks in code, as conditions that JSON Schema can express, by the name of the object."""


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one document.

    Args:
        name: one of `NAMES`.

    Raises:
        UsageError: there is no document of that name.
    """
    if name not in _SPECIFIED:
        raise UsageError(
            _p("error", "There is no schema of that name. Nothing was sent."),
            hint=_p("error", "Choose from: {choices}.").format(choices=", ".join(NAMES)),
        )
    kind = _SPECIFIED[name]
    generated = kind.model_json_schema()
    parts = _finished(generated.pop("$defs", {}) | {kind.__name__: generated})
    top = parts.pop(kind.__name__)
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:hashclient:schema:{name}:1"}
    return head | ({"$defs": parts} if parts else {}) | top


def components(*, ref_template: str) -> dict[str, dict[str, Any]]:
    """Return the schemas of all documents but the sealed head, and of their parts, by name.

    Args:
        ref_template: how one refers to another, with `{model}` for its name.
    """
    kinds = [kind for kind in DOCUMENTS.values() if kind is not Head]
    _, generated = models_json_schema([(kind, "validation") for kind in kinds], ref_template=ref_template)
    return _finished(generated["$defs"])


def _finished(schemas: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Bring pydantic's schemas, by name, to what is on the wire, and describe them without its docstrings."""
    finished = {}
    for name, generated in schemas.items():
        _RULES.get(name, dict)(generated)
        schema = dict(sorted((_on_wire(generated) | {"description": DESCRIPTIONS[name]}).items()))
        if "version" in schema.get("properties", {}):
            schema["required"] = ["version", *schema.get("required", [])]
        finished[name] = schema
    return finished


def _on_wire(node: Any) -> Any:
    """Remove null, because absent fields are left out on the wire, and pydantic's titles, which add nothing.

    Where there is a pattern, refuse a line break, before the last of which Python's `$` matches too.
    """
    if isinstance(node, list):
        return [_on_wire(part) for part in node]
    if not isinstance(node, dict):
        return node
    options = node.get("anyOf")
    if options and {"type": "null"} in options:
        (real,) = (option for option in options if option != {"type": "null"})
        node = {key: value for key, value in node.items() if key not in {"anyOf", "default"}} | real
    kept = {
        key: _on_wire(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
    return kept | ({"not": {"pattern": "\n"}} if isinstance(kept.get("pattern"), str) else {})
