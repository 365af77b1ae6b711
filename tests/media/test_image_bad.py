"""Files that are no good pictures are skipped with a sentence, quickly and in little memory."""

import json
import resource
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError, UnsupportedMediaError
from hashclient.hashing.pdq import PdqHasher
from hashclient.media.image import open_image
from kit import bad_pictures
from kit.bad_pictures import BAD, MIB, saved

KINDS = {
    "JPEG": saved("JPEG"),
    "PNG": saved("PNG"),
    "WEBP": saved("WEBP"),
    "GIF": saved("GIF"),
    "BMP": saved("BMP"),
    "HEIF": saved("HEIF"),
    "AVIF": saved("AVIF"),
}


def test_there_are_many_ways_to_be_bad() -> None:
    """At least 40 kinds of bad pictures are tried."""
    assert len(BAD) >= 40


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_an_error_that_a_person_can_read(name: str) -> None:
    """Each raises one of our errors, with a sentence and a hint, no other error behind it and no warning."""
    untrusted = BAD[name]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(MediaError) as caught, open_image(untrusted):
            pass
    assert type(caught.value) in {BrokenMediaError, MediaTooLargeError, UnsupportedMediaError}
    assert "Nothing of it was sent." in caught.value.sentence
    assert caught.value.hint
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_all_bad_pictures_together_take_little_memory_and_time() -> None:
    """In one process of 1 GiB and 60 seconds of processor time, all are refused within 512 MB, in silence."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    program = [sys.executable, "-W", "error", bad_pictures.__file__]
    done = subprocess.run(program, check=True, capture_output=True, preexec_fn=limit, timeout=300)  # limits only
    report = json.loads(done.stdout)
    assert set(report["outcome"]) == set(BAD)
    assert not [name for name, became in report["outcome"].items() if became == "hashed"]
    assert report["memory_bytes"] < 512 * MIB
    assert done.stderr == b""


LARGEST = """
import io, sys
from PIL import Image
from hashclient.hashing.pdq import PdqHasher
from hashclient.media.image import open_image
from kit.bad_pictures import most_memory_bytes
with open_image(sys.stdin.buffer.read()) as picture:
    PdqHasher().hash_image(picture)
print(most_memory_bytes())
"""


@pytest.mark.slow
def test_the_largest_picture_allowed_takes_under_512_megabytes() -> None:
    """A small PNG of 99 megapixels in colour is decoded and hashed within 512 MB."""
    import struct
    import zlib

    rows = zlib.compressobj(1)
    row = b"\0" + bytes(3 * 11_000)
    pixels = b"".join(rows.compress(row * 100) for _ in range(90)) + rows.flush()
    untrusted = bad_pictures.png(11_000, 9_000, chunks=(bad_pictures.chunk(b"IDAT", pixels),))
    assert struct.unpack_from(">II", untrusted, 16) == (11_000, 9_000)
    environment = {"PYTHONPATH": str(Path(bad_pictures.__file__).parents[1])}
    program = [sys.executable, "-W", "error", "-c", LARGEST]
    done = subprocess.run(program, check=True, capture_output=True, input=untrusted, env=environment)
    assert int(done.stdout) < 512 * MIB


@given(st.binary(max_size=300))
def test_any_bytes_are_hashed_or_refused(untrusted: bytes) -> None:
    """No bytes bring out anything but one of our errors."""
    with pytest.raises(MediaError), open_image(untrusted):
        pass


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=200))
def test_any_bytes_that_begin_like_a_picture_are_hashed_or_refused(kind: str, rest: bytes) -> None:
    """No bytes after the first few of a good picture bring out anything but one of our errors."""
    try:
        with open_image(KINDS[kind][:40] + rest) as image:
            PdqHasher().hash_image(image)
    except MediaError:
        pass


@given(st.sampled_from(sorted(KINDS)), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6))
def test_a_picture_with_a_few_wrong_bytes_is_hashed_or_refused(kind: str, changes: list[tuple[int, int]]) -> None:
    """Changing some bytes of a good picture brings out nothing but one of our errors."""
    spoilt = bytearray(KINDS[kind])
    for place, value in changes:
        spoilt[place % len(spoilt)] = value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a frame count, which Pillow gives for animations
        try:
            with open_image(bytes(spoilt)) as image:
                PdqHasher().hash_image(image)
        except MediaError:
            pass
