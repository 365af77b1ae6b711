"""A small page that keeps the contract of the built one (`hashclient.page`), and raw requests to whatever serves a page."""

import contextlib
import socket
from pathlib import Path

from hashclient import page

STAND_IN = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'wasm-unsafe-eval'; style-src 'none'; connect-src https: http://127.0.0.1:*; frame-src 'none'; form-action 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types page">
<meta name="referrer" content="no-referrer">
<title>Notes</title>
<iframe sandbox="allow-scripts" srcdoc='<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;">'></iframe>
<script type="application/json" id="service">null</script>
<p>connect-src is a word here, and null, too.</p>
"""
PAGES = {"stand-in": STAND_IN} | ({"built": page.PAGE_FILE.read_bytes()} if page.PAGE_FILE.exists() else {})
"""The stand-in and, where it was built, the page itself."""
WITH_STAND_IN = "from pathlib import Path; from hashclient import page; page.PAGE_FILE = Path({!r})"
"""Run in a process of the program before all else, it has the stand-in for the built page."""


def written(folder: Path, document: bytes = STAND_IN) -> Path:
    """Write a page where the program can take it for the built one."""
    (folder / "stand-in.html").write_bytes(document)
    return folder / "stand-in.html"


def exchange(port: int, request: bytes, *, host: str = "127.0.0.1") -> bytes:
    """Send raw bytes, and read what comes until the other side closes."""
    with socket.create_connection((host, port), timeout=30) as connection:
        with contextlib.suppress(OSError):  # it has answered, and reads no more
            connection.sendall(request)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                received += piece
        return received


def read_raw(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Take an answer apart: status, headers by lower-case name, body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    named = [line.partition(": ") for line in lines]
    headers = {name.lower(): value for name, _, value in named}
    assert len(headers) == len(named), "a header stands twice"
    return int(first.split(" ")[1]), headers, body


def directives(policy: str) -> dict[str, str]:
    """Take a policy apart: what each directive allows."""
    parts = [part.strip().partition(" ") for part in policy.split(";")]
    allowed = {name: value for name, _, value in parts}
    assert len(allowed) == len(parts), "a directive stands twice"
    return allowed
