"""Fixtures of the endpoint's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.endpoint import Endpoint


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    """Give a fresh endpoint, asked without sockets."""
    endpoint = Endpoint(tmp_path)
    yield endpoint
    endpoint.close()
