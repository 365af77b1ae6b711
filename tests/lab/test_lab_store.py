"""The store: what is committed stays, nothing is in it that should not be, and another's file is left alone."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.lab.dataset import Dataset
from hashclient.lab.engine import Engine
from hashclient.lab.hashed import Hashed
from hashclient.lab.store import Store, StoredRow
from kit.lab import SMALL_SUITE, draw_pictures

PICTURE = "ab" * 32
ROWS = st.builds(
    StoredRow,
    st.sampled_from([PICTURE, "cd" * 32]),
    st.sampled_from(["", "shape.zoom(z=1.1)", "b"]),
    st.sampled_from(["pdq@1", "md5@1"]),
    st.none() | st.binary(max_size=40),
    st.none() | st.integers(0, 100),
    st.none() | st.just("noop"),
)


@given(st.lists(ROWS, max_size=30))
def test_rows_come_back(rows: list[StoredRow]) -> None:
    """The first row of a key is kept as it is, and none is lost."""
    first = {row[:3]: row for row in reversed(rows)}
    with Store() as store:
        store.add(rows[:7])
        store.add(rows[7:])
        assert store.count() == len(first)
        kept = [row for picture in {row.picture for row in rows} for row in store.rows(picture)]
    assert {row[:3]: row for row in kept} == first


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """Hashes of private pictures are sensitive: the file and its log are for the owner alone, whatever was there."""
    path = tmp_path / "lab.sqlite"
    path.touch(0o644)
    with Store(path) as store:
        store.add([StoredRow(PICTURE, "", "pdq@1", b"x", 99, None)])
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    with Store(path) as store:
        assert store.count() == 1


def test_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    """A database of somebody else, or no database, is refused and not changed."""
    foreign, text = tmp_path / "foreign", tmp_path / "text"
    with sqlite3.connect(foreign) as database:
        database.execute("CREATE TABLE theirs (x)")
    database.close()
    text.write_text("no database, but long enough to be looked at" * 50)
    for path in (foreign, text):
        before = path.read_bytes()
        with pytest.raises(UsageError, match="another program"):
            Store(path)
        assert path.read_bytes() == before


def test_a_commit_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """All rows of a commit, or none; and the store goes on."""
    good = StoredRow(PICTURE, "a", "pdq@1", b"x", None, None)
    with Store(tmp_path / "lab.sqlite") as store:
        with pytest.raises(ValueError, match="hexadecimal"):
            store.add([good, StoredRow("no hex", "", "pdq@1", b"", None, None)])
        assert store.count() == 0
        store.add([good])
        assert list(store.rows(PICTURE)) == [good]


def test_a_store_without_a_run_says_so() -> None:
    """The hint is the command that makes one."""
    with Store() as store:
        with pytest.raises(UsageError, match="No run is kept") as caught:
            store.last_run()
        assert "hashclient lab run" in caught.value.hint
        store.keep_run({"b": 1})
        store.keep_run({"a": 2})
        assert store.last_run() == {"a": 2}


def test_a_store_that_was_changed_is_said_in_a_sentence(tmp_path: Path) -> None:
    """The run, a hash or a quality that is no such thing, and pages that were overwritten."""
    whole = tmp_path / "whole"
    pictures = Dataset.from_folder(draw_pictures(tmp_path / "pictures", 6))
    pictures.transform(SMALL_SUITE, which="searched", split="all").hash(("pdq",), engine=Engine(whole)).store.close()

    def scored(change: str, *values: object) -> None:
        path = tmp_path / "changed"
        path.write_bytes(whole.read_bytes())
        database = sqlite3.connect(path)
        with database:
            database.execute(change, values)
        database.close()
        Hashed.from_store(path).score(("pdq",), bootstrap=10)

    scored("UPDATE made SET quality = quality")
    for told in ("{}", "[1]", "1", "no json", "[" * 100_000, 7, '{"suite": [[1]]}'):
        with pytest.raises(UsageError, match="damaged"):
            scored("UPDATE run SET told = ?", told)
    for change in (
        "UPDATE made SET value = x'00'",
        "UPDATE made SET value = 'text'",
        "UPDATE made SET quality = 'abc'",
    ):
        with pytest.raises(UsageError, match="damaged"):
            scored(change)
    whole.write_bytes(whole.read_bytes()[:4096] + bytes(range(256)) * 16 * 20)
    with pytest.raises(UsageError, match="damaged"):
        Hashed.from_store(whole)


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX")
def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path) -> None:
    """What was committed before stays."""
    code = """
import resource, sys
from pathlib import Path
from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.lab.dataset import Dataset
from hashclient.lab.engine import Engine
from hashclient.lab.hashed import Hashed
from hashclient.lab.store import Store, StoredRow
store = Store(Path(sys.argv[1]))
store.add([StoredRow("ab" * 32, "", "pdq@1", b"x", 99, None)])
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 17, 1 << 17))
try:
    store.add([StoredRow("cd" * 32, str(n), "pdq@1", bytes(1000), 99, None) for n in range(9999)])
except UsageError as error:
    print(error.sentence, store.count())
resource.setrlimit(resource.RLIMIT_FSIZE, (20 << 10, 1 << 17))
try:
    Store(Path(sys.argv[1] + "-new"))
except UsageError as error:
    print(error.sentence)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "s")], capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{words.UNWRITABLE} 1\n{words.UNWRITABLE}\n", done.stderr
