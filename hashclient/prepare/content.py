"""Hash the bytes of one file: what the worker does inside the sandbox, and what is done without one.

Everything that decoding and hashing import is imported here, so that nothing is left to import
once a process is confined.
"""

import struct

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.hashing.coverage import CoverageHasher
from hashclient.hashing.interface import PictureHasher
from hashclient.hashing.level import Coverage
from hashclient.hashing.pdq import PdqHasher
from hashclient.hashing.threads import one_thread
from hashclient.media.image import open_image
from hashclient.model import Content, SignalType
from hashclient.prepare.job import REASONS, Hashed, Job

HASHERS = {SignalType.PDQ: PdqHasher()}
"""The hasher of each type that can be computed of a picture."""

_SMALLEST = struct.pack("<2sIIIIiiHHIIiiII", b"BM", 246, 0, 54, 40, 8, 8, 1, 24, 0, 192, 0, 0, 0, 0) + bytes(192)
"""A black BMP of 8 x 8 pixels."""


def _hasher(kind: SignalType, coverage: Coverage) -> PictureHasher:
    return CoverageHasher(coverage) if kind is SignalType.PDQ else HASHERS[kind]


def warm_up() -> None:
    """Hash a picture of our own, so that what libraries import or allocate on first use is there."""
    for level in Coverage:
        hash_content(Job(0, tuple(HASHERS), coverage=level), _SMALLEST)


def hash_content(job: Job, untrusted: bytes) -> Hashed:
    """Decode and hash one picture; whatever goes wrong is a value, and its words are the class's own.

    Args:
        job: what is asked.
        untrusted: the bytes of a person's file.
    """
    try:
        with one_thread(), open_image(untrusted, decode=job.decode) as picture:
            signals = [signal for kind in job.types for signal in _hasher(kind, job.coverage).hash_picture(picture)]
    except MediaError as error:
        return Hashed(failure=REASONS.get(type(error).__name__, BrokenMediaError)())
    except MemoryError:
        return Hashed(failure=MediaTooLargeError())
    except Exception:  # noqa: BLE001  # one bad file never stops the others, whatever a decoder makes of it
        return Hashed(failure=BrokenMediaError())
    return Hashed(Content.IMAGE, tuple(dict.fromkeys(signals)))
