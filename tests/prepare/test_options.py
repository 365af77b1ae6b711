"""Every type of hash can be asked for, and is in the sandbox what it is outside."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from hashclient.errors import UsageError
from hashclient.hashing.imagehash import FUNCTIONS
from hashclient.model import Content, SignalType
from hashclient.model.signal import ORIGINAL, STORED
from hashclient.prepare import TYPES, HashOptions, hash_files, prepare
from hashclient.prepare.options import IMAGEHASH_TYPES
from hashclient.vocabulary import Decode
from kit.slow import slow_but


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
    """There is none that only others can make; those of imagehash are those that it has a function for."""
    assert frozenset(SignalType) == TYPES
    assert FUNCTIONS.keys() == IMAGEHASH_TYPES


@pytest.mark.parametrize("decode", slow_but(Decode.FAST, of=Decode))
def test_every_type_is_the_same_in_the_sandbox(file: Path, decode: Decode) -> None:
    """A confined worker has imported what it needs, and gives what is given without one, of each type in its order."""
    inside, outside = (
        next(hash_files([file], options=HashOptions(OF_PICTURES, decode=decode, sandbox=sandbox)))
        for sandbox in (True, False)
    )
    assert inside.signals == outside.signals
    assert {signal.type for signal in inside.signals} == {*OF_PICTURES}
    found = {(signal.type, signal.variant): signal for signal in inside.signals}
    for kind in IMAGEHASH_TYPES | {SignalType.PDQ}:
        assert found[kind, ORIGINAL] - found[kind, STORED] > 0
    assert found[SignalType.MD5, None].value == hashlib.md5(file.read_bytes()).hexdigest()  # noqa: S324  # what is asked for
    assert found[SignalType.SHA256, None].value == hashlib.sha256(file.read_bytes()).hexdigest()


def test_no_other_types_are_computed_than_asked_for(file: Path) -> None:
    """A digest alone, where only a digest is asked for."""
    types = (SignalType.SHA256,)
    (one,), (other,) = hash_files([file], types=types), hash_files([file], options=HashOptions(types=types))
    assert one == other
    assert [signal.type for signal in one.signals] == [SignalType.SHA256]


def test_types_are_short_for_options(file: Path) -> None:
    """Both ways of asking give the same."""
    types = (SignalType.SHA256,)
    (one,), (other,) = hash_files([file], types=types), hash_files([file], options=HashOptions(types=types))
    assert one == other


@pytest.mark.parametrize("asked", [(), (SignalType.PHASH, SignalType.PDQ)])
def test_a_worker_loads_imagehash_only_where_it_is_asked_for(asked: tuple[SignalType, ...]) -> None:
    """Neither imagehash nor what it brings is imported where nobody asked for its hashes; else all of it is."""
    code = (
        "import sys; from hashclient.model import SignalType; from hashclient.prepare import decode; decode.warm_up(map(SignalType, sys.argv[1:])); "
        "print(any(name in sys.modules for name in ('imagehash', 'scipy', 'pywt')))"
    )
    done = subprocess.run([sys.executable, "-c", code, *asked], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == str(bool(asked))


def test_each_type_is_made_of_what_it_fits() -> None:
    """Of a picture and of a video each type is made that there is for it, in the order asked for."""
    options = HashOptions(types=(SignalType.SHA256, SignalType.VPDQ, SignalType.PHASH))
    assert options.types_of(Content.IMAGE) == (SignalType.SHA256, SignalType.PHASH)
    assert options.types_of(Content.VIDEO) == (SignalType.SHA256, SignalType.VPDQ)
    assert HashOptions().types_of(Content.IMAGE) == (SignalType.PDQ,)
    assert HashOptions().types_of(Content.VIDEO) == (SignalType.MD5, SignalType.VPDQ)


@pytest.mark.parametrize("interval", [-1, float("nan"), float("inf"), 3601])
def test_an_interval_out_of_range_is_refused_before_any_file(interval: float) -> None:
    """With a sentence that says what can be chosen."""
    with pytest.raises(UsageError, match="interval") as refused:
        prepare([], declarations=None, options=HashOptions(interval=interval))  # type: ignore[arg-type]
    assert "0 (every frame) to 3600" in refused.value.hint
