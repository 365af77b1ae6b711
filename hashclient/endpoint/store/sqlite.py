"""Cases in one SQLite file: durable at COMMIT, and nothing left of what was withdrawn.

Source:
    sqlite.org/pragma.html (`secure_delete`, `synchronous`, `wal_checkpoint`, `trusted_schema`);
    SQLAlchemy, "SQLite", "Serializable isolation" (own BEGIN).
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from hashclient._crash import crash_point
from hashclient.endpoint.store.interface import Book, Store
from hashclient.endpoint.store.sql import SqlBook
from hashclient.endpoint.store.tables import SCHEMA_VERSION, book, metadata
from hashclient.errors import ConfigError, StoreError

T = TypeVar("T")

_PRAGMAS: Final = (
    "busy_timeout = 10000",
    "journal_mode = WAL",
    "synchronous = FULL",  # an acknowledged case survives a power cut
    "secure_delete = ON",  # what is deleted is overwritten with zeros
    "foreign_keys = ON",
    "trusted_schema = OFF",
)
_TRIES: Final = 3


class SqliteStore(Store):
    """A store in one file; several threads and processes may use it at once."""

    def __init__(self, path: Path, *, mark: bytes) -> None:
        """Open the file, or make it, readable by its owner only.

        Args:
            path: the SQLite file.
            mark: `Peppers.mark` of the key file; the wrong one would find no case.

        Raises:
            ConfigError: it cannot be opened, is no such database or belongs to another key file.
        """
        self._engine = _engine(path)
        self._writer = threading.Lock()
        self._traces_left = False
        try:
            _make_private(path)
            with self._engine.begin() as connection:
                _prepare(connection, mark)
            self._checkpoint()  # a process that died between COMMIT and checkpoint left them
        except (OSError, SQLAlchemyError):
            self.close()
            raise ConfigError(
                "The case database could not be opened.", hint="Check the file, its folder and who may write there."
            ) from None
        except ConfigError:
            self.close()
            raise

    def read(self, work: Callable[[Book], T]) -> T:
        """Run work that changes nothing."""
        try:
            with self._engine.connect() as connection:
                return work(SqlBook(connection.execution_options(only_reads=True)))
        except SQLAlchemyError:
            raise StoreError from None

    def write(self, work: Callable[[Book], T]) -> T:
        """Run work in one transaction and return once it is durable."""
        try:
            with self._writer:  # threads queue here; busy_timeout is for other processes
                return self._write(work)
        except SQLAlchemyError:
            raise StoreError from None
        finally:
            if self._traces_left:
                self._checkpoint()

    def _write(self, work: Callable[[Book], T]) -> T:
        for left in reversed(range(_TRIES)):
            try:
                with self._engine.begin() as connection:
                    return work(SqlBook(connection))
            except IntegrityError:
                if not left:
                    raise
        raise AssertionError  # pragma: no cover  # the loop returns or raises

    def erase_traces(self) -> None:
        """Move the write-ahead log into the file and cut it to nothing; remember it where busy."""
        crash_point("endpoint.before-checkpoint")
        self._checkpoint()
        crash_point("endpoint.after-checkpoint")

    def _checkpoint(self) -> None:
        self._traces_left = True
        try:
            connection = self._engine.raw_connection()
            try:
                busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                connection.close()
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
            return
        self._traces_left = bool(busy)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), hide_parameters=True)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _make_private(path: Path) -> None:
    """Make the file before SQLite does; its log takes over the same rights."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare(connection: Connection, mark: bytes) -> None:
    if not inspect(connection).get_table_names():
        metadata.create_all(connection)
        connection.execute(insert(book).values(version=SCHEMA_VERSION, mark=mark))
    found = connection.execute(select(book)).one()
    if found.version != SCHEMA_VERSION:
        raise ConfigError("The case database was made by another version of this program.")
    if found.mark != mark:
        raise ConfigError("The case database belongs to another key file.", hint="Name the key file it was made with.")
