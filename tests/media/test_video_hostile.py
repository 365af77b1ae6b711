"""A video that would have others fetched is refused: no connection, no other file (E17 of the specification)."""

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
import pytest

from hashclient.errors import MediaError
from hashclient.media.video import open_video
from hashclient.prepare import hash_files
from kit.hostile_videos import Watch, hostile, watched
from kit.videos import coded

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.enable_socket,
    pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's"),
]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Put a video there that no file has a right to."""
    path = tmp_path / "other.mp4"
    path.write_bytes(coded("mp4 h264"))
    return path


@pytest.fixture
def watch(other: Path) -> Iterator[Watch]:
    """Watch over the network and that video."""
    with watched([other]) as watch:
        yield watch


def test_the_watch_sees_what_ffmpeg_fetches(watch: Watch, other: Path, tmp_path: Path) -> None:
    """Without our rules, playlists are followed: the harness is not blind."""
    files = hostile(watch.url, str(other))
    (tmp_path / "local.m3u8").write_bytes(files["m3u8 of path"])
    with suppress(av.FFmpegError), av.open(str(tmp_path / "local.m3u8"), options={"allowed_extensions": "ALL"}):  # noqa: TID251
        pass
    assert watch.seen()[1] > 0

    def fetch() -> None:
        options = {"protocol_whitelist": "file,http,tcp", "timeout": "1000000", "rw_timeout": "1000000"}
        with suppress(av.FFmpegError):
            av.open(watch.url, options=options, timeout=1)  # noqa: TID251

    fetching = threading.Thread(target=fetch)
    fetching.start()
    fetching.join()
    assert watch.seen()[0] > 0


def test_nothing_is_fetched(watch: Watch, other: Path) -> None:
    """Whatever the file is dressed as."""
    files = hostile(watch.url, str(other))
    assert len(files) >= 50
    for untrusted in files.values():
        with suppress(MediaError), open_video(io.BytesIO(untrusted), interval=0) as opened:
            list(opened.frames())
    assert watch.seen() == (0, 0)


def test_lists_of_other_files_are_refused(watch: Watch, other: Path) -> None:
    """A video that says that its pictures lie elsewhere gives the pictures of no other video."""
    for name, untrusted in hostile(watch.url, str(other)).items():
        if name.startswith("dref"):
            continue
        with pytest.raises(MediaError):
            open_video(io.BytesIO(untrusted))


def test_nothing_is_fetched_by_the_worker_either(watch: Watch, other: Path, tmp_path: Path) -> None:
    """From the file to the answer, as a person's video goes."""
    files = hostile(watch.url, str(other))
    dressed = [untrusted for name, untrusted in files.items() if "dressed as mp4" in name or "dref" in name]
    paths = [tmp_path / f"{place}.mp4" for place in range(len(dressed))]
    for path, untrusted in zip(paths, dressed, strict=True):
        path.write_bytes(untrusted)
    watch.seen()
    assert all(prepared.signals or prepared.skipped for prepared in hash_files(paths))
    assert watch.seen() == (0, 0)
