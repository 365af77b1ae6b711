"""Write and read the key file of an endpoint: its private sealing keys, and the peppers that blind what is stored.

The file is JSON and readable by its owner only. Without it, no case can ever be found again; with it and the database,
PINs can be guessed. So it is backed up separately from the database (`docs/operators.md`).

    {"version": 1, "peppers": {"case_key": HEX, "case_number": HEX, "submission": HEX},
     "keys": [{"suite": 2, "private": HEX, "expires": "YYYY-MM-DD"}, ...]}
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hashclient.errors import ConfigError, NoHybridError
from hashclient.messages import _p
from hashclient.model import CaseKey, CaseNumber, SealingKey
from hashclient.sealing import PrivateKey, can_do
from hashclient.vocabulary import Suite

KEY_DAYS: Final = 365
"""Days for which a new sealing key is valid."""
_PRIVATE_BYTES: Final = {Suite.X25519: 32, Suite.MLKEM768_X25519: 96}
_PEPPERS: Final = ("case_key", "case_number", "submission")
_PEPPER_BYTES: Final = 32
_MAX_FILE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, repr=False)
class Peppers:
    """Three secrets of 32 random bytes, kept out of the database and never shown.

    They turn case key, case number and submission digest into values that mean nothing to someone who holds only the
    database. Each use has a secret and a label of its own.
    """

    case_key: bytes
    case_number: bytes
    submission: bytes

    def number_key(self, number: CaseNumber) -> bytes:
        """Return the 32 bytes under which a case is found."""
        return _blind(self.case_number, "case-number", number.on_wire().encode())

    def verifier(self, key: CaseKey) -> bytes:
        """Return the 32 bytes that are stored and compared instead of the case key."""
        return _blind(self.case_key, "case-key", bytes.fromhex(key.on_wire()))

    def digest(self, submission: bytes) -> bytes:
        """Return the 32 bytes that are stored instead of a submission's digest.

        Args:
            submission: SHA-256 of the submission's bytes as they were opened, 32 bytes.
        """
        return _blind(self.submission, "submission", submission)

    def request_mark(self, request: bytes) -> bytes:
        """Return the 32 bytes by which a sealed request is known again.

        Args:
            request: SHA-256 of the whole sealed request, 32 bytes.
        """
        return _blind(self.case_key, "request", request)

    def mark(self) -> bytes:
        """Return 32 bytes that tell whether a database was created with these secrets."""
        return _blind(self.case_key, "mark", self.case_number + self.submission)


def _blind(pepper: bytes, label: str, secret: bytes) -> bytes:
    return hmac.digest(pepper, b"hashclient/v1/endpoint/" + label.encode() + b"\0" + secret, hashlib.sha256)


@dataclass(frozen=True, repr=False)
class HeldKey:
    """One private sealing key and the last day on which it is valid."""

    private: PrivateKey
    expires: str
    """`YYYY-MM-DD`, UTC."""

    def public(self) -> SealingKey:
        """Return the public key, as the profile lists it."""
        return self.private.public(expires=self.expires)


@dataclass(frozen=True, repr=False)
class EndpointKeys:
    """The contents of the key file, never shown."""

    peppers: Peppers
    held: tuple[HeldKey, ...]

    def public(self, *, today: str | None = None) -> tuple[SealingKey, ...]:
        """Return the public keys in file order; given `today`, only those still valid."""
        return tuple(key.public() for key in self.held if today is None or key.expires >= today)

    def by_id(self) -> dict[str, HeldKey]:
        """Return the keys by the key id that a sealed request names."""
        return {key.public().id: key for key in self.held}


def make_keys(path: Path, *, days: int = KEY_DAYS) -> EndpointKeys:
    """Generate sealing keys and peppers, and write a new key file that only its owner can read.

    Args:
        path: where to write the file; nothing may exist there yet.
        days: for how long the sealing keys are valid.

    Raises:
        ConfigError: something exists there already, or the file cannot be written.
        NoHybridError: this build of `cryptography` cannot generate the hybrid key.
    """
    peppers = Peppers(*(secrets.token_bytes(_PEPPER_BYTES) for _ in _PEPPERS))
    keys = EndpointKeys(peppers, _new_pair(days))
    try:
        _write_key_file(path, keys)
    except FileExistsError:
        raise ConfigError(
            _p("error", "A key file already exists there. It was not changed."),
            hint=_p("error", "Name another file; cases need the old one."),
        ) from None
    except OSError:
        raise ConfigError(
            _p("error", "The key file could not be written."), hint=_p("error", "Name a folder that you may write to.")
        ) from None
    return keys


def renew_keys(path: Path, *, days: int = KEY_DAYS) -> EndpointKeys:
    """Add new sealing keys, drop the expired ones, and keep the peppers.

    Old and new keys overlap, so that nobody who has just read the profile is turned away.

    Raises:
        ConfigError: the key file cannot be used or written.
        NoHybridError: this build of `cryptography` cannot generate the hybrid key.
    """
    old = load_keys(path)
    today = _today().isoformat()
    keys = EndpointKeys(old.peppers, _new_pair(days) + tuple(key for key in old.held if key.expires >= today))
    beside = path.with_name(path.name + ".new")
    try:
        beside.unlink(missing_ok=True)  # left by a renewal that was interrupted
        _write_key_file(beside, keys)
        beside.replace(path)
        _sync_folder(path)
    except OSError:
        raise ConfigError(_p("error", "The key file could not be written. The old one is unchanged.")) from None
    return keys


def load_keys(path: Path) -> EndpointKeys:
    """Read a key file.

    Raises:
        ConfigError: the file is missing, is not a key file, or can be read by others.
        NoHybridError: it holds a hybrid key that this build of `cryptography` cannot use.
    """
    untrusted = _read_private(path)
    try:
        keys = _keys_from_json(json.loads(untrusted))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigError(
            _p("error", "The key file cannot be used."), hint=_p("error", "Restore it from its backup.")
        ) from None
    if not all(can_do(key.private.suite) for key in keys.held):
        raise NoHybridError
    return keys


def _read_private(path: Path) -> bytes:
    """Read a file, and refuse it if anyone but its owner could."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_MAX_FILE_BYTES)
    except OSError:
        raise ConfigError(
            _p("error", "The key file could not be read."), hint=_p("error", "Make one with 'hashclient endpoint key'.")
        ) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise ConfigError(
            _p("error", "Others on this machine can read the key file."), hint=_p("error", "Run 'chmod 600' on it.")
        )
    return content


def _keys_from_json(untrusted: Any) -> EndpointKeys:
    if untrusted["version"] != 1:
        raise ValueError("unknown version")
    peppers = [bytes.fromhex(untrusted["peppers"][name]) for name in _PEPPERS]
    held = tuple(_held_key(entry) for entry in untrusted["keys"])
    if not held or any(len(pepper) != _PEPPER_BYTES for pepper in peppers):
        raise ValueError("incomplete")
    return EndpointKeys(Peppers(*peppers), held)


def _held_key(untrusted: Any) -> HeldKey:
    suite, raw = Suite(untrusted["suite"]), bytes.fromhex(untrusted["private"])
    if len(raw) != _PRIVATE_BYTES[suite]:
        raise ValueError("wrong length for its suite")
    return HeldKey(PrivateKey(suite, raw), date.fromisoformat(untrusted["expires"]).isoformat())


def _new_pair(days: int) -> tuple[HeldKey, ...]:
    expires = (_today() + timedelta(days=days)).isoformat()
    return tuple(HeldKey(PrivateKey.generate(suite), expires) for suite in (Suite.MLKEM768_X25519, Suite.X25519))


def _today() -> date:
    return datetime.now(UTC).date()


def _write_key_file(path: Path, keys: EndpointKeys) -> None:
    """Write a file that survives a power cut whole, and that others can never read."""
    document = {
        "version": 1,
        "peppers": {name: getattr(keys.peppers, name).hex() for name in _PEPPERS},
        "keys": [
            {"suite": int(key.private.suite), "private": key.private.raw.hex(), "expires": key.expires}
            for key in keys.held
        ],
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path)


def _sync_folder(path: Path) -> None:
    if os.name == "posix":  # pragma: no branch  # elsewhere a folder cannot be opened
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
