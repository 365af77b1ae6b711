"""Define the tables, in SQL that SQLite and PostgreSQL share.

Row ids are random, and tables are stored in their order (WITHOUT ROWID in SQLite), so that the order of arrival cannot
be read from them. A hash belongs to its item, in the place that it had in the submission; rows are never shared between
cases, so that the withdrawal of one cannot touch another.
"""

from typing import Final

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, MetaData, String, Table

SCHEMA_VERSION: Final = 2
ID_BYTES: Final = 16
METADATA: Final = MetaData()

IDENTITY: Final = Table(
    "identity",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("mark", LargeBinary(32), nullable=False),  # of the key file with which the database was created
)

CASES: Final = Table(
    "cases",
    METADATA,
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

ITEMS: Final = Table(
    "items",
    METADATA,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("content", String(8), nullable=False),
    Column("altered", String(8), nullable=False),
    Column("altered_from", LargeBinary(ID_BYTES)),  # another item of the same case
    sqlite_with_rowid=False,
)

SIGNALS: Final = Table(
    "signals",
    METADATA,
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("place", Integer, primary_key=True),  # from 0, in the order of the submission
    Column("type", String(8), nullable=False),
    Column("value", LargeBinary(32), nullable=False, index=True),
    Column("quality", Integer),
    Column("variant", String(48)),
    sqlite_with_rowid=False,
)

ATTEMPTS: Final = Table(
    "attempts",
    METADATA,
    Column("number_key", LargeBinary(32), primary_key=True),
    Column("remaining", Integer, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("since", Date, nullable=False),
    Column("full_on", Date, nullable=False, index=True),
    sqlite_with_rowid=False,
)

COUNTED_REQUESTS: Final = Table(
    "counted_requests",
    METADATA,
    Column("mark", LargeBinary(32), primary_key=True),  # of a sealed request that changed the attempts of its number
    Column("opens_until", Date, nullable=False, index=True),  # last day of the key to which it was sealed
    sqlite_with_rowid=False,
)
