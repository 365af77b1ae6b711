"""Help, version and what loading them costs."""

import subprocess
import sys

import pytest

from hashclient.guidance.commands import OPTIONS, VERBS
from hashclient.hashing.reposts.levels import HASHES
from hashclient.vocabulary import Coverage
from kit.command_line import PROGRAM, Run, loaded_by

HEAVY = [
    "numpy",
    "imagehash",
    "httpx",
    "PIL",
    "pydantic",
    "rich",
    "cryptography",
    "scipy",
    "asyncio",
    "importlib.metadata",
]


def test_help_loads_nothing_heavy() -> None:
    """`hashclient --help` loads no library but typer, so it comes at once."""
    printed, loaded = loaded_by("--help")
    assert "Usage:" in printed
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("words", ["--help", "services", "notice --list"])
def test_words_alone_load_no_questions(words: str) -> None:
    """Who asks nothing waits for no question, and data come in the form that loads at once."""
    _, loaded = loaded_by(*words.split())
    assert "hashclient.cli" in loaded
    assert loaded.isdisjoint(
        {"tomllib", *(f"hashclient.guidance.{name}" for name in ("questions", "triage", "screens"))}
    )


def test_help_names_every_verb_with_its_line(run: Run) -> None:
    """The list of verbs is whole."""
    shown = run("--help").stdout
    assert all(f"  {verb}" in shown and line in shown for verb, line in VERBS.items())


def test_help_says_the_limits_and_the_exit_codes(run: Run) -> None:
    """What it cannot do stands in the help, and what the exit codes mean."""
    shown = " ".join(run("--help").stdout.split())
    for words in (
        "An edited copy may not be found",
        "not a legal notice",
        "under 18",
        "Exit codes: 0 done, 1 internal error",
    ):
        assert words in shown


@pytest.mark.parametrize("verb", [*VERBS, "endpoint serve", "endpoint key", "endpoint doctor", "lab run", "lab report"])
def test_every_verb_has_help(run_inside: Run, verb: str) -> None:
    """Each verb explains itself and its options."""
    ended = run_inside(*verb.split(), "--help")
    assert ended.returncode == 0
    assert "Usage: hashclient " + verb in ended.stdout
    assert ended.stderr == ""


ALL_HELP = """
import sys
from hashclient.cli import main
for verb in {verbs!r}:
    sys.argv = ["hashclient", *verb.split(), "--help"]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code or sys.exit("failed")
"""


def test_help_is_the_same_without_docstrings(run: Run) -> None:
    """Under `python -OO` every verb explains itself in the same words."""
    code = ALL_HELP.format(verbs=["", *VERBS, "endpoint serve", "endpoint key", "endpoint doctor"])
    usual, optimized = (run(program=[sys.executable, *flags, "-c", code]) for flags in ([], ["-OO"]))
    assert (usual.returncode, usual.stderr) == (optimized.returncode, optimized.stderr) == (0, "")
    assert usual.stdout == optimized.stdout
    assert all(f"Usage: hashclient {verb} [" in usual.stdout for verb in VERBS)


def test_no_arguments_show_the_help(run: Run) -> None:
    """The bare program explains itself."""
    assert run().stdout == run("--help").stdout


def test_the_version_is_printed(run: Run) -> None:
    """One line of data."""
    assert run("--version").stdout.strip() == "0.1.0"


def test_the_installed_script_is_the_same_program(run: Run) -> None:
    """`python -m hashclient` and `hashclient` are one."""
    assert PROGRAM[1:] == ["-m", "hashclient"]
    script = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['hashclient', '--version']; from hashclient.cli import main; main()"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert script.stdout == run("--version").stdout


def test_schema_lists_and_prints(run_inside: Run) -> None:
    """Without a name the names; with one the schema; with another a sentence."""
    names = run_inside("schema").stdout.split()
    assert "submission" in names
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in run_inside("schema", "submission").stdout
    assert run_inside("schema", "nonsense").returncode == 2


def test_the_option_for_coverage_says_how_many() -> None:
    """As the levels have it."""
    standard, wide = (HASHES[level] - 1 for level in (Coverage.STANDARD, Coverage.WIDE))
    assert f"up to {standard} or up to {wide} per picture" in OPTIONS["coverage"]
