"""Blind what identifies a case before it is kept.

Three secrets that never lie in the database turn case key, case number and submission digest into
values that tell nothing to whoever holds the database alone. Each use has its own secret and its
own label.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from hashclient.model import CaseKey, CaseNumber

PEPPER_BYTES: Final = 32


@dataclass(frozen=True, repr=False)
class Peppers:
    """The three secrets, 32 random bytes each; they never show themselves."""

    case_key: bytes
    case_number: bytes
    submission: bytes

    def number_key(self, number: CaseNumber) -> bytes:
        """Give the 32 bytes under which a case is found."""
        return _blind(self.case_number, "case-number", number.on_wire().encode())

    def verifier(self, key: CaseKey) -> bytes:
        """Give the 32 bytes that are compared instead of the case key."""
        return _blind(self.case_key, "case-key", bytes.fromhex(key.on_wire()))

    def digest(self, submission: bytes) -> bytes:
        """Give the 32 bytes kept of a submission's SHA-256 digest.

        Args:
            submission: SHA-256 of the submission's bytes as they were opened, 32 bytes.
        """
        return _blind(self.submission, "submission", submission)

    def mark(self) -> bytes:
        """Give 32 bytes that tell whether a database was made with these secrets."""
        return _blind(self.case_key, "mark", self.case_number + self.submission)


def _blind(pepper: bytes, label: str, secret: bytes) -> bytes:
    return hmac.digest(pepper, b"hashclient/v1/endpoint/" + label.encode() + b"\0" + secret, hashlib.sha256)
