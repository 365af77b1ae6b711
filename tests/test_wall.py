"""The wall: nothing that sees a picture can reach the network, nothing that reaches the network can see a picture."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from hashclient.client import Client
from hashclient.client.request import build_submission, new_credentials
from hashclient.model import Altered, Declarations, Depicted
from hashclient.model.wire import encode
from hashclient.prepare import item_of, prepare
from hashclient.testing import EndpointSimulator

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "examples" / "pictures" / "fruit-and-bowl.jpg"

PICTURE_LIBRARIES = {"PIL", "pillow_heif", "imagehash", "pdqhash", "numpy", "scipy", "av"}
NETWORK_LIBRARIES = {"ssl", "_ssl", "http.client", "urllib.request", "requests", "httpx", "httpcore", "asyncio"}
OURS_THAT_SEE_PICTURES = {"hashclient.prepare", "hashclient.media", "hashclient.hashing", "hashclient.lab"}
OURS_THAT_REACH_THE_NETWORK = {"hashclient.client", "hashclient.transport", "hashclient.config"}

HASH_UNDER_GUARD = """
import sys
from pathlib import Path
from hashclient.model import SignalType
from hashclient.prepare import HashOptions, decode, hash_files

decode.warm_up()  # libraries may look around on their first use; what follows is a person's picture
refused = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.system", "os.remove",
           "os.rename", "os.mkdir", "os.link", "os.symlink", "shutil.copyfile", "tempfile.mkstemp"}
seen = []

def guard(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event.startswith(("socket.", "urllib.", "http.", "ssl.")) or event in refused or writes:
        seen.append(event)
        raise RuntimeError(event)

sys.addaudithook(guard)
signals = [signal for prepared in hash_files([Path(name) for name in sys.argv[1:]], options=HashOptions(sandbox=False))
           for signal in prepared.signals]
assert len(signals) == len(sys.argv) - 1, signals
assert not seen, seen
import socket
try:
    socket.socket()
except RuntimeError:
    print("guarded")
"""


def fresh(program: str, *arguments: str) -> str:
    """Run a program in a fresh interpreter that this one's environment does not reach; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_after(statement: str) -> set[str]:
    """Give the names of all modules that are loaded once `statement` has run."""
    return set(json.loads(fresh(f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))")))


def families(modules: set[str]) -> set[str]:
    """Add to each dotted name the names above it."""
    return {".".join(name.split(".")[: depth + 1]) for name in modules for depth in range(name.count(".") + 1)}


def test_the_picture_half_loads_no_network() -> None:
    """After importing what hashes pictures, nothing that could reach the network is there."""
    loaded = families(modules_after("import hashclient.prepare, hashclient.prepare.decode, hashclient.lab"))
    assert not loaded & (NETWORK_LIBRARIES | OURS_THAT_REACH_THE_NETWORK)
    assert loaded >= OURS_THAT_SEE_PICTURES


def test_the_lab_starts_processes_on_use() -> None:
    """What opens sockets of this machine is loaded when processes are asked for, not with the engine."""
    assert not families(modules_after("from hashclient.lab import Engine, Scored")) & (
        NETWORK_LIBRARIES | {"multiprocessing"}
    )


def test_the_network_half_loads_no_pictures() -> None:
    """After importing what reaches the network, nothing that could read a picture is there."""
    loaded = families(modules_after("import hashclient.client, hashclient.transport.http, hashclient.config"))
    assert not loaded & (PICTURE_LIBRARIES | OURS_THAT_SEE_PICTURES)
    assert loaded >= OURS_THAT_REACH_THE_NETWORK


def test_the_front_door_opens_neither_half() -> None:
    """`import hashclient` loads neither half, and no library of either."""
    loaded = families(modules_after("import hashclient; hashclient.Signal"))
    ours = OURS_THAT_SEE_PICTURES | OURS_THAT_REACH_THE_NETWORK
    assert not loaded & (PICTURE_LIBRARIES | NETWORK_LIBRARIES | ours)


def test_help_loads_no_library_of_either_half() -> None:
    """`hashclient --help` is light: it reads no picture and reaches nothing, so it loads nothing for either."""
    program = "import sys; sys.argv = ['hashclient', '--help']\nfrom hashclient.cli import main\ntry: main()\nexcept SystemExit: pass"
    printed = fresh(program + "\nimport json; print(json.dumps(sorted(sys.modules)))").splitlines()[-1]
    loaded = families(set(json.loads(printed)))
    assert not loaded & (PICTURE_LIBRARIES | (NETWORK_LIBRARIES - {"asyncio"}) | {"pydantic", "cryptography", "rich"})


def test_hashing_opens_no_socket_no_process_and_no_file_for_writing() -> None:
    """While pictures are hashed, the interpreter reports no event that could carry anything away."""
    pictures = sorted(map(str, PICTURE.parent.glob("*.jpg")))
    assert fresh(HASH_UNDER_GUARD, *pictures) == "guarded\n"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy the package and its contracts, to be broken."""
    shutil.copytree(ROOT / "hashclient", tmp_path / "hashclient", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def contracts(folder: Path) -> tuple[int, str]:
    """Check the import contracts of the package in a folder."""
    program = (
        "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_contracts_hold(copied: Path) -> None:
    """The import graph keeps the promise."""
    code, words = contracts(copied)
    assert code == 0, words
    assert "10 kept, 0 broken" in words


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("hashing/pdq.py", "import httpx", "2. "),
        ("media/image.py", "from urllib.parse import quote", "2. "),
        ("prepare/result.py", "from hashclient.sealing import seal", ""),
        ("prepare/result.py", "def late() -> None:\n    import hashclient.transport.http", "2. "),
        ("prepare/file.py", "import smtplib", "2. "),
        ("media/files.py", "import multiprocessing", "2. "),
        ("hashing/digest.py", "import asyncio", "2. "),
        ("lab/suites.py", "from hashclient.transport.http import HttpTransport", "2. "),
        ("lab/suites.py", "import distributed", "2. "),
        ("prepare/file.py", "import ctypes", "2b. "),
        ("media/image.py", "import subprocess", "2b. "),
        ("client/trust.py", "from PIL import Image", "3. "),
        ("config.py", "from hashclient.media import limits", "3. "),
        ("model/policy.py", "import random", "4. "),
        ("client/retry.py", "import httpx", "5. "),
        ("endpoint/people/intake.py", "from hashclient.config import Settings", "6. "),
        ("sealing.py", "import socket", "7a. "),
        ("page/loopback.py", "from hashclient.errors import UsageError", "1. "),
        ("testing.py", "from hashclient.client import Client", "7b. "),
        ("__init__.py", "from hashclient.client import Client", "8. "),
    ],
)
def test_a_hole_in_the_wall_is_seen(copied: Path, file: str, line: str, contract: str) -> None:
    """An import across the wall, direct, chained or inside a function, breaks the contract that forbids it."""
    path = copied / "hashclient" / file
    path.write_text(f"{path.read_text()}\n{line}\n")
    code, words = contracts(copied)
    assert (code == 0) is (contract == ""), words
    broken = [verdict for verdict in words.splitlines() if " BROKEN" in verdict]
    assert any(verdict.startswith(contract) for verdict in broken) or not contract


def test_nothing_of_a_picture_reaches_the_endpoint(tmp_path: Path) -> None:
    """A picture with planted pixels, EXIF and name goes the whole way; the endpoint gets hashes and nothing else."""
    planted = "ZoeQuartz-1987"
    with Image.open(PICTURE) as picture:  # noqa: TID251  # the test makes the file that hashclient reads
        exif = picture.getexif()
        exif[0x010E] = exif[0x013B] = planted
        picture.resize((300, 200)).save(tmp_path / f"{planted}.png", exif=exif)
        picture.save(tmp_path / f"{planted}.jpg", exif=exif, comment=planted, quality=90)
        pixels = picture.tobytes()
    files = sorted(tmp_path.iterdir())
    affirmed = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)
    items = [item_of(prepared, altered=Altered.NO) for prepared in prepare(files, declarations=affirmed)]
    submission = build_submission(new_credentials(), affirmed, [item for item in items if item])
    simulator = EndpointSimulator()
    receipt = Client(simulator).submit(submission)

    assert receipt.items == len(files)
    (opened,) = simulator.opened
    assert opened == encode(submission)
    carried = [body for _, body in simulator.requests] + simulator.opened
    for body in carried:
        assert planted.encode() not in body
        assert str(tmp_path).encode() not in body
    for held in (pixels, *(path.read_bytes() for path in files)):
        assert not any(window_of(body) & windows(held) for body in carried)


WINDOW = 16


def windows(held: bytes) -> set[bytes]:
    """Give every aligned run of bytes of what must not leave; two such runs fit in any 32 bytes of it."""
    return {held[start : start + WINDOW] for start in range(0, len(held) - WINDOW + 1, WINDOW)}


def window_of(body: bytes) -> set[bytes]:
    """Give every run of bytes of what left, but for runs of zeros, which are padding."""
    runs = {body[start : start + WINDOW] for start in range(len(body) - WINDOW + 1)}
    return runs - {bytes(WINDOW)}
