"""A worker that was taken over, or is broken, seen from its parent."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from hashclient.errors import StoppedMediaError, WorkerError
from hashclient.model import SignalType
from hashclient.prepare.job import Job
from hashclient.prepare.process import Worker, WorkerLimits

posix = pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")
pytestmark = posix

LIMITS = WorkerLimits(start_seconds=30, file_seconds=1, end_seconds=0.3)
GOOD = {"position": 0, "content": "image", "signals": [["pdq", "0f" * 32, 90, "original"]], "more": False}
ROW = GOOD["signals"][0]  # type: ignore[index]

START = """
import json, os, signal, struct, sys, time
out = sys.stdout.buffer
def say(line):
    out.write(line)
    out.flush()
def take():
    options, content = struct.unpack(">IQ", sys.stdin.buffer.read(12))
    sys.stdin.buffer.read(options + content)
def sleep():
    while True:
        time.sleep(60)
say(b'{"ready":1,"guards":[]}\\n')
"""


def line(**changes: object) -> str:
    """Write the code that gives a good answer with some fields changed; None leaves one out."""
    fields = {key: value for key, value in (GOOD | changes).items() if value != "absent"}
    return f"take(); say({json.dumps(fields).encode() + chr(10).encode()!r}); sleep()"


def raw(text: bytes) -> str:
    return f"take(); say({text!r}); sleep()"


ONE = json.dumps(GOOD).encode()
LIES = {
    "a line of 5 KiB": raw(b"[" + b" " * 5 * 1024 + b"]\n"),
    "a good answer with 5 KiB of blanks": raw(ONE[:-1] + b" " * 5 * 1024 + b"}\n"),
    "endless output without a line": "take()\nwhile True: say(b'x' * 65536)",
    "endless lines": f"take()\nwhile True: say({json.dumps(GOOD | {'more': True})!r}.encode() + bytes([10]))",
    "endless output before the job": "while True: say(b'[]\\n')",
    "17 lines": 'take()\nfor n in range(17): say((\'{"position":0,"content":"image","signals":[["pdq","%064x",90,'
    '"original"]],"more":true}\\n\' % n).encode())\nsleep()',
    "257 signals": "take()\nfor n in range(16): say(json.dumps({'position': 0, 'content': 'image', 'more': n < 15, "
    "'signals': [['phash', '%016x' % (17 * n + m), None, 'original'] for m in range(17)]}).encode() + b'\\n')\nsleep()",
    "bad hex": line(signals=[["pdq", "zz" * 32, 90, "original"]]),
    "upper-case hex": line(signals=[["pdq", "0F" * 32, 90, "original"]]),
    "short hex": line(signals=[["pdq", "0f" * 16, 90, "original"]]),
    "hex with a line break": line(signals=[["pdq", "0f" * 32 + "\n", 90, "original"]]),
    "quality 101": line(signals=[["pdq", "0f" * 32, 101, "original"]]),
    "quality -1": line(signals=[["pdq", "0f" * 32, -1, "original"]]),
    "quality true": line(signals=[["pdq", "0f" * 32, True, "original"]]),
    "no quality": line(signals=[["pdq", "0f" * 32, None, "original"]]),
    "quality 90.0": line(signals=[["pdq", "0f" * 32, 90.0, "original"]]),
    "a variant with words": line(signals=[["pdq", "0f" * 32, 90, "holiday.jpg"]]),
    "a type not asked for": line(signals=[["md5", "0f" * 16, None, None]]),
    "an unknown type": line(signals=[["face", "0f" * 32, 90, "original"]]),
    "a signal with five parts": line(signals=[[*ROW, "name"]]),
    "a signal twice": line(signals=[ROW, ROW]),
    "no signals": line(signals=[]),
    "signals as a text": line(signals="pdq"),
    "an extra key": line(name="holiday.jpg"),
    "a missing key": line(more="absent"),
    "another content": line(content="face"),
    "more as a number": line(more=0),
    "the wrong position": line(position=1),
    "position true": line(position=False),
    "position 0.0": line(position=0.0),
    "a reason and signals": line(skipped="BrokenMediaError"),
    "an unknown reason": raw(b'{"position":0,"skipped":"Open https://example.invalid"}\n'),
    "a reason of another file": raw(b'{"position":7,"skipped":"BrokenMediaError"}\n'),
    "not JSON": raw(b"hello\n"),
    "not an object": raw(b"[0]\n"),
    "NaN": raw(b'{"position":NaN}\n'),
    "a key twice": raw(b'{"position":0,"position":0,"skipped":"BrokenMediaError"}\n'),
    "not UTF-8": raw(b'{"position":0,"skipped":"\xff"}\n'),
    "deep nesting": raw(b"[" * 2000 + b"]" * 2000 + b"\n"),
    "a long number": raw(b'{"position":' + b"9" * 4000 + b"}\n"),
    "an empty line": raw(b"\n"),
    "half a line, then the end": f"take(); say({ONE[:30]!r})",
    "half a line, then silence": f"take(); say({ONE[:30]!r}); sleep()",
    "silence": "take(); sleep()",
    "silence, and it ignores being asked to end": "signal.signal(signal.SIGTERM, signal.SIG_IGN); take(); sleep()",
    "a byte at a time": f"take()\nfor n in range(200): say(b' '); time.sleep(0.05)",  # noqa: F541  # code, not words
    "the end": "take()",
    "the end before the job": "sys.exit()",
    "a crash": "take(); os.kill(os.getpid(), signal.SIGSEGV)",
    "it never reads": "sleep()",
    "its output closed": "take(); os.close(1); sleep()",
    "its input closed": "os.close(0); sleep()",
    "a child that lives on": "take()\nif os.fork(): os._exit(0)\nsleep()",
    "a child that ignores being asked to end": "take()\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "if os.fork(): os._exit(0)\nsleep()",
    "many children": "take()\nfor n in range(5): os.fork()\nsleep()",
}


@contextmanager
def worker_saying(code: str, limits: WorkerLimits = LIMITS) -> Iterator[Worker]:
    worker = Worker((sys.executable, "-I", "-B", "-c", code), limits=limits)
    try:
        yield worker
    finally:
        worker.end(at_once=True)


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
    assert len(LIES) >= 50


@pytest.mark.parametrize("code", LIES.values(), ids=LIES.keys())
def test_lies_are_a_skip_and_the_worker_is_gone(code: str) -> None:
    """Whatever a worker does, the file is skipped within the limit and no process is left."""
    with worker_saying(START + code) as worker:
        worker.greet()
        before = time.monotonic()
        types = (SignalType.PDQ, SignalType.PHASH) if "phash" in code else (SignalType.PDQ,)
        hashed = worker.hash(Job(0, types), bytes(300_000))
        assert time.monotonic() - before < LIMITS.file_seconds + LIMITS.end_seconds + 3
        assert type(hashed.failure) is StoppedMediaError
        assert hashed.signals == ()
        assert is_gone(worker._process.pid)
        assert worker.is_worn


@pytest.mark.parametrize(
    "code",
    [
        "",
        "import time; time.sleep(60)",
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
def test_a_worker_that_is_not_ready_is_ended(code: str) -> None:
    """A process that does not greet as a worker does is an error with a sentence, and gone."""
    with worker_saying(code, WorkerLimits(start_seconds=1, end_seconds=0.3)) as worker:
        with pytest.raises(WorkerError):
            worker.greet()
        assert is_gone(worker._process.pid)


def test_a_program_that_is_not_there_is_an_error_with_a_sentence() -> None:
    """Where no process can be started the person reads our sentence."""
    with pytest.raises(WorkerError):
        Worker(("/nowhere/python",), limits=LIMITS)


def test_an_honest_worker_is_believed() -> None:
    """The harness can see: the good answer, from the same kind of process, is taken."""
    with worker_saying(START + line()) as worker:
        worker.greet()
        hashed = worker.hash(Job(0), b"picture")
        assert hashed.failure is None
        assert [signal.quality for signal in hashed.signals] == [90]
        assert not worker.is_worn
        assert not worker.has_ended
    assert worker.has_ended


def test_a_worker_can_be_ended_twice_and_while_it_works() -> None:
    """Ending does no harm twice, and does not wait for politeness where it must be at once."""
    code = START + "signal.signal(signal.SIGTERM, signal.SIG_IGN); say(b' '); sleep()"
    with worker_saying(code, WorkerLimits(end_seconds=3600)) as worker:
        worker.greet()
        worker.end(at_once=True)
        worker.end()
        assert is_gone(worker._process.pid)


def test_a_worker_gets_an_environment_of_ours_and_no_descriptor() -> None:
    """Nothing of the person's environment reaches it, nor a file that the parent has open."""
    code = START + (
        "import re\nnames = set(os.environ) - {'LC_CTYPE'}\n"
        "kept = {int(n) for n in os.listdir('/proc/self/fd')} - {0, 1, 2}\n"
        "kept = {n for n in kept if os.path.exists(f'/proc/self/fd/{n}')}\n"
        "bad = [n for n in names if not re.fullmatch('[A-Z]+_NUM_THREADS|MALLOC_[A-Z]+_THRESHOLD_', n)] or kept or os.getcwd() != '/'\n"
        "take(); say(b'bad\\n' if bad else " + repr(ONE + b"\n") + "); sleep()"
    )
    secret = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        with worker_saying(code) as worker:
            worker.greet()
            assert worker.hash(Job(0), b"").failure is None
    finally:
        os.close(secret)
