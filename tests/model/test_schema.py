"""Schemas do not depend on docstrings."""

import json
import subprocess
import sys

from hashclient.model.schema import NAMES, schema_of


def test_descriptions_do_not_depend_on_docstrings() -> None:
    """`python -OO`, which drops docstrings, prints the same schemas."""
    program = (
        "import json; from hashclient.model.schema import NAMES, schema_of; print(json.dumps([*map(schema_of, NAMES)]))"
    )
    run = subprocess.run([sys.executable, "-OO", "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == json.dumps([schema_of(name) for name in NAMES])
