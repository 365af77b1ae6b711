"""The published schemas are those of the model, and every vector does what it says."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hashclient.errors import HashclientError
from hashclient.model.case import CaseKey, CaseNumber, Pin
from hashclient.model.schema import DOCUMENTS, NAMES, schema_of
from hashclient.model.signal import Signal
from hashclient.model.wire import decode, encode
from hashclient.sealing import PrivateKey, open_sealed
from hashclient.vocabulary import Suite

SCHEMAS = Path(__file__).parents[1] / "schemas"
VECTORS = {path.stem: json.loads(path.read_text()) for path in sorted((SCHEMAS / "vectors").glob("*.json"))}
DOCUMENT_VECTORS = [name for name, vector in VECTORS.items() if "document" in vector]


def named(prefix: str) -> list[str]:
    return [name for name in VECTORS if name.startswith(prefix)]


def body(vector: dict[str, Any]) -> bytes:
    if "body_hex" in vector:
        return bytes.fromhex(vector["body_hex"])
    if "repeat" in vector:
        return "".join(part * times for part, times in vector["repeat"]).encode()
    return str(vector["body"]).encode()


def outcome(vector: dict[str, Any]) -> str:
    try:
        decode(DOCUMENTS[vector["document"]], body(vector))  # type: ignore[type-var]  # each is one of the kinds
    except HashclientError as error:
        return type(error).__name__
    return "ok"


def test_committed_schemas_and_vectors_are_those_of_the_model() -> None:
    """`make schemas` would change nothing."""
    run = subprocess.run(
        [sys.executable, SCHEMAS / "generate.py", "--check"], check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_valid_2020_12(name: str) -> None:
    """A schema is itself valid, and says which dialect it is."""
    generated = schema_of(name)
    assert generated["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(generated)


def test_unknown_schema_is_a_sentence() -> None:
    """Asking for a schema that is not there names those that are."""
    with pytest.raises(HashclientError) as caught:
        schema_of("picture")
    assert "submission" in caught.value.hint


def test_there_are_enough_vectors_of_each_kind() -> None:
    """At least sixty, each with `why` and `expect`."""
    assert len(VECTORS) >= 100
    assert all(vector["why"] and "expect" in vector for vector in VECTORS.values())
    assert {vector["document"] for vector in VECTORS.values() if "document" in vector} == set(NAMES) - {"sealed-head"}


@pytest.mark.parametrize("name", DOCUMENT_VECTORS)
def test_document_vector(name: str) -> None:
    """The decoder does what the vector expects."""
    assert outcome(VECTORS[name]) == VECTORS[name]["expect"]


@pytest.mark.parametrize("name", [name for name in DOCUMENT_VECTORS if "schema" in VECTORS[name]])
def test_schema_alone_judges_as_the_vector_says(name: str) -> None:
    """JSON Schema refuses what it can express, and takes what is good."""
    vector = VECTORS[name]
    validator = jsonschema.Draft202012Validator(schema_of(vector["document"]))
    assert validator.is_valid(json.loads(vector["body"])) is vector["schema"]


@pytest.mark.parametrize("name", [name for name in DOCUMENT_VECTORS if VECTORS[name]["expect"] == "ok"])
def test_good_vector_survives_a_round_trip(name: str) -> None:
    """What is decoded encodes to bytes that decode to the same."""
    kind = DOCUMENTS[VECTORS[name]["document"]]
    document = decode(kind, body(VECTORS[name]))  # type: ignore[type-var]  # each is one of the kinds
    assert decode(kind, encode(document)) == document  # type: ignore[type-var]  # as above


@pytest.mark.parametrize("name", named("case-key-"))
def test_case_key_vector(name: str) -> None:
    """The case key is the one that any other implementation must derive."""
    vector = VECTORS[name]
    assert CaseKey.from_pin(Pin(vector["pin"]), CaseNumber(vector["case_number"])).on_wire() == vector["expect"]


@pytest.mark.parametrize("name", named("distance-"))
def test_distance_vector(name: str) -> None:
    """The distance is the number of differing bits."""
    vector = VECTORS[name]
    a, b = (Signal.from_text(vector[side], quality=100, variant="original") for side in "ab")
    assert a - b == vector["expect"]


@pytest.mark.parametrize("name", named("sealed-"))
def test_sealed_vector(name: str) -> None:
    """A kept sealed request opens, or is refused, as on the day it was made."""
    vector = VECTORS[name]
    key = PrivateKey(Suite[vector["suite"]], bytes.fromhex(vector["private_key"]))
    try:
        opened = open_sealed(bytes.fromhex(vector["request"]), key=key, origin=vector["origin"])
    except HashclientError as error:
        assert type(error).__name__ == vector["expect"]
    else:
        assert vector["expect"] == "ok"
        assert opened.untrusted_body.decode() == vector["body"]
