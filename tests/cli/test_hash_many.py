"""The verb `hash` on folders, lists and many files."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashclient.prepare import Prepared, hash_files
from kit.command_line import PICTURES, PROGRAM, At, Run, environment, flat

FIRST, SECOND = PICTURES / "picture-1.jpg", PICTURES / "picture-2.jpg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder as people have them."""
    top = tmp_path / "pictures"
    (top / "b" / "deep").mkdir(parents=True)
    (top / ".thumbnails").mkdir()
    (top / "a.jpg").write_bytes(FIRST.read_bytes())
    (top / "b" / "deep" / "no name").write_bytes(SECOND.read_bytes())
    (top / "b" / "damaged.jpg").write_bytes(FIRST.read_bytes()[:3000])
    (top / "b" / "words.jpg").write_text("no picture, whatever its name says")
    (top / ".thumbnails" / "a.jpg").write_bytes(FIRST.read_bytes())
    (top / "c").symlink_to(top)
    os.mkfifo(top / "pipe")
    return top


def files_of(lines: str) -> list[str]:
    return [json.loads(line)["file"] for line in lines.splitlines()]


def test_a_folder_is_walked(run: Run, folder: Path) -> None:
    """Every picture at any depth gives its lines, in the order of names, and what was left out is counted."""
    ended = run("hash", "--adult", "--json", folder)
    assert ended.returncode == 0
    assert files_of(ended.stdout) == [str(folder / name) for name in ("a.jpg", "b/damaged.jpg", "b/deep/no name")]
    assert [len(json.loads(line)["signals"]) for line in ended.stdout.splitlines()] == [1, 0, 1]
    assert flat(ended.stderr) == (
        "Hashed: 2 of 4 files. "
        "1 file could not be used: This file is damaged or incomplete. Nothing of it was sent. "
        "It is number 2. Left out: 1 hidden file. Left out: 1 file of another kind. Left out: 1 link to a folder. "
        "Left out: 1 pipe, device or link to nothing."
    )


def test_a_picture_that_is_not_read_is_no_other_kind_of_file(run: Run, tmp_path: Path) -> None:
    """In a folder, too, it is named with its reason: it may be the one that matters."""
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "scan.tiff").write_bytes(b"II*\0 and the rest")
    ended = run("hash", "--adult", "--json", tmp_path)
    assert files_of(ended.stdout) == [str(tmp_path / "scan.tiff")]
    assert "This kind of picture cannot be used here." in flat(ended.stderr)
    assert "1 file of another kind" in flat(ended.stderr)


def test_a_file_that_gave_fingerprints_is_not_said_to_be_of_no_use(run: Run, tmp_path: Path) -> None:
    """What was left out of it is said of a file that was used in part."""
    (tmp_path / "old.flv").write_bytes(b"FLV\1 and the rest")
    (tmp_path / "damaged.jpg").write_bytes(FIRST.read_bytes()[:3000])
    said = flat(run("hash", "--adult", tmp_path).stderr)
    assert "Hashed: 1 of 2 files." in said
    assert "1 file could not be used: This file is damaged or incomplete." in said
    assert "1 file could be used only in part: The pictures in this video are stored in a way" in said
    assert said.count("could not be used") == 1


def test_files_and_folders_mix(run: Run, folder: Path) -> None:
    """What is named is judged as named: words are a line with their reason."""
    ended = run("hash", "--adult", "--json", SECOND, folder / "b", folder / "b" / "words.jpg")
    named = [str(SECOND), *(str(folder / "b" / name) for name in ("damaged.jpg", "deep/no name", "words.jpg"))]
    assert files_of(ended.stdout) == named
    assert "Hashed: 2 of 5 files." in ended.stderr


def test_a_folder_without_pictures_is_exit_code_2(run: Run, tmp_path: Path) -> None:
    """A program can tell that nothing came of it."""
    (tmp_path / "notes.txt").write_text("no picture")
    ended = run("hash", "--adult", tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Hashed: 0 of 1 file. Left out: 1 file of another kind." in flat(ended.stderr)


@pytest.mark.parametrize(("end", "options"), [("\n", []), ("\0", ["--null"])])
def test_a_list_comes_on_standard_input(run: Run, folder: Path, end: str, options: list[str]) -> None:
    """Paths of files and folders, each with its end, the last one also without."""
    paths = [str(FIRST), str(folder / "b" / "deep"), "", str(folder / "missing")]
    ended = run("hash", "--adult", "--json", *options, "-", stdin=end.join(paths))
    assert files_of(ended.stdout) == [str(FIRST), str(folder / "b" / "deep" / "no name"), str(folder / "missing")]
    assert "Hashed: 2 of 3 files." in ended.stderr


def test_a_name_with_a_line_end_goes_through_with_null(run: Run, tmp_path: Path) -> None:
    """Whatever a file may be called, a list can hold it."""
    odd = tmp_path / "a\nb\t.jpg"
    odd.write_bytes(FIRST.read_bytes())
    ended = run("hash", "--adult", "--json", "--null", "-", stdin=str(odd))
    assert files_of(ended.stdout) == [str(odd)]


def test_null_without_a_list_is_a_mistake(run: Run, folder: Path) -> None:
    """It is said what is missing."""
    ended = run("hash", "--adult", "--null", folder)
    assert ended.returncode == 2
    assert "Write - in place of the paths." in ended.stderr


@pytest.mark.parametrize("jobs", [pytest.param(1, marks=pytest.mark.slow), 3])
def test_the_number_of_jobs_changes_no_line(run: Run, folder: Path, jobs: int) -> None:
    """However many files are hashed at once, lines and words are the same."""
    alone, several = (
        run("hash", "--adult", "--json", folder),
        run("hash", "--adult", "--json", "--jobs", str(jobs), folder),
    )
    assert several.stdout == alone.stdout
    assert several.stderr == alone.stderr


def test_jobs_and_cluster_exclude_each_other(run: Run, folder: Path) -> None:
    """Each has a number of its own."""
    ended = run("hash", "--adult", "--jobs", "2", "--cluster", "tcp://127.0.0.1:9", folder)
    assert ended.returncode == 2
    assert "Leave one of the two out." in ended.stderr


def test_a_terminal_shows_how_far_it_is(terminal: At, folder: Path) -> None:
    """Count, total and rate; the words make room for the results."""
    at = terminal("hash", "--adult", folder)
    at.expect("\r0 of 4 files\x1b[K")
    at.expect("\r\x1b[K\rpdq:")
    at.expect("of 4 files, ")
    at.expect(" a second")
    at.expect("\r\x1b[K\rHashed: 2 of 4 files.")
    assert at.wait() == 0


def many(tmp_path: Path, count: int) -> Path:
    top = tmp_path / "many"
    top.mkdir()
    for number in range(count):
        (top / f"{number:05}.jpg").symlink_to(FIRST)
    return top


def test_ctrl_c_says_what_was_done(tmp_path: Path) -> None:
    """Every line there is complete, and they are as many as is said."""
    command = [*PROGRAM, "hash", "--adult", "--json", str(many(tmp_path, 3000))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(tmp_path)
    ) as program:
        assert program.stdout
        assert program.stderr
        lines = [program.stdout.readline() for _ in range(5)]
        program.send_signal(signal.SIGINT)
        lines += program.stdout.readlines()
        words = flat(program.stderr.read())
    assert program.returncode == 130
    assert all(json.loads(line)["signals"] for line in lines)
    assert len(lines) < 3000
    assert (
        words
        == f"Stopped. Hashed: {len(lines):,} of 3,000 files. Every line that was printed is complete. Nothing was sent."
    )


def test_results_stream(tmp_path: Path) -> None:
    """A line comes as soon as its file is hashed, while the list goes on."""
    command = [*PROGRAM, "hash", "--adult", "--json", "--jobs", "1", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)
    ) as program:
        assert program.stdin
        assert program.stdout
        for _ in range(200):
            program.stdin.write(f"{FIRST}\n")
        program.stdin.flush()
        assert json.loads(program.stdout.readline())["file"] == str(FIRST)
        program.stdin.close()
        assert len(program.stdout.readlines()) == 199


def test_a_reader_that_leaves_ends_it_quietly(tmp_path: Path) -> None:
    """As `head` does; no worker is left and no word is said."""
    command = [*PROGRAM, "hash", "--adult", str(many(tmp_path, 400))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(tmp_path)
    ) as program:
        assert program.stdout
        assert program.stderr
        program.stdout.readline()
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 141


class Dripping(io.BytesIO):
    """Standard input that comes a few bytes at a time."""

    def __init__(self, content: bytes, step: int) -> None:
        super().__init__(content)
        self._step = step

    def read1(self, _size: int | None = -1, /) -> bytes:
        return super().read1(self._step)


@pytest.fixture(scope="module")
def unreadable() -> Prepared:
    """Give the result for a file that is not there."""
    (result,) = hash_files([Path("/nowhere")])
    return result


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.binary(max_size=30).map(lambda name: name.replace(b"\n", b"").replace(b"\0", b"")), max_size=9),
    end=st.sampled_from([b"\n", b"\0"]),
    is_ended=st.booleans(),
    step=st.integers(1, 7),
)
def test_lists_are_read_whatever_the_pieces_they_come_in(
    run_inside: Run,
    monkeypatch: pytest.MonkeyPatch,
    unreadable: Prepared,
    names: list[bytes],
    end: bytes,
    is_ended: bool,
    step: int,
) -> None:
    """Cut anywhere, a list holds the same paths; empty ones are skipped, and so is the CR before a line break."""

    def hashed(files: Iterable[Path], **_: object) -> Iterator[Prepared]:
        yield from (replace(unreadable, position=position) for position, _ in enumerate(files))

    monkeypatch.setattr("hashclient.prepare.hash_files", hashed)
    paths = [b"/nowhere/" + name if name else b"" for name in names]
    written = end.join(paths) + (end if is_ended else b"")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Dripping(written, step)))
    ended = run_inside("hash", "--adult", "--json", "-", *(["--null"] if end == b"\0" else []))
    read = [path.removesuffix(b"\r") if end == b"\n" else path for path in paths]
    assert files_of(ended.stdout) == [str(Path(os.fsdecode(path))) for path in read if path]


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        (["pictures"], "\r0 of 4 files\x1b[K"),
        (["pictures/a.jpg"], "\r0 of 1 file\x1b[K"),
        (["pictures/a.jpg", "missing"], "\r0 of 2 files\x1b[K"),
        (["-", "pictures"], "\r0 files\x1b[K"),
    ],
)
def test_what_can_be_counted_is_counted_first(terminal: At, folder: Path, named: list[str], shown: str) -> None:
    """Folders are counted, named files have a number at no cost, and a list has none."""
    at = terminal("hash", "--adult", *(name if name == "-" else folder.parent / name for name in named))
    at.expect(shown)
    at.press_ctrl_c()
    at.wait()


@pytest.mark.slow
def test_files_are_counted_only_so_far(terminal: At, tmp_path: Path) -> None:
    """More files than are worth counting have no total."""
    top = tmp_path / "very many"
    top.mkdir()
    for number in range(50_000):
        os.mknod(top / f"{number:05}")
    at = terminal("hash", "--adult", top)
    at.expect("\r0 of 50,000 files\x1b[K")
    at.press_ctrl_c()
    at.wait()
    os.mknod(top / "one more")
    at = terminal("hash", "--adult", top)
    at.expect("\r0 files\x1b[K")
    at.press_ctrl_c()
    assert at.wait() == 130
    assert "Nothing was sent." in flat(at.text)


SIGNALLED = """
import signal, sys
from hashclient.cli import main

class Signalling:
    def __init__(self, stream):
        self._stream, self._left = stream, {signals}

    def write(self, lines):
        for _ in range(self._left):
            signal.raise_signal(signal.SIGINT)
        self._left = 0
        return self._stream.write(lines)

    def __getattr__(self, name):
        return getattr(self._stream, name)

signal.signal(signal.SIGINT, {handler})
sys.stdout = Signalling(sys.stdout)
main()
"""


@pytest.mark.parametrize(
    ("signals", "handler", "lines", "code"),
    [
        (0, "signal.default_int_handler", 2, 0),
        (1, "signal.default_int_handler", 1, 130),
        (2, "signal.default_int_handler", 0, 130),
        (2, "signal.SIG_IGN", 2, 0),
    ],
)
def test_a_signal_waits_for_the_line(run: Run, signals: int, handler: str, lines: int, code: int) -> None:
    """What is printed is printed whole; a second signal does not wait, and one that was ignored stays so."""
    program = [sys.executable, "-c", SIGNALLED.format(signals=signals, handler=handler)]
    ended = run("hash", "--adult", "--json", FIRST, SECOND, program=program)
    assert ended.returncode == code
    assert files_of(ended.stdout) == [str(FIRST), str(SECOND)][:lines]
    if code:
        assert f"Stopped. Hashed: {lines} of 2 files." in flat(ended.stderr)
