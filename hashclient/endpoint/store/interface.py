"""Specify what a database of cases must do; `tests/endpoint/store/test_store.py` is the suite that each one passes.

A store runs work in transactions and knows no rules: who may ask, which submissions are the same and how many attempts
are left is decided in `endpoint.people.cases` and `endpoint.attempts`. Nothing it is given identifies a person:
numbers, keys and digests arrive blinded, and no time is finer than a day.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from hashclient.endpoint.store.transaction import Transaction

WorkResult = TypeVar("WorkResult")
"""What a piece of work returns."""


class CaseStore(ABC):
    """A database of cases.

    Every method raises `StoreError` if the database fails. Nothing has been stored then, unless COMMIT itself failed;
    repeating the same work is safe in either case.
    """

    @abstractmethod
    def read(self, work: Callable[[Transaction], WorkResult]) -> WorkResult:
        """Run work that changes nothing."""

    @abstractmethod
    def write(self, work: Callable[[Transaction], WorkResult]) -> WorkResult:
        """Run work in one transaction, and return once its changes are durable.

        If another transaction won a race for the same case number, the work runs again from the start and sees what
        the other one stored.
        """

    @abstractmethod
    def erase_traces(self) -> None:
        """Erase the copies that the database itself keeps of deleted rows; if it is busy, do so later."""

    @abstractmethod
    def scrub(self) -> None:
        """Write everything anew if something was deleted since the last time, so that no copy of it is left inside.

        Called every minute; takes up to some seconds, and stays to be done if the database is busy.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the database."""
