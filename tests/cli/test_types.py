"""The options --type and --decode."""

import json
from pathlib import Path

import pytest

from hashclient.vocabulary import Decode, SignalType
from kit.command_line import DECLARED, PICTURES, Run, flat

FIRST = PICTURES / "picture-1.jpg"


@pytest.mark.parametrize("option", [*(("--type", kind) for kind in SignalType), *(("--decode", way) for way in Decode)])
def test_the_command_line_knows_every_type_and_way(run_inside: Run, option: tuple[str, str]) -> None:
    """Every type of hash and every way to decode can be asked for; here it is the file that is missing."""
    ended = run_inside("hash", "--adult", *option, "missing.jpg")
    assert ended.returncode == 2
    assert "None of these files can be used." in flat(ended.stderr)


def test_types_are_printed_in_the_order_asked_for(run: Run) -> None:
    """Columns that do not apply to a type, quality or variant, are empty."""
    ended = run("hash", "--adult", "--type", "md5", "--type", "dhash", "--type", "pdq", FIRST)
    lines = [line.split("\t") for line in ended.stdout.splitlines()]
    assert sorted((line[0].partition(":")[0], line[1], line[2]) for line in lines) == [
        ("dhash", "", "original"),
        ("md5", "", ""),
        ("pdq", "quality 100", "original"),
    ]
    assert {line[3] for line in lines} == {str(FIRST)}


def test_fast_is_asked_for_by_option(run: Run) -> None:
    """A picture of ordinary size is the same either way."""
    exact, fast = (run("hash", "--adult", "--decode", way, FIRST).stdout for way in ("exact", "fast"))
    assert exact == fast
    assert exact


@pytest.mark.parametrize("option", [("--type", "tmk"), ("--type", "crop-resistant"), ("--decode", "faster")])
def test_other_words_are_refused(run: Run, option: tuple[str, str]) -> None:
    """A type that is no type on the wire, the crop-resistant hash among them, cannot be asked for."""
    ended = run("hash", "--adult", *option, FIRST)
    assert ended.returncode == 2
    assert ended.stdout == ""


def test_inspect_shows_the_types_asked_for(run: Run) -> None:
    """What would be sent holds the types asked for and no others."""
    options = ("--type", "phash", "--type", "sha256", "--decode", "fast", "--altered", "no")
    ended = run("inspect", *DECLARED, *options, FIRST)
    assert ended.returncode == 0, flat(ended.stderr)
    (item,) = json.loads(ended.stdout)["items"]
    assert sorted(signal["type"] for signal in item["signals"]) == ["phash", "sha256"]


def test_submit_takes_the_same_options(run: Run, tmp_path: Path) -> None:
    """Without a service, what a file for one would hold is what was asked for."""
    file = tmp_path / "request"
    options = ("--type", "pdq", "--type", "md5", "--decode", "fast", "--coverage", "single", "--altered", "no")
    ended = run("submit", "--dry-run", *DECLARED, *options, FIRST, "--to-file", file)
    assert ended.returncode == 0, flat(ended.stderr)
    assert not file.exists()
    assert "md5" in ended.stdout + ended.stderr
