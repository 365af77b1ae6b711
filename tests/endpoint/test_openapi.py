"""`schemas/openapi.json` is what the code says, and a valid description."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema

from hashclient.endpoint.app import openapi, openapi_text
from hashclient.model.schema import DOCUMENTS, schema_of
from hashclient.model.wire import Document, encode
from hashclient.vocabulary import Purpose
from kit.endpoint import PATHS, PROFILE_PATH, Endpoint, submission_of

FILE = Path(__file__).parents[2] / "schemas" / "openapi.json"


def test_the_committed_file_is_the_generated_one() -> None:
    """Changing the routes or the model changes the file."""
    assert FILE.read_text(encoding="utf-8") == openapi_text(), "run `make schemas`"


def test_descriptions_do_not_depend_on_docstrings() -> None:
    """`python -OO`, which drops docstrings, generates the same file."""
    program = "import hashclient.endpoint.app as app; print(app.openapi_text(), end='')"
    run = subprocess.run([sys.executable, "-OO", "-c", program], check=True, capture_output=True, encoding="utf-8")
    assert run.stdout == FILE.read_text(encoding="utf-8")


def test_every_address_is_described() -> None:
    """There are four addresses, each with a status for every problem that it can answer with."""
    paths = openapi()["paths"]
    assert set(paths) == {PROFILE_PATH, *PATHS.values()}
    assert {"201", "400", "408", "409", "413", "415", "422", "500", "503"} == set(
        paths[PATHS[Purpose.SUBMISSION]]["post"]["responses"]
    )
    for purpose in (Purpose.STATUS, Purpose.WITHDRAWAL):
        assert {"200", "404", "429"} < set(paths[PATHS[purpose]]["post"]["responses"])


def test_every_reference_leads_somewhere() -> None:
    """Every schema that is named exists, and FastAPI's own validation answer is not among them."""
    description = openapi()
    schemas = description["components"]["schemas"]
    text = json.dumps(description)
    references = {part.partition('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}
    assert references <= set(schemas)
    assert {"Submission", "CaseRequest", "Receipt", "CaseReport", "Problem", "EndpointProfile"} <= set(schemas)
    assert "HTTPValidationError" not in text


def test_nothing_may_be_null() -> None:
    """What is absent is left out on the wire, so no component allows null."""
    components = json.dumps(openapi()["components"])
    assert '"null"' not in components
    assert ": null" not in components


def test_components_are_the_published_schemas() -> None:
    """Each document and each of its parts is described as in the schema of its own."""
    found = openapi()["components"]["schemas"]
    for name in set(DOCUMENTS) - {"sealed-head"}:
        schema = json.loads(json.dumps(schema_of(name)).replace("#/$defs/", "#/components/schemas/"))
        parts = schema.pop("$defs", {})
        for key in ("$schema", "$id"):
            del schema[key]
        assert {part: found[part] for part in parts} == parts
        assert found[DOCUMENTS[name].__name__] == schema


def test_what_crosses_follows_the_description(endpoint: Endpoint) -> None:
    """A submission, its receipt, a report and a problem are valid against the components."""
    components = {"components": openapi()["components"]}
    submission = submission_of()
    _, problem = endpoint.send(b"{}", purpose=Purpose.STATUS)
    documents: list[Document] = [
        submission,
        endpoint.submit(submission),
        endpoint.report(submission),
        problem,
        endpoint.profile,
    ]
    for document in documents:
        schema = {"$ref": f"#/components/schemas/{type(document).__name__}"} | components
        jsonschema.Draft202012Validator(schema).validate(json.loads(encode(document)))
