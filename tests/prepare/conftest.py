"""A worker that is honest and decodes nothing, for tests of how workers are used."""

import sys

import pytest

from hashclient.prepare import conversation

HONEST = """
import hashlib, json, os, struct, sys
def say(*values):
    sys.stdout.write("".join(json.dumps(value) + chr(10) for value in values))
    sys.stdout.flush()
say({"ready": 1, "guards": sys.argv[1:-1]})
while lengths := sys.stdin.buffer.read(12):
    head, content = (sys.stdin.buffer.read(n) for n in struct.unpack(">IQ", lengths))
    position = json.loads(head)["position"]
    content = content.removeprefix(b"GIF89a")
    if content == b"broken":
        say({"position": position, "skipped": "BrokenMediaError"})
        continue
    if content == b"die":
        os._exit(1)
    value = "%032x" % os.getpid() + hashlib.md5(content).hexdigest()
    head = {"position": position, "content": "image", "rows": 1, "damaged": False}
    say(head, ["pdq", value, 90, "original"])
"""
"""Its hash is its own process number, 32 characters, and the MD5 of the file after its first six bytes, which say that it is a picture."""


@pytest.fixture
def honest_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start these workers, which give up nothing, in place of the real ones."""
    monkeypatch.setattr(conversation, "COMMAND", (sys.executable, "-I", "-B", "-c", HONEST))
