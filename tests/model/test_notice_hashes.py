"""The file that may go with a notice: one hash of the picture or video itself, and nothing of a case."""

import json
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from hashclient.model import Signal
from hashclient.model.notice import NoticeHashes
from hashclient.model.schema import schema_of

PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
PICTURE = {"type": "pdq", "value": PDQ, "quality": 100, "variant": "original"}
VIDEO = {"type": "md5", "value": "cab08b36195edb1a1231d2d09fa450e0"}


@pytest.mark.parametrize(("content", "signal"), [("image", PICTURE), ("video", VIDEO)])
def test_it_holds_a_version_a_kind_and_one_hash(content: str, signal: dict[str, Any]) -> None:
    """And no other field; the schema agrees."""
    made = NoticeHashes(content=content, signal=Signal.model_validate(signal))  # type: ignore[arg-type]  # as JSON has it
    written = json.loads(made.to_text())
    assert written == {"version": 1, "content": content, "signal": signal}
    assert made.to_text().isascii()
    jsonschema.validate(written, schema_of("notice-hashes"))


@pytest.mark.parametrize(
    ("content", "signal"),
    [
        ("image", PICTURE | {"variant": "mirror"}),
        ("image", PICTURE | {"variant": "stored"}),
        ("image", PICTURE | {"quality": 49}),
        ("image", VIDEO),
        ("video", PICTURE),
        ("video", {"type": "vpdq", "value": PDQ, "quality": 100}),
        ("image", {"type": "sha256", "value": PDQ}),
        ("other", PICTURE),
    ],
)
def test_nothing_but_the_hash_of_the_thing_itself(content: str, signal: dict[str, Any]) -> None:
    """No re-post, no frame, no other type, none that may not leave the device; the schema agrees."""
    with pytest.raises(ValidationError):
        NoticeHashes.model_validate({"version": 1, "content": content, "signal": signal})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": 1, "content": content, "signal": signal}, schema_of("notice-hashes"))


def test_a_flat_hash_stays_here() -> None:
    """It would match what it should not; JSON Schema cannot count bits."""
    with pytest.raises(ValidationError):
        NoticeHashes.model_validate({"content": "image", "signal": PICTURE | {"value": "0" * 64}})


@pytest.mark.parametrize("field", ["case_number", "case_key", "declarations", "nonce", "name", "file"])
def test_nothing_of_a_case_has_room_in_it(field: str) -> None:
    """So that a notice with a name cannot be tied to a case without one."""
    with pytest.raises(ValidationError):
        NoticeHashes.model_validate({"content": "image", "signal": PICTURE, field: "x"})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            {"version": 1, "content": "image", "signal": PICTURE, field: "x"}, schema_of("notice-hashes")
        )
