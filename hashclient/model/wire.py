"""Canonical bytes out, checked values in.

`encode` is the only maker of `WireBody`, and a transport takes nothing but that or what
`hashclient.sealing` made of it. `decode` is the only reader of bytes from outside.
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
from hashclient.model.submission import Submission
from hashclient.vocabulary import Purpose

WireBody = NewType("WireBody", bytes)
"""Canonical JSON of an object of the specification; made by `encode` only."""

MAX_DEPTH: Final = 8
"""Deepest nesting of arrays and objects that is read."""
MAX_BYTES: Final = 4 * 1024 * 1024
"""Most bytes of one document that are read, before anything is parsed."""


class Head(Specified):
    """The part of a sealed request that is new at each try; the body beside it never changes."""

    version: One = Field(1, description="Version of the specification.")
    purpose: Annotated[Purpose, Field(strict=False)] = Field(description="`submission`, `status` or `withdrawal`.")
    reply_key: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="Fresh X25519 public key to which the answer is sealed, 64 lower-case hex characters.",
    )
    epoch: str | None = Field(
        None, pattern=r"^[0-9a-f]{32}$", description="The epoch of the profile, where it has one."
    )


Document = Submission | CaseRequest | Receipt | CaseReport | Problem | EndpointProfile | Head
T = TypeVar("T", Submission, CaseRequest, Receipt, CaseReport, Problem, EndpointProfile, Head)

_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_FROM_PERSON: Final[tuple[type, ...]] = (Submission, CaseRequest, Head)
_VERSIONED: Final[tuple[type, ...]] = (*_FROM_PERSON, Receipt, CaseReport, EndpointProfile)


def encode(document: Document) -> WireBody:
    """Write canonical bytes: JSON, keys sorted, no blanks, ASCII, absent fields left out.

    The same document always gives the same bytes; `decode` gives an equal document back.
    """
    plain = document.model_dump(mode="json", exclude_none=True, context=REVEAL)
    return WireBody(json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False).encode())


def decode(kind: type[T], untrusted: bytes) -> T:
    """Read bytes from outside into a checked object.

    Args:
        kind: which object of the specification is expected.
        untrusted: UTF-8 JSON; canonical form is not asked for, strictness is.

    Raises:
        InvalidSubmissionError: what should be a submission, a case request or a head is not:
            not JSON, a key twice, null, NaN, too deep, too long, an unknown field, a wrong value.
        InvalidReplyError: the same for what an endpoint says.
        UnknownVersionError: it says another `version` than 1.
        AgeGateError: the declaration of age is absent or not `true`.
    """
    error = InvalidSubmissionError if kind in _FROM_PERSON else InvalidReplyError
    try:
        untrusted_value = _parse(untrusted)
    except (ValueError, RecursionError):
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
        raise error(pointer=_first_place(invalid)) from None


def _first_place(invalid: ValidationError) -> str:
    """Name the first wrong field by its JSON Pointer, never by its value or by a foreign key."""
    first = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    place = first["loc"][:-1] if first["type"] == "extra_forbidden" else first["loc"]
    return "".join(f"/{part}" for part in place)


def _parse(untrusted: bytes) -> Any:
    if len(untrusted) > MAX_BYTES:
        raise ValueError("too long")
    text = untrusted.decode("utf-8", errors="strict")
    _check_depth(text)
    return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse, parse_float=_refuse)


def _check_depth(text: str) -> None:
    """Refuse deep nesting before the parser recurses into it; linear in the text, whatever it holds."""
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        if (first := text[token.start()]) in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("too deep")
        elif first in "]}":
            depth -= 1


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice, and null: what is absent is left out."""
    result = dict(pairs)
    if None in result.values():
        raise ValueError("null")
    if len(result) < len(pairs):
        raise ValueError("a key stands twice")
    return result


def _refuse(_: str) -> Any:
    """Refuse NaN, Infinity and every fraction: no field of the specification has one."""
    raise ValueError("not a whole number")
