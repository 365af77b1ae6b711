"""Read and change cases within one open transaction, in SQL that SQLite and PostgreSQL share.

Connections, locks and durability are left to the file of each database.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, literal, select, update

from hashclient._crash import crash_point
from hashclient.endpoint.attempts import AttemptCount
from hashclient.endpoint.store.tables import ATTEMPTS, CASES, HOLDINGS, ID_BYTES, ITEMS, RECORDS
from hashclient.model import Item
from hashclient.vocabulary import CaseStatus

_IS_SAME_HASH: Final = (RECORDS.c.type == bindparam("new_type")) & (RECORDS.c.value == bindparam("new_value"))
_ADD_RECORD: Final = insert(RECORDS).from_select(
    RECORDS.c.keys(),
    select(*(bindparam(f"new_{column.name}", type_=column.type) for column in RECORDS.c)).where(
        ~exists().where(_IS_SAME_HASH)
    ),
)
_ADD_HOLDING: Final = insert(HOLDINGS).from_select(
    HOLDINGS.c.keys(),
    select(
        bindparam("item", type_=ITEMS.c.id.type),
        RECORDS.c.id,
        bindparam("new_quality", type_=HOLDINGS.c.quality.type),
        bindparam("new_variant", type_=HOLDINGS.c.variant.type),
    ).where(_IS_SAME_HASH),
)
_DROP_UNHELD: Final = delete(RECORDS).where(
    RECORDS.c.id == bindparam("record"), ~exists().where(HOLDINGS.c.record_id == RECORDS.c.id)
)


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
        held = [
            {
                "new_id": secrets.token_bytes(ID_BYTES),
                "item": item_id,
                "new_type": signal.type.value,
                "new_value": bytes.fromhex(signal.value),
                "new_quality": signal.quality,
                "new_variant": signal.variant,
            }
            for item_id, item in zip(ids, items, strict=True)
            for signal in item.signals
        ]
        self._run(_ADD_RECORD, held)
        crash_point("endpoint.record-rows")
        self._run(_ADD_HOLDING, held)
        crash_point("endpoint.holding-rows")

    def withdraw(self, number_key: bytes, *, today: date) -> None:
        """Mark a case `Withdrawn` and erase its items and hashes, except hashes that other cases hold."""
        case_id = select(CASES.c.id).where(CASES.c.number_key == number_key).scalar_subquery()
        own_items = select(ITEMS.c.id).where(ITEMS.c.case_id == case_id)
        is_own = HOLDINGS.c.item_id.in_(own_items)
        record_ids = self._run(select(HOLDINGS.c.record_id).distinct().where(is_own)).scalars().all()
        self._run(delete(HOLDINGS).where(is_own))
        crash_point("endpoint.holdings-erased")
        self._run(delete(ITEMS).where(ITEMS.c.case_id == case_id))
        crash_point("endpoint.items-erased")
        if record_ids:
            self._run(_DROP_UNHELD, [{"record": record_id} for record_id in record_ids])
        crash_point("endpoint.records-erased")
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

    def forget(self, *, withdrawn_before: date, today: date, max_attempt_counts: int) -> None:
        """Delete cases withdrawn before a day, and counts that are full again or, fullest first, too many."""
        self._run(delete(CASES).where(CASES.c.withdrawn_on < withdrawn_before))
        self._run(delete(ATTEMPTS).where(ATTEMPTS.c.full_on <= today))
        surplus = self._run(select(func.count() - literal(max_attempt_counts)).select_from(ATTEMPTS)).scalar_one()
        if surplus > 0:
            fullest = select(ATTEMPTS.c.number_key).order_by(ATTEMPTS.c.full_on).limit(surplus)
            self._run(delete(ATTEMPTS).where(ATTEMPTS.c.number_key.in_(fullest)))
