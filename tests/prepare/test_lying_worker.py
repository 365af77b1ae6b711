"""A worker that was taken over, or is broken, seen from its parent."""

import json
import math
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from hashclient.errors import StoppedMediaError, WorkerError
from hashclient.model import SignalType
from hashclient.prepare import conversation
from hashclient.prepare.conversation import Worker, WorkerLimits
from hashclient.prepare.options import HashOptions
from hashclient.prepare.protocol import Job

pytestmark = pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")

LIMITS = WorkerLimits(file_seconds=1)
HEAD = {"position": 0, "content": "image", "rows": 1, "damaged": False}
ROW = ["pdq", "0f" * 32, 90, "original"]

START = """
import json, os, signal, struct, sys, time
out = sys.stdout.buffer
def say(*lines):
    out.write(b"".join(lines))
    out.flush()
def take():
    options, content = struct.unpack(">IQ", sys.stdin.buffer.read(12))
    sys.stdin.buffer.read(options + content)
def sleep():
    while True:
        time.sleep(60)
say(b'{"ready":1,"guards":[]}\\n')
"""


def line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


def head(**changes: object) -> str:
    """Write the code that gives a good answer with some fields of its head changed; "absent" leaves one out."""
    fields = {key: value for key, value in (HEAD | changes).items() if value != "absent"}
    return f"take(); say({line(fields)!r}, {line(ROW)!r}); sleep()"


def row(*rows: object, **changes: object) -> str:
    """Write the code that gives other rows."""
    return f"take(); say({line(HEAD | changes)!r}, *{[line(one) for one in rows]!r}); sleep()"


def raw(text: bytes) -> str:
    return f"take(); say({text!r}); sleep()"


ONE = line(HEAD)
LIES = {
    "a line of 5 KiB": raw(b"[" + b" " * 5 * 1024 + b"]\n"),
    "a good answer with 5 KiB of blanks": raw(ONE[:-2] + b" " * 5 * 1024 + b"}\n" + line(ROW)),
    "a good row with 5 KiB of blanks": raw(ONE + line(ROW)[:-2] + b" " * 5 * 1024 + b"]\n"),
    "a child that leaves the group and keeps the pipes": "take()\nif os.fork(): os._exit(0)\nos.setpgid(0, 0); time.sleep(20)",
    "a child in a session of its own": "take()\nif os.fork(): os._exit(0)\nos.setsid(); time.sleep(20)",
    "endless output without a line": "take()\nwhile True: say(b'x' * 65536)",
    "endless heads": f"take()\nwhile True: say({ONE!r})",
    "endless rows": f"take(); say({line(HEAD | {'rows': 10**9})!r})\nwhile True: say({line(ROW)!r})",
    "endless output before the job": "while True: say(b'[]\\n')",
    "three rows": row(*[["pdq", f"{n:064x}", 90, "original"] for n in range(3)], rows=3),
    "257 rows": row(*[["phash", f"{n:016x}", None, "original"] for n in range(257)], rows=257),
    "fewer rows than said": row(ROW, rows=2),
    "no rows": row(rows=0),
    "rows below zero": head(rows=-1),
    "rows as a truth": head(rows=True),
    "rows as a text": head(rows="1"),
    "a row as an object": row({"pdq": "0f" * 32}),
    "a row as a text": row("pdq"),
    "bad hex": row(["pdq", "zz" * 32, 90, "original"]),
    "upper-case hex": row(["pdq", "0F" * 32, 90, "original"]),
    "short hex": row(["pdq", "0f" * 16, 90, "original"]),
    "hex with a line break": row(["pdq", "0f" * 32 + "\n", 90, "original"]),
    "quality 101": row(["pdq", "0f" * 32, 101, "original"]),
    "quality -1": row(["pdq", "0f" * 32, -1, "original"]),
    "quality true": row(["pdq", "0f" * 32, True, "original"]),
    "no quality": row(["pdq", "0f" * 32, None, "original"]),
    "quality 90.0": row(["pdq", "0f" * 32, 90.0, "original"]),
    "a variant with words": row(["pdq", "0f" * 32, 90, "holiday.jpg"]),
    "a variant not asked for": row(["pdq", "0f" * 32, 90, "mirror"]),
    "a type not asked for": row(["md5", "0f" * 16, None, None]),
    "an unknown type": row(["face", "0f" * 32, 90, "original"]),
    "a signal with five parts": row([*ROW, "name"]),
    "a signal twice": row(ROW, ROW, rows=2),
    "an extra key": head(name="holiday.jpg"),
    "a missing key": head(rows="absent"),
    "another content": head(content="face"),
    "damaged as a number": head(damaged=0),
    "the wrong position": head(position=1),
    "position false": head(position=False),
    "position 0.0": head(position=0.0),
    "a reason and signals": head(skipped="BrokenMediaError"),
    "an unknown reason": raw(b'{"position":0,"skipped":"Open https://example.invalid"}\n'),
    "a reason of another file": raw(b'{"position":7,"skipped":"BrokenMediaError"}\n'),
    "not JSON": raw(b"hello\n"),
    "not an object": raw(b"[0]\n"),
    "NaN": raw(b'{"position":NaN}\n'),
    "a key twice": raw(b'{"position":0,"position":0,"skipped":"BrokenMediaError"}\n'),
    "not UTF-8": raw(b'{"position":0,"skipped":"\xff"}\n'),
    "deep nesting": raw(b"[" * 120 + b"]" * 120 + b"\n"),
    "deeper nesting": raw(b"[" * 2000 + b"]" * 2000 + b"\n"),
    "a long number": raw(b'{"position":' + b"9" * 4000 + b"}\n"),
    "an empty line": raw(b"\n"),
    "half a line, then the end": f"take(); say({ONE[:30]!r})",
    "half a line, then silence": f"take(); say({ONE[:30]!r}); sleep()",
    "half an answer, then silence": f"take(); say({ONE!r}); sleep()",
    "silence": "take(); sleep()",
    "silence, and it ignores being asked to end": "signal.signal(signal.SIGTERM, signal.SIG_IGN); take(); sleep()",
    "it stops itself": "take(); os.kill(os.getpid(), signal.SIGSTOP); sleep()",
    "a byte at a time": "take()\nfor n in range(200): say(b' '); time.sleep(0.05)",
    "the end": "take()",
    "the end before the job": "sys.exit()",
    "a crash": "take(); os.kill(os.getpid(), signal.SIGSEGV)",
    "it never reads": "sleep()",
    "it reads a byte at a time": "while sys.stdin.buffer.raw.read(1): time.sleep(0.05)",
    "its output closed": "take(); os.close(1); sleep()",
    "its input closed": "os.close(0); sleep()",
    "a child that lives on": "take()\nif os.fork(): os._exit(0)\nsleep()",
    "a child that ignores being asked to end": "take()\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "if os.fork(): os._exit(0)\nsleep()",
    "many children": "take()\nfor n in range(5): os.fork()\nsleep()",
}


@contextmanager
def worker_saying(code: str, monkeypatch: pytest.MonkeyPatch, limits: WorkerLimits | None = None) -> Iterator[Worker]:
    monkeypatch.setattr(conversation, "COMMAND", (sys.executable, "-I", "-B", "-c", code))
    worker = Worker(limits=limits)
    try:
        yield worker
    finally:
        worker.end()


def is_alive(process: psutil.Process, group: int) -> bool:
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False


def is_gone(group: int) -> bool:
    """Tell whether no process of a group lives, giving the system a moment to end it."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not any(is_alive(process, group) for process in psutil.process_iter()):
            return True
        time.sleep(0.02)
    return False


def test_there_are_lies_enough() -> None:
    """The list of behaviours does not shrink."""
    assert len(LIES) >= 60


@pytest.mark.parametrize("code", LIES.values(), ids=LIES.keys())
def test_lies_are_a_skip_and_the_worker_is_gone(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a worker does, the file is skipped at the deadline at the latest, and no process is left."""
    with worker_saying(START + code, monkeypatch, LIMITS) as worker:
        worker.greet()
        types = (SignalType.PDQ, SignalType.PHASH) if "phash" in code else (SignalType.PDQ,)
        hashed = worker.hash(Job(0, HashOptions(types)), bytes(300_000))
        assert type(hashed.failure) is StoppedMediaError
        assert hashed.signals == ()
        assert is_gone(worker.pid)
        assert worker.is_exhausted


@pytest.mark.parametrize(
    "code",
    [
        "",
        "import time; time.sleep(60)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        "import sys; sys.exit(3)",
        "print('hello')",
        "print('{\"ready\":1}')",
        'print(\'{"ready":2,"guards":[]}\')',
        'print(\'{"ready":1,"guards":["everything"]}\')',
        'print(\'{"ready":1,"guards":[[]]}\')',
        'print(\'{"ready":1,"guards":[],"name":1}\')',
        "print('[1]')",
        "print('x' * 10**6)",
        "import os\nif os.fork(): os._exit(0)\nimport time; time.sleep(60)",
    ],
)
def test_a_worker_that_is_not_ready_is_ended(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that does not greet as a worker does is an error with a sentence, and gone."""
    with worker_saying(code, monkeypatch, WorkerLimits(start_seconds=1)) as worker:
        with pytest.raises(WorkerError):
            worker.greet()
        assert is_gone(worker.pid)


def test_a_program_that_is_not_there_is_an_error_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started the person reads our sentence."""
    monkeypatch.setattr(conversation, "COMMAND", ("/nowhere/python",))
    with pytest.raises(WorkerError):
        Worker()


def test_an_honest_worker_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness can see: the good answer, from the same kind of process, is accepted."""
    with worker_saying(START + head(), monkeypatch) as worker:
        worker.greet()
        hashed = worker.hash(Job(0), b"picture")
        assert hashed.failure is None
        assert [signal.quality for signal in hashed.signals] == [90]
        assert not worker.is_exhausted
        assert not worker.has_ended
    assert worker.has_ended


def test_a_deadline_is_for_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that rests longer than a file may take is not late, and the next file has its whole time again."""
    answers = f"take(); say({line(HEAD)!r}, {line(ROW)!r})\n" * 2
    with worker_saying(START + answers + "sleep()", monkeypatch, WorkerLimits(file_seconds=5)) as worker:
        worker.greet()
        assert worker.hash(Job(0), b"picture").failure is None
        assert worker._deadline == math.inf
        assert worker.hash(Job(0), b"picture").failure is None


def test_a_worker_can_be_ended_twice_and_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for its answer learns of it at once."""
    code = START + "signal.signal(signal.SIGTERM, signal.SIG_IGN); take(); say(b' '); sleep()"
    failures: list[object] = []
    with worker_saying(code, monkeypatch, WorkerLimits(file_seconds=3600)) as worker:
        worker.greet()
        asking = threading.Thread(target=lambda: failures.append(worker.hash(Job(0), b"picture").failure))
        asking.start()
        worker.end()
        worker.end()
        asking.join()
        assert [type(failure) for failure in failures] == [StoppedMediaError]
        assert is_gone(worker.pid)


def test_a_worker_gets_an_environment_of_ours_and_no_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person's environment reaches it, nor a file that the parent has open."""
    code = START + (
        "import re\nnames = set(os.environ) - {'LC_CTYPE'}\n"
        "kept = {int(n) for n in os.listdir('/proc/self/fd')} - {0, 1, 2}\n"
        "kept = {n for n in kept if os.path.exists(f'/proc/self/fd/{n}')}\n"
        "bad = [n for n in names if not re.fullmatch('[A-Z]+_NUM_THREADS|MALLOC_[A-Z_]+_', n)] or kept or os.getcwd() != '/'\n"
        f"take(); say(b'bad\\n' if bad else {line(HEAD)!r}, {line(ROW)!r}); sleep()"
    )
    secret = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        with worker_saying(code, monkeypatch) as worker:
            worker.greet()
            assert worker.hash(Job(0), b"").failure is None
    finally:
        os.close(secret)
