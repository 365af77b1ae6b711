"""Keep hashes of edited pictures by what they are made of, so that none is made twice; never a pixel, never a name.

A row is called by the SHA-256 of the picture's bytes, the edit (its canonical text, the canary of this environment, and
the seed and donors where they have a part in it), and the hash with its version. One SQLite file, readable by its owner
alone, written by one process; what was committed stays whatever is killed.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from hashclient.errors import UsageError
from hashclient.guidance import lab as words

_APPLICATION: Final = 0x1AB0C11E
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS picture (id INTEGER PRIMARY KEY, sha256 NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS edit (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS kind (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS made (
  picture INTEGER NOT NULL, edit INTEGER NOT NULL, kind INTEGER NOT NULL, value, quality INTEGER, skip TEXT,
  PRIMARY KEY (picture, edit, kind)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, told TEXT NOT NULL);
"""


class StoredRow(NamedTuple):
    """The hash of one edit of one picture, or why there is none."""

    picture: str
    """SHA-256 of the picture's bytes, hexadecimal."""
    edit: str
    """What was done to it; empty for the picture as it is."""
    kind: str
    """Id of the hash."""
    value: bytes | None
    """As `HashValue.pack` writes it."""
    quality: int | None
    skip: str | None
    """Why there is no value: `undecodable`, `too_small`, `noop`, `failed`."""


@contextlib.contextmanager
def _failures_told() -> Iterator[None]:
    """Say in one sentence what is wrong with the file; what was committed stays."""
    try:
        yield
    except (sqlite3.OperationalError, OSError):  # a full disk, a folder that is closed, another run
        raise UsageError(words.UNWRITABLE, hint=words.ANOTHER_PLACE) from None
    except sqlite3.DatabaseError:
        raise UsageError(words.DAMAGED_STORE, hint=words.ANOTHER_STORE) from None


class Store:
    """The cache of a measurement.

    Args:
        path: of the SQLite file, made where there is none; None keeps everything in memory.

    Raises:
        UsageError: the file is another program's, or damaged, or cannot be written; the same of every method.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is not None:
            with _failures_told(), contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            self._db = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
            (owner,) = self._db.execute("PRAGMA application_id").fetchone()
            (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            raise UsageError(words.UNWRITABLE, hint=words.ANOTHER_PLACE) from None
        except sqlite3.DatabaseError:
            raise UsageError(words.FOREIGN_STORE, hint=words.ANOTHER_STORE) from None
        if owner != _APPLICATION and tables:
            self._db.close()
            raise UsageError(words.FOREIGN_STORE, hint=words.ANOTHER_STORE)
        with _failures_told():
            if path is not None:
                path.chmod(0o600)
            for pragma in (f"application_id = {_APPLICATION}", "journal_mode = WAL", "synchronous = NORMAL"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(_SCHEMA)
        self._ids: dict[tuple[str, str], int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):  # it was never opened
            self.close()

    def close(self) -> None:
        """Close the file; its log is folded into it."""
        self._db.close()

    @_failures_told()
    def add(self, rows: Iterable[StoredRow]) -> None:
        """Commit rows, all or none; one that is there already stays as it is."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany(
                "INSERT OR IGNORE INTO made VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        self._id("picture", "sha256", row.picture),
                        self._id("edit", "text", row.edit),
                        self._id("kind", "text", row.kind),
                        *row[3:],
                    )
                    for row in rows
                ],
            )
            self._db.execute("COMMIT")
        except BaseException:
            self._ids.clear()  # numbers given in what is taken back
            if self._db.in_transaction:  # a full disk takes it back by itself
                self._db.execute("ROLLBACK")
            raise

    def _id(self, table: str, column: str, text: str) -> int:
        if (table, text) not in self._ids:
            key = bytes.fromhex(text) if table == "picture" else text
            self._db.execute(f"INSERT OR IGNORE INTO {table} ({column}) VALUES (?)", (key,))  # noqa: S608  # names of ours
            found = self._db.execute(f"SELECT id FROM {table} WHERE {column} = ?", (key,)).fetchone()  # noqa: S608  # as above
            self._ids[table, text] = found[0]
        return self._ids[table, text]

    def rows(self, picture: str) -> Iterator[StoredRow]:
        """Yield what is kept of one picture."""
        with _failures_told():
            found = self._db.execute(
                "SELECT edit.text, kind.text, value, quality, skip FROM made JOIN edit ON edit.id = edit JOIN kind ON kind.id = kind "
                "WHERE picture = (SELECT id FROM picture WHERE sha256 = ?)",
                (bytes.fromhex(picture),),
            )
            for edit, kind, value, quality, skip in found:
                if not (isinstance(value, bytes | None) and isinstance(quality, int | None)):
                    raise sqlite3.DatabaseError
                yield StoredRow(picture, edit, kind, value, quality, skip)

    @_failures_told()
    def count(self) -> int:
        """Count the rows."""
        (count,) = self._db.execute("SELECT count(*) FROM made").fetchone()
        return int(count)

    @_failures_told()
    def keep_run(self, told: Mapping[str, Any]) -> None:
        """Keep what the last run was about, in place of the one before."""
        self._db.execute("INSERT OR REPLACE INTO run VALUES (1, ?)", (json.dumps(told, sort_keys=True),))

    def last_run(self) -> Mapping[str, Any]:
        """Return what the last run was about; raises `UsageError` if there was none."""
        with _failures_told():
            found = self._db.execute("SELECT told FROM run").fetchone()
        if found is None:
            raise UsageError(words.NO_RUN, hint=words.RUN_FIRST)
        try:
            told: Mapping[str, Any] = json.loads(found[0])
        except (TypeError, ValueError, RecursionError):
            raise UsageError(words.DAMAGED_STORE, hint=words.ANOTHER_STORE) from None
        return told
