"""docs/lab.md: its commands and its program run as they are printed."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from hashclient.lab import Dataset
from hashclient.lab.policies import policy_named
from hashclient.lab.sample import draw_sample
from kit.lab import SMALL_SUITE, draw_pictures

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "lab.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_a_hash_an_edit_and_a_policy_of_ones_own_take_under_20_lines(tmp_path: Path) -> None:
    """The program runs, each of the three is short, and all of them are in the tables."""
    (program,) = blocks("python")
    for begins, ends in (("def brightness", "@register"), ("@register", "mine ="), ("mine =", "suite =")):
        part = program[program.index(begins) : program.index(ends)]
        assert 1 <= len(part.strip().splitlines()) < 20
    draw_sample(tmp_path / "pictures", count=18)
    (tmp_path / "mine.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "-W", "error", "mine.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["pdq", "either"]
    kept = (tmp_path / "my-results" / "cells.csv").read_text()
    assert "either,quality,mine.darker(f=0.5)>codec.jpeg(q=70),124," in kept


def test_the_commands_of_the_first_hour_run(tmp_path: Path) -> None:
    """In the order in which they are printed, from an empty folder."""
    (block, *_) = blocks("console")
    lines = [line.removeprefix("$ ") for line in block.splitlines()]
    assert [shlex.split(line)[2] for line in lines] == ["sample", "suites", "run", "report"]
    for line in lines:
        command = [sys.executable, "-m", *shlex.split(line)]
        if "sample" in command:
            command[-1] = "18"  # fewer, which changes nothing but the time
        if "run" in command:
            command += ["--policy", "pdq", "--policy", "cover:32", "--bootstrap", "20"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)


def test_every_policy_and_table_that_is_named_is_there() -> None:
    """The tables of the page have the policies and files there are, with their distances and who has to change."""
    table = PAGE[PAGE.index("| policy |") :].split("\n\n")[0].replace("\\|", "/")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert len(rows) == 7
    for names, _, _, within, changes in rows:
        for place, name in enumerate(re.findall(r"`([^`]*)`", names)):
            policy = policy_named(name.replace("/", "|").replace("cover:N", "cover:32").replace("LEVEL", "standard"))
            assert policy.changes == changes
            distances = [int(bits) for bits in re.findall(r"\d+", within)]
            assert not distances or policy.threshold == distances[min(place, len(distances) - 1)]


def test_every_file_of_results_is_on_the_page(tmp_path: Path) -> None:
    """What is written is named, and what is named is written."""
    made = (
        Dataset.from_folder(draw_pictures(tmp_path / "pictures", 4)).transform(SMALL_SUITE, split="all").hash(["pdq"])
    )
    made.score(["pdq"], bootstrap=20).write(tmp_path / "out")
    table = PAGE[PAGE.index("| file | a row for |") :].split("\n\n")[0]
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(re.findall(r"`(\w+\.(?:csv|json))`", table))
