"""The published schemas are those of the model, and every vector does what it says."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hashclient.errors import HashclientError, InvalidReplyError
from hashclient.model._base import REVEAL
from hashclient.model.case import CaseKey, CaseNumber, Pin
from hashclient.model.receipt import Receipt
from hashclient.model.schema import DOCUMENTS, NAMES, schema_of
from hashclient.model.signal import Signal
from hashclient.model.submission import Submission
from hashclient.model.wire import Document, decode, encode
from hashclient.sealing import PrivateKey, SealedBody, open_reply, open_sealed
from hashclient.vocabulary import CaseStatus, Suite

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


def outcome(vector: dict[str, Any]) -> Any:
    """Give the name of the error, or the document as it was read."""
    kind = DOCUMENTS[vector["document"]]
    try:
        return decode(kind, body(vector))  # type: ignore[type-var]  # each is one of the kinds
    except HashclientError as error:
        return type(error).__name__


def plain(document: Document) -> dict[str, Any]:
    """Give a document as plain values, with its defaults."""
    return document.model_dump(mode="json", exclude_none=True, context=REVEAL)


def strings(node: Any) -> Iterator[str]:
    """Give every string in plain values."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, (list, dict)):
        for part in node.values() if isinstance(node, dict) else node:
            yield from strings(part)


def patterns(node: Any) -> Iterator[str]:
    """Give every pattern of a schema, having checked that each stands beside the one that refuses a line break."""
    if isinstance(node, list):
        for part in node:
            yield from patterns(part)
    elif isinstance(node, dict):
        if isinstance(node.get("pattern"), str) and node["pattern"] != "\n":
            assert node["not"] == {"pattern": "\n"}
            yield node["pattern"]
        for part in node.values():
            yield from patterns(part)


PATTERNS = sorted({pattern for name in NAMES for pattern in patterns(schema_of(name))})


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
    assert {vector["document"] for vector in VECTORS.values() if "document" in vector} == set(DOCUMENTS) - {
        "sealed-head"
    }
    later = {VECTORS[name]["document"] for name in DOCUMENT_VECTORS if isinstance(VECTORS[name]["expect"], dict)}
    assert later == {"receipt", "case-report", "problem", "endpoint-profile"}


@pytest.mark.parametrize("name", DOCUMENT_VECTORS)
def test_document_vector(name: str) -> None:
    """The decoder refuses what the vector refuses, and reads what it expects; what is `ok` is read as it is written."""
    vector = VECTORS[name]
    read = outcome(vector)
    if isinstance(read, str):
        assert read == vector["expect"]
        return
    expected = json.loads(body(vector)) if vector["expect"] == "ok" else vector["expect"]
    assert json.loads(json.dumps(plain(read))) == with_defaults(expected, plain(read))


def with_defaults(expected: Any, read: Any) -> Any:
    """Give what is expected, with fields that it leaves out as they were read: absent fields have defaults."""
    if isinstance(expected, dict) and isinstance(read, dict):
        return read | {key: with_defaults(value, read.get(key)) for key, value in expected.items()}
    if isinstance(expected, list) and isinstance(read, list) and len(expected) == len(read):
        return [with_defaults(one, other) for one, other in zip(expected, read, strict=True)]
    return expected


def test_what_a_reader_adds_are_defaults() -> None:
    """A reader adds nothing to what is expected but fields of the schema that have a default there."""
    for name in DOCUMENT_VECTORS:
        vector, read = VECTORS[name], outcome(VECTORS[name])
        if not isinstance(read, str):
            expected = json.loads(body(vector)) if vector["expect"] == "ok" else vector["expect"]
            known = schema_of(vector["document"])["properties"]
            assert all("default" in known[key] for key in plain(read).keys() - expected.keys()), name


REPLIES = ("receipt", "case-report", "problem", "endpoint-profile")


@pytest.mark.parametrize("name", NAMES)
def test_replies_are_open_and_requests_are_closed(name: str) -> None:
    """A schema of a reply forbids no field; every object of a request forbids those it does not name."""
    objects = [node for node in walked(schema_of(name)) if "properties" in node and node.get("type") == "object"]
    assert objects
    if name in REPLIES:
        assert "additionalProperties" not in json.dumps(schema_of(name))
    else:
        assert all(node["additionalProperties"] is False for node in objects)


def walked(node: Any) -> Iterator[dict[str, Any]]:
    """Give every object in plain values."""
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walked(part)


KNOWN_GOOD = [name for name in DOCUMENT_VECTORS if VECTORS[name]["expect"] == "ok"]
FOREIGN = st.recursive(
    st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)


@given(name=st.sampled_from(KNOWN_GOOD), key=st.text(max_size=12), value=FOREIGN)
def test_an_unknown_field_is_ignored_in_replies_and_refused_in_requests(name: str, key: str, value: Any) -> None:
    """Whatever it is called and holds, at the top and inside."""
    vector = VECTORS[name]
    good = json.loads(body(vector))
    assume(key not in schema_of(vector["document"])["properties"])
    changed = vector | {"body": json.dumps(good | {key: value})}
    if vector["document"] in REPLIES:
        assert outcome(changed) == outcome(vector)
    else:
        assert outcome(changed) == "InvalidSubmissionError"


@given(data=st.data(), value=FOREIGN | st.none() | st.floats())
def test_any_value_in_a_known_field_of_a_reply_is_read_or_refused_with_our_errors(
    data: st.DataObject, value: Any
) -> None:
    """Known fields are checked, inside too, and what is read is read the same again."""
    vector = VECTORS[data.draw(st.sampled_from([name for name in KNOWN_GOOD if VECTORS[name]["document"] in REPLIES]))]
    good = json.loads(body(vector))
    places = [good, *(part for part in walked(good) if part is not good)]
    place = data.draw(st.sampled_from(places))
    place[data.draw(st.sampled_from([*place, "keys", "signal_types", "limits", "partners"]))] = value
    read = outcome(vector | {"body": json.dumps(good)})
    knows_none_of_ours = getattr(read, "signal_types", None) == ()  # then there is nothing of it to write
    if not isinstance(read, str) and getattr(read, "status", None) is not CaseStatus.OTHER and not knows_none_of_ours:
        assert decode(DOCUMENTS[vector["document"]], encode(read)) == read  # type: ignore[type-var]  # as above
    elif isinstance(read, str):
        assert read in {"InvalidReplyError", "UnknownVersionError"}


@given(day=st.dates(date(2000, 1, 1), date(2999, 12, 31)), later=st.integers(-40, 40))
def test_days_are_those_of_the_calendar(day: date, later: int) -> None:
    """Every real day is read; a day past the end of its month is not, in model and schema alike."""
    year, month, number = day.year, day.month, day.day + later
    try:
        is_real = date(year, month, number) >= day - timedelta(days=40)
    except ValueError:
        is_real = False
    if 0 <= number <= 99:
        vector = VECTORS["receipt"]
        written = {"day": f"{year:04d}-{month:02d}-{number:02d}"}
        changed = vector | {"body": json.dumps(json.loads(vector["body"]) | written)}
        assert (not isinstance(outcome(changed), str)) is is_real
        assert RECEIPT_SCHEMA.is_valid(json.loads(changed["body"])) is is_real


RECEIPT_SCHEMA = jsonschema.Draft202012Validator(schema_of("receipt"))


_CLASS = re.compile(r"\[(?:\\[\[\]]|[^\[\]\\])*\]")
"""A class of characters, in which brackets alone are escaped."""


def is_portable(pattern: str) -> bool:
    """Tell whether a pattern holds nothing but what every engine reads alike: no shorthand class, dot or look-around."""
    rest = _CLASS.sub("C", pattern)
    anchored = re.fullmatch(r"\^[^^$]*\$", rest)
    return pattern.isascii() and bool(anchored) and not re.search(r"[\\.\[\]]|\(\?|[*+?}][*+?]", rest)


def test_patterns_use_nothing_that_engines_read_differently() -> None:
    """No classes that are ASCII in one language and not in another, and nothing that only some engines have."""
    assert len(PATTERNS) > 10
    assert [pattern for pattern in PATTERNS if not is_portable(pattern)] == []


@pytest.mark.parametrize(
    "pattern", [r"^\d$", r"^[\d]$", r"^\w+$", "^(?:a)$", "^.$", "^(?!a)$", "^a*+$", "^a", "a$", "^\u0663$"]
)
def test_patterns_that_engines_read_differently_are_found(pattern: str) -> None:
    """The check above would fail for each of these."""
    assert not is_portable(pattern)


_NODE = """
const [patterns, texts] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const lineBreak = new RegExp("\\n", "u");
console.log(JSON.stringify(patterns.map((pattern) => {
  const compiled = new RegExp(pattern, "u");
  return texts.map((text) => compiled.test(text) && !lineBreak.test(text));
})));
"""


def test_python_and_ecmascript_read_every_pattern_alike() -> None:
    """Every pattern of the schemas, over every string of the vectors and over each with something behind it."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: patterns are compared with ECMAScript's")
    bodies = [json.loads(vector["body"]) for vector in VECTORS.values() if "schema" in vector and "body" in vector]
    bodies += [vector["recipe"] for vector in VECTORS.values() if "recipe" in vector]
    found = {text for read in bodies for text in strings(read)}
    texts = sorted(
        found | {text + more for text in found if len(text) < 80 for more in ("\n", "\u2028", "\u0663", " ")}
    )
    run = subprocess.run(
        [node, "-e", _NODE], input=json.dumps([PATTERNS, texts]), capture_output=True, text=True, check=True
    )
    here = [[bool(re.search(p, text)) and "\n" not in text for text in texts] for p in PATTERNS]
    assert json.loads(run.stdout) == here
    assert sum(map(sum, here)) > 500


@pytest.mark.parametrize("name", [name for name in DOCUMENT_VECTORS if "schema" in VECTORS[name]])
def test_schema_alone_judges_as_the_vector_says(name: str) -> None:
    """JSON Schema refuses what it can express, and takes what is good."""
    vector = VECTORS[name]
    validator = jsonschema.Draft202012Validator(schema_of(vector["document"]))
    assert validator.is_valid(json.loads(vector["body"])) is vector["schema"]


def test_readme_of_the_vectors_tells_what_is_there() -> None:
    """It lists the bodies that the schema alone accepts, every word that `expect` can be, and every kind of file."""
    readme = (SCHEMAS / "vectors" / "README.md").read_text()
    refused = {name for name in DOCUMENT_VECTORS if isinstance(VECTORS[name]["expect"], str)} - {*KNOWN_GOOD}
    listed = re.findall(r"^\| `([a-z0-9-]+)` \|", readme.partition("## What the schema")[2], re.MULTILINE)
    assert sorted(listed) == sorted(name for name in refused if VECTORS[name].get("schema"))
    words = {VECTORS[name]["expect"] for name in refused} | {"ok", "SealingError"}
    assert set(re.findall(r'^\| `"(\w+)"` \|', readme, re.MULTILINE)) == words
    kinds = [kind.rstrip("*") for kind in re.findall(r"`([a-z-]+\*)`", readme.partition("## Documents")[0])]
    assert all(any(name.startswith(kind) for kind in kinds) for name in VECTORS)
    assert all(named(kind) for kind in kinds)


@pytest.mark.parametrize("name", KNOWN_GOOD)
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


@pytest.mark.parametrize("name", named("case-number-"))
def test_case_number_vector(name: str) -> None:
    """The number is the one that any other implementation must make of these bits."""
    vector = VECTORS[name]
    assert CaseNumber.from_bits(int(vector["bits"], 16)).on_wire() == vector["expect"]


@pytest.mark.parametrize("name", named("reply-"))
def test_reply_vector(name: str) -> None:
    """A kept sealed reply opens, or is refused, as on the day it was made."""
    vector = VECTORS[name]
    key = PrivateKey(Suite.X25519, bytes.fromhex(vector["reply_key"]))
    request = SealedBody(bytes.fromhex(vector["request"]))
    try:
        opened = open_reply(bytes.fromhex(vector["reply"]), request=request, key=key)
    except HashclientError as error:
        assert type(error).__name__ == vector["expect"]
    else:
        assert vector["expect"] == "ok"
        assert opened.decode() == vector["body"]
        decode(Receipt, opened)


def test_a_state_that_is_not_known_is_read_and_never_written() -> None:
    """The endpoint writes only states of the specification, while a reader takes any word."""
    for name in ("receipt-status-later", "report-status-later"):
        read = outcome(VECTORS[name])
        assert read.status is CaseStatus.OTHER
        with pytest.raises(InvalidReplyError):
            encode(read)


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
        decode(Submission, opened.untrusted_body)
