"""Folders are walked lazily, in one order, within themselves."""

import os
import socket
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashclient.media import folders
from hashclient.media.folders import Found, LeftOut, Walk


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def names(folder: Path, walk: Walk) -> list[str]:
    return [str(found.path.relative_to(folder)) for found in walk]


def test_files_come_in_the_order_of_names_folders_in_their_place(tmp_path: Path) -> None:
    """Capital letters before small ones, a folder's content where its name stands; the same each time."""
    write(tmp_path, "b.jpg", "a/z.jpg", "a/b/c.png", "a.txt", "B.jpg", "c", "é.jpg")
    expected = ["B.jpg", "a/b/c.png", "a/z.jpg", "a.txt", "b.jpg", "c", "é.jpg"]
    assert names(tmp_path, Walk([tmp_path])) == expected
    assert names(tmp_path, Walk([tmp_path])) == expected


def test_what_is_named_is_given_back_in_its_place(tmp_path: Path) -> None:
    """Files and folders may be mixed; what is named is not judged, hidden, missing or a pipe."""
    write(tmp_path, "folder/a", "folder/.b", "z", ".hidden/c")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to").symlink_to(tmp_path / "folder")
    named = [tmp_path / name for name in ("z", "folder", "missing", "pipe", "folder/.b", ".hidden", "to")]
    walk = Walk(named)
    assert list(walk) == [
        Found(tmp_path / "z", is_named=True),
        Found(tmp_path / "folder/a", is_named=False),
        Found(tmp_path / "missing", is_named=True),
        Found(tmp_path / "pipe", is_named=True),
        Found(tmp_path / "folder/.b", is_named=True),
        Found(tmp_path / ".hidden/c", is_named=False),
        Found(tmp_path / "to/a", is_named=False),
    ]
    assert walk.left_out == LeftOut(hidden=2)
    assert list(Walk([Path("a\0b"), Path("x" * 5000)])) == [
        Found(Path("a\0b"), is_named=True),
        Found(Path("x" * 5000), is_named=True),
    ]


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """Hidden things, links to folders and what is no file are counted once each; links to files are files."""
    write(tmp_path, "in/a.jpg", "in/.DS_Store", "in/.git/deep/b.jpg", "outside/c.jpg")
    inside = tmp_path / "in"
    (inside / "file link").symlink_to(tmp_path / "outside" / "c.jpg")
    (inside / "out").symlink_to(tmp_path / "outside")
    (inside / "circle").symlink_to(inside)
    (inside / "self").symlink_to(inside / "self")
    (inside / "to nothing").symlink_to(inside / "nothing")
    os.mkfifo(inside / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(inside / "socket"))
    walk = Walk([inside])
    assert names(inside, walk) == ["a.jpg", "file link"]
    assert walk.left_out == LeftOut(hidden=2, links=2, others=4)


def test_a_folder_that_cannot_be_listed_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk goes on after it."""
    write(tmp_path, "a/x", "b/y", "c/z")
    really = os.scandir

    def scandir(folder: str) -> Any:
        if folder.endswith("b"):
            raise PermissionError
        return really(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    walk = Walk([tmp_path])
    assert names(tmp_path, walk) == ["a/x", "c/z"]
    assert walk.left_out == LeftOut(unlisted=1)


def test_folders_may_lie_deep(tmp_path: Path) -> None:
    """More folders in one another than a program can recurse into are no trouble."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("file", os.O_CREAT, dir_fd=here))
    os.close(here)
    (found,) = Walk([tmp_path])
    assert found.path.name == "file"
    found.path.unlink()
    for folder in found.path.parents[:1500]:  # pytest recurses when it tidies up, so it could not
        folder.rmdir()


def test_the_walk_is_lazy(tmp_path: Path) -> None:
    """Nothing is listed before it is asked for, and paths are taken one by one."""
    write(tmp_path, "a/x")

    def paths() -> Iterator[Path]:
        yield tmp_path / "a"
        raise AssertionError("taken too early")

    assert len(list(islice(Walk(paths()), 1))) == 1


NAMES = st.sets(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=6), max_size=40)


@settings(max_examples=50)
@given(found=NAMES, most=st.integers(2, 9))
def test_a_large_folder_is_listed_in_parts_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, found: set[str], most: int
) -> None:
    """However few names are held at a time, each comes once, in order."""
    folder = tmp_path_factory.mktemp("large")
    kept = {name for name in found if not name.startswith(".")}
    write(folder, *(f"{name}" for name in kept))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "MAX_ENTRIES", most)
        assert names(folder, Walk([folder])) == sorted(kept)
