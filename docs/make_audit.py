"""Write the reading order of `docs/audit.md`: the files that are not inside the sandbox, with their lines of code.

Run by `make docs`. Lines of code are lines without docstrings, comments and blanks; a marked sentence, which is literals
alone, counts as the one line on which it begins. What a file does is the first sentence of its docstring. `--check` writes nothing; its exit code says whether the page would change.
"""

import ast
import io
import re
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "hashclient"
PAGE = Path(__file__).resolve().parent / "audit.md"
BLOCK = re.compile(r"(?<=<!-- files -->\n).*?(?=<!-- end of files -->)", re.DOTALL)
MARKS = {"_", "_p", "_n"}
MOST = 4_050
"""Lines of code that one person can audit in a day; about a hundred are tables of the numbers of system calls."""

# Of these two rooms, what lies on the way of a picture or a request; the rest prints, demonstrates or schedules, or runs in
# the picture half, which cannot send.
OF_PREPARE = ("__init__", "apart", "protocol", "result")
OF_CLI = ("submit", "_declare", "_review", "_credentials", "_send", "_service")
CANNOT_ADD = {"model/schema.py", "model/fit.py", "model/policy.py", "model/notice.py"}
"""The first describes requests, and takes no part in making one; the next two leave out hashes, and make none; no transport takes
the last."""


@dataclass(frozen=True)
class Stop:
    """One stop of the audit path: what to ask while reading, and the files, as patterns below the package."""

    title: str
    question: str
    patterns: tuple[str, ...]


STOPS = (
    Stop(
        "What can be said at all",
        "Has any object that leaves a field that could hold a picture, a name, a path or free text?",
        ("errors.py", "vocabulary.py", "model/*.py"),
    ),
    Stop(
        "How it is sealed",
        "Can anyone but the holder of the key read the request, and can anyone else have written the reply?",
        ("sealing.py",),
    ),
    Stop(
        "How a request leaves, and what is believed of the reply",
        "Can anything leave before the service is the chosen one, or twice as two cases? Can a reply do harm?",
        ("config.py", "_harden.py", "client/*.py", "transport/*.py"),
    ),
    Stop(
        "What is taken from the worker and the picture half",
        "Once `confine` or `close_off` has returned, what can the process still open, start or connect to?",
        ("media/sandbox/*.py",),
    ),
    Stop(
        "What the processes that see pictures are asked, and what is believed of their answers",
        "Can anything but a checked hash, a number or a reason from a closed list come back?",
        tuple(f"prepare/{name}.py" for name in OF_PREPARE),
    ),
    Stop(
        "The order in which the command line does it",
        "Is a file opened before the question of age, or anything sent before the person holds the PIN and said yes?",
        tuple(f"cli/{name}.py" for name in OF_CLI),
    ),
)


def code_lines(source: str) -> int:
    """Count the lines of a source that are neither blank, nor comment, nor part of a docstring, nor the rest of a sentence."""
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type not in layout]
    code = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    return len(code - docstring_lines(source) - sentence_lines(source))


def sentence_lines(source: str) -> set[int]:
    """Return the numbers of the lines of marked sentences (`hashclient.messages`) but their first: they hold no code."""
    return {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS
        if all(isinstance(argument, ast.Constant) for argument in node.args)
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def docstring_lines(source: str) -> set[int]:
    """Return the numbers of the lines of strings that stand alone: docstrings, and those below a name."""
    bodies = (body for node in ast.walk(ast.parse(source)) if isinstance(body := getattr(node, "body", None), list))
    return {
        line
        for body in bodies
        for part in body
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)
        for line in range(part.lineno, (part.end_lineno or part.lineno) + 1)
    }


def files_of(stop: Stop) -> list[Path]:
    """Return the files of a stop in reading order.

    Raises:
        SystemExit: a pattern finds nothing; the lists at the top of this script are out of date.
    """
    found = []
    for pattern in stop.patterns:
        files = sorted(PACKAGE.glob(pattern))
        if not files:
            raise SystemExit(f"docs/make_audit.py names {pattern}, which is not there")
        found += [
            file
            for file in files
            if file.relative_to(PACKAGE).as_posix() not in CANNOT_ADD and code_lines(file.read_text())
        ]
    return found


def listed(stop: Stop) -> tuple[str, int]:
    """Return the text of a stop and its lines of code."""
    rows, total = [], 0
    for file in files_of(stop):
        source = file.read_text()
        lines = code_lines(source)
        total += lines
        path = file.relative_to(PACKAGE).as_posix()
        rows.append(f"| [`{path}`](../hashclient/{path}) | {lines} | {first_sentence(source)} |")
    head = "| file | lines | what it does |\n|---|--:|---|\n"
    return f"### {stop.title}: {total:,} lines\n\n{stop.question}\n\n{head}" + "\n".join(rows) + "\n", total


def first_sentence(source: str) -> str:
    """Return the first sentence of a module's docstring, on one line."""
    words = " ".join((ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.!?]) ", words)[0].removesuffix(".").replace("|", "\\|")


def text() -> tuple[str, int]:
    """Return what stands between the marks of the page, and the lines of code of all stops together."""
    parts, counts = zip(*map(listed, STOPS), strict=True)
    total = sum(counts)
    files = sum(len(files_of(stop)) for stop in STOPS)
    return "\n" + "\n".join(parts) + f"\n**Together: {files} files, {total:,} lines of code.**\n\n", total


def main() -> int:
    """Write the page, or only compare it."""
    before = PAGE.read_text()
    written, total = text()
    after = BLOCK.sub(lambda _: written, before)
    if "--check" in sys.argv:
        return int(after != before)
    PAGE.write_text(after)
    print(f"docs/audit.md was written: {total:,} lines of code, of at most {MOST:,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
