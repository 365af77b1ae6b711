"""Encode documents as canonical bytes, and decode untrusted bytes as checked documents.

Only `encode` makes a `WireBody`, and a transport accepts nothing but that or what `hashclient.sealing` made of it. Only
`decode` reads bytes from outside.
"""

import json
import re
from typing import Annotated, Any, Final, NewType, TypeVar

from pydantic import Field, ValidationError

from hashclient.errors import (
    InvalidReplyError,
    InvalidSubmissionError,
    UnknownVersionError,
)
from hashclient.model._base import REVEAL, One, Specified
from hashclient.model.case import CaseRequest
from hashclient.model.profile import EndpointProfile
from hashclient.model.receipt import CaseReport, Problem, Receipt
from hashclient.model.submission import MAX_ITEMS, MAX_SIGNALS, Submission
from hashclient.vocabulary import CaseStatus, Purpose

WireBody = NewType("WireBody", bytes)
"""Canonical JSON of an object of the specification, which only `encode` makes."""

MAX_DEPTH: Final = 8
"""Maximum nesting of arrays and objects in a document."""
MAX_BYTES: Final = 4 * 1024 * 1024
"""Maximum length of a document in bytes, checked before anything is parsed."""
MAX_FIELDS: Final = 100
"""Maximum number of fields in one object of a document, unknown ones included."""
MAX_DIGITS: Final = 20
"""Maximum length of a number in a document, in characters."""

JSON: Final = "application/json"
"""Media type of a body that is not sealed."""
SEALED: Final = "application/octet-stream"
"""Media type of a sealed body."""
PROBLEM: Final = "application/problem+json"
"""Media type of an error that is not sealed (RFC 9457)."""


class Head(Specified):
    """The part of a sealed request that is new in each attempt; the body beside it never changes."""

    version: One = Field(1, description="Version of the specification.")
    purpose: Annotated[Purpose, Field(strict=False)] = Field(description="`submission`, `status` or `withdrawal`.")
    reply_key: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="Fresh X25519 public key to which the answer is sealed, as 64 lower-case hex characters.",
    )
    epoch: str | None = Field(None, pattern=r"^[0-9a-f]{32}$", description="The epoch of the profile, if it has one.")


Document = Submission | CaseRequest | Receipt | CaseReport | Problem | EndpointProfile | Head
AnyDocument = TypeVar("AnyDocument", Submission, CaseRequest, Receipt, CaseReport, Problem, EndpointProfile, Head)

_UTF_8: Final = frozenset({"charset=utf-8", 'charset="utf-8"'})
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKETS_ALIKE: Final = bytes.maketrans(b"[]", b"{}")
_NO_BRACKETS: Final = bytes(set(range(256)).difference(b"[]{}"))
_FROM_PERSON: Final[tuple[type, ...]] = (Submission, CaseRequest, Head)
_VERSIONED: Final[tuple[type, ...]] = (*_FROM_PERSON, Receipt, CaseReport, EndpointProfile)
_MOST: Final = MAX_SIGNALS + MAX_ITEMS + 8  # objects; on average they have four fields at most
_MOST_MARKS: Final = {b"{": _MOST, b"[": MAX_ITEMS + 8, b":": 4 * _MOST, b",": 5 * _MOST, b'"': 16 * _MOST}
"""How often each mark stands in the largest submission at most; no string of a request holds one."""


def media_type(content_type: str, content_encoding: str = "") -> str:
    """Return which of the three media types a message has, by its two headers; empty for any other.

    Parameters are ignored, except that the charset can only be UTF-8; the encoding can only be `identity`.
    """
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    is_utf_8 = all(part in _UTF_8 for part in parameters if part.partition("=")[0].rstrip() == "charset")
    is_whole = content_encoding.strip().lower() in {"", "identity"}
    return name if name in {JSON, SEALED, PROBLEM} and is_utf_8 and is_whole else ""


def encode(document: Document) -> WireBody:
    """Encode as canonical bytes: ASCII JSON with sorted keys, without whitespace and without absent fields.

    Equal documents have equal bytes, and `decode` turns them back into an equal document.

    Raises:
        InvalidReplyError: its status is `other`, which is read but never written.
    """
    if isinstance(document, (Receipt, CaseReport)) and document.status is CaseStatus.OTHER:
        raise InvalidReplyError(pointer="/status")
    plain = document.model_dump(mode="json", exclude_none=True, context=REVEAL)
    return WireBody(json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False).encode())


def decode(kind: type[AnyDocument], untrusted: bytes) -> AnyDocument:
    """Decode bytes from outside and check them.

    Args:
        kind: which object of the specification is expected.
        untrusted: UTF-8 JSON, in any layout; every rule of the specification is checked.

    Raises:
        InvalidSubmissionError: `kind` is a submission, a case request or a head, and the bytes are not one: not JSON, a
            duplicate key, null, NaN, too deep, too long, more of anything than the largest submission has, an unknown
            field or a wrong value.
        InvalidReplyError: the same, if `kind` is something that an endpoint says, of which unknown fields are ignored.
        UnknownVersionError: `version` is a number other than 1, or each key of a profile is of an unknown suite.
        AgeGateError: the declaration of age is missing or not `true`.
    """
    error = InvalidSubmissionError if kind in _FROM_PERSON else InvalidReplyError
    if kind in _FROM_PERSON and any(untrusted.count(mark) > most for mark, most in _MOST_MARKS.items()):
        raise error
    try:
        untrusted_value = parse_json(untrusted)
    except ValueError:
        raise error from None
    if kind in _VERSIONED and isinstance(untrusted_value, dict):
        version = untrusted_value.get("version")
        if version is None:
            raise error(pointer="/version")
        if type(version) is int and version != 1:
            raise UnknownVersionError
    try:
        return kind.model_validate(untrusted_value)
    except ValidationError as invalid:
        causes = [part.get("ctx", {}).get("error") for part in invalid.errors(include_url=False, include_input=False)]
        if any(isinstance(cause, UnknownVersionError) for cause in causes):
            raise UnknownVersionError from None
        raise error(pointer=_first_place(invalid)) from None


def _first_place(invalid: ValidationError) -> str:
    """Return the JSON Pointer of the first wrong field, which never holds a value or a key that is not ours."""
    first = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    place = first["loc"][:-1] if first["type"] == "extra_forbidden" else first["loc"]
    return "".join(f"/{part}" for part in place)


def parse_json(untrusted: bytes) -> Any:
    """Parse UTF-8 JSON strictly: no key twice, no fraction, no NaN, no null in an object, nothing deep or long.

    Raises:
        ValueError: it is anything else.
    """
    if len(untrusted) > MAX_BYTES:
        raise ValueError("too long")
    brackets = _STRING.sub(b"", untrusted).translate(_BRACKETS_ALIKE, _NO_BRACKETS)
    for _ in range(MAX_DEPTH):  # each round removes what holds nothing; the parser would recurse
        brackets = brackets.replace(b"{}", b"")
    if brackets:
        raise ValueError("too deep")
    return json.loads(
        untrusted.decode("utf-8", errors="strict"),
        object_pairs_hook=_unique_keys,
        parse_int=_short_number,
        parse_constant=_refuse_number,
        parse_float=_refuse_number,
    )


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse duplicate keys, too many, and null: absent fields are left out."""
    result = dict(pairs)
    if len(pairs) > MAX_FIELDS or None in result.values():
        raise ValueError("too many keys, or null")
    if len(result) < len(pairs):
        raise ValueError("duplicate key")
    return result


def _short_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("a number of too many digits")
    return int(digits)


def _refuse_number(_: str) -> Any:
    """Refuse NaN, Infinity and every fraction, which no field of the specification can hold."""
    raise ValueError("not a whole number")
