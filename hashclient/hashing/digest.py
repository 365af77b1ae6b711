"""Hash a file's bytes, MD5 and SHA-256, as they are read; they match equal files only.

No decoder is needed, so the process that opens the file does it. The digest is of every byte, the
metadata among them: it tells nothing of the picture, and whoever has it can show that a file is the
same one.
"""

import hashlib
from collections.abc import Iterable
from typing import BinaryIO, Final

from hashclient.model import Signal
from hashclient.vocabulary import SignalType

DIGESTS: Final = (SignalType.MD5, SignalType.SHA256)
"""The types that are digests."""

_READ_BYTES: Final = 1 << 20


def file_digest(stream: BinaryIO, kinds: Iterable[SignalType]) -> tuple[Signal, ...]:
    """Hash what is left of a stream, in memory that does not grow with it.

    Args:
        stream: the file, at its start.
        kinds: of `DIGESTS`; others are passed over.

    Returns:
        One signal for each, in their order.

    Raises:
        OSError: the file cannot be read to its end.

    Source:
        RFC 1321, FIPS 180-4.
    """
    wanted = [kind for kind in kinds if kind in DIGESTS]
    digests = [hashlib.new(kind.value, usedforsecurity=False) for kind in wanted]
    while digests and (block := stream.read(_READ_BYTES)):
        for digest in digests:
            digest.update(block)
    return tuple(Signal(type=kind, value=digest.hexdigest()) for kind, digest in zip(wanted, digests, strict=True))
