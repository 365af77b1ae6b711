"""Every type of hash can be asked for, and is in the sandbox what it is outside."""

import hashlib
import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from hashclient.errors import UsageError
from hashclient.hashing.imagehash import FUNCTIONS
from hashclient.model import Content, SignalType
from hashclient.model.signal import ORIGINAL, STORED
from hashclient.prepare import TYPES, Decode, hash_files, process
from hashclient.prepare.types import BY_LIBRARY, wanted


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A JPEG that EXIF turns."""
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[274] = 6
    Image.effect_noise((500, 380), 90).resize((2300, 2100)).save(buffer, "JPEG", exif=exif)
    path = tmp_path / "picture.jpg"
    path.write_bytes(buffer.getvalue())
    return path


OF_PICTURES = tuple(sorted(TYPES - {SignalType.VPDQ}))


def test_all_types_of_the_wire_can_be_made() -> None:
    """There is none that only others can make; those of the library are those that it has a function for."""
    assert frozenset(SignalType) == TYPES
    assert FUNCTIONS.keys() == BY_LIBRARY


@pytest.mark.parametrize("decode", list(Decode))
def test_every_type_is_the_same_in_the_sandbox(file: Path, decode: Decode) -> None:
    """A confined worker has imported what it needs, and gives what is given without one, of each type in its order."""
    inside, outside = (
        next(hash_files([file], types=OF_PICTURES, decode=decode, sandbox=sandbox)) for sandbox in (True, False)
    )
    assert inside.signals == outside.signals
    assert {signal.type for signal in inside.signals} == {*OF_PICTURES}
    found = {(signal.type, signal.variant): signal for signal in inside.signals}
    for kind in BY_LIBRARY | {SignalType.PDQ}:
        assert found[kind, ORIGINAL] - found[kind, STORED] > 0
    assert found[SignalType.MD5, None].value == hashlib.md5(file.read_bytes()).hexdigest()  # noqa: S324  # what is asked for
    assert found[SignalType.SHA256, None].value == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_worker_is_started_for_what_it_is_asked() -> None:
    """Only types that need the library are named to it, once each and in one order; the usual ones need none."""
    assert process.command_for([SignalType.PDQ, SignalType.MD5]) == process.COMMAND
    named = process.command_for([SignalType.WHASH, SignalType.PDQ, SignalType.DHASH, SignalType.WHASH])
    assert process.asked_types(named) == (SignalType.DHASH, SignalType.WHASH)
    assert process.asked_types(process.COMMAND) == ()


def test_the_usual_worker_loads_no_library(tmp_path: Path) -> None:
    """Neither imagehash nor what it brings is imported where nobody asked for its hashes."""
    import subprocess

    code = (
        "import sys; from hashclient.prepare import content; content.warm_up(); "
        "print(any(name in sys.modules for name in ('imagehash', 'scipy', 'pywt')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_types_are_sorted_by_what_they_can_be_made_of() -> None:
    """Of a picture and of a video each type is made that there is for it, in the order asked for; none is an error."""
    asked = (SignalType.SHA256, SignalType.VPDQ, SignalType.PHASH)
    assert wanted(asked) == {
        Content.IMAGE: (SignalType.SHA256, SignalType.PHASH),
        Content.VIDEO: (SignalType.SHA256, SignalType.VPDQ),
    }
    with pytest.raises(UsageError):
        wanted(())
