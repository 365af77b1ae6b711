"""Keep cases in one SQLite file: durable at COMMIT, and without a trace of what was withdrawn.

`secure_delete` overwrites a row where it lies. But when a page is divided, the rows that move to another one stay behind
in its unused part, and nothing overwrites that copy when the row is deleted later. So the file is also written anew.

Source:
    sqlite.org/pragma.html (`secure_delete`, `synchronous`, `wal_checkpoint`, `trusted_schema`);
    SQLAlchemy, "SQLite", "Serializable isolation" (own BEGIN).
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from hashclient._crash import crash_point
from hashclient.endpoint.store.interface import CaseStore, WorkResult
from hashclient.endpoint.store.tables import IDENTITY, METADATA, SCHEMA_VERSION
from hashclient.endpoint.store.transaction import Transaction
from hashclient.errors import ConfigError, StoreError
from hashclient.messages import _p

_PRAGMAS: Final = (
    "busy_timeout = 10000",
    "journal_mode = WAL",
    "synchronous = FULL",  # an acknowledged case survives a power cut
    "secure_delete = ON",  # what is deleted is overwritten with zeros
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "temp_store = MEMORY",  # writing the file anew leaves no copy of it elsewhere
)
LARGE_BYTES: Final = 64 * 1024 * 1024
"""Length of a file above which it is written anew once a day instead of every minute."""
_DAY_SECONDS: Final = 86_400
_RETRIES: Final = 2


class SqliteStore(CaseStore):
    """A store in one file; several threads and processes may use it at once."""

    def __init__(self, path: Path, *, mark: bytes) -> None:
        """Open the file; if it is missing, create it, readable by its owner only.

        Args:
            path: the SQLite file.
            mark: `Peppers.mark` of the key file; with another key file no case could be found.

        Raises:
            ConfigError: the file cannot be opened, is not a case database, or belongs to another key file.
        """
        self._engine = _open_engine(path)
        self._writer = threading.Lock()
        self._has_traces = False
        self._path = path
        self._has_remains = True  # who knows what an earlier process left
        self._scrubbed_at = float("-inf")
        try:
            if not path.exists():  # created before SQLite does, because its log copies these permissions
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            with self._engine.begin() as connection:
                _prepare(connection, mark)
            self._checkpoint()  # a process that was killed between COMMIT and checkpoint left traces
        except (OSError, SQLAlchemyError):
            self.close()
            raise ConfigError(
                _p("error", "The case database could not be opened."),
                hint=_p("error", "Check the file, its folder and who may write there."),
            ) from None
        except ConfigError:
            self.close()
            raise

    def read(self, work: Callable[[Transaction], WorkResult]) -> WorkResult:
        """Run work that changes nothing."""
        try:
            with self._engine.connect() as connection:
                return work(Transaction(connection.execution_options(only_reads=True)))
        except SQLAlchemyError:
            raise StoreError from None

    def write(self, work: Callable[[Transaction], WorkResult]) -> WorkResult:
        """Run work in one transaction, and return once its changes are durable."""
        try:
            with self._writer:  # threads queue here; busy_timeout is for other processes
                for _ in range(_RETRIES):
                    with suppress(IntegrityError), self._engine.begin() as connection:
                        return work(Transaction(connection))
                with self._engine.begin() as connection:
                    return work(Transaction(connection))
        except SQLAlchemyError:
            raise StoreError from None
        finally:
            if self._has_traces:
                self._checkpoint()

    def erase_traces(self) -> None:
        """Move the write-ahead log into the file and truncate it; if a reader is in the way, do so later."""
        crash_point("endpoint.before-checkpoint")
        self._has_remains = True
        self._checkpoint()
        crash_point("endpoint.after-checkpoint")

    def _checkpoint(self) -> None:
        self._has_traces = True
        with suppress(SQLAlchemyError, sqlite3.Error), closing(self._engine.raw_connection()) as connection:
            is_busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            self._has_traces = bool(is_busy)

    def scrub(self) -> None:
        """Write the file anew, in memory first, if rows were deleted; a large one once a day."""
        with suppress(OSError, SQLAlchemyError, sqlite3.Error), self._writer:
            is_early = time.monotonic() - self._scrubbed_at < _DAY_SECONDS
            if not self._has_remains or (is_early and self._path.stat().st_size > LARGE_BYTES):
                return
            with closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM").close()
            self._has_remains = False
            self._scrubbed_at = time.monotonic()
            self._checkpoint()

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()


def _open_engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), hide_parameters=True)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _prepare(connection: Connection, mark: bytes) -> None:
    """Create the tables of a new database, or refuse one of another version or key file."""
    if not inspect(connection).get_table_names():
        METADATA.create_all(connection)
        connection.execute(insert(IDENTITY).values(version=SCHEMA_VERSION, mark=mark))
    found = connection.execute(select(IDENTITY)).one()
    if found.version != SCHEMA_VERSION:
        raise ConfigError(_p("error", "The case database was made by another version of this program."))
    if found.mark != mark:
        raise ConfigError(
            _p("error", "The case database belongs to another key file."),
            hint=_p("error", "Name the key file it was made with."),
        )
