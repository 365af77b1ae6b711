"""The behaviour suite of stores, written once; each database inherits it."""

import sqlite3
import stat
import threading
from abc import ABC, abstractmethod
from datetime import date, timedelta
from pathlib import Path

import pytest

from hashclient.endpoint.attempts import AttemptCount
from hashclient.endpoint.store.interface import CaseStore
from hashclient.endpoint.store.sqlite import SqliteStore
from hashclient.endpoint.store.transaction import CaseRow, Transaction
from hashclient.errors import ConfigError, StoreError
from hashclient.model import CaseStatus, Item
from kit.endpoint import pdq_value, submission_of

TODAY = date(2026, 11, 20)
MARK = b"m" * 32
REMAINING = (0, 50, 80, 95, 100)


def case_of(number: bytes, *, items: tuple[Item, ...]) -> CaseRow:
    return CaseRow(
        number_key=number.ljust(32),
        verifier=b"v" * 32,
        digest=b"d" * 32,
        status=CaseStatus.RECEIVED,
        day=TODAY,
        items=len(items),
        signals=sum(len(item.signals) for item in items),
    )


def add(store: CaseStore, number: bytes, *values: str) -> CaseRow:
    items = submission_of(*values).items
    case = case_of(number, items=items)
    store.write(lambda transaction: transaction.add_case(case, items=items))
    return case


def store_attempts(store: CaseStore, count: AttemptCount) -> None:
    store.write(lambda transaction: transaction.store_attempts(bytes([count.remaining]) * 32, count))


def has_attempts(store: CaseStore, remaining: int) -> bool:
    return store.read(lambda transaction: transaction.find_attempts(bytes([remaining]) * 32)) is not None


def has_case(store: CaseStore, number: bytes) -> bool:
    return store.read(lambda transaction: transaction.find_case(number.ljust(32))) is not None


class StoreSuite(ABC):
    """What every store does."""

    @abstractmethod
    def open(self, folder: Path) -> CaseStore:
        """Open the store in this folder, whether it is new or was closed before."""

    @abstractmethod
    def counts(self, folder: Path) -> dict[str, int]:
        """Count the rows of each table."""

    def test_a_case_comes_back_as_it_was_kept(self, tmp_path: Path) -> None:
        """That holds after closing and reopening too."""
        store = self.open(tmp_path)
        case = add(store, b"1", pdq_value(), pdq_value())
        assert store.read(lambda transaction: transaction.find_case(case.number_key)) == case
        assert store.read(lambda transaction: transaction.find_case(b"2".ljust(32))) is None
        store.close()
        store = self.open(tmp_path)
        assert store.read(lambda transaction: transaction.find_case(case.number_key)) == case
        store.close()

    def test_a_hash_belongs_to_its_item(self, tmp_path: Path) -> None:
        """A hash that two cases hold is stored twice, so that the withdrawal of one leaves the other alone."""
        store, value, other = self.open(tmp_path), pdq_value(), pdq_value()
        add(store, b"1", value)
        add(store, b"2", value, other)
        assert self.counts(tmp_path) == {"cases": 2, "items": 2, "signals": 3, "attempts": 0}
        store.write(lambda transaction: transaction.withdraw(b"1".ljust(32), today=TODAY))
        assert self.counts(tmp_path) == {"cases": 2, "items": 1, "signals": 2, "attempts": 0}
        store.write(lambda transaction: transaction.withdraw(b"2".ljust(32), today=TODAY))
        assert self.counts(tmp_path) == {"cases": 2, "items": 0, "signals": 0, "attempts": 0}
        store.close()

    def test_a_withdrawn_case_keeps_its_receipt(self, tmp_path: Path) -> None:
        """Only its status changes; doing it again changes nothing."""
        store = self.open(tmp_path)
        case = add(store, b"1")
        for _ in range(2):
            store.write(lambda transaction: transaction.withdraw(case.number_key, today=TODAY))
            found = store.read(lambda transaction: transaction.find_case(case.number_key))
            assert found is not None
            assert found.status is CaseStatus.WITHDRAWN
            assert (found.items, found.signals, found.digest) == (case.items, case.signals, case.digest)
        store.close()

    def test_work_that_fails_leaves_nothing(self, tmp_path: Path) -> None:
        """Either all of a transaction is stored or none of it."""
        store = self.open(tmp_path)
        items = submission_of().items

        def work(transaction: Transaction) -> None:
            transaction.add_case(case_of(b"1", items=items), items=items)
            transaction.store_attempts(b"1".ljust(32), AttemptCount.full(TODAY))
            raise KeyError

        with pytest.raises(KeyError):
            store.write(work)
        assert not any(self.counts(tmp_path).values())
        add(store, b"1")
        store.close()

    def test_a_second_case_with_the_number_is_a_conflict(self, tmp_path: Path) -> None:
        """Work that keeps insisting fails in the end, and the first case is untouched."""
        store = self.open(tmp_path)
        case = add(store, b"1")
        with pytest.raises(StoreError):
            add(store, b"1")
        assert store.read(lambda transaction: transaction.find_case(case.number_key)) == case
        store.close()

    def test_work_runs_again_after_a_conflict(self, tmp_path: Path) -> None:
        """The loser of a race sees what the winner kept."""
        store = self.open(tmp_path)
        case = add(store, b"1")
        runs = []

        def work(transaction: Transaction) -> CaseRow | None:
            runs.append(1)
            if len(runs) == 1:  # as if it had looked before the other committed
                transaction.add_case(case, items=submission_of().items)
            return transaction.find_case(case.number_key)

        assert store.write(work) == case
        assert len(runs) == 2
        store.close()

    def test_writers_at_once_lose_nothing(self, tmp_path: Path) -> None:
        """Counts raised by many threads, through two stores, add up."""
        stores = [self.open(tmp_path), self.open(tmp_path)]
        key = b"k" * 32

        def count_one(transaction: Transaction) -> None:
            count = transaction.find_attempts(key) or AttemptCount(100, 0, TODAY)
            transaction.store_attempts(key, AttemptCount(count.remaining, count.streak + 1, count.since))

        def run(store: CaseStore) -> None:
            for _ in range(10):
                store.write(count_one)

        threads = [threading.Thread(target=run, args=(stores[number % 2],)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        count = stores[0].read(lambda transaction: transaction.find_attempts(key))
        assert count is not None
        assert count.streak == 60
        for store in stores:
            store.close()

    def test_what_is_due_is_forgotten(self, tmp_path: Path) -> None:
        """That is old withdrawn cases, full counts, and the fullest if there are too many."""
        store = self.open(tmp_path)
        for number in (b"1", b"2", b"3"):
            add(store, number)
        store.write(lambda transaction: transaction.withdraw(b"1".ljust(32), today=TODAY - timedelta(days=9)))
        store.write(lambda transaction: transaction.withdraw(b"2".ljust(32), today=TODAY - timedelta(days=8)))
        for remaining in REMAINING:
            store_attempts(store, AttemptCount(remaining, 1, TODAY))
        store.write(
            lambda transaction: transaction.forget(
                withdrawn_before=TODAY - timedelta(days=8), today=TODAY, max_attempt_counts=2
            )
        )
        kept = [number for number in (b"1", b"2", b"3") if has_case(store, number)]
        assert kept == [b"2", b"3"]
        left = [remaining for remaining in REMAINING if has_attempts(store, remaining)]
        assert left == [0, 50]
        store.close()


class TestSqliteStore(StoreSuite):
    """SQLite passes the suite, and keeps promises of its own."""

    def open(self, folder: Path) -> CaseStore:
        return SqliteStore(folder / "cases.db", mark=MARK)

    def counts(self, folder: Path) -> dict[str, int]:
        connection = sqlite3.connect(folder / "cases.db")
        try:
            tables = ("cases", "items", "signals", "attempts")
            return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608
        finally:
            connection.close()

    def test_the_pragmas_hold_on_every_connection(self, tmp_path: Path) -> None:
        """What is deleted is overwritten, and what is acknowledged is on disk."""
        store = SqliteStore(tmp_path / "cases.db", mark=MARK)
        connection = store._engine.raw_connection()
        cursor = connection.cursor()
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "trusted_schema")
        }
        connection.close()
        store.close()
        expected = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "trusted_schema": 0}
        assert found == expected

    def test_only_the_owner_may_read_it(self, tmp_path: Path) -> None:
        """Database and log have mode 0600."""
        store = self.open(tmp_path)
        add(store, b"1")
        modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        assert modes == {0o600}
        assert len(list(tmp_path.iterdir())) == 3
        store.close()

    def test_a_reader_holds_up_no_withdrawal_and_traces_go_later(self, tmp_path: Path) -> None:
        """While somebody reads, the log cannot be truncated; the next write does it."""
        value = pdq_value()
        store = SqliteStore(tmp_path / "cases.db", mark=MARK)
        case = add(store, b"1", value)
        reader = sqlite3.connect(tmp_path / "cases.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM cases").fetchall()
        connection = store._engine.raw_connection()
        connection.cursor().execute("PRAGMA busy_timeout = 10")
        connection.close()
        store.write(lambda transaction: transaction.withdraw(case.number_key, today=TODAY))
        store.erase_traces()
        log = tmp_path / "cases.db-wal"
        assert log.stat().st_size
        reader.close()
        store.write(lambda transaction: transaction.find_case(case.number_key))
        assert not log.stat().st_size
        assert bytes.fromhex(value) not in (tmp_path / "cases.db").read_bytes()
        store.close()

    def test_another_key_file_is_noticed(self, tmp_path: Path) -> None:
        """With other peppers every case would be unknown, so the endpoint does not start."""
        self.open(tmp_path).close()
        with pytest.raises(ConfigError, match="another key file"):
            SqliteStore(tmp_path / "cases.db", mark=b"x" * 32)

    def test_another_version_is_noticed(self, tmp_path: Path) -> None:
        """A database with a later schema is not written to."""
        self.open(tmp_path).close()
        with sqlite3.connect(tmp_path / "cases.db") as connection:
            connection.execute("UPDATE identity SET version = 1")
        connection.close()
        with pytest.raises(ConfigError, match="another version"):
            self.open(tmp_path)

    @pytest.mark.parametrize("kind", ["text", "other", "folder", "nowhere"])
    def test_what_is_no_case_database_is_refused(self, tmp_path: Path, kind: str) -> None:
        """There is one calm sentence, and the file is unchanged."""
        path = tmp_path / "cases.db"
        if kind == "text":
            path.write_text("no database " * 1000)
        elif kind == "other":
            with sqlite3.connect(path) as connection:
                connection.execute("CREATE TABLE other (x)")
            connection.close()
        elif kind == "folder":
            path.mkdir()
        else:
            path = tmp_path / "no" / "cases.db"
        with pytest.raises(ConfigError, match="could not be opened") as caught:
            SqliteStore(path, mark=MARK)
        assert str(tmp_path) not in str(caught.value)

    def test_a_database_that_fails_is_one_error(self, tmp_path: Path) -> None:
        """Reading, writing and tidying a broken file raise `StoreError` or nothing."""
        store = self.open(tmp_path)
        with sqlite3.connect(tmp_path / "cases.db") as connection:
            connection.execute("DROP TABLE signals")
            connection.execute("DROP TABLE attempts")
            connection.execute("DROP TABLE cases")
        connection.close()
        with pytest.raises(StoreError):
            store.read(lambda transaction: transaction.find_case(b"1" * 32))
        with pytest.raises(StoreError):
            add(store, b"1")
        store.erase_traces()
        store.close()

    def test_traces_that_cannot_be_erased_now_do_not_stop_the_answer(self, tmp_path: Path) -> None:
        """The withdrawal is durable by then; the next start erases them."""
        store = SqliteStore(tmp_path / "cases.db", mark=MARK)
        store.close()
        (tmp_path / "cases.db").unlink()
        (tmp_path / "cases.db").mkdir()
        store.erase_traces()
        with pytest.raises(StoreError):
            add(store, b"1")
        store.close()
