"""Digests of a file's bytes."""

import hashlib
import io

from hypothesis import given
from hypothesis import strategies as st

from hashclient.hashing.digest import file_digest
from hashclient.model import SignalType

DIGESTS = (SignalType.MD5, SignalType.SHA256)


@given(untrusted=st.binary(max_size=5000))
def test_every_digest_is_the_library_s_own(untrusted: bytes) -> None:
    """In the order asked for, of every byte."""
    md5, sha256 = file_digest(io.BytesIO(untrusted), DIGESTS)
    assert md5.to_text() == f"md5:{hashlib.md5(untrusted, usedforsecurity=False).hexdigest()}"
    assert sha256.to_text() == f"sha256:{hashlib.sha256(untrusted).hexdigest()}"
    assert file_digest(io.BytesIO(untrusted), reversed(DIGESTS)) == (sha256, md5)


def test_published_values() -> None:
    """RFC 1321 and FIPS 180-4, of `abc`."""
    md5, sha256 = file_digest(io.BytesIO(b"abc"), DIGESTS)
    assert md5.value == "900150983cd24fb0d6963f7d28e17f72"
    assert sha256.value == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_memory_does_not_grow_with_the_file() -> None:
    """It is read in pieces."""

    class Pieces(io.RawIOBase):
        left, longest = 50, 0

        def read(self, size: int = -1) -> bytes:
            self.left, self.longest = self.left - 1, max(self.longest, size)
            return bytes(size) if self.left else b""

    pieces = Pieces()
    (md5,) = file_digest(pieces, (SignalType.MD5,))  # type: ignore[arg-type]
    assert pieces.longest <= 1 << 20
    assert md5.value == hashlib.md5(bytes(49 << 20), usedforsecurity=False).hexdigest()


def test_nothing_is_read_for_nothing() -> None:
    """Types that are no digests are left to others."""
    stream = io.BytesIO(b"video")
    assert file_digest(stream, (SignalType.PDQ, SignalType.VPDQ)) == ()
    assert stream.tell() == 0
