"""The tables, in SQL that SQLite and PostgreSQL share.

Row ids are random and tables are stored by them (WITHOUT ROWID in SQLite), so that no order of
arrival can be read off. A record is one hash, held by the items of one or more cases: what a feed
will publish is the record, and it goes when nobody holds it any more.
"""

from typing import Final

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

SCHEMA_VERSION: Final = 1
ID_BYTES: Final = 16

metadata = MetaData()

book = Table(
    "book",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("mark", LargeBinary(32), nullable=False),  # tells the key file it was made with
)

cases = Table(
    "cases",
    metadata,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("number_key", LargeBinary(32), nullable=False, unique=True),
    Column("verifier", LargeBinary(32), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("day", Date, nullable=False),
    Column("items", Integer, nullable=False),
    Column("signals", Integer, nullable=False),
    Column("withdrawn_on", Date, index=True),
    sqlite_with_rowid=False,
)

items = Table(
    "items",
    metadata,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("content", String(8), nullable=False),
    Column("altered", String(8), nullable=False),
    Column("altered_from", LargeBinary(ID_BYTES)),  # another item of the same case
    sqlite_with_rowid=False,
)

records = Table(
    "records",
    metadata,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("type", String(8), nullable=False),
    Column("value", LargeBinary(32), nullable=False),
    UniqueConstraint("type", "value"),
    sqlite_with_rowid=False,
)

holdings = Table(
    "holdings",
    metadata,
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("record_id", ForeignKey("records.id"), primary_key=True, index=True),
    Column("quality", Integer),
    Column("variant", String(48)),
    sqlite_with_rowid=False,
)

tallies = Table(
    "tallies",
    metadata,
    Column("number_key", LargeBinary(32), primary_key=True),
    Column("remaining", Integer, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("since", Date, nullable=False),
    Column("full_on", Date, nullable=False, index=True),
    sqlite_with_rowid=False,
)
