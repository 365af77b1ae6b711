"""Every sentence that reaches a person is marked where it stands, so that it can be translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hashclient import errors

PACKAGE = Path(__file__).resolve().parent.parent / "hashclient"
MARKS = {"_", "_p", "_n"}
SENTENCE = re.compile(r"[A-Z].* .*\.(\s|$)", re.DOTALL)
"""A capital letter, a blank and a full stop."""
PRINTING = {"say", "ask", "ask_hidden", "bold", "progress", "confirm", "StoppedError"}
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
"""Calls whose first argument a person reads."""
ARGUMENTS_FOR_PEOPLE = {"hint", "sentence", "help"}
ALLOWED = {
    "endpoint/people/descriptions.py": "the OpenAPI document, for programs",
    "endpoint/people/problems.py": "titles on the wire, for programs; the client has its own words for each",
    "endpoint/app.py": "as above",
    "testing.py": "what a simulated service says in partners' tests",
    "model/schema.py": "the JSON Schemas, for programs",
    "pixels.py": "for programmers who hash arrays: no verb takes any",
    "hashing/hamming.py": "for programmers who compare hashes: no verb does",
    "hashing/reposts/recipe.py": "for programmers who choose recipes: no verb does",
    "guidance/countries.py": "names of countries, in the languages they are named in",
    **dict.fromkeys(
        (f"guidance/notices/{name}.py" for name in ("dmca", "eu", "generator", "india", "questions", "uk", "us")),
        "the text that a platform gets, in the language of the law; what a person reads beside it is marked",
    ),
    "prepare/decode.py": "for programmers who hash what is in memory: no verb does",
}
"""Files whose sentences stay English, each with its reason."""
ALLOWED_CALLS = {
    "Field": "descriptions of the JSON Schemas, for programs",
    "ValueError": "read by pydantic, shown to nobody",
    "ArgumentParser": "the worker's own options, which no person types",
    "add_argument": "as above",
}


def name_of(call: ast.Call) -> str:
    """Give the last part of the name of what is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def words_of(node: ast.AST) -> str:
    """Give the words of a literal, those of an f-string without its values; "" for what is none."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def unmarked(source: str) -> Iterator[tuple[int, str]]:
    """Give the literals of a source that a person may read and that no mark holds, with their lines."""
    yield from _unmarked(ast.parse(source), is_for_people=False)


def _unmarked(node: ast.AST, *, is_for_people: bool) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring, of a module or below a name
    if isinstance(node, ast.Call) and name_of(node) in MARKS | set(ALLOWED_CALLS):
        return
    words = words_of(node)
    if SENTENCE.search(words) or (is_for_people and re.search("[A-Za-z]{2}", words)):
        yield getattr(node, "lineno", 0), words
        return
    first = node.args[:1] if isinstance(node, ast.Call) and name_of(node) in PRINTING | ERRORS else []
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.keyword) and child.arg in ARGUMENTS_FOR_PEOPLE
        passed_on = is_for_people and isinstance(node, ast.keyword | ast.BinOp | ast.IfExp | ast.BoolOp | ast.Starred)
        yield from _unmarked(child, is_for_people=named or passed_on or child in first)


SOURCES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", [file for file in SOURCES if file not in ALLOWED])
def test_every_sentence_for_people_is_marked(file: str) -> None:
    """Of what a person may read, nothing is a bare literal."""
    assert list(unmarked((PACKAGE / file).read_text())) == []


def test_what_is_allowed_is_there() -> None:
    """No file is on a list for nothing."""
    for file in ALLOWED:
        assert list(unmarked((PACKAGE / file).read_text())), file


@pytest.mark.parametrize(
    "planted",
    [
        'X = "One thing happened. Nothing was sent."',
        'X = f"One thing happened to {name}. Nothing was sent."',
        'X = {"a": ("b", "Name another. It helps.")}',
        'say("stopped")',
        '_terminal.say(f"picture {number}")',
        'say("done" if x else "open")',
        'raise UsageError("no such thing")',
        'raise errors.ConfigError(f"{key} is unknown", hint=texts.X)',
        'raise UsageError(hint="look again")',
        'Option(help="which one")',
        'class A:\n    sentence = "It broke. Nothing was sent."',
    ],
)
def test_a_bare_sentence_is_seen(planted: str) -> None:
    """The search finds each way to write one."""
    assert list(unmarked(planted))


@pytest.mark.parametrize(
    "fine",
    [
        'X = _("One thing happened. Nothing was sent.")',
        'X = _p("error", "One thing happened. " "Nothing was sent.")',
        'X = _n("{count} thing. It broke.", "{count} things. They broke.")',
        '"""A docstring. Of a module."""\nX = 1\n"""What X is. In a sentence."""',
        "raise UsageError(texts.X, hint=texts.Y)",
        "say(joined(texts.X, texts.Y))",
        'raise ValueError("not a number. Really. No")',
        'X = Field(description="The version. It is 1.")',
        'say("", indent="  - ")',
    ],
)
def test_what_is_marked_or_for_programs_is_not(fine: str) -> None:
    """Marks, docstrings and what is for programs pass."""
    assert list(unmarked(fine)) == []
