"""Output that cannot hold a name, is closed or full, and lists as other systems write them."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.cli import _files, _terminal
from hashclient.cli.hash import _as_json, _as_lines
from hashclient.errors import UsageError
from hashclient.model import Signal
from hashclient.prepare import Prepared
from hashclient.vocabulary import Content
from kit.command_line import DECLARED, NOWHERE, PICTURES, PROGRAM, SIMULATED, Run, environment, flat

FIRST = PICTURES / "picture-1.jpg"
NAMES = [
    "a plain name.jpg",
    "\u00e9t\u00e9.jpg",
    "\u65e5\u672c \U0001f4f7.jpg",
    "tab\there\nand line.jpg",
    "not\udcff text.jpg",
    "back\\slash.jpg",
]
CODES = ["ascii", "cp1252", "cp437", "cp932", "utf-8", "utf-16", "cp1252:strict"]
UNWRITABLE = "The results could not be written: the output is closed or full."
COMMANDS = [
    ["hash", "--research", FIRST],
    ["hash", "--research", "--json", FIRST, PICTURES],
    ["inspect", *DECLARED, "--altered", "no", FIRST],
    ["schema"],
    ["schema", "submission"],
    ["doctor"],
    ["--version"],
    ["--help"],
    ["hash", "--help"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pictures whose names are hard to print."""
    made = tmp_path / "pictures"
    made.mkdir()
    for name in NAMES:
        (made / name).write_bytes(FIRST.read_bytes())
    return made


def redirected(tmp_path: Path, redirection: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the program as a shell does with a redirection after it."""
    words = [*PROGRAM, *map(str, arguments)]
    command = ["sh", "-c", f'exec "$@" {redirection}', "sh", *words]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=environment(tmp_path),
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("code", CODES)
def test_every_file_has_its_line_whatever_the_output_can_hold(folder: Path, tmp_path: Path, code: str) -> None:
    """A letter that a code page lacks is escaped; each line is one line, and nothing is left out."""
    done = subprocess.run(
        [*PROGRAM, "hash", "--research", folder],
        capture_output=True,
        env=environment(tmp_path) | {"PYTHONIOENCODING": code},
        check=False,
    )
    lines = done.stdout.decode(code.partition(":")[0]).splitlines()
    assert done.returncode == 0
    assert len(lines) == len(NAMES)
    assert all(line.startswith("pdq:") and line.count("\t") == 3 and line.endswith(".jpg") for line in lines)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("code", CODES)
def test_json_gives_names_back_exactly(folder: Path, tmp_path: Path, code: str) -> None:
    """As a file's name is in the program, undecodable bytes included."""
    done = subprocess.run(
        [*PROGRAM, "hash", "--research", "--json", folder],
        capture_output=True,
        env=environment(tmp_path) | {"PYTHONIOENCODING": code},
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.decode(code.partition(":")[0]).splitlines()]
    assert done.returncode == 0
    assert {os.fsencode(one["file"]) for one in found} == {os.fsencode(folder / name) for name in NAMES}


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: " ".join(map(str, words[:2])))
def test_output_that_is_closed_or_full_is_one_sentence(
    tmp_path: Path, arguments: Sequence[str | Path], redirection: str
) -> None:
    """Exit code 2, what happened, whether anything was sent, one thing to do; no traceback at the end either."""
    done = redirected(tmp_path, redirection, *arguments)
    words = flat(done.stderr)
    assert done.returncode == 2
    assert words.endswith(f"{UNWRITABLE} Nothing was sent. Make room, or choose another place for the output.")
    assert words.count(UNWRITABLE) == 1
    for foreign in ("Traceback", "Exception", "OSError", str(FIRST)):
        assert foreign not in words


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-", "<&-", "<&- 2>&-"])
def test_words_that_cannot_be_written_stop_nothing(tmp_path: Path, redirection: str) -> None:
    """Results come as always."""
    done = redirected(tmp_path, redirection, "hash", "--research", FIRST, tmp_path / "missing.jpg")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"{line}" for line in redirected(tmp_path, "", "hash", "--research", FIRST).stdout.splitlines()
    ]


def test_all_streams_may_be_closed(tmp_path: Path) -> None:
    """Then there is an exit code."""
    assert redirected(tmp_path, "<&- >&- 2>&-", "hash", "--research", FIRST).returncode == 2
    assert redirected(tmp_path, "<&-", "hash", "--research", "-").returncode == 2
    assert redirected(tmp_path, "<&- 2>&-", "hash", FIRST).returncode == 2


def test_no_file_of_the_person_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """What is written to standard output never lands in a picture."""
    copy = tmp_path / "picture.jpg"
    copy.write_bytes(FIRST.read_bytes())
    copy.chmod(0o600)
    redirected(tmp_path, "<&- >&- 2>&-", "hash", "--research", copy, copy)
    assert copy.read_bytes() == FIRST.read_bytes()


def test_a_reader_that_goes_away_ends_the_program_without_a_word(tmp_path: Path) -> None:
    """Exit code 141, as of programs that a broken pipe ends; what was read is whole lines."""
    files = [FIRST] * 200
    with subprocess.Popen(
        [*PROGRAM, "hash", "--research", *map(str, files)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("pdq:")
        process.stdout.close()
        words = process.stderr.read()
    assert process.returncode == 141
    assert flat(words).count("nothing made this way can become a request") == 1
    assert "Error" not in words


@pytest.mark.parametrize(
    ("before", "end", "is_ended"), [(b"\xef\xbb\xbf", b"\r\n", False), (b"", b"\n", True)], ids=["windows", "unix"]
)
def test_lists_of_other_systems(tmp_path: Path, before: bytes, end: bytes, is_ended: bool) -> None:
    """With a byte order mark, with CR LF, with empty lines, and with or without an end after the last."""
    names = ["first.jpg", "\u65e5\u672c.jpg", "with blank .jpg"]
    for name in names:
        (tmp_path / name).write_bytes(FIRST.read_bytes())
    listed = before + end.join(
        [os.fsencode(tmp_path / names[0]), b"", *(os.fsencode(tmp_path / name) for name in names[1:])]
    )
    done = subprocess.run(
        [*PROGRAM, "hash", "--research", "--json", "-"],
        input=listed + (end if is_ended else b""),
        capture_output=True,
        env=environment(tmp_path),
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["file"] for one in found] == [str(tmp_path / name) for name in names]
    assert all(one["signals"] for one in found)


def test_with_null_every_byte_of_a_name_counts(tmp_path: Path) -> None:
    """A name may end in CR, hold a line break, or begin with what looks like a byte order mark."""
    names = [b"\xef\xbb\xbfa\r", b"b\r\n", b"\xff\xfec"]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(FIRST.read_bytes())
    done = subprocess.run(
        [*PROGRAM, "hash", "--research", "--json", "--null", "-"],
        input=b"\0".join(names),
        capture_output=True,
        env=environment(tmp_path),
        cwd=tmp_path,
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [os.fsencode(one["file"]) for one in found] == names
    assert all(one["signals"] for one in found)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_a_list_in_utf_16_is_refused(tmp_path: Path, mark: bytes) -> None:
    """As some shells write it: one sentence, and no file is opened."""
    listed = mark + str(FIRST).encode("utf-16-le" if mark == b"\xff\xfe" else "utf-16-be")
    command = [*PROGRAM, "hash", "--research", "-"]
    done = subprocess.run(command, input=listed, capture_output=True, env=environment(tmp_path), check=False)
    assert done.returncode == 2
    assert "UTF-16" in flat(done.stderr.decode())
    assert done.stdout == b""


@pytest.mark.parametrize(
    "name",
    [r"C:\Users\A\Pictures\beach.jpg", r"\\server\share\a b.jpg", "C:\\\u65e5\\\u202egpj.exe", r"..\new\table.jpg"],
)
def test_names_of_windows_are_shown_and_given_back(name: str) -> None:
    """Backslashes stay; what a terminal could obey is escaped; JSON gives the very name back."""
    signal = Signal.from_text("pdq:" + "0" * 64, quality=90, variant="original")
    path = PureWindowsPath(name)
    prepared = Prepared(path, 0, Content.IMAGE, (signal,), (), "none")  # type: ignore[arg-type]
    assert PureWindowsPath(json.loads(_as_json(prepared, path))["file"]) == path  # type: ignore[arg-type]
    (line,) = _as_lines(prepared, path)  # type: ignore[arg-type]
    shown = line.split("\t")[3]
    assert shown == name.replace("\u202e", "\\u202e")
    assert _terminal.plain(name) == shown


def test_research_asks_nothing_and_says_so_once(run: Run) -> None:
    """One sentence among the words, none among the data, however many files there are."""
    ended = run("hash", "--research", "--json", FIRST, FIRST, FIRST)
    assert ended.returncode == 0
    assert [list(json.loads(line)) for line in ended.stdout.splitlines()] == [
        ["file", "content", "signals", "skipped"]
    ] * 3
    assert flat(ended.stderr).count("nothing made this way can become a request") == 1
    assert "under 18" in flat(ended.stderr)


@pytest.mark.parametrize("verb", ["inspect", "submit"])
def test_no_verb_that_makes_a_request_is_for_research(run: Run, verb: str) -> None:
    """The option is of `hash` alone."""
    ended = run(verb, "--research", FIRST)
    assert ended.returncode == 2
    assert "There is no such option here. Nothing was sent." in flat(ended.stderr)


@pytest.mark.parametrize("redirected_to", ["/dev/full", None])
def test_a_request_that_was_sent_is_said_to_be(tmp_path: Path, redirected_to: str | None) -> None:
    """Where the receipt cannot be written, the words still tell the truth about sending."""
    arguments = ["submit", FIRST, *DECLARED, "--endpoint", NOWHERE, "--send", "--json", "--credentials-fd", "9"]
    words = [*SIMULATED, "none", *map(str, arguments)]
    codes = tmp_path / "codes"
    output = f">{redirected_to}" if redirected_to else ">&-"
    command = ["sh", "-c", f'exec "$@" 9>{codes} {output}', "sh", *words]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(tmp_path), timeout=120, check=False)
    said = flat(done.stderr)
    assert done.returncode == 2
    assert "CASES 1" in said
    assert f"{UNWRITABLE} Received by 127.0.0.1:1." in said
    assert "Nothing was sent" not in said
    assert len(codes.read_text().splitlines()) == 2


def test_a_request_that_was_not_sent_keeps_its_own_error(tmp_path: Path) -> None:
    """That nobody can be told on standard output does not hide why."""
    arguments: list[str | Path] = [
        "submit",
        FIRST,
        *DECLARED,
        "--endpoint",
        NOWHERE,
        "--send",
        "--json",
        "--credentials-fd",
        "9",
    ]
    done = redirected(tmp_path, f"9>{tmp_path / 'codes'} >/dev/full", *arguments)
    assert done.returncode == 3
    assert UNWRITABLE not in flat(done.stderr)
    assert "Nothing was sent." in flat(done.stderr)


class Chunks(io.RawIOBase):
    """Bytes that arrive a few at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self._left, self._size = content, size

    def readable(self) -> bool:
        return True

    def readinto(self, into: "memoryview[int]", /) -> int:  # type: ignore[override]
        piece, self._left = self._left[: self._size], self._left[self._size :]
        into[: len(piece)] = piece
        return len(piece)


def listed(content: bytes, size: int, *, is_null: bool) -> list[bytes]:
    """Read a list from standard input, so many bytes at a time; give the paths."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Chunks(content, size))))
        return [os.fsencode(path) for path in _files.Files([Path("-")], is_null=is_null).paths()]


NAME_BYTES = st.binary(min_size=1, max_size=6).filter(
    lambda name: (
        not {0, 10, 13, 46, 47} & set(name)
        and name[:2] not in {b"\xff\xfe", b"\xfe\xff"}
        and name[:3] != b"\xef\xbb\xbf"
    )
)


@given(
    names=st.lists(NAME_BYTES, max_size=6),
    ends=st.lists(st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\r\n\r\n"]), min_size=6, max_size=6),
    before=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    size=st.integers(1, 9),
)
def test_a_list_gives_its_names_however_it_arrives(
    names: list[bytes], ends: list[bytes], before: bytes, size: int
) -> None:
    """With lines that end in either way, mixed too, and with a byte order mark that arrives in pieces."""
    content = before + b"".join(name + end for name, end in zip(names, ends, strict=False))
    assert listed(content, size, is_null=False) == names
    assert listed(b"\0".join(names), size, is_null=True) == names


@given(content=st.binary(max_size=60), size=st.integers(1, 9), is_null=st.booleans())
def test_any_bytes_are_a_list_or_are_refused(content: bytes, size: int, is_null: bool) -> None:
    """No path is empty, and nothing but one sentence comes of what is no list."""
    try:
        paths = listed(content, size, is_null=is_null)
    except UsageError as refused:
        assert "UTF-16" in refused.sentence
    else:
        assert all(paths)


@given(st.text(max_size=30))
def test_what_is_shown_is_one_line_without_commands(name: str) -> None:
    """Whatever is in a name, a terminal obeys none of it, and printable letters stay as they are."""
    shown = _terminal.plain(name)
    assert shown.isprintable()
    assert len(shown.splitlines()) <= 1
    assert shown == name or not name.isprintable()
    shown.encode("ascii", "backslashreplace")
