"""The wall at run time: the half that sees pictures loads nothing of the network and uses no socket."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kit.videos import coded

NETWORK = (
    "ssl",
    "_ssl",
    "http.client",
    "httpx",
    "httpcore",
    "urllib.request",
    "asyncio",
    "requests",
    "multiprocessing",
    "distributed",
    "dask",
    "tornado",
)

LOADED = """
import sys
import hashclient.prepare, hashclient.prepare.decode, hashclient.prepare.worker
hashclient.prepare.decode.warm_up_for_videos()
print(*sys.modules)
"""

DECODERS = ("PIL", "pillow_heif", "numpy", "imagehash", "scipy", "av")

PARENT = """
import sys
from pathlib import Path
import hashclient.prepare
(one,) = hashclient.prepare.hash_files([Path(sys.argv[2])])
assert one.signals, one
print(*sys.modules)
"""

HOOKED = """
import sys
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
import hashclient.prepare, hashclient.prepare.decode
FORBIDDEN = ("socket.", "ssl.", "http.", "urllib.", "ftplib.", "smtplib.", "os.exec", "os.posix_spawn", "os.fork")
seen = []
def hook(event, arguments):
    started = event == "subprocess.Popen" and sys.argv[2] == "here"
    written = event == "open" and arguments[2] & 3 and isinstance(arguments[0], str) and arguments[0] != "/dev/null"
    if started or written or event.startswith(FORBIDDEN):
        seen.append(event)
sys.addaudithook(hook)
if sys.argv[2] == "control":
    import socket
    socket.socket().close()
    Path(sys.argv[3]).open("ab").close()
files = [Path(name) for name in sys.argv[3:]]
options = hashclient.prepare.HashOptions(sandbox=sys.argv[2] == "workers")
results = list(hashclient.prepare.hash_files(files, options=options))
assert sum(bool(one.signals) for one in results) == len(files), results
print(*seen)
"""


def run(code: str, *arguments: str) -> list[str]:
    command = [sys.executable, "-I", "-c", code, "-", *arguments]
    ended = subprocess.run(command, env={}, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    noise = np.random.default_rng(1).integers(0, 255, (100, 120, 3), dtype=np.uint8)
    kinds = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
    for kind in kinds:
        stream = io.BytesIO()
        Image.fromarray(noise).save(stream, kind)
        (tmp_path / kind).write_bytes(stream.getvalue())
    (tmp_path / "MP4").write_bytes(coded("mp4 h264"))
    return [str(tmp_path / kind) for kind in (*kinds, "MP4")]


def test_importing_the_half_that_sees_pictures_loads_no_network() -> None:
    """In a fresh interpreter neither `prepare` nor its worker brings in a module that speaks to a network."""
    loaded = set(run(LOADED))
    assert "hashclient.prepare.worker" in loaded
    assert loaded.isdisjoint(NETWORK)
    assert not any(name.startswith(("hashclient.transport", "hashclient.client")) for name in loaded)


def test_the_parent_of_workers_loads_no_decoder(pictures: list[str]) -> None:
    """A program that has its files hashed in workers never loads what could decode one."""
    loaded = set(run(PARENT, pictures[0]))
    assert "hashclient.prepare.conversation" in loaded
    assert loaded.isdisjoint(DECODERS)


@pytest.mark.parametrize("way", ["here", "workers"])
def test_no_socket_is_used_and_nothing_written_while_pictures_are_hashed(pictures: list[str], way: str) -> None:
    """Under an audit hook no event of a socket, of another program or of writing fires; workers are the one exception."""
    assert run(HOOKED, way, *pictures) == []


def test_the_hook_can_see(pictures: list[str]) -> None:
    """A socket made on purpose, and a file opened for writing, are caught."""
    assert {"socket.__new__", "open"} <= set(run(HOOKED, "control", *pictures))
