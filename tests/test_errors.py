"""The errors: their tree, their sentences, and that each of them can be met."""

import ast
import pickle
import re
from pathlib import Path

import pytest

from hashclient import errors
from hashclient.errors import HashclientError

PACKAGE = Path(errors.__file__).parent
CLASSES = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, HashclientError)]
EXIT_CODES = {
    "HashclientError": 1,
    "UsageError": 2,
    "ModelError": 1,
    "AgeGateError": 4,
    "TransportError": 3,
    "ClusterError": 3,
}
"""Whose turn it is: ours, yours, another service's, the outside world's."""


def drawn_tree() -> dict[str, str]:
    """Read the tree in the module's docstring: each class and the class above it.

    A name after a branch stands under the nearest name further left; names that follow on the same
    line, or alone on lines of a last branch, are its siblings.
    """
    assert errors.__doc__
    above: dict[str, str] = {}
    path: list[tuple[int, str]] = []
    for line in errors.__doc__.splitlines():
        # A line's names end where its remarks begin: at "exit", "(also", or words in lower case.
        names = re.findall(r"\b[A-Z][A-Za-z]*Error\b", line.split(" exit ")[0])
        if not names or (not path and names[0] != "HashclientError"):
            continue
        indent = line.index(names[0])
        while path and path[-1][0] >= indent:
            path.pop()
        for name in names:
            if name != "ValueError":
                above[name] = path[-1][1] if path else ""
        path.append((indent, names[0]))
    return above


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
class TestEachError:
    """What holds for every class."""

    def test_is_a_sentence_with_a_hint(self, kind: type[HashclientError]) -> None:
        """Class attributes are what a person reads: whole sentences without jargon, and one thing to do."""
        error = kind()
        assert kind.__doc__
        assert error.sentence == str(error) == kind.sentence
        assert error.hint == kind.hint
        for text in (error.sentence, error.hint):
            assert re.match(r"[A-Z].*\.$", text, re.DOTALL)
            assert "!" not in text
            assert "\n" not in text

    def test_shows_no_docstring(self, kind: type[HashclientError]) -> None:
        """Docstrings are for developers: none is a sentence of ours, which would vanish with it."""
        assert kind.__doc__ != kind().sentence
        assert "sentence" in vars(kind)

    def test_is_named_an_error(self, kind: type[HashclientError]) -> None:
        """Every name ends in `Error`."""
        assert kind.__name__.endswith("Error")

    def test_has_the_exit_code_of_its_branch(self, kind: type[HashclientError]) -> None:
        """The exit code says whose turn it is, by the branch the class hangs on."""
        branch = next(parent.__name__ for parent in kind.__mro__ if parent.__name__ in EXIT_CODES)
        assert kind.exit_code == EXIT_CODES[branch]

    def test_crosses_processes(self, kind: type[HashclientError]) -> None:
        """Sentence and hint survive pickling, because workers raise in another process."""
        sent = kind("It stopped.", hint="Go on.")
        arrived = pickle.loads(pickle.dumps(sent))  # noqa: S301  # our own bytes
        assert type(arrived) is kind
        assert (arrived.sentence, arrived.hint) == ("It stopped.", "Go on.")

    def test_hangs_where_the_tree_says(self, kind: type[HashclientError]) -> None:
        """The tree in the docstring is the real one."""
        parent = kind.__bases__[0].__name__
        assert drawn_tree()[kind.__name__] == ("" if kind is HashclientError else parent)

    def test_is_raised_or_caught_by_the_package(self, kind: type[HashclientError]) -> None:
        """No class stands here that nothing uses: each is named in a room, or is above one that is."""
        assert any(issubclass(used, kind) for used in USED)


def _used() -> set[type[HashclientError]]:
    names: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name != "errors.py":
            tree = ast.parse(path.read_text())
            names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {kind for kind in CLASSES if kind.__name__ in names}


USED = _used()


def test_the_tree_names_no_class_that_is_not_there() -> None:
    """Nothing in the drawing is left over from a class that went."""
    assert set(drawn_tree()) == {kind.__name__ for kind in CLASSES}


def test_a_value_error_is_a_model_error() -> None:
    """A value that breaks the specification is a `ValueError` too, as callers expect."""
    assert issubclass(errors.ModelError, ValueError)
