"""Read and change cases within one open transaction, in SQL that SQLite and PostgreSQL share.

Connections, locks and durability are left to the file of each database.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Connection, Table, delete, func, insert, literal, select, update

from hashclient._crash import crash_point
from hashclient.endpoint.attempts import AttemptCount
from hashclient.endpoint.store.tables import ATTEMPTS, CASES, COUNTED_REQUESTS, ID_BYTES, ITEMS, SIGNALS
from hashclient.model import Item
from hashclient.vocabulary import CaseStatus


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case as it is stored; its fields are columns of `CASES`."""

    number_key: bytes
    """32 bytes, from `Peppers.number_key`."""
    verifier: bytes
    """32 bytes, from `Peppers.verifier`."""
    digest: bytes
    """32 bytes, from `Peppers.digest`."""
    status: CaseStatus
    day: date
    """Day on which the case was accepted, UTC."""
    items: int
    """Pictures and videos in the submission; unchanged by withdrawal, so that the receipt stays the same."""
    signals: int
    """Hashes in the submission; unchanged by withdrawal too."""


@dataclass(frozen=True)
class CountedRequest:
    """One sealed request that may change the attempts of its number, and only once."""

    mark: bytes
    """32 bytes, from `Peppers.request_mark`."""
    opens_until: date
    """Last day of the key to which it was sealed; nobody can repeat it later."""


class Transaction:
    """The cases, as one open transaction sees and changes them."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.execute

    def find_case(self, number_key: bytes) -> CaseRow | None:
        """Return the case with this blinded number, if there is one."""
        columns = (CASES.c[name] for name in CaseRow.__dataclass_fields__)
        row = self._run(select(*columns).where(CASES.c.number_key == number_key)).mappings().one_or_none()
        return CaseRow(**{**row, "status": CaseStatus(row["status"])}) if row else None

    def add_case(self, case: CaseRow, *, items: Sequence[Item]) -> None:
        """Store a new case and its hashes; a second case with the same number is a conflict."""
        case_id = secrets.token_bytes(ID_BYTES)
        self._run(insert(CASES).values(id=case_id, **vars(case) | {"status": case.status.value}))
        crash_point("endpoint.case-row")
        ids = [secrets.token_bytes(ID_BYTES) for _ in items]
        self._run(
            insert(ITEMS),
            [
                {
                    "id": item_id,
                    "case_id": case_id,
                    "content": item.content.value,
                    "altered": item.altered.value,
                    "altered_from": None if item.altered_from is None else ids[item.altered_from],
                }
                for item_id, item in zip(ids, items, strict=True)
            ],
        )
        crash_point("endpoint.item-rows")
        self._run(
            insert(SIGNALS),
            [
                {
                    "item_id": item_id,
                    "place": place,
                    "type": signal.type.value,
                    "value": bytes.fromhex(signal.value),
                    "quality": signal.quality,
                    "variant": signal.variant,
                }
                for item_id, item in zip(ids, items, strict=True)
                for place, signal in enumerate(item.signals)
            ],
        )
        crash_point("endpoint.signal-rows")

    def withdraw(self, number_key: bytes, *, today: date) -> None:
        """Mark a case `Withdrawn` and erase its items and hashes."""
        case_id = select(CASES.c.id).where(CASES.c.number_key == number_key).scalar_subquery()
        own_items = select(ITEMS.c.id).where(ITEMS.c.case_id == case_id)
        self._run(delete(SIGNALS).where(SIGNALS.c.item_id.in_(own_items)))
        crash_point("endpoint.signals-erased")
        self._run(delete(ITEMS).where(ITEMS.c.case_id == case_id))
        crash_point("endpoint.items-erased")
        withdrawn = {"status": CaseStatus.WITHDRAWN.value, "withdrawn_on": today}
        self._run(update(CASES).where(CASES.c.number_key == number_key).values(withdrawn))
        crash_point("endpoint.marked-withdrawn")

    def find_attempts(self, number_key: bytes) -> AttemptCount | None:
        """Return the attempts counted for a number, known or not."""
        row = self._run(select(ATTEMPTS).where(ATTEMPTS.c.number_key == number_key)).one_or_none()
        return AttemptCount(row.remaining, row.streak, row.since) if row else None

    def store_attempts(self, number_key: bytes, count: AttemptCount) -> None:
        """Store the attempts counted for a number."""
        values = {**vars(count), "full_on": count.full_on()}
        if not self._run(update(ATTEMPTS).where(ATTEMPTS.c.number_key == number_key).values(values)).rowcount:
            self._run(insert(ATTEMPTS).values(number_key=number_key, **values))
        crash_point("endpoint.attempts-stored")

    def was_counted(self, request: CountedRequest) -> bool:
        """Tell whether this very request changed the attempts of its number before."""
        found = select(COUNTED_REQUESTS.c.mark).where(COUNTED_REQUESTS.c.mark == request.mark)
        return self._run(found).one_or_none() is not None

    def remember_counted(self, request: CountedRequest) -> None:
        """Remember that this request changed the attempts of its number; it did not before."""
        self._run(insert(COUNTED_REQUESTS).values(mark=request.mark, opens_until=request.opens_until))

    def forget(self, *, withdrawn_before: date, today: date, max_attempt_counts: int) -> int:
        """Delete what is due, and return how many rows that were.

        Due are cases withdrawn before a day, counts that are full again, and counted requests that nobody can open any
        more; of counts and of counted requests also those that are too many, next due first.
        """
        deleted = self._run(delete(CASES).where(CASES.c.withdrawn_on < withdrawn_before)).rowcount
        deleted += self._run(delete(ATTEMPTS).where(ATTEMPTS.c.full_on <= today)).rowcount
        deleted += self._run(delete(COUNTED_REQUESTS).where(COUNTED_REQUESTS.c.opens_until < today)).rowcount
        deleted += self._keep_most(ATTEMPTS, max_attempt_counts, key=ATTEMPTS.c.number_key, due=ATTEMPTS.c.full_on)
        return deleted + self._keep_most(
            COUNTED_REQUESTS, max_attempt_counts, key=COUNTED_REQUESTS.c.mark, due=COUNTED_REQUESTS.c.opens_until
        )

    def _keep_most(self, table: Table, most: int, *, key: Column[bytes], due: Column[date]) -> int:
        surplus = self._run(select(func.count() - literal(most)).select_from(table)).scalar_one()
        if surplus <= 0:
            return 0
        return self._run(delete(table).where(key.in_(select(key).order_by(due).limit(surplus)))).rowcount
