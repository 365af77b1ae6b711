"""The verbs of the lab: a researcher's first hour, at the command line."""

import csv
import json
from pathlib import Path

import pytest

from hashclient.guidance import lab as words
from hashclient.lab import Dataset
from kit.command_line import Run, flat
from kit.lab import draw_pictures, soft_copy

SUITE = """
name = "two"
description = "two edits"
[saved_as_jpeg]
searched = 75
held = 70
[held]
quality = ["codec.jpeg(q=50)"]
shape = ["shape.zoom(z=1.07)", "shape.zoom(z=1.2)"]
"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Give a folder with pictures whose names must not appear anywhere, and a suite."""
    folder = draw_pictures(tmp_path / "folder-of-zoe" / "skies", 6)
    soft_copy(folder / "000.png", folder / "zoe-quartz.png")
    (tmp_path / "two.toml").write_text(SUITE)
    return folder.parent


def test_the_first_hour(run: Run, pictures: Path, tmp_path: Path) -> None:
    """Run, then report with other policies and distances: a page, tables and a manifest, without any name of a file."""
    out = tmp_path / "results"
    at = ("--suite", str(tmp_path / "two.toml"), "--split", "all", "--out", str(out), "--bootstrap", "50")
    ran = run("lab", "run", str(pictures), *at, "--policy", "pdq", "--policy", "cover:8", "--seed", "3")
    assert ran.returncode == 0, ran.stderr
    assert words.FOR_RESEARCH in flat(ran.stderr)
    assert "Hashes made: " in ran.stderr
    first, second, third, *_ = ran.stdout.splitlines()
    assert first == words.PAGE_BEST.format(policy="cover:8")
    assert second.startswith("It finds ")
    assert third.startswith("It matched 0 of ")
    again = run("lab", "run", str(pictures), *at, "--policy", "pdq", "--policy", "cover:8", "--seed", "3")
    assert "Hashes made: 0." in again.stderr
    assert again.stdout == ran.stdout

    reported = run("lab", "report", "--out", str(out), "--bootstrap", "50", "--policy", "pdq8x", "--within", "40")
    assert reported.returncode == 0, reported.stderr
    assert "pdq8x" in reported.stdout
    rows = csv.DictReader((out / "summary.csv").read_text().splitlines())
    thresholds = {(row["policy"], row["threshold"]) for row in rows}
    assert thresholds == {("pdq8x", threshold) for threshold in ("40", "31", "24", "20", "16")}
    told = json.loads((out / "manifest.json").read_text())
    assert told["seed"] == 3
    assert {"report", "within=[40]", "bootstrap=50"} <= {*told["command"]}
    assert told["counts"] == {"dataset": 7, "edited": 7, "strangers": 0, "duplicates": 1, "suspects": 0}
    assert "skies" in (out / "negatives.csv").read_text(), "folders are classes"
    everything = b"".join(path.read_bytes() for path in out.iterdir()) + (ran.stdout + ran.stderr).encode()
    for name in (b"zoe", b"000.png", str(tmp_path).encode()):
        assert name not in everything


def test_ids_can_be_made_private(run: Run, pictures: Path, tmp_path: Path) -> None:
    """No id of a picture is left in the results, and another run has others."""
    at = ("--suite", str(tmp_path / "two.toml"), "--split", "all", "--bootstrap", "20", "--policy", "pdq")
    seen = []
    for name in ("open", "one", "other"):
        private = () if name == "open" else ("--private",)
        assert run("lab", "run", str(pictures), *at, *private, "--out", str(tmp_path / name)).returncode == 0
        (row,) = csv.DictReader((tmp_path / name / "screen.csv").read_text().splitlines())
        seen.append({row["one"], row["other"]})
        ids = json.loads((tmp_path / name / "manifest.json").read_text())["pictures"]
        assert seen[-1] <= set(ids)
        assert len(ids) == 7
    assert not seen[0] & seen[1]
    assert not seen[1] & seen[2]


def test_suites_are_listed(run: Run) -> None:
    """One line each with its digest; of one, every cell."""
    listed = run("lab", "suites").stdout.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["posts-v1", "fifteen-v1", "videos-v1"]
    assert "searched 128\theld 94" in listed[0]
    cells = run("lab", "suites", "posts-v1").stdout.splitlines()[1:]
    assert len(cells) == 222
    assert cells[0] == "searched\tquality\tcodec.jpeg(q=80)>codec.jpeg(q=75)"


def test_sample_draws_pictures(run: Run, tmp_path: Path) -> None:
    """It says how many, and leaves a folder that is in use alone."""
    drawn = run("lab", "sample", str(tmp_path / "new"), "--count", "18", "--seed", "4")
    assert drawn.returncode == 0
    count = len(list((tmp_path / "new").rglob("*.jpg")))
    assert f"{count} pictures were drawn." in flat(drawn.stderr)
    again = run("lab", "sample", str(tmp_path / "new"))
    assert again.returncode == 2
    assert "not empty" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "{pictures}", "--suite", "posts-v9"], "There is no suite posts-v9."),
        (["run", "{pictures}", "--policy", "pdq9"], "no way of matching called pdq9"),
        (["run", "{empty}"], "There is no picture to measure with."),
        (["run", "{pictures}", "--suite", "{suite}", "--cells", "searched"], "has no edits of this half"),
        (["run", "{one}", "--suite", "{suite}", "--split", "{other_side}"], "No picture is on this side of the split."),
        (["run", "{pictures}", "--suite", "{absent}"], "This file is not a suite."),
        (["report", "--out", "{empty}"], "No run is kept in this file."),
        (["run", "{pictures}", "--out", "{file}/results"], "Nothing can be written there. Nothing was run."),
        (["sample", "{file}"], "Nothing can be written there."),
        (["cover", "{pictures}", "--out", "{file}/set.json"], "Nothing can be written there."),
        (["cover", "{pictures}", "--out", "{empty}"], "Nothing can be written there."),
        (["cover", "{pictures}", "--set", "{absent}"], "This file is not a set of re-posts"),
        (["strangers", "--set", "{file}"], "This file is not a set of re-posts"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    run: Run, pictures: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    """Exit code 2, a sentence with a state, a hint, and no traceback."""
    (tmp_path / "empty").mkdir()
    one = draw_pictures(tmp_path / "one", 1, first=3)
    (only,) = Dataset.from_folder(one).pictures
    places: dict[str, object] = {"other_side": "held" if only.split == "dev" else "dev"}
    places |= {"pictures": pictures, "empty": tmp_path / "empty", "suite": tmp_path / "two.toml", "one": one}
    places |= {"absent": tmp_path / "absent.toml", "file": tmp_path / "file"}
    (tmp_path / "file").write_bytes(b"\xff")
    said = [argument.format(**places) for argument in arguments]
    has_results = said[0] in {"run", "report"} and "--out" not in said
    ended = run("lab", *said, *(["--out", tmp_path / "results"] if has_results else []))
    assert ended.returncode == 2
    assert sentence in flat(ended.stderr)
    assert "Traceback" not in ended.stderr
    assert str(tmp_path) not in ended.stderr


@pytest.mark.parametrize("text", [None, b"\xff\xfe", b"[" * 100_000], ids=["missing", "no-text", "deep"])
def test_a_set_that_cannot_be_read_is_said_in_a_sentence(
    run: Run, pictures: Path, tmp_path: Path, text: bytes | None
) -> None:
    """Whatever is named."""
    known = tmp_path / "set.json"
    if text is not None:
        known.write_bytes(text)
    ran = run("lab", "cover", str(pictures), "--set", str(known))
    assert ran.returncode == 2
    assert words.MALFORMED_SET in flat(ran.stderr)


@pytest.mark.parametrize("verb", ["run", "cover"])
def test_a_place_that_is_closed_is_said_before_the_work(run: Run, pictures: Path, tmp_path: Path, verb: str) -> None:
    """A file where a folder should be."""
    (tmp_path / "file").touch()
    out = tmp_path / "file" if verb == "run" else tmp_path / "file" / "set.json"
    ran = run("lab", verb, str(pictures), "--out", str(out))
    assert ran.returncode == 2
    assert words.NOT_WRITABLE in flat(ran.stderr)
