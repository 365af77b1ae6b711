"""Planted leaks: where files are opened, code that brings pictures out of the process is caught, by the kernel alone."""

import ast
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kit.plants import PLANTS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "hashclient"
PICTURES = sorted((ROOT / "examples" / "pictures").glob("*.jpg"))[:3]

HASHING = """
import sys
from pathlib import Path
from hashclient.prepare import HashOptions, hash_files
results = list(hash_files([Path(name) for name in sys.argv[2:]], options=HashOptions(apart=sys.argv[1] == "apart")))
assert all(one.signals for one in results), results
"""

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel holds this wall on Linux only")


@dataclass
class Listener:
    """Listens at a port, for TCP and UDP, at a socket of the file system and at a named pipe."""

    folder: Path
    port: int
    got: list[bytes] = field(default_factory=list)

    def everything(self) -> list[bytes]:
        """Give what came, and the names and bytes of what was written."""
        written = [path for path in self.folder.iterdir() if path.name not in {"socket", "pipe"}]
        return [*filter(None, self.got), *(path.name.encode() for path in written)]


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    folder = tmp_path / "out"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    pipe = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    stream, local = socket.socket(), socket.socket(socket.AF_UNIX)
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stream.bind(("127.0.0.1", 0))
    datagrams.bind(stream.getsockname())
    local.bind(str(folder / "socket"))
    heard = Listener(folder, stream.getsockname()[1])

    def serve(listening: socket.socket) -> None:
        listening.listen()
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                heard.got.append(b"connected")
                try:
                    connection.sendall(b"220 ready\r\n")
                    while data := connection.recv(1 << 16):
                        heard.got.append(data)
                except OSError:
                    pass

    threads = [threading.Thread(target=serve, args=(one,), daemon=True) for one in (stream, local)]
    for thread in threads:
        thread.start()
    yield heard
    datagrams.setblocking(False)
    for one in (stream, local):
        one.shutdown(socket.SHUT_RDWR)
        one.close()
    for thread in threads:
        thread.join(10)
    datagrams.close()
    os.close(pipe)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy the package and its contracts, to be broken."""
    shutil.copytree(PACKAGE, tmp_path / "copy" / "hashclient", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "copy")
    return tmp_path / "copy"


def plant(copied: Path, name: str) -> None:
    file = copied / "hashclient" / "prepare" / "file.py"
    file.write_text(file.read_text() + PLANTS[name].code)


def hash_with(copied: Path, listener: Listener, way: str) -> None:
    environment = {"LEAK_PORT": str(listener.port), "LEAK_FOLDER": str(listener.folder), "PATH": os.environ["PATH"]}
    environment["PYTHONPATH"] = str(copied)
    program = [sys.executable, "-B", "-c", HASHING, way, *map(str, PICTURES)]
    subprocess.run(program, check=True, env=environment, cwd=copied, timeout=120)


def heard_by(listener: Listener, pipe: Path) -> list[bytes]:
    """Give what arrived by any way."""
    arrived = listener.everything()
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        arrived += filter(None, [os.read(descriptor, 1 << 16)])
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)
    return arrived


@needs_linux
@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.parametrize("name", PLANTS)
def test_the_kernel_alone_stops_every_leak(copied: Path, listener: Listener, name: str) -> None:
    """With the leak in place, where files are opened, every picture is still hashed and nothing arrives anywhere."""
    plant(copied, name)
    hash_with(copied, listener, "apart")
    assert heard_by(listener, listener.folder / "pipe") == []


@needs_linux
@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.parametrize("name", sorted(PLANTS.keys() - {"a datagram", "a named pipe"}))
def test_without_the_process_of_its_own_the_leak_arrives(copied: Path, listener: Listener, name: str) -> None:
    """Else the test above would be blind; a datagram and a pipe leave no trace once they are read."""
    plant(copied, name)
    hash_with(copied, listener, "here")
    assert heard_by(listener, listener.folder / "pipe")


# What no file of the half that sees pictures may name, in whatever way.
REACHING = frozenset(
    [
        "_socket",
        "_ssl",
        "asyncio",
        "ctypes",
        "cffi",
        "ftplib",
        "http",
        "httpx",
        "imaplib",
        "multiprocessing",
        "poplib",
        "pty",
        "requests",
        "smtplib",
        "socket",
        "socketserver",
        "ssl",
        "subprocess",
        "urllib",
        "webbrowser",
        "xmlrpc",
    ]
)
STARTING = frozenset(
    [
        "system",
        "popen",
        "fork",
        "forkpty",
        "execv",
        "execve",
        "execvp",
        "execl",
        "posix_spawn",
        "posix_spawnp",
        "spawnv",
    ]
)
EXEMPT = {
    "media/sandbox/landlock.py": {"ctypes"},
    "media/sandbox/seccomp.py": {"ctypes"},
    "media/sandbox/libc.py": {"ctypes"},
    "prepare/conversation.py": {"subprocess"},  # the workers
    "prepare/apart.py": {"fork"},  # the picture half
    # Each imports modules of a fixed list, by name.
    "hashing/__init__.py": {"import_module"},
    "hashing/imagehash.py": {"import_module"},
    "media/image.py": {"import_module"},
    "prepare/__init__.py": {"import_module"},
    "prepare/decode.py": {"import_module"},
}
PICTURE_HALF = ("prepare", "media", "hashing", "pixels.py")


def named_in(source: str) -> set[str]:
    """Give what a source names of all that reaches out: modules, also as text, and calls that start programs."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {alias.name.split(".")[0] for alias in names} & REACHING
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module.split(".")[0]} & REACHING
                found |= {alias.name for alias in names} & ({"import_module"} | (STARTING if module == "os" else set()))
            case ast.Attribute(attr=name) if name in STARTING | {"import_module"}:
                found.add(name)
            case ast.Name(id=name) if name in {"__import__", "eval", "exec", "compile"}:
                found.add(name)
            case ast.Constant(value=str(text)) if text.split(".")[0] in REACHING - {"http", "socket"}:
                found.add(text.split(".")[0])
    return found


def reaching(package: Path) -> dict[str, set[str]]:
    """Give by file what it names and may not."""
    files = [
        file
        for room in PICTURE_HALF
        for file in ([package / room] if room.endswith(".py") else (package / room).rglob("*.py"))
    ]
    found = {file.relative_to(package).as_posix(): named_in(file.read_text()) for file in files}
    return {name: rest for name, names in found.items() if (rest := names - EXEMPT.get(name, set()))}


def test_no_file_of_the_picture_half_names_what_reaches_out() -> None:
    """By its syntax tree, whatever an import contract sees of it."""
    assert reaching(PACKAGE) == {}


@pytest.mark.parametrize("name", sorted(PLANTS.keys() - {"a file", "a named pipe", "a name of a file"}))
def test_the_syntax_tells_on_most_leaks(copied: Path, name: str) -> None:
    """All but those that need no more than a file, which the kernel stops."""
    plant(copied, name)
    assert list(reaching(copied / "hashclient")) == ["prepare/file.py"]


NONCE = """
import secrets
secrets.token_hex = lambda size: "ab" * size
from hashclient import Declarations
from hashclient.client.request import build_submission, new_credentials
from hashclient.model import Item, Signal
affirmed = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)
signal = Signal.from_text("pdq:" + "0f" * 32, quality=80, variant="original")
made = build_submission(new_credentials(), affirmed, [Item(content="image", altered="no", signals=(signal,))])
print(made.nonce == "ab" * 16)
"""


@pytest.mark.parametrize("is_planted", [False, True])
def test_the_nonce_is_random_and_nothing_else(copied: Path, is_planted: bool) -> None:
    """It is what `secrets` gave; one made of bits of a hash, which nobody could tell from chance, is noticed."""
    file = copied / "hashclient" / "client" / "request.py"
    source = file.read_text()
    planted = source.replace("nonce=secrets.token_hex(16)", "nonce=tuple(items)[0].signals[0].value[:32]")
    assert planted != source
    if is_planted:
        file.write_text(planted)
    program = [sys.executable, "-B", "-c", NONCE]
    done = subprocess.run(
        program, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(copied)}, cwd=copied
    )
    assert done.stdout == f"{not is_planted}\n"
