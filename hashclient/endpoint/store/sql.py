"""The book in SQL that SQLite and PostgreSQL share; the engine and its locks are the database's file."""

import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, LargeBinary, String, bindparam, delete, exists, func, insert, literal, select, update

from hashclient._crash import crash_point
from hashclient.endpoint.store.interface import Book, Case
from hashclient.endpoint.store.tables import ID_BYTES, cases, holdings, items, records, tallies
from hashclient.endpoint.tries import Tally
from hashclient.model import Item
from hashclient.vocabulary import CaseStatus

_ADD_RECORD = insert(records).from_select(
    ["id", "type", "value"],
    select(
        bindparam("new_id", type_=LargeBinary),
        bindparam("new_type", type_=String),
        bindparam("new_value", type_=LargeBinary),
    ).where(
        ~exists().where(
            records.c.type == bindparam("new_type", type_=String),
            records.c.value == bindparam("new_value", type_=LargeBinary),
        )
    ),
)
_ADD_HOLDING = insert(holdings).from_select(
    ["item_id", "record_id", "quality", "variant"],
    select(
        bindparam("item", type_=LargeBinary),
        records.c.id,
        bindparam("new_quality", type_=holdings.c.quality.type),
        bindparam("new_variant", type_=String),
    ).where(records.c.type == bindparam("new_type"), records.c.value == bindparam("new_value")),
)
_DROP_UNHELD = delete(records).where(
    records.c.id == bindparam("record"), ~exists().where(holdings.c.record_id == records.c.id)
)


class SqlBook(Book):
    """The cases, over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_case(self, number_key: bytes) -> Case | None:
        """Give the case with this blinded number, or None."""
        row = self._connection.execute(select(cases).where(cases.c.number_key == number_key)).one_or_none()
        if row is None:
            return None
        return Case(
            number_key=row.number_key,
            verifier=row.verifier,
            digest=row.digest,
            status=CaseStatus(row.status),
            day=row.day,
            items=row.items,
            signals=row.signals,
        )

    def add_case(self, case: Case, *, items: Sequence[Item]) -> None:
        """Keep a new case and its hashes; a second case with the same number is a conflict."""
        case_id = secrets.token_bytes(ID_BYTES)
        self._connection.execute(
            insert(cases).values(
                id=case_id,
                number_key=case.number_key,
                verifier=case.verifier,
                digest=case.digest,
                status=case.status.value,
                day=case.day,
                items=case.items,
                signals=case.signals,
            )
        )
        crash_point("endpoint.case-row")
        self._add_items(case_id, submitted=items)

    def _add_items(self, case_id: bytes, *, submitted: Sequence[Item]) -> None:
        ids = [secrets.token_bytes(ID_BYTES) for _ in submitted]
        self._connection.execute(
            insert(items),
            [
                {
                    "id": item_id,
                    "case_id": case_id,
                    "content": item.content.value,
                    "altered": item.altered.value,
                    "altered_from": None if item.altered_from is None else ids[item.altered_from],
                }
                for item_id, item in zip(ids, submitted, strict=True)
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
            for item_id, item in zip(ids, submitted, strict=True)
            for signal in item.signals
        ]
        self._connection.execute(_ADD_RECORD, held)
        crash_point("endpoint.record-rows")
        self._connection.execute(_ADD_HOLDING, held)
        crash_point("endpoint.holding-rows")

    def withdraw(self, number_key: bytes, *, today: date) -> None:
        """Erase the items and hashes of a case and mark it `Withdrawn`; hashes others hold stay."""
        run = self._connection.execute
        case_id = select(cases.c.id).where(cases.c.number_key == number_key).scalar_subquery()
        mine = select(items.c.id).where(items.c.case_id == case_id)
        held = run(select(holdings.c.record_id).distinct().where(holdings.c.item_id.in_(mine))).scalars().all()
        run(delete(holdings).where(holdings.c.item_id.in_(mine)))
        crash_point("endpoint.holdings-erased")
        run(delete(items).where(items.c.case_id == case_id))
        crash_point("endpoint.items-erased")
        if held:
            run(_DROP_UNHELD, [{"record": record_id} for record_id in held])
        crash_point("endpoint.records-erased")
        run(
            update(cases)
            .where(cases.c.number_key == number_key)
            .values(status=CaseStatus.WITHDRAWN.value, withdrawn_on=today)
        )
        crash_point("endpoint.marked-withdrawn")

    def find_tally(self, number_key: bytes) -> Tally | None:
        """Give the count of wrong tries of a number, known or not."""
        row = self._connection.execute(select(tallies).where(tallies.c.number_key == number_key)).one_or_none()
        return None if row is None else Tally(row.remaining, row.streak, row.since)

    def keep_tally(self, number_key: bytes, tally: Tally) -> None:
        """Keep that count."""
        values = {
            "remaining": tally.remaining,
            "streak": tally.streak,
            "since": tally.since,
            "full_on": tally.full_on(),
        }
        changed = self._connection.execute(update(tallies).where(tallies.c.number_key == number_key).values(values))
        if not changed.rowcount:
            self._connection.execute(insert(tallies).values(number_key=number_key, **values))
        crash_point("endpoint.tally-kept")

    def forget(self, *, withdrawn_before: date, today: date, most_tallies: int) -> None:
        """Drop cases withdrawn before a day, full tallies, and the fullest beyond a number."""
        run = self._connection.execute
        run(delete(cases).where(cases.c.withdrawn_on < withdrawn_before))
        run(delete(tallies).where(tallies.c.full_on <= today))
        surplus = run(select(func.count() - literal(most_tallies)).select_from(tallies)).scalar_one()
        if surplus > 0:
            fullest = select(tallies.c.number_key).order_by(tallies.c.full_on).limit(surplus)
            run(delete(tallies).where(tallies.c.number_key.in_(fullest)))
