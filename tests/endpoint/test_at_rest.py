"""What lies on disk and in logs: nothing of the caller, nothing of what was taken back or forgotten."""

import asyncio
import hashlib
import json
import random
import secrets
import socket
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event

from hashclient.endpoint import app as app_module
from hashclient.endpoint.app import build_app
from hashclient.endpoint.attempts import FREE_ATTEMPTS, AttemptCount
from hashclient.endpoint.keys import load_keys
from hashclient.endpoint.store import sqlite as sqlite_module
from hashclient.endpoint.store.sqlite import SqliteStore
from hashclient.endpoint.store.transaction import CaseRow, CountedRequest, Transaction
from hashclient.model import CaseKey, CaseNumber, CaseStatus, EndpointProfile, Item, Pin
from hashclient.model.wire import decode, encode
from hashclient.vocabulary import Purpose
from kit.endpoint import (
    PATHS,
    PROFILE_PATH,
    SEALED,
    Endpoint,
    call,
    new_key,
    pdq_value,
    request_for,
    seal_for,
    served,
    submission_of,
)

DAY = date(2026, 11, 20)


def on_disk(folder: Path) -> bytes:
    """Read every file beside the key file, as it lies there."""
    return b"".join(
        file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file() and "keys" not in file.name
    )


# Forgotten and taken back


def test_a_year_after_the_withdrawal_no_byte_of_the_case_is_left(endpoint: Endpoint) -> None:
    """Neither its keys nor its attempts nor the requests that were counted, in the file, its log or a journal."""
    peppers = load_keys(endpoint.keys).peppers
    submission = submission_of()
    endpoint.submit(submission)
    wrong = seal_for(endpoint.profile, request_for(submission, key=new_key()), purpose=Purpose.STATUS).wire
    assert call(endpoint.app, PATHS[Purpose.STATUS], wrong).status == 404
    endpoint.report(submission, purpose=Purpose.WITHDRAWAL)
    mark = peppers.request_mark(hashlib.sha256(wrong).digest())
    traces = [
        peppers.number_key(submission.case_number),
        peppers.verifier(submission.case_key),
        peppers.digest(hashlib.sha256(encode(submission)).digest()),
    ]
    assert all(trace in on_disk(endpoint.folder) for trace in [*traces, mark])
    endpoint.clock.turn(days=366)
    endpoint.submit(submission_of())
    assert not [trace for trace in traces if trace in on_disk(endpoint.folder)]
    endpoint.clock.turn(days=20 * 366)
    endpoint.send(encode(submission_of()), purpose=Purpose.SUBMISSION, sealed=False)
    assert mark not in on_disk(endpoint.folder)


def _cases(chance: random.Random, store: SqliteStore) -> list[tuple[CaseRow, list[bytes]]]:
    """Keep 150 cases and take two in five back, so that pages of the file are divided and rows move; return these."""
    held: list[tuple[CaseRow, list[bytes]]] = []
    gone = []
    for _ in range(150):
        values = [chance.randbytes(32) for _ in range(chance.choice([1, 3, 8]))]
        signals = [{"type": "pdq", "value": value.hex(), "quality": 90, "variant": "original"} for value in values]
        items = (Item.model_validate({"content": "image", "altered": "no", "signals": signals}),)
        case = CaseRow(
            number_key=chance.randbytes(32),
            verifier=chance.randbytes(32),
            digest=chance.randbytes(32),
            status=CaseStatus.RECEIVED,
            day=DAY,
            items=1,
            signals=len(values),
        )
        store.write(lambda transaction, case=case, items=items: transaction.add_case(case, items=items))  # type: ignore[misc]
        held.append((case, values))
        if chance.random() < 0.4:
            gone.append(held.pop(chance.randrange(len(held))))
            number_key = gone[-1][0].number_key
            store.write(lambda transaction, key=number_key: transaction.withdraw(key, today=DAY))  # type: ignore[misc]
    return gone


def test_no_copy_is_left_where_rows_lay_before_they_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite overwrites deleted rows, but not copies in pages that were divided: writing the file anew does."""
    chance = random.Random(9)  # with these rows, SQLite 3.40 leaves a hash behind
    monkeypatch.setattr(secrets, "token_bytes", chance.randbytes)
    store = SqliteStore(tmp_path / "cases.db", mark=b"m" * 32)
    gone = _cases(chance, store)
    store.erase_traces()
    store.scrub()
    left = on_disk(tmp_path)
    assert not [value for _, values in gone for value in values if value in left]
    due = date(2027, 12, 1)
    store.write(lambda transaction: transaction.forget(withdrawn_before=due, today=due, max_attempt_counts=10))
    store.erase_traces()
    store.scrub()
    left = on_disk(tmp_path)
    assert not [case for case, _ in gone if case.number_key in left or case.verifier in left or case.digest in left]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cases.db", "cases.db-shm", "cases.db-wal"]
    store.close()


def test_attempts_and_counted_requests_leave_no_copy_either(tmp_path: Path) -> None:
    """Thousands of them, forgotten in one go."""
    store = SqliteStore(tmp_path / "cases.db", mark=b"m" * 32)
    numbers = [secrets.token_bytes(32) for _ in range(1500)]

    def count(transaction: Transaction) -> None:
        for number in numbers:
            transaction.store_attempts(number, AttemptCount(99, 1, DAY))
            transaction.remember_counted(CountedRequest(hashlib.sha256(number).digest(), DAY))

    store.write(count)
    due = date(2027, 12, 1)
    assert store.write(
        lambda transaction: transaction.forget(withdrawn_before=due, today=due, max_attempt_counts=10)
    ) == 2 * len(numbers)
    store.erase_traces()
    store.scrub()
    left = on_disk(tmp_path)
    assert not [number for number in numbers if number in left or hashlib.sha256(number).digest() in left]
    store.close()


def test_a_large_file_is_written_anew_once_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small one every time that something was deleted, and none for nothing."""
    written: list[str] = []
    store = SqliteStore(tmp_path / "cases.db", mark=b"m" * 32)
    event.listen(store._engine.pool, "connect", lambda connection, _: connection.set_trace_callback(written.append))
    with closing(store._engine.raw_connection()) as connection:
        connection.driver_connection.set_trace_callback(written.append)  # type: ignore[union-attr]

    def scrubbed() -> int:
        written.clear()
        store.scrub()
        return written.count("VACUUM")

    assert [scrubbed(), scrubbed()] == [1, 0]
    store.erase_traces()
    assert scrubbed() == 1
    monkeypatch.setattr(sqlite_module, "LARGE_BYTES", 1)
    store.erase_traces()
    assert scrubbed() == 0
    later = time.monotonic() + 90_000
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert [scrubbed(), scrubbed()] == [1, 0]
    store.close()


def test_what_is_due_every_minute_is_done_while_serving_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application does it, in a thread, until it is closed."""
    monkeypatch.setattr(app_module, "REPEAT_SECONDS", 0.001)
    done: list[str] = []
    thrice = threading.Event()

    def work() -> None:
        done.append("work")
        if len(done) == 3:
            thrice.set()

    app = build_app(None, each_minute=work, on_close=lambda: done.append("close"))

    async def run() -> None:
        async with app.router.lifespan_context(app):
            assert await asyncio.to_thread(thrice.wait, 60)

    asyncio.run(run())
    assert done[:3] == ["work"] * 3
    assert done[-2:] == ["work", "close"]


# Canaries

_FIRST = """
import logging, sqlite3
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
for name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "asyncio", "uvicorn", "fastapi"):
    logging.getLogger(name).setLevel(logging.DEBUG)
from hashclient.endpoint.people.cases import Cases
from hashclient.model.wire import encode
kept = Cases.report
def report(self, request, **more):
    if Path(sys.argv[1]).with_name("fail").exists():
        raise ValueError(encode(request))
    return kept(self, request, **more)
Cases.report = report
"""


@pytest.mark.loopback
@pytest.mark.enable_socket
def test_no_canary_reaches_log_output_or_disk(tmp_path: Path) -> None:
    """With every logger at DEBUG and every kind of failure: number, key, PIN, nonce, hash, address, path, agent."""
    number, pin, value = CaseNumber.from_bits(secrets.randbits(55)), Pin("48151623"), pdq_value()
    submission = submission_of(value, number=number, key=CaseKey.from_pin(pin, number))
    wrong_key = new_key()
    folder, temporary = tmp_path / "served", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    environ = {"TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary), "PYTHONASYNCIODEBUG": "1"}
    with served(folder, first=_FIRST, environ=environ) as server:
        transport = httpx.HTTPTransport(local_address="127.0.0.77")
        agent = {"user-agent": "canary-agent", "cookie": "canary=1", "referer": "https://canary.example/"}
        with httpx.Client(
            base_url=server.origin, transport=transport, trust_env=False, timeout=60, headers=agent
        ) as client:
            profile = decode(EndpointProfile, client.get(PROFILE_PATH).content)

            def ask(body: bytes, purpose: Purpose = Purpose.STATUS) -> int:
                wire = seal_for(profile, body, purpose=purpose).wire
                return client.post(PATHS[purpose], content=wire, headers={"content-type": SEALED}).status_code

            assert ask(encode(submission), Purpose.SUBMISSION) == 201
            assert ask(request_for(submission)) == 200
            assert ask(request_for(submission, key=wrong_key)) == 404
            assert ask(b'{"canary-body":1}') == 422
            assert client.get("/canary-path?canary-query").status_code == 404
            assert client.post(PATHS[Purpose.STATUS], content=b"canary" * 2000).status_code == 415
            (folder / "fail").touch()
            assert ask(request_for(submission)) == 500
            (folder / "fail").unlink()
            with closing(sqlite3.connect(folder / "cases.db")) as connection:
                connection.execute("ALTER TABLE attempts RENAME TO away")
                assert ask(request_for(submission)) == 503
                connection.execute("ALTER TABLE away RENAME TO attempts")
        while_served = on_disk(folder)
        server.process.terminate()
        output, errors = server.process.communicate(timeout=60)
    assert "store-error" in errors
    assert "internal-error ValueError" in errors
    assert "SELECT" in errors  # the loggers do write
    assert bytes.fromhex(value) in while_served
    assert not list(temporary.iterdir())
    everything = while_served + on_disk(folder) + (output + errors).encode()
    digest = hashlib.sha256(encode(submission)).digest()
    hidden = [
        number.shown(), number.shown().replace("-", ""), pin.shown(), pin.shown().replace(" ", ""), submission.nonce,
        submission.case_key.on_wire(), wrong_key.on_wire(), digest.hex(), value, "127.0.0.77", "canary",
    ]  # fmt: skip
    packed = [bytes.fromhex(text) for text in (submission.nonce, submission.case_key.on_wire(), wrong_key.on_wire())]
    packed += [digest, socket.inet_aton("127.0.0.77"), socket.inet_aton("127.0.0.77")[::-1]]
    found = [text for text in hidden if text.encode() in everything or text.upper().encode() in everything]
    assert not found
    assert not [secret for secret in packed if secret in everything or repr(secret)[2:-1].encode() in everything]


# What the stored digest tells


def test_without_the_nonce_the_stored_digest_confirms_no_key(endpoint: Endpoint) -> None:
    """Somebody with database, pepper and the very hashes tries every key of a four-digit PIN, and learns nothing.

    With the nonce, the same search finds it at once: the test can see.
    """
    number = CaseNumber.from_bits(secrets.randbits(55))
    keys = [hashlib.sha256(b"%s%04d" % (number.on_wire().encode(), pin)).hexdigest() for pin in range(10_000)]
    submission = submission_of(number=number, key=CaseKey(keys[4711]))
    endpoint.submit(submission)
    peppers = load_keys(endpoint.keys).peppers
    with closing(sqlite3.connect(endpoint.database)) as connection:
        (stored,) = connection.execute("SELECT digest FROM cases").fetchone()
    own = encode(submission)

    def recovered(nonces: Sequence[str]) -> list[int]:
        found = []
        for nonce in nonces:
            before, after = own.replace(submission.nonce.encode(), nonce.encode()).split(keys[4711].encode())
            for pin, key in enumerate(keys):
                if peppers.digest(hashlib.sha256(before + key.encode() + after).digest()) == stored:
                    found.append(pin)
        return found

    assert recovered(["", "0" * 32, secrets.token_hex(16)]) == []
    assert recovered([submission.nonce]) == [4711]
    nonce = submission.nonce
    assert bytes.fromhex(nonce) not in on_disk(endpoint.folder)
    assert nonce.encode() not in on_disk(endpoint.folder)


# Known and unknown numbers


@pytest.mark.parametrize("purpose", [Purpose.STATUS, Purpose.WITHDRAWAL])
def test_sealed_answers_about_known_and_unknown_numbers_have_one_form(endpoint: Endpoint, purpose: Purpose) -> None:
    """Over all free attempts, the wait and its end: status, headers, length, content, statements and rows written."""
    known = submission_of()
    endpoint.submit(known)
    statements: list[str] = []
    engine = endpoint.app.state.handler._cases._store._engine
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))

    def rows() -> list[int]:
        with closing(sqlite3.connect(endpoint.database)) as connection:
            tables = ("cases", "items", "signals", "attempts", "counted_requests")
            return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608

    seen = []
    for submission in (known, submission_of()):
        before = rows()
        answers: list[tuple[int, object, int, object]] = []
        statements.clear()
        for attempt in range(FREE_ATTEMPTS + 3):
            body = request_for(submission, key=new_key())
            request = seal_for(endpoint.profile, body, purpose=purpose)
            for _ in range(2):  # the second is a repeat
                response = call(endpoint.app, PATHS[purpose], request.wire)
                opened = json.loads(request.open(response.body))
                answers.append((response.status, response.headers, len(response.body), opened))
            if attempt == FREE_ATTEMPTS + 1:
                endpoint.clock.turn(minutes=1)
        grown = [after - earlier for after, earlier in zip(rows(), before, strict=True)]
        seen.append((answers, list(statements), grown))
    assert seen[0] == seen[1]
    assert {status for status, *_ in seen[0][0]} == {404, 429}
