"""What `endpoint doctor` finds wrong with the places and modes of the two files."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hashclient.endpoint import file_checks
from hashclient.endpoint.file_checks import advice_on_files
from hashclient.endpoint.keys import make_keys

TODAY = datetime.now(UTC).date()


@dataclass
class Files:
    root: Path
    days: int = 365
    today: date = TODAY

    @property
    def keys(self) -> Path:
        return self.root / "secrets" / "endpoint.keys"

    @property
    def database(self) -> Path:
        return self.root / "cases" / "cases.db"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Give two files as they should be."""
    monkeypatch.setattr(file_checks, "_about_swap", lambda _: [])
    files = Files(tmp_path)
    for file in (files.keys, files.database):
        file.parent.mkdir(mode=0o700)
    make_keys(files.keys)
    files.database.touch(mode=0o600)
    return files


def found(files: Files) -> list[str]:
    advice = advice_on_files(files.database, files.keys, today=files.today)
    for wrong, step in advice:
        assert wrong.count(".") == step.count(". ") + 1
        assert step.endswith(".")
        assert str(files.root) not in wrong + step
    return [wrong for wrong, _ in advice]


def test_nothing_is_wrong_with_files_as_they_should_be(files: Files) -> None:
    """That holds before the database exists, too."""
    assert found(files) == []
    files.database.unlink()
    assert found(files) == []


def _copy(files: Files) -> None:
    (files.database.parent / "old.bak").write_bytes(b"\n" + files.keys.read_bytes().upper())


def _link(files: Files) -> None:
    (files.keys.parent / "real").hardlink_to(files.keys)


def _move(files: Files) -> None:
    files.keys.rename(moved := files.database.parent / "endpoint.keys")
    files.keys.parent.rmdir()
    files.keys.parent.symlink_to(files.database.parent)
    assert moved.exists()


def _renewed(files: Files) -> None:
    files.today = TODAY + timedelta(days=340)


def _expired(files: Files) -> None:
    files.today = TODAY + timedelta(days=366)


def _broken(files: Files) -> None:
    files.keys.write_text("{}")


WRONG: dict[str, tuple[Callable[[Files], object], str]] = {
    "keys open": (lambda files: files.keys.chmod(0o640), "Other accounts on this machine can read or change the key"),
    "keys missing": (lambda files: files.keys.unlink(), "The key file could not be read."),
    "keys broken": (_broken, "The key file cannot be used."),
    "keys replaceable": (lambda files: files.keys.parent.chmod(0o770), "can replace the key file"),
    "keys copied": (_copy, "A copy of the key file lies in the folder of the database."),
    "keys linked": (_link, "The key file has a second name"),
    "one folder": (_move, "The key file and the database lie in one folder"),
    "keys near their end": (_renewed, "expires in less than 30 days"),
    "keys at their end": (_expired, "Every sealing key has expired."),
    "database open": (lambda files: files.database.chmod(0o644), "can read or change the database"),
    "log open": (
        lambda files: files.database.with_name("cases.db-wal").touch(0o644),
        "can read or change the database",
    ),
    "database replaceable": (lambda files: files.database.parent.chmod(0o777), "can replace the database"),
}


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize("name", WRONG)
def test_each_thing_that_is_wrong_is_said_once(files: Files, name: str) -> None:
    """One sentence says what, and one says what to do; no file is named."""
    spoil, sentence = WRONG[name]
    spoil(files)
    assert [wrong for wrong in found(files) if sentence in wrong] == found(files)
    assert len(found(files)) == 1


def test_a_key_that_has_expired_is_to_be_destroyed(files: Files) -> None:
    """Beside newer ones it serves nobody but those who kept old recordings."""
    content = files.keys.read_text()
    files.keys.write_text(content.replace((TODAY + timedelta(days=365)).isoformat(), "2020-01-01", 1))
    assert found(files) == [
        "The key file still holds a sealing key that has expired, with which old recordings could be opened."
    ]


def test_files_of_another_account_are_told(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """What root sees is not what the endpoint's account sees."""
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert found(files) == ["The key file or the database belongs to another account than the one that asks."]


@pytest.mark.parametrize(
    ("lines", "count"),
    [([], 0), (["/dev/zram0 partition"], 0), (["/dev/sda2 partition"], 1), (["/dev/zram0 a", "/swapfile file"], 1)],
)
def test_swap_is_told(tmp_path: Path, lines: list[str], count: int) -> None:
    """Compressed memory is no disk; a machine without the list is not judged."""
    swaps = tmp_path / "swaps"
    swaps.write_text("\n".join(["Filename Type", *lines]))
    assert len(list(file_checks._about_swap(swaps))) == count
    assert not list(file_checks._about_swap(tmp_path / "none"))
