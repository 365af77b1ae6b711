"""Check where an endpoint's two files lie, and who could read them; nothing is changed.

The peppers in the key file are the secret that matters: whoever has them and the database can search it for PINs
(`docs/operators.md`, "What a stolen database costs an attacker"). So they have to be apart, readable by one account.
"""

import json
import os
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from hashclient.endpoint.keys import load_keys
from hashclient.errors import HashclientError
from hashclient.messages import _

RENEW_DAYS: Final = 30
"""Days before the last day of a key on which new ones should be in use."""
_MAX_COPY_BYTES: Final = 64 * 1024


class Advice(NamedTuple):
    """One thing that is wrong."""

    wrong: str
    """One sentence that says what is wrong; it names no file."""
    step: str
    """One sentence that says what to do."""


def advice_on_files(database: Path, keys: Path, *, today: date) -> list[Advice]:
    """Look at both files and their folders, and return what is wrong with them.

    Args:
        database: the SQLite file; it may not exist yet.
        keys: the key file.
        today: the day, UTC.
    """
    found = [*_about_keys(keys, today), *_about_place(database, keys)]
    if os.name == "posix":  # pragma: no branch  # elsewhere modes say nothing
        found += [*_about_modes(database, keys), *_about_swap(Path("/proc/swaps"))]
    return found


def _about_keys(keys: Path, today: date) -> Iterator[Advice]:
    try:
        held = load_keys(keys).held
    except HashclientError as error:
        if not _is_open_to_others(keys):  # said below, more exactly
            yield Advice(error.sentence, error.hint)
        return
    latest = max(key.expires for key in held)
    if latest < today.isoformat():
        yield Advice(_("Every sealing key has expired."), _("Run 'hashclient endpoint key --renew', and restart."))
    elif latest < (today + timedelta(days=RENEW_DAYS)).isoformat():
        yield Advice(
            _("The last sealing key expires in less than {days} days.").format(days=RENEW_DAYS),
            _("Run 'hashclient endpoint key --renew', publish the new check digits, and restart."),
        )
    elif any(key.expires < today.isoformat() for key in held):
        yield Advice(
            _("The key file still holds a sealing key that has expired, with which old recordings could be opened."),
            _("Run 'hashclient endpoint key --renew', which drops it, and destroy older backups of the key file."),
        )


def _about_place(database: Path, keys: Path) -> Iterator[Advice]:
    at, home = keys.resolve(), database.resolve().parent
    if home in at.parents or at.parent in home.parents:
        yield Advice(
            _("The key file and the database lie in one folder, so whoever copies or backs up that folder has both."),
            _("Stop the endpoint, move the key file to a folder outside, and give the new place to --keys."),
        )
    if keys.is_symlink() or (keys.exists() and keys.stat().st_nlink > 1):
        yield Advice(
            _("The key file has a second name, so it may also lie where backups of the database go."),
            _("Keep one file under one name, and destroy the others."),
        )
    if any(other.resolve() != at and _holds_peppers(other, keys) for other in _small_files(home)):
        yield Advice(
            _("A copy of the key file lies in the folder of the database."),
            _("Move it to where its backup is kept, apart from every backup of the database."),
        )


def _small_files(folder: Path) -> Iterator[Path]:
    try:
        yield from (file for file in folder.iterdir() if file.is_file() and file.stat().st_size <= _MAX_COPY_BYTES)
    except OSError:
        return


def _holds_peppers(other: Path, keys: Path) -> bool:
    try:
        peppers = json.loads(keys.read_bytes())["peppers"].values()
        content = other.read_bytes().lower()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return any(str(pepper).encode() in content for pepper in peppers)


def _about_modes(database: Path, keys: Path) -> Iterator[Advice]:
    if _is_open_to_others(keys):
        yield Advice(
            _("Other accounts on this machine can read or change the key file."), _("Run 'chmod 600' on the key file.")
        )
    if _is_writable_by_others(keys.resolve().parent):
        yield Advice(
            _("Other accounts on this machine can replace the key file, because they may write to its folder."),
            _("Run 'chmod 700' on the folder of the key file."),
        )
    if any(_is_open_to_others(file) for file in database.parent.glob(f"{database.name}*")):
        yield Advice(
            _("Other accounts on this machine can read or change the database, its log or a copy beside it."),
            _("Run 'chmod 600' on them, and start the endpoint with 'UMask=0077'."),
        )
    if _is_writable_by_others(database.resolve().parent):
        yield Advice(
            _("Other accounts on this machine can replace the database, because they may write to its folder."),
            _("Run 'chmod 700' on the folder of the database."),
        )
    owners = {file.stat().st_uid for file in (keys, database) if file.exists()}
    if owners - {os.geteuid()}:
        yield Advice(
            _("The key file or the database belongs to another account than the one that asks."),
            _("Run this as the account that runs the endpoint, and give it both files with 'chown'."),
        )


def _is_open_to_others(file: Path) -> bool:
    return os.name == "posix" and file.exists() and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def _is_writable_by_others(folder: Path) -> bool:
    return folder.exists() and bool(stat.S_IMODE(folder.stat().st_mode) & 0o022)


def _about_swap(swaps: Path) -> Iterator[Advice]:
    """Say that this machine may write its memory to a disk; compressed memory (zram) is none."""
    try:
        lines = swaps.read_text().splitlines()[1:]
    except OSError:
        return
    if any(not line.startswith("/dev/zram") for line in lines):
        yield Advice(
            _("This machine may write the memory of the endpoint, peppers included, to its swap space."),
            _("Switch swap off, or encrypt it with a key that is new at each start."),
        )
