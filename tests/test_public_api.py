"""The names that callers may rely on."""

import importlib
import inspect
import pkgutil

import pytest

import hashclient
from hashclient import model

ROOMS = [
    "hashclient",
    "hashclient.model",
    "hashclient.client",
    "hashclient.guidance.notices",
    "hashclient.hashing",
    "hashclient.lab",
    "hashclient.prepare",
    "hashclient.testing",
]


@pytest.mark.parametrize("room", ROOMS)
def test_all_is_sorted_and_true(room: str) -> None:
    """`__all__` is sorted, constants first as ruff has it, names nothing twice and nothing that is not there."""
    module = importlib.import_module(room)
    assert list(module.__all__) == sorted(set(module.__all__), key=lambda name: (not name.isupper(), name))
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_documented(room: str) -> None:
    """What callers may use says what it is."""
    module = importlib.import_module(room)
    for name in module.__all__:
        value = getattr(module, name)
        assert inspect.getdoc(value) or not (inspect.isclass(value) or inspect.isroutine(value)), name


def test_the_front_door_lists_what_it_opens() -> None:
    """Type checkers and the interpreter see the same names."""
    assert dir(hashclient) == sorted([*hashclient.__all__, "__version__"])
    assert set(hashclient.__all__) - set(model.__all__) == {
        "AgeGateError",
        "HashclientError",
        "ModelError",
        "TransportError",
        "UsageError",
    }


def test_the_front_door_refuses_other_names() -> None:
    """A name that is not public is an error that says so."""
    with pytest.raises(AttributeError, match="has no attribute 'Client'"):
        _ = hashclient.Client


def test_the_version_is_that_of_the_distribution() -> None:
    """The version is read when asked for."""
    assert hashclient.__version__ == importlib.import_module("importlib.metadata").version("hashclient")


def test_every_module_says_what_it_does() -> None:
    """Each file of the package begins with words."""
    for module in pkgutil.walk_packages(hashclient.__path__, "hashclient."):
        if not module.name.endswith("__main__"):
            assert importlib.import_module(module.name).__doc__, module.name
