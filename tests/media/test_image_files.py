"""Files are read whole, once, and only where they are files."""

import os
import socket
from pathlib import Path

import pytest

from hashclient.errors import (
    BrokenMediaError,
    MediaError,
    MediaTooLargeError,
    UnreadableMediaError,
    UnsupportedMediaError,
)
from hashclient.media import limits
from hashclient.media.files import head_of, opened, read_whole
from hashclient.media.formats import HEAD_BYTES, kind_of
from hashclient.media.limits import ImageLimits


def read_file(path: str | os.PathLike[str]) -> bytes:
    """Read a picture file as the program does."""
    with opened(path) as stream:
        return read_whole(stream)


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """The bytes of a file come back, also through a link and for a name as text."""
    path = tmp_path / "picture"
    path.write_bytes(b"some bytes")
    (tmp_path / "link").symlink_to(path)
    assert read_file(path) == read_file(tmp_path / "link") == read_file(str(path)) == b"some bytes"


def test_reading_leaves_no_trace(tmp_path: Path) -> None:
    """The time of the last reading stays as it was, where the file is the person's own."""
    path = tmp_path / "picture"
    path.write_bytes(b"some bytes")
    os.utime(path, ns=(1, 1))
    read_file(path)
    assert path.stat().st_atime_ns == 1


def _missing(folder: Path) -> Path:
    return folder / "no such file"


def _folder(folder: Path) -> Path:
    return folder


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def _socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
    return folder / "socket"


def _null(_: Path) -> Path:
    return Path("/dev/null")


def _endless(_: Path) -> Path:
    return Path("/dev/zero")


def _loop(folder: Path) -> Path:
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


def _dangling(folder: Path) -> Path:
    (folder / "link").symlink_to(folder / "gone")
    return folder / "link"


def _below_a_file(folder: Path) -> Path:
    (folder / "file").write_bytes(b"x")
    return folder / "file" / "picture"


def _impossible(folder: Path) -> Path:
    return folder / "a\0b"


def _too_long(folder: Path) -> Path:
    return folder / ("a" * 5000)


@pytest.mark.parametrize(
    "make",
    [_missing, _folder, _pipe, _socket, _null, _endless, _loop, _dangling, _below_a_file, _impossible, _too_long],
)
def test_what_is_no_file_is_not_read(make: object, tmp_path: Path) -> None:
    """Folders, pipes, sockets, devices and names of nothing are refused at once, unnamed."""
    assert callable(make)
    path = make(tmp_path)
    with pytest.raises(UnreadableMediaError) as caught:
        read_file(path)
    assert caught.value.sentence.endswith("Nothing of it was sent.")
    assert str(tmp_path) not in f"{caught.value.sentence}{caught.value.hint}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without the right to read it is unreadable."""
    path = tmp_path / "picture"
    path.write_bytes(b"some bytes")
    path.chmod(0)
    if os.access(path, os.R_OK):  # root may read anything, so the refusal is acted

        def refuse(*_: object) -> int:
            raise PermissionError

        monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UnreadableMediaError):
        read_file(path)


def test_a_file_of_somebody_else_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the time of reading may not be left alone, the file is read without that."""
    path = tmp_path / "picture"
    path.write_bytes(b"some bytes")
    really = os.open

    def only_the_owner(name: str, flags: int) -> int:
        if flags & os.O_NOATIME:
            raise PermissionError
        return really(name, flags)

    monkeypatch.setattr(os, "open", only_the_owner)
    assert read_file(path) == b"some bytes"


def test_an_empty_file_is_broken(tmp_path: Path) -> None:
    """An empty file says that it is empty."""
    (tmp_path / "picture").touch()
    with pytest.raises(BrokenMediaError, match="empty"):
        read_file(tmp_path / "picture")


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file larger than the limit is refused before it is read; one as large as the limit is not."""
    path = tmp_path / "picture"
    with path.open("wb") as stream:
        stream.truncate(limits.IMAGES.max_file_bytes + 1)
    with pytest.raises(MediaTooLargeError):
        read_file(path)
    path.write_bytes(b"12345")
    monkeypatch.setattr(limits, "IMAGES", ImageLimits(max_file_bytes=5))
    assert read_file(path) == b"12345"


def test_a_file_is_read_no_further_than_it_was_long(tmp_path: Path) -> None:
    """One that grows faster than it is read would hold its reader for ever."""
    path = tmp_path / "picture"
    path.write_bytes(bytes(100_000))

    def read_while_it_grows(size: int, by: int) -> None:
        with opened(path) as stream:
            with path.open("ab") as other:
                other.write(bytes(by))
            while stream.read(size):
                pass

    for size, by in ((10_000, 100_000), (1 << 20, 1)):
        with pytest.raises(UnreadableMediaError):
            read_while_it_grows(size, by)


def test_a_file_that_becomes_a_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was opened is checked again, not only what was there before."""
    path = tmp_path / "picture"
    path.write_bytes(b"some bytes")
    about = tmp_path.stat()
    monkeypatch.setattr(os, "fstat", lambda _: about)
    with pytest.raises(MediaError):
        read_file(path)


def test_the_first_bytes_are_judged_before_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads a file may refuse it by its head; its size is not looked at before, and it stays at its start."""
    path = tmp_path / "picture"
    path.write_bytes(bytes(range(256)) * 8)
    with opened(path) as stream:
        head = head_of(stream)
        assert head == path.read_bytes()[:HEAD_BYTES]
        with pytest.raises(UnsupportedMediaError):
            kind_of(head)
        monkeypatch.setattr(limits, "IMAGES", ImageLimits(max_file_bytes=5))
        with pytest.raises(MediaTooLargeError):
            read_whole(stream)
        monkeypatch.undo()
        assert read_whole(stream) == path.read_bytes()
