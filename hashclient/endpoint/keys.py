"""Make and read the key file of an endpoint: its sealing keys and its peppers.

The file is JSON, readable by its owner only. Without it no case can be opened any more, and
whoever has it and the database can try PINs: it is backed up apart (`docs/operators.md`).

    {"version": 1, "peppers": {"case_key": HEX, "case_number": HEX, "submission": HEX},
     "keys": [{"suite": 2, "private": HEX, "expires": "YYYY-MM-DD"}, ...]}
"""

import json
import os
import secrets
import stat
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hashclient.endpoint.peppers import PEPPER_BYTES, Peppers
from hashclient.errors import ConfigError, NoHybridError
from hashclient.model import SealingKey
from hashclient.sealing import PrivateKey, can_do, check_digits
from hashclient.vocabulary import Suite

KEY_DAYS: Final = 365
"""Days for which a new sealing key may be used."""
_PRIVATE_BYTES: Final = {Suite.X25519: 32, Suite.MLKEM768_X25519: 96}
_PEPPERS: Final = ("case_key", "case_number", "submission")
_MOST_BYTES: Final = 64 * 1024


@dataclass(frozen=True, repr=False)
class HeldKey:
    """One private sealing key and the last day of its use."""

    private: PrivateKey
    expires: str
    """`YYYY-MM-DD`, UTC."""

    def public(self) -> SealingKey:
        """Give the public key as it stands in the profile."""
        return self.private.public(expires=self.expires)


@dataclass(frozen=True, repr=False)
class EndpointKeys:
    """What the key file holds; it never shows itself."""

    peppers: Peppers
    held: tuple[HeldKey, ...]

    def public(self, *, today: str | None = None) -> tuple[SealingKey, ...]:
        """Give the public keys, in the order of the file; with `today`, only those still in use."""
        return tuple(key.public() for key in self.held if today is None or key.expires >= today)

    def by_id(self) -> dict[str, PrivateKey]:
        """Give the private keys by the key id that stands in a sealed request."""
        return {key.public().id: key.private for key in self.held}

    def check_digits(self) -> tuple[str, ...]:
        """Give 25 digits for each key, for the operator to publish and people to compare."""
        return tuple(check_digits(key) for key in self.public())


def make_keys(path: Path, *, days: int = KEY_DAYS) -> EndpointKeys:
    """Draw sealing keys and peppers and write a new key file, readable by its owner only.

    Args:
        path: where; nothing may be there yet.
        days: for how long the sealing keys may be used.

    Raises:
        ConfigError: something is there already, or the place cannot be written.
        NoHybridError: this build of `cryptography` cannot make the hybrid key.
    """
    peppers = Peppers(*(secrets.token_bytes(PEPPER_BYTES) for _ in _PEPPERS))
    keys = EndpointKeys(peppers, _new_pair(days))
    try:
        _write_new(path, keys)
    except FileExistsError:
        raise ConfigError(
            "A key file is there already. It was left as it is.", hint="Name another file; cases need the old one."
        ) from None
    except OSError:
        raise ConfigError("The key file could not be written.", hint="Name a folder that you may write to.") from None
    return keys


def renew_keys(path: Path, *, days: int = KEY_DAYS) -> EndpointKeys:
    """Add new sealing keys, drop those past their last day, keep the peppers.

    Old and new keys then overlap, so that nobody who just read the profile is turned away.

    Raises:
        ConfigError: the key file cannot be used or written.
        NoHybridError: this build of `cryptography` cannot make the hybrid key.
    """
    old = load_keys(path)
    today = _today().isoformat()
    keys = EndpointKeys(old.peppers, _new_pair(days) + tuple(key for key in old.held if key.expires >= today))
    beside = path.with_name(path.name + ".new")
    try:
        beside.unlink(missing_ok=True)  # left by a renewal that was cut off
        _write_new(beside, keys)
        beside.replace(path)
        _sync_folder(path)
    except OSError:
        raise ConfigError("The key file could not be written. The old one is unchanged.") from None
    return keys


def load_keys(path: Path) -> EndpointKeys:
    """Read a key file.

    Raises:
        ConfigError: it is missing, not of this form, or others may read it.
        NoHybridError: it holds a hybrid key, and this build of `cryptography` cannot use it.
    """
    untrusted = _read_own(path)
    try:
        keys = _from_json(json.loads(untrusted))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigError("The key file cannot be used.", hint="Restore it from its backup.") from None
    if not all(can_do(key.private.suite) for key in keys.held):
        raise NoHybridError
    return keys


def _read_own(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_MOST_BYTES)
    except OSError:
        raise ConfigError("The key file could not be read.", hint="Make one with 'hashclient endpoint key'.") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise ConfigError("Others on this machine may read the key file.", hint="Run 'chmod 600' on it.")
    return content


def _from_json(untrusted: Any) -> EndpointKeys:
    if untrusted["version"] != 1:
        raise ValueError("another version")
    peppers = [bytes.fromhex(untrusted["peppers"][name]) for name in _PEPPERS]
    held = tuple(_held_key(entry) for entry in untrusted["keys"])
    if not held or any(len(pepper) != PEPPER_BYTES for pepper in peppers):
        raise ValueError("incomplete")
    return EndpointKeys(Peppers(*peppers), held)


def _held_key(untrusted: Any) -> HeldKey:
    suite, raw = Suite(untrusted["suite"]), bytes.fromhex(untrusted["private"])
    if len(raw) != _PRIVATE_BYTES[suite]:
        raise ValueError("not the length of its suite")
    return HeldKey(PrivateKey(suite, raw), date.fromisoformat(untrusted["expires"]).isoformat())


def _new_pair(days: int) -> tuple[HeldKey, ...]:
    expires = (_today() + timedelta(days=days)).isoformat()
    return tuple(HeldKey(PrivateKey.generate(suite), expires) for suite in (Suite.MLKEM768_X25519, Suite.X25519))


def _today() -> date:
    return datetime.now(UTC).date()


def _write_new(path: Path, keys: EndpointKeys) -> None:
    """Write the file so that it is whole after a power cut, and never readable by others."""
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
