"""Hash a file's bytes, with MD5 and SHA-256, as they are read; these hashes match equal files only.

No decoder is needed, so the process that opens the file does it. The digest covers every byte, metadata included: it
tells nothing about the picture, but whoever has it can show that a file is the same one.
"""

import hashlib
from collections.abc import Iterable
from typing import BinaryIO, Final

from hashclient.model import Signal
from hashclient.model.signal import EXACT
from hashclient.vocabulary import SignalType

_BLOCK_BYTES: Final = 1 << 20


def file_digest(stream: BinaryIO, types: Iterable[SignalType]) -> tuple[Signal, ...]:
    """Hash the rest of a stream, in memory that does not grow with its length.

    Args:
        stream: the file, at its start.
        types: `md5`, `sha256`; others are passed over.

    Returns:
        One signal for each, in their order.

    Raises:
        OSError: the file cannot be read to its end.

    Source:
        RFC 1321, FIPS 180-4.
    """
    wanted = [kind for kind in types if kind in EXACT]
    digests = [hashlib.new(kind.value, usedforsecurity=False) for kind in wanted]
    while digests and (block := stream.read(_BLOCK_BYTES)):
        for digest in digests:
            digest.update(block)
    return tuple(Signal(type=kind, value=digest.hexdigest()) for kind, digest in zip(wanted, digests, strict=True))
