"""Rules of the house that no linter knows: names that stand once, and rooms that stay small."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "hashclient"
EXEMPT = {
    "app": "the typer app of each verb; it is found by this name",
    "T": "a type variable means something only in its own file",
}
TWICE = {
    "main": "what `-m` starts: the program, and the worker that opens files",
    "Suite": "the field's own word twice: ciphers that seal together, and edits that are measured together",
}
"""Names that may be defined in more than one module, each with its reason; at most 10."""
MOST_FILES = {"cli": 32, "prepare": 10}


def defined(path: Path) -> Iterator[str]:
    """Give the functions, classes and constants that a module defines."""
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))


def test_names_stand_once() -> None:
    """Whoever searches for a name of a module finds one place; names between double underscores are Python's."""
    places = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        for name in defined(path):
            places[name].add(path.relative_to(PACKAGE).as_posix())
    twice = {name: sorted(files) for name, files in places.items() if len(files) > 1 and not name.startswith("__")}
    assert {name: files for name, files in twice.items() if name not in EXEMPT | TWICE} == {}
    assert len(TWICE) <= 10


@pytest.mark.parametrize("room", MOST_FILES)
def test_rooms_stay_small(room: str) -> None:
    """A file with one caller lives in the caller's file."""
    assert len(list((PACKAGE / room).rglob("*.py"))) <= MOST_FILES[room]


def test_the_frame_stays_small() -> None:
    """What holds the names of files is read in one go, whole: at most 60 lines, none of them too long to read."""
    lines = (PACKAGE.parent / "web" / "src" / "frame" / "main.ts").read_text().splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 140


def test_definitions_are_seen(tmp_path: Path) -> None:
    """Functions, classes and constants count; imports and what is inside of functions do not."""
    (tmp_path / "module.py").write_text(
        "import os\nfrom a import b\nA = 1\nB: int = 2\nC, D = 1, 2\ndef f(): x = 1\nasync def g(): ...\nclass K: y = 1\n"
    )
    assert list(defined(tmp_path / "module.py")) == ["A", "B", "C", "D", "f", "g", "K"]
