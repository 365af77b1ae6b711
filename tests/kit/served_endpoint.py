"""Serve an endpoint that crash tests can kill and start again, and look into its store."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hashclient.endpoint.keys import Peppers, load_keys, make_keys

PROGRAM = [sys.executable, "-m", "hashclient"]
_SECONDS = 60
"""Time in which a process that was told to end has ended."""


def environment(folder: Path, *, crash_at: str | None = None) -> dict[str, str]:
    """Give an environment without the owner's settings; with a name, that of a test build that dies there."""
    armed = {"HASHCLIENT_TEST_BUILD": "1", "HASHCLIENT_CRASH_AT": crash_at} if crash_at else {}
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"} | armed


def free_port() -> int:
    """Give a port below those that the system hands out by itself, so that it is still free after a kill."""
    for port in random.sample(range(20_000, 32_000), 1000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError


@dataclass(frozen=True)
class StoredCase:
    """One case as the store holds it, and whether its rows agree."""

    verifier: bytes
    status: str
    values: frozenset[str]
    is_whole: bool


class ServedEndpoint:
    """`hashclient endpoint serve` over one SQLite file at one port, to be killed and started again."""

    def __init__(self, folder: Path, *, origin: str | None = None) -> None:
        """Make the key file; with an origin, the address of a relay in front."""
        self.folder = folder
        self.database = folder / "cases.sqlite"
        self.port = free_port()
        self.origin = origin or f"http://127.0.0.1:{self.port}"
        keys = folder / "endpoint.keys"
        self.peppers: Peppers = make_keys(keys).peppers if not keys.exists() else load_keys(keys).peppers
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self.kill()

    def launch(self, *, crash_at: str | None = None) -> None:
        """Start it, without waiting until it takes requests."""
        files = ["--database", str(self.database), "--keys", str(self.folder / "endpoint.keys")]
        self._process = subprocess.Popen(
            [*PROGRAM, "endpoint", "serve", *files, "--port", str(self.port), "--origin", self.origin],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(self.folder, crash_at=crash_at),
        )

    def wait(self) -> None:
        """Wait until it takes requests."""
        assert self._process
        assert self._process.stdout
        if not self._process.stdout.closed:
            assert self._process.stdout.readline().startswith("listening on ")
            self._process.stdout.close()

    def start(self, *, crash_at: str | None = None) -> None:
        """Start it and wait until it takes requests."""
        self.launch(crash_at=crash_at)
        self.wait()

    def exit_code(self) -> int:
        """Wait for its end and give the exit code, negative for a signal."""
        assert self._process
        if self._process.stdout:
            self._process.stdout.close()
        return self._process.wait(_SECONDS)

    def kill(self) -> None:
        """End it as `kill -9` does."""
        assert self._process
        self._process.kill()
        self.exit_code()

    def stop(self) -> None:
        """End it once requests under way are answered."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        self.exit_code()

    def stored(self) -> dict[bytes, StoredCase]:
        """Read all cases by their blinded number while it is served; the file's integrity is checked first."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            connection.execute("BEGIN")
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            items: dict[bytes, int] = dict(connection.execute("SELECT case_id, count(*) FROM items GROUP BY case_id"))
            held: dict[bytes, list[str]] = {}
            for case_id, value in connection.execute(
                "SELECT case_id, hex(value) FROM items JOIN signals ON item_id = items.id"
            ):
                held.setdefault(case_id, []).append(value.lower())
            rows = connection.execute("SELECT id, number_key, verifier, status, items, signals FROM cases").fetchall()
        stored = {}
        for case_id, number_key, verifier, status, item_count, signal_count in rows:
            found = items.pop(case_id, 0), len(values := held.pop(case_id, []))
            wanted = (0, 0) if status == "Withdrawn" else (item_count, signal_count)
            stored[number_key] = StoredCase(verifier, status, frozenset(values), found == wanted)
        assert not items, "items without a case"
        return stored

    def bytes_kept(self) -> bytes:
        """Give every byte of the database and its log."""
        return b"".join(file.read_bytes() for file in self.folder.glob("cases.sqlite*"))
