"""What a database of cases must do, whichever it is; `tests/endpoint/test_store.py` is its suite.

A store runs work in a transaction and knows nothing of rules: who may ask, what counts as the same
submission and how many tries are left is `endpoint.cases` and `endpoint.tries`. Nothing given to
it identifies a person: numbers, keys and digests come blinded, and no time is finer than a day.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from hashclient.endpoint.tries import Tally
from hashclient.model import Item
from hashclient.vocabulary import CaseStatus

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case as it is kept."""

    number_key: bytes
    """32 bytes, `Peppers.number_key`."""
    verifier: bytes
    """32 bytes, `Peppers.verifier`."""
    digest: bytes
    """32 bytes, `Peppers.digest`."""
    status: CaseStatus
    day: date
    """Day of the first acceptance, UTC."""
    items: int
    """Pictures and videos of the submission, also once withdrawn: the receipt stays the same."""
    signals: int
    """Hashes of the submission, as above."""


class Book(ABC):
    """The cases, inside one transaction."""

    @abstractmethod
    def find_case(self, number_key: bytes) -> Case | None:
        """Give the case with this blinded number, or None."""

    @abstractmethod
    def add_case(self, case: Case, *, items: Sequence[Item]) -> None:
        """Keep a new case and its hashes; a second case with the same number is a conflict."""

    @abstractmethod
    def withdraw(self, number_key: bytes, *, today: date) -> None:
        """Erase the items and hashes of a case and mark it `Withdrawn`; hashes others hold stay."""

    @abstractmethod
    def find_tally(self, number_key: bytes) -> Tally | None:
        """Give the count of wrong tries of a number, known or not."""

    @abstractmethod
    def keep_tally(self, number_key: bytes, tally: Tally) -> None:
        """Keep that count."""

    @abstractmethod
    def forget(self, *, withdrawn_before: date, today: date, most_tallies: int) -> None:
        """Drop cases withdrawn before a day, full tallies, and the fullest beyond a number."""


class Store(ABC):
    """A database of cases.

    Every method raises `StoreError` where the database fails; then nothing was kept, unless the
    failure fell into COMMIT itself, and repeating the same work is safe.
    """

    @abstractmethod
    def read(self, work: Callable[[Book], T]) -> T:
        """Run work that changes nothing."""

    @abstractmethod
    def write(self, work: Callable[[Book], T]) -> T:
        """Run work in one transaction and return once it is durable.

        Where another transaction came first (the same case number), the work runs again from the
        start and sees what the other kept.
        """

    @abstractmethod
    def erase_traces(self) -> None:
        """Drop the database's own copies of what was deleted; tried again later where it cannot now."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""
