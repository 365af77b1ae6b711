"""Errors end in words, an exit code and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.command_line import DECLARED, PICTURES, PROGRAM, Run, environment, flat

SECRET = "PIN-12345678-holiday.jpg"
NO_SERVICE = (["submit"], ["submit", SECRET])
"""What is answered with the services that work today."""


@pytest.mark.parametrize(
    "arguments",
    [
        [SECRET],
        ["status", SECRET],
        ["status", "--pin", SECRET],
        ["status", f"--{SECRET}"],
        ["status", "--credentials-fd", SECRET],
        ["withdraw", SECRET, SECRET],
        ["submit"],
        ["submit", SECRET],
        ["submit", SECRET, "--endpoint", SECRET],
        ["submit", SECRET, "--endpoint", "http://endpoint.example"],
        ["submit", SECRET, "--depicted", SECRET],
        ["submit", SECRET, "--trust-key", SECRET, "--endpoint", "https://endpoint.example"],
        ["hash", SECRET],
        ["hash", "--adult", SECRET],
        ["hash", "--adult", "--type", SECRET, SECRET],
        ["inspect", SECRET, *DECLARED],
        ["inspect", SECRET, "--altered", SECRET, *DECLARED],
        ["schema", SECRET],
        ["endpoint", SECRET],
        ["endpoint", "serve", "--port", SECRET],
        ["endpoint", "key", "--keys", f"/nowhere/{SECRET}"],
        ["doctor", SECRET],
        ["demo", SECRET],
    ],
)
def test_a_mistake_is_a_sentence_that_repeats_nothing(run_inside: Run, arguments: list[str]) -> None:
    """Exit code 2, a few words, no traceback, and nothing of what was typed."""
    ended = run_inside(*arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert SECRET not in flat(ended.stderr)
    assert "12345678" not in flat(ended.stderr)
    assert "Traceback" not in flat(ended.stderr)
    assert 1 <= len(ended.stderr.splitlines()) <= (12 if arguments[:2] not in NO_SERVICE else 24)


def test_a_mistake_in_a_process_of_its_own(run: Run) -> None:
    """The same, as a person sees it."""
    ended = run("status", SECRET)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        "The command has a word too many. Nothing was sent.",
        "Case number and PIN are asked for, never typed in the command. See 'hashclient status --help'.",
    ]


CRASH = """
import resource, sys
import typer
from hashclient.cli import main
from hashclient.model import schema

class WordlessError(typer.TyperException):
    def format_message(self):
        raise ValueError("SECRET")

def crash(name):
    raise {error}

schema.schema_of = crash  # what the verb `schema` calls
sys.argv = ["hashclient", "schema", "SECRET"]
main()
"""


def crash(error: str, tmp_path: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", CRASH.format(error=error)],
        capture_output=True,
        text=True,
        env=environment(tmp_path) | more,
        check=False,
    )


@pytest.mark.parametrize(
    "error", ["ValueError(open)", "MemoryError", "RecursionError", "OSError(2, 'SECRET', 'SECRET')"]
)
def test_a_bug_is_a_short_code(tmp_path: Path, error: str) -> None:
    """Any other exception: a sentence with the type of the error, exit code 1, no traceback, no values."""
    ended = crash(error, tmp_path)
    assert ended.returncode == 1
    assert f"Code: {error.partition('(')[0].replace('OSError', 'FileNotFoundError')}" in flat(ended.stderr)
    assert "Traceback" not in flat(ended.stderr)
    assert "SECRET" not in flat(ended.stderr)


def test_a_trace_needs_to_be_asked_for_and_shows_no_values(tmp_path: Path) -> None:
    """HASHCLIENT_DEBUG shows where it arose: files and lines, neither values nor messages."""
    ended = crash("ValueError('SECRET')", tmp_path, HASHCLIENT_DEBUG="1")
    assert ended.returncode == 1
    assert " in crash" in flat(ended.stderr)
    assert "builtins.ValueError" in flat(ended.stderr)
    assert "SECRET" not in flat(ended.stderr)


def test_debug_as_an_option_does_the_same(run: Run) -> None:
    """--debug stands before the verb."""
    ended = run("--debug", "hash", "--adult", "nowhere.jpg")
    assert " in require_some" in flat(ended.stderr)
    assert "nowhere" not in flat(ended.stderr)


def test_a_crash_leaves_no_memory_on_disk(tmp_path: Path) -> None:
    """Core files are off before a verb begins."""
    assert "Code: ValueError" in crash("ValueError if resource.getrlimit(4) == (0, 0) else KeyError", tmp_path).stderr


def test_a_broken_wall_still_shows_nothing(tmp_path: Path) -> None:
    """Even where putting an error into words fails, no traceback reaches the person."""
    ended = crash("WordlessError('SECRET')", tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == "Something went wrong inside this program. Nothing more was sent.\n"


@pytest.mark.parametrize("arguments", [["schema", "submission"], ["--help"]])
def test_a_reader_that_went_away_is_no_error(tmp_path: Path, arguments: list[str]) -> None:
    """`hashclient ... | head` ends quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [*PROGRAM, *arguments]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, env=environment(tmp_path), check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_words_do_not_name_the_file_and_data_does(run: Run, tmp_path: Path) -> None:
    """Stderr speaks of "Picture 2 of 2"; stdout, which is the person's own, names the file."""
    broken = tmp_path / SECRET
    broken.write_text("no picture")
    ended = run("hash", "--adult", PICTURES / "picture-1.jpg", broken)
    assert ended.returncode == 0
    assert "File 2 of 2: This is not a kind of picture" in flat(ended.stderr)
    assert SECRET not in flat(ended.stderr)
    assert "picture-1.jpg" in ended.stdout
