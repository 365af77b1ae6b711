"""A worker that is honest and decodes nothing, for tests of how workers are used."""

import sys

import pytest

from hashclient.prepare import process

HONEST = """
import hashlib, json, os, struct, sys
def say(value):
    sys.stdout.write(json.dumps(value) + chr(10))
    sys.stdout.flush()
say({"ready": 1, "guards": sys.argv[1:]})
while head := sys.stdin.buffer.read(12):
    options, content = (sys.stdin.buffer.read(n) for n in struct.unpack(">IQ", head))
    position = json.loads(options)["position"]
    content = content.removeprefix(b"GIF89a")
    if content == b"broken":
        say({"position": position, "skipped": "BrokenMediaError"})
        continue
    if content == b"die":
        os._exit(1)
    value = "%032x" % os.getpid() + hashlib.md5(content).hexdigest()
    say({"position": position, "content": "image", "signals": [["pdq", value, 90, "original"]], "more": False})
"""
"""Its hash is its own process number, 32 characters, and the MD5 of the file after its first six bytes, which say that it is a picture."""


@pytest.fixture
def honest_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start these workers, which give up nothing, in place of the real ones."""
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-I", "-B", "-c", HONEST))
