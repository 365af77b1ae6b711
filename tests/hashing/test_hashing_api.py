"""What `hashclient.hashing` offers."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from hashclient import hashing
from hashclient.hashing.interface import ImageHasher


def test_type_checkers_and_the_interpreter_see_the_same_names() -> None:
    """Imported for type checkers, named in `__all__`, and shown by `dir`."""
    imports = ast.walk(ast.parse(Path(hashing.__file__).read_text()))
    declared = [name.name for line in imports if isinstance(line, ast.ImportFrom) for name in line.names]
    assert sorted(set(declared) - {"TYPE_CHECKING"}) == sorted(hashing.__all__) == dir(hashing)


def test_every_hasher_is_offered() -> None:
    """One that is added to this room is found by those who look for it."""
    files = [module.name for module in pkgutil.walk_packages(hashing.__path__, "hashclient.hashing.")]
    for file in files:
        for name, found in inspect.getmembers(importlib.import_module(file), inspect.isclass):
            assert not issubclass(found, ImageHasher) or getattr(hashing, name) is found


@pytest.mark.parametrize("name", hashing.__all__)
def test_a_name_stays_what_it_is_once_its_file_was_imported(name: str) -> None:
    """No file of this room has the name of a function: importing it would put the file in the function's place."""
    offered = getattr(hashing, name)
    for module in pkgutil.walk_packages(hashing.__path__, "hashclient.hashing."):
        importlib.import_module(module.name)
    assert getattr(hashing, name) is offered


def test_the_quick_start_runs() -> None:
    """What the room's own words show is what happens."""
    assert doctest.testmod(hashing) == (0, 11)


def test_other_names_are_refused() -> None:
    """A name that is not public is an error that says so."""
    with pytest.raises(AttributeError, match="has no attribute 'photodna'"):
        _ = hashing.photodna


@pytest.mark.parametrize("module", ["hashclient.hashing.digest", "hashclient.hashing.reposts.levels"])
def test_what_needs_no_pixels_loads_no_numpy(module: str) -> None:
    """The process that opens a person's file makes digests and knows the names of re-posts, and decodes nothing."""
    program = f"import sys, {module}; print({{'numpy', 'PIL', 'imagehash'}} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
